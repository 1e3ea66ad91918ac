internal import PorticoSyntax

/// Each `operationId` stands once.
enum OperationNameRule: Rule {
    static let documentation = "Each 'operationId' stands once."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var first: [String: SourceSpan] = [:]
        api.forEachMethod { _, method in
            guard let name = method.operationName else { return }
            guard let earlier = first[name] else {
                first[name] = method.verb.span
                return
            }
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.duplicateOperation, "'operationId' '\(name)' is already taken",
                    at: method.verb.span, notes: [.init("first used here", at: earlier)]))
        }
        return diagnostics
    }
}
