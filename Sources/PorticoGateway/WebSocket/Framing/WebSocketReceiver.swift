// Hot: once per frame. Allocates: the buffer of a message.

import NIOCore
import NIOWebSocket
internal import PorticoPrograms

/// Makes messages of frames that ``ClientFrameRules`` allows. No channel, no clock.
struct WebSocketReceiver {
    /// What is to be done.
    enum Action {
        /// Nothing, or more frames are needed.
        case none
        /// A whole message, unmasked.
        case message(ByteBuffer, isBinary: Bool)
        /// The client asks whether somebody is there.
        case ping(ByteBuffer)
        /// The client ends, with a payload that may be. Nothing is read any more.
        case close(ByteBuffer)
        /// The client did what it may not: the connection ends with that code. Nothing is read any more.
        case fail(Int)
    }

    private var hasEnded = false
    // The message under way.
    private var isBinary = false
    private var fragments: ByteBuffer?

    /// Takes the next frame.
    mutating func take(_ frame: WebSocketFrame) -> Action {
        guard !hasEnded else { return .none }
        switch frame.opcode {
        case .text, .binary, .continuation: return take(fragment: frame)
        case .ping: return .ping(frame.unmaskedData)
        case .connectionClose:
            let payload = frame.unmaskedData
            hasEnded = true
            fragments = nil
            if let code = Self.refusal(ofClose: payload) { return .fail(code) }
            return .close(payload)
        default: return .none
        }
    }

    // MARK: - Messages

    private mutating func take(fragment frame: WebSocketFrame) -> Action {
        if frame.opcode != .continuation { isBinary = frame.opcode == .binary }
        var message = fragments ?? ByteBuffer()
        // The message is in one place only while it grows.
        fragments = nil
        Self.append(frame, to: &message)
        guard frame.fin else {
            fragments = message
            return .none
        }
        return .message(message, isBinary: isBinary)
    }

    /// Appends a payload without its mask. The library takes a byte at a time: a third of a millisecond for the longest
    /// message.
    private static func append(_ frame: WebSocketFrame, to message: inout ByteBuffer) {
        let key = MaskKey(frame.maskKey?.reduce(0) { $0 &<< 8 | UInt32($1) } ?? 0)
        let masked = frame.data
        message.writeWithUnsafeMutableBytes(minimumWritableBytes: masked.readableBytes) { target in
            masked.withUnsafeReadableBytes { key.unmask($0, into: target) }
            return masked.readableBytes
        }
    }

    // MARK: - Closing

    /// The code that a connection ends with because of what a close frame holds. Source: RFC 6455, section 5.5.1.
    private static func refusal(ofClose payload: ByteBuffer) -> Int? {
        guard payload.readableBytes > 0 else { return nil }
        guard let code = payload.getInteger(at: payload.readerIndex, as: UInt16.self), isCode(Int(code)) else {
            return 1002
        }
        let isText = payload.withUnsafeReadableBytes {
            UTF8Text.isValid(UnsafeRawBufferPointer(rebasing: $0.dropFirst(2)))
        }
        return isText ? nil : 1007
    }

    /// Whether a client may send that code. Source: RFC 6455, sections 7.4.1 and 7.4.2; IANA's registry has 1012...1014.
    static func isCode(_ code: Int) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
