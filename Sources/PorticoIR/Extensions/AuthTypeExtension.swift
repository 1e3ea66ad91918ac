internal import PorticoSyntax

/// `x-amazon-apigateway-authtype`: the kind of authorization of a scheme, IAM if it begins with `aws`.
enum AuthTypeExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-authtype", in: [.securityScheme], of: [.rest, .http, .webSocket],
        "What kind of authorization an apiKey scheme stands for; 'awsSigv4' is IAM.")

    static func read(_ node: Node, _ context: ImporterContext) -> String? {
        guard let text = context.reader.strictText(node, "'\(key)'")?.string else { return nil }
        let isNearMiss = !text.lowercased().hasPrefix("aws") && TypoDetector.distance(text, "awsSigv4", limit: 2) != nil
        if isNearMiss {
            context.reader.report(
                ImportDiagnostics.unknownValue, "'\(text)' is free text here; did you mean 'awsSigv4'?", at: node.span,
                severity: .warning, fixIt: .init("write 'awsSigv4'", replace: node.span, with: "awsSigv4"))
        }
        return text
    }
}
