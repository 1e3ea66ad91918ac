import PorticoTestSupport
import Testing

/// WebSocket connections of several processes of the built command, over one Redis server; clients are `websockets` and
/// boto3.
@Suite("Processes that find each other's WebSocket connections", .timeLimit(.minutes(10)))
struct ConnectionProcessTests {
    @Test(
        "calls reach clients of the other process, those of a killed one are gone, and without Redis each has its own")
    func processes() throws {
        guard let redis = RedisServer.program else {
            throw TestSupportError("there is no redis-server; run scripts/setup --tests")
        }
        let script = try ChildProcess(
            try PythonEnvironment.python(),
            [
                "\(GoldenFile.packageRoot)/Tests/Chat/processes.py", "--portico", PorticoProcess.executable, "--redis",
                redis,
            ])
        let status = try script.wait(Deadline(after: .seconds(400)))
        #expect(status == 0, "\(script.output)\(script.errors)")
    }

    @Test("clients of two gateways chat with each other")
    func chat() async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let root = GoldenFile.packageRoot
        let servers = try (0..<2).map { number in
            try ServingPortico(
                arguments: [
                    "serve", "\(root)/specs/chat.yaml", "--config", "\(root)/Tests/Chat/functions.yaml", "--no-watch",
                    "--shared-store", redis.url,
                ], environment: ["CHAT_DATABASE": folder.path + "/chat.sqlite"])
        }
        let script = try ChildProcess(
            try PythonEnvironment.python(),
            ["\(root)/Tests/Chat/clients.py", "--clients", "20", "--messages", "3"]
                + servers.flatMap { ["--url", "ws://127.0.0.1:\($0.port)/dev"] })
        let status = try script.wait(Deadline(after: .seconds(500)))
        let said = servers.map { $0.process.errors.suffix(2000) }.joined(separator: "\n")
        #expect(status == 0, "\(script.output)\(script.errors)\(said)")
    }
}
