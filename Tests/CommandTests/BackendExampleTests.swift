import PorticoSyntax
import PorticoTestSupport
import Testing

/// The examples that call AWS services, served by the built command and called over sockets. The services are moto's;
/// what the calls did there is read back with boto3.
@Suite("Examples with functions and AWS services", .serialized)
struct BackendExampleTests {
    let moto: MotoServer

    init() throws { moto = try MotoServer.emptied() }

    /// An example that is served with all services at moto.
    private func serve(_ spec: String, _ flags: [String] = []) throws -> ServingPortico {
        let server = try ServingPortico(
            arguments: ["serve", "\(GoldenFile.packageRoot)/specs/\(spec)", "--no-watch"] + flags
                + ["dynamodb", "sqs", "sns", "states", "s3"].flatMap { ["--endpoint", "\($0)=\(moto.url)"] },
            environment: moto.environment)
        if spec == "notes/api.yaml" { try server.waitUntilInstalled("/dev/notes") }
        return server
    }

    private func send(
        _ method: String, _ path: String, _ body: String = "", to server: ServingPortico,
        headers: [(String, String)] = []
    ) throws -> RawResponse {
        let type = body.isEmpty ? [] : [("Content-Type", "application/json")]
        return try HTTP.request(method, "/dev" + path, port: server.port, headers: type + headers, body: body)
    }

    private func json(_ response: RawResponse) throws -> JSONValue {
        guard let value = JSONValue(parsing: response.text) else {
            throw TestSupportError("no JSON: \(response.status) \(response.text)")
        }
        return value
    }

    // MARK: Notes

    @Test(
        "a note is made, read, listed, changed and deleted, and the table has each change",
        arguments: ["notes/api.yaml", "notes-direct.yaml"])
    func notes(spec: String) throws {
        try moto.makeExampleResources()
        let server = try serve(spec)
        // Quotes, an apostrophe and a letter beyond ASCII go through templates and functions unharmed.
        let text = #"say \"hi\", it's a naïve note"#

        let made = try send("POST", "/notes", #"{"author": "ada", "text": "\#(text)"}"#, to: server)
        #expect(made.status == 201, "\(made.text) \(server.process.errors)")
        guard case .string(let id) = try json(made)["id"] else {
            Issue.record("no id: \(made.text)")
            return
        }
        #expect(made["Location"] == "/dev/notes/\(id)")

        let item = try moto.boto(
            "say(boto3.resource('dynamodb').Table('notes').get_item(Key={'id': '\(id)'})['Item'])")
        #expect(item["author"] == .string("ada"))
        #expect(item["text"] == .string(#"say "hi", it's a naïve note"#))

        let read = try send("GET", "/notes/\(id)", to: server)
        #expect(read.status == 200)
        #expect(try json(read)["text"] == item["text"])

        let changed = try send("PUT", "/notes/\(id)", #"{"author": "o'hara", "text": "shorter"}"#, to: server)
        #expect(changed.status == 200, "\(changed.text)")
        #expect(try json(changed)["author"] == .string("o'hara"))

        let ofAuthor = spec == "notes/api.yaml" ? "/notes?author=o%27hara" : "/authors/o%27hara/notes"
        for path in ["/notes", ofAuthor] {
            let list = try json(try send("GET", path, to: server))
            guard case .array(let notes) = list["notes"] else {
                Issue.record("no notes at \(path): \(list)")
                continue
            }
            #expect(notes.map { $0["id"] } == [.string(id)])
            #expect(notes.map { $0["text"] } == [.string("shorter")])
        }

        let deleted = try send("DELETE", "/notes/\(id)", to: server)
        #expect(deleted.status == 204)
        #expect(deleted.body.isEmpty)
        #expect(try moto.boto("say(boto3.resource('dynamodb').Table('notes').scan()['Count'])") == .number("0"))

        for (method, body) in [("GET", ""), ("PUT", #"{"author": "a", "text": "b"}"#), ("DELETE", "")] {
            let missing = try send(method, "/notes/\(id)", body, to: server)
            #expect(missing.status == 404, "\(method): \(missing.text)")
            #expect(try json(missing)["message"] == .string("no such note"))
        }
        #expect(try send("POST", "/notes", #"{"author": "ada"}"#, to: server).status == 400)
    }

    @Test(
        "without the table both say that it is not there, and the log says more",
        arguments: ["notes/api.yaml", "notes-direct.yaml"])
    func missingTable(spec: String) throws {
        let server = try serve(spec)
        let answer = try send("GET", "/notes", to: server)
        #expect(answer.status == 502, "\(answer.text)")
        #expect(try json(answer)["message"] != nil)
    }

    @Test("a function behind templates: its result is mapped, and what it raises chooses the answer")
    func words() throws {
        try moto.makeExampleResources()
        let server = try serve("notes/api.yaml")
        let made = try send("POST", "/notes", #"{"author": "ada", "text": "one two three"}"#, to: server)
        guard case .string(let id) = try json(made)["id"] else {
            Issue.record("no id: \(made.status) \(made.text)")
            return
        }
        let words = try send("GET", "/notes/\(id)/words", to: server)
        #expect(words.status == 200)
        #expect(try json(words) == .object([JSONMember("words", .number("3"))]))
        let missing = try send("GET", "/notes/none/words", to: server)
        #expect(missing.status == 404)
        #expect(try json(missing)["message"] == .string("no such note: none"))
        // Without the table the function fails in another way.
        _ = try moto.boto("boto3.client('dynamodb').delete_table(TableName='notes'); say(1)")
        #expect(try send("GET", "/notes/\(id)/words", to: server).status == 500)
    }

    // MARK: Queue, topic, state machine

    @Test("an event is on the queue as it was posted", arguments: ["/events", "/v2/events"])
    func queue(path: String) throws {
        try moto.makeExampleResources()
        let server = try serve("ingest-sqs.yaml")
        let event = #"{"kind": "click", "note": "50% & it's ünder =+ ok"}"#
        let answer = try send("POST", path, event, to: server)
        #expect(answer.status == 202, "\(answer.text) \(server.process.errors)")
        guard case .string(let id) = try json(answer)["id"] else {
            Issue.record("no id: \(answer.text)")
            return
        }
        let message = try moto.boto(
            """
            sqs = boto3.client('sqs')
            url = sqs.get_queue_url(QueueName='events')['QueueUrl']
            messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=['All'])['Messages']
            assert len(messages) == 1
            say(messages[0])
            """)
        #expect(message["Body"] == .string(event))
        if path == "/events" {
            #expect(message["MessageAttributes"]?["requestId"]?["StringValue"] == .string(id))
        } else {
            #expect(message["MessageId"] == .string(id))
        }
        #expect(try send("POST", path, #"{"no": "kind"}"#, to: server).status == 400)
    }

    @Test("without the queue the status of the refusal is mapped", arguments: ["/events", "/v2/events"])
    func missingQueue(path: String) throws {
        let server = try serve("ingest-sqs.yaml")
        let answer = try send("POST", path, #"{"kind": "click"}"#, to: server)
        #expect(answer.status == 502)
        #expect(answer.text == #"{"message": "the queue refused the event"}"#)
    }

    @Test("what is published arrives at a queue that subscribes to the topic")
    func topic() throws {
        try moto.makeExampleResources()
        _ = try moto.boto(
            """
            boto3.client('sns').subscribe(TopicArn='arn:aws:sns:us-east-1:123456789012:news', Protocol='sqs',
                Endpoint='arn:aws:sqs:us-east-1:123456789012:events')
            say(1)
            """)
        let server = try serve("publish-sns.yaml")
        let news = #"{"temperature": "21 °C & sunny"}"#
        let answer = try send("POST", "/news?subject=the%20weather", news, to: server)
        #expect(answer.status == 202, "\(answer.text) \(server.process.errors)")
        let notification = try moto.boto(
            """
            sqs = boto3.client('sqs')
            url = sqs.get_queue_url(QueueName='events')['QueueUrl']
            say(json.loads(sqs.receive_message(QueueUrl=url)['Messages'][0]['Body']))
            """)
        #expect(notification["Message"] == .string(news))
        #expect(notification["Subject"] == .string("the weather"))
    }

    @Test("without the topic the status of the refusal is mapped")
    func missingTopic() throws {
        let server = try serve("publish-sns.yaml")
        let answer = try send("POST", "/news", #"{"temperature": 21}"#, to: server)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"message": "it cannot be published"}"#)
    }

    @Test("an order starts an execution with the order as its input")
    func stateMachine() throws {
        try moto.makeExampleResources()
        let server = try serve("start-execution.yaml")
        let answer = try send("POST", "/orders", #"{"item": "tea", "for": "o'hara \"jr\""}"#, to: server)
        #expect(answer.status == 202, "\(answer.text) \(server.process.errors)")
        guard case .string(let id) = try json(answer)["id"], let location = answer["Location"] else {
            Issue.record("no id or location: \(answer.headers) \(answer.text)")
            return
        }
        #expect(location == "/dev/orders/\(id)")
        let execution = try moto.boto(
            """
            say(boto3.client('stepfunctions').describe_execution(
                executionArn='arn:aws:states:us-east-1:123456789012:execution:orders:\(id)'))
            """)
        guard case .string(let input) = execution["input"] else {
            Issue.record("no input: \(execution)")
            return
        }
        let order = JSONValue(parsing: input)
        #expect(order?["item"] == .string("tea"))
        #expect(order?["for"] == .string(#"o'hara "jr""#))

        let later = try send("GET", "/orders/\(id)", to: server)
        #expect(later.status == 200, "\(later.text)")
        #expect(try json(later)["status"] == .string("RUNNING"))
        #expect(try json(later)["order"] == order)
        #expect(try send("GET", "/orders/none", to: server).status == 404)
    }

    @Test("without the state machine the status of the refusal is mapped")
    func missingStateMachine() throws {
        let server = try serve("start-execution.yaml")
        let answer = try send("POST", "/orders", #"{"item": "tea"}"#, to: server)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"message": "the order cannot be taken"}"#)
    }

    // MARK: Files

    @Test("an object's bytes go in and come out as they are, with type, tag and metadata")
    func files() throws {
        try moto.makeExampleResources()
        let server = try serve("files-s3.yaml")
        // Every byte, no text in any encoding.
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) } + [0xFF, 0xFE, 0x00, 0x0D, 0x0A]
        let put = try HTTP.request(
            "PUT", "/dev/files/a%20b%C3%BC.bin", port: server.port,
            headers: [("Content-Type", "image/x-test"), ("X-Author", "ada")], bytes: bytes)
        #expect(put.status == 200, "\(put.text) \(server.process.errors)")
        let tag = put["ETag"]
        #expect(tag != nil)

        let stored = try moto.boto(
            """
            object = boto3.client('s3').get_object(Bucket='files', Key='a bü.bin')
            say({'body': list(object['Body'].read()), 'type': object['ContentType'], 'metadata': object['Metadata']})
            """)
        #expect(stored["body"] == .array(bytes.map { .number("\($0)") }))
        #expect(stored["type"] == .string("image/x-test"))
        #expect(stored["metadata"]?["author"] == .string("ada"))

        let got = try send("GET", "/files/a%20b%C3%BC.bin", to: server, headers: [("Accept", "*/*")])
        #expect(got.status == 200)
        #expect(got.body == bytes)
        #expect(got["Content-Type"] == "image/x-test")
        #expect(got["ETag"] == tag)

        let some = try send("GET", "/files/a%20b%C3%BC.bin", to: server, headers: [("Range", "bytes=3-6")])
        #expect(some.status == 206)
        #expect(some.body == Array(bytes[3...6]))
        #expect(some["Content-Range"] == "bytes 3-6/\(bytes.count)")

        let head = try send("HEAD", "/files/a%20b%C3%BC.bin", to: server)
        #expect(head.status == 200)
        #expect(head["Content-Type"] == "image/x-test")
        #expect(head.body.isEmpty)

        let list = try send("GET", "/files?prefix=a", to: server)
        #expect(list.status == 200)
        #expect(list.text.contains("<Key>a bü.bin</Key>"), "\(list.text)")

        #expect(try send("DELETE", "/files/a%20b%C3%BC.bin", to: server).status == 204)
        let left = try moto.boto("say(boto3.client('s3').list_objects_v2(Bucket='files')['KeyCount'])")
        #expect(left == .number("0"))
    }

    @Test("what S3 says of a missing object or bucket is passed on", arguments: ["/files/none", "/no-such-bucket"])
    func missingFile(path: String) throws {
        try moto.makeExampleResources()
        let server = try serve("files-s3.yaml")
        let answer = try send("GET", path, to: server)
        #expect(answer.status == 404)
        #expect(answer.text.contains(path == "/files/none" ? "NoSuchKey" : "NoSuchBucket"), "\(answer.text)")
        #expect(answer["Content-Type"]?.contains("xml") == true)
    }
}
