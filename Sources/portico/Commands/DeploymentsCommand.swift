import ArgumentParser
import PorticoIR
import PorticoSyntax

/// `portico deployments`
struct DeploymentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deployments",
        abstract: "Lists and deletes what 'portico deploy' has deployed.",
        subcommands: [
            DeploymentsListCommand.self, DeploymentsDeleteCommand.self, DeploymentsPruneCommand.self,
            DeploymentsFollowCommand.self,
        ],
        defaultSubcommand: DeploymentsListCommand.self
    )
}

/// `portico deployments SPEC`
struct DeploymentsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists deployments, the newest first, and the stages that serve them.")

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let api = try StageInput.api(file, specOptions)
        let store = DeploymentStoreInput.open(stateOptions, besides: file)
        let (all, stages, served) = try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            (
                try store.deployments(ofAPI: api), try store.stages(ofAPI: api),
                // The stage is named by the flag alone: its variable is for commands that need one.
                try specOptions.stage.map { name throws(DeploymentStoreError) in
                    try store.deployments(servedByStage: name, ofAPI: api)
                }
            )
        }
        let deployments = served.map { served in all.filter { served.contains($0.id) } } ?? all
        switch format {
        case .text where deployments.isEmpty:
            Console.say("portico: no deployments; 'portico deploy SPEC --stage NAME' makes one")
        case .text: Console.printLine(DeploymentListing.table(deployments, stages))
        case .json: OutputFormat.printJSON(.array(deployments.map { DeploymentListing.json($0, stages) }))
        }
    }
}

/// `portico deployments delete ID SPEC`
struct DeploymentsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a deployment that no stage serves, for good.")

    @Argument(help: "Id of the deployment.")
    var id: String

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let api = try StageInput.api(file, specOptions)
        let audit = AuditLog(stateOptions, command: "deployments delete", spec: file)
        let store = DeploymentStoreInput.open(stateOptions, besides: file, audit: audit)
        let deleted = try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try audit.guarding { () throws(DeploymentStoreError) in try store.deleteDeployment(id, ofAPI: api) }
        }
        Console.printLine(deleted.id)
    }
}

/// `portico deployments prune SPEC --keep COUNT`
struct DeploymentsPruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Deletes all deployments but the newest ones and those that a stage serves.")

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: ArgumentHelp("How many of the newest ones to keep.", valueName: "count"))
    var keep: Int

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    mutating func validate() throws {
        if keep < 0 { throw ValidationError("--keep is '\(keep)'; expected 0 or more") }
    }

    func run() throws {
        let api = try StageInput.api(file, specOptions)
        let audit = AuditLog(stateOptions, command: "deployments prune", spec: file)
        let store = DeploymentStoreInput.open(stateOptions, besides: file, audit: audit)
        let deleted = try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try audit.guarding { () throws(DeploymentStoreError) in try store.prune(ofAPI: api, keeping: keep) }
        }
        Console.say("portico: deleted \(deleted.count) deployment\(deleted.count == 1 ? "" : "s")")
        for deployment in deleted { Console.printLine(deployment.id) }
    }
}

/// `portico deployments follow SPEC --stage NAME`
struct DeploymentsFollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Has a stage follow the file again, as before its first deployment.",
        discussion: "A stage that the file does not name is served no longer. Deployments stay."
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let stage = try StageChange(file, stateOptions, specOptions, command: "deployments follow").remove()
        Console.say("portico: stage '\(stage.name)' follows the file; it served \(stage.deployment)")
        Console.printLine(stage.deployment)
    }
}
