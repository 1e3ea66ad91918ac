/// Routes and messages of WebSocket APIs.
public enum WebSocketDiagnostics {
    /// A route key that API Gateway refuses.
    public static let routeKey = DiagnosticID(
        "websocket.route-key", .error,
        "Routes are '$connect', '$disconnect', '$default', and keys of your own that are not empty and do not begin with "
            + "'$'.")
    /// Something that only connecting has.
    public static let connectOnly = DiagnosticID(
        "websocket.connect-only", .error,
        "Clients are authorized when they connect, and only the request that opens a connection has headers and query "
            + "parameters: 'security' and 'parameters' belong to '$connect'.")
    /// A source of a mapping that is none, or that only connecting has.
    public static let parameterSource = DiagnosticID(
        "websocket.parameter-source", .error,
        "Request parameters come from 'route.request.body.PATH', 'context.NAME', 'stageVariables.NAME' or a text in single "
            + "quotes, and those of '$connect' also from 'route.request.header.NAME', '.querystring.NAME', "
            + "'.multivalueheader.NAME' and '.multivaluequerystring.NAME'.")
    /// A route response that does not exist.
    public static let routeResponse = DiagnosticID(
        "websocket.route-response", .error,
        "A route has one route response, '$default', which sends what the integration answers to the client; or none.")
    /// A key that no integration response has.
    public static let responseKey = DiagnosticID(
        "websocket.response-key", .error,
        "Integration responses of a route are keyed '$default' or '/PATTERN/'; the pattern is compared with the status of "
            + "an HTTP backend, or with the error message of a function.")
    /// A model that is never looked at, or always.
    public static let modelSelection = DiagnosticID(
        "websocket.model-selection", .warning,
        "'modelSelectionExpression' says which of 'requestModels' a message is checked against. Without the expression no "
            + "message is checked; without a model for its value, nor one named '$default', every message fails.")
    /// An authorizer that WebSocket APIs do not have.
    public static let authorizer = DiagnosticID(
        "websocket.authorizer", .error,
        "WebSocket APIs have Lambda authorizers of type 'request', IAM, and API keys.")
    /// An expression that clients cannot read.
    public static let messageSelection = DiagnosticID(
        "websocket.message-selection", .error,
        "Generated clients know messages by one member of their JSON: 'messageSelectionExpression' is "
            + "'$message.body.PATH'.")

    /// A selection expression that cannot be meant.
    public static let selection = DiagnosticID(
        "websocket.selection", .error,
        "A selection expression is text with variables such as '$request.body.action' or '${request.body.action}'. This "
            + "one has a variable that does not exist, or that a message lacks, or a path that is none.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        routeKey, connectOnly, parameterSource, routeResponse, responseKey, modelSelection, authorizer,
        messageSelection, selection,
    ]
}
