import PorticoPrograms
import Testing

@Suite("JSON tape")
struct JSONTapeTests {
    @Test(
        "What is JSON is taken and printed compactly",
        arguments: [
            ("{}", "{}"), ("[]", "[]"), (" [ 1 , 2 ] ", "[1,2]"), ("{\"a\": {\"b\": []}}", "{\"a\":{\"b\":[]}}"),
            ("null", "null"), ("true", "true"), ("\"x\"", "\"x\""), ("[[],{},[{}]]", "[[],{},[{}]]"),
            ("{\"a\":[{\"b\":1},{\"c\":[2,{}]}],\"d\":null}", "{\"a\":[{\"b\":1},{\"c\":[2,{}]}],\"d\":null}"),
            ("\"\\/\\u00e9\\u001f\\ud83d\\ude00\\n\"", "\"/é\\u001F😀\\n\""), ("\"\\ud83d\"", "\"?\""),
            ("\"aé😀\"", "\"aé😀\""), ("-0", "0"), ("1.50", "1.5"), ("1e3", "1000.0"), ("1E10", "1.0E10"),
            ("1e999", "1e999"), ("-1.0", "-1.0"), ("0.001", "0.001"), ("0.0001", "1.0E-4"), ("0.10", "0.1"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("9223372036854775807", "9223372036854775807"), ("-0.0", "-0.0"), ("12345678.5", "1.23456785E7"),
            ("100.25", "100.25"), ("3.14159265358979323846", "3.14159265358979323846"),
        ])
    func accepts(text: String, printed: String) {
        #expect(Fixture.print(text) == printed)
    }

    @Test(
        "What is no JSON is refused where the trouble is",
        arguments: [
            ("", 0, JSONFailure.empty), ("  ", 2, .empty), ("[", 1, .unexpectedEnd), ("[1", 2, .unexpectedEnd),
            ("[1,]", 3, .unexpectedByte), ("{\"a\"}", 4, .unexpectedByte), ("{\"a\":}", 5, .unexpectedByte),
            ("{a:1}", 1, .unexpectedByte), ("{\"a\":1,}", 7, .unexpectedByte), ("1 2", 2, .trailingBytes),
            ("01", 1, .badNumber), ("1.", 2, .badNumber), ("1e", 2, .badNumber), ("-", 1, .badNumber),
            (".5", 0, .unexpectedByte), ("+1", 0, .unexpectedByte), ("tru", 0, .unexpectedByte),
            ("nul", 0, .unexpectedByte), ("falsy", 0, .unexpectedByte), ("\"a", 2, .unexpectedEnd),
            ("\"\\x\"", 1, .badEscape), ("\"\\u12g4\"", 1, .badEscape), ("\"\n\"", 1, .controlCharacter),
            ("[1}", 2, .unexpectedByte), ("{\"a\":1]", 6, .unexpectedByte), ("]", 0, .unexpectedByte),
            ("{]", 1, .unexpectedByte), ("[}", 1, .unexpectedByte), ("NaN", 0, .unexpectedByte),
        ])
    func refuses(text: String, offset: Int, reason: JSONFailure) {
        #expect(Fixture.parse(Array(text.utf8)) == .failed(offset: offset, reason: reason))
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func refusesBadText(bytes: [UInt8]) {
        #expect(Fixture.parse([0x22] + bytes + [0x22]) == .failed(offset: 1, reason: .badUTF8))
    }
}
