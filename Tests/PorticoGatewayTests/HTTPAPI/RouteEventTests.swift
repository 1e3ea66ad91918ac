import PorticoPrograms
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Lambda payload 2.0" (1.3) and "Lambda payload 1.0" (1.4); case `http-rawpath-has-stage`.
@Suite("Events of HTTP APIs")
struct RouteEventTests {
    private static let trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"

    private static func api(_ backend: Backend, format: String, root: String = "") -> String {
        HTTPAPISpec.document(
            root: LambdaSpec.endpoint(backend) + "\n" + root,
            [
                .init("ANY /agents/{proxy+}", HTTPAPISpec.function(format)),
                .init("GET /pets/{id}", HTTPAPISpec.function(format)),
                .init("$default", HTTPAPISpec.function(format)),
            ])
    }

    /// The event of a request, with what differs from run to run replaced.
    private func event(
        _ gateway: TestGateway, _ backend: Backend, _ request: String, headers: [(String, String)] = [],
        body: String = ""
    ) throws -> String {
        let words = request.split(separator: " ").map(String.init)
        let answer = try gateway.request(
            words[0], words[1], headers: headers + [("X-Amzn-Trace-Id", Self.trace)], body: body)
        #expect(answer.status == 200)
        let id = try #require(answer["apigw-requestid"])
        return try #require(backend.requests.last).body
            .replacing(id, with: "ID")
            .replacing("\"\(gateway.port)\"", with: "\"PORT\"").replacing(":\(gateway.port)\"", with: ":PORT\"")
            .replacing(/"(requestTime|time)":"[0-9]{2}\/[A-Z][a-z]{2}\/[0-9]{4}:[0-9:]{8} \+0000"/) {
                "\"\($0.output.1)\":T"
            }
            .replacing(/"(requestTimeEpoch|timeEpoch)":[0-9]{13}/) { "\"\($0.output.1)\":E" }
            .replacing(/"(apiId|domainPrefix)":"[a-z0-9]{10}"/) { "\"\($0.output.1)\":\"API\"" }
            .replacing(/"domainName":"[a-z0-9]{10}\.execute-api/, with: "\"domainName\":\"API.execute-api")
    }

    @Test("Format 2.0 is written byte by byte")
    func golden2() async throws {
        let backend = try Backend(.returns("{}"))
        let root = "x-portico-stages: {dev: {variables: {s: v}}}"
        try await withLambda(Self.api(backend, format: "2.0", root: root)) { gateway in
            let text = try event(
                gateway, backend, "POST /dev/agents/a%20b/1?a=1&a=2&b=x%26y&c",
                headers: [
                    ("User-Agent", "ua"), ("X-Own", "one"), ("x-own", "two"), ("Cookie", "c1=1; c2=2"),
                    ("cookie", "c3=3"), ("Content-Type", "application/json"), ("X-Forwarded-For", "10.0.0.1"),
                ], body: "{\"a\":1}")
            let expected =
                #"{"version":"2.0","routeKey":"ANY /agents/{proxy+}","rawPath":"/dev/agents/a%20b/1","#
                + #""rawQueryString":"a=1&a=2&b=x%26y&c","cookies":["c1=1","c2=2","c3=3"],"#
                + #""headers":{"host":"127.0.0.1:PORT","user-agent":"ua","x-own":"one,two","#
                + #""content-type":"application/json","content-length":"7","x-amzn-trace-id":"\#(Self.trace)","#
                + #""x-forwarded-for":"10.0.0.1, 127.0.0.1","x-forwarded-port":"PORT","x-forwarded-proto":"http"},"#
                + #""queryStringParameters":{"a":"1,2","b":"x&y","c":""},"#
                + #""requestContext":{"accountId":"000000000000","apiId":"API","#
                + #""domainName":"API.execute-api.us-east-1.amazonaws.com","domainPrefix":"API","#
                + #""http":{"method":"POST","path":"/dev/agents/a%20b/1","protocol":"HTTP/1.1","#
                + #""sourceIp":"127.0.0.1","userAgent":"ua"},"requestId":"ID","#
                + #""routeKey":"ANY /agents/{proxy+}","stage":"dev","time":T,"timeEpoch":E},"#
                + #""pathParameters":{"proxy":"a b/1"},"stageVariables":{"s":"v"},"body":"{\"a\":1}","#
                + #""isBase64Encoded":false}"#
            #expect(text.sortedHost == expected.sortedHost, "\(text)")
        }
    }

    @Test("Format 2.0 leaves out what is empty")
    func empty2() async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(backend, format: "2.0")) { gateway in
            let text = try event(gateway, backend, "GET /my/path")
            for name in [
                "cookies", "queryStringParameters", "pathParameters", "stageVariables", "body", "authorizer",
                "authentication",
            ] {
                #expect(!text.contains("\"\(name)\""), "\(name): \(text)")
            }
            #expect(
                text.hasPrefix(
                    #"{"version":"2.0","routeKey":"$default","rawPath":"/my/path","rawQueryString":"","headers":{"#))
            #expect(text.contains(#""content-length":"0""#))
            #expect(text.contains(#""stage":"$default""#))
            #expect(text.hasSuffix(#","isBase64Encoded":false}"#))
        }
    }

    @Test("Format 1.0 is written byte by byte")
    func golden1() async throws {
        let backend = try Backend(.returns(#"{"statusCode":200}"#))
        try await withLambda(Self.api(backend, format: "1.0", root: "x-portico-stages: {dev: {}}")) { gateway in
            let text = try event(
                gateway, backend, "GET /dev/pets/7?a=1&a=2", headers: [("X-Own", "one"), ("x-own", "two")])
            let own =
                #""content-length":"0","x-amzn-trace-id":"\#(Self.trace)","x-forwarded-for":"127.0.0.1","#
                + #""x-forwarded-port":"PORT","x-forwarded-proto":"http""#
            let lists =
                #""content-length":["0"],"x-amzn-trace-id":["\#(Self.trace)"],"x-forwarded-for":["127.0.0.1"],"#
                + #""x-forwarded-port":["PORT"],"x-forwarded-proto":["http"]"#
            let expected =
                #"{"version":"1.0","resource":"/pets/{id}","path":"/dev/pets/7","httpMethod":"GET","#
                + #""headers":{"host":"127.0.0.1:PORT","x-own":"two",\#(own)},"#
                + #""multiValueHeaders":{"host":["127.0.0.1:PORT"],"x-own":["one","two"],\#(lists)},"#
                + #""queryStringParameters":{"a":"2"},"multiValueQueryStringParameters":{"a":["1","2"]},"#
                + #""requestContext":{"accountId":"000000000000","apiId":"API","#
                + #""authorizer":{"claims":null,"scopes":null},"#
                + #""domainName":"API.execute-api.us-east-1.amazonaws.com","domainPrefix":"API","#
                + #""extendedRequestId":"ID","httpMethod":"GET","identity":{"accessKey":null,"accountId":null,"#
                + #""caller":null,"cognitoAmr":null,"cognitoAuthenticationProvider":null,"#
                + #""cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"#
                + #""principalOrgId":null,"sourceIp":"127.0.0.1","user":null,"userAgent":null,"userArn":null},"#
                + #""path":"/dev/pets/7","protocol":"HTTP/1.1","requestId":"ID","requestTime":T,"requestTimeEpoch":E,"#
                + #""resourceId":null,"resourcePath":"/pets/{id}","stage":"dev"},"pathParameters":{"id":"7"},"#
                + #""stageVariables":null,"body":null,"isBase64Encoded":false}"#
            #expect(text.sortedHost == expected.sortedHost, "\(text)")
        }
    }

    @Test(
        "Bodies that are no text come in base64",
        arguments: [
            ("application/json", "", false), ("text/csv; charset=utf-8", "", false), ("", "", false),
            ("application/vnd.api+json", "", false), ("image/svg+xml", "", false), ("application/xml", "", false),
            ("application/javascript", "", false), ("application/x-www-form-urlencoded", "", false),
            ("application/octet-stream", "", true), ("image/png", "", true),
            ("multipart/form-data; boundary=x", "", true),
            ("application/json", "gzip", true), ("application/json", "identity", false),
        ])
    func bodies(_ type: String, _ coding: String, _ isBinary: Bool) async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(backend, format: "2.0")) { gateway in
            var headers: [(String, String)] = []
            if !type.isEmpty { headers.append(("Content-Type", type)) }
            if !coding.isEmpty { headers.append(("Content-Encoding", coding)) }
            let text = try event(gateway, backend, "POST /x", headers: headers, body: "hello")
            #expect(
                text.hasSuffix(
                    isBinary
                        ? #""body":"aGVsbG8=","isBase64Encoded":true}"# : #""body":"hello","isBase64Encoded":false}"#),
                "\(text)")
        }
    }
}

extension String {
    /// `host` stands where the client writes it, which is no matter here.
    fileprivate var sortedHost: String {
        replacing("\"host\":\"127.0.0.1:PORT\",", with: "").replacing("\"host\":[\"127.0.0.1:PORT\"],", with: "")
    }
}
