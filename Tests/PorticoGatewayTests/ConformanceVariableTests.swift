import PorticoTestSupport
import Testing

/// Source: reference, `$input` (6.4), `$stageVariables` (6.6) and `$context` (6.7) as a request fills them.
@Suite("Conformance: variables of templates")
struct ConformanceVariableTests {
    private static let absent = [
        "authorizer.claims.sub", "authorizer.claims", "authorizer.principalId", "authorizer.anything",
        "awsEndpointRequestId", "error.message", "error.messageString", "error.responseType",
        "error.validationErrorString", "identity.accountId", "identity.apiKey", "identity.apiKeyId", "identity.caller",
        "identity.cognitoAuthenticationProvider", "identity.cognitoAuthenticationType", "identity.cognitoIdentityId",
        "identity.cognitoIdentityPoolId", "identity.principalOrgId", "identity.clientCert.clientCertPem",
        "identity.clientCert.subjectDN", "identity.clientCert.issuerDN", "identity.clientCert.serialNumber",
        "identity.clientCert.validity.notBefore", "identity.clientCert.validity.notAfter", "identity.vpcId",
        "identity.vpceId", "identity.user", "identity.userArn", "isCanaryRequest", "wafResponseCode", "webaclArn",
        "requestOverride", "responseOverride", "identity", "authorizer", "no.such.name",
    ]

    @Test("Variables of a request are there, all others and all maps print nothing")
    func context() async throws {
        let api = spec([
            shows("GET /absent", Self.absent.map { "<$context.\($0)>" }.joined()),
            shows(
                "GET /there/{id}",
                "$context.resourcePath $context.httpMethod $context.path $context.stage $context.protocol "
                    + "$context.identity.sourceIp $context.identity.userAgent"),
            shows(
                "GET /host", "$context.domainName $context.domainPrefix $context.apiId $context.accountId"),
            shows("GET /time", "$context.requestTime|$context.requestTimeEpoch"),
            shows(
                "GET /ids", "$context.requestId|$context.extendedRequestId|$context.resourceId|$context.deploymentId"),
            shows(
                "GET /keys",
                "$context.keySet()|$context.identity.keySet()|$context.requestOverride.keySet()"
                    + "|$context.responseOverride.keySet()"),
            shows(
                "GET /each",
                "#foreach($k in $context.identity.keySet())$k=$context.identity.get($k);#end"),
            shows("GET /forms", "${context.stage}|$context['stage']|$context.get('stage')|$!context.nothing|"),
        ])
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "6.7", "absent", "GET /dev/absent", 200, String(repeating: "<>", count: Self.absent.count)),
                    ConformanceRow(
                        "6.7", "there", "GET /dev/there/7/?q=1", headers: [("User-Agent", "agent/1")], 200,
                        "/there/{id} GET /dev/there/7/ dev HTTP/1.1 127.0.0.1 agent/1"),
                    ConformanceRow(
                        "6.7", "the recorded order of keys", "GET /dev/keys", 200,
                        "[resourceId, resourcePath, httpMethod, extendedRequestId, requestTime, path, accountId, "
                            + "protocol, requestOverride, stage, domainPrefix, requestTimeEpoch, requestId, identity, "
                            + "domainName, deploymentId, responseOverride, apiId]"
                            + "|[cognitoIdentityPoolId, accountId, cognitoIdentityId, caller, sourceIp, principalOrgId, "
                            + "accessKey, cognitoAuthenticationType, cognitoAuthenticationProvider, userArn, userAgent, "
                            + "user]|[path, header, querystring]|[header]"),
                    ConformanceRow(
                        "6.7", "the keys of a map that prints nothing", "GET /dev/each", 200,
                        "cognitoIdentityPoolId=;accountId=;cognitoIdentityId=;caller=;sourceIp=127.0.0.1;"
                            + "principalOrgId=;accessKey=;cognitoAuthenticationType=;cognitoAuthenticationProvider=;"
                            + "userArn=;userAgent=;user=;"),
                    ConformanceRow("6.7", "ways to write it", "GET /dev/forms", 200, "dev|dev|dev||"),
                ], on: gateway)
            let host = try gateway.request("GET", "/dev/host").text.split(separator: " ").map(String.init)
            #expect(host.count == 4 && host[0].hasPrefix(host[1] + ".") && host[1] == host[2])
            let time = try gateway.request("GET", "/dev/time").text.split(separator: "|").map(String.init)
            // dd/MMM/yyyy:HH:mm:ss +0000
            #expect(time.first?.utf8.count == 26 && time.first?.hasSuffix(" +0000") == true, "rule 6.7: \(time)")
            #expect(time.last.map { $0.utf8.count == 13 && Int($0) != nil } == true, "rule 6.7: \(time)")
            let answer = try gateway.request("GET", "/dev/ids")
            let ids = answer.text.split(separator: "|").map(String.init)
            #expect(ids.count == 4)
            #expect(ids.first == answer["x-amzn-RequestId"])
            #expect(ids.dropFirst().first == answer["x-amz-apigw-id"])
        }
    }

    @Test("$input.params looks into path, query, header, in this order and case-sensitively")
    func parameters() async throws {
        let api = spec([
            shows("GET /order/{x}", "$input.params('x')|$input.params('y')|$input.params('z')|$input.params('none')"),
            shows("GET /absent", "#if($input.params('none') == '')empty#end#if($input.params('none'))there#end"),
            shows("GET /keys", "$input.params().keySet()|$input.params().path|$input.params().querystring"),
            shows(
                "GET /one",
                "$input.params().querystring.q|$input.params().querystring.get('q')|$input.params().header.H"),
            shows(
                "GET /each/{p}",
                "#foreach($t in $input.params().keySet())$t:#foreach($n in $input.params().get($t).keySet())"
                    + "#if($n != 'Host')$n=$input.params().get($t).get($n)#end#end;#end"),
            shows("GET /computed", "#set($n = 'q')$input.params($n)|$input.params(\"$n\")"),
        ])
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "6.4", "order", "GET /dev/order/path?x=query&y=query",
                        headers: [("x", "header"), ("y", "header"), ("z", "header")], 200, "path|query|header|"),
                    ConformanceRow(
                        "6.4", "header names are case-sensitive", "GET /dev/order/path", headers: [("Z", "header")],
                        200,
                        "path|||"),
                    ConformanceRow("6.4", "an absent one is an empty text", "GET /dev/absent", 200, "emptythere"),
                    ConformanceRow(
                        "6.4", "the maps", "GET /dev/keys?a=1&b=2&a=3", 200,
                        "[path, querystring, header]|{}|{a=3, b=2}"),
                    ConformanceRow(
                        "6.4", "the last value", "GET /dev/one?q=1&q=2", headers: [("H", "a"), ("H", "b")], 200, "2|2|b"
                    ),
                    ConformanceRow(
                        "6.4", "all of them", "GET /dev/each/1?q=2", headers: [("H", "3")], 200,
                        "path:p=1;querystring:q=2;header:H=3;"),
                    ConformanceRow("6.4", "a computed name", "GET /dev/computed?q=1", 200, "1|1"),
                ], on: gateway)
        }
    }

    @Test("$input reads the body of the request, in a response template that of the backend")
    func bodies() async throws {
        let backend = try Backend()
        let template =
            "$input.body|$input.json('$')|$input.path('$').a|$input.json('$.a')|$input.body.a|$input.path('$.none')"
            + "|$input.json('$.none')|$input.params('q')"
        let api = spec([
            SpecOperation(
                "POST /request",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/in",
                    "requestTemplates: {application/json: \(quoted(template))}")),
            SpecOperation(
                "POST /response",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/in",
                    responses: "{default: \(response(200, template))}")),
        ])
        let cases: [(body: String, text: String)] = [
            (#"{"a": [1]}"#, #"{"a": [1]}|{"a":[1]}|[1]|[1]|||""|Q"#), ("", #"{}|{}||""|||""|Q"#),
            ("text", #"text|""||""|||""|Q"#),
            (#"{"a": "s"}"#, #"{"a": "s"}|{"a":"s"}|s|"s"|||""|Q"#),
        ]
        let rows = cases.flatMap { entry in
            [
                ConformanceRow(
                    "6.4", "request: \(entry.body)", "POST /dev/request?q=Q",
                    headers: [("Content-Type", "application/json")], body: entry.body, 200,
                    sent: SentRequest(body: entry.text)),
                ConformanceRow(
                    "6.4", "response: \(entry.body)", "POST /dev/response?q=Q", body: "{\"a\": \"client\"}",
                    reply: .respond(status: 200, headers: [], body: entry.body), 200, entry.text),
            ]
        }
        try await withGateway(api) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("Stage variables are read in each form, absent ones print nothing")
    func stageVariables() async throws {
        let api = spec(
            root: "x-portico-stages: {dev: {variables: {one: 'a-._~:/?#&=,b', two: '2'}}}",
            [
                shows(
                    "GET /v",
                    "$stageVariables.one|${stageVariables.two}|$stageVariables['two']|$stageVariables.get('two')"
                        + "|$stageVariables.none|${stageVariables.none}|#if($stageVariables.none)true#end")
            ])
        try await withGateway(api) { gateway in
            check(
                [ConformanceRow("6.6", "all forms", "GET /dev/v", 200, "a-._~:/?#&=,b|2|2|2|||true")], on: gateway)
        }
    }
}

/// A mock that answers with what the template prints.
private func shows(_ line: String, _ template: String) -> SpecOperation { SpecOperation(line, mock(template)) }
