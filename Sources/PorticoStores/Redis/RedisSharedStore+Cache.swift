internal import NIOCore
public import PorticoIR

/// The cache: a value begins with the generation of its namespace, eight bytes, and counts while the namespace still has
/// it. One round trip reads both, so that a flush is seen by whoever asks next, at the price of one small key more.
///
/// Generations are numbers by chance and not a count: a server that has lost one must not give an old one again, whose
/// values may be there still.
extension RedisSharedStore {
    /// For how long a generation is kept: values live for an hour at most, so that losing one costs little.
    private static let generationSeconds = 30 * 86_400

    private func generationKey(_ namespace: String) -> RedisWord { .text(key("g", namespace)) }

    private func valueKey(_ key: SharedCacheKey) -> RedisWord {
        // With its length, so that no two pairs of names look the same.
        let start = self.key("c", "\(key.namespace.utf8.count):\(key.namespace):")
        return .bytes(Array(start.utf8) + key.key)
    }

    /// Looks a value up.
    public func get(
        _ key: SharedCacheKey, on loop: any CompletionLoop,
        _ completion: @escaping @Sendable (SharedCacheAnswer) -> Void
    ) {
        let command = RedisCommand("MGET", generationKey(key.namespace), valueKey(key))
        cache.send(command, timeout: RedisSharedStore.cacheTimeout) { result in
            let answer = self.answer(result, key)
            loop.execute { completion(answer) }
        }
    }

    private func answer(_ result: Result<RESPValue, SharedStoreError>, _ key: SharedCacheKey) -> SharedCacheAnswer {
        switch result {
        case .failure(let error): return .failed(error)
        case .success(.error(let text)): return .failed(.refused(RedisPipeline.printable(text)))
        case .success(.array(let values)) where values.count == 2:
            guard case .bulk(let text) = values[0], let number = UInt64(String(decoding: text, as: UTF8.self)),
                number != 0
            else {
                guard values[0] == .null else { return .failed(.malformed("no generation")) }
                begin(key.namespace)
                return .miss(SharedCacheGeneration(number: 0))
            }
            if case .bulk(let bytes) = values[1], bytes.count >= 8 {
                var found: UInt64 = 0
                for byte in bytes.prefix(8) { found = found << 8 | UInt64(byte) }
                if found == number { return .hit(Array(bytes.dropFirst(8))) }
            }
            return .miss(SharedCacheGeneration(number: number))
        case .success: return .failed(.malformed("no list of 2"))
        }
    }

    /// Gives a namespace its first generation. What misses until it has one is not kept.
    private func begin(_ namespace: String) {
        let command = RedisCommand(
            "SET", generationKey(namespace), RedisWord(UInt64.random(in: 1...UInt64.max)), "NX", "EX",
            RedisWord(RedisSharedStore.generationSeconds))
        cache.send(command, timeout: RedisSharedStore.settleTimeout) { _ in }
    }

    /// Keeps a value.
    public func set(
        _ key: SharedCacheKey, _ value: [UInt8], ttlMilliseconds: Int, generation: SharedCacheGeneration
    ) {
        guard generation.number != 0, ttlMilliseconds > 0, value.count <= SharedCacheKey.maximumValueBytes,
            cache.isAvailable
        else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count + 8)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: generation.number >> UInt64(shift)))
        }
        bytes += value
        let command = RedisCommand("SET", valueKey(key), .bytes(bytes), "PX", RedisWord(ttlMilliseconds))
        cache.send(command, timeout: RedisSharedStore.settleTimeout) { _ in }
    }

    /// Forgets a value.
    public func remove(_ key: SharedCacheKey) {
        cache.send(RedisCommand("DEL", valueKey(key)), timeout: RedisSharedStore.settleTimeout) { _ in }
    }

    /// Forgets all values of a namespace; the server drops them when their time is over.
    public func flush(_ namespace: String) async throws(SharedStoreError) {
        let command = RedisCommand(
            "SET", generationKey(namespace), RedisWord(UInt64.random(in: 1...UInt64.max)), "EX",
            RedisWord(RedisSharedStore.generationSeconds))
        guard try await cache.send(command, timeout: RedisSharedStore.settleTimeout) == .simple("OK") else {
            throw .malformed("no OK")
        }
    }
}
