internal import PorticoSyntax

/// `x-amazon-apigateway-authorizer` of a security scheme.
///
/// Observed: each scheme that carries it makes an authorizer, used or not; for TOKEN and Cognito the identity source is
/// always the scheme's own header.
enum AuthorizerExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-authorizer", in: [.securityScheme], of: [.rest, .http, .webSocket],
        "A Lambda, Cognito or JWT authorizer that methods use by the name of its security scheme.")

    private static let members: Set<String> = [
        "type", "authorizerUri", "authorizerCredentials", "identitySource", "identityValidationExpression",
        "authorizerResultTtlInSeconds", "providerARNs", "authorizerPayloadFormatVersion", "enableSimpleResponses",
        "jwtConfiguration",
    ]

    /// - Parameter scheme: the security scheme around it.
    static func read(
        _ node: Node, name: Located<String>, header: String?, scheme: Mapping, _ context: ImporterContext
    ) -> Authorizer? {
        let reader = context.reader
        guard let mapping = reader.mapping(node, "'\(key)'") else { return nil }
        reader.checkMembers(mapping, known: members, "the authorizer")
        guard let typeNode = mapping.present("type") else {
            let types =
                context.protocolType == .http ? "'request' or 'jwt'" : "'token', 'request' or 'cognito_user_pools'"
            reader.report(
                ImportDiagnostics.authorizerIncomplete,
                "authorizer '\(name.value)' has no 'type'; expected \(types)", at: name.span)
            return nil
        }
        guard
            let type: Located<AuthorizerType> = IntegrationExtension.choice(
                typeNode, "the authorizer's 'type'", context)
        else { return nil }
        var authorizer = Authorizer(name: name, type: type)
        authorizer.schemeHeader = header ?? "Authorization"
        if context.protocolType == .http {
            return readHTTP(mapping, into: authorizer, scheme: scheme, context)
        }
        authorizer.authorizerURI = context.positioned(mapping.present("authorizerUri"), "'authorizerUri'")
        authorizer.authorizerCredentials = IntegrationExtension.dropping(mapping, "authorizerCredentials", context)
        authorizer.resultTTLSeconds = context.integer(mapping, "authorizerResultTtlInSeconds", in: 0...3600)
        authorizer.providerARNs = context.strings(mapping, "providerARNs")
        readIdentity(mapping, header: header, into: &authorizer, context)
        warnAboutHTTPMembers(mapping, context)
        checkCompleteness(authorizer, mapping, context)
        return authorizer
    }

    private static func readIdentity(
        _ mapping: Mapping, header: String?, into authorizer: inout Authorizer, _ context: ImporterContext
    ) {
        let reader = context.reader
        let source = mapping.present("identitySource")
        switch authorizer.type.value {
        case .request, .jwt:
            authorizer.identitySource = source.flatMap { context.strictLocated($0, "'identitySource'") }
            if authorizer.type.value == .request, let source = authorizer.identitySource {
                checkSources(source, context)
            }
        case .token, .cognitoUserPools:
            let own = "method.request.header.\(authorizer.schemeHeader)"
            if let source, let text = context.strictLocated(source, "'identitySource'"), text.value != own {
                reader.report(
                    ImportDiagnostics.ignoredMember,
                    "'identitySource' is ignored: authorizers of this type read '\(own)', the header of the scheme",
                    at: source.span)
            }
            authorizer.identitySource = Located(own, at: source?.span ?? authorizer.name.span)
        }
        if let node = mapping.present("identityValidationExpression") {
            if authorizer.type.value == .token || authorizer.type.value == .cognitoUserPools {
                authorizer.identityValidationExpression = context.positioned(node, "'identityValidationExpression'")
            } else {
                reader.report(
                    ImportDiagnostics.ignoredMember,
                    "'identityValidationExpression' is ignored: only 'token' and Cognito authorizers use it",
                    at: node.span)
            }
        }
    }

    private static func checkSources(_ sources: Located<String>, _ context: ImporterContext) {
        for part in sources.value.split(separator: ",", omittingEmptySubsequences: false) {
            let source = String(part.filter { $0 != " " })
            let request = context.protocolType == .webSocket ? "route.request" : "method.request"
            let prefixes = ["\(request).header.", "\(request).querystring.", "context.", "stageVariables."]
            guard !prefixes.contains(where: { source.hasPrefix($0) && source.utf8.count > $0.utf8.count }) else {
                continue
            }
            context.reader.report(
                ImportDiagnostics.identitySource,
                "'\(source)' is no identity source; expected '\(request).header.NAME', "
                    + "'\(request).querystring.NAME', 'context.NAME' or 'stageVariables.NAME'", at: sources.span)
        }
    }

    private static func warnAboutHTTPMembers(_ mapping: Mapping, _ context: ImporterContext) {
        for key in ["authorizerPayloadFormatVersion", "enableSimpleResponses", "jwtConfiguration"] {
            guard let member = mapping.member(key) else { continue }
            context.reader.report(
                ImportDiagnostics.ignoredMember, "'\(key)' belongs to HTTP APIs and is ignored", at: member.keySpan)
        }
    }

    private static func checkCompleteness(
        _ authorizer: Authorizer, _ mapping: Mapping, _ context: ImporterContext
    ) {
        let name = authorizer.name.value
        func missing(_ member: String, _ severity: DiagnosticSeverity = .error) {
            context.reader.report(
                ImportDiagnostics.authorizerIncomplete,
                "authorizer '\(name)' of type '\(authorizer.type.value.rawValue)' has no '\(member)'",
                at: authorizer.type.span, severity: severity)
        }
        if context.protocolType == .webSocket {
            guard authorizer.type.value == .request else {
                context.reader.report(
                    WebSocketDiagnostics.authorizer,
                    "WebSocket APIs have no authorizers of type '\(authorizer.type.value.rawValue.lowercased())'; expected "
                        + "'request'", at: authorizer.type.span)
                return
            }
            if let ttl = mapping.member("authorizerResultTtlInSeconds") {
                context.reader.report(
                    ImportDiagnostics.ignoredMember,
                    "'\(ttl.key)' has no effect: a connection is authorized once, and results are not kept",
                    at: ttl.keySpan)
            }
            if mapping.present("authorizerUri") == nil { missing("authorizerUri") }
            return
        }
        switch authorizer.type.value {
        case .token, .request:
            if mapping.present("authorizerUri") == nil { missing("authorizerUri") }
            // Without caching a REQUEST authorizer needs no source; with it the source is the key.
            if authorizer.type.value == .request, mapping.present("identitySource") == nil,
                authorizer.resultTTLSeconds?.value ?? 300 > 0
            {
                missing("identitySource", .warning)
            }
        case .cognitoUserPools:
            guard let node = mapping.present("providerARNs") else {
                missing("providerARNs")
                break
            }
            // An empty list names no pool. What is there and cannot be read was reported where it stands.
            if node.sequence?.isEmpty == true { missing("providerARNs") }
        case .jwt:
            context.reader.report(
                ImportDiagnostics.unknownValue, "REST APIs have no 'jwt' authorizers", at: authorizer.type.span)
        }
    }
}
