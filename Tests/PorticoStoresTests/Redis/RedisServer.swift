import Glibc
import PorticoStores
import PorticoTestSupport
import Synchronization
import Testing

/// A server of Redis, or of Valkey, of a test's own, on a free port, without files.
final class RedisServer {
    let port: Int
    private let folder: TemporaryFolder
    private let options: [String]
    private var process: ChildProcess?

    /// The program, if there is one; `scripts/setup --tests` installs it. One program is server and tools, by its name.
    static let program: String? = ["redis-server", "valkey-server", "redis-check-rdb", "valkey-check-rdb"].lazy
        .flatMap { name in ["/usr/bin", "/usr/local/bin"].map { "\($0)/\(name)" } }
        .first { access($0, X_OK) == 0 }

    /// - Parameter options: words of the command line.
    init(_ options: [String] = [], port: Int? = nil) async throws {
        self.port = try port ?? freePort()
        self.options = options
        folder = try TemporaryFolder()
        try await start()
    }

    deinit { process?.signal(SIGKILL) }

    /// Starts it, on the port that it had.
    func start() async throws {
        guard let program = RedisServer.program else {
            throw TestSupportError("there is no redis-server; run scripts/setup --tests")
        }
        let link = folder.path + "/redis-server"
        if access(link, X_OK) != 0, symlink(program, link) != 0 { throw TestSupportError("no link to \(program)") }
        let process = try ChildProcess(
            link,
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.path,
                "--enable-debug-command", "local",
            ] + options)
        self.process = process
        try await waitUntil("redis-server") {
            guard process.isRunning else { throw TestSupportError("redis-server: \(process.output)\(process.errors)") }
            return process.output.contains("Ready to accept connections")
        }
    }

    /// Ends it at once, as a power failure would.
    func kill() throws {
        process?.signal(SIGKILL)
        try process?.wait()
    }

    /// Stops it where it is: connections stay, and nothing answers.
    func freeze() { process?.signal(SIGSTOP) }

    func thaw() { process?.signal(SIGCONT) }

    var url: String { "redis://127.0.0.1:\(port)" }

    var address: RedisAddress {
        get throws { try RedisAddress(url: url) }
    }

    /// A store that is connected.
    func store() async throws -> RedisSharedStore {
        let store = RedisSharedStore(try address)
        if let problem = await store.connect() { throw TestSupportError("no connection: \(problem)") }
        return store
    }
}

/// Waits for a condition, without holding up a thread that others need.
func waitUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
    let deadline = Deadline()
    while try await !condition() {
        if deadline.hasPassed { throw TestSupportError("timed out waiting for \(what)") }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// A value that any thread sets and reads.
final class Setting<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    func load() -> Value { value.withLock { $0 } }
    func store(_ new: Value) { value.withLock { $0 = new } }
    func change(_ body: (inout Value) -> Void) { value.withLock { body(&$0) } }
}

/// Something that any thread counts.
final class Count: Sendable {
    let value = Atomic<Int>(0)
}
