import PorticoSyntax
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "a text is written as it was read",
        arguments: [
            "null", "true", "false", "0", "-0", "1.50", "1e400", "-1E-5", "123456789012345678901234567890", #""""#,
            "[]", "{}",
            #"{"a":[1,{"b":null},"x"],"":{"c":[[],{}]}}"#, "\"\u{7F}\u{80}\u{2028}\u{FFFF}\u{10FFFF}\"",
            #""\"\\\b\f\n\r\t\u0001""#,
        ])
    func roundTrip(text: String) {
        let reading = Reading(text, path: "api.json")
        #expect(reading.json == text)
        #expect(reading.diagnostics.isEmpty)
        #expect(misplacements(reading).isEmpty)
        #expect(JSONValue(parsing: text).map { JSONWriter.compact($0) } == text)
        #expect(
            JSONValue(parsing: text).map { JSONWriter.pretty($0) }.flatMap { JSONValue(parsing: $0) }
                == JSONValue(parsing: text))
    }

    @Test("all escapes are read")
    func escapes() {
        let reading = Reading(#"["\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\uDE00"]"#, path: "api.json")
        #expect(reading.node?.sequence?.first?.scalar?.text.string == "\"\\/\u{8}\u{C}\n\r\tAé€😀")
        #expect(misplacements(reading).isEmpty)
    }

    @Test("kinds, styles and spans are those of YAML")
    func tree() {
        let reading = Reading("{ \"a\" : [ 1 , -2.5e1, \"x\" ] ,\r\n\t\"b\": { } }\n", path: "api.json")
        let root = reading.node
        let items = root?["a"]?.sequence ?? []
        #expect(items.map { $0.scalar?.kind } == [.integer(1), .number(-25), .string])
        #expect(items.map { $0.scalar?.style } == [.plain, .plain, .doubleQuoted])
        #expect(items.map { reading.text($0.span) } == ["1", "-2.5e1", "\"x\""])
        #expect(root?["a"].map { reading.text($0.span) } == "[ 1 , -2.5e1, \"x\" ]")
        #expect((root?.mapping?.member("b")?.keySpan).map { reading.place($0) } == "2:2")
        #expect(reading.diagnostics.isEmpty)
    }

    @Test("a lone surrogate is a warning and reads as U+FFFD")
    func loneSurrogate() {
        let reading = Reading(#"["\ud83d!"]"#, path: "api.json")
        #expect(reading.diagnostics.map(\.severity) == [.warning])
        #expect(reading.json == "[\"\u{FFFD}!\"]")
    }

    @Test("pretty text has two spaces a level")
    func pretty() {
        let value = JSONValue(parsing: #"{"a":[1,[]],"b":{},"c":{"d":null}}"#)
        #expect(
            value.map { JSONWriter.pretty($0) } == """
                {
                  "a": [
                    1,
                    []
                  ],
                  "b": {},
                  "c": {
                    "d": null
                  }
                }
                """)
    }

    @Test("a value with a number that JSON cannot write stays readable")
    func illegalNumbers() {
        #expect(JSONWriter.compact(.array([.number("010"), .number("NaN"), .number("")])) == #"["010","NaN",""]"#)
    }

    @Test(
        "the grammar of numbers",
        arguments: [
            ("0", true), ("-0.0", true), ("10", true), ("1e5", true), ("1E-05", true), ("", false), ("-", false),
            ("01", false),
            ("+1", false), (".5", false), ("1.", false), ("1e", false), ("1e+", false), ("1.5x", false), (" 1", false),
            ("0x1", false),
        ])
    func numbers(text: String, isValid: Bool) {
        #expect(JSONNumber.isValid(text) == isValid)
    }

    @Test("many mistakes are found in one run and the tree is still there")
    func recovery() {
        let reading = Reading("{'a': 1 \"b\": [1, 2,], // why\n c: None}", path: "api.json")
        #expect(
            reading.ids == [
                "json.single-quotes", "json.missing-comma", "json.trailing-comma", "json.comment", "json.unquoted-key",
                "json.literal",
            ])
        #expect(reading.json == #"{"a":1,"b":[1,2],"c":null}"#)
    }
}
