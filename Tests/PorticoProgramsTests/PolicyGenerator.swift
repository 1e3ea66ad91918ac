import PorticoSyntax

@testable import PorticoPrograms

/// Random policies and requests out of few words, so that statements match often.
enum PolicyGenerator {
    typealias Random = SchemaRandom

    private static let actions = ["execute-api:Invoke", "execute-api:InvalidateCache", "execute-api:ManageConnections"]
    private static let actionPatterns = [
        "execute-api:Invoke", "EXECUTE-API:invoke", "execute-api:*", "*", "execute-api:I*", "execute-api:Inv?ke",
        "s3:*",
        "execute-api:*Cache", "*:Invoke",
    ]
    private static let base = "arn:aws:execute-api:us-east-1:123456789012:abc123"
    private static let resources = [
        base + "/prod/GET/pets", base + "/prod/GET/", base + "/dev/POST/pets/7", base + "/prod/GET/aaab",
        base + "/prod/GET/ünï/7", base + "/prod/GET/a*c", base + "/prod/GET/alice",
    ]
    private static let resourcePatterns = [
        "*", base + "/*", base + "/prod/*", base + "/*/GET/pets", base + "/prod/GET/pets", "arn:aws:execute-api:*:*:*",
        "arn:aws:execute-api:us-east-1:*:abc123/*/pets*", base + "/????/GET/*", "*/GET/*", "*a*a*b", "*?ï/?",
        base + "/prod/GET/${aws:username}", base + "/${aws:PrincipalTag/team, 'prod'}/*", base + "/prod/GET/a${*}c",
        base + "/*/${aws:Referer, 'GET'}/*", "**/pets", "arn:aws:execute-api:?*:abc123/*", "*${aws:userid}*", "*ü?ï*",
    ]
    private static let callers: [(PolicyPrincipalKind, String, String)] = [
        (.anonymous, "", ""), (.account, "arn:aws:iam::123456789012:root", "123456789012"),
        (.user, "arn:aws:iam::123456789012:user/team/alice", "123456789012"),
        (.user, "arn:aws:iam::210987654321:user/alice", "210987654321"),
        (.role, "arn:aws:iam::123456789012:role/path/reader", "123456789012"),
        (.assumedRole, "arn:aws:sts::123456789012:assumed-role/reader/session", "123456789012"),
        (.assumedRole, "arn:aws:sts::210987654321:assumed-role/reader/other", "210987654321"),
        (.federatedUser, "arn:aws:sts::123456789012:federated-user/bob", "123456789012"),
        (.service, "apigateway.amazonaws.com", ""), (.federated, "accounts.google.com", ""),
        (.canonicalUser, "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", ""),
    ]
    private static let awsPrincipals = [
        "*", "123456789012", "210987654321", "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:user/team/alice", "arn:aws:iam::123456789012:role/path/reader",
        "arn:aws:iam::210987654321:role/reader", "arn:aws:sts::123456789012:assumed-role/reader/session",
        "arn:aws:sts::123456789012:federated-user/bob", "arn:aws-cn:iam::123456789012:role/reader",
    ]
    private static let texts = [
        "alice", "Alice", "ALICE", "al*ce", "a", "", "ÄÖ", "äö", "team", "prod", "curl/8.5.0", "true", "7", "vpce-1",
    ]
    private static let textPatterns = [
        "alice", "*", "al*", "?lice", "*ce", "curl/*", "vpce-?", "", "${aws:username}", "${aws:Referer, 'alice'}",
        "al${*}ce",
        "${aws:PrincipalTag/team}", "*${aws:userid, 'e'}", "?ö", "$", "${$}", "prod", "Ä?", "${aws:PrincipalOrgPaths}",
    ]
    private static let numbers = [
        "0", "7", "7.0", "-1", "300", "3e2", "299.999999999999999999", "100000000000000000001",
    ]
    private static let dates = [
        "2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "1769860800", "1769860800.5", "2026-01-31", "2026-02", "0",
        "2026-01-31T12:00:00.500Z", "2020-02-29T23:59:60Z", "2026-01-31T07:00-0500", "-86400",
    ]
    private static let addresses = [
        "10.0.0.1", "10.0.255.7", "192.168.1.1", "::1", "2001:db8::1", "2001:DB8:0:0::1", "::ffff:10.0.0.1",
        "::ffff:a00:1",
    ]
    private static let networks = [
        "10.0.0.0/8", "10.0.0.1", "10.0.0.1/32", "0.0.0.0/0", "10.0.0.7/24", "2001:db8::/32", "::1", "::/0",
        "::ffff:10.0.0.0/104", "192.168.0.0/16", "2001:db8::1:0:0/64", "0.0.0.0/1",
    ]
    private static let arns = [
        "arn:aws:iam::123456789012:user/team/alice", "arn:aws:sns:us-east-1:123456789012:topic:x",
        "arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets", "arn:aws", "alice",
    ]
    private static let arnPatterns = [
        "arn:aws:iam::123456789012:user/team/alice", "arn:aws:iam::*:user/*", "*", "arn:*:*:*:*:*",
        "arn:aws:sns:*:*:*:x",
        "arn:aws:sns:us-*:123456789012:topic*", "arn:aws:???::123456789012:*", "${aws:SourceArn}",
        "arn:aws:*:*:*:${aws:userid}",
        "arn:aws:iam::123456789012:user/*/${aws:username, 'alice'}",
    ]
    private static let keys: [(String, [String])] = [
        ("aws:username", texts), ("aws:UserAgent", texts), ("aws:Referer", texts), ("aws:userid", texts),
        ("aws:PrincipalTag/team", texts), ("aws:PrincipalOrgPaths", texts), ("aws:SourceVpce", texts),
        ("aws:MultiFactorAuthAge", numbers + ["x"]), ("aws:CurrentTime", dates + ["x"]), ("aws:EpochTime", numbers),
        ("aws:SourceIp", addresses + ["x", "10.0.0.01"]), ("aws:VpcSourceIp", addresses),
        ("aws:SecureTransport", ["true", "false", "TRUE", "no"]), ("aws:SourceArn", arns), ("aws:PrincipalArn", arns),
    ]

    static func request(_ random: inout Random) -> PolicyCase {
        var request = PolicyCase()
        request.action = pick(actions, &random)
        request.resource = pick(resources, &random)
        let caller = pick(callers, &random)
        (request.kind, request.name, request.account) = (caller.0, caller.1, caller.2)
        for (key, values) in keys where chance(2, 3, &random) {
            let isTag = key.hasPrefix("aws:PrincipalTag/")
            let count = !isTag && chance(1, 4, &random) ? Int.random(in: 2...3, using: &random) : 1
            request.context[key] = (0..<count).map { _ in pick(values, &random) }
        }
        return request
    }

    static func line(_ policies: [JSONValue], _ request: PolicyCase, _ deniesOnly: Bool) -> JSONValue {
        let context = request.context.sorted { $0.key < $1.key }.map { key, values in
            JSONMember(key, .array(values.map { .string($0) }))
        }
        let principal: JSONValue = .object([
            JSONMember("kind", .string("\(request.kind)")), JSONMember("name", .string(request.name)),
            JSONMember("account", .string(request.account)),
        ])
        let subject: JSONValue = .object([
            JSONMember("action", .string(request.action)), JSONMember("resource", .string(request.resource)),
            JSONMember("principal", principal), JSONMember("context", .object(context)),
        ])
        return .object([
            JSONMember("policies", .array(policies)), JSONMember("request", subject),
            JSONMember("deniesOnly", .boolean(deniesOnly)),
        ])
    }

    static func policy(_ kind: PolicyKind, _ random: inout Random) -> JSONValue {
        let hasVariables = chance(3, 4, &random)
        let statements = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            statement(kind, &random)
        }
        var members: [JSONMember] = []
        if hasVariables {
            members.append(JSONMember("Version", .string("2012-10-17")))
        } else if chance(1, 2, &random) {
            members.append(JSONMember("Version", .string("2008-10-17")))
        }
        members.append(JSONMember("Statement", statements.count == 1 ? statements[0] : .array(statements)))
        return .object(members)
    }

    private static func statement(_ kind: PolicyKind, _ random: inout Random) -> JSONValue {
        var members = [JSONMember("Effect", .string(chance(1, 4, &random) ? "Deny" : "Allow"))]
        if kind == .resource {
            members.append(JSONMember(chance(1, 5, &random) ? "NotPrincipal" : "Principal", principal(&random)))
        }
        members.append(
            JSONMember(chance(1, 6, &random) ? "NotAction" : "Action", some(actionPatterns, 1, &random)))
        members.append(
            JSONMember(chance(1, 6, &random) ? "NotResource" : "Resource", some(resourcePatterns, 1, &random)))
        if chance(3, 5, &random) { members.append(JSONMember("Condition", condition(&random))) }
        return .object(members)
    }

    private static func principal(_ random: inout Random) -> JSONValue {
        if chance(1, 3, &random) { return .string("*") }
        var members: [JSONMember] = []
        if chance(4, 5, &random) { members.append(JSONMember("AWS", some(awsPrincipals, 1, &random))) }
        if chance(1, 4, &random) { members.append(JSONMember("Service", .string("apigateway.amazonaws.com"))) }
        if chance(1, 4, &random) { members.append(JSONMember("Federated", .string("accounts.google.com"))) }
        if members.isEmpty || chance(1, 4, &random) {
            members.append(JSONMember("CanonicalUser", .string(callers.last?.1 ?? "")))
        }
        return .object(members)
    }

    private static func condition(_ random: inout Random) -> JSONValue {
        var members: [JSONMember] = []
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let code = pick(PolicyOperator.allCases, &random)
            var name = code.row.name
            if code != .null {
                if chance(1, 4, &random) { name += "IfExists" }
                switch Int.random(in: 0..<6, using: &random) {
                case 0: name = "ForAnyValue:" + name
                case 1: name = "ForAllValues:" + name
                default: break
                }
            }
            if members.contains(where: { $0.name == name }) { continue }
            members.append(JSONMember(name, .object(tests(code.row.family, &random))))
        }
        return .object(members)
    }

    private static func tests(_ family: PolicyOperator.Family, _ random: inout Random) -> [JSONMember] {
        let (fitting, values): ([String], [String]) =
            switch family {
            case .text, .pattern:
                (
                    ["aws:username", "aws:UserAgent", "aws:userid", "aws:PrincipalTag/TEAM", "aws:PrincipalOrgPaths"],
                    textPatterns
                )
            case .number: (["aws:MultiFactorAuthAge", "AWS:EpochTime"], numbers)
            case .date: (["aws:CurrentTime", "aws:currenttime"], dates)
            case .truth: (["aws:SecureTransport"], ["true", "false", "True"])
            case .binary: (["aws:username", "aws:userid"], ["YWxpY2U=", "w4TDlg==", "", "Nw=="])
            case .address: (["aws:SourceIp", "aws:VpcSourceIp"], networks)
            case .arn: (["aws:SourceArn", "aws:PrincipalArn"], arnPatterns)
            case .presence: (["aws:SourceVpce", "aws:PrincipalTag/team", "aws:Referer"], ["true", "false"])
            }
        var members: [JSONMember] = []
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            // Now and then a key whose values are of another sort, or that is never there.
            let key =
                switch Int.random(in: 0..<12, using: &random) {
                case 0: pick(keys, &random).0
                case 1: "aws:Nothing"
                default: pick(fitting, &random)
                }
            if members.contains(where: { $0.name == key }) { continue }
            members.append(JSONMember(key, some(values, 0, &random)))
        }
        return members
    }

    /// One value, or a list; numbers and booleans now and then as such.
    private static func some(_ values: [String], _ least: Int, _ random: inout Random) -> JSONValue {
        func value(_ random: inout Random) -> JSONValue {
            let text = pick(values, &random)
            guard least == 0, chance(1, 3, &random) else { return .string(text) }
            if text == "true" || text == "false" { return .boolean(text == "true") }
            return JSONNumber.isValid(text) ? .number(text) : .string(text)
        }
        if chance(1, 2, &random) { return value(&random) }
        return .array((0..<Int.random(in: least...3, using: &random)).map { _ in value(&random) })
    }

    private static func pick<Element>(_ elements: [Element], _ random: inout Random) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private static func chance(_ hits: Int, _ of: Int, _ random: inout Random) -> Bool {
        Int.random(in: 0..<of, using: &random) < hits
    }
}
