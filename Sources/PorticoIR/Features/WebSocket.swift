public import PorticoSyntax

/// What a WebSocket API has beside what all APIs have: `x-portico-websocket`.
///
/// Names are the lower-camel forms of CloudFormation's `AWS::ApiGatewayV2::*`, so that export and a management API map
/// one to one.
public struct WebSocketAPI: Sendable, Hashable {
    /// `routeSelectionExpression`: which route a message takes, such as `$request.body.action`.
    public var routeSelectionExpression: Located<PositionedText>
    /// `apiKeySelectionExpression`: `$request.header.x-api-key` or `$context.authorizer.usageIdentifierKey`.
    public var apiKeySource: Located<APIKeySource> = Located(.header)
    /// `disableSchemaValidation`: whether models of routes are not checked.
    public var disablesSchemaValidation = false
    /// `binary`: what a binary frame does. AWS closes with 1003.
    public var binary: Located<WebSocketBinary> = Located(.refuse)
    /// Routes in the order of the file.
    public var routes: [WebSocketRoute] = []
    /// `messageSelectionExpression`: which of ``messages`` a message to clients is, such as `$message.body.type`. Only
    /// generated clients read it.
    public var messageSelectionExpression: Located<String>?
    /// `messages`: what the API sends to its clients beside the answers of routes, in the order of the file. Only
    /// generated clients read them.
    public var messages: [WebSocketMessage] = []

    /// Makes an API without routes.
    public init(routeSelectionExpression: Located<PositionedText>) {
        self.routeSelectionExpression = routeSelectionExpression
    }
}

/// What a binary frame of a client does.
public enum WebSocketBinary: String, Sendable, Hashable, CaseIterable {
    /// It closes the connection with 1003, as on AWS.
    case refuse
    /// It is a message: its bytes are the body, as Base64 in events.
    case allow
}

/// A route of a WebSocket API. CloudFormation: `AWS::ApiGatewayV2::Route`.
public struct WebSocketRoute: Sendable, Hashable {
    /// `$connect`, `$disconnect`, `$default`, or what the selection expression gives.
    public var routeKey: Located<String>
    /// `operationId` (CloudFormation: `OperationName`)
    public var operationName: String?
    /// `summary`
    public var summary: String?
    /// `description`
    public var description: String?
    /// `deprecated`
    public var isDeprecated = false
    /// Who may connect; ``MethodAuthorization/none`` on every route but `$connect`.
    public var authorization: Located<MethodAuthorization> = Located(.none)
    /// Whether a valid API key is needed; only on `$connect`.
    public var apiKeyRequired = false
    /// Headers and query parameters of `$connect`.
    public var requestParameters: [RequestParameter] = []
    /// `modelSelectionExpression`: which of ``requestModels`` a message is checked against.
    public var modelSelectionExpression: Located<PositionedText>?
    /// `requestModels`: models by key (``ModelReference/mediaType``), `$default` for every other.
    public var requestModels: [ModelReference] = []
    /// `routeResponse: $default`: whether what the integration gives is sent to the client.
    public var hasRouteResponse = false
    /// `responseModels` of the route response. Only generated clients read them.
    public var responseModels: [ModelReference] = []
    /// What is behind it; `nil` if the document gives none.
    public var integration: Integration?

    /// Makes a route without integration.
    public init(routeKey: Located<String>) {
        self.routeKey = routeKey
    }
}

/// A message that the API sends to its clients.
public struct WebSocketMessage: Sendable, Hashable {
    /// Its name: what ``WebSocketAPI/messageSelectionExpression`` gives for it.
    public var name: Located<String>
    /// `description`
    public var description: String?
    /// Its model; ``ModelReference/mediaType`` is empty.
    public var model: ModelReference

    /// Makes a message.
    public init(name: Located<String>, description: String? = nil, model: ModelReference) {
        self.name = name
        self.description = description
        self.model = model
    }
}

/// How generated clients know a message: `messageSelectionExpression`, and `routeSelectionExpression` where it names one
/// member of the body.
public enum MessageSelection {
    /// Names on the way to the member in `$message.body.a.b` or `${message.body.a.b}`; `nil` if the text is anything else.
    public static func path(of expression: String) -> [String]? { path(of: expression, "message.body.") }

    /// The same for `$request.body.a.b`, which clients fill in.
    public static func requestPath(of expression: String) -> [String]? { path(of: expression, "request.body.") }

    private static func path(of expression: String, _ prefix: String) -> [String]? {
        guard expression.hasPrefix("$") else { return nil }
        var text = expression.dropFirst()
        if text.hasPrefix("{"), text.hasSuffix("}") { text = text.dropFirst().dropLast() }
        guard text.hasPrefix(prefix) else { return nil }
        let names = text.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
            .map(String.init)
        return names.allSatisfy { ASCII.consists($0, of: "_-") } ? names : nil
    }
}
