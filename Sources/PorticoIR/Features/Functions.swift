public import PorticoSyntax

/// One entry of `x-portico-functions`: where a Lambda function runs.
public struct Function: Sendable, Hashable {
    /// Function name, ARN (with or without alias or version), or CloudFormation logical id.
    public var name: Located<String>
    /// Where it runs.
    public var home: FunctionHome
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes a function.
    public init(name: Located<String>, home: FunctionHome, settings: JSONValue = .object([])) {
        self.name = name
        self.home = home
        self.settings = settings
    }
}

/// Where a function runs by the command line (`--lambda`), whatever the document says of it.
public struct FunctionOverride: Sendable, Hashable {
    /// Function name, ARN or logical id, with or without qualifier.
    public var name: String
    /// A server, or processes: of these runtime, handler, code and command are taken, and the rest stays the document's.
    public var home: FunctionHome

    /// Makes an override; `nil` if the name can name no function.
    public init?(name: String, home: FunctionHome) {
        guard FunctionIdentity(name) != nil else { return nil }
        self.name = name
        self.home = home
    }
}

/// Where a function runs.
public enum FunctionHome: Sendable, Hashable {
    /// Processes that Portico starts, which speak the Lambda Runtime API.
    case process(FunctionProcess)
    /// `url`: an HTTP server that takes the event as the body of a POST and answers the function's result.
    case server(url: String)
}

/// How the processes of a local function are started. Names and defaults are those of Lambda's CreateFunction.
public struct FunctionProcess: Sendable, Hashable {
    /// `python3.x`, `nodejs20.x`, `provided`, `provided.al2023`...
    public var runtime: String
    /// `module.function`; empty for `provided` runtimes.
    public var handler: String
    /// Directory of the code, relative to the spec's directory.
    public var codeURI: String
    /// Seconds that one invocation may take: 1...900.
    public var timeoutSeconds = 3
    /// Megabytes of resident memory that one process may use: 128...10240.
    public var memoryMegabytes = 128
    /// Processes at most, and so invocations at once.
    public var concurrency = 10
    /// Variables in order; `${env.NAME}` in a value stands for a variable of Portico's own environment.
    public var environment: [EnvironmentVariable] = []
    /// Program and arguments that are started instead of the runtime's own; empty for the runtime's own.
    public var command: [String] = []

    /// Makes a process with Lambda's defaults.
    public init(runtime: String, handler: String, codeURI: String) {
        self.runtime = runtime
        self.handler = handler
        self.codeURI = codeURI
    }
}

/// A variable of a function's environment.
public struct EnvironmentVariable: Sendable, Hashable {
    /// Name.
    public var name: String
    /// Value, or a text with `${env.NAME}`.
    public var value: String

    /// Makes a variable.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
