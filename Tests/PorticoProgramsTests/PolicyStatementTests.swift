import Testing

@testable import PorticoPrograms

@Suite("Statements of policies")
struct PolicyStatementTests {
    static let api = PolicyFixture.api

    struct Row: Sendable, CustomTestStringConvertible {
        var statements: String
        var kind = PolicyKind.identity
        var request = PolicyCase()
        var expected: PolicyDecision
        var version = "2012-10-17"

        var testDescription: String { "\(statements) \(expected)" }

        init(
            _ statements: String, _ expected: PolicyDecision, _ request: PolicyCase = PolicyCase(),
            kind: PolicyKind = .identity, version: String = "2012-10-17"
        ) {
            self.statements = statements
            self.expected = expected
            self.request = request
            self.kind = kind
            self.version = version
        }
    }

    private static func check(_ row: Row) {
        let policy = PolicyFixture.policy(row.statements, version: row.version)
        #expect(PolicyFixture.decide(policy, row.kind, row.request) == row.expected)
    }

    // MARK: Actions and resources

    private static func allow(_ action: String, _ resource: String) -> String {
        "{\"Effect\":\"Allow\",\"Action\":\(action),\"Resource\":\(resource)}"
    }

    private static func of(_ resource: String, _ action: String = "execute-api:Invoke") -> PolicyCase {
        var request = PolicyCase()
        request.resource = resource
        request.action = action
        return request
    }

    static let actions: [Row] = [
        Row(allow("\"execute-api:Invoke\"", "\"*\""), .allow),
        Row(allow("\"EXECUTE-API:invoke\"", "\"*\""), .allow),
        Row(allow("\"execute-api:*\"", "\"*\""), .allow),
        Row(allow("\"*\"", "\"*\""), .allow),
        Row(allow("\"execute-api:Inv?ke\"", "\"*\""), .allow),
        Row(allow("\"execute-api:Inv?\"", "\"*\""), .implicitDeny),
        Row(allow("\"execute-api:InvalidateCache\"", "\"*\""), .implicitDeny),
        Row(allow("[\"s3:*\",\"execute-api:Invoke\"]", "\"*\""), .allow),
        Row(allow("\"execute-api:ManageConnections\"", "\"*\""), .allow, of(api, "execute-api:ManageConnections")),
        Row("{\"Effect\":\"Allow\",\"NotAction\":\"execute-api:Invoke\",\"Resource\":\"*\"}", .implicitDeny),
        Row("{\"Effect\":\"Allow\",\"NotAction\":[\"s3:*\",\"sns:*\"],\"Resource\":\"*\"}", .allow),
    ]

    @Test("Actions match without regard to case, with wildcards", arguments: actions)
    func action(_ row: Row) { Self.check(row) }

    static let resources: [Row] = [
        Row(allow("\"*\"", "\"\(api)/prod/GET/pets\""), .allow),
        Row(allow("\"*\"", "\"\(api)/prod/GET/Pets\""), .implicitDeny),
        Row(allow("\"*\"", "\"\(api)/prod/GET/pet\""), .implicitDeny),
        Row(allow("\"*\"", "\"\(api)/*/GET/*\""), .allow),
        Row(allow("\"*\"", "\"\(api)/*/POST/*\""), .implicitDeny),
        Row(allow("\"*\"", "\"arn:aws:execute-api:us-east-1:*:abc123/*\""), .allow),
        // Sections are not apart: an asterisk reaches over colons and slashes.
        Row(allow("\"*\"", "\"arn:aws:execute-api:*pets\""), .allow),
        Row(allow("\"*\"", "\"arn:*\""), .allow),
        Row(allow("\"*\"", "\"\(api)/p?od/*\""), .allow),
        // The root has an empty path behind its slash.
        Row(allow("\"*\"", "\"\(api)/prod/GET/\""), .allow, of(api + "/prod/GET/")),
        Row(allow("\"*\"", "\"\(api)/prod/GET/*\""), .allow, of(api + "/prod/GET/")),
        Row(allow("\"*\"", "\"\(api)/prod/GET/?\""), .implicitDeny, of(api + "/prod/GET/")),
        Row(allow("\"*\"", "[\"\(api)/dev/*\",\"\(api)/prod/*\"]"), .allow),
        Row("{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":\"\(api)/dev/*\"}", .allow),
        Row("{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":\"\(api)/prod/*\"}", .implicitDeny),
        Row(allow("\"*\"", "\"execute-api:/prod/GET/pets\""), .allow),
        Row(allow("\"*\"", "\"execute-api:/*\""), .allow),
        Row(allow("\"*\"", "\"execute-api:/dev/*\""), .implicitDeny),
    ]

    @Test("Resources match as whole texts, with regard to case", arguments: resources)
    func resource(_ row: Row) { Self.check(row) }

    @Test(
        "Any Deny wins over every Allow, whatever their order",
        arguments: [
            (["A"], PolicyDecision.allow), (["D"], .explicitDeny), (["A", "D"], .explicitDeny),
            (["D", "A"], .explicitDeny), (["-", "A"], .allow), (["-"], .implicitDeny), (["A", "-", "A"], .allow),
        ])
    func effects(_ letters: [String], _ expected: PolicyDecision) {
        let statements = letters.map { letter in
            switch letter {
            case "A": Self.allow("\"*\"", "\"*\"")
            case "D": "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"
            default: "{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"
            }
        }
        #expect(PolicyFixture.decide(PolicyFixture.policy(statements.joined(separator: ","))) == expected)
        // As one policy each, they say the same together.
        let programs = statements.compactMap { PolicyFixture.compile(PolicyFixture.policy($0)).program }
        #expect(programs.count == letters.count)
        let machine = PolicyMachine()
        #expect(machine.evaluate(programs, PolicyCase().request) == expected)
    }

    @Test("The machine tells which statement decided")
    func deciding() throws {
        let policy = PolicyFixture.policy(
            Self.allow("\"s3:*\"", "\"*\"") + "," + Self.allow("\"*\"", "\"*\"")
                + ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*/POST/*\"}")
        let program = try #require(PolicyFixture.compile(policy).program)
        let machine = PolicyMachine()
        #expect(machine.evaluate(program, Self.of("arn:x/POST/y").request) == .explicitDeny)
        #expect(machine.decidingStatement == 2)
        #expect(machine.evaluate(program, Self.of("arn:x/GET/y").request) == .allow)
        #expect(machine.decidingStatement == 1)
        #expect(machine.evaluate(program, Self.of("arn:x/POST/y", "s4:x").request) == .explicitDeny)
    }

    // MARK: Variables

    private static func named(_ values: [String: [String]], _ resource: String) -> PolicyCase {
        var request = of(resource)
        request.context = values
        return request
    }

    static let variables: [Row] = [
        Row(allow("\"*\"", "\"\(api)/*/${aws:username}\""), .allow, named(["aws:username": ["bob"]], api + "/p/bob")),
        Row(allow("\"*\"", "\"\(api)/*/${AWS:UserName}\""), .allow, named(["aws:username": ["bob"]], api + "/p/bob")),
        Row(
            allow("\"*\"", "\"\(api)/*/${aws:username}\""), .implicitDeny,
            named(["aws:username": ["al"]], api + "/p/bob")),
        // Without a value there is nothing that it is like.
        Row(allow("\"*\"", "\"\(api)/*/${aws:username}\""), .implicitDeny, of(api + "/p/")),
        Row(
            "{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":\"\(api)/${aws:username}\"}", .allow, of(api + "/")),
        Row(allow("\"*\"", "\"\(api)/${aws:PrincipalTag/team, 'none'}\""), .allow, of(api + "/none")),
        Row(allow("\"*\"", "\"\(api)/${aws:PrincipalTag/team,''}\""), .allow, of(api + "/")),
        Row(
            allow("\"*\"", "\"\(api)/${aws:PrincipalTag/team, 'none'}\""), .allow,
            named(["aws:PrincipalTag/Team": ["red"]], api + "/red")),
        // A value's asterisk is an asterisk: nobody widens a policy by a name.
        Row(allow("\"*\"", "\"\(api)/${aws:username}\""), .implicitDeny, named(["aws:username": ["*"]], api + "/x")),
        Row(allow("\"*\"", "\"\(api)/${aws:username}\""), .allow, named(["aws:username": ["*"]], api + "/*")),
        Row(allow("\"*\"", "\"\(api)/${aws:username, '*'}\""), .implicitDeny, of(api + "/x")),
        // Several values are none.
        Row(allow("\"*\"", "\"\(api)/${aws:userid}\""), .implicitDeny, named(["aws:userid": ["a", "b"]], api + "/a")),
        Row(allow("\"*\"", "\"\(api)/${*}\""), .allow, of(api + "/*")),
        Row(allow("\"*\"", "\"\(api)/${*}\""), .implicitDeny, of(api + "/x")),
        Row(allow("\"*\"", "\"\(api)/${?}${$}\""), .allow, of(api + "/?$")),
        Row(allow("\"*\"", "\"\(api)/${?}${$}\""), .implicitDeny, of(api + "/x$")),
        // The old version has none.
        Row(
            allow("\"*\"", "\"\(api)/${aws:username}\""), .allow,
            named(["aws:username": ["bob"]], api + "/${aws:username}"),
            version: "2008-10-17"),
        Row(
            allow("\"*\"", "\"\(api)/${aws:username}\""), .implicitDeny, named(["aws:username": ["bob"]], api + "/bob"),
            version: "2008-10-17"),
    ]

    @Test("Variables are filled in from the request", arguments: variables)
    func variable(_ row: Row) { Self.check(row) }

    // MARK: Principals

    private static func to(_ principal: String, effect: String = "Allow", element: String = "Principal") -> String {
        "{\"Effect\":\"\(effect)\",\"\(element)\":\(principal),\"Action\":\"*\",\"Resource\":\"*\"}"
    }

    private static let user = PolicyCase.caller("arn:aws:iam::123456789012:user/team/alice")
    private static let stranger = PolicyCase.caller("arn:aws:iam::210987654321:user/alice")
    private static let session = PolicyCase.caller("arn:aws:sts::123456789012:assumed-role/reader/s1")
    private static let role = PolicyCase.caller("arn:aws:iam::123456789012:role/path/reader")
    private static let root = PolicyCase.caller("arn:aws:iam::123456789012:root")

    private static func other(_ kind: PolicyPrincipalKind, _ name: String) -> PolicyCase {
        var request = PolicyCase()
        request.kind = kind
        request.name = name
        return request
    }

    private static func principal(
        _ text: String, _ expected: PolicyDecision, _ request: PolicyCase = PolicyCase()
    ) -> Row { Row(to(text), expected, request, kind: .resource) }

    static let principals: [Row] = [
        principal("\"*\"", .allow), principal("{\"AWS\":\"*\"}", .allow), principal("{\"AWS\":[\"*\"]}", .allow, user),
        // A named principal is nobody without credentials.
        principal("{\"AWS\":\"123456789012\"}", .implicitDeny),
        principal("{\"AWS\":\"123456789012\"}", .allow, user), principal("{\"AWS\":123456789012}", .allow, user),
        principal("{\"AWS\":\"123456789012\"}", .implicitDeny, stranger),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:root\"}", .allow, session),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:root\"}", .allow, root),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:root\"}", .implicitDeny, stranger),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:user/team/alice\"}", .allow, user),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"}", .implicitDeny, user),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:user/team/Alice\"}", .implicitDeny, user),
        principal("{\"AWS\":[\"210987654321\",\"arn:aws:iam::123456789012:user/team/alice\"]}", .allow, user),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:role/reader\"}", .allow, session),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:role/path/reader\"}", .allow, session),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:role/path/reader\"}", .allow, role),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:role/read\"}", .implicitDeny, session),
        principal("{\"AWS\":\"arn:aws:iam::210987654321:role/reader\"}", .implicitDeny, session),
        principal("{\"AWS\":\"arn:aws-cn:iam::123456789012:role/reader\"}", .implicitDeny, session),
        principal("{\"AWS\":\"arn:aws:iam::123456789012:role/s1\"}", .implicitDeny, session),
        principal("{\"AWS\":\"arn:aws:sts::123456789012:assumed-role/reader/s1\"}", .allow, session),
        principal("{\"AWS\":\"arn:aws:sts::123456789012:assumed-role/reader/s2\"}", .implicitDeny, session),
        principal(
            "{\"AWS\":\"arn:aws:sts::123456789012:federated-user/bob\"}", .allow,
            PolicyCase.caller("arn:aws:sts::123456789012:federated-user/bob")),
        principal("{\"Service\":\"apigateway.amazonaws.com\"}", .allow, other(.service, "apigateway.amazonaws.com")),
        principal(
            "{\"Service\":\"apigateway.amazonaws.com\"}", .implicitDeny, other(.federated, "apigateway.amazonaws.com")),
        principal("{\"Service\":\"apigateway.amazonaws.com\"}", .implicitDeny, user),
        principal("{\"Federated\":\"accounts.google.com\"}", .allow, other(.federated, "accounts.google.com")),
        principal("{\"CanonicalUser\":\"79a5\"}", .allow, other(.canonicalUser, "79a5")),
        principal("{\"CanonicalUser\":\"79a5\",\"AWS\":\"123456789012\"}", .allow, user),
        Row(
            to("{\"AWS\":\"123456789012\"}", effect: "Deny", element: "NotPrincipal"), .implicitDeny, user,
            kind: .resource),
        Row(to("{\"AWS\":\"123456789012\"}", effect: "Deny", element: "NotPrincipal"), .explicitDeny, kind: .resource),
        Row(
            to("{\"AWS\":\"123456789012\"}", effect: "Deny", element: "NotPrincipal"), .explicitDeny, stranger,
            kind: .resource),
    ]

    @Test("Principals match by account, ARN, role and kind", arguments: principals)
    func principal(_ row: Row) { Self.check(row) }
}
