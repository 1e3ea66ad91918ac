import FoundationEssentials
import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico compile, run, dump, routes, explain, export, init")
struct CompiledFileTests {
    let folder: TemporaryFolder
    let petstore = "\(GoldenFile.packageRoot)/specs/petstore.yaml"

    init() throws { folder = try TemporaryFolder() }

    @Test("the same spec gives the same bytes, and they serve")
    func compileAndRun() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(7))
        #expect(try PorticoProcess.run("compile", spec, in: folder.path).status == 0)
        #expect(try PorticoProcess.run("compile", spec, "-o", "\(folder.path)/again.portico").status == 0)
        let first = try Data(contentsOf: URL(filePath: "\(folder.path)/api.portico"))
        #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/again.portico")) == first)
        let server = try ServingPortico("run", "\(folder.path)/api.portico")
        #expect(try server.get("/dev/value").text == #"{"value": 7}"#)
    }

    @Test("run follows its file")
    func runReloads() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(1))
        let compiled = "\(folder.path)/api.portico"
        #expect(try PorticoProcess.run("compile", spec, "-o", compiled).status == 0)
        let server = try ServingPortico("run", compiled)
        try folder.write("api.yaml", SampleSpecs.value(2))
        #expect(try PorticoProcess.run("compile", spec, "-o", compiled).status == 0)
        try server.waitUntilSaid("now serving the new")
        #expect(try server.get("/dev/value").text == #"{"value": 2}"#)
        try folder.write("api.portico", "no compiled file")
        try server.waitUntilSaid("the previous version keeps serving")
        #expect(try server.get("/dev/value").text == #"{"value": 2}"#)
    }

    @Test("a truncated, a changed and a foreign file are refused with 3")
    func damaged() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(7))
        let compiled = "\(folder.path)/api.portico"
        #expect(try PorticoProcess.run("compile", spec, "-o", compiled).status == 0)
        let good = Array(try Data(contentsOf: URL(filePath: compiled)))
        var flipped = good
        flipped[good.count / 2] ^= 1
        for bytes in [Array(good.dropLast()), Array(good.prefix(10)), [], flipped, Array("PK\u{3}\u{4}zip".utf8)] {
            try Data(bytes).write(to: URL(filePath: compiled))
            let outcome = try PorticoProcess.run("dump", compiled)
            #expect(outcome.status == 3)
            #expect(outcome.errors.contains("no usable compiled file"), "\(outcome.errors)")
        }
        #expect(try PorticoProcess.run("run", "\(folder.path)/missing.portico").status == 4)
    }

    @Test("compile says where it cannot write")
    func unwritable() throws {
        let spec = try folder.write("api.yaml", SampleSpecs.value(7))
        let outcome = try PorticoProcess.run("compile", spec, "-o", "\(folder.path)/missing/api.portico")
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("cannot write"))
    }

    @Test("dump of a spec and of its compiled file are the same")
    func dump() throws {
        let compiled = "\(folder.path)/pets.portico"
        #expect(try PorticoProcess.run("compile", petstore, "-o", compiled).status == 0)
        let fromSpec = try PorticoProcess.run("dump", petstore)
        #expect(fromSpec.status == 0)
        #expect(fromSpec.output.contains("/pets/{petId}"))
        #expect(try PorticoProcess.run("dump", compiled).output == fromSpec.output)
    }

    @Test("routes lists methods, paths and integrations, as a table and as JSON")
    func routes() throws {
        let table = try PorticoProcess.run("routes", petstore)
        #expect(table.status == 0)
        let lines = table.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.contains { $0.prefix(3) == ["GET", "/pets/{petId}", "MOCK"] }, "\(table.output)")
        #expect(lines.contains { $0.prefix(3) == ["GET", "/adoptions", "HTTP"] }, "\(table.output)")
        let json = try PorticoProcess.run("routes", petstore, "--format", "json")
        guard case .array(let routes) = JSONValue(parsing: json.output) else {
            Issue.record("no list: \(json.output)")
            return
        }
        #expect(routes.count == 8)
        #expect(routes.contains { $0["method"] == .string("POST") && $0["path"] == .string("/pets") })
    }

    @Test("explain tells which route answers a request")
    func explainRequest() throws {
        let outcome = try PorticoProcess.run("explain", "get", "/dev/pets/3", petstore)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("/pets/{petId}"), "\(outcome.output)")
        let nothing = try PorticoProcess.run("explain", "GET", "/dev/nothing", petstore)
        #expect(nothing.status == 1)
        #expect(nothing.output.contains("Missing Authentication Token"), "\(nothing.output)")
        #expect(nothing.errors.contains("no method takes GET /dev/nothing"), "\(nothing.errors)")
    }

    @Test("explain tells about a diagnostic, and asks back about a misspelt one")
    func explainDiagnostic() throws {
        let known = try PorticoProcess.run("explain", "yaml.duplicate-key")
        #expect(known.status == 0, "\(known.errors)")
        #expect(known.output.contains("[yaml.duplicate-key]"))
        let misspelt = try PorticoProcess.run("explain", "yaml.duplicate-kye")
        #expect(misspelt.status == 1)
        #expect(misspelt.errors.contains("did you mean 'yaml.duplicate-key'?"), "\(misspelt.errors)")
    }

    @Test(
        "what is exported can be imported, and exports the same again",
        arguments: ["petstore.yaml", "cors-mock.yaml", "proxy.yaml", "bench/w1.yaml"])
    func export(name: String) throws {
        let spec = "\(GoldenFile.packageRoot)/specs/\(name)"
        for format in ["yaml", "json"] {
            let first = try PorticoProcess.run("export", spec, "--format", format)
            #expect(first.status == 0, "\(first.errors)")
            let copy = try folder.write("api.\(format)", first.output)
            let second = try PorticoProcess.run("export", copy, "--format", format)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.output == first.output)
        }
    }

    @Test("init writes a spec that is valid to the last warning, and never overwrites")
    func initialize() throws {
        #expect(try PorticoProcess.run("init", in: folder.path).status == 0)
        let spec = "\(folder.path)/api.yaml"
        let validated = try PorticoProcess.run("validate", spec, "--strict")
        #expect(validated.status == 0, "\(validated.output)")
        try folder.write("api.yaml", "mine")
        let again = try PorticoProcess.run("init", in: folder.path)
        #expect(again.status == 1)
        #expect(folder.read("api.yaml") == "mine")
    }

    @Test("init's spec answers")
    func initServes() throws {
        #expect(try PorticoProcess.run("init", "first.yaml", in: folder.path).status == 0)
        let server = try ServingPortico("serve", "\(folder.path)/first.yaml")
        let response = try server.get("/dev/greetings/world")
        #expect(response.status == 200)
        let body = try #require(JSONValue(parsing: response.text))
        #expect(body["greeting"] == .string("hello, world"))
        #expect(body["mood"] == .string("fine"))
    }
}
