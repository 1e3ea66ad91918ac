internal import PorticoSyntax

/// Gateway responses shape answers that can be shaped.
enum GatewayResponseRule: Rule {
    static let documentation = "REQUEST_TOO_LARGE cannot be customised; media types of templates are media types."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        for response in api.gatewayResponses {
            if response.type.value == .requestTooLarge {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.gatewayFixed, "'REQUEST_TOO_LARGE' cannot be customised on AWS",
                        at: response.type.span))
            }
            for template in response.responseTemplates where !MediaType.isValid(template.mediaType.value) {
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.mediaType, "'\(template.mediaType.value)' is no media type",
                        at: template.mediaType.span))
            }
        }
        return diagnostics
    }
}
