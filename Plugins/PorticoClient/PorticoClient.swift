import Foundation
import PackagePlugin

/// Compiles the client of an API into a target: the one of the spec that lies in the target's folder.
///
/// The spec is `api.yaml`, `openapi.yaml` or `NAME.openapi.yaml` (also `.yml` and `.json`), one for each target. A file
/// `portico.yaml` (also `.yml` and `.json`) beside it is the overlay that `portico serve` takes with `--config`.
@main
struct PorticoClient: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = try SpecFolder(target.directoryURL, targetName: target.name)
        let output = context.pluginWorkDirectoryURL.appending(path: "Client", directoryHint: .isDirectory)
        // The folder belongs to the build, so there is nothing in it that somebody might want to keep.
        var arguments = ["--language", "swift", "--layout", "sources", "--force", "-o", output.path]
        if let overlay = folder.overlay { arguments += ["--config", overlay.path] }
        return [
            .buildCommand(
                displayName: "Generating the client of \(folder.spec.lastPathComponent) for \(target.name)",
                executable: try context.tool(named: "portico-sdkgen").url,
                arguments: arguments + [folder.spec.path],
                inputFiles: folder.documents,
                outputFiles: ClientSources.fileNames.map { output.appending(path: $0) })
        ]
    }
}
