import NIOCore
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Functions that Portico hosts, and functions that are plain servers.
@Suite("Homes of functions")
struct LambdaHomeTests {
    private static func api(_ root: String, _ members: String = "") -> String {
        spec(
            root: root,
            [
                SpecOperation("ANY /f", LambdaSpec.integration("aws_proxy", members)),
                SpecOperation("ANY /alias", LambdaSpec.integration(function: LambdaSpec.arn + ":live")),
                SpecOperation("ANY /name", LambdaSpec.integration(function: "F")),
                SpecOperation(
                    "POST /custom",
                    LambdaSpec.integration(
                        "aws",
                        (members.isEmpty ? "" : members + ", ")
                            + "requestParameters: {integration.request.header.X-Amz-Invocation-Type: method.request.header.type, "
                            + "integration.request.header.X-Amz-Client-Context: method.request.header.context}, "
                            + "responses: {default: {statusCode: \"200\"}, \".+\": {statusCode: \"400\", responseTemplates: {application/json: \"$input.path('$.errorMessage')\"}}}"
                    ), statuses: [200, 400]),
            ])
    }

    private static let internalError = message("Internal server error")

    // MARK: - Hosted

    @Test("A hosted function gets the event, and what it returns is the answer")
    func hosted() async throws {
        let invoker = FakeInvoker { _ in .returned(payload: ByteBuffer(string: #"{"statusCode": 201, "body": "hi"}"#)) }
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            let answer = try gateway.request("POST", "/dev/f", body: "text")
            #expect(answer.status == 201)
            #expect(answer.text == "hi")
            let first = try #require(invoker.invocations.first)
            #expect(first.function == "F")
            #expect(first.invokedARN == LambdaSpec.arn)
            #expect(first.traceID == answer["X-Amzn-Trace-Id"])
            #expect(!first.isEvent && !first.streams)
            #expect(String(buffer: first.payload).hasPrefix(#"{"resource":"/f","path":"/f","httpMethod":"POST","#))
            #expect(String(buffer: first.payload).hasSuffix(#""body":"text","isBase64Encoded":false}"#))
            for (path, arn) in [
                ("/alias", LambdaSpec.arn + ":live"), ("/name", "arn:aws:lambda:us-east-1:000000000000:function:F"),
            ] {
                let answer = try gateway.request("GET", "/dev" + path)
                #expect(answer.status == 201)
                #expect(invoker.invocations.last?.invokedARN == arn)
                #expect(invoker.invocations.last?.function == "F")
            }
        }
    }

    @Test("Outcomes of hosted functions are those of the Invoke API")
    func outcomes() async throws {
        let invoker = FakeInvoker()
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            func status(_ path: String, _ outcome: FunctionOutcome) throws -> Int {
                invoker.behave { _ in outcome }
                return try gateway.request("POST", "/dev" + path, body: "{}").status
            }
            func refused(_ status: Int) -> FunctionOutcome { .refused(status: status, type: "X", message: "why") }
            let error = ByteBuffer(string: #"{"errorMessage": "x", "errorType": "Runtime.ExitError"}"#)
            let failed = try status("/f", .failed(payload: error))
            #expect(failed == 502)
            #expect(try status("/f", refused(429)) == 502)
            #expect(try status("/f", refused(404)) == 500)
            #expect(try status("/f", refused(413)) == 413)
            #expect(try status("/f", refused(500)) == 502)
            #expect(try status("/f", .accepted) == 502)
            #expect(try status("/f", .returned(payload: ByteBuffer())) == 502)
            #expect(try status("/f", .returned(payload: ByteBuffer(repeating: 0x20, count: 7 << 20))) == 502)
            #expect(try status("/custom", .failed(payload: error)) == 400)
            #expect(try status("/custom", .accepted) == 200)
            #expect(try status("/custom", refused(429)) == 500)
            #expect(try status("/custom", .returned(payload: ByteBuffer(string: "7"))) == 200)
        }
    }

    @Test("Mapped headers say how a hosted function is invoked")
    func options() async throws {
        let invoker = FakeInvoker { $0.isEvent ? .accepted : .returned(payload: ByteBuffer(string: "7")) }
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            func call(_ headers: [(String, String)], _ body: String = "{\"a\":1}") throws -> (Int, String) {
                let answer = try gateway.request("POST", "/dev/custom", headers: headers, body: body)
                return (answer.status, answer.text)
            }
            let event = try call([("type", "Event")])
            #expect(event == (200, ""))
            #expect(invoker.invocations.last?.isEvent == true)
            #expect(try call([("type", "RequestResponse"), ("context", "e30=")]) == (200, "7"))
            #expect(invoker.invocations.last?.clientContext == "{}")
            let count = invoker.invocations.count
            #expect(try call([("type", "DryRun")]) == (200, ""))
            #expect(try call([("type", "Other")]) == (500, Self.internalError))
            #expect(try call([("context", "?")]) == (500, Self.internalError))
            #expect(try call([], "no JSON") == (500, Self.internalError))
            #expect(invoker.invocations.count == count)
        }
    }

    @Test("The integration's time-out ends the call of a hosted function")
    func timeout() async throws {
        let invoker = FakeInvoker()
        try await withHosted(Self.api(LambdaSpec.hosted, "timeoutInMillis: 60"), invoker) { gateway in
            for path in ["/dev/f", "/dev/custom"] {
                let answer = try gateway.request("POST", path, body: "{}")
                #expect(answer.status == 504)
                #expect(answer.text == message("Endpoint request timed out"))
            }
            #expect(invoker.cancelled == 2)
            invoker.behave { _ in .returned(payload: ByteBuffer(string: "{}")) }
            let answer = try gateway.request("GET", "/dev/f")
            #expect(answer.status == 200)
        }
    }

    @Test("A client that goes away ends the call, and nothing is left of it")
    func gone() async throws {
        let invoker = FakeInvoker()
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            var connection: RawConnection? = try RawConnection(port: gateway.port)
            try connection?.send("GET /dev/f HTTP/1.1\r\nHost: x\r\n\r\n")
            let deadline = Deadline()
            while invoker.invocations.isEmpty, !deadline.hasPassed { try await Task.sleep(for: .milliseconds(2)) }
            connection?.reset()
            // The reset goes out when the socket is closed.
            connection = nil
            while invoker.cancelled == 0, !deadline.hasPassed { try await Task.sleep(for: .milliseconds(2)) }
            #expect(invoker.cancelled == 1)
            #expect(await gateway.connectionCount == 0)
        }
    }

    @Test("Pipelined requests are answered in order")
    func pipelined() async throws {
        let invoker = FakeInvoker { invocation in
            let text = String(buffer: invocation.payload)
            let path = text.contains("\"n\":\"1\"") ? "1" : "2"
            return .returned(payload: ByteBuffer(string: "{\"body\": \"\(path)\"}"))
        }
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send(
                "GET /dev/f?n=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /dev/f?n=2 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try connection.readResponse().text == "1")
            #expect(try connection.readResponse().text == "2")
        }
    }

    @Test("Without anything that runs functions, the call of one is an error")
    func nothingRuns() async throws {
        let log = KeptLog()
        try await withHosted(Self.api(LambdaSpec.hosted), nil, logger: log.logger) { gateway in
            let answer = try gateway.request("GET", "/dev/f")
            #expect(answer.status == 502)
            #expect(log.text.contains("nothing runs functions in this process"))
        }
    }

    // MARK: - Plain servers

    @Test("A server gets the event with the headers of the Runtime API; 200 is the result")
    func server() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: #"{"statusCode": 201, "body": "hi"}"#))
        try await withLambda(Self.api(LambdaSpec.server(backend, path: "/invoke?x=1"))) { gateway in
            let answer = try gateway.request("POST", "/dev/alias", body: "text")
            #expect(answer.status == 201)
            #expect(answer.text == "hi")
            let request = try #require(backend.requests.last)
            #expect(request.method == "POST")
            #expect(request.path == "/invoke?x=1")
            #expect(request["Content-Type"] == "application/json")
            #expect(request["Lambda-Runtime-Aws-Request-Id"] == answer["x-amzn-RequestId"])
            #expect(request["Lambda-Runtime-Invoked-Function-Arn"] == LambdaSpec.arn + ":live")
            #expect(request["Lambda-Runtime-Trace-Id"] == answer["X-Amzn-Trace-Id"])
            #expect(request["Lambda-Runtime-Deadline-Ms"].flatMap { Int($0) } ?? 0 > 1_600_000_000_000)
            #expect(request["Authorization"] == nil)
            #expect(request.body.hasPrefix(#"{"resource":"/alias","path":"/alias","httpMethod":"POST","#))
        }
        backend.stop()
    }

    @Test("Another status of a server is a failure of the function, its body the message")
    func serverFailures() async throws {
        let backend = try Backend()
        func row(_ path: String, _ status: Int, _ body: String, _ expected: Int, _ text: String?) -> ConformanceRow {
            ConformanceRow(
                "5.2", "\(path) \(status)", "POST \(path)", body: "{}",
                reply: .respond(status: status, headers: [], body: body), expected, text)
        }
        try await withLambda(Self.api(LambdaSpec.server(backend))) { gateway in
            check(
                [
                    row("/dev/f", 500, "boom", 502, functionFailure), row("/dev/f", 404, "{}", 502, nil),
                    row("/dev/f", 204, "", 502, nil), row("/dev/custom", 500, "bo\"om", 400, "bo\"om"),
                    row("/dev/custom", 500, #"{"errorMessage": "own"}"#, 400, "own"),
                    row("/dev/custom", 200, "{}", 200, "{}"),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("A server gets an event whose outcome nobody waits for")
    func serverEvent() async throws {
        let backend = try Backend(.silence)
        try await withLambda(Self.api(LambdaSpec.server(backend))) { gateway in
            let answer = try gateway.request("POST", "/dev/custom", headers: [("type", "Event")], body: "{\"a\":1}")
            #expect(answer.status == 200)
            #expect(answer.text == "")
            let deadline = Deadline()
            while backend.requests.isEmpty, !deadline.hasPassed { try await Task.sleep(for: .milliseconds(2)) }
            #expect(backend.requests.first?.body == "{\"a\":1}")
        }
        backend.stop()
    }

    // MARK: - Any result

    @Test("Whatever a function returns, the answer is HTTP of a known form")
    func mutations() async throws {
        let seeds = [
            #"{"statusCode": 201, "headers": {"A": "b", "Content-Type": "x/y"}, "body": "text"}"#,
            #"{"multiValueHeaders": {"A": ["1", "2"]}, "headers": {"a": true}, "isBase64Encoded": true, "body": "aGk="}"#,
            #"{"body": "\u0000\ud800\"", "headers": {"\u0041": "\r\n"}}"#,
        ]
        var state: UInt64 = 42
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let alphabet = Array("{}[]\",:\\0159truefalsn headersbodyA\r\n\u{0}".utf8) + [0xFF, 0xC3]
        let invoker = FakeInvoker()
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            let connection = try RawConnection(port: gateway.port, deadline: Deadline(after: .seconds(120)))
            for round in 0..<1500 {
                var bytes = Array(seeds[round % seeds.count].utf8)
                for _ in 0...random(4) {
                    let place = random(bytes.count)
                    switch random(4) {
                    case 0: bytes[place] = alphabet[random(alphabet.count)]
                    case 1: bytes.insert(alphabet[random(alphabet.count)], at: place)
                    case 2: if bytes.count > 1 { bytes.remove(at: place) }
                    default:
                        let end = min(place + random(12), bytes.count)
                        bytes.insert(contentsOf: bytes[place..<end], at: random(bytes.count))
                    }
                }
                let payload = ByteBuffer(bytes: bytes)
                invoker.behave { _ in .returned(payload: payload) }
                try connection.send("GET /dev/f HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try connection.readResponse()
                #expect((200...599).contains(answer.status))
                #expect(answer["x-amzn-RequestId"]?.count == 36)
                if answer.status == 502 { #expect(answer.text == functionFailure) }
            }
        }
    }
}
