// Hot: no, read when functions are started. Allocates: freely.

internal import PorticoIR

/// A function that Portico hosts, as a snapshot carries it.
struct FunctionSpecification: Sendable, Hashable {
    /// Name, ARN or logical id as declared.
    var name: String
    var process: FunctionProcess
}

/// What hosting functions needs to know of the machine.
public struct FunctionHostConfiguration: Sendable {
    /// Directory that `codeUri` is relative to.
    public var baseDirectory: String
    /// Directory for virtual environments and bootstraps, such as `.portico` beside the spec.
    public var stateDirectory: String
    /// Program and arguments of the supervisor, which starts functions and ends them when this process is gone.
    public var supervisor: [String]
    /// `AWS_REGION` of functions; the server takes the API's.
    public var region = "us-east-1"
    /// Account of functions' ARNs; the server takes the API's.
    public var accountID = "000000000000"
    /// Milliseconds after which a process without work ends.
    public var idleMilliseconds = 300_000
    /// Whether processes are replaced when their code changes.
    public var reloadsCode = true
    /// Takes lines that functions print, one or more at a time, on the host's loop; `nil` writes to standard error.
    public var logOutput: (@Sendable ([UInt8]) -> Void)?

    /// Makes a configuration with the defaults above.
    public init(baseDirectory: String, stateDirectory: String, supervisor: [String]) {
        self.baseDirectory = baseDirectory
        self.stateDirectory = stateDirectory
        self.supervisor = supervisor
    }
}
