import ArgumentParser
import PorticoIR
import PorticoSyntax

/// `portico canary`
struct CanaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary",
        abstract: "Promotes, changes and removes the canary of a stage.",
        discussion: "'portico deploy SPEC --stage NAME --canary PERCENT' makes one.",
        subcommands: [CanaryPromoteCommand.self, CanarySetCommand.self, CanaryRemoveCommand.self]
    )
}

/// What the commands share that change a canary.
struct CanaryOptions: ParsableArguments {
    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    /// Changes the stage, prints it, and says what was done.
    func run(
        _ command: String, _ body: (inout StoredStage) throws(DeploymentStoreError) -> Void,
        saying text: (StoredStage) -> String
    ) throws {
        let change = try StageChange(file, stateOptions, specOptions, command: "canary \(command)")
        let stage = try change.apply(body)
        Console.say("portico: \(text(stage))")
        change.print(stage, format)
    }
}

/// `portico canary promote SPEC --stage NAME`
struct CanaryPromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Has the stage serve what its canary serves.",
        discussion: """
            The stage gets the deployment of the canary and, over its own, the canary's stage variables. The canary stays, \
            with 0 percent, until it is removed or deployed anew.
            """
    )

    @OptionGroup var options: CanaryOptions

    func run() throws {
        try options.run("promote") { stage throws(DeploymentStoreError) in
            // Recorded; see the reference, "Canary" (4.3).
            guard let canary = stage.canary else { throw .refused("Promotion not available. Canary does not exist.") }
            stage.deployment = canary.deployment
            for variable in canary.overrides {
                stage.variables.removeAll { $0.name == variable.name }
                stage.variables.append(variable)
            }
            stage.canary?.percentTraffic = 0
        } saying: { stage in
            "stage '\(stage.name)' serves \(stage.deployment); its canary is left with 0 %"
        }
    }
}

/// `portico canary set SPEC --stage NAME --percent PERCENT`
struct CanarySetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Changes how many requests the canary gets.")

    @Option(help: ArgumentHelp("0 to 100; fractions count.", valueName: "percent"))
    var percent: String

    @OptionGroup var options: CanaryOptions

    mutating func validate() throws {
        if PercentText.percent(percent) == nil {
            throw ValidationError("--percent is '\(percent)'; expected a number from 0 to 100")
        }
    }

    func run() throws {
        let value = PercentText.percent(percent) ?? 0
        try options.run("set") { stage throws(DeploymentStoreError) in
            guard stage.canary != nil else { throw CanarySetCommand.noCanary(stage) }
            stage.canary?.percentTraffic = value
        } saying: { stage in
            "the canary of stage '\(stage.name)' gets \(PercentText.text(value)) %"
        }
    }

    static func noCanary(_ stage: StoredStage) -> DeploymentStoreError {
        .refused("stage '\(stage.name)' has no canary; 'portico deploy --canary PERCENT' makes one")
    }
}

/// `portico canary remove SPEC --stage NAME`
struct CanaryRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes the canary; the stage gets all of its requests.")

    @OptionGroup var options: CanaryOptions

    func run() throws {
        try options.run("remove") { stage throws(DeploymentStoreError) in
            guard stage.canary != nil else { throw CanarySetCommand.noCanary(stage) }
            stage.canary = nil
        } saying: { stage in
            "stage '\(stage.name)' has no canary any more"
        }
    }
}
