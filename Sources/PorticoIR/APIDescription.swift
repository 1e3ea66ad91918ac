public import PorticoSyntax

/// A value and the place that it was written at. Two are equal when their values are: places do not count.
public struct Located<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The value.
    public var value: Value
    /// Where it stands; ``SourceSpan/none`` for a default.
    public var span: SourceSpan

    /// Pairs a value with its place.
    public init(_ value: Value, at span: SourceSpan = .none) {
        self.value = value
        self.span = span
    }

    /// Compares values.
    public static func == (left: Located, right: Located) -> Bool { left.value == right.value }

    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// What an API *is*, with nothing left of YAML or OpenAPI.
///
/// The importer makes it, passes lower it to a snapshot, the exporter and the SDK generators read it. Equality ignores
/// places, so that import, export and import again can be compared.
public struct APIDescription: Sendable, Hashable {
    /// Name, version and description.
    public var info: APIInfo
    /// Which of API Gateway's kinds of API.
    public var protocolType: APIProtocol = .rest
    /// Ten base-36 characters, a hash of title and file name unless the importer was given one.
    public var apiID: String = ""
    /// Resources that have methods, in the order of the file. Intermediate resources are implied by the paths.
    public var resources: [Resource] = []
    /// Models (`definitions`, `components.schemas`), in the order of the file.
    public var models: [Model] = []
    /// Absolute addresses of `servers` (`host`, `basePath` and `schemes` of Swagger 2.0), variables at their defaults, in
    /// order and without slash at the end: where generated clients call unless they are told another place.
    public var servers: [String] = []
    /// Security schemes that only clients act on, in the order of the file.
    public var clientSecuritySchemes: [ClientSecurityScheme] = []
    /// Authorizers, one for each security scheme that carries `x-amazon-apigateway-authorizer`.
    public var authorizers: [Authorizer] = []
    /// `x-amazon-apigateway-request-validators`
    public var requestValidators: [RequestValidator] = []
    /// `x-amazon-apigateway-gateway-responses`
    public var gatewayResponses: [GatewayResponse] = []
    /// `x-amazon-apigateway-binary-media-types`
    public var binaryMediaTypes: [Located<String>] = []
    /// `x-amazon-apigateway-minimum-compression-size` in bytes, 0...10485760; `nil` is off.
    public var minimumCompressionSize: Located<Int>?
    /// `x-amazon-apigateway-api-key-source`
    public var apiKeySource: Located<APIKeySource> = Located(.header)
    /// `x-amazon-apigateway-policy`: the resource policy document.
    public var policy: PolicyDocument?
    /// `x-amazon-apigateway-endpoint-configuration`
    public var endpointConfiguration = EndpointConfiguration()
    /// `x-amazon-apigateway-security-policy`
    public var securityPolicy: Located<SecurityPolicy>?
    /// `x-amazon-apigateway-endpoint-access-mode`
    public var endpointAccessMode: Located<EndpointAccessMode>?
    /// `x-amazon-apigateway-documentation`
    public var documentation: Documentation?
    /// Tags of the document's root in order.
    public var tags: [Tag] = []
    /// Stages; there is always at least one. `dev` when the file names none.
    public var stages: [Stage] = []
    /// `x-portico-account`: how fast all callers together may call.
    public var accountThrottle: Throttle?
    /// `x-portico-usage-plans`
    public var usagePlans: [UsagePlan] = []
    /// `x-portico-api-keys`
    public var apiKeys: [APIKey] = []
    /// `x-portico-domain-names`
    public var domainNames: [DomainName] = []
    /// `x-portico-functions`
    public var functions: [Function] = []
    /// `x-portico-endpoints`: AWS service name (lower case) to base URL, in order.
    public var endpoints: [NamedValue] = []
    /// `x-portico-vpc-links`
    public var vpcLinks: [VPCLink] = []
    /// `x-portico-identities`
    public var identities: [Identity] = []
    /// The entry of `x-portico-identities` that asks somebody for those that are not there.
    public var identityEndpoint: IdentityEndpoint?
    /// `x-portico-client-certificates`
    public var clientCertificates: [ClientCertificate] = []
    /// `x-portico-identity-providers`
    public var identityProviders: [IdentityProvider] = []
    /// `x-portico-alarms`
    public var alarms: [AlarmDefinition] = []
    /// `x-portico-tracing`
    public var tracing: Located<TracingSettings>?
    /// `x-portico-websocket`; only in WebSocket APIs.
    public var webSocket: WebSocketAPI?
    /// `x-amazon-apigateway-cors`; only in HTTP APIs.
    public var cors: CORSConfiguration?

    /// Makes a description without resources.
    public init(info: APIInfo) {
        self.info = info
    }
}

/// `info` of the document.
public struct APIInfo: Sendable, Hashable {
    /// `info.title`: the API's name.
    public var title: Located<String>
    /// `info.version`
    public var version: String?
    /// `info.description`
    public var description: String?

    /// Makes an info object.
    public init(title: Located<String>, version: String? = nil, description: String? = nil) {
        self.title = title
        self.version = version
        self.description = description
    }
}

/// API Gateway's three kinds of API.
public enum APIProtocol: String, Sendable, Hashable, CaseIterable {
    /// REST API (v1)
    case rest = "REST"
    /// HTTP API (v2)
    case http = "HTTP"
    /// WebSocket API (v2)
    case webSocket = "WEBSOCKET"
}

/// A path with its methods.
public struct Resource: Sendable, Hashable {
    /// The full path as API Gateway shows it, such as `/pets/{petId}` or `/{proxy+}`; `basepath` is already applied.
    public var path: Located<String>
    /// Methods in the order of the file, ANY last or wherever it stands.
    public var methods: [Method]

    /// Makes a resource.
    public init(path: Located<String>, methods: [Method] = []) {
        self.path = path
        self.methods = methods
    }
}

extension Resource {
    /// The path that stands for the default route of an HTTP API.
    public static let defaultRoutePath = "/$default"

    /// Whether it is the route of all requests that no other route of an HTTP API takes.
    public var isDefaultRoute: Bool { path.value == Resource.defaultRoutePath }

    /// The key of a route of an HTTP API: `GET /pets`, `ANY /{proxy+}` or `$default`.
    public func routeKey(of method: Method) -> String {
        isDefaultRoute ? "$default" : "\(method.verb.value.rawValue) \(path.value)"
    }
}

/// Verbs that a method can be declared for.
public enum MethodVerb: String, Sendable, Hashable, CaseIterable {
    /// GET
    case get = "GET"
    /// HEAD
    case head = "HEAD"
    /// POST
    case post = "POST"
    /// PUT
    case put = "PUT"
    /// PATCH
    case patch = "PATCH"
    /// DELETE
    case delete = "DELETE"
    /// OPTIONS
    case options = "OPTIONS"
    /// `x-amazon-apigateway-any-method`
    case any = "ANY"
}

/// A verb of a resource: what the caller must send, who may call, and the integration behind it.
public struct Method: Sendable, Hashable {
    /// The verb; its span is the key in the document.
    public var verb: Located<MethodVerb>
    /// `operationId`
    public var operationName: String?
    /// `summary`
    public var summary: String?
    /// `description`
    public var description: String?
    /// `tags` of the operation.
    public var tags: [String] = []
    /// `deprecated`
    public var deprecated: Bool = false
    /// Who may call.
    public var authorization: Located<MethodAuthorization> = Located(.none)
    /// Whether a valid API key is needed.
    public var apiKeyRequired: Bool = false
    /// Name of the request validator that applies, after the root's default; `nil` for none.
    public var requestValidator: Located<String>?
    /// Declared parameters, path parameters of the path included.
    public var requestParameters: [RequestParameter] = []
    /// Model for each media type of the request.
    public var requestModels: [ModelReference] = []
    /// `required` of the request body. Validators of API Gateway ask for the body of a model either way; clients offer to
    /// leave it out.
    public var isRequestBodyRequired = false
    /// Method responses in the order of the file.
    public var responses: [MethodResponse] = []
    /// What is behind it; `nil` if the document gives none (invocation then fails as on AWS).
    public var integration: Integration?
    /// `x-portico-pagination`, as read.
    public var pagination: JSONValue?

    /// Makes a method without integration.
    public init(verb: Located<MethodVerb>) {
        self.verb = verb
    }
}

/// Authorization of a method.
public enum MethodAuthorization: Sendable, Hashable {
    /// Open to everybody.
    case none
    /// `AWS_IAM`
    case iam
    /// A Lambda authorizer, by name.
    case custom(authorizer: String, scopes: [String])
    /// A Cognito user pool authorizer, by name.
    case cognitoUserPools(authorizer: String, scopes: [String])
    /// A JWT authorizer of an HTTP API, by name.
    case jwt(authorizer: String, scopes: [String])
    /// A scheme that API Gateway does not know; denies every request.
    case unsupported(scheme: String)
}

/// Where a declared parameter stands in the request.
public enum ParameterLocation: String, Sendable, Hashable, CaseIterable {
    /// `method.request.path.*`
    case path
    /// `method.request.querystring.*`
    case querystring
    /// `method.request.header.*`
    case header
}

/// A declared parameter of a method.
public struct RequestParameter: Sendable, Hashable {
    /// Where it stands.
    public var location: ParameterLocation
    /// Name in its own case.
    public var name: Located<String>
    /// Whether the request validator insists on it.
    public var isRequired: Bool
    /// `description`
    public var description: String?
    /// Schema as read (for SDKs and export); `nil` if there is none.
    public var schema: JSONValue?
    /// `style` of OpenAPI 3: how clients write lists.
    public var style: String?
    /// `explode` of OpenAPI 3.
    public var explode: Bool?
    /// `deprecated`
    public var isDeprecated = false

    /// Makes a parameter.
    public init(
        location: ParameterLocation, name: Located<String>, isRequired: Bool, description: String? = nil,
        schema: JSONValue? = nil
    ) {
        self.location = location
        self.name = name
        self.isRequired = isRequired
        self.description = description
        self.schema = schema
    }
}

/// A model for a media type.
public struct ModelReference: Sendable, Hashable {
    /// Media type without parameters.
    public var mediaType: String
    /// Name of the model, or `nil` for a schema written in place.
    public var model: Located<String>?
    /// The schema if it was written in place.
    public var schema: JSONValue?
    /// Where that schema stands.
    public var source = SourceTree()

    /// Makes a reference.
    public init(
        mediaType: String, model: Located<String>?, schema: JSONValue? = nil, source: SourceTree = SourceTree()
    ) {
        self.mediaType = mediaType
        self.model = model
        self.schema = schema
        self.source = source
    }
}

/// A declared response of a method.
public struct MethodResponse: Sendable, Hashable {
    /// Status code as text, or `default`.
    public var statusCode: Located<String>
    /// `description`
    public var description: String?
    /// Header names.
    public var headers: [ResponseHeader] = []
    /// Models for each media type.
    public var models: [ModelReference] = []

    /// Makes a response without headers and models.
    public init(statusCode: Located<String>) {
        self.statusCode = statusCode
    }
}

/// A declared header of a method response.
public struct ResponseHeader: Sendable, Hashable {
    /// Name in its own case.
    public var name: Located<String>
    /// `description`
    public var description: String?
    /// Schema as read.
    public var schema: JSONValue?

    /// Makes a header.
    public init(name: Located<String>, description: String? = nil, schema: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.schema = schema
    }
}

/// A model: a named JSON schema, draft 4 on AWS.
public struct Model: Sendable, Hashable {
    /// Name; alphanumeric on AWS.
    public var name: Located<String>
    /// The schema as read, `$ref`s as written.
    public var schema: JSONValue
    /// `description` of the schema.
    public var description: String?
    /// Where the schema stands.
    public var source: SourceTree

    /// Makes a model.
    public init(
        name: Located<String>, schema: JSONValue, description: String? = nil, source: SourceTree = SourceTree()
    ) {
        self.name = name
        self.schema = schema
        self.description = description
        self.source = source
    }
}

/// The tree that a value was read from, for whoever finds something at a pointer into it. All are equal: places do not
/// count.
public struct SourceTree: Sendable, Hashable {
    /// The tree; `nil` if the value was not read from a file.
    public var node: Node?

    /// Keeps a tree.
    public init(_ node: Node? = nil) { self.node = node }

    /// The place that a JSON pointer leads to.
    public func span(at pointer: String) -> SourceSpan? { node?.nearest(to: pointer).span }

    /// Always.
    public static func == (left: SourceTree, right: SourceTree) -> Bool { true }

    /// Hashes nothing.
    public func hash(into hasher: inout Hasher) {}
}

/// A tag of the root.
public struct Tag: Sendable, Hashable {
    /// Name.
    public var name: String
    /// `x-amazon-apigateway-tag-value`
    public var value: String?
    /// `description`
    public var description: String?

    /// Makes a tag.
    public init(name: String, value: String? = nil, description: String? = nil) {
        self.name = name
        self.value = value
        self.description = description
    }
}

/// A name with a value.
public struct NamedValue: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// Value.
    public var value: Located<String>

    /// Makes a pair.
    public init(_ name: Located<String>, _ value: Located<String>) {
        self.name = name
        self.value = value
    }
}

/// A name with a document kept as read.
public struct NamedJSON: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// Document.
    public var value: JSONValue

    /// Makes a pair.
    public init(_ name: Located<String>, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}
