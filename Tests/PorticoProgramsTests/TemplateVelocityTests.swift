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

    private func check(_ row: (template: String, output: String?)) {
        var renderer = TemplateRenderer()
        #expect(renderer.render(row.template) == row.output, "\(row.template)")
    }
}
