import Testing

@testable import PorticoGateway

@Suite("Response heads")
struct HTTPResponseParserTests {
    enum Outcome {
        case head(ResponseHead, [HeaderSpan])
        case needMore
        case malformed
        case tooLarge

        var head: ResponseHead? {
            if case .head(let head, _) = self { return head }
            return nil
        }

        var isNeedMore: Bool {
            if case .needMore = self { return true }
            return false
        }

        var isMalformed: Bool {
            if case .malformed = self { return true }
            return false
        }

        var isTooLarge: Bool {
            if case .tooLarge = self { return true }
            return false
        }
    }

    static func parse(_ text: String, isHead: Bool = false) -> Outcome {
        let parser = HTTPResponseParser()
        var progress = HeadProgress()
        let bytes = Array(text.utf8)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        switch parser.parse(UnsafeRawBufferPointer(memory), isHead: isHead, progress: &progress) {
        case .head(let head): return .head(head, Array(parser.headers.spans))
        case .needMore: return .needMore
        case .malformed: return .malformed
        case .tooLarge: return .tooLarge
        }
    }

    @Test("A head is read to spans")
    func spans() throws {
        let text = "HTTP/1.1 404 Not  There\r\nContent-Length: 3\r\nServer :  x \r\n\r\nabc"
        guard case .head(let head, let fields) = Self.parse(text) else {
            Issue.record("no head")
            return
        }
        let bytes = Array(text.utf8)
        func read(_ offset: Int, _ length: Int) -> String {
            String(decoding: bytes[offset..<offset + length], as: UTF8.self)
        }
        #expect(head.status == 404)
        #expect(read(head.reasonOffset, head.reasonLength) == "Not  There")
        #expect(head.framing == .length(3))
        #expect(head.keepAlive)
        #expect(head.headLength == bytes.count - 3)
        #expect(fields.map(\.known) == [.contentLength, .server])
        #expect(read(Int(fields[1].nameOffset), Int(fields[1].nameLength)) == "Server")
        #expect(read(Int(fields[1].valueOffset), Int(fields[1].valueLength)) == "x")
    }

    @Test(
        "Where a body ends",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", false, ResponseFraming.length(0), true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n", false, .length(5), true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n", false, .length(5), true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", false, .chunked, true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n", false, .untilClose, false),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", false, .chunked, false),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n", false, .chunked, false),
            ("HTTP/1.1 200 OK\r\n", false, .untilClose, false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n", false, .length(5), false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n", false, .length(5), true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n", false, .length(5), false),
            ("HTTP/1.9 200 OK\r\nContent-Length: 5\r\n", false, .length(5), true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", true, .none, true),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n", false, .none, true),
            ("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n", false, .none, true),
            ("HTTP/1.1 100 Continue\r\n", false, .none, true),
            ("HTTP/1.1 101 Switching\r\n", false, .none, false),
        ])
    func framing(text: String, isHead: Bool, framing: ResponseFraming, keepAlive: Bool) {
        let head = Self.parse(text + "\r\n", isHead: isHead).head
        #expect(head?.framing == framing)
        #expect(head?.keepAlive == keepAlive)
    }

    @Test(
        "What servers get wrong and clients stand",
        arguments: [
            "HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 \r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
            "HTTP/1.1 200 D\u{e9}j\u{e0}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA\t: b\r\n\r\n", "HTTP/1.1 200\n\n",
        ])
    func lenient(text: String) {
        #expect(Self.parse(text).head?.status == 200)
    }

    @Test(
        "What is no response",
        arguments: [
            "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n",
            "HTTP/1.1  200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "garbage", "\r\nHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 O\u{0}K\r\n\r\n", "HTTP/1.1 200 OK\r\n folded: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\u{0}\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n",
            "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n\rx",
        ])
    func malformed(text: String) {
        #expect(Self.parse(text).isMalformed)
    }

    @Test("Every prefix of a head needs more")
    func everyCut() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Y: z\r\n\r\n"
        for count in 0..<text.utf8.count {
            #expect(Self.parse(String(decoding: text.utf8.prefix(count), as: UTF8.self)).isNeedMore)
        }
        #expect(Self.parse(text).head != nil)
    }

    @Test("Heads are bounded")
    func bounded() {
        let long = String(repeating: "a", count: 70_000)
        #expect(Self.parse("HTTP/1.1 200 OK\r\nx: \(long)\r\n\r\n").isTooLarge)
        #expect(Self.parse("HTTP/1.1 200 OK\r\nx: \(long)").isTooLarge)
        let many = String(repeating: "a: b\r\n", count: 201)
        #expect(Self.parse("HTTP/1.1 200 OK\r\n\(many)\r\n").isTooLarge)
    }

    @Test("Interim responses")
    func interim() {
        #expect(Self.parse("HTTP/1.1 100 Continue\r\n\r\n").head?.isInterim == true)
        #expect(Self.parse("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n").head?.isInterim == true)
        #expect(Self.parse("HTTP/1.1 101 Switching Protocols\r\n\r\n").head?.isInterim == false)
        #expect(Self.parse("HTTP/1.1 200 OK\r\n\r\n").head?.isInterim == false)
    }
}
