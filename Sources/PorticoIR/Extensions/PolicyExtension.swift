internal import PorticoSyntax

/// `x-amazon-apigateway-policy`: the resource policy, an object or a string of JSON.
enum PolicyExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-policy", in: [.root], of: [.rest],
        "The resource policy of the API.")

    static func read(_ node: Node, _ context: ImporterContext) -> PolicyDocument? {
        if let text = node.scalar?.text, node.scalar?.kind == .string {
            guard !context.reader.isUnknown(node) else {
                return PolicyDocument(value: .string(text.string), span: node.span)
            }
            guard let value = JSONValue(parsing: text.string), case .object = value else {
                context.reader.report(
                    ImportDiagnostics.wrongType, "'\(key)' is a string that holds no JSON object", at: node.span,
                    notes: [.init("API Gateway answers: Invalid policy document. Please check the policy syntax")])
                return nil
            }
            check(value, at: node.span, context)
            return PolicyDocument(value: value, span: node.span)
        }
        guard context.reader.mapping(node, "'\(key)'") != nil else { return nil }
        let policy = PolicyDocument(node)
        check(policy.value, at: node.span, context)
        return policy
    }

    /// Statements are compiled by a pass; here only what makes the document a policy at all.
    private static func check(_ value: JSONValue, at span: SourceSpan, _ context: ImporterContext) {
        guard value["Statement"] == nil else { return }
        context.reader.report(
            ImportDiagnostics.valueMissing, "the resource policy has no 'Statement'", at: span,
            notes: [.init("API Gateway answers: Invalid policy document. Please check the policy syntax")])
    }
}
