internal import Crypto
internal import Synchronization

/// Seals answers of methods with `cacheDataEncrypted`: AES-256-GCM with a key that is drawn once in a process and never
/// leaves it. Any thread.
///
/// What is sealed is bound to its cache key, status and head's length, so that one answer cannot stand in for another.
/// No two answers have the same nonce: it is a number that is counted up, after one that is drawn with the key.
///
/// *Source:* reference, 8.1 (`cacheDataEncrypted`); NIST SP 800-38D, 8.2.1.
final class CacheCipher: Sendable {
    /// The cipher of this process.
    static let process = CacheCipher()

    private static let nonceBytes = 12
    private static let tagBytes = 16
    private let key = SymmetricKey(size: .bits256)
    private let fixed = UInt32.random(in: 0 ... .max)
    private let count = Atomic<UInt64>(0)

    /// Makes a cipher with a key of its own.
    init() {}

    /// Nonce, sealed head and body, tag. `nil` if the library refuses, which it has no reason to.
    func seal(
        status: UInt16, head: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer
    ) -> [UInt8]? {
        var nonce: [UInt8] = []
        withUnsafeBytes(of: fixed) { nonce += $0 }
        withUnsafeBytes(of: count.add(1, ordering: .relaxed).newValue) { nonce += $0 }
        var bound = [UInt8](key)
        withUnsafeBytes(of: CachedResponse.tag(status: status, headCount: head.count).littleEndian) { bound += $0 }
        var text = [UInt8](head)
        text += body
        guard let number = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(text, using: self.key, nonce: number, authenticating: bound)
        else { return nil }
        return nonce + box.ciphertext + box.tag
    }

    /// Opens a sealed answer into `buffer`: the head, and after it the body. `nil` if it is not what was sealed for that
    /// key by this cipher.
    ///
    /// - Returns: bytes of the head.
    func open(_ response: CachedResponse, into buffer: inout [UInt8]) -> Int? {
        guard response.isEncrypted else { return nil }
        let headCount = response.openedHeadCount
        guard open(response.payload, sealedWith: response.sealedWith, into: &buffer), headCount <= buffer.count else {
            return nil
        }
        return headCount
    }

    /// Opens what ``seal(status:head:body:key:)`` made. `false` if a bit of it, or of what it is bound to, has changed.
    func open(
        _ sealed: UnsafeRawBufferPointer, sealedWith bound: UnsafeRawBufferPointer, into buffer: inout [UInt8]
    ) -> Bool {
        buffer.removeAll(keepingCapacity: true)
        guard sealed.count >= Self.nonceBytes + Self.tagBytes else { return false }
        let nonce = UnsafeRawBufferPointer(rebasing: sealed[..<Self.nonceBytes])
        let text = UnsafeRawBufferPointer(rebasing: sealed[Self.nonceBytes..<(sealed.count - Self.tagBytes)])
        let tag = UnsafeRawBufferPointer(rebasing: sealed[(sealed.count - Self.tagBytes)...])
        guard let number = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.SealedBox(nonce: number, ciphertext: text, tag: tag),
            let opened = try? AES.GCM.open(box, using: key, authenticating: bound)
        else { return false }
        buffer.append(contentsOf: opened)
        return true
    }
}
