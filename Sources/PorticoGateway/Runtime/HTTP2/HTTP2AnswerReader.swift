// Hot: once per write of an answer over HTTP/2. Allocates: the header fields' list, and copies of small bodies.

internal import NIOCore
internal import NIOHPACK

/// A part of an answer as HTTP/2 has it.
enum HTTP2AnswerEvent {
    case head(HPACKHeaders, isLast: Bool)
    /// Informational: the answer is yet to come.
    case interim(HPACKHeaders)
    case data(ByteBuffer, isLast: Bool)
    /// The answer was whole before.
    case end
    /// What came is no answer.
    case broken
}

/// Reads the answer of one request, in the HTTP/1.1 that connections write, piece by piece.
struct HTTP2AnswerReader {
    private enum State {
        case head
        case length(Int)
        /// The digits of a chunk's size so far.
        case chunkSize(Int)
        case chunk(Int)
        /// Bytes of the line end after a chunk that are yet to come.
        case chunkEnd(Int)
        /// As above, of the empty line after the last chunk.
        case lastLine(Int)
        case untilClose
        case done
    }

    /// A body up to this size is copied out of the buffer it came in, which then is used again.
    private static let longestCopiedPiece = 4096

    /// Whether the request was a HEAD.
    var isHead = false
    private var state = State.head
    /// A head that is not whole.
    private var partialHead: ByteBuffer?

    /// Whether the answer is whole.
    var isDone: Bool {
        if case .done = state { return true }
        return false
    }

    /// Whether the end of the connection is that of the answer.
    var endsWithConnection: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// Takes what it can from `bytes`; `nil` if it needs more.
    mutating func next(_ bytes: inout ByteBuffer, _ codec: HTTP2Codec) -> HTTP2AnswerEvent? {
        while true {
            if bytes.readableBytes == 0 { return nil }
            switch state {
            case .head:
                return readHead(&bytes, codec)
            case .length(let left):
                let count = min(left, bytes.readableBytes)
                state = count == left ? .done : .length(left - count)
                return .data(take(count, &bytes), isLast: count == left)
            case .untilClose:
                return .data(take(bytes.readableBytes, &bytes), isLast: false)
            case .chunk(let left):
                let count = min(left, bytes.readableBytes)
                state = count == left ? .chunkEnd(2) : .chunk(left - count)
                return .data(take(count, &bytes), isLast: false)
            case .chunkSize(let size):
                if !readSize(size, &bytes) { return .broken }
            case .chunkEnd(let left):
                bytes.moveReaderIndex(forwardBy: 1)
                state = left == 1 ? .chunkSize(0) : .chunkEnd(left - 1)
            case .lastLine(let left):
                bytes.moveReaderIndex(forwardBy: 1)
                if left == 1 {
                    state = .done
                    return .end
                }
                state = .lastLine(left - 1)
            case .done:
                return .broken
            }
        }
    }

    private mutating func readHead(_ bytes: inout ByteBuffer, _ codec: HTTP2Codec) -> HTTP2AnswerEvent? {
        if var head = partialHead {
            partialHead = nil
            head.writeBuffer(&bytes)
            bytes = head
        }
        let step = bytes.withUnsafeReadableBytes { codec.readHead($0, isHead: isHead) }
        guard let (head, fields) = step else {
            partialHead = bytes
            bytes.clear()
            return nil
        }
        guard let head else { return .broken }
        bytes.moveReaderIndex(forwardBy: head.headLength)
        if head.isInterim { return .interim(fields) }
        switch head.framing {
        case .none, .length(0): state = .done
        case .length(let length): state = .length(length)
        case .chunked: state = .chunkSize(0)
        case .untilClose: state = .untilClose
        }
        return .head(fields, isLast: isDone)
    }

    /// Reads digits up to the line end; `false` if there is anything else.
    private mutating func readSize(_ begun: Int, _ bytes: inout ByteBuffer) -> Bool {
        var size = begun
        while let byte = bytes.readInteger(as: UInt8.self) {
            switch byte {
            case 0x30...0x39: size = size << 4 | Int(byte - 0x30)
            case 0x61...0x66: size = size << 4 | Int(byte - 0x57)
            case 0x41...0x46: size = size << 4 | Int(byte - 0x37)
            case 0x0D: break
            case 0x0A:
                state = size == 0 ? .lastLine(2) : .chunk(size)
                return true
            default: return false
            }
            if size > Int.max >> 8 { return false }
        }
        state = .chunkSize(size)
        return true
    }

    private func take(_ count: Int, _ bytes: inout ByteBuffer) -> ByteBuffer {
        guard count <= HTTP2AnswerReader.longestCopiedPiece else {
            return bytes.readSlice(length: count) ?? ByteBuffer()
        }
        let copy = ByteBufferAllocator().buffer(capacity: count)
        return bytes.readBytesCopy(count, into: copy)
    }
}

extension ByteBuffer {
    /// Moves the first `count` bytes into another buffer.
    fileprivate mutating func readBytesCopy(_ count: Int, into buffer: ByteBuffer) -> ByteBuffer {
        var buffer = buffer
        withUnsafeReadableBytes { bytes in
            _ = buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[0..<min(count, bytes.count)]))
        }
        moveReaderIndex(forwardBy: min(count, readableBytes))
        return buffer
    }
}

/// What all sessions of a worker share: a parser of heads, texts of header fields, and a buffer to write into.
final class HTTP2Codec {
    private static let names = HeaderTables.names.map { "\($0)" }
    /// Fields whose values come again and again, so that the client is told to remember them.
    private static let remembered =
        KnownHeader.contentType.bit | KnownHeader.date.bit | KnownHeader.cacheControl.bit | KnownHeader.vary.bit
    /// Fields of a connection. *Source:* RFC 9113, section 8.2.2.
    private static let dropped =
        KnownHeader.connection.bit | KnownHeader.keepAlive.bit | KnownHeader.proxyConnection.bit
        | KnownHeader.transferEncoding.bit | KnownHeader.upgrade.bit
    /// Longer texts are allocated.
    private static let longestInlineText = 15

    private let parser = HTTPResponseParser()
    /// What requests are written into, as HTTP/1.1.
    var request = ByteBufferAllocator().buffer(capacity: 2048)
    /// The last value of each field of ``remembered``.
    private var texts = [String](repeating: "", count: KnownHeader.allCases.count)

    /// Reads the head of an answer: `nil` if it is not whole, and none if it is no head.
    func readHead(_ bytes: UnsafeRawBufferPointer, isHead: Bool) -> (ResponseHead?, HPACKHeaders)? {
        guard let base = bytes.baseAddress else { return nil }
        switch parser.parse(base, count: bytes.count, isHead: isHead) {
        case .head(let head) where head.status != 101: return (head, fields(of: head, base))
        case .needMore: return nil
        case .head, .malformed, .tooLarge: return (nil, HPACKHeaders())
        }
    }

    private func fields(of head: ResponseHead, _ base: UnsafeRawPointer) -> HPACKHeaders {
        let spans = parser.headers.spans
        var fields = HPACKHeaders()
        fields.reserveCapacity(spans.count + 1)
        fields.add(name: ":status", value: head.status == 200 ? "200" : "\(head.status)")
        for span in spans {
            if span.known != .other, span.known.bit & HTTP2Codec.dropped != 0 { continue }
            let value = UnsafeRawBufferPointer(start: base + Int(span.valueOffset), count: Int(span.valueLength))
            if span.known == .other {
                let name = UnsafeRawBufferPointer(start: base + Int(span.nameOffset), count: Int(span.nameLength))
                fields.add(
                    name: HTTP2Codec.lowercase(name), value: String(decoding: value, as: UTF8.self),
                    indexing: .nonIndexable)
            } else if span.known.bit & HTTP2Codec.remembered != 0 {
                fields.add(name: HTTP2Codec.names[Int(span.known.rawValue)], value: text(value, of: span.known))
            } else {
                fields.add(
                    name: HTTP2Codec.names[Int(span.known.rawValue)], value: String(decoding: value, as: UTF8.self),
                    indexing: .nonIndexable)
            }
        }
        return fields
    }

    /// The last text of that field, if it is the same.
    private func text(_ value: UnsafeRawBufferPointer, of known: KnownHeader) -> String {
        guard value.count > HTTP2Codec.longestInlineText else { return String(decoding: value, as: UTF8.self) }
        let place = Int(known.rawValue)
        let isSame = texts[place].withUTF8 { bytesEqual(UnsafeRawBufferPointer($0), value) }
        if !isSame { texts[place] = String(decoding: value, as: UTF8.self) }
        return texts[place]
    }

    private static func lowercase(_ name: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: name.count) { bytes in
            for (place, byte) in name.enumerated() {
                bytes[place] = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            }
            return name.count
        }
    }
}
