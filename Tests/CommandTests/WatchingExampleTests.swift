import PorticoSyntax
import PorticoTestSupport
import Testing

/// The example of docs/watching.md, served by the built command and looked at as the document says.
@Suite("Example of watching", .serialized)
struct WatchingExampleTests {
    private let folder: TemporaryFolder
    private let backend: FakeUpstream

    init() throws {
        folder = try TemporaryFolder()
        backend = try FakeUpstream(.respond(status: 200, headers: [], body: "hello"))
    }

    private func serve(_ spec: String, _ flags: [String]) throws -> ServingPortico {
        try ServingPortico(
            arguments: ["serve", spec, "--no-watch", "--state", folder.path + "/state"] + flags, in: folder.path)
    }

    private func lines(_ count: Int) throws -> [JSONValue] {
        func read() -> [Substring] {
            ["watching.log", "watching-Canary.log"].flatMap { folder.read("state/logs/\($0)").split(separator: "\n") }
        }
        try Deadline().wait(for: "\(count) lines, of \(read())") { read().count >= count }
        return read().compactMap { JSONValue(parsing: String($0)) }
    }

    @Test("access logs, canary, metrics, alarms and the dashboard are there")
    func example() throws {
        let server = try serve(
            "\(GoldenFile.packageRoot)/specs/watching.yaml",
            ["--var", "backend=\(backend.authority)", "--metrics-log", folder.path + "/metrics.log"])
        defer { server.process.signal(15) }
        let paths = ["/health", "/nothing", "/limited", "/limited", "/limited", "/time", "/files/a.txt"]
        var statuses: [Int] = []
        for _ in 0..<10 { for path in paths { statuses.append(try server.get("/dev" + path).status) } }
        let entries = try lines(statuses.count)
        #expect(entries.count == statuses.count)
        func count(_ status: Int) -> Int { statuses.filter { $0 == status }.count }
        for status in [200, 403, 429] {
            let found = entries.filter { $0["status"] == .number("\(status)") }.count
            #expect(found == count(status) && found > 0)
        }
        #expect(entries.allSatisfy { $0["path"] != nil && $0["trace"] != nil })

        // Stop the backend, as the document says.
        backend.stop()
        _ = try server.get("/dev/files/a")
        try server.waitUntilSaid("alarm 'server-errors' is ALARM: Threshold Crossed")

        let metrics = try HTTP.request("GET", "/metrics", port: server.adminPort)
        try check(metrics.body, requests: statuses.count + 1)
        let page = try HTTP.request("GET", "/dashboard", port: server.adminPort)
        #expect(page.status == 200 && page.text.contains("<html"))
        server.process.signal(15)
        #expect(try server.process.wait() == 0)
    }

    /// The official reader of Prometheus' format takes the metrics, and finds all requests.
    private func check(_ metrics: [UInt8], requests: Int) throws {
        let file = try folder.write("metrics.txt", String(decoding: metrics, as: UTF8.self))
        let script = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families as read
            families = list(read(open(sys.argv[1]).read()))
            print(int(sum(s.value for f in families for s in f.samples if s.name == "portico_api_requests_total")))
            print(int(sum(s.value for f in families for s in f.samples if s.name == "portico_api_latency_seconds_count")))
            """
        let process = try ChildProcess(try PythonEnvironment.python(), ["-c", script, file])
        #expect(try process.wait() == 0, "\(process.errors)")
        #expect(process.output == "\(requests)\n\(requests)\n")
    }

    @Test("lines go to standard output, whole and alone, and metrics to a file that must be writable")
    func standardOutput() throws {
        let spec = try folder.write(
            "api.yaml",
            SampleSpecs.value(1)
                + "x-portico-stages: {dev: {accessLogSettings: {destinationArn: stdout, format: \"$context.requestId $context.status\"}}}\n"
        )
        let server = try serve(spec, [])
        defer { server.process.signal(15) }
        for _ in 0..<3 { _ = try server.get("/dev/value") }
        try Deadline().wait(for: "three lines") { server.process.output.utf8.filter { $0 == 0x0A }.count == 3 }
        #expect(server.process.output.split(separator: "\n").allSatisfy { $0.hasSuffix(" 200") && $0.utf8.count == 40 })
        server.process.signal(15)
        _ = try server.process.wait()

        let outcome = try PorticoProcess.run(
            "serve", spec, "--port", "0", "--admin-port", "0", "--metrics-log", folder.path + "/none/metrics")
        #expect(outcome.status == 4 && outcome.errors.contains("cannot write"), "\(outcome.errors)")
    }
}
