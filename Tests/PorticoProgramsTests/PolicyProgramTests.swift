import PorticoSyntax
import Testing

@testable import PorticoPrograms

@Suite("Policy programs")
struct PolicyProgramTests {
    static let policy = """
        {"Version":"2012-10-17","Id":"p","Statement":[
        {"Sid":"Team","Effect":"Allow","Principal":{"AWS":["123456789012","arn:aws:iam::210987654321:role/x/reader"],
        "Service":"apigateway.amazonaws.com"},"Action":["execute-api:Invoke","execute-api:Inv*"],
        "Resource":["execute-api:/prod/GET/${aws:username}/*","arn:aws:execute-api:*"],
        "Condition":{"StringLike":{"aws:UserAgent":["curl/*","${*}?"],"aws:PrincipalTag/Team":"${aws:userid, 'none'}"},
        "NumericLessThanIfExists":{"aws:MultiFactorAuthAge":300.5},"DateGreaterThan":{"aws:CurrentTime":"2026-01-31T12:00:00Z"}}},
        {"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"},"NotAction":"s3:*","NotResource":"*",
        "Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]},"Null":{"aws:Referer":true},
        "ForAnyValue:ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"},"BinaryEquals":{"s3:x":"YWI="},
        "Bool":{"aws:SecureTransport":[true,"false"]}}}]}
        """

    static let requests: [PolicyCase] = [
        PolicyCase(), .caller("arn:aws:iam::123456789012:user/alice"),
        .caller("arn:aws:sts::210987654321:assumed-role/reader/s"),
        .context([
            "aws:UserAgent": ["curl/8", "x"], "aws:SourceIp": ["10.1.1.1"], "aws:SecureTransport": ["true"],
            "aws:username": ["alice"], "aws:PrincipalTag/team": ["none"], "aws:CurrentTime": ["2027-01-01"],
            "aws:MultiFactorAuthAge": ["1"], "aws:SourceArn": ["arn:aws:sns:a:b:c"],
        ]),
    ]

    private static func program() throws -> PolicyProgram {
        try #require(PolicyFixture.compile(policy, .resource, PolicyFixture.expansion).program)
    }

    @Test("A program survives the flat form, and the same policy gives the same bytes")
    func roundTrip() throws {
        let program = try Self.program()
        let bytes = PolicyFixture.encode(program)
        #expect(PolicyFixture.encode(try Self.program()) == bytes)
        var reader = ByteReader(bytes)
        let copy = try PolicyProgram(decoding: &reader)
        #expect(reader.isAtEnd && copy == program && copy.keys == program.keys)
        #expect(program.statementCount == 2)
        #expect(
            program.keys.contains(.userName) && program.keys.contains(.principalTag)
                && !program.keys.contains(.sourceVPC))
    }

    @Test("The printed form shows every demand")
    func disassembly() throws {
        #expect(
            try Self.program().disassemble() == """
                version 2012
                variable 0 aws:username
                variable 1 aws:userid or "none"
                statement 0 allow "Team"
                    principal account "123456789012"
                    principal role "arn:aws:iam::210987654321:role/x/reader"
                    principal service "apigateway.amazonaws.com"
                    action "execute-api:invoke"
                    action "execute-api:inv"...
                    resource filled "arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/${0}/*"
                    resource "arn:aws:execute-api:"...
                    if StringLike aws:UserAgent "curl/"... | like "\\\\*?"
                    if StringLike aws:PrincipalTag/team filled "${1}"
                    if NumericLessThanIfExists aws:MultiFactorAuthAge 300.5
                    if DateGreaterThan aws:CurrentTime 1769860800000000 microseconds
                statement 1 deny
                    not principal account "123456789012"
                    not action "s3:"...
                    not resource anything
                    if NotIpAddress aws:SourceIp 10.0.0.0/8 | 2001:db8:0:0:0:0:0:0/32
                    if Null aws:Referer true
                    if ForAnyValue:ArnLike aws:SourceArn like "arn:aws:sns:*:*:*"
                    if BinaryEquals unknown "s3:x" 6162
                    if Bool aws:SecureTransport true | false

                """)
    }

    @Test("Truncated and damaged programs are refused, or run within their words")
    func damaged() throws {
        let bytes = PolicyFixture.encode(try Self.program())
        for length in 0..<bytes.count {
            var reader = ByteReader(Array(bytes[..<length]))
            #expect(throws: ProgramDecodingError.self) { try PolicyProgram(decoding: &reader) }
        }
        var random = SchemaRandom(seed: 2012)
        let machine = PolicyMachine()
        let requests = Self.requests.map(\.request)
        var survivors = 0
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: damaged[place] = UInt8.random(in: 0...8, using: &random)
                case 1: damaged[place] = UInt8.random(in: 0xF8...0xFF, using: &random)
                default: damaged[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
            }
            var reader = ByteReader(damaged)
            guard let program = try? PolicyProgram(decoding: &reader) else { continue }
            survivors += 1
            for request in requests {
                _ = machine.evaluate(program, request)
                _ = machine.evaluate([program, program], request)
            }
            _ = program.disassemble()
        }
        #expect(survivors > 1000 && survivors < 19_000)
    }

    @Test("Mutated documents compile to programs that verify, or give a fatal problem")
    func mutated() throws {
        var random = SchemaRandom(seed: 4712)
        let pieces = [
            "{}", "[]", "null", "true", "1", "\"\"", "\"*\"", "\"${\"", "\"${*}\"", "\"a?*${aws:userid}\"", "\"Deny\"",
            "\"10.0.0.0/8\"",
            "{\"AWS\":\"*\"}", "{\"StringEquals\":{\"aws:userid\":[]}}", "\"ünï\"",
        ].map { PolicyFixture.value($0) }
        let names = [
            "Sid", "Effect", "Principal", "NotAction", "Condition", "Bool", "aws:userid", "Null", "ArnLike", "AWS",
        ]
        let original = PolicyFixture.value(Self.policy)
        let machine = PolicyMachine()
        let requests = Self.requests.map(\.request)
        var compiled = 0
        for _ in 0..<3000 {
            var document = original
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                document = SchemaProgramTests.mutate(document, pieces, names, &random)
            }
            let (program, problems) = PolicyCompiler.compile(
                document, kind: .resource, expansion: PolicyFixture.expansion)
            #expect((program == nil) == problems.contains { $0.isFatal })
            guard let program else { continue }
            compiled += 1
            var reader = ByteReader(PolicyFixture.encode(program))
            #expect(try PolicyProgram(decoding: &reader) == program)
            for request in requests { _ = machine.evaluate(program, request) }
        }
        #expect(compiled > 200)
    }
}
