import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Route selection" (2.2), "Integrations and two-way" (2.3); cases `ws-routing`.
@Suite("WebSocket messages")
struct MessageTests {
    private static func value(_ text: String) throws -> JSONValue {
        try #require(JSONValue(parsing: text), "no JSON: \(text)")
    }

    @Test("a message takes the route that its body names, else $default")
    func routes() async throws {
        let spec = SocketSpec.api([
            ("join", SocketSpec.says("joined")), ("leave", SocketSpec.says("left")),
            ("7", SocketSpec.says("seven")), ("$default", SocketSpec.says("default")),
            ("$disconnect", SocketSpec.status(200)),
        ])
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            for (message, answer) in [
                ("{\"action\":\"join\"}", "joined"), ("{\"action\":\"leave\"}", "left"), ("{\"action\":7}", "seven"),
                ("{\"action\":\"other\"}", "default"), ("{}", "default"), ("no JSON", "default"), ("", "default"),
                ("{\"action\":\"$connect\"}", "default"), ("{\"action\":\"$disconnect\"}", "default"),
                ("{\"action\":[\"join\"]}", "default"), ("[1]", "default"), ("{\"action\":\"jo\\u0069n\"}", "joined"),
            ] { #expect(try socket.ask(message) == answer, "\(message)") }
        }
    }

    @Test("without a route and $default the client is told so, and stays connected")
    func forbidden() async throws {
        try await withSockets(SocketSpec.api([("join", SocketSpec.says("joined"))])) { gateway in
            let socket = try gateway.connect()
            let answer = try Self.value(try socket.ask("{\"action\":\"other\"}"))
            #expect(answer["message"] == .string("Forbidden"))
            guard case .string(let id)? = answer["connectionId"] else { throw TestSupportError("no connectionId") }
            #expect(id.utf8.count == 16 && id.hasSuffix("="))
            guard case .string(let request)? = answer["requestId"] else { throw TestSupportError("no requestId") }
            #expect(request.utf8.count == 16 && request.hasSuffix("="))
            #expect(try socket.ask("{\"action\":\"join\"}") == "joined")
        }
    }

    @Test("templates know the connection and the message")
    func context() async throws {
        let template =
            "$context.connectionId $context.routeKey $context.eventType $context.messageId $context.connectedAt "
            + "$context.messageDirection $context.requestId $context.extendedRequestId $context.stage"
        try await withSockets(SocketSpec.api([("say", SocketSpec.says(template))])) { gateway in
            let socket = try gateway.connect()
            let words = try socket.ask("{\"action\":\"say\"}").split(separator: " ").map(String.init)
            try #require(words.count == 9)
            #expect(words[0].utf8.count == 16)
            #expect(words[1] == "say")
            #expect(words[2] == "MESSAGE")
            #expect(words[3].utf8.count == 16)
            #expect(Int(words[4]) != nil)
            #expect(words[5] == "IN")
            #expect(words[6] == words[7])
            #expect(words[8] == "dev")
            let again = try socket.ask("{\"action\":\"say\"}").split(separator: " ").map(String.init)
            #expect(again[0] == words[0])
            #expect(again[3] != words[3])
            #expect(again[4] == words[4])
        }
    }

    @Test("what a proxied function returns is the answer of a two-way route alone")
    func twoWay() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{\"statusCode\":200,\"body\":\"hi\"}"))
        defer { backend.stop() }
        let spec = SocketSpec.api(
            [
                ("x", SocketSpec.lambda()), ("silent", SocketSpec.lambda(isTwoWay: false)),
                ("$default", SocketSpec.says("default")),
            ], root: LambdaSpec.server(backend))
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("{\"action\":\"x\"}") == "hi")
            try socket.send("{\"action\":\"silent\"}")
            #expect(try socket.ask("{}") == "default")
        }
    }

    @Test("a function that fails is told of, also where nothing else would be")
    func failure() async throws {
        let backend = try Backend(.respond(status: 500, headers: [], body: "{\"errorMessage\":\"no\"}"))
        defer { backend.stop() }
        let spec = SocketSpec.api(
            [("makeError", SocketSpec.lambda(isTwoWay: false))], root: LambdaSpec.server(backend))
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            let text = try socket.ask("{\"action\":\"makeError\"}")
            #expect(text.hasPrefix("{\"message\": \"Internal server error\", \"connectionId\":\""))
            let answer = try Self.value(text)
            #expect(answer["message"] == .string("Internal server error"))
            #expect(answer["connectionId"] != nil && answer["requestId"] != nil)
        }
    }

    @Test("messages are checked against the model that the expression names")
    func models() async throws {
        let root = """
            components:
              schemas:
                Say: {type: object, required: [text], properties: {text: {type: string}}}
                Number: {type: object, required: [n], properties: {n: {type: integer}}}
            """
        func route(_ expression: String, _ models: String) -> String {
            SocketSpec.says("ok") + ", modelSelectionExpression: \(quoted(expression)), requestModels: {\(models)}"
        }
        let say = "{$ref: '#/components/schemas/Say'}"
        let spec = SocketSpec.api(
            [
                ("one", route("$default", "$default: \(say)")),
                (
                    "two",
                    route("${request.body.kind}", "say: \(say), number: {$ref: '#/components/schemas/Number'}")
                ),
            ], root: root)
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            for (message, isGood) in [
                ("{\"action\":\"one\",\"text\":\"a\"}", true), ("{\"action\":\"one\"}", false),
                ("{\"action\":\"two\",\"kind\":\"say\",\"text\":\"a\"}", true),
                ("{\"action\":\"two\",\"kind\":\"number\",\"n\":1}", true),
                ("{\"action\":\"two\",\"kind\":\"number\",\"n\":\"1\"}", false),
                // No match and no default.
                ("{\"action\":\"two\",\"kind\":\"other\",\"text\":\"a\"}", false),
            ] {
                let text = try socket.ask(message)
                guard !isGood else {
                    #expect(text == "ok", "\(message)")
                    continue
                }
                let answer = try Self.value(text)
                #expect(answer["message"] == .string("Bad request body"), "\(message)")
                #expect(answer["connectionId"] != nil && answer["messageId"] != nil && answer["requestId"] == nil)
            }
        }
    }

    @Test("templates are chosen by key, and responses by the status")
    func templates() async throws {
        let backend = try Backend(.respond(status: 200, headers: [("X-Kind", "b")], body: "{\"a\":1}"))
        defer { backend.stop() }
        let templates =
            "templateSelectionExpression: '${request.body.kind}', requestTemplates: "
            + "{one: 'first $input.path(\"$.n\")', $default: 'other'}, responses: {"
            + "$default: {templateSelectionExpression: '${integration.response.header.X-Kind}', "
            + "responseTemplates: {a: 'A', b: 'B $input.path(\"$.a\")'}}, "
            + "'/4\\d\\d/': {responseTemplates: {$default: 'no'}}}"
        let spec = SocketSpec.api([("x", SocketSpec.http(backend, "http", templates))])
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("{\"action\":\"x\",\"kind\":\"one\",\"n\":5}") == "B 1")
            #expect(try socket.ask("{\"action\":\"x\"}") == "B 1")
            backend.behave(.respond(status: 404, headers: [], body: "gone"))
            #expect(try socket.ask("{\"action\":\"x\"}") == "no")
            #expect(backend.requests.map(\.body) == ["first 5", "other", "other"])
            #expect(backend.requests.allSatisfy { $0["Content-Type"] == "application/json" })
        }
    }

    @Test("parameters of a message are mapped to the backend")
    func parameters() async throws {
        let backend = try Backend(.echo)
        defer { backend.stop() }
        let mappings =
            "requestParameters: {integration.request.header.X-Who: route.request.body.user.name, "
            + "integration.request.querystring.id: context.connectionId, "
            + "integration.request.header.X-Stage: stageVariables.name, integration.request.header.X-Fixed: \"'text'\"}"
        let spec = SocketSpec.api(
            [("x", SocketSpec.http(backend, "http", mappings + ", responses: {$default: {}}"))],
            root: "x-portico-stages: {dev: {variables: {name: one}}}")
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect()
            _ = try socket.ask("{\"action\":\"x\",\"user\":{\"name\":\"ada\"}}")
            let request = try #require(backend.requests.first)
            #expect(request["X-Who"] == "ada")
            #expect(request["X-Stage"] == "one")
            #expect(request["X-Fixed"] == "text")
            #expect(request.path.hasPrefix("/hook?id="))
            #expect(request.body == "{\"action\":\"x\",\"user\":{\"name\":\"ada\"}}")
        }
    }

    @Test("messages are under way together, and answers come as they are ready")
    func pipelining() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed), .respond(status: 200, headers: [], body: "second"))
        defer { backend.stop() }
        try await withSockets(SocketSpec.api([("x", SocketSpec.http(backend))])) { gateway in
            let socket = try gateway.connect()
            try socket.send("{\"action\":\"x\",\"n\":1}")
            try Deadline().wait(for: "the first request") { backend.requests.count == 1 }
            #expect(try socket.ask("{\"action\":\"x\",\"n\":2}") == "second")
            feed.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
            feed.finish()
            feed.finish()
            #expect(try socket.readText() == "first")
        }
    }

    @Test("an answer longer than a message may be is an error")
    func longAnswers() async throws {
        let longest = String(repeating: "a", count: 131_072)
        let backend = try Backend(
            .respond(status: 200, headers: [], body: longest), .respond(status: 200, headers: [], body: longest + "a"))
        defer { backend.stop() }
        try await withSockets(SocketSpec.api([("x", SocketSpec.http(backend))])) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("{\"action\":\"x\"}") == longest)
            #expect(try socket.ask("{\"action\":\"x\"}").contains("Internal server error"))
        }
    }

    @Test("what a client sends before it goes is handled")
    func lastWords() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        defer { backend.stop() }
        try await withSockets(SocketSpec.api([("x", SocketSpec.http(backend, isTwoWay: false))])) { gateway in
            let socket = try gateway.connect()
            var bytes: [UInt8] = []
            for number in 0..<40 {
                bytes += RawWebSocket.frame(RawWebSocket.Opcode.text, Array("{\"action\":\"x\",\"n\":\(number)}".utf8))
            }
            try socket.send(bytes: bytes + RawWebSocket.frame(RawWebSocket.Opcode.close, []))
            #expect(try socket.readClose().code == nil)
            #expect(try socket.isClosedByServer())
            try Deadline().wait(for: "all messages") { backend.requests.count == 40 }
        }
    }

    @Test("base64 text becomes bytes for a backend, and bytes become text for the client")
    func contentHandling() async throws {
        let backend = try Backend(.respondBytes(status: 200, headers: [], body: [0xFF, 0xFE]))
        defer { backend.stop() }
        let members = "contentHandling: CONVERT_TO_BINARY, responses: {$default: {contentHandling: CONVERT_TO_TEXT}}"
        try await withSockets(SocketSpec.api([("$default", SocketSpec.http(backend, "http", members))])) { gateway in
            let socket = try gateway.connect()
            #expect(try socket.ask("AAEC/w==") == "//4=")
            #expect(backend.requests.first?.bytes == [0, 1, 2, 0xFF])
        }
    }

    @Test("a custom domain leads to clients and to their calls without the stage")
    func customDomain() async throws {
        let root = SocketSpec.identities + "\nx-portico-domain-names: {ws.example.com: {basePathMappings: {chat: dev}}}"
        let spec = SocketSpec.api(
            [("$default", SocketSpec.says("$context.connectionId $context.domainName"))], root: root)
        try await withSockets(spec) { gateway in
            let socket = try gateway.connect("/chat", [("Host", "ws.example.com")])
            let words = try socket.ask("{}").split(separator: " ").map(String.init)
            #expect(words.last == "ws.example.com")
            let id = try #require(words.first).replacing("=", with: "%3D")
            func call(_ path: String, _ canonical: String) throws -> RawResponse {
                let headers = PlainSigner().authorization("POST", canonical, host: "ws.example.com", body: "hello")
                let connection = try RawConnection(port: gateway.port)
                let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
                try connection.send(
                    "POST \(path) HTTP/1.1\r\nHost: ws.example.com\r\n\(lines)Content-Length: 5\r\n\r\nhello")
                return try connection.readResponse()
            }
            let encoded = id.replacing("%", with: "%25")
            #expect(try call("/chat/@connections/\(id)", "/chat/%40connections/\(encoded)").status == 200)
            #expect(try socket.readText() == "hello")
            let wrong = try call("/chat/dev/@connections/\(id)", "/chat/dev/%40connections/\(encoded)")
            #expect(wrong.status >= 400)
        }
    }

    @Test(
        "selection expressions that cannot be meant are told",
        arguments: [
            ("$request.body.action", nil), ("$default", nil),
            ("$request.header.x", "messages have neither header fields nor a query"),
            ("${request.body.a}-${request.querystring.q}", "messages have neither header fields nor a query"),
        ])
    func meaninglessSelections(_ expression: String, _ problem: String?) {
        let said = RouteSpec.diagnostics(SocketSpec.api([("$default", SocketSpec.says("hi"))], selection: expression))
        let wanted = problem.map { ["error websocket.selection: selection expression '\(expression)': \($0)"] } ?? []
        #expect(said == wanted)
    }
}
