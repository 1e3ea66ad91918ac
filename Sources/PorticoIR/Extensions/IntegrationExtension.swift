internal import PorticoSyntax

/// `x-amazon-apigateway-integration`: what is behind a method.
///
/// Reads types and words; what needs the method beside it (undeclared responses, addresses) is checked by rules.
/// *Source:* API Gateway guide, "x-amazon-apigateway-integration object".
enum IntegrationExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-amazon-apigateway-integration", in: [.operation], of: [.rest, .http, .webSocket],
        "The backend of a method or route with the mappings of its requests and responses.")

    static let members: Set<String> = [
        "type", "httpMethod", "uri", "credentials", "connectionType", "connectionId", "integrationTarget",
        "passthroughBehavior", "requestParameters", "requestTemplates", "contentHandling", "responses",
        "timeoutInMillis", "cacheNamespace", "cacheKeyParameters", "tlsConfig", "responseTransferMode",
        "integrationSubtype", "payloadFormatVersion", "responseParameters", "description", "$ref",
    ]

    private static let responseMembers: Set<String> = [
        "statusCode", "responseTemplates", "responseParameters", "contentHandling",
    ]

    /// Reads the object; `nil` if it has no usable `type`.
    static func read(_ node: Node, _ context: ImporterContext) -> Integration? {
        let reader = context.reader
        guard let target = context.references.dereference(node, "the integration"),
            var mapping = reader.mapping(target, "'\(key)'")
        else { return nil }
        if context.protocolType == .http { return RouteIntegrationReading.read(mapping, at: node.span, context) }
        let isRoute = context.protocolType == .webSocket
        if isRoute {
            mapping = routeMembers(of: mapping, context)
        } else {
            reader.checkMembers(mapping, known: members, "the integration")
        }
        warnAboutIgnored(mapping, context)
        guard let type = readType(mapping, at: node.span, context) else { return nil }
        var integration = Integration(type: type)
        integration.span = SpanBox(node.span)
        integration.httpMethod = readMethod(mapping, type, context)
        if let uri = mapping.present("uri") {
            integration.uri = context.positioned(uri, "'uri'")
            integration.unresolvedParameters = unresolvedNames(uri, context)
        } else if type.value != .mock {
            reader.report(
                ImportDiagnostics.integrationURI, "the integration of type '\(type.value.rawValue)' has no 'uri'",
                at: type.span, fixIt: .init(hint: "add 'uri'"))
        }
        integration.credentials = dropping(mapping, "credentials", context)
        integration.connectionType =
            mapping.present("connectionType").flatMap { choice($0, "'connectionType'", context) }
            ?? Located(.internet)
        integration.connectionID = dropping(mapping, "connectionId", context)
        integration.integrationTarget = dropping(mapping, "integrationTarget", context)
        integration.passthroughBehavior =
            mapping.present("passthroughBehavior").flatMap { choice($0, "'passthroughBehavior'", context) }
            ?? Located(.whenNoMatch)
        integration.contentHandling = mapping.present("contentHandling").flatMap {
            choice($0, "'contentHandling'", context)
        }
        integration.requestParameters = readMappings(mapping, "requestParameters", context)
        integration.requestTemplates = readTemplates(mapping, "requestTemplates", context)
        integration.responses =
            isRoute ? readRouteResponses(mapping, context) : readResponses(mapping, type, context)
        integration.templateSelectionExpression = mapping.present("templateSelectionExpression").flatMap {
            isRoute ? context.positioned($0, "'templateSelectionExpression'") : nil
        }
        integration.responseTransferMode =
            mapping.present("responseTransferMode").flatMap { choice($0, "'responseTransferMode'", context) }
            ?? Located(.buffered)
        integration.timeoutMilliseconds = readTimeout(mapping, integration.responseTransferMode.value, context)
        integration.cacheNamespace = dropping(mapping, "cacheNamespace", context)
        integration.cacheKeyParameters = context.strings(mapping, "cacheKeyParameters")
        integration.tlsConfig = mapping.present("tlsConfig").flatMap { readTLS($0, context) }
        return integration
    }

    static func readType(
        _ mapping: Mapping, at span: SourceSpan, _ context: ImporterContext
    ) -> Located<IntegrationType>? {
        guard let node = mapping.present("type") else {
            let words = context.protocolType == .http ? "" : "'http', 'aws', 'mock', "
            context.reader.report(
                ImportDiagnostics.valueMissing,
                "the integration has no 'type'; expected \(words)'http_proxy' or 'aws_proxy'",
                at: mapping.members.first?.keySpan ?? span)
            return nil
        }
        return choice(node, "'type' of the integration", context)
    }

    /// Verbs are upper case on AWS, `ANY` is the caller's own; a mock has none.
    private static func readMethod(
        _ mapping: Mapping, _ type: Located<IntegrationType>, _ context: ImporterContext
    ) -> Located<String>? {
        guard type.value != .mock else { return nil }
        guard let node = mapping.present("httpMethod"), node.scalar?.text.string.isEmpty != true else {
            context.reader.report(
                ImportDiagnostics.integrationMethod,
                "the integration of type '\(type.value.rawValue)' has no 'httpMethod'", at: type.span,
                notes: [.init("API Gateway answers: Enumeration value for HttpMethod must be non-empty")],
                fixIt: .init(hint: "add 'httpMethod'"))
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
        // Source: reference 1.2: a function is invoked with POST, and the import forces it.
        context.reader.report(
            ImportDiagnostics.integrationMethodForced,
            "'httpMethod' of a Lambda proxy is POST, not '\(verb)'", at: node.span,
            fixIt: .init("write 'POST'", replace: node.span, with: "POST"))
        return Located("POST", at: node.span)
    }

    private static func readTimeout(
        _ mapping: Mapping, _ mode: ResponseTransferMode, _ context: ImporterContext
    ) -> Located<Int>? {
        let note = "API Gateway answers: Timeout should be between 50 ms and 29000 ms"
        if context.protocolType == .webSocket {
            return context.integer(mapping, "timeoutInMillis", in: 50...29_000, note: note)
        }
        guard let value = context.integer(mapping, "timeoutInMillis", in: 50...900_000, note: note) else { return nil }
        if value.value > 29_000, mode == .buffered {
            context.reader.report(
                ImportDiagnostics.outOfRange,
                "'timeoutInMillis' over 29000 needs a raised quota on AWS, and a Regional or private API",
                at: value.span, severity: .warning, notes: [.init(note)])
        }
        return value
    }

    private static func readResponses(
        _ mapping: Mapping, _ type: Located<IntegrationType>, _ context: ImporterContext
    ) -> [IntegrationResponse] {
        let reader = context.reader
        let node = mapping.present("responses")
        let responses = node.flatMap { reader.mapping($0, "'responses'") }
        let isProxy = type.value == .httpProxy || type.value == .awsProxy
        if !isProxy, node == nil || responses?.members.isEmpty == true {
            reader.report(
                ImportDiagnostics.noIntegrationResponse,
                "the integration has no 'responses'; requests are answered 500", at: type.span,
                notes: [
                    .init("API Gateway logs: No match for output mapping and no default output mapping configured")
                ],
                fixIt: .init(hint: "add 'responses' with 'default'"))
        }
        guard let responses else { return [] }
        var result: [IntegrationResponse] = []
        result.reserveCapacity(responses.members.count)
        for member in responses.members {
            guard !member.value.isNull, let mapping = reader.mapping(member.value, "response '\(member.key)'") else {
                continue
            }
            reader.checkMembers(mapping, known: responseMembers, "an integration response")
            guard let status = readStatus(mapping, member, context) else { continue }
            let pattern =
                // Unconfirmed: an empty pattern is no pattern, so it is the default.
                member.key == "default" || member.key.isEmpty
                ? nil : Located(PositionedText(member.key, span: member.keySpan), at: member.keySpan)
            var response = IntegrationResponse(selectionPattern: pattern, statusCode: status)
            response.responseTemplates = readTemplates(mapping, "responseTemplates", context)
            response.responseParameters = readMappings(mapping, "responseParameters", context)
            response.contentHandling = mapping.present("contentHandling").flatMap {
                choice($0, "'contentHandling'", context)
            }
            result.append(response)
        }
        return result
    }

    private static func readStatus(
        _ mapping: Mapping, _ member: Mapping.Member, _ context: ImporterContext
    ) -> Located<String>? {
        guard let node = mapping.present("statusCode") else {
            context.reader.report(
                ImportDiagnostics.valueMissing, "integration response '\(member.key)' has no 'statusCode'",
                at: member.keySpan)
            return nil
        }
        guard let status = context.located(node, "'statusCode'") else { return nil }
        guard StatusCode.isValid(status.value) else {
            if !context.unresolved.touches(node.span) {
                context.reader.report(
                    ImportDiagnostics.invalidStatus, "'\(status.value)' is no status code; expected 100 to 599",
                    at: node.span)
            }
            return nil
        }
        return status
    }

    static func readTLS(_ node: Node, _ context: ImporterContext) -> TLSConfig? {
        guard let mapping = context.reader.mapping(node, "'tlsConfig'") else { return nil }
        context.reader.checkMembers(mapping, known: ["insecureSkipVerification", "serverNameToVerify"], "'tlsConfig'")
        if let member = mapping.member("serverNameToVerify"), context.protocolType == .rest {
            context.reader.report(
                ImportDiagnostics.ignoredMember, "'serverNameToVerify' belongs to HTTP APIs and is ignored",
                at: member.keySpan)
        }
        return TLSConfig(
            insecureSkipVerification: context.boolean(mapping, "insecureSkipVerification") ?? false,
            serverNameToVerify: context.string(mapping, "serverNameToVerify"))
    }

    private static func warnAboutIgnored(_ mapping: Mapping, _ context: ImporterContext) {
        guard context.protocolType == .rest else { return }
        // Observed: a REST import tolerates 'payloadFormatVersion'. 'responseParameters' beside 'responses' is HTTP's.
        for key in ["integrationSubtype", "payloadFormatVersion", "responseParameters"] {
            guard let member = mapping.member(key) else { continue }
            context.reader.report(
                ImportDiagnostics.ignoredMember, "'\(key)' belongs to HTTP APIs and is ignored", at: member.keySpan)
        }
    }

    /// Names of what could not be resolved in an address, and of placeholders that are neither a stage variable nor a
    /// path parameter (`${name}` of Terraform and the like).
    static func unresolvedNames(_ node: Node, _ context: ImporterContext) -> [String] {
        var names = context.unresolved.names(in: node.span)
        guard let text = node.scalar?.text.string else { return names }
        var seen = Set(names)
        for placeholder in Placeholders.names(in: text) where !placeholder.hasPrefix("stageVariables.") {
            guard seen.insert(placeholder).inserted else { continue }
            names.append(placeholder)
            context.reader.report(
                ImportDiagnostics.integrationEndpoint,
                "'${\(placeholder)}' in 'uri' is no stage variable and stays as it is", at: node.span)
        }
        return names
    }
}

extension IntegrationExtension {
    /// A word of an enumeration with its place.
    static func choice<Choice: RawRepresentable & CaseIterable & Hashable & Sendable>(
        _ node: Node, _ what: String, _ context: ImporterContext
    ) -> Located<Choice>? where Choice.RawValue == String {
        context.reader.choice(node, what, of: Choice.self).map { Located($0, at: node.span) }
    }

    /// Text; anything else is dropped with a warning, as the import does.
    static func dropping(_ mapping: Mapping, _ key: String, _ context: ImporterContext) -> Located<String>? {
        guard let node = mapping.present(key) else { return nil }
        guard let scalar = node.scalar, scalar.kind == .string, !NodeReader.isIntrinsic(node) else {
            reportNotAString(node, key, key, context)
            return nil
        }
        return Located(scalar.text.string, at: node.span)
    }

    /// `requestParameters` or `responseParameters`.
    static func readMappings(
        _ mapping: Mapping, _ key: String, _ context: ImporterContext
    ) -> [ParameterMapping] {
        guard let node = mapping.present(key), let entries = context.reader.mapping(node, "'\(key)'") else { return [] }
        return entries.members.compactMap { member in
            guard let scalar = member.value.scalar, scalar.kind == .string, !NodeReader.isIntrinsic(member.value) else {
                reportNotAString(member.value, key, member.key, context)
                return nil
            }
            return ParameterMapping(
                destination: Located(member.key, at: member.keySpan),
                expression: Located(scalar.text, at: member.value.span))
        }
    }

    /// `requestTemplates` or `responseTemplates`; an empty template is none: the body passes through.
    static func readTemplates(
        _ mapping: Mapping, _ key: String, _ context: ImporterContext
    ) -> [MappingTemplate] {
        guard let node = mapping.present(key), let entries = context.reader.mapping(node, "'\(key)'") else { return [] }
        return entries.members.compactMap { member in
            let mediaType = Located(member.key, at: member.keySpan)
            if member.value.isNull { return MappingTemplate(mediaType: mediaType, template: nil) }
            guard let scalar = member.value.scalar, !NodeReader.isIntrinsic(member.value) else {
                reportNotAString(member.value, key, member.key, context)
                return nil
            }
            let text = scalar.text
            return MappingTemplate(mediaType: mediaType, template: text.string.isEmpty ? nil : text)
        }
    }

    private static func reportNotAString(_ node: Node, _ key: String, _ entry: String, _ context: ImporterContext) {
        guard !context.reader.isUnknown(node) else { return }
        let found = NodeReader.describe(node)
        let what = key == entry ? "'\(key)'" : "'\(entry)' of '\(key)'"
        context.reader.report(
            ImportDiagnostics.notAString, "\(what) must be a string, not \(found), and is dropped", at: node.span,
            notes: [
                .init("API Gateway warns: Invalid format for '\(key)'. Expected type string for property '\(entry)'")
            ])
    }
}

/// Text work on `${name}` and `{name}` placeholders.
enum Placeholders {
    /// Names in `{}` that are not those of `${}`; `{name+}` counts as `name`.
    static func pathNames(in text: String) -> Set<String> {
        let bytes = Array(text.utf8)
        var names: Set<String> = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { break }
            if index == 0 || bytes[index - 1] != UInt8(ascii: "$") {
                var name = bytes[(index + 1)..<end]
                if name.last == UInt8(ascii: "+") { name.removeLast() }
                names.insert(String(decoding: name, as: UTF8.self))
            }
            index = end + 1
        }
        return names
    }

    /// Names in order, without those of an unclosed brace.
    static func names(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        var names: [String] = []
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { break }
            names.append(String(decoding: bytes[(index + 2)..<end], as: UTF8.self))
            index = end + 1
        }
        return names
    }
}
