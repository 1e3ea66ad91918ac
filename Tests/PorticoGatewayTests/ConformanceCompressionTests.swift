import Logging
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Compression" (8.2), "Request pipeline" (3) row 2.
@Suite("Conformance: compressed requests and answers")
struct ConformanceCompressionTests {
    private static let unsupported = message("Unsupported Media Type")
    private static let plain = CompressedSamples.plain

    // MARK: - Requests

    private struct Body {
        var name: String
        var coding: [(String, String)]
        var bytes: [UInt8]

        init(_ name: String, _ codings: String..., bytes: [UInt8]) {
            self.name = name
            coding = codings.map { ("Content-Encoding", $0) }
            self.bytes = bytes
        }
    }

    private static let good = [
        Body("gzip", "gzip", bytes: CompressedSamples.gzip), Body("any case", "GZIP", bytes: CompressedSamples.gzip),
        Body("the old name", "x-gzip", bytes: CompressedSamples.named),
        Body("zlib format", "deflate", bytes: CompressedSamples.zlib),
        Body("bare deflate", "deflate", bytes: CompressedSamples.bare),
        Body("identity", "identity", bytes: Array(plain.utf8)), Body("no name", "", bytes: Array(plain.utf8)),
        Body("with identity", "identity, gzip", bytes: CompressedSamples.gzip),
        Body("two in a list", "gzip, deflate", bytes: CompressedSamples.compressed(CompressedSamples.gzip, .deflate)),
        Body("two fields", "deflate", "gzip", bytes: CompressedSamples.compressed(CompressedSamples.zlib)),
        Body(
            "three", "gzip, gzip, gzip",
            bytes: CompressedSamples.compressed(CompressedSamples.compressed(CompressedSamples.gzip))),
        Body(
            "two members", "gzip",
            bytes: CompressedSamples.compressed(plain.utf8.prefix(20))
                + CompressedSamples.compressed(plain.utf8.dropFirst(20))),
    ]

    private static let bad = [
        Body("no gzip data", "gzip", bytes: Array("{\"not\": \"gzip\"}".utf8)),
        Body("no deflate data", "deflate", bytes: Array("{\"not\": \"deflate\"}".utf8)),
        Body("truncated", "gzip", bytes: CompressedSamples.gzip.dropLast()),
        Body("garbage after it", "gzip", bytes: CompressedSamples.gzip + [0x20]),
        Body("another coding than it says", "gzip", bytes: CompressedSamples.zlib),
        Body("applied once, named twice", "gzip, gzip", bytes: CompressedSamples.gzip),
        Body("unknown coding", "br", bytes: CompressedSamples.gzip),
        Body("unknown coding in a list", "gzip, zstd", bytes: CompressedSamples.gzip),
        Body("compress", "compress", bytes: CompressedSamples.gzip),
        Body("too many", "gzip,gzip,gzip,gzip,gzip", bytes: CompressedSamples.gzip),
    ]

    private static func requestAPI(_ backend: Backend) -> String {
        let uri = "http://\(backend.authority)/in"
        return spec(
            root: """
                x-amazon-apigateway-request-validators: {body: {validateRequestBody: true}}
                components: {schemas: {Named: {type: object, required: [name]}}}
                """,
            [
                SpecOperation("POST /http", backendIntegration("http", "POST", uri)),
                SpecOperation("POST /proxy", backendIntegration("http_proxy", "POST", uri)),
                SpecOperation(
                    "POST /template",
                    backendIntegration(
                        "http", "POST", uri,
                        "requestTemplates: {application/json: '$input.path(\"$.name\") $input.params(\"Content-Encoding\")'}"
                    )),
                SpecOperation(
                    "POST /mapped",
                    backendIntegration(
                        "http", "POST", uri,
                        parameters(
                            "requestParameters", [("integration.request.header.X-Name", "method.request.body.name")]))),
                SpecOperation(
                    "POST /validated", backendIntegration("http_proxy", "POST", uri),
                    "x-amazon-apigateway-request-validator: body, requestBody: {content: {application/json: {schema: "
                        + "{$ref: '#/components/schemas/Named'}}}}"),
                SpecOperation("POST /mock", mock("$input.params('Content-Type')", request: "{\"statusCode\": 200}")),
            ])
    }

    @Test("A compressed request is plain for validation, templates, mappings and backends")
    func requests() async throws {
        let backend = try Backend()
        try await withGateway(Self.requestAPI(backend)) { gateway in
            for body in Self.good {
                for path in ["http", "proxy", "template", "mapped", "validated", "mock"] {
                    let place: Comment = "\(body.name), \(path)"
                    let earlier = backend.requests.count
                    let answer = try gateway.request(
                        "POST", "/dev/\(path)", headers: body.coding + [("Content-Type", "application/json")],
                        bytes: body.bytes)
                    #expect(answer.status == 200, place)
                    guard path != "mock" else { continue }
                    let seen = try #require(backend.requests.last, place)
                    #expect(backend.requests.count == earlier + 1, place)
                    #expect(seen["Content-Encoding"] == nil, place)
                    #expect(seen["Content-Length"] == "\(seen.bytes.count)", place)
                    switch path {
                    case "template": #expect(seen.body == "rex \(body.coding.last?.1 ?? "")", place)
                    case "mapped": #expect(seen["X-Name"] == "rex", place)
                    default: #expect(seen.body == Self.plain, place)
                    }
                }
            }
        }
        backend.stop()
    }

    @Test("What is not of the coding that it names, and an unknown coding, is 415")
    func refused() async throws {
        let backend = try Backend()
        try await withGateway(Self.requestAPI(backend)) { gateway in
            for body in Self.bad {
                // Before the route is looked for.
                for path in ["http", "mock", "nowhere"] {
                    let answer = try gateway.request("POST", "/dev/\(path)", headers: body.coding, bytes: body.bytes)
                    #expect(answer.status == 415, "\(body.name), \(path)")
                    #expect(answer.text == Self.unsupported, "\(body.name), \(path)")
                    #expect(answer["x-amzn-ErrorType"] == "BadRequestException", "\(body.name), \(path)")
                }
            }
            #expect(backend.requests.isEmpty)
            // Without a body there is nothing to undo.
            let answer = try gateway.request("POST", "/dev/proxy", headers: [("Content-Encoding", "br")])
            #expect(answer.status == 200)
        }
        backend.stop()
    }

    @Test("A connection goes on after a compressed request, good or bad, with a length or in chunks")
    func connection() async throws {
        let backend = try Backend()
        try await withGateway(Self.requestAPI(backend)) { gateway in
            let connection = try RawConnection(port: gateway.port)
            let gzip = CompressedSamples.gzip
            for (bytes, status) in [(gzip, 200), (gzip.dropLast(), 415), (gzip, 200)] as [([UInt8], Int)] {
                let head = "POST /dev/proxy HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
                try connection.send(Array((head + "Content-Length: \(bytes.count)\r\n\r\n").utf8) + bytes)
                #expect(try connection.readResponse().status == status)
                try connection.send(head + "Transfer-Encoding: chunked\r\n\r\n")
                for byte in bytes { try connection.send(Array("1\r\n".utf8) + [byte] + Array("\r\n".utf8)) }
                try connection.send("0\r\n\r\n")
                #expect(try connection.readResponse().status == status)
            }
            #expect(backend.requests.map(\.body) == Array(repeating: Self.plain, count: 4))
        }
        backend.stop()
    }

    @Test("A body that is too large when it is plain is 413, however small it came")
    func bomb() async throws {
        let backend = try Backend()
        try await withGateway(Self.requestAPI(backend), configure: { $0.maximumBodyBytes = 100_000 }) { gateway in
            func status(_ bytes: [UInt8], _ coding: String) throws -> Int {
                let answer = try gateway.request(
                    "POST", "/dev/proxy", headers: [("Content-Encoding", coding)], bytes: bytes)
                if answer.status == 413 { #expect(answer["x-amzn-ErrorType"] == "RequestTooLargeException") }
                return answer.status
            }
            let zeros = repeatElement(UInt8(0x20), count: 100_000)
            let largest = try status(CompressedSamples.compressed(zeros), "gzip")
            #expect(largest == 200)
            #expect(backend.requests.last?["Content-Length"] == "100000")
            let bomb = CompressedSamples.compressed(repeatElement(UInt8(0x20), count: 50 << 20))
            for (bytes, coding) in [
                (CompressedSamples.compressed(Array(zeros) + [0x20]), "gzip"), (bomb, "gzip"),
                (CompressedSamples.compressed(bomb, .deflate), "gzip, deflate"),
            ] {
                let refused = try status(bytes, coding)
                #expect(refused == 413)
            }
            #expect(backend.requests.count == 1)
            let after = try status(CompressedSamples.gzip, "gzip")
            #expect(after == 200)
        }
        backend.stop()
    }

    // MARK: - Answers

    private static let text = String(repeating: "0123456789", count: 10)

    private static func answerAPI(_ backend: Backend, minimum: Int?) -> String {
        let uri = "http://\(backend.authority)/in"
        let coded = parameters("responseParameters", [("method.response.header.Content-Encoding", "'x-own'")])
        return spec(
            root: minimum.map { "x-amazon-apigateway-minimum-compression-size: \($0)" } ?? "",
            [
                SpecOperation("GET /mock", mock(text)),
                SpecOperation("HEAD /mock", mock(text)),
                SpecOperation(
                    "GET /mapped",
                    mock(
                        text, request: "{\"statusCode\": 200}", status: 200,
                        parameters("responseParameters", [("method.response.header.X-Id", "context.requestId")]))),
                SpecOperation("GET /coded", mock(text, request: "{\"statusCode\": 200}", status: 200, coded)),
                SpecOperation(
                    "GET /override",
                    mock("#set($context.responseOverride.header['Content-Encoding'] = 'x-own')" + text)),
                SpecOperation("GET /grown", mock("#foreach($i in [1..30])0123456789#end")),
                SpecOperation("GET /empty", mock("#set($a = 1)")),
                SpecOperation("GET /none", mock(text, request: "{\"statusCode\": 204}", status: 204), statuses: [204]),
                SpecOperation("GET /http", backendIntegration("http", "GET", uri)),
                SpecOperation("ANY /proxy", backendIntegration("http_proxy", "ANY", uri)),
            ])
    }

    /// The answer with its coding undone.
    private static func read(_ answer: RawResponse) -> (coding: String?, text: String?) {
        let coding = answer["Content-Encoding"]
        switch coding {
        case "gzip":
            return (coding, CompressedSamples.plain(answer.body).map { String(decoding: $0, as: UTF8.self) })
        case "deflate":
            return (coding, CompressedSamples.plain(answer.body, .deflate).map { String(decoding: $0, as: UTF8.self) })
        default:
            return (coding, answer.text)
        }
    }

    @Test("An answer is compressed if the client names a supported coding as its best")
    func accepted() async throws {
        let backend = try Backend(.respond(status: 200, headers: [("Content-Type", "text/plain")], body: Self.text))
        let rows: [(accept: [String], coding: String?)] = [
            (["gzip"], "gzip"), (["deflate"], "deflate"), (["gzip, deflate, br"], "gzip"),
            (["deflate;q=0.5,gzip;q=1.0"], "gzip"), (["gzip;q=0.5,deflate;q=1.0"], "deflate"),
            (["gzip;q=1.0,identity;q=0.5,*;q=0"], "gzip"), (["br", "gzip"], "gzip"), ([], nil), (["identity"], nil),
            (["*"], nil), ([""], nil), (["br"], nil), (["br;q=1.0, gzip;q=0.8"], nil), (["gzip;q=0"], nil),
        ]
        try await withGateway(Self.answerAPI(backend, minimum: 100)) { gateway in
            for row in rows {
                for path in ["mock", "mapped", "http", "proxy"] {
                    let answer = try gateway.request(
                        "GET", "/dev/\(path)", headers: row.accept.map { ("Accept-Encoding", $0) })
                    let (coding, text) = Self.read(answer)
                    #expect(answer.status == 200, "\(row.accept), \(path)")
                    #expect(coding == row.coding, "\(row.accept), \(path)")
                    #expect(text == Self.text, "\(row.accept), \(path)")
                    #expect(answer.values("Content-Length") == ["\(answer.body.count)"], "\(row.accept), \(path)")
                    #expect(answer["Vary"] == nil, "\(row.accept), \(path)")
                }
            }
        }
        backend.stop()
    }

    @Test(
        "An answer is compressed from minimumCompressionSize on, measured after mapping",
        arguments: [(nil, false, false), (0, true, true), (100, true, true), (101, false, true), (301, false, false)]
            as [(Int?, Bool, Bool)])
    func size(_ minimum: Int?, _ hundred: Bool, _ threeHundred: Bool) async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: Self.text))
        try await withGateway(Self.answerAPI(backend, minimum: minimum)) { gateway in
            let gzip = [("Accept-Encoding", "gzip")]
            for path in ["mock", "mapped", "http", "proxy"] {
                let answer = try gateway.request("GET", "/dev/\(path)", headers: gzip)
                #expect(answer["Content-Encoding"] == (hundred ? "gzip" : nil), "\(path)")
                #expect(Self.read(answer).text == Self.text, "\(path)")
            }
            let grown = try gateway.request("GET", "/dev/grown", headers: gzip)
            #expect(grown["Content-Encoding"] == (threeHundred ? "gzip" : nil))
            #expect(Self.read(grown).text == String(repeating: "0123456789", count: 30))
            // Nothing to compress, and an answer of the gateway itself.
            for (path, status) in [("empty", 200), ("none", 204), ("nowhere", 403)] {
                let answer = try gateway.request("GET", "/dev/\(path)", headers: gzip)
                #expect(answer.status == status, "\(path)")
                #expect(answer["Content-Encoding"] == nil, "\(path)")
            }
        }
        backend.stop()
    }

    @Test("What is coded already is not compressed again")
    func alreadyCoded() async throws {
        let backend = try Backend(
            .respond(status: 200, headers: [("Content-Encoding", "x-own")], body: Self.text))
        try await withGateway(Self.answerAPI(backend, minimum: 0)) { gateway in
            for (path, coding) in [("coded", "x-own"), ("override", "x-own"), ("http", nil), ("proxy", "x-own")] {
                let answer = try gateway.request("GET", "/dev/\(path)", headers: [("Accept-Encoding", "gzip")])
                #expect(answer.values("Content-Encoding") == (coding.map { [$0] } ?? []), "\(path)")
                #expect(answer.text == Self.text, "\(path)")
            }
        }
        backend.stop()
    }

    @Test("HEAD says what GET would")
    func head() async throws {
        let backend = try Backend()
        try await withGateway(Self.answerAPI(backend, minimum: 0)) { gateway in
            let gzip = [("Accept-Encoding", "gzip")]
            let get = try gateway.request("GET", "/dev/mock", headers: gzip)
            let head = try gateway.request("HEAD", "/dev/mock", headers: gzip)
            #expect(head["Content-Encoding"] == "gzip")
            #expect(head["Content-Length"] == get["Content-Length"])
            #expect(head.body.isEmpty)
        }
        backend.stop()
    }

    @Test("Large answers come out whole, one after the other")
    func large() async throws {
        let text = (0..<200_000).map { "\($0 &* 2_654_435_761 % 1000)," }.joined()
        let backend = try Backend(.respond(status: 200, headers: [("Content-Type", "text/plain")], body: text))
        try await withGateway(Self.answerAPI(backend, minimum: 1000)) { gateway in
            for coding in ["gzip", "deflate", "gzip", "identity"] {
                let answer = try gateway.request("GET", "/dev/proxy", headers: [("Accept-Encoding", coding)])
                #expect(answer["Content-Encoding"] == (coding == "identity" ? nil : coding))
                let whole: [UInt8]? =
                    coding == "identity"
                    ? answer.body
                    : CompressedSamples.plain(answer.body, coding == "gzip" ? .gzip : .deflate, limit: 10 << 20)
                #expect(whole?.elementsEqual(text.utf8) == true, "\(coding)")
            }
        }
        backend.stop()
    }

    // MARK: - Proxied backends

    @Test("A proxied backend's gzip and deflate are undone, since its Content-Encoding does not pass")
    func backendCoding() async throws {
        let backend = try Backend()
        let plain = Array(Self.plain.utf8)
        let rows: [(name: String, coding: String, bytes: [UInt8], seen: [UInt8], shown: String?)] = [
            ("gzip", "gzip", CompressedSamples.gzip, plain, nil),
            ("deflate", "deflate", CompressedSamples.zlib, plain, nil),
            ("bare deflate", "DEFLATE", CompressedSamples.bare, plain, nil),
            ("identity", "identity", plain, plain, nil),
            ("two", "deflate, gzip", CompressedSamples.compressed(CompressedSamples.zlib), plain, nil),
            // A header that does not tell the truth goes alone.
            ("not gzip", "gzip", plain, plain, nil),
            // What cannot be undone keeps its header, and its bytes as they are.
            ("br", "br", [0x61, 0xFF, 0x62], [0x61, 0xFF, 0x62], "br"),
            ("gzip, br", "gzip, br", [0x61, 0xFF], [0x61, 0xFF], "gzip, br"), ("empty", "gzip", [], [], nil),
        ]
        try await withGateway(Self.answerAPI(backend, minimum: nil)) { gateway in
            for row in rows {
                backend.behave(
                    .respondBytes(
                        status: 200, headers: [("Content-Type", "application/json"), ("Content-Encoding", row.coding)],
                        body: row.bytes))
                let answer = try gateway.request("GET", "/dev/proxy", headers: [("Accept-Encoding", "gzip, br")])
                #expect(backend.requests.last?["Accept-Encoding"] == "gzip, br", "\(row.name)")
                #expect(answer.status == 200, "\(row.name)")
                #expect(answer["Content-Encoding"] == row.shown, "\(row.name)")
                #expect(answer.body == row.seen, "\(row.name)")
                #expect(answer.values("Content-Length") == ["\(row.seen.count)"], "\(row.name)")
                #expect(answer["x-amzn-Remapped-Content-Length"] == "\(row.bytes.count)", "\(row.name)")
            }
            let gzip = CompressedSamples.gzip
            backend.behave(.respondBytes(status: 206, headers: [("Content-Encoding", "gzip")], body: Array(gzip[..<9])))
            let part = try gateway.request("GET", "/dev/proxy")
            #expect(part["Content-Encoding"] == "gzip")
            #expect(part.body == Array(gzip[..<9]))
            backend.behave(.raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n"))
            let head = try gateway.request("HEAD", "/dev/proxy")
            #expect(head["Content-Encoding"] == nil)
            #expect(head["Content-Length"] == nil)
        }
        backend.stop()
    }

    @Test("In an API that compresses, a proxied body passes as it is if the client would get that coding anyway")
    func backendCodingPasses() async throws {
        let backend = try Backend(
            .respondBytes(status: 200, headers: [("Content-Encoding", "gzip")], body: CompressedSamples.named))
        try await withGateway(Self.answerAPI(backend, minimum: 0)) { gateway in
            let same = try gateway.request("GET", "/dev/proxy", headers: [("Accept-Encoding", "gzip")])
            #expect(same["Content-Encoding"] == "gzip")
            #expect(same.body == CompressedSamples.named)
            // Source: 8.2: an answer that came with a coding is not compressed.
            for accept in ["deflate", "identity"] {
                let other = try gateway.request("GET", "/dev/proxy", headers: [("Accept-Encoding", accept)])
                #expect(other["Content-Encoding"] == nil, "\(accept)")
                #expect(other.text == Self.plain, "\(accept)")
            }
        }
        backend.stop()
    }

    @Test("A call without a listener and its log see plain bodies")
    func invocation() async throws {
        let backend = try Backend(
            .respondBytes(status: 200, headers: [("Content-Encoding", "gzip")], body: CompressedSamples.gzip))
        let uri = "http://\(backend.authority)/in"
        let snapshot = try TestGateway.compile(
            spec(
                root: "x-amazon-apigateway-minimum-compression-size: 0",
                [
                    SpecOperation("POST /proxy", backendIntegration("http_proxy", "POST", uri)),
                    SpecOperation("GET /mock", mock(Self.text)),
                ]))
        var call = TestInvocation(method: "POST", path: "/proxy")
        call.headers = [("Content-Encoding", "gzip"), ("X-Long", String(repeating: "x", count: 200))]
        call.body = CompressedSamples.gzip
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let answer = try await call.run(on: snapshot, logger: logger)
        #expect(backend.requests.last?.body == Self.plain)
        #expect(String(decoding: answer.body, as: UTF8.self) == Self.plain)
        #expect(answer.log.contains("Method request body before transformations: \(Self.plain)\n"))
        var mocked = TestInvocation(method: "GET", path: "/mock")
        mocked.headers = [("Accept-Encoding", "gzip")]
        let compressed = try await mocked.run(on: snapshot, logger: logger)
        #expect(CompressedSamples.plain(compressed.body) == Array(Self.text.utf8))
        #expect(compressed.log.contains("Method response body after transformations: \(Self.text)\n"))
        backend.stop()
    }

    @Test("A proxied body that is too large when it is plain is 500")
    func backendBomb() async throws {
        let bomb = CompressedSamples.compressed(repeatElement(UInt8(0x20), count: (10 << 20) + 1))
        let backend = try Backend(.respondBytes(status: 200, headers: [("Content-Encoding", "gzip")], body: bomb))
        try await withGateway(Self.answerAPI(backend, minimum: nil)) { gateway in
            let answer = try gateway.request("GET", "/dev/proxy")
            #expect(answer.status == 500)
            #expect(answer.text == message("Internal server error"))
        }
        backend.stop()
    }
}
