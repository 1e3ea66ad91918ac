// Hot: once per frame. Allocates: nothing.

import NIOCore

/// What a frame is. Source: RFC 6455, section 11.8.
enum WebSocketOpcode: UInt8 {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Whether it is one that stands between the fragments of a message, too.
    var isControl: Bool { rawValue & 8 != 0 }

    /// Bytes before the longest payload in a server's frame.
    static let longestHead = 10

    /// Writes the head of a frame that is a whole message, as a server sends it: without a mask.
    /// Source: RFC 6455, sections 5.1 and 5.2.
    func appendHead(payloadBytes count: Int, to buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | rawValue)
        if count <= 125 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: count))
        } else if count <= 65_535 {
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(truncatingIfNeeded: count))
        } else {
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(truncatingIfNeeded: count))
        }
    }
}
