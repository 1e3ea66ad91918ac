import ArgumentParser
import PorticoGateway

/// `portico dump`
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Prints what a spec compiles to: routes, filter steps, bytecode with its source lines."
    )

    @Argument(help: "The spec, or a .portico file.")
    var file: String

    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        Console.printLine(try SnapshotInput.read(file, specOptions).dump())
    }
}

/// A snapshot from a spec or a compiled file, whichever the path names.
enum SnapshotInput {
    static func read(_ path: String, _ specOptions: SpecOptions) throws -> DeploymentSnapshot {
        if CompiledFile.isNamed(by: path) { return try CompiledFile.read(path) }
        return try specOptions.compiler(for: path).compile().snapshotOrFailure()
    }
}
