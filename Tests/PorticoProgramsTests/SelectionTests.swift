import PorticoPrograms
import Testing

@Suite("Templates of text: URIs and gateway responses")
struct SelectionTests {
    /// Lends bytes for the time of a call.
    static func withBytes<Result>(_ texts: [String?], _ body: ([UnsafeRawBufferPointer]) -> Result) -> Result {
        let buffers = texts.map { text in
            let buffer = OutputBuffer()
            if let text { buffer.append(text) }
            return buffer
        }
        defer { withExtendedLifetime(buffers) {} }
        return body(zip(texts, buffers).map { $0 == nil ? UnsafeRawBufferPointer(start: nil, count: 0) : $1.bytes })
    }

    @Test(
        "A URI puts parameters and stage variables in",
        arguments: [
            ("http://x/pets", [], [], "http://x/pets"), ("http://x/{id}/{id}", ["7"], [], "http://x/7/7"),
            ("http://x/{id}", [nil], [], "http://x/{id}"),
            ("http://${stageVariables.host}/{proxy}", ["a/b"], ["h"], "http://h/a/b"),
            ("http://${stageVariables.host}/", [], [nil], "http:///"),
            ("${AWS::Region}/{}", [], [], "${AWS::Region}/{}"), ("a{b", [], [], "a{b"),
            ("${stageVariables.x-y}", [], [], "${stageVariables.x-y}"), ("", [], [], ""),
            ("{proxy+}", ["x"], [], "x"), ("/{a b}", [], [], "/{a b}"),
        ] as [(String, [String?], [String?], String)])
    func uri(text: String, placeholders: [String?], variables: [String?], result: String) {
        let template = UriTemplate(text)
        #expect(template.text == text)
        let rendered = Self.withBytes(placeholders) { placeholders in
            Self.withBytes(variables) { variables in
                placeholders.withUnsafeBufferPointer { placeholders in
                    variables.withUnsafeBufferPointer { variables in
                        Fixture.write {
                            template.render(placeholders: placeholders, stageVariables: variables, into: $0)
                        }
                    }
                }
            }
        }
        #expect(rendered == result)
    }

    @Test("A URI knows its names, each once, and whether it is constant")
    func uriNames() throws {
        let template = UriTemplate("http://${stageVariables.h}/{a}/{b}/{a}?x=${stageVariables.h}")
        #expect(template.placeholders == ["a", "b"])
        #expect(template.stageVariables == ["h"])
        #expect(!template.isConstant && template.constant == nil)
        #expect(UriTemplate("http://x").constant == "http://x")
        var writer = ByteWriter()
        template.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try UriTemplate(from: &reader) == template)
    }

    static let symbols = SymbolTable(
        contextVariables: ["error.messageString", "requestId", "error.responseType", "identity.sourceIp"],
        stageVariables: ["v"])

    static func render(_ text: String) -> String {
        let template = SubstitutionTemplate.compile(text, symbols: symbols).template
        return withBytes(["\"Oops\"", "id-1", "THROTTLED", nil]) { context in
            withBytes(["1", "Origin", "https://a", "https://b", "p", "7"]) { values in
                let headers = [
                    NamedBytes(name: values[1], value: values[2]), NamedBytes(name: values[1], value: values[3]),
                ]
                let path = [NamedBytes(name: values[4], value: values[5])]
                return context.withUnsafeBufferPointer { context in
                    [values[0]].withUnsafeBufferPointer { variables in
                        headers.withUnsafeBufferPointer { headers in
                            path.withUnsafeBufferPointer { path in
                                var input = TemplateInput()
                                input.context = context
                                input.stageVariables = variables
                                input.headers = headers
                                input.pathParameters = path
                                return Fixture.write { template.render(input, into: $0) }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test(
        "A gateway response replaces simple variables and nothing else",
        arguments: [
            ("{\"message\":$context.error.messageString}", "{\"message\":\"Oops\"}"), ("$context.requestId.", "id-1."),
            ("$context.requestId.json", "id-1.json"),
            ("${context.requestId}x", "id-1x"), ("$stageVariables.v", "1"),
            ("$method.request.header.Origin", "https://b"),
            ("$method.request.header.origin", ""), ("$method.request.path.p/", "7/"),
            ("$method.request.querystring.q", ""), ("$context.nope", ""),
            ("$context.identity.sourceIp|", "|"), ("$input.json('$')", "$input.json('$')"),
            ("#if(true)x#end", "#if(true)x#end"), ("$", "$"), ("$context.", "$context."),
            ("$contextual", "$contextual"), ("${context.requestId", "${context.requestId"),
            ("$method.request.body", "$method.request.body"), ("", ""),
            ("$$context.requestId", "$id-1"),
        ])
    func substitution(text: String, result: String) {
        #expect(Self.render(text) == result)
    }

    @Test(
        "A gateway response's author hears of what does nothing",
        arguments: [
            ("$context.nope", [0..<13]), ("#if(true) x #end", [0..<3, 12..<16]), ("$input.json('$')", [0..<6]),
            ("$stageVariables.w", [0..<17]),
            ("{\"a\": $context.requestId, \"#ifx\": 1}", []),
        ])
    func remarks(text: String, ranges: [Range<Int>]) {
        #expect(SubstitutionTemplate.compile(text, symbols: Self.symbols).remarks.map(\.range) == ranges)
    }

    @Test("A gateway response survives the snapshot, and a slot beyond the table is refused")
    func substitutionRoundTrip() throws {
        let text =
            "a$context.requestId b$stageVariables.v$method.request.header.X$method.request.path.p$method.request.querystring.q"
        let template = SubstitutionTemplate.compile(text, symbols: Self.symbols).template
        #expect(template.contextSlots == [1] && template.stageVariableSlots == [0] && !template.isConstant)
        var writer = ByteWriter()
        template.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try SubstitutionTemplate(from: &reader, symbols: Self.symbols) == template)
        var other = ByteReader(writer.bytes)
        #expect(throws: ProgramDecodingError.self) {
            try SubstitutionTemplate(from: &other, symbols: SymbolTable(contextVariables: [], stageVariables: []))
        }
    }
}
