import Foundation
import PackagePlugin

/// `swift package generate-client`: writes a client of an API into the package, to be kept there.
///
/// It takes what `portico-sdkgen` takes; the tool reads the arguments, so that there is one place that knows them.
@main
struct GenerateClient: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        let tool = Process()
        tool.executableURL = try context.tool(named: "portico-sdkgen").url
        tool.arguments = arguments.isEmpty ? ["--help"] : arguments
        tool.environment = ProcessInfo.processInfo.environment.merging(
            ["PORTICO_SDKGEN_COMMAND": "swift package generate-client"]) { $1 }
        try tool.run()
        tool.waitUntilExit()
        guard tool.terminationReason == .exit, tool.terminationStatus == 0 else {
            throw Failure(status: tool.terminationStatus)
        }
    }

    /// The tool has said why; the package manager wants an error to end with a status of its own.
    struct Failure: Error, CustomStringConvertible {
        let status: Int32

        var description: String { "no client was written (portico-sdkgen ended with status \(status))" }
    }
}
