// Hot: once per append. Allocates: when it outgrows its capacity, which the next request keeps.

/// Growable raw memory of one worker, which templates, head writers and preformatted parts all write into.
///
/// One worker owns it and uses it from its event loop only; it is not `Sendable`. `reset()` keeps the memory.
/// Its fields are not checked for exclusive access, which cost more than the appending: no method hands out a field.
public final class OutputBuffer {
    /// The memory; valid up to ``capacity`` bytes, until the next append.
    @exclusivity(unchecked) public private(set) var base: UnsafeMutableRawPointer
    /// Bytes written.
    @exclusivity(unchecked) public private(set) var count = 0
    /// Bytes allocated.
    @exclusivity(unchecked) public private(set) var capacity: Int

    /// Allocates `capacity` bytes.
    public init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    /// What was written; valid until the next append.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// What was written from `start` on; valid until the next append.
    public func bytes(from start: Int) -> UnsafeRawBufferPointer {
        precondition(start >= 0 && start <= count)
        return UnsafeRawBufferPointer(start: base + start, count: count - start)
    }

    /// Forgets the content and keeps the memory, unless it has grown beyond `limit` bytes.
    public func reset(keeping limit: Int = 1 << 20) {
        count = 0
        if capacity > limit {
            base.deallocate()
            capacity = 4096
            base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        }
    }

    /// Drops everything after the first `length` bytes.
    public func truncate(to length: Int) {
        precondition(length >= 0 && length <= count)
        count = length
    }

    /// Makes room for `room` bytes, lets `body` write there, and keeps as many as it answers.
    @inline(__always)
    func append(upTo room: Int, _ body: (UnsafeMutableRawPointer) -> Int) {
        reserve(room)
        let written = body(base + count)
        precondition(written >= 0 && written <= room)
        count &+= written
    }

    /// Makes room for `extra` more bytes.
    public func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    @inline(never)
    private func grow(_ extra: Int) {
        var wanted = capacity &* 2
        while wanted - count < extra { wanted = wanted &* 2 }
        let bigger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        bigger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = bigger
        capacity = wanted
    }

    /// Appends one byte.
    public func append(_ byte: UInt8) {
        if count == capacity { grow(1) }
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    /// Appends bytes, which must not be this buffer's own.
    public func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        appendShort(source, bytes.count)
    }

    /// Appends bytes, without a call when they are few.
    @inline(__always)
    func appendShort(_ source: UnsafeRawPointer, _ length: Int) {
        if capacity &- count < length { grow(length) }
        Self.copyShort(base + count, source, length)
        count &+= length
    }

    /// Copies by two loads that overlap; all is read before anything is written.
    @inline(__always)
    private static func copyShort(_ target: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ length: Int) {
        if length >= 16 {
            if length > 32 {
                target.copyMemory(from: source, byteCount: length)
                return
            }
            let head = source.loadUnaligned(as: SIMD2<UInt64>.self)
            let tail = source.loadUnaligned(fromByteOffset: length &- 16, as: SIMD2<UInt64>.self)
            target.storeBytes(of: head, as: SIMD2<UInt64>.self)
            target.storeBytes(of: tail, toByteOffset: length &- 16, as: SIMD2<UInt64>.self)
        } else if length >= 8 {
            let head = source.loadUnaligned(as: UInt64.self)
            let tail = source.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
            target.storeBytes(of: head, as: UInt64.self)
            target.storeBytes(of: tail, toByteOffset: length &- 8, as: UInt64.self)
        } else if length >= 4 {
            let head = source.loadUnaligned(as: UInt32.self)
            let tail = source.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
            target.storeBytes(of: head, as: UInt32.self)
            target.storeBytes(of: tail, toByteOffset: length &- 4, as: UInt32.self)
        } else if length > 0 {
            let head = source.load(as: UInt8.self)
            let middle = source.load(fromByteOffset: length &>> 1, as: UInt8.self)
            let tail = source.load(fromByteOffset: length &- 1, as: UInt8.self)
            target.storeBytes(of: head, as: UInt8.self)
            target.storeBytes(of: middle, toByteOffset: length &>> 1, as: UInt8.self)
            target.storeBytes(of: tail, toByteOffset: length &- 1, as: UInt8.self)
        }
    }

    /// Appends bytes.
    public func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Appends `length` bytes that `body` writes, all of them.
    @inlinable
    public func appendUninitialized(_ length: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
        reserve(length)
        body(base + count)
        advance(by: length)
    }

    /// Counts `length` bytes behind ``count`` as written; there must be room for them.
    public func advance(by length: Int) {
        precondition(length >= 0 && length <= capacity - count)
        count &+= length
    }

    /// Replaces bytes at `offset`, all of which must have been written before.
    public func overwrite(at offset: Int, with bytes: UnsafeRawBufferPointer) {
        precondition(offset >= 0 && offset + bytes.count <= count)
        guard let source = bytes.baseAddress else { return }
        (base + offset).copyMemory(from: source, byteCount: bytes.count)
    }

    /// Appends a copy of bytes that were written before.
    public func appendOwn(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        reserve(range.count)
        (base + count).copyMemory(from: base + range.lowerBound, byteCount: range.count)
        count &+= range.count
    }

    /// Replaces one byte that was written before.
    public func set(_ byte: UInt8, at offset: Int) {
        precondition(offset >= 0 && offset < count)
        base.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }

    /// Appends the UTF-8 of a literal.
    public func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the UTF-8 of a string. A literal is none: that of the function above needs no reference.
    @_disfavoredOverload
    public func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a whole number in decimal.
    public func append(decimal value: Int) {
        if value < 0 {
            append(0x2D)
            // The magnitude of Int.min fits UInt.
        }
        appendDigits(value.magnitude)
    }

    private func appendDigits(_ value: UInt) {
        reserve(20)
        var digits = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            digits &+= 1
        }
        rest = value
        var place = count &+ digits
        count = place
        repeat {
            place &-= 1
            base.storeBytes(of: UInt8(truncatingIfNeeded: 48 &+ rest % 10), toByteOffset: place, as: UInt8.self)
            rest /= 10
        } while rest > 0
    }
}
