internal import PorticoSyntax

/// A token issuer in a process of its own: discovery, keys that rotate on command, tokens signed with them.
///
/// `Tests/TestIssuer/issuer.py` says what it can be told. It ends with this value, or with this process.
public final class TestIssuer {
    /// Port of its documents.
    public let port: Int
    private let controlPort: Int
    private let isSecure: Bool
    private let process: ChildProcess
    private let folder: TemporaryFolder

    /// Starts one: with HTTPS if there are a certificate and a key in PEM form.
    public init(certificate: String? = nil, key: String? = nil) throws {
        folder = try TemporaryFolder()
        var arguments = ["\(GoldenFile.packageRoot)/Tests/TestIssuer/issuer.py"]
        if let certificate, let key {
            arguments += [try folder.write("certificate.pem", certificate), try folder.write("key.pem", key)]
        }
        isSecure = arguments.count > 1
        let process = try ChildProcess(try PythonEnvironment.python(), arguments)
        self.process = process
        var ports: [Int] = []
        try Deadline().wait(for: "the test issuer; it said: \(process.errors)") {
            guard process.isRunning else { throw TestSupportError("the test issuer ended: \(process.errors)") }
            guard process.output.hasSuffix("\n") else { return false }
            ports = process.output.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
            return ports.count == 2
        }
        controlPort = ports[0]
        port = ports[1]
    }

    /// The issuer of that name, as `iss` has it.
    public func issuer(_ name: String = "pool") -> String {
        "\(isSecure ? "https" : "http")://127.0.0.1:\(port)/\(name)"
    }

    /// The address of its keys.
    public var keySetAddress: String { "\(isSecure ? "https" : "http")://127.0.0.1:\(port)/keys" }

    /// Tells it something; the id of the new key, if that was the command.
    @discardableResult
    public func control(_ command: String) throws -> String? {
        let answer = try HTTP.request("POST", "/control", port: controlPort, body: command)
        guard answer.status == 200, let value = JSONValue(parsing: answer.text) else {
            throw TestSupportError("the test issuer does not do \(command): \(answer.status)")
        }
        if case .string(let kid) = value["kid"] { return kid }
        return nil
    }

    /// A token with these claims (JSON), signed with the newest key or the one of that id.
    public func token(_ claims: String, kid: String? = nil, algorithm: String? = nil) throws -> String {
        let query = [kid.map { "kid=\($0)" }, algorithm.map { "alg=\($0)" }].compactMap { $0 }.joined(separator: "&")
        let answer = try HTTP.request("POST", "/token?\(query)", port: controlPort, body: claims)
        guard answer.status == 200 else { throw TestSupportError("no token: \(answer.status) \(answer.text)") }
        return answer.text
    }

    /// How often each of its documents was asked for.
    public func counts() throws -> (discovery: Int, keys: Int) {
        let answer = try HTTP.request("GET", "/counts", port: controlPort)
        guard let value = JSONValue(parsing: answer.text), case .number(let discovery) = value["discovery"],
            case .number(let keys) = value["keys"]
        else { throw TestSupportError("no counts: \(answer.text)") }
        return (Int(discovery) ?? -1, Int(keys) ?? -1)
    }

    /// Ends it, so that it is out of reach.
    public func stop() throws {
        process.signal(9)
        try process.wait()
    }
}
