import PorticoPrograms
import Testing

@Suite("Parameter mapping")
struct MappingTests {
    @Test(
        "An expression of a request is read and written back",
        arguments: [
            ("method.request.path.id", MappingExpression.path("id")),
            ("method.request.querystring.q", .queryString("q")),
            ("method.request.header.X-Y.z", .header("X-Y.z")),
            ("method.request.multivaluequerystring.q", .multiValueQueryString("q")),
            ("method.request.multivalueheader.Accept", .multiValueHeader("Accept")), ("method.request.body", .body),
            ("context.identity.sourceIp", .context("identity.sourceIp")), ("stageVariables.v", .stageVariable("v")),
            ("'*'", .literal("*")), ("''", .literal("")), ("'it''s'", .literal("it''s")), ("'ü, x'", .literal("ü, x")),
        ])
    func request(text: String, expression: MappingExpression) throws {
        #expect(try MappingExpression.parse(text, side: .request).get() == expression)
        #expect(expression.description == text)
    }

    @Test(
        "An expression of a response is read and written back",
        arguments: [
            ("integration.response.header.ETag", MappingExpression.integrationHeader("ETag")),
            ("integration.response.multivalueheader.Set-Cookie", .integrationMultiValueHeader("Set-Cookie")),
            ("integration.response.body", .integrationBody), ("context.requestId", .context("requestId")),
            ("'x'", .literal("x")),
        ])
    func response(text: String, expression: MappingExpression) throws {
        #expect(try MappingExpression.parse(text, side: .response).get() == expression)
        #expect(expression.description == text)
    }

    @Test(
        "A path into the body is a JSONPath without its root",
        arguments: [
            (
                "method.request.body.petstore.pets[0].name", MappingSide.request,
                "{\"petstore\":{\"pets\":[{\"name\":\"x\"}]}}", "\"x\""
            ),
            ("integration.response.body.errorMessage", .response, "{\"errorMessage\":\"e\"}", "\"e\""),
            // A mark that combines with the dot in front of it.
            ("method.request.body.\u{59C}a", .request, "{\"\u{59C}a\":2}", "2"),
            ("method.request.body.a['b c']", .request, "{\"a\":{\"b c\":1}}", "1"),
        ])
    func bodyPath(text: String, side: MappingSide, body: String, value: String) throws {
        let expression = try MappingExpression.parse(text, side: side).get()
        let path = try #require(expression.jsonPath)
        #expect(expression.description == text)
        let found = Fixture.withTape(body) { tape in Fixture.write { _ = path.emit(tape, into: $0) } }
        #expect(found == value)
    }

    @Test(
        "What AWS refuses is a problem that names its place",
        arguments: [
            ("", MappingSide.request, 0..<0), ("foo", .request, 0..<3), ("'foo", .request, 0..<4),
            ("method.request.headers.X", .request, 15..<22),
            ("method.request.query.X", .request, 15..<20), ("method.request.cookie.X", .request, 15..<21),
            ("method.request.header.", .request, 0..<22),
            ("method.request.header", .request, 0..<21), ("method.request.header.a b", .request, 23..<24),
            ("$context.x", .request, 0..<10),
            ("integration.response.header.X", .request, 0..<29), ("method.request.header.X", .response, 0..<23),
            ("method.request.body.", .request, 0..<20),
            ("method.request.body.a[", .request, 21..<22), ("method.request.body.x", .gatewayResponse, 15..<19),
            ("context..x", .request, 0..<10),
            ("method.request.multivalueheader.x", .gatewayResponse, 15..<31),
            ("integration.response.path.x", .response, 21..<25),
        ])
    func problems(text: String, side: MappingSide, range: Range<Int>) {
        guard case .failure(let problem) = MappingExpression.parse(text, side: side) else {
            Issue.record("'\(text)' is taken")
            return
        }
        #expect(problem.range == range)
        #expect(!problem.message.isEmpty && problem.message.first?.isUppercase == false && problem.message.last != ".")
    }

    @Test(
        "A typing error gets a suggestion",
        arguments: [
            ("method.request.headers.X", "did you mean 'header'?"),
            ("method.request.query.X", "did you mean 'querystring'?"),
            ("method.request.queryString.X", "did you mean 'querystring'?"),
        ])
    func suggestions(text: String, suggestion: String) {
        guard case .failure(let problem) = MappingExpression.parse(text, side: .request) else { return }
        #expect(problem.message.hasSuffix(suggestion))
    }

    @Test(
        "A destination is read and written back",
        arguments: [
            ("integration.request.header.X-Y", MappingSide.request, MappingDestination.integrationHeader("X-Y")),
            ("integration.request.querystring.q", .request, .integrationQueryString("q")),
            ("integration.request.path.p", .request, .integrationPath("p")),
            ("method.response.header.ETag", .response, .methodResponseHeader("ETag")),
            ("gatewayresponse.header.X", .gatewayResponse, .gatewayResponseHeader("X")),
            ("gatewayresponse.path.X", .gatewayResponse, .gatewayResponsePath("X")),
        ])
    func destinations(text: String, side: MappingSide, destination: MappingDestination) throws {
        #expect(try MappingDestination.parse(text, side: side).get() == destination)
        #expect(destination.description == text && destination.side == side)
        var writer = ByteWriter()
        destination.encode(into: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try MappingDestination(from: &reader) == destination)
    }

    @Test(
        "A destination of another side or without a name is a problem",
        arguments: [
            ("method.response.header.X", MappingSide.request), ("integration.request.header.X", .response),
            ("integration.request.header", .request),
            ("integration.request.body.X", .request), ("method.response.querystring.X", .response),
            ("gatewayresponse.header.", .gatewayResponse), ("", .request),
        ])
    func badDestinations(text: String, side: MappingSide) {
        #expect(throws: MappingProblem.self) { try MappingDestination.parse(text, side: side).get() }
    }

    @Test("Expressions survive the snapshot, and a damaged one is refused")
    func roundTrip() throws {
        let texts = [
            "method.request.path.id", "method.request.body", "method.request.body.a[*].b",
            "integration.response.body.x", "'v'", "context.a.b",
        ]
        var writer = ByteWriter()
        var expressions: [MappingExpression] = []
        for text in texts {
            let side: MappingSide = text.hasPrefix("integration") ? .response : .request
            let expression = try MappingExpression.parse(text, side: side).get()
            expression.encode(into: &writer)
            expressions.append(expression)
        }
        var reader = ByteReader(writer.bytes)
        for expression in expressions { #expect(try MappingExpression(from: &reader) == expression) }
        #expect(reader.isAtEnd)
        var damaged = ByteReader([0, 3, 0, 0, 0, 0x61, 0x62, 0x63])
        #expect(throws: ProgramDecodingError.self) { try MappingExpression(from: &damaged) }
    }
}
