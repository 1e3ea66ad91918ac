/// Finds WebSocket connections that other processes have: a call of `@connections` reaches any process, and its connection
/// may be at another one.
///
/// A process tells which connections it has, hands calls of others to the registry, and runs those that the registry hands
/// to it. Any thread may call.
public protocol ConnectionRegistry: Sendable {
    /// Tells who runs calls of connections that this process has; called once, before anything else.
    ///
    /// - Parameter run: completes with what came of it, on any thread.
    func begin(
        _ run: @escaping @Sendable (ConnectionCommand, @escaping @Sendable (ConnectionAnswer) -> Void) -> Void)
    /// Gets ready, within a time that has a limit: an API with connections is put into service. Called any number of times.
    func connect() async
    /// This process has that connection from now on.
    func add(_ connection: ConnectionAddress)
    /// This process has that connection no longer.
    func remove(_ connection: ConnectionAddress)
    /// Hands a call to the process that has the connection, and completes on `loop` within a time that has a limit.
    func call(
        _ command: ConnectionCommand, on loop: any CompletionLoop,
        _ completion: @escaping @Sendable (ConnectionAnswer) -> Void)
    /// What is to be logged and was not said before: others are out of reach, or they can be reached again. Asked once a
    /// second.
    func news() -> String?
}

/// Which connection: ids are unique, and the connections of a stage are its own.
public struct ConnectionAddress: Sendable, Hashable {
    /// Ten base-36 characters.
    public var apiID: String
    /// Name of the stage.
    public var stage: String
    /// 16 characters.
    public var connectionID: String

    /// Makes an address.
    public init(apiID: String, stage: String, connectionID: String) {
        self.apiID = apiID
        self.stage = stage
        self.connectionID = connectionID
    }
}

/// A call of `@connections`.
public struct ConnectionCommand: Sendable, Hashable {
    /// What is asked for.
    public enum Action: Sendable, Hashable {
        /// Sends these bytes to the client.
        case post([UInt8])
        /// Tells of the connection.
        case get
        /// Ends it.
        case delete
    }

    /// Whose connection.
    public var address: ConnectionAddress
    /// What is asked for.
    public var action: Action

    /// Makes a call.
    public init(_ action: Action, of address: ConnectionAddress) {
        self.address = address
        self.action = action
    }
}

/// What came of a call of `@connections`.
public enum ConnectionAnswer: Sendable, Hashable {
    /// The message is on its way.
    case sent
    /// The connection ends.
    case closed
    /// What the connection tells of itself.
    case connection(ConnectionReport)
    /// There is no such connection.
    case gone
    /// The client has not taken what it was sent before.
    case limited
    /// Nobody can tell: who knows, or the process that has it, does not answer.
    case unavailable
}

/// What a connection tells of itself.
public struct ConnectionReport: Sendable, Hashable {
    /// When it began, in milliseconds since 1970.
    public var connectedMilliseconds: Int
    /// When a message last went either way.
    public var activeMilliseconds: Int
    /// Address of the client.
    public var sourceAddress: String
    /// As the client names itself; `nil` if it does not.
    public var userAgent: String?

    /// Makes a report.
    public init(connectedMilliseconds: Int, activeMilliseconds: Int, sourceAddress: String, userAgent: String?) {
        self.connectedMilliseconds = connectedMilliseconds
        self.activeMilliseconds = activeMilliseconds
        self.sourceAddress = sourceAddress
        self.userAgent = userAgent
    }
}
