internal import PorticoSyntax

/// Integrations of an HTTP API are of the kinds that it has, and have an address of their kind.
/// *Source:* reference, "Integrations" (1.2) and "OpenAPI import" (1.14).
enum RouteIntegrationRule: Rule {
    static let documentation =
        "HTTP APIs integrate functions (an ARN), public URLs, and listeners or services behind a VPC link."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachMethod { resource, method in
            guard let integration = method.integration else { return }
            if let problem = problem(integration, api) {
                diagnostics.append(problem)
            } else {
                diagnostics += unfilled(integration, resource)
            }
        }
        return diagnostics
    }

    /// `{name}` in an address is a variable of the route.
    private static func unfilled(_ integration: Integration, _ resource: Resource) -> [Diagnostic] {
        guard integration.type.value == .httpProxy, integration.connectionType.value != .vpcLink,
            let uri = integration.uri
        else { return [] }
        let known = Set(
            PathSegments.parameters(of: resource.path.value).map { $0.hasSuffix("+") ? String($0.dropLast()) : $0 })
        var suggestions = Suggestions()
        return Placeholders.pathNames(in: uri.value.string).subtracting(known).sorted().map { name in
            Diagnostic(
                ImportDiagnostics.placeholder,
                "'{\(name)}' in 'uri' is no variable of '\(resource.path.value)' and stays as it is"
                    + suggestions.question(for: name, in: { known.sorted() }), at: uri.span)
        }
    }

    private static func problem(_ integration: Integration, _ api: APIDescription) -> Diagnostic? {
        let isPrivate = integration.connectionType.value == .vpcLink
        if !isPrivate, let id = integration.connectionID {
            return Diagnostic(
                ImportDiagnostics.ignoredMember, "'connectionId' is ignored without 'connectionType: VPC_LINK'",
                at: id.span)
        }
        switch integration.type.value {
        case .aws, .http, .mock:
            // Source: API Gateway guide, "Working with OpenAPI definitions for HTTP APIs": a warning on import.
            return Diagnostic(
                HTTPAPIDiagnostics.integrationType,
                "HTTP APIs have no integrations of type '\(integration.type.value.rawValue)'; requests are answered 500",
                at: integration.type.span, fixIt: .init(hint: "write 'type: aws_proxy' or 'type: http_proxy'"))
        case .httpProxy:
            return isPrivate ? privateProblem(integration, api) : IntegrationURIRule.check(integration)
        case .awsProxy:
            guard integration.subtype == nil else { return nil }
            if isPrivate {
                return Diagnostic(
                    ImportDiagnostics.vpcLink, "only 'http_proxy' integrations use VPC links",
                    at: integration.connectionType.span, severity: .warning)
            }
            return functionProblem(integration)
        }
    }

    private static func functionProblem(_ integration: Integration) -> Diagnostic? {
        guard let uri = integration.uri, integration.unresolvedParameters.isEmpty else { return nil }
        let text = uri.value.string
        guard !text.hasPrefix("${") else { return nil }
        if let function = FunctionARN.plain(text) {
            guard !function.contains("${"), FunctionIdentity(function) == nil else { return nil }
            return Diagnostic(
                ImportDiagnostics.integrationEndpoint,
                "\(quoted(function)) is no ARN of a function; requests are answered 500", at: uri.span,
                notes: [.init("API Gateway answers: Invalid function ARN or invalid uri")])
        }
        if let problem = IntegrationURIRule.check(integration) { return problem }
        return LambdaURIRule.problem(integration, uri)
    }

    private static func privateProblem(_ integration: Integration, _ api: APIDescription) -> Diagnostic? {
        guard let id = integration.connectionID else {
            return Diagnostic(
                HTTPAPIDiagnostics.privateIntegration, "'connectionType: VPC_LINK' needs 'connectionId'",
                at: integration.connectionType.span,
                fixIt: .init(hint: "add 'connectionId' with the id of the VPC link"))
        }
        guard let uri = integration.uri, integration.unresolvedParameters.isEmpty else { return nil }
        let text = uri.value.string
        guard text.contains("${") || PrivateTarget(text) != nil else {
            return Diagnostic(
                HTTPAPIDiagnostics.privateIntegration,
                "\(quoted(text, limit: 120)) is no ARN of a listener or of a Cloud Map service", at: uri.span,
                fixIt: .init(
                    hint: "write 'arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/...' or "
                        + "'arn:aws:servicediscovery:REGION:ACCOUNT:service/...'"))
        }
        let known = Set(api.vpcLinks.map(\.name.value))
        let names = PrivateTarget.names(uri: text, connectionID: id.value)
        guard !names.contains(where: { known.contains($0) || $0.contains("${") }) else { return nil }
        var suggestions = Suggestions()
        return Diagnostic(
            ImportDiagnostics.vpcLinkUnknown,
            "nobody knows the hosts of \(quoted(text, limit: 120)) behind VPC link '\(id.value)'; requests are answered 500"
                + suggestions.question(for: id.value, in: { known.sorted() }), at: uri.span,
            fixIt: .init(
                hint:
                    "add the ARN or the link to '\(VPCLinksExtension.key)', such as '\(id.value): http://127.0.0.1:9000'"
            ))
    }
}

/// The ARN of a function where an address stands.
public enum FunctionARN {
    /// The text if it is the ARN of a function itself, which HTTP APIs take as `uri`.
    ///
    /// Source: API Gateway API reference (v2), `integrationUri`: for a Lambda integration the URI of a Lambda function.
    public static func plain(_ text: String) -> String? {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[2] == "lambda" ? text : nil
    }
}

/// What a private integration of an HTTP API calls: a listener or a service of Cloud Map.
public struct PrivateTarget: Sendable, Hashable {
    /// The ARN without filters.
    public var arn: String

    /// Reads an ARN with or without `?attribute=value` filters; `nil` for anything else.
    public init?(_ text: String) {
        let bare = String(text.prefix { $0 != "?" })
        let parts = bare.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[5].isEmpty else { return nil }
        let isListener = parts[2] == "elasticloadbalancing" && parts[5].hasPrefix("listener/")
        let isService = parts[2] == "servicediscovery" && parts[5].hasPrefix("service/")
        guard isListener || isService else { return nil }
        arn = bare
    }

    /// Names by which `x-portico-vpc-links` may say where the hosts are, the more special ones first: the whole address
    /// with its filters, the ARN, the VPC link.
    public static func names(uri: String, connectionID: String?) -> [String] {
        var names = [uri]
        if let target = PrivateTarget(uri), target.arn != uri { names.append(target.arn) }
        if let connectionID { names.append(connectionID) }
        return names
    }
}
