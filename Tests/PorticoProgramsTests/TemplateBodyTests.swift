import PorticoPrograms
import Testing

/// References into a body, which the machine follows several steps at a time.
@Suite("Templates over a body")
struct TemplateBodyTests {
    static let references: [(body: String, template: String, output: String)] = [
        (#"{"a":{"b":{"c":"x"}}}"#, "$r.a.b.c|$r.a.b|$r.a.b.c.length()", "x|{c=x}|1"),
        (#"{"a":null}"#, "[$r.a][$r.a.b][$r.a.b.c]#if($r.a.b)yes#end", "[][][]yes"),
        (#"{"a":[1,2]}"#, "[$r.a][$r.a.b][$r.a.empty]", "[[1,2]][][false]"),
        (#"{"a":"x","b":""}"#, "[$r.a.empty][$r.b.empty][$r.a.c]", "[false][true][]"),
        (#"{"a":1,"b":-0,"c":1.50,"d":true,"e":false}"#, "$r.a $r.b $r.c $r.d $r.e", "1 0 1.5 true false"),
        (#"{"a":12345678901,"b":1e3}"#, "$r.a$r.b text", "123456789011000.0 text"),
        (#"{"x":1}"#, "[$r.y][$r.y.z][$!r.y]", "[][][]"),
        ("{\"\\u0061\":{\"b\":\"escaped\"}}", "$r.a.b", "escaped"),
        ("{\"a\":{\"\\u0062\":\"escaped\"},\"c\":1}", "$r.a.b$r.c", "escaped1"),
        (#"{"a":1,"b":{"c":2},"a":{"c":3}}"#, "$r.a.c$r.b.c", "32"),
        (#"{"ab":1,"ba":2,"aab":3,"abb":4}"#, "$r.ab$r.ba$r.aab$r.abb", "1234"),
        (
            #"{"twelveletters":"p","sixteen_letters_":"q","seventeen_letters":"r"}"#,
            "$r.twelveletters$r.sixteen_letters_$r.seventeen_letters$r.seventeen_letterz", "pqr"
        ),
        (#"{"a":{"t":"it's \"1\""}}"#, "$util.escapeJavaScript($r.a.t)!", #"it\'s \"1\"!"#),
        (#"{"a":{"t":5,"u":null}}"#, "$util.escapeJavaScript($r.a.t)|$util.escapeJavaScript($r.a.u)|", "5||"),
        (#"{"a":{"q":"0"},"b":{"q":"10"}}"#, "#if($r.a.q != '0')x#{else}y#end#if($r.b.q == '10')z#end", "yz"),
        (#"{"a":{"q":"\u0030"}}"#, "#if($r.a.q == '0')same#end", "same"),
        (#"{"i":[{"k":"a"},{"k":"b"},{}]}"#, "#foreach($e in $r.i)$e.k$foreach.hasNext,#end", "atrue,btrue,false,"),
        (#"{"i":{"x":{"k":1},"y":{"k":2}}}"#, "#foreach($e in $r.i)$e.k#end", "12"),
        (#"{"a":{"b":1}}"#, "#set($r.a.b = 2)$r.a.b$input.json('$')", #"2{"a":{"b":2}}"#),
        (#"{"a":{"b":1}}"#, "#set($r.a.c = 'n')$r.a.c$r.a.b", "n1"),
    ]

    @Test("References find what they name, whoever parsed the body", arguments: references, [false, true])
    func finds(_ row: (body: String, template: String, output: String), bringsTape: Bool) {
        var renderer = TemplateRenderer(body: row.body)
        renderer.bringsTape = bringsTape
        #expect(renderer.render("#set($r = $input.path('$'))" + row.template) == row.output, "\(row.template)")
    }

    @Test("A tape of another text is not taken for the body's")
    func ignoresOtherTape() throws {
        let program = try TemplateRenderer.program("$input.path('$.a')")
        let machine = TemplateMachine(symbols: TemplateRenderer.symbols)
        let output = OutputBuffer()
        var overrides = TemplateOverrides()
        Array(#"{"a":"body"} {"a":"other"}"#.utf8).withUnsafeBytes { text in
            let tape = JSONTape()
            _ = tape.parse(UnsafeRawBufferPointer(rebasing: text[13...]))
            var input = TemplateInput()
            input.body = UnsafeRawBufferPointer(rebasing: text[..<12])
            input.parsedBody = tape
            #expect(machine.render(program, input: input, overrides: &overrides, into: output) == .done)
            // Afterwards the machine reads by itself again, and the tape is as it was.
            input.parsedBody = nil
            #expect(machine.render(program, input: input, overrides: &overrides, into: output) == .done)
            #expect(tape.count == 3)
        }
        #expect(String(decoding: output.bytes, as: UTF8.self) == "bodybody")
    }

    // MARK: escapeJavaScript

    /// What it is to do, letter by letter.
    static func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            switch unit {
            case 0x22, 0x27, 0x2F, 0x5C: "\\" + String(UnicodeScalar(UInt8(unit)))
            case 0x08: "\\b"
            case 0x09: "\\t"
            case 0x0A: "\\n"
            case 0x0C: "\\f"
            case 0x0D: "\\r"
            case 0x20..<0x80: String(UnicodeScalar(UInt8(unit)))
            default: "\\u" + String(repeating: "0", count: 4 - hexadecimal(unit).count) + hexadecimal(unit)
            }
        }.joined()
    }

    private static func hexadecimal(_ unit: UInt16) -> String { String(unit, radix: 16, uppercase: true) }

    /// JSON text of a string, with as few escapes as there can be, or with `\u` alone.
    private static func json(_ text: String, unicode: Bool) -> String {
        if unicode {
            let units = text.utf16.map {
                "\\u" + String(repeating: "0", count: 4 - hexadecimal($0).count) + hexadecimal($0)
            }
            return "\"\(units.joined())\""
        }
        let letters = text.unicodeScalars.map { letter in
            switch letter {
            case "\"", "\\", "\n", "\u{8}", "\u{1}": escaped(String(letter))
            default: String(letter)
            }
        }
        return "\"\(letters.joined())\""
    }

    @Test(
        "Scripts are escaped wherever the letter stands",
        arguments: ["\"", "'", "/", "\\", "\n", "\u{8}", "\u{1}", "é", "€", "😀", " ", "''", "\\\"", "é/"])
    func escapes(special: String) throws {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let texts = (0...20).flatMap { length in
            (0...length).map { letters.prefix($0) + special + letters.prefix(length).dropFirst($0) }
        }
        let wanted = texts.map { Self.escaped(String($0)) + ";" }.joined()
        // By a property, which is followed in one go, and by a variable.
        let program = try TemplateRenderer.program(
            "#foreach($e in $input.path('$'))$util.escapeJavaScript($e.t);#end"
                + "#foreach($e in $input.path('$'))#set($t = $e.t)$util.escapeJavaScript($t);#end")
        for unicode in [false, true] {
            let body = texts.map { "{\"t\":\(Self.json(String($0), unicode: unicode))}" }.joined(separator: ",")
            var renderer = TemplateRenderer(body: "[\(body)]")
            #expect(renderer.run(program).output == wanted + wanted)
        }
    }

    @Test("Long texts are escaped in pieces")
    func escapesLongTexts() throws {
        let program = try TemplateRenderer.program("$util.escapeJavaScript($input.body)")
        for text in [String(repeating: "'", count: 50_000), String(repeating: "plain é 'text' ", count: 5_000)] {
            var renderer = TemplateRenderer(body: text)
            #expect(renderer.run(program).output == Self.escaped(text))
        }
    }

    // MARK: Limits

    @Test(
        "Loops that print without end fail at the limit of the output",
        arguments: ["xxxxxxxxxx", "$r.t", "$util.escapeJavaScript($r.t)", "$r.n"])
    func limitsOutput(printed: String) {
        var renderer = TemplateRenderer(body: #"{"t":"yyyyyyyyyy","n":1234567890}"#)
        renderer.limits.outputBytes = 100_000
        let template = "#set($r = $input.path('$'))#foreach($i in [1..1000])#foreach($j in [1..1000])\(printed)#end#end"
        guard let program = TemplateProgram.compile(template, symbols: TemplateRenderer.symbols).program else {
            Issue.record("it does not compile")
            return
        }
        guard case .failed(let failure) = renderer.run(program).outcome else {
            Issue.record("it does not fail")
            return
        }
        #expect(failure.reason == "output is larger than 100000 bytes")
    }
}
