internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Integrations with their templates, mappings and responses.
enum IntegrationLowering {
    /// Source: API Gateway quotas, integration timeout.
    private static let defaultTimeoutMilliseconds = 29_000

    static func lower(_ method: Method, path: String, _ context: inout LoweringContext) -> IntegrationProgram {
        let isWebSocket = context.description.protocolType == .webSocket
        let place = isWebSocket ? "route \(path)" : "\(method.verb.value.rawValue) \(path)"
        guard let integration = method.integration else {
            // The importer warns; invocation fails as on API Gateway.
            return unsupported("no integration is defined for \(place)", text: "none")
        }
        let text = summary(integration)
        if let reason = unsupportedReason(integration, place: place, &context) {
            return unsupported(reason, text: text)
        }
        let kind: IntegrationProgram.Kind =
            switch integration.type.value {
            case .mock: .mock
            case .http: .http
            case .httpProxy: .httpProxy
            case .aws: .aws
            case .awsProxy: .awsProxy
            }
        var program = IntegrationProgram(
            kind: kind, text: text, httpMethod: verb(integration), uri: nil,
            timeoutMilliseconds: integration.timeoutMilliseconds?.value ?? defaultTimeoutMilliseconds,
            passthroughBehavior: integration.passthroughBehavior.value,
            contentHandling: integration.contentHandling?.value,
            requestTemplates: [], requestMappings: [], responses: [], defaultResponse: nil,
            skipsCertificateAuthority: integration.tlsConfig?.insecureSkipVerification ?? false,
            credentials: integration.credentials.map { UriTemplate($0.value) })
        // The importer warns where others ask for it.
        program.streams =
            integration.responseTransferMode.value == .stream && (kind == .httpProxy || kind == .awsProxy)
            && !isWebSocket
        if kind == .http || kind == .httpProxy { program.vpcLink = vpcLink(integration, context) }
        if kind != .mock { lowerURI(integration, place: place, &program, &context) }
        program.requestMappings = integration.requestParameters.compactMap {
            mapping($0, side: .request, kind: kind, &context)
        }
        program.cacheNamespace = integration.cacheNamespace?.value
        program.cacheKey = cacheKey(integration, program.requestMappings, &context)
        if kind != .httpProxy, kind != .awsProxy {
            checkBytes(integration, &context)
            program.requestTemplates = templates(
                integration.requestTemplates, name: "\(place) requestTemplates", isMockRequest: kind == .mock, &context)
            lowerResponses(method, integration, place: place, kind: kind, &program, &context)
        }
        return program
    }

    /// What stands behind routes to connect and disconnect that have no integration: everybody is let in, and nobody is
    /// told.
    static var acceptance: IntegrationProgram {
        IntegrationProgram(
            kind: .mock, text: "none", httpMethod: nil, uri: nil, timeoutMilliseconds: defaultTimeoutMilliseconds,
            passthroughBehavior: .whenNoMatch, contentHandling: nil, requestTemplates: [], requestMappings: [],
            responses: [], defaultResponse: nil, skipsCertificateAuthority: false, credentials: nil)
    }

    /// An integration that answers 500 API_CONFIGURATION_ERROR.
    static func unsupported(_ reason: String, text: String) -> IntegrationProgram {
        IntegrationProgram(
            kind: .unsupported, reason: reason, text: text, httpMethod: nil, uri: nil,
            timeoutMilliseconds: defaultTimeoutMilliseconds, passthroughBehavior: .whenNoMatch, contentHandling: nil,
            requestTemplates: [], requestMappings: [], responses: [], defaultResponse: nil,
            skipsCertificateAuthority: false, credentials: nil)
    }

    /// Says what is not executed yet; the method then answers 500.
    private static func unsupportedReason(
        _ integration: Integration, place: String, _ context: inout LoweringContext
    ) -> String? {
        switch integration.type.value {
        case .aws, .awsProxy:
            return nil
        case .http, .httpProxy:
            if usesVPCLink(integration), integration.connectionID == nil, integration.integrationTarget == nil {
                // The importer warns.
                return "Invalid VPC link: the integration names none"
            }
            return nil
        case .mock:
            return nil
        }
    }

    private static func usesVPCLink(_ integration: Integration) -> Bool {
        integration.connectionType.value == .vpcLink || integration.integrationTarget != nil
    }

    /// Name of the VPC link: the load balancer's listener, which is where calls go, unless only the link is declared.
    private static func vpcLink(_ integration: Integration, _ context: LoweringContext) -> UriTemplate? {
        guard usesVPCLink(integration) else { return nil }
        let names = [integration.integrationTarget, integration.connectionID].compactMap { $0?.value }
        let known = Set(context.description.vpcLinks.map(\.name.value))
        let name = names.first { known.contains($0) || $0.contains("${") } ?? names.first
        return name.map { UriTemplate($0) }
    }

    static func summary(_ integration: Integration) -> String {
        var parts = [integration.type.value.rawValue]
        if integration.type.value != .mock {
            if let verb = integration.httpMethod?.value { parts.append(verb.uppercased()) }
            if let uri = integration.uri?.value.string { parts.append(uri) }
            if let subtype = integration.subtype?.value { parts.append(subtype) }
        }
        return parts.joined(separator: " ")
    }

    /// `nil` passes the caller's verb on.
    static func verb(_ integration: Integration) -> String? {
        guard let verb = integration.httpMethod?.value.uppercased(), verb != "ANY", !verb.isEmpty else { return nil }
        return verb
    }

    private static func lowerURI(
        _ integration: Integration, place: String, _ program: inout IntegrationProgram, _ context: inout LoweringContext
    ) {
        guard let uri = integration.uri else {
            program.kind = .unsupported
            program.reason = "Invalid endpoint address"
            return
        }
        if !integration.unresolvedParameters.isEmpty {
            // Reported where the parameters stand; an address with holes is no address.
            program.kind = .unsupported
            program.reason =
                "Invalid endpoint address: unresolved \(integration.unresolvedParameters.joined(separator: ", "))"
            return
        }
        // Whether it is an address can only be said with the stage's variables; the importer warns where none can help.
        program.uri = UriTemplate(uri.value.string)
    }

    // MARK: - Templates

    private static func templates(
        _ templates: [MappingTemplate], name: String, isMockRequest: Bool, _ context: inout LoweringContext
    ) -> [TemplateChoice] {
        templates.map { entry in
            // Those of a WebSocket API are keys that an expression gives.
            let mediaType =
                context.description.protocolType == .webSocket
                ? entry.mediaType.value : MediaTypeText.essence(entry.mediaType.value)
            guard let text = entry.template else { return TemplateChoice(mediaType: mediaType, template: nil) }
            let index = context.template(text, name: "\(name) \(entry.mediaType.value)")
            if isMockRequest { checkMockStatus(index, text, &context) }
            return TemplateChoice(mediaType: mediaType, template: index)
        }
    }

    /// A constant request template of a mock either gives a status always or never.
    private static func checkMockStatus(_ index: Int, _ text: PositionedText, _ context: inout LoweringContext) {
        guard let constant = context.parts.templates[index].program?.constant else { return }
        if constant.withUnsafeBytes({ MockIntegration.status(of: $0) }) == nil {
            context.report(
                Diagnostic(
                    CompileDiagnostics.mockStatusMissing,
                    "the request template of a mock gives no integer 'statusCode'; requests answer 500",
                    at: text.span, fixIt: Diagnostic.FixIt(hint: "write {\"statusCode\": 200}")))
        }
    }

    // MARK: - Mappings

    private static func mapping(
        _ entry: ParameterMapping, side: MappingSide, kind: IntegrationProgram.Kind, _ context: inout LoweringContext
    ) -> MappingStep? {
        guard case .success(let destination) = MappingDestination.parse(entry.destination.value, side: side) else {
            context.report(
                Diagnostic(
                    CompileDiagnostics.mappingDestination,
                    "'\(entry.destination.value)' is no mapping destination", at: entry.destination.span,
                    fixIt: Diagnostic.FixIt(
                        hint: side == .request
                            ? "write 'integration.request.header.NAME', '.querystring.NAME' or '.path.NAME'"
                            : "write 'method.response.header.NAME'")))
            return nil
        }
        let expression = entry.expression.value
        let isRoute = context.description.protocolType == .webSocket && expression.string.hasPrefix("route.")
        let text = isRoute ? "method." + expression.string.dropFirst("route.".count) : expression.string
        let source: ValueSource
        switch MappingExpression.parse(text, side: side) {
        case .success(let parsed):
            source = context.source(of: parsed)
        case .failure(let problem):
            context.report(
                Diagnostic(
                    CompileDiagnostics.mappingExpression,
                    "'\(expression.string)' is no mapping expression: \(problem.message)",
                    at: expression.span(of: isRoute ? 0..<expression.string.utf8.count : problem.range),
                    notes: [
                        Diagnostic.Note("API Gateway: Invalid mapping expression specified: \(expression.string)")
                    ], fixIt: problem.hint.map { Diagnostic.FixIt(hint: $0) }))
            return nil
        }
        switch destination {
        case .integrationHeader(let name):
            let known = KnownHeader.named(name)
            var effect = MappingStep.Effect.set
            if known != .other {
                // The importer's rules have warned of what follows.
                let isAWS = kind == .aws || kind == .awsProxy
                if HeaderRules.mappingFails(isAWS: isAWS) & known.bit != 0 {
                    effect = .fail
                } else if HeaderRules.mappingDropped(isAWS: isAWS) & known.bit != 0 {
                    effect = .drop
                }
            }
            return MappingStep(target: .header, name: name, effect: effect, source: source)
        case .integrationQueryString(let name):
            return MappingStep(target: .querystring, name: name, effect: .set, source: source)
        case .integrationPath(let name):
            return MappingStep(target: .path, name: name, effect: .set, source: source)
        case .methodResponseHeader(let name):
            let shown = HeaderRules.nameShown(name)
            return MappingStep(
                target: .header, name: shown ?? name, effect: shown == nil ? .drop : .set, source: source)
        case .gatewayResponseHeader, .gatewayResponsePath, .gatewayResponseQueryString:
            return nil
        }
    }

    /// Cache key parameters: of the method, or what the integration makes of one. The importer's rule has said which are
    /// neither; these are left out, as API Gateway refuses them.
    private static func cacheKey(
        _ integration: Integration, _ mappings: [MappingStep], _ context: inout LoweringContext
    ) -> [CacheKeyPart] {
        integration.cacheKeyParameters.compactMap { parameter in
            if case .success(let expression) = MappingExpression.parse(parameter.value, side: .request) {
                return CacheKeyPart(name: parameter.value, source: context.source(of: expression))
            }
            guard case .success(let destination) = MappingDestination.parse(parameter.value, side: .request) else {
                return nil
            }
            let mapping = mappings.first { mapping in
                switch destination {
                case .integrationHeader(let name): mapping.target == .header && mapping.name == name
                case .integrationQueryString(let name): mapping.target == .querystring && mapping.name == name
                case .integrationPath(let name): mapping.target == .path && mapping.name == name
                default: false
                }
            }
            return mapping.map { CacheKeyPart(name: parameter.value, source: $0.source) }
        }
    }

    /// Says which templates of requests answer 500 because the bodies of their media type are binary.
    private static func checkBytes(_ integration: Integration, _ context: inout LoweringContext) {
        guard integration.contentHandling?.value != .convertToText else { return }
        let ranges = BinaryMediaTypesPass.ranges(context.description)
        guard !ranges.isEmpty else { return }
        for entry in integration.requestTemplates where entry.template != nil {
            let essence = MediaTypeText.essence(entry.mediaType.value)
            // What has no template of its own may be of any type.
            var type = essence == "$default" ? "*/*" : essence
            let isBinary = type.withUTF8 { MediaTypes.isBinary(UnsafeRawBufferPointer($0), ranges) }
            guard isBinary else { continue }
            context.report(
                Diagnostic(
                    CompileDiagnostics.templateOnBytes,
                    "'\(entry.mediaType.value)' is a binary media type of this API; requests that use this template "
                        + "answer 500", at: entry.mediaType.span,
                    fixIt: Diagnostic.FixIt(hint: "set contentHandling to CONVERT_TO_TEXT")))
        }
    }

    // MARK: - Responses

    private static func lowerResponses(
        _ method: Method, _ integration: Integration, place: String, kind: IntegrationProgram.Kind,
        _ program: inout IntegrationProgram, _ context: inout LoweringContext
    ) {
        let declared = Set(method.responses.map(\.statusCode.value))
        let isWebSocket = context.description.protocolType == .webSocket
        var patterned: [IntegrationResponseProgram] = []
        var fallback: IntegrationResponseProgram?
        for response in integration.responses {
            // A message has no status, and the one of a refused client is that of the integration.
            let status = isWebSocket ? 200 : Int(response.statusCode.value) ?? 500
            var lowered = IntegrationResponseProgram(
                pattern: nil, statusCode: (100...599).contains(status) ? status : 500,
                isDeclared: isWebSocket || declared.contains(response.statusCode.value),
                contentHandling: response.contentHandling?.value,
                templates: [], mappings: [])
            let name = "\(place) responses \(response.selectionPattern?.value.string ?? "default")"
            lowered.templates = templates(
                response.responseTemplates, name: name, isMockRequest: false, &context)
            lowered.mappings = response.responseParameters.compactMap {
                mapping($0, side: .response, kind: kind, &context)
            }
            guard let pattern = response.selectionPattern else {
                if fallback == nil { fallback = lowered }
                continue
            }
            // A pattern that does not compile (only with --lenient) matches nothing.
            guard let index = context.pattern(pattern.value) else { continue }
            lowered.pattern = index
            patterned.append(lowered)
        }
        // Unconfirmed: the order is that of the status codes. Source: reference 4.5.3.
        let ordered = patterned.enumerated().sorted {
            ($0.element.statusCode, $0.offset) < ($1.element.statusCode, $1.offset)
        }
        program.responses = ordered.map(\.element)
        if let fallback {
            program.defaultResponse = program.responses.count
            program.responses.append(fallback)
        }
    }
}

extension LoweringContext {
    /// Says what becomes of a mapped header that does not arrive under its name; `shown` is `nil` if it is left out.
    mutating func reportFate(of name: String, shown: String?, at span: SourceSpan) {
        guard let shown else {
            report(
                Diagnostic(
                    CompileDiagnostics.mappingDropped, "'\(name)' is left out, so that this mapping has no effect",
                    at: span))
            return
        }
        guard shown != name else { return }
        report(Diagnostic(CompileDiagnostics.mappingRenamed, "'\(name)' reaches the client as '\(shown)'", at: span))
    }

    /// Resolves names of an expression to slots.
    mutating func source(of expression: MappingExpression) -> ValueSource {
        switch expression {
        case .literal(let text): .literal(text)
        case .path(let name): .requestPath(name)
        case .queryString(let name): .requestQuery(name)
        case .multiValueQueryString(let name): .requestQueryAll(name)
        case .header(let name): .requestHeader(name)
        case .multiValueHeader(let name): .requestHeaderAll(name)
        case .body: .requestBody
        case .bodyPath(let path): .requestBodyPath(self.path(path))
        case .integrationHeader(let name): .responseHeader(name)
        case .integrationMultiValueHeader(let name): .responseHeaderAll(name)
        case .integrationBody: .responseBody
        case .integrationBodyPath(let path): .responseBodyPath(self.path(path))
        case .context(let name): contextVariable(name)
        case .stageVariable(let name): stageVariable(name)
        }
    }
}
