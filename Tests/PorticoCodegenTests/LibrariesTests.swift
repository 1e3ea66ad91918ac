import FoundationEssentials
import PorticoTestSupport
import Testing

@testable import PorticoCodegen

@Suite("Libraries of clients")
struct LibrariesTests {
    private static let folder = "\(GoldenFile.packageRoot)/Sources/PorticoCodegen/Libraries"

    /// Files in the folders of languages, without hidden ones and what Python leaves behind.
    private static func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
            let parts = path.split(separator: "/")
            var isDirectory = false
            return parts.count > 1 && !parts.contains { $0.hasPrefix(".") || $0 == "__pycache__" }
                && FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isDirectory)
                && !isDirectory
        }
    }

    @Test("every file is embedded; if not, run scripts/list-libraries")
    func listed() throws {
        #expect(Libraries.all.map(\.path) == (try Self.files()).sorted())
    }

    @Test("texts are those of the files")
    func texts() throws {
        for file in Libraries.all {
            let bytes = try Data(contentsOf: URL(filePath: "\(Self.folder)/\(file.path)"))
            #expect(Array(file.text.utf8) == Array(bytes), "\(file.path)")
        }
    }

    @Test("a folder has its own files")
    func folders() {
        for folder in Set(Libraries.all.compactMap { $0.path.split(separator: "/").first.map(String.init) }) {
            let files = Libraries.files(in: folder)
            #expect(!files.isEmpty && !files.contains { $0.path.hasPrefix(folder + "/") })
        }
        #expect(Libraries.files(in: "nothing").isEmpty)
    }
}
