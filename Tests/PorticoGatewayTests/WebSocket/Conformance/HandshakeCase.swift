import PorticoTestSupport

/// A request that asks for a connection, rightly or not, and its answer.
struct HandshakeCase: Sendable {
    var name: String
    var source: String
    var status: Int
    var method = "GET"
    var path = "/dev"
    var version = "HTTP/1.1"
    /// Instead of the usual fields of these names; an empty value leaves one out.
    var headers: [(String, String)] = []
    var body = ""

    init(
        _ name: String, _ source: String, _ status: Int, _ headers: [(String, String)] = [], method: String = "GET",
        path: String = "/dev", version: String = "HTTP/1.1", body: String = ""
    ) {
        self.name = name
        self.source = source
        self.status = status
        self.method = method
        self.path = path
        self.version = version
        self.headers = headers
        self.body = body
    }

    func request(port: Int) -> String {
        RawWebSocket.request(method, port: port, path, headers: headers).replacing(
            " HTTP/1.1\r\n", with: " \(version)\r\n")
            + body
    }

    static let all = accepted + refused

    private static let key = "Sec-WebSocket-Key"
    private static let version = "Sec-WebSocket-Version"
    private static let extensions = "Sec-WebSocket-Extensions"
    private static let protocols = "Sec-WebSocket-Protocol"

    private static let accepted: [HandshakeCase] = [
        HandshakeCase("the example of the RFC", "1.3", 101),
        HandshakeCase("`Upgrade: WebSocket`", "4.2.1", 101, [("Upgrade", "WebSocket")]),
        HandshakeCase("`Upgrade: WEBSOCKET`", "4.2.1", 101, [("Upgrade", "WEBSOCKET")]),
        HandshakeCase("`Upgrade: h2c, websocket`", "4.2.1", 101, [("Upgrade", "h2c, websocket")]),
        HandshakeCase("`Upgrade: websocket,h2c`", "4.2.1", 101, [("Upgrade", "websocket,h2c")]),
        HandshakeCase("two `Upgrade` fields", "4.2.1", 101, [("Upgrade", "h2c"), ("Upgrade", "websocket")]),
        HandshakeCase("blanks around `websocket`", "4.2.1", 101, [("Upgrade", " \t websocket \t ")]),
        HandshakeCase("`Connection: upgrade`", "4.2.1", 101, [("Connection", "upgrade")]),
        HandshakeCase("`Connection: UPGRADE`", "4.2.1", 101, [("Connection", "UPGRADE")]),
        HandshakeCase("`Connection: keep-alive, Upgrade`", "4.2.1", 101, [("Connection", "keep-alive, Upgrade")]),
        HandshakeCase("`Connection: Upgrade,keep-alive`", "4.2.1", 101, [("Connection", "Upgrade,keep-alive")]),
        HandshakeCase("`Connection: a, b ,upgrade , c`", "4.2.1", 101, [("Connection", "a, b ,upgrade , c")]),
        HandshakeCase(
            "two `Connection` fields", "4.2.1", 101, [("Connection", "keep-alive"), ("Connection", "Upgrade")]),
        HandshakeCase(
            "names in small letters", "4.2.1", 101,
            [
                ("upgrade", "websocket"), ("connection", "upgrade"), ("sec-websocket-key", RawWebSocket.key),
                ("sec-websocket-version", "13"),
            ]),
        HandshakeCase(
            "names in capitals", "4.2.1", 101,
            [
                ("UPGRADE", "websocket"), ("CONNECTION", "upgrade"), ("SEC-WEBSOCKET-KEY", RawWebSocket.key),
                ("SEC-WEBSOCKET-VERSION", "13"),
            ]),
        HandshakeCase("blanks around the key", "4.2.1", 101, [(key, "  \(RawWebSocket.key)  ")]),
        HandshakeCase("a key of zeros", "4.2.1", 101, [(key, "AAAAAAAAAAAAAAAAAAAAAA==")]),
        HandshakeCase("a key with `+` and `/`", "4.2.1", 101, [(key, "+/+/+/+/+/+/+/+/+/+/+w==")]),
        HandshakeCase("blanks around the version", "4.2.1", 101, [(version, " 13 ")]),
        HandshakeCase(
            "compression offered: it is not agreed on", "9.1", 101,
            [(extensions, "permessage-deflate; client_max_window_bits")]),
        HandshakeCase("several extensions offered", "9.1", 101, [(extensions, "a, b; c=\"d\"; e"), (extensions, "f")]),
        HandshakeCase("an offer that is none", "9.1", 101, [(extensions, ";;,=,\"")]),
        HandshakeCase("subprotocols offered: none is agreed on", "4.2.2", 101, [(protocols, "soap, wamp")]),
        HandshakeCase("two fields of subprotocols", "4.2.2", 101, [(protocols, "soap"), (protocols, "wamp")]),
        HandshakeCase("an origin", "10.2", 101, [("Origin", "http://example.com")]),
        HandshakeCase("the origin `null`", "10.2", 101, [("Origin", "null")]),
        HandshakeCase(
            "cookies and credentials", "4.1", 101, [("Cookie", "a=b; c=d"), ("Authorization", "Basic YTpi")]),
        HandshakeCase("a host without port", "4.1", 101, [("Host", "127.0.0.1")]),
        HandshakeCase("fifty other fields", "4.1", 101, (0..<50).map { ("X-\($0)", "value \($0)") }),
        HandshakeCase("a slash behind the stage", "2.1", 101, path: "/dev/"),
        HandshakeCase("a query", "4.1", 101, path: "/dev?a=b&c=%20d&e"),
        HandshakeCase("an empty query", "4.1", 101, path: "/dev?"),
        HandshakeCase("a URL of 4,096 bytes", "2.6", 101, path: "/dev?" + String(repeating: "a", count: 4091)),
        HandshakeCase("`Content-Length: 0`", "4.1", 101, [("Content-Length", "0")]),
    ]

    private static let refused: [HandshakeCase] =
        [
            HandshakeCase("no `Upgrade`", "4.2.1", 426, [("Upgrade", "")]),
            HandshakeCase("`Upgrade: h2c`", "4.2.1", 426, [("Upgrade", "h2c")]),
            HandshakeCase("`Upgrade: websockets`", "4.2.1", 426, [("Upgrade", "websockets")]),
            HandshakeCase("`Upgrade: websocket/13`", "4.2.1", 426, [("Upgrade", "websocket/13")]),
            HandshakeCase("`Upgrade: web socket`", "4.2.1", 426, [("Upgrade", "web socket")]),
            HandshakeCase("no `Connection`", "4.2.1", 426, [("Connection", "")]),
            HandshakeCase("`Connection: close`", "4.2.1", 426, [("Connection", "close")]),
            HandshakeCase("`Connection: keep-alive`", "4.2.1", 426, [("Connection", "keep-alive")]),
            HandshakeCase("`Connection: upgraded`", "4.2.1", 426, [("Connection", "upgraded")]),
            HandshakeCase("neither `Upgrade` nor `Connection`", "4.2.1", 426, [("Upgrade", ""), ("Connection", "")]),
            HandshakeCase("no version", "4.4", 426, [(version, "")]),
            HandshakeCase("no key and no version", "4.4", 426, [(version, ""), (key, "")]),
        ]
        + ["0", "7", "8", "12", "14", "25", "013", "13.0", "+13", "1 3", "13, 8", "8, 13", "13;", "thirteen"].map {
            HandshakeCase("version `\($0)`", "4.4", 426, [(version, $0)])
        }
        + [
            HandshakeCase("two versions", "4.4", 426, [(version, "13"), (version, "8")]),
            HandshakeCase("no key", "4.2.1", 400, [(key, "")]),
            HandshakeCase("a key of 15 bytes", "4.2.1", 400, [(key, "AAAAAAAAAAAAAAAAAAAA")]),
            HandshakeCase("a key of 17 bytes", "4.2.1", 400, [(key, "AAAAAAAAAAAAAAAAAAAAAAA=")]),
            HandshakeCase("a key of 18 bytes", "4.2.1", 400, [(key, "AAAAAAAAAAAAAAAAAAAAAAAA")]),
            HandshakeCase("a key of 32 bytes", "4.2.1", 400, [(key, String(repeating: "A", count: 43) + "=")]),
            HandshakeCase("a key without its padding", "4.2.1", 400, [(key, "AAAAAAAAAAAAAAAAAAAAAA")]),
            HandshakeCase("a key with half of its padding", "4.2.1", 400, [(key, "AAAAAAAAAAAAAAAAAAAAAA=")]),
            HandshakeCase("a key in the base64 of URLs", "4.2.1", 400, [(key, "-_-_-_-_-_-_-_-_-_-_-w==")]),
            HandshakeCase("a key with a blank", "4.2.1", 400, [(key, "AAAAAAAAAAA AAAAAAAAAA==")]),
            HandshakeCase("a key that is no base64", "4.2.1", 400, [(key, "!!!!!!!!!!!!!!!!!!!!!!==")]),
            HandshakeCase("two keys", "4.2.1", 400, [(key, RawWebSocket.key), (key, "AAAAAAAAAAAAAAAAAAAAAA==")]),
            HandshakeCase("one key twice", "4.2.1", 400, [(key, RawWebSocket.key), (key, RawWebSocket.key)]),
        ]
        + ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"].map {
            HandshakeCase("`\($0)`", "4.2.1", 426, method: $0)
        }
        + [
            HandshakeCase("HTTP/1.0", "4.2.1", 426, version: "HTTP/1.0"),
            HandshakeCase("no host", "4.2.1", 400, [("Host", "")]),
            HandshakeCase("two hosts", "4.2.1", 400, [("Host", "a"), ("Host", "b")]),
            HandshakeCase("a body", "4.2.1", 400, [("Content-Length", "5")], body: "hello"),
            HandshakeCase("a body in chunks", "4.2.1", 400, [("Transfer-Encoding", "chunked")], body: "0\r\n\r\n"),
            HandshakeCase("another stage", "2.1", 403, path: "/prod"),
            HandshakeCase("no stage", "2.1", 403, path: "/"),
            HandshakeCase("the stage in capitals", "2.1", 403, path: "/DEV"),
            HandshakeCase("a path behind the stage", "2.1", 403, path: "/dev/chat"),
            HandshakeCase("a URL of 4,097 bytes", "2.6", 414, path: "/dev?" + String(repeating: "a", count: 4092)),
            HandshakeCase("a URL of 9,000 bytes", "2.6", 414, path: "/dev?" + String(repeating: "a", count: 8995)),
            HandshakeCase("a field without a colon", "4.2.1", 400, [("Host", "a\r\nno colon here")]),
        ]
}
