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

    @Test("copies that double at each of 40 levels are three types a level")
    func doubledCopies() {
        let schemas = (0..<40).map { level in
            let copy = "{allOf: [{$ref: \"#/components/schemas/M\(level + 1)\"}, {properties: {z: {type: string}}}]}"
            return "M\(level): {type: object, properties: {a: \(copy), b: \(copy)}}"
        }
        let text = ModelDump.text(Self.spec(schemas + ["M40: {type: object, properties: {end: {type: string}}}"]))
        #expect(text.contains("struct M0A\n  a?: M1A\n  b?: M1B\n  z?: string\n"))
        #expect(Self.structures(text) == 3 * 40 + 1)
    }

    @Test("what a base has in place is one type for all of 50 heirs, and along a chain of 50")
    func inherited() {
        let base =
            "Base: {type: object, properties: {a: {type: object, properties: {b: {type: string, enum: [c, d]}}}}}"
        let heir = { (name: String, parent: String) in
            "\(name): {allOf: [{$ref: \"#/components/schemas/\(parent)\"}, {type: object, properties: {own: "
                + "{type: object, properties: {\(name): {type: string}}}}}]}"
        }
        let heirs = (0..<50).map { heir("H\($0)", "Base") }
        let heirsText = ModelDump.text(Self.spec([base] + heirs))
        #expect(heirsText.contains("struct H49\n  a?: BaseA\n  own?: H49Own\n"))
        #expect(Self.structures(heirsText) == 2 + 2 * 50)

        let chain = [heir("H0", "Base")] + (1..<50).map { heir("H\($0)", "H\($0 - 1)") }
        let chainText = ModelDump.text(Self.spec([base] + chain))
        #expect(chainText.contains("struct H49\n  a?: BaseA\n  own?: H49Own\n"))
        #expect(Self.structures(chainText) == 2 + 2 * 50)
    }

    @Test("properties beside 'oneOf' that have such a union in them, 20 levels deep, are read once")
    func unionsInUnions() {
        var schema = "{type: object, properties: {end: {type: string}}}"
        for level in 0..<20 {
            schema =
                "{oneOf: [{type: object, properties: {l\(level): {type: string}}}, "
                + "{type: object, properties: {r\(level): {type: string}}}], properties: {s: \(schema)}}"
        }
        let text = ModelDump.text(Self.spec(["M: " + schema]))
        #expect(text.contains("struct MVariant1\n  s?: MS\n  l19?: string\n"))
        #expect(Self.structures(text) == 2 * 20 + 1)
    }

    @Test("more than 20,000 schemas written in place end in any JSON, with a word")
    func manyInPlace() {
        let properties = (0...20_000).map { "p\($0): {type: object, properties: {a: {type: string}}}" }
        let text = ModelDump.text(
            Self.spec(["M: {type: object, properties: {\(properties.joined(separator: ", "))}}"]))
        #expect(text.contains("! sdk.too-many-types: schemas written in place make more than 20000 types"))
        #expect(text.contains("  p20000?: json\n"))
    }

    private static func structures(_ text: String) -> Int {
        text.split(separator: "\n").filter { $0.hasPrefix("struct ") }.count
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
