import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Response" (5.2), "Headers" (4.6), "contentHandling and binary" (4.7).
@Suite("Results of Lambda proxies")
struct LambdaResponseTests {
    private static func api(_ backend: Backend, _ root: String = "") -> String {
        spec(
            root: LambdaSpec.endpoint(backend) + (root.isEmpty ? "" : "\n" + root),
            [SpecOperation("ANY /f", LambdaSpec.integration())])
    }

    private static let bad = message("Internal server error")

    private static func row(
        _ name: String, _ result: String, _ status: Int = 200, _ text: String? = nil,
        shows: [(String, String?)] = [], headers: [(String, String)] = [], request: String = "POST /dev/f",
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> ConformanceRow {
        ConformanceRow(
            "5.2", name, request, headers: headers, reply: .returns(result), status, text, shows: shows,
            sourceLocation: sourceLocation)
    }

    private static func malformed(
        _ name: String, _ result: String, sourceLocation: SourceLocation = #_sourceLocation
    ) -> ConformanceRow {
        row(
            name, result, 502, functionFailure,
            shows: [("x-amzn-ErrorType", "InternalServerErrorException"), ("X-Amzn-Trace-Id", nil)],
            sourceLocation: sourceLocation)
    }

    @Test("A result becomes the answer")
    func results() async throws {
        let rows = [
            Self.row("nothing", "{}", 200, "", shows: [("Content-Type", "application/json"), ("Content-Length", "0")]),
            Self.row(
                "a list of content types without one", #"{"multiValueHeaders": {"Content-Type": []}}"#, 200, "",
                shows: [("Content-Type", "application/json")]),
            Self.row("a status", #"{"statusCode": 404}"#, 404, ""),
            Self.row("a status as text", #"{"statusCode": "201"}"#, 201, ""),
            Self.row("a status with a fraction", #"{"statusCode": 201.0}"#, 201, ""),
            Self.row(
                "nulls",
                #"{"statusCode":null,"headers":null,"multiValueHeaders":null,"body":null,"isBase64Encoded":null}"#, 200,
                ""),
            Self.row("a body", #"{"body": "hello"}"#, 200, "hello", shows: [("Content-Length", "5")]),
            Self.row("escapes in a body", #"{"body": "a\"\\\/\n\u00e9\ud83d\ude00"}"#, 200, "a\"\\/\né😀"),
            Self.row(
                "a name with escapes", #"{"b\u006fdy": "x", "headers": {"X-\u0041": "1"}}"#, 200, "x",
                shows: [("X-A", "1")]),
            Self.row("a member twice", #"{"body": "a", "body": "b"}"#, 200, "b"),
            Self.row("blanks around", " \n{\"body\":\"x\"}\r\n ", 200, "x"),
            Self.row(
                "scalars in headers",
                #"{"headers": {"A": true, "B": false, "C": 12, "D": 1.5, "E": "t", "F": "", "G": null, "H": "q\"uo\/te"}}"#,
                shows: [
                    ("A", "true"), ("B", "false"), ("C", "12"), ("D", "1.5"), ("E", "t"), ("F", ""), ("G", nil),
                    ("H", "q\"uo/te"),
                ]),
            Self.row(
                "a content type", #"{"headers": {"content-TYPE": "text/html"}, "body": "x"}"#,
                shows: [("Content-Type", "text/html")]),
            Self.row(
                "204 has no body", #"{"statusCode": 204, "body": "x"}"#, 204, "", shows: [("Content-Length", nil)]),
            Self.row("304 has no body", #"{"statusCode": 304, "body": "x"}"#, 304, ""),
            Self.row(
                "a line break in a header splits nothing", #"{"headers": {"A": "x\r\nB: y"}}"#,
                shows: [("A", "x  B: y"), ("B", nil)]),
            Self.row(
                "a trace id of its own is dropped", #"{"headers": {"X-Amzn-Trace-Id": "mine"}}"#, 200, "",
                headers: [
                    ("X-Amzn-Trace-Id", "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1")
                ]),
        ]
        let backend = try Backend()
        try await withLambda(Self.api(backend)) { gateway in check(rows, on: gateway, backend: backend) }
        backend.stop()
    }

    @Test("A result of another form is 502")
    func malformed() async throws {
        let rows = [
            Self.malformed("no bytes", ""), Self.malformed("a string", #""just a string""#),
            Self.malformed("an array", "[]"), Self.malformed("null", "null"), Self.malformed("a number", "3"),
            Self.malformed("no JSON", "<html>"), Self.malformed("half an object", #"{"body": "x""#),
            Self.malformed("two objects", "{}{}"), Self.malformed("an unknown member", #"{"statuscode": 200}"#),
            Self.malformed("errorMessage", #"{"errorMessage": "x"}"#),
            Self.malformed("a status in words", #"{"statusCode": "ok"}"#),
            Self.malformed("an empty status", #"{"statusCode": ""}"#),
            Self.malformed("a status that is true", #"{"statusCode": true}"#),
            Self.malformed("a status in a list", #"{"statusCode": [200]}"#),
            Self.malformed("an interim status", #"{"statusCode": 101}"#),
            Self.malformed("a status too large", #"{"statusCode": 600}"#),
            Self.malformed("a status far too large", #"{"statusCode": 99999999999999999999}"#),
            Self.malformed("a negative status", #"{"statusCode": -200}"#),
            Self.malformed("headers that are a list", #"{"headers": []}"#),
            Self.malformed("headers that are a text", #"{"headers": "A: b"}"#),
            Self.malformed("a header that is an object", #"{"headers": {"A": {}}}"#),
            Self.malformed("a header that is a list", #"{"headers": {"A": ["x"]}}"#),
            Self.malformed("a list of headers that is a text", #"{"multiValueHeaders": {"A": "x"}}"#),
            Self.malformed("a list of headers that is null", #"{"multiValueHeaders": {"A": null}}"#),
            Self.malformed("a list of headers with a list", #"{"multiValueHeaders": {"A": [[]]}}"#),
            Self.malformed("multiValueHeaders that is a list", #"{"multiValueHeaders": []}"#),
            Self.malformed("a name that is none", #"{"headers": {"A B": "x"}}"#),
            Self.malformed("a name with a line break", #"{"headers": {"A\r\nB": "x"}}"#),
            Self.malformed("an empty name", #"{"headers": {"": "x"}}"#),
            Self.malformed("a body that is an object", #"{"body": {"a": 1}}"#),
            Self.malformed("a body that is a list", #"{"body": []}"#),
            Self.malformed("a body that is a number", #"{"body": 1}"#),
            Self.malformed("isBase64Encoded that is a number", #"{"isBase64Encoded": 1}"#),
            Self.malformed("a control character in a string", "{\"body\": \"\u{0}\"}"),
            Self.malformed("deep nesting", #"{"body": "# + String(repeating: "[", count: 100_000)),
            Self.malformed(
                "closed deep nesting",
                String(repeating: "{\"a\":", count: 600) + "1" + String(repeating: "}", count: 600)),
        ]
        let backend = try Backend()
        try await withLambda(Self.api(backend)) { gateway in check(rows, on: gateway, backend: backend) }
        backend.stop()
    }

    @Test("Both maps of headers are merged: lists first, in their casing")
    func merged() async throws {
        let backend = try Backend(
            .returns(
                #"{"headers": {"test-multi": "solo", "Only": 1}, "multiValueHeaders": {"tesT-Multi": ["a", true], "Set-Cookie": ["x=1", "y=2"], "TEST-MULTI": ["c"], "None": []}}"#
            ))
        try await withLambda(Self.api(backend)) { gateway in
            let answer = try gateway.request("GET", "/dev/f")
            let own: Set<String> = [
                "content-type", "date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id", "content-length",
                "connection",
            ]
            let lines = answer.headers.filter { !own.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
            #expect(
                lines == [
                    "tesT-Multi: a", "tesT-Multi: true", "tesT-Multi: c", "tesT-Multi: solo", "Set-Cookie: x=1",
                    "Set-Cookie: y=2", "Only: 1",
                ])
        }
        backend.stop()
    }

    @Test("Headers that are the gateway's own are renamed or dropped")
    func renamed() async throws {
        let names = [
            "Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host", "Max-Forwards",
            "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate", "x-amzn-RequestId",
        ]
        let members = names.map { "\"\($0)\": \"v\"" } + ["\"Transfer-Encoding\": \"v\"", "\"Via\": \"kept\""]
        let backend = try Backend(.returns("{\"headers\": {\(members.joined(separator: ", "))}}"))
        try await withLambda(Self.api(backend)) { gateway in
            let answer = try gateway.request("GET", "/dev/f")
            for name in names { #expect(answer["x-amzn-Remapped-\(name)"] == "v", "\(name)") }
            #expect(answer["Transfer-Encoding"] == nil)
            #expect(answer["x-amzn-Remapped-Transfer-Encoding"] == nil)
            #expect(answer["Via"] == "kept")
            #expect(answer["Content-Length"] == "0")
        }
        backend.stop()
    }

    @Test("base64 is undone if the result says so and the first type of Accept is binary")
    func base64() async throws {
        func row(
            _ name: String, _ result: String, accept: String?, _ text: String, _ status: Int = 200
        ) -> ConformanceRow {
            Self.row(name, result, status, text, headers: accept.map { [("Accept", $0)] } ?? [])
        }
        let marked = #"{"isBase64Encoded": true, "body": "aGVsbG8=", "headers": {"Content-Type": "image/png"}}"#
        let rows = [
            row("accepted", marked, accept: "image/png", "hello"),
            row("accepted first", marked, accept: "image/png;q=1, text/html", "hello"),
            row("accepted second", marked, accept: "text/html, image/png", "aGVsbG8="),
            row("any type is no binary type", marked, accept: "*/*", "aGVsbG8="),
            row("without Accept", marked, accept: nil, "aGVsbG8="),
            row("not marked", #"{"body": "aGVsbG8="}"#, accept: "image/png", "aGVsbG8="),
            row("marked false", #"{"isBase64Encoded": false, "body": "aGVsbG8="}"#, accept: "image/png", "aGVsbG8="),
            row(
                "with escapes", #"{"isBase64Encoded": true, "body": "\u0061GVsbG8\u003d"}"#, accept: "image/png",
                "hello"),
            row("empty", #"{"isBase64Encoded": true, "body": ""}"#, accept: "image/png", ""),
            row("no base64", #"{"isBase64Encoded": true, "body": "a b"}"#, accept: "image/png", Self.bad, 500),
        ]
        let backend = try Backend()
        try await withLambda(Self.api(backend, "x-amazon-apigateway-binary-media-types: [\"image/png\"]")) { gateway in
            check(rows, on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("An answer to HEAD has the length of the body and no body")
    func head() async throws {
        let backend = try Backend(.returns(#"{"body": "hello"}"#))
        try await withLambda(Self.api(backend)) { gateway in
            let answer = try gateway.request("HEAD", "/dev/f")
            #expect(answer.status == 200)
            #expect(answer["Content-Length"] == "5")
            #expect(answer.body.isEmpty)
        }
        backend.stop()
    }

    @Test("Answers are compressed from minimumCompressionSize on, unless the function has done so")
    func compressed() async throws {
        let long = String(repeating: "x", count: 1000)
        let accept = [("Accept-Encoding", "gzip")]
        let rows = [
            Self.row("long", "{\"body\": \"\(long)\"}", shows: [("Content-Encoding", "gzip")], headers: accept),
            Self.row("short", #"{"body": "x"}"#, 200, "x", shows: [("Content-Encoding", nil)], headers: accept),
            Self.row("not asked for", "{\"body\": \"\(long)\"}", 200, long, shows: [("Content-Encoding", nil)]),
            Self.row(
                "coded already", "{\"body\": \"\(long)\", \"headers\": {\"content-encoding\": \"br\"}}", 200, long,
                shows: [("content-encoding", "br")], headers: accept),
        ]
        let backend = try Backend()
        try await withLambda(Self.api(backend, "x-amazon-apigateway-minimum-compression-size: 100")) { gateway in
            check(rows, on: gateway, backend: backend)
        }
        backend.stop()
    }

    @Test("A result of many headers, and one near 6 MB, is an answer; one over 6 MB is 502")
    func large() async throws {
        let backend = try Backend()
        try await withLambda(Self.api(backend)) { gateway in
            let headers = (0..<100_000).map { "\"h\($0)\": \($0)" }.joined(separator: ",")
            backend.behave(.returns("{\"headers\": {\(headers)}}"))
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/f HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let bytes = try connection.readToEnd()
            #expect(bytes.starts(with: "HTTP/1.1 200 OK\r\nh0: 0\r\nh1: 1\r\n".utf8))
            let body = String(repeating: "b", count: 6_200_000)
            backend.behave(.returns("{\"body\": \"\(body)\"}"))
            let answer = try gateway.request("GET", "/dev/f")
            #expect(answer.body.count == body.utf8.count)
            check(
                [
                    Self.malformed("7 MB", "{\"body\": \"\(String(repeating: "b", count: 7 << 20))\"}"),
                    Self.malformed("11 MB", "{\"body\": \"\(String(repeating: "b", count: 11 << 20))\"}"),
                    Self.row("well again", "{}", 200, ""),
                ], on: gateway, backend: backend)
        }
        backend.stop()
    }
}
