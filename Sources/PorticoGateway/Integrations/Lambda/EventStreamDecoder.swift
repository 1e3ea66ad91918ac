// Hot: once per piece of an event stream. Allocates: a message that comes in more than one piece.

internal import CZlib
internal import NIOCore

/// One message of `application/vnd.amazon.eventstream`.
struct EventStreamMessage {
    /// Headers of the type string, in order; those of other types have no use here and are only checked.
    var headers: [(name: String, value: String)] = []
    var payload = ByteBuffer()

    /// Value of the header of that name.
    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Takes an event stream apart: each message has its length, the length of its headers and a checksum of both, then
/// headers, payload, and a checksum of everything. Pieces may end anywhere.
///
/// Source: AWS documentation, "Event stream encoding"; limits as botocore's `eventstream.py`.
struct EventStreamDecoder {
    static let maximumHeaderBytes = 128 << 10
    static let maximumPayloadBytes = 24 << 20

    enum Outcome {
        case message(EventStreamMessage)
        /// What there is is no whole message.
        case needMore
        case malformed(Problem)
    }

    /// Why it is no event stream.
    enum Problem: String {
        case preludeChecksum = "the checksum of an event's prelude is wrong"
        case messageChecksum = "the checksum of an event is wrong"
        case length = "an event has lengths that do not fit each other"
        case tooLarge = "an event is larger than the limits"
        case header = "a header of an event is malformed"
    }

    private static let preludeBytes = 12
    private static let checksumBytes = 4
    private var pending = ByteBuffer()
    /// Length of the message that is under way; 0 when its prelude has not come.
    private var totalBytes = 0
    private var headerBytes = 0
    private let maximumPayloadBytes: Int

    init(maximumPayloadBytes: Int = EventStreamDecoder.maximumPayloadBytes) {
        self.maximumPayloadBytes = maximumPayloadBytes
    }

    /// Whether the stream stands between two messages.
    var isBetweenMessages: Bool { pending.readableBytes == 0 }

    /// Bytes that wait for the rest of their message.
    var pendingBytes: Int { pending.readableBytes }

    /// Adds what has come.
    mutating func append(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next message. To be called until it needs more; nothing follows a malformed one.
    mutating func next() -> Outcome {
        if totalBytes == 0 {
            guard pending.readableBytes >= Self.preludeBytes else { return rest() }
            if let problem = readPrelude() { return .malformed(problem) }
        }
        guard pending.readableBytes >= totalBytes else { return rest() }
        let (total, headers) = (totalBytes, headerBytes)
        totalBytes = 0
        guard var message = pending.readSlice(length: total) else { return .malformed(.length) }
        let checked = total &- Self.checksumBytes
        guard let checksum = message.getInteger(at: message.readerIndex &+ checked, as: UInt32.self),
            checksum == Self.checksum(message, checked)
        else { return .malformed(.messageChecksum) }
        message.moveReaderIndex(forwardBy: Self.preludeBytes)
        guard var fields = message.readSlice(length: headers),
            let payload = message.readSlice(length: message.readableBytes &- Self.checksumBytes)
        else { return .malformed(.length) }
        var result = EventStreamMessage(payload: payload)
        while fields.readableBytes > 0 {
            guard let (name, value) = Self.readHeader(&fields) else { return .malformed(.header) }
            if let value { result.headers.append((name, value)) }
        }
        return .message(result)
    }

    /// Keeps no more of a large read than the message that is not whole.
    private mutating func rest() -> Outcome {
        if pending.readableBytes == 0 {
            pending = ByteBuffer()
        } else {
            pending.discardReadBytes()
        }
        return .needMore
    }

    private mutating func readPrelude() -> Problem? {
        let start = pending.readerIndex
        guard let total = pending.getInteger(at: start, as: UInt32.self),
            let headers = pending.getInteger(at: start &+ 4, as: UInt32.self),
            let checksum = pending.getInteger(at: start &+ 8, as: UInt32.self)
        else { return .length }
        guard checksum == Self.checksum(pending, 8) else { return .preludeChecksum }
        guard headers <= Self.maximumHeaderBytes else { return .tooLarge }
        let payload = Int(total) &- Int(headers) &- Self.preludeBytes &- Self.checksumBytes
        guard payload >= 0 else { return .length }
        guard payload <= maximumPayloadBytes else { return .tooLarge }
        totalBytes = Int(total)
        headerBytes = Int(headers)
        return nil
    }

    /// Name and, for a string, value; `nil` when malformed.
    private static func readHeader(_ bytes: inout ByteBuffer) -> (String, String?)? {
        guard let nameBytes = bytes.readInteger(as: UInt8.self), nameBytes > 0,
            let name = bytes.readString(length: Int(nameBytes)), let type = bytes.readInteger(as: UInt8.self)
        else { return nil }
        let skipped: Int
        switch type {
        case 0, 1: skipped = 0
        case 2: skipped = 1
        case 3: skipped = 2
        case 4: skipped = 4
        case 5, 8: skipped = 8
        case 9: skipped = 16
        case 6, 7:
            guard let count = bytes.readInteger(as: UInt16.self) else { return nil }
            if type == 7 { return bytes.readString(length: Int(count)).map { (name, $0) } }
            skipped = Int(count)
        default: return nil
        }
        guard bytes.readableBytes >= skipped else { return nil }
        bytes.moveReaderIndex(forwardBy: skipped)
        return (name, nil)
    }

    /// CRC-32 of the first `count` readable bytes.
    static func checksum(_ bytes: ByteBuffer, _ count: Int) -> UInt32 {
        bytes.withUnsafeReadableBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return UInt32(truncatingIfNeeded: crc32(0, base, UInt32(truncatingIfNeeded: min(count, raw.count))))
        }
    }
}
