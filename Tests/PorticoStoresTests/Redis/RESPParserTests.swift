import NIOCore
import Testing

@testable import PorticoStores

@Suite("Replies of Redis")
struct RESPParserTests {
    private func parse(_ text: String, limits: RESPLimits = RESPLimits()) throws -> [RESPValue] {
        var parser = RESPParser(limits: limits)
        var buffer = ByteBuffer(string: text)
        parser.append(&buffer)
        var values: [RESPValue] = []
        while let value = try parser.next() { values.append(value) }
        return values
    }

    @Test(
        "Each kind of reply is read",
        arguments: [
            ("+OK\r\n", RESPValue.simple("OK")), ("-ERR no\r\n", .error("ERR no")), (":-12\r\n", .integer(-12)),
            ("$3\r\na\r\n\r\n", .bulk([0x61, 0x0D, 0x0A])), ("$0\r\n\r\n", .bulk([])), ("$-1\r\n", .null),
            ("*-1\r\n", .null), ("*0\r\n", .array([])),
            ("*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", .array([.integer(1), .array([.bulk([0x78])])])), ("+\r\n", .simple("")),
            (":9223372036854775807\r\n", .integer(.max)), ("+a\rb\r\n", .simple("a\rb")),
        ])
    func kinds(_ text: String, _ value: RESPValue) throws {
        #expect(try parse(text) == [value])
        #expect(try parse(text + text) == [value, value])
        #expect(try parse(String(text.dropLast())) == [])
    }

    @Test(
        "What is no reply, or beyond a limit, is a problem, for ever",
        arguments: [
            "?\r\n", "\r\n", "$x\r\n", "$-2\r\n", "$3\r\nabcd\r\n", ":\r\n", ":9223372036854775808\r\n", "*-2\r\n",
            "$99999999999999999999\r\n", "$3000000\r\n", "*131073\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
            "+" + String(repeating: "a", count: 5000), ": 1\r\n", "$4194304000000000\r\n", "*9223372036854775807\r\n",
        ])
    func problems(_ text: String) throws {
        var parser = RESPParser()
        var buffer = ByteBuffer(string: text)
        parser.append(&buffer)
        var first: RESPProblem?
        do {
            while try parser.next() != nil {}
            Issue.record("\(text.prefix(40)) is taken for a reply")
        } catch {
            first = error
        }
        var more = ByteBuffer(string: "+OK\r\n")
        parser.append(&more)
        let problem = try #require(first)
        #expect(throws: problem) { try parser.next() }
        #expect(parser.bufferedBytes == 0)
    }

    @Test("A reply has a limit as a whole")
    func wholeLimits() throws {
        var limits = RESPLimits()
        limits.replyBytes = 20
        limits.elements = 4
        // Lines count, too: "*2", "$5", "$5" and ten bytes are sixteen.
        #expect(try parse("*2\r\n$5\r\nabcde\r\n$5\r\nabcde\r\n", limits: limits).count == 1)
        #expect(throws: RESPProblem.self) { try parse("*2\r\n$9\r\nabcdeabcd\r\n$9\r\nabcdeabcd\r\n", limits: limits) }
        #expect(throws: RESPProblem.self) { try parse("*2\r\n*1\r\n:1\r\n*1\r\n:1\r\n", limits: limits) }
        // Each reply has them anew.
        #expect(try parse(String(repeating: "$9\r\nabcdeabcd\r\n", count: 10), limits: limits).count == 10)
    }

    @Test("Wherever the pieces end, the replies are the same", arguments: 0..<20)
    func splits(_ seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 7919 &+ 1)
        let values = (0..<30).map { _ in Self.value(&generator, depth: 0) }
        let bytes = values.flatMap { Self.encode($0) }
        for _ in 0..<20 {
            var parser = RESPParser()
            var found: [RESPValue] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(
                    Int.random(in: 1...(Bool.random(using: &generator) ? 3 : 400), using: &generator))
                rest = rest.dropFirst(piece.count)
                var buffer = ByteBuffer(bytes: piece)
                parser.append(&buffer)
                while let value = try parser.next() { found.append(value) }
            }
            #expect(found == values)
            #expect(parser.bufferedBytes == 0)
        }
    }

    @Test(
        "Random bytes, and replies with random mistakes, end in replies or a problem, alike for all pieces",
        arguments: 0..<20)
    func noise(_ seed: Int) {
        var generator = Generator(state: UInt64(seed) &* 104_729 &+ 3)
        let alphabet = Array("+-:$*0123456789\r\n\r\n\r\nab".utf8)
        for round in 0..<500 {
            var bytes: [UInt8]
            if round % 2 == 0 {
                bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? 0
                }
            } else {
                bytes = (0..<3).flatMap { _ in Self.encode(Self.value(&generator, depth: 0)) }
                for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
            }
            let whole = outcome(bytes, pieces: bytes.count)
            let single = outcome(bytes, pieces: 1)
            // Thousands of expectations that hold take longer than what they check.
            if whole.values != single.values || whole.problem != single.problem {
                Issue.record("\(bytes) is \(whole) as a whole and \(single) byte by byte")
            }
        }
    }

    @Test("Commands are read as they were meant, whatever bytes they have")
    func writer() throws {
        let command = RedisCommand("SET", .text("ü\r\n$3"), .bytes([0, 13, 10, 255]), RedisWord(-7))
        var parser = RESPParser()
        var bytes = command.bytes
        parser.append(&bytes)
        #expect(
            try parser.next()
                == .array([
                    .bulk(Array("SET".utf8)), .bulk(Array("ü\r\n$3".utf8)), .bulk([0, 13, 10, 255]),
                    .bulk(Array("-7".utf8)),
                ]))
    }

    private func outcome(_ bytes: [UInt8], pieces: Int) -> (values: [RESPValue], problem: RESPProblem?) {
        var parser = RESPParser()
        var values: [RESPValue] = []
        var rest = bytes[...]
        do throws(RESPProblem) {
            while !rest.isEmpty {
                var buffer = ByteBuffer(bytes: rest.prefix(max(pieces, 1)))
                rest = rest.dropFirst(max(pieces, 1))
                parser.append(&buffer)
                while let value = try parser.next() { values.append(value) }
            }
            return (values, nil)
        } catch {
            return (values, error)
        }
    }

    private static func value(_ generator: inout Generator, depth: Int) -> RESPValue {
        switch Int.random(in: 0..<(depth < 3 ? 7 : 5), using: &generator) {
        case 0: return .simple("OK")
        case 1: return .error("ERR it failed")
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: return .null
        case 4:
            let count = Int.random(in: 0...(Bool.random(using: &generator) ? 5 : 300), using: &generator)
            return .bulk((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        default:
            let count = Int.random(in: 0...4, using: &generator)
            return .array((0..<count).map { _ in value(&generator, depth: depth + 1) })
        }
    }

    private static func encode(_ value: RESPValue) -> [UInt8] {
        switch value {
        case .simple(let text): Array("+\(text)\r\n".utf8)
        case .error(let text): Array("-\(text)\r\n".utf8)
        case .integer(let number): Array(":\(number)\r\n".utf8)
        case .null: Array("$-1\r\n".utf8)
        case .bulk(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + [13, 10]
        case .array(let values): Array("*\(values.count)\r\n".utf8) + values.flatMap { encode($0) }
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
