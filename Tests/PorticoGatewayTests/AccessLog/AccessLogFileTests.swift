import FoundationEssentials
import Glibc
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Access logs in files.
@Suite("Files of access logs")
struct AccessLogFileTests {
    private final class Notes: Sendable {
        let all = Mutex<[String]>([])
        var count: Int { all.withLock { $0.count } }
        func text(_ index: Int) -> String { all.withLock { index < $0.count ? $0[index] : "" } }
    }

    private func sink(_ path: String, _ rotation: AccessLogSink.Rotation? = nil) -> AccessLogSink {
        AccessLogSink(.file(path: path), rotation: rotation)
    }

    private func write(_ sink: inout AccessLogSink, _ text: String) -> Int {
        sink.write(Array(text.utf8), lines: text.utf8.count { $0 == 0x0A }) { true }
    }

    private func hand(_ file: AccessLogFile, _ line: String) {
        Array((line + "\n").utf8).withUnsafeBytes { file.write($0, count: 1) }
    }

    private func wait(_ what: String, _ condition: () throws -> Bool) throws {
        try Deadline(after: .seconds(30)).wait(for: what, until: condition)
    }

    @Test("lines are there in their order, after the lines that were there before")
    func order() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a.log", "old\n")
        let file = AccessLogFile(.file(path: folder.path + "/a.log")) { _ in }
        for index in 0..<1000 { hand(file, "line \(index)") }
        await file.close()
        #expect(folder.read("a.log") == "old\n" + (0..<1000).map { "line \($0)\n" }.joined())
        #expect(file.figures == AccessLogFile.Figures(written: 1000))
        hand(file, "late")
        #expect(file.figures.lostInQueue == 1)
        await file.close()
    }

    @Test("a line that is handed over right before the end is there when the end has come")
    func end() async throws {
        let folder = try TemporaryFolder()
        for index in 0..<100 {
            let file = AccessLogFile(.file(path: folder.path + "/a.log")) { _ in }
            hand(file, "line \(index)")
            await file.close()
            #expect(file.figures == AccessLogFile.Figures(written: 1))
        }
        #expect(folder.read("a.log") == (0..<100).map { "line \($0)\n" }.joined())
    }

    @Test("threads that write at once do not mix their lines")
    func threads() async throws {
        let folder = try TemporaryFolder()
        let file = AccessLogFile(.file(path: folder.path + "/a.log")) { _ in }
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for index in 0..<500 { hand(file, "\(thread) \(index)") }
                }
            }
        }
        await file.close()
        let lines = folder.read("a.log").split(separator: "\n")
        #expect(lines.count == 2000 && Set(lines).count == 2000)
        for thread in 0..<4 {
            #expect(lines.filter { $0.hasPrefix("\(thread) ") } == (0..<500).map { "\(thread) \($0)" })
        }
    }

    @Test("a file that is full is set aside, and only so many are kept")
    func rotation() throws {
        let folder = try TemporaryFolder()
        var sink = sink(folder.path + "/a", AccessLogSink.Rotation(bytes: 12, files: 2))
        #expect(write(&sink, "one\ntwo\nsix\nten\n") == 4)
        #expect(folder.read("a.1") == "one\ntwo\nsix\n" && folder.read("a") == "ten\n")
        #expect(write(&sink, "eleven\n") == 1)
        #expect(folder.read("a") == "ten\neleven\n")
        // Longer than a file.
        #expect(write(&sink, "0123456789abcdef\nx\n") == 2)
        #expect(folder.read("a") == "x\n" && folder.read("a.1") == "0123456789abcdef\n")
        #expect(folder.read("a.2") == "ten\neleven\n" && folder.read("a.3").isEmpty)
        sink.close()
        // Bytes that were there before count.
        #expect(write(&sink, "0123456789\n") == 1)
        #expect(folder.read("a") == "0123456789\n" && folder.read("a.1") == "x\n")
    }

    @Test("a file that cannot be set aside grows, which is said once")
    func noRotation() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/a.1", withIntermediateDirectories: false)
        try folder.write("a.1/x", "")
        var sink = sink(folder.path + "/a", AccessLogSink.Rotation(bytes: 4, files: 1))
        #expect(write(&sink, "one\ntwo\nsix\n") == 3)
        #expect(folder.read("a") == "one\ntwo\nsix\n")
        #expect(sink.takeNotes().count == 1)
        #expect(write(&sink, "ten\n") == 1)
        #expect(sink.takeNotes().isEmpty)
    }

    @Test("a file that was moved or removed is opened anew")
    func moved() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        var sink = sink(path)
        #expect(write(&sink, "1\n") == 1)
        #expect(rename(path, path + ".old") == 0)
        #expect(write(&sink, "2\n") == 1)
        #expect(folder.read("a.old") == "1\n" && folder.read("a") == "2\n")
        #expect(unlink(path) == 0)
        #expect(write(&sink, "3\n") == 1)
        #expect(folder.read("a") == "3\n")
        try folder.replace("a", "other\n")
        #expect(write(&sink, "4\n") == 1)
        #expect(folder.read("a") == "other\n4\n")
    }

    @Test("a call opens the file anew")
    func reopen() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        let file = AccessLogFile(.file(path: path)) { _ in }
        hand(file, "1")
        try wait("the first line") { folder.read("a") == "1\n" }
        #expect(rename(path, path + ".old") == 0)
        file.reopen()
        hand(file, "2")
        await file.close()
        #expect(folder.read("a.old") == "1\n" && folder.read("a") == "2\n")
    }

    @Test("a full disk loses lines, says it once, and the file is written again when there is room")
    func full() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a"
        #expect(symlink("/dev/full", path) == 0)
        let notes = Notes()
        let file = AccessLogFile(.file(path: path)) { text in notes.all.withLock { $0.append(text) } }
        for index in 1...3 {
            hand(file, "lost \(index)")
            try wait("the loss") { file.figures.lostOnWrite == index }
        }
        #expect(notes.count == 1)
        #expect(notes.text(0).contains("No space left on device") && notes.text(0).contains(path))
        #expect(unlink(path) == 0)
        hand(file, "there")
        try wait("the line") { file.figures.written == 1 }
        #expect(folder.read("a") == "there\n")
        await file.close()
        #expect(notes.count == 2)
        #expect(notes.text(1).contains("again; 3 lines were lost"))
    }

    /// A file system of 64 KB at `place`; `false` where that is not allowed.
    private static func mount(_ place: String) -> Bool {
        mkdir(place, 0o700) == 0
            && (try? ChildProcess("/bin/mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]).wait()) == 0
    }

    private static func unmount(_ place: String) { _ = try? ChildProcess("/bin/umount", [place]).wait() }

    private static let canMount: Bool = {
        guard let folder = try? TemporaryFolder(), mount(folder.path + "/disk") else { return false }
        unmount(folder.path + "/disk")
        return true
    }()

    @Test(
        "of a batch that does not fit the whole lines stay and no half ones",
        .enabled(if: AccessLogFileTests.canMount, "a file system of a known size needs the right to mount it"))
    func partial() throws {
        let folder = try TemporaryFolder()
        let place = folder.path + "/disk"
        #expect(Self.mount(place))
        defer { Self.unmount(place) }
        var sink = sink(place + "/a")
        let lines = (0..<2000).map { "line \($0) \(String(repeating: "x", count: 90))\n" }
        let written = write(&sink, lines.joined())
        #expect(written > 100 && written < 2000)
        #expect(folder.read("disk/a") == lines[..<written].joined())
        #expect(sink.takeNotes().count == 1)
        try FileManager.default.removeItem(atPath: place + "/a")
        #expect(write(&sink, "there\n") == 1)
        #expect(folder.read("disk/a") == "there\n")
        #expect(sink.takeNotes() == ["access logs are written to \(place)/a again; \(2000 - written) lines were lost"])
        sink.close()
    }

    @Test("a folder that is not there loses lines until it is")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        var sink = sink(folder.path + "/b/a")
        #expect(write(&sink, "1\n") == 0)
        #expect(sink.takeNotes().first?.contains("No such file or directory") == true)
        #expect(write(&sink, "2\n3\n") == 0)
        #expect(sink.takeNotes().isEmpty)
        #expect(mkdir(folder.path + "/b", 0o700) == 0)
        #expect(write(&sink, "4\n") == 1)
        #expect(folder.read("b/a") == "4\n")
        #expect(sink.takeNotes().first?.contains("3 lines were lost") == true)
    }

    @Test("a reader that does not read holds up neither requests nor the end, and what does not fit is counted")
    func slowReader() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        #expect(reader >= 0)
        defer { close(reader) }
        let notes = Notes()
        var limits = AccessLogFile.Limits()
        limits.queueBytes = 1 << 20
        let file = AccessLogFile(.file(path: path), limits: limits) { text in notes.all.withLock { $0.append(text) } }
        let line = String(repeating: "x", count: 999)
        let start = monotonicMilliseconds()
        for _ in 0..<5000 { hand(file, line) }
        #expect(monotonicMilliseconds() - start < 5000)
        #expect(file.figures.lostInQueue >= 2000)
        await file.close()
        #expect(monotonicMilliseconds() - start < 20_000)
        let figures = file.figures
        #expect(figures.written + figures.lostInQueue + figures.lostOnWrite == 5000)
        #expect(figures.written <= 70)
        #expect(notes.all.withLock { $0.contains { $0.contains("came faster") } })
    }

    @Test("a pipe without reader loses lines, and is written when there is one; half a line is no part of the next")
    func pipe() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        var sink = sink(path)
        #expect(write(&sink, "lost\n") == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        #expect(write(&sink, "there\n") == 1)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        #expect(read(reader, &buffer, buffer.count) == 6)
        // More than a pipe holds.
        let long = String(repeating: "y", count: 100_000) + "\n"
        #expect(write(&sink, "a\n" + long) == 1)
        let first = read(reader, &buffer, buffer.count)
        #expect(first > 2 && buffer[first - 1] == UInt8(ascii: "y"))
        #expect(write(&sink, "b\n") == 1)
        let second = read(reader, &buffer, buffer.count)
        #expect(String(decoding: buffer[..<max(second, 0)], as: UTF8.self) == "\nb\n")
        sink.close()
    }
}
