import PorticoGateway
import PorticoIR
import PorticoStores
import PorticoTestSupport
import Testing

/// Two gateways of one store, over sockets: what one of them knows counts for the other.
@Suite("Gateways that share a store")
struct SharedGatewayTests {
    private static func document(_ backend: FakeUpstream, settings: String = "cachingEnabled: true") -> String {
        """
        openapi: 3.0.1
        info: {title: shared, version: '1'}
        x-portico-stages:
          prod:
            cacheClusterEnabled: true
            methodSettings:
              "*/*": {\(settings), requireAuthorizationForCacheControl: false}
              "limited/GET": {throttlingRateLimit: 0.001, throttlingBurstLimit: 10, cachingEnabled: false}
        x-portico-usage-plans: {gold: {quota: {limit: 20, period: MONTH}, apiStages: [prod]}}
        x-portico-api-keys: [{name: one, value: keykeykeykeykeykeykeykey, usagePlans: [gold]}]
        components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
        paths:
          /cached:
            get: &get
              parameters: [{name: q, in: query, schema: {type: string}}]
              responses: {"200": {description: fine}}
              x-amazon-apigateway-integration:
                {type: http_proxy, httpMethod: GET, uri: "http://\(backend.authority)/",
                 cacheKeyParameters: [method.request.querystring.q]}
          /limited:
            get:
              responses: {"200": {description: fine}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: "200"}}
          /counted:
            get:
              security: [{key: []}]
              responses: {"200": {description: fine}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: "200"}}
        """
    }

    /// Two gateways for the length of `body`.
    private func withGateways(
        _ document: String, _ store: any SharedStore, _ body: (TestGateway, TestGateway) async throws -> Void
    ) async throws {
        let one = try await TestGateway(document, configure: { $0.sharedStore = store })
        let other = try await TestGateway(document, configure: { $0.sharedStore = store })
        let result: Result<Void, any Error>
        do {
            try await body(one, other)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await one.stop()
        await other.stop()
        try result.get()
    }

    @Test("What one has fetched the other answers, until it is refreshed or flushed")
    func cache() async throws {
        let backend = try FakeUpstream(.counter(headers: [("X-Own", "1")]))
        try await withGateways(Self.document(backend), EmbeddedSharedStore()) { one, other in
            let first = try one.request("GET", "/prod/cached?q=a")
            let second = try other.request("GET", "/prod/cached?q=a")
            #expect(first.text == "1" && second.text == "1")
            #expect(second["X-Own"] == "1" && second.status == 200)
            let apart = try other.request("GET", "/prod/cached?q=b").text
            #expect(apart == "2")
            let fresh = try one.request("GET", "/prod/cached?q=b", headers: [("Cache-Control", "max-age=0")]).text
            #expect(fresh == "3")
            let flushed = try HTTP.request("DELETE", "/restapis/-/stages/prod/cache/data", port: one.adminPort)
            #expect(flushed.status == 202)
            let anew = try one.request("GET", "/prod/cached?q=a").text
            #expect(anew == "4")
        }
        #expect(backend.requests.count == 4)
    }

    @Test("Encrypted answers stay where they are")
    func encrypted() async throws {
        let backend = try FakeUpstream(.counter(headers: []))
        let document = Self.document(backend, settings: "cachingEnabled: true, cacheDataEncrypted: true")
        try await withGateways(document, EmbeddedSharedStore()) { one, other in
            let seen = try [one, one, other, other].map { try $0.request("GET", "/prod/cached").text }
            #expect(seen == ["1", "1", "2", "2"])
        }
    }

    @Test("A throttle counts for both, once they have settled")
    func throttle() async throws {
        let backend = try FakeUpstream(.echo)
        try await withGateways(Self.document(backend), EmbeddedSharedStore()) { one, other in
            let first = try (0..<10).map { _ in try one.request("GET", "/prod/limited").status }
            #expect(first.allSatisfy { $0 == 200 })
            // The other one's bucket is its own until the next settling.
            try Deadline().wait(for: "the settling") { try other.request("GET", "/prod/limited").status == 429 }
            let again = try one.request("GET", "/prod/limited").status
            #expect(again == 429)
        }
    }

    @Test("A quota counts for both")
    func quota() async throws {
        let backend = try FakeUpstream(.echo)
        let key = [("x-api-key", "keykeykeykeykeykeykeykey")]
        try await withGateways(Self.document(backend), EmbeddedSharedStore()) { one, other in
            let first = try (0..<20).map { _ in try one.request("GET", "/prod/counted", headers: key).status }
            #expect(first.allSatisfy { $0 == 200 })
            // It asks what others have counted when it has something to tell itself.
            try Deadline().wait(for: "the settling") {
                try other.request("GET", "/prod/counted", headers: key).status == 429
            }
            let refused = try other.request("GET", "/prod/counted", headers: key)
            #expect(refused.text == #"{"message":"Limit Exceeded"}"#)
        }
    }

    @Test("Without an answer of the store requests are served by what each has")
    func unavailable() async throws {
        let backend = try FakeUpstream(.counter(headers: []))
        // Nobody listens there.
        let store = RedisSharedStore(try RedisAddress(url: "redis://127.0.0.1:\(try freePort())"))
        _ = await store.connect()
        try await withGateways(Self.document(backend), store) { one, other in
            let seen = try [one, one, other, other].map { try $0.request("GET", "/prod/cached").text }
            #expect(seen == ["1", "1", "2", "2"])
            let limited = try (0..<11).map { _ in try one.request("GET", "/prod/limited").status }
            #expect(limited == Array(repeating: 200, count: 10) + [429])
            let metrics = try HTTP.request("GET", "/metrics", port: one.adminPort).text
            #expect(metrics.contains("portico_shared_store_connected{connection=\"cache\"} 0"))
        }
        await store.shutDown()
    }

    @Test(
        "Only pages of this machine may flush, and only what is there",
        arguments: [
            ("/restapis/-/stages/prod/cache/data", [("Origin", "http://evil.example")], 403),
            ("/restapis/-/stages/prod/cache/data", [("Host", "evil.example")], 403),
            ("/restapis/-/stages/other/cache/data", [], 404), ("/restapis/abc/stages/prod/cache/data", [], 404),
            ("/restapis/-/stages/prod/cache", [], 404), ("/", [], 404),
        ] as [(String, [(String, String)], Int)])
    func flushRefused(_ path: String, _ headers: [(String, String)], _ status: Int) async throws {
        let backend = try FakeUpstream(.counter(headers: []))
        let gateway = try await TestGateway(Self.document(backend))
        let answer = try? HTTP.request("DELETE", path, port: gateway.adminPort, headers: headers)
        await gateway.stop()
        #expect(answer?.status == status)
    }
}
