import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Events (proxy)" (2.4), recorded events; cases `ws-event` and `ws-connect`.
@Suite("WebSocket events")
struct SocketEventTests {
    private static let ok = Backend.Behavior.respond(status: 200, headers: [], body: "{\"statusCode\":200}")

    private static func spec(_ backend: Backend, root: String = "", connect: String = "") -> String {
        SocketSpec.api(
            [
                ("$connect", SocketSpec.lambda(isTwoWay: false) + connect),
                ("$disconnect", SocketSpec.lambda(isTwoWay: false)),
                ("chat", SocketSpec.lambda(isTwoWay: false)),
            ], root: LambdaSpec.server(backend) + (root.isEmpty ? "" : "\n" + root))
    }

    private static func event(_ backend: Backend, _ number: Int) throws -> JSONValue {
        try Deadline().wait(for: "event \(number)") { backend.requests.count > number }
        return try #require(JSONValue(parsing: backend.requests[number].body))
    }

    private static func keys(_ value: JSONValue?) -> [String] {
        if case .object(let members)? = value { return members.map(\.name) }
        return []
    }

    @Test("connect, message and disconnect look as recorded")
    func shapes() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let socket = try gateway.connect("/dev?a=1&a=2&b=c", [("User-Agent", "agent/1"), ("X-Own", "own")])
            #expect(socket.isOpen)
            let message = "{\"action\": \"chat\", \"message\": \"Hello from client\"}"
            try socket.send(message)
            try Deadline().wait(for: "the message") { backend.requests.count == 2 }
            try socket.close()
            _ = try socket.readClose()

            let connect = try Self.event(backend, 0)
            #expect(
                Self.keys(connect) == [
                    "headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters",
                    "requestContext", "isBase64Encoded",
                ])
            #expect(
                Self.keys(connect["requestContext"]) == [
                    "routeKey", "eventType", "extendedRequestId", "requestTime", "messageDirection", "stage",
                    "connectedAt", "requestTimeEpoch", "identity", "requestId", "domainName", "connectionId", "apiId",
                ])
            let headers = connect["headers"]
            #expect(headers?["Host"]?.string == "127.0.0.1:\(gateway.port)")
            #expect(headers?["Sec-WebSocket-Key"]?.string == RawWebSocket.key)
            #expect(headers?["Sec-WebSocket-Version"]?.string == "13")
            #expect(headers?["X-Own"]?.string == "own")
            #expect(headers?["X-Forwarded-For"]?.string == "127.0.0.1")
            #expect(headers?["X-Amzn-Trace-Id"]?.string?.hasPrefix("Root=1-") == true)
            #expect(headers?["Connection"] == nil && headers?["Upgrade"] == nil)
            #expect(connect["queryStringParameters"]?["a"]?.string == "2")
            #expect(connect["multiValueQueryStringParameters"]?["a"]?.elements.count == 2)
            let context = connect["requestContext"]
            #expect(context?["routeKey"]?.string == "$connect")
            #expect(context?["eventType"]?.string == "CONNECT")
            #expect(context?["messageDirection"]?.string == "IN")
            #expect(context?["identity"]?["sourceIp"]?.string == "127.0.0.1")
            #expect(context?["identity"]?["userAgent"]?.string == "agent/1")
            #expect(context?["requestId"] == context?["extendedRequestId"])
            #expect(connect["isBase64Encoded"] == .boolean(false))

            let text = try Self.event(backend, 1)
            #expect(Self.keys(text) == ["requestContext", "body", "isBase64Encoded"])
            #expect(
                Self.keys(text["requestContext"]) == [
                    "routeKey", "messageId", "eventType", "extendedRequestId", "requestTime", "messageDirection",
                    "stage", "connectedAt", "requestTimeEpoch", "identity", "requestId", "domainName", "connectionId",
                    "apiId",
                ])
            #expect(text["body"]?.string == message)
            #expect(text["requestContext"]?["routeKey"]?.string == "chat")
            #expect(text["requestContext"]?["eventType"]?.string == "MESSAGE")

            let disconnect = try Self.event(backend, 2)
            #expect(Self.keys(disconnect) == ["headers", "multiValueHeaders", "requestContext", "isBase64Encoded"])
            let end = disconnect["requestContext"]
            #expect(
                Self.keys(end) == [
                    "routeKey", "disconnectStatusCode", "eventType", "extendedRequestId", "requestTime",
                    "messageDirection", "disconnectReason", "stage", "connectedAt", "requestTimeEpoch", "identity",
                    "requestId", "domainName", "connectionId", "apiId",
                ])
            #expect(end?["routeKey"]?.string == "$disconnect")
            #expect(end?["eventType"]?.string == "DISCONNECT")
            #expect(end?["disconnectStatusCode"] == .number("1005"))
            #expect(end?["disconnectReason"]?.string == "Client-side close frame status not set")
            #expect(disconnect["headers"]?["Host"] == end?["domainName"])
            for name in ["x-api-key", "X-Forwarded-For", "x-restapi"] {
                #expect(disconnect["headers"]?[name]?.string == "")
            }
            for event in [text, disconnect] {
                #expect(event["requestContext"]?["connectionId"] == context?["connectionId"])
                #expect(event["requestContext"]?["connectedAt"] == context?["connectedAt"])
                #expect(event["requestContext"]?["requestId"] != context?["requestId"])
            }
        }
    }

    @Test("a disconnect tells how the connection ended, once")
    func endings() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let endings: [(Int, String, (RawWebSocket) throws -> Void)] = [
                (4001, "enough", { try $0.close(4001, "enough") }),
                (1000, "Connection Closed Normally", { try $0.close(1000) }),
                (1006, "Connection closed abnormally", { $0.finishSending() }),
                (1006, "Connection closed abnormally", { $0.reset() }),
                (1002, "Protocol error", { try $0.send(bytes: RawWebSocket.frame(3, [])) }),
            ]
            for (index, (code, reason, end)) in endings.enumerated() {
                let socket = try gateway.connect()
                try end(socket)
                // A client that is closed by the server goes, too.
                if code == 1002 { _ = try socket.readClose() }
                socket.finishSending()
                let event = try Self.event(backend, 2 * index + 1)
                let context = event["requestContext"]
                #expect(context?["disconnectStatusCode"] == .number("\(code)"))
                #expect(context?["disconnectReason"]?.string == reason)
            }
            let socket = try gateway.connect()
            #expect(socket.isOpen)
            #expect(backend.requests.count == 2 * endings.count + 1)
        }
    }

    @Test("the status of $connect refuses a client")
    func refused() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "{\"statusCode\":400,\"body\":\"no\"}"))
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let socket = try gateway.connect()
            #expect(socket.response.status == 400)
            #expect(String(decoding: socket.response.body, as: UTF8.self) == "no")
            backend.behave(.respond(status: 500, headers: [], body: "{\"errorMessage\":\"broken\"}"))
            #expect(try gateway.connect().response.status == 502)
            backend.behave(.respond(status: 200, headers: [], body: "no object"))
            #expect(try gateway.connect().response.status == 502)
            backend.stop()
            #expect(try gateway.connect().response.status == 504)
            // Who was not let in has not gone either.
            #expect(backend.requests.allSatisfy { $0.body.contains("CONNECT\"") && !$0.body.contains("DISCONNECT") })
        }
    }

    @Test("other integrations of $connect refuse by their status", arguments: ["mock", "http", "http_proxy"])
    func refusedByOthers(_ type: String) async throws {
        let backend = try Backend(.respond(status: 403, headers: [], body: "no"))
        defer { backend.stop() }
        let connect =
            type == "mock"
            ? SocketSpec.status(403) : SocketSpec.http(backend, type, isTwoWay: false, "responses: {$default: {}}")
        try await withSockets(SocketSpec.api([("$connect", connect), ("$default", SocketSpec.says("hi"))])) { gateway in
            #expect(try gateway.connect().response.status == 403)
            guard type != "mock" else { return }
            backend.behave(.respond(status: 201, headers: [], body: "yes"))
            let socket = try gateway.connect()
            #expect(socket.response.status == 101)
            #expect(try socket.ask("{}") == "hi")
        }
    }

    @Test("a subprotocol is agreed on only by the integration")
    func subprotocols() async throws {
        let backend = try Backend(
            .respond(
                status: 200, headers: [],
                body: "{\"statusCode\":200,\"headers\":{\"Sec-WebSocket-Protocol\":\"wamp\"}}"))
        defer { backend.stop() }
        try await withSockets(Self.spec(backend)) { gateway in
            let socket = try gateway.connect("/dev", [("Sec-WebSocket-Protocol", "soap, wamp")])
            #expect(socket.response["sec-websocket-protocol"] == "wamp")
            let event = try Self.event(backend, 0)
            #expect(event["headers"]?["Sec-WebSocket-Protocol"]?.string == "soap, wamp")
            #expect(try gateway.connect().response["sec-websocket-protocol"] == nil)
            let other = try gateway.connect("/dev", [("Sec-WebSocket-Protocol", "soap")])
            #expect(other.isOpen && other.response["sec-websocket-protocol"] == nil)
            backend.behave(Self.ok)
            let plain = try gateway.connect("/dev", [("Sec-WebSocket-Protocol", "wamp")])
            #expect(plain.isOpen && plain.response["sec-websocket-protocol"] == nil)
        }
    }

    @Test("declared parameters of $connect must be there")
    func parameters() async throws {
        let backend = try Backend(Self.ok)
        defer { backend.stop() }
        let connect =
            ", parameters: [{name: room, in: query, required: true, schema: {type: string}}, "
            + "{name: X-Token, in: header, required: true, schema: {type: string}}]"
        try await withSockets(Self.spec(backend, connect: connect)) { gateway in
            let socket = try gateway.connect()
            #expect(socket.response.status == 400)
            #expect(try gateway.connect("/dev?room=1").response.status == 400)
            #expect(try gateway.connect("/dev?room=1", [("X-Token", "t")]).isOpen)
            #expect(backend.requests.count == 1)
        }
    }
}
