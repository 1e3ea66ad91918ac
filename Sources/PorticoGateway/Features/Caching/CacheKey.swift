// Hot: once per request of a method with a cache. Allocates: nothing once its buffer has grown.

/// The cache key of a request, in a buffer that is used again. A worker has one, on its loop.
///
/// `start`, then a value for each parameter of the prefix in their order, then `end`. The hash is SipHash-1-3 (the
/// standard library's), keyed with numbers that are drawn once in a process, so that nobody outside can choose keys that
/// meet; what is found by it is still compared whole.
final class CacheKey {
    private var memory: UnsafeMutableRawPointer
    private var capacity = 512
    private var count = 0
    private var valuesStart = 0
    private var hasher = Hasher()
    private var isTooLong = false
    /// Of ``bytes``; valid after ``end()``.
    private(set) var hash: UInt64 = 0

    /// Makes an empty key.
    init() { memory = .allocate(byteCount: capacity, alignment: 8) }

    /// A key of these bytes and of a hash that is given: for tests of keys whose hashes meet.
    init(bytes: [UInt8], hash: UInt64) {
        memory = .allocate(byteCount: capacity, alignment: 8)
        bytes.withUnsafeBytes { append($0) }
        self.hash = hash
    }

    deinit { memory.deallocate() }

    /// All bytes of the key. Valid until it is changed.
    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    /// Forgets the last key and begins one.
    func start(_ prefix: CacheKeyPrefix) {
        count = 0
        isTooLong = false
        hasher = prefix.hasher
        prefix.bytes.withUnsafeBytes { append($0) }
        valuesStart = count
    }

    /// Adds the value of the next parameter; `nil` if the request has none, which is not the same as an empty one.
    func add(_ value: UnsafeRawBufferPointer?) {
        // One byte that says whether it is there, four of length.
        guard let value else {
            guard hasRoom(1) else { return }
            memory.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
            count &+= 1
            return
        }
        guard value.count <= CacheLimits.keyBytes, hasRoom(value.count &+ 5) else {
            isTooLong = true
            return
        }
        memory.storeBytes(of: 1, toByteOffset: count, as: UInt8.self)
        let length = UInt32(truncatingIfNeeded: value.count).littleEndian
        memory.storeBytes(of: length, toByteOffset: count &+ 1, as: UInt32.self)
        count &+= 5
        append(value)
    }

    /// Completes the key. `false` if it is longer than ``CacheLimits/keyBytes``: the request is not cached then.
    func end() -> Bool {
        guard !isTooLong else { return false }
        // Beginnings of keys end where they say, so that the same bytes are always cut at the same place.
        hasher.combine(bytes: UnsafeRawBufferPointer(start: memory + valuesStart, count: count &- valuesStart))
        hash = UInt64(truncatingIfNeeded: hasher.finalize())
        return true
    }

    private func append(_ part: UnsafeRawBufferPointer) {
        guard let start = part.baseAddress, hasRoom(part.count) else { return }
        (memory + count).copyMemory(from: start, byteCount: part.count)
        count &+= part.count
    }

    @inline(__always)
    private func hasRoom(_ bytes: Int) -> Bool { count &+ bytes <= capacity || grow(bytes) }

    private func grow(_ bytes: Int) -> Bool {
        guard count + bytes <= CacheLimits.keyBytes else {
            isTooLong = true
            return false
        }
        while capacity < count + bytes { capacity *= 2 }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = larger
        return true
    }
}
