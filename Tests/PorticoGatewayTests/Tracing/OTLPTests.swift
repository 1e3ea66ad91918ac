import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Spans of OpenTelemetry on the wire, read by the classes that the OpenTelemetry project generates.
@Suite("OTLP")
struct OTLPTests {
    private func format(_ attributes: [NamedText] = [], serviceName: String? = nil) -> OTLPFormat {
        OTLPFormat(
            resource: OTLPResource(serviceName: serviceName, attributes: attributes, fallback: "Pets"),
            headers: [NamedText("x-api-key", "k")])
    }

    private func decode(_ body: [UInt8]) throws -> JSONValue {
        let folder = try TemporaryFolder()
        let hex = body.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        // Tests write text files only.
        let source = try folder.write("body.hex", hex.joined())
        let python = try PythonEnvironment.python()
        let unhex = try ChildProcess(
            python,
            [
                "-c", "import sys;open(sys.argv[2],'wb').write(bytes.fromhex(open(sys.argv[1]).read()))", source,
                folder.path + "/body",
            ])
        #expect(try unhex.wait() == 0)
        let process = try ChildProcess(
            python, ["\(GoldenFile.packageRoot)/Tests/OTLPDecoder/decode.py", folder.path + "/body"])
        #expect(try process.wait() == 0, "\(process.errors)")
        return try #require(json(process.output), "\(process.output)")
    }

    @Test("the official decoder reads what was meant, and finds nothing that it does not know")
    func decodes() throws {
        var failed = TraceSamples.trace(
            status: 504, calls: [TraceSamples.service, TraceSamples.backend], failure: "no answer", number: 9)
        failed.parentID = nil
        failed.traceState = ""
        failed.method = "BREW"
        failed.host = "[::1]:80"
        failed.resourcePath = nil
        failed.samplingRule = nil
        failed.userAgent = nil
        let records = OTLPSpans.records(TraceSamples.trace()) + OTLPSpans.records(failed)
        let request = format([NamedText("deployment.environment.name", "test")], serviceName: "shop").request(records)
        #expect(
            request.headers.map { "\($0.name): \($0.value)" } == [
                "Content-Type: application/x-protobuf", "User-Agent: portico", "x-api-key: k",
            ])
        let found = try decode(request.body)
        let common = """
            "aws.request_id": "r-1", "aws.extended_request_id": "e-1=", "cloud.region": "us-east-1",
            "cloud.account.id": "000000000000", "portico.api.id": "abcdefghij", "portico.api.name": "Pets",
            "portico.stage": "prod", "url.scheme": "https", "url.path": "/pets/7", "http.response.body.size": 12,
            "network.protocol.version": "1.1", "client.address": "192.0.2.1"
            """
        let lambda = """
            "faas.invoked_provider": "aws", "faas.invoked_region": "us-east-1", "rpc.system": "aws-api",
            "rpc.service": "Lambda", "rpc.method": "Invoke"
            """
        let trace = "\"traceId\": \"5759e988bd862e3fe1be46a994272793\""
        let expected = """
            {"unknown": 0, "resources": [{
              "resource": {"service.name": "shop", "deployment.environment.name": "test"},
              "scopes": [{"name": "portico", "spans": [
                {\(trace), "spanId": "b7ad6b7169203331", "parentSpanId": "53995c3f42cd8ad8", "traceState": "rojo=00f067aa0ba902b7",
                 "name": "GET /pets/{id}", "kind": "SPAN_KIND_SERVER", "start": 1700000000000005000,
                 "end": 1700000000250000000, "flags": 769, "status": "STATUS_CODE_UNSET", "message": "",
                 "attributes": {\(common), "http.request.method": "GET", "http.route": "/pets/{id}",
                   "http.response.status_code": 200, "server.address": "api.example.com", "server.port": 8443,
                   "user_agent.original": "curl/8.0 \\"x\\"", "portico.sampling_rule": "Default"}},
                {\(trace), "spanId": "0000000000000001", "parentSpanId": "b7ad6b7169203331", "traceState": "rojo=00f067aa0ba902b7",
                 "name": "Lambda.Invoke auth", "kind": "SPAN_KIND_CLIENT", "start": 1700000000010000000,
                 "end": 1700000000020000000, "flags": 257, "status": "STATUS_CODE_UNSET", "message": "",
                 "attributes": {\(lambda), "faas.invoked_name": "auth", "portico.call": "authorizer",
                   "http.response.status_code": 200}},
                {\(trace), "spanId": "0000000000000002", "parentSpanId": "b7ad6b7169203331", "traceState": "rojo=00f067aa0ba902b7",
                 "name": "Lambda.Invoke pets", "kind": "SPAN_KIND_CLIENT", "start": 1700000000030000000,
                 "end": 1700000000230000000, "flags": 257, "status": "STATUS_CODE_UNSET", "message": "",
                 "attributes": {\(lambda), "faas.invoked_name": "pets", "http.request.method": "POST",
                   "url.full": "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/pets/invocations",
                   "http.response.status_code": 200, "http.response.body.size": 40, "aws.request_id": "lambda-1"}},
                {\(trace), "spanId": "0000000000000009", "parentSpanId": "", "traceState": "",
                 "name": "HTTP", "kind": "SPAN_KIND_SERVER", "start": 1700000000000005000,
                 "end": 1700000000250000000, "flags": 257, "status": "STATUS_CODE_ERROR", "message": "no answer",
                 "attributes": {\(common), "http.request.method": "_OTHER", "http.request.method_original": "BREW",
                   "http.response.status_code": 504, "server.address": "::1", "server.port": 80,
                   "error.type": "INTEGRATION_FAILURE", "portico.gateway_response": "INTEGRATION_FAILURE"}},
                {\(trace), "spanId": "0000000000000003", "parentSpanId": "0000000000000009", "traceState": "",
                 "name": "dynamodb.Query", "kind": "SPAN_KIND_CLIENT", "start": 1700000000030000000,
                 "end": 1700000000040000000, "flags": 257, "status": "STATUS_CODE_ERROR", "message": "",
                 "attributes": {"rpc.system": "aws-api", "rpc.service": "dynamodb", "rpc.method": "Query",
                   "cloud.region": "us-east-1", "http.request.method": "POST", "error.type": "400",
                   "url.full": "https://dynamodb.us-east-1.amazonaws.com/", "http.response.status_code": 400,
                   "aws.request_id": "ddb-1"}},
                {\(trace), "spanId": "0000000000000004", "parentSpanId": "0000000000000009", "traceState": "",
                 "name": "GET", "kind": "SPAN_KIND_CLIENT", "start": 1700000000030000000,
                 "end": 1700000000040000000, "flags": 257, "status": "STATUS_CODE_ERROR", "message": "connection refused",
                 "attributes": {"server.address": "backend.example.com", "server.port": 8080,
                   "http.request.method": "GET", "url.full": "http://backend.example.com:8080/a",
                   "error.type": "_OTHER"}}
              ]}]}]}
            """
        #expect(found == json(expected))
    }

    @Test("the official decoder reads a batch of 2,000 spans and texts of all kinds")
    func large() throws {
        var trace = TraceSamples.trace(path: "/\u{0}é\u{1F600}\n\"", calls: [])
        var records: [[UInt8]] = []
        for number in 1...2000 {
            trace.spanID = TraceSamples.id(UInt64(number))
            records += OTLPSpans.records(trace)
        }
        let found = try decode(format().request(records).body)
        #expect(found["unknown"] == .number("0"))
        guard case .array(let resources)? = found["resources"], case .array(let scopes)? = resources.first?["scopes"],
            case .array(let spans)? = scopes.first?["spans"]
        else {
            Issue.record("no spans")
            return
        }
        #expect(resources.first?["resource"]?["service.name"] == .string("Pets"))
        #expect(spans.count == 2000)
        #expect(spans.last?["spanId"] == .string("00000000000007d0"))
        #expect(spans.last?["attributes"]?["url.path"] == .string("/\u{0}é\u{1F600}\n\""))
    }

    @Test(
        "numbers of the wire format",
        arguments: [
            (UInt64(0), [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ] as [(UInt64, [UInt8])])
    func varints(_ value: UInt64, _ bytes: [UInt8]) {
        var writer = ProtobufWriter()
        writer.varint(value)
        #expect(writer.bytes == bytes)
        var read: UInt64?
        ProtobufReader([0x08] + bytes).read { number, found in
            if number == 1, case .varint(let value) = found { read = value }
        }
        #expect(read == value)
    }

    @Test(
        "broken messages end their reading",
        arguments: [[0x0A, 5, 1], [0x08], [0x08, 0x80], [0x0B, 1], [0x09, 1, 2]])
    func broken(_ bytes: [UInt8]) { #expect(!ProtobufReader(bytes).read { _, _ in }) }

    @Test("answers are taken as OTLP has it")
    func outcomes() {
        func outcome(_ status: Int, _ retryAfter: String? = nil, _ body: [UInt8] = []) -> String {
            "\(format().outcome(of: .answer(status: status, retryAfter: retryAfter, body: body), recordCount: 5))"
        }
        #expect(outcome(200) == "delivered(refused: 0)")
        // partial_success { rejected_spans: 3, error_message: "x" }
        #expect(outcome(200, nil, [0x0A, 5, 0x08, 3, 0x12, 1, 0x78]) == "delivered(refused: 3)")
        #expect(outcome(200, nil, [0xFF]) == "delivered(refused: 0)")
        for status in [429, 502, 503, 504] { #expect(outcome(status) == "retry(afterMilliseconds: nil)") }
        #expect(outcome(503, "7") == "retry(afterMilliseconds: Optional(7000))")
        #expect(outcome(429, "Wed, 21 Oct 2026 07:28:00 GMT") == "retry(afterMilliseconds: nil)")
        #expect(outcome(429, "-1") == "retry(afterMilliseconds: nil)")
        for status in [400, 401, 404, 413, 500, 501, 301] { #expect(outcome(status) == "refused", "\(status)") }
        #expect("\(format().outcome(of: .failure("x"), recordCount: 1))" == "retry(afterMilliseconds: nil)")
    }

    @Test("a resource has each attribute once, and a name in any case")
    func resources() {
        func text(_ resource: OTLPResource) -> [String] { resource.attributes.map { "\($0.name)=\($0.value)" } }
        let pairs = [NamedText("a", "1"), NamedText("service.name", "x"), NamedText("a", "2")]
        #expect(text(OTLPResource(serviceName: nil, attributes: pairs, fallback: "f")) == ["service.name=x", "a=2"])
        #expect(text(OTLPResource(serviceName: "n", attributes: pairs, fallback: "f")) == ["service.name=n", "a=2"])
        #expect(text(OTLPResource(serviceName: nil, attributes: [], fallback: "f")) == ["service.name=f"])
    }
}
