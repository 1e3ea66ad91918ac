internal import PorticoSyntax

// What integrations of WebSocket APIs have beside, or in place of, what those of REST APIs have.
// Source: CloudFormation, `AWS::ApiGatewayV2::Integration` and `IntegrationResponse`; API Gateway guide, "Set up data
// mapping for WebSocket APIs", which maps requests only.
extension IntegrationExtension {
    /// Members of an integration of a route.
    static let routeMembers: Set<String> = [
        "type", "httpMethod", "uri", "credentials", "connectionType", "connectionId", "passthroughBehavior",
        "requestParameters", "requestTemplates", "contentHandling", "responses", "timeoutInMillis", "description",
        "templateSelectionExpression", "$ref",
    ]

    private static let routeResponseMembers: Set<String> = [
        "responseTemplates", "templateSelectionExpression", "contentHandling",
    ]

    /// Members that integrations of the other kinds of API have.
    private static let foreignMembers: Set<String> = [
        "integrationTarget", "cacheNamespace", "cacheKeyParameters", "tlsConfig", "responseTransferMode",
        "integrationSubtype", "payloadFormatVersion", "responseParameters",
    ]

    private static let foreignResponseMembers: Set<String> = ["statusCode", "responseParameters"]

    /// Warns about members that integrations of routes do not have, and gives the rest.
    static func routeMembers(of mapping: Mapping, _ context: ImporterContext) -> Mapping {
        own(mapping, known: routeMembers, foreign: foreignMembers, "the integration", context)
    }

    /// `responses`: keyed `$default` or `/pattern/`, without status.
    static func readRouteResponses(_ mapping: Mapping, _ context: ImporterContext) -> [IntegrationResponse] {
        let reader = context.reader
        guard let node = mapping.present("responses"), let responses = reader.mapping(node, "'responses'") else {
            return []
        }
        return responses.members.compactMap { member in
            guard let pattern = responsePattern(member, context) else { return nil }
            var response = IntegrationResponse(selectionPattern: pattern, statusCode: Located(""))
            guard !member.value.isNull, let mapping = reader.mapping(member.value, "response '\(member.key)'") else {
                return response
            }
            let own = own(
                mapping, known: routeResponseMembers, foreign: foreignResponseMembers, "an integration response",
                context)
            response.responseTemplates = readTemplates(own, "responseTemplates", context)
            response.templateSelectionExpression = own.present("templateSelectionExpression").flatMap {
                context.positioned($0, "'templateSelectionExpression'")
            }
            response.contentHandling = own.present("contentHandling").flatMap {
                choice($0, "'contentHandling'", context)
            }
            return response
        }
    }

    /// The pattern inside the slashes, `.some(nil)` for `$default`; `nil` (reported) for anything else.
    private static func responsePattern(
        _ member: Mapping.Member, _ context: ImporterContext
    ) -> Located<PositionedText>?? {
        let key = member.key
        if key == "$default" { return .some(nil) }
        if key.utf8.count > 2, key.hasPrefix("/"), key.hasSuffix("/") {
            let pattern = String(key.dropFirst().dropLast())
            return Located(PositionedText(pattern, span: member.keySpan), at: member.keySpan)
        }
        context.reader.report(
            WebSocketDiagnostics.responseKey,
            "'\(key)' is no key of an integration response of a route; expected '$default' or '/PATTERN/'",
            at: member.keySpan,
            fixIt: key == "default"
                ? .init("write '$default'", replace: member.keySpan, with: "$default")
                : .init(hint: "write '/\(key.isEmpty ? "4\\d\\d" : key)/'"))
        return nil
    }

    private static func own(
        _ mapping: Mapping, known: Set<String>, foreign: Set<String>, _ what: String, _ context: ImporterContext
    ) -> Mapping {
        context.reader.checkMembers(mapping, known: known.union(foreign), what)
        return Mapping(
            mapping.members.filter { member in
                guard foreign.contains(member.key) else { return true }
                let reason = member.key == "responseParameters" ? ": messages have no headers" : ""
                context.reader.report(
                    ImportDiagnostics.ignoredMember,
                    "'\(member.key)' of \(what) does not exist in WebSocket APIs and is ignored\(reason)",
                    at: member.keySpan)
                return false
            })
    }
}
