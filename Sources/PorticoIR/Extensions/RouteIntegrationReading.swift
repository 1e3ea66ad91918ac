internal import PorticoSyntax

/// `x-amazon-apigateway-integration` of an HTTP API: what is behind a route.
///
/// Reads types and words; addresses are checked by ``RouteIntegrationRule``.
/// *Source:* API Gateway guide, "x-amazon-apigateway-integration object"; reference, "Integrations" (1.2).
enum RouteIntegrationReading {
    private static let members: Set<String> = [
        "type", "httpMethod", "uri", "payloadFormatVersion", "connectionType", "connectionId", "credentials",
        "integrationSubtype", "requestParameters", "responseParameters", "timeoutInMillis", "tlsConfig", "description",
        "$ref",
    ]

    /// Reads the object; `nil` if it has no usable `type`.
    static func read(_ mapping: Mapping, at span: SourceSpan, _ context: ImporterContext) -> Integration? {
        checkMembers(mapping, context)
        guard let type = IntegrationExtension.readType(mapping, at: span, context) else { return nil }
        var integration = Integration(type: type)
        integration.span = SpanBox(span)
        integration.subtype = context.strictLocated(mapping.present("integrationSubtype"), "'integrationSubtype'")
        integration.httpMethod = readMethod(mapping, type, context)
        readURI(mapping, into: &integration, context)
        integration.payloadFormatVersion = readFormat(mapping, integration, context)
        integration.credentials = IntegrationExtension.dropping(mapping, "credentials", context)
        integration.connectionType =
            mapping.present("connectionType").flatMap {
                IntegrationExtension.choice($0, "'connectionType'", context)
            } ?? Located(.internet)
        integration.connectionID = IntegrationExtension.dropping(mapping, "connectionId", context)
        integration.requestParameters = IntegrationExtension.readHTTPRequestParameters(mapping, context)
        integration.responseParameters = IntegrationExtension.readResponseParameters(mapping, context)
        // What CloudFormation would fill in is no mistake of the mapping; a call without it would be one.
        for node in [mapping.present("requestParameters"), mapping.present("responseParameters")].compactMap({ $0 }) {
            for name in context.unresolved.names(in: node.span)
            where !integration.unresolvedParameters.contains(name) {
                integration.unresolvedParameters.append(name)
            }
        }
        // Source: API Gateway quotas of HTTP APIs: 50 to 30000 ms, which cannot be raised.
        integration.timeoutMilliseconds = context.integer(mapping, "timeoutInMillis", in: 50...30_000)
        integration.tlsConfig = mapping.present("tlsConfig").flatMap { IntegrationExtension.readTLS($0, context) }
        return integration
    }

    private static func checkMembers(_ mapping: Mapping, _ context: ImporterContext) {
        for member in mapping.members where !members.contains(member.key) {
            if IntegrationExtension.members.contains(member.key) {
                context.reader.report(
                    HTTPAPIDiagnostics.restMember, "'\(member.key)' belongs to REST APIs and is ignored",
                    at: member.keySpan)
            } else {
                context.reader.checkMembers(Mapping([member]), known: members, "the integration")
            }
        }
    }

    /// A function is invoked with POST, whether the document says so or not; `ANY` is the caller's own verb.
    private static func readMethod(
        _ mapping: Mapping, _ type: Located<IntegrationType>, _ context: ImporterContext
    ) -> Located<String>? {
        guard let node = mapping.present("httpMethod"), node.scalar?.text.string.isEmpty != true else {
            guard type.value == .httpProxy else { return nil }
            context.reader.report(
                ImportDiagnostics.integrationMethod,
                "the integration of type '\(type.value.rawValue)' has no 'httpMethod'", at: type.span,
                fixIt: .init(hint: "add 'httpMethod'; 'ANY' passes the caller's verb on"))
            return nil
        }
        guard let text = context.strictLocated(node, "'httpMethod'") else { return nil }
        let verb = text.value.uppercased()
        guard MethodVerb(rawValue: verb) != nil else {
            if !context.unresolved.touches(node.span) {
                context.reader.unknownWord(
                    text.value, MethodVerb.allCases.map(\.rawValue), "'httpMethod'", at: node.span, severity: .error)
            }
            return nil
        }
        guard type.value == .awsProxy, verb != "POST" else { return Located(verb, at: node.span) }
        context.reader.report(
            ImportDiagnostics.integrationMethodForced, "'httpMethod' of a function is POST, not '\(verb)'",
            at: node.span, fixIt: .init("write 'POST'", replace: node.span, with: "POST"))
        return Located("POST", at: node.span)
    }

    private static func readURI(_ mapping: Mapping, into integration: inout Integration, _ context: ImporterContext) {
        if let uri = mapping.present("uri") {
            integration.uri = context.positioned(uri, "'uri'")
            integration.unresolvedParameters = IntegrationExtension.unresolvedNames(uri, context)
            return
        }
        // A call of a service has its address in the parameters.
        guard integration.subtype == nil, [.awsProxy, .httpProxy].contains(integration.type.value) else { return }
        context.reader.report(
            ImportDiagnostics.integrationURI,
            "the integration of type '\(integration.type.value.rawValue)' has no 'uri'", at: integration.type.span,
            fixIt: .init(hint: "add 'uri'"))
    }

    /// Source: API Gateway guide, "Working with AWS Lambda proxy integrations for HTTP APIs": the format has to be given;
    /// integrations of other kinds know `1.0` only.
    private static func readFormat(
        _ mapping: Mapping, _ integration: Integration, _ context: ImporterContext
    ) -> Located<String>? {
        let isFunction = integration.type.value == .awsProxy && integration.subtype == nil
        guard let node = mapping.present("payloadFormatVersion") else {
            if isFunction {
                context.reader.report(
                    HTTPAPIDiagnostics.payloadFormat, "the integration of a function has no 'payloadFormatVersion'",
                    at: integration.type.span,
                    fixIt: .init(hint: "add 'payloadFormatVersion: \"2.0\"', or \"1.0\" for events of REST APIs"))
            }
            return nil
        }
        // A version without quotes is a number; it is as good.
        guard let version = context.located(node, "'payloadFormatVersion'") else { return nil }
        let known = isFunction ? ["1.0", "2.0"] : ["1.0"]
        let text = version.value == "1" || version.value == "2" ? version.value + ".0" : version.value
        guard known.contains(text) else {
            if !context.unresolved.touches(node.span) {
                context.reader.report(
                    HTTPAPIDiagnostics.payloadFormat,
                    isFunction
                        ? "'payloadFormatVersion' must be '1.0' or '2.0', not '\(version.value)'"
                        : "'payloadFormatVersion' must be '1.0' where no function is called, not '\(version.value)'",
                    at: node.span)
            }
            return nil
        }
        return Located(text, at: node.span)
    }
}
