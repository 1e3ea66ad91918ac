import PorticoSyntax
import Testing

@testable import PorticoPrograms

@Suite("Schema compiler")
struct SchemaCompilerTests {
    @Test(
        "What makes a schema useless is a fatal problem at its place",
        arguments: [
            ("[]", "", "a schema must be an object"), ("{\"items\":true}", "/items", "a schema must be an object"),
            ("{\"properties\":{\"a/b\":{\"pattern\":\"a(\"}}}", "/properties/a~1b/pattern", "malformed pattern 'a('"),
            ("{\"patternProperties\":{\"[\":{}}}", "/patternProperties/[", "malformed pattern '['"),
            ("{\"$ref\":\"#/definitions/x\"}", "/$ref", "'#/definitions/x' refers to nothing"),
            ("{\"$ref\":\"Missing\"}", "/$ref", "'Missing' refers to nothing"),
            ("{\"$ref\":\"http://example.com/s.json#/a\"}", "/$ref", "refers to nothing"),
            ("{\"$ref\":\"#name\"}", "/$ref", "'#name' refers to nothing"),
            ("{\"$ref\":1}", "/$ref", "'$ref' must be a string"),
            ("{\"$ref\":\"#\"}", "", "'$ref' leads back to itself"),
            (
                "{\"$ref\":\"#/items\",\"items\":{\"$ref\":\"#/not\"},\"not\":{\"$ref\":\"#/items\"}}", "/items",
                "'$ref' leads back to itself"
            ),
            ("{\"allOf\":[{\"$ref\":\"#\"}]}", "", "applies to the same value again and again"),
            (
                "{\"properties\":{\"a\":{\"dependencies\":{\"b\":{\"not\":{\"$ref\":\"#/properties/a\"}}}}}}",
                "/properties/a", "applies to the same value again and again"
            ),
            ("{\"type\":\"strng\"}", "/type", "unknown type 'strng'"),
            ("{\"type\":[]}", "/type", "'type' must be a type or a list of types"),
            ("{\"type\":[1]}", "/type", "'type' must be a type or a list of types"),
            ("{\"enum\":[]}", "/enum", "'enum' must not be empty"), ("{\"enum\":1}", "/enum", "'enum' must be a list"),
            ("{\"anyOf\":[]}", "/anyOf", "'anyOf' must not be empty"),
            ("{\"minimum\":\"5\"}", "/minimum", "'minimum' must be a number"),
            ("{\"multipleOf\":0}", "/multipleOf", "'multipleOf' must be above zero"),
            (
                "{\"multipleOf\":1.\(String(repeating: "1", count: 500))}", "/multipleOf",
                "'multipleOf' has more than 500 digits"
            ),
            ("{\"format\":1}", "/format", "'format' must be a string"),
            ("{\"minLength\":-1}", "/minLength", "'minLength' must be a whole number that is not negative"),
            ("{\"maxItems\":1.5}", "/maxItems", "'maxItems' must be a whole number that is not negative"),
            ("{\"uniqueItems\":1}", "/uniqueItems", "'uniqueItems' must be true or false"),
            ("{\"required\":\"a\"}", "/required", "'required' must be a list"),
            ("{\"required\":[1]}", "/required", "'required' must be a list of names"),
            ("{\"properties\":[]}", "/properties", "'properties' must be an object"),
        ])
    func fatal(schema: String, pointer: String, message: String) throws {
        let (program, problems) = SchemaFixture.compile(schema)
        #expect(program == nil)
        let problem = try #require(problems.first { $0.isFatal })
        #expect(problem.isFatal)
        #expect(problem.pointer == pointer)
        #expect(problem.message.contains(message))
    }

    @Test(
        "What draft 4 does not know is ignored and said",
        arguments: [
            ("{\"const\":1}", "/const", "'const' is not a keyword of JSON Schema draft 4 and is ignored"),
            ("{\"items\":{\"if\":{}}}", "/items/if", "'if' is not a keyword"),
            ("{\"nullable\":true}", "/nullable", "'nullable' is ignored, null is refused"),
            ("{\"required\":true}", "/required", "'required' is ignored"),
            ("{\"format\":\"uuid\"}", "/format", "'format' \"uuid\" is not known to JSON Schema draft 4"),
            ("{\"discriminator\":{\"propertyName\":\"a\"}}", "/discriminator", "'discriminator' is ignored"),
            ("{\"readOnly\":true}", "/readOnly", "'readOnly' is ignored: requests may send the value"),
            (
                "{\"$ref\":\"#/definitions/a\",\"nullable\":true,\"definitions\":{\"a\":{}}}", "",
                "'nullable' beside '$ref' has no effect"
            ),
            ("{\"$id\":\"a\"}", "/$id", "'$id' is not a keyword of JSON Schema draft 4"),
            ("{\"exclusiveMaximum\":5}", "/exclusiveMaximum", "a number in 'exclusiveMaximum' is of later drafts"),
            (
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "/$schema",
                "'$schema' names another draft"
            ),
            ("{\"exclusiveMinimum\":true}", "/exclusiveMinimum", "'exclusiveMinimum' without 'minimum' has no effect"),
            ("{\"additionalItems\":false}", "/additionalItems", "without a list of 'items' has no effect"),
            ("{\"$ref\":\"#/definitions/a\",\"minimum\":1,\"definitions\":{\"a\":{}}}", "", "'minimum' beside '$ref'"),
        ])
    func ignored(schema: String, pointer: String, message: String) throws {
        let (program, problems) = SchemaFixture.compile(schema)
        #expect(program != nil)
        #expect(problems.count == 1)
        let problem = try #require(problems.first)
        #expect(!problem.isFatal)
        #expect(problem.pointer == pointer)
        #expect(problem.message.contains(message))
    }

    @Test("Words that only describe are ignored in silence")
    func silent() {
        let schema = """
            {"$schema":"x","id":"y","title":"t","description":"d","default":1,"format":"int32","example":1,"xml":{},
            "readOnly":false,"deprecated":true,"definitions":{"a":{"const":1}},"x-a":1,"nullable":false,
            "required":[]}
            """
        let (program, problems) = SchemaFixture.compile(schema)
        #expect(program != nil)
        #expect(problems == [])
    }

    static let library = [
        "Pet":
            "{\"type\":\"object\",\"required\":[\"name\"],\"properties\":{\"name\":{\"$ref\":\"#/definitions/Name\"}}}",
        "Name": "{\"type\":\"string\",\"minLength\":2}",
        "Local": "{\"$ref\":\"#/definitions/Name\",\"definitions\":{\"Name\":{\"type\":\"integer\"}}}",
        "Broken": "{\"properties\":{\"a\":{\"type\":\"x\"}},\"const\":1}",
    ]

    @Test(
        "A reference finds other models, and its own definitions first",
        arguments: [
            ("{\"$ref\":\"#/definitions/Name\"}", "\"ab\"", "1"),
            ("{\"$ref\":\"#/components/schemas/Name\"}", "\"ab\"", "\"a\""),
            ("{\"$ref\":\"https://apigateway.amazonaws.com/restapis/abc123/models/Name\"}", "\"ab\"", "\"a\""),
            ("{\"$ref\":\"Name\"}", "\"ab\"", "\"a\""),
            ("{\"items\":{\"$ref\":\"#/definitions/Pet\"}}", "[{\"name\":\"ab\"}]", "[{\"name\":\"a\"}]"),
            ("{\"$ref\":\"#/definitions/Pet/properties/name\"}", "\"ab\"", "\"a\""),
            ("{\"$ref\":\"#/definitions/Local\"}", "1", "\"ab\""),
            ("{\"$ref\":\"#/definitions/Name\",\"definitions\":{\"Name\":{\"type\":\"null\"}}}", "null", "\"ab\""),
            ("{\"items\":[{\"type\":\"integer\"},{\"$ref\":\"#/items/0\"}]}", "[1,2]", "[1,\"a\"]"),
            (
                "{\"properties\":{\"a b/c~d\":{\"type\":\"integer\"},\"e\":{\"$ref\":\"#/properties/a%20b~1c~0d\"}}}",
                "{\"e\":1}", "{\"e\":\"1\"}"
            ),
            ("{\"properties\":{\"$ref\":{\"type\":\"integer\"}}}", "{\"$ref\":1}", "{\"$ref\":\"\"}"),
            (
                "{\"properties\":{\"next\":{\"$ref\":\"#\"}},\"additionalProperties\":false}",
                "{\"next\":{\"next\":{\"next\":{}}}}", "{\"next\":{\"next\":{\"nxt\":{}}}}"
            ),
        ])
    func references(schema: String, accepted: String, refused: String) {
        #expect(SchemaFixture.run(schema, accepted, Self.library) == "valid")
        #expect(SchemaFixture.run(schema, refused, Self.library).hasPrefix("["))
    }

    @Test("Problems in another model name that model")
    func foreignProblems() {
        let (program, problems) = SchemaFixture.compile("{\"$ref\":\"#/definitions/Broken\"}", Self.library)
        #expect(program == nil)
        #expect(problems.map(\.pointer).sorted() == ["Broken#/const", "Broken#/properties/a/type"])
        #expect(problems.filter(\.isFatal).map(\.message) == ["unknown type 'x'"])
    }

    @Test("All problems are found in one run")
    func many() {
        let schema = "{\"type\":\"x\",\"minimum\":\"1\",\"properties\":{\"a\":{\"pattern\":\"(\"},\"b\":{\"const\":1}}}"
        #expect(SchemaFixture.compile(schema).problems.count == 4)
    }

    @Test("A schema that nests too deep is refused")
    func depth() {
        let deep = String(repeating: "{\"items\":", count: 400) + "{}" + String(repeating: "}", count: 400)
        #expect(SchemaFixture.compile(deep).program != nil)
        var schema = JSONValue.object([])
        for _ in 0..<2000 { schema = .object([JSONMember("not", schema)]) }
        let problems = SchemaProgram.compile(schema, library: [:]).problems
        #expect(problems.map(\.message) == ["the schema nests more than 512 levels deep"])
        var constant = JSONValue.null
        for _ in 0..<100 { constant = .array([constant]) }
        let tooDeep = SchemaProgram.compile(.object([JSONMember("enum", .array([constant]))]), library: [:])
        #expect(tooDeep.problems.map(\.message) == ["a value of 'enum' nests too deep"])
    }

    @Test(
        "Java's spelling of decimals",
        arguments: [
            ("1.50", "1.50"), ("1e3", "1E+3"), ("1.5e3", "1.5E+3"), ("12e-1", "1.2"), ("1E-7", "1E-7"),
            ("123e-10", "1.23E-8"), ("5e-3", "0.005"), ("-1.0e1", "-10"), ("0e5", "0E+5"), ("10e0", "10"),
        ])
    func decimals(text: String, printed: String) {
        #expect(SchemaNumberText.javaText(text) == printed)
    }

    @Test("A program prints what it demands")
    func disassembly() {
        let schema = """
            {"type":"object","required":["id","x"],"properties":{"id":{"type":"string","pattern":"^a"},"n":{"enum":[1,"a",[2]],
            "minimum":1,"exclusiveMinimum":true},"l":{"items":[{"$ref":"#"}],"additionalItems":false,"uniqueItems":true}},
            "patternProperties":{"^x":{}},"additionalProperties":false,"dependencies":{"a":["b"]},"not":{"maxProperties":0}}
            """
        let text = """
            root node 1
            node 1 ""
                type object
                required "id" node 2
                optional "n" node 3
                optional "l" node 4
                required "x" undeclared
                matching "^x" node 5
                others nothing
                with "a" "b"
                not node 6
            node 2 "/properties/id"
                type string
                pattern "^a"
            node 3 "/properties/n"
                value > 1
                enum number "1"
                enum string "a"
                enum array of 1
            node 4 "/properties/l"
                elements unique
                element 0 node 1
                elements nothing
            node 5 "/patternProperties/^x"
            node 6 "/not"
                members <= 0

            """
        #expect(SchemaFixture.compile(schema).program?.disassemble() == text)
    }
}
