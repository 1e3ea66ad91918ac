internal import PorticoIR
internal import PorticoPrograms

/// What `portico explain METHOD PATH` tells.
public struct RequestExplanation: Sendable {
    /// Lines without a line end at the last.
    public var text: String
    /// Whether a method takes the request.
    public var isMatch: Bool
}

extension DeploymentSnapshot {
    /// How a request finds its method and what happens then, step by step, for `portico explain METHOD PATH`.
    ///
    /// - Parameter path: with or without the stage as first segment.
    public func explain(method verb: String, path: String) -> RequestExplanation {
        if let webSocket { return webSocket.explain(verb, path, in: self) }
        var lines: [String] = []
        if protocolType == .http { return explainRoute(method: verb.uppercased(), path: path) }
        guard let declared = MethodVerb(rawValue: verb.uppercased()), declared != .any else {
            return RequestExplanation(text: "'\(verb)' is no verb that a REST API answers", isMatch: false)
        }
        let bare = String(path.prefix { $0 != "?" })
        let segments = bare.split(separator: "/", omittingEmptySubsequences: true)
        var rest = bare.hasPrefix("/") ? bare : "/" + bare
        if let first = segments.first, let stage = stages.first(where: { $0.name == first }) {
            lines.append("stage: '\(stage.name)', from the first segment of the path")
            rest = "/" + segments.dropFirst().joined(separator: "/")
            if bare.hasSuffix("/"), rest != "/" { rest += "/" }
        } else {
            lines.append("stage: the path names none of \(stages.map { "'\($0.name)'" }.joined(separator: ", "))")
        }
        let explanation = routes.explain(rest, verb: RouteVerb(declared))
        lines.append("route:")
        lines += explanation.steps.map { "  " + $0.text }
        guard let match = explanation.match else {
            lines.append("answer: 403 Missing Authentication Token (no method for that path and verb)")
            return RequestExplanation(text: lines.joined(separator: "\n"), isMatch: false)
        }
        let method = methods[Int(match.method)]
        let resource = resources[method.resource]
        lines.append("method: \(method.verb) \(resource.path)" + (method.line > 0 ? ", line \(method.line)" : ""))
        for parameter in explanation.parameters { lines.append("  {\(parameter.name)} = '\(parameter.value)'") }
        lines += execution(of: method)
        return RequestExplanation(text: lines.joined(separator: "\n"), isMatch: true)
    }

    /// What happens once the method is known.
    func execution(of method: MethodProgram) -> [String] {
        ["filters:" + (method.steps.isEmpty ? " none" : "")] + method.steps.map { "  " + text($0) }
            + ["integration: \(integrations[method.integration].text)"]
            + describe(integrations[method.integration]).map { "  " + $0 }
    }

    /// A filter step in words.
    func text(_ step: FilterStep) -> String {
        switch step {
        case .access(let program):
            text(program)
        case .deny(let type, let reason):
            "deny \(type.rawValue) \(type.defaultStatus ?? 500): \(reason)"
        case .requireAPIKey(let source):
            source == .header
                ? "API key in x-api-key, in a usage plan of the stage"
                : "API key from the authorizer, in a usage plan of the stage"
        case .requireParameters(let parameters):
            "require " + parameters.map { "\($0.location.rawValue).\($0.name)" }.joined(separator: ", ")
        case .validateBody(let models):
            "validate body: "
                + models.map { "\($0.mediaType) against model '\(schemas[$0.schema].name)'" }.joined(separator: ", ")
        }
    }

    /// An integration in words, a line each.
    func describe(_ integration: IntegrationProgram) -> [String] {
        if integration.kind == .unsupported { return ["answers 500: \(integration.reason)"] }
        var lines: [String] = []
        if integration.kind != .mock {
            lines.append("time-out \(integration.timeoutMilliseconds) ms")
            if integration.streams { lines.append("streams the response") }
            lines.append("verb \(integration.httpMethod ?? "of the caller")")
        }
        if let link = integration.vpcLink { lines.append("VPC link \(link.text)") }
        lines += serviceCalls(integration).map { "calls \($0)" }
        if integration.isRoute {
            if integration.kind == .awsProxy {
                lines.append("payload format \(integration.payloadFormat == .http1 ? "1.0" : "2.0")")
            }
            if integration.appendsPath { lines.append("appends the request's path") }
        } else {
            lines.append("passthrough \(integration.passthroughBehavior.rawValue)")
        }
        lines += self.lines(integration.parameters)
        if let handling = integration.contentHandling { lines.append("content handling \(handling.rawValue)") }
        lines += integration.requestTemplates.map { "request template \(text($0))" }
        lines += integration.requestMappings.map { "maps \(text($0, to: "integration.request"))" }
        for (index, response) in integration.responses.enumerated() {
            let pattern = response.pattern.map { "'\(patterns[$0].text)'" } ?? "default"
            lines.append(
                "response \(pattern) -> \(response.statusCode)"
                    + (response.isDeclared ? "" : " (no method response of that status: 500)")
                    + (index == integration.defaultResponse ? "" : ""))
            if let handling = response.contentHandling { lines.append("  content handling \(handling.rawValue)") }
            lines += response.templates.map { "  template \(text($0))" }
            lines += response.mappings.map { "  maps \(text($0, to: "method.response"))" }
        }
        return lines
    }

    private func text(_ choice: TemplateChoice) -> String {
        choice.template.map { "\(choice.mediaType): template \($0)" } ?? "\(choice.mediaType): passes the body through"
    }

    private func text(_ mapping: MappingStep, to side: String) -> String {
        let effect =
            switch mapping.effect {
            case .set: ""
            case .drop: " (left out)"
            case .fail: " (answers 500)"
            }
        return "\(side).\(mapping.target).\(mapping.name) = \(text(mapping.source))\(effect)"
    }

    /// A source in words.
    func text(_ source: ValueSource) -> String {
        switch source {
        case .literal(let text): "'\(text)'"
        case .requestPath(let name): "method.request.path.\(name)"
        case .requestQuery(let name): "method.request.querystring.\(name)"
        case .requestQueryAll(let name): "method.request.multivaluequerystring.\(name)"
        case .requestHeader(let name): "method.request.header.\(name)"
        case .requestHeaderAll(let name): "method.request.multivalueheader.\(name)"
        case .requestBody: "method.request.body"
        case .requestBodyPath(let path): "method.request.body at \(paths[path].text)"
        case .responseHeader(let name): "integration.response.header.\(name)"
        case .responseHeaderAll(let name): "integration.response.multivalueheader.\(name)"
        case .responseBody: "integration.response.body"
        case .responseBodyPath(let path): "integration.response.body at \(paths[path].text)"
        case .context(let slot): "context.\(symbols.contextVariables[slot])"
        case .stageVariable(let slot): "stageVariables.\(symbols.stageVariables[slot])"
        case .authorizer(let name): "context.authorizer.\(name)"
        case .anyCaseHeader(let name): "request.header.\(name)"
        case .plainBody: "request.body"
        case .plainBodyPath(let path): "request.body at \(paths[path].text)"
        case .routePath: "request.path"
        case .decodedPath(let name): "request.path.\(name)"
        case .answerHeader(let name): "response.header.\(name)"
        case .answerBody: "response.body"
        case .answerBodyPath(let path): "response.body at \(paths[path].text)"
        }
    }

    /// Text with sources in words.
    func text(_ segments: [TextSegment]) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let text): "'\(text)'"
            case .value(let source): text(source)
            }
        }.joined(separator: " ")
    }
}
