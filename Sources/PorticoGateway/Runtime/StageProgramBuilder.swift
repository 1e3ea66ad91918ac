// Hot: no, this runs when a snapshot is put into service. Allocates: freely.

internal import PorticoIR
internal import PorticoPrograms

/// Makes the parts of a ``StageProgram``.
struct StageProgramBuilder {
    let snapshot: DeploymentSnapshot
    let stage: StageEntry
    let logging: LogSetting?
    /// Addresses of AWS services that are not those of AWS.
    let endpoints: ServiceEndpoints
    let pool: BytePool
    let stageVariables: [StaticBytes]
    /// Bytes from which answers are compressed; `Int.max` for never. An empty answer has nothing to compress.
    let minimumCompressionSize: Int

    let clientIdentity: ServingClientIdentity
    /// Who signs tokens.
    let identityProviders: ServingIdentityProviders
    /// Authorizers that are passed over.
    let bypasses: [AuthorizerBypass]
    /// Keeps buckets.
    let limits: LimitRegistry
    /// The stage's answers that are kept; `nil` without cache.
    let cache: ResponseCache?
    let sharedCache: SharedCache?
    /// Which deployment this is, and whether it is the canary; `nil` for the snapshot's own.
    let release: StageRelease?
    private let parts: ServingParts

    init(
        snapshot: DeploymentSnapshot, stage: StageEntry, logging: LogSetting?,
        clientIdentities: ClientIdentities, endpoints: ServiceEndpoints, bypasses: [AuthorizerBypass] = [],
        identityProviders: ServingIdentityProviders, limits: LimitRegistry = LimitRegistry(),
        caches: CacheRegistry = CacheRegistry(), release: StageRelease? = nil, pool: BytePool
    ) {
        // Source: reference 8.1: the canary has no cache unless it uses that of the stage.
        let hasCache = stage.cacheBytes > 0 && (release?.isCanary != true || stage.canary?.usesStageCache == true)
        sharedCache = hasCache ? caches.shared("\(snapshot.identity.apiID)/\(stage.name)") : nil
        cache =
            hasCache
            ? caches.cache("\(snapshot.identity.apiID)/\(stage.name)", capacityBytes: stage.cacheBytes) : nil
        self.limits = limits
        self.release = release
        self.identityProviders = identityProviders
        self.bypasses = bypasses
        clientIdentity =
            switch stage.clientCertificate.map(clientIdentities.identity) {
            case nil: .none
            case .success(let identity): .present(identity)
            case .failure(let failure): .missing(failure.reason)
            }
        self.logging = logging
        self.endpoints = endpoints
        self.snapshot = snapshot
        self.stage = stage
        self.pool = pool
        parts = ServingParts(snapshot)
        minimumCompressionSize = snapshot.minimumCompressionSize.map { max($0, 1) } ?? CompressionFilter.off
        stageVariables = stage.variables.map { $0.map(pool.add) ?? .empty }
    }

    /// For each template of the snapshot, the first one that compiles to the same.
    var firstTemplates: [Int] { parts.firstTemplates }

    func contextConstants() -> [StaticBytes] {
        ContextVariable.allCases.map { variable in
            switch variable {
            case .accountId: pool.add(snapshot.identity.accountID)
            case .apiId: pool.add(snapshot.identity.apiID)
            case .deploymentId: pool.add(release?.deploymentID ?? snapshot.identity.deploymentID)
            // Source: API Gateway guide, "$context": there only where the stage has a canary.
            case .isCanaryRequest: stage.canary == nil ? .empty : pool.add(release?.isCanary == true ? "true" : "false")
            case .domainName: pool.add(snapshot.identity.domainName)
            case .domainPrefix: pool.add(snapshot.identity.apiID)
            case .stage: pool.add(stage.name)
            // Source: reference, "$context": always HTTP/1.1.
            case .protocol: pool.add("HTTP/1.1")
            default: .empty
            }
        }
    }

    func methods() -> [ServingMethod] {
        let integrations = snapshot.integrations.map { program in
            parts.integration(program) { ServingIntegration(program, builder: self) }
        }
        let authorizers = authorizers(integrations)
        let resources = snapshot.resources.map { resource in
            (
                id: pool.add(resource.id), path: pool.add(resource.path),
                names: parts.names(resource.parameterNames) { $0.map(pool.add) }
            )
        }
        return snapshot.methods.enumerated().map { index, method in
            let resource = resources[method.resource]
            let setting = stage.setting(ofMethod: index)
            let cache = cache(of: method, setting)
            return ServingMethod(
                index: index, verb: pool.add(method.verb), resourceID: resource.id, resourcePath: resource.path,
                parameterNames: resource.names,
                steps: cache.map { steps(method, setting, authorizers) + [.cache($0)] }
                    ?? parts.steps(method.steps, isShared: setting.throttle.rateLimit == nil) {
                        steps(method, setting, authorizers)
                    },
                integration: integrations[method.integration],
                logging: logging ?? setting.logging,
                proxyEvent: proxyEvent(method), routeEvent: routeEvent(method),
                authorizerEvent: authorizerEvent(method),
                routeKey: snapshot.protocolType == .http ? pool.add(snapshot.routeKey(of: method)) : .empty,
                cache: cache, route: snapshot.webSocket.map { ServingRoute($0.routes[index], pool: pool) })
        }
    }

    private func cache(of method: MethodProgram, _ setting: MethodSetting) -> ServingCache? {
        let integration = snapshot.integrations[method.integration]
        // Source: API Gateway guide, "Response streaming": streamed answers are not cached.
        guard let cache, let setting = setting.cache, !integration.streams else { return nil }
        let resource = snapshot.resources[method.resource]
        return ServingCache(
            setting, store: cache,
            prefix: CacheKeyPrefix(
                deployment: release?.deploymentID ?? snapshot.identity.deploymentID,
                namespace: integration.cacheNamespace ?? resource.id, verb: method.verb,
                parameters: integration.cacheKey.map(\.name)),
            sources: integration.cacheKey.map { source($0.source) }, varies: snapshot.minimumCompressionSize != nil,
            shared: sharedCache)
    }

    private func routeEvent(_ method: MethodProgram) -> ServingRouteEvent? {
        let integration = snapshot.integrations[method.integration]
        guard integration.isRoute, integration.kind == .awsProxy else { return nil }
        return routeEvent(method, integration.payloadFormat)
    }

    private func authorizerEvent(_ method: MethodProgram) -> ServingRouteEvent? {
        for step in method.steps {
            guard case .access(.authorizer(let index, _)) = step else { continue }
            let authorizer = snapshot.access.authorizers[index]
            guard authorizer.kind == .request, authorizer.format != .rest else { return nil }
            return routeEvent(method, authorizer.format == .http1 ? .http1 : .http2)
        }
        return nil
    }

    private func routeEvent(_ method: MethodProgram, _ format: PayloadFormat) -> ServingRouteEvent {
        let resource = snapshot.resources[method.resource]
        return ServingRouteEvent(
            format: format, routeKey: snapshot.routeKey(of: method), path: resource.path,
            parameterNames: resource.parameterNames, builder: self)
    }

    private func proxyEvent(_ method: MethodProgram) -> ServingProxyEvent? {
        let asksAboutRequest = method.steps.contains { step in
            guard case .access(.authorizer(let index, _)) = step else { return false }
            return snapshot.access.authorizers[index].kind == .request && snapshot.protocolType != .http
        }
        guard snapshot.integrations[method.integration].kind == .awsProxy || asksAboutRequest else { return nil }
        let resource = snapshot.resources[method.resource]
        let needsAPIKey = method.steps.contains { if case .requireAPIKey = $0 { true } else { false } }
        return ServingProxyEvent(
            resourceID: resource.id, resourcePath: resource.path, parameterNames: resource.parameterNames,
            needsAPIKey: needsAPIKey, builder: self)
    }

    /// The limit of all requests of the account.
    var accountThrottle: ServingThrottle? {
        snapshot.accountThrottle.flatMap { limits.throttle("account/\(snapshot.identity.accountID)", $0) }
    }

    /// The steps of the deployment, with the limits of the stage where they belong: behind who may call.
    private func steps(
        _ method: MethodProgram, _ setting: MethodSetting, _ authorizers: [ServingAuthorizer]
    ) -> [ServingStep] {
        var steps = method.steps.map { step($0, authorizers) }
        let path = snapshot.resources[method.resource].path
        let limits = ServingLimits(
            method: limits.throttle(
                "stage/\(snapshot.identity.apiID)/\(stage.name)/\(method.verb) \(path)", setting.throttle),
            account: accountThrottle)
        let needsAPIKey = method.steps.contains { if case .requireAPIKey = $0 { true } else { false } }
        guard needsAPIKey || limits.method != nil || limits.account != nil else { return steps }
        let place = method.steps.firstIndex { step in
            switch step {
            case .requireParameters, .validateBody: true
            case .access, .deny, .requireAPIKey: false
            }
        }
        steps.insert(.throttle(limits), at: place ?? steps.count)
        return steps
    }

    private func step(_ step: FilterStep, _ authorizers: [ServingAuthorizer]) -> ServingStep {
        switch step {
        case .access(let program):
            .access(access(program, authorizers))
        case .deny(let type, let reason):
            .deny(type, reason: reason)
        case .requireAPIKey(let source):
            .requireAPIKey(source)
        case .requireParameters(let parameters):
            .requireParameters(parameters.map { ServingParameter(location: $0.location, name: pool.add($0.name)) })
        case .validateBody(let models):
            .validateBody(models)
        }
    }

    func gatewayResponses() -> [ServingGatewayResponse] {
        snapshot.gatewayResponses.map { response in
            ServingGatewayResponse(
                statusCode: response.statusCode,
                headers: response.headers.map { header in
                    let name = header.name.lowercased()
                    return ServingGatewayHeader(
                        name: pool.add(header.name), source: source(header.source),
                        isContentType: name == "content-type", isErrorType: name == "x-amzn-errortype")
                },
                templates: response.templates.map { template in
                    ServingGatewayTemplate(
                        mediaType: pool.add(template.mediaType),
                        essence: pool.add(MediaTypeText.essence(template.mediaType)),
                        segments: template.segments.map { segment in
                            switch segment {
                            case .literal(let text): ServingSegment.literal(pool.add(text))
                            case .value(let value): ServingSegment.value(source(value))
                            }
                        }
                    )
                },
                isCustomized: response.isCustomized)
        }
    }

    func mapping(_ step: MappingStep) -> ServingMapping {
        ServingMapping(
            target: step.target, effect: step.effect, name: pool.add(step.name),
            known: step.target == .header ? KnownHeader.named(step.name) : .other, source: source(step.source))
    }

    func source(_ source: ValueSource) -> ServingSource {
        switch source {
        case .literal(let text): .literal(pool.add(text))
        case .requestPath(let name): .requestPath(pool.add(name))
        case .requestQuery(let name): .requestQuery(pool.add(name))
        case .requestQueryAll(let name): .requestQueryAll(pool.add(name))
        case .requestHeader(let name): .requestHeader(pool.add(name))
        case .requestHeaderAll(let name): .requestHeaderAll(pool.add(name))
        case .requestBody: .requestBody
        case .requestBodyPath(let path): .requestBodyPath(path)
        case .responseHeader(let name): .responseHeader(pool.add(name))
        case .responseHeaderAll(let name): .responseHeaderAll(pool.add(name))
        case .responseBody: .responseBody
        case .responseBodyPath(let path): .responseBodyPath(path, nested: pathWithinError(snapshot.paths[path]))
        case .context(let slot): .context(slot)
        case .authorizer(let name): .authorizer(pool.add(name))
        case .anyCaseHeader(let name): .anyCaseHeader(pool.add(name))
        case .plainBody: .plainBody
        case .plainBodyPath(let path): .plainBodyPath(path)
        case .routePath: .routePath
        case .decodedPath(let name): .decodedPath(pool.add(name))
        case .answerHeader(let name): .answerHeader(pool.add(name))
        case .answerBody: .answerBody
        case .answerBodyPath(let path): .answerBodyPath(path)
        // A stage variable is a constant of its stage; an absent one is an absent value.
        case .stageVariable(let slot): .literal(stageVariables[slot])
        }
    }

    /// For `$.errorMessage.x`, what `x` is within the text of `errorMessage`.
    private func pathWithinError(_ path: JSONPath) -> JSONPath? {
        let prefix = "$.errorMessage"
        guard path.text.hasPrefix(prefix + ".") || path.text.hasPrefix(prefix + "["),
            case .success(let nested) = JSONPath.compile("$" + path.text.dropFirst(prefix.count))
        else { return nil }
        return nested
    }

    func template(_ choice: TemplateChoice, isMockRequest: Bool) -> ServingTemplate {
        let mediaType = pool.add(choice.mediaType)
        func make(_ content: ServingTemplate.Content) -> ServingTemplate {
            ServingTemplate(
                mediaType: mediaType, isJSON: choice.mediaType == "application/json",
                isDefault: choice.mediaType == "$default", content: content)
        }
        guard let index = choice.template else { return make(.passthrough) }
        guard let program = snapshot.templates[index].program else {
            return make(.broken(index))
        }
        guard let constant = program.constant else {
            return make(.program(parts.program(program, at: index), index))
        }
        var status = -1
        if isMockRequest {
            status = constant.withUnsafeBytes { MockIntegration.status(of: $0) } ?? -1
        }
        return make(.constant(pool.add(constant), mockStatus: status))
    }

    // MARK: - Addresses

    func endpoint(_ program: IntegrationProgram) -> ServingEndpoint {
        let endpoint = linked(address(program), program)
        // Whether the backend is an HTTPS one, a link's hosts may say otherwise than the URI.
        guard case .missing(let reason) = clientIdentity, endpoint.isTLS else { return endpoint }
        return .unusable(reason)
    }

    private func address(_ program: IntegrationProgram) -> ServingEndpoint {
        guard let uri = program.uri, program.kind == .http || program.kind == .httpProxy else { return .none }
        // Stage variables first: they are constants of the stage and may make up any part of the address.
        var pieces: [(text: String, placeholder: String?)] = []
        for segment in uri.segments {
            switch segment {
            case .literal(let bytes):
                append(String(decoding: bytes, as: UTF8.self), to: &pieces)
            case .stageVariable(let index):
                let slot = snapshot.symbols.stageVariables.firstIndex(of: uri.stageVariables[index])
                append(slot.flatMap { stage.variables[$0] } ?? "", to: &pieces)
            case .placeholder(let index):
                let name = uri.placeholders[index]
                pieces.append((text: "{\(name)}", placeholder: name))
            }
        }
        let segments = pieces.map { piece -> EndpointSegment in
            piece.placeholder.map { .placeholder(name: pool.add($0), text: pool.add(piece.text)) }
                ?? .literal(pool.add(piece.text))
        }
        let isFixed = pieces.allSatisfy { $0.placeholder == nil }
        if isFixed {
            let text = pieces.map(\.text).joined()
            guard
                let address = EndpointAddress.parse(
                    text, skipsAuthority: program.skipsCertificateAuthority, pool: pool, identity: clientIdentity)
            else { return .invalid(text) }
            return program.appendsPath ? appendingPath(address) : .fixed(address)
        }
        // With the authority in the leading literal, only the request target is made for each request.
        if let first = pieces.first, first.placeholder == nil, let split = EndpointAddress.endOfAuthority(first.text),
            let address = EndpointAddress.parse(
                String(first.text.utf8.prefix(split)) ?? "", skipsAuthority: program.skipsCertificateAuthority,
                pool: pool, identity: clientIdentity)
        {
            let rest = String(first.text.utf8.dropFirst(split)) ?? ""
            let target = rest.hasPrefix("/") ? rest : "/" + rest
            return .pathTemplate(address, [.literal(pool.add(target))] + segments.dropFirst())
        }
        return .template(segments)
    }

    /// The address with the request's whole path between its own path and its query.
    private func appendingPath(_ address: EndpointAddress) -> ServingEndpoint {
        let target = address.requestTarget.text
        var path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...]
        if path.hasSuffix("/") { path = path.dropLast() }
        return .pathTemplate(
            address, [.literal(pool.add(String(path))), .requestPath, .literal(pool.add(String(query)))])
    }

    private func append(_ text: String, to pieces: inout [(text: String, placeholder: String?)]) {
        if let last = pieces.last, last.placeholder == nil {
            pieces[pieces.count - 1].text = last.text + text
        } else {
            pieces.append((text: text, placeholder: nil))
        }
    }
}

extension ServingEndpoint {
    /// Whether some of its hosts are called by TLS, as far as that is known before a request.
    fileprivate var isTLS: Bool {
        switch self {
        case .fixed(let address), .pathTemplate(let address, _): address.target.isTLS
        case .linked(let linked): linked.addresses.contains { $0.target.isTLS }
        case .none, .template, .invalid, .unusable: false
        }
    }
}

extension EndpointAddress {
    /// Offset of the byte after `scheme://authority` if a `/`, `?` or `#` follows it, which proves the authority whole.
    static func endOfAuthority(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        let lowered = text.lowercased()
        let start = lowered.hasPrefix("http://") ? 7 : lowered.hasPrefix("https://") ? 8 : 0
        guard start > 0 else { return nil }
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: "?") {
                return index > start ? index : nil
            }
            index += 1
        }
        return nil
    }

    /// Reads an absolute http or https URL; `nil` if it is none.
    static func parse(
        _ text: String, skipsAuthority: Bool, pool: BytePool, identity: ServingClientIdentity = .none
    ) -> EndpointAddress? {
        let lowered = text.lowercased()
        let isTLS: Bool
        var rest: Substring
        if lowered.hasPrefix("http://") {
            isTLS = false
            rest = text.dropFirst(7)
        } else if lowered.hasPrefix("https://") {
            isTLS = true
            rest = text.dropFirst(8)
        } else {
            return nil
        }
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        var requestTarget = String(rest[end...])
        if !requestTarget.hasPrefix("/") { requestTarget = "/" + requestTarget }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        var host = String(authority)
        var port = isTLS ? 443 : 80
        var hasPort = false
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<close])
            let tail = authority[authority.index(after: close)...]
            if tail.hasPrefix(":") {
                guard let number = Int(tail.dropFirst()) else { return nil }
                port = number
                hasPort = true
            } else if !tail.isEmpty {
                return nil
            }
        } else if let colon = authority.lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]) else { return nil }
            host = String(authority[..<colon])
            port = number
            hasPort = true
        }
        guard (1...65_535).contains(port), isHost(host), isTarget(requestTarget) else { return nil }
        let hostText = host.contains(":") ? "[\(host)]" : host
        let isDefault = !hasPort || port == (isTLS ? 443 : 80)
        var target = UpstreamTarget(
            host: host, port: port, isTLS: isTLS, serverName: isTLS ? host : nil,
            verification: skipsAuthority ? .skipAuthority : .full)
        if case .present(let identity) = identity { target.clientIdentity = identity }
        return EndpointAddress(
            target: target,
            hostLine: pool.add("Host: \(hostText)\(isDefault ? "" : ":\(port)")\r\n"),
            requestTarget: pool.add(requestTarget))
    }

    private static func isHost(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.count <= 253
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: ":"):
                    true
                default:
                    false
                }
            }
    }

    private static func isTarget(_ target: String) -> Bool {
        target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

/// What methods of a stage have in common stands once: a file of a thousand routes alike then runs from the processor's
/// caches, and so do the mock integrations that answer preflight requests everywhere.
private final class ServingParts {
    /// For each template of the snapshot, the first one that compiles to the same.
    let firstTemplates: [Int]
    private var programs: [Int: ServingProgram] = [:]
    private var integrations: [[UInt8]: ServingIntegration] = [:]
    private var steps: [[UInt8]: [ServingStep]] = [:]
    private var names: [[String]: [StaticBytes]] = [:]

    init(_ snapshot: DeploymentSnapshot) {
        var known: [[UInt8]: Int] = [:]
        firstTemplates = snapshot.templates.enumerated().map { index, entry in
            guard let program = entry.program else { return index }
            var flat = ByteWriter()
            program.encode(into: &flat)
            if let first = known[flat.bytes] { return first }
            known[flat.bytes] = index
            return index
        }
    }

    /// One program for all templates that compile to the same.
    func program(_ program: TemplateProgram, at index: Int) -> ServingProgram {
        let first = firstTemplates[index]
        if let known = programs[first] { return known }
        let serving = ServingProgram(program)
        programs[first] = serving
        return serving
    }

    /// One integration for all that do the same.
    func integration(_ program: IntegrationProgram, _ make: () -> ServingIntegration) -> ServingIntegration {
        var key = program
        // The answers that are kept are the method's; the text is for people.
        (key.text, key.cacheNamespace, key.cacheKey) = ("", nil, [])
        for place in key.requestTemplates.indices { first(&key.requestTemplates[place]) }
        for response in key.responses.indices {
            for place in key.responses[response].templates.indices { first(&key.responses[response].templates[place]) }
        }
        var flat = ByteWriter()
        flat.write(key)
        if let known = integrations[flat.bytes] { return known }
        let serving = make()
        integrations[flat.bytes] = serving
        return serving
    }

    /// One list for all methods with the same filters, unless a method has something of its own, such as a bucket.
    func steps(_ program: [FilterStep], isShared: Bool, _ make: () -> [ServingStep]) -> [ServingStep] {
        guard isShared else { return make() }
        var flat = ByteWriter()
        flat.write(program) { $0.write($1) }
        if let known = steps[flat.bytes] { return known }
        let serving = make()
        steps[flat.bytes] = serving
        return serving
    }

    /// One list for all resources with the same variables.
    func names(_ texts: [String], _ make: ([String]) -> [StaticBytes]) -> [StaticBytes] {
        if let known = names[texts] { return known }
        let serving = make(texts)
        names[texts] = serving
        return serving
    }

    private func first(_ choice: inout TemplateChoice) { choice.template = choice.template.map { firstTemplates[$0] } }
}
