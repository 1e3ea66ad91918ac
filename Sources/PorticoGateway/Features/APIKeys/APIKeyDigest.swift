// Hot: once per request of a method with an API key. Allocates: what the hash function needs, which it frees again.

internal import Crypto
internal import PorticoIR

/// SHA-256 of the value of an API key, as four words: what tables of keys hold instead of values.
struct APIKeyDigest: Sendable, Hashable {
    // Four words in the order of the bytes.
    let first, second, third, fourth: UInt64
}

extension APIKeyDigest {
    /// Of a value.
    @inline(__always)
    init(of value: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: value)
        self = hash.finalize().withUnsafeBytes { APIKeyDigest(words: $0) }
    }

    /// Of 32 bytes that are a digest; `nil` for any other number.
    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self = bytes.withUnsafeBytes { APIKeyDigest(words: $0) }
    }

    @inline(__always)
    private init(words bytes: UnsafeRawBufferPointer) {
        first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        fourth = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    /// Whether both are the same, in a time that does not depend on where they differ: all words are looked at, and there
    /// is one decision at the end.
    @inline(__always)
    func isSame(as other: APIKeyDigest) -> Bool {
        ((first ^ other.first) | (second ^ other.second) | (third ^ other.third) | (fourth ^ other.fourth)) == 0
    }
}

/// Digests for those who make keys.
public enum APIKeyHash {
    /// SHA-256 of a value; 32 bytes.
    public static func digest(of value: String) -> [UInt8] { Array(SHA256.hash(data: Array(value.utf8))) }
}
