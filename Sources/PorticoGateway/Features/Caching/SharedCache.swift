internal import Crypto
internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// The cache of a stage as several processes share it: asked on a miss, before the backend is.
///
/// Keys go there as digests, so that nobody sees what was asked for. Answers that are encrypted stay in their process,
/// whose key nobody else has.
final class SharedCache: Sendable {
    private let store: any SharedCacheStore
    let namespace: String

    init(_ store: any SharedCacheStore, namespace: String) {
        self.store = store
        self.namespace = namespace
    }

    /// What a value begins with: status, bytes of the head.
    private static let prefixBytes = 6

    func key(_ bytes: some Sequence<UInt8>) -> SharedCacheKey {
        SharedCacheKey(namespace: namespace, key: Array(SHA256.hash(data: Array(bytes))))
    }

    /// Looks an answer up; completes on `loop`.
    func get(
        _ key: SharedCacheKey, on loop: any EventLoop, _ completion: @escaping @Sendable (SharedCacheAnswer) -> Void
    ) { store.get(key, on: LoopOfCompletions(loop: loop), completion) }

    /// Keeps an answer.
    func set(
        _ key: SharedCacheKey, status: UInt16, head: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer,
        ttlMilliseconds: Int, generation: SharedCacheGeneration
    ) {
        var value: [UInt8] = []
        value.reserveCapacity(SharedCache.prefixBytes + head.count + body.count)
        withUnsafeBytes(of: status.littleEndian) { value += $0 }
        withUnsafeBytes(of: UInt32(head.count).littleEndian) { value += $0 }
        value += head
        value += body
        store.set(key, value, ttlMilliseconds: ttlMilliseconds, generation: generation)
    }

    /// Forgets an answer.
    func remove(_ key: SharedCacheKey) { store.remove(key) }

    /// Forgets all.
    func flush() async throws(SharedStoreError) { try await store.flush(namespace) }

    /// The parts of a value; `nil` for bytes that are none.
    static func parts<Result>(
        _ value: [UInt8], _ body: (UInt16, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        value.withUnsafeBytes { bytes in
            guard bytes.count >= prefixBytes else { return nil }
            let status = UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self))
            let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt32.self)))
            guard (200...599).contains(status), count <= bytes.count - prefixBytes else { return nil }
            return body(
                status, UnsafeRawBufferPointer(rebasing: bytes[prefixBytes..<prefixBytes + count]),
                UnsafeRawBufferPointer(rebasing: bytes[(prefixBytes + count)...]))
        }
    }
}

/// A loop of NIO for stores, which do not know it.
struct LoopOfCompletions: CompletionLoop {
    let loop: any EventLoop

    func execute(_ task: @escaping @Sendable () -> Void) { loop.execute(task) }
}
