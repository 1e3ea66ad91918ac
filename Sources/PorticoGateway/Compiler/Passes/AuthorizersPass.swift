internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Authorizers with the calls of their functions, the values that they ask for, and the patterns of their tokens.
enum AuthorizersPass {
    /// Source: API Gateway guide, "Lambda authorizers": results are kept five minutes unless told otherwise.
    private static let defaultTTLSeconds = 300
    /// Source: API Gateway quotas, integration timeout, which is that of authorizers too.
    private static let timeoutMilliseconds = 29_000
    /// Source: API Gateway quotas of HTTP APIs.
    private static let httpTimeoutMilliseconds = 10_000

    static func run(_ context: inout LoweringContext) {
        for authorizer in context.description.authorizers {
            guard let program = lower(authorizer, &context) else { continue }
            context.authorizers[authorizer.name.value] = context.parts.access.authorizers.count
            context.parts.access.authorizers.append(program)
        }
    }

    private static func lower(_ authorizer: Authorizer, _ context: inout LoweringContext) -> AuthorizerProgram? {
        let isHTTP = context.description.protocolType == .http
        let kind: AuthorizerProgram.Kind
        switch authorizer.type.value {
        case .token: kind = .token
        case .request: kind = .request
        case .cognitoUserPools: kind = .cognitoUserPools
        // The importer refuses it in a REST API.
        case .jwt:
            guard isHTTP else { return nil }
            kind = .jwt
        }
        var program = AuthorizerProgram(
            name: authorizer.name.value,
            id: StableHash.base36(Array((context.description.apiID + authorizer.name.value).utf8), length: 6),
            kind: kind, sources: sources(authorizer, kind, context),
            ttlSeconds: ttlSeconds(authorizer, context),
            providers: kind == .jwt
                ? [authorizer.jwtIssuer?.value ?? ""] : authorizer.providerARNs.map(\.value),
            audiences: authorizer.jwtAudiences.map(\.value))
        if isHTTP { program.format = format(authorizer) }
        if let pattern = authorizer.identityValidationExpression {
            // Reported; methods of an authorizer that is not there deny, which is what `--lenient` leaves.
            guard let index = context.pattern(pattern.value) else { return nil }
            program.validation = index
        }
        if !kind.readsTokens { program.function = function(authorizer, &context) }
        return program
    }

    private static func ttlSeconds(_ authorizer: Authorizer, _ context: LoweringContext) -> Int {
        switch context.description.protocolType {
        case .rest: authorizer.resultTTLSeconds?.value ?? defaultTTLSeconds
        // Source: reference, 1.10: without a time results are not kept.
        case .http: authorizer.resultTTLSeconds?.value ?? 0
        // Source: reference 2.4: results of WebSocket APIs are not kept.
        case .webSocket: 0
        }
    }

    private static func format(_ authorizer: Authorizer) -> AuthorizerProgram.Format {
        guard authorizer.payloadFormatVersion != "1.0" else { return .http1 }
        return authorizer.enableSimpleResponses == true ? .http2Simple : .http2
    }

    private static func function(_ authorizer: Authorizer, _ context: inout LoweringContext) -> Int {
        let uri = authorizer.authorizerURI?.value.string ?? ""
        context.parts.integrations.append(
            IntegrationProgram(
                kind: .awsProxy, text: "authorizer \(authorizer.name.value) \(uri)", httpMethod: "POST",
                uri: UriTemplate(uri),
                timeoutMilliseconds: context.description.protocolType == .http
                    ? httpTimeoutMilliseconds : timeoutMilliseconds, passthroughBehavior: .whenNoMatch,
                contentHandling: nil, requestTemplates: [], requestMappings: [], responses: [], defaultResponse: nil,
                skipsCertificateAuthority: false,
                credentials: authorizer.authorizerCredentials.map { UriTemplate($0.value) }))
        return context.parts.integrations.count - 1
    }

    /// What a caller is told by. Source: reference, "Lambda authorizers (REST)" (3.4).
    private static func sources(
        _ authorizer: Authorizer, _ kind: AuthorizerProgram.Kind, _ context: LoweringContext
    ) -> [AuthorizerProgram.Source] {
        guard kind == .request || kind == .jwt else { return [.header(authorizer.schemeHeader)] }
        let texts = authorizer.identitySource?.value.split(separator: ",") ?? []
        return texts.compactMap { text in
            let source = text.filter { $0 != " " }
            func rest(_ prefix: String) -> String? {
                source.hasPrefix(prefix) ? String(source.dropFirst(prefix.count)) : nil
            }
            // Those of WebSocket APIs begin with `route`.
            if let name = rest("method.request.header.") ?? rest("route.request.header.") { return .header(name) }
            if let name = rest("method.request.querystring.") ?? rest("route.request.querystring.") {
                return .query(name)
            }
            if let name = rest("stageVariables.") { return .value(context.stageVariable(name)) }
            if let name = rest("context.") { return .value(context.contextVariable(name)) }
            // Of HTTP APIs. Which of two tokens counts is for nobody to guess; a function may look at all.
            if let name = rest("$request.header.") { return kind == .jwt ? .header(name) : .joinedHeader(name) }
            if let name = rest("$request.querystring.") { return kind == .jwt ? .query(name) : .joinedQuery(name) }
            if let name = rest("$stageVariables.") { return .value(context.stageVariable(name)) }
            if let name = rest("$context.") { return .value(context.contextVariable(name)) }
            // The importer has reported it.
            return nil
        }
    }
}
