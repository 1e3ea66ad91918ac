internal import PorticoSyntax

extension ImporterContext {
    /// Reads `swagger` or `openapi`; `false` if the document is none that can be read.
    func readVersion() -> Bool {
        if let member = root.member("openapi") {
            guard let text = versionText(member.value, "'openapi'") else { return false }
            if text == "3.0" || text == "3" || text.hasPrefix("3.0.") {
                dialect = .openAPI30
            } else if text == "3.1" || text.hasPrefix("3.1.") {
                dialect = .openAPI31
                reader.report(
                    ImportDiagnostics.versionRefused, "API Gateway refuses OpenAPI \(text); it imports 2.0 and 3.0",
                    at: member.value.span, fixIt: .init(hint: "write 'openapi: 3.0.3' if nothing of 3.1 is used"))
            } else {
                return unsupportedVersion(text, member)
            }
            if let other = root.member("swagger") {
                reader.report(
                    ImportDiagnostics.unknownKey, "'swagger' beside 'openapi' is ignored", at: other.keySpan)
            }
            return true
        }
        if let member = root.member("swagger") {
            guard let text = versionText(member.value, "'swagger'") else { return false }
            guard text == "2.0" || text == "2" else { return unsupportedVersion(text, member) }
            dialect = .swagger2
            return true
        }
        reader.report(
            ImportDiagnostics.versionMissing, "the document has neither 'openapi' nor 'swagger'",
            at: rootSpan, notes: [.init("API Gateway answers: Invalid OpenAPI input.")],
            fixIt: .init(hint: "add 'openapi: 3.0.1'"))
        return false
    }

    private var rootSpan: SourceSpan {
        root.members.first?.keySpan ?? .none
    }

    private func versionText(_ node: Node, _ what: String) -> String? {
        if let text = reader.string(node, what) { return text }
        // A value that counts as absent is a warning elsewhere; here nothing is left of the document.
        if !reader.diagnostics.hasErrors {
            reader.report(
                ImportDiagnostics.versionMissing, "\(what) has no value that can be read", at: node.span,
                fixIt: .init(hint: "write '3.0.1'"))
        }
        return nil
    }

    private func unsupportedVersion(_ text: String, _ member: Mapping.Member) -> Bool {
        reader.report(
            ImportDiagnostics.versionUnsupported,
            "unsupported \(member.key) version '\(text)'; expected Swagger 2.0 or OpenAPI 3.0 or 3.1",
            at: member.value.span, notes: [.init("API Gateway answers: Invalid OpenAPI input.")])
        return false
    }

    /// Finds out which kind of API the document describes.
    func readProtocol() {
        var reason: (text: String, span: SourceSpan)?
        if let node = root.present(ProtocolExtension.key) {
            guard let explicit = ProtocolExtension.read(node, self) else { return }
            protocolType = explicit
            reason = ("'\(ProtocolExtension.key)' says \(explicit.rawValue)", node.span)
        } else if root.member(WebSocketExtension.key) != nil {
            protocolType = .webSocket
        } else if let found = httpOnlyKey() {
            protocolType = .http
            reason = found
        }
        guard protocolType == .http, dialect == .swagger2, let reason else { return }
        // Source: API Gateway guide, "Working with OpenAPI definitions for HTTP APIs": OpenAPI 3.0 only.
        reader.report(
            HTTPAPIDiagnostics.version,
            "an HTTP API is imported from OpenAPI 3.0 only, not Swagger 2.0: \(reason.text)", at: reason.span,
            fixIt: .init(
                hint: "write the file as 'openapi: 3.0.1', or '\(ProtocolExtension.key): REST' for a REST API"))
    }

    /// A key that only HTTP APIs have, or a `/$default` path.
    private func httpOnlyKey() -> (text: String, span: SourceSpan)? {
        for key in [CORSExtension.key, ImportExportVersionExtension.key] {
            if let member = root.member(key) { return ("'\(key)' belongs to HTTP APIs", member.keySpan) }
        }
        if let member = components?.member(IntegrationsExtension.key) {
            return ("'\(member.key)' belongs to HTTP APIs", member.keySpan)
        }
        let schemes =
            dialect == .swagger2 ? root.present("securityDefinitions") : components?.present("securitySchemes")
        for scheme in schemes?.mapping?.members ?? [] {
            let authorizer = scheme.value[AuthorizerExtension.key]
            if let type = authorizer?["type"], type.scalar?.text.string.lowercased() == "jwt" {
                return ("JWT authorizers belong to HTTP APIs", type.span)
            }
        }
        for path in root.present("paths")?.mapping?.members ?? [] {
            if path.key == "/$default" || path.key == "$default" {
                return ("the path '\(path.key)' belongs to HTTP APIs", path.keySpan)
            }
            for operation in path.value.mapping?.members ?? [] {
                guard let mapping = operation.value.mapping else { continue }
                if let member = mapping.member("isDefaultRoute") {
                    return ("'isDefaultRoute' belongs to HTTP APIs", member.keySpan)
                }
                if let member = mapping[IntegrationExtension.key]?.mapping?.member("integrationSubtype") {
                    return ("'integrationSubtype' belongs to HTTP APIs", member.keySpan)
                }
            }
        }
        return nil
    }
}
