import NIOCore
import Testing

@testable import PorticoGateway

@Suite("Chunked bodies")
struct ChunkedTests {
    struct Result: Equatable {
        var outcome: ChunkedDecoder.Outcome
        var body = ""
        var rest = ""
    }

    /// Feeds `text` in pieces of `step` bytes; what was not taken stays in front of the next piece.
    static func decode(_ text: String, step: Int = .max, limit: Int = 1000) -> Result {
        var decoder = ChunkedDecoder(maximumBytes: limit)
        var body = ByteBuffer()
        var input = ByteBuffer()
        var bytes = Array(text.utf8)[...]
        var outcome = ChunkedDecoder.Outcome.needMore
        while !bytes.isEmpty {
            let piece = bytes.prefix(step)
            bytes = bytes.dropFirst(piece.count)
            input.writeBytes(piece)
            outcome = decoder.decode(&input, into: &body)
            if outcome != .needMore { break }
            input.discardReadBytes()
        }
        if outcome == .finished { input.writeBytes(bytes) }
        return Result(outcome: outcome, body: String(buffer: body), rest: String(buffer: input))
    }

    @Test(
        "Whole bodies, in one piece or byte by byte",
        arguments: [
            ("0\r\n\r\n", "", ""),
            ("5\r\nhello\r\n0\r\n\r\n", "hello", ""),
            ("5\r\nhello\r\n6\r\n world\r\n000\r\n\r\n", "hello world", ""),
            ("A\r\n0123456789\r\n0\r\n\r\nGET /", "0123456789", "GET /"),
            ("00000000000000000001\r\nx\r\n0\r\n\r\n", "x", ""),
            (
                "a;n;n=v;n=\"q \\\" ;\r\";m\r\n0123456789\r\n0;last\r\n\r\n".replacing("\r\";", with: "\";"),
                "0123456789", ""
            ),
            ("5\r\nhello\r\n0\r\nVary: *\r\nContent-Type: text/plain\r\n\r\nnext", "hello", "next"),
            ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n", ""),
        ])
    func whole(text: String, body: String, rest: String) {
        for step in [Int.max, 1, 2, 3, 7] {
            #expect(Self.decode(text, step: step) == Result(outcome: .finished, body: body, rest: rest))
        }
    }

    @Test(
        "Malformed bodies",
        arguments: [
            "\r\n", "x\r\n", " 1\r\nx\r\n", "1 \r\nx\r\n", "1\nx\r\n0\r\n\r\n", "1\r\nxy\r\n", "1\r\nx\n0\r\n\r\n",
            "1\r\nx0\r\n\r\n", "-1\r\n", "+1\r\nx", "0x1\r\n", "1;\r\nx\r\n", "1; a\r\nx\r\n", "1;a=\r\nx\r\n",
            "1;a=\"b\r\nx\r\n",
            "1;a=\"b\"c\r\nx\r\n", "1\r\r\nx\r\n", "3\r\nfoo\r\n\r\n", "0\r\n X: y\r\n\r\n", "0\r\nX : y\r\n\r\n",
            "0\r\n: y\r\n\r\n", "0\r\nX: y\n\r\n", "0\r\nX: \u{0}\r\n\r\n", "0\r\n\rX", "0\n\n", ";a\r\n",
            String(repeating: "0", count: 40) + "1\r\nx\r\n",
        ])
    func malformed(text: String) {
        for step in [Int.max, 1, 3] {
            #expect(Self.decode(text, step: step).outcome == .malformed)
        }
    }

    @Test("A body that breaks off needs more")
    func needsMore() {
        let text = "5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n"
        for count in 1..<text.utf8.count {
            let part = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            #expect(Self.decode(part, step: 4).outcome == .needMore)
        }
    }

    @Test(
        "Sizes beyond the limit are refused at their line",
        arguments: [
            ("3E8\r\n", 1000, ChunkedDecoder.Outcome.needMore), ("3E9\r\n", 1000, .tooLarge), ("F", 10, .tooLarge),
            ("FFFFFFFFFFFFFFFF\r\n", 1000, .tooLarge), ("7FFFFFFFFFFFFFFF\r\n", 1000, .tooLarge),
            ("10000000000000000\r\n", 1000, .tooLarge), ("5\r\nhello\r\n5\r\nhello\r\n1\r\n", 10, .tooLarge),
            ("5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n", 10, .finished),
        ])
    func limit(text: String, limit: Int, outcome: ChunkedDecoder.Outcome) {
        for step in [Int.max, 1] {
            #expect(Self.decode(text, step: step, limit: limit).outcome == outcome)
        }
    }

    @Test("Extensions and trailers are bounded")
    func extras() {
        let long = String(repeating: "e", count: 9000)
        #expect(Self.decode("1;\(long)\r\nx\r\n0\r\n\r\n").outcome == .malformed)
        #expect(Self.decode("0\r\nx: \(long)\r\n\r\n").outcome == .malformed)
        let many = String(repeating: "1;eeeeeeeeeeeeeee\r\nx\r\n", count: 900)
        #expect(Self.decode(many).outcome == .malformed)
        #expect(Self.decode(String(repeating: "1\r\nx\r\n", count: 900) + "0\r\n\r\n").outcome == .finished)
    }

    @Test("One chunk in one read is not copied")
    func zeroCopy() {
        var decoder = ChunkedDecoder(maximumBytes: 100)
        var input = ByteBuffer(string: "5\r\nhello\r\n0\r\n\r\n")
        let source = input.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        var body = ByteBuffer()
        #expect(decoder.decode(&input, into: &body) == .finished)
        #expect(body.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } == source + 3)
        #expect(decoder.bodyBytes == 5)
    }

    @Test("However a body is cut, damaged or not, it decodes the same")
    func anyCut() {
        var random = Numbers(state: 42)
        let sound = Array("5;a=\"b\"\r\nhello\r\nA;c\r\n 0123\r\n89\"\r\n00\r\nT: u\r\n\r\n".utf8)
        for _ in 0..<5000 {
            var bytes = sound
            for _ in 0..<random.next(3) { bytes[random.next(bytes.count)] = UInt8(random.next(128)) }
            let text = String(decoding: bytes, as: UTF8.self)
            let whole = Self.decode(text, limit: 40)
            let cut = Self.decode(text, step: 1 + random.next(12), limit: 40)
            #expect(cut.outcome == whole.outcome)
            if whole.outcome == .finished { #expect(cut == whole) }
        }
    }

    /// A small generator with a fixed seed.
    private struct Numbers {
        var state: UInt64

        mutating func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }
}
