import NIOCore
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Signed requests of HTTP APIs. Source: reference, 1.11 and 3.1.
@Suite("Signed requests of HTTP APIs")
struct HTTPSignatureTests {
    private static let identities = """
        x-portico-identities:
          ada:
            accessKeyId: AKIDEXAMPLE
            secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
            account: "000000000000"
            policies: {Statement: [{Effect: Allow, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/$default/GET/*"}, {Effect: Deny, Action: "*", Resource: "*/GET/secret"}]}
        """
    private static let scheme =
        "components: {securitySchemes: {sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}"

    @Test("a signature lets in whom a policy allows; all others are 403 with one body")
    func signatures() async throws {
        let invoker = FakeInvoker { _ in AuthorizerSpec.returned(#"{"statusCode":200,"body":"in"}"#) }
        let api = RouteSpec.api(
            root: LambdaSpec.hosted + "\n" + Self.identities + "\n" + Self.scheme,
            [
                SpecOperation("GET /x", RouteSpec.function(), "security: [{sigv4: []}]"),
                SpecOperation(
                    "GET /old", RouteSpec.function(format: "1.0"), "x-amazon-apigateway-auth: {type: AWS_IAM}"),
                SpecOperation("POST /x", RouteSpec.function(), "security: [{sigv4: []}]"),
                SpecOperation("GET /secret", RouteSpec.function(), "security: [{sigv4: []}]"),
            ])
        try await withHosted(api, invoker) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            let signer = PlainSigner()
            func send(_ method: String, _ path: String, _ headers: [(String, String)]) throws -> RawResponse {
                try gateway.request(method, path, headers: headers)
            }
            for path in ["/x", "/old"] {
                let answer = try send("GET", path, signer.authorization("GET", path, host: host))
                #expect(answer.status == 200, "\(answer.text)")
            }
            var wrong = signer
            wrong.secret = "other"
            var unknown = signer
            unknown.accessKeyID = "AKIDNOBODY"
            var late = signer
            late.time -= 400
            let refused: [(String, RawResponse)] = [
                ("unsigned", try send("GET", "/x", [])),
                ("bearer", try send("GET", "/x", [("Authorization", "Bearer abc")])),
                ("wrong secret", try send("GET", "/x", wrong.authorization("GET", "/x", host: host))),
                ("unknown key", try send("GET", "/x", unknown.authorization("GET", "/x", host: host))),
                ("late", try send("GET", "/x", late.authorization("GET", "/x", host: host))),
                ("not allowed", try send("POST", "/x", signer.authorization("POST", "/x", host: host))),
                ("denied", try send("GET", "/secret", signer.authorization("GET", "/secret", host: host))),
            ]
            for (name, answer) in refused {
                #expect(answer.status == 403, "\(name)")
                #expect(answer.text == #"{"message":"Forbidden"}"#, "\(name)")
                #expect(answer["x-amzn-ErrorType"] == nil && answer["apigw-requestid"] != nil)
            }
            #expect(invoker.invocations.count == 2)
            let events = invoker.invocations.map { JSONValue(parsing: String(buffer: $0.payload)) }
            let iam = try #require(events[0]?["requestContext"]?["authorizer"]?["iam"])
            #expect(iam["accessKey"] == .string("AKIDEXAMPLE") && iam["accountId"] == .string("000000000000"))
            #expect(iam["cognitoIdentity"] == .null && iam["principalOrgId"] == .null)
            guard case .string(let arn) = iam["userArn"] else {
                Issue.record("no userArn")
                return
            }
            #expect(arn.hasPrefix("arn:aws:iam::000000000000:user/"))
            #expect(events[0]?["headers"]?["authorization"] == nil)
            let old = try #require(events[1]?["requestContext"])
            #expect(old["identity"]?["accessKey"] == .string("AKIDEXAMPLE"))
            #expect(old["authorizer"] == JSONValue(parsing: #"{"claims":null,"scopes":null}"#))
        }
    }
}
