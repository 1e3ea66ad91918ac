import Dispatch
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// Source: reference, "Cache" (rest 8.1) and "Canary" (4.3).
@Suite("Conformance: cache")
struct ConformanceCacheTests {
    private static let keyed = "cacheKeyParameters: [method.request.querystring.type]"

    /// A GET on `/users` whose answers are kept, and the same for POST.
    private static func document(
        _ backend: Backend, settings: String = "{cachingEnabled: true, requireAuthorizationForCacheControl: false}",
        key: String = keyed, type: String = "http", more: String = "", stage: String = "", root: String = ""
    ) -> String {
        let uri = "http://\(backend.authority)/"
        let parameters =
            "parameters: [{name: type, in: query, schema: {type: string}}, "
            + "{name: X-Who, in: header, schema: {type: string}}]"
        return spec(
            root: """
                x-portico-stages:
                  prod: {cacheClusterEnabled: true, methodSettings: {"*/*": \(settings)\(more)}\(stage)}
                  plain: {methodSettings: {"*/*": \(settings)}}
                \(root)
                """,
            [
                SpecOperation("GET /users", backendIntegration(type, "GET", uri, key), parameters),
                SpecOperation("POST /users", backendIntegration(type, "POST", uri, key), parameters),
                SpecOperation("HEAD /users", backendIntegration(type, "GET", uri, key), parameters),
            ])
    }

    /// Answers with a number that grows by one with each call.
    private static func counter(_ headers: [(String, String)] = []) throws -> Backend {
        try Backend(.counter(headers: headers))
    }

    private func bodies(
        _ gateway: TestGateway, _ targets: [String], _ method: String = "GET", headers: [(String, String)] = []
    ) throws -> [String] {
        try targets.map { try gateway.request(method, $0, headers: headers).text }
    }

    private func expect(
        _ expected: [String], _ gateway: TestGateway, _ targets: [String], _ method: String = "GET",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let seen = try bodies(gateway, targets, method)
        #expect(seen == expected, sourceLocation: sourceLocation)
    }

    @Test("Cache key parameters split the answers, and nothing else does")
    func key() async throws {
        let backend = try Self.counter()
        try await withGateway(Self.document(backend)) { gateway in
            let seen = try bodies(
                gateway,
                [
                    "/prod/users?type=a", "/prod/users?type=a", "/prod/users?type=b", "/prod/users?type=a&x=1",
                    "/prod/users", "/prod/users?type=", "/prod/users", "/prod/users?type=b",
                ])
            #expect(seen == ["1", "1", "2", "1", "3", "4", "3", "2"])
            // Two stages, one of which has no cache.
            try expect(["5", "6"], gateway, ["/plain/users?type=a", "/plain/users?type=a"])
        }
        #expect(backend.requests.count == 6)
    }

    @Test("Without key parameters all requests of a method share one answer")
    func noKey() async throws {
        let backend = try Self.counter()
        try await withGateway(Self.document(backend, key: "")) { gateway in
            try expect(["1", "1"], gateway, ["/prod/users?type=a", "/prod/users?type=b"])
        }
    }

    @Test("A header splits the answers whatever the case of its name")
    func headerKey() async throws {
        let backend = try Self.counter()
        let key = "cacheKeyParameters: [method.request.header.X-Who]"
        try await withGateway(Self.document(backend, key: key)) { gateway in
            for (name, value, expected) in [
                ("X-Who", "ann", "1"), ("x-who", "bob", "2"), ("X-WHO", "ann", "1"), ("x-who", "bob", "2"),
            ] {
                let answer = try gateway.request("GET", "/prod/users", headers: [(name, value)])
                #expect(answer.text == expected)
            }
        }
    }

    @Test("Status, headers and body are kept, ids and date are not; errors of the backend are kept, too")
    func answer() async throws {
        let backend = try Backend(
            .respond(status: 503, headers: [("X-Own", "1"), ("Content-Type", "text/plain")], body: "sorry"),
            .respond(status: 200, headers: [], body: "well"))
        try await withGateway(Self.document(backend, type: "http_proxy")) { gateway in
            let first = try gateway.request("GET", "/prod/users")
            let second = try gateway.request("GET", "/prod/users")
            for answer in [first, second] {
                #expect(answer.status == 503 && answer.text == "sorry")
                #expect(answer["X-Own"] == "1" && answer["Content-Type"] == "text/plain")
            }
            #expect(first["x-amzn-RequestId"] != second["x-amzn-RequestId"])
            #expect(second["x-amz-apigw-id"] != nil && second["Date"] != nil)
        }
        #expect(backend.requests.count == 1)
    }

    @Test("What the gateway says itself is not kept")
    func faults() async throws {
        let backend = try Backend(.close, .close, .respond(status: 200, headers: [], body: "well"))
        try await withGateway(Self.document(backend)) { gateway in
            #expect(try gateway.request("GET", "/prod/users").status >= 500)
            try Deadline().wait(for: "an answer") { try gateway.request("GET", "/prod/users").status == 200 }
            #expect(try gateway.request("GET", "/prod/users").text == "well")
        }
    }

    @Test("What a stage says of all methods concerns GET alone; a method's own setting concerns that method")
    func verbs() async throws {
        let backend = try Self.counter()
        try await withGateway(Self.document(backend)) { gateway in
            try expect(["1", "2"], gateway, ["/prod/users", "/prod/users"], "POST")
        }
        let own = #", "users/POST": {cachingEnabled: true}, "users/GET": {cachingEnabled: false}"#
        let other = try Self.counter()
        try await withGateway(Self.document(other, more: own)) { gateway in
            try expect(["1", "1"], gateway, ["/prod/users", "/prod/users"], "POST")
            try expect(["2", "3"], gateway, ["/prod/users", "/prod/users"])
        }
    }

    @Test("A HEAD is no answer for others")
    func head() async throws {
        let backend = try Self.counter()
        let own = #", "users/HEAD": {cachingEnabled: true}"#
        try await withGateway(Self.document(backend, more: own)) { gateway in
            let seen = try (0..<2).map { _ in try gateway.request("HEAD", "/prod/users").status }
            #expect(seen == [200, 200])
        }
        #expect(backend.requests.count == 2)
    }

    @Test("Methods with one namespace share answers, by verb")
    func namespace() async throws {
        let backend = try Self.counter()
        let uri = "http://\(backend.authority)/"
        func method(_ line: String, _ namespace: String) -> SpecOperation {
            SpecOperation(line, backendIntegration("http", "GET", uri, "cacheNamespace: \(namespace)"))
        }
        let document = spec(
            root:
                #"x-portico-stages: {prod: {cacheClusterEnabled: true, methodSettings: {"*/*": {cachingEnabled: true}}}}"#,
            [method("GET /a", "one"), method("GET /b", "one"), method("GET /c", "two")])
        try await withGateway(document) { gateway in
            try expect(["1", "1", "2"], gateway, ["/prod/a", "/prod/b", "/prod/c"])
        }
    }

    @Test("An answer lives as long as its method says", arguments: [1, 2])
    func timeToLive(_ seconds: Int) async throws {
        let backend = try Self.counter()
        let settings = "{cachingEnabled: true, cacheTtlInSeconds: \(seconds)}"
        try await withGateway(Self.document(backend, settings: settings)) { gateway in
            let start = ContinuousClock.now
            #expect(try gateway.request("GET", "/prod/users").text == "1")
            let second = try gateway.request("GET", "/prod/users").text
            #expect(second == "1" || ContinuousClock.now - start > .seconds(seconds))
            try Deadline().wait(for: "the end of the answer") { try gateway.request("GET", "/prod/users").text == "2" }
            #expect(ContinuousClock.now - start > .milliseconds(seconds * 1000 - 50))
        }
        let off = try Self.counter()
        try await withGateway(Self.document(off, settings: "{cachingEnabled: true, cacheTtlInSeconds: 0}")) { gateway in
            try expect(["1", "2"], gateway, ["/prod/users", "/prod/users"])
        }
    }

    @Test(
        "Whoever may have a fresh answer replaces the one that is kept",
        arguments: ["max-age=0", "no-cache", "private, Max-Age=0"])
    func fresh(_ value: String) async throws {
        let backend = try Self.counter()
        try await withGateway(Self.document(backend)) { gateway in
            #expect(try gateway.request("GET", "/prod/users").text == "1")
            let asked = try gateway.request("GET", "/prod/users", headers: [("Cache-Control", value)])
            #expect(asked.text == "2" && asked["Warning"] == nil)
            #expect(try gateway.request("GET", "/prod/users").text == "2")
            #expect(try gateway.request("GET", "/prod/users", headers: [("Cache-Control", "max-age=10")]).text == "2")
        }
    }

    @Test(
        "Who may not gets what the method says",
        arguments: [
            ("", 200, "1", true), ("FAIL_WITH_403", 403, message("Forbidden"), false),
            ("SUCCEED_WITH_RESPONSE_HEADER", 200, "1", true), ("SUCCEED_WITHOUT_RESPONSE_HEADER", 200, "1", false),
        ])
    func unauthorized(_ strategy: String, _ status: Int, _ text: String, _ isWarned: Bool) async throws {
        let backend = try Self.counter()
        let own = strategy.isEmpty ? "" : ", unauthorizedCacheControlHeaderStrategy: \(strategy)"
        try await withGateway(Self.document(backend, settings: "{cachingEnabled: true\(own)}")) { gateway in
            #expect(try gateway.request("GET", "/prod/users").text == "1")
            let asked = try gateway.request("GET", "/prod/users", headers: [("Cache-Control", "max-age=0")])
            #expect(asked.status == status && asked.text == text)
            #expect((asked["Warning"] != nil) == isWarned)
            #expect(try gateway.request("GET", "/prod/users")["Warning"] == nil)
            // The warning is there also where nothing was kept yet.
            let first = try gateway.request("GET", "/prod/users?type=new", headers: [("Cache-Control", "max-age=0")])
            #expect((first["Warning"] != nil) == isWarned)
        }
        #expect(backend.requests.count == (status == 403 ? 1 : 2))
    }

    @Test(
        "A signed caller may invalidate as IAM lets it",
        arguments: [("*", true), ("execute-api:InvalidateCache", true), ("execute-api:Other", false)])
    func signed(_ action: String, _ isAllowed: Bool) async throws {
        let backend = try Self.counter()
        let signer = PlainSigner()
        let root = """
            x-portico-identities:
              ann:
                arn: arn:aws:iam::000000000000:user/ann
                accessKeyId: \(signer.accessKeyID)
                secretAccessKey: \(signer.secret)
                policies:
                  - Version: '2012-10-17'
                    Statement:
                      - {Effect: Allow, Action: "execute-api:Invoke", Resource: "*"}
                      - {Effect: Allow, Action: "\(action)", Resource: "arn:aws:execute-api:*:*:*/prod/GET/users"}
            x-portico-stages: {prod: {cacheClusterEnabled: true, methodSettings: {"*/*": {cachingEnabled: true}}}}
            """
        let document = spec(
            root: root,
            [
                SpecOperation(
                    "GET /users", backendIntegration("http", "GET", "http://\(backend.authority)/"),
                    "x-amazon-apigateway-auth: {type: AWS_IAM}")
            ])
        try await withGateway(document) { gateway in
            func ask(_ isFresh: Bool) throws -> RawResponse {
                let host = "127.0.0.1:\(gateway.port)"
                let headers = signer.authorization("GET", "/prod/users", host: host)
                return try gateway.request(
                    "GET", "/prod/users", headers: headers + (isFresh ? [("Cache-Control", "max-age=0")] : []))
            }
            #expect(try ask(false).text == "1")
            let fresh = try ask(true)
            #expect(fresh.status == 200)
            #expect(fresh.text == (isAllowed ? "2" : "1"))
            #expect((fresh["Warning"] == nil) == isAllowed)
            #expect(try ask(false).text == (isAllowed ? "2" : "1"))
        }
    }

    @Test("Encrypted answers are given as others are")
    func encrypted() async throws {
        let backend = try Self.counter([("X-Own", "1")])
        let settings = "{cachingEnabled: true, cacheDataEncrypted: true}"
        try await withGateway(Self.document(backend, settings: settings, type: "http_proxy")) { gateway in
            let answers = try (0..<3).map { _ in try gateway.request("GET", "/prod/users") }
            #expect(answers.map(\.text) == ["1", "1", "1"])
            #expect(answers.allSatisfy { $0["X-Own"] == "1" })
        }
    }

    @Test("Of requests that come at the same time one asks the backend", arguments: [1, 3])
    func singleFlight(_ workers: Int) async throws {
        let feed = PieceFeed()
        let backend = try Backend(.feed(feed))
        try await withGateway(Self.document(backend), configure: { $0.workers = workers }) { gateway in
            let port = gateway.port
            async let answers = withTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        await withCheckedContinuation { continuation in
                            DispatchQueue.global().async {
                                let text = try? HTTP.request("GET", "/prod/users", port: port).text
                                continuation.resume(returning: text ?? "-")
                            }
                        }
                    }
                }
                return await group.reduce(into: [String]()) { $0.append($1) }
            }
            try Deadline().wait(for: "the first call") { backend.requests.count == 1 }
            // As long as nobody answers, nobody else asks.
            feed.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")
            #expect(await answers == Array(repeating: "one", count: 20))
            #expect(backend.requests.count == 1)
        }
    }

    @Test("When the one who asks goes away, another one asks")
    func abandoned() async throws {
        let backend = try Backend(.silence, .respond(status: 200, headers: [], body: "two"))
        try await withGateway(Self.document(backend)) { gateway in
            let first = try RawConnection(port: gateway.port)
            try first.send("GET /prod/users HTTP/1.1\r\nHost: a\r\n\r\n")
            try Deadline().wait(for: "the first call") { backend.requests.count == 1 }
            let second = try RawConnection(port: gateway.port)
            try second.send("GET /prod/users HTTP/1.1\r\nHost: a\r\n\r\n")
            first.reset()
            let answer = try second.readResponse()
            #expect(answer.status == 200 && answer.text == "two")
        }
    }

    @Test("A canary has no cache of the stage unless it says so", arguments: [false, true])
    func canary(_ usesStageCache: Bool) async throws {
        let backend = try Self.counter()
        let stage = ", canarySettings: {percentTraffic: 100, useStageCache: \(usesStageCache)}"
        try await withGateway(Self.document(backend, stage: stage)) { gateway in
            let seen = try bodies(gateway, ["/prod/users", "/prod/users"])
            #expect(seen == (usesStageCache ? ["1", "1"] : ["1", "2"]))
        }
    }

    @Test("A reload of the same document keeps the answers, another document begins anew")
    func reload() async throws {
        let backend = try Self.counter()
        try await withGateway(Self.document(backend)) { gateway in
            #expect(try gateway.request("GET", "/prod/users").text == "1")
            try await gateway.install(Self.document(backend))
            #expect(try gateway.request("GET", "/prod/users").text == "1")
            try await gateway.install(Self.document(backend, key: ""))
            #expect(try gateway.request("GET", "/prod/users").text == "2")
        }
    }

    @Test("Clients that take other codings get answers that they can read")
    func compression() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: String(repeating: "long ", count: 500)))
        let root = "x-amazon-apigateway-minimum-compression-size: 100"
        try await withGateway(Self.document(backend, root: root)) { gateway in
            let coded = try gateway.request("GET", "/prod/users", headers: [("Accept-Encoding", "gzip")])
            let plain = try gateway.request("GET", "/prod/users")
            let again = try gateway.request("GET", "/prod/users", headers: [("Accept-Encoding", "gzip")])
            #expect(coded["Content-Encoding"] == "gzip" && again["Content-Encoding"] == "gzip")
            #expect(plain["Content-Encoding"] == nil && plain.text.hasPrefix("long long "))
            #expect(again.body == coded.body)
        }
        #expect(backend.requests.count == 2)
    }
}
