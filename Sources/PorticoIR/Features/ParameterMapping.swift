internal import PorticoSyntax

/// `responseParameters` of an integration of an HTTP API, for one status of the backend's answer.
///
/// Mappings of requests are ``Integration/requestParameters``, as in REST APIs; their keys are of another kind
/// (`append:header.NAME`), or the parameters of an AWS service.
public struct ResponseParameters: Sendable, Hashable {
    /// The status, as text.
    public var statusCode: Located<String>
    /// In order.
    public var mappings: [ParameterMapping]

    /// Makes an entry.
    public init(statusCode: Located<String>, mappings: [ParameterMapping]) {
        self.statusCode = statusCode
        self.mappings = mappings
    }
}

extension IntegrationExtension {
    /// `responseParameters` of an HTTP API: mappings by status code.
    static func readResponseParameters(_ mapping: Mapping, _ context: ImporterContext) -> [ResponseParameters] {
        guard let node = mapping.present("responseParameters"),
            let statuses = context.reader.mapping(node, "'responseParameters'")
        else { return [] }
        return statuses.members.compactMap { member in
            guard let entries = context.reader.mapping(member.value, "status '\(member.key)' of 'responseParameters'")
            else { return nil }
            return ResponseParameters(
                statusCode: Located(member.key, at: member.keySpan), mappings: entries.members.compactMap(scalar))
        }

        func scalar(_ member: Mapping.Member) -> ParameterMapping? {
            entry(member, of: "responseParameters", context)
        }
    }

    /// `requestParameters` of an HTTP API. A number or boolean is taken for its text, because parameters of services are
    /// often numbers.
    static func readHTTPRequestParameters(_ mapping: Mapping, _ context: ImporterContext) -> [ParameterMapping] {
        guard let node = mapping.present("requestParameters"),
            let entries = context.reader.mapping(node, "'requestParameters'")
        else { return [] }
        return entries.members.compactMap { entry($0, of: "requestParameters", context) }
    }

    private static func entry(
        _ member: Mapping.Member, of key: String, _ context: ImporterContext
    ) -> ParameterMapping? {
        guard let text = context.reader.text(member.value, "'\(member.key)' of '\(key)'") else { return nil }
        return ParameterMapping(
            destination: Located(member.key, at: member.keySpan), expression: Located(text, at: member.value.span))
    }
}
