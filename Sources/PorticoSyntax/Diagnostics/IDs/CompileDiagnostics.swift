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
            + "configuration error.")
    /// Authorizers and IAM.
    public static let authorizationUnsupported = DiagnosticID(
        "support.authorization", .warning,
        "The method's authorization is read, but this version does not execute it. The method denies every request, "
            + "because a protection that is declared and not enforced would be worse than none.")
    /// A policy that IAM would refuse.
    public static let policyInvalid = DiagnosticID(
        "policy.invalid", .error,
        "A policy of the spec, the API's resource policy or one of an identity, is none that IAM would take.")
    /// A part of a policy that can have no effect.
    public static let policyIgnored = DiagnosticID(
        "policy.ignored", .warning,
        "A part of a policy can have no effect, such as a condition on a key that requests do not have.")
    /// The default endpoint is off.
    public static let defaultEndpointDisabled = DiagnosticID(
        "support.default-endpoint", .warning,
        "'disableExecuteApiEndpoint' is true and the API has no domain name, so that no way into it is left. Every "
            + "request is denied. Add a domain name, or remove the setting to serve the API locally.")
    /// Web ACLs.
    public static let wafUnsupported = DiagnosticID(
        "support.waf", .warning,
        "The stage has a web ACL, and this version does not evaluate it. Every request is denied.")
    /// Settings of a stage.
    public static let stageSettingUnsupported = DiagnosticID(
        "support.stage-setting", .warning,
        "The setting of the stage is read, but this version does not execute it. The API is served without it.")
    /// Settings that others make void.
    public static let settingWithoutEffect = DiagnosticID(
        "stage.setting-without-effect", .warning,
        "The setting has no effect as long as another one of the stage is not set as well.")
    /// Answers for one caller that all get.
    public static let sharedCache = DiagnosticID(
        "cache.shared", .warning,
        "The method wants to know its callers, and its answers are kept by parameters that do not tell them apart: one "
            + "caller gets what was made for another. API Gateway does the same.")
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
    /// Names that no AWS service has.
    public static let serviceUnknown = DiagnosticID(
        "integration.service.unknown", .error,
        "The 'uri' of an AWS integration names a service as the host of its endpoint does: 'dynamodb', 'sqs', 'states', "
            + "'runtime.sagemaker'. The names are those of the service models of botocore. A service that is newer, or "
            + "one of your own, is called by path if its address is given with '--endpoint NAME=URL' or "
            + "'x-portico-endpoints'.")
    /// URIs that lead nowhere.
    public static let serviceAddress = DiagnosticID(
        "integration.service.address", .warning,
        "Region and what stands before the service's name become the host name of the endpoint, so that they can only "
            + "have letters, digits and '-'. Requests are answered 500.")
    /// Actions of services that have none.
    public static let serviceAction = DiagnosticID(
        "integration.service.action", .warning,
        "'action/NAME' calls services that take the name of an action in the parameter 'Action' or in 'X-Amz-Target'. "
            + "Services of the REST protocols, such as S3, are called with 'path/' and a verb. Requests are answered 500."
    )
    /// Actions whose name is not sent.
    public static let serviceTarget = DiagnosticID(
        "integration.service.target", .warning,
        "API Gateway sends 'X-Amz-Target' by itself to most services that speak JSON, and not to this one: the header has "
            + "to be mapped, together with its content type.")
    /// Actions without a body.
    public static let serviceVerb = DiagnosticID(
        "integration.service.verb", .warning,
        "The service reads parameters from a JSON body, and no body is sent with GET, HEAD and OPTIONS. The 'httpMethod' "
            + "of an integration is the verb of the call to the service, whatever the verb of the method is.")
    /// Addresses of services that are none.
    public static let endpointUnused = DiagnosticID(
        "endpoint.service-unknown", .warning,
        "A key of 'x-portico-endpoints', or the name before '=' of '--endpoint', is the name of an AWS service in "
            + "integration URIs. This one is none, and nothing calls it.")
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
        policyInvalid, policyIgnored, defaultEndpointDisabled, wafUnsupported,
        stageSettingUnsupported, settingWithoutEffect, sharedCache,
        featureUnsupported, patternInvalid, mockStatusMissing, mappingDestination, mappingExpression,
        mappingDropped, mappingRenamed, templateOnBytes, serviceUnknown, serviceAddress, serviceAction, serviceTarget,
        serviceVerb, endpointUnused, gatewayResponseText, schemaInvalid,
        schemaIgnored,
    ]
}
