import Logging
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Lines and their order are those of the reference, "Execution logs" (9.2).
@Suite("Execution log")
struct ExecutionLogTests {
    /// Takes the logs that a gateway writes.
    private final class Log: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        func take(_ more: [UInt8]) { bytes.withLock { $0 += more } }

        /// Lines without the request id, which has to begin each of them; also without what differs from run to run.
        func lines(of answer: RawResponse) throws -> [String] {
            let id = try #require(answer["x-amzn-RequestId"])
            let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
            return text.split(separator: "\n").compactMap { line in
                guard line.hasPrefix("(\(id)) ") else { return nil }
                return String(line.dropFirst(id.count + 3)).replacing(id, with: "ID")
                    .replacing(answer["x-amz-apigw-id"] ?? "?", with: "EXTENDED")
            }
        }
    }

    private static func spec(port: Int, settings: String) -> String {
        """
        openapi: 3.0.1
        info: { title: t, version: "1" }
        x-portico-stages: { dev: { methodSettings: \(settings) } }
        x-amazon-apigateway-request-validators: { all: { validateRequestParameters: true } }
        paths:
          /mock/{id}:
            get:
              parameters: [ { name: q, in: query, required: true, schema: { type: string } } ]
              x-amazon-apigateway-request-validator: all
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses: { default: { statusCode: "200", responseTemplates: { application/json: 'hello' } } }
          /http:
            post:
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: "http://127.0.0.1:\(port)/back"
                requestTemplates: { application/json: '[$input.json("$.a")]' }
                responses: { "2..": { statusCode: "200" } }
          /broken:
            get:
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates:
                  application/json: |
                    ## a comment
                    #set($word = "abc")
                      $word.substring(7)
                responses: { default: { statusCode: "200" } }
          /broken-too:
            get:
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates:
                  application/json: |
                    ## a comment
                    #set($word = "abc")
                      $word.substring(7)
                responses: { default: { statusCode: "200" } }
        """
    }

    /// Runs one request; the log is whole once the gateway has stopped.
    private func log(
        _ settings: String, _ method: String, _ path: String, body: String = "", headers: [(String, String)] = [],
        upstream: FakeUpstream.Behavior = .echo, configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> (answer: RawResponse, lines: [String]) {
        let log = Log()
        let backend = try PorticoTestSupport.FakeUpstream(upstream)
        defer { backend.stop() }
        let gateway = try await TestGateway(Self.spec(port: backend.port, settings: settings)) {
            $0.executionLogOutput = { log.take($0) }
            configure(&$0)
        }
        let answer = try gateway.request(method, path, headers: headers, body: body)
        await gateway.stop()
        return (answer, try log.lines(of: answer))
    }

    private typealias FakeUpstream = PorticoTestSupport.FakeUpstream

    @Test("INFO with data tells every step of a mock, in API Gateway's words and order")
    func mock() async throws {
        let (answer, lines) = try await log(
            #"{ "*/*": { loggingLevel: INFO, dataTraceEnabled: true } }"#, "GET", "/dev/mock/7?q=a%20b&q=c",
            headers: [("X-Api-Key", "0123456789abcdefghij"), ("X-One", "1"), ("Connection", "close")])
        #expect(answer.text == "hello")
        let host = try #require(lines.first { $0.hasPrefix("Method request headers") }?.split(separator: ",").first)
            .dropFirst("Method request headers: {Host=".count)
        let place = try #require(lines.first { $0.hasPrefix("Usage Plan check") }?.split(separator: " ").last)
        #expect(
            lines == [
                "Extended Request Id: EXTENDED",
                "Verifying Usage Plan for request: ID. API Key:  API Stage: \(place)",
                "API Key authorized because method 'GET /mock/{id}' does not require API Key. "
                    + "Request will not contribute to throttle or quota limits",
                "Usage Plan check succeeded for API Key  and API Stage \(place)",
                "Starting execution for request: ID",
                "HTTP Method: GET, Resource Path: /mock/{id}",
                "Method request path: {id=7}",
                "Method request query string: {q=c}",
                "Method request headers: {Host=\(host), X-Api-Key=**************efghij, X-One=1}",
                "Method request body before transformations: ",
                "Method response body after transformations: hello",
                "Method response headers: {Content-Type=application/json}",
                "Successfully completed execution",
                "Method completed with status: 200",
            ])
        #expect(place.hasSuffix("/dev"))
    }

    @Test("INFO without data leaves headers and bodies out")
    func withoutData() async throws {
        let (_, lines) = try await log(#"{ "*/*": { loggingLevel: INFO } }"#, "GET", "/dev/mock/7?q=1")
        #expect(
            lines.suffix(4) == [
                "Starting execution for request: ID", "HTTP Method: GET, Resource Path: /mock/{id}",
                "Successfully completed execution", "Method completed with status: 200",
            ])
        #expect(!lines.contains { $0.contains("hello") })
    }

    @Test("the call of a backend is told: address, what goes, what comes, how long it took")
    func backend() async throws {
        let (answer, lines) = try await log(
            #"{ "*/*": { loggingLevel: INFO, dataTraceEnabled: true } }"#, "POST", "/dev/http", body: #"{"a": "x"}"#,
            headers: [("Content-Type", "application/json")],
            upstream: .respond(status: 201, headers: [("X-Back", "b")], body: "made"))
        let trace = try #require(answer["X-Amzn-Trace-Id"])
        let uri = try #require(lines.first { $0.hasPrefix("Sending request to ") }?.dropFirst(19))
        #expect(uri.hasPrefix("http://127.0.0.1:") && uri.hasSuffix("/back"))
        func line(_ start: String) -> String { lines.first { $0.hasPrefix(start) } ?? "" }
        #expect(line("Method request body") == #"Method request body before transformations: {"a": "x"}"#)
        #expect(line("Endpoint request URI") == "Endpoint request URI: \(uri)")
        #expect(line("Endpoint request headers").contains("X-Amzn-Trace-Id=\(trace)"))
        #expect(line("Endpoint request body") == #"Endpoint request body after transformations: ["x"]"#)
        #expect(line("Received response").hasPrefix("Received response. Status: 201, Integration latency: "))
        #expect(line("Endpoint response headers").contains("X-Back=b"))
        #expect(line("Endpoint response body") == "Endpoint response body before transformations: made")
        #expect(line("Method response body") == "Method response body after transformations: made")
        #expect(lines.last == "X-ray Tracing ID : \(trace.dropFirst(5).prefix { $0 != ";" })")
        let order = [
            "Method request body", "Endpoint request URI", "Sending", "Received", "Endpoint response",
            "Method response",
        ]
        let places = order.compactMap { start in lines.firstIndex { $0.hasPrefix(start) } }
        #expect(places == places.sorted() && places.count == order.count)
    }

    @Test(
        "a template that fails is told with its name, its place in the spec, and the reason; also one that is like another",
        arguments: [("/broken", 33), ("/broken-too", 44)])
    func template(path: String, line: Int) async throws {
        let (answer, lines) = try await log(#"{ "*/*": { loggingLevel: ERROR } }"#, "GET", "/dev\(path)")
        #expect(answer.status == 500)
        #expect(lines.count == 2)
        let first = try #require(lines.first)
        #expect(
            first.hasPrefix(
                "Execution failed due to configuration error: Unable to transform request: "
                    + "GET \(path) requestTemplates application/json, line \(line), column 21: "), "\(first)")
        #expect(first.contains("StringIndexOutOfBoundsException"))
        #expect(lines.last == "Method completed with status: 500")
    }

    @Test("ERROR tells nothing of requests that succeed", arguments: ["ERROR", "OFF"])
    func quiet(level: String) async throws {
        let (answer, lines) = try await log("{ '*/*': { loggingLevel: \(level) } }", "GET", "/dev/mock/7?q=1")
        #expect(answer.status == 200)
        #expect(lines.isEmpty)
    }

    @Test("what the request did wrong comes after the start of its execution")
    func validation() async throws {
        let (answer, lines) = try await log(#"{ "*/*": { loggingLevel: INFO } }"#, "GET", "/dev/mock/7")
        #expect(answer.status == 400)
        #expect(
            lines.suffix(3) == [
                "HTTP Method: GET, Resource Path: /mock/{id}", "Missing required request parameters: [q]",
                "Method completed with status: 400",
            ])
    }

    @Test(
        "the setting of the method wins over that of the stage",
        arguments: [
            (#"{ "*/*": { loggingLevel: INFO }, "mock/{id}/GET": { loggingLevel: "OFF" } }"#, false),
            (#"{ "*/*": { loggingLevel: "OFF" }, "~1mock~1{id}/GET": { loggingLevel: INFO } }"#, true),
            (#"{ "/mock/{id}/GET": { dataTraceEnabled: true }, "*/*": { loggingLevel: INFO } }"#, true),
            (#"{ "/http/POST": { loggingLevel: INFO } }"#, false),
        ])
    func special(settings: String, isLogged: Bool) async throws {
        let (_, lines) = try await log(settings, "GET", "/dev/mock/7?q=1")
        #expect(lines.isEmpty != isLogged, "\(lines)")
    }

    @Test("the server's own level wins over the stage's settings")
    func override() async throws {
        let (_, lines) = try await log(#"{ "*/*": { loggingLevel: "OFF" } }"#, "GET", "/dev/mock/7?q=1") {
            $0.loggingLevel = .info
            $0.tracesData = true
        }
        #expect(lines.contains("Method request path: {id=7}"))
    }

    @Test("an event ends after 1,024 bytes")
    func truncated() async throws {
        let (_, lines) = try await log(
            #"{ "*/*": { loggingLevel: INFO, dataTraceEnabled: true } }"#, "POST", "/dev/http",
            body: "[\"" + String(repeating: "x", count: 3000) + "\"]", headers: [("Content-Type", "application/json")])
        let line = try #require(lines.first { $0.hasPrefix("Method request body") })
        #expect(line.utf8.count == ExecutionLog.longestEvent + "[TRUNCATED]".utf8.count)
        #expect(line.hasSuffix("x[TRUNCATED]"))
    }

    @Test("settings survive the file form of a snapshot")
    func coding() throws {
        let snapshot = try TestGateway.compile(
            Self.spec(port: 1, settings: #"{ "http/POST": { loggingLevel: INFO, dataTraceEnabled: true } }"#))
        let again = try DeploymentSnapshot.decode(snapshot.encoded())
        #expect(again.stages == snapshot.stages)
        #expect(again.stages[0].settings.map(\.logging.level) == [.off, .info, .off, .off])
        #expect(again.dump().contains("method 1 logs INFO with data"))
    }

    @Test("logs that are not read are left out whole, and counted")
    func slowReader() async {
        let written = Mutex<[UInt8]>([])
        let isOpen = Mutex(false)
        let writer = ExecutionLogWriter(limit: 100) { bytes in
            while !isOpen.withLock({ $0 }) {}
            written.withLock { $0 += bytes }
        }
        writer.write(Array("first\n".utf8))
        for _ in 0..<20 { writer.write(Array("0123456789 123456789\n".utf8)) }
        isOpen.withLock { $0 = true }
        await writer.close()
        let text = written.withLock { String(decoding: $0, as: UTF8.self) }
        let lines = text.split(separator: "\n")
        let kept = lines.filter { $0 == "0123456789 123456789" }.count
        #expect(lines.first == "first")
        #expect(kept >= 3 && kept < 20)
        #expect(text.contains("\(20 - kept) requests were not logged"), "\(text)")
    }
}

@Suite("Calls without a server")
struct TestInvocationTests {
    private func invoke(_ spec: String, _ invocation: TestInvocation) async throws -> TestInvocation.Answer {
        try await invocation.run(
            on: TestGateway.compile(spec), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private static let spec = """
        openapi: 3.0.1
        info: { title: t, version: "1" }
        x-portico-stages: { dev: {}, prod: {} }
        components: { securitySchemes: { key: { type: apiKey, name: x-api-key, in: header } } }
        paths:
          /echo/{id}:
            post:
              security: [ { key: [] } ]
              responses: { "200": { description: ok } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates:
                  application/json: |
                    #set($context.responseOverride.header.X-Body = $input.json('$.a'))
                    #set($context.responseOverride.header.X-Query = $input.params('q'))
                    {"statusCode": 200}
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates: { application/json: '$context.stage $input.params("id")' }
        """

    @Test("it runs the method past its API key, with or without a stage before the path")
    func runs() async throws {
        for (path, stage) in [("/echo/5?q=x", "dev"), ("echo/5?q=x", "dev"), ("/prod/echo/5?q=x", "prod")] {
            var invocation = TestInvocation(method: "POST", path: path)
            invocation.body = Array(#"{"a": 1}"#.utf8)
            let answer = try await invoke(Self.spec, invocation)
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self) == "\(stage) 5")
            #expect(answer.headers.contains { $0.name == "X-Body" && $0.value == "1" })
            #expect(answer.headers.contains { $0.name == "X-Query" && $0.value == "x" })
            let lines = answer.log.split(separator: "\n").map(String.init)
            #expect(lines[0].hasPrefix("Execution log for request "))
            #expect(
                lines.contains { $0.hasSuffix(" UTC \(Self.year(lines)) : HTTP Method: POST, Resource Path: \(path)") })
            #expect(!answer.log.contains("Usage Plan"))
            #expect(lines.last?.hasSuffix(" : Method completed with status: 200") == true)
        }
    }

    private static func year(_ lines: [String]) -> String {
        lines.last.flatMap { $0.split(separator: " ").dropFirst(5).first.map(String.init) } ?? ""
    }

    @Test("a path of no method is answered as the gateway answers it")
    func noMethod() async throws {
        let answer = try await invoke(Self.spec, TestInvocation(method: "GET", path: "/nothing"))
        #expect(answer.status == 403)
        #expect(answer.statusLine == "HTTP/1.1 403 Forbidden")
    }

    @Test("what no client could send is refused", arguments: ["/a b", "/a\r\nX: y\r\n\r\n", "/a\u{0}"])
    func invalid(path: String) async throws {
        await #expect(throws: TestInvocation.Failure.self) {
            try await invoke(Self.spec, TestInvocation(method: "GET", path: path))
        }
        var invocation = TestInvocation(method: "GET", path: "/a")
        invocation.headers = [(name: "X", value: path + "\nY: z")]
        await #expect(throws: TestInvocation.Failure.self) { try await invoke(Self.spec, invocation) }
    }

    @Test("a backend is really called")
    func backend() async throws {
        let upstream = try PorticoTestSupport.FakeUpstream(.respond(status: 200, headers: [], body: "from behind"))
        defer { upstream.stop() }
        let answer = try await invoke(
            """
            openapi: 3.0.1
            info: { title: t, version: "1" }
            paths:
              /x:
                get:
                  x-amazon-apigateway-integration:
                    { type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:\(upstream.port)/y" }
            """, TestInvocation(method: "GET", path: "/x?a=1"))
        #expect(String(decoding: answer.body, as: UTF8.self) == "from behind")
        #expect(upstream.requests.map(\.path) == ["/y?a=1"])
        #expect(answer.log.contains(" : Received response. Status: 200, Integration latency: "))
    }

    @Test(
        "dates are those of Java",
        arguments: [(0, "Thu Jan 01 00:00:00 UTC 1970"), (1_795_258_276_000, "Sat Nov 21 10:51:16 UTC 2026")])
    func dates(milliseconds: Int, text: String) {
        #expect(LogDate.text(milliseconds: milliseconds) == text)
    }
}
