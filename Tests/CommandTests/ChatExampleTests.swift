import PorticoSyntax
import PorticoTestSupport
import Testing

/// specs/chat.yaml, served by the built command with its Python functions, and used by clients of another library.
@Suite("The chat example", .serialized, .timeLimit(.minutes(20)))
struct ChatExampleTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The example, with a file of members in the test's folder.
    private func serve(_ flags: [String] = []) throws -> ServingPortico {
        try ServingPortico(
            arguments: [
                "serve", "\(GoldenFile.packageRoot)/specs/chat.yaml", "--config",
                "\(GoldenFile.packageRoot)/Tests/Chat/functions.yaml", "--no-watch",
            ] + flags, environment: ["CHAT_DATABASE": folder.path + "/chat.sqlite"])
    }

    /// What Tests/Chat/clients.py counts at these gateways.
    private func clients(_ servers: [ServingPortico], _ count: Int, _ messages: Int) throws -> JSONValue {
        let script = try ChildProcess(
            try PythonEnvironment.python(),
            [
                "\(GoldenFile.packageRoot)/Tests/Chat/clients.py", "--clients", "\(count)", "--messages", "\(messages)",
                "--talkers", "5",
            ]
                + servers.flatMap { ["--url", "ws://127.0.0.1:\($0.port)/dev"] })
        let status = try script.wait(Deadline(after: .seconds(900)))
        let said = servers.map { $0.process.errors.suffix(2000) }.joined(separator: "\n")
        guard status == 0, let value = JSONValue(parsing: script.output) else {
            throw TestSupportError("\(script.errors)\(script.output)\n\(said)")
        }
        return value
    }

    @Test("a hundred clients join and send, and all get everything once, in the order of each sender")
    func hundred() throws {
        let server = try serve()
        let counted = try clients([server], 100, 3)
        #expect(counted["deliveries"] == .number("11000"))
        #expect(!server.process.errors.contains("did not get it"), "\(server.process.errors.suffix(2000))")
    }
}
