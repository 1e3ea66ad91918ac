// Hot: once per frame. Allocates: the buffer of a message in fragments.

internal import NIOCore
internal import NIOWebSocket
internal import PorticoPrograms

/// What frames mean: the rules of RFC 6455 that the framing leaves open, messages put together from fragments, and the
/// limits of API Gateway. No channel, no clock.
struct WebSocketReceiver {
    /// Source: API Gateway quotas, WebSocket frame size and message payload size.
    static let longestFrame = 32 << 10
    static let longestMessage = 128 << 10
    /// Source: RFC 6455, section 5.5.
    private static let longestControl = 125

    /// Opcodes. Source: RFC 6455, section 11.8.
    private enum Opcode {
        static let continuation: UInt8 = 0
        static let text: UInt8 = 1
        static let binary: UInt8 = 2
        static let close: UInt8 = 8
        static let ping: UInt8 = 9
        static let pong: UInt8 = 10
    }

    /// What is to be done.
    enum Action {
        case none
        /// A whole message, unmasked.
        case message(ByteBuffer, isBinary: Bool)
        case pong(ByteBuffer)
        /// The client ends; the payload goes back.
        case close(WebSocketEnding, ByteBuffer)
        /// The client did what it may not: the connection ends with that code.
        case fail(Int)
    }

    /// Whether binary messages are taken.
    let takesBinary: Bool
    /// What has come of a message in fragments; `nil` between messages.
    private var parts: ByteBuffer?
    private var isBinary = false
    /// Bytes of ``parts`` that are known to be UTF-8.
    private var checked = 0

    init(takesBinary: Bool) { self.takesBinary = takesBinary }

    /// Takes a frame.
    mutating func receive(_ frame: WebSocketFrame) -> Action {
        let opcode = UInt8(webSocketOpcode: frame.opcode)
        // Source: RFC 6455, section 5.1: a client masks; section 5.2: no extension, no reserved bits.
        guard let mask = frame.maskKey, frame.reservedBits.isEmpty else { return .fail(1002) }
        var payload = frame.data
        if opcode >= Opcode.close {
            guard frame.fin, payload.readableBytes <= Self.longestControl else { return .fail(1002) }
            payload.webSocketUnmask(mask)
            switch opcode {
            case Opcode.close: return close(payload)
            case Opcode.ping: return .pong(payload)
            case Opcode.pong: return .none
            default: return .fail(1002)
            }
        }
        guard payload.readableBytes <= Self.longestFrame else { return .fail(1009) }
        switch opcode {
        case Opcode.text, Opcode.binary:
            guard parts == nil else { return .fail(1002) }
            isBinary = opcode == Opcode.binary
            // Source: reference, "Integrations and two-way" (2.3).
            guard !isBinary || takesBinary else { return .fail(1003) }
            Self.unmask(&payload, mask)
            if frame.fin { return whole(payload) }
            return begin(payload)
        case Opcode.continuation:
            guard parts != nil else { return .fail(1002) }
            Self.unmask(&payload, mask)
            return goOn(&payload, isLast: frame.fin)
        default:
            return .fail(1002)
        }
    }

    // MARK: - Messages

    private mutating func whole(_ payload: ByteBuffer) -> Action {
        guard isBinary || payload.withUnsafeReadableBytes({ UTF8Text.isValid($0) }) else { return .fail(1007) }
        return .message(payload, isBinary: isBinary)
    }

    private mutating func begin(_ payload: ByteBuffer) -> Action {
        // A copy: the read buffer is not held up by a message that takes its time.
        var first = ByteBufferAllocator().buffer(capacity: payload.readableBytes)
        first.writeImmutableBuffer(payload)
        parts = first
        checked = 0
        return check(isLast: false) ?? .none
    }

    private mutating func goOn(_ payload: inout ByteBuffer, isLast: Bool) -> Action {
        guard var whole = parts else { return .fail(1002) }
        // Taken out, so that the buffer is this function's own while it grows.
        parts = nil
        guard whole.readableBytes &+ payload.readableBytes <= Self.longestMessage else { return .fail(1009) }
        whole.writeBuffer(&payload)
        parts = whole
        if let failure = check(isLast: isLast) {
            parts = nil
            return failure
        }
        guard isLast else { return .none }
        parts = nil
        return .message(whole, isBinary: isBinary)
    }

    /// Whether what has come is text as far as it goes. Source: RFC 6455, section 8.1; a character may stand in two
    /// fragments.
    private mutating func check(isLast: Bool) -> Action? {
        guard !isBinary, let parts else { return nil }
        let (isText, end) = parts.withUnsafeReadableBytes { bytes -> (Bool, Int) in
            let new = UnsafeRawBufferPointer(rebasing: bytes[checked...])
            guard let invalid = UTF8Text.firstInvalid(new) else { return (true, bytes.count) }
            let rest = UnsafeRawBufferPointer(rebasing: new[invalid...])
            return (!isLast && UTF8Text.isBeginning(rest), checked &+ invalid)
        }
        checked = end
        return isText ? nil : .fail(1007)
    }

    /// Unmasks eight bytes at a time.
    static func unmask(_ payload: inout ByteBuffer, _ mask: WebSocketMaskingKey) {
        var key: UInt32 = 0
        for place in 0..<4 { key |= UInt32(mask[place]) &<< UInt32(place &* 8) }
        let wide = UInt64(key) | UInt64(key) &<< 32
        payload.withUnsafeMutableReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var at = 0
            while at &+ 8 <= bytes.count {
                let word = base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                base.storeBytes(of: (UInt64(littleEndian: word) ^ wide).littleEndian, toByteOffset: at, as: UInt64.self)
                at &+= 8
            }
            while at < bytes.count {
                bytes[at] ^= mask[at & 3]
                at &+= 1
            }
        }
    }

    // MARK: - Closing

    private mutating func close(_ payload: ByteBuffer) -> Action {
        parts = nil
        guard payload.readableBytes > 0 else { return .close(.withoutCode, payload) }
        // Source: RFC 6455, section 5.5.1: a code has two bytes, and what follows is text.
        guard let code = payload.getInteger(at: payload.readerIndex, as: UInt16.self) else { return .fail(1002) }
        guard Self.isCode(Int(code)) else { return .fail(1002) }
        let reason = Array(payload.readableBytesView.dropFirst(2))
        guard reason.withUnsafeBytes({ UTF8Text.isValid($0) }) else { return .fail(1007) }
        return .close(WebSocketEnding(code: Int(code), reason: reason), payload)
    }

    /// Whether a client may send that code. Source: RFC 6455, sections 7.4.1 and 7.4.2; IANA's registry has 1012...1014.
    static func isCode(_ code: Int) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
