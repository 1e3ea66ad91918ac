import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// What is said of authorizers, mappings and service integrations when an HTTP API is compiled.
@Suite("Diagnostics of callers, mappings and services of HTTP APIs")
struct HTTPAccessDiagnosticsTests {
    private static func authorizer(
        _ members: String, type: String = "apiKey, in: header, name: Authorization", requirement: String = "[{A: []}]",
        scheme: String = ""
    ) -> [String] {
        RouteSpec.diagnostics(
            RouteSpec.api(
                root:
                    "components: {securitySchemes: {A: {type: \(type)\(scheme), x-amazon-apigateway-authorizer: {\(members)}}}}",
                [SpecOperation("GET /x", RouteSpec.proxy("http://127.0.0.1:9000/"), "security: \(requirement)")]))
    }

    private static let uri =
        "authorizerUri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111111111111:function:A/invocations'"
    private static let jwt = "jwtConfiguration: {issuer: 'https://i', audience: [a]}"
    private static let source = "identitySource: $request.header.Authorization"

    @Test(
        "Authorizers that are as they should be",
        arguments: [
            "type: request, \(uri), authorizerPayloadFormatVersion: '2.0'",
            "type: request, \(uri), authorizerPayloadFormatVersion: 2.0, enableSimpleResponses: true, \(source)",
            "type: request, \(uri), authorizerPayloadFormatVersion: '1.0', authorizerResultTtlInSeconds: 3600, identitySource: '$request.header.A, $request.querystring.b,$context.identity.sourceIp,$stageVariables.v'",
            "type: request, \(uri), authorizerPayloadFormatVersion: '2.0', authorizerResultTtlInSeconds: 0",
            "type: jwt, \(jwt), \(source)", "type: JWT, \(jwt), identitySource: $request.querystring.token",
        ])
    func good(members: String) {
        let said = Self.authorizer(members)
        #expect(said.filter { !$0.contains("nobody knows") && !$0.contains("function") } == [])
    }

    @Test(
        "Authorizers that API Gateway refuses",
        arguments: [
            (
                "type: token, \(uri)",
                "error http-api.authorizer.type: HTTP APIs have no authorizers of type 'token'; expected 'request' or 'jwt'"
            ),
            (
                "type: cognito_user_pools, providerARNs: []",
                "error http-api.authorizer.type: HTTP APIs have no authorizers of type 'cognito_user_pools'; expected 'request' or 'jwt'"
            ),
            ("\(uri)", "error authorizer.incomplete: authorizer 'A' has no 'type'; expected 'request' or 'jwt'"),
            (
                "type: request, authorizerPayloadFormatVersion: '2.0'",
                "error authorizer.incomplete: authorizer 'A' of type 'REQUEST' has no 'authorizerUri'"
            ),
            (
                "type: request, \(uri)",
                "error authorizer.incomplete: authorizer 'A' of type 'REQUEST' has no 'authorizerPayloadFormatVersion'"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '3.0'",
                "error extension.unknown-value: unknown value '3.0' of 'authorizerPayloadFormatVersion'; did you mean '1.0'?"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '1.0', enableSimpleResponses: true",
                "error http-api.authorizer.member: simple responses of authorizer 'A' need payload format 2.0"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '2.0', authorizerResultTtlInSeconds: 60",
                "error http-api.authorizer.member: results of authorizer 'A' cannot be kept without an 'identitySource', by which they are found again"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '2.0', authorizerResultTtlInSeconds: 3601, \(source)",
                "error extension.out-of-range: 'authorizerResultTtlInSeconds' must be from 0 to 3600, not 3601"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '2.0', identitySource: method.request.header.A",
                "error authorizer.identity-source: 'method.request.header.A' is no identity source of an HTTP API; expected '$request.header.NAME', '$request.querystring.NAME', '$context.NAME' or '$stageVariables.NAME'"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '2.0', identitySource: '$request.header.A,,$request.header.B'",
                "error authorizer.identity-source: '' is no identity source of an HTTP API; expected '$request.header.NAME', '$request.querystring.NAME', '$context.NAME' or '$stageVariables.NAME'"
            ),
            (
                "type: request, \(uri), authorizerPayloadFormatVersion: '2.0', \(jwt)",
                "warning extension.ignored-member: 'jwtConfiguration' is ignored: it is no member of a 'request' authorizer of an HTTP API"
            ),
            (
                "type: jwt, \(source)",
                "error authorizer.incomplete: authorizer 'A' of type 'JWT' has no 'jwtConfiguration.issuer'"
            ),
            (
                "type: jwt, \(source), jwtConfiguration: {issuer: 'https://i', audience: []}",
                "error authorizer.incomplete: authorizer 'A' of type 'JWT' has no 'jwtConfiguration.audience'"
            ),
            ("type: jwt, \(jwt)", "error authorizer.incomplete: authorizer 'A' of type 'JWT' has no 'identitySource'"),
            (
                "type: jwt, \(jwt), identitySource: '$request.header.A,$request.header.B'",
                "error authorizer.identity-source: '$request.header.A,$request.header.B' is no source of a token; expected one '$request.header.NAME' or '$request.querystring.NAME'"
            ),
            (
                "type: jwt, \(jwt), identitySource: $context.x",
                "error authorizer.identity-source: '$context.x' is no source of a token; expected one '$request.header.NAME' or '$request.querystring.NAME'"
            ),
            (
                "type: jwt, \(source), jwtConfiguration: {issuer: 'http://i', audience: [a]}",
                "error http-api.authorizer.issuer: issuer 'http://i' of authorizer 'A' is no https URL"
            ),
            (
                "type: jwt, \(jwt), \(source), authorizerResultTtlInSeconds: 5",
                "warning extension.ignored-member: 'authorizerResultTtlInSeconds' is ignored: it is no member of a 'jwt' authorizer of an HTTP API"
            ),
        ])
    func refused(members: String, message: String) {
        let said = Self.authorizer(members)
        #expect(said.contains(message), "\(said)")
    }

    @Test("Only JWT authorizers have scopes, and a route has one authorizer")
    func requirements() {
        let scoped = Self.authorizer(
            "type: request, \(Self.uri), authorizerPayloadFormatVersion: '2.0'", requirement: "[{A: [read]}]")
        #expect(scoped.contains("error http-api.authorizer.scopes: 'A' is a Lambda authorizer, which has no scopes"))
        let iam = RouteSpec.diagnostics(
            RouteSpec.api(
                root:
                    "components: {securitySchemes: {A: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}}}",
                [SpecOperation("GET /x", RouteSpec.proxy("http://127.0.0.1:9000/"), "security: [{A: [read]}]")]))
        #expect(iam.contains("error http-api.authorizer.scopes: 'A' asks for IAM, which has no scopes"), "\(iam)")
        let jwt = Self.authorizer(
            "type: jwt, \(Self.jwt), \(Self.source)", type: "oauth2", requirement: "[{A: [read]}]")
        #expect(jwt == [])
    }

    private static func mapped(
        _ request: [(String, String)] = [], _ answers: [(String, [(String, String)])] = []
    ) -> [String] {
        RouteSpec.diagnostics(
            RouteSpec.api(
                root: "x-portico-stages: {$default: {variables: {backend: b}}}",
                [SpecOperation("GET /x/{id}", RouteSpec.proxy("http://127.0.0.1:9000/", request, answers: answers))]))
    }

    @Test(
        "Mappings of requests that cannot be",
        arguments: [
            (
                "append:header.x", "$request.headers.y",
                "error http-api.parameter.value: '$request.headers.y' is no value of a parameter mapping: unknown part of the request 'headers'; did you mean 'header'?"
            ),
            (
                "append:header.x", "$response.body",
                "error http-api.parameter.value: '$response.body' is no value of a parameter mapping: '$response' is not available before the backend has answered"
            ),
            (
                "header.x", "y",
                "error http-api.parameter.key: 'header.x' is no key of a parameter mapping: 'header.x' does not say what to do; expected 'append:', 'overwrite:' or 'remove:' before it"
            ),
            (
                "overwrite:statuscode", "200",
                "error http-api.parameter.key: 'overwrite:statuscode' is no key of a parameter mapping: unknown destination 'statuscode'; expected one of header, querystring, path"
            ),
            (
                "append:header.x", "a-$request.path",
                "warning http-api.parameter.text: this is plain text: a source within a text stands in braces, as '${request.path}' does"
            ),
            (
                "append:header.x", "$request.path.ids",
                "warning http-api.parameter.source: the path of the route has no variable 'ids'; did you mean 'id'?"
            ),
            (
                "append:header.x", "$context.requestID",
                "warning http-api.parameter.source: '$context.requestID' does not exist; did you mean 'requestId'?"
            ),
            (
                "append:header.x", "${stageVariables.backnd}",
                "warning http-api.parameter.source: no stage has the variable 'backnd'; did you mean 'backend'?"
            ),
        ] as [(String, String, String)])
    func requests(key: String, value: String, message: String) {
        let said = Self.mapped([(key, value)])
        #expect(said.contains(message), "\(said)")
    }

    @Test(
        "Headers of API Gateway's own cannot be mapped",
        arguments: [
            "access-control-allow-origin", "apigw-requestid", "Authorization", "Connection", "Content-Encoding",
            "Content-Length", "Content-Location", "Forwarded", "Keep-Alive", "Origin", "Proxy-Authenticate",
            "Proxy-Authorization", "TE", "Trailers", "Transfer-Encoding", "Upgrade", "x-amz-date", "X-Amzn-Trace-Id",
            "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via",
        ])
    func reserved(name: String) {
        let message = "error http-api.parameter.reserved: header '\(name)' is reserved and cannot be mapped"
        for operation in ["append", "overwrite", "remove"] {
            #expect(Self.mapped([("\(operation):header.\(name)", "x")]).contains(message))
            #expect(Self.mapped([], [("200", [("\(operation):header.\(name)", "x")])]).contains(message))
        }
    }

    @Test("Host, and names that only look like reserved ones, can be mapped")
    func free() {
        for name in ["Host", "x-amazon-x", "viaduct", "accept", "x-forwarded-port"] {
            #expect(Self.mapped([("overwrite:header.\(name)", "x")]) == [])
        }
    }

    @Test(
        "Mappings of answers that cannot be",
        arguments: [
            (
                "abc", "append:header.x", "y",
                "error http-api.parameter.status: 'abc' is no status of an answer; expected 200 to 599"
            ),
            (
                "100", "append:header.x", "y",
                "error http-api.parameter.status: '100' is no status of an answer; expected 200 to 599"
            ),
            (
                "200", "overwrite:statuscode", "9",
                "error http-api.parameter.status: '9' is no status; expected 200 to 599"
            ),
            (
                "200", "append:querystring.x", "y",
                "error http-api.parameter.key: 'append:querystring.x' is no key of a parameter mapping: unknown destination 'querystring'; expected one of header, statuscode"
            ),
            (
                "200", "append:header.x", "$request.path",
                "error http-api.parameter.value: '$request.path' is no value of a parameter mapping: '$request' is not available to a response"
            ),
        ])
    func answers(status: String, key: String, value: String, message: String) {
        let said = Self.mapped([], [(status, [(key, value)])])
        #expect(said.contains(message), "\(said)")
    }

    @Test("Mappings of requests to functions change nothing, and it is said")
    func functions() {
        let said = RouteSpec.diagnostics(
            RouteSpec.api(
                root: LambdaSpec.hosted,
                [SpecOperation("GET /x", RouteSpec.function([("append:header.x", "y")]))]))
        #expect(
            said.contains(
                "warning http-api.parameter.ignored: 'requestParameters' of a function's integration change nothing: the event is of the request as it came"
            ), "\(said)")
    }

    private static func service(
        _ subtype: String, _ parameters: [(String, String)], credentials: String? = "arn:aws:iam::123456789012:role/r"
    ) -> [String] {
        RouteSpec.diagnostics(
            RouteSpec.api(
                root:
                    "x-portico-identities: {r: {arn: 'arn:aws:iam::123456789012:role/r', accessKeyId: '${env.A}', secretAccessKey: '${env.B}'}}",
                [SpecOperation("POST /x", RouteSpec.service(subtype, parameters, credentials: credentials))]))
    }

    @Test(
        "Service integrations that cannot be",
        arguments: [
            (
                "SQS-SendMesage", [("QueueUrl", "q"), ("MessageBody", "m")],
                "error http-api.service.subtype: 'SQS-SendMesage' is no service integration; did you mean 'SQS-SendMessage'?"
            ),
            (
                "SQS-SendMessage", [("QueueUrl", "q")],
                "error http-api.service.incomplete: 'SQS-SendMessage' needs the request parameter 'MessageBody'"
            ),
            (
                "SQS-SendMessage", [("QueueURL", "q"), ("MessageBody", "m")],
                "error http-api.service.parameter: 'SQS-SendMessage' has no parameter 'QueueURL'; did you mean 'QueueUrl'?"
            ),
            (
                "SQS-PurgeQueue", [("QueueUrl", "q"), ("append:header.x", "y")],
                "error http-api.service.parameter: 'append:header.x' has no effect on a service: the request parameters of 'SQS-PurgeQueue' are those of the action"
            ),
            (
                "SQS-PurgeQueue", [("QueueUrl", "$request.headr.q")],
                "error http-api.parameter.value: '$request.headr.q' is no value of a parameter mapping: unknown part of the request 'headr'; did you mean 'header'?"
            ),
            (
                "SQS-PurgeQueue", [("QueueUrl", "q"), ("Region", "$request.header.r")],
                "error http-api.service.region: the region of a call cannot be taken from a request: '$request.header.r'"
            ),
        ] as [(String, [(String, String)], String)])
    func services(subtype: String, parameters: [(String, String)], message: String) {
        let said = Self.service(subtype, parameters)
        #expect(said.contains(message), "\(said)")
    }

    @Test("Every required parameter, and the role, are asked for")
    func required() {
        for action in ServiceAction.all {
            let said = Self.service(action.name, [], credentials: nil)
            let names = action.parameters.filter(\.isRequired).map(\.name)
            #expect(
                said.filter { $0.contains("needs the request parameter") }
                    == names.map {
                        "error http-api.service.incomplete: '\(action.name)' needs the request parameter '\($0)'"
                    })
            #expect(said.contains { $0.contains("'\(action.name)' needs 'credentials'") })
            #expect(Self.service(action.name, names.map { ($0, "v") }) == [])
        }
    }
}
