/// HTTP APIs (API Gateway v2): what their import and their settings may say.
public enum HTTPAPIDiagnostics {
    /// Swagger 2.0.
    public static let version = DiagnosticID(
        "http-api.version", .error, "HTTP APIs are imported from OpenAPI 3.0 only; API Gateway refuses Swagger 2.0.")
    /// Two requirements.
    public static let severalRequirements = DiagnosticID(
        "http-api.several-requirements", .error,
        "A route of an HTTP API has one authorizer: an operation with two security requirements is refused on import.")
    /// A kind of integration that HTTP APIs lack.
    public static let integrationType = DiagnosticID(
        "http-api.integration-type", .warning,
        "HTTP APIs have the integration types AWS_PROXY and HTTP_PROXY only. Requests of the route are answered 500.")
    /// `payloadFormatVersion`.
    public static let payloadFormat = DiagnosticID(
        "http-api.payload-format", .error,
        "The integration of a function names the format of its events, '1.0' or '2.0'; other integrations have '1.0'.")
    /// A key or member of REST APIs.
    public static let restMember = DiagnosticID(
        "http-api.rest-member", .warning, "The member belongs to REST APIs and is ignored in an HTTP API.")
    /// Two routes with one key.
    public static let duplicateRoute = DiagnosticID(
        "http-api.duplicate-route", .error,
        "Two operations are the same route: their paths differ in the names of variables at most.")
    /// `isDefaultRoute` elsewhere.
    public static let defaultRoute = DiagnosticID(
        "http-api.default-route", .warning,
        "The default route of an HTTP API is 'x-amazon-apigateway-any-method' of the path '/$default'.")
    /// CORS settings.
    public static let cors = DiagnosticID(
        "http-api.cors", .error, "The CORS settings hold a value that API Gateway refuses.")
    /// CORS settings without effect.
    public static let corsIgnored = DiagnosticID(
        "http-api.cors-without-effect", .warning, "The CORS settings hold a value that changes no answer.")
    /// A listener or service without hosts.
    public static let privateIntegration = DiagnosticID(
        "http-api.private-integration", .error,
        "A private integration of an HTTP API names the ARN of a load balancer's listener or of a Cloud Map service in "
            + "'uri', and a VPC link in 'connectionId'.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        version, severalRequirements, integrationType, payloadFormat, restMember, duplicateRoute, defaultRoute, cors,
        corsIgnored, privateIntegration,
    ]
}
