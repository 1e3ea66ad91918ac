internal import PorticoIR
internal import PorticoSyntax

/// Makes the model of a client from the description of an API.
struct ClientModelBuilder {
    let api: APIDescription
    var types: TypeResolver
    var diagnostics: [Diagnostic] = []
    var operationNames = NameScope()
    /// Declared errors: status and body, by operation, before they have names.
    var errors = ErrorCollector()
    let authorizers: [String: Authorizer]
    let schemes: [String: ClientSecurityScheme]
    /// Documentation parts by `METHOD path verb`, and so on.
    let documentation: DocumentationIndex

    private init(_ api: APIDescription) {
        self.api = api
        types = TypeResolver(api)
        authorizers = Dictionary(api.authorizers.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
        schemes = Dictionary(
            api.clientSecuritySchemes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        documentation = DocumentationIndex(api.documentation)
    }

    /// The model, and what there is to say. An API without operations is an error.
    static func build(_ api: APIDescription) -> (model: ClientModel, diagnostics: [Diagnostic]) {
        var api = api
        // The default route of an HTTP API is no path that a client could call.
        if api.protocolType == .http { api.resources.removeAll(where: \.isDefaultRoute) }
        var builder = ClientModelBuilder(api)
        builder.types.resolveModels()
        var operations: [Operation] = []
        for resource in api.resources {
            for method in resource.methods { operations.append(builder.operation(resource, method)) }
        }
        let socket = api.webSocket.map { builder.socket($0) }
        if operations.isEmpty, socket == nil {
            builder.diagnostics.append(
                Diagnostic(
                    SDKDiagnostics.noOperations, "the spec has no operations, so there is nothing for a client to call",
                    at: api.info.title.span, fixIt: .init(hint: "add methods to 'paths'")))
        }
        let errors = builder.errors.named(builder.types)
        for index in operations.indices {
            builder.errors.assign(errors, to: &operations[index], at: index)
        }
        var types = UnionMatchers.completed(builder.types.finished())
        if let socket { types = socket.completed(types) }
        for index in operations.indices {
            operations[index].pagination = builder.pagination(operations[index], at: index, types)
        }
        let stages = api.stages.map(\.name.value)
        let model = ClientModel(
            title: api.info.title.value, version: api.info.version ?? "1.0", documentation: api.info.description,
            apiID: api.apiID, stages: stages.isEmpty ? ["dev"] : stages,
            defaultBaseURL: Self.baseURL(api), types: types, operations: operations, errors: errors.map(\.type),
            socket: socket)
        return (model, builder.types.diagnostics + builder.diagnostics)
    }

    /// Connections are opened by a request of HTTP, so an address of them is one of HTTP. The stage `$default` of an HTTP
    /// API is at the root.
    private static func baseURL(_ api: APIDescription) -> String {
        guard let server = api.servers.first else {
            let stage = api.stages.first?.name.value ?? "dev"
            return "http://127.0.0.1:8080" + (stage == "$default" ? "" : "/\(stage)")
        }
        for (scheme, http) in [("wss://", "https://"), ("ws://", "http://")] where server.hasPrefix(scheme) {
            return http + server.dropFirst(scheme.utf8.count)
        }
        return server
    }

    mutating func report(
        _ id: DiagnosticID, _ message: String, at span: SourceSpan, fixIt: Diagnostic.FixIt? = nil
    ) {
        diagnostics.append(Diagnostic(id, message, at: span, fixIt: fixIt))
    }

    // MARK: Operations

    private mutating func operation(_ resource: Resource, _ method: Method) -> Operation {
        let path = resource.path.value
        let verb = method.verb.value.rawValue
        let name = operationName(path, method)
        let part = documentation.method(path, verb)
        let security = self.security(method)
        let parameters = self.parameters(resource, method, security, operation: name)
        let body = requestBody(method, operation: name)
        let output = self.output(method, operation: name)
        errors.add(method, operation: name, &types)
        return Operation(
            name: name, verb: verb, path: Self.segments(path, parameters), tag: method.tags.first,
            summary: method.summary ?? part?.text("summary"),
            documentation: method.description ?? part?.text("description"), isDeprecated: method.deprecated,
            parameters: parameters, body: body, output: output, errors: [], defaultError: nil, security: security,
            pagination: nil)
    }

    private mutating func operationName(_ path: String, _ method: Method) -> String {
        let given = method.operationName.flatMap { $0.isEmpty ? nil : $0 }
        let preferred = given ?? Self.methodName(path: path, verb: method.verb.value.rawValue)
        let name = operationNames.claim(preferred, prefix: "")
        if name != preferred {
            report(
                SDKDiagnostics.operationRenamed,
                "operation '\(preferred)' is already taken; clients call this one '\(name)'", at: method.verb.span,
                fixIt: .init(hint: "give each operation an 'operationId' of its own"))
        }
        return name
    }

    /// API Gateway's own name for a method without operation name: the words of the path and the verb, `petsPetIdGet`.
    /// Source: API Gateway guide, "Use a JavaScript SDK generated by API Gateway for a REST API" (`rootGet`,
    /// `petsPetIdGet`).
    static func methodName(path: String, verb: String) -> String {
        let segments = path.split(separator: "/").map { String($0.filter { !"{}+".contains($0) }) }
        let text = (segments.isEmpty ? ["root"] : segments).joined(separator: " ")
        return NameWords(text + " " + verb.lowercased()).camel
    }

    /// Segments of a path, with the indices of its parameters.
    static func segments(_ path: String, _ parameters: [Parameter]) -> [PathSegment] {
        path.split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                return .literal(PathEncoding.literal(segment))
            }
            var name = String(segment.dropFirst().dropLast())
            let isGreedy = name.hasSuffix("+")
            if isGreedy { name.removeLast() }
            guard let index = parameters.firstIndex(where: { $0.location == .path && $0.wireName == name }) else {
                return .literal(PathEncoding.literal(segment))
            }
            return isGreedy ? .greedy(index, name: name) : .parameter(index, name: name)
        }
    }

    // MARK: Security

    /// What a call of a method must carry.
    mutating func security(_ method: Method) -> OperationSecurity {
        func token(_ name: String) -> OperationSecurity.Identity {
            guard let authorizer = authorizers[name] else { return .bearer }
            if authorizer.type.value == .jwt { return .bearer }
            return .token(header: authorizer.schemeHeader)
        }
        let identity: OperationSecurity.Identity
        switch method.authorization.value {
        case .none: identity = .none
        case .iam: identity = .sigV4
        case .cognitoUserPools(let authorizer, _): identity = token(authorizer)
        case .custom(let authorizer, _):
            // A REQUEST authorizer may look at anything; what it looks at first is what a client sends.
            identity = authorizers[authorizer].flatMap(Self.requestIdentity) ?? token(authorizer)
        case .jwt(let authorizer, _):
            identity = authorizers[authorizer].flatMap(Self.tokenIdentity) ?? .bearer
        case .unsupported(let scheme):
            switch schemes[scheme]?.kind {
            case .bearer: identity = .bearer
            case .basic: identity = .basic
            case .key(let name, let inQuery): identity = .key(name: name, inQuery: inQuery)
            case .other(let type):
                identity = .none
                report(
                    SDKDiagnostics.securityUnsupported,
                    "clients send nothing for security scheme '\(scheme)' of type '\(type)'",
                    at: method.authorization.span)
            case nil: identity = authorizers[scheme] == nil ? .none : token(scheme)
            }
        }
        return OperationSecurity(identity: identity, needsAPIKey: method.apiKeyRequired)
    }

    private static func requestIdentity(_ authorizer: Authorizer) -> OperationSecurity.Identity? {
        guard authorizer.type.value == .request,
            let source = authorizer.identitySource?.value.split(separator: ",").first
        else { return nil }
        let text = source.filter { $0 != " " }
        let sources = [
            ("method.request.header.", false), ("method.request.querystring.", true), ("route.request.header.", false),
            ("route.request.querystring.", true), ("$request.header.", false), ("$request.querystring.", true),
        ]
        for (prefix, inQuery) in sources where text.hasPrefix(prefix) {
            let name = String(text.dropFirst(prefix.count))
            return inQuery ? .key(name: name, inQuery: true) : .token(header: name)
        }
        return nil
    }
}

extension ClientModelBuilder {
    /// Where a JWT authorizer looks for the token, unless that is the usual header.
    private static func tokenIdentity(_ authorizer: Authorizer) -> OperationSecurity.Identity? {
        guard let source = authorizer.identitySource?.value else { return nil }
        if source.hasPrefix("$request.querystring.") {
            return .key(name: String(source.dropFirst("$request.querystring.".count)), inQuery: true)
        }
        let header = source.dropFirst("$request.header.".count)
        return header.lowercased() == "authorization" ? .bearer : .token(header: String(header))
    }
}

/// Percent-encoding of fixed segments.
enum PathEncoding {
    /// A segment of the document's path as it is sent. Source: RFC 3986, section 3.3: `pchar` stays.
    static func literal(_ segment: some StringProtocol) -> String {
        let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@%".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in segment.utf8 {
            if kept.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Documentation parts by what they document.
struct DocumentationIndex {
    private var methods: [String: JSONValue] = [:]

    init(_ documentation: Documentation?) {
        for part in documentation?.parts ?? [] where part.location.text("type") == "METHOD" {
            let key = Self.key(part.location.text("path") ?? "/", part.location.text("method") ?? "*")
            if methods[key] == nil { methods[key] = part.properties }
        }
    }

    /// Properties of a method's part; a part for all methods or all paths stands for those without their own.
    /// Source: API Gateway guide, "Representation of API documentation in API Gateway".
    func method(_ path: String, _ verb: String) -> JSONValue? {
        methods[Self.key(path, verb)] ?? methods[Self.key(path, "*")] ?? methods[Self.key("/", "*")]
    }

    private static func key(_ path: String, _ verb: String) -> String { verb.uppercased() + " " + path }
}
