import FoundationEssentials
import PorticoTestSupport
import Testing

@testable import PorticoCodegen

@Suite("Folder of a client")
struct SDKFolderTests {
    private let temporary: TemporaryFolder
    private let folder: SDKFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = SDKFolder(path: temporary.path + "/client")
    }

    private static func file(_ path: String, _ text: String) -> GeneratedFile { GeneratedFile(path: path, text: text) }
    private let first: [GeneratedFile] = [file("a.txt", "one\n"), file("deep/er/b.txt", "two\n")]

    /// Writes a file as a user would, with its folders.
    private func put(_ path: String, _ text: String) throws {
        let url = URL(filePath: "\(temporary.path)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(temporary.path)/\(path)") }

    private func read(_ path: String) -> String { temporary.read("client/" + path) }

    @Test("files are written with their folders, and a second time nothing changes")
    func writes() throws {
        let outcome = try folder.write(first, isForced: false)
        #expect(outcome.written == ["a.txt", "deep/er/b.txt"] && outcome.foreign.isEmpty)
        #expect(read("a.txt") == "one\n" && read("deep/er/b.txt") == "two\n")
        let manifest = read(SDKFolder.manifestName)
        let again = try folder.write(first, isForced: false)
        #expect(again.written.isEmpty && again.unchanged == ["a.txt", "deep/er/b.txt"])
        #expect(read(SDKFolder.manifestName) == manifest)
    }

    @Test("a new client replaces and removes its files, with the folders that get empty, and leaves those of users")
    func replaces() throws {
        _ = try folder.write(first, isForced: false)
        try put("client/mine.txt", "mine\n")
        let outcome = try folder.write([Self.file("a.txt", "three\n")], isForced: false)
        #expect(outcome.written == ["a.txt"] && outcome.removed == ["deep/er/b.txt"])
        #expect(read("a.txt") == "three\n" && read("mine.txt") == "mine\n")
        #expect(!exists("client/deep"))
    }

    @Test("a folder that a user's file stands in stays")
    func keepsFolders() throws {
        _ = try folder.write(first, isForced: false)
        try put("client/deep/mine.txt", "mine\n")
        _ = try folder.write([Self.file("a.txt", "one\n")], isForced: false)
        #expect(read("deep/mine.txt") == "mine\n" && !exists("client/deep/er"))
    }

    @Test("nothing is written when a user's file is in the way")
    func foreign() throws {
        try put("client/deep/er/b.txt", "mine\n")
        let outcome = try folder.write(first, isForced: false)
        #expect(outcome.foreign == ["deep/er/b.txt"] && outcome.written.isEmpty)
        #expect(read("deep/er/b.txt") == "mine\n" && !exists("client/a.txt"))
        let forced = try folder.write(first, isForced: true)
        #expect(forced.foreign.isEmpty && read("deep/er/b.txt") == "two\n")
    }

    @Test("a file of ours that somebody changed is in the way, and stays when it is not needed any more")
    func changed() throws {
        _ = try folder.write(first, isForced: false)
        try put("client/a.txt", "changed\n")
        #expect(try folder.write([Self.file("a.txt", "new\n")], isForced: false).foreign == ["a.txt"])
        let outcome = try folder.write([Self.file("deep/er/b.txt", "two\n")], isForced: false)
        #expect(outcome.kept == ["a.txt"] && read("a.txt") == "changed\n")
    }

    @Test("a file that happens to have the right bytes is taken over")
    func sameBytes() throws {
        try put("client/a.txt", "one\n")
        #expect(try folder.write(first, isForced: false).foreign.isEmpty)
        #expect(try folder.write([Self.file("a.txt", "new\n")], isForced: false).written == ["a.txt"])
    }

    @Test("after a run that was cut short, old and new files are still known")
    func cutShort() throws {
        _ = try folder.write(first, isForced: false)
        let old = read(SDKFolder.manifestName)
        _ = try folder.write([Self.file("a.txt", "new\n"), Self.file("deep/er/b.txt", "two\n")], isForced: false)
        // As if it had stopped after the list and before the file.
        let both = old.replacingHash(of: "a.txt", by: read(SDKFolder.manifestName))
        try put("client/" + SDKFolder.manifestName, both)
        try put("client/a.txt", "one\n")
        #expect(try folder.write([Self.file("a.txt", "newer\n")], isForced: false).written == ["a.txt"])
    }

    @Test(
        "a list that cannot be read stops everything",
        arguments: ["", "{", "[]", #"{"format": 2, "files": {}}"#, #"{"format": 1}"#])
    func damaged(manifest: String) throws {
        try put("client/" + SDKFolder.manifestName, manifest)
        #expect(throws: SDKFolder.Failure.self) { try folder.write(first, isForced: true) }
        #expect(!exists("client/a.txt"))
    }

    @Test("a list cannot make it touch what stands elsewhere", arguments: ["../outside.txt", "/etc/hostname-of-test"])
    func outside(path: String) throws {
        try put("outside.txt", "mine\n")
        let hash = String(StableHash.of("mine\n".utf8), radix: 16)
        try put(
            "client/" + SDKFolder.manifestName, #"{"format": 1, "files": {"\#(path)": ["\#(hash)"]}}"#)
        _ = try folder.write(first, isForced: false)
        #expect(temporary.read("outside.txt") == "mine\n")
    }

    @Test("a file where the folder should be is told")
    func fileInPlaceOfFolder() throws {
        try put("client", "a file\n")
        #expect(throws: SDKFolder.Failure.self) { try folder.write(first, isForced: true) }
        #expect(temporary.read("client") == "a file\n")
    }
}

extension String {
    /// The manifest with both its own hash of a file and the one that another manifest has.
    fileprivate func replacingHash(of path: String, by other: String) -> String {
        func hash(_ text: String) -> String {
            guard let start = text.firstIndex(after: "\"\(path)\""), let open = text[start...].firstIndex(after: "\"")
            else { return "" }
            return String(text[open...].prefix { $0 != "\"" })
        }
        let own = hash(self)
        guard let place = firstIndex(after: "\"" + own) else { return self }
        return String(self[..<place]) + "\", \"" + hash(other) + String(self[place...])
    }
}

extension StringProtocol {
    fileprivate func firstIndex(after text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }.flatMap { index($0, offsetBy: text.count, limitedBy: endIndex) }
    }
}
