import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "X-Ray" (9.4) and "X-Ray sampling" (4.7); W3C Trace Context.
@Suite("Tracing, over sockets")
struct ConformanceTracingTests {
    private static let all = "[{RuleName: all, Priority: 1, ReservoirSize: 0, FixedRate: 1}]"

    private static func document(
        _ daemon: DatagramReceiver, rules: String = all, root: String = "", stage: String = "tracingEnabled: true",
        _ operations: [SpecOperation]
    ) -> String {
        spec(
            root: """
                x-portico-tracing: {xray: "udp://127.0.0.1:\(daemon.port)", samplingRules: \(rules)}
                x-portico-stages: {dev: {\(stage)}, dark: {}}
                \(root)
                """, operations)
    }

    private func parts(_ header: String?) -> [String: String] {
        Dictionary(
            (header ?? "").split(separator: ";").compactMap { part in
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                return pair.count == 2 ? (pair[0], pair[1]) : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a segment goes to the daemon, with the call of the backend as its subsegment")
    func segment() async throws {
        let daemon = try DatagramReceiver()
        let backend = try Backend()
        let document = Self.document(
            daemon,
            [SpecOperation("GET /b/{id}", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/in"))])
        try await withWatchedGateway(document) { gateway in
            let answer = try gateway.request("GET", "/dev/b/7?secret=1", headers: [("User-Agent", "me")])
            let segment = try daemon.segment()
            #expect(segment["name"]?.string == "conformance/dev")
            #expect(segment["origin"]?.string == "AWS::ApiGateway::Stage")
            #expect(segment["parent_id"] == nil)
            #expect(segment["http"]?["request"]?["url"]?.string == "http://127.0.0.1:\(gateway.port)/dev/b/7")
            #expect(segment["http"]?["request"]?["user_agent"]?.string == "me")
            #expect(segment["http"]?["response"]?["status"]?.integer == 200)
            #expect(segment["http"]?["response"]?["content_length"]?.integer == answer.body.count)
            #expect(segment["aws"]?["api_gateway"]?["request_id"]?.string == answer["x-amzn-RequestId"])
            #expect(segment["aws"]?["xray"]?["sampling_rule_name"]?.string == "all")
            #expect(segment["annotations"]?["aws:api_stage"]?.string == "dev")
            for flag in ["error", "fault", "throttle"] { #expect(segment[flag] == nil) }
            let call = try #require(segment["subsegments"]?.elements.first)
            #expect(call["name"]?.string?.hasPrefix("127.0.0.1") == true && call["namespace"]?.string == "remote")
            #expect(call["http"]?["response"]?["status"]?.integer == 200)
            #expect(call["http"]?["request"]?["url"]?.string == "http://\(backend.authority)/in")
            #expect(call["http"]?["request"]?["method"]?.string == "GET")

            // What the backend was told is the same trace, with our call as its parent.
            let request = try #require(backend.requests.first)
            let header = parts(request["x-amzn-trace-id"])
            #expect(header["Root"] == segment["trace_id"]?.string && header["Sampled"] == "1")
            #expect(header["Parent"] == call["id"]?.string)
            let plain = try #require(segment["trace_id"]?.string).dropFirst(2).filter { $0 != "-" }
            #expect(request["traceparent"] == "00-\(plain)-\(call["id"]?.string ?? "")-01")

            // A stage that is not traced.
            try gateway.request("GET", "/dark/b/7")
            #expect(backend.requests.last?["traceparent"] == nil)
            #expect(daemon.isEmpty)
            #expect(try gateway.metric("portico_trace_segments_total") == 1)
        }
    }

    @Test("a function's call is a subsegment named Lambda")
    func function() async throws {
        let daemon = try DatagramReceiver()
        let backend = try Backend(.returns(#"{"statusCode":418,"body":"x"}"#))
        let document = Self.document(
            daemon, root: LambdaSpec.endpoint(backend), [SpecOperation("GET /f", LambdaSpec.integration())])
        try await withWatchedGateway(document, configure: { $0.environment = LambdaSpec.environment }) { gateway in
            let answer = try gateway.request("GET", "/dev/f")
            #expect(answer.status == 418)
            let segment = try daemon.segment()
            #expect(segment["error"] == .boolean(true) && segment["fault"] == nil)
            let call = try #require(segment["subsegments"]?.elements.first)
            #expect(call["name"]?.string == "Lambda" && call["namespace"]?.string == "aws")
            #expect(call["aws"]?["function_name"]?.string == "F" && call["aws"]?["operation"]?.string == "Invoke")
            let header = parts(backend.requests.first?["x-amzn-trace-id"])
            #expect(header["Root"] == segment["trace_id"]?.string && header["Parent"] == call["id"]?.string)
        }
    }

    @Test("statuses are flags: refused, throttled, failed")
    func flags() async throws {
        let daemon = try DatagramReceiver()
        let gone = try Backend(.close)
        let document = Self.document(
            daemon,
            stage:
                "tracingEnabled: true, methodSettings: {\"slow/GET\": {throttlingRateLimit: 0.001, throttlingBurstLimit: 0}}",
            [
                SpecOperation("GET /slow", mock("x")),
                SpecOperation("GET /gone", backendIntegration("http_proxy", "GET", "http://\(gone.authority)/")),
            ])
        try await withWatchedGateway(document) { gateway in
            let rows: [(path: String, flags: Set<String>)] = [
                ("/dev/nothing", ["error"]), ("/dev/slow", ["error", "throttle"]), ("/dev/gone", ["fault"]),
            ]
            for row in rows {
                try gateway.request("GET", row.path)
                let segment = try daemon.segment()
                let flags = Set(["error", "fault", "throttle"].filter { segment[$0] == .boolean(true) })
                #expect(flags == row.flags, "\(row.path)")
                if row.path == "/dev/gone" {
                    #expect(segment["subsegments"]?.elements.first?["fault"] == .boolean(true))
                    #expect(segment["cause"] != nil)
                }
            }
            // A request to no stage is nobody's.
            try gateway.request("GET", "/none/x")
            #expect(daemon.isEmpty)
        }
    }

    @Test("a rule of the path decides, unless the caller has")
    func sampling() async throws {
        let daemon = try DatagramReceiver()
        let backend = try Backend()
        let rules = """
            [{RuleName: none, Priority: 2, ReservoirSize: 0, FixedRate: 0},
             {RuleName: path, Priority: 1, ReservoirSize: 0, FixedRate: 1, URLPath: "*/traced*"}]
            """
        let uri = "http://\(backend.authority)/"
        let document = Self.document(
            daemon, rules: rules,
            [
                SpecOperation("GET /traced", backendIntegration("http_proxy", "GET", uri)),
                SpecOperation("GET /other", backendIntegration("http_proxy", "GET", uri)),
            ])
        let root = "1-5759e988-bd862e3fe1be46a994272793"
        let parent = "53995c3f42cd8ad8"
        let traceparent = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-"
        let rows: [(path: String, name: String, value: String, isTraced: Bool, rule: String?, root: String?)] = [
            ("traced", "X-Own", "1", true, "path", nil), ("other", "X-Own", "1", false, nil, nil),
            ("other", "X-Amzn-Trace-Id", "Root=\(root);Parent=\(parent);Sampled=1", true, nil, root),
            ("traced", "X-Amzn-Trace-Id", "Root=\(root);Sampled=0", false, nil, root),
            ("traced", "X-Amzn-Trace-Id", "Root=\(root)", true, "path", root),
            ("traced", "X-Amzn-Trace-Id", "Root=nonsense;Parent=<x>;Sampled=9", true, "path", nil),
            ("other", "traceparent", traceparent + "01", true, nil, root),
            ("traced", "traceparent", traceparent + "00", false, nil, root),
            ("traced", "traceparent", "00-zz", true, "path", nil),
        ]
        try await withWatchedGateway(document) { gateway in
            for row in rows {
                try gateway.request("GET", "/dev/\(row.path)", headers: [(row.name, row.value)])
                let request = try #require(backend.requests.last)
                let header = parts(request["x-amzn-trace-id"])
                #expect(header["Sampled"] == (row.isTraced ? "1" : "0"), "\(row.value)")
                #expect(request.headers.filter { $0.name.lowercased() == "traceparent" }.count == 1)
                #expect(request["traceparent"]?.hasSuffix(row.isTraced ? "-01" : "-00") == true)
                if let root = row.root {
                    #expect(header["Root"] == root && header["Parent"] != parent)
                    #expect(request["traceparent"]?.hasPrefix("00-5759e988bd862e3fe1be46a994272793-") == true)
                }
                guard row.isTraced else { continue }
                let segment = try daemon.segment()
                #expect(segment["trace_id"]?.string == header["Root"])
                #expect(segment["aws"]?["xray"]?["sampling_rule_name"]?.string == row.rule)
                let hasParent = row.value.contains(parent)
                #expect(segment["parent_id"]?.string == (hasParent ? parent : nil), "\(row.value)")
            }
            #expect(daemon.isEmpty)
        }
    }

    @Test("the reservoir is a number a second, and the access log names the trace")
    func reservoir() async throws {
        let daemon = try DatagramReceiver()
        let folder = try TemporaryFolder()
        let document = Self.document(
            daemon, rules: "[{RuleName: few, Priority: 1, ReservoirSize: 2, FixedRate: 0}]",
            stage: "tracingEnabled: true, accessLogSettings: {destinationArn: \"file:\(folder.path)/log\", "
                + "format: \"$context.requestId $context.xrayTraceId\"}", [SpecOperation("GET /a", mock("x"))])
        try await withWatchedGateway(document) { gateway in
            let start = monotonicMilliseconds()
            for _ in 0..<20 { try gateway.request("GET", "/dev/a") }
            let seconds = Int(monotonicMilliseconds() - start) / 1000 + 2
            let lines = try folder.lines("log", 20)
            let roots = lines.compactMap { $0.split(separator: " ").last.map(String.init) }
            #expect(Set(roots).count == 20 && roots.allSatisfy { $0.hasPrefix("1-") && $0.utf8.count == 35 })
            var count = 0
            while !daemon.isEmpty {
                let segment = try daemon.segment()
                #expect(roots.contains(segment["trace_id"]?.string ?? ""))
                count += 1
            }
            #expect(count >= 2 && count <= 2 * seconds)
        }
    }

    @Test("a daemon that is not there costs segments, and no request")
    func noDaemon() async throws {
        var daemon: DatagramReceiver? = try DatagramReceiver()
        let document = Self.document(try #require(daemon), [SpecOperation("GET /a", mock("x"))])
        daemon = nil
        try await withWatchedGateway(document) { gateway in
            for _ in 0..<10 {
                let answer = try gateway.request("GET", "/dev/a")
                #expect(answer.status == 200)
            }
            let sent = try gateway.metric("portico_trace_segments_total")
            let lost = try gateway.metric("portico_trace_segments_lost_total")
            #expect(sent + lost == 10 && lost > 0)
        }
    }
}
