import PorticoPrograms
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Event" (5.1), "Route matching" (2), "Headers" (4.6), "contentHandling and binary" (4.7).
@Suite("Lambda proxy events")
struct LambdaEventTests {
    private static func api(_ backend: Backend, root: String = "", verb: String = "ANY") -> String {
        spec(
            root: LambdaSpec.endpoint(backend) + (root.isEmpty ? "" : "\n" + root),
            [
                SpecOperation("\(verb) /pets/{id}", LambdaSpec.integration()),
                SpecOperation("\(verb) /plain", LambdaSpec.integration()),
                SpecOperation("\(verb) /{proxy+}", LambdaSpec.integration()),
            ])
    }

    private static let trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"

    /// The event of a request, with what differs from run to run replaced.
    private func event(
        _ gateway: TestGateway, _ backend: Backend, _ request: String, headers: [(String, String)] = [],
        body: String = ""
    ) throws -> String {
        let words = request.split(separator: " ").map(String.init)
        let answer = try gateway.request(
            words[0], words[1], headers: headers + [("X-Amzn-Trace-Id", Self.trace)], body: body)
        #expect(answer.status == 200)
        let id = try #require(answer["x-amzn-RequestId"])
        let extended = try #require(answer["x-amz-apigw-id"])
        return try #require(backend.requests.last).body
            .replacing(id, with: "ID").replacing(extended, with: "EXTENDED")
            .replacing("\"\(gateway.port)\"", with: "\"PORT\"").replacing(":\(gateway.port)\"", with: ":PORT\"")
            .replacing(/"requestTime":"[0-9]{2}\/[A-Z][a-z]{2}\/[0-9]{4}:[0-9:]{8} \+0000"/, with: "\"requestTime\":T")
            .replacing(/"requestTimeEpoch":[0-9]{13},/, with: "\"requestTimeEpoch\":E,")
            .replacing(/"(deploymentId|resourceId)":"[a-z0-9]+"/) { "\"\($0.output.1)\":\"HASH\"" }
            .replacing(/"(apiId|domainPrefix)":"[a-z0-9]{10}"/) { "\"\($0.output.1)\":\"API\"" }
            .replacing(/"domainName":"[a-z0-9]{10}\.execute-api/, with: "\"domainName\":\"API.execute-api")
    }

    // Source: recorded behaviour, reference "Custom domains" (4.5).
    @Test(
        "By a custom domain both paths are the one that came, and the domain is the request's",
        arguments: [
            ("127.0.0.1", "/dev/x", "/x", "/dev/x", nil),
            ("none.example.com", "/dev/x", "/dev/x", "/dev/x", "none"),
            ("stage.example.com", "/x", "/x", "/x", "stage"),
            ("stage.example.com", "/base/x", "/base/x", "/base/x", "stage"),
            ("none.example.com", "/base/dev/x", "/base/dev/x", "/base/dev/x", "none"),
            ("a.wild.example.com", "/x", "/x", "/x", "a"),
        ])
    func customDomains(
        _ host: String, _ path: String, _ eventPath: String, _ contextPath: String, _ prefix: String?
    ) async throws {
        let backend = try Backend(.returns("{}"))
        let root = """
            x-portico-stages: {dev: {}}
            x-portico-domain-names:
              none.example.com: {basePathMappings: {"": null, base: null}}
              stage.example.com: {basePathMappings: {"": dev, base: dev}}
              "*.wild.example.com": {basePathMappings: {"": dev}}
            """
        try await withLambda(Self.api(backend, root: root)) { gateway in
            let text = try event(gateway, backend, "GET \(path)", headers: [("Host", host)])
            #expect(text.hasPrefix(#"{"resource":"/{proxy+}","path":"\#(eventPath)","httpMethod":"GET""#), "\(text)")
            #expect(text.contains(#","path":"\#(contextPath)","accountId":"#), "\(text)")
            #expect(text.contains(#""pathParameters":{"proxy":"x"}"#))
            #expect(text.contains(#""domainPrefix":"\#(prefix ?? "API")","requestTimeEpoch":"#))
            let name = prefix == nil ? "API.execute-api.us-east-1.amazonaws.com" : host
            #expect(text.contains(#","domainName":"\#(name)","deploymentId":"HASH","apiId":"API"}"#))
        }
    }

    @Test("An event is written byte by byte as recorded")
    func golden() async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(backend, root: "x-portico-stages: {dev: {variables: {b: '2', a: 'x&y'}}}")) {
            gateway in
            let text = try event(
                gateway, backend, "POST /dev/pets/a%2Fb?q=1&q=two+words&e",
                headers: [
                    ("uSER-agent", "agent"), ("tEsT", "one"), ("authorization", "Bearer x"), ("TEST", "tw\"o"),
                    ("Connection", "keep-alive"),
                ],
                body: "{\"a\":\"\u{e9}\n\"}")
            #expect(
                text
                    == #"{"resource":"/pets/{id}","path":"/pets/a%2Fb","httpMethod":"POST","headers":{"# + headers(text)
                    + #","queryStringParameters":{"q":"two words","e":""},"#
                    + #""multiValueQueryStringParameters":{"q":["1","two words"],"e":[""]},"#
                    + #""pathParameters":{"id":"a%2Fb"},"stageVariables":{"# + variables(text)
                    + #"},"requestContext":{"resourceId":"HASH","resourcePath":"/pets/{id}","httpMethod":"POST","#
                    + #""extendedRequestId":"EXTENDED","requestTime":T,"path":"/dev/pets/a%2Fb","#
                    + #""accountId":"000000000000","protocol":"HTTP/1.1","stage":"dev","domainPrefix":"API","#
                    + #""requestTimeEpoch":E,"requestId":"ID","identity":{"cognitoIdentityPoolId":null,"accountId":null,"#
                    + #""cognitoIdentityId":null,"caller":null,"sourceIp":"127.0.0.1","principalOrgId":null,"#
                    + #""accessKey":null,"cognitoAuthenticationType":null,"cognitoAuthenticationProvider":null,"#
                    + #""userArn":null,"userAgent":"agent","user":null},"#
                    + #""domainName":"API.execute-api.us-east-1.amazonaws.com","deploymentId":"HASH","apiId":"API"},"#
                    + #""body":"{\"a\":\"é\n\"}","isBase64Encoded":false}"#)
            #expect(
                headers(text).hasSuffix(
                    #""X-Amzn-Trace-Id":["\#(Self.trace)"],"X-Forwarded-For":["127.0.0.1"],"X-Forwarded-Port":["PORT"],"#
                        + #""X-Forwarded-Proto":["http"]}"#))
            #expect(headers(text).contains(#""User-Agent":"agent","tEsT":"tw\"o","Authorization":"Bearer x","#))
            #expect(
                headers(text).contains(#""User-Agent":["agent"],"tEsT":["one","tw\"o"],"Authorization":["Bearer x"],"#))
            #expect(!headers(text).lowercased().contains("\"connection\""))
            #expect(!headers(text).lowercased().contains("\"content-length\""))
        }
        backend.stop()
    }

    /// Both maps of headers, whose other members are the client's.
    private func headers(_ event: String) -> String {
        guard let start = event.firstRange(of: "\"headers\":{"),
            let end = event.firstRange(of: ",\"queryStringParameters\"")
        else { return "" }
        return String(event[start.upperBound..<end.lowerBound])
    }

    private func variables(_ event: String) -> String {
        for text in [#""a":"x&y","b":"2""#, #""b":"2","a":"x&y""#] where event.contains(text) { return text }
        return "no variables"
    }

    /// Parts that an event has to have.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var request: String
        var headers: [(String, String)] = []
        var body = ""
        var parts: [String]
        var absent: [String] = []
        var testDescription: String { name }
    }

    private static let rows: [Row] = [
        Row(
            name: "nothing is null, never an empty map", request: "GET /dev/plain",
            parts: [
                #""queryStringParameters":null,"multiValueQueryStringParameters":null,"pathParameters":null,"#,
                #""stageVariables":null,"#, #""body":null,"isBase64Encoded":false}"#,
            ], absent: ["\"apiKey\"", "isCanaryRequest", "authorizer", "clientCert"]),
        Row(
            name: "slashes after the stage count once", request: "GET /dev//plain",
            parts: [#""path":"/plain","httpMethod""#, #""path":"/dev//plain","accountId""#]),
        Row(
            name: "slashes before the stage do not count", request: "GET //dev/plain",
            parts: [#""path":"/plain","httpMethod""#, #""path":"/dev/plain","accountId""#]),
        Row(
            name: "slashes within a greedy value stay", request: "GET /dev/a//b/",
            parts: [#""path":"/a//b/","httpMethod""#, #""pathParameters":{"proxy":"a//b"}"#]),
        Row(
            name: "path values stay encoded", request: "GET /dev/pets/%2B+%25",
            parts: [#""pathParameters":{"id":"%2B+%25"}"#, #""path":"/pets/%2B+%25","httpMethod""#]),
        Row(
            name: "query values are decoded", request: "GET /dev/plain?a=%2B+%22&%61=2",
            parts: [#"{"a":"2"},"multiValueQueryStringParameters":{"a":["+ \"","2"]}"#]),
        Row(
            name: "query values that are no UTF-8 are mended", request: "GET /dev/plain?a=%ff",
            parts: ["{\"a\":\"\u{FFFD}\"}"]),
        Row(
            name: "control characters are escaped", request: "GET /dev/plain?a=%00%01%1F%08%0C%09%0A%0D%7F",
            parts: [#"{"a":"\u0000\u0001\u001F\b\f\t\n\r"# + "\u{7F}\"}"]),
        Row(
            name: "a signature is not shown", request: "GET /dev/plain",
            headers: [("Authorization", "AWS4-HMAC-SHA256 Credential=x")], parts: [], absent: ["AWS4-HMAC"]),
        Row(
            name: "the chain of proxies goes on", request: "GET /dev/plain",
            headers: [("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Port", "1")],
            parts: [#""X-Forwarded-For":"1.2.3.4, 127.0.0.1""#, #""X-Forwarded-For":["1.2.3.4, 127.0.0.1"]"#],
            absent: ["gopher", "\"X-Forwarded-Port\":\"1\""]),
        Row(
            name: "content codings and proxies are shown", request: "GET /dev/plain",
            headers: [("Via", "1.1 x"), ("Content-Encoding", "br")], parts: [#""Via":"1.1 x""#, "Content-Encoding"]),
        Row(
            name: "hidden headers are not", request: "GET /dev/plain",
            headers: [
                ("TE", "x"), ("Max-Forwards", "1"), ("Content-MD5", "x"), ("Server", "x"), ("Trailer", "x"),
                ("Proxy-Authenticate", "x"), ("WWW-Authenticate", "x"),
            ], parts: [],
            absent: ["\"TE\"", "Max-Forwards", "Content-MD5", "\"Server\"", "Trailer", "Authenticate"]),
        Row(
            name: "the verb that counts is shown", request: "POST /dev/plain",
            headers: [("X-HTTP-Method-Override", "DELETE")],
            parts: [#""path":"/plain","httpMethod":"DELETE""#, #""resourcePath":"/plain","httpMethod":"DELETE""#]),
    ]

    @Test("Parts of events follow the rules", arguments: rows)
    func parts(_ row: Row) async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(backend)) { gateway in
            let text = try event(gateway, backend, row.request, headers: row.headers, body: row.body)
            for part in row.parts { #expect(text.contains(part), "\(part) in \(text)") }
            for part in row.absent { #expect(!text.contains(part), "\(part) in \(text)") }
        }
        backend.stop()
    }

    @Test("A body of a binary type is base64, any other is text with U+FFFD for what is none")
    func bodies() async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(backend, root: "x-amazon-apigateway-binary-media-types: [\"image/*\"]")) {
            gateway in
            func body(_ type: String, _ bytes: [UInt8]) throws -> String {
                _ = try gateway.request("POST", "/dev/plain", headers: [("Content-Type", type)], bytes: bytes)
                let text = try #require(backend.requests.last).body
                return String(text[try #require(text.firstRange(of: "\"body\":")).lowerBound...])
            }
            let image = try body("image/png", [0xFF, 0, 1])
            #expect(image == #""body":"/wAB","isBase64Encoded":true}"#)
            #expect(try body("text/plain", [0x61, 0xFF]) == "\"body\":\"a\u{FFFD}\",\"isBase64Encoded\":false}")
            #expect(try body("image/png", []) == #""body":null,"isBase64Encoded":false}"#)
        }
        backend.stop()
    }

    @Test("A call of the Invoke API has the headers of API Gateway")
    func headers() async throws {
        let backend = try Backend(.returns("{}"))
        let target = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3AF/invocations"
        try await withLambda(Self.api(backend)) { gateway in
            let answer = try gateway.request("GET", "/dev/pets/1", headers: [("X-Amzn-Trace-Id", Self.trace)])
            let request = try #require(backend.requests.last)
            #expect(request.method == "POST")
            #expect(request.path == target)
            #expect(request["Host"] == backend.authority)
            #expect(request["Content-Type"] == "application/json")
            #expect(request["X-Amzn-Trace-Id"] == Self.trace)
            #expect(request["x-amzn-lambda-integration-tag"] == answer["x-amzn-RequestId"])
            let api = try #require(request["x-amzn-apigateway-api-id"])
            #expect(request["User-Agent"] == "AmazonAPIGateway_\(api)")
            #expect(
                request["X-Amz-Source-Arn"] == "arn:aws:execute-api:us-east-1:000000000000:\(api)/dev/GET/pets/{id}")
            #expect(answer["X-Amzn-Trace-Id"] == Self.trace)
            let signature = try #require(request["Authorization"])
            #expect(signature.hasPrefix("AWS4-HMAC-SHA256 Credential=AKID/"))
            #expect(signature.contains("/us-east-1/lambda/aws4_request, SignedHeaders=content-type;host;x-amz-date;"))
        }
        backend.stop()
    }

    @Test("Stage variables choose function, alias and version")
    func variables() async throws {
        let backend = try Backend(.returns("{}"))
        let function = "arn:aws:lambda:us-east-1:111111111111:function:${stageVariables.fn}:${stageVariables.alias}"
        let text = spec(
            root: LambdaSpec.endpoint(backend)
                + "\nx-portico-stages: {dev: {variables: {fn: orders, alias: live}}, two: {variables: {fn: x, alias: '7'}}}",
            [SpecOperation("GET /a", LambdaSpec.integration(function: function))])
        try await withLambda(text) { gateway in
            for (stage, end) in [("dev", "orders%3Alive"), ("two", "x%3A7")] {
                let answer = try gateway.request("GET", "/\(stage)/a")
                #expect(answer.status == 200)
                #expect(backend.requests.last?.path.hasSuffix("%3Afunction%3A\(end)/invocations") == true)
            }
        }
        backend.stop()
    }

    @Test("Thousands of parameters of one name, and of many, are grouped")
    func many() async throws {
        let backend = try Backend(.returns("{}"))
        try await withLambda(Self.api(backend)) { gateway in
            let same = Array(repeating: "a=1", count: 1500).joined(separator: "&")
            let text = try event(gateway, backend, "GET /dev/plain?\(same)")
            #expect(text.contains(#""queryStringParameters":{"a":"1"},"#))
            #expect(text.contains("[" + Array(repeating: "\"1\"", count: 1500).joined(separator: ",") + "]"))
            let different = (0..<600).map { "p\($0)=\($0)" }.joined(separator: "&")
            let other = try event(gateway, backend, "GET /dev/plain?\(different)&p7=x")
            #expect(other.contains(#""p7":"x""#))
            #expect(other.contains(#""p7":["7","x"],"p8":["8"]"#))
            let headers = (0..<150).map { ("X-H\($0)", "\($0)") } + [("x-h3", "again")]
            let third = try event(gateway, backend, "GET /dev/plain", headers: headers)
            #expect(third.contains(#""X-H3":"again","X-H4":"4""#))
            #expect(third.contains(#""X-H3":["3","again"],"X-H4":["4"]"#))
        }
        backend.stop()
    }

    @Test("Texts are escaped as the plain writer escapes them, at every length and place")
    func escaping() {
        let samples: [[UInt8]] = [
            [], [0x22], [0x5C], [0], [0x1F], [0x7F], Array("é".utf8), [0xFF], [0xC3], Array("😀".utf8),
            [0xED, 0xA0, 0x80],
        ]
        for length in 0..<40 {
            for sample in samples {
                for place in 0...length {
                    var text = [UInt8](repeating: 0x61, count: length)
                    text.insert(contentsOf: sample, at: place)
                    let fast = OutputBuffer()
                    let plain = OutputBuffer()
                    text.withUnsafeBytes {
                        EventText.appendQuoted($0, into: fast)
                        JSONText.appendQuoted($0, into: plain)
                    }
                    #expect(Array(fast.bytes) == Array(plain.bytes))
                }
            }
        }
        let large = [UInt8](repeating: 0, count: 20_000) + Array("é".utf8)
        let fast = OutputBuffer()
        large.withUnsafeBytes { EventText.appendQuoted($0, into: fast) }
        #expect(fast.count == 20_000 * 6 + 4)
    }
}
