// Hot: no, once per process of a function. Allocates: freely.

internal import PorticoIR

extension FunctionLauncher {
    /// `provided`, `provided.al2`, `provided.al2023`: an executable `bootstrap` in the code directory, or the executable
    /// that `codeUri` names itself, such as one that a Swift or Go compiler made.
    func startProvided(_ function: FunctionSpecification, _ code: CodeLocation) throws(FunctionLaunchError) -> Start {
        let program = code.isFile ? code.path : "\(code.directory)/bootstrap"
        guard StatePath.kind(program) == .file else {
            throw FunctionLaunchError(
                "function '\(function.name)' has no executable 'bootstrap' in '\(code.directory)'; build it, point "
                    + "codeUri to the executable, or give 'command'")
        }
        guard SupervisorSpawn.isExecutableFile(program) else {
            throw FunctionLaunchError(
                "'\(program)' of function '\(function.name)' may not be executed; run: chmod +x \(program)")
        }
        return Start(command: [program], runtimeDirectory: code.directory)
    }
}
