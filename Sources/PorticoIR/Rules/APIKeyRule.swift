internal import PorticoSyntax

/// Methods that want an API key can be called by somebody.
enum APIKeyRule: Rule {
    static let documentation = "A file whose methods want an API key declares one."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        guard api.apiKeys.isEmpty else { return [] }
        for resource in api.resources {
            for method in resource.methods where method.apiKeyRequired {
                return [
                    Diagnostic(
                        ImportDiagnostics.noKey,
                        "methods want an API key, but the file declares none; their requests are answered 403",
                        at: method.verb.span,
                        fixIt: .init(hint: "add '\(APIKeysExtension.key)' and '\(UsagePlansExtension.key)'"))
                ]
            }
        }
        return []
    }
}
