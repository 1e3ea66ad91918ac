import PorticoSyntax
import PorticoTestSupport
import Testing

/// The example of an HTTP API with authorizers and a queue, and the services of moto behind service integrations.
extension BackendExampleTests {
    /// A copy of the examples, because the token's key is kept beside them.
    private func copyOfExamples() throws -> (folder: TemporaryFolder, token: String) {
        let folder = try TemporaryFolder()
        let copy = try ChildProcess(
            "/bin/sh",
            [
                "-c",
                "cd '\(folder.path)' && mkdir specs && cd '\(GoldenFile.packageRoot)/specs' && cp -r access http-access http-access.yaml '\(folder.path)/specs'",
            ])
        #expect(try copy.wait() == 0, "\(copy.errors)")
        let make = try ChildProcess(
            "/bin/sh", ["-c", "cd '\(folder.path)' && python3 specs/access/make_token.py"])
        #expect(try make.wait() == 0, "\(make.errors)")
        return (folder, String(make.output.split(separator: "\n").first ?? ""))
    }

    @Test("a token, a doorman and a queue without a function: the example of HTTP APIs with callers")
    func httpAccess() throws {
        try moto.makeExampleResources()
        let (folder, token) = try copyOfExamples()
        let server = try ServingPortico(
            arguments: [
                "serve", "specs/http-access.yaml", "--no-watch", "--endpoint", "sqs=\(moto.url)",
            ], environment: moto.environment, in: folder.path)
        func get(_ path: String, _ headers: [(String, String)] = []) throws -> RawResponse {
            try HTTP.request("GET", path, port: server.port, headers: headers)
        }
        try Deadline(after: .seconds(300)).wait(for: "the functions; they said: \(server.process.errors)") {
            try get("/guarded", [("X-User", "guest")]).status == 200
        }
        let me = try get("/me", [("Authorization", "Bearer \(token)")])
        #expect(me.status == 200, "\(me.text) \(server.process.errors)")
        let jwt = try #require(JSONValue(parsing: me.text)?["jwt"])
        #expect(jwt["claims"]?["sub"] == .string("ada") && jwt["scopes"] == .null)
        let nobody = try get("/me")
        #expect(nobody.status == 401 && nobody["www-authenticate"] == "Bearer")
        #expect(nobody.text == #"{"message":"Unauthorized"}"#)

        let guest = try get("/guarded", [("X-User", "guest")])
        #expect(JSONValue(parsing: guest.text) == JSONValue(parsing: #"{"lambda":{"user":"guest","mayWrite":false}}"#))
        let stranger = try get("/guarded", [("X-User", "stranger")])
        #expect(stranger.status == 403 && stranger.text == #"{"message":"Forbidden"}"#)
        #expect(try get("/guarded").status == 401)

        let event = #"{"kind": "click", "note": "50% & it's ünder =+ ok"}"#
        let sent = try HTTP.request(
            "POST", "/events", port: server.port, headers: [("X-User", "guest"), ("Content-Type", "application/json")],
            body: event)
        #expect(sent.status == 202, "\(sent.text) \(server.process.errors)")
        #expect(sent["request-id"] == sent["apigw-requestid"])
        #expect(sent.text.contains("<MessageId>"))
        let message = try moto.boto(
            """
            sqs = boto3.client('sqs')
            url = sqs.get_queue_url(QueueName='events')['QueueUrl']
            say(sqs.receive_message(QueueUrl=url, MessageAttributeNames=['All'])['Messages'][0])
            """)
        #expect(message["Body"] == .string(event))
        #expect(message["MessageAttributes"]?["kind"]?["StringValue"] == .string("click"))
    }

    /// An HTTP API of service integrations, all of them called by `POST /NAME` with a JSON body.
    private func services(_ integrations: [(name: String, lines: String)]) throws -> ServingPortico {
        let folder = try TemporaryFolder()
        var text = """
            openapi: 3.0.1
            info: {title: services, version: "1"}
            x-portico-protocol: HTTP
            paths:

            """
        for integration in integrations {
            text += """
                  /\(integration.name):
                    post:
                      responses: {"200": {description: o}}
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        payloadFormatVersion: "1.0"
                        credentials: arn:aws:iam::123456789012:role/r

                """
            for line in integration.lines.split(separator: "\n") { text += "        \(line)\n" }
        }
        let spec = try folder.write("api.yaml", text)
        return try ServingPortico(
            arguments: ["serve", spec, "--no-watch"], environment: moto.environment)
    }

    private func call(_ name: String, _ body: String, _ server: ServingPortico) throws -> RawResponse {
        try HTTP.request(
            "POST", "/\(name)", port: server.port, headers: [("Content-Type", "application/json")], body: body)
    }

    @Test("a queue is filled, read, emptied by receipt and purged through service integrations")
    func sqsSubtypes() throws {
        try moto.makeExampleResources()
        let url = try moto.boto("say(boto3.client('sqs').get_queue_url(QueueName='events')['QueueUrl'])")
        guard case .string(let queue) = url else {
            Issue.record("no queue: \(url)")
            return
        }
        let server = try services([
            (
                "send",
                """
                integrationSubtype: SQS-SendMessage
                requestParameters: {QueueUrl: '\(queue)', MessageBody: $request.body.text, DelaySeconds: 0, MessageAttributes: '{"a": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "String", "StringValue": "${request.body.b}"}}'}
                """
            ),
            (
                "receive",
                """
                integrationSubtype: SQS-ReceiveMessage
                requestParameters: {QueueUrl: '\(queue)', MaxNumberOfMessages: 2, AttributeNames: 'All', MessageAttributeNames: '["a", "b"]', VisibilityTimeout: $request.body.visibility}
                """
            ),
            (
                "delete",
                """
                integrationSubtype: SQS-DeleteMessage
                requestParameters: {QueueUrl: '\(queue)', ReceiptHandle: $request.body.receipt}
                """
            ),
            ("purge", "integrationSubtype: SQS-PurgeQueue\nrequestParameters: {QueueUrl: '\(queue)'}"),
        ])
        let sent = try call("send", #"{"text": "ünder & <over>", "b": "x=y"}"#, server)
        #expect(sent.status == 200, "\(sent.text) \(server.process.errors)")
        let received = try call("receive", #"{"visibility": 30}"#, server)
        #expect(received.status == 200, "\(received.text)")
        #expect(received.text.contains("ünder &amp; &lt;over&gt;"))
        #expect(received.text.contains("<Name>b</Name>") && received.text.contains("x=y"))
        #expect(received.text.contains("SentTimestamp"))
        let parts = received.text.split(separator: "ReceiptHandle>")
        let receipt = String(parts.count > 1 ? parts[1].prefix { $0 != "<" } : "")
        #expect(!receipt.isEmpty)
        let deleted = try call("delete", #"{"receipt": "\#(receipt)"}"#, server)
        #expect(deleted.status == 200, "\(deleted.text)")
        let count = """
            q = boto3.resource('sqs').Queue('\(queue)')
            say(q.attributes['ApproximateNumberOfMessages'] + q.attributes['ApproximateNumberOfMessagesNotVisible'])
            """
        #expect(try moto.boto(count) == .string("00"))
        #expect(try call("send", #"{"text": "t", "b": "c"}"#, server).status == 200)
        #expect(try moto.boto(count) == .string("10"))
        #expect(try call("purge", "", server).status == 200)
        #expect(try moto.boto(count) == .string("00"))
        // What the service refuses comes back as it says it; what it needs and has no value, the gateway refuses.
        let refused = try call("delete", #"{"receipt": "none"}"#, server)
        #expect((400..<500).contains(refused.status) && refused.text.contains("<Code>"), "\(refused.text)")
        let missing = try call("delete", "{}", server)
        #expect(missing.status == 400 && missing.text == #"{"message":"Bad Request"}"#)
    }

    @Test("a record, an event and executions are made through service integrations")
    func jsonSubtypes() throws {
        try moto.makeExampleResources()
        _ = try moto.boto(
            """
            boto3.client('kinesis').create_stream(StreamName='s', ShardCount=1)
            sqs = boto3.client('sqs')
            events = boto3.client('events')
            events.put_rule(Name='r', EventPattern=json.dumps({'source': ['shop']}))
            events.put_targets(Rule='r', Targets=[{'Id': '1', 'Arn': 'arn:aws:sqs:us-east-1:123456789012:events'}])
            say(1)
            """)
        let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
        let server = try services([
            (
                "record",
                """
                integrationSubtype: Kinesis-PutRecord
                requestParameters: {StreamName: s, Data: $request.body.data, PartitionKey: "${request.body.key}-1"}
                """
            ),
            (
                "event",
                """
                integrationSubtype: EventBridge-PutEvents
                requestParameters: {Detail: $request.body.detail, DetailType: order, Source: shop, Time: '2026-11-29T12:00:00Z', Resources: 'arn:a, arn:b'}
                """
            ),
            (
                "start",
                "integrationSubtype: StepFunctions-StartExecution\nrequestParameters: {StateMachineArn: '\(machine)', Input: $request.body, Name: $request.body.name}"
            ),
            (
                "stop",
                "integrationSubtype: StepFunctions-StopExecution\nrequestParameters: {ExecutionArn: $request.body.arn, Cause: 'by \"hand\"', Error: E}"
            ),
        ])
        let record = try call("record", #"{"data": "J0hlbGxvLCBXb3JsZCEnCg==", "key": "p"}"#, server)
        #expect(record.status == 200, "\(record.text) \(server.process.errors)")
        #expect(JSONValue(parsing: record.text)?["SequenceNumber"] != nil)
        let stored = try moto.boto(
            """
            kinesis = boto3.client('kinesis')
            shard = kinesis.describe_stream(StreamName='s')['StreamDescription']['Shards'][0]['ShardId']
            i = kinesis.get_shard_iterator(StreamName='s', ShardId=shard, ShardIteratorType='TRIM_HORIZON')['ShardIterator']
            r = kinesis.get_records(ShardIterator=i)['Records'][0]
            say([r['Data'].decode(), r['PartitionKey']])
            """)
        #expect(stored == .array([.string("'Hello, World!'\n"), .string("p-1")]))

        let event = try call("event", #"{"detail": {"id": 7, "text": "\"quoted\""}}"#, server)
        #expect(event.status == 200, "\(event.text)")
        #expect(JSONValue(parsing: event.text)?["FailedEntryCount"] == .number("0"))
        let delivered = try moto.boto(
            """
            sqs = boto3.client('sqs')
            url = sqs.get_queue_url(QueueName='events')['QueueUrl']
            say(json.loads(sqs.receive_message(QueueUrl=url)['Messages'][0]['Body']))
            """)
        #expect(delivered["detail"] == JSONValue(parsing: #"{"id": 7, "text": "\"quoted\""}"#))
        #expect(delivered["detail-type"] == .string("order") && delivered["source"] == .string("shop"))

        let order = #"{"name": "first", "item": "tea \"jr\""}"#
        let started = try call("start", order, server)
        #expect(started.status == 200, "\(started.text)")
        guard case .string(let arn) = JSONValue(parsing: started.text)?["executionArn"] else {
            Issue.record("no execution: \(started.text)")
            return
        }
        #expect(arn.hasSuffix(":orders:first"))
        #expect(
            try moto.boto("say(boto3.client('stepfunctions').describe_execution(executionArn='\(arn)')['input'])")
                == .string(order))
        let stopped = try call("stop", #"{"arn": "\#(arn)"}"#, server)
        #expect(stopped.status == 200, "\(stopped.text)")
        let unknown = try call(
            "stop", #"{"arn": "arn:aws:states:us-east-1:123456789012:execution:orders:none"}"#, server)
        #expect(unknown.status == 400)
        #expect(unknown.text.contains("ExecutionDoesNotExist"))
    }
}
