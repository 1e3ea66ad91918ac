// Hot: no, once per process of a function. Allocates: freely.

internal import PorticoIR

/// Node.js functions, run by ``NodeBootstrap``, which is written to `STATE/node/bootstrap.mjs`. What a function imports
/// comes from its own `node_modules`, the AWS SDK too.
extension FunctionLauncher {
    func startNode(
        _ function: FunctionSpecification, _ code: CodeLocation
    ) async throws(FunctionLaunchError) -> Start {
        try require(directory: code, of: function)
        let runtime = function.process.runtime
        let interpreter = try await interpreter(for: runtime) { () async throws(FunctionLaunchError) in
            try await findNode(runtime)
        }
        let directory = StatePath.absolute(configuration.stateDirectory) + "/node"
        let bootstrap = "\(directory)/bootstrap.mjs"
        if SupervisorSystem.read(bootstrap, limit: 1 << 20) != Array(NodeBootstrap.text.utf8) {
            try StatePath.makeDirectory(directory)
            try StatePath.replace(bootstrap, NodeBootstrap.text)
        }
        // As on Lambda: without them Node.js collects garbage by the machine's memory and not by the function's, and is
        // ended for garbage that it could have dropped.
        let megabytes = function.process.memoryMegabytes
        let options = [
            "--max-http-header-size=81920", "--max-semi-space-size=\(max(megabytes / 20, 1))",
            "--max-old-space-size=\(max(megabytes * 9 / 10, 1))",
        ]
        return Start(command: [interpreter.path] + options + [bootstrap], runtimeDirectory: directory)
    }

    private func findNode(_ runtime: String) async throws(FunctionLaunchError) -> Interpreter {
        // nodejs20.x
        let wanted = String(runtime.dropFirst("nodejs".count).prefix { $0.isNumber })
        let path = ownVariables["PATH"] ?? ""
        for name in ["node\(wanted)", "node", "nodejs"] {
            guard let program = SupervisorSpawn.find(name, inPath: path) else { continue }
            let answer = try? await ToolProcess.run(
                [program, "--version"], environment: ownVariables.map { "\($0.key)=\($0.value)" },
                limit: .seconds(30))
            guard let answer, answer.status == 0, answer.output.hasPrefix("v") else { continue }
            let found = Interpreter(
                path: program, version: String(answer.output.dropFirst().prefix { $0.isNumber }))
            noteVersion(runtime, wanted: wanted, found: found)
            return found
        }
        throw FunctionLaunchError(
            "runtime '\(runtime)' needs Node.js, and there is no node in PATH; install it (Debian: apt-get install "
                + "nodejs), or run the function elsewhere: --lambda NAME=URL")
    }
}
