import Testing

@testable import PorticoPrograms

@Suite("Formats of draft 4")
struct SchemaFormatTests {
    static let rows: [(format: String, valid: [String], invalid: [String], complaint: String)] = [
        (
            "date-time",
            [
                "2024-02-29T23:59:59Z", "2000-02-29t00:00:00z", "2024-05-17T10:11:12.5+23:59",
                "0000-01-01T00:00:00-00:00",
                "2016-12-31T23:59:60Z", "2016-12-31T20:29:60.25-03:30", "2017-01-01T00:59:60+01:00",
                "2024-05-17T10:11:12.123456789012345Z",
            ],
            [
                "", "2024-05-17", "2024-05-17 10:11:12Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
                "2024-13-01T00:00:00Z", "2024-00-10T00:00:00Z", "2024-04-31T00:00:00Z", "2024-05-17T24:00:00Z",
                "2024-05-17T10:60:00Z", "2024-05-17T10:11:61Z", "2024-05-17T10:11:60Z", "2024-05-17T10:11:12",
                "2024-05-17T10:11:12.Z", "2024-05-17T10:11:12+0100", "2024-05-17T10:11:12+24:00",
                "2024-05-17T10:11:12+01:60", "2024-05-17T10:11:12ZZ", "24-05-17T10:11:12Z",
                "2024-05-1\u{664}T10:11:12Z",
            ], "is invalid against requested date format(s)"
        ),
        (
            "email",
            [
                "a@b", "ada.lovelace+tag@example.co.uk", "!#$%&'*+-/=?^_`{|}~@x.test", "\"a b@c\"@x.test",
                "\"\\\"\"@x.test",
                "a@[127.0.0.1]", "a@[IPv6:::1]",
            ],
            [
                "", "a", "@b", "a@", "a@b@c", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b_c", "a@-b", "a@b..c", "a@[1.2.3]",
                "a@[IPv6:1]", "\"a@b", "é@b", "a@b c",
            ], "is not a valid email address"
        ),
        (
            "hostname",
            ["a", "example.com", "1.2.3.4", "xn--bcher-kva.example", "a-b.c", String(repeating: "a", count: 63)],
            [
                "", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "é", String(repeating: "a", count: 64),
                Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."),
            ], "is not a valid hostname"
        ),
        (
            "ipv4", ["0.0.0.0", "255.255.255.255", "127.0.0.1"],
            ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", "a.b.c.d", " 1.2.3.4"],
            "is not a valid IPv4 address"
        ),
        (
            "ipv6",
            [
                "::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "FE80::aB",
                "1:2:3::5:6:7:8",
            ],
            [
                "", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g",
                "1:2:3:4:5:6:7::8:9", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "::1%lo", "1.2.3.4", "::1.2.3.4:5",
                "1::2:3:4:5:6:7:8",
            ], "is not a valid IPv6 address"
        ),
        (
            "uri",
            [
                "http://a", "a:", "urn:x:y", "mailto:a@b", "http://a:80/b?c=d#e?f", "http://[::1]:8080/",
                "http://[v1.a:b]/",
                "file:///etc/hosts", "http://u:p@h/", "x-y+z.1:/%C3%A9", "http://a?b/c?d", "http://a:",
            ],
            [
                "", "a", "//a/b", "/a", "http//a", "1a:b", "http://a b", "http://a/%zz", "http://a/%4", "http://a/\\b",
                "http://a/<b>", "http://a/{b}", "http://é", "http://[::1", "http://[x]/", "http://a:b/", "http://a#b#c",
                "http://a[/", ":a", "a b:c", "http://a/^",
            ], "is not a valid URI"
        ),
        ("regex", ["", "^a{2}$", "[a-z]+"], ["(", "a**", "["], "is not a valid ECMA 262 regular expression"),
    ]

    @Test("a format takes its texts, refuses others, and looks at nothing but texts", arguments: Self.rows.indices)
    func formats(index: Int) {
        let row = Self.rows[index]
        let schema = "{\"format\":\"\(row.format)\"}"
        func quoted(_ text: String) -> String {
            "\"" + text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) } + "\""
        }
        for text in row.valid { #expect(SchemaFixture.run(schema, quoted(text)) == "valid", "\(text)") }
        for text in row.invalid {
            let outcome = SchemaFixture.run(schema, quoted(text))
            #expect(outcome.hasPrefix("[string \"\(text)\" \(row.complaint)"), "\(text): \(outcome)")
        }
        for body in ["1", "1.5", "true", "null", "[]", "{}"] { #expect(SchemaFixture.run(schema, body) == "valid") }
    }

    @Test("a format is said after everything else, and what nobody checks only describes")
    func order() {
        #expect(
            SchemaFixture.run(#"{"format":"ipv4","maxLength":2,"pattern":"^1"}"#, "\"abc\"") == """
                [string "abc" is too long (length: 3, maximum allowed: 2), ECMA 262 regex "^1" does not match input string \
                "abc", string "abc" is not a valid IPv4 address]
                """)
        for format in ["int32", "int64", "double", "byte", "password", "uuid", "date", "anything"] {
            #expect(SchemaFixture.run("{\"format\":\"\(format)\"}", "\"?\"") == "valid")
        }
    }
}
