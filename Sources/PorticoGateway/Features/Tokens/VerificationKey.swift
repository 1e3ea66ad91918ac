// Hot: once per token that is not known yet. Allocates: what the cryptography does.

internal import Crypto
internal import CryptoExtras
internal import PorticoIR

/// A public key of an issuer.
final class VerificationKey: Sendable {
    /// The key in the form that its algorithms take.
    enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
    }

    /// `kid`
    let id: [UInt8]
    /// `alg`: the only algorithm that it is for; `nil` for all that fit.
    let algorithm: TokenAlgorithm?
    private let material: Material
    /// Type and numbers: equal keys have equal ones.
    private let identity: [[UInt8]]

    init(id: [UInt8], algorithm: TokenAlgorithm?, material: Material, identity: [[UInt8]]) {
        self.id = id
        self.algorithm = algorithm
        self.material = material
        self.identity = identity
    }

    /// Whether both are the same key under the same name.
    func isSame(as other: VerificationKey) -> Bool {
        self === other || id == other.id && algorithm == other.algorithm && identity == other.identity
    }

    /// Whether signatures of that algorithm can be of this key.
    func fits(_ wanted: TokenAlgorithm) -> Bool {
        guard algorithm == nil || algorithm == wanted else { return false }
        return switch material {
        case .rsa: wanted.isRSA
        case .p256: wanted == .es256
        case .p384: wanted == .es384
        case .p521: wanted == .es512
        }
    }

    /// Whether `signature` is one of `message` by this key.
    func verifies(_ signature: [UInt8], of message: UnsafeRawBufferPointer, _ algorithm: TokenAlgorithm) -> Bool {
        guard fits(algorithm) else { return false }
        switch material {
        case .rsa(let key):
            // A signature has the length of the modulus, leading zeros included. Source: RFC 8017, 8.1.2 and 8.2.2.
            guard signature.count == (key.keySizeInBits + 7) / 8 else { return false }
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return switch algorithm {
            case .rs256: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
            case .rs384: key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
            case .rs512: key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
            case .ps256: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .PSS)
            case .ps384: key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .PSS)
            case .ps512: key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .PSS)
            case .es256, .es384, .es512: false
            }
        // The two numbers one after the other, each as long as the curve's. Source: RFC 7518, 3.4.
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: message))
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: message))
        case .p521(let key):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA512.hash(data: message))
        }
    }
}
