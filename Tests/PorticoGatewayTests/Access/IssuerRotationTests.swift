import FoundationEssentials
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// An issuer whose keys rotate while requests go on. Source: docs/tokens.md, "Keys".
@Suite("Issuers that rotate their keys under load", .serialized)
struct IssuerRotationTests {
    private static let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_test"
    private static let connections = 8

    private static func api(_ issuer: TestIssuer) -> String {
        spec(
            root: """
                components: {securitySchemes: {P: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['\(pool)']}}}}
                x-portico-identity-providers: {p: {providerArns: ['\(pool)'], issuer: '\(issuer.issuer())'}}
                """,
            [SpecOperation("GET /n", mock("$context.authorizer.claims.n"), "security: [{P: []}]")])
    }

    /// Requests that go out on all connections at once, again and again.
    private final class Load {
        private let connections: [RawConnection]
        private(set) var count = 0

        init(port: Int) throws {
            connections = try (0..<IssuerRotationTests.connections).map { _ in
                try RawConnection(port: port, deadline: Deadline(after: .seconds(120)))
            }
        }

        /// Statuses of `rounds` requests on each connection; tokens are taken in turn. What is let in says its number.
        func send(_ tokens: [(number: Int, text: String)], rounds: Int) throws -> Set<Int> {
            var statuses: Set<Int> = []
            for _ in 0..<rounds {
                let batch = connections.indices.map { tokens[(count + $0) % tokens.count] }
                for (connection, token) in zip(connections, batch) {
                    try connection.send("GET /dev/n HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token.text)\r\n\r\n")
                }
                for (connection, token) in zip(connections, batch) {
                    let answer = try connection.readResponse()
                    statuses.insert(answer.status)
                    if answer.status == 200 { #expect(answer.text == "\(token.number)") }
                }
                count += connections.count
            }
            return statuses
        }
    }

    private func tokens(_ issuer: TestIssuer, _ numbers: Range<Int>) throws -> [(number: Int, text: String)] {
        try numbers.map { number in
            let now = Int(Date().timeIntervalSince1970)
            return (
                number,
                try issuer.token(
                    Tokens.claims([
                        ("iss", "\"\(issuer.issuer())\""), ("n", "\(number)"), ("iat", "\(now)"),
                        ("exp", "\(now + 100_000)"),
                    ]))
            )
        }
    }

    @Test("no good token is refused, no withdrawn one gets in, and fetches are few")
    func rotation() async throws {
        let issuer = try TestIssuer()
        try issuer.control(#"{"cacheControl": "max-age=60", "delay": 0.05}"#)
        try await withHosted(Self.api(issuer), nil) { gateway in
            let load = try Load(port: gateway.port)
            let first = try tokens(issuer, 0..<5)
            try equal(load.send(first, rounds: 10), [200])
            try equal(issuer.counts().keys, 1)

            // Two rotations; tokens of all keys are good meanwhile. The unknown name is reason for one fetch each.
            var good = first
            for rotation in 1...2 {
                try issuer.control(#"{"rotate": "add"}"#)
                await gateway.pass(10)
                good += try tokens(issuer, rotation * 100..<rotation * 100 + 5)
                try equal(load.send(good, rounds: 15), [200])
                try equal(issuer.counts().keys, 1 + rotation)
            }

            // Names that nobody has are refused, and no reason to ask more than once in ten seconds.
            let invented = try (0..<50).map { number in
                (
                    number,
                    try Tokens.make(
                        Tokens.claims([
                            ("iss", "\"\(issuer.issuer())\""), ("n", "\(number)"), ("exp", "4000000000"),
                        ]), kid: "invented-\(number)", by: .p256, "ES256")
                )
            }
            try equal(load.send(invented, rounds: 10), [401])
            try equal(issuer.counts().keys, 3)
            try equal(load.send(good, rounds: 5), [200])

            // All keys so far are withdrawn. They are used as long as the issuer said, less what is kept for a fetch ahead
            // of time, and not a moment longer.
            try issuer.control(#"{"rotate": "replace"}"#)
            try equal(load.send(good, rounds: 5), [200])
            await gateway.pass(61)
            try equal(load.send(good, rounds: 15), [401])
            try equal(issuer.counts().keys, 4)
            let last = try tokens(issuer, 900..<905)
            try equal(load.send(last, rounds: 10), [200])
            try equal(load.send(good + invented, rounds: 5), [401])
            try equal(issuer.counts().keys, 4)
            #expect(load.count >= 600)
        }
        try issuer.stop()
    }

    @Test("a new key's first token and the withdrawal of the old key in one fetch")
    func replaced() async throws {
        let issuer = try TestIssuer()
        try await withHosted(Self.api(issuer), nil) { gateway in
            let load = try Load(port: gateway.port)
            let old = try tokens(issuer, 0..<3)
            try equal(load.send(old, rounds: 5), [200])
            try issuer.control(#"{"rotate": "replace"}"#)
            let new = try tokens(issuer, 10..<13)
            // Too early to ask again.
            try equal(load.send(new, rounds: 2), [401])
            await gateway.pass(10)
            try equal(load.send(new, rounds: 5), [200])
            try equal(load.send(old, rounds: 5), [401])
            try equal(issuer.counts().keys, 2)
        }
        try issuer.stop()
    }
}
