import PorticoTestSupport
import Testing

/// Source: reference, "Gateway responses" (7), and the request ids of 4.6 and 6.7.
@Suite("Conformance: gateway responses and request ids")
struct ConformanceGatewayResponseTests {
    private static let validated = SpecOperation(
        "GET /needs/{id}", mock("ok"),
        "x-amazon-apigateway-request-validator: all, parameters: [{name: q, in: query, required: true, schema: {type: string}}]"
    )
    private static let validators =
        "x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}"
    private static let operations = [
        validated, SpecOperation("GET /ok", mock("ok")),
        SpecOperation("GET /refused", backendIntegration("http_proxy", "GET", "http://127.0.0.1:1/")),
        SpecOperation("GET /broken", mock("x", request: "no status")),
        SpecOperation(
            "POST /never", "{type: mock, passthroughBehavior: never, responses: {default: {statusCode: '200'}}}"),
    ]

    private static func api(_ responses: String) -> String {
        spec(
            root: validators + "\nx-portico-stages: {dev: {variables: {v: 'stage-value'}}}"
                + (responses.isEmpty ? "" : "\nx-amazon-apigateway-gateway-responses: \(responses)"), operations)
    }

    @Test("Each type has its status, error type and message")
    func defaults() async throws {
        let json: (String, String?) = ("Content-Type", "application/json")
        func row(_ name: String, _ line: String, _ status: Int, _ text: String, _ type: String) -> ConformanceRow {
            ConformanceRow("7", name, line, status, message(text), shows: [json, ("x-amzn-ErrorType", type)])
        }
        try await withGateway(Self.api("")) { gateway in
            check(
                [
                    row(
                        "no route", "GET /dev/x", 403, "Missing Authentication Token",
                        "MissingAuthenticationTokenException"),
                    row(
                        "a parameter is missing", "GET /dev/needs/1", 400, "Missing required request parameters: [q]",
                        "BadRequestException"),
                    row(
                        "a mock without a status", "GET /dev/broken", 500, "Internal server error",
                        "InternalServerErrorException"),
                    row(
                        "no template for the type", "POST /dev/never", 415, "Unsupported Media Type",
                        "BadRequestException"),
                ], on: gateway)
        }
    }

    @Test("An own definition wins, then the DEFAULT one of the class, whole")
    func definitions() async throws {
        let responses = """
            {DEFAULT_4XX: {responseParameters: {gatewayresponse.header.X-Class: "'four'"},
            responseTemplates: {application/json: '{"class": 4, "type": "$context.error.responseType"}'}},
            DEFAULT_5XX: {statusCode: '503', responseParameters: {gatewayresponse.header.X-Class: "'five'"}},
            API_CONFIGURATION_ERROR: {responseTemplates: {application/json: 'own'}},
            UNSUPPORTED_MEDIA_TYPE: {statusCode: 499, responseTemplates: {text/plain: 'own $context.error.message'}},
            MISSING_AUTHENTICATION_TOKEN: {statusCode: '404', responseParameters: {gatewayresponse.header.X-Own: "'yes'"}},
            BAD_REQUEST_BODY: {responseTemplates: {application/json: 'body'}}}
            """
        try await withGateway(Self.api(responses)) { gateway in
            check(
                [
                    ConformanceRow(
                        "7", "DEFAULT_4XX: status of the type, template and headers of the class", "GET /dev/needs/1",
                        400,
                        "{\"class\": 4, \"type\": \"BAD_REQUEST_PARAMETERS\"}", shows: [("X-Class", "four")]),
                    ConformanceRow(
                        "7", "DEFAULT_5XX with a status", "GET /dev/refused", 503,
                        message("Network error communicating with endpoint"),
                        shows: [("X-Class", "five"), ("Content-Type", "application/json")]),
                    ConformanceRow(
                        "7", "an own definition without a status keeps the type's", "GET /dev/broken", 500, "own",
                        shows: [("X-Class", nil), ("x-amzn-ErrorType", "InternalServerErrorException")]),
                    ConformanceRow(
                        "7", "an own status and media type", "POST /dev/never", 499, "own Unsupported Media Type",
                        shows: [("Content-Type", "text/plain"), ("X-Class", nil)]),
                    ConformanceRow(
                        "7", "an own definition inherits nothing", "GET /dev/x", 404,
                        message("Missing Authentication Token"),
                        shows: [
                            ("X-Own", "yes"), ("X-Class", nil),
                            ("x-amzn-ErrorType", "MissingAuthenticationTokenException"),
                        ]),
                    ConformanceRow(
                        "7", "an unknown stage falls under the class", "GET /prod/ok", 403, nil,
                        shows: [("X-Class", "four")]),
                ], on: gateway)
        }
    }

    @Test("Headers come from the request, the context, the stage and constants; a missing source leaves them out")
    func headers() async throws {
        let responses = """
            {BAD_REQUEST_PARAMETERS: {responseParameters: {
            gatewayresponse.header.X-Static: "'static'", gatewayresponse.header.X-Header: method.request.header.X-In,
            gatewayresponse.header.X-Path: method.request.path.id, gatewayresponse.header.X-Query: method.request.querystring.z,
            gatewayresponse.header.X-Context: context.httpMethod, gatewayresponse.header.X-Type: context.error.responseType,
            gatewayresponse.header.X-Stage: stageVariables.v, gatewayresponse.header.X-None: stageVariables.none}}}
            """
        try await withGateway(Self.api(responses)) { gateway in
            check(
                [
                    ConformanceRow(
                        "7", "all sources", "GET /dev/needs/7?z=1", headers: [("X-In", "in")], 400,
                        message("Missing required request parameters: [q]"),
                        shows: [
                            ("X-Static", "static"), ("X-Header", "in"), ("X-Path", "7"), ("X-Query", "1"),
                            ("X-Context", "GET"),
                            ("X-Type", "BAD_REQUEST_PARAMETERS"), ("X-Stage", "stage-value"), ("X-None", nil),
                        ]),
                    ConformanceRow(
                        "7", "missing sources", "GET /dev/needs/7", 400,
                        shows: [("X-Header", nil), ("X-Query", nil), ("X-Static", "static")]),
                ], on: gateway)
        }
    }

    @Test("Templates substitute and compute nothing; Accept chooses among them")
    func templates() async throws {
        let responses = """
            {MISSING_AUTHENTICATION_TOKEN: {responseTemplates: {
            application/json: '{"m": $context.error.messageString, "s": "$stageVariables.v", "none": "$context.nothing"}',
            text/plain: '$context.error.message #if(true)x#end $method.request.header.X-In $method.request.querystring.q',
            text/html: '<p>$context.path</p>'}}}
            """
        let json = "{\"m\": \"Missing Authentication Token\", \"s\": \"stage-value\", \"none\": \"\"}"
        try await withGateway(Self.api(responses)) { gateway in
            check(
                [
                    ConformanceRow(
                        "7", "no Accept", "GET /dev/x", 403, json, shows: [("Content-Type", "application/json")]),
                    ConformanceRow(
                        "7", "Accept", "GET /dev/x", headers: [("Accept", "text/html, text/plain")], 403,
                        "<p>/dev/x</p>",
                        shows: [("Content-Type", "text/html")]),
                    ConformanceRow("7", "no hit", "GET /dev/x", headers: [("Accept", "image/png")], 403, json),
                    ConformanceRow(
                        "7", "no directives", "GET /dev/x?q=w", headers: [("Accept", "text/plain"), ("X-In", "h")], 403,
                        "Missing Authentication Token #if(true)x#end h w", shows: [("Content-Type", "text/plain")]),
                ], on: gateway)
        }
    }

    @Test("A mapped header stands instead of the gateway's own, and none can break the framing")
    func ownHeaders() async throws {
        let responses = """
            {MISSING_AUTHENTICATION_TOKEN: {responseParameters: {
            gatewayresponse.header.Content-Type: "'text/css'", gatewayresponse.header.x-amzn-errortype: "'Mine'",
            gatewayresponse.header.Content-Length: "'1'", gatewayresponse.header.Transfer-Encoding: "'chunked'"}},
            UNSUPPORTED_MEDIA_TYPE: {responseParameters: {
            gatewayresponse.header.Content-Type: method.request.header.X-None}},
            BAD_REQUEST_PARAMETERS: {responseTemplates: {'application/json; charset=utf-8': 'json',
            'Text/Plain;v=1': 'plain'}}}
            """
        try await withGateway(Self.api(responses)) { gateway in
            let answer = try gateway.request("GET", "/dev/x")
            #expect(answer.text == message("Missing Authentication Token"))
            #expect(answer.values("Content-Type") == ["text/css"])
            #expect(answer.values("x-amzn-ErrorType") == ["Mine"])
            #expect(answer.values("Content-Length") == ["42"])
            #expect(answer.values("Transfer-Encoding").isEmpty)
            check(
                [
                    ConformanceRow(
                        "7", "a missing source leaves the gateway's own", "POST /dev/never", 415,
                        shows: [("Content-Type", "application/json")]),
                    ConformanceRow(
                        "7", "the content type is the key of the template", "GET /dev/needs/1", 400, "json",
                        shows: [("Content-Type", "application/json; charset=utf-8")]),
                    ConformanceRow(
                        "7", "Accept is compared without parameters and case", "GET /dev/needs/1",
                        headers: [("Accept", "text/plain;q=1, */*")], 400, "plain",
                        shows: [("Content-Type", "Text/Plain;v=1")]),
                ], on: gateway)
        }
    }

    @Test("Every answer has a request id in UUID form and an extended id")
    func identifiers() async throws {
        try await withGateway(Self.api("")) { gateway in
            var seen: Set<String> = []
            for path in ["/dev/ok", "/dev/x", "/dev/broken", "/prod/x", "/dev/needs/1"] {
                for _ in 0..<4 {
                    let answer = try gateway.request("GET", path)
                    let id = try #require(answer["x-amzn-RequestId"])
                    #expect(Self.isUUID(id), "rule 4.6: \(id)")
                    #expect(seen.insert(id).inserted)
                    let extended = try #require(answer["x-amz-apigw-id"])
                    #expect(extended.hasSuffix("=") && extended.utf8.count == 16, "rule 4.6: \(extended)")
                    // Eleven bytes: the last character has no more bits than they leave.
                    #expect("AEIMQUYcgkosw048".contains(extended.dropLast().suffix(1)), "\(extended)")
                    #expect(answer["Date"]?.hasSuffix(" GMT") == true)
                }
            }
        }
    }

    @Test("A client's request id is adopted if it is a UUID")
    func adoptedIdentifier() async throws {
        let own = "7F0A3D5E-1b2c-4d3e-8f90-0123456789ab"
        try await withGateway(spec([SpecOperation("GET /id", mock("$context.requestId"))])) { gateway in
            check(
                [
                    ConformanceRow(
                        "6.7", "a UUID", "GET /dev/id", headers: [("x-amzn-RequestId", own)], 200, own,
                        shows: [("x-amzn-RequestId", own)]),
                    ConformanceRow(
                        "6.7", "a UUID on a fault", "GET /dev/no", headers: [("X-Amzn-RequestId", own)], 403, nil,
                        shows: [("x-amzn-RequestId", own)]),
                ], on: gateway)
            for wrong in ["mine", "7F0A3D5E-1b2c-4d3e-8f90-0123456789ag", "7F0A3D5E1b2c4d3e8f900123456789ab0000", ""] {
                let answer = try gateway.request("GET", "/dev/id", headers: [("x-amzn-RequestId", wrong)])
                #expect(answer.text != wrong && Self.isUUID(answer.text), "rule 6.7: '\(wrong)'")
            }
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 36
            && bytes.indices.allSatisfy { index in
                switch index {
                case 8, 13, 18, 23: bytes[index] == UInt8(ascii: "-")
                default: Character(Unicode.Scalar(bytes[index])).isHexDigit
                }
            }
    }
}
