import PorticoPrograms
import Testing

@Suite("Templates render as in Velocity 1.7")
struct TemplateVelocityTests {
    @Test("text, references, escapes and values", arguments: TemplateVelocityCases.part1)
    func first(_ row: (template: String, output: String?)) { check(row) }

    @Test("directives, whitespace and methods", arguments: TemplateVelocityCases.part2)
    func second(_ row: (template: String, output: String?)) { check(row) }

    @Test("mistakes and corner cases", arguments: TemplateVelocityCases.part3)
    func third(_ row: (template: String, output: String?)) { check(row) }

    @Test("methods of strings", arguments: TemplateVelocityMethodCases.strings)
    func strings(_ row: (template: String, output: String?)) { check(row) }

    @Test("methods of lists and arrays", arguments: TemplateVelocityMethodCases.lists)
    func lists(_ row: (template: String, output: String?)) { check(row) }

    @Test("methods of maps and of their views", arguments: TemplateVelocityMethodCases.maps)
    func maps(_ row: (template: String, output: String?)) { check(row) }

    @Test("methods of numbers", arguments: TemplateVelocityMethodCases.numbers)
    func numbers(_ row: (template: String, output: String?)) { check(row) }

    @Test("methods of truth values, characters and iterators", arguments: TemplateVelocityMethodCases.others)
    func others(_ row: (template: String, output: String?)) { check(row) }

    @Test("patterns and positions in texts", arguments: TemplateVelocityTextCases.patterns)
    func patterns(_ row: (template: String, output: String?)) { check(row) }

    @Test("String.format", arguments: TemplateVelocityTextCases.formats)
    func formats(_ row: (template: String, output: String?)) { check(row) }

    @Test("loops, blocks, live views and assignments", arguments: TemplateVelocityLoopCases.loops)
    func loops(_ row: (template: String, output: String?)) { check(row) }

    @Test("backslashes, dollars and hashes", arguments: TemplateVelocitySyntaxCases.escapes)
    func escapes(_ row: (template: String, output: String?)) { check(row) }

    @Test("white space around and within directives", arguments: TemplateVelocitySyntaxCases.space)
    func space(_ row: (template: String, output: String?)) { check(row) }

    @Test("references and interpolated strings", arguments: TemplateVelocitySyntaxCases.references)
    func references(_ row: (template: String, output: String?)) { check(row) }

    @Test("how numbers print", arguments: TemplateVelocityNumberCases.numbers)
    func printing(_ row: (template: String, output: String?)) { check(row) }

    @Test("operators on mixed types", arguments: TemplateVelocityNumberCases.operators)
    func operators(_ row: (template: String, output: String?)) { check(row) }

    private func check(_ row: (template: String, output: String?)) {
        var renderer = TemplateRenderer()
        #expect(renderer.render(row.template) == row.output, "\(row.template)")
    }
}
