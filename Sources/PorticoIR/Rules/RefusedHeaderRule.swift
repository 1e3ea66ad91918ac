internal import PorticoSyntax

/// Headers that a mapping may not set, or that never arrive. The names are those that the gateway acts on: ORDER HEADERS
/// with its `HeaderRules`.
/// *Source:* reference "Headers" (recorded).
enum RefusedHeaderRule: Rule {
    static let documentation = "Mappings set only headers that API Gateway sends."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            for mapping in integration.requestParameters {
                guard let name = header(mapping, "integration.request.header.") else { continue }
                if isRefused(name, integration.type.value) {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.refusedHeader,
                            "header '\(name)' may not be mapped; a request for which the mapping has a value is answered 500",
                            at: mapping.destination.span))
                } else if isDropped(name, integration.type.value) {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.droppedHeader,
                            "header '\(name)' is dropped and does not reach the backend",
                            at: mapping.destination.span))
                }
            }
            for mapping in integration.responses.flatMap(\.responseParameters) {
                guard let name = header(mapping, "method.response.header.") else { continue }
                let lower = name.lowercased()
                if lower == "transfer-encoding" {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.droppedHeader,
                            "header '\(name)' is dropped and does not reach the client",
                            at: mapping.destination.span))
                } else if remapped.contains(lower) {
                    diagnostics.append(
                        Diagnostic(
                            ImportDiagnostics.droppedHeader,
                            "header '\(name)' reaches the client as 'x-amzn-Remapped-\(name)'",
                            at: mapping.destination.span))
                }
            }
        }
        return diagnostics
    }

    private static func header(_ mapping: ParameterMapping, _ prefix: String) -> String? {
        let destination = mapping.destination.value
        return destination.hasPrefix(prefix) ? String(destination.dropFirst(prefix.count)) : nil
    }

    private static func isRefused(_ name: String, _ type: IntegrationType) -> Bool {
        switch name.lowercased() {
        case "content-length", "transfer-encoding": true
        // Unconfirmed: those that the gateway always sets itself.
        case "x-amzn-trace-id", "x-amzn-apigateway-api-id": true
        case "authorization", "connection", "expect", "proxy-authenticate", "te": type == .aws || type == .awsProxy
        default: false
        }
    }

    private static func isDropped(_ name: String, _ type: IntegrationType) -> Bool {
        switch name.lowercased() {
        case "expect", "proxy-authenticate", "te", "via", "connection": type == .http || type == .httpProxy
        case "referer": type == .aws
        default: false
        }
    }

    private static let remapped: Set<String> = [
        "authorization", "connection", "content-length", "content-md5", "date", "expect", "host", "max-forwards",
        "proxy-authenticate", "server", "trailer", "upgrade", "user-agent", "www-authenticate",
    ]
}
