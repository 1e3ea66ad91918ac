import NIOCore
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Response streaming" (4.9).
@Suite("Streaming functions by their homes")
struct LambdaStreamHomeTests {
    private static func api(_ root: String) -> String {
        let uri =
            "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/\(LambdaSpec.arn)/"
            + "response-streaming-invocations"
        return spec(
            root: root,
            [
                SpecOperation(
                    "ANY /s",
                    "{type: aws_proxy, httpMethod: POST, uri: \(quoted(uri)), responseTransferMode: STREAM, "
                        + "timeoutInMillis: 20000}")
            ])
    }

    private static let output =
        #"{"statusCode": 201, "headers": {"X-A": "b"}}"# + String(repeating: "\0", count: 8) + "piece one, piece two"

    private func check(_ answer: RawResponse, _ name: String) {
        #expect(answer.status == 201, "\(name)")
        #expect(answer["X-A"] == "b", "\(name)")
        #expect(answer["X-Amzn-Trace-Id"] != nil, "\(name)")
        #expect(answer.text == "piece one, piece two", "\(name)")
        #expect(answer.framing == .chunked, "\(name)")
    }

    @Test("A plain server's output is metadata, delimiter and body; any status but 200 is a failure")
    func server() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: Self.output))
        try await withGateway(Self.api(LambdaSpec.server(backend))) { gateway in
            check(try gateway.request("GET", "/dev/s"), "server")
            #expect(backend.requests.last?.body.hasPrefix(#"{"resource":"/s","#) == true)
            backend.behave(.respond(status: 500, headers: [], body: "boom"))
            let failure = try gateway.request("GET", "/dev/s")
            #expect(failure.status == 502)
            backend.behave(.close)
            let closed = try gateway.request("GET", "/dev/s")
            #expect(closed.status == 504)
        }
        backend.stop()
    }

    @Test("An endpoint is called by InvokeWithResponseStream, signed, and answers in events")
    func endpoint() async throws {
        let events =
            EventStreamText.event("PayloadChunk", Self.output, "application/octet-stream")
            + EventStreamText.event("InvokeComplete", "{}")
        let backend = try Backend(.respondBytes(status: 200, headers: [], body: events))
        try await withLambda(Self.api(LambdaSpec.endpoint(backend))) { gateway in
            check(try gateway.request("GET", "/dev/s"), "endpoint")
            let request = try #require(backend.requests.last)
            #expect(
                request.path == "/2021-11-15/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3AF"
                    + "/response-streaming-invocations")
            #expect(request["Authorization"]?.contains("/us-east-1/lambda/aws4_request") == true)
            for (reply, status) in [
                (Backend.Behavior.refuses(429, "TooManyRequestsException"), 502), (.refuses(403, "X"), 500),
                (.fails(#"{"errorMessage": "x"}"#), 502), (.returns(#"{"body": "x"}"#), 502),
            ] {
                backend.behave(reply)
                let answer = try gateway.request("GET", "/dev/s")
                #expect(answer.status == status)
            }
        }
        backend.stop()
    }

    @Test("A hosted function is asked for a stream")
    func hosted() async throws {
        let invoker = FakeInvoker { _ in .returned(payload: ByteBuffer(string: Self.output)) }
        try await withHosted(Self.api(LambdaSpec.hosted), invoker) { gateway in
            check(try gateway.request("GET", "/dev/s"), "hosted")
            #expect(invoker.invocations.last?.streams == true)
            invoker.behave { _ in .failed(payload: ByteBuffer(string: #"{"errorMessage": "x"}"#)) }
            let failure = try gateway.request("GET", "/dev/s")
            #expect(failure.status == 502)
            invoker.behave { _ in .refused(status: 404, type: "ResourceNotFoundException", message: "none") }
            let refused = try gateway.request("GET", "/dev/s")
            #expect(refused.status == 500)
        }
    }
}
