import NIOCore
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Streams of frames by chance, right and wrong, from seeds: what comes back is what a reader written as plainly as the RFC
/// says it (``FuzzFrames/plain(_:takesBinary:)``) makes of them, and the end is one that may be.
@Suite("WebSocket conformance: frames by chance")
struct FrameStreamTests {
    /// Frames of a client that mostly knows what it does.
    struct Stream {
        var random: RouteRandom
        private(set) var bytes: [UInt8] = []
        private var isFragmented = false

        init(seed: UInt64) {
            random = RouteRandom(seed: seed)
            for _ in 0..<Int.random(in: 1...24, using: &random) { addFrame() }
            // A byte that is another, or an end within a frame.
            if chance(8), !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            if chance(8) { bytes.removeLast(Int.random(in: 0...min(20, bytes.count), using: &random)) }
        }

        private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

        private mutating func payload() -> [UInt8] {
            let lengths = [0, 1, 5, 30, 125, 126, 127, 300, 2000, 32_767, 32_768]
            let count = lengths[Int.random(in: 0..<(chance(10) ? lengths.count : 7), using: &random)]
            let pieces = ["a", "bc", "é", "€", "𐍈", "{}", "\u{0}"]
            var payload: [UInt8] = []
            while payload.count < count {
                payload += Array(pieces[Int.random(in: pieces.indices, using: &random)].utf8)
            }
            if payload.count > count { payload = Array(payload.prefix(count)) }
            // Cut characters are often mended, so that streams get further than one frame.
            if !chance(6) { while let last = payload.last, last >= 0x80 { payload.removeLast() } }
            if chance(30), !payload.isEmpty {
                payload[Int.random(in: payload.indices, using: &random)] = UInt8.random(in: 0x80...0xFF, using: &random)
            }
            return payload
        }

        private mutating func addFrame() {
            var frame: SentFrame
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<10:
                let isLast = !chance(3)
                frame = SentFrame(isFragmented ? 0 : 1, payload())
                frame.isLast = isLast
                isFragmented = !isLast
            case 10..<14: frame = ping(Array(payload().prefix(125)))
            case 14, 15: frame = pong(Array(payload().prefix(chance(20) ? 126 : 125)))
            case 16:
                frame =
                    chance(4)
                    ? closing([UInt8.random(in: 0...255, using: &random)])
                    : closing([1000, 1001, 1005, 3000, 4999, 5000, 12][Int.random(in: 0..<7, using: &random)], "bye")
            case 17: frame = chance(3) ? binary(payload()) : ping("x")
            default:
                frame = SentFrame(UInt8.random(in: 0...15, using: &random), payload())
                frame.isLast = !chance(3)
            }
            frame.mask = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
            if chance(60) { frame.reserved = UInt8.random(in: 1...7, using: &random) }
            if chance(60) { frame.mask = nil }
            if chance(60) { frame.form = chance(2) ? .twoBytes : .eightBytes }
            if chance(80) { frame.claimed = UInt64.random(in: 0...UInt64.max, using: &random) }
            bytes += frame.bytes
        }

        /// The stream in pieces.
        mutating func pieces() -> [[UInt8]] {
            var pieces: [[UInt8]] = []
            var at = 0
            while at < bytes.count {
                let count = min(Int.random(in: 1...(chance(3) ? 40_000 : 200), using: &random), bytes.count - at)
                pieces.append(Array(bytes[at..<(at + count)]))
                at += count
            }
            return pieces
        }
    }

    @Test("a stream is answered as it has to be, and its end is one that may be", arguments: [UInt64(1), 2, 3, 4])
    func streams(_ part: UInt64) async throws {
        try await withSockets(FrameConformanceTests.echo()) { gateway in
            for seed in (part * 1000)..<(part * 1000 + 150) {
                var stream = Stream(seed: seed)
                let socket = try RawWebSocket(port: gateway.port, deadline: Deadline(after: .seconds(20)))
                for piece in stream.pieces() { try socket.send(bytes: piece) }
                socket.finishSending()
                let failure = try Self.follow(socket, FuzzFrames.plain(stream.bytes, takesBinary: false))
                #expect(failure == nil, "seed \(seed): \(failure ?? "")")
            }
            // Nobody is left, and nothing is kept for them.
            let deadline = Deadline()
            while await gateway.connections() > 0 {
                try #require(!deadline.hasPassed, "connections are left")
                await Task.yield()
            }
            #expect(try gateway.connect().ask("still here") == "still here")
        }
    }

    /// What is wrong with the answers to a stream that ends there; `nil` if nothing is.
    private static func follow(_ socket: RawWebSocket, _ plain: FuzzFrames.Plain) throws -> String? {
        var echoes: [[UInt8]] = []
        var pongs: [[UInt8]] = []
        var end: Int??
        while true {
            guard let frame = try socket.readFrameOrEnd() else { break }
            guard end == nil else { return "\(frame) behind the end" }
            guard frame.isLast, frame.reserved == 0 else { return "a frame that a server may not send: \(frame)" }
            switch frame.opcode {
            case RawWebSocket.Opcode.text: echoes.append(frame.payload)
            case RawWebSocket.Opcode.pong: pongs.append(frame.payload)
            case RawWebSocket.Opcode.close: end = .some(frame.code)
            default: return "\(frame)"
            }
        }
        var wantedEchoes: [[UInt8]] = []
        var wantedPongs: [[UInt8]] = []
        var wantedEnd: Int??
        for step in plain.steps {
            switch step {
            case .message(let bytes, _): wantedEchoes.append(FrameConformanceTests.echoed(bytes))
            case .ping(let bytes): wantedPongs.append(bytes)
            case .close(let bytes): wantedEnd = .some(bytes.isEmpty ? nil : Int(bytes[0]) << 8 | Int(bytes[1]))
            case .fail(let code): wantedEnd = .some(code)
            }
        }
        guard echoes == wantedEchoes else { return "\(echoes.count) of \(wantedEchoes.count) answers" }
        guard pongs == wantedPongs else { return "\(pongs.count) of \(wantedPongs.count) pongs" }
        if let wantedEnd {
            return end == wantedEnd ? nil : "end \(String(describing: end)), not \(String(describing: wantedEnd))"
        }
        // A frame that is not whole may be wrong already.
        if let end, plain.isWhole || ![1002, 1003, 1007, 1009].contains(end) {
            return "end \(String(describing: end))"
        }
        return nil
    }

    @Test("a client that never ends its message costs no more than the longest one")
    func memory() {
        for takesBinary in [false, true] {
            let reader = FrameReader(takesBinary: takesBinary)
            var sent = 0
            var code: Int?
            let fragment = text(letters(1000)).part.bytes
            let following = more(letters(1000)).part.bytes
            while code == nil, sent < 1000 {
                let actions = reader.read(sent == 0 ? fragment : following)
                sent += 1
                if case .fail(let failure) = actions.first { code = failure }
            }
            #expect(code == 1009)
            #expect(sent == 132)
        }
    }
}
