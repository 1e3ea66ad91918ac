import PorticoSyntax
import Testing

@testable import PorticoPrograms

@Suite("Mistakes in policies")
struct PolicyCompilerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var document: String
        var kind: PolicyKind
        var problems: [String]
        var testDescription: String { document }

        init(_ document: String, _ problems: [String], _ kind: PolicyKind = .identity) {
            (self.document, self.problems, self.kind) = (document, problems, kind)
        }
    }

    private static func statement(_ rest: String, _ kind: PolicyKind = .identity) -> String {
        let principal = kind == .resource && !rest.contains("Principal") ? ",\"Principal\":\"*\"" : ""
        var text = PolicyFixture.policy("{\"Effect\":\"Allow\"\(principal)\(rest)}")
        if !rest.contains("Action") { text = text.replacing("\"Effect\"", with: "\"Action\":\"*\",\"Effect\"") }
        if !rest.contains("Resource") { text = text.replacing("\"Effect\"", with: "\"Resource\":\"*\",\"Effect\"") }
        return text
    }

    private static func condition(_ text: String) -> String { statement(",\"Condition\":" + text) }

    static let documents: [Row] = [
        Row("[]", ["! expected an object"]),
        Row("{}", ["! no 'Statement'"]),
        Row(
            "{\"Version\":\"2012-10-18\",\"Statement\":[]}",
            [
                "!/Version unknown version '2012-10-18'; expected '2012-10-17' or '2008-10-17'",
                "!/Statement no statements",
            ]),
        Row("{\"Statement\":[]}", [], .authorizer),
        Row(
            "{\"Statements\":[]}",
            ["!/Statements unknown element 'Statements'; did you mean 'Statement'?", "! no 'Statement'"]),
        Row("{\"Id\":\"x\",\"Statement\":[7]}", ["!/Statement/0 expected an object"]),
        Row("{\"Id\":[],\"Statement\":[]}", ["!/Id expected a text"], .authorizer),
        Row(
            PolicyFixture.policy("{}"),
            [
                "!/Statement/0 no 'Effect'", "!/Statement/0 neither 'Action' nor 'NotAction'",
                "!/Statement/0 neither 'Resource' nor 'NotResource'",
            ]),
        Row(
            PolicyFixture.policy("{}"),
            [
                "!/Statement/0 no 'Effect'", "!/Statement/0 neither 'Principal' nor 'NotPrincipal'",
                "!/Statement/0 neither 'Action' nor 'NotAction'", "!/Statement/0 neither 'Resource' nor 'NotResource'",
            ], .resource),
        Row(
            "{\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
            [
                "!/Statement/Effect unknown effect 'allow'; expected 'Allow' or 'Deny'"
            ]),
        Row(
            "{\"Statement\":{\"Effect\":true,\"Action\":\"*\",\"Resource\":\"*\"}}",
            ["!/Statement/Effect expected 'Allow' or 'Deny'"]),
        Row(
            statement(",\"Action\":\"*\",\"NotAction\":\"*\""),
            ["!/Statement/0 both 'Action' and 'NotAction'; expected one of them"]),
        Row(statement(",\"Action\":[]"), ["!/Statement/0/Action an empty list"]),
        Row(statement(",\"Action\":[\"*\",7]"), ["!/Statement/0/Action/1 expected a text"]),
        Row(
            statement(",\"Action\":\"Invoke\""),
            [
                "!/Statement/0/Action action 'Invoke' names no service; expected '*' or 'service:action'"
            ]),
        Row(
            statement(",\"Resource\":[\"*\",\"pets\"]"),
            [
                "!/Statement/0/Resource/1 resource 'pets' is neither '*' nor an ARN, and matches nothing"
            ]),
        Row(
            statement(",\"Resource\":\"pets\""),
            [
                "/Statement/0/Resource resource 'pets' is neither '*' nor an ARN, and matches nothing"
            ], .authorizer),
        Row(
            statement(",\"Resource\":\"execute-api:/prod/*\""),
            [
                "!/Statement/0/Resource resource 'execute-api:/prod/*' is neither '*' nor an ARN, and matches nothing"
            ]),
        Row(
            statement(",\"Resource\":\"arn:${aws:username\""),
            [
                "!/Statement/0/Resource malformed variable '${aws:username'; expected '${key}' or '${key, 'default'}'"
            ]),
        Row(
            statement(",\"Resource\":\"arn:${aws:nothing}\""),
            [
                "/Statement/0/Resource unknown condition key 'aws:nothing'; it is absent from every request"
            ]),
        Row(
            statement(",\"Effekt\":\"Allow\""),
            ["!/Statement/0/Effekt unknown element 'Effekt'; did you mean 'Effect'?"]),
        Row(
            statement(",\"Principal\":\"*\""),
            ["!/Statement/0/Principal 'Principal' belongs into resource policies only"]),
        Row(
            statement(",\"NotPrincipal\":\"*\""),
            [
                "!/Statement/0/NotPrincipal 'NotPrincipal' belongs into resource policies only"
            ], .authorizer),
        Row(
            PolicyFixture.policy(
                "{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Sid\":\"a\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"
            ),
            ["/Statement/1/Sid another statement has the Sid 'a'"]),
    ]

    @Test("Documents and statements", arguments: documents)
    func document(_ row: Row) { Self.check(row) }

    private static func principal(_ text: String, _ problems: [String]) -> Row {
        Row(statement(",\"Principal\":" + text, .resource), problems, .resource)
    }

    static let principals: [Row] = [
        principal(
            "\"123456789012\"",
            ["!/Statement/0/Principal expected '*' or an object such as {\"AWS\": \"123456789012\"}"]),
        principal("{}", ["!/Statement/0/Principal an empty object"]),
        principal("{\"AWS\":[]}", ["!/Statement/0/Principal/AWS an empty list"]),
        principal(
            "{\"aws\":\"*\"}", ["!/Statement/0/Principal/aws unknown kind of principal 'aws'; did you mean 'AWS'?"]),
        principal(
            "{\"AWS\":\"arn:aws:iam::*:root\"}",
            [
                "!/Statement/0/Principal/AWS principal 'arn:aws:iam::*:root' is not whole; wildcards stand for everybody or not at all"
            ]),
        principal(
            "{\"AWS\":\"1234\"}", ["!/Statement/0/Principal/AWS principal '1234' is no account, user, role or session"]),
        principal(
            "{\"AWS\":[\"*\",\"arn:aws:iam::123456789012:group/x\"]}",
            [
                "!/Statement/0/Principal/AWS/1 principal 'arn:aws:iam::123456789012:group/x' is no account, user, role or session"
            ]),
        principal(
            "{\"Service\":\"*\"}",
            [
                "!/Statement/0/Principal/Service principal '*' is not whole; wildcards stand for everybody or not at all"
            ]),
        Row(
            statement(",\"NotPrincipal\":{\"AWS\":\"123456789012\"}", .resource),
            [
                "/Statement/0/NotPrincipal 'NotPrincipal' allows everybody else, also without credentials"
            ], .resource),
    ]

    @Test("Principals", arguments: principals)
    func principal(_ row: Row) { Self.check(row) }

    static let conditions: [Row] = [
        Row(condition("[]"), ["!/Statement/0/Condition expected an object"]),
        Row(
            condition("{\"StringEqual\":{\"aws:Referer\":\"a\"}}"),
            [
                "!/Statement/0/Condition/StringEqual unknown operator 'StringEqual'; did you mean 'StringEquals'?"
            ]),
        Row(
            condition("{\"stringequals\":{\"aws:Referer\":\"a\"}}"),
            [
                "!/Statement/0/Condition/stringequals unknown operator 'stringequals'; did you mean 'StringEquals'?"
            ]),
        Row(
            condition("{\"NullIfExists\":{\"aws:Referer\":\"true\"}}"),
            [
                "!/Statement/0/Condition/NullIfExists unknown operator 'NullIfExists'"
            ]),
        Row(
            condition("{\"ForAllValues:Null\":{\"aws:Referer\":\"true\"}}"),
            [
                "!/Statement/0/Condition/ForAllValues:Null unknown operator 'ForAllValues:Null'"
            ]),
        Row(condition("{\"StringEquals\":\"a\"}"), ["!/Statement/0/Condition/StringEquals expected an object"]),
        Row(
            condition("{\"StringEquals\":{\"aws:Referrer\":\"a\"}}"),
            [
                "/Statement/0/Condition/StringEquals/aws:Referrer unknown condition key 'aws:Referrer'; did you mean 'aws:Referer'?; it is absent from every request"
            ]),
        Row(
            condition("{\"StringEquals\":{\"aws:PrincipalTag/a~b\":[null,{}]}}"),
            [
                "!/Statement/0/Condition/StringEquals/aws:PrincipalTag~1a~0b/0 expected a text",
                "!/Statement/0/Condition/StringEquals/aws:PrincipalTag~1a~0b/1 expected a text",
            ]),
        Row(
            condition("{\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/33\",\"10.0.0.0/\",\"10.0.0\",\"::/129\",\"x\"]}}"),
            [
                "!/Statement/0/Condition/IpAddress/aws:SourceIp/0 '10.0.0.0/33' is no IP address or CIDR block",
                "!/Statement/0/Condition/IpAddress/aws:SourceIp/1 '10.0.0.0/' is no IP address or CIDR block",
                "!/Statement/0/Condition/IpAddress/aws:SourceIp/2 '10.0.0' is no IP address or CIDR block",
                "!/Statement/0/Condition/IpAddress/aws:SourceIp/3 '::/129' is no IP address or CIDR block",
                "!/Statement/0/Condition/IpAddress/aws:SourceIp/4 'x' is no IP address or CIDR block",
            ]),
        Row(
            condition("{\"NumericLessThan\":{\"aws:EpochTime\":\"five\"}}"),
            [
                "!/Statement/0/Condition/NumericLessThan/aws:EpochTime 'five' is no number"
            ]),
        Row(
            condition("{\"DateLessThan\":{\"aws:CurrentTime\":[\"2026-02-30\",\"2026-01-31T12:00\",\"2026-13\"]}}"),
            [
                "!/Statement/0/Condition/DateLessThan/aws:CurrentTime/0 '2026-02-30' is no date; expected ISO 8601 or seconds since 1970",
                "!/Statement/0/Condition/DateLessThan/aws:CurrentTime/1 '2026-01-31T12:00' is no date; expected ISO 8601 or seconds since 1970",
                "!/Statement/0/Condition/DateLessThan/aws:CurrentTime/2 '2026-13' is no date; expected ISO 8601 or seconds since 1970",
            ]),
        Row(
            condition("{\"Bool\":{\"aws:SecureTransport\":\"yes\"}}"),
            [
                "!/Statement/0/Condition/Bool/aws:SecureTransport 'yes' is no truth value"
            ]),
        Row(
            condition("{\"BinaryEquals\":{\"aws:userid\":\"#\"}}"),
            ["!/Statement/0/Condition/BinaryEquals/aws:userid '#' is no Base64"]),
        Row(
            condition("{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:sns:*\"}}"),
            [
                "!/Statement/0/Condition/ArnLike/aws:SourceArn 'arn:aws:sns:*' is no ARN; expected six sections, such as 'arn:aws:iam::123456789012:role/*'"
            ]),
    ]

    @Test("Conditions", arguments: conditions)
    func condition(_ row: Row) { Self.check(row) }

    private static func check(_ row: Row) {
        let (program, problems) = PolicyFixture.compile(row.document, row.kind)
        #expect(PolicyFixture.problems(row.document, row.kind) == row.problems)
        #expect((program == nil) == problems.contains { $0.isFatal })
    }

    @Test("A resource policy has 8192 characters at most, without its blanks")
    func length() {
        func policy(_ length: Int) -> String {
            let start = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"arn:"
            let padding = String(repeating: "ä", count: length - start.utf16.count - 3)
            return start + padding + "\"}}"
        }
        let blanks = policy(8192).replacing("\"Effect\"", with: "   \n   \"Effect\"")
        #expect(PolicyFixture.problems(blanks, .resource) == [])
        #expect(
            PolicyFixture.problems(policy(8193), .resource) == ["! policy of 8193 characters; at most 8192 are allowed"]
        )
    }

    @Test("A resource of an authorizer's policy has 512 characters at most")
    func resourceLength() {
        func policy(_ length: Int) -> String {
            Self.statement(",\"Resource\":\"arn:\(String(repeating: "a", count: length - 4))\"")
        }
        #expect(PolicyFixture.problems(policy(512), .authorizer) == [])
        #expect(
            PolicyFixture.problems(policy(513), .authorizer) == [
                "!/Statement/0/Resource resource of 513 characters; at most 512 are allowed"
            ])
        #expect(PolicyFixture.problems(policy(513), .identity) == [])
    }

    @Test("An authorizer's policy is limited in statements, bytes and depth, and read off a tape")
    func authorizer() {
        func compile(_ text: String) -> (program: PolicyProgram?, problems: [PolicyProblem])? {
            Fixture.withTape("{\"principalId\":\"x\",\"policyDocument\":\(text)}") {
                (tape) -> (program: PolicyProgram?, problems: [PolicyProblem])? in
                guard let node = tape.member(tape.root, named: Array("policyDocument".utf8)) else { return nil }
                return PolicyCompiler.compile(tape, at: node)
            } ?? nil
        }
        let one = "{\"Effect\":\"Allow\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"*\"}"
        func policy(_ statement: String, _ count: Int) -> String {
            "{\"Statement\":[\(Array(repeating: statement, count: count).joined(separator: ","))]}"
        }
        let short = "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"
        #expect(
            compile(PolicyFixture.policy(one))?.program
                == PolicyFixture.compile(PolicyFixture.policy(one), .authorizer).program)
        #expect(compile(PolicyFixture.policy(one))?.program != nil)
        #expect(compile(policy(short, 1024))?.program?.statementCount == 1024)
        #expect(compile(policy(short, 1025))?.problems.map(\.message) == ["more than 1024 statements"])
        let long = "{\"Id\":\"\(String(repeating: "x", count: 65536))\",\"Statement\":[]}"
        #expect(compile(long)?.problems.map(\.message) == ["policy of more than 65536 bytes"])
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(compile("{\"Statement\":\(deep)}")?.program == nil)
        #expect(compile("null")?.problems.map(\.message) == ["expected an object"])
        // However many mistakes, the list of them is short.
        #expect((compile(policy("{}", 1000))?.problems.count ?? 0) == 100)
    }
}
