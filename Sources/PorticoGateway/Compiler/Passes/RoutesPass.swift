internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Resources, methods with their filter steps and integrations, and the routing table over them.
enum RoutesPass {
    static func run(_ context: inout LoweringContext) {
        var declarations: [RouteDeclaration] = []
        for resource in context.description.resources {
            guard !resource.methods.isEmpty else { continue }
            let isHTTPAPI = context.description.protocolType == .http
            let isDefaultRoute = isHTTPAPI && resource.isDefaultRoute
            let path = isDefaultRoute ? "$default" : resource.path.value
            let resourceIndex = context.parts.resources.count
            context.parts.resources.append(
                ResourceEntry(
                    id: StableHash.base36(Array((context.description.apiID + path).utf8), length: 6), path: path,
                    parameterNames: parameterNames(path)))
            var routes: [RouteMethod] = []
            for method in resource.methods {
                let index = context.parts.methods.count
                routes.append(RouteMethod(RouteVerb(method.verb.value), index))
                let integration =
                    isHTTPAPI
                    ? RouteIntegrationLowering.lower(method, resource, &context)
                    : IntegrationLowering.lower(method, path: path, &context)
                context.parts.integrations.append(integration)
                context.parts.methods.append(
                    MethodProgram(
                        verb: method.verb.value.rawValue, resource: resourceIndex, operationName: method.operationName,
                        steps: context.commonSteps + FeatureList.steps(method, resource, &context),
                        integration: context.parts.integrations.count - 1,
                        authorizationText: authorizationText(method), line: context.line(of: method.verb.span)))
            }
            if isDefaultRoute {
                context.parts.defaultRoute = routes.first.map { Int($0.method) }
            } else {
                declarations.append(RouteDeclaration(path, routes))
            }
        }
        let build = RouteTableBuilder.build(declarations, methodCount: context.parts.methods.count)
        context.parts.routes = build.table
        reportClashes(build.clashes, &context)
    }

    /// Names of the variables of a path, without braces and plus.
    static func parameterNames(_ path: String) -> [String] {
        path.split(separator: "/").compactMap { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return nil }
            let name = segment.dropFirst().dropLast()
            return String(name.hasSuffix("+") ? name.dropLast() : name)
        }
    }

    /// The importer's rules report clashes with their places; what reaches this point came from elsewhere.
    private static func reportClashes(_ clashes: [RouteClash], _ context: inout LoweringContext) {
        let isHTTPAPI = context.description.protocolType == .http
        let resources = context.description.resources.filter {
            !$0.methods.isEmpty && !(isHTTPAPI && $0.isDefaultRoute)
        }
        for clash in clashes {
            guard clash.declaration < resources.count, !(isHTTPAPI && clash.reason.isAllowedInHTTPAPIs) else {
                continue
            }
            let resource = resources[clash.declaration]
            let reason =
                switch clash.reason {
                case .malformedPath: "the path is malformed"
                case .childOfGreedy: "a resource cannot stand below a greedy variable"
                case .duplicateMethod(let verb): "\(verb.name) is declared twice for this resource"
                case .variableNames(let one, let other): "the variable is named '\(one)' here and '\(other)' there"
                case .variableBesideGreedy(let one, let other): "'\(one)' stands beside '\(other)'"
                }
            var notes: [Diagnostic.Note] = []
            if let other = clash.other, other < resources.count {
                notes.append(Diagnostic.Note("first declared here", at: resources[other].path.span))
            }
            context.report(
                Diagnostic(
                    CompileDiagnostics.routeClash, "'\(resource.path.value)' cannot be routed: \(reason)",
                    at: resource.path.span, notes: notes))
        }
    }

    /// For `portico routes`.
    static func authorizationText(_ method: Method) -> String {
        let kind =
            switch method.authorization.value {
            case .none: "NONE"
            case .iam: "AWS_IAM"
            case .custom(let name, _): "CUSTOM \(name)"
            case .cognitoUserPools(let name, _): "COGNITO_USER_POOLS \(name)"
            case .jwt(let name, _): "JWT \(name)"
            case .unsupported(let scheme): "unsupported (\(scheme))"
            }
        return method.apiKeyRequired ? kind + ", API key" : kind
    }
}

extension RouteClash.Reason {
    /// Routes of an HTTP API stand by themselves: each has its own names of variables, and a greedy one may stand beside
    /// another.
    fileprivate var isAllowedInHTTPAPIs: Bool {
        switch self {
        case .variableNames, .variableBesideGreedy: true
        case .malformedPath, .childOfGreedy, .duplicateMethod: false
        }
    }
}
