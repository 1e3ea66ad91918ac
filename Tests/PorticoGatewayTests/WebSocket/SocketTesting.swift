import Logging
import PorticoIR
import PorticoTestSupport
import Synchronization

@testable import PorticoGateway

/// Specs of WebSocket APIs, put together from routes in YAML's flow style.
enum SocketSpec {
    /// A spec. Each route is a key and its members without braces.
    static func api(
        _ routes: [(String, String)], selection: String = "$request.body.action", members: String = "",
        root: String = ""
    ) -> String {
        var text = "openapi: 3.0.1\ninfo: {title: sockets, version: '1'}\n" + (root.isEmpty ? "" : root + "\n")
        text += "x-portico-websocket:\n  routeSelectionExpression: \(quoted(selection))\n"
        if !members.isEmpty { text += "  " + members + "\n" }
        text += "  routes:\n"
        for (key, members) in routes { text += "    \(quoted(key)): {\(members)}\n" }
        return text
    }

    /// A two-way mock that answers with a template.
    static func says(_ template: String) -> String {
        "routeResponse: $default, x-amazon-apigateway-integration: {type: mock, "
            + "requestTemplates: {$default: \(quoted("{\"statusCode\": 200}"))}, "
            + "responses: {$default: {responseTemplates: {$default: \(quoted(template))}}}}"
    }

    /// A mock with that status.
    static func status(_ status: Int) -> String {
        "x-amazon-apigateway-integration: {type: mock, requestTemplates: {$default: "
            + "\(quoted("{\"statusCode\": \(status)}"))}, responses: {$default: {}}}"
    }

    static func integration(_ text: String, isTwoWay: Bool = true) -> String {
        (isTwoWay ? "routeResponse: $default, " : "") + "x-amazon-apigateway-integration: \(text)"
    }

    static func lambda(isTwoWay: Bool = true) -> String {
        integration(LambdaSpec.integration(), isTwoWay: isTwoWay)
    }

    static func http(
        _ backend: Backend, _ type: String = "http_proxy", isTwoWay: Bool = true, _ members: String = ""
    ) -> String {
        integration(
            "{type: \(type), httpMethod: POST, uri: \(quoted("http://\(backend.authority)/hook"))"
                + (members.isEmpty ? "" : ", " + members) + "}", isTwoWay: isTwoWay)
    }

    /// An identity that may do everything, whose keys ``PlainSigner`` has.
    static let identities = """
        x-portico-identities:
          ada:
            accessKeyId: AKIDEXAMPLE
            secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
            policies: {Statement: [{Effect: Allow, Action: "execute-api:*", Resource: "*"}]}
        """
}

/// A gateway whose workers a test can reach.
final class SocketGateway: Sendable {
    let port: Int
    let server: GatewayServer
    /// Port of TLS; 0 without a certificate.
    let tlsPort: Int

    init(_ spec: String, workers: Int = 1, configure: (inout ServerConfiguration) -> Void = { _ in }) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.tlsPort = 0
        configuration.adminPort = 0
        configuration.workers = workers
        configuration.environment = [:]
        configure(&configuration)
        server = GatewayServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let addresses = try await server.start(try TestGateway.compile(spec))
        port = addresses.port
        tlsPort = addresses.tlsPort ?? 0
    }

    func stop() async { await server.drain(within: .zero) }

    /// Lets time pass, for all workers, which then look for connections whose time is over.
    func letPass(_ milliseconds: Int) async {
        await server.onEachWorker { worker in
            worker.aheadMilliseconds += milliseconds
            worker.tick()
            for _ in 0..<8 { worker.sockets.sweep(now: worker.nowMilliseconds) }
        }
    }

    /// Clients that are connected, over all workers.
    func connections() async -> Int {
        let count = Mutex(0)
        await server.onEachWorker { worker in
            let open = worker.sockets.count
            count.withLock { $0 += open }
        }
        return count.withLock { $0 }
    }

    func connect(_ path: String = "/dev", _ headers: [(String, String)] = []) throws -> RawWebSocket {
        try RawWebSocket(port: port, path, headers: headers)
    }

    /// A call of `@connections` that is signed.
    func call(
        _ method: String, _ id: String, body: String = "", stage: String = "dev", signer: PlainSigner = PlainSigner()
    ) throws -> RawResponse {
        let encoded = id.replacing("=", with: "%3D").replacing("+", with: "%2B").replacing("/", with: "%2F")
        // What is signed is the encoded path, encoded once more.
        let canonical = "/\(stage)/%40connections/" + encoded.replacing("%", with: "%25")
        let headers = signer.authorization(method, canonical, host: "127.0.0.1:\(port)", body: body)
        return try HTTP.request(method, "/\(stage)/@connections/\(encoded)", port: port, headers: headers, body: body)
    }
}

/// Runs a test with a gateway that ends with it.
func withSockets(
    _ spec: String, workers: Int = 1, configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (SocketGateway) async throws -> Void
) async throws {
    let gateway = try await SocketGateway(spec, workers: workers, configure: configure)
    do {
        try await body(gateway)
    } catch {
        await gateway.stop()
        throw error
    }
    await gateway.stop()
}
