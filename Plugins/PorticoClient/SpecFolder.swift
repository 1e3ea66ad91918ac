import Foundation

/// What a target's folder has for the generator.
struct SpecFolder {
    /// The spec.
    let spec: URL
    /// What is laid over it, if there is such a file.
    let overlay: URL?
    /// Every YAML and JSON file at any depth, in order: those that the spec refers to are among them, and which ones these
    /// are is known only after it was read.
    let documents: [URL]

    /// Looks for the files of a target.
    init(_ folder: URL, targetName: String) throws {
        documents = Self.documents(in: folder)
        let beside = documents.filter { $0.deletingLastPathComponent().path == folder.standardizedFileURL.path }
        spec =
            try Self.one(
                of: beside.filter { $0.stem == "api" || $0.stem == "openapi" || $0.stem.hasSuffix(".openapi") },
                "spec", in: targetName)
            ?? {
                throw Failure(
                    "target '\(targetName)' has no spec: PorticoClient looks for api.yaml, openapi.yaml or "
                        + "NAME.openapi.yaml (or .yml, .json) in '\(folder.path)'")
            }()
        overlay = try Self.one(of: beside.filter { $0.stem == "portico" }, "overlay", in: targetName)
    }

    /// Why a target has no client.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    private static func one(of files: [URL], _ role: String, in targetName: String) throws -> URL? {
        guard files.count > 1 else { return files.first }
        let names = files.map(\.lastPathComponent).joined(separator: ", ")
        throw Failure("target '\(targetName)' has more than one \(role): \(names); give each API a target of its own")
    }

    private static func documents(in folder: URL) -> [URL] {
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        return (files?.compactMap { ($0 as? URL)?.standardizedFileURL } ?? [])
            .filter { ["yaml", "yml", "json"].contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
    }
}

extension URL {
    /// Its name without the extension.
    fileprivate var stem: String { deletingPathExtension().lastPathComponent }
}
