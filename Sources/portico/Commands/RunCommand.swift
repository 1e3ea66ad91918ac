import ArgumentParser
import PorticoGateway

/// `portico run`
struct RunCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serves a file that `portico compile` wrote.",
        discussion: """
            Loads the file again when it is replaced. SIGHUP reloads, SIGTERM drains and ends. Files that the spec names \
            (certificates, code of functions) are looked for relative to this file's directory.
            """
    )

    @Argument(help: "The compiled file.")
    var file: String

    @OptionGroup var serverOptions: ServerOptions
    @OptionGroup var observationOptions: ObservationOptions

    func run() async throws {
        guard Environment()["PORTICO_NO_AUTH"] == nil else {
            throw CommandFailure(
                .usage, "PORTICO_NO_AUTH is set, but 'run' never passes an authorizer over; unset it, or use 'serve'")
        }
        var configuration = try serverOptions.configuration()
        FunctionHosting.prepare(&configuration, for: file, state: serverOptions.stateOptions.state())
        try serverOptions.openStores(&configuration, besides: file)
        try observationOptions.apply(
            to: &configuration, state: StateLocation.folder(serverOptions.stateOptions.state(), besides: file))
        let shared = try await serverOptions.sharedStore.open(&configuration)
        try await ServeSession(
            source: CompiledSource(path: file), configuration: configuration,
            watchesFiles: serverOptions.watches()
        ).run()
        await shared?.shutDown()
    }
}
