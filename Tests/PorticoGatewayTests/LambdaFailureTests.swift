import Logging
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Source: reference, "Failures" (4.1), "Response" (5.2), "Execution logs" (9.2).
@Suite("Functions that fail")
struct LambdaFailureTests {
    private static let internalError = message("Internal server error")

    private static func api(_ backend: Backend, _ members: String = "") -> String {
        spec(
            root: LambdaSpec.endpoint(backend), [SpecOperation("ANY /f", LambdaSpec.integration("aws_proxy", members))])
    }

    @Test("Failures of a function are 502, refusals 500 or 502, failures of the network 504")
    func statuses() async throws {
        func row(
            _ name: String, _ reply: Backend.Behavior, _ status: Int, _ text: String? = nil
        ) -> ConformanceRow {
            ConformanceRow(
                "4.1", name, "POST /dev/f", reply: reply, status,
                text ?? (status == 502 ? functionFailure : Self.internalError),
                shows: [("X-Amzn-Trace-Id", nil), ("Content-Type", "application/json")])
        }
        let failed = message("Network error communicating with endpoint")
        let rows = [
            row("an exception", .fails(#"{"errorMessage": "x", "errorType": "E"}"#), 502),
            row("a failure without words", .fails(""), 502),
            row("a failure that looks like a result", .fails(#"{"statusCode": 200}"#), 502),
            row("throttled", .refuses(429, "TooManyRequestsException"), 502),
            row("the service", .refuses(500, "ServiceException"), 502),
            row("unavailable", .refuses(503, "x"), 502), row("moved", .refuses(301, "x"), 502),
            row("not found", .refuses(404, "ResourceNotFoundException"), 500),
            row("not allowed", .refuses(403, "AccessDeniedException"), 500),
            row("too large", .refuses(413, "RequestTooLargeException"), 413, message("Request Too Long")),
            row("taken over without a result", .respond(status: 202, headers: [], body: ""), 502),
            row("closed", .close, 504, failed), row("reset", .reset, 504, failed),
            row("half an answer", .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), 504, failed),
            row("no HTTP", .rawThenClose("SSH-2.0\r\n"), 504, failed),
        ]
        let backend = try Backend()
        try await withLambda(Self.api(backend)) { gateway in
            check(rows, on: gateway, backend: backend)
            check(
                [ConformanceRow("4.1", "well again", "POST /dev/f", reply: .returns("{}"), 200)], on: gateway,
                backend: backend)
            #expect(backend.requests.count == rows.count + 1, "no call is made twice")
        }
        backend.stop()
    }

    @Test("A silent endpoint is 504 after timeoutInMillis")
    func silence() async throws {
        let backend = try Backend(.silence)
        try await withLambda(Self.api(backend, "timeoutInMillis: 100")) { gateway in
            check(
                [ConformanceRow("4.1", "silence", "GET /dev/f", 504, message("Endpoint request timed out"))],
                on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Portico's own log says cause and fix")
    func causes() async throws {
        let log = KeptLog()
        let backend = try Backend()
        let free = try freePort()
        let text = spec(
            root: LambdaSpec.endpoint(backend) + "\nx-portico-functions: {gone: {url: \"http://127.0.0.1:\(free)\"}}",
            [
                SpecOperation("POST /f", LambdaSpec.integration()),
                SpecOperation("POST /gone", LambdaSpec.integration(function: "gone")),
                SpecOperation(
                    "GET /verb",
                    LambdaSpec.integration("aws", verb: "GET", "responses: {default: {statusCode: \"200\"}}")),
            ])
        try await withHosted(text, nil, logger: log.logger) { gateway in
            func line(_ request: String, _ reply: Backend.Behavior = .echo) throws -> String {
                backend.behave(reply)
                let words = request.split(separator: " ").map(String.init)
                _ = try gateway.request(words[0], "/dev" + words[1])
                return log.lines.last ?? ""
            }
            let failure = try line("POST /f", .fails(#"{"errorMessage": "boom"}"#))
            #expect(failure.hasSuffix(":function:F' failed: boom"))
            #expect(
                try line("POST /f", .returns(#"{"status": 1}"#)).contains("'status' is none of statusCode, headers"))
            #expect(try line("POST /f", .returns(#"{"body": {}}"#)).contains("body is no string"))
            #expect(
                try line("POST /f", .returns(#"{"x\n2026-01-01 error portico: forged": 1}"#)).contains(
                    "'x 2026-01-01 error portico: forged' is none of"), "what a function says stays on one line")
            #expect(try line("POST /f", .refuses(403, "AccessDeniedException")).contains("allow lambda:InvokeFunction"))
            #expect(
                try line("POST /f", .refuses(404, "ResourceNotFoundException")).contains(
                    "404 ResourceNotFoundException: no; does the function exist there?"))
            #expect(
                try line("POST /f", .refuses(403, "InvalidSignatureException")).contains("look at AWS_ACCESS_KEY_ID"))
            #expect(try line("POST /f", .close).contains("closedEarly"))
            #expect(
                try line("POST /gone").contains(
                    "no connection for function 'gone' to 127.0.0.1:\(free): is it running?"))
            #expect(try line("GET /verb").contains("set httpMethod of the integration to POST"))
            #expect(!log.text.contains("secret"))
        }
        backend.stop()
    }

    @Test("The execution log has the lines of API Gateway")
    func executionLog() async throws {
        let backend = try Backend(.fails(#"{"errorMessage": "boom"}"#))
        func lines(_ reply: Backend.Behavior) async throws -> String {
            backend.behave(reply)
            let snapshot = try TestGateway.compile(Self.api(backend))
            var invocation = TestInvocation(method: "GET", path: "/f")
            invocation.headers = [("Accept", "x")]
            invocation.environment = LambdaSpec.environment
            let answer = try await invocation.run(
                on: snapshot, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return answer.log
        }
        let failure = try await lines(.fails(#"{"errorMessage": "boom"}"#))
        #expect(
            failure.contains(
                "Lambda execution failed with status 200 due to customer function error: boom. Lambda request id: lambda-id\n"
            ))
        #expect(failure.contains("Sending request to http://\(backend.authority)/2015-03-31/functions/"))
        #expect(failure.contains("Received response. Status: 200, Integration latency: "))
        #expect(failure.contains("Endpoint request body after transformations: {\"resource\":\"/f\",\"path\":\"/f\","))
        #expect(failure.contains("Method completed with status: 502"))
        let malformed = try await lines(.returns("[]"))
        #expect(malformed.contains("Execution failed due to configuration error: Malformed Lambda proxy response\n"))
        let forbidden = try await lines(.refuses(403, "AccessDeniedException"))
        #expect(
            forbidden.contains("Execution failed due to configuration error: Invalid permissions on Lambda function\n"))
        let throttled = try await lines(.refuses(429, "TooManyRequestsException"))
        #expect(throttled.contains("Lambda invocation failed with status: 429. Lambda request id: lambda-id\n"))
        let success = try await lines(.returns("{}"))
        #expect(success.contains("Method completed with status: 200\n"))
        #expect(success.contains("AWS Integration Endpoint RequestId : lambda-id\n"))
        #expect(success.contains("X-ray Tracing ID : 1-"))
        backend.stop()
    }

    @Test("Without credentials an endpoint is not called")
    func noCredentials() async throws {
        let backend = try Backend(.returns("{}"))
        try await withGateway(Self.api(backend), configure: { $0.environment = ["HOME": "/nonexistent"] }) { gateway in
            check(
                [ConformanceRow("4.8", "none", "GET /dev/f", 500, Self.internalError, sent: .notCalled)], on: gateway,
                backend: backend)
        }
        backend.stop()
    }
}
