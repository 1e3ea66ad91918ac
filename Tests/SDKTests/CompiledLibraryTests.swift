import PorticoTestSupport
import Testing

/// Files of clients that are not written by hand but made of other files of the package.
@Suite("Compiled libraries of clients")
struct CompiledLibraryTests {
    /// The compiler that the committed files are made with: another one prints the same sources differently.
    private static let compiler = "Version 4.8.4"

    @Test(
        "the JavaScript of TypeScript clients is what the compiler makes of the sources beside it",
        .enabled("tsc 4.8.4 is needed: apt-get install node-typescript") { try isCompilerThere() })
    func typescript() throws {
        try SDKTools.run("\(GoldenFile.packageRoot)/scripts/sdk-typescript-library", ["--check"])
    }

    private static func isCompilerThere() throws -> Bool {
        let process = try ChildProcess("/usr/bin/env", ["tsc", "--version"])
        let status = try process.wait(Deadline(after: .seconds(60)))
        return status == 0 && process.output.contains(compiler)
    }
}
