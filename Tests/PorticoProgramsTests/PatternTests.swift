import PorticoPrograms
import Testing

@Suite("Patterns")
struct PatternTests {
    static func pattern(_ text: String, _ options: PatternOptions = []) -> Pattern? {
        try? Pattern.compile(text, options).get()
    }

    static func fullMatch(_ text: String, _ subject: String) -> PatternOutcome? {
        guard let pattern = pattern(text) else { return nil }
        return Array(subject.utf8).withUnsafeBytes { PatternMatcher().fullMatch(pattern, $0) }
    }

    static func found(_ text: String, _ subject: String) -> [String] {
        guard let pattern = pattern(text) else { return ["does not compile"] }
        let matcher = PatternMatcher()
        return Array(subject.utf8).withUnsafeBytes { bytes in
            guard matcher.find(pattern, bytes) == .match else { return [] }
            return (0...pattern.groupCount).map { group in
                matcher.range(group).map { String(decoding: bytes[$0], as: UTF8.self) } ?? "-"
            }
        }
    }

    @Test(
        "A full match reads the pattern as Java does",
        arguments: [
            ("2\\d{2}", "200", true), ("2\\d{2}", "2000", false), ("4\\d{2}|5\\d{2}", "503", true),
            ("a|ab", "ab", true),
            (".*four hundred.*", "it is four hundred!", true), (".*", "a\nb", false), ("(?s).*", "a\nb", true),
            (".", "\u{85}", false), (".", "\u{0B}", true), (".", "\r", false), ("(?d).", "\r", true), (".", "é", true),
            (".", "😀", true), ("\\u00e9", "é", true), ("\\uD83D\\uDE00", "😀", true), ("\\x{1F600}", "😀", true),
            ("\\0101", "A", true), ("\\cA", "\u{01}", true), ("\\Qa.b\\E+", "a.bb", true), ("\\Qa.b", "axb", false),
            ("[a-z&&[^bc]]", "a", true), ("[a-z&&[^bc]]", "b", false), ("[a-z&&[def]]", "e", true),
            ("[a-z&&[def]]", "a", false), ("[^a-z&&[def]]", "a", true), ("[^a-z&&[def]]", "d", false),
            ("[a[b]]", "b", true),
            ("[a[^b]]", "c", true), ("[a[^b]]", "b", false), ("[^a[b]]", "b", false), ("[^a[b]]", "c", true),
            ("[\\w-.]", "-", true), ("[\\w-.]", ".", true), ("[a-]", "-", true), ("[]a]", "]", true),
            ("[a-d&&b-z&&c]", "c", true), ("[a-d&&b-z&&c]", "b", false), ("[&a]", "&", true),
            ("[^\\W\\d]+", "abc", true),
            ("[\\P{Alpha}]", "1", true), ("[\\P{Alpha}]", "a", false), ("\\p{Alpha}", "é", false),
            ("\\p{L}", "é", true),
            ("(?U)\\p{Alpha}", "é", true), ("(?U)\\w+", "élan", true), ("\\w+", "élan", false),
            ("\\p{javaLowerCase}", "é", true), ("\\p{IsLatin}", "é", true), ("\\p{IsGreek}", "é", false),
            ("\\p{IsAlphabetic}", "é", true), ("\\p{Punct}", "]", true), ("\\pL", "x", true),
            ("\\p{script=Greek}", "α", true),
            ("(?i)abc", "ABC", true), ("a(?i)b", "aB", true), ("a(?i)b", "AB", false), ("(?i:a)b", "Ab", true),
            ("(?i:a)b", "AB", false), ("(?x) a b # c", "ab", true), ("(?x)[ a b ]", " ", false),
            ("(a)(?i)(?-i)b", "aB", false),
            ("(?<n>a)\\k<n>", "aa", true), ("(a)\\1", "aa", true), ("(a)\\11", "aa1", true), ("(a)\\2", "aa", false),
            ("a++b", "aab", true), ("a++a", "aa", false), ("(?>a|ab)c", "abc", false), ("a$", "a", true),
            ("\\h", "\u{A0}", true),
            ("\\R", "\r\n", true), ("a{2,3}", "aaaa", false), ("a{2,}", "aaaa", true), ("}", "}", true),
            ("a\\{b\\}", "a{b}", true),
            ("", "", true), ("", "a", false), ("#", "#", true), ("[#]", "#", true),
            ("\"x\": \"/\"", "\"x\": \"/\"", true),
            ("(?<=a{1})b", "b", false), ("[\\p{L}&&[^\\p{Lu}]]", "a", true), ("[\\p{L}&&[^\\p{Lu}]]", "A", false),
            ("\\d", "٣", false), ("(?U)\\d", "٣", true), ("[[a-f]&&[d-z]&&[^e]]+", "df", true),
        ])
    func fullMatches(pattern: String, subject: String, matches: Bool) {
        #expect(Self.fullMatch(pattern, subject) == (matches ? .match : .noMatch))
    }

    @Test(
        "A search finds the first place and its groups",
        arguments: [
            ("b+", "abbb", ["bbb"]), ("(a)|(b)", "xb", ["b", "-", "b"]),
            ("(?<year>\\d{4})-(\\d\\d)", "on 2024-05", ["2024-05", "2024", "05"]),
            ("a$", "ba\n", ["a"]), ("a$", "a\r\n", ["a"]), ("a$", "a\nb", []), ("(?m)a$", "a\nb", ["a"]),
            ("(?m)^b", "a\nb", ["b"]),
            ("(?m)^$", "a\n", []), ("a\\Z", "a\u{2028}", ["a"]), ("a\\z", "a\n", []), ("^b", "a\nb", []),
            ("x", "abc", []),
            ("\\bfoo\\b", "a foo b", ["foo"]), ("(?m)^(.*)$", "a\r\nb", ["a", "a"]), ("(?<=:)\\w", "a:b", ["b"]),
            ("\r$", "\r\n", []), ("\r$", "\r", ["\r"]),
        ])
    func finds(pattern: String, subject: String, groups: [String]) {
        #expect(Self.found(pattern, subject) == groups)
    }

    @Test(
        "What Java refuses or we cannot do is a problem with its place",
        arguments: [
            ("*a", 0), ("a{", 1), ("{2}", 0), ("a{,3}", 1), ("a{3,2}", 1), ("(a", 0), ("a)", 1), ("[a", 0), ("[]", 0),
            ("a\\", 1), ("\\y", 0),
            ("\\p{Foo}", 0), ("\\p{InGreek}", 0), ("(?R)", 2), ("(?P<n>a)", 2), ("(*FAIL)", 1), ("(?<1>a)", 3),
            ("(?<a>b)(?<a>c)", 7),
            ("\\k<n>", 0), ("\\uD83D", 0), ("\\u12", 0), ("[z-a]", 1), ("\\b{g}", 0), ("é*+*", 4), ("(?<=a+)b", 0),
            ("a{99999}", 2),
        ])
    func refuses(pattern: String, offset: Int) {
        guard case .failure(let problem) = Pattern.compile(pattern) else {
            Issue.record("'\(pattern)' compiles")
            return
        }
        #expect(!problem.message.isEmpty)
        #expect(problem.offset == offset)
    }

    @Test(
        "A pattern that would run for ages gives up and says so",
        arguments: [
            ("(a+)+$", String(repeating: "a", count: 10_000) + "!"),
            ("(a|aa)+", String(repeating: "a", count: 10_000) + "!"),
            ("(.*a){20}", String(repeating: "a", count: 3_000) + "!"),
            ("(x+x+)+[yz]", String(repeating: "x", count: 10_000)),
        ])
    func givesUp(pattern: String, subject: String) {
        #expect(Self.fullMatch(pattern, subject) == .limitExceeded)
    }

    @Test(
        "Replacing follows Java's rules for dollars and backslashes",
        arguments: [
            ("b", "abc", "X", "aXc"), ("(b)(c)", "abc", "$2$1", "acb"), ("(b)", "abc", "$12", "ab2c"),
            ("b", "abc", "\\$1", "a$1c"),
            ("\\\\'", "it\\'s", "'", "it's"), ("", "ab", "-", "-a-b-"), ("x*", "ab", "-", "-a-b-"),
            ("x*", "xab", "-", "--a-b-"), ("", "é", "-", "-é-"),
            ("(?<n>b)", "abc", "<${n}>", "a<b>c"), ("(a)|b", "ab", "[$1]", "[a][]"), ("z", "abc", "$9", "abc"),
        ])
    func replaces(pattern: String, subject: String, replacement: String, result: String) throws {
        let pattern = try #require(Self.pattern(pattern))
        var outcome = PatternEditOutcome.limitExceeded
        let text = Fixture.write { output in
            Array(subject.utf8).withUnsafeBytes { subject in
                Array(replacement.utf8).withUnsafeBytes { replacement in
                    outcome = PatternMatcher().replaceAll(pattern, subject, with: replacement, into: output)
                }
            }
        }
        #expect(outcome == .done)
        #expect(text == result)
    }

    @Test("A replacement that Java refuses is refused", arguments: ["$", "\\", "$1", "$x", "${n}", "${n"])
    func refusesReplacement(replacement: String) throws {
        let pattern = try #require(Self.pattern("b"))
        let outcome = Array("abc".utf8).withUnsafeBytes { subject in
            Array(replacement.utf8).withUnsafeBytes { replacement in
                PatternMatcher().replaceAll(pattern, subject, with: replacement, into: OutputBuffer())
            }
        }
        #expect(outcome == .malformedReplacement)
    }

    @Test(
        "Splitting drops empty pieces at the end unless a limit is given",
        arguments: [
            (",", "a,b,c", 0, ["a", "b", "c"]), (",", "a,,b,,", 0, ["a", "", "b"]),
            (",", "a,b,,", -1, ["a", "b", "", ""]),
            (",", "a,b,c", 2, ["a", "b,c"]), (",", "", 0, [""]), (",", ",a", 0, ["", "a"]),
            ("", "abc", 0, ["a", "b", "c"]),
            (",", ",,", 0, []), ("x", "abc", 0, ["abc"]), ("(?=b)", "abab", 0, ["a", "ba", "b"]),
        ])
    func splits(pattern: String, subject: String, limit: Int, pieces: [String]) throws {
        let pattern = try #require(Self.pattern(pattern))
        let bytes = Array(subject.utf8)
        var ranges: [Range<Int>] = []
        let outcome = bytes.withUnsafeBytes { PatternMatcher().split(pattern, $0, limit: limit, into: &ranges) }
        #expect(outcome == .done)
        #expect(ranges.map { String(decoding: bytes[$0], as: UTF8.self) } == pieces)
    }

    @Test("Bytes that are not UTF-8 match nothing, and what stands round them is found")
    func invalidSubject() throws {
        let pattern = try #require(Self.pattern("b."))
        let matcher = PatternMatcher()
        let outcome = ([0xFF, 0x61, 0xC3, 0x62, 0x63] as [UInt8]).withUnsafeBytes { matcher.find(pattern, $0) }
        #expect(outcome == .match)
        #expect(matcher.range() == 3..<5)
        let full = try #require(Self.pattern("(?s).*"))
        #expect(([0xFF] as [UInt8]).withUnsafeBytes { matcher.fullMatch(full, $0) } == .noMatch)
    }

    @Test("A pattern survives the snapshot")
    func roundTrip() throws {
        let pattern = try #require(Self.pattern("a(?<n>b)", .caseInsensitive))
        var writer = ByteWriter()
        pattern.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        let read = try Pattern.decode(from: &reader)
        #expect(read == pattern && reader.isAtEnd)
        var damaged = ByteReader([2, 0, 0, 0, 0x28, 0x28, 0])
        #expect(throws: ProgramDecodingError.self) { try Pattern.decode(from: &damaged) }
    }

    @Test("A search with a clock finds what one without finds, and stops when the time is over")
    func clock() throws {
        let subject = Array((String(repeating: "ä", count: 5000) + "xb").utf8)
        let late = try #require(Self.pattern("x?b$"))
        var time: UInt64 = 0
        let patient = PatternMatcher(clock: { time })
        #expect(subject.withUnsafeBytes { patient.find(late, $0) } == .match)
        #expect(patient.range() == 10_000..<10_002)
        #expect(subject.withUnsafeBytes { patient.fullMatch(late, $0) } == .noMatch)
        let hurried = PatternMatcher(clock: {
            time += 1_000_000_000
            return time
        })
        #expect(subject.withUnsafeBytes { hurried.find(late, $0) } == .limitExceeded)
    }
}
