import PorticoSyntax
import Testing

@testable import PorticoPrograms

@Suite("References between schemas")
struct SchemaReferenceTests {
    static let documents = [
        "http://example.test/number.json": "{\"type\":\"number\"}",
        "http://example.test/shapes/all.json#":
            "{\"definitions\":{\"side\":{\"$ref\":\"../number.json\"},\"named\":{\"id\":\"#edge\",\"type\":\"null\"},"
            + "\"text\":{\"type\":\"string\"}},\"items\":{\"$ref\":\"#\"}}",
        "http://example.test/shapes/number.json": "{\"type\":\"boolean\"}",
        "urn:example:thing": "{\"type\":\"array\",\"definitions\":{\"a\":{\"type\":\"null\"}}}",
        "plain.json": "{\"type\":\"string\"}",
    ]

    static func run(_ schema: String, _ body: String) -> String {
        let (program, problems) = SchemaProgram.compile(
            SchemaFixture.value(schema), library: [:], documents: documents.mapValues { SchemaFixture.value($0) })
        guard let program else { return problems.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ") }
        return SchemaFixture.run(program, body)
    }

    @Test(
        "A reference is read against the ids round it",
        arguments: [
            ("{\"$ref\":\"http://example.test/number.json\"}", "1", "\"\""),
            ("{\"$ref\":\"http://example.test/number.json#\"}", "1", "\"\""),
            ("{\"$ref\":\"http://example.test/shapes/all.json#/definitions/text\"}", "\"\"", "1"),
            ("{\"$ref\":\"http://example.test/shapes/all.json#/definitions/side\"}", "1", "true"),
            ("{\"$ref\":\"http://example.test/shapes/all.json#edge\"}", "null", "1"),
            ("{\"$ref\":\"http://example.test/shapes/./x/../../number.json\"}", "1", "true"),
            ("{\"id\":\"http://example.test/\",\"items\":{\"$ref\":\"number.json\"}}", "[1]", "[true]"),
            (
                "{\"id\":\"http://example.test/\",\"items\":{\"id\":\"shapes/\",\"items\":{\"$ref\":\"number.json\"}}}",
                "[[true]]", "[[1]]"
            ),
            (
                "{\"id\":\"http://example.test/a/b.json\",\"items\":{\"$ref\":\"/shapes/number.json\"}}", "[true]",
                "[1]"
            ),
            ("{\"id\":\"http://example.test/a\",\"items\":{\"$ref\":\"//example.test/number.json\"}}", "[1]", "[true]"),
            ("{\"$ref\":\"urn:example:thing\"}", "[]", "1"),
            ("{\"$ref\":\"urn:example:thing#/definitions/a\"}", "null", "1"),
            (
                "{\"id\":\"urn:example:own\",\"items\":{\"$ref\":\"#/not\"},\"not\":{\"type\":\"null\"}}", "[null]",
                "[1]"
            ),
            ("{\"$ref\":\"plain.json\"}", "\"\"", "1"),
            ("{\"$ref\":\"http://json-schema.org/draft-04/schema#\"}", "{\"minItems\":0}", "{\"minItems\":-1}"),
            (
                "{\"$ref\":\"http://json-schema.org/draft-04/schema#/definitions/simpleTypes\"}", "\"null\"",
                "\"nil\""
            ),
        ])
    func addresses(schema: String, accepted: String, refused: String) {
        #expect(Self.run(schema, accepted) == "valid")
        #expect(Self.run(schema, refused).hasPrefix("[instance"))
    }

    @Test(
        "An id counts where a schema stands, and nowhere else",
        arguments: [
            // Names that do not depend on places.
            (
                "{\"items\":{\"$ref\":\"#n\"},\"definitions\":{\"a\":{\"id\":\"#n\",\"type\":\"null\"}}}", "[null]",
                "[1]"
            ),
            (
                "{\"items\":{\"$ref\":\"x.json#n\"},\"not\":{\"id\":\"x.json\",\"anyOf\":[{\"id\":\"#n\",\"type\":\"string\"}]}}",
                "[\"\"]", "[1]"
            ),
            // A property of that name, a value of enum, a sibling of $ref are no ids.
            (
                "{\"properties\":{\"id\":{\"type\":\"null\"},\"b\":{\"$ref\":\"#/properties/id\"}}}", "{\"b\":null}",
                "{\"b\":1}"
            ),
            (
                "{\"definitions\":{\"a\":{\"enum\":[{\"id\":\"x.json\",\"type\":\"null\"}]},\"b\":{\"id\":\"x.json\",\"type\":\"string\"}},\"items\":{\"$ref\":\"x.json\"}}",
                "[\"\"]", "[null]"
            ),
            (
                "{\"id\":\"http://example.test/\",\"items\":{\"id\":\"shapes/\",\"$ref\":\"number.json\"}}", "[1]",
                "[true]"
            ),
            // The base of the nearest schema above, through keywords without an id of their own.
            (
                "{\"id\":\"http://a.test/r.json\",\"items\":{\"$ref\":\"http://b.test/d.json\"},\"definitions\":{\"c\":{\"id\":\"http://b.test/c.json\",\"additionalProperties\":{\"properties\":{\"p\":{\"id\":\"d.json\",\"type\":\"null\"}}}}}}",
                "[null]", "[1]"
            ),
            // A pointer may lead into a schema with another base, which then holds below it.
            (
                "{\"id\":\"http://example.test/x\",\"items\":{\"$ref\":\"#/definitions/a/items\"},\"definitions\":{\"a\":{\"id\":\"shapes/\",\"items\":{\"$ref\":\"number.json\"}}}}",
                "[true]", "[1]"
            ),
            // The first of two schemas with one address counts.
            (
                "{\"items\":{\"$ref\":\"#n\"},\"anyOf\":[{\"id\":\"#n\",\"type\":\"array\"},{\"not\":{\"id\":\"#n\"}}]}",
                "[[]]", "[{}]"
            ),
            // A place that no keyword makes a schema becomes one by being referred to.
            (
                "{\"x-parts\":{\"a\":{\"id\":\"shapes/\",\"items\":{\"$ref\":\"number.json\"}}},\"id\":\"http://example.test/\",\"$ref-\":1,\"items\":{\"$ref\":\"#/x-parts/a\"}}",
                "[[true]]", "[[1]]"
            ),
            // API Gateway's validator reads pointers against the whole document, whatever ids stand between.
            (
                "{\"items\":{\"id\":\"/items\",\"not\":{\"$ref\":\"#/definitions/a\"}},\"definitions\":{\"a\":{\"type\":\"null\"}}}",
                "[1]", "[null]"
            ),
        ])
    func identifiers(schema: String, accepted: String, refused: String) {
        #expect(Self.run(schema, accepted) == "valid")
        #expect(Self.run(schema, refused).hasPrefix("["), "\(Self.run(schema, refused))")
    }

    @Test(
        "Pointers undo percent signs and tildes, and take empty names",
        arguments: [
            ("a/b", "a~1b"), ("a~b", "a~0b"), ("a~1b", "a~01b"), ("a%b", "a%25b"), ("a\\\"b", "a%22b"), ("", ""),
            ("é", "%C3%A9"), ("é", "é"), (" ", "%20"), ("#", "%23"), ("0", "0"),
        ])
    func pointers(name: String, token: String) {
        let schema =
            "{\"definitions\":{\"\(name)\":{\"type\":\"null\"}},\"items\":{\"$ref\":\"#/definitions/\(token)\"}}"
        #expect(Self.run(schema, "[null]") == "valid")
        #expect(Self.run(schema, "[1]").hasPrefix("[instance"))
    }

    @Test(
        "A reference to nothing is reported where it stands",
        arguments: [
            ("{\"items\":{\"$ref\":\"#/definitions/a\"}}", "/items/$ref: '#/definitions/a' refers to nothing"),
            ("{\"$ref\":\"#n\"}", "/$ref: '#n' refers to nothing"),
            (
                "{\"$ref\":\"http://example.test/none.json\"}",
                "/$ref: 'http://example.test/none.json' refers to nothing"
            ),
            (
                "{\"$ref\":\"http://example.test/number.json#/a\"}",
                "/$ref: 'http://example.test/number.json#/a' refers to nothing"
            ),
            ("{\"items\":[{}],\"not\":{\"$ref\":\"#/items/00\"}}", "/not/$ref: '#/items/00' refers to nothing"),
            ("{\"items\":[{}],\"not\":{\"$ref\":\"#/items/1\"}}", "/not/$ref: '#/items/1' refers to nothing"),
            ("{\"$ref\":\"http://[\"}", "/$ref: 'http://[' refers to nothing"),
        ])
    func nothing(schema: String, message: String) {
        #expect(Self.run(schema, "1") == message)
    }

    @Test(
        "Addresses are resolved as RFC 3986 says",
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
            ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"), ("mailto:x", "mailto:x"), ("http://x/../y", "http://x/y"),
        ])
    func resolution(reference: String, address: String) {
        #expect(SchemaAddress.resolve(reference, under: "http://a/b/c/d;p?q") == address)
    }
}
