import PorticoGateway
import PorticoIR
import PorticoStores
import PorticoSyntax

/// The store of deployments beside a spec.
enum DeploymentStoreInput {
    /// The store for a command that changes it, whose changes are written down.
    static func open(_ options: StateOptions, besides file: String, audit: AuditLog) -> SQLiteDeploymentStore {
        SQLiteDeploymentStore(
            folder: StateLocation.folder(options.state(), besides: file), record: audit.recorder)
    }

    /// The store for a command that reads.
    static func open(_ options: StateOptions, besides file: String) -> SQLiteDeploymentStore {
        SQLiteDeploymentStore(folder: StateLocation.folder(options.state(), besides: file))
    }

    /// The store for a server, looked into once: a server that cannot tell what its stages serve must not start.
    static func openForServing(
        _ options: StateOptions, besides file: String
    ) throws(CommandFailure) -> SQLiteDeploymentStore {
        let store = open(options, besides: file)
        try reporting { () throws(DeploymentStoreError) in _ = try store.changeMark() }
        return store
    }

    /// Runs `body`; what the store refuses is a negative result, and a store that cannot be used is the machine's state.
    static func reporting<Result>(
        _ body: () throws(DeploymentStoreError) -> Result
    ) throws(CommandFailure) -> Result {
        do {
            return try body()
        } catch {
            switch error {
            case .unusable, .unrecorded: throw CommandFailure(.unavailable, "\(error)")
            case .unknownDeployment, .unknownStage, .deploymentInUse, .refused:
                throw CommandFailure(.negative, "\(error)")
            }
        }
    }
}

/// The store of usage beside a spec.
enum UsageStoreInput {
    static func open(_ options: StateOptions, besides file: String) -> SQLiteUsageStore {
        SQLiteUsageStore(folder: StateLocation.folder(options.state(), besides: file))
    }

    /// The store for a server, read once: one that does not know what was used would let callers begin anew.
    static func openForServing(
        _ options: StateOptions, besides file: String
    ) throws(CommandFailure) -> SQLiteUsageStore {
        let store = open(options, besides: file)
        try reporting { () throws(UsageStoreError) in _ = try store.usage(from: 0, to: 0) }
        return store
    }

    /// Runs `body`; a store that cannot be used is the machine's state.
    static func reporting<Result>(_ body: () throws(UsageStoreError) -> Result) throws(CommandFailure) -> Result {
        do {
            return try body()
        } catch {
            throw CommandFailure(.unavailable, "\(error)")
        }
    }
}

/// Which API and which stage a command is about.
enum StageInput {
    /// Source: the stage names that API Gateway takes, `[a-zA-Z0-9_-]`, at most 128.
    static func name(
        _ specOptions: SpecOptions, environment: Environment = Environment()
    ) throws(CommandFailure) -> String {
        guard let name = specOptions.stage ?? environment["PORTICO_STAGE"] else {
            throw CommandFailure(.usage, "which stage? Name it with --stage")
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
            default: false
            }
        }
        guard isName, (1...128).contains(name.utf8.count) else {
            throw CommandFailure(
                .usage, "stage name '\(name)' may hold only a-zA-Z0-9_- , at most 128 characters")
        }
        return name
    }

    /// Id of the API of a spec or compiled file. A spec may have errors: what it says today does not matter for what was
    /// deployed, and a rollback is wanted most when it is broken.
    static func api(_ file: String, _ specOptions: SpecOptions) throws -> String {
        if CompiledFile.isNamed(by: file) { return try CompiledFile.read(file).apiID }
        let compilation = try specOptions.compiler(for: file).compile()
        guard let description = compilation.description else {
            compilation.reportDiagnostics()
            throw CommandFailure(.specError)
        }
        return description.apiID
    }
}
