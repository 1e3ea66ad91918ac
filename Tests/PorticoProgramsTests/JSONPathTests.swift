import PorticoPrograms
import Testing

@Suite("JSONPath")
struct JSONPathTests {
    static let store = """
        {"store":{"book":[{"title":"A","price":8,"isbn":"1"},{"title":"B","price":12.5},{"title":"C","price":9,"isbn":"2"},\
        {"title":"D","price":23}],"bicycle":{"color":"red","price":20}},"a b":{"c.d":1},"n":null,"tags":["x","y"],"limit":10}
        """

    static func find(_ path: String, _ text: String = store) -> String? {
        guard case .success(let path) = JSONPath.compile(path) else { return "does not compile" }
        return Fixture.withTape(text) { tape -> String? in
            var found = false
            let text = Fixture.write { found = path.emit(tape, into: $0) }
            return found ? text : nil
        } ?? nil
    }

    @Test(
        "A path finds what Jayway finds",
        arguments: [
            ("$", "{\"a\":[1,2,3,4]}", "{\"a\":[1,2,3,4]}"), ("$.store.book[0].title", nil, "\"A\""),
            ("store.bicycle.color", nil, "\"red\""), ("$['store']['bicycle'][\"color\"]", nil, "\"red\""),
            ("$['a b']['c.d']", nil, "1"), ("$.n", nil, "null"), ("$.store.book[-1].title", nil, "\"D\""),
            ("$.store.book[0,2].title", nil, "[\"A\",\"C\"]"), ("$.store.book[:2].title", nil, "[\"A\",\"B\"]"),
            ("$.store.book[1:3].price", nil, "[12.5,9]"), ("$.store.book[-2:].title", nil, "[\"C\",\"D\"]"),
            ("$.store.book[*].title", nil, "[\"A\",\"B\",\"C\",\"D\"]"), ("$..price", nil, "[8,12.5,9,23,20]"),
            ("$.store.bicycle.*", nil, "[\"red\",20]"), ("$..book[0].title", nil, "[\"A\"]"),
            ("$.store.book[?(@.price < 10)].title", nil, "[\"A\",\"C\"]"),
            ("$.store.book[?(@.isbn)].title", nil, "[\"A\",\"C\"]"),
            ("$.store.book[?(!@.isbn)].title", nil, "[\"B\",\"D\"]"),
            ("$.store.book[?(@.price > $.limit && @.title != 'B')].title", nil, "[\"D\"]"),
            ("$.store.book[?(@.title == 'A' || @.price >= 23)].title", nil, "[\"A\",\"D\"]"),
            ("$.store.book[?(@.title in ['A','B'])].price", nil, "[8,12.5]"),
            ("$.store.book[?(@.title nin ['A','B'])].price", nil, "[9,23]"),
            ("$.store.book[?(@.title =~ /[a-b]/i)].price", nil, "[8,12.5]"),
            ("$.store.book.length()", nil, "4"), ("$.store.book.size()", nil, "4"), ("$.tags.last()", nil, "\"y\""),
            ("$.a.sum()", "{\"a\":[1,2,3.5]}", "6.5"), ("$.a.min()", "{\"a\":[1,2,3.5]}", "1.0"),
            ("$.store.bicycle.keys()", nil, "[\"color\",\"price\"]"),
            (
                "$.store.bicycle['color','price']", nil,
                "{\"color\":\"red\",\"price\":20}"
            ),
            ("$..*", "{\"a\":{\"b\":1}}", "[{\"b\":1},1]"), ("$..x", "{\"x\":{\"x\":1}}", "[{\"x\":1},1]"),
            ("$[?(@.x > 1)]", "[{\"x\":1},{\"x\":2}]", "[{\"x\":2}]"), ("$[?(@ > 1)]", "[1,2,3]", "[2,3]"),
            ("$[?(@.x == '2')]", "[{\"x\":2},{\"x\":\"2\"}]", "[{\"x\":2},{\"x\":\"2\"}]"),
            ("$[?(@.x === '2')]", "[{\"x\":2},{\"x\":\"2\"}]", "[{\"x\":\"2\"}]"),
            ("$[?((@.x == 1 || @.x == 3) && @.y)]", "[{\"x\":1},{\"x\":3,\"y\":0}]", "[{\"x\":3,\"y\":0}]"),
            ("$..[?(@.v)].v", "{\"v\":1,\"l\":[{\"v\":2}]}", "[1,2]"), ("$.list[*]", "{\"list\":[]}", "[]"),
            (
                "$[?(@.t contains 'b')]", "[{\"t\":\"abc\"},{\"t\":[\"b\"]},{\"t\":\"x\"}]",
                "[{\"t\":\"abc\"},{\"t\":[\"b\"]}]"
            ),
            ("$[?(@.t size 2)]", "[{\"t\":\"ab\"},{\"t\":[]}]", "[{\"t\":\"ab\"}]"),
            ("$[?(@.t empty true)]", "[{\"t\":\"ab\"},{\"t\":[]}]", "[{\"t\":[]}]"),
        ] as [(String, String?, String)])
    func finds(path: String, text: String?, result: String) {
        #expect(Self.find(path, text ?? Self.store) == result)
    }

    @Test(
        "A definite path without a hit finds nothing, an indefinite one an empty list",
        arguments: [
            ("$.x", nil), ("$.tags[2]", nil), ("$.tags.x", nil), ("$.n.x", nil), ("$.store.length", nil),
            ("$.n.length()", nil),
            ("$..zzz", "[]"), ("$.tags[5,6]", "[]"), ("$.store.book[?(@.price > 99)]", "[]"),
        ] as [(String, String?)])
    func misses(path: String, result: String?) {
        #expect(Self.find(path) == result)
    }

    @Test(
        "What is no path is a problem that names its place",
        arguments: [
            ("", 0..<0), ("$.", 1..<2), ("$..", 2..<3), ("$[", 1..<2), ("$['a", 2..<3), ("$['a'", 5..<5),
            ("$[a]", 2..<3), ("$.a b", 4..<5), ("$x", 1..<2),
            ("$.a.foo()", 4..<8), ("$[?(@.a ==)]", 10..<11), ("$[?(1)]", 4..<5), ("$[?(@.a]", 7..<8),
            ("$[?(@.a =~ /x]", 11..<12), ("$[?(@.a =~ /(/)]", 11..<14),
            ("$[9999999999]", 2..<12), ("$[1,]", 4..<5), ("$[?(@.a == 1.2.3)]", 11..<16), ("$.a[é]", 4..<6),
        ])
    func problems(path: String, range: Range<Int>) {
        guard case .failure(let problem) = JSONPath.compile(path) else {
            Issue.record("'\(path)' compiles")
            return
        }
        #expect(problem.range == range, "\(problem.message)")
    }

    @Test(
        "A path knows what its answer will be",
        arguments: [
            ("$.a[0].b", JSONPath.Shape.value), ("$", .value), ("$.a[-1]", .value), ("$..a", .list), ("$.a[*]", .list),
            ("$.a[0,1]", .list), ("$.a[0:1]", .list),
            ("$[?(@.x)]", .list), ("$['a','b']", .object), ("$['a','b'].c", .list), ("$.a.length()", .computed),
        ])
    func shapes(path: String, shape: JSONPath.Shape) throws {
        let path = try JSONPath.compile(path).get()
        #expect(path.shape == shape)
        #expect(path.isDefinite == (shape == .value || shape == .object || shape == .computed))
    }

    @Test("A path survives the snapshot")
    func roundTrip() throws {
        let path = try JSONPath.compile("$..a[?(@.b =~ /x/)].length()").get()
        var writer = ByteWriter()
        path.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try JSONPath(from: &reader) == path)
    }

    @Test("A path that multiplies the body by itself stops")
    func explosion() throws {
        let text = String(repeating: "[", count: 300) + "1" + String(repeating: "]", count: 300)
        let path = try JSONPath.compile("$..*..*..*..*..*..*").get()
        let found = Fixture.withTape(text) { tape -> Int in
            var results: [NodeIndex] = []
            path.evaluate(tape, into: &results)
            return results.count
        }
        #expect(try #require(found) < 600_000)
    }

    @Test("A list that repeats the body too often counts as nothing")
    func repetition() throws {
        let text =
            String(repeating: "[", count: 500) + "\"\(String(repeating: "x", count: 50_000))\""
            + String(repeating: "]", count: 500)
        #expect(Self.find("$..*", text) == nil)
    }
}
