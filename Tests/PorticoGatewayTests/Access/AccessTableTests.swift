import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Who gets in where a resource policy and another mechanism decide together.
///
/// Source: API Gateway guide, "How API Gateway resource policies affect authorization workflow", tables A to C.
@Suite("Tables of authorization")
struct AccessTableTests {
    /// What one side says of the request.
    enum Word: String, CaseIterable {
        case allow
        case nothing
        case deny

        /// Statements of a policy that says so of `GET /pets`.
        func statements(_ principal: String = "") -> String {
            func statement(_ effect: String, _ path: String) -> String {
                "{Effect: \(effect), \(principal)Action: \"execute-api:Invoke\", Resource: \"arn:aws:execute-api:*:*:*/dev/GET/\(path)\"}"
            }
            switch self {
            case .allow: return statement("Allow", "pets")
            case .nothing: return statement("Allow", "other")
            // A Deny wins over an Allow beside it.
            case .deny: return statement("Allow", "pets") + ", " + statement("Deny", "pets")
            }
        }

        func policy(_ principal: String = "") -> String {
            "{Version: \"2012-10-17\", Statement: [\(statements(principal))]}"
        }
    }

    enum Decision {
        case allow
        case implicit
        case explicit
    }

    private static let everybody = "Principal: \"*\", "

    /// Rows: identity or authorizer; columns: resource policy.
    private static let tableA: [(Word, [Decision])] = [
        (.allow, [.allow, .allow, .explicit]), (.nothing, [.allow, .implicit, .explicit]),
        (.deny, [.explicit, .explicit, .explicit]),
    ]
    private static let tableB: [(Word, [Decision])] = [
        (.allow, [.allow, .implicit, .explicit]), (.nothing, [.implicit, .implicit, .explicit]),
        (.deny, [.explicit, .explicit, .explicit]),
    ]

    private static func iam(_ own: Word, resource: String?, account: String) -> String {
        spec(
            root: """
                x-portico-identities:
                  ada: {accessKeyId: AKIDEXAMPLE, secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY, account: "\(account)", policies: \(own.policy())}
                components: {securitySchemes: {sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
                """ + (resource.map { "\nx-amazon-apigateway-policy: \($0)" } ?? ""),
            [SpecOperation("GET /pets", mock("ok"), "security: [{sigv4: []}]")])
    }

    private func check(_ answer: RawResponse, _ decision: Decision, _ prefix: String, _ name: String) {
        guard decision != .allow else {
            #expect(answer.status == 200, "\(name): \(answer.text)")
            return
        }
        #expect(answer.status == 403, "\(name)")
        #expect(answer["x-amzn-ErrorType"] == "AccessDeniedException", "\(name)")
        #expect(answer.text.hasPrefix("{\"Message\":\"" + prefix), "\(name): \(answer.text)")
        #expect(
            answer.text.hasSuffix(" with an explicit deny\"}") == (decision == .explicit), "\(name): \(answer.text)")
        // The account of the API is told by its last four digits only.
        #expect(!answer.text.contains("execute-api:us-east-1:000000000000"), "\(name)")
    }

    @Test("AWS_IAM: tables A and B, and no resource policy", arguments: ["000000000000", "111111111111"])
    func signed(account: String) async throws {
        let prefix =
            "User: arn:aws:iam::\(account):user/ada is not authorized to perform: execute-api:Invoke on resource: "
        for (own, decisions) in account == "000000000000" ? Self.tableA : Self.tableB {
            var rows: [(String?, Decision, String)] = zip(Word.allCases, decisions).map {
                ($0.policy(Self.everybody), $1, "\(own) \($0)")
            }
            // Without a resource policy only the own account's identities may be allowed.
            let alone: Decision = own == .deny ? .explicit : own == .allow ? decisions[1] : .implicit
            rows.append((nil, alone, "\(own) without"))
            for (resource, decision, name) in rows {
                try await withGateway(Self.iam(own, resource: resource, account: account)) { gateway in
                    let headers = PlainSigner().authorization(
                        "GET", "/dev/pets", host: "127.0.0.1:\(gateway.port)")
                    let answer = try gateway.request("GET", "/dev/pets", headers: headers)
                    check(answer, decision, prefix, name)
                }
            }
        }
    }

    @Test("a resource policy that names callers lets in those, by account, user and session")
    func principals() async throws {
        let rows: [(principal: String, isIn: Bool)] = [
            ("{AWS: \"000000000000\"}", true), ("{AWS: \"arn:aws:iam::000000000000:root\"}", true),
            ("{AWS: \"arn:aws:iam::000000000000:user/ada\"}", true), ("{AWS: \"*\"}", true), ("\"*\"", true),
            ("{AWS: [\"111111111111\", \"arn:aws:iam::000000000000:user/ada\"]}", true),
            ("{AWS: \"111111111111\"}", false), ("{AWS: \"arn:aws:iam::000000000000:user/ad\"}", false),
            ("{AWS: \"arn:aws:iam::000000000000:user/adam\"}", false),
            ("{AWS: \"arn:aws:iam::000000000000:role/ada\"}", false),
        ]
        for (principal, isIn) in rows {
            let policy = Word.allow.policy("Principal: \(principal), ")
            let api = Self.iam(.nothing, resource: policy, account: "000000000000")
            try await withGateway(api) { gateway in
                let headers = PlainSigner().authorization("GET", "/dev/pets", host: "127.0.0.1:\(gateway.port)")
                try expect("GET", "/dev/pets", headers: headers, from: gateway, gives: isIn ? 200 : 403)
            }
        }
    }

    @Test("Lambda authorizers: table A, and the function is not asked where the resource policy denies")
    func lambda() async throws {
        for (own, decisions) in Self.tableA {
            let statements = own.statements().replacing("Effect", with: "\"Effect\"")
                .replacing("Action:", with: "\"Action\":").replacing("Resource:", with: "\"Resource\":")
                .replacing(": Allow", with: ":\"Allow\"").replacing(": Deny", with: ":\"Deny\"")
            let said =
                #"{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[\#(statements)]}}"#
            for (resource, decision) in zip(Word.allCases, decisions) {
                let api = spec(
                    root: AuthorizerSpec.root(
                        AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 0"))
                        + "\nx-amazon-apigateway-policy: " + resource.policy(Self.everybody),
                    [SpecOperation("GET /pets", mock("ok"), "security: [{T: []}]")])
                let invoker = FakeInvoker { _ in AuthorizerSpec.returned(said) }
                try await withHosted(api, invoker) { gateway in
                    let answer = try gateway.request("GET", "/dev/pets", headers: [("Authorization", "x")])
                    // Before the authorizer nobody is known; after it the words are its own.
                    let prefix =
                        resource == .deny
                        ? "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
                        : "User is not authorized to access this resource"
                    check(answer, decision, prefix, "\(own) \(resource)")
                    #expect(invoker.invocations.count == (resource == .deny ? 0 : 1))
                }
            }
        }
    }

    @Test("open methods and user pools: the resource policy alone must allow")
    func anonymous() async throws {
        let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_test"
        let scheme =
            "P: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['\(pool)']}}"
        let token = try Tokens.make(
            Tokens.claims([("exp", "4000000000"), ("iat", "1700000000")]), kid: "k", by: .rsa2048)
        let prefix = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        for (resource, decision) in zip(Word.allCases, [Decision.allow, .implicit, .explicit]) {
            let api = spec(
                root: "components: {securitySchemes: {\(scheme)}}\n"
                    + "x-portico-identity-providers: {p: {providerArns: ['\(pool)'], issuer: '\(Tokens.issuer)', jwks: {keys: [\(SigningKey.rsa2048.jwk("k"))]}}}\n"
                    + "x-amazon-apigateway-policy: " + resource.policy(Self.everybody),
                [
                    SpecOperation("GET /pets", mock("ok")),
                    SpecOperation("POST /pets", mock("ok"), "security: [{P: []}]"),
                ])
            let both = api.replacing("/dev/GET/", with: "/dev/*/")
            try await withGateway(both) { gateway in
                check(try gateway.request("GET", "/dev/pets"), decision, prefix, "open \(resource)")
                let headers = [("Authorization", token)]
                check(
                    try gateway.request("POST", "/dev/pets", headers: headers), decision, prefix, "pool \(resource)")
                // A token that is none is said before the policy is asked, unless it denies.
                let bad = try gateway.request("POST", "/dev/pets", headers: [("Authorization", "x")])
                #expect(bad.status == (resource == .deny ? 403 : 401))
            }
        }
    }
}
