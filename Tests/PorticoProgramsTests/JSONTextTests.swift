import PorticoPrograms
import Testing

@Suite("JSON text, Base64, percent-encoding and UTF-8")
struct JSONTextTests {
    static func apply(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer, OutputBuffer) -> Void) -> [UInt8] {
        let output = OutputBuffer()
        bytes.withUnsafeBytes { body($0, output) }
        return Array(output.bytes)
    }

    @Test(
        "Text is quoted with the fewest escapes",
        arguments: [
            ("", "\"\""), ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("\n\t\r\u{08}\u{0C}\u{01}\u{1F}", "\"\\n\\t\\r\\b\\f\\u0001\\u001F\""), ("é/😀", "\"é/😀\""),
        ])
    func quoting(text: String, json: String) {
        #expect(Fixture.write { JSONText.appendQuoted(text, into: $0) } == json)
    }

    @Test(
        "What is not UTF-8 becomes replacement characters, as in Java's decoder",
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE2, 0x82], "\u{FFFD}"), ([0xE2, 0x82, 0x62], "\u{FFFD}b"),
            ([0xF0, 0x9F, 0x98, 0x61], "\u{FFFD}a"),
            ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xC3, 0xA9], "é"),
            ([], ""),
            ([0xF5, 0x61], "\u{FFFD}a"), ([0xC3], "\u{FFFD}"),
        ] as [([UInt8], String)])
    func repair(bytes: [UInt8], text: String) {
        let repaired = Self.apply(bytes) { UTF8Text.appendRepaired($0, into: $1) }
        #expect(repaired == Array(text.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == text, "the standard library agrees")
    }

    @Test(
        "Base64 goes there and back",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("ÿþ?", "w7/Dvj8="),
        ])
    func base64(text: String, encoded: String) {
        #expect(Self.apply(Array(text.utf8)) { Base64Text.appendEncoded($0, into: $1) } == Array(encoded.utf8))
        var isBase64 = false
        let decoded = Self.apply(Array(encoded.utf8)) { isBase64 = Base64Text.appendDecoded($0, into: $1) }
        #expect(isBase64 && decoded == Array(text.utf8))
    }

    @Test("Base64 may lack its padding", arguments: [("Zg", "f"), ("Zm8", "fo"), ("Zm9vYg", "foob")])
    func base64Unpadded(encoded: String, text: String) {
        let decoded = Self.apply(Array(encoded.utf8)) { #expect(Base64Text.appendDecoded($0, into: $1)) }
        #expect(decoded == Array(text.utf8))
    }

    @Test(
        "What is not Base64 leaves nothing",
        arguments: ["Z", "Zg=", "Zm8==", "Zg==x", "=", "Zm9v=", "Z-8=", "Zm 8", "Zg===", "Zm9v\n"])
    func notBase64(encoded: String) {
        let decoded = Self.apply(Array(encoded.utf8)) { #expect(!Base64Text.appendDecoded($0, into: $1)) }
        #expect(decoded.isEmpty)
    }

    @Test(
        "Queries are decoded, and a lone percent sign stays",
        arguments: [
            ("a+b%20c", true, "a b c", true), ("a+b", false, "a+b", true), ("%C3%A9%2b", true, "é+", true),
            ("%", true, "%", false), ("%4", true, "%4", false),
            ("%zz%41", true, "%zzA", false), ("", true, "", true),
        ])
    func decoding(text: String, plusIsBlank: Bool, decoded: String, isWellFormed: Bool) {
        var wasWellFormed = !isWellFormed
        let result = Self.apply(Array(text.utf8)) {
            wasWellFormed = PercentText.appendDecoded($0, plusIsBlank: plusIsBlank, into: $1)
        }
        #expect(result == Array(decoded.utf8) && wasWellFormed == isWellFormed)
    }

    @Test(
        "Text is encoded by its rule",
        arguments: [
            ("a b{}~*/é", PercentText.Rule.form, "a+b%7B%7D%7E*%2F%C3%A9"), ("a b~*/", .component, "a%20b~%2A%2F"),
            ("a b/", .path, "a%20b/"),
        ])
    func encoding(text: String, rule: PercentText.Rule, encoded: String) {
        #expect(Self.apply(Array(text.utf8)) { PercentText.appendEncoded($0, rule, into: $1) } == Array(encoded.utf8))
    }

    @Test(
        "Doubles are printed as Java prints them",
        arguments: [
            (1.0, "1.0"), (0.1, "0.1"), (1e7, "1.0E7"), (9_999_999.0, "9999999.0"), (0.001, "0.001"),
            (0.000999, "9.99E-4"), (123.456, "123.456"), (-2.5e-10, "-2.5E-10"),
            (1.7976931348623157e308, "1.7976931348623157E308"), (1e-300, "1.0E-300"), (.infinity, "Infinity"),
            (-.infinity, "-Infinity"), (.nan, "NaN"), (-0.0, "-0.0"),
            (100.0, "100.0"), (1e21, "1.0E21"), (2.0, "2.0"), (1234567.125, "1234567.125"),
        ])
    func doubles(value: Double, text: String) {
        #expect(Fixture.write { JavaNumber.append(value, into: $0) } == text)
    }
}
