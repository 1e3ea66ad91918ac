import NIOCore
import Testing

@testable import PorticoGateway

@Suite("HTTP that is meant to hurt", .timeLimit(.minutes(2)))
struct HardInputHTTPTests {
    private static let lead = "GET /a HTTP/1.1\r\nHost: a\r\n"

    private static let letters = String(repeating: "abcdefgh", count: 1_310_720)

    private static let heads: [(String, HTTPRejection)] = [
        ("GET /\(letters) HTTP/1.1\r\nHost: a\r\n\r\n", .requestLineTooLong),
        ("GET /?\(letters) HTTP/1.1\r\nHost: a\r\n\r\n", .requestLineTooLong),
        ("\(lead)X: \(letters)\r\n\r\n", .fieldsTooLarge), ("\(lead)\(letters): x\r\n\r\n", .fieldsTooLarge),
        (lead + String(repeating: "X: y\r\n", count: 1 << 20), .tooManyFields),
        (String(repeating: "\r\n", count: 5 << 20) + lead, .malformedLineEnd),
        ("\(letters) / HTTP/1.1\r\n", .malformedRequestLine), ("\(lead)Cookie: \(letters)", .fieldsTooLarge),
        ("\(lead)\(letters)", .fieldsTooLarge),
    ]

    @Test("Heads of ten megabytes are refused, whatever makes them long", arguments: heads.indices)
    func longHeads(row: Int) {
        let (text, rejection) = Self.heads[row]
        #expect(parseRequest(text).rejection == rejection)
    }

    @Test("A head that trickles in is refused at its limit and looked at few times", arguments: ["X: ", "GET /"])
    func trickle(start: String) {
        let parser = HTTPRequestParser()
        var progress = HeadProgress()
        var bytes = Array((start == "X: " ? Self.lead + start : start).utf8)
        var refusedAt = 0
        for _ in 0..<60_000 where refusedAt == 0 {
            bytes.append(0x61)
            if parseRequest(bytes, parser: parser, progress: &progress).rejection != nil { refusedAt = bytes.count }
        }
        // The next look may wait for twice the bytes.
        #expect(refusedAt > 8192 && refusedAt <= 2 * 20_480 + Self.lead.utf8.count)
    }

    @Test(
        "Lengths beyond every type are refused",
        arguments: [
            "9223372036854775808", "18446744073709551616", String(repeating: "9", count: 5000), "-0", "+5", "0x5",
            "5.0",
            "5 5", "5,6", "٥",
        ])
    func lengths(value: String) {
        #expect(parseRequest(Self.lead + "Content-Length: \(value)\r\n\r\n").rejection != nil)
    }

    @Test("Bytes that are not UTF-8 stay in a value as they are, and are refused everywhere else")
    func badUTF8() throws {
        let junk: [UInt8] = [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80]
        func bytes(_ before: String, _ after: String) -> [UInt8] { Array(before.utf8) + junk + Array(after.utf8) }
        let parsed = try #require(parseRequest(bytes(Self.lead + "X: ", "\r\n\r\n")).parsed)
        let value = parsed.fields[1]
        let range = Int(value.valueOffset)..<Int(value.valueOffset + value.valueLength)
        #expect(Array(parsed.bytes[range]) == junk)
        #expect(parseRequest(bytes(Self.lead, ": x\r\n\r\n")).rejection == .malformedField)
        #expect(parseRequest(bytes("GET /", " HTTP/1.1\r\nHost: a\r\n\r\n")).rejection == .malformedTarget)
        #expect(parseRequest(bytes("GET / HTTP/1.1\r\nHost: ", "\r\n\r\n")).rejection == .invalidHost)
    }

    @Test("Two hundred fields are read, one more is refused")
    func manyFields() {
        func head(_ count: Int) -> String {
            Self.lead + (1..<count).map { "X-\($0): \($0)\r\n" }.joined() + "\r\n"
        }
        #expect(parseRequest(head(HTTPHeaderTable.capacity)).parsed?.fields.count == HTTPHeaderTable.capacity)
        #expect(parseRequest(head(HTTPHeaderTable.capacity + 1)).rejection == .tooManyFields)
    }

    private static let responses: [String] = [
        "HTTP/1.1 200 \(letters)", "HTTP/1.1 200 OK\r\nX: \(letters)", "HTTP/1.1 200 OK\r\n\(letters)",
        "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 1 << 20),
        "HTTP/1.1 200 OK\r\nX: \(letters)\r\n\r\n",
    ]

    @Test("Responses of ten megabytes of head are refused", arguments: responses.indices)
    func longResponses(row: Int) {
        #expect(HTTPResponseParserTests.parse(Self.responses[row]).isTooLarge)
    }

    @Test("Ten megabytes in one chunk, and in hundred thousand chunks, are the same body")
    func chunks() {
        let limit = 10 << 20
        let body = [UInt8](repeating: 0x61, count: limit)
        func decode(_ input: [UInt8]) -> (ChunkedDecoder.Outcome, Int) {
            var decoder = ChunkedDecoder(maximumBytes: limit)
            var buffer = ByteBuffer(bytes: input)
            var result = ByteBuffer()
            let outcome = decoder.decode(&buffer, into: &result)
            return (outcome, result.readableBytes)
        }
        #expect(decode(Array("A00000\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)) == (.finished, limit))
        #expect(decode(Array("A00001\r\n".utf8) + body) == (.tooLarge, 0))
        let small = Array(String(repeating: "1\r\na\r\n", count: 100_000).utf8)
        #expect(decode(small + Array("0\r\n\r\n".utf8)) == (.finished, 100_000))
        #expect(decode(small) == (.needMore, 100_000))
        #expect(decode([UInt8](repeating: 0x30, count: limit)).0 == .malformed)
        let trailers = "0\r\n" + String(repeating: "a: b\r\n", count: 100_000)
        #expect(decode(Array(trailers.utf8)).0 == .malformed)
    }
}
