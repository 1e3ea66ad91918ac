import PorticoSyntax
import Testing

/// Deterministic mutations of small documents: whatever comes out, the readers end, and every place they name is one of
/// the file.
@Suite("Damaged documents")
struct FuzzTests {
    private static let yaml = [
        "a: &x {b: [1, 'it''s', \"q\\n\\u00e9\"], c: ~}\nd: *x\ne:\n  <<: *x\n  t: |+\n    one\n      two\n\n  f: >-\n    x\n    y\n\n     z\n",
        "openapi: 3.0\npaths:\n  /pets/{id}:\n    get: {responses: {200: {description: ok}}}\n    x: !Sub '${A}'\n    y: !!int \"12\"\n",
        "? k\n: - 1\n  - - 2\n    - 3\n# end\n\"é\": 漢字 on\n  two lines\n\nz: \"a \\\n  b\n\n  c\"\n",
        "---\r\na: |2-\r\n    x\r\n   y\r\nb: 'x\r\n\r\n  y'\r\n...\r\n",
    ]

    private static let json = [
        #"{"a": [1, -2.5e+3, true, null], "b": {"c": "x\n\"\u00e9\ud83d\ude00"}, "d": []}"#,
        "[{\"a\": \"\\\\\"}, [], {}, \"é漢😀\", 0.5,\r\n\tfalse]",
    ]

    private static let pieces: [[UInt8]] =
        [
            "[", "]", "{", "}", ",", ":", ": ", "\"", "'", "\\", "\n", "\r", "\t", " ", "  ", "#", "&a ", "*a", "*x",
            "!", "!!str ", "|", ">", "|2",
            "- ", "? ", "<<: ", "---\n", "...\n", "%", "@", "0", "-", ".", "e", "\\u", "\\ud800", "//", "/*", "\u{85}",
            "\u{2028}", "é", "😀",
        ].map { Array($0.utf8) } + [
            [0], [0x7F], [0x80], [0xC3], [0xE2, 0x80], [0xF0, 0x9F], [0xFF], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF],
        ]

    @Test("no damage makes the readers crash or misplace", arguments: 0..<60)
    func mutations(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) &* 7919)
        for _ in 0..<100 {
            let isJSON = generator.below(3) == 0
            var bytes = Array(generator.pick(isJSON ? Self.json : Self.yaml).utf8)
            for _ in 0...generator.below(4) { mutate(&bytes, &generator) }
            let path = generator.pick(isJSON ? ["a.json", "a.json", "a"] : ["a.yaml", "a.yaml", "a", "a.json"])
            let reading = Reading(bytes, path: path)
            let misplaced = misplacements(reading)
            #expect(misplaced.isEmpty, "\(misplaced) in \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            #expect(reading.node != nil || reading.diagnostics.hasErrors)
            // What was read can be written and read again.
            if let node = reading.node, seed % 4 == 0 {
                let value = JSONValue(node)
                #expect(JSONValue(parsing: JSONWriter.compact(value)) == value)
                let again = Reading(YAMLWriter.write(value))
                #expect(again.node.map { JSONValue($0) } == value, "\(YAMLWriter.write(value).debugDescription)")
            }
            if seed % 8 == 0 {
                for form in DiagnosticFormat.allCases {
                    let text = format(reading.diagnostics, sources: reading.sources, as: form, color: true)
                    #expect(reading.diagnostics.isEmpty || text.hasSuffix("\n"))
                }
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let place = generator.below(bytes.count + 1)
        switch generator.below(5) {
        case 0: bytes.insert(contentsOf: generator.pick(Self.pieces), at: place)
        case 1: bytes.removeSubrange(place..<min(place + 1 + generator.below(4), bytes.count))
        case 2: if place < bytes.count { bytes[place] = UInt8(generator.below(256)) }
        case 3: bytes.removeSubrange(place...)
        default:
            let from = generator.below(bytes.count + 1)
            bytes.insert(contentsOf: bytes[from..<min(from + generator.below(20), bytes.count)], at: place)
        }
    }
}
