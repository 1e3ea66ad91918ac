internal import PorticoSyntax

/// CORS settings hold origins, verbs and names of headers, and credentials go with named origins only.
/// *Source:* API Gateway guide, "Configure CORS for HTTP APIs in API Gateway"; Fetch standard, "CORS protocol".
enum CORSRule: Rule {
    static let documentation =
        "Origins of CORS are 'SCHEME://HOST[:PORT]', '*', 'https://*' or 'http://*'; '*' does not go with credentials."

    /// Verbs that a route can have.
    private static let verbs: Set<String> = Set(MethodVerb.allCases.map(\.rawValue).filter { $0 != "ANY" } + ["*"])

    static func check(_ api: APIDescription) -> [Diagnostic] {
        guard let cors = api.cors else { return [] }
        var diagnostics: [Diagnostic] = []
        for origin in cors.allowOrigins {
            guard let problem = problem(ofOrigin: origin.value) else { continue }
            diagnostics.append(Diagnostic(HTTPAPIDiagnostics.cors, problem, at: origin.span))
        }
        if cors.allowCredentials?.value == true, let star = cors.allowOrigins.first(where: { $0.value == "*" }) {
            // Unconfirmed: the text of API Gateway's refusal.
            diagnostics.append(
                Diagnostic(
                    HTTPAPIDiagnostics.cors, "'allowCredentials' does not go with the origin '*'", at: star.span,
                    notes: [.init("credentials are allowed here", at: cors.allowCredentials?.span)],
                    fixIt: .init(hint: "name the origins, or write 'https://*'")))
        }
        for verb in cors.allowMethods where !verbs.contains(verb.value) {
            diagnostics.append(
                Diagnostic(
                    HTTPAPIDiagnostics.cors,
                    verbs.contains(verb.value.uppercased())
                        ? "verb '\(verb.value)' of 'allowMethods' must be in capital letters"
                        : "'\(verb.value)' of 'allowMethods' is no verb of an HTTP API",
                    at: verb.span,
                    fixIt: verbs.contains(verb.value.uppercased())
                        ? .init("write '\(verb.value.uppercased())'", replace: verb.span, with: verb.value.uppercased())
                        : nil))
        }
        for (key, names) in [("allowHeaders", cors.allowHeaders), ("exposeHeaders", cors.exposeHeaders)] {
            for name in names where !isFieldName(name.value) {
                diagnostics.append(
                    Diagnostic(
                        HTTPAPIDiagnostics.cors, "\(quoted(name.value)) of '\(key)' is no name of a header",
                        at: name.span))
            }
        }
        if cors.allowOrigins.isEmpty {
            diagnostics.append(
                Diagnostic(
                    HTTPAPIDiagnostics.corsIgnored,
                    "'\(CORSExtension.key)' allows no origin; no answer has CORS headers",
                    at: cors.key.span,
                    fixIt: .init(hint: "add 'allowOrigins'")))
        }
        return diagnostics
    }

    /// What is wrong with an origin. Source: RFC 6454, section 6.2: scheme, host and port, nothing else.
    private static func problem(ofOrigin origin: String) -> String? {
        if ["*", "https://*", "http://*"].contains(origin) { return nil }
        guard let colon = origin.utf8.firstIndex(of: UInt8(ascii: ":")), origin[colon...].hasPrefix("://") else {
            return "origin '\(origin)' has no scheme; expected 'https://\(origin)'"
        }
        let scheme = origin[..<colon]
        let rest = origin[colon...].dropFirst(3)
        guard ASCII.consists(String(scheme), of: "+-.") else {
            return "origin '\(origin)' has no scheme"
        }
        guard !rest.isEmpty else { return "origin '\(origin)' has no host" }
        if rest.utf8.contains(UInt8(ascii: "/")) { return "origin '\(origin)' has a path; browsers send none" }
        if rest.utf8.contains(UInt8(ascii: "*")) {
            return "origin '\(origin)' has a star within a host; expected an origin, '*', 'https://*' or 'http://*'"
        }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "\(quoted(origin)) is no origin" }
        return nil
    }

    /// Source: RFC 9110, section 5.6.2, `token`.
    private static func isFieldName(_ name: String) -> Bool {
        ASCII.isToken(name)
    }
}
