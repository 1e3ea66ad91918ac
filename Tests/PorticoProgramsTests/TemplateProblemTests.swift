import PorticoPrograms
import PorticoSyntax
import Testing

@Suite("Problems of templates")
struct TemplateProblemTests {
    /// `at`: the text that the range covers; a blank where it is the end of the template.
    static let errors: [(template: String, id: String, at: String, message: String)] = [
        ("a #if($x) b", "template.missing-end", "#if", "missing '#end' for '#if'"),
        ("#foreach($i in [1])\n$i", "template.missing-end", "#foreach", "missing '#end' for '#foreach'"),
        ("#define($i)\n$i", "template.missing-end", "#define", "missing '#end' for '#define'"),
        ("#if(true)#foreach($i in [1])#end", "template.missing-end", "#if", "missing '#end' for '#if'"),
        ("x #end", "template.syntax", "#end", "'#end' closes nothing"),
        ("x #else y", "template.syntax", "#else", "'#else' without '#if'"),
        ("#if(true)a#{else}b#elseif(true)c#end", "template.syntax", "#elseif", "'#elseif' after '#else'"),
        ("price: $", "template.syntax", "$", "'$' at the end of the template begins nothing"),
        ("hash #", "template.syntax", "#", "'#' at the end of the template begins nothing"),
        ("#set($x = \"abc)", "template.syntax", "\"", "string is not closed"),
        ("#set($x = \"\\\"a\\\"\")", "template.syntax", "a", "unexpected 'a', expected an operator or ')'"),
        ("#set($x == 1)", "template.syntax", "==", "unexpected '==', expected '='"),
        ("#set(x = 1)", "template.syntax", "x", "unexpected 'x', expected a reference to set"),
        ("#set($x = null)", "template.syntax", "null", "unexpected 'null', expected a value or a reference"),
        ("#if(true", "template.syntax", "", "unexpected end of the template, expected an operator or ')'"),
        ("${a.b", "template.syntax", "", "unexpected end of the template, expected '}' of '${a'"),
        ("${a|'x'}", "template.syntax", "|", "unexpected '|'"),
        ("$a.b(1 + 2)", "template.syntax", "+", "unexpected '+' in the arguments of a method"),
        ("$a.b( )", "template.syntax", ")", "unexpected ')', expected a value or a reference"),
        ("#foreach($i of)x#end", "template.syntax", "#foreach", "'#foreach' takes a variable, 'in' and a list"),
        ("#foreach(i in [1])x#end", "template.syntax", "i", "'i' is no argument for '#foreach'"),
        ("#define(x)y#end", "template.syntax", "x", "'x' is no argument for '#define'"),
        ("#macro()x#end", "template.syntax", "#macro", "'#macro' needs a name"),
        ("#[[ raw", "template.syntax", "#[[", "'#[[' is not closed"),
        ("#set($x = \"a #if(true) b\")", "template.missing-end", "#if", "missing '#end' for '#if'"),
        (
            "#set($x = \"say \"\"hi\"\" $y.f(+)\")", "template.syntax", "+",
            "unexpected '+' in the arguments of a method"
        ),
        ("#set($x = \"\\u12\")", "template.syntax", "\\u12", "'\\u' without four hexadecimal digits"),
    ]

    @Test("a mistake is reported where it stands", arguments: errors)
    func error(_ row: (template: String, id: String, at: String, message: String)) throws {
        let (program, problems) = TemplateProgram.compile(row.template, symbols: TemplateRenderer.symbols)
        #expect(program == nil)
        let problem = try #require(problems.first, "\(row.template)")
        #expect(problem.id.name == row.id)
        #expect(problem.message.hasPrefix(row.message), "\(problem.message)")
        let bytes = Array(row.template.utf8)
        #expect(problem.range.upperBound <= bytes.count)
        if problem.range.upperBound <= bytes.count {
            #expect(String(decoding: bytes[problem.range], as: UTF8.self) == row.at, "\(row.template)")
        }
    }

    static let warnings: [(template: String, id: String, at: String)] = [
        ("a $util.toJson($x)", "template.unknown-member", "toJson($x)"),
        ("$input.foo", "template.unknown-member", "foo"),
        ("x $context.httpmethod", "template.unknown-context-variable", "$context.httpmethod"),
        ("$input.path('$.a[')", "template.bad-path", "'$.a['"),
        ("#set($x = 'a')$x.matches('(')", "template.bad-pattern", "'('"),
        ("#parse('x.vm')", "template.no-loader", "#parse"),
    ]

    @Test("what compiles and cannot work is a warning", arguments: warnings)
    func warning(_ row: (template: String, id: String, at: String)) throws {
        let (program, problems) = TemplateProgram.compile(row.template, symbols: TemplateRenderer.symbols)
        #expect(program != nil)
        let problem = try #require(problems.first, "\(row.template)")
        #expect(problem.id.name == row.id)
        #expect(problem.id.severity == .warning)
        #expect(String(decoding: Array(row.template.utf8)[problem.range], as: UTF8.self) == row.at)
    }

    @Test("a missing '#end' has a note and a hint")
    func notes() throws {
        let problem = try #require(
            TemplateProgram.compile("#if($x) b", symbols: TemplateRenderer.symbols).problems.first)
        #expect(problem.hint != nil)
        #expect(problem.notes.first?.range == 9..<9)
    }

    @Test("what authorizers return is not unknown")
    func authorizer() {
        let problems = TemplateProgram.compile("$context.authorizer.plan", symbols: TemplateRenderer.symbols).problems
        #expect(problems.isEmpty)
    }

    @Test("every row of the table is listed once")
    func table() {
        #expect(Set(TemplateDiagnostics.all.map(\.name)).count == TemplateDiagnostics.all.count)
        #expect(TemplateDiagnostics.all.allSatisfy { $0.name.hasPrefix("template.") })
    }
}
