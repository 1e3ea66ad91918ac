// Hot: once per hit. Allocates: the object and its bytes, once per stored answer.

internal import Synchronization

/// A method response that is kept: status, head and body. Immutable but for two atomics; any thread.
///
/// The key, the status and the head's length, and the head and the body lie one after the other in one allocation. They
/// stay valid as long as the object, also when the cache no longer has it.
final class CachedResponse: Sendable {
    /// Uses that are counted, at most. *Source:* Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023:
    /// two bits.
    static let highestFrequency: UInt8 = 3
    /// Bytes between the key and the payload: status and head's length.
    static let tagBytes = 8

    /// Hash of the key.
    let hash: UInt64
    /// HTTP status.
    let status: UInt16
    /// The payload is sealed: only a ``CacheCipher`` tells what is in it.
    let isEncrypted: Bool
    /// When it was fetched, by the clock that the wiring hands in.
    let createdMilliseconds: Int
    /// From then on it is no hit.
    let expiryMilliseconds: Int
    /// What it counts against the capacity: key, payload and ``CacheLimits/overheadBytes``.
    let sizeBytes: Int

    private let keyCount: Int
    private let headCount: Int
    private let payloadCount: Int
    private nonisolated(unsafe) let block: UnsafeRawPointer
    private let counters: CacheCounters
    /// Generation of the cache that it is in; 0 before it is stored and after it was evicted, replaced or invalidated.
    private let life = Atomic<UInt64>(0)
    private let uses = Atomic<UInt8>(0)

    /// Copies an answer. The two parts are one after the other in what is kept.
    ///
    /// - Parameters:
    ///   - first: the head, or the whole sealed payload.
    ///   - second: the body, or nothing.
    ///   - headCount: bytes of the head before it was sealed.
    init(
        key: UnsafeRawBufferPointer, hash: UInt64, status: UInt16, headCount: Int, _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer, isEncrypted: Bool, createdMilliseconds: Int, expiryMilliseconds: Int,
        counters: CacheCounters
    ) {
        self.hash = hash
        self.status = status
        self.isEncrypted = isEncrypted
        self.createdMilliseconds = createdMilliseconds
        self.expiryMilliseconds = expiryMilliseconds
        self.headCount = headCount
        self.counters = counters
        keyCount = key.count
        payloadCount = first.count + second.count
        let total = keyCount + Self.tagBytes + payloadCount
        sizeBytes = total + CacheLimits.overheadBytes
        let memory = UnsafeMutableRawPointer.allocate(byteCount: total, alignment: 8)
        var offset = 0
        func append(_ part: UnsafeRawBufferPointer) {
            guard let start = part.baseAddress else { return }
            (memory + offset).copyMemory(from: start, byteCount: part.count)
            offset += part.count
        }
        append(key)
        withUnsafeBytes(of: CachedResponse.tag(status: status, headCount: headCount).littleEndian) { append($0) }
        append(first)
        append(second)
        block = UnsafeRawPointer(memory)
        counters.heldBytes.add(sizeBytes, ordering: .relaxed)
    }

    deinit {
        UnsafeMutableRawPointer(mutating: block).deallocate()
        counters.heldBytes.subtract(sizeBytes, ordering: .relaxed)
    }

    /// All bytes of the key.
    @inline(__always)
    var key: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: block, count: keyCount) }

    /// The head as it was given; empty for an encrypted answer.
    @inline(__always)
    var head: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: block + keyCount + Self.tagBytes, count: isEncrypted ? 0 : headCount)
    }

    /// The body as it was given; empty for an encrypted answer.
    @inline(__always)
    var body: UnsafeRawBufferPointer {
        isEncrypted
            ? UnsafeRawBufferPointer(start: nil, count: 0)
            : UnsafeRawBufferPointer(
                start: block + keyCount + Self.tagBytes + headCount, count: payloadCount - headCount)
    }

    /// Key, status and head's length: what a sealed payload is bound to.
    var sealedWith: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: block, count: keyCount + Self.tagBytes) }

    /// Bytes after key and tag: head and body, or what they were sealed to.
    var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: block + keyCount + Self.tagBytes, count: payloadCount)
    }

    /// Bytes of the head, before it was sealed.
    var openedHeadCount: Int { headCount }

    /// Status and head's length as one number.
    static func tag(status: UInt16, headCount: Int) -> UInt64 {
        UInt64(status) << 32 | UInt64(UInt32(truncatingIfNeeded: headCount))
    }
}

extension CachedResponse {
    /// Whether it answers requests with that key now.
    @inline(__always)
    func answers(_ key: UnsafeRawBufferPointer, generation: UInt64, now: Int) -> Bool {
        isFresh(generation: generation, now: now) && bytesEqual(self.key, key)
    }

    /// Whether it is in the cache of that generation, and its time is not over.
    @inline(__always)
    func isFresh(generation: UInt64, now: Int) -> Bool {
        life.load(ordering: .relaxed) == generation && now < expiryMilliseconds
    }

    /// Puts it into the cache of that generation; 0 takes it out. Under the lock of its shard only.
    func setLife(_ generation: UInt64) { life.store(generation, ordering: .relaxed) }

    /// Uses since it was last looked at for eviction, up to ``highestFrequency``.
    @inline(__always)
    var frequency: UInt8 { uses.load(ordering: .relaxed) }

    /// Counts a use. A count that is lost to another thread does no harm; one that is at its highest is not written, so
    /// that loops do not take the memory from each other.
    @inline(__always)
    func noteUse() {
        let count = uses.load(ordering: .relaxed)
        if count < Self.highestFrequency { uses.store(count &+ 1, ordering: .relaxed) }
    }

    /// Sets the count of uses. Under the lock of its shard only.
    func setFrequency(_ count: UInt8) { uses.store(count, ordering: .relaxed) }
}
