// Hot: no, once per process of a function. Allocates: freely.

internal import Logging
internal import PorticoIR
internal import Synchronization

/// Finds out how a process of a function is started, and makes what it needs: a virtual environment for Python, a
/// bootstrap for Node.js.
///
/// May be asked from several tasks, and several Porticos may share a state directory. Nothing waits on an event loop.
final class FunctionLauncher: Sendable {
    let configuration: FunctionHostConfiguration
    let logger: Logger
    /// The variables that Portico was started with.
    let ownVariables: [String: String]
    /// Interpreters that were found, by runtime: asking one for its version takes longer than starting a function.
    private let interpreters = Mutex<[String: Interpreter]>([:])
    /// How making something failed last, by its path.
    private let failures = Mutex<[String: (time: ContinuousClock.Instant, error: FunctionLaunchError)]>([:])

    /// A program that runs functions of a language.
    struct Interpreter: Sendable, Hashable {
        /// Absolute path.
        var path: String
        /// Version as runtimes are named after: `3.11`, `20`.
        var version: String
    }

    /// What a runtime adds to a function.
    struct Start {
        /// Program and arguments.
        var command: [String]
        /// `LAMBDA_RUNTIME_DIR`.
        var runtimeDirectory: String
        /// Variables of the runtime. A function's own ones win, but for paths, where both count.
        var variables: [EnvironmentVariable] = []
        /// Directories of `PYTHONPATH`.
        var pythonPath: [String] = []
    }

    /// `ownVariables` are those that Portico was started with.
    init(
        configuration: FunctionHostConfiguration, logger: Logger,
        ownVariables: [String: String] = FunctionEnvironment.ownVariables()
    ) {
        self.configuration = configuration
        self.logger = logger
        self.ownVariables = ownVariables
    }

    /// How a process of `function` is started. `runtimeAPI` is `host:port`; `logStream` names the process's log.
    func launch(
        for function: FunctionSpecification, runtimeAPI: String, logStream: String
    ) async throws(FunctionLaunchError) -> FunctionLaunch {
        let code = try CodeLocation(function, baseDirectory: configuration.baseDirectory)
        let start = try await start(function, code)
        var environment = try FunctionEnvironment(
            function, configuration: configuration, own: ownVariables, taskRoot: code.directory,
            runtimeDirectory: start.runtimeDirectory, runtimeAPI: runtimeAPI, logStream: logStream)
        for variable in start.variables where environment[variable.name] == nil {
            environment[variable.name] = variable.value
        }
        if !start.pythonPath.isEmpty {
            environment["PYTHONPATH"] =
                (start.pythonPath + [environment["PYTHONPATH"] ?? ""]).filter { !$0.isEmpty }.joined(separator: ":")
        }
        return FunctionLaunch(
            command: start.command, environment: environment.list, directory: code.directory,
            maximumResidentBytes: function.process.memoryMegabytes << 20)
    }

    private func start(
        _ function: FunctionSpecification, _ code: CodeLocation
    ) async throws(FunctionLaunchError) -> Start {
        let runtime = function.process.runtime
        if !function.process.command.isEmpty {
            var command = function.process.command
            // `./run` is a file beside the code, whatever directory Portico was started in.
            if command[0].utf8.contains(UInt8(ascii: "/")), !command[0].hasPrefix("/") {
                command[0] = StatePath.join(code.directory, command[0])
            }
            return Start(command: command, runtimeDirectory: code.directory)
        }
        if runtime.hasPrefix("python") { return try await startPython(function, code) }
        if runtime.hasPrefix("nodejs") { return try await startNode(function, code) }
        if runtime.hasPrefix("provided") { return try startProvided(function, code) }
        throw FunctionLaunchError(
            "portico does not start runtime '\(runtime)' of function '\(function.name)'; give 'command' (a program that "
                + "speaks the Lambda Runtime API), or run it elsewhere: --lambda \(function.name)=URL")
    }

    /// Directory of the code for people: what goes wrong with it is said with its path.
    func require(directory code: CodeLocation, of function: FunctionSpecification) throws(FunctionLaunchError) {
        guard code.isFile else { return }
        throw FunctionLaunchError(
            "codeUri '\(function.process.codeURI)' of function '\(function.name)' is a file; runtime "
                + "'\(function.process.runtime)' needs the directory of the code")
    }

    /// Makes `path` by `body` unless it is complete, one task of all Porticos at a time. Those that waited while it
    /// failed fail alike: a hundred invocations must not try a dead network one after the other.
    func make(
        _ path: String, isComplete: (String) -> Bool, body: () async throws(FunctionLaunchError) -> Void
    ) async throws(FunctionLaunchError) {
        if isComplete(path) { return }
        let begin = ContinuousClock.now
        try StatePath.makeDirectory(StatePath.parent(path))
        try await StatePath.withLock("\(path).lock") { () async throws(FunctionLaunchError) in
            if isComplete(path) { return }
            if let failure = failures.withLock({ $0[path] }), failure.time > begin { throw failure.error }
            do throws(FunctionLaunchError) {
                try await body()
                failures.withLock { $0[path] = nil }
            } catch {
                // That one task was cancelled says nothing to the others.
                if !Task.isCancelled { failures.withLock { $0[path] = (.now, error) } }
                throw error
            }
        }
    }

    /// The interpreter of a runtime, searched for once. Only what was found is kept: it may be installed meanwhile.
    func interpreter(
        for runtime: String, search: () async throws(FunctionLaunchError) -> Interpreter
    ) async throws(FunctionLaunchError) -> Interpreter {
        if let known = interpreters.withLock({ $0[runtime] }), SupervisorSpawn.isExecutableFile(known.path) {
            return known
        }
        let found = try await search()
        interpreters.withLock { $0[runtime] = found }
        return found
    }

    /// Says once that a runtime is run by another version.
    func noteVersion(_ runtime: String, wanted: String, found: Interpreter) {
        guard !wanted.isEmpty, wanted != found.version else { return }
        logger.notice(
            "runtime \(runtime) runs on version \(found.version), since this machine has no \(wanted)",
            metadata: ["program": "\(found.path)"])
    }
}

/// Where the code of a function is.
struct CodeLocation {
    /// Absolute path of the directory: `LAMBDA_TASK_ROOT`.
    var directory: String
    /// Absolute path of what `codeUri` names.
    var path: String
    /// Whether that is a file.
    var isFile: Bool

    init(_ function: FunctionSpecification, baseDirectory: String) throws(FunctionLaunchError) {
        path = StatePath.absolute(StatePath.join(baseDirectory, function.process.codeURI))
        switch StatePath.kind(path) {
        case .directory:
            isFile = false
            directory = path
        case .file:
            isFile = true
            directory = StatePath.parent(path)
        case .none:
            throw FunctionLaunchError(
                "codeUri '\(function.process.codeURI)' of function '\(function.name)' does not exist; it was looked for "
                    + "at '\(path)', relative to the spec")
        }
    }
}
