import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "@connections" (2.5); cases `ws-connections`.
@Suite("Calls of @connections")
struct ConnectionCallTests {
    private static let spec = SocketSpec.api(
        [("$default", SocketSpec.says("$context.connectionId"))], root: SocketSpec.identities)

    private static func id(_ socket: RawWebSocket) throws -> String { try socket.ask("{}") }

    @Test("a backend sends to a client, asks for it and ends it", arguments: [1, 4])
    func calls(_ workers: Int) async throws {
        try await withSockets(Self.spec, workers: workers) { gateway in
            // More clients than event loops: calls reach each from each.
            for number in 0..<8 {
                let socket = try gateway.connect("/dev", [("User-Agent", "agent")])
                let id = try Self.id(socket)
                let text = "Hello World! \(number) é"
                #expect(try gateway.call("POST", id, body: text).status == 200)
                #expect(try socket.readText() == text)
                let report = try gateway.call("GET", id)
                #expect(report.status == 200)
                let value = try #require(JSONValue(parsing: String(decoding: report.body, as: UTF8.self)))
                #expect(value["identity"]?["sourceIp"]?.string == "127.0.0.1")
                #expect(value["identity"]?["userAgent"]?.string == "agent")
                for name in ["connectedAt", "lastActiveAt"] {
                    let time = try #require(value[name]?.string)
                    #expect(time.utf8.count == 24 && time.hasSuffix("Z") && time.contains("T"), "\(time)")
                }
                #expect(try gateway.call("DELETE", id).status == 204)
                let end = try socket.readClose()
                #expect(end.code == 1000)
                try socket.close(1000)
                #expect(try socket.isClosedByServer())
                let gone = try gateway.call("POST", id, body: "x")
                #expect(gone.status == 410)
                #expect(gone["x-amzn-errortype"] == "GoneException")
                #expect(try gateway.call("GET", id).status == 410)
                #expect(try gateway.call("DELETE", id).status == 410)
            }
        }
    }

    @Test("calls that nobody has signed are refused")
    func unsigned() async throws {
        try await withSockets(Self.spec) { gateway in
            let socket = try gateway.connect()
            let id = try Self.id(socket)
            for method in ["POST", "GET", "DELETE"] {
                let path = "/dev/@connections/\(id.replacing("=", with: "%3D"))"
                #expect(try HTTP.request(method, path, port: gateway.port).status == 403)
                #expect(try gateway.call(method, id, signer: PlainSigner(secret: "wrong")).status == 403)
                #expect(try gateway.call(method, id, signer: PlainSigner(accessKeyID: "AKIDOTHER")).status == 403)
            }
            #expect(try Self.id(socket) == id)
        }
    }

    @Test("ids that are none, or of nobody, are told apart")
    func ids() async throws {
        try await withSockets(Self.spec) { gateway in
            for id in ["cjy8i76bx002884le6n17d49b", "short", "L0SM9cOFvHcCIhx="] {
                let response = try gateway.call("POST", id, body: "x")
                #expect(response.status == 400)
                #expect(response["x-amzn-errortype"] == "BadRequestException")
                #expect(String(decoding: response.body, as: UTF8.self).contains("Invalid connectionId: \(id)"))
            }
            #expect(try gateway.call("POST", "L0SM9cOFvHcCIhw=", body: "x").status == 410)
        }
    }

    @Test("messages over 128 KB are refused, those of it are sent")
    func sizes() async throws {
        try await withSockets(Self.spec) { gateway in
            let socket = try gateway.connect()
            let id = try Self.id(socket)
            let longest = String(repeating: "a", count: 131_072)
            #expect(try gateway.call("POST", id, body: longest).status == 200)
            #expect(try socket.readText() == longest)
            let response = try gateway.call("POST", id, body: longest + "a")
            #expect(response.status == 413)
            #expect(response["x-amzn-errortype"] == "PayloadTooLargeException")
            #expect(try Self.id(socket) == id)
        }
    }

    @Test("policies say who may manage which connections")
    func policies() async throws {
        func root(_ action: String, _ resource: String) -> String {
            """
            x-portico-identities:
              ada:
                accessKeyId: AKIDEXAMPLE
                secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
                policies: {Statement: [{Effect: Allow, Action: "\(action)", Resource: "\(resource)"}]}
            """
        }
        for (action, resource, post, get) in [
            ("execute-api:ManageConnections", "arn:aws:execute-api:*:*:*/dev/POST/@connections/*", 200, 403),
            ("execute-api:ManageConnections", "arn:aws:execute-api:*:*:*/prod/*", 403, 403),
            ("execute-api:Invoke", "*", 403, 403), ("execute-api:ManageConnections", "*", 200, 200),
        ] {
            let spec = SocketSpec.api(
                [("$default", SocketSpec.says("$context.connectionId"))], root: root(action, resource))
            try await withSockets(spec) { gateway in
                let socket = try gateway.connect()
                let id = try Self.id(socket)
                let posted = try gateway.call("POST", id, body: "x")
                #expect(posted.status == post, "\(action) \(resource)")
                let isNamed = posted.text.contains("to perform: execute-api:ManageConnections on resource: ")
                #expect(isNamed == (post == 403), "\(posted.text)")
                #expect(try gateway.call("GET", id).status == get, "\(action) \(resource)")
            }
        }
    }

    @Test("paths that are no calls, and stages that are others")
    func paths() async throws {
        let spec = SocketSpec.api(
            [("$default", SocketSpec.says("$context.connectionId"))],
            root: SocketSpec.identities + "\nx-portico-stages: {dev: {}, prod: {}}")
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let id = try Self.id(socket)
            #expect(try HTTP.request("POST", "/@connections/\(id)", port: gateway.port).status == 403)
            #expect(try HTTP.request("PATCH", "/dev/@connections/\(id)", port: gateway.port).status == 403)
            #expect(try HTTP.request("POST", "/dev/@connections/\(id)/more", port: gateway.port).status == 403)
            for path in ["/dev/prod/@connections/\(id)", "/dev/a/b/%40connections/\(id)"] {
                let misplaced = try HTTP.request("POST", path, port: gateway.port)
                #expect(misplaced.status == 403)
                #expect(misplaced.text.contains("No method found matching route dev/"), "\(misplaced.text)")
            }
            // Connections are their stage's.
            #expect(try gateway.call("POST", id, body: "x", stage: "prod").status == 410)
            #expect(try gateway.call("POST", id, body: "x").status == 200)
        }
    }

    // Source: ApiGatewayManagementApi's service model, which has one error for a message that is too long.
    @Test("a message over the limit of any body is refused as one over the limit of messages is")
    func hugeBody() async throws {
        try await withSockets(SocketSpec.api([("$default", SocketSpec.says("hi"))])) { gateway in
            let client = try RawConnection(port: gateway.port)
            try client.send(
                "POST /dev/@connections/BFHPhfCWIAMCKlQ%3D HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.status == 413 && answer["x-amzn-ErrorType"] == "PayloadTooLargeException")
        }
    }
}
