import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite struct AWSDiagnosticsTests {
    private struct Loader: FileLoader {
        let text: String
        func load(_ path: String) throws(FileLoadingError) -> [UInt8] { Array(text.utf8) }
    }

    /// What compiling says of calls of services, as `id: message`.
    private func diagnostics(_ spec: String, endpoints: [String: String] = [:]) throws -> [String] {
        let imported = Importer.importDocument(path: "api.yaml", loader: Loader(text: spec), options: ImportOptions())
        var options = CompileOptions()
        options.sources = imported.sources
        options.endpoints = endpoints
        let description = try #require(imported.description)
        return Compiler.compile(description, options: options).diagnostics
            .filter { $0.id.name.hasPrefix("integration.service") || $0.id.name.hasPrefix("endpoint.") }
            .map { "\($0.id.name): \($0.message)" }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var lines: String
        var said: [String]
        var testDescription: String { lines }

        init(_ uri: String, _ more: String = "httpMethod: POST", _ said: String...) {
            lines = "uri: 'arn:aws:apigateway:\(uri)'\n" + more
            self.said = said
        }
    }

    static let rows: [Row] = [
        Row("us-east-1:dynamodb:action/GetItem"),
        Row(
            "us-east-1:{bucket}.s3:path/k", "httpMethod: GET",
            "integration.service.address: '{bucket}' cannot stand before the name of a service; requests are answered 500"
        ),
        Row(
            "us-east-1:dynamobd:action/GetItem", "httpMethod: POST",
            "integration.service.unknown: 'dynamobd' is no AWS service that is known; did you mean 'dynamodb'?"),
        Row(
            "us_east_1!:dynamodb:action/GetItem", "httpMethod: POST",
            "integration.service.address: 'us_east_1!' is no region; requests are answered 500"),
        Row(
            "us-east-1:s3:action/GetObject", "httpMethod: GET",
            "integration.service.action: s3 is called by path, not by the name of an action; requests are answered 500"),
        Row(
            "us-east-1:dynamodb:action/Get Item", "httpMethod: POST",
            "integration.service.action: 'Get Item' is no name of an action; requests are answered 500"),
        Row(
            "us-east-1:events:action/PutEvents", "httpMethod: POST",
            "integration.service.target: nothing sets 'X-Amz-Target', without which events does not know the action"),
        Row(
            "us-east-1:events:action/PutEvents",
            "httpMethod: POST\nrequestParameters: {integration.request.header.X-Amz-Target: \"'AWSEvents.PutEvents'\"}"),
        Row(
            "us-east-1:dynamodb:action/GetItem", "httpMethod: GET",
            "integration.service.verb: dynamodb reads the parameters of 'GetItem' from the body, and GET sends none"),
        Row("us-east-1:sns:action/Publish", "httpMethod: GET"),
        Row("us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations"),
        Row("us-east-1:${stageVariables.service}:action/GetItem"),
        Row(
            "us-east-1:${stageVariables.wrong}:action/GetItem", "httpMethod: POST",
            "integration.service.unknown: 'sqss' is no AWS service that is known; did you mean 'sqs'?"),
    ]

    @Test("calls that cannot succeed are told", arguments: rows)
    func calls(_ row: Row) throws {
        let root = "x-portico-stages: {dev: {variables: {service: dynamodb, wrong: sqss}}}\n"
        #expect(try diagnostics(AWSTesting.spec([("/t/{key}", row.lines)], root: root)) == row.said)
    }

    @Test("addresses are told that no service uses")
    func endpoints() throws {
        let lines = "httpMethod: GET\nuri: 'arn:aws:apigateway:us-east-1:mine:path/x'"
        let root =
            "x-portico-endpoints: {mine: 'http://127.0.0.1:1', dynamo: 'http://127.0.0.1:2', stepfunctions: 'http://127.0.0.1:3'}\n"
        let said = try diagnostics(
            AWSTesting.spec([("/t/{key}", lines)], root: root), endpoints: ["sqss": "http://127.0.0.1:4"])
        #expect(
            Set(said) == [
                "endpoint.service-unknown: there is no AWS service 'dynamo', so that its address is not used; did you mean 'dynamodb'?",
                "endpoint.service-unknown: there is no AWS service 'sqss', so that its address is not used; did you mean 'sqs'?",
            ])
    }

    @Test("explain and routes say where calls go")
    func explanation() throws {
        let lines = "httpMethod: POST\nuri: 'arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem'"
        let snapshot = try TestGateway.compile(AWSTesting.spec([("/t/{key}", lines)]))
        let text = snapshot.explain(method: "POST", path: "/dev/t/k").text
        #expect(
            text.contains(
                "calls https://dynamodb.eu-west-1.amazonaws.com/, X-Amz-Target DynamoDB_20120810.GetItem, signed for dynamodb in "
                    + "eu-west-1"))
        #expect(
            snapshot.routeSummaries.first?.integration.hasSuffix(" -> https://dynamodb.eu-west-1.amazonaws.com/")
                == true)
        #expect(snapshot.dump().contains("calls https://dynamodb.eu-west-1.amazonaws.com/"))
    }
}
