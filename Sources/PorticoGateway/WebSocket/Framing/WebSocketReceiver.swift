// Hot: once per read and per frame. Allocates: the buffer of a message.

import NIOCore
internal import PorticoPrograms

/// Reads what a client sends: frames, the messages that they make, and the limits of API Gateway. No channel, no clock.
///
/// A frame may come in any pieces, and what is wrong with it is told by the byte that shows it: its payload is not waited
/// for, and text that cannot become UTF-8 any more ends within its frame.
struct WebSocketReceiver {
    /// Source: API Gateway quotas, WebSocket frame size and message payload size.
    static let longestFrame = 32 << 10
    static let longestMessage = 128 << 10
    /// Source: RFC 6455, section 5.5.
    static let longestControl = 125

    /// What is to be done.
    enum Action {
        /// More bytes are needed.
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

    private enum Place {
        case first
        case second
        case length
        case mask
        case payload
        case ended
    }

    /// Whether binary messages are taken.
    let takesBinary: Bool
    private var place = Place.first
    // The frame under way.
    private var opcode = WebSocketOpcode.continuation
    private var isLast = false
    /// Bytes of the length or the mask that have not come yet.
    private var missing = 0
    private var isWide = false
    private var mask: UInt32 = 0
    /// Payload that has come, and that has not.
    private var taken = 0
    private var left = 0
    private var control = ByteBuffer()
    // The message under way.
    private var isFragmented = false
    private var isBinary = false
    private var message = ByteBuffer()
    /// Bytes of the message that are known to be UTF-8.
    private var checked = 0

    init(takesBinary: Bool) { self.takesBinary = takesBinary }

    /// Reads on, until there is something to be done or nothing is left.
    mutating func next(_ input: inout ByteBuffer) -> Action {
        while true {
            switch place {
            case .ended:
                input.moveReaderIndex(to: input.writerIndex)
                return .none
            case .payload:
                if let action = readPayload(&input) { return action }
                if case .payload = place { return .none }
            case .first, .second, .length, .mask:
                guard let byte = input.readInteger(as: UInt8.self) else { return .none }
                if let code = readHead(byte) { return fail(code) }
            }
        }
    }

    private mutating func fail(_ code: Int) -> Action {
        end()
        return .fail(code)
    }

    private mutating func end() {
        place = .ended
        message = ByteBuffer()
        control = ByteBuffer()
    }

    // MARK: - Heads

    /// Takes a byte of a frame's head. Gives the code that the connection ends with if the head may not be.
    /// Source: RFC 6455, section 5.2.
    private mutating func readHead(_ byte: UInt8) -> Int? {
        switch place {
        case .first: return readFirst(byte)
        case .second: return readSecond(byte)
        case .length:
            // The highest bit of eight bytes is 0.
            if missing == 8, byte & 0x80 != 0 { return 1002 }
            left = left &<< 8 | Int(byte)
            missing &-= 1
            guard missing == 0 else { return nil }
            // The shortest form is the only one.
            guard left >= (isWide ? 65_536 : 126) else { return 1002 }
            return beginMask()
        case .mask:
            mask = mask &<< 8 | UInt32(byte)
            missing &-= 1
            if missing == 0 { place = .payload }
            return nil
        case .payload, .ended:
            return nil
        }
    }

    private mutating func readFirst(_ byte: UInt8) -> Int? {
        // No extension was agreed on, so that reserved bits have no meaning.
        guard byte & 0x70 == 0, let opcode = WebSocketOpcode(rawValue: byte & 0x0F) else { return 1002 }
        self.opcode = opcode
        isLast = byte & 0x80 != 0
        switch opcode {
        case .text, .binary: guard !isFragmented else { return 1002 }
        case .continuation: guard isFragmented else { return 1002 }
        case .close, .ping, .pong: guard isLast else { return 1002 }
        }
        place = .second
        return nil
    }

    private mutating func readSecond(_ byte: UInt8) -> Int? {
        // Source: RFC 6455, section 5.1: a client masks.
        guard byte & 0x80 != 0 else { return 1002 }
        let length = byte & 0x7F
        if opcode.isControl, length > Self.longestControl { return 1002 }
        // Source: reference, "Integrations and two-way" (2.3).
        if opcode == .binary, !takesBinary { return 1003 }
        taken = 0
        guard length >= 126 else {
            left = Int(length)
            return beginMask()
        }
        left = 0
        isWide = length == 127
        missing = isWide ? 8 : 2
        place = .length
        return nil
    }

    /// The length is known.
    private mutating func beginMask() -> Int? {
        if opcode.isControl {
            control.clear()
        } else {
            guard left <= Self.longestFrame else { return 1009 }
            if opcode != .continuation {
                isBinary = opcode == .binary
                checked = 0
            }
            guard message.readableBytes &+ left <= Self.longestMessage else { return 1009 }
        }
        mask = 0
        missing = 4
        place = .mask
        return nil
    }

    // MARK: - Payloads

    /// Takes what there is of a payload; `nil` if that leads to nothing yet.
    private mutating func readPayload(_ input: inout ByteBuffer) -> Action? {
        let count = min(left, input.readableBytes)
        if opcode.isControl {
            Self.unmask(count, of: &input, into: &control, mask, taken)
        } else {
            Self.unmask(count, of: &input, into: &message, mask, taken)
        }
        taken &+= count
        left &-= count
        if left == 0 { place = .first }
        if opcode.isControl { return left == 0 ? endControl() : nil }
        let isWhole = left == 0 && isLast
        guard isBinary || isText(isWhole: isWhole) else { return fail(1007) }
        guard left == 0 else { return nil }
        isFragmented = !isLast
        guard isWhole else { return nil }
        let whole = message
        message = ByteBuffer()
        return .message(whole, isBinary: isBinary)
    }

    private mutating func endControl() -> Action? {
        switch opcode {
        case .ping:
            return .ping(control)
        case .close:
            let payload = control
            if let code = Self.refusal(ofClose: payload) { return fail(code) }
            end()
            return .close(payload)
        case .pong, .continuation, .text, .binary:
            return nil
        }
    }

    /// Whether what has come is text as far as it goes. Source: RFC 6455, section 8.1; a character may stand in two
    /// fragments.
    private mutating func isText(isWhole: Bool) -> Bool {
        let start = checked
        let (isText, end) = message.withUnsafeReadableBytes { bytes -> (Bool, Int) in
            let new = UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let invalid = UTF8Text.firstInvalid(new) else { return (true, bytes.count) }
            let rest = UnsafeRawBufferPointer(rebasing: new[invalid...])
            return (!isWhole && UTF8Text.isBeginning(rest), start &+ invalid)
        }
        checked = end
        return isText
    }

    /// Moves bytes and takes their mask off, eight at a time. `done` bytes of the payload were moved before.
    /// Source: RFC 6455, section 5.3.
    private static func unmask(
        _ count: Int, of input: inout ByteBuffer, into output: inout ByteBuffer, _ mask: UInt32, _ done: Int
    ) {
        guard count > 0 else { return }
        let turn = UInt32(done & 3) &* 8
        let key = turn == 0 ? mask : mask &<< turn | mask &>> (32 &- turn)
        let wide = (UInt64(key) &<< 32 | UInt64(key)).bigEndian
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            input.readWithUnsafeReadableBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
                var at = 0
                while at &+ 8 <= count {
                    let word = from.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ wide
                    to.storeBytes(of: word, toByteOffset: at, as: UInt64.self)
                    at &+= 8
                }
                while at < count {
                    target[at] = source[at] ^ UInt8(truncatingIfNeeded: key &>> (24 &- UInt32(at & 3) &* 8))
                    at &+= 1
                }
                return count
            }
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
