import FoundationEssentials
import Glibc
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

@Suite("Saving the code of functions")
struct CodeWatcherTests {
    private final class Changes: Sendable {
        private let names = Mutex<[String]>([])
        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0.sorted() } }
    }

    private func watcher(_ folder: TemporaryFolder, _ changes: Changes) -> CodeWatcher {
        CodeWatcher(
            configuration: FunctionHostConfiguration(
                baseDirectory: folder.path, stateDirectory: folder.path + "/a/.state", supervisor: []),
            onChange: { changes.add($0) })
    }

    private func function(_ name: String, _ code: String) -> FunctionSpecification {
        FunctionSpecification(
            name: name, process: FunctionProcess(runtime: "python3.11", handler: "a.b", codeURI: code))
    }

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["a", "b", "a/sub", "a/__pycache__", "a/.git", "a/.state", "a/node_modules"] {
            mkdir("\(folder.path)/\(name)", 0o755)
        }
        for name in ["a/app.py", "a/sub/x.py", "b/app.py"] { try folder.write(name, "1") }
        return folder
    }

    @Test(
        "A save is told once, to each function of the directory and to no other",
        arguments: ["write", "replace", "add", "remove", "below"])
    func saves(_ kind: String) async throws {
        let folder = try folder()
        let changes = Changes()
        let watcher = watcher(folder, changes)
        watcher.watch([function("one", "a"), function("two", "./a"), function("three", "b")])
        switch kind {
        case "write": try folder.write("a/app.py", "two")
        case "replace": try folder.replace("a/app.py", "2")
        case "add": try folder.write("a/new.py", "2")
        case "remove": unlink(folder.path + "/a/app.py")
        default: try folder.write("a/sub/x.py", "two")
        }
        try await eventually("the change") { changes.all.count >= 2 }
        #expect(changes.all == ["one", "two"])
        // A second change is the proof that the first was told only once.
        try folder.write("b/app.py", "two")
        try await eventually("the other change") { changes.all.contains("three") }
        #expect(changes.all == ["one", "three", "two"])
        watcher.stop()
    }

    @Test("What is no code is not looked at")
    func skipped() async throws {
        let folder = try folder()
        let changes = Changes()
        let watcher = watcher(folder, changes)
        watcher.watch([function("one", "a"), function("three", "b")])
        for name in ["a/__pycache__/app.pyc", "a/.git/index", "a/.state/x", "a/app.pyc", "a/app.py~"] {
            try folder.write(name, "x")
        }
        for count in 1...2 {
            try folder.write("b/app.py", String(repeating: "x", count: count + 1))
            try await eventually("the change") { changes.all.count == count }
        }
        #expect(Set(changes.all) == ["three"])
        watcher.stop()
    }

    @Test("A directory that is made anew is told when it is there again")
    func remade() async throws {
        let folder = try folder()
        let changes = Changes()
        let watcher = watcher(folder, changes)
        watcher.watch([function("three", "b")])
        unlink(folder.path + "/b/app.py")
        rmdir(folder.path + "/b")
        mkdir(folder.path + "/b", 0o755)
        try folder.write("b/app.py", "1")
        try await eventually("the change") { changes.all == ["three"] }
        watcher.stop()
    }

    @Test("Another list of functions takes the place of the first")
    func relisted() async throws {
        let folder = try folder()
        let changes = Changes()
        let watcher = watcher(folder, changes)
        watcher.watch([function("one", "a")])
        watcher.watch([function("three", "b/app.py")])
        try folder.write("a/app.py", "two")
        try folder.write("b/app.py", "two")
        try await eventually("the change") { !changes.all.isEmpty }
        #expect(changes.all == ["three"])
        watcher.stop()
    }

    @Test("A look stops at its limit, and says so")
    func limit() throws {
        let folder = try TemporaryFolder()
        for number in 0...CodeFingerprint.limit {
            close(open("\(folder.path)/\(number).py", O_WRONLY | O_CREAT, 0o600))
        }
        let look = CodeFingerprint(path: folder.path, stateDirectory: "/nowhere")
        #expect(look.isPartial)
        #expect(look.files == CodeFingerprint.limit)
        #expect(look == CodeFingerprint(path: folder.path, stateDirectory: "/nowhere"))
        #expect(CodeFingerprint(path: "/nowhere", stateDirectory: "").files == 0)
    }

    @Test("What programs write while they run is no code")
    func written() throws {
        let folder = try folder()
        let before = CodeFingerprint(path: folder.path, stateDirectory: "")
        for name in ["a/portico.log", "a/log", "a/x.db", "a/x.db-wal", "a/x.pyc", "a/x.py~"] {
            try folder.write(name, "1")
        }
        #expect(CodeFingerprint(path: folder.path, stateDirectory: "") == before)
        try folder.write("a/data.json", "1")
        #expect(CodeFingerprint(path: folder.path, stateDirectory: "") != before)
    }

    @Test("Packages count by name, not by their contents")
    func packages() throws {
        let folder = try folder()
        mkdir(folder.path + "/a/node_modules/dep", 0o755)
        try folder.write("a/node_modules/dep/i.js", "1")
        let before = CodeFingerprint(path: folder.path, stateDirectory: "")
        try folder.write("a/node_modules/dep/i.js", "22")
        #expect(CodeFingerprint(path: folder.path, stateDirectory: "") == before)
        mkdir(folder.path + "/a/node_modules/other", 0o755)
        #expect(CodeFingerprint(path: folder.path, stateDirectory: "") != before)
    }
}
