public import ArgumentParser
import PorticoGateway
public import PorticoIR

/// Flags of the commands that serve.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address to listen on. [PORTICO_HOST] (default: 127.0.0.1)")
    var host: String?

    @Option(help: "Data port; 0 takes a free one. [PORTICO_PORT] (default: 8080)")
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "HTTPS port, opened when a domain name has a certificate; 0 takes a free one. [PORTICO_TLS_PORT] "
                + "(default: 8443)"))
    var tlsPort: Int?

    @Option(help: "Admin port, always on loopback; 0 takes a free one. [PORTICO_ADMIN_PORT] (default: 8081)")
    var adminPort: Int?

    @Option(help: "Event loops. [PORTICO_WORKERS] (default: one a core)")
    var workers: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Follow the files and serve their new text when they are saved. [PORTICO_WATCH] (default: on)")
    var watch: Bool?

    @OptionGroup var stateOptions: StateOptions
    @OptionGroup var sharedStore: SharedStoreOption

    @Option(
        help: ArgumentHelp(
            "Execution log of every request, to standard error: off, error or info; without it the stages' method "
                + "settings count. [PORTICO_EXECUTION_LOG]", valueName: "level"))
    var executionLog: LoggingLevel?

    @Flag(
        inversion: .prefixedNo,
        help: "With --execution-log: headers and bodies too. [PORTICO_DATA_TRACE] (default: off)")
    var dataTrace: Bool?

    @Option(
        help: ArgumentHelp(
            "Folder of access logs that go to a log group. [PORTICO_LOGS] (default: logs in the state folder)",
            valueName: "folder"))
    var logs: String?

    @Option(
        help: ArgumentHelp(
            "Size at which a file of access logs or metrics is set aside. [PORTICO_ACCESS_LOG_BYTES] (default: 67108864)",
            valueName: "bytes"))
    var accessLogBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Older files of access logs or metrics that are kept. [PORTICO_ACCESS_LOG_FILES] (default: 10)",
            valueName: "count"))
    var accessLogFiles: Int?

    @Option(
        help: ArgumentHelp(
            "File that metrics are written to once a minute, as lines of CloudWatch's embedded metric format; 'stdout' is "
                + "standard output. [PORTICO_METRICS_LOG]", valueName: "path"))
    var metricsLog: String?

    @Option(
        help: ArgumentHelp(
            "How long a process that SIGUSR2 starts may take until it serves. [PORTICO_UPGRADE_SECONDS] (default: 60)",
            valueName: "seconds"))
    var upgradeSeconds: Int?

    /// A file that is set aside for each kilobyte is a mistake.
    private static let logBytes = 1024...(1 << 40)
    private static let logFiles = 1...1000
    private static let upgradeLimit = 1...3600

    #if DEBUG
        @Option(
            help: ArgumentHelp(
                "How many times as fast as it is the time of quotas runs, for tests.", valueName: "speed",
                visibility: .hidden))
        var clock = 1
    #endif

    mutating func validate() throws {
        #if DEBUG
            if !(1...1_000_000_000).contains(clock) {
                throw ValidationError("--clock is '\(clock)'; expected 1 to 1000000000")
            }
        #endif
        for (name, port) in [("--port", port), ("--tls-port", tlsPort), ("--admin-port", adminPort)] {
            if let port, !(0...65535).contains(port) {
                throw ValidationError("\(name) is '\(port)'; expected 0 to 65535")
            }
        }
        if let workers, !(1...1024).contains(workers) {
            throw ValidationError("--workers is '\(workers)'; expected 1 to 1024")
        }
        for (name, value, range) in [
            ("--access-log-bytes", accessLogBytes, Self.logBytes),
            ("--access-log-files", accessLogFiles, Self.logFiles),
            ("--upgrade-seconds", upgradeSeconds, Self.upgradeLimit),
        ] {
            if let value, !range.contains(value) {
                throw ValidationError("\(name) is '\(value)'; expected \(range.lowerBound) to \(range.upperBound)")
            }
        }
    }

    func configuration(_ environment: Environment = Environment()) throws -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.version = Version.current
        if let problem = ServiceEnvironment.current.problem { throw CommandFailure(.usage, problem) }
        configuration.listeners = ServiceEnvironment.current.listeners
        if let stream = ServiceEnvironment.current.readiness {
            configuration.waitForTurn = { await SuccessorProcess.waitForTurn(stream) }
        }
        if let bytes = try accessLogBytes ?? environment.integer("PORTICO_ACCESS_LOG_BYTES", in: Self.logBytes) {
            configuration.accessLogBytes = bytes
        }
        if let files = try accessLogFiles ?? environment.integer("PORTICO_ACCESS_LOG_FILES", in: Self.logFiles) {
            configuration.accessLogFiles = files
        }
        if let host = host ?? environment["PORTICO_HOST"] { configuration.host = host }
        if let port = try port ?? environment.integer("PORTICO_PORT", in: 0...65535) { configuration.port = port }
        if let port = try tlsPort ?? environment.integer("PORTICO_TLS_PORT", in: 0...65535) {
            configuration.tlsPort = port
        }
        if let port = try adminPort ?? environment.integer("PORTICO_ADMIN_PORT", in: 0...65535) {
            configuration.adminPort = port
        }
        if let workers = try workers ?? environment.integer("PORTICO_WORKERS", in: 1...1024) {
            configuration.workers = workers
        }
        if let executionLog {
            configuration.loggingLevel = executionLog
        } else if let text = environment["PORTICO_EXECUTION_LOG"] {
            guard let level = LoggingLevel(argument: text) else {
                throw CommandFailure(
                    .usage, "environment variable PORTICO_EXECUTION_LOG is '\(text)'; expected off, error or info")
            }
            configuration.loggingLevel = level
        }
        configuration.tracesData = try dataTrace ?? environment.boolean("PORTICO_DATA_TRACE") ?? false
        #if DEBUG
            configuration.clockSpeed = clock
        #endif
        let ports = [
            ("data", configuration.port), ("HTTPS", configuration.tlsPort ?? 0),
            ("admin", configuration.adminPort ?? 0),
        ]
        for (index, (name, port)) in ports.enumerated() where port != 0 {
            for (other, otherPort) in ports[..<index] where otherPort == port {
                throw CommandFailure(
                    .usage, "the \(other) port and the \(name) port are both \(port); give them two numbers")
            }
        }
        return configuration
    }

    /// Opens the stores beside a spec or compiled file: a server that cannot read them must not start.
    func openStores(_ configuration: inout ServerConfiguration, besides file: String) throws(CommandFailure) {
        configuration.apiKeyStore = try KeyStoreInput.openForServing(stateOptions, besides: file)
        configuration.usageStore = try UsageStoreInput.openForServing(stateOptions, besides: file)
        configuration.deploymentStore = try DeploymentStoreInput.openForServing(stateOptions, besides: file)
    }

    /// Serves `source`, which is read from `file`, until a signal ends it.
    func serve(
        _ source: any SnapshotSource, from file: String, _ environment: Environment = Environment(),
        _ adjust: (inout ServerConfiguration) throws -> Void = { _ in }
    ) async throws {
        var session = try session(source, from: file, environment, adjust)
        let shared = try await sharedStore.open(&session.configuration, environment)
        try await session.run()
        await shared?.shutDown()
    }

    /// The session that serves `source`, which is read from `file`.
    private func session(
        _ source: any SnapshotSource, from file: String, _ environment: Environment = Environment(),
        _ adjust: (inout ServerConfiguration) throws -> Void = { _ in }
    ) throws -> ServeSession {
        var configuration = try configuration(environment)
        let state = stateOptions.state(environment)
        FunctionHosting.prepare(&configuration, for: file, state: state)
        configuration.logDirectory =
            logs ?? environment["PORTICO_LOGS"] ?? StateLocation.folder(state, besides: file) + "/logs"
        try openStores(&configuration, besides: file)
        try adjust(&configuration)
        let metricsPath = metricsLog ?? environment["PORTICO_METRICS_LOG"]
        // A path that cannot be written is better known now than after a minute.
        if let metricsPath, metricsPath != "stdout" { try LocalFile.checkAppending(metricsPath) }
        let metrics = metricsPath.map { path in
            LineLog(
                path: path == "stdout" ? nil : path, bytes: configuration.accessLogBytes,
                files: configuration.accessLogFiles
            ) { Console.say("portico: the log of metrics: \($0)") }
        }
        if let metrics { configuration.metricsOutput = { metrics.write($0) } }
        let seconds =
            try upgradeSeconds ?? environment.integer("PORTICO_UPGRADE_SECONDS", in: Self.upgradeLimit) ?? 60
        return ServeSession(
            source: source, configuration: configuration, watchesFiles: try watches(environment), metricsLog: metrics,
            upgradeLimit: .seconds(seconds))
    }

    func watches(_ environment: Environment = Environment()) throws -> Bool {
        try watch ?? environment.boolean("PORTICO_WATCH") ?? true
    }
}

extension LoggingLevel: ExpressibleByArgument {
    /// `off`, `error` or `info`, in any case.
    public init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }

    /// The words of the command line.
    public static var allValueStrings: [String] { allCases.map { $0.rawValue.lowercased() } }
}
