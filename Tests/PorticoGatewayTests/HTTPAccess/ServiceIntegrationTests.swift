import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Calls of AWS services without a function, as the services see them. Source: reference, 1.2.
@Suite("Service integrations of HTTP APIs")
struct ServiceIntegrationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var subtype: String
        var parameters: [(String, String)]
        var body = ""
        /// What the service is to see.
        var sent: String
        var headers: [(String, String?)] = []
        var sentBody: String
        var scope: String
        var testDescription: String { subtype }
    }

    private static let form = "application/x-www-form-urlencoded; charset=utf-8"

    static let rows: [Row] = [
        Row(
            subtype: "SQS-SendMessage",
            parameters: [
                ("QueueUrl", "$request.header.queueUrl"), ("MessageBody", "$request.body.message"),
                ("DelaySeconds", "5"), ("MessageGroupId", "${request.querystring.g}!"),
                ("MessageDeduplicationId", "$request.header.nope"),
                (
                    "MessageAttributes",
                    #"{"a":{"DataType":"String","StringValue":"x&y"},"b c":{"DataType":"Number","StringValue":"1"}}"#
                ),
                ("MessageSystemAttributes", #"{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=1"}}"#),
            ], body: #"{"message":"hi ü"}"#, sent: "POST /",
            headers: [("Content-Type", form), ("X-Amz-Target", nil), ("X-Client", nil)],
            sentBody:
                "Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Fsqs%2Fq&MessageBody=hi%20%C3%BC&DelaySeconds=5"
                + "&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=x%26y"
                + "&MessageAttribute.2.Name=b%20c&MessageAttribute.2.Value.DataType=Number&MessageAttribute.2.Value.StringValue=1"
                + "&MessageGroupId=grp%21&MessageSystemAttribute.1.Name=AWSTraceHeader&MessageSystemAttribute.1.Value.DataType=String"
                + "&MessageSystemAttribute.1.Value.StringValue=Root%3D1", scope: "us-east-1/sqs"),
        Row(
            subtype: "SQS-ReceiveMessage",
            parameters: [
                ("WaitTimeSeconds", "1"), ("QueueUrl", "q"), ("AttributeNames", "All , SentTimestamp,"),
                ("MessageAttributeNames", #"["a.*","b"]"#), ("MaxNumberOfMessages", "3"), ("VisibilityTimeout", "4"),
                ("ReceiveRequestAttemptId", "r"),
            ], sent: "POST /",
            sentBody:
                "Action=ReceiveMessage&Version=2012-11-05&QueueUrl=q&AttributeName.1=All&AttributeName.2=SentTimestamp"
                + "&MaxNumberOfMessages=3&MessageAttributeName.1=a.%2A&MessageAttributeName.2=b&ReceiveRequestAttemptId=r"
                + "&VisibilityTimeout=4&WaitTimeSeconds=1", scope: "us-east-1/sqs"),
        Row(
            subtype: "SQS-DeleteMessage", parameters: [("QueueUrl", "q"), ("ReceiptHandle", "a+/=")], sent: "POST /",
            sentBody: "Action=DeleteMessage&Version=2012-11-05&ReceiptHandle=a%2B%2F%3D&QueueUrl=q",
            scope: "us-east-1/sqs"),
        Row(
            subtype: "SQS-PurgeQueue", parameters: [("QueueUrl", "q")], sent: "POST /",
            sentBody: "Action=PurgeQueue&Version=2012-11-05&QueueUrl=q", scope: "us-east-1/sqs"),
        Row(
            subtype: "EventBridge-PutEvents",
            parameters: [
                ("Source", "shop"), ("Detail", "$request.body"), ("DetailType", "order"),
                ("Time", "2026-11-29T12:00:00Z"), ("Resources", #"["arn:a","arn:b"]"#), ("EventBusName", "bus"),
                ("TraceHeader", "$request.header.nope"),
            ], body: #"{"a":"b"}"#, sent: "POST /",
            headers: [("X-Amz-Target", "AWSEvents.PutEvents"), ("Content-Type", "application/x-amz-json-1.1")],
            sentBody:
                #"{"Entries":[{"Detail":"{\"a\":\"b\"}","DetailType":"order","Source":"shop","Time":1795953600,"EventBusName":"bus","Resources":["arn:a","arn:b"]}]}"#,
            scope: "us-east-1/events"),
        Row(
            subtype: "Kinesis-PutRecord",
            parameters: [
                ("Region", "eu-west-1"), ("StreamName", "s"), ("Data", "$request.body.d"), ("PartitionKey", "p"),
                ("ExplicitHashKey", "1"), ("SequenceNumberForOrdering", "2"),
            ], body: #"{"d":"aGk="}"#, sent: "POST /",
            headers: [("X-Amz-Target", "Kinesis_20131202.PutRecord"), ("Content-Type", "application/x-amz-json-1.1")],
            sentBody:
                #"{"StreamName":"s","Data":"aGk=","PartitionKey":"p","SequenceNumberForOrdering":"2","ExplicitHashKey":"1"}"#,
            scope: "eu-west-1/kinesis"),
        Row(
            subtype: "StepFunctions-StartExecution",
            parameters: [
                ("Region", "$stageVariables.region"), ("StateMachineArn", "arn:m"), ("Name", "n"),
                ("Input", "$request.body"),
            ], body: #"{"a":1}"#, sent: "POST /",
            headers: [
                ("X-Amz-Target", "AWSStepFunctions.StartExecution"), ("Content-Type", "application/x-amz-json-1.0"),
            ], sentBody: #"{"stateMachineArn":"arn:m","name":"n","input":"{\"a\":1}"}"#, scope: "eu-north-1/states"),
        Row(
            subtype: "StepFunctions-StartSyncExecution",
            parameters: [("StateMachineArn", "arn:m"), ("Input", "{}"), ("TraceHeader", "Root=1")], sent: "POST /",
            headers: [("X-Amz-Target", "AWSStepFunctions.StartSyncExecution")],
            sentBody: #"{"stateMachineArn":"arn:m","input":"{}","traceHeader":"Root=1"}"#, scope: "us-east-1/states"),
        Row(
            subtype: "StepFunctions-StopExecution",
            parameters: [("ExecutionArn", "arn:e"), ("Cause", "c \"q\""), ("Error", "E")], sent: "POST /",
            headers: [("X-Amz-Target", "AWSStepFunctions.StopExecution")],
            sentBody: #"{"executionArn":"arn:e","cause":"c \"q\"","error":"E"}"#, scope: "us-east-1/states"),
        Row(
            subtype: "AppConfig-GetConfiguration",
            parameters: [
                ("Application", "$request.header.app"), ("Environment", "prod"), ("Configuration", "c"),
                ("ClientId", "${context.apiId}?"), ("ClientConfigurationVersion", "7"),
            ],
            sent:
                "GET /applications/my%20app%2F1/environments/prod/configurations/c?client_id=API%3F&client_configuration_version=7",
            headers: [("Content-Type", nil), ("Content-Length", nil)], sentBody: "", scope: "us-east-1/appconfig"),
    ]

    @Test("a call is what the service's protocol wants, signed, and its answer comes back", arguments: rows)
    func call(_ row: Row) async throws {
        let service = try Backend(
            .respond(status: 201, headers: [("Content-Type", "text/xml"), ("X-Amzn-RequestId", "id")], body: "<ok/>"))
        defer { service.stop() }
        let spec = RouteSpec.api(
            root: "x-portico-stages: {$default: {variables: {region: eu-north-1}}}",
            [SpecOperation("POST /x", RouteSpec.service(row.subtype, row.parameters))])
        let environment = AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"])
        let gateway = try await TestGateway(spec) { $0.environment = environment }
        let answer = try gateway.request(
            "POST", "/x?g=grp",
            headers: [
                ("queueurl", "http://sqs/q"), ("app", "my app/1"), ("X-Client", "stays"),
                ("Content-Type", "application/json"),
            ], body: row.body)
        await gateway.stop()
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.text == "<ok/>" && answer["content-type"] == "text/xml")
        let request = try #require(service.requests.first)
        let apiID = try TestGateway.compile(spec).apiID
        #expect("\(request.method) \(request.path)" == row.sent.replacing("API", with: apiID))
        #expect(request.body == row.sentBody)
        #expect(request["Host"] == service.authority)
        for (name, value) in row.headers { #expect(request[name] == value, "\(name)") }
        let problem = SignatureCheck.problem(
            request, secret: AWSTesting.secret, accessKeyID: AWSTesting.accessKeyID, scope: row.scope)
        #expect(problem == nil)
    }

    @Test("every service integration of the table has a row above")
    func complete() {
        #expect(Set(Self.rows.map(\.subtype)) == Set(ServiceAction.all.map(\.name)))
    }

    @Test("without an address that is given, calls go to AWS")
    func addresses() throws {
        let hosts: [(String, [(String, String)], String)] = [
            ("SQS-PurgeQueue", [("QueueUrl", "q")], "sqs.us-east-1.amazonaws.com"),
            ("SQS-PurgeQueue", [("QueueUrl", "q"), ("Region", "cn-north-1")], "sqs.cn-north-1.amazonaws.com"),
            (
                "StepFunctions-StartSyncExecution", [("StateMachineArn", "m")],
                "sync-states.us-east-1.amazonaws.com"
            ),
            ("StepFunctions-StartExecution", [("StateMachineArn", "m")], "states.us-east-1.amazonaws.com"),
        ]
        for (subtype, parameters, host) in hosts {
            let snapshot = try TestGateway.compile(
                RouteSpec.api([SpecOperation("POST /x", RouteSpec.service(subtype, parameters))]))
            let stage = StageProgram(snapshot, stage: snapshot.stages[0])
            guard case .service(let call) = stage.methods[0].integration.backend else {
                Issue.record("no call of \(subtype)")
                continue
            }
            #expect(call.address.target.host == host)
            #expect(call.address.target.isTLS)
        }
    }

    @Test("a required parameter without a value is 400 without a call")
    func missing() async throws {
        let service = try Backend(.respond(status: 200, headers: [], body: ""))
        defer { service.stop() }
        let spec = RouteSpec.api([
            SpecOperation(
                "POST /x",
                RouteSpec.service("SQS-SendMessage", [("QueueUrl", "q"), ("MessageBody", "$request.body.m")])),
            SpecOperation(
                "POST /a",
                RouteSpec.service(
                    "SQS-SendMessage",
                    [("QueueUrl", "q"), ("MessageBody", "m"), ("MessageAttributes", "$request.body.m")])),
        ])
        let environment = AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"])
        let gateway = try await TestGateway(spec) { $0.environment = environment }
        for (path, body) in [
            ("/x", ""), ("/x", "{}"), ("/x", #"{"m":""}"#), ("/a", #"{"m":"no JSON"}"#), ("/a", #"{"m":[1]}"#),
            ("/a", #"{"m":{"x":1}}"#),
        ] {
            let answer = try gateway.request("POST", path, body: body)
            #expect(answer.status == 400, "\(path) \(body)")
            #expect(answer.text == #"{"message":"Bad Request"}"#)
        }
        #expect(service.requests.isEmpty)
        #expect(try gateway.request("POST", "/a", body: "{}").status == 200)
        await gateway.stop()
    }

    @Test("what a service refuses comes back, and mappings change it")
    func refused() async throws {
        let service = try Backend(
            .respond(status: 400, headers: [("Content-Type", "application/json")], body: #"{"__type":"NoSuchQueue"}"#))
        defer { service.stop() }
        let spec = RouteSpec.api([
            SpecOperation("POST /x", RouteSpec.service("SQS-PurgeQueue", [("QueueUrl", "q")])),
            SpecOperation(
                "POST /y",
                RouteSpec.service(
                    "SQS-PurgeQueue", [("QueueUrl", "q")],
                    answers: [
                        ("400", [("overwrite:statuscode", "404"), ("append:header.why", "$response.body.__type")])
                    ])),
        ])
        let environment = AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"])
        let gateway = try await TestGateway(spec) { $0.environment = environment }
        let plain = try gateway.request("POST", "/x")
        #expect(plain.status == 400 && plain.text == #"{"__type":"NoSuchQueue"}"#)
        let mapped = try gateway.request("POST", "/y")
        #expect(mapped.status == 404 && mapped["why"] == "NoSuchQueue")
        service.stop()
        let away = try gateway.request("POST", "/x")
        #expect(away.status == 503 && away.text == #"{"message":"Service Unavailable"}"#)
        await gateway.stop()
    }

    @Test("a compiled file has mappings, services and authorizers as the document has them")
    func compiledFile() throws {
        let uri =
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111111111111:function:A/invocations"
        let token =
            "{type: oauth2, x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.header.A, jwtConfiguration: {issuer: 'https://i', audience: [a, b]}}}"
        let asked =
            "{type: apiKey, name: A, in: header, x-amazon-apigateway-authorizer: {type: request, authorizerUri: '\(uri)', authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true, identitySource: '$request.header.A,$request.querystring.b,$context.routeKey'}}"
        let proxy = RouteSpec.proxy(
            "http://127.0.0.1:9000/",
            [
                ("append:header.a", "${request.header.x}/${request.body.a.b}"), ("overwrite:path", "$request.path"),
                ("remove:querystring.q", "''"), ("append:header.b", "$request.path.id"),
                ("append:header.c", "$request.body"),
            ],
            answers: [
                (
                    "500",
                    [
                        ("overwrite:statuscode", "503"), ("append:header.w", "$response.body.m"),
                        ("append:header.v", "${response.header.v}${response.body}"),
                    ]
                )
            ])
        let snapshot = try TestGateway.compile(
            RouteSpec.api(
                root: "x-portico-stages: {$default: {variables: {region: eu-north-1}}}\n"
                    + "components: {securitySchemes: {J: \(token), A: \(asked)}}",
                [
                    SpecOperation("GET /x/{id}", proxy, "security: [{J: [s]}]"),
                    SpecOperation(
                        "POST /x/{id}",
                        RouteSpec.service(
                            "SQS-SendMessage",
                            [("QueueUrl", "q"), ("MessageBody", "$request.body"), ("Region", "$stageVariables.region")]),
                        "security: [{A: []}]"),
                ]))
        let bytes = snapshot.encoded()
        let again = try DeploymentSnapshot.decode(bytes)
        #expect(again.encoded() == bytes)
        #expect(again.dump() == snapshot.dump())
        for line in [
            "request: overwrite path = request.path", "answer 500: overwrite statusCode = '503'",
            "service: SQS-SendMessage in stageVariables.region", "parameter MessageBody = request.body",
            "JWT authorizer 'J', issuer https://i for a b, scopes s",
            "REQUEST authorizer 'A', format 2.0 with simple responses",
        ] { #expect(again.dump().contains(line), "\(line)") }
    }

    @Test("without credentials calls are 500")
    func noCredentials() async throws {
        let spec = RouteSpec.api([SpecOperation("POST /x", RouteSpec.service("SQS-PurgeQueue", [("QueueUrl", "q")]))])
        let gateway = try await TestGateway(spec) { $0.environment = ["AWS_EC2_METADATA_DISABLED": "true"] }
        let answer = try gateway.request("POST", "/x")
        await gateway.stop()
        #expect(answer.status == 500 && answer.text == #"{"message":"Internal Server Error"}"#)
    }
}
