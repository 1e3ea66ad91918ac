import Crypto
import CryptoExtras
import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import PorticoIR
import PorticoPrograms
import Synchronization

@testable import PorticoGateway

/// base64url without padding.
func base64URL(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString()
        .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}

/// A key pair that tokens of tests are signed with.
enum SigningKey: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)

    /// Made once: RSA keys take long.
    static let rsa2048 = SigningKey.rsa(makeRSA(2048))
    static let otherRSA2048 = SigningKey.rsa(makeRSA(2048))
    static let rsa1024 = SigningKey.rsa(makeRSA(1024))
    static let p256 = SigningKey.p256(P256.Signing.PrivateKey())
    static let p384 = SigningKey.p384(P384.Signing.PrivateKey())
    static let p521 = SigningKey.p521(P521.Signing.PrivateKey())

    private static func makeRSA(_ bits: Int) -> _RSA.Signing.PrivateKey {
        do {
            return try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: bits))
        } catch {
            preconditionFailure("no RSA key of \(bits) bits: \(error)")
        }
    }

    /// The public part as a JSON Web Key; `extra` are further members.
    func jwk(_ kid: String, _ extra: String = "") -> String {
        let kty: String
        switch self {
        case .rsa(let key):
            let numbers = try? key.publicKey.getKeyPrimitives()
            kty =
                #""kty":"RSA","n":"\#(base64URL(numbers?.modulus ?? Data()))","e":"\#(base64URL(numbers?.publicExponent ?? Data()))""#
        case .p256(let key): kty = Self.point("P-256", key.publicKey.rawRepresentation)
        case .p384(let key): kty = Self.point("P-384", key.publicKey.rawRepresentation)
        case .p521(let key): kty = Self.point("P-521", key.publicKey.rawRepresentation)
        }
        return #"{"kid":"\#(kid)",\#(kty)\#(extra.isEmpty ? "" : "," + extra)}"#
    }

    private static func point(_ curve: String, _ raw: Data) -> String {
        let half = raw.count / 2
        return
            #""kty":"EC","crv":"\#(curve)","x":"\#(base64URL(raw.prefix(half)))","y":"\#(base64URL(raw.suffix(half)))""#
    }

    func sign(_ message: [UInt8], _ algorithm: String) throws -> [UInt8] {
        switch self {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
            return switch algorithm.suffix(3) {
            case "384": Array(try key.signature(for: SHA384.hash(data: message), padding: padding).rawRepresentation)
            case "512": Array(try key.signature(for: SHA512.hash(data: message), padding: padding).rawRepresentation)
            default: Array(try key.signature(for: SHA256.hash(data: message), padding: padding).rawRepresentation)
            }
        case .p256(let key): return Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
        case .p384(let key): return Array(try key.signature(for: SHA384.hash(data: message)).rawRepresentation)
        case .p521(let key): return Array(try key.signature(for: SHA512.hash(data: message)).rawRepresentation)
        }
    }
}

/// Puts tokens together, good and bad ones.
enum Tokens {
    /// What the clock of tests shows, in seconds.
    static let now = 1_790_000_000
    static let issuer = "https://id.example.com"

    /// Claims of an ID token that is good now; members of `changes` replace them, `nil` leaves one out.
    static func claims(_ changes: [(String, String?)] = []) -> String {
        var members: [(String, String?)] = [
            ("iss", "\"\(issuer)\""), ("aud", "\"client\""), ("token_use", "\"id\""), ("sub", "\"me\""),
            ("iat", "\(now - 10)"), ("exp", "\(now + 3600)"),
        ]
        for change in changes {
            if let index = members.firstIndex(where: { $0.0 == change.0 }) {
                members[index] = change
            } else {
                members.append(change)
            }
        }
        return "{" + members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",")
            + "}"
    }

    static func make(
        _ claims: String = claims(), header: String? = nil, kid: String = "k", by key: SigningKey = .rsa2048,
        _ algorithm: String = "RS256"
    ) throws -> String {
        let header = header ?? #"{"alg":"\#(algorithm)","kid":"\#(kid)","typ":"JWT"}"#
        let signed = base64URL(header.utf8) + "." + base64URL(claims.utf8)
        return signed + "." + base64URL(try key.sign(Array(signed.utf8), algorithm))
    }

    static func keySet(_ keys: String...) throws -> KeySet {
        try KeySetReader().read(Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)).keys
    }

    /// An authorizer that trusts one issuer with fixed keys.
    static func trust(
        _ kind: TokenTrust.Kind = .userPools(audience: nil), keys: KeySet,
        algorithms: [TokenAlgorithm] = TokenAlgorithm.allCases, audiences: [String] = []
    ) -> TokenTrust {
        TokenTrust(
            kind: kind,
            issuers: [
                TrustedIssuer(
                    name: Array(issuer.utf8), algorithms: Set(algorithms), audiences: audiences.map { Array($0.utf8) },
                    keys: .fixed(keys))
            ])
    }
}

/// Workers with a verification each, and clocks that tests set.
final class TokenWorkers: Sendable {
    /// What became of a token, without what belongs to the loop.
    enum Outcome: Equatable, Sendable {
        case accepted([String: String])
        case refused(TokenRefusal)
        case pending

        var isAccepted: Bool { if case .accepted = self { true } else { false } }
    }

    struct Member: Sendable {
        let loop: any EventLoop
        let bound: NIOLoopBound<(pools: UpstreamPools, tokens: TokenVerification)>
    }

    let members: [Member]
    let store: KeySetStore
    private let group: MultiThreadedEventLoopGroup
    private let clocks: Clocks

    private final class Clocks: Sendable {
        let wall = Atomic<Int>(Tokens.now * 1000)
        let monotonic = Atomic<Int>(1_000_000)
    }

    init(
        _ count: Int = 1, tls: UpstreamTLS = UpstreamTLS(), sets: Int = 64, cacheBytes: Int = 1 << 20
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let clocks = Clocks()
        self.clocks = clocks
        let store = KeySetStore()
        self.store = store
        var configuration = UpstreamConfiguration()
        configuration.tls = tls
        var members: [Member] = []
        for loop in group.makeIterator() {
            let bound = try await loop.submit { [configuration] in
                let pools = UpstreamPools(loop: loop, configuration: configuration)
                let tokens = TokenVerification(
                    pools: pools, store: store, matcher: PatternMatcher(), logger: Logger(label: "test"),
                    cache: VerifiedTokenCache(sets: sets, maximumBytes: cacheBytes),
                    wallMilliseconds: { clocks.wall.load(ordering: .relaxed) },
                    monotonicMilliseconds: { clocks.monotonic.load(ordering: .relaxed) })
                return NIOLoopBound((pools: pools, tokens: tokens), eventLoop: loop)
            }.get()
            members.append(Member(loop: loop, bound: bound))
        }
        self.members = members
    }

    /// Lets time pass on both clocks.
    func pass(_ seconds: Int) {
        clocks.wall.add(seconds * 1000, ordering: .relaxed)
        clocks.monotonic.add(seconds * 1000, ordering: .relaxed)
    }

    /// Runs `body` on the loop of a worker.
    func on<Value: Sendable>(
        _ worker: Int = 0, _ body: @escaping @Sendable (TokenVerification) throws -> Value
    ) async throws -> Value {
        let member = members[worker]
        return try await member.loop.submit { try body(member.bound.value.tokens) }.get()
    }

    /// The verdict that is there at once.
    func verdict(_ token: String, _ rules: TokenRules, worker: Int = 0) async throws -> Outcome {
        try await on(worker) { tokens in
            Array(token.utf8).withUnsafeBytes { Self.outcome(tokens.verdict($0, for: rules)) }
        }
    }

    /// The verdict as a request gets it: at once, or after keys were fetched.
    func resolved(_ token: String, _ rules: TokenRules, worker: Int = 0) async -> Outcome {
        let member = members[worker]
        return await withCheckedContinuation { continuation in
            member.loop.execute {
                let tokens = member.bound.value.tokens
                Array(token.utf8).withUnsafeBytes { bytes in
                    let verdict = tokens.verdict(bytes, for: rules)
                    guard case .pending = verdict else {
                        return continuation.resume(returning: Self.outcome(verdict))
                    }
                    _ = tokens.resolve(bytes, for: rules) { continuation.resume(returning: Self.outcome($0)) }
                }
            }
        }
    }

    static func outcome(_ verdict: TokenVerdict) -> Outcome {
        switch verdict {
        case .accepted(let token):
            .accepted(
                Dictionary(
                    token.claims.map {
                        (String(decoding: $0.name, as: UTF8.self), String(decoding: $0.text, as: UTF8.self))
                    }, uniquingKeysWith: { first, _ in first }))
        case .refused(let refusal): .refused(refusal)
        case .pending: .pending
        }
    }

    func shutdown() async throws {
        for member in members { try await member.loop.submit { member.bound.value.pools.shutdown() }.get() }
        try await group.shutdownGracefully()
    }
}
