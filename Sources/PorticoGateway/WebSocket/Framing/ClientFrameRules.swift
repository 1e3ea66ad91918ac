// Hot: once per read and per frame. Allocates: nothing.

import NIOCore

/// Judges what a client sends before it is decoded: the rules of the RFC that a decoder leaves to those who may have agreed
/// on extensions, and the limits of API Gateway.
///
/// What is refused ends the connection by its head, and text by its first wrong byte: no payload is waited for in vain.
struct ClientFrameRules {
    /// Bytes. Source: API Gateway quotas, WebSocket frame size and message payload size.
    static let longestFrame = 32 << 10
    static let longestMessage = 128 << 10
    /// Bytes. Source: RFC 6455, section 5.5.
    private static let longestControl = 125

    /// What bytes say, as far as they have come.
    enum Verdict: Equatable {
        /// The head is not whole.
        case incomplete
        case allowed
        /// The connection ends with that code.
        case refused(Int)
    }

    /// A frame under way.
    private struct Frame {
        var isText: Bool
        var isLast: Bool
        var key: UInt32
        /// Bytes of the head in the buffer.
        var headLength: Int
        var payloadLength: Int
        /// Payload that was judged.
        var judged = 0
    }

    /// Whether binary messages are taken.
    let takesBinary: Bool
    private var frame: Frame?
    // The message under way.
    private var isFragmented = false
    private var isText = false
    private var messageBytes = 0
    private var text = MaskedText()

    init(takesBinary: Bool) { self.takesBinary = takesBinary }

    /// Judges what of a frame is in the buffer. A head that is allowed has to be read with the first payload.
    mutating func judge(_ buffer: ByteBuffer) -> Verdict {
        if frame == nil {
            let verdict = judgeHead(buffer)
            guard verdict == .allowed else { return verdict }
        }
        return judgePayload(buffer)
    }

    /// The frame that was judged is read.
    mutating func didReadFrame() { frame = nil }

    /// Source: RFC 6455, sections 5.1, 5.2, 5.4 and 5.5.
    private mutating func judgeHead(_ buffer: ByteBuffer) -> Verdict {
        let start = buffer.readerIndex
        guard let first = buffer.getInteger(at: start, as: UInt8.self) else { return .incomplete }
        let opcode = first & 0x0F
        let isControl = opcode & 0x8 != 0
        let isLast = first & 0x80 != 0
        // No extension was agreed on, so that reserved bits have no meaning.
        guard first & 0x70 == 0, isExpected(opcode), isLast || !isControl else { return .refused(1002) }

        guard let second = buffer.getInteger(at: start &+ 1, as: UInt8.self) else { return .incomplete }
        let announced = second & 0x7F
        // A client masks.
        guard second & 0x80 != 0, !isControl || announced <= Self.longestControl else { return .refused(1002) }
        // Source: reference, "Integrations and two-way" (2.3).
        if opcode == 2, !takesBinary { return .refused(1003) }

        var headLength = 2
        var length = UInt64(announced)
        switch announced {
        case 126:
            guard let wide = buffer.getInteger(at: start &+ 2, as: UInt16.self) else { return .incomplete }
            // The shortest form is the only one.
            guard wide > 125 else { return .refused(1002) }
            length = UInt64(wide)
            headLength = 4
        case 127:
            guard let wide = buffer.getInteger(at: start &+ 2, as: UInt64.self) else { return .incomplete }
            guard wide > 65_535, wide < 1 << 63 else { return .refused(1002) }
            length = wide
            headLength = 10
        default: break
        }
        guard isControl || length <= Self.longestFrame else { return .refused(1009) }
        let payloadLength = Int(length)
        let count = opcode == 0 ? messageBytes &+ payloadLength : payloadLength
        guard isControl || count <= Self.longestMessage else { return .refused(1009) }
        guard let key = buffer.getInteger(at: start &+ headLength, as: UInt32.self) else { return .incomplete }

        frame = Frame(
            isText: !isControl && (opcode == 1 || opcode == 0 && isText), isLast: isLast, key: key,
            headLength: headLength &+ 4, payloadLength: payloadLength)
        guard !isControl else { return .allowed }
        isFragmented = !isLast
        messageBytes = count
        if opcode != 0 {
            isText = opcode == 1
            text = MaskedText()
        }
        return .allowed
    }

    /// Whether a frame of that kind may come now. Source: RFC 6455, sections 5.4 and 11.8.
    private func isExpected(_ opcode: UInt8) -> Bool {
        switch opcode {
        case 0: isFragmented
        case 1, 2: !isFragmented
        case 8, 9, 10: true
        default: false
        }
    }

    private mutating func judgePayload(_ buffer: ByteBuffer) -> Verdict {
        guard var frame, frame.isText else { return .allowed }
        let start = frame.headLength &+ frame.judged
        let end = min(frame.headLength &+ frame.payloadLength, buffer.readableBytes)
        if start < end {
            let isText = buffer.withUnsafeReadableBytes {
                text.take(UnsafeRawBufferPointer(rebasing: $0[start..<end]), key: frame.key, offset: frame.judged)
            }
            guard isText else { return .refused(1007) }
            frame.judged &+= end &- start
        }
        // Who decodes takes the head at once.
        frame.headLength = 0
        self.frame = frame
        let isWhole = frame.judged == frame.payloadLength
        return isWhole && frame.isLast && !text.isWhole ? .refused(1007) : .allowed
    }
}
