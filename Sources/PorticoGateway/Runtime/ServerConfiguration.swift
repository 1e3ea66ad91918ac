// Hot: no, read when the server starts. Allocates: nothing.

internal import FoundationEssentials
public import PorticoIR

/// How a server listens and what it allows.
public struct ServerConfiguration: Sendable {
    /// Address of the data port.
    public var host = "127.0.0.1"
    /// Data port; 0 takes a free one.
    public var port = 8080
    /// Port of HTTPS, opened once a custom domain has a certificate; 0 takes a free one, `nil` opens none.
    public var tlsPort: Int? = 8443
    /// Admin port on loopback; 0 takes a free one, `nil` opens none.
    public var adminPort: Int? = 8081
    /// Sockets that are listened on already; a kind without any is bound by address and port.
    public var listeners = InheritedListeners()
    /// Called once all is ready, before the first of ``listeners`` is accepted from: returns when no other process does.
    public var waitForTurn: (@Sendable () async -> Void)?
    /// Event loops; `nil` takes one for each core.
    public var workers: Int?
    /// Largest request body in bytes. Source: API Gateway quotas, payload size.
    public var maximumBodyBytes = 10 << 20
    /// How long a kept connection may wait for its next request.
    public var idleTimeout: Duration = .seconds(60)
    /// How long the head of a request may take from its first byte to its last.
    public var headTimeout: Duration = .seconds(20)
    /// How long the body of a request may pause.
    public var bodyTimeout: Duration = .seconds(30)
    /// What the execution log tells of every request, whatever the stages' method settings say; `nil` leaves it to them.
    public var loggingLevel: LoggingLevel?
    /// Whether the execution log holds headers and bodies; counts with ``loggingLevel``.
    public var tracesData = false
    /// Directory that paths of a snapshot are relative to: that of the document, or of the compiled file.
    public var baseDirectory = "."
    /// Takes execution logs, some requests at a time, on a thread of its own; `nil` writes to standard error.
    public var executionLogOutput: (@Sendable ([UInt8]) -> Void)?
    /// Where credentials (`AWS_ACCESS_KEY_ID`...), addresses of AWS services (`AWS_ENDPOINT_URL...`) and `${env.NAME}` are
    /// looked up.
    public var environment: [String: String] = ProcessInfo.processInfo.environment

    /// Keys that `portico keys` made; `nil` leaves those of the documents alone.
    public var apiKeyStore: (any APIKeyStore)?

    /// Version of Portico, for the dashboard.
    public var version = ""
    /// Folder of access logs that the file sends to log groups of CloudWatch.
    public var logDirectory = ".portico/logs"
    /// Bytes of a file of access logs, after which another one is begun.
    public var accessLogBytes = 64 << 20
    /// Older files of access logs that are kept.
    public var accessLogFiles = 10
    /// Takes metrics once a minute as lines of CloudWatch's embedded metric format; `nil` writes none.
    public var metricsOutput: (@Sendable ([UInt8]) -> Void)?

    /// Counts requests with API keys beyond the end of the process; `nil` counts in memory.
    public var usageStore: (any UsageStore)?

    /// What `portico deploy` has deployed; `nil` has all stages follow the file.
    public var deploymentStore: (any DeploymentStore)?

    /// What limits, quotas and caches are shared with other processes by; `nil` for a server of its own.
    public var sharedStore: (any SharedStore)?

    /// Finds WebSocket connections of other processes; `nil` for a server of its own.
    public var connectionRegistry: (any ConnectionRegistry)?

    /// How many times as fast as it is the time of quotas, metrics and alarms runs: for tests, in which a month passes in
    /// a second.
    package var clockSpeed = 1

    /// Where functions that Portico hosts find their code, and what starts them; `nil` hosts none: their calls answer 500.
    public var functions: FunctionHostConfiguration?

    /// Authorizers that let everybody in; empty anywhere but on one's own machine.
    public var bypasses: [AuthorizerBypass] = []

    /// Makes the default configuration.
    public init() {}
}

/// Where a started server listens.
public struct ServerAddresses: Sendable, Hashable {
    /// Data port.
    public var port: Int
    /// Port of HTTPS, if there is one.
    public var tlsPort: Int?
    /// Admin port, if there is one.
    public var adminPort: Int?
}

/// Why a server does not start.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process listens there.
    case addressInUse(host: String, port: Int)
    /// The system refuses the address.
    case cannotBind(host: String, port: Int, reason: String)
    /// A socket that was handed to this process cannot be listened on.
    case inherited(kind: ListenerKind, descriptor: Int32, reason: String)
    /// A custom domain has no certificate that can be shown; the text says which and why.
    case certificate(String)
    /// A stage cannot serve what was deployed to it; the text says which and why.
    case deployment(String)

    /// What is wrong and how to mend it.
    public var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "port \(port) of \(host) is in use; end the process that listens there or choose another port"
        case .cannotBind(let host, let port, let reason):
            "cannot listen on port \(port) of \(host): \(reason)"
        case .inherited(let kind, let descriptor, let reason):
            "cannot listen on descriptor \(descriptor), which was passed for '\(kind.rawValue)': \(reason)"
        case .certificate(let problem):
            problem
        case .deployment(let problem):
            "\(problem); deploy to the stage again, or have it follow the file with 'portico deployments follow'"
        }
    }
}
