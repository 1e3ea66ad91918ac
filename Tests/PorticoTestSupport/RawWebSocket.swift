/// A client of a WebSocket API that sends exactly the frames it is told to, right or wrong, and shows exactly those that
/// came back.
///
/// One thread may send while another one reads.
public final class RawWebSocket: @unchecked Sendable {
    /// Opcodes. Source: RFC 6455, section 11.8.
    public enum Opcode {
        /// A further fragment.
        public static let continuation: UInt8 = 0
        /// Text.
        public static let text: UInt8 = 1
        /// Bytes.
        public static let binary: UInt8 = 2
        /// The end.
        public static let close: UInt8 = 8
        /// A question whether somebody is there.
        public static let ping: UInt8 = 9
        /// The answer to it.
        public static let pong: UInt8 = 10
    }

    /// A frame that came.
    public struct Frame: Sendable, Hashable, CustomStringConvertible {
        /// Whether it is the last one of its message.
        public var isLast: Bool
        /// The three reserved bits.
        public var reserved: UInt8
        /// Kind of frame.
        public var opcode: UInt8
        /// Payload.
        public var payload: [UInt8]

        /// Payload as text.
        public var text: String { String(decoding: payload, as: UTF8.self) }

        /// Close code; `nil` without one.
        public var code: Int? { payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }

        /// What stands behind the close code.
        public var reason: String { String(decoding: payload.dropFirst(2), as: UTF8.self) }

        /// For messages of tests.
        public var description: String {
            opcode == Opcode.close ? "close \(code ?? 1005) '\(reason)'" : "frame \(opcode) '\(text.prefix(200))'"
        }
    }

    /// The key that handshakes send, and what a server makes of it. Source: RFC 6455, section 1.3.
    public static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    /// `Sec-WebSocket-Accept` for ``key``.
    public static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// The answer to the handshake.
    public let response: RawResponse
    private let connection: RawConnection
    private var nextMask: UInt32 = 0x1234_5678

    /// Asks for a connection. Whether there is one, ``response`` tells.
    public init(
        port: Int, _ path: String = "/dev", headers: [(String, String)] = [], following: [UInt8] = [],
        deadline: Deadline = Deadline()
    ) throws {
        connection = try RawConnection(port: port, deadline: deadline)
        try connection.send(Array(Self.request(port: port, path, headers: headers).utf8) + following)
        response = try connection.readUpgradeResponse()
    }

    /// The text of a handshake. A header that is given stands instead of the usual one of its name; an empty one leaves it
    /// out.
    public static func request(
        _ method: String = "GET", port: Int, _ path: String, headers: [(String, String)] = []
    ) -> String {
        let usual = [
            ("Host", "127.0.0.1:\(port)"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", key), ("Sec-WebSocket-Version", "13"),
        ]
        var text = "\(method) \(path) HTTP/1.1\r\n"
        for (name, value) in usual where !headers.contains(where: { $0.0.lowercased() == name.lowercased() }) {
            text += "\(name): \(value)\r\n"
        }
        for (name, value) in headers where !value.isEmpty { text += "\(name): \(value)\r\n" }
        return text + "\r\n"
    }

    /// Whether the server speaks frames now.
    public var isOpen: Bool { response.status == 101 }

    // MARK: - Sending

    /// The bytes of a frame, masked unless told otherwise. `length` lies about the payload's.
    public static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true, reserved: UInt8 = 0, mask: UInt32? = 0xA1B2_C3D4,
        length: Int? = nil
    ) -> [UInt8] {
        let count = length ?? payload.count
        var bytes: [UInt8] = [(isLast ? 0x80 : 0) | reserved << 4 | opcode]
        let bit: UInt8 = mask == nil ? 0 : 0x80
        if count <= 125 {
            bytes.append(bit | UInt8(count))
        } else if count <= 65_535 {
            bytes += [bit | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        } else {
            bytes.append(bit | 127)
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(count >> shift & 0xFF)) }
        }
        guard let mask else { return bytes + payload }
        let key = (0..<4).map { UInt8(mask >> (24 - 8 * UInt32($0)) & 0xFF) }
        bytes += key
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index % 4]) }
        return bytes
    }

    /// Sends a text message in one frame.
    public func send(_ text: String) throws { try send(Opcode.text, Array(text.utf8)) }

    /// Sends a frame.
    public func send(_ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) throws {
        nextMask = nextMask &* 1_664_525 &+ 1_013_904_223
        try send(bytes: Self.frame(opcode, payload, isLast: isLast, mask: nextMask))
    }

    /// Sends bytes as they are.
    public func send(bytes: [UInt8]) throws { try connection.send(bytes) }

    /// Sends a close frame; without a code, an empty one.
    public func close(_ code: Int? = nil, _ reason: String = "") throws {
        try send(Opcode.close, (code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []) + Array(reason.utf8))
    }

    /// Ends TCP's sending side without a close frame.
    public func finishSending() { connection.finishSending() }

    /// Goes away with a reset.
    public func reset() { connection.reset() }

    // MARK: - Reading

    /// The next frame.
    public func readFrame() throws -> Frame {
        let head = try connection.readBytes(2)
        guard head[1] & 0x80 == 0 else { throw TestSupportError("the server masked a frame") }
        var length = Int(head[1] & 0x7F)
        if length >= 126 {
            length = try connection.readBytes(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(
            isLast: head[0] & 0x80 != 0, reserved: head[0] >> 4 & 7, opcode: head[0] & 0x0F,
            payload: try connection.readBytes(length))
    }

    /// The next frame; `nil` if the server ends TCP instead.
    public func readFrameOrEnd() throws -> Frame? {
        try connection.hasMore() ? try readFrame() : nil
    }

    /// The next frame, which has to be a text message.
    public func readText() throws -> String {
        let frame = try readFrame()
        guard frame.opcode == Opcode.text, frame.isLast, frame.reserved == 0 else {
            throw TestSupportError("expected a text message, got \(frame)")
        }
        return frame.text
    }

    /// Sends a message and reads the answer.
    public func ask(_ text: String) throws -> String {
        try send(text)
        return try readText()
    }

    /// The close frame that comes next, and that TCP ends behind it.
    public func readClose() throws -> (code: Int?, reason: String) {
        let frame = try readFrame()
        guard frame.opcode == Opcode.close else { throw TestSupportError("expected a close frame, got \(frame)") }
        return (frame.code, frame.reason)
    }

    /// Whether the server ends TCP without sending anything more.
    public func isClosedByServer() throws -> Bool { try connection.isClosedByServer() }
}
