// Hot: once per signature. Allocates: two states of the hash per signature; a key, once a day per scope and credentials.

internal import Crypto
internal import PorticoPrograms

/// HMAC with SHA-256, its key taken in already, so that a code costs one hash of the text and one of the hash.
///
/// Made of the hash itself, because `HMAC` takes its key and text through collections: a code of 140 bytes was measured
/// to take it 3.8 times as long. Source: RFC 2104.
struct KeyedHash: Sendable {
    private var inner = SHA256()
    private var outer = SHA256()

    /// Takes a key of any length.
    init(key: UnsafeRawBufferPointer) {
        var block = SIMD64<UInt8>(repeating: 0)
        withUnsafeMutableBytes(of: &block) { block in
            if key.count > block.count {
                SigV4Encoding.hash(key).withUnsafeBytes { block.copyMemory(from: $0) }
            } else {
                block.copyMemory(from: key)
            }
        }
        withUnsafeBytes(of: block ^ SIMD64(repeating: 0x36)) { inner.update(bufferPointer: $0) }
        withUnsafeBytes(of: block ^ SIMD64(repeating: 0x5C)) { outer.update(bufferPointer: $0) }
    }

    /// The code of a text.
    @inline(__always)
    func code(of text: UnsafeRawBufferPointer) -> SHA256Digest {
        var first = inner
        first.update(bufferPointer: text)
        var second = outer
        first.finalize().withUnsafeBytes { second.update(bufferPointer: $0) }
        return second.finalize()
    }
}

/// The key that all signatures of one day, region, service and secret are made with.
///
/// Source: IAM User Guide, "Create a signed AWS API request", "Step 4: Calculate the signature".
final class SigningKey {
    /// Whose key it is.
    let credentials: SigningCredentials
    /// Where it is good.
    let scope: SigningScope
    /// The day, as its eight characters.
    let day: UInt64
    /// `DAY/REGION/SERVICE/aws4_request`.
    let credentialScope: [UInt8]
    private let hash: KeyedHash

    /// Derives the key.
    init(credentials: SigningCredentials, scope: SigningScope, day: UInt64) {
        self.credentials = credentials
        self.scope = scope
        self.day = day
        let dayText = withUnsafeBytes(of: day.bigEndian) { Array($0) }
        credentialScope =
            dayText + [0x2F] + scope.region + [0x2F] + scope.service + [0x2F] + SigV4.terminator.signedBytes
        var hash = credentials.prefixedSecret.withUnsafeBytes { KeyedHash(key: $0) }
        for step in [dayText, scope.region, scope.service, Array(SigV4.terminator.signedBytes)] {
            hash = step.withUnsafeBytes { hash.code(of: $0) }.withUnsafeBytes { KeyedHash(key: $0) }
        }
        self.hash = hash
    }

    /// The signature of a string to sign.
    @inline(__always)
    func sign(_ text: UnsafeRawBufferPointer) -> SHA256Digest { hash.code(of: text) }

    /// Writes `ALGORITHM \n TIME \n SCOPE \n HASH`, the string to sign of a canonical request.
    func writeStringToSign(_ canonical: UnsafeRawBufferPointer, at time: SigV4Time, into output: OutputBuffer) {
        output.append(SigV4.algorithm)
        output.append(0x0A)
        time.withBytes { output.append($0) }
        output.append(0x0A)
        output.append(credentialScope)
        output.append(0x0A)
        SigV4Encoding.appendHex(SigV4Encoding.hash(canonical), to: output)
    }
}

/// The keys that a worker has derived. One worker owns it.
final class SigningKeyCache {
    /// Keys that are kept: as many as backends and identities of a large API.
    static let limit = 64

    private var keys = ContiguousArray<SigningKey>()
    private var latest = 0
    private var next = 0

    /// The key for these credentials on a day, derived if it was not there.
    func key(credentials: SigningCredentials, scope: SigningScope, day: UInt64) -> SigningKey {
        if latest < keys.count, matches(keys[latest], credentials, scope, day) { return keys[latest] }
        for index in 0..<keys.count where matches(keys[index], credentials, scope, day) {
            latest = index
            return keys[index]
        }
        let key = SigningKey(credentials: credentials, scope: scope, day: day)
        if keys.count < Self.limit {
            latest = keys.count
            keys.append(key)
        } else {
            // The oldest one goes.
            keys[next] = key
            latest = next
            next = (next + 1) % Self.limit
        }
        return key
    }

    @inline(__always)
    private func matches(
        _ key: SigningKey, _ credentials: SigningCredentials, _ scope: SigningScope, _ day: UInt64
    ) -> Bool {
        key.credentials === credentials && key.day == day && key.scope.isSame(as: scope)
    }
}
