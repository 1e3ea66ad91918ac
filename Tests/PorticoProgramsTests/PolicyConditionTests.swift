import Testing

@testable import PorticoPrograms

@Suite("Conditions of policies")
struct PolicyConditionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var condition: String
        var context: [String: [String]]
        var holds: Bool
        var testDescription: String { "\(condition) \(context) \(holds)" }

        init(_ condition: String, _ context: [String: [String]], _ holds: Bool) {
            (self.condition, self.context, self.holds) = (condition, context, holds)
        }
    }

    /// `OPERATOR KEY VALUE` with a JSON value, and the values of the key.
    private static func row(_ test: String, _ key: String, _ value: String, _ context: [String]?, _ holds: Bool) -> Row
    {
        Row("{\"\(test)\":{\"\(key)\":\(value)}}", context.map { [key: $0] } ?? [:], holds)
    }

    private static func text(_ test: String, _ value: String, _ context: String?, _ holds: Bool) -> Row {
        row(test, "aws:UserAgent", value, context.map { [$0] }, holds)
    }

    static let texts: [Row] = [
        text("StringEquals", "\"a\"", "a", true), text("StringEquals", "\"a\"", "A", false),
        text("StringEquals", "[\"b\",\"a\"]", "a", true), text("StringEquals", "\"a*\"", "ab", false),
        text("StringEquals", "\"a*\"", "a*", true), text("StringEquals", "[]", "a", false),
        text("StringEquals", "true", "true", true), text("StringEquals", "1.50", "1.50", true),
        text("StringNotEquals", "\"a\"", "a", false), text("StringNotEquals", "\"a\"", "b", true),
        text("StringNotEquals", "[\"a\",\"b\"]", "b", false), text("StringNotEquals", "[]", "b", true),
        text("StringEqualsIgnoreCase", "\"aB-[\"", "Ab-[", true), text("StringEqualsIgnoreCase", "\"a[\"", "a{", false),
        text("StringEqualsIgnoreCase", "\"ÄÖ\"", "äö", true), text("StringEqualsIgnoreCase", "\"ÄÖ\"", "äü", false),
        text("StringEqualsIgnoreCase", "\"K\"", "k", true), text("StringNotEqualsIgnoreCase", "\"aB\"", "Ab", false),
        text("StringLike", "\"curl/*\"", "curl/8.5.0", true), text("StringLike", "\"curl/*\"", "Curl/8", false),
        text("StringLike", "\"c?rl\"", "curl", true), text("StringLike", "\"c?rl\"", "cürl", true),
        text("StringLike", "\"?\"", "", false), text("StringLike", "\"*\"", "", true),
        text("StringNotLike", "\"curl/*\"", "curl/8", false), text("StringNotLike", "\"curl/*\"", "wget", true),
        text("StringLike", "\"${*}\"", "x", false), text("StringLike", "\"${*}\"", "*", true),
        Row(
            "{\"StringEquals\":{\"aws:Referer\":\"${aws:UserAgent}\"}}",
            ["aws:Referer": ["x"], "aws:UserAgent": ["x"]], true),
        Row("{\"StringEquals\":{\"aws:Referer\":\"${aws:UserAgent}\"}}", ["aws:Referer": ["x"]], false),
        Row("{\"StringNotEquals\":{\"aws:Referer\":\"${aws:UserAgent}\"}}", ["aws:Referer": ["x"]], true),
        Row(
            "{\"StringLike\":{\"aws:Referer\":\"*${aws:UserAgent}*\"}}",
            ["aws:Referer": ["abc"], "aws:UserAgent": ["?"]], false),
        Row("{\"StringEquals\":{\"AWS:REFERER\":\"x\"}}", ["aws:Referer": ["x"]], true),
        Row("{\"StringEquals\":{\"aws:PrincipalTag/Team\":\"x\"}}", ["aws:PrincipalTag/team": ["x"]], true),
        Row("{\"StringEquals\":{\"aws:PrincipalTag/Team\":\"x\"}}", ["aws:PrincipalTag/tea": ["x"]], false),
    ]

    @Test("Texts", arguments: texts)
    func ofTexts(_ row: Row) { Self.check(row) }

    private static func age(_ test: String, _ value: String, _ context: String, _ holds: Bool) -> Row {
        row(test, "aws:MultiFactorAuthAge", value, [context], holds)
    }

    static let numbers: [Row] = [
        age("NumericEquals", "5", "5", true), age("NumericEquals", "\"5.0\"", "5", true),
        age("NumericEquals", "\"5e1\"", "50", true), age("NumericEquals", "\"-5\"", "5", false),
        age("NumericNotEquals", "5", "5.00", false), age("NumericNotEquals", "5", "x", true),
        age("NumericLessThan", "5", "4.9", true), age("NumericLessThan", "5", "5", false),
        age("NumericLessThanEquals", "5", "5", true), age("NumericLessThanEquals", "5", "5.1", false),
        age("NumericGreaterThan", "5", "5.000000000000000000001", true), age("NumericGreaterThan", "5", "5", false),
        age("NumericGreaterThanEquals", "[9,5]", "6", true), age("NumericGreaterThanEquals", "5", "-6", false),
        age("NumericLessThan", "5", "", false), age("NumericLessThan", "5", "0x1", false),
        age("NumericEquals", "9007199254740993", "9007199254740992", false),
    ]

    @Test("Numbers", arguments: numbers)
    func number(_ row: Row) { Self.check(row) }

    private static func time(_ test: String, _ value: String, _ context: String, _ holds: Bool) -> Row {
        row(test, "aws:CurrentTime", value, [context], holds)
    }

    static let dates: [Row] = [
        time("DateEquals", "\"2026-01-31T12:00:00Z\"", "2026-01-31T13:00:00+01:00", true),
        time("DateEquals", "\"2026-01-31T12:00:00Z\"", "1769860800", true),
        time("DateEquals", "1769860800", "2026-01-31T12:00Z", true),
        time("DateEquals", "\"2026-01-31\"", "2026-01-31T00:00:00Z", true),
        time("DateNotEquals", "\"2026-01-31\"", "2026-01-31T00:00:00Z", false),
        time("DateLessThan", "\"2026-01-31T12:00:00Z\"", "2026-01-31T11:59:59.999Z", true),
        time("DateLessThan", "\"2026-01-31T12:00:00Z\"", "2026-01-31T12:00:00Z", false),
        time("DateLessThanEquals", "\"2026-01-31T12:00:00Z\"", "2026-01-31T12:00:00Z", true),
        time("DateGreaterThan", "\"2026-01-31T12:00:00Z\"", "2026-01-31T12:00:00.001Z", true),
        time("DateGreaterThanEquals", "\"2027-01-01T00:00:00Z\"", "2026-12-31T23:59:59Z", false),
        time("DateGreaterThan", "\"1969-12-31T23:59:59Z\"", "0", true),
        time("DateLessThan", "\"2026-01-31T12:00:00Z\"", "yesterday", false),
        time("DateEquals", "\"2024-02-29T00:00:00Z\"", "1709164800", true),
        time("DateEquals", "\"1900-03-01\"", "-2203891200", true),
    ]

    @Test("Dates", arguments: dates)
    func date(_ row: Row) { Self.check(row) }

    private static func ip(_ test: String, _ value: String, _ context: String?, _ holds: Bool) -> Row {
        row(test, "aws:SourceIp", value, context.map { [$0] }, holds)
    }

    static let addresses: [Row] = [
        ip("IpAddress", "\"10.0.0.0/8\"", "10.255.0.1", true), ip("IpAddress", "\"10.0.0.0/8\"", "11.0.0.1", false),
        ip("IpAddress", "\"10.0.0.1\"", "10.0.0.1", true), ip("IpAddress", "\"10.0.0.1\"", "10.0.0.2", false),
        ip("IpAddress", "[\"1.1.1.1\",\"10.0.0.7/24\"]", "10.0.0.9", true),
        ip("IpAddress", "\"0.0.0.0/0\"", "8.8.8.8", true),
        ip("IpAddress", "\"0.0.0.0/0\"", "2001:db8::1", false), ip("IpAddress", "\"::/0\"", "8.8.8.8", false),
        ip("IpAddress", "\"2001:db8::/32\"", "2001:DB8:ffff::1", true),
        ip("IpAddress", "\"2001:db8::/32\"", "2001:db9::1", false),
        ip("IpAddress", "\"2001:db8::1\"", "2001:db8:0:0:0:0:0:1", true),
        // A client of a listener for both kinds is the same client.
        ip("IpAddress", "\"10.0.0.0/8\"", "::ffff:10.1.2.3", true),
        ip("IpAddress", "\"10.0.0.0/8\"", "::ffff:a01:203", true),
        ip("NotIpAddress", "\"10.0.0.0/8\"", "::ffff:10.1.2.3", false),
        ip("IpAddress", "\"::ffff:10.0.0.0/104\"", "10.1.2.3", true),
        ip("NotIpAddress", "\"10.0.0.0/8\"", "11.0.0.1", true),
        ip("NotIpAddress", "[\"10.0.0.0/8\",\"11.0.0.0/8\"]", "11.0.0.1", false),
        // What is no address is in no block.
        ip("IpAddress", "\"0.0.0.0/0\"", "010.0.0.1", false), ip("IpAddress", "\"0.0.0.0/0\"", "1.2.3", false),
        ip("IpAddress", "\"0.0.0.0/0\"", "1.2.3.4, 5.6.7.8", false), ip("IpAddress", "\"::/0\"", "1::2::3", false),
        ip("IpAddress", "\"::/0\"", "fe80::1%eth0", false), ip("IpAddress", "\"::/0\"", ":::", false),
        ip("IpAddress", "\"::/0\"", "1:2:3:4:5:6:7:8:9", false), ip("IpAddress", "\"::/0\"", "1:2:3:4:5:6:7::", true),
        ip("IpAddress", "\"::/0\"", "1:2:3:4:5:6:7:8::", false), ip("IpAddress", "\"::/0\"", "::1:", false),
        ip("NotIpAddress", "\"10.0.0.0/8\"", "10.0.0.256", true), ip("NotIpAddress", "\"10.0.0.0/8\"", nil, true),
    ]

    @Test("Addresses", arguments: addresses)
    func address(_ row: Row) { Self.check(row) }

    private static func arn(_ test: String, _ value: String, _ context: String, _ holds: Bool) -> Row {
        row(test, "aws:SourceArn", value, [context], holds)
    }

    static let arns: [Row] = [
        arn("ArnEquals", "\"arn:aws:sns:us-east-1:123456789012:t\"", "arn:aws:sns:us-east-1:123456789012:t", true),
        arn("ArnEquals", "\"arn:aws:sns:*:123456789012:t*\"", "arn:aws:sns:us-east-1:123456789012:t:x", true),
        arn("ArnLike", "\"arn:aws:sns:*:123456789012:*\"", "arn:aws:sns:us-east-1:123456789012:t", true),
        arn("ArnLike", "\"arn:aws:sns:*:*:*:x\"", "arn:aws:sns:us-east-1:123456789012:t:x", true),
        // An asterisk stays within its section.
        arn("ArnLike", "\"arn:aws:*:123456789012:*:t\"", "arn:aws:sns:us-east-1:123456789012:t", false),
        arn("ArnLike", "\"arn:*:us-east-1:123456789012:t:u\"", "arn:aws:sns:us-east-1:123456789012:t:u", false),
        arn("ArnLike", "\"arn:aws:sns:us-east-?:123456789012:t\"", "arn:aws:sns:us-east-1:123456789012:t", true),
        arn("ArnLike", "\"arn:aws:sns::123456789012:*\"", "arn:aws:sns:us-east-1:123456789012:t", false),
        arn("ArnLike", "\"*\"", "arn:aws:sns:us-east-1:123456789012:t", true), arn("ArnLike", "\"*\"", "sns", false),
        arn("ArnNotEquals", "\"arn:aws:sns:*:*:t\"", "arn:aws:sns:us-east-1:123456789012:t", false),
        arn("ArnNotLike", "\"arn:aws:sns:*:*:t\"", "arn:aws:sns:us-east-1:123456789012:u", true),
        arn("ArnNotLike", "\"arn:aws:sns:*:*:t\"", "t", true),
    ]

    @Test("ARNs", arguments: arns)
    func ofARNs(_ row: Row) { Self.check(row) }

    private static func tls(_ test: String, _ value: String, _ context: String?, _ holds: Bool) -> Row {
        row(test, "aws:SecureTransport", value, context.map { [$0] }, holds)
    }

    static let others: [Row] = [
        tls("Bool", "\"true\"", "true", true), tls("Bool", "true", "true", true), tls("Bool", "false", "true", false),
        tls("Bool", "\"False\"", "FALSE", true), tls("Bool", "false", nil, false),
        tls("BoolIfExists", "true", nil, true),
        tls("Bool", "true", "1", false), tls("Null", "\"true\"", nil, true), tls("Null", "true", "true", false),
        tls("Null", "false", "", true), tls("Null", "false", nil, false), tls("Null", "[true,false]", nil, true),
        text("BinaryEquals", "\"YWxpY2U=\"", "alice", true), text("BinaryEquals", "\"YWxpY2U=\"", "alicf", false),
        // Missing keys.
        text("StringEquals", "\"a\"", nil, false), text("StringNotEquals", "\"a\"", nil, true),
        text("StringLike", "\"*\"", nil, false), text("StringNotLike", "\"*\"", nil, true),
        text("StringEqualsIfExists", "\"a\"", nil, true), text("StringEqualsIfExists", "\"a\"", "b", false),
        text("StringNotEqualsIfExists", "\"a\"", "a", false), text("StringNotEqualsIfExists", "\"a\"", nil, true),
        row("NumericLessThan", "aws:MultiFactorAuthAge", "5", nil, false),
        row("NumericNotEquals", "aws:MultiFactorAuthAge", "5", nil, true),
        row("DateNotEquals", "aws:CurrentTime", "5", nil, true), row("ArnNotLike", "aws:SourceArn", "\"*\"", nil, true),
        row("IpAddressIfExists", "aws:SourceIp", "\"10.0.0.0/8\"", nil, true),
        // Keys that are not known are absent.
        row("StringNotEquals", "s3:prefix", "\"a\"", nil, true), row("StringEquals", "s3:prefix", "\"a\"", nil, false),
        row("Null", "s3:prefix", "true", nil, true),
    ]

    @Test("Truth values, presence, bytes, and keys that are missing", arguments: others)
    func other(_ row: Row) { Self.check(row) }

    private static func paths(_ test: String, _ value: String, _ context: [String]?, _ holds: Bool) -> Row {
        row(test, "aws:PrincipalOrgPaths", value, context, holds)
    }

    static let several: [Row] = [
        paths("ForAnyValue:StringEquals", "[\"a\",\"b\"]", ["c", "b"], true),
        paths("ForAnyValue:StringEquals", "[\"a\",\"b\"]", ["c", "d"], false),
        paths("ForAnyValue:StringEquals", "\"a\"", nil, false),
        paths("ForAnyValue:StringNotEquals", "\"a\"", ["a", "b"], true),
        paths("ForAnyValue:StringNotEquals", "\"a\"", ["a", "a"], false),
        paths("ForAnyValue:StringNotEquals", "\"a\"", nil, false),
        paths("ForAnyValue:StringLikeIfExists", "\"a\"", nil, true),
        paths("ForAllValues:StringEquals", "[\"a\",\"b\"]", ["b", "a", "a"], true),
        paths("ForAllValues:StringEquals", "[\"a\",\"b\"]", ["a", "c"], false),
        paths("ForAllValues:StringEquals", "\"a\"", nil, true),
        paths("ForAllValues:StringNotEquals", "\"a\"", ["b", "c"], true),
        paths("ForAllValues:StringNotEquals", "\"a\"", ["b", "a"], false),
        paths("ForAllValues:StringLike", "\"o-1/*\"", ["o-1/r/x", "o-1/"], true),
        // Without a quantifier any match counts, and a negated operator wants none.
        paths("StringEquals", "\"a\"", ["b", "a"], true), paths("StringNotEquals", "\"a\"", ["b", "a"], false),
        paths("StringNotEquals", "\"a\"", ["b", "c"], true),
    ]

    @Test("Keys of several values", arguments: several)
    func severalValues(_ row: Row) { Self.check(row) }

    static let together: [Row] = [
        Row("{}", [:], true), Row("{\"StringEquals\":{}}", [:], true),
        Row(
            "{\"StringEquals\":{\"aws:Referer\":\"a\",\"aws:UserAgent\":\"b\"}}",
            ["aws:Referer": ["a"], "aws:UserAgent": ["b"]], true),
        Row("{\"StringEquals\":{\"aws:Referer\":\"a\",\"aws:UserAgent\":\"b\"}}", ["aws:Referer": ["a"]], false),
        Row(
            "{\"StringEquals\":{\"aws:Referer\":\"a\"},\"Bool\":{\"aws:SecureTransport\":true}}",
            ["aws:Referer": ["a"]], false),
        Row(
            "{\"StringEquals\":{\"aws:Referer\":\"a\"},\"Bool\":{\"aws:SecureTransport\":true}}",
            ["aws:Referer": ["a"], "aws:SecureTransport": ["true"]], true),
    ]

    @Test("Operators and keys must all hold", arguments: together)
    func combined(_ row: Row) { Self.check(row) }

    private static func check(_ row: Row) {
        let decision = PolicyFixture.decide(PolicyFixture.conditional(row.condition), .identity, .context(row.context))
        #expect(decision == (row.holds ? .allow : .implicitDeny))
    }

    @Test("A request fills keys from its caller and its time")
    func requestKeys() throws {
        let rows: [(String, PolicyCase)] = [
            (
                "{\"StringEquals\":{\"aws:username\":\"alice\",\"aws:PrincipalType\":\"User\"}}",
                .caller("arn:aws:iam::123456789012:user/t/alice")
            ),
            (
                "{\"Null\":{\"aws:username\":true},\"ArnEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::123456789012:role/reader\"}}",
                .caller("arn:aws:sts::123456789012:assumed-role/reader/s")
            ),
            (
                "{\"StringEquals\":{\"aws:PrincipalAccount\":\"123456789012\",\"aws:PrincipalType\":\"Account\"}}",
                .caller("arn:aws:iam::123456789012:root")
            ),
            ("{\"Null\":{\"aws:PrincipalArn\":true,\"aws:PrincipalType\":true}}", PolicyCase()),
            (
                "{\"DateEquals\":{\"aws:CurrentTime\":1769860801},\"NumericEquals\":{\"aws:EpochTime\":1769860801}}",
                PolicyCase()
            ),
            ("{\"StringEquals\":{\"aws:CurrentTime\":\"2026-01-31T12:00:01Z\"}}", PolicyCase()),
        ]
        for (condition, subject) in rows {
            let program = try #require(PolicyFixture.compile(PolicyFixture.conditional(condition)).program)
            let request = subject.request
            request.setPrincipalKeys()
            request.setTime(epochSeconds: 1_769_860_801)
            #expect(PolicyMachine().evaluate(program, request) == .allow, "\(condition)")
            // Nothing of it is left for the next request.
            PolicyCase().fill(request)
            #expect(
                request.first(UInt32(PolicyKey.currentTime.rawValue), tag: UnsafeRawBufferPointer(start: nil, count: 0))
                    == nil)
        }
    }
}
