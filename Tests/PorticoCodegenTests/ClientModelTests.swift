import PorticoTestSupport
import Testing

/// Specs and the client models that they give, as files: a spec, a line of dashes, the model.
@Suite("Client model")
struct ClientModelTests {
    static let cases = [
        "types", "unions", "inheritance", "inherited", "recursion", "inline", "operations", "parameters", "bodies",
        "errors",
        "security", "pagination", "names", "swagger2", "openapi31", "socket",
        "socket-plain",
    ]

    @Test("a spec gives the model that its file has", arguments: cases)
    func model(name: String) throws {
        let path = "Tests/Golden/client-model/\(name).txt"
        let text = try GoldenFile.read(path)
        let spec = text.components(before: "\n----\n")
        try GoldenFile.compare(spec + "\n----\n" + ModelDump.text(spec) + "\n", with: path)
    }
}

extension String {
    /// What stands before the first occurrence of a mark; all of it without one.
    func components(before mark: String) -> String {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(mark) { return String(self[..<rest.startIndex]) }
            rest = rest.dropFirst()
        }
        return self
    }
}
