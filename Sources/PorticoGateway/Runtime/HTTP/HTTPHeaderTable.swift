// Hot: once per header field. Allocates: nothing; the memory is made once per worker.

/// Where one header field stands in the bytes that were parsed. The value has no blanks around it.
struct HeaderSpan {
    var nameOffset: Int32
    var nameLength: Int32
    var valueOffset: Int32
    var valueLength: Int32
    var known: KnownHeader
}

/// The header fields of the message that a worker parsed last: spans into the message's bytes.
///
/// One worker owns it and its parsers reuse it; it is not `Sendable`.
final class HTTPHeaderTable {
    /// The greatest number of fields; more are refused with 431.
    static let capacity = 200

    let storage: UnsafeMutablePointer<HeaderSpan>
    /// Number of fields of the message.
    fileprivate(set) var count = 0
    /// `KnownHeader.bit` of each field that is there.
    fileprivate(set) var knownMask: UInt64 = 0

    init() {
        storage = .allocate(capacity: Self.capacity)
        let nothing = HeaderSpan(nameOffset: 0, nameLength: 0, valueOffset: 0, valueLength: 0, known: .other)
        storage.initialize(repeating: nothing, count: Self.capacity)
    }

    deinit {
        storage.deallocate()
    }

    /// The fields in the order of the message; valid until the next message is parsed.
    var spans: UnsafeBufferPointer<HeaderSpan> { UnsafeBufferPointer(start: storage, count: count) }

    subscript(index: Int) -> HeaderSpan {
        precondition(index >= 0 && index < count)
        return storage[index]
    }

    /// Whether a field of this name is there.
    func contains(_ known: KnownHeader) -> Bool { knownMask & known.bit != 0 }

    /// The first field of this name.
    func first(_ known: KnownHeader) -> HeaderSpan? {
        if knownMask & known.bit == 0 { return nil }
        for index in 0..<count where storage[index].known == known { return storage[index] }
        return nil
    }

    /// Forgets the fields of the last message.
    @inline(__always)
    func clear() {
        count = 0
        knownMask = 0
    }

    /// Called by a parser when the head is whole.
    @inline(__always)
    func finish(count: Int, knownMask: UInt64) {
        self.count = count
        self.knownMask = knownMask
    }
}

/// What a connection remembers of a head that has not come whole, so that a head which trickles in byte by byte is not
/// read again for each byte: the next look waits for a line end or for twice the bytes.
struct HeadProgress {
    private var seen = 0
    private var nextLook = 0

    init() {}

    /// Whether bytes came since the last look that could change its outcome.
    @inline(__always)
    mutating func isWorthALook(_ bytes: UnsafeRawBufferPointer) -> Bool {
        seen == 0 ? true : hasNews(bytes)
    }

    @inline(never)
    private mutating func hasNews(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bytes.count >= nextLook { return true }
        let start = min(seen, bytes.count)
        seen = bytes.count
        return bytes[start...].contains(0x0A)
    }

    /// Called when the head in `count` bytes is not whole.
    @inline(never)
    mutating func lookedInVain(_ count: Int) {
        seen = count
        nextLook = max(count &* 2, 64)
    }

    /// Called when a head is whole or refused.
    @inline(__always)
    mutating func reset() { seen = 0 }
}
