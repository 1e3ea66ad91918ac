public import PorticoSyntax
import Synchronization

/// The AWS services of moto, in a process of their own on 127.0.0.1.
///
/// There is one for a run of tests. Who takes it has it alone and finds it empty; it ends with this process, however that
/// ends.
public final class MotoServer: Sendable {
    /// Its port.
    public let port: Int
    private let process: Mutex<ChildProcess>

    /// `http://127.0.0.1:port`
    public var url: String { "http://127.0.0.1:\(port)" }

    /// What a program that calls its services needs: an address, a region, keys, and nothing of the user's own.
    public var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        ]
    }

    /// The server, emptied. Tests that use it belong into one serialized suite.
    public static func emptied() throws -> MotoServer {
        let server = try shared.get()
        let answer = try HTTP.request("POST", "/moto-api/reset", port: server.port)
        guard answer.status == 200 else { throw TestSupportError("moto cannot be reset: \(answer.text)") }
        return server
    }

    /// What the examples in `specs/` need is made.
    public func makeExampleResources() throws {
        let process = try ChildProcess(
            try PythonEnvironment.python(), ["\(GoldenFile.packageRoot)/specs/resources.py"], environment: environment)
        guard try process.wait() == 0 else { throw TestSupportError("specs/resources.py: \(process.errors)") }
    }

    /// Runs a few lines of Python with `boto3` and `json`; returns what they hand to `say`.
    public func boto(_ lines: String) throws -> JSONValue {
        let prelude = """
            import base64, json, boto3
            def say(value): print(json.dumps(value, default=str))

            """
        let process = try ChildProcess(
            try PythonEnvironment.python(), ["-c", prelude + lines], environment: environment)
        guard try process.wait() == 0, let value = JSONValue(parsing: process.output) else {
            throw TestSupportError("boto3: \(process.errors)\(process.output)")
        }
        return value
    }

    private static let shared = Result<MotoServer, any Error> { try MotoServer() }

    private init() throws {
        let port = try freePort()
        self.port = port
        let process = try ChildProcess(
            try PythonEnvironment.python(), ["\(GoldenFile.packageRoot)/scripts/moto", "\(port)"])
        try Deadline().wait(for: "moto to answer; it said: \(process.errors)") {
            guard process.isRunning else { throw TestSupportError("moto ended: \(process.errors)") }
            return (try? HTTP.request("GET", "/moto-api/data.json", port: port).status) == 200
        }
        self.process = Mutex(process)
    }
}
