import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Error bodies of HTTP APIs" (1.12), "Limits" (1.13), "Custom domains" (4.5).
@Suite("Answers of an HTTP API's own")
struct RouteFaultTests {
    @Test("Errors have lower-case bodies and apigw-requestid, and nothing of REST APIs")
    func bodies() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let proxy = HTTPAPISpec.proxy("http://\(backend.authority)")
        let root = """
            x-portico-stages: {$default: {routeSettings: {"GET /limited": {throttlingRateLimit: 0.001, throttlingBurstLimit: 1}}}}
            components: {securitySchemes: {iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
            """
        let spec = HTTPAPISpec.document(
            root: root,
            [
                .init("GET /limited", proxy), .init("POST /open", proxy),
                .init("GET /signed", proxy, "security: [{iam: []}]"),
                .init("GET /mock", "{type: mock}"),
            ])
        try await withGateway(spec, configure: { $0.maximumBodyBytes = 10 }) { gateway in
            let rest: [(String, String?)] = [
                ("x-amzn-ErrorType", nil), ("x-amzn-RequestId", nil), ("x-amz-apigw-id", nil),
            ]
            check(
                [
                    ConformanceRow("1.12", "404", "GET /x", 404, #"{"message":"Not Found"}"#, shows: rest),
                    ConformanceRow("1.12", "403", "GET /signed", 403, #"{"message":"Forbidden"}"#, shows: rest),
                    ConformanceRow(
                        "1.12", "413", "POST /open", body: "12345678901", 413,
                        #"{"message":"Request Entity Too Large"}"#, shows: rest),
                    ConformanceRow("1.12", "first", "GET /limited", 200, "ok"),
                    ConformanceRow(
                        "1.12", "429", "GET /limited", 429, #"{"message":"Too Many Requests"}"#, shows: rest),
                    ConformanceRow(
                        "1.2", "a type that HTTP APIs lack", "GET /mock", 500, #"{"message":"Internal Server Error"}"#,
                        shows: rest),
                ], on: gateway)
            // Line and values of the header count together, to the byte.
            let most = 10_240 - "GET / HTTP/1.1".utf8.count
            for (path, value, status) in [
                (9000, 100, 404), (100, 9000, 404), (8000, 2300, 431), (10_300, 0, 414), (most, nil, 404),
                (most, 1, 431),
            ] as [(Int, Int?, Int)] {
                let client = try RawConnection(port: gateway.port)
                let field = value.map { "X-Long: \(String(repeating: "v", count: $0))\r\n" } ?? ""
                try client.send("GET /\(String(repeating: "p", count: path)) HTTP/1.1\r\nHost:\r\n\(field)\r\n")
                #expect(try client.readResponse().status == status, "\(path) \(value ?? -1)")
            }
            let missing = try gateway.request("GET", "/x")
            #expect(missing["apigw-requestid"]?.count == 16)
        }
    }

    @Test("A parameter that CloudFormation would fill in is no error, and answers 500 without it")
    func unresolvedParameter() async throws {
        let integration =
            "{type: aws_proxy, integrationSubtype: SQS-SendMessage, payloadFormatVersion: '1.0', "
            + "credentials: 'arn:aws:iam::123456789012:role/r', "
            + "requestParameters: {QueueUrl: {Ref: Queue}, MessageBody: $request.body}}"
        try await withGateway(HTTPAPISpec.document([.init("POST /jobs", integration)])) { gateway in
            check(
                [
                    ConformanceRow(
                        "1.2", "unresolved", "POST /jobs", body: "x", 500, #"{"message":"Internal Server Error"}"#)
                ], on: gateway)
        }
    }

    @Test("What is no HTTP gets the body of its status")
    func malformed() async throws {
        try await withGateway(HTTPAPISpec.document([.init("GET /x", HTTPAPISpec.proxy("http://127.0.0.1:9"))])) {
            gateway in
            let client = try RawConnection(port: gateway.port)
            try client.send("GET /x HTTP/1.1\r\n: x\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.status == 400)
            #expect(answer.text == #"{"message":"Bad Request"}"#)
            #expect(answer["apigw-requestid"] != nil)
        }
    }

    @Test("Custom domains lead to stages by mappings of several segments")
    func domains() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let root = """
            x-portico-stages: {$default: {variables: {v: main}}, dev: {variables: {v: dev}}}
            x-portico-domain-names:
              api.example.com: {basePathMappings: {"shop/v1": $default, "shop": dev}}
            """
        let spec = HTTPAPISpec.document(
            root: root, [.init("GET /pets", HTTPAPISpec.proxy("http://\(backend.authority)/${stageVariables.v}"))])
        try await withGateway(spec) { gateway in
            let host = [("Host", "api.example.com")]
            check(
                [
                    ConformanceRow("4.5", "longest", "GET /shop/v1/pets", headers: host, 200, sent: .init("GET /main")),
                    ConformanceRow("4.5", "shorter", "GET /shop/pets", headers: host, 200, sent: .init("GET /dev")),
                    ConformanceRow(
                        "4.5", "none", "GET /pets", headers: host, 403, #"{"message":"Forbidden"}"#, sent: .notCalled),
                    ConformanceRow(
                        "4.5", "no stage within a mapping", "GET /shop/v1/dev/pets", headers: host, 404,
                        sent: .notCalled),
                    ConformanceRow("4.5", "the default endpoint", "GET /pets", 200, sent: .init("GET /main")),
                ], on: gateway, backend: backend)
        }
    }

    @Test("A disabled default endpoint answers 403")
    func disabledEndpoint() async throws {
        let root = """
            servers: [{url: /, x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}]
            x-portico-domain-names: {api.example.com: {basePathMappings: {"": $default}}}
            """
        try await withGateway(
            HTTPAPISpec.document(root: root, [.init("GET /x", HTTPAPISpec.proxy("http://127.0.0.1:9"))])
        ) { gateway in
            check(
                [
                    ConformanceRow("1.12", "default", "GET /x", 403, #"{"message":"Forbidden"}"#),
                    ConformanceRow("1.12", "domain", "GET /x", headers: [("Host", "api.example.com")], 503),
                ], on: gateway)
        }
    }
}
