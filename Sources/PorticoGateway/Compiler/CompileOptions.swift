public import PorticoSyntax

/// How a description is compiled.
public struct CompileOptions: Sendable {
    /// Whether templates that do not parse and patterns that do not compile are warnings, and their requests answer as
    /// on AWS.
    public var isLenient = false
    /// The only stage to compile (`--stage`); a stage that the file does not name is made.
    public var stage: String?
    /// Stage variables that win over the file's (`--var`), in all stages.
    public var stageVariables: [String: String] = [:]
    /// Stage variables that are set elsewhere, by the canary of a deployment; they have no value in the stages of the file.
    public var furtherVariables: Set<String> = []
    /// `$context` and ARNs.
    public var region = "us-east-1"
    /// `$context.accountId`
    public var accountID = "000000000000"
    /// Base URL by AWS service name (`--endpoint`).
    public var endpoints: [String: String] = [:]

    /// The files that the description was read from, for the lines that snapshots keep.
    public var sources = SourceSet()

    /// Makes the default options.
    public init() {}
}

/// What compiling gave.
public struct CompileResult: Sendable {
    /// `nil` when there are errors.
    public var snapshot: DeploymentSnapshot?
    /// Everything there is to say, sorted by place.
    public var diagnostics: [Diagnostic]
}
