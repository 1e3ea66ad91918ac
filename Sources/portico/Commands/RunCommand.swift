import ArgumentParser
import PorticoGateway

/// `portico run`
struct RunCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serves a file that `portico compile` wrote.",
        discussion: """
            Loads the file again when it is replaced. SIGHUP reloads, SIGTERM drains and ends, \
            SIGUSR2 replaces the process by a new one. Files that the spec names \
            (certificates, code of functions) are looked for relative to this file's directory.
            """
    )

    @Argument(help: "The compiled file.")
    var file: String

    @OptionGroup var serverOptions: ServerOptions

    func run() async throws {
        guard Environment()["PORTICO_NO_AUTH"] == nil else {
            throw CommandFailure(
                .usage, "PORTICO_NO_AUTH is set, but 'run' never passes an authorizer over; unset it, or use 'serve'")
        }
        try await serverOptions.serve(CompiledSource(path: file), from: file)
    }
}
