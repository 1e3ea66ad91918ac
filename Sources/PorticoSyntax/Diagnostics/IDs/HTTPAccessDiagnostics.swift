/// HTTP APIs (API Gateway v2): authorizers, parameter mappings and calls of AWS services.
public enum HTTPAccessDiagnostics {
    /// A kind of authorizer that HTTP APIs lack.
    public static let authorizerType = DiagnosticID(
        "http-api.authorizer.type", .error, "HTTP APIs have authorizers of the types 'request' and 'jwt' only.")
    /// A member that another one contradicts.
    public static let authorizerMember = DiagnosticID(
        "http-api.authorizer.member", .error,
        "Members of the authorizer contradict each other: simple responses need payload format 2.0, kept results need an "
            + "identity source, and a JWT authorizer reads its token from one header or query parameter.")
    /// An issuer that cannot be asked.
    public static let issuer = DiagnosticID(
        "http-api.authorizer.issuer", .error,
        "The issuer of a JWT authorizer is an https URL, below which '/.well-known/openid-configuration' is found.")
    /// Scopes of something that has none.
    public static let scopes = DiagnosticID(
        "http-api.authorizer.scopes", .error, "Only routes with a JWT authorizer have authorization scopes.")
    /// A key of a parameter mapping.
    public static let parameterKey = DiagnosticID(
        "http-api.parameter.key", .error,
        "A parameter mapping of an HTTP API has a key such as 'append:header.NAME', 'overwrite:querystring.NAME', "
            + "'remove:header.NAME' or 'overwrite:path'; of answers 'overwrite:statuscode'.")
    /// A value of a parameter mapping.
    public static let parameterValue = DiagnosticID(
        "http-api.parameter.value", .error,
        "A parameter mapping of an HTTP API takes its value from '$request.header.NAME', '.querystring.NAME', '.body', "
            + "'.body.JSONPATH', '.path', '.path.NAME', '$response.header.NAME', '$response.body', '$context.NAME', "
            + "'$stageVariables.NAME', from text with such sources as '${request.path}', or from text alone.")
    /// Something that looks like a source.
    public static let parameterText = DiagnosticID(
        "http-api.parameter.text", .warning,
        "What looks like a source is plain text, because a source within a text stands in braces.")
    /// A source that is never there.
    public static let parameterSource = DiagnosticID(
        "http-api.parameter.source", .warning,
        "The source has no value in any request, so that the mapping does nothing.")
    /// A header that may not be mapped.
    public static let reservedHeader = DiagnosticID(
        "http-api.parameter.reserved", .error,
        "Some headers are API Gateway's own and cannot be mapped, such as 'Authorization', 'Via' and those that begin with "
            + "'access-control-', 'apigw-' or 'x-amz-'.")
    /// Mappings that nothing reads.
    public static let parameterIgnored = DiagnosticID(
        "http-api.parameter.ignored", .warning,
        "Mappings of requests change what HTTP backends and AWS services are sent, not the events of functions.")
    /// A status that mappings cannot have.
    public static let parameterStatus = DiagnosticID(
        "http-api.parameter.status", .error,
        "'responseParameters' has mappings by the status of the backend's answer, from 200 to 599.")
    /// A name of no service integration.
    public static let subtype = DiagnosticID(
        "http-api.service.subtype", .error, "'integrationSubtype' names one of the service integrations of HTTP APIs.")
    /// A parameter of no action.
    public static let serviceParameter = DiagnosticID(
        "http-api.service.parameter", .error,
        "The parameters of a service integration are those of its action, with their names.")
    /// What a call cannot do without.
    public static let serviceIncomplete = DiagnosticID(
        "http-api.service.incomplete", .error,
        "A service integration has all parameters that its action needs, and the role that the call is signed with.")
    /// A region that a request says.
    public static let serviceRegion = DiagnosticID(
        "http-api.service.region", .error,
        "The region of a service integration is known before there is a request: text, or a stage variable.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        authorizerType, authorizerMember, issuer, scopes, parameterKey, parameterValue, parameterText, parameterSource,
        reservedHeader, parameterIgnored, parameterStatus, subtype, serviceParameter, serviceIncomplete, serviceRegion,
    ]
}
