import Testing

@testable import PorticoGateway

@Suite("Cache keys")
struct CacheKeyTests {
    private func bytes(_ prefix: CacheKeyPrefix, _ values: [String?]) -> [UInt8] {
        let key = CacheKey()
        key.start(prefix)
        for value in values { CacheTesting.add(value, to: key) }
        #expect(key.end())
        return Array(key.bytes)
    }

    @Test("Different requests never make the same bytes, however their parts are cut")
    func apart() {
        let parts = ["", "a", "b", "ab", "ba", "aab", "\0", "\u{1}", "a\0b"]
        var seen = Set<[UInt8]>()
        var count = 0
        for deployment in ["", "a", "d"] {
            for namespace in ["a", "ab", "r"] {
                for verb in ["GET", "b", "bGET"] {
                    for names in [[], ["a"], ["b"], ["a", "b"], ["ab"]] {
                        let prefix = CacheKeyPrefix(
                            deployment: deployment, namespace: namespace, verb: verb, parameters: names)
                        #expect(prefix.parameterCount == names.count)
                        var values: [[String?]] = [[]]
                        for _ in names { values = values.flatMap { head in ([nil] + parts).map { head + [$0] } } }
                        for list in values {
                            seen.insert(bytes(prefix, list))
                            count += 1
                        }
                    }
                }
            }
        }
        #expect(count == 27 * (1 + 3 * 10 + 100))
        #expect(seen.count == count)
    }

    @Test("A parameter that is missing is not an empty one")
    func missing() {
        #expect(bytes(CacheTesting.prefix, [nil]) != bytes(CacheTesting.prefix, [""]))
    }

    @Test("The buffer is used again: a key says nothing of the one before, and its memory stays where it is")
    func reuse() {
        let key = CacheKey()
        key.start(CacheTesting.prefix)
        CacheTesting.add(String(repeating: "long", count: 100), to: key)
        #expect(key.end())
        let place = key.bytes.baseAddress
        key.start(CacheTesting.prefix)
        CacheTesting.add("7", to: key)
        #expect(key.end())
        let other = CacheTesting.key("7")
        #expect(bytesEqual(key.bytes, other.bytes) && key.hash == other.hash)
        #expect(key.bytes.baseAddress == place)
    }

    @Test("A key beyond 65,536 bytes is refused, whichever value is too long, and the next one is not")
    func limit() {
        let key = CacheKey()
        let room = CacheLimits.keyBytes - CacheTesting.prefix.bytes.count - 5
        for (length, isGood) in [(room, true), (room + 1, false), (10 << 20, false), (room, true)] {
            key.start(CacheTesting.prefix)
            CacheTesting.add(String(repeating: "x", count: length), to: key)
            #expect(key.end() == isGood)
            #expect(key.bytes.count <= CacheLimits.keyBytes)
        }
        key.start(CacheTesting.prefix)
        for _ in 0..<3 { CacheTesting.add(String(repeating: "x", count: 30_000), to: key) }
        #expect(!key.end())
        // One that is short after a long one does not make the key good.
        key.start(CacheTesting.prefix)
        CacheTesting.add(String(repeating: "x", count: 70_000), to: key)
        CacheTesting.add("x", to: key)
        #expect(!key.end())
    }

    @Test("The hash depends on every byte and on the seed")
    func hash() {
        func hash(_ bytes: [UInt8], _ seed: CacheKeySeed, verb: String = "GET") -> UInt64 {
            let key = CacheKey()
            key.start(CacheKeyPrefix(namespace: "n", verb: verb, parameters: ["p"], seed: seed))
            bytes.withUnsafeBytes { key.add($0) }
            #expect(key.end())
            return key.hash
        }
        let seed = CacheKeySeed(first: 1, second: 2)
        let bytes = [UInt8](0..<64)
        let first = hash(bytes, seed)
        #expect(hash(bytes, seed) == first)
        #expect(hash(bytes, seed, verb: "PUT") != first)
        for index in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[index] ^= 1 << UInt8(bit)
                #expect(hash(other, seed) != first)
            }
        }
        for other in [CacheKeySeed(first: 2, second: 1), .init(first: 1, second: 3), .init(first: 0, second: 2)] {
            #expect(hash(bytes, other) != first)
        }
    }

    @Test("Keys that count up, as clients choose them, spread over sets and shards")
    func spread() {
        // 8,192 keys: 128 to a set on average of 64, by highest and by lowest bits.
        var high = [Int](repeating: 0, count: 64)
        var low = [Int](repeating: 0, count: 64)
        for number in 0..<8_192 {
            let hash = CacheTesting.key(String(number)).hash
            high[Int(hash >> 58)] += 1
            low[Int(hash & 63)] += 1
        }
        // Six standard deviations.
        #expect((high + low).allSatisfy { (60...200).contains($0) })
    }
}
