// Hot: once per token that is not known yet. Allocates: what the claims hold.

internal import PorticoPrograms

/// The claims that rules look at.
///
/// *Source:* RFC 7519, 4.1; RFC 8693, 4.2 (`scope`); Cognito guide (`token_use`, `client_id`).
struct TokenClaims {
    /// What a Cognito token is for.
    enum Use {
        case id
        case access
        /// Another, or not told.
        case other
    }

    let issuer: [UInt8]
    /// `nil` without `aud`.
    let audiences: [[UInt8]]?
    let clientID: [UInt8]?
    let use: Use
    let scopes: [[UInt8]]
    /// `exp` in milliseconds since 1970: from then on the token is worth nothing.
    let expiry: Int
    /// The later of `nbf` and `iat` in the same unit; `Int.min` without both.
    let notBefore: Int

    /// Reads the claims that `tape` holds. Claims of the wrong type are no claims to be guessed at.
    init(_ tape: JSONTape) throws(TokenRefusal) {
        guard tape.count > 0, tape.kind(tape.root) == .object, !tape.hasRepeatedKeys else { throw .malformed }
        func member(_ name: StaticString) -> NodeIndex? {
            tape.member(tape.root, named: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        func text(_ index: NodeIndex) -> [UInt8]? { tape.kind(index).isString ? Array(tape.text(index).utf8) : nil }
        guard let issuer = member("iss").flatMap(text) else { throw .issuer }
        self.issuer = issuer
        guard let expiry = member("exp") else { throw .expired }
        self.expiry = try Self.time(expiry, tape)
        var notBefore = Int.min
        for claim in [member("nbf"), member("iat")] {
            if let claim { notBefore = max(notBefore, try Self.time(claim, tape)) }
        }
        self.notBefore = notBefore
        if let audience = member("aud") {
            if let one = text(audience) {
                audiences = [one]
            } else {
                guard tape.kind(audience) == .array else { throw .audience }
                var all: [[UInt8]] = []
                for element in tape.elements(audience) {
                    guard let one = text(element) else { throw .audience }
                    all.append(one)
                }
                audiences = all
            }
        } else {
            audiences = nil
        }
        clientID = member("client_id").flatMap(text)
        switch member("token_use").flatMap(text).map({ String(decoding: $0, as: UTF8.self) }) {
        case "id": use = .id
        case "access": use = .access
        default: use = .other
        }
        scopes = Self.scopes(member("scope"), tape) + Self.scopes(member("scp"), tape)
    }

    /// NumericDate: seconds since 1970, maybe with a fraction. Anything else is no time, and beyond the year 30,000 nothing
    /// is.
    private static func time(_ index: NodeIndex, _ tape: JSONTape) throws(TokenRefusal) -> Int {
        let limit: Int64 = 1_000_000_000_000
        if let seconds = tape.integer(index) {
            guard seconds.magnitude <= UInt64(limit) else { throw .malformed }
            return Int(seconds) * 1000
        }
        guard let seconds = tape.double(index), seconds.isFinite, abs(seconds) <= Double(limit) else {
            throw .malformed
        }
        return Int((seconds * 1000).rounded(.down))
    }

    /// Words of a text, or the texts of a list.
    private static func scopes(_ index: NodeIndex?, _ tape: JSONTape) -> [[UInt8]] {
        guard let index else { return [] }
        if tape.kind(index).isString {
            return Array(tape.text(index).utf8).split(separator: 0x20).map(Array.init)
        }
        return tape.elements(index).compactMap { tape.kind($0).isString ? Array(tape.text($0).utf8) : nil }
    }
}
