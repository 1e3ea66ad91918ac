import Glibc
import PorticoTestSupport
import Testing

/// Files that may be gone.
private enum FileText {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

@Suite("Upgrades of a serving process")
struct UpgradeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A path that leads to the command until it is replaced.
    private func link() throws -> String {
        let path = folder.path + "/portico"
        guard symlink(PorticoProcess.executable, path) == 0 else { throw TestSupportError("symlink") }
        return path
    }

    /// Puts a script at the path, as a new version.
    private func replaceProgram(_ script: String) throws {
        try folder.replace("portico", "#!/bin/bash\n" + script + "\n")
        chmod(folder.path + "/portico", 0o755)
    }

    @Test("no request fails through three upgrades, on connections of their own, on kept ones, and of probes")
    func underLoad() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let server = try ServingPortico("serve", spec, "--no-watch")
        let load = LoadClients(port: server.port, path: "/dev/value", short: 3, kept: 3)
        let probes = LoadClients(port: server.adminPort, path: "/readyz", short: 1, kept: 1)
        for round in 1...3 {
            let before = load.figures.answers
            try folder.write("api.yaml", SampleSpecs.value(round + 1))
            try server.upgrade()
            #expect(try server.get("/dev/value").text == "{\"value\": \(round + 1)}")
            try Deadline().wait(for: "requests after the upgrade") { load.figures.answers > before + 100 }
        }
        let figures = try load.stop()
        #expect(figures.failures.isEmpty, "\(figures.failures.prefix(5)); it said: \(server.process.errors)")
        #expect(figures.closes >= 3, "kept connections are told to end")
        let probed = try probes.stop()
        #expect(probed.failures.isEmpty && probed.answers > 10, "\(probed)")
        #expect(try server.process.wait(Deadline(after: .seconds(10))) == 0)
    }

    @Test("a connection that was idle is answered once more by the old process, which ends with it")
    func idleConnection() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)), "--no-watch")
        let idle = try RawConnection(port: server.port)
        try idle.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.readResponse()["connection"] == nil)
        try folder.write("api.yaml", SampleSpecs.value(2))
        try server.upgrade()
        #expect(try server.get("/dev/value").text == #"{"value": 2}"#)
        #expect(server.process.isRunning)
        try idle.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
        let last = try idle.readResponse()
        #expect(last.text == #"{"value": 1}"#)
        #expect(last["connection"] == "close")
        #expect(try server.process.wait(Deadline(after: .seconds(20))) == 0)
    }

    @Test("SIGTERM ends the old process soon although a connection is idle, and not the new one")
    func stopsRetired() throws {
        let server = try ServingPortico("serve", try folder.write("api.yaml", SampleSpecs.value(1)))
        let idle = try RawConnection(port: server.port)
        try idle.send("GET /dev/value HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.readResponse().status == 200)
        try server.upgrade()
        server.process.signal(SIGTERM)
        #expect(try server.process.wait(Deadline(after: .seconds(6))) == 0)
        #expect(try server.get("/dev/value").status == 200)
    }

    @Test(
        "a new process that fails leaves the old one serving, and no request is lost",
        arguments: [
            ("exit 3", "ended with status 3 before it served"),
            ("exec sleep 1000", "did not serve within 1 s"),
            // It says that it could serve, and is gone when it should.
            (#"fd=${PORTICO_LISTENERS##*ready:}; printf r >&$fd; sleep 0.2; exit 4"#, "ended with status 4"),
            // It says something else than it should.
            (#"fd=${PORTICO_LISTENERS##*ready:}; printf s >&$fd; exit 5"#, "ended with status 5"),
        ])
    func fails(script: String, said: String) throws {
        let server = try ServingPortico(
            program: try link(),
            ["serve", try folder.write("api.yaml", SampleSpecs.value(1)), "--no-watch"] + ServingPortico.freePorts,
            environment: ["PORTICO_UPGRADE_SECONDS": "1"])
        let load = LoadClients(port: server.port, path: "/dev/value", short: 2, kept: 2)
        try replaceProgram(script)
        server.process.signal(SIGUSR2)
        try server.waitUntilSaid("the upgrade failed: ")
        #expect(server.process.errors.contains(said), "\(server.process.errors)")
        let before = load.figures.answers
        try Deadline().wait(for: "requests after the failure") { load.figures.answers > before + 50 }
        #expect(try HTTP.request("GET", "/readyz", port: server.adminPort).status == 200)
        let figures = try load.stop()
        #expect(figures.failures.isEmpty, "\(figures.failures.prefix(5))")
        #expect(server.process.isRunning)
    }

    @Test("SIGTERM ends an upgrade that is under way, and the process that was to take over")
    func stopsDuringUpgrade() throws {
        let server = try ServingPortico(
            program: try link(),
            ["serve", try folder.write("api.yaml", SampleSpecs.value(1))] + ServingPortico.freePorts)
        try replaceProgram("echo $$ > \(folder.path)/id; exec sleep 1000")
        server.process.signal(SIGUSR2)
        try Deadline().wait(for: "the new process") { folder.read("id").hasSuffix("\n") }
        let id = try #require(Int32(folder.read("id").dropLast()))
        server.process.signal(SIGTERM)
        #expect(try server.process.wait(Deadline(after: .seconds(5))) == 0)
        // Whoever is its parent then may take a while to notice its end.
        try Deadline(after: .seconds(10)).wait(for: "its end") {
            guard let status = FileText.read("/proc/\(id)/stat") else { return true }
            return status.contains(") Z ")
        }
    }

    @Test("sockets and workers need not match", arguments: [(1, 3), (2, 5), (5, 2), (4, 2)])
    func otherWorkers(before: Int, after: Int) throws {
        let server = try ServingPortico(
            program: try link(),
            ["serve", try folder.write("api.yaml", SampleSpecs.value(1)), "--no-watch"] + ServingPortico.freePorts,
            environment: ["PORTICO_WORKERS": "\(before)"])
        let load = LoadClients(port: server.port, path: "/dev/value", short: 3, kept: 3)
        try replaceProgram("PORTICO_WORKERS=\(after) exec \(PorticoProcess.executable) \"$@\"")
        try server.upgrade()
        let reached = load.figures.answers
        try Deadline().wait(for: "requests after the upgrade") { load.figures.answers > reached + 200 }
        let metrics = try HTTP.request("GET", "/metrics", port: server.adminPort).text
        #expect(metrics.contains("portico_workers \(after)\n"))
        let figures = try load.stop()
        #expect(figures.failures.isEmpty, "\(figures.failures.prefix(5))")
    }

    @Test("/readyz is 503 while it drains and /livez is not, and both end their connections")
    func probesWhileDraining() throws {
        let upstream = try FakeUpstream(.silence)
        let spec = """
            openapi: 3.0.1
            info: {title: slow, version: "1"}
            paths:
              /slow:
                get:
                  responses: {}
                  x-amazon-apigateway-integration:
                    type: http_proxy
                    httpMethod: GET
                    uri: http://\(upstream.authority)/slow
                    timeoutInMillis: 2000

            """
        let server = try ServingPortico("serve", try folder.write("api.yaml", spec))
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /dev/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        try Deadline().wait(for: "the backend to be asked") { upstream.requests.count == 1 }
        server.process.signal(SIGTERM)
        try server.waitUntilSaid("stopping")
        var probe = try HTTP.request("GET", "/readyz", port: server.adminPort)
        try Deadline(after: .seconds(2)).wait(for: "/readyz to say 503") {
            if probe.status != 503 { probe = try HTTP.request("GET", "/readyz", port: server.adminPort) }
            return probe.status == 503
        }
        #expect(probe["connection"] == "close")
        #expect(try HTTP.request("GET", "/livez", port: server.adminPort).status == 200)
        #expect(try connection.readResponse().status == 504)
        #expect(try server.process.wait() == 0)
    }
}
