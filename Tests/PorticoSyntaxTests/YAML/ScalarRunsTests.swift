import PorticoSyntax
import Testing

@Suite("Places inside YAML and JSON texts")
struct ScalarRunsTests {
    /// A document, a word of its text, and the line and column at which the word stands.
    struct Row: CustomTestStringConvertible {
        var document: String
        var word: String
        var line: Int
        var column: Int
        var testDescription: String { "\(word) in \(document.debugDescription)" }
    }

    @Test(
        "a word of a text is found at its own line and column",
        arguments: [
            Row(document: "t: |\n  one\n    #if($x)\n  end\n", word: "#if", line: 3, column: 5),
            Row(document: "t: |\n\n\n  one\n\n  two\n", word: "two", line: 6, column: 3),
            Row(document: "t: |2\n    deep\n  end\n", word: "deep", line: 2, column: 5),
            Row(document: "t: |+\n  one\n\n\nu: 1\n", word: "one", line: 2, column: 3),
            Row(document: "t: |-  # comment\r\n  one\r\n  two\r\n", word: "two", line: 3, column: 3),
            Row(document: "ü: é\nt: |\n  ä one\n  ö two\n", word: "two", line: 4, column: 5),
            Row(document: "t: >\n  one\n  two\n\n  three\n    more\n  four\n", word: "three", line: 5, column: 3),
            Row(document: "t: >\n  one\n  two\n\n  three\n    more\n  four\n", word: "more", line: 6, column: 5),
            Row(document: "t: >\n  one\n  two\n\n  three\n    more\n  four\n", word: "four", line: 7, column: 3),
            Row(document: "t: >3\n    one\n   two\n", word: "two", line: 3, column: 4),
            Row(document: "t: one\n  two\n\n  three four\n", word: "four", line: 4, column: 9),
            Row(document: "t: 'it''s one\n  two'\n", word: "two", line: 2, column: 3),
            Row(document: "t: 'it''s one\n  two'\n", word: "s one", line: 1, column: 9),
            Row(document: #"t: "a\tb\u00e9c \x41 D""#, word: "D", line: 1, column: 22),
            Row(document: "t: \"a \\\n    b\n    c\"\n", word: "c", line: 3, column: 5),
            Row(document: "t: &anchor !Sub |\n  one two\n", word: "two", line: 2, column: 7),
            Row(document: "t: !Sub # comment\n  'one two'\n", word: "two", line: 2, column: 8),
            Row(document: #"{"t": "a\n\"b\" \ud83d\ude00 c"}"#, word: "c", line: 1, column: 30),
            Row(document: #"{"t": "a\n\"b\" c"}"#, word: "b", line: 1, column: 13),
        ])
    func places(row: Row) throws {
        let reading = Reading(row.document)
        let text = try #require(reading.node?["t"]?.scalar?.text)
        let range = try #require(text.string.range(of: row.word))
        let start = text.string.utf8.distance(from: text.string.startIndex, to: range.lowerBound)
        let span = text.span(of: start..<start + row.word.utf8.count)
        #expect(reading.place(span) == "\(row.line):\(row.column)")
        #expect(reading.text(span) == row.word)
        #expect(misplacements(reading).isEmpty)
    }

    @Test("an escape is found at its backslash", arguments: ["api.yaml", "api.json"])
    func escapes(path: String) throws {
        let reading = Reading(#"{"t": "a\n\n\tb"}"#, path: path)
        let text = try #require(reading.node?["t"]?.scalar?.text)
        #expect([0, 1, 2, 3, 4].map { text.span(of: $0..<$0 + 1).offset } == [7, 8, 10, 12, 14])
    }

    @Test("every byte that stands in both file and text is in a run", arguments: 0..<400)
    func coverage(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var document = ""
        let lineBreak = seed % 3 == 0 ? "\r\n" : "\n"
        for index in 0..<6 { document += "k\(index):" + scalar(&generator, index, lineBreak) }
        let reading = Reading(document)
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics) \(document.debugDescription)")
        #expect(misplacements(reading).isEmpty, "\(document.debugDescription)")
        for member in try #require(reading.node?.mapping).members {
            let scalar = try #require(member.value.scalar)
            let text = Array(scalar.text.string.utf8)
            var isCovered = text.map { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
            for run in scalar.text.runs {
                for offset in run.textOffset..<run.textOffset + run.length { isCovered[offset] = true }
            }
            if scalar.style == .doubleQuoted {
                // The escapes of these documents write other characters than small letters and digits.
                for offset in text.indices where !(0x61...0x7A ~= text[offset] || 0x30...0x39 ~= text[offset]) {
                    isCovered[offset] = true
                }
            }
            #expect(!isCovered.contains(false), "\(scalar.text) in \(document.debugDescription)")
        }
    }

    /// A scalar of any style with words that occur once in the document.
    private func scalar(_ generator: inout SeededGenerator, _ index: Int, _ lineBreak: String) -> String {
        let count = 1 + generator.below(5)
        let words = (0..<count).map { "w\(index)\($0)\(generator.pick(["", "ä", "漢", "😀", " x", " #y"]))" }
        switch generator.below(5) {
        case 0:
            return " " + words.map { $0.replacing(" #y", with: "#y") }.joined(separator: lineBreak + "  ") + lineBreak
        case 1:
            return " '"
                + words.joined(
                    separator: generator.pick([lineBreak + "   ", " ", "'' ", " " + lineBreak + lineBreak + "  "]))
                + "'" + lineBreak
        case 2:
            let separators = [lineBreak + "   ", "\\n", " ", "\\\\ ", " \\" + lineBreak + "    ", "\\x41\\u00e9"]
            return " \"" + words.map { $0 + generator.pick(separators) }.joined() + "\"" + lineBreak
        case let style:
            let indicator = generator.below(3) == 0 ? "2" : ""
            var block = " " + (style == 3 ? "|" : ">") + indicator + generator.pick(["", "-", "+"]) + lineBreak
            for (position, word) in words.enumerated() {
                for _ in 0..<generator.below(3) { block += generator.pick(["", "", " "]) + lineBreak }
                let more = indicator.isEmpty && position == 0 ? "" : generator.pick(["", "", "  ", "\t", "    "])
                block += "  " + more + word + generator.pick(["", "", " "]) + lineBreak
            }
            for _ in 0..<generator.below(3) { block += lineBreak }
            return block
        }
    }
}

extension String {
    /// The first place of a word; a plain search is enough here.
    fileprivate func range(of word: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].utf8.starts(with: word.utf8) {
                return start..<utf8.index(start, offsetBy: word.utf8.count)
            }
            start = unicodeScalars.index(after: start)
        }
        return nil
    }
}
