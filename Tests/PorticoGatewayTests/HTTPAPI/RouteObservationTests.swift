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
                    apiName: "shop", apiID: "abc", stage: "$default", method: "GET", resource: resource, isHTTPAPI: true
                ),
                isDetailed: isDetailed)
        }
        let shard = registry.makeShard()
        for (resource, status) in [("/a", 404), ("/b", 200)] {
            shard.record(
                series: series(resource, isDetailed: resource == "/a"), status: status, latencyMicroseconds: 1000,
                integrationLatencyMicroseconds: -1, cache: .none, throttle: .none)
        }
        var history = MetricHistory(registry: registry)
        let minutes = [600, 610, 670].flatMap { history.advance(to: $0) }
        var bytes: [UInt8] = []
        for minute in minutes { EmbeddedMetrics.append(minute, to: &bytes) }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
            JSONValue(parsing: String($0))
        }
        let dimensions = lines.map { line in
            ["ApiName", "ApiId", "Method", "Resource", "Stage"].compactMap { name -> String? in
                if case .string(let value)? = line[name] { "\(name)=\(value)" } else { nil }
            }.joined(separator: " ")
        }
        #expect(
            Set(dimensions) == [
                "ApiId=abc", "ApiId=abc Stage=$default", "ApiId=abc Method=GET Resource=/a Stage=$default",
            ])
        #expect(dimensions.count == 3)
        for line in lines {
            #expect(line["4xx"] != nil && line["5xx"] != nil && line["Count"] != nil && line["Latency"] != nil)
            #expect(line["4XXError"] == nil && line["CacheHitCount"] == nil)
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
