import PorticoSyntax
import Testing

@Suite("Writing YAML")
struct YAMLWriterTests {
    @Test("a document is written for people")
    func example() {
        let value = JSONValue.object([
            JSONMember("openapi", .string("3.0.1")),
            JSONMember(
                "info",
                .object([JSONMember("title", .string("Pets: all")), JSONMember("version", .string("2020-01-01"))])),
            JSONMember(
                "tags",
                .array([
                    .string("a"), .object([JSONMember("x", .number("1.50")), JSONMember("y", .null)]),
                    .array([.boolean(true)]),
                ])),
            JSONMember("200", .object([])),
            JSONMember("template", .string("#set($x = 1)\n{\n  \"a\": $x\n}\n")),
            JSONMember("on", .string("no")),
        ])
        #expect(
            YAMLWriter.write(value) == """
                openapi: 3.0.1
                info:
                  title: "Pets: all"
                  version: "2020-01-01"
                tags:
                  - a
                  - x: 1.50
                    "y": null
                  - - true
                "200": {}
                template: |
                  #set($x = 1)
                  {
                    "a": $x
                  }
                "on": "no"

                """)
    }

    static let awkwardTexts = [
        "", " ", "a", " a", "a ", "a: b", "a:", ":a", "a #b", "a#b", "#a", "- a", "-a", "--- ", "...", "? a", "?a",
        "[a", "{a}",
        "a, b", "&a", "*a", "!a", "|", ">", "'a", "\"a", "a'b\"c", "%a", "@a", "`a", "~", "null", "true", "yes", "y",
        "010",
        "1_0", "12:30:45", "2020-01-01", "0x1F", "1e3", ".5", ".inf", "<<", "=", "\\", "a\\nb", "\t", "a\tb", "a\n",
        "\n",
        "\n\n", "a\nb", "a\n\nb\n", "a\nb\n\n", " a\nb", "\na\nb", "\n a\nb\n", "\ta\nb", "a\n \nb", "a \nb ", "a\r\nb",
        "\r",
        "a\u{85}b", "a\u{2028}b\nc", "\u{FEFF}a", "\u{0}", "\u{7F}", "\u{FFFF}", "é", "漢字", "😀\n😀", "\u{E000}",
        "---\na",
        "a\n---\nb\n", "#a\nb", "  \n  a\n", "a\n  ", "a\n\t", "$x", "(a)", "/a/{b}", "a: \nb", "x\n#", "a\u{301}",
    ]

    @Test("every text reads back as it was, as value, key, element and document", arguments: awkwardTexts)
    func texts(text: String) {
        let value = JSONValue.object([
            JSONMember("v", .string(text)), JSONMember("l", .array([.string(text), .array([.string(text)])])),
            JSONMember(
                "m", .object([JSONMember(text, .string(text)), JSONMember("z", .object([JSONMember(text, .null)]))])),
        ])
        roundTrip(value)
        roundTrip(.string(text))
        roundTrip(.array([.string(text)]))
    }

    @Test("every value reads back as it was", arguments: 0..<300)
    func generated(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) + 77)
        roundTrip(randomValue(&generator, depth: 0))
    }

    @Test("keys that are longer than libyaml's simple keys read back")
    func longKeys() {
        let key = String(repeating: "key ", count: 600) + "end"
        roundTrip(
            .object([
                JSONMember(key, .number("1")),
                JSONMember("b", .array([.object([JSONMember(key, .object([JSONMember("x", .null)]))])])),
            ]))
    }

    private func roundTrip(_ value: JSONValue) {
        let text = YAMLWriter.write(value)
        let reading = Reading(text)
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics) \(text.debugDescription)")
        #expect(reading.node.map { JSONValue($0) } == value, "\(text.debugDescription)")
        #expect(misplacements(reading).isEmpty, "\(text.debugDescription)")
    }

    private func randomValue(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        switch generator.below(depth > 3 ? 4 : 7) {
        case 0: return .null
        case 1: return .boolean(generator.below(2) == 0)
        case 2:
            return .number(
                generator.pick(["0", "-1", "1.50", "1e5", "-0", "123456789012345678901234567890", "1E-400"]))
        case 3: return .string(randomText(&generator))
        case 4, 5:
            var names: [String] = []
            for _ in 0..<generator.below(5) {
                let name = randomText(&generator)
                if !names.contains(name) { names.append(name) }
            }
            var members: [JSONMember] = []
            for name in names { members.append(JSONMember(name, randomValue(&generator, depth: depth + 1))) }
            return .object(members)
        default:
            var elements: [JSONValue] = []
            for _ in 0..<generator.below(4) { elements.append(randomValue(&generator, depth: depth + 1)) }
            return .array(elements)
        }
    }

    private func randomText(_ generator: inout SeededGenerator) -> String {
        if generator.below(3) == 0 { return generator.pick(Self.awkwardTexts) }
        let pieces = [
            "a", "B", "1", " ", " ", "\n", "\n", ":", "#", "-", "'", "\"", "\\", "\t", "é", "漢", "$", "{", "}", "[",
            ",", "&", "~",
        ]
        return (0..<generator.below(12)).map { _ in generator.pick(pieces) }.joined()
    }
}
