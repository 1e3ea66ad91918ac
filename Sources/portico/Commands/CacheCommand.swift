import ArgumentParser
import PorticoStores
import PorticoSyntax

/// `portico cache`
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Empties the cache of a stage of a running server.",
        subcommands: [CacheFlushCommand.self]
    )
}

/// `portico cache flush SPEC --stage NAME`
struct CacheFlushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Empties the cache of a stage at once.",
        discussion: """
            Asks the admin port of a server on this machine. With a shared store the cache is empty for all processes.
            """
    )

    @Argument(help: "The spec, or a .portico file: its state folder has the audit log.")
    var file: String

    @Option(help: "Name of the stage.")
    var stage: String

    @Option(help: "Admin port of the server. [PORTICO_ADMIN_PORT] (default: 8081)")
    var adminPort: Int?

    @OptionGroup var stateOptions: StateOptions

    func run() throws {
        let isName =
            !stage.isEmpty
            && stage.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
        guard isName else { throw CommandFailure(.usage, "'\(stage)' is no name of a stage") }
        let port = try adminPort ?? Environment().integer("PORTICO_ADMIN_PORT", in: 1...65535) ?? 8081
        do throws(RecordingProblem) {
            try AuditLog(stateOptions, command: "cache flush", spec: file).record([
                JSONMember("stage", .string(stage))
            ])
        } catch {
            throw CommandFailure(.unavailable, "the cache was not flushed: \(error)")
        }
        let answer = try AdminClient.send("DELETE", "/restapis/-/stages/\(stage)/cache/data", port: port)
        guard answer.status == 202 else {
            throw CommandFailure(.negative, "the cache was not flushed: \(answer.text)")
        }
        Console.say("portico: the cache of stage '\(stage)' is empty")
    }
}
