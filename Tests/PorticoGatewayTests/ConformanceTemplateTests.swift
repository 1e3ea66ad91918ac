import PorticoTestSupport
import Testing

/// Source: reference, "Template choice and passthrough" (4.3) and the overrides of "Parameter mapping expressions" (4.2).
@Suite("Conformance: template choice, passthrough and overrides")
struct ConformanceTemplateTests {
    private static func choice(_ path: String, _ behaviour: String, _ templates: String, _ backend: Backend)
        -> SpecOperation
    {
        SpecOperation(
            "POST \(path)",
            backendIntegration(
                "http", "POST", "http://\(backend.authority)/in",
                "passthroughBehavior: \(behaviour), requestTemplates: \(templates)"))
    }

    @Test("The content type chooses the request template, the passthrough behaviour decides without one")
    func matrix() async throws {
        let backend = try Backend()
        let behaviours = ["when_no_match", "when_no_templates", "never"]
        let templates = "{application/json: 'templated', text/plain: 'plain $input.body'}"
        var operations: [SpecOperation] = []
        for behaviour in behaviours {
            operations.append(Self.choice("/some/\(behaviour)", behaviour, templates, backend))
            operations.append(Self.choice("/none/\(behaviour)", behaviour, "{}", backend))
            operations.append(Self.choice("/any/\(behaviour)", behaviour, "{$default: 'default'}", backend))
        }
        let refused = message("Unsupported Media Type")
        let refusedHeaders: [(String, String?)] = [("x-amzn-ErrorType", "BadRequestException")]
        func row(_ name: String, _ path: String, _ type: String?, _ body: String?) -> ConformanceRow {
            ConformanceRow(
                "4.3", "\(name): \(path) with \(type ?? "no content type")", "POST /dev\(path)",
                headers: type.map { [("Content-Type", $0)] } ?? [], body: "<body>", body == nil ? 415 : 200,
                body == nil ? refused : nil, shows: body == nil ? refusedHeaders : [],
                sent: body.map { SentRequest("POST /in", body: $0) } ?? .notCalled)
        }
        var rows: [ConformanceRow] = []
        for behaviour in behaviours {
            rows.append(row("a template matches", "/some/\(behaviour)", "application/json", "templated"))
            rows.append(
                row(
                    "parameters of the type do not count", "/some/\(behaviour)", "text/plain; charset=x", "plain <body>"
                ))
            rows.append(row("case does not count", "/some/\(behaviour)", "Application/JSON", "templated"))
            rows.append(row("no content type is JSON", "/some/\(behaviour)", nil, "templated"))
            rows.append(row("$default", "/any/\(behaviour)", "image/png", "default"))
            rows.append(row("$default", "/any/\(behaviour)", nil, "default"))
        }
        rows += [
            row("no template matches", "/some/when_no_match", "text/xml", "<body>"),
            row("no template matches", "/some/when_no_templates", "text/xml", nil),
            row("no template matches", "/some/never", "text/xml", nil),
            row("no templates", "/none/when_no_match", "text/xml", "<body>"),
            row("no templates", "/none/when_no_templates", "text/xml", "<body>"),
            row("no templates", "/none/never", "text/xml", nil),
            row("no templates", "/none/never", nil, nil),
        ]
        try await withGateway(spec(operations)) { check(rows, on: $0, backend: backend) }
        backend.stop()
    }

    @Test("A mock chooses its request template alike, and reads a body that passes like a template's result")
    func mocks() async throws {
        let behaviours = ["when_no_match", "when_no_templates", "never"]
        let templates: [(path: String, text: String)] = [
            ("json", "{application/json: '{\"statusCode\": 200}'}"),
            ("xml", "{application/xml: '{\"statusCode\": 200}'}"),
            ("none", "{}"), ("default", "{$default: '{\"statusCode\": 200}'}"), ("empty", "{application/json: ''}"),
        ]
        let operations = behaviours.flatMap { behaviour in
            templates.map { entry in
                SpecOperation(
                    "POST /\(entry.path)/\(behaviour)",
                    "{type: mock, passthroughBehavior: \(behaviour), requestTemplates: \(entry.text), "
                        + "responses: {default: \(response(200, "ok")), '201': \(response(201, "created"))}}",
                    statuses: [200, 201])
            }
        }
        let created = "{statusCode: 201}"
        func row(_ path: String, _ behaviour: String, _ body: String, _ status: Int) -> ConformanceRow {
            let texts = [
                200: "ok", 201: "created", 415: message("Unsupported Media Type"),
                500: message("Internal server error"),
            ]
            return ConformanceRow(
                "4.3", "\(path), \(behaviour), '\(body)'", "POST /dev/\(path)/\(behaviour)",
                headers: [("Content-Type", "application/json")], body: body, status, texts[status])
        }
        var rows: [ConformanceRow] = []
        for behaviour in behaviours {
            let isNever = behaviour == "never"
            rows += [
                row("json", behaviour, created, 200), row("default", behaviour, created, 200),
                row("xml", behaviour, created, behaviour == "when_no_match" ? 201 : 415),
                row("none", behaviour, created, isNever ? 415 : 201), row("none", behaviour, "", isNever ? 415 : 200),
                row("none", behaviour, "text", isNever ? 415 : 500),
                // An empty template is there and passes the body.
                row("empty", behaviour, created, 201), row("empty", behaviour, "", 200),
            ]
        }
        try await withGateway(spec(operations)) { check(rows, on: $0) }
    }

    @Test("The first type of Accept chooses the response template")
    func accept() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: "backend"))
        func templates(_ text: String) -> String {
            "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, "
                + "responses: {default: {statusCode: '200', responseTemplates: \(text)}}}"
        }
        let api = spec([
            SpecOperation(
                "GET /three", templates("{text/plain: 'plain', application/json: 'json', application/xml: 'xml'}")),
            SpecOperation("GET /no-json", templates("{text/plain: 'plain', application/xml: 'xml'}")),
            SpecOperation("GET /one", templates("{text/plain: 'plain'}")),
            SpecOperation(
                "GET /empty",
                backendIntegration(
                    "http", "GET", "http://\(backend.authority)/in",
                    responses: "{default: {statusCode: '200', responseTemplates: {application/json: ''}}}")),
            SpecOperation(
                "GET /partly",
                backendIntegration(
                    "http", "GET", "http://\(backend.authority)/in",
                    responses:
                        "{default: {statusCode: '200', responseTemplates: {application/json: 'json', text/plain: ''}}}"
                )),
        ])
        func row(_ name: String, _ path: String, _ accept: String?, _ text: String) -> ConformanceRow {
            ConformanceRow("4.3", name, "GET /dev\(path)", headers: accept.map { [("Accept", $0)] } ?? [], 200, text)
        }
        try await withGateway(api) { gateway in
            check(
                [
                    row("no Accept takes JSON", "/three", nil, "json"),
                    row("a hit", "/three", "application/xml", "xml"),
                    row("only the first type counts", "/three", "text/plain, application/xml", "plain"),
                    row("parameters do not count", "/three", "application/xml;q=0.9", "xml"),
                    row("no hit takes JSON", "/three", "image/png", "json"),
                    row("anything is no hit", "/three", "*/*", "json"),
                    row("without JSON the first", "/no-json", "image/png", "plain"),
                    row("without JSON and Accept the first", "/no-json", nil, "plain"),
                    row("a hit without JSON", "/no-json", "application/xml", "xml"),
                    row("the only one", "/one", "application/json", "plain"),
                    row("case does not count", "/three", "Application/XML", "xml"),
                    row("an empty template passes the body", "/empty", nil, "backend"),
                    row("an empty template is chosen like others", "/partly", "text/plain", "backend"),
                    row("and not when it is not", "/partly", nil, "json"),
                ], on: gateway)
        }
        backend.stop()
    }

    @Test("Templates that do not parse, and those that fail, answer 500")
    func broken() async throws {
        let api = spec([
            SpecOperation("GET /response", mock("#if($x) no end")),
            SpecOperation("GET /request", mock("x", request: "{\"statusCode\": 200} #if($x)")),
            SpecOperation("GET /fine", mock("fine")),
        ])
        let failure = message("Internal server error")
        try await withGateway(api, isLenient: true) { gateway in
            check(
                [
                    ConformanceRow("6.1", "a response template", "GET /dev/response", 500, failure),
                    ConformanceRow("6.1", "a request template", "GET /dev/request", 500, failure),
                    ConformanceRow("6.1", "a neighbour", "GET /dev/fine", 200, "fine"),
                ], on: gateway)
        }
        #expect(throws: TestSupportError.self) { _ = try TestGateway.compile(api) }
    }

    @Test("An override of a template wins over the mapping")
    func overrides() async throws {
        let backend = try Backend()
        let mapped = parameters(
            "requestParameters",
            [
                ("integration.request.header.X-One", "'mapped'"), ("integration.request.header.X-Two", "'mapped'"),
                ("integration.request.querystring.q", "'mapped'"), ("integration.request.path.p", "'mapped'"),
            ])
        let request = """
            #set($context.requestOverride.header['X-One'] = 'template')\
            #set($context.requestOverride.header['X-New'] = 'new')\
            #set($context.requestOverride.querystring.q = 'template')\
            #set($context.requestOverride.path.p = 'template')body
            """
        let responseText = """
            #set($context.responseOverride.status = 202)\
            #set($context.responseOverride.header['X-Out'] = 'template')\
            #set($context.responseOverride.header['X-More'] = 'more')done
            """
        let list = "#set($context.responseOverride.header['X-List'] = ['a', 'b'])list"
        let out = parameters(
            "responseParameters",
            [("method.response.header.X-Out", "'mapped'"), ("method.response.header.X-Kept", "'kept'")])
        let api = spec([
            SpecOperation(
                "POST /both",
                backendIntegration(
                    "http", "POST", "http://\(backend.authority)/a/{p}",
                    mapped + ", requestTemplates: {application/json: \(quoted(request))}",
                    responses: "{default: \(response(200, responseText, out))}")),
            SpecOperation("GET /list", mock(list)),
            SpecOperation("GET /bad-status", mock("#set($context.responseOverride.status = 'no')ok")),
            SpecOperation("GET /big-status", mock("#set($context.responseOverride.status = 600)ok")),
            SpecOperation("GET /split", mock("#set($context.responseOverride.header['X-A'] = \"a\r\nX-B: b\")ok")),
        ])
        try await withGateway(api) { gateway in
            check(
                [
                    ConformanceRow(
                        "4.2", "request and response", "POST /dev/both", 202, "done",
                        shows: [("X-Out", "template"), ("X-More", "more"), ("X-Kept", "kept")],
                        sent: SentRequest(
                            "POST /a/template?q=template",
                            headers: [("X-One", "template"), ("X-Two", "mapped"), ("X-New", "new")], body: "body")),
                    ConformanceRow("4.2", "a status that is no number", "GET /dev/bad-status", 200, "ok"),
                    ConformanceRow("4.2", "a status beyond 599", "GET /dev/big-status", 200, "ok"),
                    ConformanceRow(
                        "4.2", "no header can be smuggled in", "GET /dev/split", 200, "ok", shows: [("X-B", nil)]),
                ], on: gateway, backend: backend)
            let list = try gateway.request("GET", "/dev/list")
            #expect(list.values("X-List") == ["a", "b"])
        }
        backend.stop()
    }
}
