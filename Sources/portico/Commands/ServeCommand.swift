import ArgumentParser
import PorticoGateway

/// `portico serve`
struct ServeCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Compiles a spec and serves it; recompiles when it is saved.",
        discussion: """
            A spec that has errors is not served; once it serves, a broken save keeps the previous version serving. \
            SIGHUP reloads, SIGTERM drains and ends, SIGUSR2 replaces the process by a new one.
            """
    )

    @Argument(help: "The spec: OpenAPI 2.0, 3.0 or 3.1 in YAML or JSON.")
    var spec: String

    @Option(
        name: .customLong("no-auth"),
        help: ArgumentHelp(
            "Lets everybody pass an authorizer, for work on this machine: NAME, or NAME=CLAIMS with a JSON object of what "
                + "the authorizer would say. Repeatable. Every answer tells it by the header X-Portico-No-Auth. "
                + "[PORTICO_NO_AUTH]",
            valueName: "name"))
    var noAuth: [String] = []

    @OptionGroup var specOptions: SpecOptions
    @OptionGroup var serverOptions: ServerOptions

    func run() async throws {
        let source = try SpecSource(compiler: specOptions.compiler(for: spec))
        try await serverOptions.serve(source, from: spec) { configuration in
            let texts = noAuth.isEmpty ? [Environment()["PORTICO_NO_AUTH"]].compactMap { $0 } : noAuth
            configuration.bypasses = try texts.map(NoAuthOption.read)
        }
    }
}
