import Glibc
import PorticoStores
import PorticoTestSupport
import Synchronization
import Testing

/// What the tests of all stores do to a database file.
enum StoreFile {
    /// Rights of a file; 0 if there is none.
    static func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    /// Has another program change the file.
    static func execute(_ path: String, _ statements: String) throws {
        let tool = try ChildProcess(
            "/usr/bin/env",
            [
                "python3", "-c",
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()",
                path, statements,
            ])
        #expect(try tool.wait() == 0, "\(tool.errors)")
    }

    /// Kinds of damage with what an error says of each; nothing where there is none.
    static let damages = [
        ("no database", "is damaged"), ("garbage within", "is damaged"), ("no rows of ours", ""),
        ("a newer version", "was made by a newer version"), ("a folder", "cannot be"),
    ]

    /// Damages a file that nobody has open.
    static func damage(_ path: String, _ kind: String, tables: [String]) throws {
        // The last connection that was closed has put the log into the file.
        #expect(access(path + "-wal", F_OK) != 0)
        switch kind {
        case "no database":
            let file = open(path, O_WRONLY | O_TRUNC)
            let text = Array(String(repeating: "no database at all ", count: 500).utf8)
            #expect(write(file, text, text.count) == text.count)
            close(file)
        case "garbage within":
            let file = open(path, O_WRONLY)
            let noise = [UInt8](repeating: 0xA5, count: 4096)
            #expect(pwrite(file, noise, noise.count, 4096) == noise.count)
            close(file)
        case "no rows of ours": try execute(path, tables.map { "DROP TABLE \($0);" }.joined())
        case "a newer version": try execute(path, "INSERT INTO grdb_migrations VALUES ('of the future')")
        default:
            unlink(path)
            mkdir(path, 0o700)
        }
    }
}

/// Records changes in memory, until it refuses to.
final class ChangeLog: Sendable {
    private let state = Mutex<(changes: [StoreChange], isFull: Bool)>(([], false))

    var changes: [StoreChange] { state.withLock { $0.changes } }

    /// From now on nothing can be recorded.
    func refuse() { state.withLock { $0.isFull = true } }

    var record: StoreChangeRecorder {
        { change throws(RecordingProblem) in
            let isFull = self.state.withLock { state in
                if !state.isFull { state.changes.append(change) }
                return state.isFull
            }
            if isFull { throw RecordingProblem("no ink") }
        }
    }
}
