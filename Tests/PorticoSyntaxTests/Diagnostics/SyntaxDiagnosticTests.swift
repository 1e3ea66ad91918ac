import PorticoSyntax
import Testing

/// A mistake with its place: the table has at least one row for every id of the area.
struct Mistake: CustomTestStringConvertible, Sendable {
    var text: String
    var places: [String]
    var path = "api.yaml"
    /// Part of the first message.
    var says = ""
    var testDescription: String { "\(path) \(text.prefix(60).debugDescription)" }

    static let json = "api.json"

    static let all: [Mistake] = source + yaml + jsonGrammar + jsonStrings

    private static let source = [
        Mistake(text: "", places: ["1:1 source.empty"]),
        Mistake(text: " \n\t\n", places: ["1:1 source.empty"], path: json),
        Mistake(text: "# nothing\n", places: ["1:1 source.empty"]),
        Mistake(text: "---\n", places: ["1:1 source.empty"]),
        Mistake(text: "a: \u{7}b", places: ["1:4 source.control-character"], says: "U+0007"),
        Mistake(text: "ü: \u{0}b", places: ["1:4 source.control-character"], says: "U+0000"),
        Mistake(text: String(repeating: "[", count: 300), places: ["1:201 source.too-deep"]),
        Mistake(text: String(repeating: "[", count: 300), places: ["1:201 source.too-deep"], path: json),
        Mistake(text: String(repeating: "- ", count: 300), places: ["1:401 source.too-deep"]),
    ]

    private static let yaml = [
        Mistake(text: "a: [1, 2\nb: 3", places: ["2:2 yaml.syntax"], says: "expected ',' or ']'"),
        Mistake(text: "a: {b: 1\nc: 2", places: ["2:2 yaml.syntax"], says: "expected ',' or '}'"),
        Mistake(text: "a: 1\n b: 2", places: ["2:3 yaml.unquoted"], says: "':' is not allowed"),
        Mistake(text: "a:\n  b: 1\n c: 2", places: ["3:2 yaml.syntax"], says: "expected a key"),
        Mistake(text: "a:\n  - 1\n  b: 2", places: ["3:3 yaml.syntax"], says: "expected '-'"),
        Mistake(text: "a: {b: 1\n\n", places: ["1:9 yaml.syntax"], says: "expected ',' or '}'"),
        Mistake(text: "a: {proxy+}/{x}", places: ["1:12 yaml.syntax"], says: "unexpected text after"),
        Mistake(text: "a: 'it's'", places: ["1:8 yaml.syntax"], says: "unexpected text after"),
        Mistake(text: "a: }", places: ["1:4 yaml.syntax"], says: "expected a value"),
        Mistake(text: "a: >x\n b", places: ["1:5 yaml.unquoted"], says: "after '|' or '>'"),
        Mistake(text: "%YAML 3.0\n---\na: b", places: ["1:1 yaml.syntax"], says: "version"),
        Mistake(text: "a: 1\nword\nb: 2", places: ["2:1 yaml.syntax"], says: "expected ':'"),
        Mistake(text: "a: - 1", places: ["1:4 yaml.syntax"], says: "list cannot begin"),
        Mistake(text: "a:\n\tb: 1", places: ["2:1 yaml.tab"], says: "tab"),
        Mistake(text: "a: |\n\tb", places: ["2:1 yaml.tab"], says: "tab"),
        Mistake(text: "a: 'b", places: ["1:4 yaml.quote"], says: "not closed"),
        Mistake(text: "a: \"b\n---\nc: 1", places: ["1:4 yaml.quote"], says: "not closed"),
        Mistake(text: #"a: "\d""#, places: ["1:5 yaml.quote"], says: "unknown escape"),
        Mistake(text: #"a: "\u12""#, places: ["1:5 yaml.quote"], says: "hexadecimal"),
        Mistake(text: #"a: "\ud83d""#, places: ["1:5 yaml.quote"], says: "half a character"),
        Mistake(text: "a: @b", places: ["1:4 yaml.unquoted"], says: "begin with '@'"),
        Mistake(text: "a: b: c", places: ["1:5 yaml.unquoted"], says: "':' is not allowed"),
        Mistake(text: "a: * b", places: ["1:4 yaml.unquoted"], says: "begin with '*'"),
        Mistake(text: "a: 1\n---\nb: 2", places: ["2:1 yaml.multiple-documents"]),
        Mistake(text: "a: 1\nb: 2\na: 3", places: ["3:1 yaml.duplicate-key"], says: "duplicate key 'a'"),
        Mistake(text: "a: 1\n\"a\": 3", places: ["2:1 yaml.duplicate-key"]),
        Mistake(text: "a: &a {}\nb:\n  <<: *a\n  <<: *a", places: ["4:7 yaml.duplicate-key"]),
        Mistake(text: "? [x]\n: 1", places: ["1:3 yaml.key"], says: "a list"),
        Mistake(text: "{a: 1}: 2", places: ["1:1 yaml.key"], says: "a mapping"),
        Mistake(text: "?\n: 2", places: ["1:2 yaml.key"], says: "missing"),
        Mistake(text: "a: *x", places: ["1:4 yaml.undefined-alias"], says: "'*x'"),
        Mistake(text: "a: &x\n  b: *x", places: ["2:6 yaml.recursive-alias"]),
        Mistake(text: "a: &x [*x]", places: ["1:8 yaml.recursive-alias"]),
        Mistake(text: bomb, places: ["6:29 yaml.alias-expansion"]),
        Mistake(text: "a: {<<: 3}", places: ["1:9 yaml.merge"]),
        Mistake(text: "a: &b x\nc: {<<: [*b]}", places: ["2:9 yaml.merge"]),
        Mistake(text: "a: yes", places: ["1:4 yaml.ambiguous-scalar"], says: "'yes' is text"),
        Mistake(text: "off: 1", places: ["1:1 yaml.ambiguous-scalar"], says: "'off' is text"),
        Mistake(text: "a: 010", places: ["1:4 yaml.ambiguous-scalar"], says: "the number 10"),
        Mistake(text: "a: !!int x", places: ["1:4 yaml.tag"], says: "'x' is not a whole number"),
        Mistake(text: "a: !!map [x]", places: ["1:4 yaml.tag"], says: "list is not a mapping"),
        Mistake(text: "a: !!binary aGk=", places: ["1:4 yaml.unknown-tag"], says: "!!binary"),
        Mistake(text: "!Sub k: 1", places: ["1:1 yaml.unknown-tag"], says: "on a key"),
        Mistake(text: "a: !!set {b}", places: ["1:4 yaml.unknown-tag"], says: "!!set"),
        Mistake(text: "a: !x!y z", places: ["1:4 yaml.syntax"], says: "tag"),
    ]

    private static let bomb =
        "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
        + zip("bcdefgh", "abcdefg").map { name, last in
            "\(name): &\(name) [\(Array(repeating: "*\(last)", count: 10).joined(separator: ","))]\n"
        }.joined()

    private static let jsonGrammar = [
        Mistake(text: "{\"a\": 1,}", places: ["1:8 json.trailing-comma"], path: json),
        Mistake(text: "[1,\n2,\n]", places: ["2:2 json.trailing-comma"], path: json),
        Mistake(text: "{\"a\": 1 \"b\": 2}", places: ["1:9 json.missing-comma"], path: json),
        Mistake(text: "[1 2]", places: ["1:4 json.missing-comma"], path: json),
        Mistake(text: "[1,,2]", places: ["1:4 json.syntax"], path: json),
        Mistake(text: "{\"a\" 1}", places: ["1:6 json.missing-colon"], path: json),
        Mistake(text: "{\"a\" = 1}", places: ["1:6 json.missing-colon"], path: json),
        Mistake(text: "{\"a\"}", places: ["1:5 json.missing-colon"], path: json),
        Mistake(
            text: "// x\n{ /* y */ \"a\": 1 # z\n}",
            places: ["1:1 json.comment", "2:3 json.comment", "2:18 json.comment"], path: json),
        Mistake(
            text: "{'a': 'it\\'s'}", places: ["1:2 json.single-quotes", "1:10 json.escape", "1:7 json.single-quotes"],
            path: json),
        Mistake(text: "{a: 1, $b: 2}", places: ["1:2 json.unquoted-key", "1:8 json.unquoted-key"], path: json),
        Mistake(
            text: "[True, None, NaN, undefined, x]",
            places: ["1:2", "1:8", "1:14", "1:19", "1:30"].map { "\($0) json.literal" }, path: json),
        Mistake(
            text: "[01, +1, .5, 1., 0x1F, -, 1e, 1.2.3]",
            places: ["1:2", "1:6", "1:10", "1:14", "1:18", "1:24", "1:27", "1:31"].map { "\($0) json.number" },
            path: json),
        Mistake(text: "[1}", places: ["1:3 json.syntax"], path: json, says: "unexpected '}'; expected ']'"),
        Mistake(text: "[1;2]", places: ["1:3 json.syntax"], path: json, says: "unexpected ';'"),
        Mistake(text: "openapi: 3.0\n", places: ["1:1 json.syntax"], path: json, says: "not JSON; expected '{'"),
        Mistake(text: "[tru, f]", places: ["1:2 json.literal", "1:7 json.literal"], path: json),
        Mistake(text: "[é]", places: ["1:2 json.literal"], path: json),
        Mistake(text: "[*]", places: ["1:2 json.syntax"], path: json),
        Mistake(text: "{1: 2}", places: ["1:2 json.unquoted-key"], path: json),
        Mistake(text: "{\"a\": 1", places: ["1:8 json.unexpected-end"], path: json, says: "expected '}'"),
        Mistake(text: "{\"a\":", places: ["1:6 json.unexpected-end"], path: json),
        Mistake(text: "{\"a\"", places: ["1:5 json.unexpected-end"], path: json),
        Mistake(text: "{", places: ["1:2 json.unexpected-end"], path: json),
        Mistake(text: "[[1]\n", places: ["1:5 json.unexpected-end"], path: json),
        Mistake(text: "{} {}", places: ["1:4 json.trailing-content"], path: json),
        Mistake(text: "1 2", places: ["1:3 json.trailing-content"], path: json),
        Mistake(text: "{\"a\": 1, \"b\": 2, \"a\": 3}", places: ["1:18 json.duplicate-key"], path: json),
        Mistake(text: "{\"a\": 1, \"\\u0061\": 3}", places: ["1:10 json.duplicate-key"], path: json),
    ]

    private static let jsonStrings = [
        Mistake(text: "[\"a\n\"]", places: ["1:2 json.unterminated-string"], path: json),
        Mistake(text: "[\"a", places: ["1:2 json.unterminated-string"], path: json),
        Mistake(text: "[\"a\\", places: ["1:2 json.unterminated-string"], path: json),
        Mistake(text: "[\"a\\\nb\"]", places: ["1:4 json.escape", "1:2 json.unterminated-string"], path: json),
        Mistake(
            text: #"["\d", "\x41", "é\é"]"#, places: ["1:3 json.escape", "1:9 json.escape", "1:18 json.escape"],
            path: json),
        Mistake(text: #"["\u12g4", "\u"]"#, places: ["1:3 json.escape", "1:13 json.escape"], path: json),
        Mistake(
            text: #"["\ud83d", "\ude00x", "\ud83d\u0041"]"#,
            places: ["1:3", "1:13", "1:24"].map { "\($0) json.lone-surrogate" }, path: json),
        Mistake(
            text: "[\"a\tb\u{1}\"]", places: ["1:4 json.control-character", "1:6 json.control-character"], path: json),
    ]
}

@Suite("Mistakes in YAML and JSON texts")
struct SyntaxDiagnosticTests {
    @Test("a mistake is named and placed", arguments: Mistake.all)
    func mistakes(_ mistake: Mistake) {
        let reading = Reading(mistake.text, path: mistake.path)
        #expect(reading.places == mistake.places)
        #expect(misplacements(reading).isEmpty)
        if let first = reading.diagnostics.first {
            #expect(first.message.contains(mistake.says) || mistake.says.isEmpty, "\(first.message)")
        }
        for diagnostic in reading.diagnostics {
            #expect(diagnostic.message.first?.isUppercase == false || diagnostic.message.hasPrefix("JSON"))
            #expect(!diagnostic.message.hasSuffix(".") && !diagnostic.message.contains("\n"))
        }
    }

    @Test("every id of the area has a row, here or in the tests of decoding")
    func completeness() {
        let decoding: Set = ["source.encoding", "source.large", "source.too-many-values"]
        let shown = Set(
            Mistake.all.flatMap { mistake in
                mistake.places.compactMap { $0.split(separator: " ").last.map(String.init) }
            })
        let missing = Set(SyntaxDiagnostics.all.map(\.name)).subtracting(shown).subtracting(decoding)
        #expect(missing.isEmpty)
        #expect(Set(SyntaxDiagnostics.all.map(\.name)).count == SyntaxDiagnostics.all.count)
    }

    @Test("applying the fix-its of a JSON file mends it")
    func fixIts() throws {
        let text = "{'a': 1 \"b\": [01, True, .5, 'it\"s',], c: \"x\ty\", /* no */ \"d\" \"e\\dx\",}"
        let reading = Reading(text, path: Mistake.json)
        var bytes = reading.bytes
        let edits = reading.diagnostics.compactMap(\.fixIt).filter { $0.span != nil }
        for fixIt in edits.sorted(by: { ($0.span?.offset ?? 0) > ($1.span?.offset ?? 0) }) {
            let span = try #require(fixIt.span)
            bytes.replaceSubrange(span.offset..<span.end, with: fixIt.replacement.utf8)
        }
        let mended = Reading(bytes, path: Mistake.json)
        #expect(mended.diagnostics.isEmpty, "\(String(decoding: bytes, as: UTF8.self))")
        #expect(mended.json == #"{"a":1,"b":[1,true,0.5,"it\"s"],"c":"x\ty","d":"e\\dx"}"#)
    }
}
