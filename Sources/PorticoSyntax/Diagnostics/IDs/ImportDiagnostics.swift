/// OpenAPI documents, their extensions and the rules over them.
public enum ImportDiagnostics {
    // The document as a whole.

    /// A file could not be read.
    public static let unreadable = DiagnosticID(
        "import.unreadable", .error, "The spec file, its overlay or a file that it refers to cannot be read.")
    /// The root is no object.
    public static let notADocument = DiagnosticID(
        "openapi.not-a-document", .error,
        "An OpenAPI document is an object with 'swagger' or 'openapi', 'info' and 'paths'. API Gateway answers "
            + "'Invalid OpenAPI input.'")
    /// Neither `swagger` nor `openapi`.
    public static let versionMissing = DiagnosticID(
        "openapi.version-missing", .error,
        "The root needs 'swagger: \"2.0\"' or 'openapi: 3.0.x'; without it API Gateway answers 'Invalid OpenAPI input.'"
    )
    /// A version that nobody knows.
    public static let versionUnsupported = DiagnosticID(
        "openapi.version-unsupported", .error, "Portico reads Swagger 2.0 and OpenAPI 3.0 and 3.1.")
    /// OpenAPI 3.1.
    public static let versionRefused = DiagnosticID(
        "openapi.version-refused-by-aws", .warning,
        "API Gateway imports OpenAPI 2.0 and 3.0 only; Portico reads 3.1 too, but the file cannot be deployed on AWS.")
    /// No title.
    public static let titleMissing = DiagnosticID(
        "openapi.title-missing", .warning, "The API's name is 'info.title'; without it the file's name is used.")
    /// No paths.
    public static let pathsMissing = DiagnosticID(
        "openapi.paths-missing", .warning, "The document declares no paths: every request is answered 403.")
    /// A value of another type than the format has there.
    public static let wrongType = DiagnosticID(
        "openapi.wrong-type", .error, "The value has another type than OpenAPI or the extension has at this place.")
    /// A value of a type that can be taken for the right one.
    public static let coerced = DiagnosticID(
        "openapi.near-miss", .warning,
        "A number or boolean was written in quotes, or a string where a list stands; it is taken for what it says.")
    /// A key that OpenAPI has elsewhere, or a near miss.
    public static let unknownKey = DiagnosticID(
        "openapi.unknown-key", .warning, "OpenAPI has no such key at this place; it is ignored, as on AWS.")
    /// A key that API Gateway does not act on.
    public static let ignoredKey = DiagnosticID(
        "openapi.ignored-key", .warning, "API Gateway does not act on this part of OpenAPI, and neither does Portico.")
    /// An intrinsic at a place where nothing can resolve it.
    public static let intrinsicLeft = DiagnosticID(
        "openapi.intrinsic-left", .warning,
        "A CloudFormation intrinsic stands where no value can be computed; the value counts as absent.")
    /// A root object that is required by name only.
    public static let valueMissing = DiagnosticID(
        "openapi.value-missing", .error, "A member that the object cannot do without is missing.")
    /// Two entries of one name.
    public static let duplicate = DiagnosticID(
        "openapi.duplicate", .error, "Two entries have the same name where each name may stand once.")

    // Extensions.

    /// An `x-amazon-*` or `x-portico-*` key that does not exist.
    public static let unknownExtension = DiagnosticID(
        "extension.unknown", .warning, "No such extension exists; AWS ignores it, and so does Portico.")
    /// An extension at a place where nobody reads it.
    public static let misplacedExtension = DiagnosticID(
        "extension.misplaced", .warning, "The extension exists but not at this place; AWS ignores it here.")
    /// An extension of another kind of API.
    public static let otherProtocol = DiagnosticID(
        "extension.other-protocol", .warning, "The extension belongs to another kind of API and is ignored in this one."
    )
    /// A member that the object does not have.
    public static let unknownMember = DiagnosticID(
        "extension.unknown-member", .warning, "The object has no such member; AWS ignores it, and so does Portico.")
    /// A member that has no effect here.
    public static let ignoredMember = DiagnosticID(
        "extension.ignored-member", .warning, "The member exists but has no effect at this place; AWS ignores it.")
    /// A word that is none of an enumeration.
    public static let unknownValue = DiagnosticID(
        "extension.unknown-value", .error, "The value is none of the words that this member takes.")
    /// A number outside its range.
    public static let outOfRange = DiagnosticID(
        "extension.out-of-range", .error, "The number is outside the range that API Gateway takes.")
    /// A key of the overlay that is not `x-portico-*`.
    public static let overlayKey = DiagnosticID(
        "overlay.ignored-key", .warning, "An overlay may hold 'x-portico-*' keys only; the key is ignored.")
    /// WebSocket APIs.
    public static let protocolUnsupported = DiagnosticID(
        "protocol.unsupported", .error,
        "The file describes a WebSocket API, and has no 'x-portico-websocket' with its routes.")

    // References.

    /// The target does not exist.
    public static let missingReference = DiagnosticID(
        "ref.missing", .error, "A '$ref' points to nothing; API Gateway refuses the import.")
    /// A target in another file.
    public static let externalReference = DiagnosticID(
        "ref.external", .warning, "API Gateway refuses references to other files; Portico follows them.")
    /// References in a circle.
    public static let circularReference = DiagnosticID(
        "ref.circular", .error, "References lead back to themselves; only schemas may do that.")
    /// No pointer at all.
    public static let invalidReference = DiagnosticID(
        "ref.invalid", .error, "A '$ref' is '#/json/pointer', 'file', or 'file#/json/pointer' of a file beside.")
    /// Keys beside `$ref`.
    public static let referenceSiblings = DiagnosticID(
        "ref.siblings", .warning, "Keys beside '$ref' are ignored.")
    /// A model that only CreateRestApi makes.
    public static let defaultModel = DiagnosticID(
        "ref.default-model", .warning,
        "'Empty' and 'Error' exist in APIs made with CreateRestApi (and so with CloudFormation) without being declared; "
            + "an import of the file alone does not add them. Portico does.")

    // Paths and operations.

    /// A path that AWS refuses.
    public static let invalidPath = DiagnosticID(
        "path.invalid", .error,
        "A path begins with '/', its segments hold only a-zA-Z0-9._-:, or one parameter in braces that fills the "
            + "segment, and '{name+}' stands last.")
    /// A slash at the end.
    public static let trailingSlash = DiagnosticID(
        "path.trailing-slash", .warning, "API Gateway's resources end without '/'; the slash is dropped.")
    /// Two entries for one resource.
    public static let duplicatePath = DiagnosticID(
        "path.duplicate", .error, "Two entries of 'paths' are the same resource.")
    /// Two variables below one parent.
    public static let variableClash = DiagnosticID(
        "path.variable-clash", .error, "A resource has at most one child that is a path variable.")
    /// A method that API Gateway does not have.
    public static let unsupportedVerb = DiagnosticID(
        "operation.unsupported-verb", .warning, "API Gateway has no TRACE methods; the operation is ignored.")
    /// Two operations of one name.
    public static let duplicateOperation = DiagnosticID(
        "operation.duplicate-id", .warning, "OpenAPI wants each 'operationId' once; generated clients need it.")
    /// A parameter that API Gateway ignores.
    public static let unsupportedParameter = DiagnosticID(
        "parameter.unsupported", .warning, "API Gateway knows query, header, path and body parameters only.")
    /// A path parameter that the path does not have.
    public static let undeclaredPathParameter = DiagnosticID(
        "parameter.not-in-path", .warning, "The parameter is not a part of the path, so it never has a value.")
    /// A status that is none.
    public static let invalidStatus = DiagnosticID(
        "response.invalid-status", .error, "A status code is a number from 100 to 599.")
    /// A wildcard status.
    public static let statusRange = DiagnosticID(
        "response.status-range", .warning, "API Gateway has no ranges of status codes; the response is ignored.")

    // Security.

    /// A requirement that names no scheme.
    public static let unknownScheme = DiagnosticID(
        "security.unknown-scheme", .warning,
        "The security requirement names a scheme that the document does not declare; requests are denied.")
    /// A scheme that REST APIs do not know.
    public static let unsupportedScheme = DiagnosticID(
        "security.unsupported-scheme", .warning,
        "REST APIs know API keys, 'awsSigv4' and schemes with an authorizer; Portico denies requests to methods that ask "
            + "for anything else.")
    /// More than one authorizer.
    public static let severalAuthorizers = DiagnosticID(
        "security.several-authorizers", .warning, "A method has one authorizer; further ones are ignored.")
    /// Anonymous access beside an authorizer.
    public static let optionalSecurity = DiagnosticID(
        "security.optional-ignored", .warning, "REST APIs have no optional authorization; the method insists on it.")
    /// Authorizer without what it needs.
    public static let authorizerIncomplete = DiagnosticID(
        "authorizer.incomplete", .error, "The authorizer lacks a member that its type cannot do without.")
    /// Authorizer on another scheme than `apiKey`.
    public static let authorizerScheme = DiagnosticID(
        "authorizer.scheme", .warning, "An authorizer of a REST API stands in a security scheme of type 'apiKey'.")
    /// A source that is none.
    public static let identitySource = DiagnosticID(
        "authorizer.identity-source", .error,
        "Sources are method.request.header.X, method.request.querystring.X, context.X and stageVariables.X.")
    /// A validator that is not declared.
    public static let unknownValidator = DiagnosticID(
        "validator.unknown", .error, "The method names a request validator that the root does not declare.")

    // Integrations.

    /// A method without integration.
    public static let noIntegration = DiagnosticID(
        "integration.missing", .warning,
        "A method without integration imports, but API Gateway refuses to deploy it; Portico answers 500.")
    /// No verb for the backend.
    public static let integrationMethod = DiagnosticID(
        "integration.http-method", .error, "Every integration but 'mock' needs the backend's 'httpMethod'.")
    /// A verb that AWS replaces.
    public static let integrationMethodForced = DiagnosticID(
        "integration.http-method-forced", .warning, "A Lambda function is invoked with POST; the import forces it.")
    /// An address that AWS refuses.
    public static let integrationURI = DiagnosticID(
        "integration.uri", .error, "The backend's address is missing or API Gateway refuses it on import.")
    /// An address that fails at run time.
    public static let integrationEndpoint = DiagnosticID(
        "integration.invalid-endpoint", .warning,
        "API Gateway imports this address, but each request is answered 500 'Internal server error'.")
    /// A stage variable that no stage has.
    public static let stageVariableMissing = DiagnosticID(
        "integration.stage-variable", .warning,
        "A stage does not set the variable, so that it is empty there in the address, the VPC link or the role.")
    /// A value that is dropped.
    public static let notAString = DiagnosticID(
        "integration.not-a-string", .warning, "API Gateway drops mappings and templates that are no strings.")
    /// A destination that does not exist.
    public static let mappingDestination = DiagnosticID(
        "integration.mapping-destination", .error,
        "Requests map to integration.request.{header|querystring|path}.NAME, responses to method.response.header.NAME.")
    /// A parameter that the method does not declare.
    public static let undeclaredSource = DiagnosticID(
        "integration.undeclared-source", .warning,
        "AWS wants a mapped request parameter declared under 'parameters' of the operation; Portico maps it anyway.")
    /// A placeholder that nothing fills, or a value without placeholder.
    public static let placeholder = DiagnosticID(
        "integration.uri.unknown-placeholder", .warning,
        "'{name}' in 'uri' is filled by a mapping to 'integration.request.path.name'; without one it stays as it is.")
    /// A header that may not be set.
    public static let refusedHeader = DiagnosticID(
        "integration.refused-header", .warning,
        "API Gateway imports the mapping, but a request for which it has a value is answered 500 'Internal server error'."
    )
    /// A header that never arrives.
    public static let droppedHeader = DiagnosticID(
        "integration.dropped-header", .warning, "API Gateway drops or renames this header without a word.")
    /// A response that the method does not declare.
    public static let undeclaredStatus = DiagnosticID(
        "integration.undeclared-response", .warning,
        "The chosen status code must be declared under 'responses' of the operation, else the request is answered 500.")
    /// A header that the method response does not declare.
    public static let undeclaredHeader = DiagnosticID(
        "integration.undeclared-header", .warning,
        "AWS wants a mapped response header declared under 'headers' of the method's response; Portico maps it anyway.")
    /// A cache key that the method does not declare.
    public static let undeclaredCacheKey = DiagnosticID(
        "integration.cache-key", .warning, "Cache key parameters must be declared on the method, else they are refused."
    )
    /// No response to choose.
    public static let noIntegrationResponse = DiagnosticID(
        "integration.no-response", .warning,
        "Without integration responses nothing matches the backend's answer, and the request is answered 500.")
    /// Mappings that a proxy never reads.
    public static let proxyMapping = DiagnosticID(
        "integration.ignored-by-proxy", .warning, "Proxy integrations use neither templates nor integration responses.")
    /// VPC link without id.
    public static let vpcLink = DiagnosticID(
        "integration.vpc-link", .error, "A private integration needs the id of its VPC link in 'connectionId'.")
    /// Streaming where there is none.
    public static let streaming = DiagnosticID(
        "integration.streaming", .warning, "Only HTTP_PROXY and AWS_PROXY integrations can stream their responses.")
    /// What a streamed response does not have.
    public static let streamingIgnored = DiagnosticID(
        "integration.streaming-ignored", .warning,
        "A streamed response is neither cached nor converted.")

    // Models, media types, gateway responses, documentation.

    /// A model name that AWS refuses.
    public static let modelName = DiagnosticID(
        "model.invalid-name", .error, "Names of models are alphanumeric on AWS.")
    /// A media type that is none.
    public static let mediaType = DiagnosticID(
        "media-type.invalid", .warning, "A media type is 'type/subtype'; wildcards are 'type/*' and '*/*'.")
    /// A mapping of a gateway response that AWS refuses.
    public static let gatewayParameter = DiagnosticID(
        "gateway-response.parameter", .error, "Gateway responses set 'gatewayresponse.header.NAME'.")
    /// A gateway response that cannot be shaped.
    public static let gatewayFixed = DiagnosticID(
        "gateway-response.fixed", .warning, "REQUEST_TOO_LARGE cannot be customised on AWS.")
    /// A documentation part for nothing.
    public static let documentationLocation = DiagnosticID(
        "documentation.location", .warning, "The part's 'location' is incomplete or unknown; AWS refuses the part.")
    /// A limit of the service.
    public static let limit = DiagnosticID(
        "limit.exceeded", .warning, "API Gateway's default quota is lower; Portico serves it all the same.")

    // Stages and what is around them.

    /// A name outside its alphabet.
    public static let invalidName = DiagnosticID(
        "name.invalid", .error, "The name or value holds characters that API Gateway refuses.")
    /// A name of nothing.
    public static let unknownName = DiagnosticID(
        "name.unknown", .error, "The name refers to an entry that the file does not declare.")
    /// A method setting for no method.
    public static let unknownMethodSetting = DiagnosticID(
        "stage.method-setting", .warning, "The setting names a method that the API does not have.")
    /// No key for methods that want one.
    public static let noKey = DiagnosticID(
        "api-key.none", .warning,
        "Methods that want an API key answer 403 at a stage that is in no usage plan: a key opens the stages of its plans "
            + "and nothing else. 'x-portico-usage-plans' names stages under 'apiStages'; keys come from "
            + "'x-portico-api-keys' and 'portico keys'.")
    /// A value that no key can have.
    public static let keyValue = DiagnosticID(
        "api-key.value", .error,
        "The value of an API key has 20 to 128 letters, digits and '-._~+/=', or is '${env.NAME}' as a whole: then it is "
            + "read from the environment when the API is served.")
    /// A value that everybody can read who can read the file.
    public static let literalKey = DiagnosticID(
        "api-key.literal", .warning,
        "Whoever can read the document can call the API with the key that stands in it, and so can whoever reads its "
            + "history in version control. '${env.NAME}' reads the value from the environment when the API is served, and "
            + "'portico keys new' makes a key whose value stands nowhere. Compiled files hold the SHA-256 of the value."
    )
    /// Plans that a key cannot be in together.
    public static let keyPlans = DiagnosticID(
        "api-key.plans", .error,
        "An API key is in at most ten usage plans, and in at most one of each stage: that plan's limits are the key's "
            + "limits there.")
    /// Keys from an authorizer that is not there.
    public static let keySource = DiagnosticID(
        "api-key.source", .warning,
        "With 'x-amazon-apigateway-api-key-source: AUTHORIZER' the key of a request is the 'usageIdentifierKey' that its "
            + "Lambda authorizer answers. A method without one has no key, so that its requests are answered 403.")

    // Backends.

    /// A function without home, or with two.
    public static let functionHome = DiagnosticID(
        "function.home", .error,
        "A function runs in processes that Portico starts ('runtime' with 'handler' and 'codeUri', or 'command') or is a "
            + "server that takes the event as the body of a POST ('url'): one of the two. The code is a directory of "
            + "this machine.")
    /// Members of Lambda that Portico does not execute.
    public static let functionMember = DiagnosticID(
        "function.unsupported-member", .warning,
        "Portico starts no container images, mounts no layers, and keeps no versions: an alias or version with code of "
            + "its own is another entry, keyed 'NAME:ALIAS'.")
    /// Targets of a VPC link.
    public static let vpcLinkTarget = DiagnosticID(
        "vpc-link.target", .error,
        "A VPC link leads to one or more hosts, each 'HOST', 'HOST:PORT' or an http or https URL without path.")
    /// A VPC link that leads nowhere.
    public static let vpcLinkUnknown = DiagnosticID(
        "vpc-link.unknown", .warning,
        "The integration's VPC link or load balancer is no entry of 'x-portico-vpc-links', so that nobody knows which "
            + "hosts are behind it: its requests answer 500.")
    /// A secret in the file.
    public static let literalSecret = DiagnosticID(
        "identity.literal-secret", .warning,
        "A secret that stands in the document ends up in version control and in compiled files. '${env.NAME}' reads it "
            + "from the environment when the API is served. Texts of less than 20 characters, such as 'test' for a "
            + "local service, count as no secrets.")
    /// An endpoint that may not be called.
    public static let identityEndpoint = DiagnosticID(
        "identity.endpoint", .error,
        "An endpoint that knows identities answers with their secrets. It is called by https; plain http is taken on "
            + "this machine only.")
    /// Roles that are not assumed.
    public static let credentials = DiagnosticID(
        "integration.credentials", .warning,
        "Portico assumes no roles. A call is signed with the keys of the identity in 'x-portico-identities' whose 'arn' "
            + "is the role, else with the default credentials ('AWS_ACCESS_KEY_ID' and its like, or the shared files).")
    /// The caller's own credentials.
    public static let callerCredentials = DiagnosticID(
        "integration.caller-credentials", .warning,
        "'arn:aws:iam::*:user/*' asks for a call with the credentials of the caller. Callers are known where methods have "
            + "'AWS_IAM' authorization; requests of others answer 500.")

    // Identity providers.

    /// An issuer or key set that may not be called.
    public static let identityProviderAddress = DiagnosticID(
        "identity-provider.address", .error,
        "Issuers and key sets are called by https. Plain http is taken on this machine only: keys that come over it from "
            + "elsewhere are whatever the network says they are.")
    /// Keys that are none, or too many.
    public static let identityProviderKeys = DiagnosticID(
        "identity-provider.keys", .error,
        "Keys of an issuer come from the issuer itself, from 'jwksUri', or from 'jwks': a file or a JSON Web Key Set of "
            + "public keys.")
    /// An ARN of something else.
    public static let userPool = DiagnosticID(
        "authorizer.user-pool", .error,
        "A user pool is named by its ARN; an entry of 'x-portico-identity-providers' may stand for it.")

    // Alarms.

    /// A comparison that needs a model of what is usual.
    public static let alarmUnsupported = DiagnosticID(
        "alarm.unsupported", .error,
        "Portico compares values with a threshold. Comparisons with a band of anomaly detection, and statistics other than "
            + "SampleCount, Average, Sum, Minimum, Maximum, pNN and tmNN, are not executed.")
    /// A metric that is none of the gateway's.
    public static let alarmMetric = DiagnosticID(
        "alarm.metric", .warning,
        "Alarms watch the metrics that API Gateway has for the kind of the API in 'AWS/ApiGateway', such as 5XXError of REST, "
            + "5xx of HTTP and ExecutionError of WEBSOCKET APIs, and ThrottleCount of 'Portico'; by the API, by the API and "
            + "Stage, or by these and the method or route. Any other never has a value.")
    /// What an alarm watches is not said, or said twice.
    public static let alarmQuery = DiagnosticID(
        "alarm.query", .error,
        "An alarm watches one metric, or exactly one member of 'Metrics': the one whose 'ReturnData' is true. Its metrics "
            + "have one period, ids are unique and begin with a small letter, and no expression needs itself.")
    /// A formula that does not parse.
    public static let alarmExpression = DiagnosticID(
        "alarm.expression", .error,
        "Expressions have numbers, ids of other queries, + - * / ^, comparisons, AND, OR, parentheses, and the functions IF, "
            + "ABS, MIN, MAX, SUM, AVG, FILL, RATE, PERIOD and METRICS.")
    /// An action that Portico cannot do.
    public static let alarmAction = DiagnosticID(
        "alarm.action", .error,
        "An action is 'log', an http or https URL that the event is posted to, or 'command:/path argument ...'. ARNs are "
            + "taken, with a warning: Portico calls nothing of AWS, and logs them.")

    // Access logs and tracing.

    /// A format that API Gateway refuses.
    public static let accessLogFormat = DiagnosticID(
        "access-log.format", .error,
        "The format of access logs is one line of at most 3 KB, names '$context' variables and no others, and contains "
            + "'$context.requestId' or '$context.extendedRequestId'.")
    /// Access logs that go nowhere.
    public static let accessLogDestination = DiagnosticID(
        "access-log.destination", .error,
        "Access logs go to a log group, to a delivery stream whose name begins with 'amazon-apigateway-', to 'stdout', or "
            + "to a file ('file:PATH').")
    /// A rule that X-Ray refuses.
    public static let samplingRule = DiagnosticID(
        "tracing.sampling-rule", .error,
        "A sampling rule has the members of X-Ray's 'SamplingRule': a name, a priority, a reservoir of requests a second, "
            + "a rate from 0 to 1, and patterns.")
    /// Traces that go nowhere.
    public static let tracingDestination = DiagnosticID(
        "tracing.destination", .error,
        "Segments go to a daemon of X-Ray by UDP ('udp://HOST:PORT'), spans to a collector of OpenTelemetry by HTTP.")

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        unreadable, notADocument, versionMissing, versionUnsupported, versionRefused, titleMissing,
        pathsMissing, wrongType, coerced, unknownKey, ignoredKey, intrinsicLeft, valueMissing, duplicate,
        unknownExtension,
        misplacedExtension, otherProtocol, unknownMember, ignoredMember, unknownValue, outOfRange, overlayKey,
        protocolUnsupported, missingReference, externalReference, circularReference, invalidReference,
        referenceSiblings, defaultModel, invalidPath, trailingSlash, duplicatePath, variableClash, unsupportedVerb,
        duplicateOperation, unsupportedParameter, undeclaredPathParameter, invalidStatus, statusRange, unknownScheme,
        unsupportedScheme, severalAuthorizers, optionalSecurity, authorizerIncomplete, authorizerScheme,
        identitySource, unknownValidator, noIntegration, integrationMethod, integrationMethodForced, integrationURI,
        integrationEndpoint, stageVariableMissing, notAString, mappingDestination, undeclaredSource, placeholder,
        refusedHeader, droppedHeader,
        undeclaredStatus, undeclaredHeader, undeclaredCacheKey, noIntegrationResponse, proxyMapping, vpcLink,
        streaming, streamingIgnored, modelName, mediaType, gatewayParameter, gatewayFixed, documentationLocation, limit,
        invalidName,
        unknownName, unknownMethodSetting, noKey, keyValue, literalKey, keyPlans, keySource, functionHome,
        functionMember, vpcLinkTarget, vpcLinkUnknown, literalSecret, identityEndpoint, credentials, callerCredentials,
        identityProviderAddress, identityProviderKeys, userPool, alarmUnsupported, alarmMetric, alarmQuery,
        alarmExpression, alarmAction,
        accessLogFormat, accessLogDestination, samplingRule, tracingDestination,
    ]
}
