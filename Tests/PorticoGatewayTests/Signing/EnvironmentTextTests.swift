import Testing

@testable import PorticoGateway

@Suite("Texts with variables of the environment")
struct EnvironmentTextTests {
    static let environment = ["A": "1", "B_2": "two ${env.A}", "EMPTY": ""]

    @Test(
        "variables are put in their places",
        arguments: [
            ("", ""), ("a", "a"), ("${env.A}", "1"), ("x${env.A}y${env.A}", "x1y1"), ("${env.B_2}", "two ${env.A}"),
            ("${env.EMPTY}", ""), ("${stageVariables.a}$${env", "${stageVariables.a}$${env"), ("é${env.A}é", "é1é"),
        ])
    func expands(row: (String, String)) throws {
        #expect(try EnvironmentText.expand(row.0, environment: Self.environment) == row.1)
    }

    @Test("a variable that is not set is told by its name")
    func missing() {
        #expect(throws: EnvironmentText.Problem.missing(name: "C")) {
            try EnvironmentText.expand("${env.A}${env.C}", environment: Self.environment)
        }
    }

    @Test(
        "a reference without name or end is told",
        arguments: ["${env.}", "${env.A", "${env.A-B}", "${env. A}", "${env."])
    func malformed(text: String) {
        #expect(throws: EnvironmentText.Problem.malformed(text: "${env.")) {
            try EnvironmentText.expand(text, environment: Self.environment)
        }
    }

    @Test(
        "command lines are split as a shell does",
        arguments: [
            ("", []), ("  ", []), ("a b", ["a", "b"]), (" a  b ", ["a", "b"]), ("'a b' \"c d\"", ["a b", "c d"]),
            ("a'b'\"c\"", ["abc"]), ("''", [""]), ("a\\ b", ["a b"]), ("\"a\\\"b\\c\"", ["a\"b\\c"]),
            ("'a\\b'", ["a\\b"]),
            ("'a", nil), ("\"a", nil), ("a\\", nil),
        ] as [(String, [String]?)])
    func words(row: (String, [String]?)) {
        #expect(ShellWords.split(row.0) == row.1)
    }
}
