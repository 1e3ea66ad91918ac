// Hot: once per token that is not known yet. Allocates: the decoded parts.

internal import PorticoIR
internal import PorticoPrograms

/// A compact JWS cut into its parts, with its header read; nothing of it is believed yet.
///
/// Members of the header that bring a key (`jwk`, `x5c`) or lead to one (`jku`, `x5u`) are never read: keys come from the
/// issuer alone. `crit` is refused, because it asks for what is not understood here.
///
/// *Source:* RFC 7515, 3.1, 4.1 and 7.1; RFC 8725, 3.
struct CompactToken {
    let algorithm: TokenAlgorithm
    /// `kid`
    let keyID: [UInt8]
    /// The claims as JSON.
    let claims: [UInt8]
    let signature: [UInt8]
    /// What is signed, from the token's first byte.
    let signedBytes: Int

    /// Reads `text`, with `tape` as a place to work.
    init(_ text: UnsafeRawBufferPointer, tape: JSONTape) throws(TokenRefusal) {
        guard text.count <= TokenLimits.tokenBytes else { throw .malformed }
        guard let first = text.firstIndex(of: UInt8(ascii: ".")),
            let second = text[(first + 1)...].firstIndex(of: UInt8(ascii: ".")),
            // JWE has five parts.
            !text[(second + 1)...].contains(UInt8(ascii: ".")),
            first > 0, second > first + 1, second + 1 < text.count
        else { throw .malformed }
        guard let header = Base64URL.decoded(UnsafeRawBufferPointer(rebasing: text[..<first])),
            let claims = Base64URL.decoded(UnsafeRawBufferPointer(rebasing: text[(first + 1)..<second])),
            let signature = Base64URL.decoded(UnsafeRawBufferPointer(rebasing: text[(second + 1)...]))
        else { throw .malformed }
        (algorithm, keyID) = try Self.readHeader(header, tape)
        self.claims = claims
        self.signature = signature
        signedBytes = second
    }

    private static func readHeader(
        _ bytes: [UInt8], _ tape: JSONTape
    ) throws(TokenRefusal) -> (TokenAlgorithm, [UInt8]) {
        let read = bytes.withUnsafeBytes { bytes -> Result<(TokenAlgorithm, [UInt8]), TokenRefusal> in
            guard tape.parse(bytes) == .ok else { return .failure(.malformed) }
            defer { tape.clear() }
            guard tape.kind(tape.root) == .object, !tape.hasRepeatedKeys else { return .failure(.malformed) }
            for name in unsupported where tape.member(tape.root, named: name) != nil {
                return .failure(.unsupportedHeader)
            }
            guard let algorithm = tape.member(tape.root, named: Array("alg".utf8)), tape.kind(algorithm).isString,
                let known = TokenAlgorithm(rawValue: tape.text(algorithm))
            else { return .failure(.algorithm) }
            guard let id = tape.member(tape.root, named: Array("kid".utf8)), tape.kind(id).isString else {
                return .failure(.unknownKey)
            }
            let name = Array(tape.text(id).utf8)
            guard (1...TokenLimits.keyIDBytes).contains(name.count) else { return .failure(.unknownKey) }
            return .success((known, name))
        }
        return try read.get()
    }

    /// Extensions to be understood, unencoded payloads, compression, encryption.
    private static let unsupported = ["crit", "b64", "zip", "enc"].map { Array($0.utf8) }
}
