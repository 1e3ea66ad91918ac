import PorticoPrograms
import Testing

/// Keys and values of parameter mappings. Source: reference, 1.7.
@Suite("Parameter mapping of HTTP APIs")
struct ParameterValueTests {
    /// The pieces in words: text in quotes, sources by what they are.
    private static func describe(_ value: ParameterValue) -> String {
        value.pieces.map { piece in
            switch piece {
            case .literal(let text): return "'\(text)'"
            case .source(let source, _):
                switch source {
                case .header(let name): return "header \(name)"
                case .queryString(let name): return "query \(name)"
                case .body: return "body"
                case .bodyPath(let path): return "body at \(path.text)"
                case .path: return "path"
                case .pathParameter(let name): return "path \(name)"
                case .context(let name): return "context \(name)"
                case .stageVariable(let name): return "variable \(name)"
                case .responseHeader(let name): return "answer's header \(name)"
                case .responseBody: return "answer's body"
                case .responseBodyPath(let path): return "answer's body at \(path.text)"
                }
            }
        }.joined(separator: " + ")
    }

    @Test(
        "A value of a request is read",
        arguments: [
            ("", ""), ("text", "'text'"), ("''", "''''"), ("5$", "'5$'"), ("$5.00", "'$5.00'"), ("$", "'$'"),
            ("$request.header.X-A.b", "header X-A.b"), ("$request.querystring.q", "query q"),
            ("$request.body", "body"), ("$request.body.a[0].b", "body at $.a[0].b"), ("$request.path", "path"),
            ("$request.path.proxy", "path proxy"), ("$context.requestId", "context requestId"),
            ("$context.authorizer.claims.sub", "context authorizer.claims.sub"),
            ("$stageVariables.v", "variable v"), ("${request.path}", "path"),
            ("/base${request.path}?x", "'/base' + path + '?x'"),
            ("${request.header.a}-${context.apiId}", "header a + '-' + context apiId"),
            ("${stageVariables.a}${stageVariables.b}", "variable a + variable b"),
            ("{request.path}", "'{request.path}'"),
        ])
    func request(text: String, expected: String) throws {
        #expect(Self.describe(try ParameterValue.parse(text, side: .request).get()) == expected)
    }

    @Test(
        "A value of an answer is read",
        arguments: [
            ("403", "'403'"), ("$response.header.ETag", "answer's header ETag"), ("$response.body", "answer's body"),
            ("$response.body.x.y", "answer's body at $.x.y"), ("${context.requestId}!", "context requestId + '!'"),
        ])
    func response(text: String, expected: String) throws {
        #expect(Self.describe(try ParameterValue.parse(text, side: .response).get()) == expected)
    }

    @Test("What stands in braces or alone is a source; elsewhere it is text, and noticed")
    func stray() throws {
        let value = try ParameterValue.parse("id-$request.header.x", side: .request).get()
        #expect(value.constant == "id-$request.header.x")
        #expect(value.strayExpression == 3..<12)
        #expect(try ParameterValue.parse("costs $5", side: .request).get().strayExpression == nil)
    }

    @Test(
        "What is no value is a problem that names its place",
        arguments: [
            (
                "$request.headers.x", MappingSide.request,
                "unknown part of the request 'headers'; did you mean 'header'?", 9..<16
            ),
            ("$requst.header.x", .request, "unknown source 'requst'; did you mean 'request'?", 1..<7),
            ("$unknown", .request, "unknown source 'unknown'; expected one of request, context, stageVariables", 1..<8),
            ("$request.header", .request, "'request.header' lacks a name at its end", 1..<15),
            ("$request.header.", .request, "'request.header.' lacks a name at its end", 1..<16),
            (
                "$request", .request,
                "a part of the request is missing; expected one of header, querystring, body, path", 8..<8
            ),
            (
                "$request.method", .request,
                "unknown part of the request 'method'; expected one of header, querystring, body, path", 9..<15
            ),
            ("a${request.path", .request, "'${' without its '}'", 1..<15),
            ("${$request.path}", .request, "a source in braces is written without '$'", 2..<15),
            ("$request.body..x", .request, "recursive descent ('..') is not supported in parameter mappings", 14..<16),
            (
                "$request.body.a[?(@.b)]", .request, "filter expressions are not supported in parameter mappings",
                14..<23
            ),
            ("$request.body.", .request, "a JSONPath is missing after the last dot", 13..<14),
            ("$response.body", .request, "'$response' is not available before the backend has answered", 1..<14),
            ("$request.path", .response, "'$request' is not available to a response", 1..<13),
            ("$response.headr.x", .response, "unknown part of the response 'headr'; did you mean 'header'?", 10..<15),
            ("$request.header.a b", .request, "a blank or a quote cannot stand in a parameter's name", 17..<18),
            ("$context.a..b", .request, "malformed context variable 'a..b'", 1..<13),
        ])
    func problems(text: String, side: MappingSide, message: String, range: Range<Int>) {
        guard case .failure(let problem) = ParameterValue.parse(text, side: side) else {
            Issue.record("'\(text)' is read")
            return
        }
        #expect(problem.message == message)
        #expect(problem.range == range)
    }

    @Test(
        "A key is read",
        arguments: [
            (
                "append:header.X-A", MappingSide.request, ParameterDestination.Operation.append,
                ParameterDestination.Target.header("X-A")
            ),
            ("overwrite:header.a.b", .request, .overwrite, .header("a.b")),
            ("remove:header.a", .response, .remove, .header("a")),
            ("append:querystring.q", .request, .append, .queryString("q")),
            ("remove:querystring.Q[]", .request, .remove, .queryString("Q[]")),
            ("overwrite:path", .request, .overwrite, .path),
            ("overwrite:statuscode", .response, .overwrite, .statusCode),
        ])
    func keys(
        text: String, side: MappingSide, operation: ParameterDestination.Operation,
        target: ParameterDestination.Target
    ) throws {
        let key = try ParameterDestination.parse(text, side: side).get()
        #expect(key.operation == operation && key.target == target)
    }

    @Test(
        "What is no key is a problem",
        arguments: [
            ("header.x", MappingSide.request, "does not say what to do"),
            ("integration.request.header.x", .request, "does not say what to do"),
            ("apend:header.x", .request, "unknown operation 'apend'; did you mean 'append'?"),
            ("append:headr.x", .request, "unknown destination 'headr'; did you mean 'header'?"),
            (
                "append:querystring.x", .response,
                "unknown destination 'querystring'; expected one of header, statuscode"
            ),
            ("overwrite:path", .response, "unknown destination 'path'"),
            ("overwrite:statuscode", .request, "unknown destination 'statuscode'"),
            ("append:path", .request, "'path' can only be overwritten"),
            ("remove:statuscode", .response, "'statuscode' can only be overwritten"),
            ("overwrite:path.x", .request, "nothing can follow 'path'"), ("append:header", .request, "lacks a name"),
            ("append:header.a:b", .request, "'a:b' is no name of a header"), ("", .request, "does not say what to do"),
        ])
    func wrongKeys(text: String, side: MappingSide, message: String) {
        guard case .failure(let problem) = ParameterDestination.parse(text, side: side) else {
            Issue.record("'\(text)' is read")
            return
        }
        #expect(problem.message.contains(message), "\(problem.message)")
    }
}
