import PorticoIR
import PorticoSyntax
import Testing

@testable import PorticoCodegen

/// Examples for samples: whatever the types, they end, and they are values of the type wherever it has one.
@Suite("Sample values")
struct SampleValuesTests {
    private static func samples(_ schemas: [String]) -> [String: String] {
        let spec = """
            openapi: 3.0.1
            info: {title: T, version: "1"}
            paths: {/a: {get: {operationId: a, responses: {}}}}
            components:
              schemas:
            \(schemas.map { "    " + $0 }.joined(separator: "\n"))

            """
        let imported = Importer.importDocument(
            path: "api.yaml", loader: MemoryLoader(files: ["api.yaml": spec]), options: ImportOptions())
        guard let description = imported.description else { return [:] }
        let model = ClientModelBuilder.build(description).model
        let samples = SampleValues(model)
        return Dictionary(
            uniqueKeysWithValues: model.types.enumerated().map { index, type in
                (type.name, JSONWriter.compact(samples.value(of: .model(index))))
            })
    }

    private static func reference(_ name: String) -> String { "{$ref: \"#/components/schemas/\(name)\"}" }

    @Test("required parts are there, also those that lead back by way of a union")
    func recursive() {
        let samples = Self.samples([
            "Expression: {oneOf: [\(Self.reference("Sum")), {type: integer}]}",
            "Sum: {type: object, required: [left, right], properties: {"
                + "left: \(Self.reference("Expression")), right: \(Self.reference("Expression"))}}",
            "Tree: {type: object, required: [children], properties: {"
                + "children: {type: array, items: \(Self.reference("Tree"))}}}",
        ])
        #expect(samples["Expression"] == "1")
        #expect(samples["Sum"] == #"{"left":1,"right":1}"#)
        #expect(samples["Tree"] == #"{"children":[]}"#)
    }

    @Test("the first variant is taken where it ends")
    func first() {
        let samples = Self.samples([
            "Shape: {oneOf: [\(Self.reference("Circle")), {type: string}]}",
            "Circle: {type: object, required: [radius], properties: {radius: {type: number}}}",
        ])
        #expect(samples["Shape"] == #"{"radius":1.5}"#)
    }

    @Test("what has no finite value is null")
    func endless() {
        let samples = Self.samples([
            "Endless: {type: object, required: [next], properties: {next: \(Self.reference("Endless"))}}",
            "List: {type: object, required: [all], properties: {all: {type: array, items: \(Self.reference("Endless"))}}}",
        ])
        #expect(samples["Endless"] == "null")
        #expect(samples["List"] == #"{"all":[]}"#)
    }

    @Test("what has no end but may be null is null there alone")
    func nullable() {
        let next = "{allOf: [\(Self.reference("Node"))], nullable: true}"
        let samples = Self.samples([
            "Node: {type: object, required: [value, next], properties: {value: {type: string}, next: \(next)}}",
            "Pair: {type: object, required: [first, other], properties: {"
                + "first: \(Self.reference("Node")), other: \(next)}}",
        ])
        #expect(samples["Node"] == #"{"value":"value","next":null}"#)
        #expect(samples["Pair"] == #"{"first":{"value":"value","next":null},"other":{"value":"value","next":null}}"#)
    }

    @Test("parts that double at each of 60 levels end, required or in lists")
    func doubled() throws {
        for (name, field) in [("M", "%"), ("L", "{type: array, items: %}")] {
            let schemas = (0..<60).map { level in
                let next = Self.reference("\(name)\(level + 1)")
                let type = field == "%" ? next : "{type: array, items: \(next)}"
                return "\(name)\(level): {type: object, required: [a, b], properties: {a: \(type), b: \(type)}}"
            }
            let samples = Self.samples(
                schemas + ["\(name)60: {type: object, required: [end], properties: {end: {type: string}}}"])
            #expect(samples.count == 61)
            let first = try #require(samples["\(name)0"])
            #expect(first.utf8.count < 20_000)
        }
    }
}
