import Logging
public import PorticoGateway
import PorticoIR
import PorticoSyntax

/// A gateway in this process that serves a spec given as text, on free ports.
public final class TestGateway: Sendable {
    /// Data port.
    public let port: Int
    /// HTTPS port; 0 when no domain name has a certificate.
    public let tlsPort: Int
    /// Admin port.
    public let adminPort: Int
    private let server: GatewayServer

    /// Compiles `spec` and starts to serve it. Throws with the diagnostics if it has errors.
    public init(
        _ spec: String, isLenient: Bool = false, stageVariables: [String: String] = [:],
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.tlsPort = 0
        configuration.adminPort = 0
        configuration.workers = 1
        configure(&configuration)
        server = GatewayServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let snapshot = try Self.compile(spec, isLenient: isLenient, stageVariables: stageVariables)
        let addresses = try await server.start(snapshot)
        port = addresses.port
        tlsPort = addresses.tlsPort ?? 0
        adminPort = addresses.adminPort ?? 0
    }

    /// Serves another version from now on.
    public func install(_ spec: String, isLenient: Bool = false, stageVariables: [String: String] = [:]) async throws {
        await server.install(try Self.compile(spec, isLenient: isLenient, stageVariables: stageVariables))
    }

    /// Serves a snapshot from now on.
    public func install(_ snapshot: DeploymentSnapshot) async { await server.install(snapshot) }

    /// Stops listening and lets requests under way end.
    public func drain(within limit: Duration) async { await server.drain(within: limit) }

    /// Ends it. To be called at the end of each test.
    public func stop() async { await drain(within: .zero) }

    /// One request on a connection of its own.
    public func request(
        _ method: String = "GET", _ path: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> RawResponse {
        try HTTP.request(method, path, port: port, headers: headers, body: body)
    }

    /// One request on a connection of its own, with a body that need not be text.
    public func request(
        _ method: String, _ path: String, headers: [(String, String)] = [], bytes: [UInt8]
    ) throws -> RawResponse {
        try HTTP.request(method, path, port: port, headers: headers, bytes: bytes)
    }

    /// The snapshot of a spec given as text.
    public static func compile(
        _ spec: String, isLenient: Bool = false, stageVariables: [String: String] = [:]
    ) throws -> DeploymentSnapshot {
        let imported = Importer.importDocument(
            path: "api.yaml", loader: OneFileLoader(bytes: Array(spec.utf8)), options: ImportOptions())
        var diagnostics = imported.diagnostics
        if let description = imported.description {
            var options = CompileOptions()
            options.isLenient = isLenient
            options.sources = imported.sources
            options.stageVariables = stageVariables
            let compiled = Compiler.compile(description, options: options)
            diagnostics += compiled.diagnostics
            if let snapshot = compiled.snapshot, !diagnostics.hasErrors { return snapshot }
        }
        throw TestSupportError(diagnostics.map { "\($0.id.name): \($0.message)" }.joined(separator: "\n"))
    }
}

private struct OneFileLoader: FileLoader {
    let bytes: [UInt8]

    func load(_ path: String) throws(FileLoadingError) -> [UInt8] {
        guard path == "api.yaml" else { throw FileLoadingError(path: path, reason: "No such file or directory") }
        return bytes
    }
}
