import NIOCore
import NIOEmbedded
import NIOWebSocket
import PorticoFuzzTargets

// The package `Fuzzing` compiles this file too, together with the framing's own files.
#if !FUZZING
    @testable import PorticoGateway
#endif

extension FuzzTarget {
    /// Frames of a WebSocket client. The first byte tells whether messages of bytes are taken.
    static let frames = FuzzTarget(
        "websocket", "reads a client's frames at once and in pieces, to the messages that a plain reader finds",
        maximumBytes: 8192
    ) {
        { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let takesBinary = (input.first ?? 0) & 1 == 1
            let frames = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            let whole = try FuzzFrames.read(frames, [frames.count], takesBinary: takesBinary)
            try FuzzHTTP.forEachCut(frames) { steps throws(FuzzFinding) in
                let pieces = try FuzzFrames.read(frames, steps, takesBinary: takesBinary)
                try require(pieces == whole, "in pieces \(steps): \(pieces), at once: \(whole)")
            }
            let plain = FuzzFrames.plain(Array(frames), takesBinary: takesBinary)
            var seen = whole
            if !plain.isWhole, seen.count == plain.steps.count + 1, case .fail = seen.last { seen.removeLast() }
            try require(seen == plain.steps, "\(whole), but the plain reader has \(plain)")
        }
    }
}

/// Properties of frames.
enum FuzzFrames {
    enum Step: Equatable {
        case message([UInt8], isBinary: Bool)
        case ping([UInt8])
        case close([UInt8])
        case fail(Int)
    }

    /// What the gateway makes of bytes that come in pieces.
    static func read(
        _ input: UnsafeRawBufferPointer, _ ends: [Int], takesBinary: Bool
    ) throws(FuzzFinding) -> [Step] {
        let reader = FrameReader(takesBinary: takesBinary)
        var steps: [Step] = []
        var start = 0
        for end in ends {
            for action in reader.read(Array(input[start..<end])) {
                switch action {
                case .none: throw FuzzFinding("nothing to do is no action")
                case .message(let payload, let isBinary):
                    steps.append(.message(Array(payload.readableBytesView), isBinary: isBinary))
                    try require(payload.readableBytes <= ClientFrameRules.longestMessage, "a message over the limit")
                case .ping(let payload):
                    steps.append(.ping(Array(payload.readableBytesView)))
                    try require(payload.readableBytes <= 125, "a ping over the limit")
                case .close(let payload): steps.append(.close(Array(payload.readableBytesView)))
                case .fail(let code):
                    steps.append(.fail(code))
                    try require([1002, 1003, 1007, 1009].contains(code), "code \(code)")
                }
            }
            start = end
        }
        for step in steps.dropLast() {
            switch step {
            case .close, .fail: throw FuzzFinding("something behind the end: \(steps)")
            case .message, .ping: break
            }
        }
        return steps
    }

    /// What the plain reader makes of bytes.
    struct Plain {
        var steps: [Step] = []
        /// Whether nothing comes behind the last whole frame: of one that is cut the reader sees no mistake.
        var isWhole = true

        var cut: Plain { Plain(steps: steps, isWhole: false) }

        func ending(_ step: Step) -> Plain { Plain(steps: steps + [step]) }
    }

    /// The same for whole frames, written down as plainly as the RFC says it: one frame after the other, one rule after the
    /// other. Source: RFC 6455, sections 5, 7.4 and 8.1.
    static func plain(_ bytes: [UInt8], takesBinary: Bool) -> Plain {
        var read = Plain()
        var message: (bytes: [UInt8], isBinary: Bool)?
        var at = 0
        while bytes.count - at >= 2 {
            let isLast = bytes[at] >= 0x80
            let opcode = bytes[at] & 15
            let extra = bytes[at + 1] & 0x7F == 126 ? 2 : bytes[at + 1] & 0x7F == 127 ? 8 : 0
            guard bytes.count - at >= 6 + extra else { return read.cut }
            var length = UInt64(bytes[at + 1] & 0x7F)
            if extra > 0 { length = bytes[(at + 2)..<(at + 2 + extra)].reduce(0) { $0 << 8 | UInt64($1) } }
            let isControl = opcode >= 8
            let isKnown = [0, 1, 2, 8, 9, 10].contains(opcode)
            let isBroken =
                bytes[at] & 0x70 != 0 || !isKnown || bytes[at + 1] < 0x80 || isControl && (!isLast || extra > 0)
                || opcode == 0 && message == nil || (opcode == 1 || opcode == 2) && message != nil
            if isBroken { return read.ending(.fail(1002)) }
            if opcode == 2 && !takesBinary { return read.ending(.fail(1003)) }
            let shortest: UInt64 = extra == 0 ? 0 : extra == 2 ? 126 : 65_536
            if length < shortest || length >> 63 == 1 { return read.ending(.fail(1002)) }
            if length > 32_768 || UInt64(message?.bytes.count ?? 0) + length > 131_072, !isControl {
                return read.ending(.fail(1009))
            }
            let start = at + 6 + extra
            let key = Array(bytes[(start - 4)..<start])
            guard bytes.count - start >= Int(length) else { return read.cut }
            let payload = (0..<Int(length)).map { bytes[start + $0] ^ key[$0 % 4] }
            at = start + Int(length)
            switch opcode {
            case 8:
                guard !payload.isEmpty else { return read.ending(.close([])) }
                guard payload.count >= 2 else { return read.ending(.fail(1002)) }
                let code = Int(payload[0]) * 256 + Int(payload[1])
                let mayBe =
                    (1000..<1015).contains(code) && ![1004, 1005, 1006].contains(code) || (3000..<5000).contains(code)
                if !mayBe { return read.ending(.fail(1002)) }
                return read.ending(isText(payload.dropFirst(2)) ? .close(payload) : .fail(1007))
            case 9: read.steps.append(.ping(payload))
            case 10: break
            default:
                var whole = message ?? ([], opcode == 2)
                whole.bytes += payload
                message = isLast ? nil : whole
                if !whole.isBinary, !(isLast ? isText(whole.bytes) : mayBecomeText(whole.bytes)) {
                    return read.ending(.fail(1007))
                }
                if isLast { read.steps.append(.message(whole.bytes, isBinary: whole.isBinary)) }
            }
        }
        return at < bytes.count ? read.cut : read
    }

    private static func isText(_ bytes: some Sequence<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// Whether it is text but for a last character that is not whole.
    private static func mayBecomeText(_ bytes: [UInt8]) -> Bool {
        let endings: [[UInt8]] = [
            [], [0x80], [0xA0], [0x90], [0x80, 0x80], [0xA0, 0x80], [0x90, 0x80], [0x80, 0x80, 0x80],
            [0x90, 0x80, 0x80],
        ]
        return endings.contains { isText(bytes + $0) }
    }
}

/// The gateway's decoder and receiver of frames in a channel without a network.
final class FrameReader {
    private let channel: EmbeddedChannel
    private let collector = Collector()

    init(takesBinary: Bool) {
        channel = EmbeddedChannel(handlers: [
            ByteToMessageHandler(ClientFrameDecoder(takesBinary: takesBinary)), collector,
        ])
    }

    deinit { _ = try? channel.finish() }

    /// What is to be done about bytes that come now.
    func read(_ bytes: [UInt8]) -> [WebSocketReceiver.Action] {
        collector.actions = []
        // The collector takes all errors.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        return collector.actions
    }

    /// What a connection would do: the first end counts.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = WebSocketFrame

        var actions: [WebSocketReceiver.Action] = []
        private var receiver = WebSocketReceiver()
        private var hasEnded = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            add(receiver.take(unwrapInboundIn(data)))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            guard let violation = error as? WebSocketViolation else { return }
            add(.fail(violation.code))
        }

        private func add(_ action: WebSocketReceiver.Action) {
            guard !hasEnded else { return }
            switch action {
            case .none: return
            case .close, .fail: hasEnded = true
            case .message, .ping: break
            }
            actions.append(action)
        }
    }
}
