internal import PorticoIR
internal import PorticoPrograms

extension DeploymentSnapshot {
    /// How a request finds its route in an HTTP API and what happens then.
    func explainRoute(method verb: String, path: String) -> RequestExplanation {
        var lines: [String] = []
        let bare = String(path.prefix { $0 != "?" })
        var rest = bare.hasPrefix("/") ? bare : "/" + bare
        let first = rest.split(separator: "/", omittingEmptySubsequences: true).first.map(String.init) ?? ""
        let names = stages.map(\.name)
        if first != Stage.defaultName, names.contains(first) {
            lines.append("stage: '\(first)', from the first segment of the path")
            rest = String(rest.drop { $0 == "/" }.dropFirst(first.count))
            if rest.isEmpty { rest = "/" }
        } else if names.contains(Stage.defaultName) {
            lines.append("stage: '\(Stage.defaultName)', which takes the whole path")
        } else {
            lines.append("stage: the path names none of \(names.map { "'\($0)'" }.joined(separator: ", "))")
        }
        var parameters: [RouteExplanation.Parameter] = []
        var index: Int?
        lines.append("route:")
        if let declared = MethodVerb(rawValue: verb), declared != .any {
            let explanation = routes.explain(rest, verb: RouteVerb(declared), wholeFirst: true)
            lines += explanation.steps.map { "  " + $0.text }
            index = explanation.match.map { Int($0.method) }
            parameters = explanation.parameters
        }
        if index == nil, let defaultRoute {
            lines.append("  $default takes what no other route does")
            index = defaultRoute
        }
        guard let index else {
            lines.append("answer: 404 Not Found (no route for that path and verb)")
            return RequestExplanation(text: lines.joined(separator: "\n"), isMatch: false)
        }
        let method = methods[index]
        let resource = resources[method.resource]
        lines.append("route key: \(routeKey(of: method))" + (method.line > 0 ? ", line \(method.line)" : ""))
        for (name, parameter) in zip(resource.parameterNames, parameters) {
            lines.append("  {\(name)} = '\(parameter.value)'")
        }
        lines.append("filters:" + (method.steps.isEmpty ? " none" : ""))
        lines += method.steps.map { "  " + text($0) }
        lines.append("integration: \(integrations[method.integration].text)")
        lines += describe(integrations[method.integration]).map { "  " + $0 }
        return RequestExplanation(text: lines.joined(separator: "\n"), isMatch: true)
    }

    /// The key of a route of an HTTP API.
    func routeKey(of method: MethodProgram) -> String {
        let path = resources[method.resource].path
        return path == "$default" ? path : "\(method.verb) \(path)"
    }
}
