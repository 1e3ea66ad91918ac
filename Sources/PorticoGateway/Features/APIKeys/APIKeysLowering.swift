internal import PorticoIR
internal import PorticoSyntax

/// Methods that need an API key. Keys are not looked up yet, so no key is valid.
enum APIKeysLowering {
    static func steps(
        _ method: Method, _ resource: Resource, _ context: inout LoweringContext
    ) -> [FilterStep] {
        guard method.apiKeyRequired else { return [] }
        context.unsupported(
            CompileDiagnostics.apiKeyUnsupported,
            "API keys are not executed yet; \(method.verb.value.rawValue) \(resource.path.value) denies every request",
            at: method.verb.span)
        return [.deny(.invalidAPIKey, reason: "API keys are not executed by this version")]
    }
}
