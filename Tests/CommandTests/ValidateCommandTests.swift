import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico validate")
struct ValidateCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a good spec ends with 0 and says so on standard error only")
    func good() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let outcome = try PorticoProcess.run("validate", spec)
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors == "\(spec): no errors, no warnings\n")
    }

    @Test("all mistakes come in one run, each with its line, and end with 3")
    func allMistakes() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.twoMistakes)
        let outcome = try PorticoProcess.run("validate", spec)
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("type: mokc"), "the source line: \(outcome.output)")
        #expect(outcome.output.contains("did you mean 'mock'"), "\(outcome.output)")
        #expect(outcome.output.contains("schemas/Missing"), "\(outcome.output)")
        #expect(outcome.errors.contains("2 errors"), "\(outcome.errors)")
    }

    @Test("an endpoint of a service that does not exist is told, with the name that was meant")
    func endpointFlag() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let known = try PorticoProcess.run("validate", spec, "--endpoint", "dynamodb=http://127.0.0.1:9")
        #expect(known.status == 0)
        #expect(!known.output.contains("dynamodb"), "\(known.output)")
        let unknown = try PorticoProcess.run("validate", spec, "--endpoint", "dynamdb=http://127.0.0.1:9")
        #expect(unknown.output.contains("dynamdb"), "\(unknown.output)")
        #expect(unknown.output.contains("dynamodb"), "\(unknown.output)")
    }

    @Test("JSON is one value with the ids and lines")
    func json() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.twoMistakes)
        let outcome = try PorticoProcess.run("validate", spec, "--format", "json")
        #expect(outcome.status == 3)
        let value = try #require(JSONValue(parsing: outcome.output))
        #expect(value["errors"] == .number("2"))
        guard case .array(let diagnostics) = value["diagnostics"] else {
            Issue.record("no diagnostics in \(outcome.output)")
            return
        }
        let errors = diagnostics.filter { $0["severity"] == .string("error") }
        #expect(errors.compactMap { $0["place"]?["line"] } == [.number("8"), .number("14")])
        #expect(errors.allSatisfy { $0["id"] != nil && $0["message"] != nil })
    }

    @Test("SARIF names its version and the rules")
    func sarif() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.twoMistakes)
        let outcome = try PorticoProcess.run("validate", spec, "--format", "sarif")
        #expect(outcome.status == 3)
        #expect(try #require(JSONValue(parsing: outcome.output))["version"] == .string("2.1.0"))
    }

    @Test("GitHub gets one command a diagnostic")
    func github() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.twoMistakes)
        let outcome = try PorticoProcess.run("validate", spec, "--format", "github")
        #expect(outcome.status == 3)
        let commands = outcome.output.split(separator: "\n").filter { $0.hasPrefix("::error file=\(spec),line=") }
        #expect(commands.count == 2, "\(outcome.output)")
    }

    @Test("an unknown format is a usage error that names the formats")
    func unknownFormat() throws {
        let outcome = try PorticoProcess.run("validate", "api.yaml", "--format", "xml")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("sarif"))
    }

    @Test("a warning ends with 0, with 1 under --strict, from the flag or the environment")
    func strict() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.unknownExtension)
        let relaxed = try PorticoProcess.run("validate", spec)
        #expect(relaxed.status == 0)
        #expect(relaxed.output.contains("x-amazon-apigateway-binary-media-types"), "\(relaxed.output)")
        #expect(try PorticoProcess.run("validate", spec, "--strict").status == 1)
        #expect(try PorticoProcess.run("validate", spec, environment: ["PORTICO_STRICT": "1"]).status == 1)
        let overruled = try PorticoProcess.run(
            "validate", spec, "--no-strict", environment: ["PORTICO_STRICT": "1"])
        #expect(overruled.status == 0)
    }

    @Test("a template without #end is an error at its line, a warning with --lenient")
    func brokenTemplate() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.brokenTemplate)
        let outcome = try PorticoProcess.run("validate", spec)
        #expect(outcome.status == 3)
        #expect(outcome.output.contains("#if($context.stage"), "\(outcome.output)")
        #expect(outcome.output.contains("\(spec):17:"), "\(outcome.output)")
        #expect(try PorticoProcess.run("validate", spec, "--lenient").status == 0)
    }

    @Test(
        "text that is no spec is refused with 3 and not with a crash",
        arguments: [
            "", "{", "a: [", "- 1\n- 2\n", "just words", "\u{0}\u{1}", "info: {title: a}\n", "[]", "null", "{}",
        ])
    func noSpec(text: String) throws {
        let outcome = try PorticoProcess.run("validate", try folder.write("api.yaml", text))
        #expect(outcome.status == 3)
        #expect(!outcome.output.isEmpty)
    }

    @Test("a file that cannot be read ends with 4 and the system's reason")
    func unreadable() throws {
        let missing = try PorticoProcess.run("validate", "\(folder.path)/missing.yaml")
        #expect(missing.status == 4)
        #expect(missing.errors.contains("No such file or directory"))
        let directory = try PorticoProcess.run("validate", folder.path)
        #expect(directory.status == 4)
        #expect(directory.errors.contains("Is a directory"))
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        #expect(try PorticoProcess.run("validate", spec, "--config", "\(folder.path)/missing.yaml").status == 4)
    }

    @Test(
        "a wrong command line ends with 2",
        arguments: [
            ["validate"], ["validate", "a", "b"], ["validate", "a", "--nonsense"], ["nonsense"],
            ["validate", "a", "--param", "novalue"], ["serve", "a", "--port", "70000"],
            ["serve", "a", "--workers", "0"],
            ["validate", "a", "--endpoint", "lambda=localhost"], ["serve", "a", "--port", "9", "--admin-port", "9"],
        ])
    func usage(arguments: [String]) throws {
        let outcome = try PorticoProcess.run(arguments)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test("a wrong environment variable ends with 2 and its name")
    func environmentUsage() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let outcome = try PorticoProcess.run("serve", spec, environment: ["PORTICO_PORT": "many"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("PORTICO_PORT"))
    }

    @Test("help and version are data")
    func help() throws {
        for arguments in [["--help"], ["serve", "--help"], ["--version"], []] {
            let outcome = try PorticoProcess.run(arguments)
            #expect(outcome.status == 0)
            #expect(!outcome.output.isEmpty)
            #expect(outcome.errors.isEmpty)
        }
    }
}
