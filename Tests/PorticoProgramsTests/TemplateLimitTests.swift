import PorticoPrograms
import PorticoSyntax
import Testing

@Suite("Limits of templates")
struct TemplateLimitTests {
    @Test("a loop ends after its limit of turns")
    func loops() {
        var renderer = TemplateRenderer()
        #expect(renderer.render("#foreach($i in [1..5000])#set($last = $i)#end$last") == "1000")
    }

    /// Templates that would take for ever, or all memory.
    static let endless = [
        "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])$c#end#end#end",
        "#set($s = 'x')#foreach($i in [1..100])#set($s = $s + $s)#end$s.length()",
        "#set($s = 'x')#foreach($i in [1..100])#set($s = \"$s$s\")#end",
        "#set($l = [1])#foreach($i in [1..100])#set($l = [$l, $l])#end$l",
        "#set($l = [1])#foreach($i in [1..60])#set($ok = $l.addAll($l))#end",
        "#set($l = [])#set($k = [$l])#set($ok = $l.add($k))$l",
        "#set($m = {})#set($k = {'m': $m})#set($m.m = $k)$m",
        "#set($m = {})#set($m.m = $m)$m.hashCode()",
        "#set($l = [])#set($ok = $l.add($l))#set($k = [])#set($ok = $k.add($k))#if($l == $k)x#end",
        "#set($r = [1..2147483647])$r",
        "#set($r = [1..2147483647])$r.add(1)",
        "#set($r = [1..2147483647])#set($r[0] = 1)",
        "#set($r = [1..2147483647])#set($l = [])$l.addAll($r)",
        "#set($n = 9223372036854775807)#foreach($i in [1..1000])#set($n = $n * $n)#end",
        "#set($s = 'aaaaaaaaaa')#foreach($i in [1..9])#set($s = $s.replaceAll('a', 'aaaaaaaaaa'))#end",
        "#set($s = 'aaaaaaaaaa')#foreach($i in [1..20])#set($s = $s.replace('', 'aaaaaaaaaa'))#end",
        "#set($s = '')#foreach($i in [1..1000])#set($s = $s.format('%99999s', $s))#end",
        "#set($context.requestOverride.m = {})#set($m = {})#set($m.m = $m)#set($context.requestOverride.m = $m)",
        "#foreach($i in [1..1000])#foreach($j in [1..1000])$util.base64Encode('0123456789012345678901234567890123')#end#end",
        "#define($a)$b$b#end#define($b)$c$c#end#define($c)$a#end#foreach($i in [1..1000])#foreach($j in [1..1000])$a#end#end",
    ]

    @Test("a template that does not end fails", arguments: endless)
    func steps(_ template: String) throws {
        var renderer = TemplateRenderer()
        renderer.limits.steps = 500_000
        let (outcome, output) = renderer.run(try TemplateRenderer.program(template))
        guard case .failed(let failure) = outcome else {
            Issue.record("\(template) rendered \(output.utf8.count) bytes")
            return
        }
        #expect(!failure.reason.isEmpty)
        #expect(output.isEmpty)
    }

    @Test("the output has a limit")
    func output() throws {
        var renderer = TemplateRenderer()
        renderer.limits.outputBytes = 1000
        let program = try TemplateRenderer.program("#foreach($i in [1..500])abc$i#end")
        #expect(renderer.run(program).outcome != .done)
        renderer.limits.outputBytes = 10_000
        #expect(renderer.run(program).outcome == .done)
    }

    @Test("a failure tells where in the template")
    func failures() throws {
        var renderer = TemplateRenderer()
        let template = "line\n#set($s = 'abc')\n$s.substring(9)"
        guard case .failed(let failure) = renderer.run(try TemplateRenderer.program(template)).outcome else {
            Issue.record("did not fail")
            return
        }
        #expect(failure.offset == 25)
        #expect(failure.reason.contains("StringIndexOutOfBounds"))
    }

    static let nested: [(open: String, middle: String, close: String)] = [
        ("#if(true)", "x", "#end"), ("#foreach($i in [1])", "x", "#end"), ("#set($x = ", "1", ")"),
        ("#if((", "true", "))#end"),
        ("#set($x=[", "", "])"), ("$a.b([", "", "])"), ("$a[$b[", "0", "]]"), ("#set($x = !", "true", ")"),
        ("#set($x = {1:{1:", "1", "}})"), ("#define($x)", "", "#end"), ("$a.b($a.b(", "", "))"),
    ]

    @Test("deep nesting is refused, not followed", arguments: nested)
    func nesting(_ row: (open: String, middle: String, close: String)) {
        for depth in [1, 50, 5000] {
            let inner = row.open.hasPrefix("#set") || row.open.hasPrefix("#if((")
            let open: String
            let close: String
            if inner {
                let head = row.open.prefix { $0 != "(" && $0 != "[" && $0 != "!" && $0 != "{" }
                let tail = String(row.open.dropFirst(head.count))
                open = head + "(" + String(repeating: "(", count: depth) + tail.replacing("(", with: "")
                close = String(repeating: ")", count: depth) + row.close
            } else {
                open = String(repeating: row.open, count: depth)
                close = String(repeating: row.close, count: depth)
            }
            let result = TemplateProgram.compile(open + row.middle + close, symbols: TemplateRenderer.symbols)
            if depth == 5000 { #expect(result.program == nil || !open.contains("#")) }
        }
    }

    @Test("300 KB of anything compile in proportion")
    func large() {
        let size = TemplateProgram.maximumBytes
        for piece in [
            "\\", "$", "#", "\"", "$a.b", "$a[0]", "#if(true)x#end", "#set($x = 1 + 1)", " ", "##\n", "#[[x]]#", "{",
            "}", "${a}",
            "$!", "\\$", "\\#", "a\"\"b", "#*", "*#", "$a.b('')", "#foo(", "$\\!", "'",
        ] {
            let text = String(repeating: piece, count: size / piece.utf8.count)
            _ = TemplateProgram.compile(text, symbols: TemplateRenderer.symbols)
            _ = TemplateProgram.compile("#set($x = " + text.dropFirst(100), symbols: TemplateRenderer.symbols)
        }
        let long = "#set($x = 1" + String(repeating: "+1", count: 100_000) + ")$x"
        var renderer = TemplateRenderer()
        #expect(renderer.render(long) == "100001")
        let (program, problems) = TemplateProgram.compile(
            String(repeating: "x", count: size + 1), symbols: TemplateRenderer.symbols)
        #expect(program == nil && problems.first?.id == TemplateDiagnostics.tooLarge)
    }

    @Test("any mixture of tokens compiles or is refused, and what compiles runs")
    func mixtures() {
        let pieces = [
            "$a", "$!a", "${a}", "$a.b", ".c", "(", ")", "[", "]", "{", "}", "#if(", "#else", "#end", "#elseif(",
            "#foreach($i in ",
            "#set($x=", "#set(", "#define($d)", "#stop", "#break", "\"", "'", "1", "-1", "..", ".5", ",", ":", "==",
            "&&", "||", "!",
            " ", "\n", "\\", "#", "$", "##", "#*", "*#", "#[[", "]]#", "true", "null", "$input.path('$.a')",
            "$context.stage",
            "$util.parseJson(", "$foreach.index", "in", "é", "#macro(m)", "#m()", "+", "$d", "$x", ".size()",
            ".add($x)",
        ]
        var random = TestRandom(seed: 3)
        var compiled = 0
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0...random.next(below: 12) { text += pieces[random.next(below: pieces.count)] }
            guard let program = TemplateProgram.compile(text, symbols: TemplateRenderer.symbols).program else {
                continue
            }
            compiled += 1
            var renderer = TemplateRenderer(body: #"{"a": [1, {"b": "c"}]}"#)
            renderer.limits.steps = 20_000
            _ = renderer.run(program)
        }
        #expect(compiled > 1000)
    }

    static let parsed: [(body: String, isJSON: Bool)] = [
        (String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000), false),
        ("[" + String(repeating: "1,", count: 500_000) + "1]", true), ("1e999", true), ("-0", true),
        (#""\ud800""#, true), ("\"\u{7F}\"", true), ("[1,]", false), ("{\"a\":1}x", false),
    ]

    @Test("hard JSON is parsed or fails", arguments: parsed)
    func json(_ row: (body: String, isJSON: Bool)) {
        var renderer = TemplateRenderer(body: row.body)
        #expect((renderer.render("#set($x = $util.parseJson($input.body))ok") == "ok") == row.isJSON)
        #expect(renderer.render("#set($x = $input.path('$'))$input.json('$')#if(1 == 1)ok#end") != nil)
    }
}
