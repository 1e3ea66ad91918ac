/// One line of `portico routes`.
public struct RouteSummary: Sendable, Hashable {
    /// `GET`, ..., `ANY`
    public var verb: String
    /// Path with its variables.
    public var path: String
    /// Such as `HTTP_PROXY GET http://127.0.0.1:9000/{proxy}`.
    public var integration: String
    /// Such as `NONE`, or `CUSTOM my-authorizer, API key`.
    public var authorization: String
    /// `operationId`
    public var operationName: String?
    /// Line of the method in the spec, from 1; 0 if unknown.
    public var line: Int
}

extension DeploymentSnapshot {
    /// All methods by path and verb.
    public var routeSummaries: [RouteSummary] {
        methods.map { method in
            let integration = integrations[method.integration]
            var text = integration.kind == .unsupported ? integration.text + " (answers 500)" : integration.text
            if let call = serviceCalls(integration).first { text += " -> \(call.prefix { $0 != "," })" }
            let denies = method.steps.contains { if case .deny = $0 { true } else { false } }
            return RouteSummary(
                verb: method.verb, path: resources[method.resource].path, integration: text,
                authorization: denies ? method.authorizationText + " (denies)" : method.authorizationText,
                operationName: method.operationName, line: method.line)
        }
        .sorted { ($0.path, $0.verb) < ($1.path, $1.verb) }
    }
}
