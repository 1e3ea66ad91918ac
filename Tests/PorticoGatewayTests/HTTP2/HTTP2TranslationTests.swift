import NIOCore
import NIOHPACK
import Testing

@testable import PorticoGateway

/// *Source:* RFC 9113, sections 8.1 to 8.3.
@Suite("HTTP/2: translation")
struct HTTP2TranslationTests {
    private static let usual: [(String, String)] = [
        (":method", "GET"), (":scheme", "https"), (":authority", "a.example"), (":path", "/p?q=1"),
    ]

    private static func write(_ fields: [(String, String)], end: Bool) -> (HTTP2RequestHeadOutcome, String) {
        var buffer = ByteBuffer()
        let outcome = HTTP2RequestHead.write(HPACKHeaders(fields), endStream: end, into: &buffer)
        return (outcome, String(buffer: buffer))
    }

    @Test(
        "Header fields become a head",
        arguments: [
            (usual, true, "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\n\r\n"),
            (
                usual + [("accept", "*/*"), ("x-two", "1"), ("x-two", "2")], true,
                "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\naccept: */*\r\nx-two: 1\r\nx-two: 2\r\n\r\n"
            ),
            // Cookies are one field, wherever they stood.
            (
                usual + [("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")], true,
                "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\nx: y\r\ncookie: a=1; b=2\r\n\r\n"
            ),
            (usual + [("host", "a.example")], true, "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\n\r\n"),
            (usual + [("te", "trailers")], true, "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\n\r\n"),
            (
                [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("host", "b.example")], true,
                "GET / HTTP/1.1\r\nhost: b.example\r\n\r\n"
            ),
            // Answered with 400 for the missing host.
            ([(":method", "GET"), (":scheme", "http"), (":path", "/")], true, "GET / HTTP/1.1\r\n\r\n"),
            (
                [(":method", "OPTIONS"), (":scheme", "http"), (":authority", "a"), (":path", "*")], true,
                "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n"
            ),
            ([(":method", "CONNECT"), (":authority", "a:1")], true, "CONNECT / HTTP/1.1\r\nhost: a:1\r\n\r\n"),
            (
                usual + [("content-length", "3")], false,
                "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\ncontent-length: 3\r\n\r\n"
            ),
            (
                usual + [("content-length", "0")], true,
                "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\ncontent-length: 0\r\n\r\n"
            ),
            (usual, false, "GET /p?q=1 HTTP/1.1\r\nhost: a.example\r\ntransfer-encoding: chunked\r\n\r\n"),
        ] as [([(String, String)], Bool, String)])
    func heads(_ fields: [(String, String)], _ end: Bool, _ text: String) {
        let (outcome, written) = Self.write(fields, end: end)
        guard case .head(let body, let isHead) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(written == text)
        #expect(!isHead)
        #expect(body == (end ? .none : text.contains("chunked") ? .chunked : .length(3)))
    }

    @Test("A HEAD is one")
    func head() {
        let fields = [(":method", "HEAD"), (":scheme", "http"), (":authority", "a"), (":path", "/")]
        #expect(Self.write(fields, end: true).0 == .head(.none, isHead: true))
    }

    @Test(
        "What would be another request is malformed",
        arguments: [
            [],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a")],
            [(":method", "GET"), (":authority", "a"), (":path", "/")],
            [(":scheme", "https"), (":authority", "a"), (":path", "/")],
            usual + [(":path", "/")], usual + [(":method", "GET")], usual + [(":scheme", "https")],
            usual + [(":authority", "a.example")], usual + [(":protocol", "websocket")], usual + [(":status", "200")],
            usual + [("accept", "*/*"), (":x", "y")],
            [("accept", "*/*")] + usual,
            usual + [("connection", "close")], usual + [("keep-alive", "1")], usual + [("proxy-connection", "x")],
            usual + [("transfer-encoding", "chunked")], usual + [("upgrade", "h2c")], usual + [("te", "gzip")],
            usual + [("host", "b.example")], usual + [("host", "a.example"), ("host", "a.example")],
            usual + [("Accept", "*/*")], usual + [("", "x")], usual + [("a b", "x")], usual + [("a:b", "x")],
            usual + [("a\r\nb", "x")], usual + [("x", "a\r\nb: c")], usual + [("x", "a\nb")], usual + [("x", "a\0b")],
            usual + [("content-length", "1")], usual + [("content-length", "x")], usual + [("content-length", "")],
            usual + [("content-length", "0"), ("content-length", "0")], usual + [("content-length", "-1")],
            [(":method", "GET /x HTTP/1.1\r\n"), (":scheme", "https"), (":authority", "a"), (":path", "/")],
            [(":method", ""), (":scheme", "https"), (":authority", "a"), (":path", "/")],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "")],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/ HTTP/1.1\r\nx: y")],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/a b")],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "http://b/")],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "*")],
            [(":method", "GET"), (":scheme", "https"), (":authority", "a\r\nx: y"), (":path", "/")],
            [(":method", "GET"), (":scheme", ""), (":authority", "a"), (":path", "/")],
        ] as [[(String, String)]])
    func malformed(_ fields: [(String, String)]) {
        guard case .malformed = Self.write(fields, end: true).0 else {
            Issue.record("\(fields) was taken")
            return
        }
    }

    /// Events as text: fields, `data`, `last`, `end`.
    private static func read(_ pieces: [ArraySlice<UInt8>], isHead: Bool = false) -> [String] {
        var reader = HTTP2AnswerReader()
        reader.isHead = isHead
        let codec = HTTP2Codec()
        var events: [String] = []
        var body = ""
        for piece in pieces {
            var bytes = ByteBuffer(bytes: piece)
            while let event = reader.next(&bytes, codec) {
                switch event {
                case .head(let fields, let isLast):
                    events.append(fields.map { "\($0.name)=\($0.value)" }.joined(separator: "|") + (isLast ? "." : ""))
                case .interim(let fields): events.append("interim " + (fields.first(name: ":status") ?? ""))
                case .data(let piece, let isLast):
                    body += String(buffer: piece)
                    if isLast { events.append("last") }
                case .end: events.append("end")
                case .broken: return events + ["broken"]
                }
            }
        }
        return events + [body] + (reader.isDone ? ["done"] : [])
    }

    @Test(
        "Answers are read however they are cut",
        arguments: [
            (
                "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", false,
                [":status=200|content-type=a/b|content-length=5", "last", "hello", "done"]
            ),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nX-Some-Thing: One\r\nContent-Length: 0\r\n\r\n",
                false, ["interim 100", ":status=404|x-some-thing=One|content-length=0.", "", "done"]
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nKeep-Alive: 1\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
                false, [":status=200", "end", "abc0123456789", "done"]
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, [":status=200|content-length=5.", "", "done"]),
            ("HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n", false, [":status=204|date=x.", "", "done"]),
            ("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", false, [":status=304|etag=x.", "", "done"]),
            ("HTTP/1.1 200 OK\r\n\r\nuntil the end", false, [":status=200", "until the end"]),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", false,
                [":status=200|content-length=1", "last", "broken"]
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx", false, [":status=200", "broken"]),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", false, ["broken"]),
            ("nothing like this", false, ["broken"]),
        ] as [(String, Bool, [String])])
    func answers(_ text: String, _ isHead: Bool, _ events: [String]) {
        let bytes = Array(text.utf8)
        #expect(Self.read([bytes[...]], isHead: isHead) == events)
        #expect(Self.read(bytes.indices.map { bytes[$0...$0] }, isHead: isHead) == events)
        for cut in 1..<bytes.count {
            #expect(Self.read([bytes[..<cut], bytes[cut...]], isHead: isHead) == events, "cut at \(cut)")
        }
    }
}
