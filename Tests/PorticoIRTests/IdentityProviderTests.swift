import PorticoSyntax
import Testing

@testable import PorticoIR

/// What is read of identity providers, and which addresses may be called for keys.
@Suite struct IdentityProviderTests {
    @Test("a provider is read with all its members")
    func provider() throws {
        let pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"
        let result = importText(
            """
            openapi: 3.0.1
            info: {title: t}
            paths: {}
            x-portico-identity-providers:
              a:
                issuer: https://id.example.com/
                providerArns: ['\(pool)']
                jwksUri: https://id.example.com/keys
                algorithms: [RS256, es512]
                audiences: [one, two]
              b: {issuer: 'https://b', jwks: keys.json}
              c: {issuer: 'https://c', jwks: {keys: []}}
            """)
        #expect(result.diagnostics.map(\.message) == [])
        let providers = try #require(result.description).identityProviders
        #expect(providers.map(\.name.value) == ["a", "b", "c"])
        let first = providers[0]
        #expect(
            first.issuer.value == "https://id.example.com/" && first.jwksURI?.value == "https://id.example.com/keys")
        #expect(first.providerARNs.map(\.value) == [pool])
        #expect(first.algorithms.map(\.value) == [.rs256, .es512] && first.audiences.map(\.value) == ["one", "two"])
        #expect(first.keys == nil)
        #expect(providers[1].keys?.value == .file("keys.json"))
        #expect(providers[2].keys?.value == .inline(.object([JSONMember("keys", .array([]))])))
    }

    @Test(
        "keys are called for by https, and by http on this machine",
        arguments: [
            ("https://a", "a", 443, ""), ("https://a/", "a", 443, "/"), ("https://a.b:8443/x/y", "a.b", 8443, "/x/y"),
            ("http://localhost", "localhost", 80, ""), ("http://127.0.0.1:9/p", "127.0.0.1", 9, "/p"),
            ("http://127.255.0.1", "127.255.0.1", 80, ""), ("http://[::1]:9", "::1", 9, ""),
            ("https://[2001:db8::1]/a", "2001:db8::1", 443, "/a"),
        ])
    func addresses(text: String, host: String, port: Int, path: String) throws {
        let address = try #require(TokenAddress(text))
        #expect(address.host == host && address.port == port && address.path == path)
        #expect(address.isSecure == text.hasPrefix("https"))
    }

    @Test(
        "other addresses are none",
        arguments: [
            "", "a", "//a", "ftp://a", "HTTPS://a", "https://", "https:///x", "https://u@a", "https://u:p@a",
            "https://a#x",
            "https://a/x?y", "https://a?y", "https://a:0", "https://a:99999", "https://a b", "https://a/\r\nX:y",
            "https://a/é",
            "https://a\\b", "http://a", "http://127.0.0.1.evil.example", "http://127.1", "http://0.0.0.0",
            "http://localhost.x",
            "http://128.0.0.1", "http://[::]", "http://127.0.0.1@evil.example", "http://127.0.0.256",
        ])
    func refused(text: String) {
        #expect(TokenAddress(text) == nil)
    }

    @Test(
        "the issuer of a pool follows from its ARN",
        arguments: [
            (
                "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_aB",
                "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_aB"
            ),
            (
                "arn:aws-cn:cognito-idp:cn-north-1:000000000000:userpool/p",
                "https://cognito-idp.cn-north-1.amazonaws.com.cn/p"
            ),
            ("arn:aws:cognito-idp:us-east-1:000000000000:userpool/", nil),
            ("arn:aws:cognito-idp::000000000000:userpool/p", nil),
            ("arn:aws:cognito-idp:us-east-1:000000000000:userpool/a/b", nil),
            ("arn:aws:cognito-idp:evil.example.com/:000000000000:userpool/p", nil),
            ("arn:aws:cognito-identity:us-east-1:000000000000:userpool/p", nil), ("us-east-1_aB", nil),
        ])
    func pools(arn: String, issuer: String?) {
        #expect(UserPoolARN(arn)?.issuer == issuer)
    }

    @Test("a Cognito authorizer that names no pool is an error, and one from CloudFormation is not")
    func rule() {
        func messages(_ arn: String) -> [String] {
            importText(
                """
                openapi: 3.0.1
                info: {title: t}
                paths: {}
                components:
                  securitySchemes:
                    c:
                      type: apiKey
                      name: Authorization
                      in: header
                      x-amazon-apigateway-authtype: cognito_user_pools
                      x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['\(arn)']}
                """
            ).diagnostics.filter { $0.severity == .error }.map(\.message)
        }
        #expect(
            messages("arn:aws:iam::000000000000:role/r") == [
                "'arn:aws:iam::000000000000:role/r' is no ARN of a user pool"
            ])
        #expect(messages("arn:aws:cognito-idp:us-east-1:000000000000:userpool/p") == [])
    }
}
