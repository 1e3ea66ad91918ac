import FoundationEssentials
import Glibc

/// A folder that is deleted with the last reference to it.
public final class TemporaryFolder: Sendable {
    /// Its path.
    public let path: String

    /// Makes an empty folder.
    public init() throws {
        var template = Array("/tmp/portico-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw TestSupportError.system("mkdtemp") }
        path = String(cString: made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file in it, as an editor that writes in place, and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// Writes a file beside and renames it, as an editor that replaces.
    public func replace(_ name: String, _ text: String) throws {
        let temporary = try write(name + "~", text)
        guard rename(temporary, "\(path)/\(name)") == 0 else { throw TestSupportError.system("rename") }
    }

    /// The text of a file in it; empty if there is none.
    public func read(_ name: String) -> String {
        (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
