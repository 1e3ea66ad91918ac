public import PorticoSyntax

/// `type` of an integration.
public enum IntegrationType: String, Sendable, Hashable, CaseIterable {
    /// HTTP backend with mapping
    case http = "HTTP"
    /// HTTP backend, request and response passed on
    case httpProxy = "HTTP_PROXY"
    /// AWS service with mapping
    case aws = "AWS"
    /// Lambda with the proxy event
    case awsProxy = "AWS_PROXY"
    /// No backend
    case mock = "MOCK"
}

/// When a body that no template matches is passed on.
public enum PassthroughBehavior: String, Sendable, Hashable, CaseIterable {
    /// Whenever no template matches.
    case whenNoMatch = "WHEN_NO_MATCH"
    /// Only if there are no templates at all.
    case whenNoTemplates = "WHEN_NO_TEMPLATES"
    /// Never: 415.
    case never = "NEVER"
}

/// Conversion between text and binary.
public enum ContentHandling: String, Sendable, Hashable, CaseIterable {
    /// base64 text to bytes
    case convertToBinary = "CONVERT_TO_BINARY"
    /// bytes to base64 text
    case convertToText = "CONVERT_TO_TEXT"
}

/// Through which network the backend is reached.
public enum ConnectionType: String, Sendable, Hashable, CaseIterable {
    /// The public internet, or any host that Portico can reach.
    case internet = "INTERNET"
    /// A VPC link.
    case vpcLink = "VPC_LINK"
}

/// Whether a response is sent as it arrives.
public enum ResponseTransferMode: String, Sendable, Hashable, CaseIterable {
    /// Whole, once it is complete.
    case buffered = "BUFFERED"
    /// As it arrives.
    case stream = "STREAM"
}

/// `x-amazon-apigateway-integration`: what is behind a method, and the mappings there and back.
public struct Integration: Sendable, Hashable {
    /// Kind of backend.
    public var type: Located<IntegrationType>
    /// Verb sent to the backend; `nil` for mock; `ANY` is the caller's own.
    public var httpMethod: Located<String>?
    /// Backend address with placeholders `{name}` and `${stageVariables.x}`; CloudFormation intrinsics are resolved.
    public var uri: Located<PositionedText>?
    /// Names of CloudFormation parameters that stayed unresolved in ``uri``; such an address is invalid at run time.
    public var unresolvedParameters: [String] = []
    /// Role ARN, `arn:aws:iam::*:user/*`, or none.
    public var credentials: Located<String>?
    /// Internet or VPC link.
    public var connectionType: Located<ConnectionType> = Located(.internet)
    /// VPC link id.
    public var connectionID: Located<String>?
    /// Load balancer listener ARN.
    public var integrationTarget: Located<String>?
    /// What happens to bodies without matching template.
    public var passthroughBehavior: Located<PassthroughBehavior> = Located(.whenNoMatch)
    /// `integration.request.{header|querystring|path}.NAME` to expression, in order. In an HTTP API `append:header.NAME` and
    /// the like to value, or the parameters of the service that ``subtype`` names.
    public var requestParameters: [ParameterMapping] = []
    /// `responseParameters` of an HTTP API, in order.
    public var responseParameters: [ResponseParameters] = []
    /// Templates by media type, in order. A template of `nil` text (empty in the document) passes the body through.
    public var requestTemplates: [MappingTemplate] = []
    /// Conversion of the request body.
    public var contentHandling: Located<ContentHandling>?
    /// Integration responses in order.
    public var responses: [IntegrationResponse] = []
    /// 50...29000 unless the account's quota is raised.
    public var timeoutMilliseconds: Located<Int>?
    /// Cache namespace; default is the resource id.
    public var cacheNamespace: Located<String>?
    /// Names of request parameters that split the cache.
    public var cacheKeyParameters: [Located<String>] = []
    /// `tlsConfig`
    public var tlsConfig: TLSConfig?
    /// `templateSelectionExpression` of a WebSocket API: which of ``requestTemplates`` applies.
    public var templateSelectionExpression: Located<PositionedText>?
    /// `payloadFormatVersion` of an HTTP API: `1.0` or `2.0`.
    public var payloadFormatVersion: Located<String>?
    /// `integrationSubtype` of an HTTP API, such as `SQS-SendMessage`.
    public var subtype: Located<String>?
    /// `responseTransferMode`
    public var responseTransferMode: Located<ResponseTransferMode> = Located(.buffered)
    /// Where the extension stands.
    public var span: SpanBox = SpanBox(.none)

    /// Makes an integration of that kind.
    public init(type: Located<IntegrationType>) {
        self.type = type
    }
}

/// A place that does not count in comparisons.
public struct SpanBox: Sendable, Hashable {
    /// The place.
    public var span: SourceSpan

    /// Wraps a place.
    public init(_ span: SourceSpan) { self.span = span }

    /// All places are equal.
    public static func == (left: SpanBox, right: SpanBox) -> Bool { true }

    /// Hashes nothing.
    public func hash(into hasher: inout Hasher) {}
}

/// `tlsConfig` of an integration.
public struct TLSConfig: Sendable, Hashable {
    /// Skips the check of the certificate authority only.
    public var insecureSkipVerification: Bool
    /// Name to verify, HTTP APIs only.
    public var serverNameToVerify: String?

    /// Makes a configuration.
    public init(insecureSkipVerification: Bool = false, serverNameToVerify: String? = nil) {
        self.insecureSkipVerification = insecureSkipVerification
        self.serverNameToVerify = serverNameToVerify
    }
}

/// One entry of `requestParameters` or `responseParameters`.
public struct ParameterMapping: Sendable, Hashable {
    /// Destination, such as `integration.request.header.X` or `method.response.header.X`.
    public var destination: Located<String>
    /// Mapping expression, such as `method.request.path.id` or `'literal'`.
    public var expression: Located<PositionedText>

    /// Makes an entry.
    public init(destination: Located<String>, expression: Located<PositionedText>) {
        self.destination = destination
        self.expression = expression
    }
}

/// A template for a media type.
public struct MappingTemplate: Sendable, Hashable {
    /// Media type, or `$default`.
    public var mediaType: Located<String>
    /// The VTL text with its places; `nil` means "pass through".
    public var template: PositionedText?

    /// Makes an entry.
    public init(mediaType: Located<String>, template: PositionedText?) {
        self.mediaType = mediaType
        self.template = template
    }
}

/// One entry of `responses` of an integration.
public struct IntegrationResponse: Sendable, Hashable {
    /// Regular expression; `nil` for the key `default` (`$default` of a WebSocket API).
    public var selectionPattern: Located<PositionedText>?
    /// Status code of the method response, as text; empty in a WebSocket API.
    public var statusCode: Located<String>
    /// Templates by media type, in order.
    public var responseTemplates: [MappingTemplate] = []
    /// `method.response.header.NAME` to expression, in order.
    public var responseParameters: [ParameterMapping] = []
    /// Conversion of the response body.
    public var contentHandling: Located<ContentHandling>?
    /// `templateSelectionExpression` of a WebSocket API: which of ``responseTemplates`` applies.
    public var templateSelectionExpression: Located<PositionedText>?

    /// Makes an entry.
    public init(selectionPattern: Located<PositionedText>?, statusCode: Located<String>) {
        self.selectionPattern = selectionPattern
        self.statusCode = statusCode
    }
}
