import FoundationEssentials

/// Files in the package's own tree, and the comparison of results with golden ones.
///
/// `PORTICO_UPDATE_GOLDEN=1 swift test` rewrites golden files; read the difference before it is committed.
public enum GoldenFile {
    /// The package's folder, from the path of this source file.
    public static let packageRoot: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    /// Whether golden files are rewritten instead of compared.
    public static var isUpdating: Bool {
        let value = ProcessInfo.processInfo.environment["PORTICO_UPDATE_GOLDEN"] ?? ""
        return !value.isEmpty && value != "0"
    }

    /// The text of a file of the package.
    public static func read(_ path: String) throws -> String {
        do {
            return String(decoding: try Data(contentsOf: URL(filePath: "\(packageRoot)/\(path)")), as: UTF8.self)
        } catch {
            throw TestSupportError("cannot read \(path)")
        }
    }

    /// Throws unless the file of the package holds `text`; its first different line is in the message.
    public static func compare(_ text: String, with path: String) throws {
        if isUpdating {
            let url = URL(filePath: "\(packageRoot)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
            return
        }
        let golden = (try? read(path)) ?? ""
        guard golden != text else { return }
        let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let found = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(wanted, found).prefix { $0 == $1 }.count
        throw TestSupportError(
            """
            \(path) differs at line \(line + 1); PORTICO_UPDATE_GOLDEN=1 rewrites it
              wanted: \(line < wanted.count ? String(wanted[line]) : "(end)")
              found:  \(line < found.count ? String(found[line]) : "(end)")
            """)
    }

    /// Files of a folder of the package whose names end so, sorted, as paths in the package.
    public static func files(in folder: String, ending: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: "\(packageRoot)/\(folder)")
        return names.filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
    }
}
