import FoundationEssentials
import PorticoTestSupport

/// `Examples/PetStoreApp` in a folder of its own, in order that tests may change it.
///
/// The folder lies as deep below the package as the example does, so that the manifest finds the package, and it stays:
/// what one run has built, the next one need not build again. Each test begins with the example's own sources.
struct ExamplePackage {
    /// Its folder.
    let path = "\(GoldenFile.packageRoot)/.build-plugins/PetStoreApp"

    /// The target's folder.
    var target: String { "\(path)/Sources/PetStoreApp" }

    init() throws {
        let original = "\(GoldenFile.packageRoot)/Examples/PetStoreApp"
        var sources: [String: Data] = [:]
        for file in try Self.files(in: original) {
            // By its bytes: the spec is a link to the one in `specs`, which tests must not change.
            sources[file] = try Data(contentsOf: URL(filePath: "\(original)/\(file)"))
        }
        // The versions that the package itself was built with are in the cache of the package manager.
        let versions = URL(filePath: "\(GoldenFile.packageRoot)/Package.resolved")
        sources["Package.resolved"] = try? Data(contentsOf: versions)

        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in try Self.files(in: path) where sources[file] == nil {
            // With the folder that it stands in, if that is not one of the example's.
            let folder = file.split(separator: "/").first.map(String.init) ?? file
            let isExtra = !sources.keys.contains { $0.hasPrefix(folder) }
            try? FileManager.default.removeItem(atPath: "\(path)/\(isExtra ? folder : file)")
        }
        // What has not changed keeps its time, so that the package manager need not plan again.
        for (file, bytes) in sources where (try? Data(contentsOf: URL(filePath: "\(path)/\(file)"))) != bytes {
            try write(file, bytes)
        }
    }

    /// Paths of the files below a folder, but what builds leave there.
    private static func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.flatMap { entry in
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: "\(folder)/\(entry)", isDirectory: &isFolder)
            return isFolder ? try files(in: "\(folder)/\(entry)").map { "\(entry)/\($0)" } : [entry]
        }
    }

    // MARK: Files

    /// The spec.
    var spec: String {
        get throws {
            String(decoding: try Data(contentsOf: URL(filePath: "\(target)/api.yaml")), as: UTF8.self)
        }
    }

    /// Texts of the files below a folder, by their paths in it.
    func texts(in folder: String) throws -> [String: String] {
        let files = try Self.files(in: "\(path)/\(folder)").map { file in
            (file, String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(folder)/\(file)")), as: UTF8.self))
        }
        return Dictionary(uniqueKeysWithValues: files)
    }

    /// Changes every place of the spec that has a text; there must be one.
    func changeSpec(_ old: String, to new: String) throws {
        let text = try spec
        guard text.contains(old) else { throw TestSupportError("the spec has no '\(old)'") }
        try write(inTarget: "api.yaml", text.replacing(old, with: new))
    }

    /// Writes a file of the target.
    func write(inTarget name: String, _ text: String) throws {
        try write("Sources/PetStoreApp/\(name)", Data(text.utf8))
    }

    /// Removes a file of the target.
    func remove(fromTarget name: String) throws { try FileManager.default.removeItem(atPath: "\(target)/\(name)") }

    private func write(_ name: String, _ bytes: Data) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    // MARK: The package manager

    /// How a command ended and all that it said.
    struct Outcome {
        var status: Int32
        var text: String
    }

    /// Runs `swift` in the folder.
    func swift(_ arguments: [String]) throws -> Outcome {
        let process = try ChildProcess("/usr/bin/env", ["swift"] + arguments, in: path)
        let status = try process.wait(Deadline(after: .seconds(1200)))
        return Outcome(status: status, text: process.output + process.errors)
    }

    /// Builds it.
    ///
    /// When a source file of the generator is gone since the last run, the package manager fails once: it builds tools by
    /// its plan of that run before it makes a new one.
    func build() throws -> Outcome {
        let outcome = try swift(["build"])
        return outcome.text.contains("because of missing inputs") ? try swift(["build"]) : outcome
    }

    /// The built program.
    var program: String { "\(path)/.build/debug/PetStoreApp" }

    /// Paths of the client's files that the build made.
    private func clientFiles() throws -> [String] {
        let folder = "\(path)/.build/plugins/outputs/petstoreapp"
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
            .map { "\(folder)/\($0)" }
    }

    /// Text of the client that the build made, all files in one.
    func client() throws -> String {
        try clientFiles().map { String(decoding: try Data(contentsOf: URL(filePath: $0)), as: UTF8.self) }.joined()
    }

    /// Changes the client's files, as somebody might who looks for a mistake, and removes what the generator remembers.
    func damageClient() throws {
        for file in try clientFiles() {
            try Data("// changed\n".utf8).write(to: URL(filePath: file))
            let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            try? FileManager.default.removeItem(atPath: "\(folder)/.portico-sdk.json")
        }
    }

    /// What the README shows as the program's output.
    var documentedOutput: String {
        get throws {
            let lines = try GoldenFile.read("Examples/PetStoreApp/README.md")
                .split(separator: "\n", omittingEmptySubsequences: false)
            let output = lines.drop { !$0.hasPrefix("$ swift run PetStoreApp") }.dropFirst().prefix { $0 != "```" }
            return output.map { $0 + "\n" }.joined()
        }
    }

    /// Names of the modules that were compiled, those of tools among them.
    func compiledModules() throws -> Set<String> {
        let folder = "\(path)/.build/debug"
        let modules = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".build") }
        return Set(
            try modules.filter { module in
                try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(module)")
                    .contains { $0.hasSuffix(".o") }
            }.map { $0.replacing(".build", with: "").replacing("-tool", with: "") })
    }
}
