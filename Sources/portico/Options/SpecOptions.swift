public import ArgumentParser
import PorticoGateway
public import PorticoIR

/// Flags of every command that reads a spec.
struct SpecOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Compile templates and patterns that have errors; their requests answer 500, as on AWS. [PORTICO_LENIENT]"
    )
    var lenient: Bool?

    @Flag(inversion: .prefixedNo, help: "Treat warnings as errors. [PORTICO_STRICT]")
    var strict: Bool?

    @Option(
        help: "The stage that the command is about, or the one to compile instead of all in the file. [PORTICO_STAGE]")
    var stage: String?

    @Option(
        name: .customLong("var"),
        help: ArgumentHelp("Set a stage variable. Repeatable. [PORTICO_VAR_NAME]", valueName: "name=value"))
    var variables: [NameValue] = []

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp("Set a CloudFormation parameter. Repeatable. [PORTICO_PARAM_NAME]", valueName: "name=value"))
    var parameters: [NameValue] = []

    @Option(
        help: ArgumentHelp("A file whose x-portico-* keys win over the spec's. [PORTICO_CONFIG]", valueName: "file"))
    var config: String?

    @Option(
        name: .customLong("endpoint"),
        help: ArgumentHelp(
            "Where calls of an AWS service go. Repeatable. [PORTICO_ENDPOINT_SERVICE]", valueName: "service=url"))
    var endpoints: [NameValue] = []

    @Option(
        name: .customLong("lambda"),
        help: ArgumentHelp(
            "Where a Lambda function runs: DIRECTORY/module.function, a directory with 'bootstrap', an executable file, "
                + "or the URL of a server. Repeatable. [PORTICO_LAMBDA_NAME]", valueName: "name=value"))
    var functions: [NameValue] = []

    @Option(help: "What becomes of the document's base path: ignore, prepend or split. [PORTICO_BASEPATH]")
    var basepath: BasepathMode?

    /// The compiler for a spec, with flags and environment applied.
    func compiler(for spec: String, environment: Environment = Environment()) throws -> SpecCompiler {
        var importOptions = ImportOptions()
        importOptions.parameters = parameters.merged(over: environment.family("PORTICO_PARAM"))
        importOptions.configPath = config ?? environment["PORTICO_CONFIG"]
        if let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] { importOptions.region = region }
        if let basepath {
            importOptions.basepath = basepath
        } else if let text = environment["PORTICO_BASEPATH"] {
            guard let mode = BasepathMode(rawValue: text) else {
                throw CommandFailure(
                    .usage, "environment variable PORTICO_BASEPATH is '\(text)'; expected ignore, prepend or split")
            }
            importOptions.basepath = mode
        }

        importOptions.functions = try functionTable(environment)

        var compileOptions = CompileOptions()
        compileOptions.isLenient = try lenient ?? environment.boolean("PORTICO_LENIENT") ?? false
        compileOptions.stage = stage ?? environment["PORTICO_STAGE"]
        compileOptions.stageVariables = variables.merged(over: environment.family("PORTICO_VAR"))
        importOptions.stageVariables = Set(compileOptions.stageVariables.keys)
        compileOptions.region = importOptions.region
        compileOptions.accountID = importOptions.accountID
        compileOptions.endpoints = try endpointTable(environment)

        return SpecCompiler(
            path: spec, importOptions: importOptions, compileOptions: compileOptions,
            isStrict: try strict ?? environment.boolean("PORTICO_STRICT") ?? false)
    }

    private func functionTable(_ environment: Environment) throws -> [FunctionOverride] {
        let option = LambdaOption()
        var table: [String: FunctionOverride] = [:]
        for (name, value) in environment.family("PORTICO_LAMBDA").sorted(by: { $0.key < $1.key }) {
            guard !functions.contains(where: { $0.name == name }) else { continue }
            table[name] = try option.function(
                NameValue(name: name, value: value), from: "environment variable PORTICO_LAMBDA_\(name)")
        }
        for function in functions { table[function.name] = try option.function(function, from: "--lambda") }
        return table.sorted { $0.key < $1.key }.map(\.value)
    }

    private func endpointTable(_ environment: Environment) throws -> [String: String] {
        var table: [String: String] = [:]
        for (service, url) in environment.family("PORTICO_ENDPOINT") { table[service.lowercased()] = url }
        for endpoint in endpoints { table[endpoint.name.lowercased()] = endpoint.value }
        for (service, url) in table where !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            throw CommandFailure(
                .usage, "endpoint of '\(service)' is '\(url)'; expected an http:// or https:// address")
        }
        return table
    }
}

extension BasepathMode: ExpressibleByArgument {}
