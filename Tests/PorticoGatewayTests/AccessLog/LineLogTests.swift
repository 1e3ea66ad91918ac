import Glibc
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("LineLog")
struct LineLogTests {
    @Test("writes lines, opens its file anew, sets it aside when it is full, and writes all before it closes")
    func life() async throws {
        let folder = try TemporaryFolder()
        let log = LineLog(path: folder.path + "/metrics.log", bytes: 12, files: 1) { _ in }
        log.write(Array("first\n".utf8))
        try Deadline().wait(for: "a line") { folder.read("metrics.log") == "first\n" }
        #expect(rename(folder.path + "/metrics.log", folder.path + "/moved") == 0)
        log.reopen()
        log.write(Array("a\nb\n".utf8))
        try Deadline().wait(for: "lines in the new file") { folder.read("metrics.log") == "a\nb\n" }
        log.write(Array("0123456789\n".utf8))
        await log.close()
        #expect(folder.read("metrics.log") == "0123456789\n")
        #expect(folder.read("metrics.log.1") == "a\nb\n")
        #expect(folder.read("moved") == "first\n")
    }
}
