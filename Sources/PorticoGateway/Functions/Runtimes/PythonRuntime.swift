// Hot: no, once per process of a function. Allocates: freely.

internal import Crypto
internal import Glibc
internal import Logging
internal import PorticoIR

/// Python functions run by `awslambdaric`, AWS's own runtime interface client, in a virtual environment that Portico
/// makes once under its state directory. As in Lambda's Python runtime, boto3 is there without being asked for.
///
/// ```
/// STATE/python/3.11/                     the virtual environment; portico-packages is written last
/// STATE/python/3.11-requirements/HASH/   what a requirements.txt of that content asks for
/// ```
extension FunctionLauncher {
    /// What pip installs. Another text makes the environment anew.
    static let pythonPackages = ["awslambdaric>=4,<5", "boto3>=1.34,<2"]
    /// What an installation may take: a slow line and a package that is compiled.
    private static let installLimit = Duration.seconds(900)

    func startPython(
        _ function: FunctionSpecification, _ code: CodeLocation
    ) async throws(FunctionLaunchError) -> Start {
        try require(directory: code, of: function)
        let runtime = function.process.runtime
        let interpreter = try await interpreter(for: runtime) { () async throws(FunctionLaunchError) in
            try await findPython(runtime)
        }
        let environment = try await virtualEnvironment(interpreter)
        var path = [code.directory]
        if let requirements = try await installedRequirements(code, interpreter, environment) {
            path.append(requirements)
        }
        return Start(
            command: ["\(environment)/bin/python", "-m", "awslambdaric", function.process.handler],
            runtimeDirectory: environment,
            variables: [
                EnvironmentVariable(name: "PYTHONUNBUFFERED", value: "1"),
                // A compiled file counts as fresh if second and size of the source agree: not for two quick saves. The
                // task root cannot be written to on Lambda either.
                EnvironmentVariable(name: "PYTHONDONTWRITEBYTECODE", value: "1"),
            ],
            pythonPath: path)
    }

    // MARK: Interpreter

    private func findPython(_ runtime: String) async throws(FunctionLaunchError) -> Interpreter {
        let wanted = String(runtime.dropFirst("python".count))
        let path = ownVariables["PATH"] ?? ""
        for name in wanted.isEmpty ? ["python3"] : ["python\(wanted)", "python3"] {
            guard let program = SupervisorSpawn.find(name, inPath: path) else { continue }
            // A version manager has a program of that name that fails when the version is not installed.
            let script = "import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])"
            let answer = try? await ToolProcess.run(
                [program, "-c", script], environment: pythonVariables(), limit: .seconds(30))
            guard let answer, answer.status == 0 else { continue }
            let lines = answer.output.split(separator: "\n").map { String($0) }
            guard lines.count >= 2, lines[lines.count - 2].hasPrefix("/") else { continue }
            let found = Interpreter(path: lines[lines.count - 2], version: lines[lines.count - 1])
            noteVersion(runtime, wanted: wanted, found: found)
            return found
        }
        throw FunctionLaunchError(
            "runtime '\(runtime)' needs Python, and there is neither python\(wanted) nor python3 in PATH; install it "
                + "(Debian: apt-get install python3 python3-venv), or run the function elsewhere: --lambda NAME=URL")
    }

    /// Portico's variables, without those that would mix another environment in.
    private func pythonVariables() -> [String] {
        var variables = ownVariables
        for name in ["PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"] {
            variables[name] = nil
        }
        variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        variables["PIP_NO_INPUT"] = "1"
        return variables.map { "\($0.key)=\($0.value)" }.sorted()
    }

    // MARK: Virtual environment

    /// Path of the virtual environment, made if there is none yet.
    private func virtualEnvironment(_ interpreter: Interpreter) async throws(FunctionLaunchError) -> String {
        let path = StatePath.absolute(configuration.stateDirectory) + "/python/\(interpreter.version)"
        try await make(path, isComplete: Self.isComplete) { () async throws(FunctionLaunchError) in
            logger.notice(
                "making a virtual environment for Python functions; this takes a minute, once",
                metadata: ["path": "\(path)", "packages": "\(Self.pythonPackages.joined(separator: " "))"])
            let unfinished = StatePath.temporaryName(path)
            do throws(FunctionLaunchError) {
                try await makeEnvironment(unfinished, interpreter)
                // What is there is half made, or of another Portico, or of a Python that is gone.
                StatePath.delete(path)
                guard rename(unfinished, path) == 0 else { throw StatePath.failure("cannot make '\(path)'") }
            } catch {
                StatePath.delete(unfinished)
                throw error
            }
        }
        return path
    }

    /// Whether it has all packages and its Python still exists.
    private static func isComplete(_ path: String) -> Bool {
        SupervisorSystem.read("\(path)/portico-packages", limit: 4096) == Array(packagesText.utf8)
            && SupervisorSpawn.isExecutableFile("\(path)/bin/python")
    }

    private static var packagesText: String { pythonPackages.joined(separator: "\n") + "\n" }

    /// Makes it under a name that is changed afterwards: its Python finds its packages by its own place, so it may move
    /// as long as no script of its `bin` is used.
    private func makeEnvironment(_ path: String, _ interpreter: Interpreter) async throws(FunctionLaunchError) {
        let made = try await ToolProcess.run(
            [interpreter.path, "-m", "venv", path], environment: pythonVariables(), limit: .seconds(300))
        guard made.status == 0 else {
            let lacksModule = made.output.contains("ensurepip") || made.output.contains("No module named")
            throw FunctionLaunchError(
                "\(interpreter.path) cannot make a virtual environment"
                    + (lacksModule
                        ? ": its venv module is missing; install it (Debian: apt-get install python3-venv)"
                        : ": \(made.lastWords)")
                    + ", or run the function elsewhere: --lambda NAME=URL")
        }
        let installed = try await ToolProcess.run(
            ["\(path)/bin/python", "-m", "pip", "install", "--quiet", "--retries", "2", "--timeout", "20"]
                + Self.pythonPackages,
            environment: pythonVariables(), limit: Self.installLimit)
        guard installed.status == 0 else {
            throw FunctionLaunchError(Self.pipFailure("awslambdaric and boto3", installed))
        }
        try StatePath.replace("\(path)/portico-packages", Self.packagesText)
    }

    private static func pipFailure(_ what: String, _ pip: ToolProcess) -> String {
        let isOffline = [
            "NewConnectionError", "Temporary failure in name resolution", "ProxyError", "ConnectTimeout",
            "ReadTimeout", "No matching distribution", "Connection refused",
        ].contains { pip.output.contains($0) }
        return "pip cannot install \(what): \(pip.lastWords)"
            + (isOffline
                ? "; it needs PyPI once: check the network, or set PIP_INDEX_URL or HTTPS_PROXY, "
                    + "or run the function elsewhere: --lambda NAME=URL"
                : "; correct it, or run the function elsewhere: --lambda NAME=URL")
    }

    // MARK: requirements.txt

    /// Directory with what the code's `requirements.txt` asks for, installed once for each content; `nil` if there is
    /// no such file.
    private func installedRequirements(
        _ code: CodeLocation, _ interpreter: Interpreter, _ environment: String
    ) async throws(FunctionLaunchError) -> String? {
        let file = "\(code.directory)/requirements.txt"
        guard let text = SupervisorSystem.read(file, limit: 1 << 20) else { return nil }
        let lines = text.split(separator: UInt8(ascii: "\n")).map { $0.drop { $0 <= 0x20 } }
            .filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
        guard !lines.isEmpty else { return nil }
        // What is named by a path is another package in another directory.
        let namesPaths = lines.contains { line in
            line.starts(with: ".".utf8) || line.starts(with: "-".utf8) || line.contains(UInt8(ascii: "/"))
        }
        let hash = SHA256.hash(data: namesPaths ? text + Array(code.directory.utf8) : text).prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let path =
            "\(StatePath.absolute(configuration.stateDirectory))/python/\(interpreter.version)-requirements/\(hash)"
        try await make(path, isComplete: { StatePath.kind($0) == .directory }) {
            () async throws(FunctionLaunchError) in
            logger.notice("installing what \(file) asks for, once")
            let unfinished = StatePath.temporaryName(path)
            let pip = try await ToolProcess.run(
                [
                    "\(environment)/bin/python", "-m", "pip", "install", "--quiet", "--retries", "2", "--timeout",
                    "20", "--target", unfinished, "-r", file,
                ],
                environment: pythonVariables(), directory: code.directory, limit: Self.installLimit)
            guard pip.status == 0 else {
                StatePath.delete(unfinished)
                throw FunctionLaunchError(Self.pipFailure("what '\(file)' asks for", pip))
            }
            // pip makes no directory when everything asked for is excluded by a marker.
            try StatePath.makeDirectory(unfinished)
            guard rename(unfinished, path) == 0 else { throw StatePath.failure("cannot make '\(path)'") }
        }
        return path
    }
}
