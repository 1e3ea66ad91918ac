import PorticoPrograms
import PorticoSyntax

extension FuzzTarget {
    /// Lexer, parser and compiler of templates.
    public static let lexer = FuzzTarget(
        "lexer", "compiles a template; its problems lie within it, its program survives writing and reading",
        dictionary: "vtl.dict"
    ) {
        { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let text = String(decoding: input, as: UTF8.self)
            let (program, problems) = TemplateProgram.compile(text, symbols: FuzzTemplate.symbols)
            for problem in problems {
                let ranges = [problem.range] + problem.notes.compactMap(\.range)
                for range in ranges {
                    try require(range.upperBound <= text.utf8.count, "'\(problem.message)' lies beyond the end")
                }
            }
            guard let program else {
                try require(problems.contains { $0.id.severity == .error }, "neither a program nor an error")
                return
            }
            try FuzzTemplate.checkCoding(program)
            _ = program.disassemble()
        }
    }

    /// The template machine.
    public static let machine = FuzzTarget(
        "machine", "renders a template (before the separator) over a body (after it), twice with the same result",
        dictionary: "vtl.dict"
    ) {
        let template = FuzzTemplate()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            let (text, body) = fuzzParts(input)
            let source = String(decoding: text, as: UTF8.self)
            guard let program = TemplateProgram.compile(source, symbols: FuzzTemplate.symbols).program else { return }
            try template.check(program, body)
        }
    }

    /// Programs as a damaged file could hold them.
    ///
    /// The input says what to compile and what to damage, rather than to be the damaged form: so the corpus outlives
    /// changes of the form, and its checks are reached.
    public static let program = FuzzTarget(
        "program",
        "compiles a template or a schema, damages its flat form as the first bytes say, and runs what verifies",
        dictionary: "vtl.dict"
    ) {
        let template = FuzzTemplate()
        let schema = FuzzSchema()
        return { (input: UnsafeRawBufferPointer) throws(FuzzFinding) in
            guard let damage = FuzzDamage(input) else { return }
            let text = String(decoding: damage.source, as: UTF8.self)
            var writer = ByteWriter()
            if damage.isSchema {
                guard let value = JSONValue(parsing: text) else { return }
                SchemaProgram.compile(value, library: [:]).program?.encode(into: &writer)
            } else {
                TemplateProgram.compile(text, symbols: FuzzTemplate.symbols).program?.encode(into: &writer)
            }
            var bytes = writer.bytes
            damage.apply(to: &bytes)
            var reader = ByteReader(bytes)
            do throws(ProgramDecodingError) {
                if damage.isSchema {
                    let program = try SchemaProgram(decoding: &reader)
                    _ = program.disassemble()
                    schema.run(program, FuzzTemplate.body)
                } else {
                    let program = try TemplateProgram(decoding: &reader)
                    _ = program.disassemble()
                    template.run(program, FuzzTemplate.body)
                }
            } catch {
                // Refused, as it should be.
            }
        }
    }
}

/// What an input of the target `program` asks for: one byte for the language, one for the number of changes, three for
/// each of them (a place, and a value), and the source.
private struct FuzzDamage {
    let isSchema: Bool
    private let changes: [(place: Int, value: UInt8, copies: Bool)]
    let source: UnsafeRawBufferPointer

    init?(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2 else { return nil }
        isSchema = input[0] & 1 == 1
        let count = Int(input[1] & 15)
        guard input.count >= 2 + count * 3 else { return nil }
        changes = (0..<count).map { index in
            let at = 2 + index * 3
            return (Int(input[at]) | Int(input[at + 1] & 0x7F) << 8, input[at + 2], input[at + 1] & 0x80 != 0)
        }
        source = UnsafeRawBufferPointer(rebasing: input[(2 + count * 3)...])
    }

    func apply(to bytes: inout [UInt8]) {
        for change in changes where !bytes.isEmpty {
            let place = change.place % bytes.count
            if change.copies {
                // Eight bytes of another place: an instruction, or most of one.
                let from = (place + Int(change.value) * 4) % bytes.count
                for index in 0..<min(8, bytes.count - max(place, from)) { bytes[place + index] = bytes[from + index] }
            } else {
                bytes[place] = change.value
            }
        }
    }
}

/// Runs templates over a fixed request.
final class FuzzTemplate {
    static let symbols = SymbolTable(
        contextVariables: [
            "httpMethod", "stage", "requestId", "identity.sourceIp", "authorizer.principalId", "error.message",
        ],
        stageVariables: ["env", "url"])

    /// What is read where an input holds no body.
    static var body: UnsafeRawBufferPointer {
        bytes("{\"a\":[1,2.5,{\"b\":\"x\\n\"}],\"c\":null,\"d\":\"text\",\"e\":{\"f\":true}}")
    }

    static func bytes(_ text: StaticString) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    private static let limits = {
        // Little enough that only what costs much more than a step is slow.
        var limits = TemplateLimits()
        limits.steps = 1_000_000
        limits.outputBytes = 1 << 20
        return limits
    }()

    private let machine = TemplateMachine(symbols: symbols, limits: limits)
    private let output = OutputBuffer()
    private let parameters: UnsafeBufferPointer<NamedBytes>
    private let context: UnsafeBufferPointer<UnsafeRawBufferPointer>
    private let stageVariables: UnsafeBufferPointer<UnsafeRawBufferPointer>

    init() {
        let bytes = Self.bytes
        // Never freed: there is one of it for a run of the fuzzer.
        func list<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
            let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
            _ = memory.initialize(from: elements)
            return UnsafeBufferPointer(memory)
        }
        parameters = list([
            NamedBytes(name: bytes("id"), value: bytes("42")), NamedBytes(name: bytes("q"), value: bytes("a b\"c")),
            NamedBytes(name: bytes("q"), value: bytes("é")), NamedBytes(name: bytes("X-Key"), value: bytes("\u{7F}'")),
        ])
        context = list([
            bytes("GET"), bytes("dev"), bytes("id-1"), bytes("127.0.0.1"), UnsafeRawBufferPointer(start: nil, count: 0),
            bytes("no \"such\" thing"),
        ])
        stageVariables = list([bytes("test"), UnsafeRawBufferPointer(start: nil, count: 0)])
    }

    /// The program that was read back is the one that was written.
    static func checkCoding(_ program: TemplateProgram) throws(FuzzFinding) {
        var writer = ByteWriter()
        program.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        do throws(ProgramDecodingError) {
            let copy = try TemplateProgram(decoding: &reader)
            var again = ByteWriter()
            copy.encode(into: &again)
            try checkEqual(again.bytes == writer.bytes && reader.isAtEnd)
        } catch {
            throw FuzzFinding("a compiled program is refused: \(error.reason)")
        }
    }

    private static func checkEqual(_ isEqual: Bool) throws(ProgramDecodingError) {
        if !isEqual { throw ProgramDecodingError("it reads back as another one", at: 0) }
    }

    /// Renders twice: nothing may be left of the first time, and the output may not outgrow its limit.
    func check(_ program: TemplateProgram, _ body: UnsafeRawBufferPointer) throws(FuzzFinding) {
        let first = run(program, body)
        let text = Array(output.bytes)
        try require(text.count <= Self.limits.outputBytes, "\(text.count) bytes of output")
        if first != .done { try require(text.isEmpty, "a failed run left output") }
        let second = run(program, body)
        try require(first == second, "ended with \(first), then with \(second)")
        try require(text == Array(output.bytes), "rendered something else the second time")
    }

    @discardableResult
    func run(_ program: TemplateProgram, _ body: UnsafeRawBufferPointer) -> TemplateOutcome {
        var input = TemplateInput()
        input.body = body
        input.pathParameters = parameters
        input.queryParameters = parameters
        input.headers = parameters
        input.extraContext = parameters
        input.context = context
        input.stageVariables = stageVariables
        var overrides = TemplateOverrides()
        output.reset()
        return machine.render(program, input: input, overrides: &overrides, into: output)
    }
}
