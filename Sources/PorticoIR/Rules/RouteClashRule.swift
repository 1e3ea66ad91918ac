internal import PorticoSyntax

/// One entry of `paths` a resource, and one variable child a resource.
/// *Source:* recorded answer of CreateResource.
enum RouteClashRule: Rule {
    static let documentation = "Two paths may not be the same resource, and a resource has one variable child."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var paths: [String: SourceSpan] = [:]
        // The variable below each parent, by the parent's path.
        var variables: [String: (segment: Substring, span: SourceSpan)] = [:]
        for resource in api.resources {
            let path = resource.path
            // Too long a path is reported elsewhere; its many prefixes would be long, too.
            guard path.value.utf8.count <= PathSyntaxRule.longestBytes else { continue }
            if let clash = variableClash(path, &variables) {
                diagnostics.append(clash)
                continue
            }
            if let first = paths[path.value] {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.duplicatePath, "path '\(path.value)' is already there", at: path.span,
                        notes: [.init("first declared here", at: first)]))
                continue
            }
            paths[path.value] = path.span
        }
        return diagnostics
    }

    private static func variableClash(
        _ path: Located<String>, _ variables: inout [String: (segment: Substring, span: SourceSpan)]
    ) -> Diagnostic? {
        let text = path.value
        var start = text.startIndex
        while let slash = text[start...].utf8.firstIndex(of: UInt8(ascii: "/")) {
            let next = text.utf8.index(after: slash)
            let end = text[next...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
            let segment = text[next..<end]
            start = next
            guard segment.utf8.first == UInt8(ascii: "{") else { continue }
            let parent = String(text[..<slash])
            guard let earlier = variables[parent] else {
                variables[parent] = (segment, path.span)
                continue
            }
            guard earlier.segment != segment else { continue }
            let shown = parent.isEmpty ? "/" : parent
            return Diagnostic(
                ImportDiagnostics.variableClash,
                "'\(segment)' of path '\(text)' clashes with '\(earlier.segment)' below '\(shown)'", at: path.span,
                notes: [
                    .init("first declared here", at: earlier.span),
                    .init(
                        "API Gateway answers: A sibling (\(earlier.segment)) of this resource already has a variable path "
                            + "part -- only one is allowed"),
                ])
        }
        return nil
    }
}
