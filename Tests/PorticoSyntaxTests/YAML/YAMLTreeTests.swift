import PorticoSyntax
import Testing

@Suite("Trees of YAML documents")
struct YAMLTreeTests {
    @Test(
        "a document becomes the tree of its JSON",
        arguments: [
            ("a: 1\nb:\n  - x\n  - y: 2\n    z: 3\n", #"{"a":1,"b":["x",{"y":2,"z":3}]}"#),
            ("key:\n- a\n- b\nnext: {x: [1, 2,], y: }\n", #"{"key":["a","b"],"next":{"x":[1,2],"y":null}}"#),
            ("- - 1\n  - 2\n-\n  - 3\n", "[[1,2],[3]]"),
            ("---\na: b\n...\n", #"{"a":"b"}"#),
            ("%YAML 1.2\n---\na: b\n", #"{"a":"b"}"#),
            ("# only a comment before\na: b # and after\n", #"{"a":"b"}"#),
            (
                "200: ok\n\"404\": gone\n1.0: x\ntrue: y\nnull: z\n",
                #"{"200":"ok","404":"gone","1.0":"x","true":"y","null":"z"}"#
            ),
            ("a: &x {b: 1}\nc: *x\nd: [*x, *x]", #"{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}"#),
            ("a: &x 1\n*x : 2", #"{"a":1,"1":2}"#),
            ("&a k: v\nb: *a", #"{"k":"v","b":"k"}"#),
            ("a: &x 1\nb: &x 2\nc: *x", #"{"a":1,"b":2,"c":2}"#),
            ("? a\n: 1\n? b\n", #"{"a":1,"b":null}"#),
            ("\"\": empty", #"{"":"empty"}"#),
            ("[a: 1, b]", #"[{"a":1},"b"]"#),
            ("plain text\n  on two lines\n\n  and a third", #""plain text on two lines\nand a third""#),
            (
                "a: 'it''s'\nb: \"tab\\tbell\\x07 \\u00e9 \\U0001F600 \\\n    joined\"",
                #"{"a":"it's","b":"tab\tbell\u0007 é 😀 joined"}"#
            ),
        ])
    func trees(text: String, json: String) {
        let reading = Reading(text)
        #expect(reading.json == json)
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
        #expect(misplacements(reading).isEmpty)
    }

    @Test(
        "merge keys take what the mapping itself has not",
        arguments: [
            ("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n  z: 4", #"{"x":1,"y":3,"z":4}"#),
            ("a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a", #"{"y":3,"x":1}"#),
            ("a: &a {x: 1}\nc: &c {x: 2, w: 5}\nb:\n  <<: [*a, *c]\n  z: 4", #"{"x":1,"w":5,"z":4}"#),
            ("a: &a {x: 1}\nc: &c {<<: *a, w: 5}\nb:\n  <<: *c", #"{"x":1,"w":5}"#),
            ("b: {<<: {x: 1}}", #"{"x":1}"#),
            ("b: {\"<<\": {x: 1}}", #"{"<<":{"x":1}}"#),
            ("b: {<<: []}", "{}"),
        ])
    func merges(text: String, json: String) {
        let reading = Reading(text)
        #expect(reading.node?["b"].map { JSONWriter.compact(JSONValue($0)) } == json)
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
    }

    @Test("an alias is the anchored node itself")
    func sharing() {
        let reading = Reading("a: &x {b: 1}\nc: *x")
        #expect(reading.node?["a"] === reading.node?["c"])
    }

    @Test("spans hold exactly the bytes of keys and values")
    func spans() {
        let text = """
            # ö before everything: columns and bytes differ
            info: {title: "Bücher", list: [ä, b] }   # trailing
            paths:
              /pets/{id}:   # comment
                get: &anchor
                  - one

                  - 'two'

            text: |
              line ü

            folded: >-
              x
            empty:
            after: *anchor
            """
        let reading = Reading(text)
        let root = reading.node
        func value(_ node: Node?) -> String { node.map { reading.text($0.span) } ?? "nil" }
        #expect(reading.diagnostics.isEmpty)
        #expect(value(root?["info"]) == #"{title: "Bücher", list: [ä, b] }"#)
        #expect(value(root?["info"]?["title"]) == #""Bücher""#)
        #expect(value(root?["info"]?["list"]) == "[ä, b]")
        #expect(value(root?["paths"]?["/pets/{id}"]?["get"]) == "- one\n\n      - 'two'")
        #expect(value(root?["paths"]) == "/pets/{id}:   # comment\n    get: &anchor\n      - one\n\n      - 'two'")
        #expect(value(root?["text"]) == "|\n  line ü\n")
        #expect(value(root?["folded"]) == ">-\n  x")
        #expect(value(root?["empty"]) == "")
        #expect(value(root?["after"]) == "- one\n\n      - 'two'")
        let key = root?["paths"]?.mapping?.member("/pets/{id}")
        #expect(key.map { reading.text($0.keySpan) } == "/pets/{id}")
        #expect((root?["empty"]?.span).map { reading.place($0) } == "15:7")
        #expect(misplacements(reading).isEmpty)
    }

    @Test("duplicate keys keep the first value and name both places", arguments: [2, 12])
    func duplicates(count: Int) {
        let filler = (0..<count).map { "k\($0): \($0)\n" }.joined()
        let reading = Reading("a: 1\n\(filler)a: 2\na: 3\n")
        #expect(reading.node?["a"]?.scalar?.kind == .integer(1))
        #expect(reading.node?.mapping?.members.count == count + 1)
        #expect(reading.places == ["\(count + 2):1 yaml.duplicate-key", "\(count + 3):1 yaml.duplicate-key"])
        #expect(reading.diagnostics.first?.notes.first?.span?.offset == 0)
    }

    @Test("mistakes that leave a tree are all reported in one run")
    func several() {
        let reading = Reading("a: 1\na: 2\nb: *none\n{x: 1}: 3\nc: !!int z\nd: {<<: 1}\n")
        #expect(
            reading.places == [
                "3:4 yaml.undefined-alias", "4:1 yaml.key", "5:4 yaml.tag", "6:9 yaml.merge", "2:1 yaml.duplicate-key",
            ])
        #expect(reading.node != nil)
    }
}
