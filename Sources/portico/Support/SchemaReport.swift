import PorticoPrograms
import PorticoSyntax

/// What a schema says of one value, with lines and columns.
struct SchemaReport {
    /// Nesting that is looked into: deeper values are no JSON to us.
    private static let maximumDepth = 1 << 16

    let violations: [SchemaViolation]
    private let file: SourceFile
    private let sources: SourceSet

    /// Checks a value. Text that is no JSON violates every schema.
    init(path: String, bytes: [UInt8], program: SchemaProgram) {
        let tape = JSONTape(maximumDepth: Self.maximumDepth, maximumBytes: LocalFile.readLimit)
        violations = bytes.withUnsafeBytes { bytes in
            switch tape.parse(bytes) {
            case .ok: SchemaValidator().violations(program, tape)
            case .failed(let offset, let reason):
                [
                    SchemaViolation(
                        pointer: "", offset: offset, keyword: "", message: "the text is no JSON: \(reason.message)",
                        schemaPointer: "")
                ]
            }
        }
        var sources = SourceSet()
        file = sources.add(path: path, bytes: bytes)
        self.sources = sources
    }

    /// The bytes of a JSON value; YAML is written as JSON first.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let bytes = try LocalFile.read(path)
        let name = path.lowercased()
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
            // A byte order mark is no part of the text.
            return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        }
        var sources = SourceSet()
        let (node, diagnostics) = DocumentReader.read(path: path, bytes: bytes, into: &sources)
        guard let node, !diagnostics.hasErrors else {
            Console.say(PorticoSyntax.format(diagnostics, sources: sources, as: .text, color: Console.usesColor(2)))
            throw CommandFailure(.negative)
        }
        return Array(JSONWriter.pretty(JSONValue(node)).utf8)
    }

    /// `body.json:3:14: #/lines/0/qty: numeric instance is lower than ... (minimum)`
    var lines: [String] {
        violations.map { violation in
            let place = position(of: violation)
            let keyword = violation.keyword.isEmpty ? "" : " (\(violation.keyword))"
            return "\(file.path):\(place.line):\(place.column): #\(violation.pointer): \(violation.message)\(keyword)"
        }
    }

    var json: JSONValue {
        .object([
            JSONMember("valid", .boolean(violations.isEmpty)),
            JSONMember(
                "violations",
                .array(
                    violations.map { violation in
                        let place = position(of: violation)
                        return .object([
                            JSONMember("instancePointer", .string(violation.pointer)),
                            JSONMember("keyword", .string(violation.keyword)),
                            JSONMember("message", .string(violation.message)),
                            JSONMember("schemaPointer", .string(violation.schemaPointer)),
                            JSONMember("line", .number(String(place.line))),
                            JSONMember("column", .number(String(place.column))),
                        ])
                    })),
        ])
    }

    var summary: String {
        violations.isEmpty ? "valid" : "\(violations.count) violation\(violations.count == 1 ? "" : "s")"
    }

    private func position(of violation: SchemaViolation) -> (line: Int, column: Int) {
        let position = sources.position(of: SourceSpan(file: file.id, offset: violation.offset, length: 0))
        return (position?.line ?? 1, position?.column ?? 1)
    }
}
