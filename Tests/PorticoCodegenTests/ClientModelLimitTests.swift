import Testing

/// Specs that are meant to hurt.
@Suite("Client model of hard input")
struct ClientModelLimitTests {
    private static func spec(_ schemas: [String]) -> String {
        """
        openapi: 3.0.1
        info: {title: T, version: "1"}
        paths: {/a: {get: {operationId: a, responses: {}}}}
        components:
          schemas:
        \(schemas.map { "    " + $0 }.joined(separator: "\n"))

        """
    }

    @Test("a chain of 20,000 structures is read")
    func chain() {
        let schemas = (0..<20_000).map {
            "M\($0): {type: object, properties: {next: {$ref: \"#/components/schemas/M\($0 + 1)\"}}}"
        }
        let text = ModelDump.text(Self.spec(schemas + ["M20000: {type: object, properties: {end: {type: string}}}"]))
        #expect(text.contains("struct M19999\n  next?: M20000\nstruct M20000\n  end?: string"))
    }

    @Test("a chain of 20,000 names of names ends in any JSON, with a word")
    func names() {
        let schemas = (0..<20_000).map { "M\($0): {$ref: \"#/components/schemas/M\($0 + 1)\"}" }
        let text = ModelDump.text(Self.spec(schemas + ["M20000: {type: string}"]))
        #expect(text.contains("sdk.model-circular: model 'M200' is behind more than 200 other names"))
    }

    @Test("'allOf' that doubles at each of 60 levels is read once a model")
    func doubled() {
        let schemas = (0..<60).map {
            "M\($0): {allOf: [{$ref: \"#/components/schemas/M\($0 + 1)\"}, {$ref: \"#/components/schemas/M\($0 + 1)\"}]}"
        }
        let text = ModelDump.text(Self.spec(schemas + ["M60: {type: object, properties: {end: {type: string}}}"]))
        #expect(text.contains("struct M0\n  end?: string\n"))
    }

    @Test("schemas in schemas, as deep as documents may be, are read")
    func deep() {
        let depth = 40
        let schema =
            String(repeating: "{type: object, properties: {a: ", count: depth) + "{type: string}"
            + String(repeating: "}}", count: depth)
        let text = ModelDump.text(Self.spec(["M: " + schema]))
        #expect(text.contains("struct M" + String(repeating: "A", count: depth - 1) + "\n  a?: string"))
    }

    @Test("a schema in place that merges the model around it ends in itself")
    func merged() {
        let schema =
            "{type: object, properties: {a: {allOf: [{$ref: \"#/components/schemas/M\"}, {properties: {b: {}}}]}}}"
        let text = ModelDump.text(Self.spec(["M: " + schema]))
        #expect(text.contains("struct M\n  a?: MA\n"))
        #expect(text.contains("struct MA\n  a?: MA"))
    }
}
