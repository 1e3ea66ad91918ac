import NIOCore
import PorticoPrograms
import Testing

@testable import PorticoGateway

/// Source: reference, "Response streaming" (4.9) and "Response" (5.2).
@Suite("Beginning of a streamed function's output")
struct LambdaStreamPreludeTests {
    private static let delimiter = String(repeating: "\0", count: 8)

    /// Feeds pieces of that size; gives the outcome and what is left.
    private static func read(_ text: String, pieces: Int) -> (LambdaStreamPrelude.Outcome, String) {
        var prelude = LambdaStreamPrelude()
        var rest = ByteBuffer(string: text)
        while rest.readableBytes > 0 {
            guard var piece = rest.readSlice(length: min(pieces, rest.readableBytes)) else { break }
            let outcome = prelude.read(&piece)
            if outcome != .needMore { return (outcome, String(buffer: piece) + String(buffer: rest)) }
            #expect(piece.readableBytes == 0)
        }
        return (.needMore, "")
    }

    private static func metadata(_ text: String) -> LambdaStreamPrelude.Outcome { .metadata(ByteBuffer(string: text)) }

    @Test(
        "Metadata ends with eight NUL bytes, wherever the pieces do", arguments: [1, 2, 3, 7, 8, 9, 16, 4096, 1 << 20])
    func pieces(_ size: Int) {
        let long = "{" + String(repeating: " ", count: 16_374) + "}"
        for (text, outcome, rest) in [
            ("{}\(Self.delimiter)body", Self.metadata("{}"), "body"),
            ("{}\(Self.delimiter)", Self.metadata("{}"), ""),
            // The body may begin as it likes.
            ("{}\(Self.delimiter)\0\0", Self.metadata("{}"), "\0\0"),
            ("\(Self.delimiter)body", Self.metadata(""), "body"),
            (long + Self.delimiter + "b", Self.metadata(long), "b"),
            (long + " " + Self.delimiter + "b", .malformed(.tooLong), nil),
            (String(repeating: "x", count: 20_000), .malformed(.tooLong), nil),
            ("{}\0\0\0\0\0\0\0x", .malformed(.shortDelimiter), nil),
            ("{}\0{}", .malformed(.shortDelimiter), nil),
            ("{\"body\":\"x\"}", .needMore, ""),
            ("{}\0\0\0", .needMore, ""),
        ] as [(String, LambdaStreamPrelude.Outcome, String?)] {
            let (found, left) = Self.read(text, pieces: size)
            #expect(found == outcome)
            if let rest { #expect(left == rest) }
        }
    }

    @Test("A limit is reached by the byte that goes over it, not by the piece that it comes in")
    func exactLimit() {
        for size in [1, 5, 16_384, 16_385, 40_000] {
            let text = String(repeating: "x", count: 16_380) + "\0\0\0\0"
            #expect(Self.read(text, pieces: size).0 == .malformed(.tooLong))
            #expect(Self.read(text + "x", pieces: size).0 == .malformed(.tooLong))
        }
    }
}

@Suite("Metadata of a streamed answer")
struct LambdaStreamHeadTests {
    private static func head(_ text: String) throws -> LambdaStreamHead {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { try LambdaStreamHead($0, tape: JSONTape()) }
    }

    private static func lines(_ head: LambdaStreamHead) -> [String] {
        head.fields.map { String(decoding: $0.name, as: UTF8.self) + ": " + String(decoding: $0.value, as: UTF8.self) }
    }

    @Test(
        "Members become status and fields",
        arguments: [
            ("{}", 200, []),
            (" { } ", 200, []),
            (#"{"statusCode":201}"#, 201, []),
            (#"{"statusCode":"404"}"#, 404, []),
            (#"{"statusCode":null,"headers":null,"multiValueHeaders":null,"cookies":null}"#, 200, []),
            (#"{"headers":{"A":"1","B":2,"C":true,"D":null}}"#, 200, ["A: 1", "B: 2", "C: true"]),
            (#"{"multiValueHeaders":{"A":["1","2"],"B":[]}}"#, 200, ["A: 1", "A: 2"]),
            // Values of both, those of multiValueHeaders first and with its spelling.
            (
                #"{"headers":{"a-b":"3","C":"4"},"multiValueHeaders":{"A-B":["1","2"]}}"#, 200,
                ["A-B: 1", "A-B: 2", "A-B: 3", "C: 4"]
            ),
            (
                #"{"cookies":["a=1; Secure","b=2"],"headers":{"Set-Cookie":"c=3"}}"#, 200,
                ["Set-Cookie: c=3", "Set-Cookie: a=1; Secure", "Set-Cookie: b=2"]
            ),
            (#"{"headers":{"X":"\u00e9\n"}}"#, 200, ["X: é\n"]),
        ] as [(String, Int, [String])])
    func members(text: String, status: Int, lines: [String]) throws {
        let head = try Self.head(text)
        #expect(head.status == status)
        #expect(Self.lines(head) == lines)
    }

    @Test("A content type is seen in any case")
    func contentType() throws {
        #expect(try Self.head(#"{"headers":{"content-TYPE":"a/b"}}"#).hasContentType)
        #expect(try Self.head(#"{"multiValueHeaders":{"Content-Type":["a/b"]}}"#).hasContentType)
        #expect(try !Self.head(#"{"headers":{"Content-Types":"a/b"}}"#).hasContentType)
    }

    @Test(
        "Anything else is malformed",
        arguments: [
            "", "null", "[]", "\"x\"", "{", "{}}", #"{"statusCode":200,"body":"x"}"#, #"{"isBase64Encoded":false}"#,
            #"{"statusCode":"abc"}"#, #"{"statusCode":1000}"#, #"{"statusCode":101}"#, #"{"statusCode":200.5}"#,
            #"{"statusCode":[]}"#, #"{"headers":[]}"#, #"{"headers":{"A":{}}}"#, #"{"headers":{"A":["1"]}}"#,
            #"{"headers":{"A B":"1"}}"#, #"{"headers":{"":"1"}}"#, #"{"headers":{"A\r\nB":"1"}}"#,
            #"{"multiValueHeaders":{"A":"1"}}"#, #"{"multiValueHeaders":{"A":[["1"]]}}"#, #"{"cookies":"a=1"}"#,
            #"{"cookies":[1]}"#, #"{"unknown":null}"#,
        ])
    func malformed(text: String) {
        #expect(throws: LambdaStreamHead.Problem.self) { _ = try Self.head(text) }
    }
}

/// The vectors were made by hand and read by botocore 1.4x's `eventstream.EventStreamBuffer`.
@Suite("Event streams")
struct EventStreamTests {
    static let vectors: [(hex: String, headers: [String], payload: String)] = [
        ("000000100000000005c248eb7d98c8ff", [], ""),
        ("0000001700000000b7e294fb7b2261223a317d7a7ed137", [], "{\"a\":1}"),
        (
            "0000006f0000005af5fe871f0b3a6576656e742d7479706507000c5061796c6f61644368756e6b0d3a636f6e74656e742d7479"
                + "70650700186170706c69636174696f6e2f6f637465742d73747265616d0d3a6d6573736167652d747970650700056576656e"
                + "7468656c6c6f29e71260",
            [
                ":event-type=PayloadChunk", ":content-type=application/octet-stream", ":message-type=event",
            ], "hello"
        ),
        (
            "0000005d0000003dfdc998020f3a657863657074696f6e2d7479706507001053657276696365457863657074696f6e0d3a6d65"
                + "73736167652d74797065070009657863657074696f6e7b224d657373616765223a226e6f227d268ac2a1",
            [":exception-type=ServiceException", ":message-type=exception"], "{\"Message\":\"no\"}"
        ),
        // One header of each type.
        (
            "0000005e0000004dea6c93ee01740001660101620207017303010201690400000001016c050000000000000000017906000200"
                + "010178070002c3a9016408000000000000000001750901010101010101010101010101010101"
                + "70b4a596c6",
            ["x=é"], "p"
        ),
    ]

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16) ?? 0
        }
    }

    static func decode(_ bytes: [UInt8], pieces: Int) -> (
        messages: [EventStreamMessage], problem: EventStreamDecoder.Problem?
    ) {
        var decoder = EventStreamDecoder(maximumPayloadBytes: 1 << 16)
        var messages: [EventStreamMessage] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + pieces, bytes.count)
            decoder.append(ByteBuffer(bytes: bytes[start..<end]))
            start = end
            reading: while true {
                switch decoder.next() {
                case .needMore: break reading
                case .malformed(let problem): return (messages, problem)
                case .message(let message): messages.append(message)
                }
            }
        }
        return (messages, nil)
    }

    @Test("Messages come whole, wherever the pieces end", arguments: [1, 3, 11, 12, 13, 100, 1 << 16])
    func vectors(_ size: Int) {
        let all = Self.vectors.flatMap { Self.bytes($0.hex) }
        let (messages, problem) = Self.decode(all + all, pieces: size)
        #expect(problem == nil)
        #expect(messages.map { String(buffer: $0.payload) } == (Self.vectors + Self.vectors).map(\.payload))
        #expect(
            messages.map { $0.headers.map { "\($0.name)=\($0.value)" } } == (Self.vectors + Self.vectors).map(\.headers)
        )
    }

    @Test("What the encoder of these tests writes is what botocore reads")
    func encoder() {
        #expect(
            EventStreamText.event("PayloadChunk", "hello", "application/octet-stream")
                == Self.bytes(Self.vectors[2].hex))
    }

    @Test("Every flipped bit is found")
    func damaged() {
        let whole = Self.bytes(Self.vectors[2].hex)
        for place in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[place] ^= 1 << UInt8(bit)
                let (messages, problem) = Self.decode(bytes, pieces: 1 << 16)
                #expect(messages.isEmpty)
                #expect(problem == (place < 12 ? .preludeChecksum : .messageChecksum))
            }
        }
    }

    @Test("Damaged streams come to the same end in pieces as at once")
    func mutations() {
        let whole = Self.vectors.flatMap { Self.bytes($0.hex) }
        var random = SplitMix(state: 7)
        for _ in 0..<3_000 {
            var bytes = whole
            for _ in 0..<Int(random.next() % 3) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(0, at: place)
                }
            }
            let (messages, problem) = Self.decode(bytes, pieces: bytes.count)
            let (others, otherProblem) = Self.decode(bytes, pieces: 1 + Int(random.next() % 40))
            #expect(problem == otherProblem)
            #expect(messages.map(\.payload) == others.map(\.payload))
        }
    }

    private struct SplitMix {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }

    @Test("Lengths and headers are checked, with right checksums too")
    func malformed() {
        func problem(_ bytes: [UInt8]) -> EventStreamDecoder.Problem? { Self.decode(bytes, pieces: 1 << 20).problem }
        #expect(problem(EventStreamText.prelude(total: 15, headers: 0)) == .length)
        #expect(problem(EventStreamText.prelude(total: 20, headers: 5)) == .length)
        #expect(problem(EventStreamText.prelude(total: 0, headers: 0)) == .length)
        #expect(problem(EventStreamText.prelude(total: 1 << 30, headers: 0)) == .tooLarge)
        #expect(problem(EventStreamText.prelude(total: 1 << 20, headers: 1 << 18)) == .tooLarge)
        #expect(problem(EventStreamText.prelude(total: .max, headers: .max)) == .tooLarge)
        for headers: [UInt8] in [
            [0], [1], [1, 0x61], [1, 0x61, 10], [1, 0x61, 7, 0, 9], [1, 0x61, 4, 0], [200, 0x61],
        ] {
            #expect(problem(EventStreamText.message(headers, [])) == .header)
        }
    }

    @Test("Events say what the function did")
    func events() {
        func event(_ bytes: [UInt8]) -> LambdaStreamEvent? {
            Self.decode(bytes, pieces: 1 << 20).messages.first.map { LambdaStreamEvent($0) }
        }
        #expect(event(EventStreamText.event("PayloadChunk", "ab")) == .payload(ByteBuffer(string: "ab")))
        #expect(event(EventStreamText.event("InvokeComplete", "{}")) == .complete)
        #expect(event(EventStreamText.event("InvokeComplete", "")) == .complete)
        #expect(event(EventStreamText.event("InvokeComplete", #"{"ErrorCode":null,"LogResult":"x"}"#)) == .complete)
        #expect(
            event(EventStreamText.event("InvokeComplete", #"{"ErrorCode":"Unhandled","ErrorDetails":"boom"}"#))
                == .failed(ByteBuffer(string: #"{"errorMessage":"boom","errorType":"Unhandled"}"#)))
        #expect(
            event(
                EventStreamText.event("InvokeComplete", #"{"ErrorCode":"E","ErrorDetails":"{\"errorMessage\":\"m\"}"}"#)
            )
                == .failed(ByteBuffer(string: #"{"errorMessage":"m"}"#)))
        #expect(event(EventStreamText.event("Later", "x")) == .other)
        #expect(
            event(Self.bytes(Self.vectors[3].hex)) == .exception(type: "ServiceException", message: "no"))
        #expect(
            event(
                EventStreamText.message(
                    [
                        (":message-type", "error"), (":error-code", "E"), (":error-message", "m"),
                    ], "")) == .exception(type: "E", message: "m"))
        guard case .exception = event(EventStreamText.event("InvokeComplete", "nonsense")) else {
            Issue.record("a completion that is no JSON")
            return
        }
    }
}

/// Writes event streams.
enum EventStreamText {
    static func event(_ type: String, _ payload: String, _ contentType: String = "application/json") -> [UInt8] {
        message([(":event-type", type), (":content-type", contentType), (":message-type", "event")], payload)
    }

    static func message(_ headers: [(String, String)], _ payload: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in headers {
            bytes.append(UInt8(name.utf8.count))
            bytes += Array(name.utf8)
            bytes += [7, UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 255)]
            bytes += Array(value.utf8)
        }
        return message(bytes, Array(payload.utf8))
    }

    static func message(_ headers: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        var bytes = prelude(total: UInt32(16 + headers.count + payload.count), headers: UInt32(headers.count))
        bytes += headers + payload
        return bytes + number(checksum(bytes))
    }

    static func prelude(total: UInt32, headers: UInt32) -> [UInt8] {
        let bytes = number(total) + number(headers)
        return bytes + number(checksum(bytes))
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        EventStreamDecoder.checksum(ByteBuffer(bytes: bytes), bytes.count)
    }
}
