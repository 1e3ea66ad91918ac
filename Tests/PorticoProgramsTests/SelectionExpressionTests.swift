import PorticoPrograms
import Testing

/// Source: API Gateway guide, "WebSocket selection expressions"; cases `ws-select`.
@Suite("Selection expressions")
struct SelectionExpressionTests {
    private static let symbols = SymbolTable(
        contextVariables: ["connectionId", "identity.sourceIp"], stageVariables: ["kind"])

    /// Values as a test gives them.
    private struct Values: SelectionInput {
        var request: JSONTape?
        var response: JSONTape?
        var body = ""

        var requestTape: JSONTape? { request }
        var responseTape: JSONTape? { response }

        func appendSelectionValue(_ variable: SelectionProgram.Variable, into output: OutputBuffer) {
            switch variable {
            case .requestBody: output.append(body)
            case .requestHeader(let name): output.append("header(\(name))")
            case .requestQuery(let name): output.append("query(\(name))")
            case .responseStatus: output.append("404")
            case .responseHeader(let name): output.append("answer(\(name))")
            case .responseHeaderAll(let name): output.append("answers(\(name))")
            case .responseBody: output.append("answer")
            case .context(let slot): output.append("context\(slot)")
            case .authorizer(let name): output.append("authorizer(\(name))")
            case .stageVariable(let slot): output.append("stage\(slot)")
            case .requestBodyPath, .responseBodyPath, .absent: break
            }
        }
    }

    private static func evaluate(_ expression: String, _ body: String, response: String = "") -> String {
        let (program, problems) = SelectionProgram.compile(expression, symbols: symbols)
        #expect(problems.isEmpty, "\(expression): \(problems)")
        var values = Values(body: body)
        // The tapes read from memory that has to stay.
        let texts = [OutputBuffer(), OutputBuffer()]
        texts[0].append(body)
        texts[1].append(response)
        let tapes = texts.map { text -> JSONTape? in
            let tape = JSONTape()
            if case .ok = tape.parse(text.bytes) { return tape }
            return nil
        }
        values.request = tapes[0]
        values.response = tapes[1]
        let output = OutputBuffer()
        withExtendedLifetime(texts) { program.evaluate(values, into: output) }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private static let guide = "{\"service\":\"chat\",\"action\":\"join\",\"data\":{\"room\":\"room1234\"}}"

    @Test(
        "an expression is its text with the values of its variables",
        arguments: [
            ("$request.body.action", "join"),
            ("${request.body.action}", "join"),
            ("${request.body.service}/${request.body.action}", "chat/join"),
            ("${request.body.action}-${request.body.invalidPath}", "join-"),
            ("action", "action"),
            ("\\$default", "$default"),
            ("$default", "$default"),
            ("\\$request.body.action", "$request.body.action"),
            ("$request.body.data.room", "room1234"),
            ("$request.body.data", "{\"room\":\"room1234\"}"),
            ("$request.body", "{\"service\":\"chat\",\"action\":\"join\",\"data\":{\"room\":\"room1234\"}}"),
            ("$request.body.missing", ""),
            ("a $request.body.action.", "a join."),
            ("$request.body.service $request.body.action", "chat join"),
            ("${request.body.action}s", "joins"),
            ("$request.header.X-Kind", "header(X-Kind)"),
            ("$request.querystring.kind", "query(kind)"),
            ("${integration.response.statuscode}", "404"),
            ("${response.statuscode}", "404"),
            ("$integration.response.header.X-A", "answer(X-A)"),
            ("$integration.response.multivalueheader.X-A", "answers(X-A)"),
            ("$context.connectionId", "context0"),
            ("$context.identity.sourceIp", "context1"),
            ("$context.authorizer.role", "authorizer(role)"),
            ("$context.unknown", ""),
            ("$stageVariables.kind/$stageVariables.none", "stage0/"),
            ("$", "$"), ("a$", "a$"), ("$$", "$$"), ("5$ and \\$", "5$ and $"), ("", ""),
        ])
    func values(_ expression: String, _ value: String) {
        #expect(Self.evaluate(expression, Self.guide) == value)
    }

    @Test(
        "values of every kind become text",
        arguments: [
            ("1", "1"), ("-2.50", "-2.5"), ("true", "true"), ("false", "false"), ("null", ""), ("\"\"", ""),
            ("[1, \"a\"]", "[1,\"a\"]"), ("{\"b\" : [ ]}", "{\"b\":[]}"), ("\"\\u0061\\n\"", "a\n"),
            // Once: a value that looks like an expression is none.
            ("\"$request.body.b\"", "$request.body.b"), ("\"${context.connectionId}\"", "${context.connectionId}"),
        ])
    func kinds(_ json: String, _ text: String) {
        #expect(Self.evaluate("$request.body.a", "{\"a\":\(json),\"b\":1}") == text)
        #expect(Self.evaluate("<${integration.response.body.a}>", "", response: "{\"a\":\(json)}") == "<\(text)>")
    }

    @Test("what is no JSON has no paths, and is itself as a whole")
    func noJSON() {
        #expect(Self.evaluate("[$request.body.action]", "plain") == "[]")
        #expect(Self.evaluate("[$request.body]", "plain") == "[plain]")
    }

    @Test("paths may have positions and quoted names")
    func paths() {
        let body = "{\"list\":[{\"a b\":7},8],\"x\":{\"y-z\":9}}"
        #expect(Self.evaluate("${request.body.list[0]['a b']}", body) == "7")
        #expect(Self.evaluate("$request.body.list[1]!", body) == "8!")
        #expect(Self.evaluate("$request.body.x.y-z", body) == "9")
        #expect(Self.evaluate("${request.body.list[*]}", body) == "[{\"a b\":7},8]")
    }

    @Test(
        "what cannot be meant is told with its place",
        arguments: [
            ("a ${request.body.action", 2..<23), ("$reqest.body.action", 0..<19), ("$request.bodi.a", 0..<15),
            ("${nothing}", 0..<10), ("$request.path.id", 0..<16), ("x ${integration.request.body}", 2..<29),
        ])
    func problems(_ expression: String, _ range: Range<Int>) throws {
        let problems = SelectionProgram.compile(expression, symbols: Self.symbols).problems
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.range == range, "\(problem)")
        #expect(problem.isError)
    }

    @Test("the flat form is read back as it was, and a damaged one is refused")
    func coding() throws {
        for expression in ["$request.body.action", "\\$default", "a${context.connectionId}b", ""] {
            let (program, _) = SelectionProgram.compile(expression, symbols: Self.symbols)
            var writer = ByteWriter()
            program.encode(into: &writer)
            var reader = ByteReader(writer.bytes)
            let read = try SelectionProgram(from: &reader, symbols: Self.symbols)
            #expect(read == program)
            #expect(read.segments == program.segments)
        }
        var writer = ByteWriter()
        writer.write("${request.body.action")
        var reader = ByteReader(writer.bytes)
        #expect(throws: ProgramDecodingError.self) { try SelectionProgram(from: &reader, symbols: Self.symbols) }
    }

    @Test("expressions without variables are constants")
    func constants() {
        func constant(_ expression: String) -> String? {
            SelectionProgram.compile(expression, symbols: Self.symbols).program.constant
                .map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(constant("\\$default") == "$default")
        #expect(constant("200") == "200")
        #expect(constant("$request.body.a") == nil)
        #expect(!SelectionProgram.compile("$context.connectionId", symbols: Self.symbols).program.readsRequestBody)
        #expect(SelectionProgram.compile("a$request.body.a", symbols: Self.symbols).program.readsRequestBody)
    }
}
