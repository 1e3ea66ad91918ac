internal import Crypto
internal import CryptoExtras
internal import PorticoIR
internal import PorticoPrograms

/// The public keys of an issuer that can verify tokens.
///
/// *Source:* RFC 7517, 4 and 5; RFC 7518, 6.
final class KeySet: Sendable {
    let keys: [VerificationKey]

    init(keys: [VerificationKey]) { self.keys = keys }

    /// The key of that name, if an algorithm fits it. Names are compared as bytes and lead nowhere else.
    func key(named id: [UInt8], for algorithm: TokenAlgorithm) -> VerificationKey? {
        keys.first { $0.id == id && $0.fits(algorithm) }
    }

    /// Whether a key has that name, of whatever type.
    func hasKey(named id: [UInt8]) -> Bool { keys.contains { $0.id == id } }

    /// Whether the very key is still in it.
    func contains(_ key: VerificationKey) -> Bool { keys.contains { $0.isSame(as: key) } }
}

/// Why a text is no key set.
struct KeySetProblem: Error, Hashable {
    let text: String

    /// Takes a clause for the log, in which words of a foreign document may stand: one line of it, and not without end.
    init(_ text: String) {
        let visible = text.unicodeScalars.prefix(300).filter { $0.value >= 0x20 && $0.value != 0x7F }
        self.text = String(String.UnicodeScalarView(visible))
    }
}

/// Reads key sets.
struct KeySetReader {
    /// What was read, and what was left out and why.
    struct Reading {
        var keys: KeySet
        var leftOut: [String]
    }

    private let tape = JSONTape(maximumDepth: 16, maximumBytes: TokenLimits.keySetBytes)

    /// Reads `{"keys": [...]}`. Keys that are for something else, of other types or too weak are left out; a set without
    /// any key that is of use is a problem.
    func read(_ bytes: [UInt8]) throws(KeySetProblem) -> Reading {
        guard bytes.count <= TokenLimits.keySetBytes else {
            throw KeySetProblem("it has more than \(TokenLimits.keySetBytes) bytes")
        }
        let result = bytes.withUnsafeBytes { bytes -> Result<Reading, KeySetProblem> in
            defer { tape.clear() }
            if case .failed(let offset, let reason) = tape.parse(bytes) {
                return .failure(KeySetProblem("it is no JSON: \(reason.message) at byte \(offset)"))
            }
            guard tape.kind(tape.root) == .object, let list = tape.member(tape.root, named: Array("keys".utf8)),
                tape.kind(list) == .array
            else { return .failure(KeySetProblem("it has no list 'keys'")) }
            guard tape.memberCount(list) <= TokenLimits.keys else {
                return .failure(KeySetProblem("it has more than \(TokenLimits.keys) keys"))
            }
            var reading = Reading(keys: KeySet(keys: []), leftOut: [])
            var keys: [VerificationKey] = []
            for (index, element) in tape.elements(list).enumerated() {
                do throws(KeySetProblem) {
                    keys.append(try key(element))
                } catch {
                    reading.leftOut.append("key \(index + 1): \(error.text)")
                }
            }
            guard !keys.isEmpty else {
                let reasons = reading.leftOut.prefix(3).joined(separator: "; ")
                return .failure(
                    KeySetProblem("it has no key that can verify tokens" + (reasons.isEmpty ? "" : " (\(reasons))")))
            }
            reading.keys = KeySet(keys: keys)
            return .success(reading)
        }
        return try result.get()
    }

    private func text(_ object: NodeIndex, _ name: String) -> String? {
        guard let index = tape.member(object, named: Array(name.utf8)), tape.kind(index).isString else { return nil }
        return tape.text(index)
    }

    private func key(_ object: NodeIndex) throws(KeySetProblem) -> VerificationKey {
        guard tape.kind(object) == .object else { throw KeySetProblem("it is no object") }
        guard let id = text(object, "kid"), (1...TokenLimits.keyIDBytes).contains(id.utf8.count) else {
            throw KeySetProblem("it has no 'kid'")
        }
        if let use = text(object, "use"), use != "sig" { throw KeySetProblem("'use' is '\(use)'") }
        if let operations = tape.member(object, named: Array("key_ops".utf8)) {
            guard tape.elements(operations).contains(where: { tape.kind($0).isString && tape.text($0) == "verify" })
            else { throw KeySetProblem("'key_ops' has no 'verify'") }
        }
        var algorithm: TokenAlgorithm?
        if let name = text(object, "alg") {
            algorithm = TokenAlgorithm(rawValue: name)
            if algorithm == nil { throw KeySetProblem("'alg' is '\(name)'") }
        }
        let type = text(object, "kty") ?? ""
        let (material, numbers) =
            switch type {
            case "RSA": try rsa(object)
            case "EC": try curve(object)
            default: throw KeySetProblem("'kty' is '\(type)'")
            }
        let key = VerificationKey(
            id: Array(id.utf8), algorithm: algorithm, material: material, identity: [Array(type.utf8)] + numbers)
        if let algorithm, !key.fits(algorithm) { throw KeySetProblem("'\(algorithm.rawValue)' is not for such a key") }
        return key
    }

    private func number(_ object: NodeIndex, _ name: String) throws(KeySetProblem) -> [UInt8] {
        guard let index = tape.member(object, named: Array(name.utf8)), tape.kind(index) == .string,
            let bytes = Base64URL.decoded(tape.rawText(index)), !bytes.isEmpty
        else { throw KeySetProblem("'\(name)' is no base64url number") }
        return bytes
    }

    private func rsa(_ object: NodeIndex) throws(KeySetProblem) -> (VerificationKey.Material, [[UInt8]]) {
        // Some issuers write a zero in front, as ASN.1 does.
        let modulus = Array(try number(object, "n").drop { $0 == 0 })
        let exponent = Array(try number(object, "e").drop { $0 == 0 })
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard TokenLimits.modulusBits.contains(bits) else {
            throw KeySetProblem(
                "its modulus has \(bits) bits, not \(TokenLimits.modulusBits.lowerBound) to "
                    + "\(TokenLimits.modulusBits.upperBound)")
        }
        // Larger exponents make verification slow; F4 is what everybody has. An exponent of one verifies anything.
        guard exponent.count <= 4, let last = exponent.last, last & 1 == 1, exponent.count > 1 || last > 1 else {
            throw KeySetProblem("its exponent is of no use")
        }
        guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else {
            throw KeySetProblem("its numbers are no RSA key")
        }
        return (.rsa(key), [modulus, exponent])
    }

    private func curve(_ object: NodeIndex) throws(KeySetProblem) -> (VerificationKey.Material, [[UInt8]]) {
        let name = text(object, "crv") ?? ""
        let size: Int
        switch name {
        case "P-256": size = 32
        case "P-384": size = 48
        case "P-521": size = 66
        default: throw KeySetProblem("'crv' is '\(name)'")
        }
        let x = try number(object, "x")
        let y = try number(object, "y")
        // The full length, zeros included. Source: RFC 7518, 6.2.1.2.
        guard x.count == size, y.count == size else { throw KeySetProblem("its coordinates are not of '\(name)'") }
        let point = [0x04] + x + y
        var material: VerificationKey.Material?
        switch name {
        case "P-256": material = (try? P256.Signing.PublicKey(x963Representation: point)).map { .p256($0) }
        case "P-384": material = (try? P384.Signing.PublicKey(x963Representation: point)).map { .p384($0) }
        default: material = (try? P521.Signing.PublicKey(x963Representation: point)).map { .p521($0) }
        }
        guard let material else { throw KeySetProblem("its point is not on the curve '\(name)'") }
        return (material, [Array(name.utf8), x, y])
    }
}
