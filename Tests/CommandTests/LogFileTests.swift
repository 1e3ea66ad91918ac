import Glibc
import PorticoTestSupport
import Testing

@Suite("Log files of a serving process")
struct LogFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func serve(_ arguments: String...) throws -> ServingPortico {
        let stages = """
            x-portico-stages:
              dev:
                accessLogSettings:
                  destinationArn: arn:aws:logs:eu-central-1:000000000000:log-group:orders/api
                  format: $context.status $context.requestId
            """
        let spec = try folder.write("api.yaml", SampleSpecs.value(1) + stages + "\n")
        return try ServingPortico(
            arguments: ["serve", spec, "--no-watch", "--state", folder.path + "/state"] + arguments)
    }

    private func log(_ suffix: String = "") -> String { folder.read("state/logs/orders-api.log" + suffix) }

    /// Lines of the file, all of which must be whole and of requests that went well.
    private func lines(_ suffix: String = "") -> Int {
        let lines = log(suffix).split(separator: "\n")
        for line in lines { #expect(line.hasPrefix("200 ") && line.utf8.count == 40, "\(line)") }
        return lines.count
    }

    @Test("a log group is a file of the state folder, which is opened anew after it was moved and SIGHUP")
    func logGroup() throws {
        let server = try serve()
        #expect(try server.get("/dev/value").status == 200)
        try Deadline().wait(for: "a line") { lines() == 1 }
        let path = folder.path + "/state/logs/orders-api.log"
        #expect(rename(path, path + ".old") == 0)
        server.process.signal(SIGHUP)
        try server.waitUntilSaid("(SIGHUP)")
        #expect(try server.get("/dev/value").status == 200)
        try Deadline().wait(for: "a line in the new file") { lines() == 1 }
        #expect(lines(".old") == 1)
    }

    @Test("--access-log-bytes and --access-log-files bound what is kept")
    func rotation() throws {
        let server = try serve("--access-log-bytes", "1024", "--access-log-files", "2")
        let connection = try RawConnection(port: server.port)
        for _ in 0..<500 {
            try connection.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.readResponse().status == 200)
        }
        // 20,500 bytes in files of at most 1,024, of which three are kept.
        try Deadline().wait(for: "the second file that was set aside") {
            !log(".2").isEmpty && log().utf8.count + log(".1").utf8.count + log(".2").utf8.count > 2_048
        }
        for suffix in ["", ".1", ".2"] { #expect(log(suffix).utf8.count <= 1024) }
        #expect(log(".3").isEmpty)
    }

    @Test("both processes of an upgrade write their lines, and none is lost")
    func upgrade() throws {
        let server = try serve()
        let load = LoadClients(port: server.port, path: "/dev/value", short: 2, kept: 2)
        try server.upgrade()
        let before = load.figures.answers
        try Deadline().wait(for: "requests after the upgrade") { load.figures.answers > before + 50 }
        let figures = try load.stop()
        #expect(figures.failures.isEmpty)
        try Deadline(after: .seconds(20)).wait(for: "\(figures.answers) lines") { lines() >= figures.answers }
        #expect(lines() == figures.answers)
    }

    @Test(
        "settings out of their range are refused",
        arguments: [
            ["--access-log-bytes", "1023"], ["--access-log-files", "0"], ["--upgrade-seconds", "0"],
            ["--upgrade-seconds", "3601"],
        ])
    func ranges(arguments: [String]) throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let outcome = try PorticoProcess.run(["serve", spec] + arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(arguments[0]) is '\(arguments[1])'; expected"), "\(outcome.errors)")
        let name = "PORTICO" + arguments[0].dropFirst().uppercased().replacingText("-", with: "_")
        let other = try PorticoProcess.run(["serve", spec], environment: [name: arguments[1]])
        #expect(other.status == 2)
        #expect(other.errors.contains("environment variable \(name) is '\(arguments[1])'"), "\(other.errors)")
    }
}
