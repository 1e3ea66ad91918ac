import FoundationEssentials
import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: OTLP specification, "OTLP/HTTP".
@Suite("Spans for a collector, over sockets")
struct ConformanceOTLPTests {
    private static func document(_ collector: Backend, _ backend: Backend, more: String = "delayInMillis: 100")
        -> String
    {
        spec(
            root: """
                x-portico-tracing:
                  samplingRules: [{RuleName: all, Priority: 1, ReservoirSize: 0, FixedRate: 1}]
                  otlp: {endpoint: "http://\(collector.authority)/base/", headers: {X-Token: "${env.TOKEN}"},
                    serviceName: shop, resourceAttributes: {deployment.environment.name: test}, \(more)}
                x-portico-stages: {dev: {tracingEnabled: true}}
                """,
            [SpecOperation("GET /b/{id}", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in"))])
    }

    private func decode(_ body: [UInt8]) throws -> JSONValue {
        let folder = try TemporaryFolder()
        let path = folder.path + "/body"
        try Data(body).write(to: URL(filePath: path))
        let process = try ChildProcess(
            try PythonEnvironment.python(), ["\(GoldenFile.packageRoot)/Tests/OTLPDecoder/decode.py", path])
        #expect(try process.wait() == 0, "\(process.errors)")
        return try #require(JSONValue(parsing: process.output))
    }

    @Test("a request and its call are two spans of the caller's trace")
    func spans() async throws {
        let collector = try Backend(.respond(status: 200, headers: [], body: ""))
        let backend = try Backend()
        try await withWatchedGateway(
            Self.document(collector, backend), configure: { $0.environment = ["TOKEN": "t-1"] }
        ) { gateway in
            try gateway.request(
                "GET", "/dev/b/7?secret=1",
                headers: [
                    ("traceparent", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"), ("tracestate", "a=b"),
                ])
            try Deadline().wait(for: "the collector") { collector.requests.count == 1 }
            let request = try #require(collector.requests.first)
            #expect(request.method == "POST" && request.path == "/base/v1/traces")
            #expect(request["content-type"] == "application/x-protobuf" && request["x-token"] == "t-1")
            let message = try decode(request.bytes)
            #expect(message["unknown"]?.integer == 0)
            let resource = try #require(message["resources"]?.elements.first)
            #expect(resource["resource"]?["service.name"]?.string == "shop")
            #expect(resource["resource"]?["deployment.environment.name"]?.string == "test")
            let spans = resource["scopes"]?.elements.first?["spans"]?.elements ?? []
            try #require(spans.count == 2)
            let server = try #require(spans.first { $0["kind"]?.string == "SPAN_KIND_SERVER" })
            let client = try #require(spans.first { $0["kind"]?.string == "SPAN_KIND_CLIENT" })
            #expect(spans.allSatisfy { $0["traceId"]?.string == "5759e988bd862e3fe1be46a994272793" })
            #expect(server["parentSpanId"]?.string == "53995c3f42cd8ad8" && server["traceState"]?.string == "a=b")
            #expect(client["parentSpanId"]?.string == server["spanId"]?.string)
            let told = try #require(backend.requests.first?["traceparent"])
            #expect(told == "00-5759e988bd862e3fe1be46a994272793-\(client["spanId"]?.string ?? "")-01")
            #expect(server["attributes"]?["http.response.status_code"]?.integer == 200)
            #expect(server["attributes"]?["http.route"]?.string?.hasSuffix("/b/{id}") == true)
            #expect((server["start"]?.integer ?? 0) <= (client["start"]?.integer ?? 0))
            #expect((server["end"]?.integer ?? 0) >= (client["end"]?.integer ?? 0))
            try Deadline().wait(for: "the spans") { try gateway.metric("portico_trace_spans_total") == 2 }
        }
    }

    @Test("a collector that hangs holds no request up, and loses what there is no room for")
    func hangs() async throws {
        let collector = try Backend(.silence)
        let backend = try Backend()
        let document = Self.document(
            collector, backend, more: "delayInMillis: 10, queueSize: 10, batchSize: 5, timeoutInMillis: 60000")
        try await withWatchedGateway(document, configure: { $0.environment = ["TOKEN": "t-1"] }) { gateway in
            try gateway.request("GET", "/dev/b/0")
            try Deadline().wait(for: "the collector") { collector.requests.count == 1 }
            let start = monotonicMilliseconds()
            for number in 0..<100 {
                let answer = try gateway.request("GET", "/dev/b/\(number)")
                #expect(answer.status == 200)
            }
            #expect(monotonicMilliseconds() - start < 20_000)
            #expect(try gateway.metric("portico_trace_spans_lost_total") >= 190)
            #expect(try gateway.metric("portico_trace_spans_total") == 0)
        }
    }

    @Test("spans that wait are sent when the server ends, and when the collector changes")
    func ends() async throws {
        let (first, second) = (
            try Backend(.respond(status: 200, headers: [], body: "")),
            try Backend(.respond(status: 200, headers: [], body: ""))
        )
        let backend = try Backend()
        let more = "delayInMillis: 60000"
        try await withWatchedGateway(
            Self.document(first, backend, more: more), configure: { $0.environment = ["TOKEN": "t-1"] }
        ) { gateway in
            try gateway.request("GET", "/dev/b/1")
            try await gateway.install(Self.document(second, backend, more: more))
            try gateway.request("GET", "/dev/b/2")
            try Deadline().wait(for: "the first collector") { first.requests.count == 1 }
            #expect(second.requests.isEmpty)
        }
        #expect(second.requests.count == 1)
    }
}
