import ArgumentParser
import PorticoGateway
import PorticoIR
import PorticoStores

/// `portico deploy`
struct DeployCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Has a stage serve the spec as it is now, whatever becomes of the file.",
        discussion: """
            Servers of the spec notice it within a second. Without --canary the stage serves the new deployment with the \
            settings of the file, and a canary that it had ends. With --canary the stage goes on as it is, and the new \
            deployment gets that part of its requests, in place of an earlier canary.
            """
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @Option(help: "What it is.")
    var description = ""

    @Option(
        help: ArgumentHelp(
            "Deploy as the canary of the stage, for so many percent of its requests.", valueName: "percent"))
    var canary: String?

    @Option(
        name: .customLong("override"),
        help: ArgumentHelp("A stage variable of the canary's own. Repeatable.", valueName: "name=value"))
    var overrides: [NameValue] = []

    @Flag(help: "Have the canary use the cache of the stage.")
    var useStageCache = false

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var specOptions: SpecOptions

    /// Characters of a description. Unconfirmed: that API Gateway takes that many.
    static let longestDescription = 1024

    mutating func validate() throws {
        if let canary, PercentText.percent(canary) == nil {
            throw ValidationError("--canary is '\(canary)'; expected a number from 0 to 100")
        }
        if canary == nil, !overrides.isEmpty { throw ValidationError("--override needs --canary") }
        if canary == nil, useStageCache { throw ValidationError("--use-stage-cache needs --canary") }
        for pair in overrides {
            if let problem = StageVariable.problem(pair) { throw ValidationError("--override: \(problem)") }
        }
        if description.count > Self.longestDescription {
            throw ValidationError(
                "--description has \(description.count) characters; expected \(Self.longestDescription) at most")
        }
    }

    func run() throws {
        let name = try StageInput.name(specOptions)
        let snapshot = try DeployInput.read(file, stage: name, specOptions, variables: overrides.map(\.name))
        let bytes = snapshot.encoded()
        let now = TimeText.now()
        let deployment = StoredDeployment(
            id: DeploymentID.make(bytes, atMilliseconds: now), api: snapshot.apiID, description: description,
            createdMilliseconds: now)
        let audit = AuditLog(stateOptions, command: "deploy", spec: file)
        let store = DeploymentStoreInput.open(stateOptions, besides: file, audit: audit)
        let stage = try DeploymentStoreInput.reporting { () throws(DeploymentStoreError) in
            try audit.guarding { () throws(DeploymentStoreError) in
                try store.deploy(deployment, snapshot: bytes, toStage: name) {
                    before throws(DeploymentStoreError) in
                    try change(before, name, deployment)
                }
            }
        }
        let what = stage.canary.map { "the canary of stage '\(name)', \(PercentText.text($0.percentTraffic)) %" }
        Console.say("portico: deployed \(deployment.id) to \(what ?? "stage '\(name)'")")
        switch format {
        case .text: Console.printLine(deployment.id)
        case .json: OutputFormat.printJSON(DeploymentListing.json(deployment, [stage]))
        }
    }

    /// What the stage is after the deployment.
    ///
    /// Source: reference, "Canary" (4.3): with canarySettings the canary is updated and the stage's own deployment stays.
    /// Unconfirmed: that a deployment without them ends the canary, as local stand-ins of API Gateway do it too.
    private func change(
        _ before: StoredStage?, _ name: String, _ deployment: StoredDeployment
    ) throws(DeploymentStoreError) -> StoredStage {
        guard let percent = canary.flatMap(PercentText.percent) else {
            return StoredStage(
                api: deployment.api, name: name, deployment: deployment.id, settings: deployment.id,
                updatedMilliseconds: deployment.createdMilliseconds)
        }
        guard var stage = before else {
            throw .refused(
                "nothing was deployed to stage '\(name)' that a canary could stand beside; deploy without --canary first "
                    + "(API Gateway answers: Invalid deployment content specified.Stage \(name) must already be created "
                    + "before making a canary release deployment)")
        }
        var values: [StoredVariable] = []
        for pair in overrides {
            values.removeAll { $0.name == pair.name }
            values.append(StoredVariable(name: pair.name, value: pair.value))
        }
        stage.canary = StoredCanary(
            deployment: deployment.id, percentTraffic: percent, overrides: values, usesStageCache: useStageCache)
        stage.updatedMilliseconds = deployment.createdMilliseconds
        return stage
    }
}

/// The snapshot that is deployed.
enum DeployInput {
    /// The spec with all of its stages, because another stage may serve the deployment later; or with this one alone, if
    /// the file does not name it.
    static func read(
        _ file: String, stage: String, _ specOptions: SpecOptions, variables: [String]
    ) throws -> DeploymentSnapshot {
        if CompiledFile.isNamed(by: file) {
            let snapshot = try CompiledFile.read(file)
            guard snapshot.stageNames.contains(stage) else {
                let names = snapshot.stageNames.map { "'\($0)'" }.joined(separator: ", ")
                throw CommandFailure(.negative, "'\(file)' has no stage '\(stage)'; it has \(names)")
            }
            for name in variables where !snapshot.stageVariableNames.contains(name) {
                throw CommandFailure(
                    .negative,
                    "'\(file)' was compiled without stage variable '\(name)'; deploy the spec, or compile it with --var"
                )
            }
            return snapshot
        }
        let compiler = try specOptions.compiler(for: file)
        var options = compiler.compileOptions
        options.stage = nil
        options.furtherVariables = Set(variables)
        var importOptions = compiler.importOptions
        importOptions.stageVariables.formUnion(variables)
        func compile() throws -> Compilation {
            try SpecCompiler(
                path: file, importOptions: importOptions, compileOptions: options, isStrict: compiler.isStrict
            ).compile()
        }
        var compilation = try compile()
        if let snapshot = compilation.snapshot, !snapshot.stageNames.contains(stage) {
            options.stage = stage
            compilation = try compile()
        }
        return try compilation.snapshotOrFailure()
    }
}

/// What a stage variable may be. Source: API Gateway guide, "Stage variables".
enum StageVariable {
    /// What is wrong with a name or value; `nil` if nothing is.
    static func problem(_ pair: NameValue) -> String? {
        guard (1...64).contains(pair.name.utf8.count), consists(pair.name, of: "_") else {
            return "name '\(pair.name)' of a stage variable may hold only a-zA-Z0-9_, at most 64"
        }
        guard pair.value.utf8.count <= 512, consists(pair.value, of: "-._~:/?#&=,") else {
            return "value '\(pair.value)' of a stage variable may hold only A-Za-z0-9-._~:/?#&=, and at most 512"
        }
        return nil
    }

    private static func consists(_ text: String, of marks: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: marks.utf8.contains(byte)
            }
        }
    }
}
