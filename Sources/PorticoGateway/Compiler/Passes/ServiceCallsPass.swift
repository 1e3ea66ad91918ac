internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Calls of AWS services: names that no service has, and calls that cannot succeed.
///
/// A URI is looked at with the variables of each stage; what only a request says is left to the request.
enum ServiceCallsPass {
    static func run(_ context: inout LoweringContext) {
        let endpoints = ServiceEndpoints(context.parts.endpoints)
        var called: Set<String> = []
        var suggestions = Suggestions()
        let description = context.description
        for integration in description.integrations {
            guard let uri = integration.uri,
                integration.type.value == .aws || integration.type.value == .awsProxy
            else { continue }
            var told: Set<String> = []
            for text in texts(of: uri.value.string, &context) {
                guard let arn = IntegrationARN(text), arn.function == nil else { continue }
                if integration.type.value == .awsProxy {
                    reportProxy(arn, at: uri.span, &context)
                    break
                }
                called.insert(arn.serviceText)
                for diagnostic in check(arn, integration, at: uri.span, endpoints, &suggestions)
                where told.insert(diagnostic.message).inserted {
                    context.report(diagnostic)
                }
            }
        }
        checkEndpoints(called, &suggestions, &context)
    }

    /// The importer refuses proxies of all services but Lambda and Firehose.
    private static func reportProxy(_ arn: IntegrationARN, at span: SourceSpan, _ context: inout LoweringContext) {
        guard arn.service == "firehose" else { return }
        context.unsupported(
            CompileDiagnostics.integrationUnsupported,
            "'AWS_PROXY' calls of Firehose are not executed; requests are answered 500", at: span,
            notes: [Diagnostic.Note("'type: aws' with 'firehose:action/PutRecord' and a template does the same")])
    }

    /// The URI in each stage, each text once.
    private static func texts(of uri: String, _ context: inout LoweringContext) -> [String] {
        let template = UriTemplate(uri)
        guard !template.stageVariables.isEmpty else { return [uri] }
        var texts: [String] = []
        for stage in context.parts.stages {
            let text = template.text(variables: context.parts.symbols.stageVariables, values: stage.variables)
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    private static func check(
        _ arn: IntegrationARN, _ integration: Integration, at span: SourceSpan, _ endpoints: ServiceEndpoints,
        _ suggestions: inout Suggestions
    ) -> [Diagnostic] {
        // A hole of a parameter that has no value is reported where it is.
        guard integration.unresolvedParameters.isEmpty else { return [] }
        let endpoint: AWSEndpoint
        do throws(AWSEndpoint.Problem) {
            endpoint = try AWSEndpoint(arn, endpoints)
        } catch {
            switch error {
            case .unknownService(let name):
                let question = suggestions.question(for: arn.service) { AWSService.allNames }
                return [
                    Diagnostic(
                        CompileDiagnostics.serviceUnknown, "'\(name)' is no AWS service that is known\(question)",
                        at: span,
                        fixIt: Diagnostic.FixIt(
                            hint: "write the name as in the host of its endpoint, or give its address with "
                                + "'--endpoint \(name)=URL'"))
                ]
            case .noRegion(let region):
                return [
                    Diagnostic(
                        CompileDiagnostics.serviceAddress, "'\(region)' is no region; requests are answered 500",
                        at: span, fixIt: Diagnostic.FixIt(hint: "write a region such as 'us-east-1'"))
                ]
            case .subdomain(let text):
                return [
                    Diagnostic(
                        CompileDiagnostics.serviceAddress,
                        "'\(text)' cannot stand before the name of a service; requests are answered 500", at: span,
                        fixIt: Diagnostic.FixIt(
                            hint: "put what only a request knows into the path, such as 's3:path/{bucket}/{key}'"))
                ]
            }
        }
        return arn.style == .action ? checkAction(arn, endpoint.service, integration, at: span) : []
    }

    private static func checkAction(
        _ arn: IntegrationARN, _ service: AWSService, _ integration: Integration, at span: SourceSpan
    ) -> [Diagnostic] {
        let action = AWSAction(arn.rest)
        guard action.isName else {
            return [
                Diagnostic(
                    CompileDiagnostics.serviceAction,
                    "'\(arn.rest)' is no name of an action; requests are answered 500",
                    at: span)
            ]
        }
        guard case .rest = service.style else {
            guard case .json = service.style else { return [] }
            return checkJSONAction(action, service, integration, at: span)
        }
        return [
            Diagnostic(
                CompileDiagnostics.serviceAction,
                "\(service.name) is called by path, not by the name of an action; requests are answered 500", at: span,
                fixIt: Diagnostic.FixIt(hint: "write '\(arn.service):path/...' with the verb of '\(action.name)'"))
        ]
    }

    private static func checkJSONAction(
        _ action: AWSAction, _ service: AWSService, _ integration: Integration, at span: SourceSpan
    ) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let setsTarget = integration.requestParameters.contains {
            $0.destination.value.lowercased() == "integration.request.header.x-amz-target"
        }
        // A template may set it, too; that is not looked for in its text.
        let mayOverride = integration.requestTemplates.contains {
            $0.template?.string.contains("requestOverride") ?? false
        }
        if service.needsMappedTarget, !setsTarget, !mayOverride {
            found.append(
                Diagnostic(
                    CompileDiagnostics.serviceTarget,
                    "nothing sets 'X-Amz-Target', without which \(service.name) does not know the action", at: span,
                    fixIt: Diagnostic.FixIt(
                        hint: "map integration.request.header.X-Amz-Target to "
                            + "\"'\(service.targetPrefix).\(action.name)'\" and Content-Type to "
                            + "\"'application/x-amz-json-1.1'\"")))
        }
        if let verb = integration.httpMethod, ["GET", "HEAD", "OPTIONS"].contains(verb.value.uppercased()) {
            found.append(
                Diagnostic(
                    CompileDiagnostics.serviceVerb,
                    "\(service.name) reads the parameters of '\(action.name)' from the body, and "
                        + "\(verb.value.uppercased()) sends none", at: verb.span,
                    fixIt: Diagnostic.FixIt(hint: "write httpMethod: POST")))
        }
        return found
    }

    /// Addresses for names that no service has and that nothing calls.
    private static func checkEndpoints(
        _ called: Set<String>, _ suggestions: inout Suggestions, _ context: inout LoweringContext
    ) {
        // Most specs give none, and need no names.
        guard !context.parts.endpoints.isEmpty else { return }
        let calledPlain = Set(called.map(ServiceEndpoints.plain))
        let known = Set(AWSService.allNames.map(ServiceEndpoints.plain))
        for entry in context.parts.endpoints {
            let plain = ServiceEndpoints.plain(entry.service)
            guard !known.contains(plain), !calledPlain.contains(plain), AWSService.find(entry.service) == nil else {
                continue
            }
            let written = context.description.endpoints.first { $0.name.value == entry.service }
            let question = suggestions.question(for: entry.service) { AWSService.allNames }
            context.report(
                Diagnostic(
                    CompileDiagnostics.endpointUnused,
                    "there is no AWS service '\(entry.service)', so that its address is not used\(question)",
                    at: written?.name.span ?? .none,
                    fixIt: Diagnostic.FixIt(hint: "write the name as integration URIs have it, such as 'dynamodb'")))
        }
    }
}

extension IntegrationARN {
    /// Service with what stands before it.
    var serviceText: String { subdomain.isEmpty ? service : "\(subdomain).\(service)" }
}

extension UriTemplate {
    /// The text with stage variables in place of their names; `{name}` stays.
    func text(variables: [String], values: [String?]) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .stageVariable(let index):
                variables.firstIndex(of: stageVariables[index]).flatMap { $0 < values.count ? values[$0] : nil } ?? ""
            case .placeholder(let index): "{\(placeholders[index])}"
            }
        }.joined()
    }
}

extension APIDescription {
    /// What is behind methods and routes.
    var integrations: [Integration] {
        resources.flatMap { $0.methods.compactMap(\.integration) } + (webSocket?.routes ?? []).compactMap(\.integration)
    }
}
