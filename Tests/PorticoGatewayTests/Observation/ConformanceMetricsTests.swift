import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Metrics" (9.3).
@Suite("Metrics, over sockets")
struct ConformanceMetricsTests {
    private static let key = "keykeykeykeykeykeykeykey"

    private static func document(_ backend: Backend) -> String {
        let uri = "http://\(backend.authority)/"
        return spec(
            root: """
                x-portico-stages:
                  prod:
                    cacheClusterEnabled: true
                    methodSettings:
                      "*/*": {metricsEnabled: true}
                      "cached/GET": {cachingEnabled: true, metricsEnabled: true}
                      "slow/GET": {throttlingRateLimit: 0.001, throttlingBurstLimit: 1}
                  new: {canarySettings: {percentTraffic: 100}}
                x-portico-usage-plans: {gold: {quota: {limit: 1, period: DAY}, apiStages: [prod]}}
                x-portico-api-keys: [{name: one, value: \(key), usagePlans: [gold]}]
                \(APIKeySpecs.scheme)
                """,
            [
                SpecOperation("GET /open", mock("x")), SpecOperation("POST /open", mock("x")),
                SpecOperation("GET /slow", mock("x")),
                SpecOperation("GET /key", mock("x"), "security: [{key: []}]"),
                SpecOperation("GET /cached", backendIntegration("http_proxy", "GET", uri)),
                SpecOperation("GET /gone", backendIntegration("http_proxy", "GET", uri)),
            ])
    }

    @Test("known traffic has the right counts, by stage, method and canary")
    func counts() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "x"))
        let gone = try Backend(.close)
        let document = Self.document(backend).replacing(
            "\"GET\", uri: \"http://\(backend.authority)/\"", with: "\"GET\", uri: \"http://\(gone.authority)/\"")
        try await withWatchedGateway(document) { gateway in
            let header = [("x-api-key", Self.key)]
            let rows: [(count: Int, method: String, path: String, headers: [(String, String)])] = [
                (5, "GET", "/prod/open", []), (3, "POST", "/prod/open", []), (2, "GET", "/new/open", []),
                (4, "GET", "/prod/slow", []), (3, "GET", "/prod/key", header), (1, "GET", "/prod/key", []),
                (4, "GET", "/prod/cached", []), (2, "GET", "/prod/nothing", []), (7, "GET", "/none/open", []),
            ]
            for row in rows {
                for _ in 0..<row.count { try gateway.request(row.method, row.path, headers: row.headers) }
            }
            let document = try gateway.metrics()
            func value(
                _ name: String, _ stage: String, _ method: String, _ resource: String, _ more: [String: String] = [:]
            ) -> Double? {
                document.value(
                    "portico_api_" + name,
                    ["api": "conformance", "stage": stage, "method": method, "resource": resource].merging(more) { $1 })
            }
            #expect(value("requests_total", "prod", "GET", "/open", ["canary": "false"]) == 5)
            #expect(value("requests_total", "prod", "POST", "/open") == 3)
            #expect(value("requests_total", "new", "GET", "/open", ["canary": "true"]) == 2)
            #expect(value("requests_total", "new", "GET", "/open", ["canary": "false"]) == nil)
            #expect(value("requests_total", "prod", "GET", "/slow") == 4)
            #expect(value("client_errors_total", "prod", "GET", "/slow") == 3)
            #expect(value("throttled_requests_total", "prod", "GET", "/slow", ["level": "method"]) == 3)
            #expect(value("throttled_requests_total", "prod", "GET", "/slow", ["level": "quota"]) == 0)
            #expect(value("throttled_requests_total", "prod", "GET", "/key", ["level": "quota"]) == 2)
            #expect(value("client_errors_total", "prod", "GET", "/key") == 3)
            #expect(value("cache_hits_total", "prod", "GET", "/cached") == 3)
            #expect(value("cache_misses_total", "prod", "GET", "/cached") == 1)
            #expect(value("integration_latency_seconds_count", "prod", "GET", "/cached") == 1)
            #expect(value("latency_seconds_count", "prod", "GET", "/cached") == 4)
            #expect(value("integration_latency_seconds_count", "prod", "GET", "/open") == 0)
            // What no method takes counts for the stage; a stage that is none has no series.
            #expect(value("requests_total", "prod", "", "") == 2)
            #expect(value("client_errors_total", "prod", "", "") == 2)
            let all = document.samples.filter { $0.name == "portico_api_requests_total" }.reduce(0) { $0 + $1.value }
            #expect(all == Double(rows.dropLast().reduce(0) { $0 + $1.count }))
            #expect(document.value("portico_requests_total") == all + 7)
        }
    }

    @Test("latencies are those of requests and backends, in seconds")
    func latencies() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        let document = spec([
            SpecOperation("GET /b", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/"))
        ])
        try await withWatchedGateway(document) { gateway in
            let connection = try RawConnection(port: gateway.port)
            let start = monotonicMilliseconds()
            try connection.send("GET /dev/b HTTP/1.1\r\nHost: a\r\n\r\n")
            try Deadline().wait(for: "50 ms") { monotonicMilliseconds() - start > 50 && feed.hasBegun }
            feed.send("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n")
            feed.finish()
            _ = try connection.readResponse()
            let took = Double(monotonicMilliseconds() - start + 1) / 1000
            let document = try gateway.metrics()
            let labels = ["resource": "/b"]
            let whole = try #require(document.value("portico_api_latency_seconds_sum", labels))
            let part = try #require(document.value("portico_api_integration_latency_seconds_sum", labels))
            #expect(part > 0.04 && part <= whole && whole <= took)
            #expect(document.value("portico_api_server_errors_total", labels) == 1)
            let early = labels.merging(["le": "0.025"]) { $1 }
            #expect(document.value("portico_api_latency_seconds_bucket", early) == 0)
            #expect(document.value("portico_api_latency_seconds_bucket", labels.merging(["le": "+Inf"]) { $1 }) == 1)
        }
    }

    @Test("an answer that is sent as it comes counts with its last byte, and with all of its bytes")
    func streamed() async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        let folder = try TemporaryFolder()
        let document = spec(
            root: """
                x-portico-stages: {dev: {accessLogSettings: {destinationArn: "file:\(folder.path)/log", format:
                  "$context.requestId $context.status $context.responseLength $context.integrationStatus $context.httpMethod"}}}
                """,
            [
                SpecOperation(
                    "GET /s",
                    backendIntegration(
                        "http_proxy", "GET", "http://\(backend.authority)/", "responseTransferMode: STREAM"))
            ])
        try await withWatchedGateway(document) { gateway in
            let connection = try RawConnection(port: gateway.port)
            try connection.send("GET /dev/s HTTP/1.1\r\nHost: a\r\n\r\n")
            feed.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            feed.chunk("12345")
            let head = try connection.readResponseHead()
            #expect(head.status == 200)
            #expect(try connection.readChunk()?.count == 5)
            // Not before it has ended.
            #expect(try gateway.metrics().value("portico_api_requests_total", ["resource": "/s"]) == nil)
            let start = monotonicMilliseconds()
            try Deadline().wait(for: "60 ms") { monotonicMilliseconds() - start > 60 }
            feed.chunk("678")
            feed.send("0\r\n\r\n")
            feed.finish()
            while try connection.readChunk() != nil {}
            let line = try #require(try folder.lines("log", 1).first)
            #expect(line.hasSuffix(" 200 8 200 GET"))
            #expect(try gateway.metric("portico_api_requests_total", ["resource": "/s"]) == 1)
            #expect(try gateway.metric("portico_api_latency_seconds_sum", ["resource": "/s"]) > 0.06)

            // A client that goes away in the middle.
            var other: RawConnection? = try RawConnection(port: gateway.port)
            try other?.send("GET /dev/s HTTP/1.1\r\nHost: a\r\n\r\n")
            feed.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            feed.chunk("12345")
            _ = try other?.readResponseHead()
            _ = try other?.readChunk()
            other?.reset()
            other = nil
            #expect(try folder.lines("log", 2).last?.hasSuffix(" 200 5 200 GET") == true)
        }
    }

    @Test("a minute is a line of the embedded metric format for each set of dimensions")
    func embedded() async throws {
        let lines = LogCollector()
        let document = spec(
            root: """
                x-portico-stages: {dev: {methodSettings: {"a/GET": {metricsEnabled: true}}}}
                """, [SpecOperation("GET /a", mock("x")), SpecOperation("GET /b", mock("x"))])
        try await withWatchedGateway(
            document,
            configure: {
                $0.metricsOutput = lines.take
                // A minute is half a second.
                $0.clockSpeed = 120
            }
        ) { gateway in
            for path in ["/dev/a", "/dev/a", "/dev/b", "/dev/c"] { try gateway.request("GET", path) }
            try Deadline().wait(for: "three sets") { lines.text.utf8.count { $0 == 0x0A } >= 3 }
            let found = lines.text.split(separator: "\n").compactMap { JSONValue(parsing: String($0)) }
            func rows(_ member: String, _ value: String) -> [JSONValue] { found.filter { $0[member]?.string == value } }
            func sum(_ rows: [JSONValue], _ name: String) -> Int {
                rows.reduce(0) { sum, row in
                    let values = row[name]?["Values"]?.elements.compactMap(\.integer) ?? []
                    let counts = row[name]?["Counts"]?.elements.compactMap(\.integer) ?? []
                    return sum + zip(values, counts).reduce(0) { $0 + $1.0 * $1.1 }
                }
            }
            #expect(found.allSatisfy { $0["ApiName"]?.string == "conformance" })
            let method = rows("Resource", "/a")
            #expect(sum(method, "Count") == 2 && sum(method, "4XXError") == 0)
            #expect(method.first?["Method"]?.string == "GET" && method.first?["Stage"]?.string == "dev")
            #expect(rows("Resource", "/b").isEmpty)
            let stage = rows("Stage", "dev").filter { $0["Resource"] == nil }
            #expect(sum(stage, "Count") == 4 && sum(stage, "4XXError") == 1)
            let api = found.filter { $0["Stage"] == nil }
            #expect(sum(api, "Count") == 4)
            let directive = try #require(api.first?["_aws"]?["CloudWatchMetrics"]?.elements.first)
            #expect(directive["Namespace"]?.string == "AWS/ApiGateway")
            #expect((api.first?["_aws"]?["Timestamp"]?.integer ?? 0) % 60_000 == 0)
        }
    }

    @Test("requests of HTTP/2 are told as any others")
    func http2() async throws {
        let folder = try TemporaryFolder()
        let registry = MetricRegistry()
        let series = registry.series(
            MetricSeriesKey(
                apiName: "t", apiID: "i", stage: "dev", method: "GET", resource: "/a", isCanary: false))
        let file = AccessLogFile(.file(path: folder.path + "/log")) { _ in }
        let sink = AccessLogSinkTarget(.file(file))
        let snapshot = try TestGateway.compile(spec([SpecOperation("GET /a", mock("hello"))]))
        let format = AccessLogCompiler.compile(
            "$context.requestId $context.status $context.responseLength $context.path", symbols: snapshot.symbols
        ).format
        let observation = ServingObservation(
            accessLog: ServingAccessLog(format: format, sink: sink), tracing: nil, series: series,
            methodSeries: [series])
        let gateway = try await HTTP2Gateway(
            snapshot, metrics: registry.makeShard(), observe: { _ in observation })
        do {
            let client = try RawHTTP2(port: gateway.port)
            for stream in [1, 3, 5] { #expect(try client.get(stream, "/dev/a").text == "hello") }
            #expect(try client.get(7, "/dev/b").status == "403")
        } catch {
            await gateway.stop()
            throw error
        }
        await gateway.stop()
        await file.close()
        let lines = folder.read("log").split(separator: "\n").map { $0.split(separator: " ").dropFirst() }
        #expect(
            lines.map { $0.joined(separator: " ") } == Array(repeating: "200 5 /dev/a", count: 3) + ["403 42 /dev/b"])
        #expect(registry.read().totals[series].count == 4)
    }
}
