import PorticoSyntax
import Testing

@Suite("Decoding of files")
struct DecodingTests {
    private static let text = "a: \"é 漢 😀\"\nb: |\n  ö\n"

    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
        let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
        return units.flatMap { unit in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return bigEndian ? bytes : bytes.reversed()
        }
    }

    @Test(
        "every encoding of a text gives the same tree and the same places",
        arguments: [
            Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16(text, bigEndian: false, mark: true),
            utf16(text, bigEndian: true, mark: true), utf16(text, bigEndian: false, mark: false),
            utf16(text, bigEndian: true, mark: false),
        ], ["api.yaml", "api.json"])
    func encodings(bytes: [UInt8], path: String) {
        let isJSON = path == "api.json"
        let json = #"{"a":"é 漢 😀","b":"ö\n"}"#
        let reading =
            isJSON
            ? Reading(Self.utf16(json, bigEndian: bytes.first == 0, mark: true), path: path)
            : Reading(bytes, path: path)
        #expect(reading.json == json)
        #expect(reading.diagnostics.isEmpty)
        #expect(isJSON || reading.bytes == Array(Self.text.utf8))
        #expect(misplacements(reading).isEmpty)
    }

    @Test("bytes that are no UTF-8 are reported with their offset, and the rest is read")
    func invalidUTF8() {
        let bytes: [UInt8] =
            Array("a: caf".utf8) + [0xE9] + Array("\nb: \"".utf8) + [0xF0, 0x9F, 0x98] + Array("\"\nb: 2\n".utf8)
        let reading = Reading(bytes)
        #expect(reading.places == ["1:7 source.encoding", "2:5 source.encoding", "3:1 yaml.duplicate-key"])
        #expect(reading.diagnostics.first?.message == "byte 0xE9 at offset 6 is not UTF-8")
        #expect(reading.diagnostics.first?.fixIt?.hint.contains("'é' in Latin-1") == true)
        #expect(reading.json == "{\"a\":\"caf\u{FFFD}\",\"b\":\"\u{FFFD}\"}")
        #expect(misplacements(reading).isEmpty)
    }

    @Test(
        "every form of ill-formed UTF-8 is found",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func illFormed(bytes: [UInt8]) {
        let reading = Reading(Array("[\"".utf8) + bytes + Array("\"]".utf8), path: "api.json")
        #expect(reading.ids.contains("source.encoding"))
        // The standard library replaces by the same rule.
        #expect(
            reading.bytes == Array(String(decoding: Array("[\"".utf8) + bytes + Array("\"]".utf8), as: UTF8.self).utf8))
    }

    @Test("the standard library and the decoder agree on random bytes", arguments: 0..<200)
    func agreement(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let pool: [UInt8] = [
            0x41, 0x42, 0x7F, 0x80, 0xBF, 0xC2, 0xC3, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0x9F, 0xA0, 0x90, 0x8F,
        ]
        let bytes = [0x41, 0x41] + (0..<generator.below(40)).map { _ in generator.pick(pool) }
        #expect(Reading(bytes).bytes == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    @Test("broken UTF-16 and UTF-32 are reported")
    func brokenUTF16() {
        let half = Reading([0xFF, 0xFE, 0x61, 0, 0x3A, 0, 0x20, 0, 0x3D, 0xD8, 0x62, 0])
        #expect(half.places == ["1:4 source.encoding"])
        #expect(half.json == "{\"a\":\"\u{FFFD}b\"}")
        let odd = Reading([0xFE, 0xFF, 0, 0x61, 0, 0x3A, 0])
        #expect(odd.places == ["1:3 source.encoding"])
        for mark: [UInt8] in [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]] {
            let wide = Reading(mark + [0x61, 0, 0, 0])
            #expect(wide.ids == ["source.encoding"])
            #expect(wide.node == nil)
        }
    }

    @Test("a file beyond API Gateway's import limit is read with a warning")
    func large() {
        let reading = Reading("a: 1\n#" + String(repeating: "x", count: 6 * 1024 * 1024))
        #expect(reading.places == ["1:1 source.large"])
        #expect(reading.diagnostics.first?.severity == .warning)
        #expect(reading.json == #"{"a":1}"#)
    }

    @Test(
        "the reader is chosen by name and content",
        arguments: [
            ("api.yaml", "{\"a\":\t\"\u{80}\"}", true), ("api.yml", "{a: 1,}", true), ("spec", "{\"a\": 1}", true),
            ("spec", "a: 1", true), ("api.JSON", "a: 1", false), ("api.json", "{a: 1}", false),
            ("spec", "{a: [b, c]}", true),
            ("spec", "[a, b", false), ("api.yaml", "{\"a\": 1 # comment\n}", true),
        ])
    func choice(path: String, text: String, isFine: Bool) {
        #expect(Reading(text, path: path).diagnostics.isEmpty == isFine)
    }

    @Test("of a text that is neither, the mistake of what it looks like is shown")
    func advice() {
        #expect(Reading("{\"a\": [1, 2}\n", path: "spec").ids == ["json.syntax"])
        #expect(Reading("{\"a\": [1, 2}\n", path: "api.yaml").ids == ["yaml.syntax"])
        #expect(Reading("{a: [1, 2}\n", path: "spec").ids == ["yaml.syntax"])
    }
}
