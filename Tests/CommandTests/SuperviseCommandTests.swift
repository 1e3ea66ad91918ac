import PorticoTestSupport
import Testing

@Suite("portico supervise")
struct SuperviseCommandTests {
    @Test("No person is told of it")
    func hidden() throws {
        let help = try PorticoProcess.run("--help")
        #expect(help.status == 0)
        #expect(help.output.contains("serve"))
        #expect(!help.output.contains("supervise"))
    }

    @Test("It ends with its input")
    func emptyInput() throws {
        let outcome = try PorticoProcess.run("supervise")
        #expect(outcome.status == 0)
        #expect(outcome.output == "")
        #expect(outcome.errors == "")
    }

    @Test("It takes no arguments")
    func arguments() throws { #expect(try PorticoProcess.run("supervise", "x").status == 2) }
}
