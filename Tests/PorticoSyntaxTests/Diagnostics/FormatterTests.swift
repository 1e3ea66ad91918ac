import PorticoSyntax
import Testing

@Suite("Printing diagnostics")
struct FormatterTests {
    private func printed(_ text: String, _ form: DiagnosticFormat, path: String = "api.yaml", color: Bool = false)
        -> String
    {
        let reading = Reading(text, path: path)
        return format(reading.diagnostics, sources: reading.sources, as: form, color: color)
    }

    @Test("a terminal shows the line, a caret, notes and a hint")
    func terminal() {
        #expect(
            printed("title: x\nother: yes\ntitle: y\n", .text) == """
                api.yaml:2:8: warning[yaml.ambiguous-scalar]: 'yes' is text in YAML 1.2, but true for readers of YAML 1.1
                   2 | other: yes
                     |        ^~~
                  hint: write '"yes"' to mean text
                api.yaml:3:1: error[yaml.duplicate-key]: duplicate key 'title'
                   3 | title: y
                     | ^~~~~
                api.yaml:1:1: note: first declared here
                   1 | title: x
                     | ^~~~~

                """)
    }

    @Test(
        "the caret stands under its place",
        arguments: [
            ("{\"é漢\": \t*}", "{\"é漢\":     *}", "            ^"),
            ("{\t\"a\": *}", "{   \"a\": *}", "         ^"),
            ("{\"\u{65}\u{301}\": *}", "{\"e\u{301}\": *}", "      ^"),
            ("{\"a\": \"x", "{\"a\": \"x", "      ^~"),
            ("{\"a\": 1", "{\"a\": 1", "       ^"),
            ("{\"a\": 1\u{1B}}", "{\"a\": 1␛}", "       ^"),
            ("[1,\n", "[1,", "   ^"),
        ])
    func carets(text: String, line: String, marker: String) {
        let lines = printed(text, .text, path: "api.json").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count > 2)
        #expect(lines.dropFirst().first?.dropFirst(7) == line[...])
        #expect(lines.dropFirst(2).first?.dropFirst(7) == marker[...])
    }

    @Test("of a long line only the surroundings are shown")
    func longLine() {
        let text =
            "[" + String(repeating: "1234567,", count: 5000) + "*" + String(repeating: ",1234567", count: 5000) + "]"
        let lines = printed(text, .text, path: "api.json").split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 200 })
        #expect(lines[1].dropFirst(7).first == "…" && lines[1].last == "…")
        let column = lines[2].count - 1
        #expect(Array(lines[1])[column] == "*")
        #expect(lines[2].hasSuffix("^"))
    }

    @Test("colours are only there when asked for, and what a file holds cannot steer the terminal")
    func colors() {
        #expect(printed("a: yes", .text, color: true).contains("\u{1B}[1;35mwarning[yaml.ambiguous-scalar]:\u{1B}[0m"))
        let hostile = printed("{\"a\u{1B}[31m\": 1, \"a\u{1B}[31m\": 2, \u{202E}}", .text, path: "api\u{1B}.json")
        #expect(!hostile.contains("\u{1B}") && !hostile.contains("\u{202E}"))
    }

    @Test("a diagnostic of no file has no place", arguments: DiagnosticFormat.allCases)
    func noPlace(form: DiagnosticFormat) {
        let id = DiagnosticID("test.port", .error, "A test.")
        let diagnostic = Diagnostic(
            id, "port 80 is in use", at: .none, notes: [.init("by another")], fixIt: .init(hint: "wait"))
        let text = format([diagnostic], sources: SourceSet(), as: form)
        switch form {
        case .text: #expect(text == "error[test.port]: port 80 is in use\n  note: by another\n  hint: wait\n")
        case .github: #expect(text == "::error title=test.port::port 80 is in use%0Anote: by another%0Ahint: wait\n")
        case .json: #expect(JSONValue(parsing: text)?["diagnostics"]?.element(0)?["place"] == nil)
        case .sarif: #expect(JSONValue(parsing: text)?["runs"]?.element(0)?["results"]?.element(0)?["locations"] == nil)
        }
    }

    @Test("JSON holds everything")
    func json() {
        let text = printed("é: 1\nb: yes\né: 2", .json)
        #expect(
            JSONValue(parsing: text)
                == JSONValue(
                    parsing: #"""
                        {"errors": 1, "warnings": 1, "diagnostics": [
                          {"id": "yaml.ambiguous-scalar", "severity": "warning",
                           "message": "'yes' is text in YAML 1.2, but true for readers of YAML 1.1",
                           "place": {"file": "api.yaml", "line": 2, "column": 4, "endLine": 2, "endColumn": 7, "offset": 9, "length": 3},
                           "fixIt": {"hint": "write '\"yes\"' to mean text",
                             "place": {"file": "api.yaml", "line": 2, "column": 4, "endLine": 2, "endColumn": 7, "offset": 9, "length": 3},
                             "replacement": "\"yes\""}},
                          {"id": "yaml.duplicate-key", "severity": "error", "message": "duplicate key 'é'",
                           "place": {"file": "api.yaml", "line": 3, "column": 1, "endLine": 3, "endColumn": 2, "offset": 13, "length": 2},
                           "notes": [{"message": "first declared here",
                             "place": {"file": "api.yaml", "line": 1, "column": 1, "endLine": 1, "endColumn": 2, "offset": 0, "length": 2}}]}]}
                        """#))
    }

    @Test("SARIF has the rules, regions, related places and fixes that the standard asks for")
    func sarif() {
        let log = JSONValue(parsing: printed("é: 1\nb: yes\né: 2", .sarif, path: "my api,é.yaml"))
        #expect(log?["version"] == .string("2.1.0"))
        let run = log?["runs"]?.element(0)
        #expect(run?["tool"]?["driver"]?["rules"]?.element(1)?["id"] == .string("yaml.duplicate-key"))
        #expect(run?["columnKind"] == .string("unicodeCodePoints"))
        let first = run?["results"]?.element(0)
        let second = run?["results"]?.element(1)
        #expect(first?["level"] == .string("warning"))
        #expect(first?["ruleIndex"] == .number("0"))
        #expect(second?["ruleIndex"] == .number("1"))
        let region = JSONValue(parsing: #"{"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 2}"#)
        let location = second?["locations"]?.element(0)?["physicalLocation"]
        #expect(location?["region"] == region)
        #expect(location?["artifactLocation"]?["uri"] == .string("my%20api%2C%C3%A9.yaml"))
        #expect(second?["relatedLocations"]?.element(0)?["message"]?["text"] == .string("first declared here"))
        let change = first?["fixes"]?.element(0)?["artifactChanges"]?.element(0)
        #expect(change?["replacements"]?.element(0)?["insertedContent"]?["text"] == .string("\"yes\""))
        #expect(JSONValue(parsing: printed("a: 1", .sarif))?["runs"]?.element(0)?["results"] == .array([]))
    }

    @Test("GitHub gets one line a diagnostic, with its escapes")
    func github() {
        #expect(
            printed("a: 1\nb: yes\na: 2", .github, path: "x,y:%.yaml") == """
                ::warning file=x%2Cy%3A%25.yaml,line=2,col=4,endLine=2,endColumn=6,title=yaml.ambiguous-scalar::'yes' is text in YAML 1.2, but true for readers of YAML 1.1%0Ahint: write '"yes"' to mean text
                ::error file=x%2Cy%3A%25.yaml,line=3,col=1,endLine=3,endColumn=1,title=yaml.duplicate-key::duplicate key 'a'%0Anote: first declared here (x,y:%25.yaml:1:1)

                """)
    }
}

extension JSONValue {
    fileprivate func element(_ index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { return elements[index] }
        return nil
    }
}
