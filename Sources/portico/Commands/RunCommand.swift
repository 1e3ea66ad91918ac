import ArgumentParser

/// `portico run`
struct RunCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serves a file that `portico compile` wrote.",
        discussion: "Loads the file again when it is replaced. SIGHUP reloads, SIGTERM drains and ends."
    )

    @Argument(help: "The compiled file.")
    var file: String

    @OptionGroup var serverOptions: ServerOptions

    func run() async throws {
        var configuration = try serverOptions.configuration()
        configuration.functions = FunctionHosting.configuration(for: file)
        try await ServeSession(
            source: CompiledSource(path: file), configuration: configuration,
            watchesFiles: serverOptions.watches()
        ).run()
    }
}
