internal import PorticoSyntax

// Authorizers of HTTP APIs: `request` and `jwt`.
//
// Source: reference, 1.9, 1.10 and 1.14; API Gateway v2 API reference, CreateAuthorizer.
extension AuthorizerExtension {
    /// Audiences of one authorizer. Source: API Gateway quotas, HTTP APIs.
    private static let mostAudiences = 50
    private static let discoveryPath = "/.well-known/openid-configuration"

    static func readHTTP(
        _ mapping: Mapping, into authorizer: Authorizer, scheme: Mapping, _ context: ImporterContext
    ) -> Authorizer? {
        var authorizer = authorizer
        authorizer.identitySource = mapping.present("identitySource").flatMap {
            context.strictLocated($0, "'identitySource'")
        }
        switch authorizer.type.value {
        case .request: readFunction(mapping, into: &authorizer, context)
        case .jwt:
            guard readToken(mapping, into: &authorizer, scheme: scheme, context) else { return nil }
        case .token, .cognitoUserPools:
            let isPool = authorizer.type.value == .cognitoUserPools
            context.reader.report(
                HTTPAccessDiagnostics.authorizerType,
                "HTTP APIs have no authorizers of type '\(authorizer.type.value.rawValue.lowercased())'; expected "
                    + "'request' or 'jwt'", at: authorizer.type.span,
                fixIt: .init(
                    hint: isPool
                        ? "write 'type: jwt' with the pool's issuer and its app clients as audiences"
                        : "write 'type: request' with 'identitySource: $request.header.Authorization'"))
            return nil
        }
        warnAboutOthers(mapping, authorizer.type.value, context)
        return authorizer
    }

    // MARK: Functions

    private static func readFunction(
        _ mapping: Mapping, into authorizer: inout Authorizer, _ context: ImporterContext
    ) {
        authorizer.authorizerURI = context.positioned(mapping.present("authorizerUri"), "'authorizerUri'")
        if mapping.present("authorizerUri") == nil { reportMissing("authorizerUri", authorizer, context) }
        authorizer.authorizerCredentials = IntegrationExtension.dropping(mapping, "authorizerCredentials", context)
        authorizer.resultTTLSeconds = context.integer(mapping, "authorizerResultTtlInSeconds", in: 0...3600)
        authorizer.enableSimpleResponses = context.boolean(mapping, "enableSimpleResponses")
        readFormat(mapping, into: &authorizer, context)
        let sources = authorizer.identitySource.map { split($0.value) } ?? []
        if let written = authorizer.identitySource { check(sources, of: authorizer, at: written.span, context) }
        if let ttl = authorizer.resultTTLSeconds, ttl.value > 0, sources.isEmpty {
            context.reader.report(
                HTTPAccessDiagnostics.authorizerMember,
                "results of authorizer '\(authorizer.name.value)' cannot be kept without an 'identitySource', by which "
                    + "they are found again", at: ttl.span,
                fixIt: .init(hint: "add 'identitySource: $request.header.Authorization'"))
        }
    }

    private static func readFormat(
        _ mapping: Mapping, into authorizer: inout Authorizer, _ context: ImporterContext
    ) {
        guard let node = mapping.present("authorizerPayloadFormatVersion") else {
            reportMissing("authorizerPayloadFormatVersion", authorizer, context, hint: "write '2.0' or '1.0'")
            return
        }
        guard let version = context.located(node, "'authorizerPayloadFormatVersion'") else { return }
        // YAML reads 2.0 as a number, and some writers of numbers make 2 of it.
        let formats = ["1": "1.0", "2": "2.0", "1.0": "1.0", "2.0": "2.0"]
        guard let format = formats[version.value] else {
            if !context.unresolved.touches(node.span) {
                context.reader.unknownWord(
                    version.value, ["1.0", "2.0"], "'authorizerPayloadFormatVersion'", at: node.span, severity: .error)
            }
            return
        }
        authorizer.payloadFormatVersion = format
        if authorizer.enableSimpleResponses == true, format != "2.0" {
            context.reader.report(
                HTTPAccessDiagnostics.authorizerMember,
                "simple responses of authorizer '\(authorizer.name.value)' need payload format 2.0",
                at: mapping.member("enableSimpleResponses")?.value.span ?? node.span,
                fixIt: .init("write '2.0'", replace: node.span, with: "'2.0'"))
        }
    }

    /// Sources of a comma-separated list; blanks around them do not count.
    private static func split(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { part in String(part.filter { $0 != " " }) }
            .filter { !$0.isEmpty || text.contains(",") }
    }

    private static let headerSource = "$request.header."
    private static let querySource = "$request.querystring."

    private static func check(
        _ sources: [String], of authorizer: Authorizer, at span: SourceSpan, _ context: ImporterContext
    ) {
        let prefixes = [headerSource, querySource, "$context.", "$stageVariables."]
        for source in sources {
            guard !prefixes.contains(where: { source.hasPrefix($0) && source.utf8.count > $0.utf8.count }) else {
                continue
            }
            let hint = source.hasPrefix("method.request.") ? "write '$\(source.dropFirst("method.".count))'" : nil
            context.reader.report(
                ImportDiagnostics.identitySource,
                "'\(source)' is no identity source of an HTTP API; expected '$request.header.NAME', "
                    + "'$request.querystring.NAME', '$context.NAME' or '$stageVariables.NAME'", at: span,
                fixIt: hint.map { .init(hint: $0) })
        }
    }

    // MARK: Tokens

    private static func readToken(
        _ mapping: Mapping, into authorizer: inout Authorizer, scheme: Mapping, _ context: ImporterContext
    ) -> Bool {
        let reader = context.reader
        let configuration = mapping.present("jwtConfiguration").flatMap { reader.mapping($0, "'jwtConfiguration'") }
        if let configuration {
            reader.checkMembers(configuration, known: ["issuer", "audience"], "'jwtConfiguration'")
            authorizer.jwtAudiences = context.strings(configuration, "audience").filter { !$0.value.isEmpty }
            authorizer.jwtIssuer = configuration.present("issuer").flatMap { context.strictLocated($0, "'issuer'") }
        }
        if authorizer.jwtIssuer == nil, let node = scheme.present("openIdConnectUrl"),
            let url = context.strictLocated(node, "'openIdConnectUrl'")
        {
            // Source: API Gateway guide, "x-amazon-apigateway-authorizer object", the examples of JWT authorizers.
            let text = url.value
            let issuer = text.hasSuffix(discoveryPath) ? String(text.dropLast(discoveryPath.count)) : text
            authorizer.jwtIssuer = Located(issuer, at: url.span)
        }
        var isWhole = true
        if let issuer = authorizer.jwtIssuer {
            if TokenAddress(issuer.value) == nil, !context.unresolved.touches(issuer.span) {
                reader.report(
                    HTTPAccessDiagnostics.issuer,
                    "issuer '\(issuer.value)' of authorizer '\(authorizer.name.value)' is no https URL", at: issuer.span
                )
                isWhole = false
            }
        } else {
            reportMissing("jwtConfiguration.issuer", authorizer, context)
            isWhole = false
        }
        if authorizer.jwtAudiences.isEmpty {
            reportMissing(
                "jwtConfiguration.audience", authorizer, context,
                hint: "name whom tokens must be for, of which one must be in 'aud' or be the 'client_id'")
            isWhole = false
        } else if authorizer.jwtAudiences.count > mostAudiences {
            reader.report(
                ImportDiagnostics.outOfRange,
                "authorizer '\(authorizer.name.value)' has \(authorizer.jwtAudiences.count) audiences; API Gateway takes "
                    + "\(mostAudiences)", at: authorizer.jwtAudiences[mostAudiences].span, severity: .warning)
        }
        return readTokenSource(authorizer, context) && isWhole
    }

    private static func readTokenSource(_ authorizer: Authorizer, _ context: ImporterContext) -> Bool {
        guard let source = authorizer.identitySource else {
            reportMissing(
                "identitySource", authorizer, context, hint: "write 'identitySource: $request.header.Authorization'")
            return false
        }
        let sources = split(source.value)
        let isOne =
            sources.count == 1
            && [headerSource, querySource].contains {
                sources[0].hasPrefix($0) && sources[0].utf8.count > $0.utf8.count
            }
        guard isOne else {
            context.reader.report(
                ImportDiagnostics.identitySource,
                "'\(source.value)' is no source of a token; expected one '$request.header.NAME' or "
                    + "'$request.querystring.NAME'", at: source.span,
                fixIt: .init(hint: "write '$request.header.Authorization'"))
            return false
        }
        return true
    }

    // MARK: Reports

    private static func reportMissing(
        _ member: String, _ authorizer: Authorizer, _ context: ImporterContext, hint: String? = nil
    ) {
        context.reader.report(
            ImportDiagnostics.authorizerIncomplete,
            "authorizer '\(authorizer.name.value)' of type '\(authorizer.type.value.rawValue)' has no '\(member)'",
            at: authorizer.type.span, fixIt: hint.map { .init(hint: $0) })
    }

    private static func warnAboutOthers(_ mapping: Mapping, _ type: AuthorizerType, _ context: ImporterContext) {
        let ofFunctions = [
            "authorizerUri", "authorizerCredentials", "authorizerResultTtlInSeconds", "authorizerPayloadFormatVersion",
            "enableSimpleResponses",
        ]
        let others =
            ["identityValidationExpression", "providerARNs"] + (type == .jwt ? ofFunctions : ["jwtConfiguration"])
        for key in others {
            guard let member = mapping.member(key) else { continue }
            context.reader.report(
                ImportDiagnostics.ignoredMember,
                "'\(key)' is ignored: it is no member of a '\(type.rawValue.lowercased())' authorizer of an HTTP API",
                at: member.keySpan)
        }
    }
}
