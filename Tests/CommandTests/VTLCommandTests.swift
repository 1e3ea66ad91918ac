import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico vtl")
struct VTLCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ template: String, _ arguments: String...) throws -> PorticoProcess.Outcome {
        let file = try folder.write("t.vtl", template)
        return try PorticoProcess.run(["vtl", file] + arguments)
    }

    @Test("the text goes to standard output as it is, and nothing else is said")
    func text() throws {
        let outcome = try run("{\"id\": 1}")
        #expect(outcome.status == 0)
        #expect(outcome.output == "{\"id\": 1}")
        #expect(outcome.errors.isEmpty)
    }

    @Test("body, parameters, context and stage variables are what the options say")
    func inputs() throws {
        let body = try folder.write("body.json", #"{"name": "x"}"#)
        let params = try folder.write(
            "params.json", #"{"path": {"id": "7"}, "querystring": {"q": ["1", "2"]}, "header": {"X-A": true}}"#)
        let outcome = try run(
            "$input.path('$.name') $input.params('id') $input.params('q') $input.params().header.get('X-A') "
                + "$context.identity.sourceIp $context.identity.userAgent $context.authorizer.plan $context.stage "
                + "$stageVariables.env $context.requestOverride.header.h",
            "--body", body, "--params", params, "--context",
            #"{"identity": {"sourceIp": "9.9.9.9"}, "authorizer": {"plan": 5}, "requestOverride": {"header": {"h": "v"}}}"#,
            "--stage-variables", #"{"env": "prod"}"#)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == "x 7 2 true 9.9.9.9 portico 5 dev prod v")
    }

    @Test("a trace tells references, decisions, assignments and turns with place, value and type")
    func trace() throws {
        let outcome = try run(
            "#set($a = $input.path('$.n') + 1)\n#if($a > 3)\n${a}#end\n#foreach($x in ['p'])$x$none.y#end",
            "--body", try folder.write("b.json", #"{"n": 4}"#), "--trace")
        #expect(outcome.output == "5p")
        let file = "\(folder.path)/t.vtl"
        #expect(
            outcome.errors.replacingText(file, with: "t").split(separator: "\n") == [
                "t:1:11: $input.path('$.n') = 4 (integer)", "t:1:6: #set $a = 5 (integer)",
                "t:2:5: $a = 5 (integer)", "t:2:5: #if $a > 3: true", "t:3:1: ${a} = 5 (integer)",
                "t:4:1: #foreach turn = \"p\" (string)", "t:4:22: $x = \"p\" (string)", "t:4:24: $none.y = undefined",
            ])
    }

    @Test("a program reads all of it as one object")
    func json() throws {
        let outcome = try run(
            "#set($context.responseOverride.status = 404)$context.nothing", "--trace", "--format", "json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let value = try #require(JSONValue(parsing: outcome.output), "\(outcome.output)")
        #expect(value["output"] == .string(""))
        #expect(value["overrides"]?["responseOverride.status"] == .number("404"))
        guard case .array(let steps) = value["trace"], case .array(let warnings) = value["warnings"] else {
            Issue.record("no trace in \(outcome.output)")
            return
        }
        #expect(steps.map { $0["kind"] } == [.string("set"), .string("reference")])
        #expect(steps.map { $0["type"] } == [.string("integer"), .string("undefined")])
        #expect(steps.first?["line"] == .number("1") && steps.first?["column"] == .number("6"))
        #expect(warnings.count == 1)
    }

    @Test("what a template overrides is said")
    func overrides() throws {
        let outcome = try run("#set($context.requestOverride.header.X = 'y')x")
        #expect(outcome.output == "x")
        #expect(outcome.errors == "$context.requestOverride.header.X = \"y\"\n")
    }

    @Test("a template that does not compile ends with 3 and a caret at the place")
    func mistake() throws {
        let outcome = try run("line\n  #if($x\n")
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("t.vtl:3:1"), "\(outcome.errors)")
        #expect(outcome.errors.contains("template.syntax"), "\(outcome.errors)")
        let json = try run("#if(", "--format", "json")
        #expect(json.status == 3)
        #expect(try #require(JSONValue(parsing: json.output))["errors"] == .number("1"))
    }

    @Test("a failed run ends with 1, the reason and the place")
    func failure() throws {
        let outcome = try run("é\n é $x #set($s = 'abc')\n  $s.substring(9)")
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("t.vtl:3:6: the template fails: StringIndexOutOfBounds"), "\(outcome.errors)")
        let json = try run("éé$input.path('$.a[')", "--format", "json")
        #expect(json.status == 1)
        let value = try #require(JSONValue(parsing: json.output))
        #expect(value["failure"]?["line"] == .number("1"))
        #expect(value["failure"]?["column"] == .number("10"), "\(json.output)")
    }

    @Test("the bytecode has the places of its instructions")
    func disassemble() throws {
        let outcome = try run("a\n $x", "--disassemble")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("2:2"), "\(outcome.output)")
        #expect(outcome.output.contains("printVariable"))
    }

    @Test(
        "a wrong command line ends with 2, an unreadable file with 4",
        arguments: [
            (["--params", "[]"], 2), (["--params", "{\"cookie\": {}}"], 2), (["--context", "{"], 2),
            (["--trace", "--disassemble"], 2), (["--stage-variables", "{\"a\": {}}"], 2),
            (["--body", "/nothing/x"], 4),
            (["--params", "/nothing/x"], 4), (["--body", "-", "--params", "-"], 2),
        ])
    func usage(arguments: [String], status: Int) throws {
        let file = try folder.write("t.vtl", "x")
        let outcome = try PorticoProcess.run(["vtl", file] + arguments)
        #expect(Int(outcome.status) == status, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }
}
