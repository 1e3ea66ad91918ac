internal import PorticoSyntax

/// Every integration but MOCK has an address of its kind.
/// *Source:* reference "x-amazon-apigateway-integration", `uri`, and recorded answers of PutIntegration.
enum IntegrationURIRule: Rule {
    static let documentation = "HTTP integrations have an absolute http or https URL, AWS integrations an ARN."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            guard let problem = check(integration) else { return }
            diagnostics.append(problem)
        }
        return diagnostics
    }

    static func check(_ integration: Integration) -> Diagnostic? {
        let type = integration.type.value
        guard type != .mock, let uri = integration.uri else { return nil }
        let text = uri.value.string
        // What stands in for the beginning of an address is only known at run time.
        guard integration.unresolvedParameters.isEmpty, !text.hasPrefix("${") else { return nil }
        return type == .http || type == .httpProxy ? checkURL(text, uri.span) : checkARN(text, type, uri.span)
    }

    private static func checkURL(_ text: String, _ span: SourceSpan) -> Diagnostic? {
        func problem(_ message: String) -> Diagnostic {
            Diagnostic(
                ImportDiagnostics.integrationEndpoint, "\(message); requests are answered 500", at: span,
                notes: [.init("API Gateway answers: Invalid HTTP endpoint specified for URI")])
        }
        guard let address = HTTPAddress(text) else {
            return problem("'\(text)' is no absolute http or https URL")
        }
        // Source: reference: "ports 80, 443 or > 1024". Placeholders are not judged.
        if let port = address.port, port != 80, port != 443, !(1025...65535).contains(port) {
            return problem("port \(port) of '\(text)' is refused; API Gateway calls 80, 443 and 1025 to 65535")
        }
        return nil
    }

    private static func checkARN(_ text: String, _ type: IntegrationType, _ span: SourceSpan) -> Diagnostic? {
        let invalid = "API Gateway answers: Invalid ARN specified in the request"
        guard text.hasPrefix("arn:") else {
            if HTTPAddress(text) != nil {
                return Diagnostic(
                    ImportDiagnostics.integrationEndpoint,
                    "an integration of type '\(type.rawValue)' needs an ARN, not a URL; requests are answered 500",
                    at: span, notes: [.init(invalid)], fixIt: .init(hint: "write 'type: http_proxy' for a URL"))
            }
            return error("'\(text)' is no ARN; expected 'arn:aws:apigateway:REGION:SERVICE:path/...'", span, invalid)
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, !parts[1].isEmpty, parts[2] == "apigateway", !parts[4].isEmpty else {
            let advice = text.contains(":lambda:") ? "the function's ARN belongs inside it" : "see 'uri' in the guide"
            return error("'\(text)' is no ARN of 'apigateway'; \(advice)", span, invalid)
        }
        guard parts[5].hasPrefix("path/") || parts[5].hasPrefix("action/") else {
            return error(
                "'\(text)' must name a 'path/' or an 'action/'", span,
                "API Gateway answers: AWS ARN for integration must contain path or action")
        }
        let service = parts[4].split(separator: ".").last.map(String.init) ?? ""
        if type == .awsProxy, service != "lambda", service != "firehose" {
            return error(
                "'AWS_PROXY' integrates Lambda and Firehose only, not '\(service)'; expected type 'AWS'", span,
                "API Gateway answers: Integrations of type 'AWS_PROXY' currently only supports Lambda function and "
                    + "Firehose stream invocations.")
        }
        return nil
    }

    private static func error(_ message: String, _ span: SourceSpan, _ note: String) -> Diagnostic {
        Diagnostic(ImportDiagnostics.integrationURI, message, at: span, notes: [.init(note)])
    }
}

/// The parts of an absolute http or https URL that are judged at import; `${..}` and `{..}` may stand anywhere after
/// the scheme.
struct HTTPAddress {
    /// Port, if it is written in digits.
    var port: Int?

    /// Parses; `nil` if the text is no absolute http or https URL with a host.
    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        let rest: Substring
        if lower.hasPrefix("http://") {
            rest = text.dropFirst(7)
        } else if lower == "https://" {
            rest = text.dropFirst(8)
        } else {
            return nil
        }
        let authority = Self.authority(rest)
        guard !authority.isEmpty, !authority.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        if authority.utf8.contains(UInt8(ascii: "}")) || authority.utf8.last == UInt8(ascii: "]") { return }
        guard let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")) else { return }
        guard colon > authority.startIndex, let port = Int(authority[colon...].dropFirst()) else { return nil }
        self.port = port
    }

    /// Whether a text is an absolute http or https URL.
    static func isAbsolute(_ text: String) -> Bool { HTTPAddress(text) != nil }

    /// Everything before the first `/`, `?` or `#` that stands in no braces.
    private static func authority(_ rest: Substring) -> Substring {
        var depth = 0
        for index in rest.utf8.indices {
            switch rest.utf8[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"):
                if depth <= 0 { return rest[..<index] }
            default: break
            }
        }
        return rest
    }
}
