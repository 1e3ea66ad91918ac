import PorticoTestSupport
import Testing

@Suite("portico invoke")
struct InvokeCommandTests {
    private let petstore = "\(GoldenFile.packageRoot)/specs/petstore.yaml"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("prints status, headers and body on standard output and nothing else")
    func text() throws {
        let outcome = try PorticoProcess.run("invoke", "GET", "/pets/3", petstore)
        #expect(outcome.status == 0)
        #expect(
            outcome.output.hasPrefix(
                "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nContent-Type: application/json\n"))
        #expect(outcome.output.hasSuffix("\n\n{\"id\": 3, \"type\": \"fish\", \"price\": 0.99}\n"))
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }

    @Test("--trace adds the execution log on standard error")
    func trace() throws {
        let body = try folder.write("body.json", #"{"type": "cat"}"#)
        let outcome = try PorticoProcess.run(
            "invoke", "post", "/dev/pets", petstore, "-H", "Content-Type: application/json", "-d", "@\(body)", "--trace"
        )
        #expect(outcome.output.hasPrefix("HTTP/1.1 400 Bad Request\n"))
        #expect(outcome.errors.hasPrefix("Execution log for request "))
        #expect(outcome.errors.contains(#" : Method request body before transformations: {"type": "cat"}"#))
        #expect(outcome.errors.contains(#"[object has missing required properties (["price"])]"#))
    }

    @Test("--format json answers as TestInvokeMethod does")
    func json() throws {
        let outcome = try PorticoProcess.run("invoke", "GET", "/pets/3", petstore, "--format", "json")
        for member in [
            "\"status\": 200", "\"latency\": ", "\"log\": \"Execution log for request ", "\"multiValueHeaders\": {",
        ] {
            #expect(outcome.output.contains(member), "\(outcome.output)")
        }
    }

    @Test("the spec is api.yaml unless it is named, and a compiled file does too")
    func files() throws {
        try folder.write("api.yaml", SampleSpecs.value(4))
        #expect(try PorticoProcess.run("invoke", "GET", "/value", in: folder.path).output.hasSuffix(#"{"value": 4}"#))
        #expect(try PorticoProcess.run("compile", "api.yaml", in: folder.path).status == 0)
        let outcome = try PorticoProcess.run("invoke", "GET", "/value", "api.portico", in: folder.path)
        #expect(outcome.output.hasSuffix(#"{"value": 4}"#))
    }

    @Test(
        "wrong words end with 2, a missing file with 4",
        arguments: [
            (["invoke", "GET"], 2), (["invoke", "GET", "/a b", "SPEC"], 2),
            (["invoke", "GET", "/", "SPEC", "-H", "no colon"], 2), (["invoke", "GET", "/", "missing.yaml"], 4),
            (["invoke", "GET", "/", "SPEC", "-d", "@missing.json"], 4),
        ] as [([String], Int32)])
    func wrong(arguments: [String], status: Int32) throws {
        let outcome = try PorticoProcess.run(arguments.map { $0 == "SPEC" ? petstore : $0 }, in: folder.path)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(!outcome.errors.isEmpty)
    }
}

@Suite("Execution log of portico serve")
struct ExecutionLogOptionTests {
    @Test("--execution-log writes to standard error, with data when asked")
    func serves() throws {
        let folder = try TemporaryFolder()
        let spec = try folder.write("api.yaml", SampleSpecs.value(4))
        let server = try ServingPortico("serve", spec, "--execution-log", "info", "--data-trace")
        #expect(try server.get("/dev/value").status == 200)
        try server.waitUntilSaid(") Method response body after transformations: {\"value\": 4}")
        try server.waitUntilSaid(") Method completed with status: 200")
        let wrong = try PorticoProcess.run("serve", spec, environment: ["PORTICO_EXECUTION_LOG": "loud"])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("expected off, error or info"))
    }
}
