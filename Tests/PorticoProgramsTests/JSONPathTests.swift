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
}
