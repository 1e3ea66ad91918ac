import PorticoPrograms
import Testing

@Suite("Bodies that are meant to hurt a schema", .timeLimit(.minutes(2)))
struct HardInputSchemaTests {
    private static let digits = String(repeating: "7", count: 5000)

    @Test(
        "Numbers of any length and exponent are compared exactly, or soon",
        arguments: [
            ("{\"minimum\":0}", "1e999999999999"), ("{\"maximum\":0}", "-1e999999999999"),
            ("{\"minimum\":-1,\"maximum\":1}", "1e-999999999999"), ("{\"multipleOf\":1}", "1e99999999"),
            ("{\"maximum\":1e9999}", digits), ("{\"minimum\":0}", "0e99999999999999999999999"),
            ("{\"multipleOf\":7}", digits), ("{\"minimum\":0.1}", "1" + digits + "e-5000"),
            ("{\"type\":\"integer\"}", digits), ("{\"enum\":[1e5000]}", "1" + String(repeating: "0", count: 5000)),
            ("{\"multipleOf\":1e-9}", "1" + String(repeating: "0", count: 100_000)),
        ])
    func numbers(schema: String, body: String) {
        #expect(SchemaFixture.run(schema, body) == "valid")
    }

    @Test("Of a hundred thousand elements two that are equal are found, wherever they stand")
    func unique() {
        let elements = (0..<100_000).map { "{\"k\":\($0)}" }
        let schema = "{\"uniqueItems\":true}"
        #expect(SchemaFixture.run(schema, "[" + elements.joined(separator: ",") + "]") == "valid")
        let again = elements + ["{\"k\":50000.0}"]
        #expect(SchemaFixture.run(schema, "[" + again.joined(separator: ",") + "]") != "valid")
        let same = [String](repeating: "[[],{}]", count: 100_000)
        #expect(SchemaFixture.run(schema, "[" + same.joined(separator: ",") + "]") != "valid")
    }

    @Test("A hundred thousand mistakes make a short message")
    func mistakes() {
        let schema = "{\"items\":{\"type\":\"object\",\"required\":[\"a\"]}}"
        let text = SchemaFixture.run(
            schema, "[" + [String](repeating: "\"x\"", count: 100_000).joined(separator: ",") + "]")
        #expect(text != "valid" && text.utf8.count < 10_000)
        let name = String(repeating: "n", count: 1 << 20)
        let closed = "{\"additionalProperties\":false}"
        let long = SchemaFixture.run(closed, "{\"\(name)\":1}")
        #expect(long != "valid" && long.utf8.count < 10_000)
        let members = (0..<100_000).map { "\"\($0)\":1" }.joined(separator: ",")
        let many = SchemaFixture.run(closed, "{\(members)}")
        #expect(many != "valid" && many.utf8.count < 100_000)
    }

    @Test("A text of ten megabytes is measured and matched")
    func longText() {
        let text = String(repeating: "é", count: 5 << 20)
        #expect(SchemaFixture.run("{\"minLength\":5242880,\"maxLength\":5242880}", "\"\(text)\"") == "valid")
        #expect(SchemaFixture.run("{\"pattern\":\"^é+$\"}", "\"\(text)\"") == "valid")
        let letters = String(repeating: "a", count: 10_000) + "!"
        #expect(SchemaFixture.run("{\"pattern\":\"^(a+)+$\"}", "\"\(letters)\"") != "valid")
        #expect(SchemaFixture.run("{\"patternProperties\":{\"^(a+)+$\":{}}}", "{\"\(letters)\":1}") != "")
    }

    @Test("A schema of a hundred thousand properties finds each of them")
    func manyProperties() {
        let properties = (0..<100_000).map { "\"p\($0)\":{\"type\":\"integer\"}" }.joined(separator: ",")
        let (program, _) = SchemaFixture.compile("{\"properties\":{\(properties)}}")
        guard let program else {
            Issue.record("no program")
            return
        }
        #expect(SchemaFixture.run(program, "{\"p99999\":1,\"p0\":2}") == "valid")
        #expect(SchemaFixture.run(program, "{\"p99999\":\"x\"}") != "valid")
    }
}
