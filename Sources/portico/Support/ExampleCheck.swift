import PorticoIR
import PorticoPrograms
import PorticoSyntax

/// Checks the examples of a spec against the schemas beside them, with the programs that check requests.
struct ExampleCheck {
    /// Violations of one example that are said.
    private static let violationLimit = 20

    private let library: [String: JSONValue]
    private var programs: [JSONValue: Result<SchemaProgram, SchemaProblem>] = [:]
    private let validator = SchemaValidator()
    private let tape = JSONTape()
    private var diagnostics: [Diagnostic] = []

    /// A diagnostic for each violation, at its place in the example.
    static func diagnostics(_ examples: [SchemaExample], models: [Model]) -> [Diagnostic] {
        var check = ExampleCheck(models)
        for example in examples { check.run(example) }
        return check.diagnostics
    }

    private init(_ models: [Model]) {
        library = Dictionary(models.map { ($0.name.value, $0.schema) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func run(_ example: SchemaExample) {
        switch program(example.schema) {
        case .failure(let problem):
            diagnostics.append(
                Diagnostic(
                    SchemaDiagnostics.exampleUnchecked,
                    "example of \(example.subject) cannot be checked: \(problem.message)",
                    at: example.value.span,
                    notes: [.init("at \(problem.pointer.isEmpty ? "the root of the schema" : problem.pointer)")]))
        case .success(let program):
            var violations = violations(JSONValue(example.value), program)
            var node: Node? = example.value
            // Swagger 2 files often hold a JSON text where the value itself should stand.
            if !violations.isEmpty, let inner = textValue(example.value) {
                let others = self.violations(inner, program)
                if others.count < violations.count || others.isEmpty { (violations, node) = (others, nil) }
            }
            for violation in violations {
                let place = violation.pointer.isEmpty ? "" : " at \(violation.pointer)"
                var notes = [
                    Diagnostic.Note(
                        "'\(violation.keyword)' of \(violation.schemaPointer.isEmpty ? "the schema" : violation.schemaPointer)"
                    )
                ]
                if let reference = example.reference { notes.append(.init("used here", at: reference)) }
                diagnostics.append(
                    Diagnostic(
                        SchemaDiagnostics.exampleInvalid, "example of \(example.subject)\(place): \(violation.message)",
                        at: node?.nearest(to: violation.pointer).span ?? example.value.span, notes: notes))
            }
        }
    }

    private mutating func program(_ schema: JSONValue) -> Result<SchemaProgram, SchemaProblem> {
        if let known = programs[schema] { return known }
        let (program, problems) = SchemaProgram.compile(schema, library: library)
        let problem = problems.first { $0.isFatal } ?? SchemaProblem("no program", at: "", isFatal: true)
        let result = program.map { Result.success($0) } ?? .failure(problem)
        programs[schema] = result
        return result
    }

    private func violations(_ value: JSONValue, _ program: SchemaProgram) -> [SchemaViolation] {
        var bytes: [UInt8] = []
        JSONWriter.append(value, to: &bytes)
        return bytes.withUnsafeBytes { bytes in
            tape.parse(bytes) == .ok ? validator.violations(program, tape, limit: Self.violationLimit) : []
        }
    }

    /// The object or list that a text spells.
    private func textValue(_ node: Node) -> JSONValue? {
        guard let scalar = node.scalar, scalar.kind == .string, let value = JSONValue(parsing: scalar.text.string)
        else {
            return nil
        }
        switch value {
        case .object, .array: return value
        default: return nil
        }
    }
}
