import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Who may connect. Source: reference, "Life of a connection" (2.1), "Events (proxy)" (2.4); cases `ws-connect`.
@Suite("Access to WebSocket APIs")
struct SocketAccessTests {
    private static func authorized(_ backend: Backend, _ sources: String, says: String = "hi") -> String {
        let uri =
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            + "arn:aws:lambda:us-east-1:111111111111:function:F/invocations"
        let root = """
            components:
              securitySchemes:
                A: {type: apiKey, in: header, name: Unused, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: request, identitySource: "\(sources)", authorizerUri: "\(uri)"}}
            """
        return SocketSpec.api(
            [
                ("$connect", "security: [{A: []}], " + SocketSpec.status(200)), ("$default", SocketSpec.says(says)),
                ("event", SocketSpec.lambda(isTwoWay: false)),
            ], root: LambdaSpec.server(backend) + "\n" + root)
    }

    private static func policy(_ effect: String, _ resource: String = "*") -> Backend.Behavior {
        .respond(
            status: 200, headers: [],
            body: """
                {"principalId":"user","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke",\
                "Effect":"\(effect)","Resource":"\(resource)"}]},"context":{"name":"ada","number":7,"flag":true}}
                """)
    }

    private static let sources = "route.request.header.HeaderAuth1, route.request.querystring.QueryString1"

    @Test("an authorizer is asked with the event of a client that connects")
    func event() async throws {
        let backend = try Backend(Self.policy("Allow"))
        defer { backend.stop() }
        try await withSockets(Self.authorized(backend, Self.sources)) { gateway in
            let socket = try gateway.connect("/dev?QueryString1=q", [("HeaderAuth1", "h")])
            #expect(socket.isOpen)
            let request = try #require(backend.requests.first)
            let event = try #require(JSONValue(parsing: request.body))
            #expect(event["type"]?.string == "REQUEST")
            let arn = try #require(event["methodArn"]?.string)
            #expect(arn.hasPrefix("arn:aws:execute-api:us-east-1:000000000000:") && arn.hasSuffix("/dev/$connect"))
            #expect(event["headers"]?["HeaderAuth1"]?.string == "h")
            #expect(event["headers"]?["Connection"] != nil && event["headers"]?["Upgrade"] != nil)
            #expect(event["headers"]?["content-length"]?.string == "0")
            #expect(event["headers"]?["Sec-WebSocket-Key"]?.string == RawWebSocket.key)
            #expect(event["queryStringParameters"]?["QueryString1"]?.string == "q")
            #expect(event["requestContext"]?["eventType"]?.string == "CONNECT")
            #expect(event["requestContext"]?["routeKey"]?.string == "$connect")
            #expect(event["requestContext"]?["connectionId"] != nil)
            #expect(event["pathParameters"] == nil)
        }
    }

    @Test("without what identifies a client nobody is asked, and the answer is 401")
    func missing() async throws {
        let backend = try Backend(Self.policy("Allow"))
        defer { backend.stop() }
        try await withSockets(Self.authorized(backend, Self.sources)) { gateway in
            for (path, headers) in [
                ("/dev", []), ("/dev?QueryString1=q", []), ("/dev", [("HeaderAuth1", "h")]),
                ("/dev?QueryString1=", [("HeaderAuth1", "h")]),
            ] as [(String, [(String, String)])] {
                let socket = try gateway.connect(path, headers)
                #expect(socket.response.status == 401)
            }
            #expect(backend.requests.isEmpty)
        }
    }

    @Test("denials are 403, and answers are not kept for others")
    func denials() async throws {
        let backend = try Backend(Self.policy("Deny"))
        defer { backend.stop() }
        try await withSockets(Self.authorized(backend, "route.request.header.Auth")) { gateway in
            let socket = try gateway.connect("/dev", [("Auth", "a")])
            #expect(socket.response.status == 403)
            backend.behave(Self.policy("Allow", "arn:aws:execute-api:*:*:*/dev/GET/*"))
            #expect(try gateway.connect("/dev", [("Auth", "a")]).response.status == 403)
            backend.behave(Self.policy("Allow", "arn:aws:execute-api:*:*:*/dev/$connect"))
            #expect(try gateway.connect("/dev", [("Auth", "a")]).response.status == 101)
            backend.behave(.respond(status: 500, headers: [], body: "{\"errorMessage\":\"Unauthorized\"}"))
            #expect(try gateway.connect("/dev", [("Auth", "a")]).response.status == 401)
            backend.behave(.respond(status: 500, headers: [], body: "{\"errorMessage\":\"broken\"}"))
            #expect(try gateway.connect("/dev", [("Auth", "a")]).response.status == 500)
            #expect(backend.requests.count == 5)
        }
    }

    @Test("what the authorizer says is known to every message")
    func context() async throws {
        let backend = try Backend(Self.policy("Allow"))
        defer { backend.stop() }
        let says = "$context.authorizer.name $context.authorizer.number $context.authorizer.principalId"
        try await withSockets(Self.authorized(backend, "route.request.header.Auth", says: says)) { gateway in
            let socket = try gateway.connect("/dev", [("Auth", "a")])
            #expect(try socket.ask("{}") == "ada 7 user")
            #expect(try socket.ask("{}") == "ada 7 user")
            backend.behave(.respond(status: 200, headers: [], body: "{\"statusCode\":200}"))
            try socket.send("{\"action\":\"event\"}")
            try Deadline().wait(for: "the message") { backend.requests.count == 2 }
            let event = try #require(JSONValue(parsing: backend.requests[1].body))
            let authorizer = event["requestContext"]?["authorizer"]
            #expect(authorizer?["name"]?.string == "ada")
            #expect(authorizer?["number"]?.string == "7")
            #expect(authorizer?["flag"]?.string == "true")
            #expect(authorizer?["principalId"]?.string == "user")
        }
    }

    @Test("signatures are asked for when a client connects, and nowhere else")
    func signatures() async throws {
        let root = """
            components: {securitySchemes: {sigv4: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}}}
            x-portico-identities:
              ada:
                accessKeyId: AKIDEXAMPLE
                secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
                account: "000000000000"
                policies: {Statement: [{Effect: Allow, Action: "execute-api:Invoke", Resource: "*/dev/$connect"}, {Effect: Deny, Action: "*", Resource: "*/dev/say"}]}
            """
        let spec = SocketSpec.api(
            [
                ("$connect", "security: [{sigv4: []}], " + SocketSpec.status(200)),
                ("say", SocketSpec.says("$context.identity.userArn")),
            ], root: root)
        try await withSockets(spec) { gateway in
            let refused = try gateway.connect()
            #expect(refused.response.status == 403)
            let host = "127.0.0.1:\(gateway.port)"
            let signed = PlainSigner().authorization("GET", "/dev", host: host)
            let socket = try gateway.connect("/dev", signed)
            #expect(socket.response.status == 101)
            // Source: reference, decision 10.
            #expect(try socket.ask("{\"action\":\"say\"}") == "arn:aws:iam::000000000000:user/ada")
            let presigned = PlainSigner().presigned("/dev", host: host, expires: "60")
            #expect(try gateway.connect(presigned).response.status == 101)
            #expect(
                try gateway.connect("/dev", PlainSigner(secret: "x").authorization("GET", "/dev", host: host))
                    .response.status == 403)
        }
    }

    @Test("an API key is asked for where $connect needs one")
    func keys() async throws {
        let root = """
            components: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}
            x-portico-stages: {dev: {}}
            x-portico-usage-plans: {gold: {apiStages: [dev]}}
            x-portico-api-keys: [{name: acme, value: "acme-key-of-twenty-chars", usagePlans: [gold]}]
            """
        let spec = SocketSpec.api(
            [("$connect", "security: [{key: []}], " + SocketSpec.status(200)), ("$default", SocketSpec.says("hi"))],
            root: root)
        try await withSockets(spec) { gateway in
            let refused = try gateway.connect()
            #expect(refused.response.status == 403)
            #expect(try gateway.connect("/dev", [("x-api-key", "other")]).response.status == 403)
            let socket = try gateway.connect("/dev", [("x-api-key", "acme-key-of-twenty-chars")])
            #expect(try socket.ask("{}") == "hi")
        }
    }

    @Test("keys of Portico's own environment may call connections")
    func ownCredentials() async throws {
        let spec = SocketSpec.api([("$default", SocketSpec.says("$context.connectionId"))])
        try await withSockets(
            spec,
            configure: {
                $0.environment = ["AWS_ACCESS_KEY_ID": "AKIDOWN", "AWS_SECRET_ACCESS_KEY": "own-secret"]
            }
        ) { gateway in
            let socket = try gateway.connect()
            let id = try socket.ask("{}")
            let signer = PlainSigner(accessKeyID: "AKIDOWN", secret: "own-secret")
            #expect(try gateway.call("POST", id, body: "hello", signer: signer).status == 200)
            #expect(try socket.readText() == "hello")
            let other = PlainSigner(accessKeyID: "AKIDOWN", secret: "other")
            #expect(try gateway.call("POST", id, body: "hello", signer: other).status == 403)
        }
    }

    @Test("functions find keys and the endpoint of connections, unless something else says so")
    func functionVariables() throws {
        let spec = SocketSpec.api([("$default", SocketSpec.says("hi"))], root: LambdaSpec.hosted)
        let snapshot = try TestGateway.compile(spec)
        let keys = try #require(FunctionKeys())
        let variables = snapshot.connectionVariables(port: 8080, keys: keys)
        func value(_ name: String) -> String? { variables.first { $0.name == name }?.value }
        #expect(value("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI") == "http://127.0.0.1:8080/dev")
        #expect(value("AWS_ACCESS_KEY_ID") == keys.credentials.accessKeyID)
        #expect(keys.credentials.accessKeyID.utf8.count == 20 && keys.secretAccessKey.utf8.count == 40)
        let functions = snapshot.hostedFunctions(adding: variables)
        #expect(functions.first?.process.environment.contains { $0.name == "AWS_ACCESS_KEY_ID" } == true)
        let rest = try TestGateway.compile(PorticoGatewayTests.spec([SpecOperation("GET /x", mock("x"))]))
        #expect(rest.connectionVariables(port: 8080, keys: keys).isEmpty)
    }

    @Test(
        "a function that fails lets nobody in, whatever the kind of its integration", arguments: ["aws_proxy", "aws"])
    func failingFunction(_ type: String) async throws {
        let backend = try Backend(.respond(status: 500, headers: [], body: "{\"errorMessage\":\"no\"}"))
        defer { backend.stop() }
        let responses = type == "aws" ? "responses: {$default: {}}" : ""
        let connect = SocketSpec.integration(LambdaSpec.integration(type, responses), isTwoWay: false)
        let silent = SocketSpec.integration(LambdaSpec.integration(type), isTwoWay: false)
        for (spec, status) in [
            (SocketSpec.api([("$connect", connect)], root: LambdaSpec.server(backend)), 502),
            (SocketSpec.api([("x", silent)], root: LambdaSpec.server(backend)), 101),
        ] {
            try await withSockets(spec) { gateway in
                let socket = try gateway.connect()
                #expect(socket.response.status == status)
                // A route without responses says that it failed, too.
                if status == 101 {
                    #expect(try socket.ask("{\"action\":\"x\"}").contains("Internal server error"))
                }
            }
        }
    }
}
