import Testing

@testable import PorticoGateway

/// A parsed head with its bytes, so that spans can be read as text.
struct ParsedRequest {
    let bytes: [UInt8]
    let head: RequestHead
    let fields: [HeaderSpan]

    func text(_ offset: Int, _ length: Int) -> String {
        String(decoding: bytes[offset..<offset + length], as: UTF8.self)
    }

    var target: String { text(head.targetOffset, head.targetLength) }
    var path: String { text(head.pathOffset, head.pathLength) }
    var query: String { text(head.queryOffset, head.queryLength) }
    var host: String { text(head.hostOffset, head.hostLength) }

    func name(_ index: Int) -> String { text(Int(fields[index].nameOffset), Int(fields[index].nameLength)) }
    func value(_ index: Int) -> String { text(Int(fields[index].valueOffset), Int(fields[index].valueLength)) }
}

enum RequestOutcome {
    case head(ParsedRequest)
    case needMore
    case rejected(HTTPRejection)

    var parsed: ParsedRequest? {
        if case .head(let parsed) = self { return parsed }
        return nil
    }

    var rejection: HTTPRejection? {
        if case .rejected(let rejection) = self { return rejection }
        return nil
    }

    var isNeedMore: Bool {
        if case .needMore = self { return true }
        return false
    }
}

func parseRequest(_ bytes: [UInt8], parser: HTTPRequestParser = HTTPRequestParser()) -> RequestOutcome {
    var progress = HeadProgress()
    return parseRequest(bytes, parser: parser, progress: &progress)
}

func parseRequest(_ bytes: [UInt8], parser: HTTPRequestParser, progress: inout HeadProgress) -> RequestOutcome {
    // Memory of exactly this size, so that a sanitizer sees a read beyond it.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    switch parser.parse(UnsafeRawBufferPointer(memory), progress: &progress) {
    case .head(let head): return .head(ParsedRequest(bytes: bytes, head: head, fields: Array(parser.headers.spans)))
    case .needMore: return .needMore
    case .rejected(let rejection): return .rejected(rejection)
    }
}

func parseRequest(_ text: String) -> RequestOutcome { parseRequest(Array(text.utf8)) }

@Suite("Request heads")
struct HTTPRequestParserTests {
    @Test("A head is read to spans")
    func spans() throws {
        let text = "POST /dev/pets?type=dog&x=?1 HTTP/1.1\r\nHost: api.test:8080\r\nX-Odd_Name:\t a b \t\r\n"
        let parsed = try #require(parseRequest(text + "content-LENGTH: 12\r\nEmpty:\r\n\r\nleft over").parsed)
        #expect(parsed.head.method == .post)
        #expect(parsed.text(parsed.head.methodOffset, parsed.head.methodLength) == "POST")
        #expect(parsed.target == "/dev/pets?type=dog&x=?1")
        #expect(parsed.path == "/dev/pets")
        #expect(parsed.query == "type=dog&x=?1")
        #expect(parsed.host == "api.test:8080")
        #expect(parsed.head.minorVersion == 1)
        #expect(parsed.head.contentLength == 12)
        #expect(parsed.head.hasBody)
        #expect(parsed.head.keepAlive)
        #expect(!parsed.head.isChunked && !parsed.head.expectContinue && !parsed.head.hasUpgrade)
        #expect(parsed.head.headLength == parsed.bytes.count - "left over".utf8.count)
        #expect(parsed.head.headerValueBytes == 13 + 3 + 2)
        #expect(parsed.fields.map(\.known) == [.host, .other, .contentLength, .other])
        #expect(parsed.name(1) == "X-Odd_Name")
        #expect(parsed.value(1) == "a b")
        #expect(parsed.value(3) == "")
    }

    @Test(
        "Methods",
        arguments: [
            ("GET", HTTPMethod.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch),
            ("DELETE", .delete), ("OPTIONS", .options), ("TRACE", .trace), ("PROPFIND", .other), ("M-SEARCH", .other),
            ("VERSION-CONTROL", .other),
        ])
    func methods(name: String, method: HTTPMethod) {
        #expect(parseRequest("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n").parsed?.head.method == method)
    }

    @Test("Unknown methods are refused", arguments: ["get", "Get", "GETT", "OPTIONSS", "CONNECT", "FROB", "PRI"])
    func unknownMethods(name: String) {
        #expect(parseRequest("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n").rejection == .unknownMethod)
    }

    @Test("Every known name is recognised in any case, and nothing like it", arguments: KnownHeader.allCases)
    func knownNames(known: KnownHeader) throws {
        let name = "\(known.name)"
        if known == .other {
            #expect(name.isEmpty)
            return
        }
        for variant in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
            #expect(recognise(Array(variant.utf8)) == known)
        }
        for variant in [name + "s", "x" + name, String(name.dropLast())] where recognise(Array(variant.utf8)) == known {
            Issue.record("'\(variant)' is taken for '\(name)'")
        }
        for place in name.utf8.indices {
            // Bit 5 folds letters only: CR must not read as a hyphen, nor `@` as a backtick.
            var bytes = Array(name.utf8)
            bytes[name.utf8.distance(from: name.startIndex, to: place)] ^= 0x80
            #expect(recognise(bytes) == .other)
            bytes = Array(name.utf8)
            let offset = name.utf8.distance(from: name.startIndex, to: place)
            if bytes[offset] == 0x2D {
                bytes[offset] = 0x0D
                #expect(recognise(bytes) == .other)
            }
        }
    }

    private func recognise(_ bytes: [UInt8]) -> KnownHeader {
        let tight = recognise(bytes, length: bytes.count)
        let roomy = recognise(bytes + Array(": padding".utf8), length: bytes.count)
        #expect(tight == roomy)
        return tight
    }

    private func recognise(_ bytes: [UInt8], length: Int) -> KnownHeader {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return .other }
            return HeaderTables.shared.recognise(base, length: length, readable: bytes.count)
        }
    }

    @Test(
        "Targets that are no path",
        arguments: [
            ("GET", "http://api.test", "/", "", "api.test"),
            ("GET", "http://api.test?a=b", "/", "a=b", "api.test"),
            ("GET", "HTTPS://api.test:8443/a/b?c", "/a/b", "c", "api.test:8443"),
            ("GET", "http://[::1]:80/", "/", "", "[::1]:80"),
            ("OPTIONS", "*", "*", "", "other.test"),
        ])
    func otherTargets(method: String, target: String, path: String, query: String, host: String) throws {
        let parsed = try #require(parseRequest("\(method) \(target) HTTP/1.1\r\nHost: other.test\r\n\r\n").parsed)
        #expect(parsed.path == path)
        #expect(parsed.query == query)
        #expect(parsed.host == host)
        #expect(parsed.target == target)
    }

    @Test(
        "Targets that are refused",
        arguments: [
            "", "a", "*a", "*", "http://", "http:///a", "http:/a", "https://", "ftp://a/", "http://u:p@a/", "//\u{e9}",
            "/a#b", "/a?b#c", "/a\u{7f}", "/a\tb", "/a\u{0}", "http://a b/",
        ])
    func refusedTargets(target: String) {
        let rejection = parseRequest("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n").rejection
        #expect(rejection == .malformedTarget || rejection == .malformedVersion)
        #expect(rejection?.status == 400)
    }

    @Test("Printable characters that URLs should escape pass through")
    func sloppyTargets() {
        #expect(parseRequest("GET /a\"<>\\^`{|}?q=[]| HTTP/1.1\r\nHost: a\r\n\r\n").parsed?.path == "/a\"<>\\^`{|}")
    }

    @Test(
        "Refused heads",
        arguments: [
            ("GET / HTTP/1.1\nHost: a\n\n", HTTPRejection.malformedLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", .malformedField),
            ("GET / HTTP/1.1\rHost: a\r\n\r\n", .malformedLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\rb: c\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\n\rX", .malformedLineEnd),
            ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nx\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nx@y: b\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nx\u{e9}: b\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nx: b\u{0}c\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nx: b\u{7f}\r\n\r\n", .malformedField),
            ("GET / HTTP/1.1\r\nHost: a\r\nx: \u{c}\r\n\r\n", .malformedField),
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
            ("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
            ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedLineEnd),
            (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .unknownMethod),
            ("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET /\r\n\r\n", .malformedTarget),
            ("GET / http/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
            ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .malformedVersion),
            ("GET / HTTP/5.6\r\nHost: a\r\n\r\n", .malformedVersion),
            ("GET / HTTP/11.1\r\nHost: a\r\n\r\n", .malformedVersion),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
            ("GET / HTTP/1.1\r\n\r\n", .missingHost),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
            ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .invalidHost),
            ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", .unsupportedExpectation),
        ])
    func refusedHeads(text: String, rejection: HTTPRejection) {
        #expect(parseRequest(text).rejection == rejection)
    }

    @Test(
        "Framing that two servers could read differently is refused",
        arguments: [
            ("Content-Length: 1\r\nContent-Length: 2", HTTPRejection.invalidContentLength),
            ("Content-Length: 1\r\nContent-Length: 1", .invalidContentLength),
            ("Content-Length: 1, 1", .invalidContentLength),
            ("Content-Length: +1", .invalidContentLength),
            ("Content-Length: -1", .invalidContentLength),
            ("Content-Length: 0x1", .invalidContentLength),
            ("Content-Length: 1 1", .invalidContentLength),
            ("Content-Length: 1.0", .invalidContentLength),
            ("Content-Length:", .invalidContentLength),
            ("Content-Length: 99999999999999999999", .invalidContentLength),
            ("Content-Length: 1\r\nTransfer-Encoding: chunked", .invalidTransferEncoding),
            ("Transfer-Encoding: chunked\r\nContent-Length: 1", .invalidContentLength),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .invalidTransferEncoding),
            ("Transfer-Encoding: gzip, chunked", .invalidTransferEncoding),
            ("Transfer-Encoding: chunked, identity", .invalidTransferEncoding),
            ("Transfer-Encoding: identity", .invalidTransferEncoding),
            ("Transfer-Encoding: \"chunked\"", .invalidTransferEncoding),
            ("Transfer-Encoding: xchunked", .invalidTransferEncoding),
            ("Transfer-Encoding:", .invalidTransferEncoding),
        ])
    func refusedFraming(fields: String, rejection: HTTPRejection) {
        #expect(parseRequest("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").rejection == rejection)
    }

    @Test("A transfer coding needs HTTP/1.1")
    func chunksOfOldClients() {
        let old = parseRequest("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(old.rejection == .invalidTransferEncoding)
        let new = parseRequest("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n")
        #expect(new.parsed?.head.isChunked == true)
        #expect(new.parsed?.head.contentLength == -1)
    }

    @Test(
        "Lengths", arguments: [("0", 0), ("003", 3), (" \t42 \t", 42), ("999999999999999999", 999_999_999_999_999_999)])
    func lengths(text: String, bytes: Int) {
        let parsed = parseRequest("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\(text)\r\n\r\n").parsed
        #expect(parsed?.head.contentLength == bytes)
    }

    @Test(
        "Keep-alive",
        arguments: [
            ("1.1", "", true), ("1.0", "", false), ("1.1", "Connection: close\r\n", false),
            ("1.1", "Connection: x, CLOSE , y\r\n", false), ("1.0", "Connection: Keep-Alive\r\n", true),
            ("1.1", "Connection: close, keep-alive\r\n", false), ("1.1", "Connection: closed\r\n", true),
            ("1.1", "Connection: close\r\nConnection: keep-alive\r\n", false),
            ("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false),
        ])
    func keepAlive(version: String, field: String, expected: Bool) {
        #expect(parseRequest("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n").parsed?.head.keepAlive == expected)
    }

    @Test("Expectations count from HTTP/1.1 on", arguments: [("1.1", true), ("1.0", false)])
    func expectation(version: String, expected: Bool) {
        let parsed = parseRequest("POST / HTTP/\(version)\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").parsed
        #expect(parsed?.head.expectContinue == expected)
    }

    @Test(
        "An upgrade needs both fields",
        arguments: [
            ("Connection: Upgrade\r\nUpgrade: websocket\r\n", true), ("Upgrade: websocket\r\n", false),
            ("Connection: upgrade\r\n", false), ("Upgrade: h2c\r\nConnection: keep-alive, upgrade\r\n", true),
        ])
    func upgrade(fields: String, expected: Bool) {
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").parsed?.head.hasUpgrade == expected)
    }

    @Test("Empty lines before a request are skipped, a few")
    func leadingLines() {
        let parsed = parseRequest("\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n").parsed
        #expect(parsed?.path == "/x")
        #expect(parsed?.head.headLength == 4 + 28)
        #expect(parseRequest(String(repeating: "\r\n", count: 100)).rejection == .malformedLineEnd)
        #expect(parseRequest("\r").isNeedMore)
        #expect(parseRequest("\rG").rejection == .malformedLineEnd)
    }

    @Test("Bytes from 0x80 on and tabs may stand in values")
    func obsText() {
        let parsed = parseRequest("GET / HTTP/1.1\r\nHost: a\r\nx: D\u{fc}\tsseldorf is a long town\r\n\r\n").parsed
        #expect(parsed?.value(1) == "D\u{fc}\tsseldorf is a long town")
    }

    @Test("A host may be empty, and HTTP/1.0 needs none")
    func hosts() {
        #expect(parseRequest("GET / HTTP/1.1\r\nHost:\r\n\r\n").parsed?.host == "")
        #expect(parseRequest("GET / HTTP/1.0\r\n\r\n").parsed?.host == "")
    }

    @Test("Every prefix of a head needs more, and every cut gives the same head")
    func everyCut() throws {
        let text = "\r\nPATCH /a/b?c=d HTTP/1.1\r\nHost: api.test\r\nTE: x\r\nX-Amzn-Trace-Id: Root=1-2\r\nx:y\r\n\r\n"
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(parseRequest(Array(bytes[..<count])).isNeedMore, "after \(count) bytes")
        }
        let parser = HTTPRequestParser()
        var progress = HeadProgress()
        for count in 1..<bytes.count {
            #expect(parseRequest(Array(bytes[..<count]), parser: parser, progress: &progress).isNeedMore)
        }
        let parsed = try #require(parseRequest(bytes, parser: parser, progress: &progress).parsed)
        #expect(parsed.fields.map(\.known) == [.host, .te, .amznTraceID, .other])
        #expect(parsed.head.headLength == bytes.count)
    }

    @Test("A head that trickles in is looked at a few times only")
    func trickle() {
        var progress = HeadProgress()
        let bytes = Array(("GET /" + String(repeating: "a", count: 6000)).utf8)
        var looks = 0
        for count in 1...bytes.count {
            bytes[..<count].withUnsafeBytes { bytes in
                if progress.isWorthALook(bytes) {
                    looks += 1
                    progress.lookedInVain(bytes.count)
                }
            }
        }
        #expect(looks <= 10)
    }

    @Test(
        "Mistakes show before the head is whole",
        arguments: [
            ("GET / HTTP/5.6", HTTPRejection.malformedVersion), ("GET / HX", .malformedVersion),
            ("GET / HTTP/1.1\n", .malformedLineEnd), ("GET / HTTP/1.1\r\n Host: foo", .malformedField),
            ("GET / HTTP/1.1\r\nContent-Length: x\r\n", .invalidContentLength),
            ("GET / HTTP/1.1\r\nFo@", .malformedField), ("{", .malformedRequestLine),
            ("FROBNICATE ", .unknownMethod), ("GET /\u{1}", .malformedTarget),
        ])
    func earlyRefusal(text: String, rejection: HTTPRejection) {
        #expect(parseRequest(text).rejection == rejection)
    }

    @Test("Request lines up to 8,192 bytes", arguments: [(8192, nil), (8193, HTTPRejection.requestLineTooLong)])
    func longLines(bytes: Int, rejection: HTTPRejection?) {
        let path = "/" + String(repeating: "a", count: bytes - "GET / HTTP/1.1".utf8.count)
        let outcome = parseRequest("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(outcome.rejection == rejection)
        #expect((outcome.parsed != nil) == (rejection == nil))
        #expect(parseRequest("GET /" + String(repeating: "a", count: bytes)).rejection == .requestLineTooLong)
    }

    @Test(
        "Header values up to 10,240 bytes in all", arguments: [(10_240, nil), (10_241, HTTPRejection.fieldsTooLarge)])
    func largeFields(bytes: Int, rejection: HTTPRejection?) {
        let first = String(repeating: "a", count: 5000)
        let second = String(repeating: "b", count: bytes - 5000 - 1)
        let outcome = parseRequest("GET / HTTP/1.1\r\nHost: a\r\nx: \(first)\r\ny: \(second)\r\n\r\n")
        #expect(outcome.rejection == rejection)
        #expect((outcome.parsed != nil) == (rejection == nil))
    }

    @Test("Names and unfinished lines are bounded too")
    func largeNames() {
        let name = String(repeating: "n", count: 7000)
        let names = (0..<3).map { "\(name)\($0): a\r\n" }.joined()
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\(names)\r\n").rejection == .fieldsTooLarge)
        let endless = String(repeating: "n", count: 21_000)
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\(endless)").rejection == .fieldsTooLarge)
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\nx: \(endless)").rejection == .fieldsTooLarge)
    }

    @Test("200 fields, no more", arguments: [(200, nil), (201, HTTPRejection.tooManyFields)])
    func manyFields(count: Int, rejection: HTTPRejection?) {
        let fields = String(repeating: "a: b\r\n", count: count - 1)
        let outcome = parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        #expect(outcome.rejection == rejection)
        #expect(outcome.parsed?.fields.count == (rejection == nil ? count : nil))
    }

    @Test("Known fields can be asked for")
    func table() throws {
        let parser = HTTPRequestParser()
        let text = "GET / HTTP/1.1\r\nHost: a\r\nAccept: one\r\nAccept: two\r\n\r\n"
        _ = parseRequest(Array(text.utf8), parser: parser)
        #expect(parser.headers.contains(.accept))
        #expect(!parser.headers.contains(.cookie))
        #expect(parser.headers.first(.cookie) == nil)
        let first = try #require(parser.headers.first(.accept))
        #expect(first.valueOffset == parser.headers[1].valueOffset)
    }

    @Test("Any one byte of a head may be anything")
    func everyByte() {
        let bytes = Array(
            "GET http://a/b?c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\nx: y\r\n\r\n".utf8)
        for place in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[place] = byte
                switch parseRequest(changed) {
                case .head(let parsed): #expect(parsed.head.headLength <= bytes.count)
                case .needMore, .rejected: break
                }
            }
        }
    }

    @Test("Each rejection has its status and a reason", arguments: HTTPRejection.allCases)
    func statuses(rejection: HTTPRejection) {
        #expect([400, 413, 414, 417, 431, 505].contains(rejection.status))
        #expect(!"\(rejection.reason)".isEmpty)
    }
}
