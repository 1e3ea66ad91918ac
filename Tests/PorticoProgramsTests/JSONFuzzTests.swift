import PorticoPrograms
import Testing

/// Seeded noise: the same on every run.
struct SeededRandom {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }

    /// Changes, inserts, deletes and repeats a few bytes.
    mutating func mutate(_ seed: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
        var bytes = seed
        for _ in 0...below(4) {
            let place = below(bytes.count + 1)
            let byte = below(4) == 0 ? UInt8(truncatingIfNeeded: next()) : alphabet[below(alphabet.count)]
            switch below(5) {
            case 0 where place < bytes.count: bytes[place] = byte
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes.insert(contentsOf: bytes[place...].prefix(below(12)), at: place)
            case 3: bytes.removeSubrange(min(place, bytes.count)..<min(place + below(6), bytes.count))
            default: bytes.insert(byte, at: place)
            }
        }
        return bytes
    }
}

@Suite("Random input never crashes the small languages")
struct JSONFuzzTests {
    static let json = [
        "{\"a\":[1,2.5,{\"b\":\"x\\u00e9\\n\"}],\"c\":null,\"a\":true,\"\\u0063\":-0e1}",
        "[[],[[]],{},{\"\":\"\"},\"😀é\",12345678901234567890]",
        " { \"long key with words\" : \"long value with words, and more of them\" , \"t\" : [ true , false , null ] } ",
    ]

    @Test("A mutated text is JSON or not, and what is JSON prints to a fixed point")
    func tape() {
        var random = SeededRandom(1)
        let alphabet = Array("{}[]\",:\\u0019eE.+- tfn\u{E9}".utf8)
        let tape = JSONTape(maximumDepth: 20, maximumBytes: 4096)
        var accepted = 0
        for round in 0..<12_000 {
            let bytes = random.mutate(Array(Self.json[round % Self.json.count].utf8), alphabet)
            let output = OutputBuffer()
            let isJSON = bytes.withUnsafeBytes { bytes -> Bool in
                guard tape.parse(bytes) == .ok else { return false }
                tape.emit(tape.root, into: output)
                for node in 0..<tape.count {
                    _ = tape.text(node)
                    _ = tape.double(node)
                    #expect(tape.next(node) > node && tape.next(node) <= tape.count)
                }
                return true
            }
            guard isJSON else { continue }
            accepted += 1
            let again = OutputBuffer()
            let printed = Array(output.bytes)
            let result = printed.withUnsafeBytes { bytes -> JSONParseResult in
                let result = tape.parse(bytes)
                if result == .ok { tape.emit(tape.root, into: again) }
                return result
            }
            #expect(result == .ok && Array(again.bytes) == printed, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(accepted > 300)
    }

    @Test("A mutated JSONPath compiles or not, and what compiles can be evaluated")
    func paths() {
        var random = SeededRandom(2)
        let seeds = [
            "$.a[0]..b['c','d'][1:-1][*]", "$..x[?(@.a > 1 && (@.b == 'y' || !@.c))].length()",
            "$[?(@.a =~ /x+/i)][?(@ in [1,'a'])].min()",
        ]
        let alphabet = Array("$@.*[]()?'\"!&|<>=~:,-019ab \\/".utf8)
        let text = Array(Self.json[0].utf8)
        text.withUnsafeBytes { bytes in
            let tape = JSONTape()
            #expect(tape.parse(bytes) == .ok)
            for round in 0..<4_000 {
                let path = String(
                    decoding: random.mutate(Array(seeds[round % seeds.count].utf8), alphabet), as: UTF8.self)
                switch JSONPath.compile(path) {
                case .success(let path): _ = path.emit(tape, into: OutputBuffer())
                case .failure(let problem):
                    #expect(problem.range.lowerBound >= 0 && problem.range.upperBound <= path.utf8.count, "\(path)")
                }
            }
        }
    }

    @Test("A mutated pattern compiles or not, and what compiles can be run")
    func patterns() {
        var random = SeededRandom(3)
        let seeds = [
            "(?<n>a|b)*[a-z&&[^b-d]]\\p{L}+?\\k<n>", "^(?i:x{1,3})\\Q.\\E$(?=\\d)[^\\w\\P{Alpha}-]",
            "(?x) a # c\n (?m)\\Z\\R|\\u00e9\\1",
        ]
        let alphabet = Array("()[]{}|*+?^$.\\-&<>:=!pPdwsQEkubx019aimsU,".utf8)
        let subject = Array("abcXx.é1\n\u{2028}zz".utf8) + [0xFF, 0x61]
        let matcher = PatternMatcher()
        for round in 0..<2_000 {
            let text = String(decoding: random.mutate(Array(seeds[round % seeds.count].utf8), alphabet), as: UTF8.self)
            switch Pattern.compile(text) {
            case .success(let pattern):
                subject.withUnsafeBytes { bytes in
                    _ = matcher.fullMatch(pattern, bytes)
                    if matcher.find(pattern, bytes) == .match {
                        for group in 0...pattern.groupCount { _ = matcher.range(group).map { bytes[$0] } }
                    }
                    var pieces: [Range<Int>] = []
                    _ = matcher.split(pattern, bytes, into: &pieces)
                }
            case .failure(let problem):
                #expect(problem.offset >= 0 && problem.offset <= text.utf8.count, "\(text)")
            }
        }
    }

    @Test("Mutated mappings, templates and MOCK texts are read or refused")
    func mappings() {
        var random = SeededRandom(4)
        let seeds = [
            "method.request.body.a[0].b", "integration.response.multivalueheader.X", "'static'",
            "context.identity.sourceIp",
            "http://${stageVariables.h}/{a}/{b+}",
            "{\"m\":$context.error.messageString,${context.x}$method.request.header.X}",
            "{statusCode: 200, 'a': [b,{c:d}]}", "/a${request.path.b}?${stageVariables.h}$", "$request.body.a[1].b",
            "append:header.x", "$response.header.a",
        ]
        let alphabet = Array(".'$#{}[]()ab :,\"\\".utf8)
        let symbols = SymbolTable(contextVariables: ["error.messageString", "x"], stageVariables: ["h"])
        for round in 0..<6_000 {
            let bytes = random.mutate(Array(seeds[round % seeds.count].utf8), alphabet)
            let text = String(decoding: bytes, as: UTF8.self)
            for side in [MappingSide.request, .response, .gatewayResponse] {
                if case .success(let expression) = MappingExpression.parse(text, side: side) {
                    #expect(expression.description == text)
                }
                if case .failure(let problem) = MappingExpression.parse(text, side: side) {
                    #expect(problem.range.upperBound <= text.utf8.count, "\(text)")
                }
                _ = MappingDestination.parse(text, side: side)
                if case .failure(let problem) = ParameterValue.parse(text, side: side) {
                    #expect(problem.range.upperBound <= text.utf8.count, "\(text)")
                }
                if case .failure(let problem) = ParameterDestination.parse(text, side: side) {
                    #expect(problem.range.upperBound <= text.utf8.count, "\(text)")
                }
            }
            #expect(UriTemplate(text).text == text)
            let template = SubstitutionTemplate.compile(text, symbols: symbols).template
            template.render(TemplateInput(), into: OutputBuffer())
            _ = bytes.withUnsafeBytes { LenientJSON.statusCode($0) }
        }
    }

    @Test("Random bytes are refused by the decoders or decode to something usable")
    func decoders() throws {
        var random = SeededRandom(5)
        let symbols = SymbolTable(contextVariables: ["a", "b"], stageVariables: ["c"])
        var writer = ByteWriter()
        try Pattern.compile("a+").get().encode(into: &writer)
        try JSONPath.compile("$.a[0]").get().encode(into: &writer)
        try MappingExpression.parse("method.request.body.a", side: .request).get().encode(into: &writer)
        try MappingDestination.parse("method.response.header.a", side: .response).get().encode(into: &writer)
        UriTemplate("x/{a}").encode(into: &writer)
        SubstitutionTemplate.compile("x$context.b", symbols: symbols).template.encode(into: &writer)
        let alphabet = Array(0...40 as ClosedRange<UInt8>)
        for round in 0..<4_000 {
            let bytes = round == 0 ? writer.bytes : random.mutate(writer.bytes, alphabet)
            var reader = ByteReader(bytes)
            do {
                _ = try Pattern.decode(from: &reader)
                _ = try JSONPath(from: &reader)
                _ = try MappingExpression(from: &reader)
                _ = try MappingDestination(from: &reader)
                _ = try UriTemplate(from: &reader)
                let template = try SubstitutionTemplate(from: &reader, symbols: symbols)
                template.render(TemplateInput(), into: OutputBuffer())
            } catch {
                #expect(round > 0, "\(error.reason)")
            }
        }
    }
}
