import PorticoSyntax

@testable import PorticoPrograms

/// Short ways to compile a schema and to run it.
enum SchemaFixture {
    /// Reads JSON text, which must be well-formed.
    static func value(_ text: String) -> JSONValue {
        Fixture.withTape(text) { value($0, $0.root) } ?? .null
    }

    private static func value(_ tape: JSONTape, _ place: NodeIndex) -> JSONValue {
        switch tape.kind(place) {
        case .null: .null
        case .true: .boolean(true)
        case .false: .boolean(false)
        case .integer, .number: .number(String(decoding: tape.rawText(place), as: UTF8.self))
        case .string, .escapedString, .key, .escapedKey: .string(tape.text(place))
        case .array: .array(tape.elements(place).map { value(tape, $0) })
        case .object: .object(tape.members(place).map { JSONMember(tape.text($0.key), value(tape, $0.value)) })
        }
    }

    static func compile(_ schema: String, _ library: [String: String] = [:]) -> (
        program: SchemaProgram?, problems: [SchemaProblem]
    ) {
        SchemaProgram.compile(value(schema), library: library.mapValues { value($0) })
    }

    /// "valid", the messages, or why there is no program.
    static func run(_ schema: String, _ body: String, _ library: [String: String] = [:]) -> String {
        let (program, problems) = compile(schema, library)
        guard let program else { return "no program: " + problems.map(\.message).joined(separator: "; ") }
        return run(program, body)
    }

    static func run(_ program: SchemaProgram, _ body: String) -> String {
        let outcome = Fixture.withTape(body) { SchemaValidator().validate(program, $0) }
        return switch outcome {
        case .valid: "valid"
        case .invalid(let text): text
        case nil: "no JSON"
        }
    }

    static func encode(_ program: SchemaProgram) -> [UInt8] {
        var writer = ByteWriter()
        program.encode(into: &writer)
        return writer.bytes
    }
}
