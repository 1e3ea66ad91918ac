internal import PorticoIR
internal import PorticoPrograms

/// All that the server needs to serve one version of an API: immutable, flat, without a trace of the document that it
/// came from but its texts for messages.
///
/// Passes make it (`Compiler/Compile.swift`), `.portico` files carry it, workers read it. Indices stand for references:
/// `methods[i].integration` is a position in ``integrations``, and so on.
public final class DeploymentSnapshot: Sendable {
    let identity: APIIdentity
    /// Stages in the order of the file.
    let stages: [StageEntry]
    /// Names that templates and mappings read by slot.
    let symbols: SymbolTable
    /// Resources that have methods.
    let resources: [ResourceEntry]
    /// Path and verb to method.
    let routes: RouteTable
    /// Method of the `$default` route of an HTTP API: what no other route takes.
    let defaultRoute: Int?
    let methods: [MethodProgram]
    let integrations: [IntegrationProgram]
    let templates: [TemplateEntry]
    /// Selection patterns; the compiled code is made when the snapshot is loaded.
    let patterns: [Pattern]
    /// Compiled JSONPaths of mapping expressions.
    let paths: [JSONPath]
    /// Models that request bodies are checked against.
    let schemas: [SchemaEntry]
    /// One for each ``GatewayResponseType``, in the order of `allCases`.
    let gatewayResponses: [GatewayResponseProgram]
    /// Media types whose bodies are binary.
    let binaryMediaTypes: [MediaRange]
    /// Bytes from which answers are compressed; `nil` for never.
    let minimumCompressionSize: Int?
    /// Functions that run where the document says.
    let functions: [FunctionEntry]
    /// Base addresses of AWS services, by service name in lower case.
    let endpoints: [EndpointEntry]
    /// Keys that calls are signed with.
    let identities: [IdentityEntry]
    /// Hosts behind VPC links and load balancers.
    let vpcLinks: [VPCLinkEntry]
    /// Certificates that stages present to HTTPS backends.
    let clientCertificates: [ClientCertificateEntry]
    /// Authorizers and policies.
    let access: AccessParts
    /// Usage plans in the order of the document.
    let usagePlans: [UsagePlanEntry]
    /// API keys of the document.
    let apiKeys: [APIKeyEntry]
    /// Who signs tokens, where it is not a real user pool.
    let identityProviders: [IdentityProviderEntry]
    /// Custom domain names.
    let hosts: SnapshotHosts
    /// How fast all callers together may call all APIs of the account; `nil` for as fast as they can.
    let accountThrottle: Throttle?
    /// Alarms and tracing.
    let observation: ObservationParts
    /// Routes of a WebSocket API; `nil` in other APIs.
    let webSocket: WebSocketProgram?
    /// CORS of an HTTP API; `nil` where the backends see to it.
    let cors: CORSEntry?

    /// Ten base-36 characters: which API this is a version of.
    public var apiID: String { identity.apiID }

    /// Which kind of API it is.
    var protocolType: APIProtocol { identity.protocolType }

    /// Names of the stage variables that the API may read.
    public var stageVariableNames: [String] { symbols.stageVariables }

    /// Names of the stages, in the order of the file.
    public var stageNames: [String] { stages.map(\.name) }

    /// Custom domain names that have a certificate, in the order of the file.
    public var domainNames: [String] { hosts.domains.filter { $0.certificate != nil }.map(\.name) }

    /// Files that are read when the snapshot is put into service, beside what it holds itself; relative to the directory
    /// of the document or of the compiled file.
    public var files: [String] {
        let used = Set(stages.compactMap(\.clientCertificate))
        let keySets = identityProviders.compactMap { provider in
            if case .file(let path) = provider.keys { path } else { nil }
        }
        return clientCertificates.filter { used.contains($0.name) }.flatMap { [$0.certificate, $0.privateKey] }
            + keySets + hosts.domains.flatMap { [$0.certificate, $0.privateKey, $0.truststore].compactMap { $0 } }
    }

    init(_ parts: SnapshotParts) {
        identity = parts.identity
        stages = parts.stages
        symbols = parts.symbols
        resources = parts.resources
        routes = parts.routes
        defaultRoute = parts.defaultRoute
        cors = parts.cors
        methods = parts.methods
        integrations = parts.integrations
        templates = parts.templates
        patterns = parts.patterns
        paths = parts.paths
        schemas = parts.schemas
        gatewayResponses = parts.gatewayResponses
        binaryMediaTypes = parts.binaryMediaTypes
        minimumCompressionSize = parts.minimumCompressionSize
        functions = parts.functions
        endpoints = parts.endpoints
        identities = parts.identities
        vpcLinks = parts.vpcLinks
        clientCertificates = parts.clientCertificates
        access = parts.access
        usagePlans = parts.usagePlans
        apiKeys = parts.apiKeys
        identityProviders = parts.identityProviders
        hosts = parts.hosts
        accountThrottle = parts.accountThrottle
        observation = parts.observation
        webSocket = parts.webSocket
    }
}

/// The parts of a snapshot while passes or the reader put them together.
struct SnapshotParts {
    var identity = APIIdentity()
    var stages: [StageEntry] = []
    var symbols = SymbolTable(contextVariables: [], stageVariables: [])
    var resources: [ResourceEntry] = []
    var routes = RouteTableBuilder.build([], methodCount: 0).table
    var defaultRoute: Int?
    var methods: [MethodProgram] = []
    var integrations: [IntegrationProgram] = []
    var templates: [TemplateEntry] = []
    var patterns: [Pattern] = []
    var paths: [JSONPath] = []
    var schemas: [SchemaEntry] = []
    var gatewayResponses: [GatewayResponseProgram] = []
    var binaryMediaTypes: [MediaRange] = []
    var minimumCompressionSize: Int?
    var functions: [FunctionEntry] = []
    var endpoints: [EndpointEntry] = []
    var identities: [IdentityEntry] = []
    var vpcLinks: [VPCLinkEntry] = []
    var clientCertificates: [ClientCertificateEntry] = []
    var access = AccessParts()
    var usagePlans: [UsagePlanEntry] = []
    var apiKeys: [APIKeyEntry] = []
    var identityProviders: [IdentityProviderEntry] = []
    var hosts = SnapshotHosts()
    var accountThrottle: Throttle?
    var observation = ObservationParts()
    var webSocket: WebSocketProgram?
    var cors: CORSEntry?
}

/// A Lambda function with a home of its own.
struct FunctionEntry: Sendable, Hashable {
    /// Function name, ARN or logical id, with or without qualifier.
    var name: String
    var home: FunctionHome
}

/// Where calls of an AWS service go.
struct EndpointEntry: Sendable, Hashable {
    /// Service name in lower case.
    var service: String
    /// Absolute http or https URL.
    var url: String
}

/// Keys by reference: values may be `${env.NAME}`, which is read when the snapshot is put into service.
struct IdentityEntry: Sendable, Hashable {
    var name: String
    /// Role or user that it stands for.
    var arn: String?
    var accessKeyID: String
    var secretAccessKey: String
    var sessionToken: String?
    /// Twelve digits.
    var account: String?
}

/// A client certificate by reference: the files are read when the snapshot is put into service.
struct ClientCertificateEntry: Sendable, Hashable {
    /// Client certificate id.
    var name: String
    /// PEM file, relative to the directory of the document or of the compiled file.
    var certificate: String
    /// PEM file, relative to the same.
    var privateKey: String
}

/// Names of the API as `$context` and headers show them.
struct APIIdentity: Sendable, Hashable {
    /// `info.title`
    var name = ""
    /// Ten base-36 characters.
    var apiID = ""
    var accountID = ""
    var region = ""
    /// Six base-36 characters, a hash of the description.
    var deploymentID = ""
    /// Which kind of API it is.
    var protocolType = APIProtocol.rest

    /// Partition of the region, the second part of ARNs.
    var partition: String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }

    /// Host name of the default endpoint.
    var domainName: String { "\(apiID).execute-api.\(region).amazonaws.com" }
}

/// A stage and the values of its variables by slot.
struct StageEntry: Sendable, Hashable {
    var name: String
    /// By slot of ``SymbolTable/stageVariables``; `nil` where the stage lacks the variable.
    var variables: [String?]
    /// Settings of each method, by its position in ``DeploymentSnapshot/methods``; empty when all are the defaults.
    var settings: [MethodSetting] = []
    /// Settings of requests that reach no method.
    var defaultSetting = MethodSetting()
    /// Name of the client certificate that is presented to HTTPS backends.
    var clientCertificate: String?
    /// Another version of the stage for a part of its requests.
    var canary: CanaryEntry?
    /// Capacity of the cache in bytes; 0 without cache.
    var cacheBytes = 0
    /// A line for each request.
    var accessLog: AccessLogEntry?
    /// Whether its requests are traced.
    var isTraced = false

    /// Settings of a method.
    func setting(ofMethod index: Int) -> MethodSetting { index < settings.count ? settings[index] : MethodSetting() }
}

/// What a stage says of the requests of a method. Source: API Gateway API reference, "MethodSetting".
struct MethodSetting: Sendable, Hashable {
    /// The execution log's.
    var logging = LogSetting()
    /// Whether it has metrics of its own (`metricsEnabled`).
    var isMetered = false
    /// For all callers together; without members only the account's limit counts.
    var throttle = Throttle()
    /// `nil` when its answers are not kept.
    var cache: CacheSetting?
}

/// How answers of a method are kept. Source: API Gateway API reference, "MethodSetting".
struct CacheSetting: Sendable, Hashable {
    /// 1...3600
    var ttlSeconds = 300
    var isEncrypted = false
    /// Whether only those may ask for fresh data whom IAM lets (`requireAuthorizationForCacheControl`).
    var needsAuthorization = true
    /// What the others get.
    var unauthorized = UnauthorizedCacheControl.header
}

/// A canary of a stage.
struct CanaryEntry: Sendable, Hashable {
    /// 0...100
    var percentTraffic: Double
    /// Overrides by slot of ``SymbolTable/stageVariables``; `nil` where the stage's own value counts.
    var overrides: [String?]
    /// Deployment that it serves; `nil` for that of the stage.
    var deploymentID: String?
    /// Whether it uses the cache of the stage.
    var usesStageCache: Bool
}

/// What the execution log tells of a request. Source: API Gateway API reference, "MethodSetting".
struct LogSetting: Sendable, Hashable {
    var level = LoggingLevel.off
    /// Whether headers and bodies are among it (`dataTraceEnabled`).
    var tracesData = false
}

/// A resource that has methods.
struct ResourceEntry: Sendable, Hashable {
    /// Stable id of six base-36 characters.
    var id: String
    /// Path with its variables, such as `/pets/{petId}`.
    var path: String
    /// Names of the path parameters in the order of the path.
    var parameterNames: [String]
}

/// One verb of a resource, compiled.
struct MethodProgram: Sendable {
    /// Verb as declared; `ANY` included.
    var verb: String
    /// Position in ``DeploymentSnapshot/resources``.
    var resource: Int
    /// `operationId`
    var operationName: String?
    /// What to pass before the integration is reached, in the order of the phases.
    var steps: [FilterStep]
    /// Position in ``DeploymentSnapshot/integrations``.
    var integration: Int
    /// For `portico routes`: `NONE`, `AWS_IAM`, `CUSTOM my-authorizer`, with `, API key`.
    var authorizationText: String
    /// Line of the method in the spec, from 1; 0 if unknown.
    var line: Int
}

/// A feature's code in the request path of one method.
enum FilterStep: Sendable, Hashable {
    /// Who may call.
    case access(AccessProgram)
    /// Answers a gateway response at once: protections that are declared and not executed yet, and methods that cannot
    /// work. The text goes to the log.
    case deny(GatewayResponseType, reason: String)
    /// Parameters that must be there and not blank.
    case requireParameters([RequiredParameter])
    /// An API key from there, in a usage plan of the stage.
    case requireAPIKey(APIKeySource)
    /// Body against a model: by media type, position in ``DeploymentSnapshot/schemas``.
    case validateBody([BodyModel])
}

/// A parameter that the request validator insists on.
struct RequiredParameter: Sendable, Hashable {
    var location: ParameterLocation
    var name: String
}

/// Model for a media type.
struct BodyModel: Sendable, Hashable {
    /// Lower case, without parameters; `$default` for any other.
    var mediaType: String
    var schema: Int
}

/// A compiled model.
struct SchemaEntry: Sendable {
    /// Model name, for messages.
    var name: String
    var program: SchemaProgram
}

/// A compiled template with the place that it was written at.
struct TemplateEntry: Sendable {
    /// `nil` if it does not parse (only with `--lenient`): its requests answer 500 as on AWS.
    var program: TemplateProgram?
    /// Such as `POST /pets requestTemplates application/json`.
    var name: String
    /// Where the lines of the template begin, ascending.
    var lines: [TemplateLine]

    /// Line in the spec, from 1, of a byte offset in the template; 0 if unknown.
    func line(at offset: Int) -> Int { position(at: offset)?.line ?? 0 }

    /// Line and column in the spec, both from 1, of a byte offset in the template.
    func position(at offset: Int) -> (line: Int, column: Int)? {
        let following = lines.firstIndex { Int($0.offset) > offset } ?? lines.count
        guard following > 0 else { return nil }
        let start = lines[following - 1]
        return (Int(start.line), Int(start.column) + offset - Int(start.offset))
    }
}

/// The beginning of a line of a template.
struct TemplateLine: Sendable, Hashable {
    /// Byte offset in the template.
    var offset: UInt32
    /// Line in the spec, from 1.
    var line: UInt32
    /// Column in the spec, from 1, at which it begins.
    var column: UInt32
}

/// What a proxied function is sent, and how its result is read.
enum PayloadFormat: UInt8, Sendable {
    /// The event of a REST API.
    case rest
    /// Format 1.0 of an HTTP API.
    case http1
    /// Format 2.0 of an HTTP API.
    case http2
}

/// What is behind a method, compiled.
struct IntegrationProgram: Sendable {
    /// Kinds that the runtime executes.
    enum Kind: UInt8, Sendable {
        case mock
        case http
        case httpProxy
        /// Answers 500 API_CONFIGURATION_ERROR; ``IntegrationProgram/reason`` says why.
        case unsupported
        /// An AWS service or a Lambda function, with mapping.
        case aws
        /// A Lambda function with the proxy event.
        case awsProxy
    }

    var kind: Kind
    /// For the log, when the kind is ``Kind/unsupported``.
    var reason = ""
    /// For `portico routes`: `HTTP_PROXY GET http://...`.
    var text: String
    /// Verb for the backend; `nil` passes the caller's on.
    var httpMethod: String?
    var uri: UriTemplate?
    var timeoutMilliseconds: Int
    var passthroughBehavior: PassthroughBehavior
    var contentHandling: ContentHandling?
    /// In the order of the file.
    var requestTemplates: [TemplateChoice]
    var requestMappings: [MappingStep]
    /// In the order in which they are tried: by status code; the default last.
    var responses: [IntegrationResponseProgram]
    /// Position of the response without pattern in ``responses``.
    var defaultResponse: Int?
    /// Whether the certificate authority of the backend goes unchecked.
    var skipsCertificateAuthority: Bool
    /// Role whose credentials sign the call; `nil` for the default ones.
    var credentials: UriTemplate?
    /// Whether the answer is sent as the backend gives it.
    var streams = false
    /// Name of the VPC link whose hosts are called; `nil` for the host of ``uri``.
    var vpcLink: UriTemplate?
    /// Answers of methods with the same namespace are shared; `nil` for the resource's own.
    var cacheNamespace: String?
    /// What splits the answers that are kept; nothing else does.
    var cacheKey: [CacheKeyPart] = []
    /// Events and results of a proxied function.
    var payloadFormat = PayloadFormat.rest
    /// Whether it is behind a route of an HTTP API, whose headers follow other rules.
    var isRoute = false
    /// Whether the path of the request follows that of ``uri``.
    var appendsPath = false
    /// Changes of requests and answers, and calls of services, of an HTTP API.
    var parameters = ParameterMappingProgram()
}

/// A cache key parameter.
struct CacheKeyPart: Sendable, Hashable {
    /// As the document has it, such as `method.request.querystring.page`.
    var name: String
    var source: ValueSource
}

/// A template for a media type.
struct TemplateChoice: Sendable, Hashable {
    /// Lower case, without parameters; `$default` for any other.
    var mediaType: String
    /// Position in ``DeploymentSnapshot/templates``; `nil` passes the body through.
    var template: Int?
}

/// One entry of `responses`, compiled.
struct IntegrationResponseProgram: Sendable {
    /// Position in ``DeploymentSnapshot/patterns``; `nil` for the default.
    var pattern: Int?
    /// Status of the method response.
    var statusCode: Int
    /// Whether the method declares a response of that status; if not, choosing it is a configuration error.
    var isDeclared: Bool
    var contentHandling: ContentHandling?
    var templates: [TemplateChoice]
    var mappings: [MappingStep]
}

/// One parameter mapping: where to, and what.
struct MappingStep: Sendable, Hashable {
    /// What is set.
    enum Target: UInt8, Sendable {
        case header
        case querystring
        case path
    }

    /// What API Gateway does with a header of that name.
    enum Effect: UInt8, Sendable {
        /// Sets it.
        case set
        /// Leaves it out without a word.
        case drop
        /// Answers 500.
        case fail
    }

    var target: Target
    /// Name to set; a header that is remapped carries its new name.
    var name: String
    var effect: Effect
    var source: ValueSource
}

/// Where the value of a mapping comes from, resolved.
enum ValueSource: Sendable, Hashable {
    case literal(String)
    /// By name, as the path declares it.
    case requestPath(String)
    /// The last of several.
    case requestQuery(String)
    case requestQueryAll(String)
    case requestHeader(String)
    case requestHeaderAll(String)
    case requestBody
    /// Position in ``DeploymentSnapshot/paths``.
    case requestBodyPath(Int)
    case responseHeader(String)
    case responseHeaderAll(String)
    case responseBody
    case responseBodyPath(Int)
    /// Slot of ``SymbolTable/contextVariables``.
    case context(Int)
    /// Slot of ``SymbolTable/stageVariables``.
    case stageVariable(Int)
    /// What an authorizer said, by its name below `$context.authorizer`.
    case authorizer(String)
    // What mappings of HTTP APIs read, with rules of their own.
    /// All fields of that name, in any case, joined with commas.
    case anyCaseHeader(String)
    /// As it came.
    case plainBody
    /// Position in ``DeploymentSnapshot/paths``; of a body that is no JSON there is no value.
    case plainBodyPath(Int)
    /// Path without the stage.
    case routePath
    /// A path parameter without its percent-encoding.
    case decodedPath(String)
    /// All fields of the answer that is written, in any case, joined with commas.
    case answerHeader(String)
    case answerBody
    case answerBodyPath(Int)
}

/// An answer that the gateway makes itself, compiled.
struct GatewayResponseProgram: Sendable {
    var type: GatewayResponseType
    /// 0 for the two defaults, whose status is the fault's.
    var statusCode: Int
    /// Headers from `responseParameters`.
    var headers: [GatewayResponseHeader]
    /// Bodies by media type, in order; never empty.
    var templates: [GatewayResponseTemplate]
    /// Whether the document defines it, itself or through a default.
    var isCustomized: Bool
}

/// A header of a gateway response.
struct GatewayResponseHeader: Sendable, Hashable {
    var name: String
    var source: ValueSource
}

/// A body of a gateway response: text with plain substitutions.
struct GatewayResponseTemplate: Sendable {
    var mediaType: String
    var segments: [TextSegment]
}

/// A piece of a text with substitutions.
enum TextSegment: Sendable, Hashable {
    case literal(String)
    case value(ValueSource)
}

/// An entry of `binaryMediaTypes`.
struct MediaRange: Sendable, Hashable {
    /// Lower case; `*` for any.
    var type: String
    /// Lower case; `*` for any.
    var subtype: String
}
