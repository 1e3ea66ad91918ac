import Crypto
import CryptoExtras
import FoundationEssentials
import Logging
import Measurement
import NIOCore
import NIOPosix
import PorticoIR
import PorticoPrograms

@testable import PorticoGateway

/// Time of a verdict on a token: a look-up when it was verified before, a signature when it was not.
enum TokenVerdicts {
    private static let now = 1_790_000_000
    private static let lookups = 1_000_000

    /// Nanoseconds; most of them go into the comparison and the hash of about a kilobyte.
    private static let lookupLimit = 500.0
    /// Microseconds.
    private static let firstLimits = ["RS256": 100.0, "ES256": 250.0]

    static func run() throws -> Bool {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let loop = group.next()
        return try loop.submit { try measure(loop) }.wait()
    }

    private static func measure(_ loop: any EventLoop) throws -> Bool {
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let curve = P256.Signing.PrivateKey()
        let numbers = try rsa.publicKey.getKeyPrimitives()
        let point = curve.publicKey.rawRepresentation
        let keys = try KeySetReader().read(
            Array(
                (#"{"keys":[{"kid":"RS256","kty":"RSA","n":"\#(text(numbers.modulus))","e":"\#(text(numbers.publicExponent))"},"#
                    + #"{"kid":"ES256","kty":"EC","crv":"P-256","x":"\#(text(point.prefix(32)))","y":"\#(text(point.suffix(32)))"}]}"#)
                    .utf8)
        ).keys
        let trust = TokenTrust(
            kind: .userPools(audience: nil),
            issuers: [
                TrustedIssuer(
                    name: Array("https://id.example.com".utf8), algorithms: [.rs256, .es256], audiences: [],
                    keys: .fixed(keys))
            ])
        let rules = TokenRules(trust: trust)
        func verification() -> TokenVerification {
            TokenVerification(
                pools: UpstreamPools(loop: loop, configuration: UpstreamConfiguration()), store: KeySetStore(),
                matcher: PatternMatcher(), logger: Logger(label: "bench"), wallMilliseconds: { now * 1000 },
                monotonicMilliseconds: { 0 })
        }
        func accepted(_ tokens: [[UInt8]], _ verification: TokenVerification) -> Int {
            var count = 0
            for token in tokens {
                let verdict = token.withUnsafeBytes { verification.verdict($0, for: rules) }
                if case .accepted = verdict { count += 1 }
            }
            return count
        }

        var isFast = true
        for algorithm in ["RS256", "ES256"] {
            let tokens = try (0..<1_000).map { number in
                try token(number, algorithm) { signed in
                    algorithm == "RS256"
                        ? Data(
                            try rsa.signature(for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5)
                                .rawRepresentation)
                        : try curve.signature(for: SHA256.hash(data: signed)).rawRepresentation
                }
            }
            let first = Measurement.median(runs: 5) {
                if accepted(tokens, verification()) != tokens.count { isFast = false }
            }
            let name = "first verdict on a token of \(tokens[0].count) bytes, \(algorithm)"
            isFast =
                Measurement.report(name, first / Double(tokens.count) / 1000, "µs", limit: firstLimits[algorithm] ?? 0)
                && isFast
            let known = verification()
            _ = accepted(tokens, known)
            let repeated = Measurement.median(runs: 5) {
                for _ in 0..<lookups / tokens.count where accepted(tokens, known) != tokens.count { isFast = false }
            }
            isFast =
                Measurement.report(
                    "verdict on a known token, \(algorithm)", repeated / Double(lookups), "ns", limit: lookupLimit)
                && isFast
        }
        return isFast
    }

    /// About what a user pool puts into an ID token.
    private static func token(_ number: Int, _ algorithm: String, _ sign: (Data) throws -> Data) throws -> [UInt8] {
        let claims = """
            {"sub":"aaaaaaaa-bbbb-cccc-dddd-\(100_000_000_000 + number)","email_verified":true,"iss":"https://id.example.com",\
            "cognito:username":"somebody","origin_jti":"11111111-2222-3333-4444-555555555555","aud":"1example23456789",\
            "cognito:groups":["admins","readers"],"token_use":"id","auth_time":\(now - 10),"exp":\(now + 3600),\
            "iat":\(now - 10),"jti":"11111111-2222-3333-4444-\(number)","email":"somebody@example.com"}
            """
        let header = #"{"kid":"\#(algorithm)","alg":"\#(algorithm)"}"#
        let signed = Data((text(Data(header.utf8)) + "." + text(Data(claims.utf8))).utf8)
        return Array(signed) + Array((".".utf8)) + Array(text(try sign(signed)).utf8)
    }

    private static func text(_ data: Data) -> String {
        String(
            data.base64EncodedString().compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}
