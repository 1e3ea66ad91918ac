import Testing

@testable import PorticoPrograms

@Suite("Simple patterns of schemas")
struct SchemaPatternTests {
    static let simple = [
        "^[a-z0-9-]{8,40}$", "^[^@]+@[^@]+$", "^[0-9]{5}$", "^\\d{3}-\\d{4}$", "^[A-Z]{2}\\d*$", "^a?b+c{2,}$",
        "^\\w+$",
        "^[^\\d]{2}x$", "^a.$".replacing(".", with: "\\."), "^/[a-z]+/$", "^[+-]?\\d+$", "^[^a]{1,2}$", "^[a-]b$",
        "^a{0}$",
        "^[^]$", "^[]$", "^[\\w-]+$",
    ]
    static let other = [
        "a", "^a", "a$", "^a|b$", "^(a)$", "^.$", "^a*?$", "^a+ab$", "^[a-z]+[0-9a]*$", "^\\s$", "^\\bA$", "^é$",
        "^[é]$",
        "^a{$", "^a{2$", "^[a-\\d]$", "^\\D+$", "^a$b$", "^$", "^^a$", "^[^a]?[^b]$", "^a*b?a$",
    ]

    @Test("runs of characters from end to end are read without PCRE2, nothing else is")
    func recognition() {
        for pattern in Self.simple { #expect(SchemaPatternRuns(pattern) != nil, "\(pattern)") }
        for pattern in Self.other { #expect(SchemaPatternRuns(pattern) == nil, "\(pattern)") }
    }

    @Test("they match what PCRE2 matches")
    func agreement() throws {
        var random = SchemaRandom(seed: 99)
        let pieces = [
            "a", "b", "z", "A", "Z", "0", "9", "-", "@", ".", "/", "+", "x", "_", "\n", "é", "\u{1F600}", "c", "2",
        ]
        let matcher = PatternMatcher()
        var matches = 0
        for text in Self.simple {
            let runs = try #require(SchemaPatternRuns(text))
            let pattern = try Pattern.compileScript(text).get()
            for _ in 0..<4000 {
                var subject = ""
                // Mostly what the pattern mentions, so that some match.
                for _ in 0..<Int.random(in: 0...9, using: &random) {
                    subject +=
                        Bool.random(using: &random)
                        ? pieces.randomElement(using: &random) ?? ""
                        : String(UnicodeScalar(text.utf8.randomElement(using: &random) ?? 0x61))
                }
                let bytes = Array(subject.utf8)
                let expected = bytes.withUnsafeBytes { matcher.find(pattern, $0) } == .match
                let found = bytes.withUnsafeBytes { bytes in
                    SchemaPatternRuns.match(runs.runs, runs.runs.count, runs.members, bytes)
                }
                #expect(found == expected, "\(text) and \(subject)")
                matches += expected ? 1 : 0
            }
        }
        #expect(matches > 1000)
    }
}
