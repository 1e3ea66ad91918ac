import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Choosing the integration response" (4.5), "Parameter mapping expressions" (4.2), "Template choice
/// and passthrough" (4.3), "AWS service integrations" (4.8, Lambda async).
@Suite("Lambda integrations with mapping")
struct LambdaCustomTests {
    private static let responses =
        #"responses: {default: {statusCode: "200"}, ".*four hundred.*": {statusCode: "405"}, ".+": {statusCode: "502", responseTemplates: {application/json: "$input.path('$.errorMessage')"}}, "200": {statusCode: "504"}}"#

    private static func api(
        _ root: String, _ members: String = "requestTemplates: {application/json: '{\"in\": $input.json(\"$\")}'}",
        verb: String = "POST"
    ) -> String {
        spec(
            root: root,
            [
                SpecOperation(
                    "ANY /f", LambdaSpec.integration("aws", verb: verb, "\(members), \(responses)"),
                    statuses: [200, 405, 502, 504])
            ])
    }

    @Test("The template makes the payload, and what the function returns is the answer")
    func payload() async throws {
        let backend = try Backend(.returns(#"{"out": 1}"#))
        try await withLambda(Self.api(LambdaSpec.endpoint(backend))) { gateway in
            check(
                [
                    ConformanceRow(
                        "4.1", "a template", "POST /dev/f", headers: [("X-Mine", "x")], body: #"{"a": [1, 2]}"#, 200,
                        #"{"out": 1}"#, shows: [("Content-Type", "application/json")],
                        sent: SentRequest(
                            headers: [
                                ("X-Mine", nil), ("Accept", "application/json"), ("X-Amz-Invocation-Type", nil),
                                ("Content-Length", "19"),
                            ], body: #"{"in": {"a":[1,2]}}"#)),
                    ConformanceRow(
                        "4.3", "another content type passes", "POST /dev/f", headers: [("Content-Type", "text/plain")],
                        body: "[1]", 200, #"{"out": 1}"#,
                        sent: SentRequest(headers: [("Content-Type", "text/plain")], body: "[1]")),
                    ConformanceRow(
                        "4.3", "an empty body is an empty object", "POST /dev/f",
                        headers: [("Content-Type", "text/plain")], 200, #"{"out": 1}"#, sent: SentRequest(body: "{}")),
                ], on: gateway, backend: backend)
            let answer = try gateway.request("GET", "/dev/f")
            #expect(answer["X-Amzn-Trace-Id"] == backend.requests.last?["X-Amzn-Trace-Id"])
        }
        backend.stop()
    }

    @Test("errorMessage chooses the response, by patterns in the order of their statuses")
    func selection() async throws {
        func row(
            _ name: String, _ reply: Backend.Behavior, _ status: Int, _ text: String? = nil
        ) -> ConformanceRow {
            ConformanceRow("4.5", name, "POST /dev/f", reply: reply, status, text)
        }
        let rows = [
            row("a value", .returns(#""Pass""#), 200, #""Pass""#),
            row("an object", .returns(#"{"a": 1}"#), 200, #"{"a": 1}"#),
            row("a failure", .fails(#"{"errorMessage": "bad"}"#), 502, "bad"),
            row("two patterns fit", .fails(#"{"errorMessage": "is four hundred too"}"#), 405),
            row("escapes", .fails(#"{"errorMessage": "is \u0066our hundred"}"#), 405),
            row("a line break is no character for a dot", .fails(#"{"errorMessage": "a\nb"}"#), 200),
            row("without the header of failures", .returns(#"{"errorMessage": "bad"}"#), 502, "bad"),
            row("a status is not tested", .returns("200"), 200),
            row("the text 200 of a failure is", .fails(#"{"errorMessage": "200"}"#), 502, "200"),
            row("null", .fails(#"{"errorMessage": null}"#), 200),
            row("a number", .fails(#"{"errorMessage": 12}"#), 502, "12"),
            row("no member of that name", .fails(#"{"error": "bad"}"#), 200),
            row("no JSON", .fails("bad"), 200, "bad"),
            row("no bytes", .returns(""), 200, ""),
        ]
        let backend = try Backend()
        try await withLambda(Self.api(LambdaSpec.endpoint(backend))) { gateway in
            check(rows, on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Errors of the service choose nothing: 500")
    func refused() async throws {
        let rows = [
            (429, "TooManyRequestsException"), (404, "ResourceNotFoundException"), (403, "AccessDeniedException"),
            (500, "ServiceException"), (400, "InvalidRequestContentException"),
        ].map { status, type in
            ConformanceRow(
                "4.1", type, "POST /dev/f", reply: .refuses(status, type), 500, message("Internal server error"),
                shows: [("x-amzn-ErrorType", "InternalServerErrorException"), ("X-Amzn-Trace-Id", nil)])
        }
        let backend = try Backend()
        try await withLambda(Self.api(LambdaSpec.endpoint(backend))) { gateway in
            check(rows, on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Mapped headers and parameters go to the Invoke call; an event is accepted without a result")
    func invocationType() async throws {
        let members =
            "requestParameters: {integration.request.header.X-Amz-Invocation-Type: method.request.header.type, "
            + "integration.request.header.X-Amz-Client-Context: \"'e30='\", integration.request.header.Referer: \"'x'\", "
            + "integration.request.querystring.Qualifier: \"'live'\"}"
        let backend = try Backend(
            .respond(status: 202, headers: [], body: ""))
        try await withLambda(Self.api(LambdaSpec.endpoint(backend), members)) { gateway in
            let answer = try gateway.request("POST", "/dev/f", headers: [("type", "Event")], body: "{}")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            let request = try #require(backend.requests.last)
            #expect(request["X-Amz-Invocation-Type"] == "Event")
            #expect(request["X-Amz-Client-Context"] == "e30=")
            #expect(request["Referer"] == nil)
            #expect(request.path.hasSuffix("/invocations?Qualifier=live"))
        }
        backend.stop()
    }

    @Test("A function that is not invoked with POST is not called")
    func verbs() async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(LambdaSpec.endpoint(backend), "passthroughBehavior: when_no_match", verb: "ANY"))
        {
            gateway in
            check(
                [
                    ConformanceRow("4.1", "GET", "GET /dev/f", 500, sent: .notCalled),
                    ConformanceRow("4.1", "POST", "POST /dev/f", 200, sent: SentRequest()),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Values of the result and of a failure's text are mapped")
    func mapped() async throws {
        let members =
            #"responses: {default: {statusCode: "200", responseParameters: {method.response.header.X-A: integration.response.body.a, method.response.header.X-Id: integration.response.header.x-amzn-RequestId, method.response.header.X-Own: context.awsEndpointRequestId}}, ".*code.*": {statusCode: "405", responseParameters: {method.response.header.X-C: integration.response.body.errorMessage.code}, responseTemplates: {application/json: "#
            + #""$input.path('$.errorType')"}}}"#
        let text = { (backend: Backend) in
            spec(
                root: LambdaSpec.endpoint(backend),
                [SpecOperation("POST /f", LambdaSpec.integration("aws", members), statuses: [200, 405])])
        }
        let backend = try Backend()
        try await withLambda(text(backend)) { gateway in
            check(
                [
                    ConformanceRow(
                        "4.2", "a result", "POST /dev/f", reply: .returns(#"{"a": "x"}"#), 200,
                        shows: [("X-A", "x"), ("X-Id", "lambda-id"), ("X-Own", "lambda-id")]),
                    ConformanceRow(
                        "4.2", "a failure", "POST /dev/f",
                        reply: .fails(#"{"errorMessage": "{\"code\": 7}", "errorType": "T"}"#), 405, "T",
                        shows: [("X-C", "7")]),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Without a response that fits, and without a default, it is 500")
    func noResponse() async throws {
        let backend = try Backend(.returns("{}"))
        let text = spec(
            root: LambdaSpec.endpoint(backend),
            [SpecOperation("POST /f", LambdaSpec.integration("aws", "responses: {\"4..\": {statusCode: \"200\"}}"))])
        try await withLambda(text) { gateway in
            check(
                [
                    ConformanceRow("4.5", "none", "POST /dev/f", 500, message("Internal server error")),
                    ConformanceRow(
                        "4.5", "the only one", "POST /dev/f", reply: .fails(#"{"errorMessage": "404"}"#), 200),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("Binary payloads become what contentHandling says; a template on bytes is 500")
    func binary() async throws {
        let backend = try Backend(.returns("{}"))
        func text(_ handling: String) -> String {
            spec(
                root: LambdaSpec.endpoint(backend) + "\nx-amazon-apigateway-binary-media-types: [\"image/png\"]",
                [
                    SpecOperation(
                        "POST /f",
                        LambdaSpec.integration(
                            "aws",
                            "\(handling)requestTemplates: {image/png: '{\"b\": \"$input.body\"}'}, responses: {default: {statusCode: \"200\"}}"
                        ))
                ])
        }
        let type = [("Content-Type", "image/png")]
        try await withLambda(text("contentHandling: CONVERT_TO_TEXT, ")) { gateway in
            check(
                [
                    ConformanceRow(
                        "4.7", "text", "POST /dev/f", headers: type, body: "abc", 200,
                        sent: SentRequest(body: #"{"b": "YWJj"}"#))
                ], on: gateway, backend: backend)
        }
        try await withLambda(text("")) { gateway in
            check(
                [ConformanceRow("4.7", "bytes", "POST /dev/f", headers: type, body: "abc", 500, sent: .notCalled)],
                on: gateway, backend: backend)
        }
        backend.stop()
    }
}
