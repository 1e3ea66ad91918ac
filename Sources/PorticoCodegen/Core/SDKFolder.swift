internal import FoundationEssentials
internal import PorticoSyntax

/// A folder that clients are written to.
///
/// It remembers what was written, in `.portico-sdk.json`, so that a later run knows its own files: those are replaced,
/// users' files beside them stay, and nothing is overwritten that Portico did not write or that was changed since.
struct SDKFolder {
    /// Name of the file that remembers.
    static let manifestName = ".portico-sdk.json"

    /// What writing did.
    struct Outcome {
        /// Paths of files that were written because they were absent or different.
        var written: [String] = []
        /// Paths of files that had these bytes already.
        var unchanged: [String] = []
        /// Paths of files of an earlier client that were removed.
        var removed: [String] = []
        /// Paths of files of an earlier client that stay because somebody changed them.
        var kept: [String] = []
        /// Paths of files that are in the way; then nothing was written.
        var foreign: [String] = []
    }

    /// The system refused; the text names the file and the reason.
    struct Failure: Error {
        var message: String
    }

    /// Path of the folder.
    let path: String

    /// Writes the files.
    /// - Parameter isForced: whether files that are in the way are overwritten.
    func write(_ files: [GeneratedFile], isForced: Bool) throws(Failure) -> Outcome {
        var isDirectory = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory {
            throw Failure(message: "cannot write to '\(path)': it is a file, not a folder")
        }
        let known = try manifest()
        var outcome = Outcome()
        var pending: [GeneratedFile] = []
        for file in files {
            guard let current = try content(file.path) else {
                pending.append(file)
                continue
            }
            if current == Array(file.text.utf8) {
                outcome.unchanged.append(file.path)
                continue
            }
            let isOurs = known[file.path]?.contains(Self.hash(current)) ?? false
            if !isOurs, !isForced { outcome.foreign.append(file.path) }
            pending.append(file)
        }
        guard outcome.foreign.isEmpty else { return outcome }

        var hashes = Dictionary(
            files.map { ($0.path, [Self.hash(Array($0.text.utf8))]) }, uniquingKeysWith: { first, _ in first })
        // If this run is cut short, the next one still knows both the old and the new files as ours.
        let both = hashes.merging(known) { $0 + $1.filter { !$0.isEmpty } }
        if both != known || !pending.isEmpty { try save(both) }
        for file in pending {
            try save(Array(file.text.utf8), as: file.path)
            outcome.written.append(file.path)
        }
        for (path, old) in known.sorted(by: { $0.key < $1.key }) where hashes[path] == nil {
            guard let current = try content(path) else { continue }
            if old.contains(Self.hash(current)) {
                try remove(path)
                outcome.removed.append(path)
            } else {
                outcome.kept.append(path)
            }
        }
        for path in hashes.keys { hashes[path] = hashes[path].map { Array($0.prefix(1)) } }
        try save(hashes)
        return outcome
    }

    // MARK: The file that remembers

    /// Hashes by path; several for one path after a run that was cut short.
    private func manifest() throws(Failure) -> [String: [String]] {
        guard let bytes = try content(Self.manifestName) else { return [:] }
        var sources = SourceSet()
        let (node, diagnostics) = DocumentReader.read(path: "manifest.json", bytes: bytes, into: &sources)
        guard !diagnostics.hasErrors, let files = node?["files"]?.mapping, node?["format"]?.scalar?.text.string == "1"
        else {
            throw Failure(
                message: "'\(path)/\(Self.manifestName)' cannot be read, so it is not known which files are generated; "
                    + "remove it and the generated files, and run this again")
        }
        var result: [String: [String]] = [:]
        for member in files.members where Self.isInside(member.key) {
            result[member.key] = (member.value.sequence ?? []).compactMap { $0.scalar?.text.string }
        }
        return result
    }

    private func save(_ hashes: [String: [String]]) throws(Failure) {
        let files = hashes.sorted { $0.key < $1.key }.map {
            JSONMember($0.key, .array($0.value.map { .string($0) }))
        }
        let document = JSONValue.object([
            JSONMember(
                "comment", .string("Files that Portico wrote; it replaces or removes them unless they were changed.")),
            JSONMember("format", .number("1")), JSONMember("files", .object(files)),
        ])
        try save(Array((JSONWriter.pretty(document) + "\n").utf8), as: Self.manifestName)
    }

    private static func hash(_ bytes: [UInt8]) -> String { String(StableHash.of(bytes), radix: 16) }

    /// A damaged list must not lead out of the folder.
    private static func isInside(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
    }

    // MARK: Files

    private func content(_ name: String) throws(Failure) -> [UInt8]? {
        let file = "\(path)/\(name)"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do { return Array(try Data(contentsOf: URL(filePath: file))) } catch {
            throw Failure(message: "cannot read '\(file)'")
        }
    }

    private func save(_ bytes: [UInt8], as name: String) throws(Failure) {
        let file = URL(filePath: "\(path)/\(name)")
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            // Beside it and renamed, so that nobody sees half of it.
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            throw Failure(message: "cannot write '\(path)/\(name)'")
        }
    }

    private func remove(_ name: String) throws(Failure) {
        do { try FileManager.default.removeItem(atPath: "\(path)/\(name)") } catch {
            throw Failure(message: "cannot remove '\(path)/\(name)'")
        }
        // Folders that it leaves empty go too; one that is not empty cannot be removed, and that is right.
        var parts = name.split(separator: "/").dropLast()
        while !parts.isEmpty {
            let folder = "\(path)/\(parts.joined(separator: "/"))"
            guard (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty == true,
                (try? FileManager.default.removeItem(atPath: folder)) != nil
            else { return }
            parts.removeLast()
        }
    }
}
