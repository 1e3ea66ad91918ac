/// Passes from the description to a snapshot, and snapshot files.
public enum CompileDiagnostics {
    /// Two routes that cannot stand beside each other.
    public static let routeClash = DiagnosticID(
        "route.clash", .error,
        "Two declarations want the same requests, or a path cannot be a resource of a REST API: one variable for each "
            + "place of a path, no resource below a greedy variable, each verb once.")
    /// An integration that is not executed.
    public static let integrationUnsupported = DiagnosticID(
        "support.integration", .warning,
        "The integration is read and checked, but this version does not execute it: its method answers 500 as an API "
            + "configuration error. MOCK, HTTP and HTTP_PROXY integrations are executed.")
    /// Authorizers and IAM.
    public static let authorizationUnsupported = DiagnosticID(
        "support.authorization", .warning,
        "The method's authorization is read, but this version does not execute it. The method denies every request, "
            + "because a protection that is declared and not enforced would be worse than none.")
    /// API keys.
    public static let apiKeyUnsupported = DiagnosticID(
        "support.api-key", .warning,
        "The method needs an API key, and this version does not look keys up. The method denies every request.")
    /// Resource policies.
    public static let resourcePolicyUnsupported = DiagnosticID(
        "support.resource-policy", .warning,
        "The resource policy is read, but this version does not evaluate it. Every request is denied.")
    /// The default endpoint is off.
    public static let defaultEndpointDisabled = DiagnosticID(
        "support.default-endpoint", .warning,
        "'disableExecuteApiEndpoint' is true and this version does not serve custom domains, so that no way into the "
            + "API is left. Every request is denied. Remove the setting to serve the API locally.")
    /// Web ACLs.
    public static let wafUnsupported = DiagnosticID(
        "support.waf", .warning,
        "The stage has a web ACL, and this version does not evaluate it. Every request is denied.")
    /// Settings of a stage.
    public static let stageSettingUnsupported = DiagnosticID(
        "support.stage-setting", .warning,
        "The setting of the stage is read, but this version does not execute it. The API is served without it.")
    /// Anything else at the root.
    public static let featureUnsupported = DiagnosticID(
        "support.feature", .warning,
        "The key is read, but this version does not execute it. The API is served without it.")
    /// Selection patterns.
    public static let patternInvalid = DiagnosticID(
        "pattern.invalid", .error,
        "A key of 'responses' is a regular expression that has to match the whole status code of the backend. This one "
            + "does not compile. With --lenient it is a warning, and the response is never chosen.")
    /// Mock request templates.
    public static let mockStatusMissing = DiagnosticID(
        "integration.mock.status-missing", .warning,
        "The request template of a mock integration has to give a JSON object with an integer 'statusCode'. This one "
            + "never does, so that requests answer 500, as on API Gateway.")
    /// Destinations of parameter mappings.
    public static let mappingDestination = DiagnosticID(
        "mapping.destination", .error,
        "A parameter mapping sets 'integration.request.header.NAME', 'integration.request.querystring.NAME', "
            + "'integration.request.path.NAME', 'method.response.header.NAME' or 'gatewayresponse.header.NAME'.")
    /// Expressions of parameter mappings.
    public static let mappingExpression = DiagnosticID(
        "mapping.expression", .error,
        "A mapping expression names a value of the request ('method.request.header.NAME', '.querystring.NAME', "
            + "'.path.NAME', '.body', '.body.JSONPATH'), of the backend's answer ('integration.response.header.NAME', "
            + "'.body', '.body.JSONPATH'), 'context.NAME', 'stageVariables.NAME', or is a literal in single quotes.")
    /// Mappings of headers that are left out.
    public static let mappingDropped = DiagnosticID(
        "mapping.header-dropped", .warning,
        "The header belongs to the connection, so that the gateway leaves it out, as API Gateway does. The mapping has no "
            + "effect.")
    /// Mappings of headers that are renamed.
    public static let mappingRenamed = DiagnosticID(
        "mapping.header-renamed", .warning,
        "The header reaches the client with 'x-amzn-Remapped-' before its name, as on API Gateway, because the plain name "
            + "is the gateway's own.")
    /// Templates that meet bytes.
    public static let templateOnBytes = DiagnosticID(
        "integration.template-on-bytes", .warning,
        "A body whose content type is one of the binary media types reaches the integration as bytes, which a template "
            + "cannot read: the request is answered 500, as on API Gateway ('Unable to transform request' in its log). "
            + "With '*/*' that is every request, also one without a body. 'contentHandling: CONVERT_TO_TEXT' gives the "
            + "template base64 text instead.")
    /// Bodies of gateway responses.
    public static let gatewayResponseText = DiagnosticID(
        "gateway-response.text", .warning,
        "The body of a gateway response is text in which '$context.NAME', '$stageVariables.NAME' and "
            + "'$method.request.header.NAME' (path, querystring) are replaced. It is no mapping template: directives and "
            + "functions are printed as they stand, and unknown variables leave nothing.")
    /// Models that cannot be compiled.
    public static let schemaInvalid = DiagnosticID(
        "model.invalid", .error,
        "A request validator uses this model, and it is no JSON schema (draft 4) that bodies can be checked against.")
    /// Keywords of models that have no effect.
    public static let schemaIgnored = DiagnosticID(
        "model.ignored", .warning,
        "The model has a keyword that JSON schema draft 4 does not know; bodies are checked without it.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        routeClash, integrationUnsupported, authorizationUnsupported,
        apiKeyUnsupported, resourcePolicyUnsupported, defaultEndpointDisabled, wafUnsupported, stageSettingUnsupported,
        featureUnsupported, patternInvalid, mockStatusMissing, mappingDestination, mappingExpression,
        mappingDropped, mappingRenamed, templateOnBytes, gatewayResponseText, schemaInvalid,
        schemaIgnored,
    ]
}
