import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// What `portico dump` shows of who may call.
@Suite("Dumps of access")
struct AccessDumpTests {
    @Test("policies are shown statement by statement, and secrets are not")
    func dump() throws {
        let snapshot = try TestGateway.compile(
            spec(
                root: """
                    x-amazon-apigateway-policy:
                      Version: "2012-10-17"
                      Statement:
                        - {Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"}
                        - Sid: Office
                          Effect: Deny
                          NotPrincipal: {AWS: "arn:aws:iam::000000000000:user/ada"}
                          Action: "execute-api:*"
                          NotResource: "execute-api:/*/GET/public/*"
                          Condition: {NotIpAddress: {"aws:SourceIp": [192.0.2.0/24, "2001:db8::/32"]}, StringLikeIfExists: {"aws:UserAgent": "curl/*"}}
                    x-portico-identities:
                      ada:
                        accessKeyId: AKIDEXAMPLE
                        secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
                        policies:
                          - Version: "2012-10-17"
                            Statement: {Effect: Allow, Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/dev/GET/${aws:username}/*"}
                          - Statement: [{Effect: Deny, Action: "*", Resource: "*", Condition: {DateGreaterThan: {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}}]
                      nobody: {accessKeyId: AKIDNOBODY, secretAccessKey: "${env.NOBODY}"}
                      others: {endpoint: "https://id.example.com/keys", authorization: "${env.TOKEN}"}
                    components: {securitySchemes: {sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
                    """,
                [SpecOperation("GET /pets", mock("ok"), "security: [{sigv4: []}]")]))
        let dump = snapshot.dump()
        #expect(!dump.contains("EXAMPLEKEY") && !dump.contains("env."))
        try GoldenFile.compare(dump, with: "Tests/Golden/access/dump.txt")
        #expect(try DeploymentSnapshot.decode(snapshot.encoded()).dump() == dump)
    }
}
