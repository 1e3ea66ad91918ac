import FoundationEssentials
import PorticoTestSupport
import Testing

@Suite("portico sdk")
struct SDKCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func spec(_ paths: String, components: String = "{}") -> String {
        "openapi: 3.0.1\ninfo: {title: Shelf, version: \"1\"}\npaths: {\(paths)}\ncomponents: \(components)\n"
    }

    private static func get(_ path: String, _ operation: String) -> String {
        "\"\(path)\": {get: {operationId: \(operation), responses: {\"200\": {description: ok}}}}"
    }

    private func run(_ spec: String, _ more: String...) throws -> PorticoProcess.Outcome {
        let path = try folder.write("api.yaml", spec)
        return try PorticoProcess.run(
            ["sdk", "--language", "python", "--output", folder.path + "/client", path] + more)
    }

    private func written(_ path: String) -> String { folder.read("client/\(path)") }

    @Test("writes a client, says what on standard error, and nothing on standard output")
    func writes() throws {
        let outcome = try run(
            Self.spec(Self.get("/books", "listBooks")), "--name", "bookshelf")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("portico: wrote "), "\(outcome.errors)")
        #expect(written("README.md").contains("client.list_books()"))
        #expect(written("bookshelf/__init__.py").isEmpty == false)
    }

    @Test("a spec without operations is refused at its place, and nothing is written")
    func noOperations() throws {
        let outcome = try run(Self.spec(""))
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("api.yaml:2:15: error[sdk.no-operations]"), "\(outcome.errors)")
        #expect(written("README.md").isEmpty)
    }

    @Test("what only the gateway needs to know does not keep a client from being written")
    func gatewayOnly() throws {
        let scheme =
            "{securitySchemes: {pool: {type: apiKey, name: Authorization, in: header, "
            + "x-amazon-apigateway-authtype: cognito_user_pools, x-amazon-apigateway-authorizer: "
            + "{type: cognito_user_pools, providerARNs: [\"arn:foo:baz\"]}}}}"
        let spec = Self.spec(
            "/a: {get: {operationId: a, security: [{pool: []}], responses: {\"200\": {description: ok}}}}",
            components: scheme)
        let outcome = try run(spec)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(written("README.md").contains("Client(token="), "\(written("README.md"))")
    }

    @Test("two operations of one name get two, with a warning")
    func sameName() throws {
        let outcome = try run(Self.spec(Self.get("/a", "same") + ", " + Self.get("/b", "same")))
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("warning[sdk.operation-renamed]: operation 'same' is already taken"))
        let readme = written("README.md")
        #expect(readme.contains("client.same()") && readme.contains("client.same2()"))
    }

    @Test("an operation without operationId has the name that API Gateway's own SDKs give it")
    func unnamed() throws {
        let path =
            "\"/pets/{petId}\": {get: {responses: {\"200\": {description: ok}}, parameters: "
            + "[{name: petId, in: path, required: true, schema: {type: string}}]}}"
        #expect(try run(Self.spec(path)).status == 0)
        #expect(written("README.md").contains("client.pets_pet_id_get(\"1\")"))
    }

    @Test("recursive and unsupported schemas are told, and clients take any JSON there")
    func schemas() throws {
        let components =
            "{schemas: {A: {$ref: \"#/components/schemas/B\"}, B: {$ref: \"#/components/schemas/A\"}, "
            + "T: {type: object, properties: {next: {$ref: \"#/components/schemas/T\"}}, "
            + "patternProperties: {x: {type: string}}}}}"
        let outcome = try run(Self.spec(Self.get("/a", "a"), components: components))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("warning[sdk.model-circular]"), "\(outcome.errors)")
        #expect(outcome.errors.contains("[sdk.schema-unsupported]: 'patternProperties'"), "\(outcome.errors)")
    }

    @Test("a file that somebody else wrote stays, and nothing is written beside it, unless it is forced")
    func foreign() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path + "/client", withIntermediateDirectories: true)
        try folder.write("client/README.md", "mine")
        let refused = try run(Self.spec(Self.get("/a", "a")))
        #expect(refused.status == 1)
        #expect(refused.errors.contains("README.md"), "\(refused.errors)")
        #expect(written("README.md") == "mine")
        #expect(written("pyproject.toml").isEmpty)
        #expect(try run(Self.spec(Self.get("/a", "a")), "--force").status == 0)
        #expect(written("README.md") != "mine")
    }

    @Test("a language that there is none of, and a file that there is none of, are told")
    func mistakes() throws {
        let unknown = try PorticoProcess.run(["sdk", "--language", "pyhton", "--output", folder.path, "api.yaml"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("did you mean 'python'?"), "\(unknown.errors)")
        let missing = try PorticoProcess.run(
            ["sdk", "--language", "python", "--output", folder.path, folder.path + "/none.yaml"])
        #expect(missing.status == 4)
        #expect(missing.errors.contains("cannot read"), "\(missing.errors)")
    }

    @Test("every sample of a README with curl gets its answer from the gateway")
    func curlSamples() throws {
        let spec = "\(GoldenFile.packageRoot)/specs/petstore.yaml"
        let client = folder.path + "/client"
        #expect(try PorticoProcess.run(["sdk", "--language", "curl", "--output", client, spec]).status == 0)
        let body = #"[{"pet": 3, "by": "Ada"}]"#
        let backend = try FakeUpstream(
            .respond(status: 200, headers: [("Content-Type", "application/json")], body: body))
        let server = try ServingPortico("serve", spec, "--var", "backend=\(backend.authority)")
        var answers: [String: String] = [:]
        for line in written("README.md").split(separator: "\n") where line.hasPrefix("bash pet-store.sh ") {
            let words = ["bash", "-c", String(line)]
            let process = try ChildProcess(
                "/usr/bin/env", words, environment: ["BASE_URL": "http://127.0.0.1:\(server.port)/dev"], in: client)
            #expect(try process.wait(Deadline(after: .seconds(60))) == 0, "\(line): \(process.errors)")
            answers[String(line.dropFirst("bash pet-store.sh ".count))] = process.output
        }
        #expect(answers.count == 8)
        #expect(answers["get_home"]?.contains("Welcome to the pet store") == true)
        #expect(answers["list_pets"]?.contains(#""type": "cat""#) == true)
        #expect(answers["create_pet"]?.contains(#""message": "success""#) == true)
        #expect(answers["list_adoptions"]?.contains(#"{"pet": 3, "by": "Ada"}"#) == true, "\(answers)")
        #expect(answers["create_adoption"] == body)
        #expect(answers["get_pet 1"] == "{\"id\": 1, \"type\": \"dog\", \"price\": 249.99}\n", "\(answers)")
    }
}
