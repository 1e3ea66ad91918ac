import ArgumentParser
import PorticoIR
import PorticoStores

/// `portico rollback`
struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Has a stage serve the deployment again that it served before.",
        discussion: """
            Methods, integrations, templates and authorizers go back; settings of the stage, its variables and its canary \
            stay. The spec may have errors meanwhile.
            """
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: ArgumentHelp("The deployment to serve; default: the one before the present one.", valueName: "id"))
    var to: String?

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let change = try StageChange(file, stateOptions, specOptions, command: "rollback")
        let before = try change.stage()
        let target = try self.to ?? previous(of: before, change.store)
        guard target != before.deployment else {
            throw CommandFailure(.negative, "stage '\(before.name)' serves deployment '\(target)' already")
        }
        let stage = try change.apply { stage throws(DeploymentStoreError) in
            guard stage.deployment == before.deployment else {
                throw .refused(
                    "stage '\(stage.name)' was changed meanwhile, to deployment '\(stage.deployment)'; look, and try again"
                )
            }
            stage.deployment = target
        }
        Console.say("portico: stage '\(stage.name)' serves \(target) in place of \(before.deployment)")
        change.print(stage, format)
    }

    private func previous(of stage: StoredStage, _ store: SQLiteDeploymentStore) throws(CommandFailure) -> String {
        let previous = try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try store.previousDeployment(ofStage: stage.name, ofAPI: stage.api)
        }
        guard let previous else {
            throw CommandFailure(
                .negative,
                "stage '\(stage.name)' has nothing to go back to: it served nothing before '\(stage.deployment)' that is "
                    + "still there; name another deployment with --to")
        }
        return previous
    }
}

/// A change of a stage that something was deployed to.
struct StageChange {
    let store: SQLiteDeploymentStore
    private let audit: AuditLog
    private let api: String
    private let name: String

    init(
        _ file: String, _ stateOptions: StateOptions, _ specOptions: SpecOptions, command: String
    ) throws {
        name = try StageInput.name(specOptions)
        api = try StageInput.api(file, specOptions)
        audit = AuditLog(stateOptions, command: command, spec: file)
        store = DeploymentStoreInput.open(stateOptions, besides: file, audit: audit)
    }

    /// The stage as it is.
    func stage() throws(CommandFailure) -> StoredStage {
        let stages = try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try store.stages(ofAPI: api)
        }
        guard let stage = stages.first(where: { $0.name == name }) else {
            throw CommandFailure(.negative, "\(DeploymentStoreError.unknownStage(name))")
        }
        return stage
    }

    /// Changes it. Returns it as it is then.
    func apply(
        _ body: (inout StoredStage) throws(DeploymentStoreError) -> Void
    ) throws(CommandFailure) -> StoredStage {
        try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try audit.guarding { () throws(DeploymentStoreError) in
                try store.update(stage: name, ofAPI: api) { stage throws(DeploymentStoreError) in
                    var stage = stage
                    try body(&stage)
                    stage.updatedMilliseconds = TimeText.now()
                    return stage
                }
            }
        }
    }

    /// Lets go of it. Returns what it was.
    func remove() throws(CommandFailure) -> StoredStage {
        try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try audit.guarding { () throws(DeploymentStoreError) in try store.removeStage(name, ofAPI: api) }
        }
    }

    /// Prints the deployment that it serves, or all of it.
    func print(_ stage: StoredStage, _ format: OutputFormat) {
        switch format {
        case .text: Console.printLine(stage.deployment)
        case .json: OutputFormat.printJSON(StageListing.json(stage))
        }
    }
}
