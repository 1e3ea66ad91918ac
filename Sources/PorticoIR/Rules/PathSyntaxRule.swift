internal import PorticoSyntax

/// Paths are made of segments that API Gateway takes as path parts.
/// *Source:* reference "Mapping of OpenAPI objects" and its tree rules.
enum PathSyntaxRule: Rule {
    static let documentation = "A path begins with '/', and a parameter fills its segment; '{name+}' stands last."

    private static let partNote =
        "API Gateway answers: Resource's path part only allow a-zA-Z0-9._-: or a valid greedy "
        + "path variable and curly braces at the beginning and the end."

    /// Source: API Gateway quotas, length of the URL of a Regional API.
    static let longestBytes = 10_240

    static func check(_ api: APIDescription) -> [Diagnostic] {
        api.resources.filter { api.protocolType != .http || !$0.isDefaultRoute }.flatMap { check($0.path) }
    }

    private static func check(_ path: Located<String>) -> [Diagnostic] {
        let text = path.value
        func problem(_ message: String, note: String? = nil, fixIt: Diagnostic.FixIt? = nil) -> [Diagnostic] {
            [
                Diagnostic(
                    ImportDiagnostics.invalidPath, message, at: path.span, notes: note.map { [.init($0)] } ?? [],
                    fixIt: fixIt)
            ]
        }
        guard text.utf8.first == UInt8(ascii: "/") else {
            return problem(
                "path '\(text)' must begin with '/'",
                fixIt: .init("write '/\(text)'", replace: path.span, with: "\"/\(text)\""))
        }
        if text == "/" { return [] }
        guard text.utf8.count <= longestBytes else {
            return problem("the path has \(text.utf8.count) bytes; no URL is longer than \(longestBytes)")
        }
        let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var seen: Set<Substring> = []
        for (index, segment) in segments.enumerated() {
            if segment.isEmpty { return problem("path '\(text)' has an empty segment") }
            let isVariable = segment.utf8.first == UInt8(ascii: "{") && segment.utf8.last == UInt8(ascii: "}")
            guard isVariable else {
                if segment.utf8.contains(UInt8(ascii: "{")) || segment.utf8.contains(UInt8(ascii: "}")) {
                    return problem(
                        "the parameter in '\(segment)' of path '\(text)' must fill its segment", note: partNote)
                }
                guard ASCII.consists(String(segment), of: "_.-,:") else {
                    return problem(
                        "segment '\(segment)' of path '\(text)' may hold only a-zA-Z0-9._-:,", note: partNote)
                }
                continue
            }
            var name = segment.dropFirst().dropLast()
            let isGreedy = name.utf8.last == UInt8(ascii: "+")
            if isGreedy { name = name.dropLast() }
            guard ASCII.consists(String(name), of: "_.-,:$") else {
                return problem("'\(segment)' of path '\(text)' is no valid parameter", note: partNote)
            }
            if isGreedy, index != segments.count - 1 {
                return problem(
                    "greedy parameter '\(segment)' must be the last segment of path '\(text)'",
                    note:
                        "API Gateway answers: Cannot create a child of a resource with a greedy path variable: \(segment)"
                )
            }
            if !seen.insert(name).inserted {
                return problem("parameter '\(name)' stands twice in path '\(text)'")
            }
        }
        return []
    }
}
