internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// What is behind the routes of an HTTP API.
///
/// Source: reference, "Integrations" (1.2) and "HTTP_PROXY request and response" (1.6).
enum RouteIntegrationLowering {
    /// Source: API Gateway quotas of HTTP APIs, integration timeout.
    private static let defaultTimeoutMilliseconds = 30_000

    static func lower(
        _ method: Method, _ resource: Resource, _ context: inout LoweringContext
    ) -> IntegrationProgram {
        let key = resource.routeKey(of: method)
        guard let integration = method.integration else {
            // The importer warns.
            return unsupported("no integration is defined for \(key)", text: "none")
        }
        let text = IntegrationLowering.summary(integration)
        if let reason = unsupportedReason(integration) { return unsupported(reason, text: text) }
        let parameters = ParameterMappingLowering.lower(integration, path: resource.path.value, &context)
        let isService = integration.subtype != nil
        if isService, parameters.service == nil {
            // Reported.
            return unsupported("the service integration is none", text: text)
        }
        let isFunction = integration.type.value == .awsProxy && !isService
        var program = IntegrationProgram(
            kind: isService ? .aws : isFunction ? .awsProxy : .httpProxy, text: text,
            httpMethod: isFunction || isService ? "POST" : IntegrationLowering.verb(integration), uri: nil,
            timeoutMilliseconds: integration.timeoutMilliseconds?.value ?? defaultTimeoutMilliseconds,
            passthroughBehavior: .whenNoMatch, contentHandling: nil, requestTemplates: [], requestMappings: [],
            responses: [], defaultResponse: nil,
            skipsCertificateAuthority: integration.tlsConfig?.insecureSkipVerification ?? false,
            credentials: isFunction || isService ? integration.credentials.map { UriTemplate($0.value) } : nil)
        program.isRoute = true
        program.parameters = parameters
        if isService { return program }
        if isFunction {
            program.payloadFormat = integration.payloadFormatVersion?.value == "1.0" ? .http1 : .http2
            program.uri = integration.uri.map { UriTemplate(functionURI($0.value.string, context)) }
        } else if integration.connectionType.value == .vpcLink {
            lowerPrivate(integration, &program, context)
        } else {
            program.uri = integration.uri.map { UriTemplate($0.value.string) }
            // Source: reference 1.6: with the default route, the request's whole path follows that of the address.
            program.appendsPath = resource.isDefaultRoute
        }
        guard program.uri != nil else { return unsupported("Invalid endpoint address", text: text) }
        fillPlaceholders(of: resource, &program)
        return program
    }

    /// An integration that answers 500.
    private static func unsupported(_ reason: String, text: String) -> IntegrationProgram {
        var program = IntegrationLowering.unsupported(reason, text: text)
        program.isRoute = true
        return program
    }

    private static func unsupportedReason(_ integration: Integration) -> String? {
        switch integration.type.value {
        case .aws, .http, .mock:
            // The importer warns.
            return "HTTP APIs have no integrations of type \(integration.type.value.rawValue)"
        case .awsProxy, .httpProxy:
            break
        }
        if !integration.unresolvedParameters.isEmpty {
            let names = integration.unresolvedParameters.joined(separator: ", ")
            return "Invalid endpoint address or parameter: unresolved \(names)"
        }
        return nil
    }

    /// The address of Invoke for a function that is named by its own ARN.
    private static func functionURI(_ text: String, _ context: LoweringContext) -> String {
        guard let function = FunctionARN.plain(text) else { return text }
        let parts = function.split(separator: ":", omittingEmptySubsequences: false)
        let region = parts.count > 3 && !parts[3].isEmpty ? String(parts[3]) : context.options.region
        return "arn:\(parts[1]):apigateway:\(region):lambda:path/2015-03-31/functions/\(function)/invocations"
    }

    /// A private integration: the hosts of `x-portico-vpc-links` are called by the whole path of the request. Source:
    /// reference 1.2: plain HTTP unless `serverNameToVerify`; the path has the stage.
    private static func lowerPrivate(
        _ integration: Integration, _ program: inout IntegrationProgram, _ context: LoweringContext
    ) {
        guard let uri = integration.uri?.value.string else { return }
        let names = PrivateTarget.names(uri: uri, connectionID: integration.connectionID?.value)
        let known = context.description.vpcLinks.first { names.contains($0.name.value) }
        let name = names.first { name in known?.name.value == name || name.contains("${") } ?? names.last ?? uri
        program.vpcLink = UriTemplate(name)
        // Unconfirmed: what `Host` says. The name that TLS verifies, else that of the first host.
        if let verified = integration.tlsConfig?.serverNameToVerify {
            program.uri = UriTemplate("https://\(verified)")
        } else {
            let host = known?.targets.first.flatMap { VPCLinkTarget($0.value) }
            program.uri = UriTemplate("http://\(host?.authority ?? "localhost")")
        }
        program.appendsPath = true
    }

    /// `{name}` in the address is the route's variable of that name.
    private static func fillPlaceholders(of resource: Resource, _ program: inout IntegrationProgram) {
        let names = RoutesPass.parameterNames(resource.path.value)
        for placeholder in program.uri?.placeholders ?? [] {
            let name = placeholder.hasSuffix("+") ? String(placeholder.dropLast()) : placeholder
            guard names.contains(name) else { continue }
            program.requestMappings.append(
                MappingStep(target: .path, name: placeholder, effect: .set, source: .requestPath(name)))
        }
    }
}

extension VPCLinkTarget {
    /// Host and port as an address has them.
    fileprivate var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }
}
