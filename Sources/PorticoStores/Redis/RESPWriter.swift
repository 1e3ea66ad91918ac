internal import NIOCore

/// A command as the server reads it: an array of strings, whatever bytes they have.
struct RedisCommand: Sendable {
    private(set) var bytes: ByteBuffer

    /// - Parameter words: the command's name and its arguments.
    init(_ words: RedisWord...) {
        self.init(words: words)
    }

    init(words: [RedisWord]) {
        var size = 16
        for word in words { size += word.byteCount + 16 }
        bytes = ByteBuffer()
        bytes.reserveCapacity(size)
        bytes.writeStaticString("*")
        bytes.writeString(String(words.count))
        for word in words {
            bytes.writeStaticString("\r\n$")
            switch word {
            case .text(let text):
                bytes.writeString(String(text.utf8.count))
                bytes.writeStaticString("\r\n")
                bytes.writeString(text)
            case .bytes(let content):
                bytes.writeString(String(content.count))
                bytes.writeStaticString("\r\n")
                bytes.writeBytes(content)
            }
        }
        bytes.writeStaticString("\r\n")
    }
}

/// A word of a command.
enum RedisWord: Sendable, ExpressibleByStringInterpolation {
    case text(String)
    case bytes([UInt8])

    init(stringLiteral value: String) {
        self = .text(value)
    }

    init(_ number: some BinaryInteger) {
        self = .text(String(number))
    }

    var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }
}
