import Foundation
import PackagePlugin

/// Compiles the files below `Libraries` of a target in as text, so that commands need no files beside them.
@main
struct EmbedLibraries: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL.appending(path: "Libraries")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
            .map { folder.appending(path: $0) }
            .filter { !$0.hasDirectoryPath && !$0.lastPathComponent.hasPrefix(".") && Self.isFile($0) }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedLibraries.swift")
        return [
            .buildCommand(
                displayName: "Embedding the libraries of clients",
                executable: try context.tool(named: "portico-embed").url,
                arguments: [output.path, folder.path] + files.map(\.path),
                inputFiles: files, outputFiles: [output])
        ]
    }

    private static func isFile(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && !isDirectory.boolValue
    }
}
