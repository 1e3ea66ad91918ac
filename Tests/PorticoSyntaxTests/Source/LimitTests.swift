import PorticoSyntax
import Testing

@Suite("Limits of the readers")
struct LimitTests {
    @Test("deep nesting ends at the limit, however long the file is", arguments: ["api.yaml", "api.json", "spec"])
    func depth(path: String) {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 4_000_000)
        let reading = Reading(bytes, path: path)
        #expect(reading.places == ["1:201 source.too-deep"])
        #expect(reading.node == nil)
    }

    @Test("nesting up to the limit is read", arguments: ["api.yaml", "api.json"])
    func depthReached(path: String) {
        let text = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(Reading(text, path: path).json == text)
        #expect(Reading("[\(text)]", path: path).ids == ["source.too-deep"])
        let objects = String(repeating: "{\"a\":", count: 200) + "1" + String(repeating: "}", count: 200)
        #expect(Reading(objects, path: path).json == objects)
    }

    @Test("aliases cannot make a tree deeper than the limit")
    func depthByAliases() {
        let levels = String(repeating: "[", count: 90)
        let ends = String(repeating: "]", count: 90)
        let two = "a: &a \(levels)1\(ends)\nb: &b \(levels)*a\(ends)\n"
        #expect(Reading(two).diagnostics.isEmpty)
        #expect(Reading(two + "c: \(levels)*b\(ends)\n").ids == ["source.too-deep"])
    }

    @Test("the number of values is bounded", arguments: ["api.yaml", "api.json"])
    func values(path: String) {
        let text = "[" + Array(repeating: "1", count: 200).joined(separator: ", ") + "]"
        #expect(Reading(text, path: path, limits: ReaderLimits(values: 201)).diagnostics.isEmpty)
        #expect(Reading(text, path: path, limits: ReaderLimits(values: 200)).ids == ["source.too-many-values"])
    }

    @Test("what aliases add is bounded, and counted once an alias")
    func aliases() {
        let text = "a: &a [1, 2, 3]\nb: [*a, *a]\nc: {<<: {x: *a}}\n"
        #expect(Reading(text, limits: ReaderLimits(aliasValues: 12)).diagnostics.isEmpty)
        #expect(Reading(text, limits: ReaderLimits(aliasValues: 11)).places == ["3:13 yaml.alias-expansion"])
    }

    @Test("an alias bomb of any length stops at the limit")
    func bomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...150 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let reading = Reading(text)
        #expect(reading.ids == ["yaml.alias-expansion"])
        #expect(reading.node == nil)
        #expect(reading.diagnostics.first?.notes.first?.span != nil)
    }

    @Test("a JSON file with very many mistakes is given up after some of them")
    func mistakes() {
        let reading = Reading("[" + String(repeating: "True,", count: 1000) + "1]", path: "api.json")
        #expect(reading.diagnostics.count == 20)
        #expect(reading.node == nil)
    }
}
