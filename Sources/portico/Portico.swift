import ArgumentParser

/// The root of the command line. A new command is one file in `Commands` and one line here.
struct Portico: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portico",
        abstract: "Turns one OpenAPI file with x-amazon-apigateway extensions into an API gateway.",
        discussion: """
            Settings: a flag wins over its PORTICO_* environment variable, which wins over the default.
            Exit status: 0 ok; 1 negative result; 2 usage; 3 the spec has an error; 4 cannot bind or read; \
            5 internal fault.
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, ServeCommand.self, RunCommand.self, ValidateCommand.self, CompileCommand.self,
            DumpCommand.self, RoutesCommand.self, ExplainCommand.self, InvokeCommand.self, ExportCommand.self,
            SDKCommand.self, VTLCommand.self, SchemaCommand.self, DeployCommand.self, DeploymentsCommand.self,
            RollbackCommand.self, CacheCommand.self, CanaryCommand.self, KeysCommand.self, UsageCommand.self,
            AuditCommand.self,
            CertsCommand.self, SuperviseCommand.self,
        ]
    )
}

/// Version of the program.
enum Version {
    static let current = "0.1.0"
}
