// Hot: read once per request; made once per token. Allocates: one piece of memory and two lists.

internal import PorticoPrograms

/// A token whose signature, issuer, audience and times were found good.
///
/// Belongs to a worker. Its texts stay where they are as long as it lives, so that templates read them in place.
final class VerifiedToken {
    /// A claim as templates and functions see it.
    struct Claim {
        let name: UnsafeRawBufferPointer
        let text: UnsafeRawBufferPointer
    }

    private let memory: UnsafeMutableRawBufferPointer
    /// The token itself.
    let bytes: UnsafeRawBufferPointer
    /// The claims as the token has them, JSON.
    let claimsJSON: UnsafeRawBufferPointer
    /// The claims by name and text, in the order of the token.
    let claims: ContiguousArray<Claim>

    let issuer: [UInt8]
    let use: TokenClaims.Use
    let scopes: [[UInt8]]
    /// Milliseconds since 1970.
    let expiry: Int
    let notBefore: Int
    /// Whether an audience matches `identityValidationExpression`, if there is one.
    let fitsAudience: Bool
    /// What verified it.
    let key: VerificationKey
    /// The keys that ``key`` was last seen among.
    var keys: KeySet
    /// Whose state they are; `nil` for keys that do not change.
    var mirror: KeyMirror?

    init(
        _ text: UnsafeRawBufferPointer, payload: [UInt8], tape: JSONTape, claims facts: TokenClaims, style: ClaimStyle,
        fitsAudience: Bool, key: VerificationKey, keys: KeySet
    ) {
        let output = OutputBuffer(capacity: text.count + payload.count * 3)
        output.append(text)
        payload.withUnsafeBytes { output.append($0) }
        var ranges: [(name: Range<Int>, text: Range<Int>)] = []
        for (key, value) in tape.members(tape.root) {
            let start = output.count
            tape.appendString(key, into: output)
            let middle = output.count
            let name = UnsafeRawBufferPointer(rebasing: output.bytes[start..<middle])
            // The name may move with the next byte: a copy of it is compared.
            let isShown = Array(name).withUnsafeBytes { style.append(value, named: $0, of: tape, into: output) }
            if isShown {
                ranges.append((start..<middle, middle..<output.count))
            } else {
                output.truncate(to: start)
            }
        }
        memory = .allocate(byteCount: max(output.count, 1), alignment: 8)
        memory.copyMemory(from: output.bytes)
        let whole = UnsafeRawBufferPointer(memory)
        func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: whole[range]) }
        bytes = part(0..<text.count)
        claimsJSON = part(text.count..<text.count + payload.count)
        claims = ContiguousArray(ranges.map { Claim(name: part($0.name), text: part($0.text)) })
        issuer = facts.issuer
        use = facts.use
        scopes = facts.scopes
        expiry = facts.expiry
        notBefore = facts.notBefore
        self.fitsAudience = fitsAudience
        self.key = key
        self.keys = keys
    }

    deinit { memory.deallocate() }

    /// Text of a claim; `nil` if the token lacks it.
    func claim(named name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        for claim in claims where bytesEqual(claim.name, name) { return claim.text }
        return nil
    }

    /// Text of a claim.
    func claim(named name: String) -> UnsafeRawBufferPointer? {
        var name = name
        return name.withUTF8 { claim(named: UnsafeRawBufferPointer($0)) }
    }

    /// Bytes that it holds.
    var heldBytes: Int {
        memory.count + claims.count * MemoryLayout<Claim>.stride + scopes.reduce(0) { $0 + $1.count + 32 } + 256
    }

    /// What the time says of it.
    func refusal(atMilliseconds now: Int) -> TokenRefusal? {
        if expiry <= now { return .expired }
        return notBefore > now + TokenLimits.clockSkewMilliseconds ? .notYetValid : nil
    }
}
