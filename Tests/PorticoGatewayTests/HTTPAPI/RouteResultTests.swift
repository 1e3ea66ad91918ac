import NIOCore
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Lambda responses" (1.5); cases `http-resp2-object` and `http-lambda-error`.
@Suite("Results of functions of HTTP APIs")
struct RouteResultTests {
    private static let failure = #"{"message":"Internal Server Error"}"#

    private func answer(_ result: Backend.Behavior, format: String = "2.0") async throws -> RawResponse {
        let backend = try Backend(result)
        let spec = HTTPAPISpec.document(
            root: LambdaSpec.endpoint(backend), [.init("GET /x", HTTPAPISpec.function(format))])
        var answer: RawResponse?
        try await withLambda(spec) { answer = try $0.request("GET", "/x") }
        return try #require(answer)
    }

    @Test(
        "Without statusCode the result is the body",
        arguments: [
            (#"{ "message": "Hello from Lambda!" }"#, #"{ "message": "Hello from Lambda!" }"#),
            (#""Hello \"you\"""#, #"Hello "you""#), ("[1, 2]", "[1, 2]"), ("null", "null"), ("7", "7"), ("{}", "{}"),
            (#"{"body":"x"}"#, #"{"body":"x"}"#), (#"{"statusCode":null}"#, #"{"statusCode":null}"#),
        ])
    func inferred(_ result: String, _ body: String) async throws {
        let answer = try await answer(.returns(result))
        #expect(answer.status == 200)
        #expect(answer.text == body)
        #expect(answer["content-type"] == "application/json")
    }

    @Test("With statusCode the members count: status, headers, cookies, body")
    func explicit() async throws {
        let answer = try await answer(
            .returns(
                #"{"statusCode":201,"headers":{"X-A":"1","Server":"mine","Set-Cookie":"h=1","Connection":"close"},"#
                    + #""cookies":["a=1; Secure","b=2"],"body":"aGk=","isBase64Encoded":true,"unknown":1,"#
                    + #""multiValueHeaders":{"X-B":["1"]}}"#))
        #expect(answer.status == 201)
        #expect(answer.text == "hi")
        #expect(answer["X-A"] == "1")
        #expect(answer["X-B"] == nil)
        #expect(answer["Server"] == "mine")
        #expect(answer.values("set-cookie") == ["a=1; Secure", "b=2"])
        #expect(answer["content-type"] == "text/plain;charset=UTF-8")
        #expect(answer["x-amzn-trace-id"] == nil)
    }

    @Test("Format 1.0 has lists of values, and needs a statusCode")
    func format1() async throws {
        let good = try await answer(
            .returns(
                #"{"statusCode":"202","multiValueHeaders":{"X-B":["1","2"]},"headers":{"Content-Type":"a/b"},"body":"x"}"#
            ),
            format: "1.0")
        #expect(good.status == 202)
        #expect(good.values("X-B") == ["1", "2"])
        #expect(good["content-type"] == "a/b")
        #expect(good.text == "x")
        for result in ["{}", #"{"body":"x"}"#, #""text""#, "null"] {
            let bad = try await answer(.returns(result), format: "1.0")
            #expect(bad.status == 500, "\(result)")
            #expect(bad.text == Self.failure)
        }
    }

    @Test(
        "A function that fails, may not be called, or gives what is none of it: 500",
        arguments: [
            Backend.Behavior.fails(#"{"errorMessage":"boom"}"#), .refuses(403, "AccessDeniedException"),
            .refuses(404, "ResourceNotFoundException"), .returns(#"{"statusCode":"x"}"#),
            .returns(#"{"statusCode":200,"body":{"a":1}}"#), .returns(#"{"statusCode":200,"cookies":"a"}"#),
            .returns(#"{"statusCode":200,"cookies":[1]}"#), .returns("not JSON"),
            .returns(#"{"statusCode":200,"body":"!","isBase64Encoded":true}"#),
        ])
    func failures(_ behavior: Backend.Behavior) async throws {
        let answer = try await answer(behavior)
        #expect(answer.status == 500)
        #expect(answer.text == Self.failure)
        #expect(answer["x-amzn-ErrorType"] == nil)
    }

    @Test("A function that takes too long: 503")
    func timeout() async throws {
        let backend = try Backend(.silence)
        let spec = HTTPAPISpec.document(
            root: LambdaSpec.endpoint(backend), [.init("GET /x", HTTPAPISpec.function("2.0", "timeoutInMillis: 50"))])
        try await withLambda(spec) { gateway in
            let answer = try gateway.request("GET", "/x")
            #expect(answer.status == 503)
            #expect(answer.text == #"{"message":"Service Unavailable"}"#)
        }
    }

    @Test("A function that Portico hosts takes and gives the same")
    func hosted() async throws {
        let invoker = FakeInvoker { _ in .returned(payload: ByteBuffer(string: #"{"a":1}"#)) }
        let spec = HTTPAPISpec.document(root: LambdaSpec.hosted, [.init("GET /x", HTTPAPISpec.function())])
        try await withHosted(spec, invoker) { gateway in
            let answer = try gateway.request("GET", "/x")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"a":1}"#)
            invoker.behave { _ in .failed(payload: ByteBuffer(string: "{}")) }
            let failed = try gateway.request("GET", "/x")
            #expect(failed.status == 500)
        }
    }
}
