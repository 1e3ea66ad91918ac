import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// `credentials: arn:aws:iam::*:user/*`. Source: API Gateway API reference, PutIntegration, `credentials`.
@Suite("Calls with the caller's credentials")
struct CallersCredentialsTests {
    private static func api(_ backend: Backend) -> String {
        let table =
            "{type: aws, httpMethod: POST, uri: 'arn:aws:apigateway:us-east-1:dynamodb:action/GetItem', credentials: 'arn:aws:iam::*:user/*', responses: {default: {statusCode: '200'}}}"
        let all = "{Statement: {Effect: Allow, Action: '*', Resource: '*'}}"
        let secret = "secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        return spec(
            root: """
                x-portico-endpoints: {dynamodb: "http://\(backend.authority)", lambda: "http://\(backend.authority)"}
                x-portico-identities:
                  ada: {accessKeyId: AKIDEXAMPLE, \(secret), policies: \(all)}
                  session: {arn: 'arn:aws:sts::000000000000:assumed-role/r/s', accessKeyId: ASIASESSION, \(secret), sessionToken: 'tok/en=', policies: \(all)}
                components: {securitySchemes: {sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
                """,
            [
                SpecOperation("POST /table", table, "security: [{sigv4: []}]"), SpecOperation("POST /open", table),
                SpecOperation(
                    "POST /function", LambdaSpec.integration("aws_proxy", "credentials: 'arn:aws:iam::*:user/*'"),
                    "security: [{sigv4: []}]"),
            ])
    }

    @Test("the call is signed as the caller, with the session token if there is one")
    func signed() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{}"))
        try await withLambda(Self.api(backend)) { gateway in
            let host = "127.0.0.1:\(gateway.port)"
            for signer in [PlainSigner(), PlainSigner(accessKeyID: "ASIASESSION", token: "tok/en=")] {
                for (path, scope) in [("/dev/table", "us-east-1/dynamodb"), ("/dev/function", "us-east-1/lambda")] {
                    let headers = signer.authorization("POST", path, host: host, body: "{}")
                    _ = try gateway.request("POST", path, headers: headers, body: "{}")
                    let call = try #require(backend.requests.last)
                    let problem = SignatureCheck.problem(
                        call, secret: signer.secret, accessKeyID: signer.accessKeyID, scope: scope)
                    #expect(problem == nil, "\(path): \(problem ?? "")")
                    #expect(call["x-amz-security-token"] == signer.token, "\(path)")
                }
            }
        }
        #expect(backend.requests.count == 4)
        backend.stop()
    }

    @Test("a key of the document may stand in a file beside it")
    func file() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{}"))
        let folder = try TemporaryFolder()
        try folder.write("ada.key", PlainSigner().secret + "\n")
        let api = Self.api(backend).replacing(
            "secretAccessKey: \(PlainSigner().secret)", with: "secretAccessKey: '${file.ada.key}'")
        try await withGateway(
            api,
            configure: {
                $0.environment = LambdaSpec.environment
                $0.baseDirectory = folder.path
            }
        ) { gateway in
            let headers = PlainSigner().authorization(
                "POST", "/dev/table", host: "127.0.0.1:\(gateway.port)", body: "{}")
            try expect("POST", "/dev/table", headers: headers, body: "{}", from: gateway, gives: 200)
            let other = PlainSigner(secret: "${file.ada.key}").authorization(
                "POST", "/dev/table", host: "127.0.0.1:\(gateway.port)", body: "{}")
            try expect("POST", "/dev/table", headers: other, body: "{}", from: gateway, gives: 403)
        }
        backend.stop()
    }

    @Test("who has not signed has no credentials to call with")
    func anonymous() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{}"))
        try await withLambda(Self.api(backend)) { gateway in
            let answer = try gateway.request("POST", "/dev/open", body: "{}")
            #expect(answer.status == 500 && answer.text == message("Internal server error"))
            // Whatever signature there is: the method does not look at it.
            let headers = PlainSigner().authorization(
                "POST", "/dev/open", host: "127.0.0.1:\(gateway.port)", body: "{}")
            try expect("POST", "/dev/open", headers: headers, body: "{}", from: gateway, gives: 500)
        }
        #expect(backend.requests.isEmpty)
        backend.stop()
    }
}
