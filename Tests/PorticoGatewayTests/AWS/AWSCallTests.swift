import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Keys that the tests sign with, and an API whose methods call services at a backend of the test.
enum AWSTesting {
    static let accessKeyID = "AKIDEXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    /// No home: the files of whoever runs the tests are not read.
    static func environment(_ more: [String: String] = [:]) -> [String: String] {
        ["AWS_ACCESS_KEY_ID": accessKeyID, "AWS_SECRET_ACCESS_KEY": secret].merging(more) { $1 }
    }

    /// An API of `path: integration`; each integration is the lines below `x-amazon-apigateway-integration`.
    static func spec(_ methods: [(path: String, lines: String)], root: String = "", parameters: String = "") -> String {
        var text = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\n\(root)paths:\n"
        for method in methods {
            text += """
                  \(method.path):
                    x-amazon-apigateway-any-method:
                      parameters: [{name: key, in: path, required: true, schema: {type: string}}]
                      responses: {"200": {description: o}, "404": {description: o}, "502": {description: o}}
                      x-amazon-apigateway-integration:
                        type: aws

                """
            let hasResponses = method.lines.contains("responses:")
            let lines = method.lines + (hasResponses ? "" : "\nresponses: {default: {statusCode: '200'}}")
            for line in lines.split(separator: "\n") { text += "        \(line)\n" }
        }
        return text
    }
}

@Suite struct AWSCallTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        /// After `arn:aws:apigateway:us-east-1:`.
        var uri: String
        var lines: String
        var request: String
        var body: String
        var contentType: String
        /// What the service is to see: verb and target.
        var sent: String
        var headers: [(String, String?)]
        var sentBody: String
        var scope: String
        var testDescription: String { name }

        init(
            _ name: String, _ uri: String, _ lines: String = "httpMethod: POST", request: String = "POST /t/k",
            body: String = "{}",
            contentType: String = "application/json", sent: String, headers: [(String, String?)] = [],
            sentBody: String? = nil, scope: String
        ) {
            self.name = name
            self.uri = uri
            self.lines = lines
            self.request = request
            self.body = body
            self.contentType = contentType
            self.sent = sent
            self.headers = headers
            self.sentBody = sentBody ?? body
            self.scope = scope
        }
    }

    static let rows: [Row] = [
        Row(
            "JSON 1.0 by action", "dynamodb:action/GetItem", sent: "POST /",
            headers: [
                ("X-Amz-Target", "DynamoDB_20120810.GetItem"), ("Content-Type", "application/x-amz-json-1.0"),
                ("Accept", "application/json"), ("X-Amz-Content-Sha256", nil),
            ], scope: "us-east-1/dynamodb"),
        Row(
            "JSON 1.1 by action", "kinesis:action/PutRecord", sent: "POST /",
            headers: [("X-Amz-Target", "Kinesis_20131202.PutRecord"), ("Content-Type", "application/x-amz-json-1.1")],
            scope: "us-east-1/kinesis"),
        Row(
            "Step Functions", "states:action/StartExecution", sent: "POST /",
            headers: [("X-Amz-Target", "AWSStepFunctions.StartExecution")], scope: "us-east-1/states"),
        Row(
            "the name of botocore", "stepfunctions:action/StartExecution", sent: "POST /",
            headers: [("X-Amz-Target", "AWSStepFunctions.StartExecution")], scope: "us-east-1/states"),
        Row(
            "a mapped target and content type stay", "dynamodb:action/GetItem",
            """
            httpMethod: POST
            requestParameters:
              integration.request.header.X-Amz-Target: "'DynamoDB_20111205.GetItem'"
              integration.request.header.Content-Type: "'application/json'"
            """, sent: "POST /",
            headers: [("X-Amz-Target", "DynamoDB_20111205.GetItem"), ("Content-Type", "application/json")],
            scope: "us-east-1/dynamodb"),
        Row(
            "a template's target stays", "dynamodb:action/GetItem",
            """
            httpMethod: POST
            requestTemplates:
              application/json: "#set($context.requestOverride.header.x-amz-target = 'T.Own'){}"
            """, sent: "POST /", headers: [("X-Amz-Target", "T.Own")], scope: "us-east-1/dynamodb"),
        Row(
            "EventBridge gets no target by itself", "events:action/PutEvents", sent: "POST /",
            headers: [("X-Amz-Target", nil), ("Content-Type", "application/x-amz-json-1.1")], scope: "us-east-1/events"),
        Row(
            "the Query protocol", "sns:action/Publish",
            """
            httpMethod: POST
            requestParameters:
              integration.request.querystring.TopicArn: "'arn:aws:sns:us-east-1:1:t'"
              integration.request.querystring.Message: method.request.body
            """,
            sent:
                "POST /?TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A1%3At&Message=%7B%7D&Action=Publish&Version=2010-03-31",
            headers: [("X-Amz-Target", nil), ("Content-Type", "application/json")], scope: "us-east-1/sns"),
        Row(
            "a mapped Action and Version stay", "sns:action/Publish",
            """
            httpMethod: POST
            requestParameters:
              integration.request.querystring.Version: "'2009-01-01'"
              integration.request.querystring.Action: "'Subscribe'"
            """, sent: "POST /?Version=2009-01-01&Action=Subscribe", scope: "us-east-1/sns"),
        Row(
            "SQS speaks Query by action", "sqs:action/SendMessage",
            """
            httpMethod: GET
            requestParameters: {integration.request.querystring.QueueUrl: "'http://q/1'"}
            """, sent: "GET /?QueueUrl=http%3A%2F%2Fq%2F1&Action=SendMessage&Version=2012-11-05",
            headers: [("Content-Length", nil)], sentBody: "", scope: "us-east-1/sqs"),
        Row(
            "SQS in JSON, with its target mapped", "sqs:action/SendMessage",
            """
            httpMethod: POST
            requestParameters:
              integration.request.header.X-Amz-Target: "'AmazonSQS.SendMessage'"
              integration.request.header.Content-Type: "'application/x-amz-json-1.0'"
            """, sent: "POST /",
            headers: [("X-Amz-Target", "AmazonSQS.SendMessage"), ("Content-Type", "application/x-amz-json-1.0")],
            scope: "us-east-1/sqs"),
        Row(
            "Systems Manager, too", "ssm:action/GetParameter", sent: "POST /?Action=GetParameter&Version=2014-11-06",
            headers: [("X-Amz-Target", nil)], scope: "us-east-1/ssm"),
        Row(
            "a form to a queue by path", "sqs:path/123456789012/orders",
            """
            httpMethod: POST
            requestParameters: {integration.request.header.Content-Type: "'application/x-www-form-urlencoded'"}
            requestTemplates: {application/json: "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}
            """, body: "{\"a\":1}", sent: "POST /123456789012/orders",
            headers: [("Content-Type", "application/x-www-form-urlencoded")],
            sentBody: "Action=SendMessage&MessageBody=%7B%22a%22%3A1%7D", scope: "us-east-1/sqs"),
        Row(
            "parameters behind the name of an action", "sns:action/Publish&Subject=a b",
            sent: "POST /?Subject=a%20b&Action=Publish&Version=2010-03-31",
            scope: "us-east-1/sns"),
        Row(
            "a query in a path", "sqs:path/1/q?Action=SendMessage&x=", sent: "POST /1/q?Action=SendMessage&x=",
            scope: "us-east-1/sqs"),
        Row(
            "path// is the root", "dynamodb:path//", sent: "POST /", headers: [("X-Amz-Target", nil)],
            scope: "us-east-1/dynamodb"),
        Row(
            "an object by path", "s3:path/photos/{key}",
            "httpMethod: GET\nrequestParameters: {integration.request.path.key: method.request.path.key}",
            request: "GET /t/a%20b(1)%2Bc+d%2fe.jpg", body: "", sent: "GET /photos/a%20b%281%29%2Bc%2Bd/e.jpg",
            headers: [("X-Amz-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")],
            scope: "us-east-1/s3"),
        Row(
            "dots of an object's name stay", "s3:path/photos/{key}",
            "httpMethod: GET\nrequestParameters: {integration.request.path.key: method.request.path.key}",
            request: "GET /t/%2E%2E%2Fx%25y~", body: "", sent: "GET /photos/../x%25y~", scope: "us-east-1/s3"),
        Row(
            "text beyond ASCII", "s3:path/photos/{key}",
            "httpMethod: GET\nrequestParameters: {integration.request.path.key: method.request.path.key}",
            request: "GET /t/%E5%A4%A7%E9%98%AA", body: "", sent: "GET /photos/%E5%A4%A7%E9%98%AA",
            scope: "us-east-1/s3"),
        Row(
            "a bucket before the name of S3", "photos.s3:path/{key}",
            "httpMethod: PUT\nrequestParameters: {integration.request.path.key: method.request.path.key}",
            request: "PUT /t/k.txt", body: "hello", contentType: "text/plain", sent: "PUT /photos/k.txt",
            headers: [("Content-Type", "text/plain")],
            scope: "us-east-1/s3"),
        Row(
            "a placeholder without value stays", "s3:path/{bucket}/k", "httpMethod: GET", body: "",
            sent: "GET /%7Bbucket%7D/k",
            scope: "us-east-1/s3"),
        Row(
            "a question mark of a value ends no path", "s3:path/b/{key}",
            "httpMethod: GET\nrequestParameters: {integration.request.path.key: method.request.querystring.k}",
            request: "GET /t/x?k=a%3Facl%26b%23c", body: "", sent: "GET /b/a%3Facl%26b%23c", scope: "us-east-1/s3"),
        Row(
            "a service for all regions", "iam:action/ListUsers", "httpMethod: GET", body: "",
            sent: "GET /?Action=ListUsers&Version=2010-05-08", scope: "us-east-1/iam"),
        Row(
            "a name with a dot", "runtime.sagemaker:path/endpoints/m/invocations",
            sent: "POST /endpoints/m/invocations",
            headers: [("Content-Type", "application/json")], scope: "us-east-1/sagemaker"),
        Row(
            "an ARN in a path", "lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/policy",
            "httpMethod: GET", body: "",
            sent: "GET /2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Af/policy",
            scope: "us-east-1/lambda"),
        Row(
            "a template's query and path", "s3:path/b/{key}",
            """
            httpMethod: GET
            requestTemplates:
              application/json: "#set($context.requestOverride.querystring.list-type = '2')#set($context.requestOverride.path.key = 'x y')"
            """, request: "GET /t/k", sent: "GET /b/x%20y?list-type=2", sentBody: "", scope: "us-east-1/s3"),
    ]

    @Test("a call is what the service's protocol wants, and signed", arguments: rows)
    func call(_ row: Row) async throws {
        let service = try Backend(
            .respond(status: 200, headers: [("Content-Type", "application/json")], body: "{\"ok\":1}"))
        defer { service.stop() }
        let lines = "uri: 'arn:aws:apigateway:us-east-1:\(row.uri)'\n" + row.lines
        let spec = AWSTesting.spec([("/t/{key}", lines)])
        let environment = AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"])
        try await withGateway(spec, configure: { $0.environment = environment }) { gateway in
            let words = row.request.split(separator: " ").map(String.init)
            let answer = try gateway.request(
                words[0], "/dev" + words[1], headers: [("Content-Type", row.contentType), ("X-Secret", "stays")],
                body: row.body)
            #expect(answer.status == 200)
            #expect(answer.text == "{\"ok\":1}")
        }
        let request = try #require(service.requests.first)
        #expect("\(request.method) \(request.path)" == row.sent)
        #expect(request.body == row.sentBody)
        #expect(request["Host"] == service.authority)
        #expect(request["User-Agent"]?.hasPrefix("AmazonAPIGateway_") == true)
        #expect(request["X-Amzn-Apigateway-Api-Id"] != nil && request["X-Amzn-Trace-Id"] != nil)
        #expect(request["X-Secret"] == nil)
        for (name, value) in row.headers { #expect(request[name] == value, "\(name)") }
        for name in Set(request.headers.map { $0.name.lowercased() }) {
            #expect(request.headers.filter { $0.name.lowercased() == name }.count == 1, "\(name) once")
        }
        let problem = SignatureCheck.problem(
            request, secret: AWSTesting.secret, accessKeyID: AWSTesting.accessKeyID, scope: row.scope,
            isS3: row.scope.hasSuffix("/s3"))
        #expect(problem == nil)
    }

    @Test("bytes of a binary body arrive as they were sent, straight and out of base64")
    func binary() async throws {
        let service = try Backend(.respond(status: 200, headers: [], body: ""))
        defer { service.stop() }
        let put = """
            httpMethod: PUT
            uri: 'arn:aws:apigateway:us-east-1:s3:path/b/{key}'
            requestParameters: {integration.request.path.key: method.request.path.key}
            """
        let spec = AWSTesting.spec(
            [("/raw/{key}", put), ("/base64/{key}", put + "\ncontentHandling: CONVERT_TO_BINARY")],
            root: "x-amazon-apigateway-binary-media-types: ['image/png']\n")
        let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let environment = AWSTesting.environment(["AWS_ENDPOINT_URL_S3": "http://\(service.authority)"])
        try await withGateway(spec, configure: { $0.environment = environment }) { gateway in
            let straight = try gateway.request(
                "PUT", "/dev/raw/k", headers: [("Content-Type", "image/png")], bytes: bytes)
            #expect(straight.status == 200)
            let text = "iVBORw0KGgoAAAD/"
            let decoded = try gateway.request(
                "PUT", "/dev/base64/k", headers: [("Content-Type", "text/plain")], body: text)
            #expect(decoded.status == 200)
        }
        let requests = service.requests
        try #require(requests.count == 2)
        #expect(requests[0].bytes == bytes)
        #expect(requests[1].bytes == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0xFF])
        for request in requests {
            let problem = SignatureCheck.problem(
                request, secret: AWSTesting.secret, accessKeyID: AWSTesting.accessKeyID, scope: "us-east-1/s3",
                isS3: true)
            #expect(problem == nil)
        }
    }

    @Test("bytes of an object arrive as the service sent them")
    func binaryAnswer() async throws {
        let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 91) }
        let service = try Backend(.respondBytes(status: 200, headers: [("Content-Type", "image/png")], body: bytes))
        defer { service.stop() }
        let get = """
            httpMethod: GET
            uri: 'arn:aws:apigateway:us-east-1:s3:path/b/{key}'
            requestParameters: {integration.request.path.key: method.request.path.key}
            """
        let spec = AWSTesting.spec([("/t/{key}", get)], root: "x-amazon-apigateway-binary-media-types: ['image/png']\n")
        let environment = AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"])
        try await withGateway(spec, configure: { $0.environment = environment }) { gateway in
            let answer = try gateway.request("GET", "/dev/t/k", headers: [("Accept", "image/png")])
            #expect(answer.status == 200)
            #expect(answer.body == bytes)
        }
    }
}
