internal import NIOCore

/// A reply of a Redis server.
///
/// *Source:* Redis, "Redis serialization protocol specification", version 2.
enum RESPValue: Sendable, Hashable {
    /// `+OK`
    case simple(String)
    /// `-ERR what is wrong`
    case error(String)
    /// `:1`
    case integer(Int64)
    /// `$3`, and three bytes.
    case bulk([UInt8])
    /// `$-1` or `*-1`.
    case null
    /// `*2`, and two replies.
    case array([RESPValue])
}

/// How large replies may be. Whatever is larger ends the connection.
struct RESPLimits: Sendable, Hashable {
    /// Bytes of a status, an error or a number.
    var lineBytes = 4096
    /// Bytes of one string.
    var bulkBytes = 2 << 20
    /// Bytes of all strings and lines of a reply.
    var replyBytes = 16 << 20
    /// Replies in a reply, at all depths.
    var elements = 1 << 17
    /// Arrays in arrays; 1 for arrays of strings.
    var depth = 4
}

/// Bytes that are no reply, or one beyond a limit; in words.
struct RESPProblem: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Reads replies from bytes that come in pieces. Looks at each byte once, wherever the pieces end.
///
/// After it has thrown, the bytes behind mean nothing, and it throws the same for ever.
struct RESPParser {
    private struct OpenArray {
        var remaining: Int
        var values: [RESPValue] = []
    }

    private let limits: RESPLimits
    private var buffer = ByteBuffer()
    /// Readable bytes that are known to hold no end of the line.
    private var scannedBytes = 0
    /// Length of the string whose head was read.
    private var bulkBytes: Int?
    private var open: [OpenArray] = []
    /// Of the reply that is being read.
    private var elements = 0
    private var bytes = 0
    private var problem: RESPProblem?

    init(limits: RESPLimits = RESPLimits()) {
        self.limits = limits
    }

    /// Bytes that were received and are no whole element yet.
    var bufferedBytes: Int { buffer.readableBytes }

    /// Takes bytes over.
    mutating func append(_ more: inout ByteBuffer) {
        guard problem == nil else { return }
        if buffer.readableBytes == 0 {
            buffer = more
            scannedBytes = 0
            more.moveReaderIndex(to: more.writerIndex)
            return
        }
        buffer.discardReadBytes()
        buffer.writeBuffer(&more)
    }

    /// The next whole reply; `nil` until more bytes have come.
    mutating func next() throws(RESPProblem) -> RESPValue? {
        if let problem { throw problem }
        do {
            while let element = try nextElement() {
                if let value = close(element) {
                    elements = 0
                    bytes = 0
                    return value
                }
            }
            return nil
        } catch {
            problem = error
            buffer = ByteBuffer()
            open = []
            throw error
        }
    }

    /// Puts an element into the arrays that are open; gives the reply that is whole with it.
    private mutating func close(_ element: RESPValue) -> RESPValue? {
        var value = element
        while let last = open.indices.last {
            open[last].values.append(value)
            open[last].remaining -= 1
            if open[last].remaining > 0 { return nil }
            value = .array(open.removeLast().values)
        }
        return value
    }

    /// An element that is whole by itself; heads of arrays are put on the stack.
    private mutating func nextElement() throws(RESPProblem) -> RESPValue? {
        while true {
            if let count = bulkBytes {
                guard buffer.readableBytes >= count + 2, let string = buffer.readBytes(length: count),
                    let end = buffer.readBytes(length: 2)
                else { return nil }
                guard end == [0x0D, 0x0A] else { throw RESPProblem("a string does not end where it should") }
                bulkBytes = nil
                return .bulk(string)
            }
            guard let line = try nextLine() else { return nil }
            guard let kind = line.first else { throw RESPProblem("an empty line") }
            elements += 1
            if elements > limits.elements { throw RESPProblem("more than \(limits.elements) elements") }
            let content = line.dropFirst()
            switch kind {
            case 0x2B: return .simple(String(decoding: content, as: UTF8.self))
            case 0x2D: return .error(String(decoding: content, as: UTF8.self))
            case 0x3A: return .integer(try number(content))
            case 0x24:
                let count = try number(content)
                if count == -1 { return .null }
                guard count >= 0, count <= limits.bulkBytes else { throw RESPProblem("a string of \(count) bytes") }
                try add(bytes: Int(count))
                bulkBytes = Int(count)
            case 0x2A:
                let count = try number(content)
                if count == -1 { return .null }
                guard count >= 0, count <= limits.elements - elements else {
                    throw RESPProblem("an array of \(count) elements")
                }
                if count == 0 { return .array([]) }
                guard open.count < limits.depth else { throw RESPProblem("more than \(limits.depth) levels") }
                open.append(OpenArray(remaining: Int(count)))
            default: throw RESPProblem("an element that begins with the byte \(kind)")
            }
        }
    }

    /// The bytes before the next CR LF.
    private mutating func nextLine() throws(RESPProblem) -> [UInt8]? {
        let length = buffer.withUnsafeReadableBytes { bytes -> Int? in
            var position = scannedBytes
            while position + 1 < bytes.count {
                if bytes[position] == 0x0D, bytes[position + 1] == 0x0A { return position }
                position += 1
            }
            return nil
        }
        // The limit does not depend on where the pieces end.
        guard length ?? buffer.readableBytes - 1 <= limits.lineBytes else { throw RESPProblem("a line without end") }
        guard let length, let line = buffer.readBytes(length: length) else {
            // The last byte may be the CR of an end that is still to come.
            scannedBytes = max(buffer.readableBytes - 1, 0)
            return nil
        }
        buffer.moveReaderIndex(forwardBy: 2)
        scannedBytes = 0
        try add(bytes: length)
        return line
    }

    private mutating func add(bytes count: Int) throws(RESPProblem) {
        bytes += count
        if bytes > limits.replyBytes { throw RESPProblem("more than \(limits.replyBytes) bytes") }
    }

    private func number(_ digits: ArraySlice<UInt8>) throws(RESPProblem) -> Int64 {
        guard digits.count <= 20, let value = Int64(String(decoding: digits, as: UTF8.self)) else {
            throw RESPProblem("no number where one should be")
        }
        return value
    }
}
