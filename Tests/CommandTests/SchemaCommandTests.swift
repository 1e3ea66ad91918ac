import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico schema")
struct SchemaCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ schema: String, _ instance: String, _ more: String...) throws -> PorticoProcess.Outcome {
        let schema = try folder.write("schema.json", schema)
        let instance = try folder.write("value.json", instance)
        return try PorticoProcess.run(["schema", "--schema", schema, "--instance", instance] + more)
    }

    @Test("a valid value ends with 0 and prints nothing but to the terminal")
    func valid() throws {
        let outcome = try run("{\"type\":\"integer\"}", "17")
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasSuffix("value.json: valid\n"))
    }

    @Test("each violation is a line with its place, its pointer and its keyword, and ends with 1")
    func invalid() throws {
        let outcome = try run(
            """
            {"required": ["id"], "properties": {"lines": {"items": {"properties": {"qty": {"minimum": 1}}}}}}
            """, "{\n  \"lines\": [{\"qty\": 5},\n    {\"qty\": 0}]}\n")
        #expect(outcome.status == 1)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first?.hasSuffix(
                "value.json:1:1: #: object has missing required properties ([\"id\"]) (required)") == true,
            "\(outcome.output)")
        #expect(
            lines.last?.hasSuffix(
                """
                value.json:3:13: #/lines/1/qty: numeric instance is lower than the required minimum \
                (minimum: 1, found: 0) (minimum)
                """) == true, "\(outcome.output)")
        #expect(outcome.errors.hasSuffix("2 violations\n"))
    }

    @Test("JSON is one value with the pointers into value and schema")
    func json() throws {
        let outcome = try run("{\"items\":{\"enum\":[1]}}", "[1,2]", "--format", "json")
        #expect(outcome.status == 1)
        let value = JSONValue(parsing: outcome.output)
        #expect(value?["valid"] == .boolean(false))
        guard case .array(let violations)? = value?["violations"] else {
            Issue.record("no violations: \(outcome.output)")
            return
        }
        #expect(violations.count == 1)
        #expect(violations.first?["instancePointer"] == .string("/1"))
        #expect(violations.first?["keyword"] == .string("enum"))
        #expect(violations.first?["schemaPointer"] == .string("/items"))
        #expect(violations.first?["column"] == .number("4"))
        let valid = try run("{}", "null", "--format", "json")
        #expect(JSONValue(parsing: valid.output)?["valid"] == .boolean(true))
    }

    @Test("--remote supplies what a $ref names, fragments and folders included")
    func remotes() throws {
        let number = try folder.write("number.json", "{\"type\":\"number\"}")
        let list = try folder.write("list.json", "{\"definitions\":{\"n\":{\"$ref\":\"number.json\"}}}")
        let schema = "{\"id\":\"http://example.test/api/\",\"items\":{\"$ref\":\"parts/list.json#/definitions/n\"}}"
        let remotes = [
            "--remote", "http://example.test/api/parts/number.json=\(number)", "--remote",
            "http://example.test/api/parts/list.json=\(list)",
        ]
        func run(_ value: String) throws -> Int32 {
            let schema = try folder.write("schema.json", schema)
            let value = try folder.write("value.json", value)
            return try PorticoProcess.run(["schema", "--schema", schema, "--instance", value] + remotes).status
        }
        #expect(try run("[1]") == 0)
        #expect(try run("[true]") == 1)
        #expect(try self.run("{\"$ref\":\"http://json-schema.org/draft-04/schema#\"}", "{\"type\":1}").status == 1)
    }

    @Test(
        "a schema that is none ends with 3 and its line",
        arguments: [
            ("{\"type\":\n  \"strng\"}", 2, 3, "unknown type 'strng'"),
            ("{\n\"minimum\": \"1\"}", 2, 12, "'minimum' must be a number"), ("[]", 1, 1, "a schema must be an object"),
            ("{\"items\":\n{\"$ref\": \"#/definitions/a\"}}", 2, 10, "'#/definitions/a' refers to nothing"),
            ("{\"$ref\": \"http://example.test/a.json\"}", 1, 10, "refers to nothing"),
            ("{\"title\": 1}", 1, 11, "no schema of draft 4"), ("{\"required\": []}", 1, 14, "no schema of draft 4"),
            ("{\"exclusiveMinimum\": 1}", 1, 22, "no schema of draft 4"),
            ("{\"a\": ", 1, 6, "ends where a value is expected"), ("", 1, 1, "empty"),
            ("{\"pattern\": \"(\"}", 1, 13, "malformed pattern '('"),
            ("{\"allOf\":[{\"$ref\":\"#\"}]}", 1, 1, "again and again"),
        ])
    func broken(schema: String, line: Int, column: Int, message: String) throws {
        let outcome = try run(schema, "1")
        #expect(outcome.status == 3, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("schema.json:\(line):\(column)"), "\(outcome.errors)")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test("a broken document behind --remote is shown in its own file")
    func brokenRemote() throws {
        let remote = try folder.write("remote.json", "{\"type\":\n\"x\"}")
        let outcome = try run("{\"$ref\":\"http://a.test/b\"}", "1", "--remote", "http://a.test/b=\(remote)")
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("remote.json:2:1"), "\(outcome.errors)")
        let text = try folder.write("remote.json", "{")
        #expect(try run("{}", "1", "--remote", "http://a.test/b=\(text)").status == 3)
    }

    @Test("what has no effect in draft 4 is said, and does not matter")
    func warnings() throws {
        let outcome = try run("{\"const\": 1}", "2")
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("schema.json:1:11"), "\(outcome.errors)")
        #expect(outcome.errors.contains("'const' is not a keyword of JSON Schema draft 4"), "\(outcome.errors)")
    }

    @Test("text that is no JSON violates every schema")
    func noJSON() throws {
        for text in ["", "{", "{\"a\":1,}", "nul", "1 2", "\u{1}"] {
            let outcome = try run("{}", text)
            #expect(outcome.status == 1, "\(text)")
            #expect(outcome.output.contains("value.json:1:"), "\(outcome.output)")
            #expect(outcome.output.contains("the text is no JSON"), "\(outcome.output)")
        }
    }

    @Test("YAML is read for both")
    func yaml() throws {
        let schema = try folder.write("schema.yaml", "type: object\nrequired: [a]\n")
        let good = try folder.write("good.yaml", "a: 1\n")
        let bad = try folder.write("bad.yml", "b: 1\n")
        #expect(try PorticoProcess.run("schema", "--schema", schema, "--instance", good).status == 0)
        #expect(try PorticoProcess.run("schema", "--schema", schema, "--instance", bad).status == 1)
    }

    @Test("hostile values and schemas end soon")
    func hostile() throws {
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(try run("{}", deep).status == 0)
        #expect(try run("{\"items\":{\"$ref\":\"#\"}}", deep).status == 1)
        #expect(try run("{\"uniqueItems\":true}", "[\(deep),\(deep)]").status == 1)
        #expect(try run("{\"pattern\":\"(a+)+$\"}", "\"\(String(repeating: "a", count: 10_000))!\"").status == 1)
        #expect(try run("{\"multipleOf\":0.01}", "1e999999999").status == 0)
        #expect(try run(String(repeating: "{\"not\":", count: 5000), "1").status == 3)
    }

    @Test("a file that cannot be read ends with 4, a wrong command line with 2")
    func unreadable() throws {
        let file = try folder.write("a.json", "{}")
        let missing = "\(folder.path)/missing.json"
        #expect(try PorticoProcess.run("schema", "--schema", missing, "--instance", file).status == 4)
        #expect(try PorticoProcess.run("schema", "--schema", file, "--instance", missing).status == 4)
        #expect(
            try PorticoProcess.run("schema", "--schema", file, "--instance", file, "--remote", "http://a=\(missing)")
                .status == 4)
        for arguments in [
            [], ["--schema", file], ["--instance", file], ["--schema", file, "--instance", file, "--remote", "x"],
            ["--schema", file, "--instance", file, "--format", "xml"],
        ] {
            #expect(try PorticoProcess.run(["schema"] + arguments).status == 2)
        }
    }
}
