import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Stage and route selection" (1.1); cases `http-route-*` and `http-stage-*`.
@Suite("Routes of HTTP APIs")
struct RouteSelectionTests {
    private static let documented = [
        "GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default",
    ]

    /// Routes, request, and the key of the route with its values.
    struct Row: Sendable, CustomTestStringConvertible {
        var routes: [String]
        var request: String
        var expected: String

        init(_ routes: [String], _ request: String, _ expected: String) {
            self.routes = routes
            self.request = request
            self.expected = expected
        }

        var testDescription: String { "\(request) among \(routes)" }
    }

    /// The route that takes a request, by the compiled table.
    private func answer(_ row: Row) throws -> String {
        let spec = HTTPAPISpec.document(row.routes.map { .init($0, HTTPAPISpec.proxy("http://127.0.0.1:9")) })
        let snapshot = try TestGateway.compile(spec)
        let words = row.request.split(separator: " ").map(String.init)
        let verb = Array(words[0].utf8).withUnsafeBytes { HTTPMethod.parse($0) }.rawValue
        let parameters = RouteParameters()
        let path = Array(words[1].utf8)
        return path.withUnsafeBytes { bytes in
            guard let match = snapshot.routes.matchRoute(bytes, verb: verb, parameters: parameters) else {
                return snapshot.defaultRoute == nil ? "404" : "$default"
            }
            let method = snapshot.methods[Int(match.method)]
            let names = snapshot.resources[method.resource].parameterNames
            let values = names.enumerated().map { index, name in
                "\(name)=\(String(decoding: path[parameters[index].range], as: UTF8.self))"
            }
            return ([snapshot.routeKey(of: method)] + values).joined(separator: " ")
        }
    }

    @Test(
        "The documented example",
        arguments: [
            Row(documented, "GET /pets/dog/1", "GET /pets/dog/1"),
            Row(documented, "GET /pets/dog/2", "GET /pets/dog/{id} id=2"),
            Row(documented, "GET /pets/cat/1", "GET /pets/{proxy+} proxy=cat/1"),
            Row(documented, "POST /test/5", "ANY /{proxy+} proxy=test/5"),
            Row(documented, "POST /pets/dog/1", "ANY /{proxy+} proxy=pets/dog/1"),
            Row(documented, "GET /", "$default"),
        ])
    func example(_ row: Row) throws {
        let found = try answer(row)
        #expect(found == row.expected)
    }

    @Test(
        "What names the whole path goes before what takes the rest of it; a verb before ANY; no route is a 404",
        arguments: [
            Row(["GET /a/{proxy+}", "GET /{x}/b"], "GET /a/b", "GET /{x}/b x=a"),
            Row(["GET /a/{proxy+}", "GET /{x}/b"], "GET /a/c", "GET /a/{proxy+} proxy=c"),
            Row(["ANY /{x}", "GET /a/{proxy+}"], "GET /a", "ANY /{x} x=a"),
            Row(["ANY /a", "GET /a"], "GET /a", "GET /a"),
            Row(["ANY /a", "GET /a"], "PUT /a", "ANY /a"),
            Row(["GET /a/b", "GET /{x}/b", "GET /a/{y}"], "GET /a/b", "GET /a/b"),
            Row(["GET /{x}/b", "GET /a/{y}"], "GET /a/b", "GET /a/{y} y=b"),
            Row(["GET /users/{id}", "DELETE /users/{userId}"], "DELETE /users/7", "DELETE /users/{userId} userId=7"),
            Row(["GET /users/{id}", "DELETE /users/{userId}"], "GET /users/7", "GET /users/{id} id=7"),
            Row(["GET /u/{id}", "GET /u/{rest+}"], "GET /u/1/2", "GET /u/{rest+} rest=1/2"),
            Row(["GET /a/{proxy+}"], "GET /a", "404"),
            Row(["GET /a"], "POST /a", "404"),
            Row(["GET /a"], "GET /b", "404"),
            Row(["GET /a", "$default"], "POST /a", "$default"),
            Row(["GET /a", "$default"], "TRACE /a", "$default"),
        ])
    func specificity(_ row: Row) throws {
        let found = try answer(row)
        #expect(found == row.expected)
    }

    @Test("A stage is named by the first segment; everything else is the $default stage's")
    func stages() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let routes: [HTTPAPISpec.Route] = [
            .init("GET /pets", HTTPAPISpec.proxy("http://\(backend.authority)/b/${stageVariables.v}")),
            .init("GET /dev", HTTPAPISpec.proxy("http://\(backend.authority)/route-dev")),
        ]
        let root = "x-portico-stages: {$default: {variables: {v: main}}, dev: {variables: {v: dev}}}"
        try await withGateway(HTTPAPISpec.document(root: root, routes)) { gateway in
            check(
                [
                    ConformanceRow("1.1", "default", "GET /pets", 200, "ok", sent: .init("GET /b/main")),
                    ConformanceRow("1.1", "explicit", "GET /dev/pets", 200, "ok", sent: .init("GET /b/dev")),
                    ConformanceRow("1.1", "stage before route", "GET /dev", 404, sent: .notCalled),
                    ConformanceRow("1.1", "the name itself", "GET /$default/pets", 404, sent: .notCalled),
                    ConformanceRow("1.1", "no route", "GET /cats", 404, #"{"message":"Not Found"}"#, sent: .notCalled),
                    ConformanceRow(
                        "1.1", "wrong verb", "POST /pets", 404, #"{"message":"Not Found"}"#, sent: .notCalled),
                ], on: gateway, backend: backend)
        }
        let named = HTTPAPISpec.document(root: "x-portico-stages: {dev: {variables: {v: x}}}", routes)
        try await withGateway(named) { gateway in
            check(
                [
                    ConformanceRow("1.1", "no stage", "GET /pets", 404, #"{"message":"Not Found"}"#, sent: .notCalled),
                    ConformanceRow("1.1", "named", "GET /dev/pets", 200, "ok", sent: .init("GET /b/x")),
                ], on: gateway, backend: backend)
        }
    }

    @Test("A document without stages is served at the root, and a file of it as well")
    func defaultStage() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "ok"))
        let spec = HTTPAPISpec.document([
            .init("GET /pets", HTTPAPISpec.proxy("http://\(backend.authority)/x")),
            .init("$default", HTTPAPISpec.proxy("http://\(backend.authority)/all")),
        ])
        let snapshot = try TestGateway.compile(spec)
        #expect(snapshot.stageNames == ["$default"])
        let again = try DeploymentSnapshot.decode(snapshot.encoded())
        #expect(again.protocolType == .http)
        #expect(again.defaultRoute == snapshot.defaultRoute && again.defaultRoute != nil)
        #expect(again.encoded() == snapshot.encoded())
        try await withGateway(spec) { gateway in
            await gateway.install(again)
            check(
                [
                    ConformanceRow("1.1", "route", "GET /pets", 200, "ok", sent: .init("GET /x")),
                    ConformanceRow(
                        "1.6", "default route", "PUT /a/b?c=d", body: "hi", 200, "ok",
                        sent: .init("PUT /all/a/b?c=d", body: "hi")),
                ], on: gateway, backend: backend)
        }
    }
}
