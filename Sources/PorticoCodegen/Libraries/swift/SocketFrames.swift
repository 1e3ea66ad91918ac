import Foundation

// The frames of RFC 6455, as a client writes and reads them; no bytes move here.
extension PorticoSDK {
    /// What a frame is.
    enum SocketOpcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        var isControl: Bool { rawValue >= 8 }
    }

    /// A whole message or control frame.
    struct SocketEvent {
        var opcode: SocketOpcode
        var data: Data
        /// The text of a message, or the reason of a close frame.
        var text = ""
        /// The code of a close frame.
        var code = 1005
    }

    /// What the server sent is not as RFC 6455 has it; `code` is what the connection is closed with.
    struct SocketViolation: Swift.Error {
        var code: Int
    }

    /// Writes frames.
    enum SocketFrames {
        /// API Gateway takes longer messages, but no longer frames.
        private static let longest = 32_768

        /// A message or control frame in as many frames as it needs.
        static func encode(_ opcode: SocketOpcode, _ data: Data) -> Data {
            var result = Data(capacity: data.count + 14 * (data.count / longest + 1))
            var rest = data[...]
            var opcode = opcode
            repeat {
                let piece = rest.prefix(longest)
                rest = rest.dropFirst(longest)
                result.append((rest.isEmpty ? 0x80 : 0) | opcode.rawValue)
                if piece.count < 126 {
                    result.append(0x80 | UInt8(piece.count))
                } else {
                    // No piece is so long that it needs more than 16 bits.
                    result.append(contentsOf: [0xFE, UInt8(piece.count >> 8), UInt8(piece.count & 0xFF)])
                }
                let key = (0..<4).map { _ in UInt8.random(in: 0...255) }
                result.append(contentsOf: key)
                result.append(contentsOf: piece.enumerated().map { $0.element ^ key[$0.offset & 3] })
                opcode = .continuation
            } while !rest.isEmpty
            return result
        }

        /// What a close frame carries.
        static func closePayload(_ code: Int, _ reason: String) throws -> Data {
            guard [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011].contains(code) || 3000...4999 ~= code else {
                throw InvalidArgumentError("code", "\(code) is no code to close with")
            }
            guard reason.utf8.count <= 123 else {
                throw InvalidArgumentError("reason", "is longer than 123 bytes")
            }
            return Data([UInt8(code >> 8), UInt8(code & 0xFF)] + reason.utf8)
        }
    }

    /// Reads frames from whatever pieces the bytes come in.
    struct SocketDecoder {
        private let limit: Int
        private var buffer: [UInt8] = []
        private var start = 0
        private var opcode = SocketOpcode.continuation
        private var message = Data()

        /// - Parameter limit: Bytes that a message may have.
        init(limit: Int) { self.limit = limit }

        /// Takes bytes that came.
        mutating func feed(_ data: Data) {
            buffer.removeFirst(start)
            start = 0
            buffer.append(contentsOf: data)
        }

        /// The next event of what was fed; `nil` until more is.
        mutating func next() throws(SocketViolation) -> SocketEvent? {
            while let (isFinal, opcode, data) = try frame() {
                if opcode.isControl { return try Self.control(opcode, data) }
                if opcode != .continuation { self.opcode = opcode }
                message.append(data)
                guard isFinal else { continue }
                defer { (self.opcode, message) = (.continuation, Data()) }
                var event = SocketEvent(opcode: self.opcode, data: message)
                if self.opcode == .text { event.text = try Self.text(message) }
                return event
            }
            return nil
        }

        private mutating func frame() throws(SocketViolation) -> (Bool, SocketOpcode, Data)? {
            let available = buffer.count - start
            guard available >= 2 else { return nil }
            let (first, second) = (buffer[start], buffer[start + 1])
            guard first & 0x70 == 0, second & 0x80 == 0, let opcode = SocketOpcode(rawValue: first & 0x0F) else {
                throw SocketViolation(code: 1002)
            }
            let isFinal = first & 0x80 != 0
            var (size, head) = (Int(second), 2)
            if opcode.isControl {
                guard isFinal, size <= 125 else { throw SocketViolation(code: 1002) }
            } else {
                guard (opcode == .continuation) != (self.opcode == .continuation) else {
                    throw SocketViolation(code: 1002)
                }
            }
            if size >= 126 {
                head = size == 126 ? 4 : 10
                guard available >= head else { return nil }
                let bytes = buffer[(start + 2)..<(start + head)]
                guard let long = Int(exactly: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) else {
                    throw SocketViolation(code: 1009)
                }
                size = long
            }
            guard opcode.isControl || size <= limit - message.count else { throw SocketViolation(code: 1009) }
            guard available - head >= size else { return nil }
            let data = Data(buffer[(start + head)..<(start + head + size)])
            start += head + size
            return (isFinal, opcode, data)
        }

        private static func control(_ opcode: SocketOpcode, _ data: Data) throws(SocketViolation) -> SocketEvent {
            var event = SocketEvent(opcode: opcode, data: data)
            guard opcode == .close, let first = data.first else { return event }
            event.code = data.count > 1 ? Int(first) << 8 | Int(data[data.startIndex + 1]) : 0
            guard 1000...4999 ~= event.code, ![1004, 1005, 1006, 1015].contains(event.code) else {
                throw SocketViolation(code: 1002)
            }
            event.text = try text(data.dropFirst(2))
            return event
        }

        private static func text(_ data: Data) throws(SocketViolation) -> String {
            guard let text = String(validating: data, as: UTF8.self) else { throw SocketViolation(code: 1007) }
            return text
        }
    }
}
