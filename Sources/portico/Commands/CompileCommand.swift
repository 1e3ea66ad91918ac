import ArgumentParser
import PorticoGateway

/// `portico compile`
struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compiles a spec to a .portico file for `portico run`.",
        discussion: """
            The same spec and flags give the same bytes. Certificates and code of functions stay files beside it, named \
            relative to its directory.
            """
    )

    @Argument(help: "The spec.")
    var spec: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write; default: the spec's name with the ending .portico.", valueName: "file"))
    var output: String?

    @OptionGroup var specOptions: SpecOptions

    func run() throws {
        let snapshot = try specOptions.compiler(for: spec).compile().snapshotOrFailure()
        let bytes = snapshot.encoded()
        let path = output ?? Self.defaultOutput(for: spec)
        try LocalFile.replace(path, with: bytes)
        Console.say("portico: wrote \(path), \(bytes.count) bytes")
    }

    /// `specs/petstore.yaml` gives `petstore.portico` in the current folder.
    static func defaultOutput(for spec: String) -> String {
        let name = spec.split(separator: "/").last.map(String.init) ?? spec
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name + ".portico" }
        return name[..<dot] + ".portico"
    }
}
