import PorticoPrograms
import PorticoSyntax

extension FuzzTarget {
    /// The JSON tape.
    public static let json = FuzzTarget(
        "json", "reads JSON by the tape and by the strict reader, which agree; what is printed reads as the same",
        dictionary: "json.dict"
    ) {
        let first = JSONTape()
        let second = JSONTape()
        let output = OutputBuffer()
        let again = OutputBuffer()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            _ = LenientJSON.statusCode(input)
            let result = first.parse(input)
            try FuzzJSON.checkAgreement(result, input)
            guard result == .ok else {
                if case .failed(let offset, _) = result {
                    try require(offset >= 0 && offset <= input.count, "failed at \(offset)")
                }
                return
            }
            for node in 0..<first.count {
                let next = first.next(node)
                try require(next > node && next <= first.count, "node \(node) is followed by \(next)")
                _ = first.double(node)
                _ = first.integer(node)
                if first.kind(node) == .object { try FuzzJSON.checkNames(first, node) }
            }
            output.reset()
            first.emit(first.root, into: output)
            try require(second.parse(output.bytes) == .ok, "printed something that is no JSON")
            try FuzzJSON.checkEqual(first, second)
            again.reset()
            second.emit(second.root, into: again)
            try require(again.bytes.elementsEqual(output.bytes), "printed differently the second time")
        }
    }

    /// Schemas.
    public static let schema = FuzzTarget(
        "schema", "compiles a schema (before the separator) and validates an instance (after it)",
        dictionary: "schema.dict"
    ) {
        let schema = FuzzSchema()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let (text, instance) = fuzzParts(input)
            guard let value = JSONValue(parsing: String(decoding: text, as: UTF8.self)) else { return }
            let (program, problems) = SchemaProgram.compile(value, library: ["M": value])
            guard let program else {
                try require(!problems.isEmpty, "neither a program nor a problem")
                return
            }
            try schema.check(program, instance)
        }
    }

    /// JSONPath.
    public static let path = FuzzTarget(
        "path", "compiles a JSONPath (before the separator) and evaluates it over a body (after it)",
        dictionary: "path.dict", maximumBytes: 1024
    ) {
        let tape = JSONTape()
        let output = OutputBuffer()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let (text, body) = fuzzParts(input)
            let source = String(decoding: text, as: UTF8.self)
            switch JSONPath.compile(source) {
            case .failure(let problem):
                try require(problem.range.upperBound <= source.utf8.count, "'\(problem.message)' lies beyond the end")
            case .success(let path):
                try FuzzCoding.check(path, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
                    try JSONPath(from: &reader)
                }
                guard tape.parse(body.isEmpty ? FuzzTemplate.body : body) == .ok else { return }
                var found: [NodeIndex] = []
                path.evaluate(tape, into: &found)
                try require(found.allSatisfy { $0 >= 0 && $0 < tape.count }, "found a node that there is not")
                if path.shape == .value {
                    try require(found.count <= 1, "a path to one place found \(found.count)")
                    try require(path.first(tape) == found.first, "finds something else first")
                }
                output.reset()
                if path.emit(tape, into: output), path.function == nil {
                    try require(JSONTape().parse(output.bytes) == .ok, "printed something that is no JSON")
                } else if path.function == nil {
                    try require(output.count == 0, "printed something without an answer")
                }
            }
        }
    }
}

/// Properties of JSON readers.
enum FuzzJSON {
    /// Deeper than what the tape takes, so that only one limit is met.
    private static let limits = ReaderLimits(depth: 600)

    /// The tape and the reader of documents take the same texts. The latter decodes byte order marks and takes a key that
    /// comes twice for an error, and both differ in their depth.
    static func checkAgreement(_ result: JSONParseResult, _ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        if case .failed(_, let reason) = result, reason == .tooDeep || reason == .tooLong { return }
        if let first = input.first, first >= 0x80 || input.prefix(4).contains(0) { return }
        var sources = SourceSet()
        let (_, diagnostics) = DocumentReader.read(path: "a.json", bytes: Array(input), into: &sources, limits: limits)
        let errors = diagnostics.filter { $0.severity == .error && $0.id != SyntaxDiagnostics.jsonDuplicateKey }
        try require(
            errors.isEmpty == (result == .ok),
            "the tape says \(result), the reader \(errors.first?.message ?? "nothing")")
    }

    /// No name comes twice, and each is found by its text.
    static func checkNames(_ tape: JSONTape, _ object: NodeIndex) throws(FuzzFinding) {
        guard tape.memberCount(object) <= 64 else { return }
        var names: Set<[UInt8]> = []
        for (key, value) in tape.members(object) {
            let name = OutputBuffer(capacity: 64)
            tape.appendString(key, into: name)
            try require(names.insert(Array(name.bytes)).inserted, "a name comes twice")
            try require(tape.member(object, named: name.bytes) == value, "a member is not found by its name")
        }
    }

    /// The same nodes with the same texts.
    static func checkEqual(_ left: JSONTape, _ right: JSONTape) throws(FuzzFinding) {
        try require(left.count == right.count, "\(left.count) nodes became \(right.count)")
        for node in 0..<left.count {
            try require(left.next(node) == right.next(node), "another structure at node \(node)")
            switch left.kind(node) {
            case .string, .escapedString, .key, .escapedKey:
                try require(left.text(node) == right.text(node), "another text at node \(node)")
            case .integer, .number:
                let (old, new) = (left.double(node), right.double(node))
                try require(old == new, "\(String(describing: old)) became \(String(describing: new))")
            default: try require(left.kind(node) == right.kind(node), "another kind at node \(node)")
            }
        }
    }
}

/// Runs schema programs.
final class FuzzSchema {
    private let validator = SchemaValidator()
    private let tape = JSONTape()

    func check(_ program: SchemaProgram, _ instance: UnsafeRawBufferPointer) throws(FuzzFinding) {
        try FuzzCoding.check(program, { $0.encode(into: &$1) }) { reader throws(ProgramDecodingError) in
            try SchemaProgram(decoding: &reader)
        }
        _ = program.disassemble()
        let first = run(program, instance)
        try require(first == run(program, instance), "another verdict the second time")
        // Another seed of the hash tables changes nothing.
        guard let first, tape.count > 0 else { return }
        let other = SchemaValidator(seed: 99).validate(program, tape)
        try require(first == other, "another verdict with another seed: \(first), \(other)")
        if case .invalid(let text) = first { try require(!text.isEmpty, "invalid for no reason") }
    }

    /// `nil` when the instance is no JSON.
    @discardableResult
    func run(_ program: SchemaProgram, _ instance: UnsafeRawBufferPointer) -> SchemaOutcome? {
        guard tape.parse(instance) == .ok else { return nil }
        return validator.validate(program, tape)
    }
}

/// What is written reads back.
enum FuzzCoding {
    static func check<Program: Equatable>(
        _ program: Program, _ encode: (Program, inout ByteWriter) -> Void,
        _ decode: (inout ByteReader) throws(ProgramDecodingError) -> Program
    ) throws(FuzzFinding) {
        var writer = ByteWriter()
        encode(program, &writer)
        var reader = ByteReader(writer.bytes)
        let copy: Program
        do throws(ProgramDecodingError) {
            copy = try decode(&reader)
        } catch {
            throw FuzzFinding("what was compiled is refused when it is read back: \(error.reason)")
        }
        try require(copy == program && reader.isAtEnd, "reads back as something else")
    }
}
