import Testing

@testable import PorticoGateway

@Suite("Route matching")
struct RouteMatchTests {
    /// Routes, request, and the resource with its values, or nothing.
    struct Row: Sendable, CustomTestStringConvertible {
        var routes: [String]
        var request: String
        var expected: String?

        init(_ routes: [String], _ request: String, _ expected: String?) {
            self.routes = routes
            self.request = request
            self.expected = expected
        }

        var testDescription: String { "\(request) among \(routes)" }

        func run() -> String? {
            let parts = request.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard let verb = RouteVerb.allCases.first(where: { $0.name == parts[0] }) else { return "no verb" }
            guard let answer = RouteTable.build(routes).table.answer(verb, String(parts[1])) else { return nil }
            return ([answer.resource] + answer.values).joined(separator: " ")
        }
    }

    @Test(
        "a literal goes before {x}, and {x} before {x+}",
        arguments: [
            Row(["GET /a/b", "GET /a/{x}", "GET /a/{y+}"], "GET /a/b", "/a/b"),
            Row(["GET /a/b", "GET /a/{x}", "GET /a/{y+}"], "GET /a/c", "/a/{x} c"),
            Row(["GET /a/b", "GET /a/{x}", "GET /a/{y+}"], "GET /a/c/d", "/a/{y+} c/d"),
            Row(["GET /{y+}", "GET /{x}", "GET /b"], "GET /b", "/b"),
            Row(["GET /{x}/b", "GET /a/{y}"], "GET /a/b", "/a/{y} b"),
            Row(["GET /{p+}", "GET /part1", "GET /part1/value"], "GET /part1/value", "/part1/value"),
            Row(["GET /abc", "GET /abcdefgh", "GET /abcdefghi"], "GET /abcdefgh", "/abcdefgh"),
            Row(["GET /abcdefgh", "GET /abcdefghi"], "GET /abcdefghj", nil),
        ])
    func specificity(_ row: Row) { #expect(row.run() == row.expected) }

    @Test(
        "a branch without a method for the verb is given up for the next one",
        arguments: [
            Row(["POST /test", "OPTIONS /{proxy+}"], "OPTIONS /test", "/{proxy+} test"),
            Row(["POST /test", "OPTIONS /{proxy+}"], "POST /test", "/test"),
            Row(["POST /test", "OPTIONS /{proxy+}"], "GET /test", nil),
            Row(["POST /a/b", "GET /a/{x}"], "GET /a/b", "/a/{x} b"),
            Row(["POST /a/b", "PUT /a/{x}", "GET /a/{y+}"], "GET /a/b", "/a/{y+} b"),
            Row(["GET /a/b/c", "GET /{p+}"], "GET /a/b/d", "/{p+} a/b/d"),
            Row(["GET /a/b/c", "GET /{p+}"], "GET /a/b", "/{p+} a/b"),
            Row(["GET /a/b/c", "GET /{p+}"], "GET /a/b/c/d", "/{p+} a/b/c/d"),
            Row(["GET /a/b/c", "GET /a/{p+}", "GET /{q+}"], "GET /a/b/d", "/a/{p+} b/d"),
            Row(["GET /a/{x}/c", "GET /{y}/b/{z}"], "GET /a/b/d", "/{y}/b/{z} a d"),
            Row(["GET /a/{x}/c", "GET /{y}/{z}/d/{p+}"], "GET /a/b/d/e/f", "/{y}/{z}/d/{p+} a b e/f"),
            Row(["GET /{a}/{b}/{c}/x", "GET /{p+}"], "GET /1/2/3/y", "/{p+} 1/2/3/y"),
            Row(["/only", "GET /{x}"], "GET /only", "/{x} only"),
        ])
    func fallBack(_ row: Row) { #expect(row.run() == row.expected) }

    @Test("a resource's own method goes before its ANY, and the resource's ANY before another resource's own method")
    func any() {
        let table = RouteTable.of("GET,ANY /a", "ANY /b", "GET,POST /{x}")
        #expect(table.answer(.get, "/a")?.method == 0)
        #expect(table.answer(.post, "/a")?.method == 1)
        #expect(table.answer(.post, "/b")?.method == 2)
        #expect(table.answer(.post, "/c")?.method == 4)
    }

    @Test("ANY stands for the seven verbs and for no other")
    func verbsOfAny() {
        let table = RouteTable.of("ANY /a")
        let parameters = RouteParameters()
        for raw in UInt8.min...UInt8.max {
            let isFound = table.answer(raw: raw, Array("/a".utf8), parameters) != nil
            #expect(isFound == (raw < 7))
        }
    }

    @Test("HEAD does not fall back to GET")
    func head() {
        #expect(RouteTable.of("GET /a").answer(.head, "/a") == nil)
        #expect(RouteTable.of("GET /a", "HEAD /{p+}").answer(.head, "/a")?.resource == "/{p+}")
    }

    @Test(
        "slashes count once between segments and not at the end",
        arguments: [
            Row(["GET /a/b"], "GET //a///b", "/a/b"),
            Row(["GET /a/b"], "GET /a/b/", "/a/b"),
            Row(["GET /a/b"], "GET /a/b///", "/a/b"),
            Row(["GET /a/b/"], "GET /a/b", "/a/b"),
            Row(["GET /a/{x}"], "GET /a//1/", "/a/{x} 1"),
            Row(["GET /a/{x}"], "GET /a/", nil),
            Row(["GET /a/{x}"], "GET /a//", nil),
            Row(["GET /a", "GET /a/{x}"], "GET /a//", "/a"),
            Row(["GET /{x}/b"], "GET ///1//b//", "/{x}/b 1"),
        ])
    func slashes(_ row: Row) { #expect(row.run() == row.expected) }

    @Test(
        "a greedy value keeps its inner slashes and loses those at its ends",
        arguments: [
            Row(["GET /{p+}"], "GET /value//double", "/{p+} value//double"),
            Row(["GET /{p+}"], "GET //value//double///", "/{p+} value//double"),
            Row(["GET /a/{p+}"], "GET /a//b///c/", "/a/{p+} b///c"),
            Row(["GET /a/{p+}"], "GET /a/b", "/a/{p+} b"),
            Row(["GET /a/{p+}"], "GET /a/", nil),
            Row(["GET /a/{p+}"], "GET /a", nil),
            Row(["GET /a/b/c", "GET /{p+}"], "GET //a//b//d//", "/{p+} a//b//d"),
        ])
    func greedyValues(_ row: Row) { #expect(row.run() == row.expected) }

    @Test(
        "the root is matched by nothing but slashes",
        arguments: [
            Row(["GET /"], "GET ", "/"),
            Row(["GET /"], "GET /", "/"),
            Row(["GET /"], "GET ///", "/"),
            Row(["GET /", "GET /{p+}"], "GET /", "/"),
            Row(["GET /{p+}"], "GET /", nil),
            Row(["GET /{p+}"], "GET ", nil),
            Row(["GET /{x}"], "GET //", nil),
            Row(["POST /", "GET /{p+}"], "GET /", nil),
            Row([], "GET /", nil),
            Row([], "GET /a", nil),
        ])
    func root(_ row: Row) { #expect(row.run() == row.expected) }

    @Test(
        "nothing is percent-decoded, and letters keep their case",
        arguments: [
            Row(["GET /a b", "GET /{x}"], "GET /a%20b", "/{x} a%20b"),
            Row(["GET /a/{x}"], "GET /a/%2B+%2f", "/a/{x} %2B+%2f"),
            Row(["GET /a/b"], "GET /a%2Fb", nil),
            Row(["GET /Pets"], "GET /pets", nil),
            Row(["GET /grüße/{x}"], "GET /grüße/ñ", "/grüße/{x} ñ"),
        ])
    func bytes(_ row: Row) { #expect(row.run() == row.expected) }

    @Test("values that belong to a branch given up are forgotten")
    func forgottenValues() {
        let table = RouteTable.of("GET /{a}/{b}/{c}/end", "GET /x/{d}/{e}/other", "GET /x/{p+}")
        #expect(table.answer(.get, "/x/1/2/none")?.values == ["1/2/none"])
        #expect(table.answer(.get, "/x/1/2/end")?.values == ["1/2/end"])
        #expect(table.answer(.get, "/y/1/2/end")?.values == ["y", "1", "2"])
    }

    @Test("a path may have more variables than the caller's room, which then grows once")
    func manyVariables() {
        let table = RouteTable.of("GET " + (0..<100).map { "/{v\($0)}" }.joined())
        let parameters = RouteParameters(capacity: 2)
        let path = (0..<100).map { "/\($0)" }.joined()
        for _ in 0..<2 {
            let answer = table.answer(raw: RouteVerb.get.rawValue, Array(path.utf8), parameters)
            #expect(answer?.values == (0..<100).map(String.init))
        }
        #expect(parameters.capacity == 100)
        #expect(table.parameterNames(of: 100) == (0..<100).map { "v\($0)" })
    }

    @Test("a path without its first slash begins with a segment")
    func withoutSlash() {
        let table = RouteTable.of("GET /a/{x}", "GET /{p+}")
        #expect(table.answer(.get, "a/1") == RouteAnswer(method: 0, resource: "/a/{x}", values: ["1"]))
        #expect(table.answer(.get, "b/1") == RouteAnswer(method: 1, resource: "/{p+}", values: ["b/1"]))
    }
}
