import Testing

@testable import PorticoPrograms

@Suite("Paths and patterns that are meant to hurt", .timeLimit(.minutes(2)))
struct HardInputPathTests {
    private static func path(_ text: String) throws -> JSONPath { try JSONPath.compile(text).get() }

    /// Numbers in one array.
    private static func numbers(_ count: Int) -> String {
        "[" + (0..<count).map { "\($0)" }.joined(separator: ",") + "]"
    }

    private static func found(_ path: String, in text: String) throws -> Int {
        let path = try Self.path(path)
        let count = Fixture.withTape(text) { tape in
            var found: [NodeIndex] = []
            path.evaluate(tape, into: &found)
            return found.count
        }
        return try #require(count)
    }

    @Test("A deep scan of a hundred thousand elements finds all of them")
    func deepScan() throws {
        let text = Self.numbers(100_000)
        #expect(try Self.found("$..*", in: text) == 100_000)
        #expect(try Self.found("$[*]", in: text) == 100_000)
        #expect(try Self.found("$[5:-5]", in: text) == 99_990)
        #expect(try Self.found("$..[?(@ >= 50000)]", in: text) == 0)
        #expect(try Self.found("$[?(@ >= 50000)]", in: text) == 50_000)
        let objects = "[" + (0..<20_000).map { "{\"a\":{\"b\":\($0)}}" }.joined(separator: ",") + "]"
        #expect(try Self.found("$..b", in: objects) == 20_000)
        #expect(try Self.found("$..*", in: objects) == 60_000)
        #expect(try Self.found("$[?(@.a.b == 7)]", in: objects) == 1)
    }

    @Test(
        "Paths that multiply the body by itself end with what they have",
        arguments: [
            "$..*..*", "$..*..*..*..*", "$..*..*..*..*..*..*", "$..[*]..[*]..[*]..[?(@..*)]",
            "$..[0:]..[0:]..[0:]..[0:]",
            "$..[0,1,2,-1]..[0,1,2,-1]..[0,1,2,-1]..[0,1,2,-1]",
        ])
    func multiplying(text: String) throws {
        let level = "[1,2,[3,4],[5,[6,7]],[8]]"
        var body = level
        for _ in 0..<5 { body = "[" + [String](repeating: body, count: 5).joined(separator: ",") + "]" }
        let path = try Self.path(text)
        Fixture.withTape(body) { tape in
            var work = JSONPathWork(tape)
            var found: [NodeIndex] = []
            path.evaluate(tape, from: 0, into: &found, &work)
            #expect(!found.isEmpty && found.count <= work.spent)
            #expect(work.isSpent == (text != "$..*..*"))
        }
    }

    @Test(
        "Filters that look through the body for each element are part of the same limit",
        arguments: [
            "$[?(@ in $..*)]", "$[?($..[?(@..*)])]", "$[?(@ == $[20000])]", "$[?($..* contains @)]",
            "$[?($ subsetof $)]", "$[?(@ nin $[*])]", "$[?($..*.length() > 1 && $ == $)]",
        ])
    func filters(text: String) throws {
        let path = try Self.path(text)
        let numbers = Self.numbers(20_001)
        Fixture.withTape(numbers) { tape in
            var work = JSONPathWork(tape)
            var found: [NodeIndex] = []
            path.evaluate(tape, from: 0, into: &found, &work)
            #expect(work.isSpent)
        }
    }

    @Test("A text is looked for in another one within the limit")
    func contains() throws {
        let text = String(repeating: "a", count: 1 << 20)
        let body = "{\"t\":[\"\(text)\"],\"p\":\"\(text.prefix(1 << 19))b\"}"
        #expect(try Self.found("$.t[?(@ contains $.p)]", in: body) == 0)
        #expect(try Self.found("$.t[?(@ contains 'aaaa')]", in: body) == 1)
    }

    @Test("A pattern in a filter that takes exponential time gives up for all elements together")
    func filterPattern() throws {
        let path = try Self.path("$[?(@ =~ /(a+)+/)]")
        let text = "\"" + String(repeating: "a", count: 60) + "!\""
        let body = "[" + [String](repeating: text, count: 5000).joined(separator: ",") + ",\"aab\"]"
        Fixture.withTape(body) { tape in
            var work = JSONPathWork(tape)
            var found: [NodeIndex] = []
            path.evaluate(tape, from: 0, into: &found, &work)
            #expect(work.isSpent && found.isEmpty)
        }
        // Ordinary ones do not come near it.
        #expect(try Self.found("$[?(@ =~ /a*b/)]", in: body) == 1)
    }

    @Test("An answer that repeats the body over and over is none beyond its limit")
    func output() throws {
        let text = "\"" + String(repeating: "x", count: 1000) + "\""
        var body = "1"
        for _ in 0..<400 { body = "[\(text),\(body)]" }
        let names = [String](repeating: "'a'", count: 3000).joined(separator: ",")
        for (path, body) in [("$..*", body), ("$[\(names)]", "{\"a\":\(body)}")] {
            let path = try Self.path(path)
            Fixture.withTape(body) { tape in
                let output = OutputBuffer()
                output.append("before")
                #expect(!path.emit(tape, into: output))
                #expect(output.count == 6)
            }
        }
        let body2 = "[\(text),\(text)]"
        #expect(
            Fixture.withTape(body2) { tape in Fixture.write { _ = try? Self.path("$..*").emit(tape, into: $0) } }
                == body2)
    }

    @Test("Long paths and filters are read; steps and nesting have a limit")
    func longPaths() throws {
        let steps = String(repeating: ".a", count: 250)
        #expect(try Self.found("$" + steps, in: "{\"a\":{\"a\":1}}") == 0)
        #expect(try Self.found("$.." + steps.dropFirst(), in: "{\"a\":1}") == 0)
        #expect(throws: JSONPathProblem.self) { try Self.path("$" + String(repeating: ".a", count: 20_000)) }
        let wide = (0..<5000).map { "@.a == \($0)" }.joined(separator: " || ")
        #expect(try Self.found("$[?(\(wide))]", in: "[{\"a\":4999},{\"a\":5000}]") == 1)
        for open in ["$[?(", "$[?(!(", "$[?(@.a in ["] {
            let text =
                String(repeating: open, count: 1) + String(repeating: open.hasSuffix("[") ? "[" : "(", count: 10_000)
            #expect(throws: JSONPathProblem.self) { try Self.path(text) }
        }
        #expect(throws: JSONPathProblem.self) {
            try Self.path(String(repeating: "$[?(@", count: 10_000) + String(repeating: ")]", count: 10_000))
        }
    }

    @Test(
        "Patterns that take exponential time give up",
        arguments: [
            "(a+)+$", "(a*)*$", "(a|aa)+$", "(a|a?)+$", "(.*)*!{2}", "^(([a-z])+.)+[A-Z]([a-z])+$",
            "(?:a?){5000}a{5000}$",
            "(x+x+)+y|(a+a+)+b", "(?=(a+))*\\1+c", "((a{0,9}){0,9}){0,9}!{2}",
        ])
    func patterns(text: String) throws {
        let matcher = PatternMatcher()
        let subject = Array((String(repeating: "a", count: 10_000) + "!").utf8)
        switch Pattern.compile(text) {
        case .success(let pattern):
            subject.withUnsafeBytes { bytes in
                #expect(matcher.fullMatch(pattern, bytes) != .match)
                #expect(matcher.find(pattern, bytes) != .match)
                let output = OutputBuffer()
                let replacement = UnsafeRawBufferPointer(rebasing: bytes[..<1])
                _ = matcher.replaceAll(pattern, bytes, with: replacement, into: output)
                #expect(output.count <= bytes.count * 2)
            }
            // The matcher is of use afterwards.
            let good = try Pattern.compile("a+!").get()
            #expect(subject.withUnsafeBytes { matcher.fullMatch(good, $0) } == .match)
        case .failure(let problem): #expect(problem.offset <= text.utf8.count)
        }
    }

    @Test(
        "Patterns that are too large or nest too deeply are refused",
        arguments: [
            String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000),
            String(repeating: "[a&&", count: 10_000) + String(repeating: "]", count: 10_000),
            String(repeating: "a", count: 65 << 10), "((((a{1000}){1000}){1000}){1000})",
            String(repeating: "(?i:", count: 1000), "a{99999999999999999999}",
        ])
    func refused(text: String) {
        guard case .failure(let problem) = Pattern.compile(text) else {
            Issue.record("was taken: \(text.prefix(40))")
            return
        }
        #expect(problem.offset >= 0 && problem.offset <= text.utf8.count)
    }

    @Test("Mappings and URIs of ten megabytes are read in one pass")
    func mappings() {
        let long = String(repeating: "{a}${stageVariables.b}x", count: 20_000)
        let uri = UriTemplate(long)
        #expect(uri.text == long)
        #expect(uri.placeholders == ["a"] && uri.stageVariables == ["b"])
        #expect(UriTemplate(String(repeating: "{", count: 100_000)).isConstant)
        let name = String(repeating: "h", count: 1 << 20)
        #expect((try? MappingExpression.parse("method.request.header.\(name)", side: .request).get()) == .header(name))
        #expect((try? MappingExpression.parse("'\(name)'", side: .request).get()) == .literal(name))
        let deep = "method.request.body" + String(repeating: ".a", count: 100)
        #expect((try? MappingExpression.parse(deep, side: .request).get())?.description == deep)
        let symbols = SymbolTable(contextVariables: ["stage"], stageVariables: [])
        let text = String(repeating: "$context.stage ", count: 50_000)
        let output = OutputBuffer()
        SubstitutionTemplate.compile(text, symbols: symbols).template.render(TemplateInput(), into: output)
        #expect(output.count <= text.utf8.count)
    }
}
