// Hot: read once per request. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// A snapshot made ready to serve one stage: stage variables put in, addresses resolved, heads preformatted.
///
/// Immutable and shared by all workers.
final class StageProgram: @unchecked Sendable {
    let snapshot: DeploymentSnapshot
    let pool: BytePool
    let name: StaticBytes
    /// Values of stage variables by slot; a `nil` base where there is none.
    let stageVariables: [StaticBytes]
    /// The same for templates.
    // Written once, before anybody else has the program, and freed with it.
    fileprivate let variableViews: UnsafeMutableBufferPointer<UnsafeRawBufferPointer>
    /// Values of `$context` variables that are the same for every request, by slot; `nil` base for the others.
    let contextConstants: [StaticBytes]
    let methods: [ServingMethod]
    /// Whether it is a stage of an HTTP API.
    let isHTTPAPI: Bool
    /// Position in ``methods`` of the `$default` route of an HTTP API.
    let defaultRoute: Int?
    /// CORS of an HTTP API.
    let cors: ServingCORS?
    /// For each template of the snapshot, the one that stands for it, and for all that compile to the same.
    private let firstTemplates: [Int]
    /// In the order of `GatewayResponseType.allCases`.
    let gatewayResponses: [ServingGatewayResponse]
    let binaryMediaTypes: [MediaRange]
    let apiIDHeader: StaticBytes
    let userAgent: StaticBytes
    /// `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/`
    let invokeARN: StaticBytes
    /// The same with most digits of the account hidden, for messages.
    let maskedInvokeARN: StaticBytes
    let accountID: StaticBytes
    /// What signatures of requests are good for.
    let signingScope: SigningScope
    /// Who may call, whatever the methods say; `nil` for everybody.
    let resourcePolicy: PolicyProgram?
    /// Identities that may sign requests.
    let callers: CallerTable
    /// What is logged of requests that reach no method.
    let defaultLogging: LogSetting
    /// Another version for a part of the requests.
    let canary: ServingCanary?
    /// `$context.deploymentId`
    let deploymentID: String
    /// Answers that are kept; `nil` without cache.
    let cache: ResponseCache?
    /// What is told of its requests.
    let observation: ServingObservation
    /// Routes of a WebSocket API; `nil` in others.
    let webSocket: ServingWebSocket?

    /// - Parameter logging: what is logged of all requests, whatever the stage says.
    /// - Parameter endpoints: addresses of AWS services that are not those of AWS.
    init(
        _ snapshot: DeploymentSnapshot, stage: StageEntry, logging: LogSetting? = nil,
        clientIdentities: ClientIdentities = ClientIdentities(), endpoints: ServiceEndpoints? = nil,
        callers: CallerTable? = nil, bypasses: [AuthorizerBypass] = [],
        identityProviders: ServingIdentityProviders? = nil, limits: LimitRegistry = LimitRegistry(),
        caches: CacheRegistry = CacheRegistry(), release: StageRelease? = nil, canary: ServingCanary? = nil,
        observation: ServingObservation = .none
    ) {
        self.observation = observation
        let pool = BytePool(sharesEqual: true)
        let builder = StageProgramBuilder(
            snapshot: snapshot, stage: stage, logging: logging, clientIdentities: clientIdentities,
            endpoints: endpoints ?? ServiceEndpoints(snapshot.endpoints), bypasses: bypasses,
            identityProviders: identityProviders ?? ServingIdentityProviders(snapshot.identityProviders, in: "."),
            limits: limits, caches: caches, release: release, pool: pool)
        cache = builder.cache
        webSocket = snapshot.webSocket.map { ServingWebSocket($0, builder: builder) }
        self.canary = canary
        deploymentID = release?.deploymentID ?? snapshot.identity.deploymentID
        defaultLogging = logging ?? stage.defaultSetting.logging
        self.snapshot = snapshot
        self.pool = pool
        name = pool.add(stage.name)
        stageVariables = builder.stageVariables
        variableViews = .allocate(capacity: builder.stageVariables.count)
        _ = variableViews.initialize(fromContentsOf: builder.stageVariables.map(\.bytes))
        contextConstants = builder.contextConstants()
        methods = builder.methods()
        isHTTPAPI = snapshot.protocolType == .http
        defaultRoute = snapshot.defaultRoute
        cors = snapshot.cors.map { ServingCORS($0) }
        firstTemplates = builder.firstTemplates
        gatewayResponses = builder.gatewayResponses()
        binaryMediaTypes = snapshot.binaryMediaTypes
        apiIDHeader = pool.add("X-Amzn-Apigateway-Api-Id: \(snapshot.identity.apiID)\r\n")
        let identity = snapshot.identity
        func arn(account: String) -> StaticBytes {
            pool.add(
                "arn:\(identity.partition):execute-api:\(identity.region):\(account):\(identity.apiID)/\(stage.name)/")
        }
        invokeARN = arn(account: identity.accountID)
        maskedInvokeARN = arn(account: "********" + identity.accountID.suffix(4))
        accountID = pool.add(identity.accountID)
        signingScope = SigningScope(region: identity.region, service: "execute-api")
        resourcePolicy = snapshot.access.resourcePolicy
        self.callers = callers ?? CallerTable(snapshot, SecretText(environment: [:]))
        userAgent = pool.add("User-Agent: AmazonAPIGateway_\(snapshot.identity.apiID)\r\n")
        pool.seal()
    }

    deinit { variableViews.deallocate() }
}

extension StageProgram {
    /// The method's own template among those that the one at `index` stands for; for messages.
    func template(_ index: Int, of method: ServingMethod?) -> Int {
        guard let method else { return index }
        let integration = snapshot.integrations[snapshot.methods[method.index].integration]
        let choices = integration.requestTemplates + integration.responses.flatMap(\.templates)
        return choices.lazy.compactMap(\.template).first { firstTemplates[$0] == firstTemplates[index] } ?? index
    }

    /// Values of stage variables by slot, valid as long as the program.
    var stageVariableViews: UnsafeBufferPointer<UnsafeRawBufferPointer> { UnsafeBufferPointer(variableViews) }
}

/// The canary of a stage: what serves a part of its requests.
struct ServingCanary: Sendable {
    let program: StageProgram
    /// 0...100
    let percent: Double
    let share: CanaryShare

    init(_ program: StageProgram, percent: Double) {
        self.program = program
        self.percent = percent
        share = CanaryShare(percent: percent)
    }
}

/// The part of the requests that a canary gets.
struct CanaryShare: Sendable {
    /// Draws below it are the canary's; draws are all numbers of 32 bits.
    private let threshold: UInt64

    /// - Parameter percent: 0...100
    init(percent: Double) { threshold = UInt64((percent / 100 * Double(UInt64(1) << 32)).rounded()) }

    /// Whether a request is the canary's, by a random number. Nothing remembers a caller, as on API Gateway.
    @inline(__always)
    func takes(_ random: UInt64) -> Bool { random &>> 32 < threshold }
}

/// One method of a stage.
final class ServingMethod: Sendable {
    // What every request reads comes first: it lies in one cache line.
    /// Position in the snapshot.
    let index: Int
    let steps: [ServingStep]
    private let heldIntegration: HeldReference<ServingIntegration>
    var integration: ServingIntegration { heldIntegration.object }
    let parameterNames: [StaticBytes]
    /// `nil` when its answers are not kept.
    let cache: ServingCache?
    let logging: LogSetting
    /// What it is as the route of a WebSocket API; `nil` in others.
    let route: ServingRoute?
    /// What is the same in all events for a proxied function; `nil` for other integrations.
    let proxyEvent: ServingProxyEvent?
    /// The same of an HTTP API.
    let routeEvent: ServingRouteEvent?
    /// What the function of an HTTP API's authorizer is told; `nil` without one.
    let authorizerEvent: ServingRouteEvent?
    let verb: StaticBytes
    let resourceID: StaticBytes
    let resourcePath: StaticBytes
    /// `$context.routeKey` of an HTTP API; empty in a REST API.
    let routeKey: StaticBytes

    init(
        index: Int = 0,
        verb: StaticBytes, resourceID: StaticBytes, resourcePath: StaticBytes, parameterNames: [StaticBytes],
        steps: [ServingStep], integration: ServingIntegration, logging: LogSetting, proxyEvent: ServingProxyEvent?,
        routeEvent: ServingRouteEvent? = nil, authorizerEvent: ServingRouteEvent? = nil, routeKey: StaticBytes = .empty,
        cache: ServingCache? = nil, route: ServingRoute? = nil
    ) {
        self.index = index
        self.route = route
        self.cache = cache
        self.proxyEvent = proxyEvent
        self.routeEvent = routeEvent
        self.authorizerEvent = authorizerEvent
        self.routeKey = routeKey
        self.logging = logging
        self.verb = verb
        self.resourceID = resourceID
        self.resourcePath = resourcePath
        self.parameterNames = parameterNames
        self.steps = steps
        heldIntegration = HeldReference(integration)
    }
}

/// A filter step of a stage.
enum ServingStep: Sendable {
    case access(ServingAccess)
    case deny(GatewayResponseType, reason: String)
    case requireAPIKey(APIKeySource)
    case throttle(ServingLimits)
    case requireParameters([ServingParameter])
    case validateBody([BodyModel])
    case cache(ServingCache)
}

/// A parameter that must be there.
struct ServingParameter: Sendable {
    var location: ParameterLocation
    var name: StaticBytes
}

/// What is behind a method, for one stage.
final class ServingIntegration: Sendable {
    let kind: IntegrationProgram.Kind
    let reason: String
    /// `nil` base passes the caller's verb on.
    let httpMethod: StaticBytes
    /// The verb of ``httpMethod``.
    let method: HTTPMethod
    let endpoint: ServingEndpoint
    /// What AWS integrations call.
    let backend: ServingBackend
    /// Whether it is an AWS or AWS_PROXY integration.
    var isAWS: Bool { kind == .aws || kind == .awsProxy }
    let timeoutMilliseconds: Int
    /// Whether the answer is sent as the backend gives it.
    let streams: Bool
    let passthroughBehavior: PassthroughBehavior
    let contentHandling: ContentHandling?
    let requestTemplates: [ServingTemplate]
    let requestMappings: [ServingMapping]
    let responses: [ServingIntegrationResponse]
    let defaultResponse: Int?
    let skipsCertificateAuthority: Bool
    /// What HTTPS backends are shown, for addresses that a request makes.
    let clientIdentity: ServingClientIdentity
    /// Whether some mapping reads the request's body.
    let mapsBody: Bool
    /// Whether some mapping answers 500 when it has a value.
    let hasFailingMapping: Bool
    /// Changes of requests and answers of an HTTP API; `nil` for none.
    let parameters: ServingParameterMapping?
    /// Whether requests may be binary and stay so, also without a body.
    let mayBeBinary: Bool
    /// Whether it is behind a route of an HTTP API.
    let isRoute: Bool
    /// Events and results of a proxied function.
    let payloadFormat: PayloadFormat
    /// Bytes from which a proxied answer is compressed; `Int.max` for never.
    let minimumCompressionSize: Int

    init(_ program: IntegrationProgram, builder: StageProgramBuilder) {
        let pool = builder.pool
        kind = program.kind
        reason = program.reason
        httpMethod = program.httpMethod.map(pool.add) ?? .empty
        method = HTTPMethod.parse(httpMethod.bytes)
        endpoint = builder.endpoint(program)
        backend = builder.backend(program)
        timeoutMilliseconds = program.timeoutMilliseconds
        streams = program.streams
        passthroughBehavior = program.passthroughBehavior
        contentHandling = program.contentHandling
        requestTemplates = program.requestTemplates.map { builder.template($0, isMockRequest: program.kind == .mock) }
        requestMappings = program.requestMappings.map(builder.mapping)
        responses = program.responses.enumerated().map {
            ServingIntegrationResponse($1, position: $0, builder: builder)
        }
        defaultResponse = program.defaultResponse
        skipsCertificateAuthority = program.skipsCertificateAuthority
        clientIdentity = builder.clientIdentity
        mayBeBinary = !builder.snapshot.binaryMediaTypes.isEmpty && program.contentHandling != .convertToText
        minimumCompressionSize = builder.minimumCompressionSize
        isRoute = program.isRoute
        payloadFormat = program.payloadFormat
        mapsBody = program.requestMappings.contains { mapping in
            switch mapping.source {
            case .requestBody, .requestBodyPath: true
            default: false
            }
        }
        parameters = ServingParameterMapping(program.parameters, builder: builder)
        hasFailingMapping = program.requestMappings.contains { $0.target == .header && $0.effect == .fail }
    }
}

/// Address of a backend in one stage.
enum ServingEndpoint: Sendable {
    /// No backend (mock).
    case none
    /// Always the same: connection target and request target.
    case fixed(EndpointAddress)
    /// Path placeholders stand after the authority: connection target, then segments of the request target.
    case pathTemplate(EndpointAddress, [EndpointSegment])
    /// Placeholders stand in scheme, host or port: the whole address is made for each request.
    case template([EndpointSegment])
    /// Cannot be an address, whatever the request: 500.
    case invalid(String)
    /// Cannot be called as the document wants it, whatever the request: 500. The text goes to the log.
    case unusable(String)
    /// A host of a VPC link is called.
    case linked(LinkedEndpoint)
}

/// What a stage shows HTTPS backends who ask for a certificate.
enum ServingClientIdentity: Sendable {
    case none
    case present(ClientIdentity)
    /// It should be shown and cannot be: calls of HTTPS backends answer 500. The text goes to the log.
    case missing(String)
}

/// A piece of an address.
enum EndpointSegment: Sendable {
    case literal(StaticBytes)
    /// `{name}`: filled by the path mapping of that name, else left as it stands.
    case placeholder(name: StaticBytes, text: StaticBytes)
    /// The path of the request as it came, with its stage.
    case requestPath
}

/// Where to connect, and what to write as `Host` and request target.
final class EndpointAddress: Sendable {
    let target: UpstreamTarget
    /// `Host: name:port\r\n`
    let hostLine: StaticBytes
    /// Path and query, percent-encoded as the document has them; begins with `/`.
    let requestTarget: StaticBytes

    init(target: UpstreamTarget, hostLine: StaticBytes, requestTarget: StaticBytes) {
        self.target = target
        self.hostLine = hostLine
        self.requestTarget = requestTarget
    }
}

/// A template choice in one stage.
struct ServingTemplate: Sendable {
    let mediaType: StaticBytes
    /// Whether the media type is `application/json`, which an absent content type counts as.
    let isJSON: Bool
    /// Whether it applies to content types that have no template of their own.
    let isDefault: Bool
    let content: Content

    enum Content: Sendable {
        /// Passes the body through.
        case passthrough
        /// Output that is always the same; for a mock request, the status that it gives, or -1 for none.
        case constant(StaticBytes, mockStatus: Int)
        /// Runs; the position is that in ``DeploymentSnapshot/templates``, of this template or of one that is the same.
        case program(ServingProgram, Int)
        /// Did not parse: 500.
        case broken(Int)
    }
}

/// A mapping in one stage.
struct ServingMapping: Sendable {
    let target: MappingStep.Target
    let effect: MappingStep.Effect
    let name: StaticBytes
    let known: KnownHeader
    let source: ServingSource
}

/// Where a value comes from, with names as bytes.
enum ServingSource: Sendable {
    case literal(StaticBytes)
    case requestPath(StaticBytes)
    case requestQuery(StaticBytes)
    case requestQueryAll(StaticBytes)
    case requestHeader(StaticBytes)
    case requestHeaderAll(StaticBytes)
    case requestBody
    case requestBodyPath(Int)
    case responseHeader(StaticBytes)
    case responseHeaderAll(StaticBytes)
    case responseBody
    /// Besides the path, the one that applies to the text of `errorMessage`, if the path leads there.
    case responseBodyPath(Int, nested: JSONPath?)
    case context(Int)
    /// By its name below `$context.authorizer`.
    case authorizer(StaticBytes)
    // Of HTTP APIs; see ``ValueSource``.
    case anyCaseHeader(StaticBytes)
    case plainBody
    case plainBodyPath(Int)
    case routePath
    case decodedPath(StaticBytes)
    case answerHeader(StaticBytes)
    case answerBody
    case answerBodyPath(Int)

    /// The bytes if they are the same for every request.
    var constant: StaticBytes? {
        if case .literal(let bytes) = self { return bytes }
        return nil
    }
}

/// One integration response in one stage.
final class ServingIntegrationResponse: Sendable {
    /// Position among the integration's responses.
    let position: Int
    /// Position in ``DeploymentSnapshot/patterns``; -1 for the default.
    let pattern: Int
    let statusCode: Int
    let isDeclared: Bool
    let contentHandling: ContentHandling?
    let templates: [ServingTemplate]
    let mappings: [ServingMapping]
    /// Bytes from which an answer is compressed; `Int.max` for never.
    let minimumCompressionSize: Int
    /// Status line, mapped headers and content type, if no mapping needs the request.
    let preformattedHead: StaticBytes?

    init(_ program: IntegrationResponseProgram, position: Int, builder: StageProgramBuilder) {
        self.position = position
        pattern = program.pattern ?? -1
        statusCode = program.statusCode
        isDeclared = program.isDeclared
        contentHandling = program.contentHandling
        templates = program.templates.map { builder.template($0, isMockRequest: false) }
        mappings = program.mappings.map(builder.mapping)
        // A mapping that says how the body is coded already, whatever else the answer depends on.
        let isCoded = mappings.contains {
            $0.effect == .set && $0.known == .contentEncoding && $0.source.constant?.isEmpty == false
        }
        minimumCompressionSize = isCoded ? CompressionFilter.off : builder.minimumCompressionSize
        preformattedHead = ServingIntegrationResponse.preformat(program.statusCode, mappings, pool: builder.pool)
    }

    private static func preformat(_ status: Int, _ mappings: [ServingMapping], pool: BytePool) -> StaticBytes? {
        var lines: [UInt8] = Array(HTTPStatus.line(status).utf8)
        var hasContentType = false
        for mapping in mappings where mapping.effect == .set {
            guard let value = mapping.source.constant else { return nil }
            guard !value.isEmpty else { continue }
            if mapping.known == .contentType { hasContentType = true }
            lines.append(contentsOf: mapping.name.bytes)
            lines.append(contentsOf: [0x3A, 0x20])
            // As ``ResponseWriter/appendFieldValue(_:into:)`` does it: a line break would end the head early.
            lines.append(contentsOf: value.bytes.map { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F ? 0x20 : $0 })
            lines.append(contentsOf: [0x0D, 0x0A])
        }
        if !hasContentType { lines.append(contentsOf: Array("Content-Type: application/json\r\n".utf8)) }
        return pool.add(lines)
    }
}

/// A gateway response in one stage.
struct ServingGatewayResponse: Sendable {
    let statusCode: Int
    let headers: [ServingGatewayHeader]
    let templates: [ServingGatewayTemplate]
    /// Whether the document defines it.
    let isCustomized: Bool
}

/// A text of a gateway response in one stage.
struct ServingGatewayTemplate: Sendable {
    /// Content type of the answer.
    let mediaType: StaticBytes
    /// What `Accept` is compared with: lower case, without parameters.
    let essence: StaticBytes
    let segments: [ServingSegment]
}

/// A header of a gateway response in one stage.
struct ServingGatewayHeader: Sendable {
    let name: StaticBytes
    let source: ServingSource
    /// Whether it stands instead of the header of that name which every gateway response has.
    let isContentType: Bool
    let isErrorType: Bool
}

/// A piece of a text with substitutions in one stage.
enum ServingSegment: Sendable {
    case literal(StaticBytes)
    case value(ServingSource)
}
