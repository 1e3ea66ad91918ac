import Testing

@testable import PorticoPrograms

@Suite("Traces of templates")
struct TemplateTraceTests {
    /// What a traced run of the template tells: kind, source, type and value.
    private func trace(_ template: String, body: String = "") throws -> [String] {
        let (program, problems) = TemplateProgram.compile(template, symbols: TemplateRenderer.symbols, isTraced: true)
        let traced = try #require(program, "\(problems.map(\.message))")
        let bytes = Array(template.utf8)
        let machine = TemplateMachine(symbols: TemplateRenderer.symbols)
        var events: [TemplateTraceEvent] = []
        machine.tracer = { events.append($0) }
        var overrides = TemplateOverrides()
        let outcome = Array(body.utf8).withUnsafeBytes { bytes in
            var input = TemplateInput()
            input.body = bytes
            return machine.render(traced, input: input, overrides: &overrides, into: OutputBuffer())
        }
        #expect(outcome == .done)
        return events.map { event in
            "\(event.kind) \(String(decoding: bytes[event.range], as: UTF8.self)): \(event.text) (\(event.type))"
        }
    }

    static let traces: [(template: String, events: [String])] = [
        (
            "#set($a = 1)#if($a == 1)$a#end",
            [
                "set $a: 1 (integer)", "reference $a: 1 (integer)", "condition $a == 1: true (boolean)",
                "reference $a: 1 (integer)",
            ]
        ),
        (
            "#if($none)a#elseif(true)b#end$none.x",
            ["reference $none:  (undefined)", "condition $none: true (boolean)", "reference $none.x:  (undefined)"]
        ),
        (
            "#foreach($i in ['x', 2.5])${i}#end",
            [
                "turn #foreach: x (string)", "reference ${i}: x (string)", "turn #foreach: 2.5 (double)",
                "reference ${i}: 2.5 (double)",
            ]
        ),
        (
            "#set($m = {'k': [1]})$m.keySet() $m.k $m",
            [
                "set $m: {k=[1]} (map)", "reference $m.keySet(): [k] (collection)", "reference $m.k: [1] (list)",
                "reference $m: {k=[1]} (map)",
            ]
        ),
        (
            "$input.path('$.a') $input.path('$.b') $input.path('$.c')",
            [
                "reference $input.path('$.a'): {x=1} (map)", "reference $input.path('$.b'): [1,\"2\"] (list)",
                "reference $input.path('$.c'): 5000000000 (long)",
            ]
        ),
        ("#define($b)x#end$b", ["reference $b:  (block)"]),
        ("#set($s = \"$q!\")", ["reference $q:  (undefined)", "set $s: ! (string)"]),
    ]

    @Test("a traced program tells what it evaluates, in order", arguments: traces)
    func events(_ row: (template: String, events: [String])) throws {
        #expect(
            try trace(row.template, body: #"{"a": {"x": 1}, "b": [1, "2"], "c": 5000000000}"#) == row.events,
            "\(row.template)")
    }

    @Test("a traced program renders what the plain one renders")
    func output() throws {
        for row in TemplateVelocityCases.part1 + TemplateVelocityCases.part2 + TemplateVelocityCases.part3 {
            let (program, _) = TemplateProgram.compile(row.template, symbols: TemplateRenderer.symbols, isTraced: true)
            guard let program else {
                #expect(row.output == nil)
                continue
            }
            var renderer = TemplateRenderer()
            let (outcome, output) = renderer.run(program)
            #expect((outcome == .done ? output : nil) == row.output, "\(row.template)")
        }
    }

    @Test("a program that is not traced has no code for it")
    func plain() throws {
        let program = try TemplateRenderer.program("#set($a = 1)#if($a)$a#end#foreach($i in [1])$i#end")
        #expect(!program.instructions.contains { $0.opcode == .trace })
    }

    static let places: [(template: String, line: Int, column: Int)] = [
        ("$input.path('$[')", 1, 8), ("a\nb $input.path('$[')", 2, 10),
        ("é\r\n\r\n  $x#set($s='a')$s.substring(5)", 3, 20), ("é😀 #set($s='a')$s.charAt(5)", 1, 19),
        ("#if(true)\n#foreach($i in [1])\n\n    $util.parseJson('{')\n#end#end", 4, 5),
    ]

    @Test("a failed run tells line and column of the template, also after it was saved", arguments: places)
    func place(_ row: (template: String, line: Int, column: Int)) throws {
        let program = try TemplateRenderer.program(row.template)
        var writer = ByteWriter()
        program.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        let saved = try TemplateProgram(decoding: &reader)
        #expect(saved.lines == program.lines)
        var renderer = TemplateRenderer()
        guard case .failed(let failure) = renderer.run(saved).outcome else {
            Issue.record("did not fail")
            return
        }
        #expect(failure.line == row.line && failure.column == row.column, "\(failure)")
        #expect(!failure.reason.isEmpty)
    }

    @Test("what a template overrides can be listed")
    func assignments() throws {
        var renderer = TemplateRenderer()
        _ = renderer.render(
            "#set($context.requestOverride.header.A = 'x')#set($context.responseOverride.status = 404)"
                + "#set($context.requestOverride.querystring.q = [1, 'b'])")
        #expect(
            renderer.overrides.assignments.map { "\($0.name)=\($0.json)" } == [
                "requestOverride.header.A=\"x\"", "requestOverride.querystring.q=[1,\"b\"]",
                "responseOverride.status=404",
            ])
    }
}
