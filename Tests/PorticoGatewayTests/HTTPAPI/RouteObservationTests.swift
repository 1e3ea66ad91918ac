import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Access logs, mTLS, domains" (1.15); API Gateway guide, "Monitoring metrics for HTTP APIs".
@Suite("What is told of requests of HTTP APIs")
struct RouteObservationTests {
    @Test("Access logs have the variables of HTTP APIs, and a dash for what is missing")
    func accessLog() async throws {
        let folder = try TemporaryFolder()
        let backend = try Backend(.respond(status: 201, headers: [], body: "hello"))
        let format =
            "$context.routeKey $context.requestId $context.extendedRequestId $context.stage $context.path $context.status "
            + "$context.responseLength $context.integration.status $context.integrationStatus $context.protocol "
            + "$context.error.message $context.error.responseType $context.authorizer.error "
            + "$context.customDomain.basePathMatched $context.resourceId"
        let root = """
            x-portico-stages: {$default: {accessLogSettings: {destinationArn: "file:\(folder.path)/log", format: "\(format)"}}}
            x-portico-domain-names: {api.example.com: {apiMappings: {"v1/shop": $default}}}
            """
        let spec = HTTPAPISpec.document(
            root: root,
            [
                .init("POST /pets/{id}", HTTPAPISpec.proxy("http://\(backend.authority)")),
                .init("GET /away", HTTPAPISpec.proxy("http://127.0.0.1:9")),
            ])
        try await withWatchedGateway(spec) { gateway in
            var expected: [String] = []
            let ends = [
                ("POST", "/pets/7", [], "POST /pets/{id}", "$default /pets/7 201 5 201 201 HTTP/1.1 - - - -"),
                (
                    "POST", "/v1/shop/pets/7", [("Host", "api.example.com")], "POST /pets/{id}",
                    "$default /v1/shop/pets/7 201 5 201 201 HTTP/1.1 - - - v1/shop"
                ),
                (
                    "GET", "/away", [], "GET /away",
                    "$default /away 503 33 - - HTTP/1.1 Service Unavailable INTEGRATION_FAILURE - -"
                ),
                ("GET", "/cats", [], "-", "$default /cats 404 23 - - HTTP/1.1 Not Found RESOURCE_NOT_FOUND - -"),
            ]
            for (verb, path, headers, key, end) in ends {
                let answer = try gateway.request(verb, path, headers: headers)
                let id = try #require(answer["apigw-requestid"])
                expected.append("\(key) \(id) \(id) \(end) ")
            }
            let lines = try folder.lines("log", expected.count)
            for (line, start) in zip(lines, expected) { #expect(line.hasPrefix(start), "\(line) | \(start)") }
        }
    }

    @Test(
        "CloudWatch's names are those of HTTP APIs, by ApiId; routes have metrics of their own where they are detailed")
    func embeddedMetrics() throws {
        let registry = MetricRegistry()
        func series(_ resource: String, isDetailed: Bool) -> Int {
            registry.series(
                MetricSeriesKey(
                    apiName: "shop", apiID: "abc", stage: "$default", method: "GET", resource: resource, kind: .http),
                isDetailed: isDetailed)
        }
        let shard = registry.makeShard()
        for (resource, status, bytes) in [("/a", 404, 1000), ("/b", 200, 300), ("/b", 503, 7)] {
            let series = series(resource, isDetailed: resource == "/a")
            shard.record(series: series, dataProcessed: bytes)
            shard.record(
                series: series, status: status, latencyMicroseconds: 16_000, integrationLatencyMicroseconds: 8_000)
        }
        let lines = registry.minute()
        let stage = "ApiId=abc Stage=$default"
        #expect(Set(lines.keys) == ["ApiId=abc", stage, "ApiId=abc Method=GET Resource=/a Stage=$default"])
        for name in ["ApiId=abc", stage] {
            let line = try #require(lines[name])
            #expect(
                line.units == [
                    "Count": "Count", "4xx": "Count", "5xx": "Count", "Latency": "Milliseconds",
                    "IntegrationLatency": "Milliseconds", "DataProcessed": "Bytes",
                ])
            #expect(line.sums["Count"] == 3 && line.sums["4xx"] == 1 && line.sums["5xx"] == 1)
            #expect(abs((line.sums["Latency"] ?? 0) - 48) < 2 && abs((line.sums["IntegrationLatency"] ?? 0) - 24) < 1)
            #expect(line.sums["DataProcessed"]?.rounded() == 1307)
        }
        let route = try #require(lines["ApiId=abc Method=GET Resource=/a Stage=$default"])
        #expect(route.sums["Count"] == 1 && route.sums["4xx"] == 1 && route.sums["5xx"] == 0)
        #expect(route.sums["DataProcessed"]?.rounded() == 1000)
    }

    @Test("The bytes that are processed are those of access logs")
    func dataProcessed() async throws {
        let folder = try TemporaryFolder()
        let backend = try Backend(.respond(status: 201, headers: [], body: "hello"))
        let root = """
            x-portico-stages: {$default: {accessLogSettings: {destinationArn: "file:\(folder.path)/log",
              format: "$context.requestId $context.authorizer.claims $context.authorizer.claims.sub $context.dataProcessed"}}}
            """
        let spec = HTTPAPISpec.document(
            root: root, [.init("POST /pets", HTTPAPISpec.proxy("http://\(backend.authority)"))])
        let api = try TestGateway.compile(spec).identity.apiID
        try await withWatchedGateway(spec) { gateway in
            #expect(try gateway.request("POST", "/pets", body: String(repeating: "x", count: 5000)).status == 201)
            // Of a body that is refused nothing counts, nor of those before it.
            let refused = try RawConnection(port: gateway.port)
            try refused.send("POST /pets HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
            #expect(try refused.readResponse().status == 413)
            #expect(try gateway.request("GET", "/cats").status == 404)
            #expect(try folder.lines("log", 3).allSatisfy { $0.contains(" null - ") })
            let bytes = try folder.lines("log", 3).map { $0.split(separator: " ").last.flatMap { Double($0) } ?? 0 }
            #expect(bytes.count == 3 && bytes[0] > 5005 && bytes[0] < 5500)
            #expect(bytes.dropFirst().allSatisfy { $0 > 23 && $0 < 500 })
            let lines = gateway.server.observation.registry.minute()
            #expect(Set(lines.keys) == ["ApiId=\(api)", "ApiId=\(api) Stage=$default"])
            for line in lines.values {
                #expect(line.sums["Count"] == 3 && line.sums["4xx"] == 2 && line.sums["5xx"] == 0)
                #expect(line.sums["DataProcessed"]?.rounded() == bytes.reduce(0, +))
            }
        }
    }

    @Test("Limits of a stage hold for each route, those of a route before them")
    func settings() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let proxy = HTTPAPISpec.proxy("http://\(backend.authority)")
        let root = """
            x-portico-stages:
              $default:
                defaultRouteSettings: {throttlingRateLimit: 0.001, throttlingBurstLimit: 1}
                routeSettings: {GET /b: {throttlingBurstLimit: 2}, $default: {throttlingRateLimit: 1000, throttlingBurstLimit: 100}}
            """
        let spec = HTTPAPISpec.document(
            root: root, [.init("GET /a", proxy), .init("GET /b", proxy), .init("$default", proxy)])
        let snapshot = try TestGateway.compile(spec)
        let dump = snapshot.dump()
        #expect(dump.contains("protocol HTTP") && dump.contains("$default=2"), "\(dump)")
        try await withGateway(spec) { gateway in
            for (path, wanted) in [("/a", [200, 429]), ("/b", [200, 200, 429]), ("/c", [200, 200, 200, 200])] {
                let statuses = try wanted.map { _ in try gateway.request("GET", path).status }
                #expect(statuses == wanted, "\(path)")
            }
        }
    }
}
