import Testing

@testable import PorticoPrograms

@Suite("Template programs")
struct TemplateProgramTests {
    static let constants: [(template: String, constant: String)] = [
        ("", ""), ("{\"statusCode\": 200}", "{\"statusCode\": 200}"), ("a ## b\nc", "a c"), ("#*x*#y", "y"),
        ("#[[$raw]]#", "$raw"), ("#macro(m)x#end#m()", "#m()"), ("\\#if \\# $ 5 #1", "#if \\# $ 5 #1"),
    ]

    @Test("a template of nothing but text is a constant", arguments: constants)
    func constant(_ row: (template: String, constant: String)) throws {
        let program = try TemplateRenderer.program(row.template)
        #expect(program.constant == Array(row.constant.utf8))
        #expect(program.instructions.isEmpty)
    }

    @Test("a program says what it reads")
    func reads() throws {
        let context = try TemplateRenderer.program("$context.path $context.httpMethod $context.path")
        #expect(context.contextSlots == [0, 3])
        #expect(!context.readsAllContext && !context.readsBody && !context.readsHeaders && !context.readsOverrides)
        #expect(try TemplateRenderer.program("$context.keySet()").readsAllContext)
        #expect(try TemplateRenderer.program("$context[$k]").readsAllContext)
        #expect(try TemplateRenderer.program("$input.body").readsBody)
        let named = try TemplateRenderer.program("$input.params().querystring.q")
        #expect(named.readsQuery && !named.readsHeaders && !named.readsPath && !named.readsBody)
        let any = try TemplateRenderer.program("$input.params('q')")
        #expect(any.readsQuery && any.readsHeaders && any.readsPath)
        let whole = try TemplateRenderer.program("#set($i = $input)")
        #expect(whole.readsBody && whole.readsHeaders)
        let sets = try TemplateRenderer.program("#set($context.responseOverride.status = 404)")
        #expect(sets.writesOverrides)
        let puts = try TemplateRenderer.program("$context.requestOverride.header.put('a', 'b')")
        #expect(puts.writesOverrides)
        let gets = try TemplateRenderer.program("$context.requestOverride.header.a")
        #expect(gets.readsOverrides && !gets.writesOverrides)
        #expect(try TemplateRenderer.program("$context.authorizer.plan").readsExtraContext)
        #expect(try TemplateRenderer.program("$stageVariables.env").readsStageVariables)
    }

    static let all = TemplateVelocityCases.part1 + TemplateVelocityCases.part2 + TemplateVelocityCases.part3

    @Test("the flat form comes back the same and renders the same")
    func coding() throws {
        for row in Self.all {
            guard let program = TemplateProgram.compile(row.template, symbols: TemplateRenderer.symbols).program else {
                continue
            }
            var writer = ByteWriter()
            program.encode(into: &writer)
            var reader = ByteReader(writer.bytes)
            let decoded = try TemplateProgram(decoding: &reader)
            #expect(reader.isAtEnd)
            #expect(decoded.instructions == program.instructions)
            #expect(decoded.stackDepth == program.stackDepth)
            var again = ByteWriter()
            decoded.encode(into: &again)
            #expect(again.bytes == writer.bytes)
            var renderer = TemplateRenderer()
            let (outcome, output) = renderer.run(decoded)
            #expect((outcome == .done ? output : nil) == row.output, "\(row.template)")
        }
    }

    @Test("the disassembly shows instructions, operands and offsets")
    func disassembly() throws {
        let program = try TemplateRenderer.program("a$x.y#if($context.stage == 'p')$input.path('$.q')#end")
        let lines = program.disassemble().split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            lines
                == [
                    "0 @0 text \"a\"", "1 @1 printProperties $x \"y\"", "2 @9 context slot 1", "3 @27 string \"p\"",
                    "4 @9 equal", "5 @9 jumpIfFalse -> 8", "6 @38 inputPath $['q']", "7 @31 print", "8 @31 stop",
                ].map { $0.replacing("$['q']", with: program.paths[0].text) })
        #expect(try TemplateRenderer.program("x").disassemble() == "constant \"x\"\n")
    }

    @Test("the table of instructions agrees with itself")
    func table() {
        for opcode in TemplateOpcode.allCases {
            #expect(TemplateOpcode(rawValue: opcode.rawValue) == opcode)
            #expect(opcode.row.pops >= 0 && opcode.row.pushes >= 0 && opcode.row.pushes <= 1)
            if opcode.row.operand == .target { #expect(opcode.row.pushes <= opcode.row.pops) }
        }
        #expect(MemoryLayout<TemplateInstruction>.size == 8)
        #expect(MemoryLayout<TemplateValue>.stride == 16)
        for method in TemplateMethod.allCases { #expect(TemplateMethod(rawValue: method.rawValue) == method) }
    }

    @Test("damaged programs are refused or harmless")
    func damage() {
        var random = TestRandom(seed: 7)
        var accepted = 0
        let rows = Self.all.filter { $0.output != nil }
        for _ in 0..<6000 {
            let row = rows[random.next(below: rows.count)]
            guard let program = TemplateProgram.compile(row.template, symbols: TemplateRenderer.symbols).program,
                program.constant == nil
            else { continue }
            var writer = ByteWriter()
            program.encode(into: &writer)
            var bytes = writer.bytes
            for _ in 0...random.next(below: 3) {
                bytes[random.next(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next(below: 10) == 0 { bytes.removeLast(random.next(below: bytes.count)) }
            var reader = ByteReader(bytes)
            guard let damaged = try? TemplateProgram(decoding: &reader) else { continue }
            accepted += 1
            var renderer = TemplateRenderer(body: #"{"a": [1, {"b": "c"}]}"#)
            renderer.limits.steps = 20_000
            _ = renderer.run(damaged)
            _ = damaged.disassemble()
        }
        #expect(accepted > 100)
    }
}

/// Numbers that are the same on every run.
struct TestRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func next(below limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
}
