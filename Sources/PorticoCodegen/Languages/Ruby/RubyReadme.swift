/// Writes the guide: `README.md`.
struct RubyReadme {
    private let types: RubyTypes
    private let samples: RubySamples
    private var code = CodePrinter()

    private var model: ClientModel { types.model }
    private var symbols: RubySymbols { types.symbols }

    init(types: RubyTypes) {
        self.types = types
        samples = RubySamples(types)
    }

    /// The whole guide.
    func text(header: [String]) -> String {
        var readme = self
        readme.code.lines(header.map { "<!-- \($0.replacing("--", with: "- -")) -->" })
        readme.code.line()
        readme.write()
        return readme.code.text
    }

    private mutating func write() {
        let title = DocumentationText.lines(model.title, width: .max).joined(separator: " ")
        code.line("# \(title.isEmpty ? symbols.module : title)")
        paragraph(DocumentationText.lines(model.documentation ?? "", width: .max))
        paragraph(["A client in Ruby, 2.7 or later. It needs nothing but the standard library."])
        start()
        authorisation()
        if let socket = model.socket, let names = symbols.socket {
            connections(socket, names)
            messages(socket, names)
            errors()
            values()
            return
        }
        operations()
        errors()
        if model.operations.contains(where: { $0.pagination != nil }) { paging() }
        retries()
        values()
    }

    // MARK: Parts

    private mutating func start() {
        heading("Install")
        paragraph(["Put the folder beside your program and name it in the `Gemfile`:"])
        sample([.expression(.command("gem", [.string(symbols.gem)], [.init("path", .string("./" + symbols.gem))]))])
        heading("Create a client")
        sample([
            .expression(.command("require", [.string(symbols.gem)], [])),
            .assign("client", newClient(constructorOptions())),
        ])
        paragraph([
            "It calls `\(model.defaultBaseURL)` unless it is told another place, as in `base_url: \"https://api.example.com/v1\"`.",
            "`\(symbols.module)::Endpoint` makes addresses of AWS:",
        ])
        sample([
            .assign(
                "address",
                .call(
                    .name("\(symbols.module)::Endpoint"), "execute_api", [],
                    [
                        .init("api_id", .string("a1b2c3d4e5")), .init("region", .string("eu-central-1")),
                        .init("stage", .string(model.stages.first ?? "dev")),
                    ])),
            .assign("client", newClient([.init("base_url", .name("address"))] + constructorOptions())),
        ])
        paragraph([
            model.socket == nil
                ? "Threads may share a client; it keeps connections open for the next call."
                : "Threads may share a client. Addresses with `wss:` mean those with `https:`."
        ])
    }

    private func newClient(_ options: [RubyCall.Keyword]) -> RubyExpression {
        .call(.name("\(symbols.module)::Client"), "new", [], options)
    }

    /// The options that calls of this API need.
    private func constructorOptions() -> [RubyCall.Keyword] {
        var options: [RubyCall.Keyword] = []
        var keys: [(key: RubyExpression, value: RubyExpression)] = []
        if requests.contains(where: \.security.needsAPIKey) {
            options.append(.init("api_key", Self.environment("API_KEY")))
        }
        for identity in identities() {
            switch identity {
            case .none, .sigV4: break
            case .token, .bearer:
                if !options.contains(where: { $0.name == "token" }) {
                    options.append(.init("token", Self.environment("API_TOKEN")))
                }
            case .basic:
                options.append(.init("username", Self.environment("API_USER")))
                options.append(.init("password", Self.environment("API_PASSWORD")))
            case .key(let name, _): keys.append((key: .string(name), value: Self.environment("API_SECRET")))
            }
        }
        if !keys.isEmpty { options.append(.init("keys", .hash(keys))) }
        return options
    }

    private static func environment(_ name: String) -> RubyExpression { .call(.name("ENV"), "fetch", [.string(name)]) }

    /// Everything that is authorised.
    private var requests: [Operation] { model.operations + (model.socket.map { [$0.connect] } ?? []) }

    /// Ways of telling who is calling, in the order of their first use.
    private func identities() -> [OperationSecurity.Identity] {
        var seen: Set<OperationSecurity.Identity> = []
        return requests.map(\.security.identity).filter { seen.insert($0).inserted }
    }

    private mutating func authorisation() {
        var lines: [String] = []
        if requests.contains(where: \.security.needsAPIKey) {
            lines.append("- `api_key:` is sent as `x-api-key` to the operations that need one.")
        }
        for identity in identities() {
            switch identity {
            case .none: break
            case .sigV4:
                lines.append(
                    "- Signed calls take `credentials:`, a `\(symbols.module)::Credentials` or what can be called for one;"
                        + " without it, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`."
                        + " The region is that of the address, or `region:`, or `AWS_REGION`.")
            case .token(let header):
                lines.append("- `token:` is sent in `\(header)`: text, or what can be called for each attempt.")
            case .bearer:
                lines.append("- `token:` is sent as a bearer token: text, or what can be called for each attempt.")
            case .basic: lines.append("- `username:` and `password:` are sent as HTTP basic authentication.")
            case .key(let name, let inQuery):
                let place = inQuery ? "query parameter" : "header"
                lines.append("- `keys: { \(RubyText.literal(name)) => ... }` is sent in the \(place) of that name.")
            }
        }
        guard !lines.isEmpty else { return }
        heading("Who is calling")
        paragraph(lines)
        paragraph(["A call that needs what the client does not have raises `MissingOptionError`, and nothing is sent."])
    }

    private mutating func operations() {
        heading("Operations")
        paragraph([
            "Each takes keyword arguments and returns the decoded value.",
            "The same name with `_with_response` returns the whole answer: `status`, `headers`, `request_id`, `body` (bytes) and `value`.",
            "`options: { timeout: 5, deadline: 20, max_retries: 1, idempotency_key: \"...\", headers: { ... } }` is for one call.",
        ])
        for (operation, names) in zip(model.operations, symbols.operations) {
            code.line()
            code.line("### `\(names.method)`")
            let text = DocumentationText.joined(operation.summary, operation.documentation)
            paragraph(["`\(operation.verb) \(operation.pathText.filter { $0 != "`" })`"])
            if let text { paragraph(DocumentationText.lines(text, width: .max)) }
            if operation.isDeprecated { paragraph(["Deprecated."]) }
            sample(statements(operation, names))
        }
    }

    private func statements(_ operation: Operation, _ names: RubySymbols.OperationNames) -> [RubyStatement] {
        let call = call(names.method, operation, names)
        if operation.output == .none { return [.expression(call)] }
        var statements: [RubyStatement] = [
            .assign("result", call), .expression(.command("p", [.name("result")], [])),
        ]
        if operation.output == .binary {
            let write = RubyExpression.call(.name("$stdout"), "write", [.name("piece")])
            statements.append(
                .expression(self.call(names.method, operation, names, block: .giving(write, parameter: "piece"))))
        }
        if operation.pagination != nil {
            let put = RubyExpression.command("p", [.name("item")], [])
            statements.append(
                .expression(
                    .call(self.call(names.items, operation, names), "each", block: .giving(put, parameter: "item"))))
        }
        return statements
    }

    private func call(
        _ method: String, _ operation: Operation, _ names: RubySymbols.OperationNames, block: RubyBlock? = nil
    ) -> RubyExpression {
        var keywords = zip(operation.parameters, names.parameters).filter { $0.0.isRequired }.map { parameter, name in
            RubyCall.Keyword(name, samples.value(of: parameter.type.withoutNull, name: parameter.wireName))
        }
        // Pages take no body and no method.
        let isPage = method == names.items || method == names.pages
        if let body = operation.body, !isPage {
            switch body.kind {
            case .json(let type): keywords.append(.init("body", samples.value(of: type, name: "body")))
            case .text: keywords.append(.init("body", .string("hello")))
            case .binary: keywords.append(.init("body", .call(.string("hello"), "b")))
            }
        }
        return .call(
            .name("client"), method, operation.verb == "ANY" ? [.string("GET")] : [], keywords, block: block)
    }

    private mutating func connections(_ socket: Socket, _ names: RubySymbols.SocketNames) {
        heading("Connections")
        let first = zip(socket.routes, names.routes).first { !$0.0.isDeprecated }
        let receive = RubyExpression.call(
            .name("socket"), "each",
            block: .giving(.command("p", [.call(.name("message"), "value")], []), parameter: "message"))
        sample([
            .expression(
                connection(
                    socket, names,
                    (first.map { [.expression(send($0.0, $0.1))] } ?? []) + [.expression(receive)]))
        ])
        paragraph([
            "Everything that comes is one stream of messages: answers of routes carry nothing that tells which message they answer.",
            "`message.value` is one of `\(types.type(socket.incoming.type).comment)`; JSON that is none of them, and text that is no JSON, comes as `UnknownVariant`. `message.text` is what came.",
        ])
        paragraph([
            "- `receive(timeout: 5)` gives the next message. `each` ends when the connection is closed by the client, or by the server with 1000; else with `ConnectionClosedError`.",
            "- One thread receives; any may send, `ping` and `close`.",
            "- A lost connection (1001, 1005, 1006, 1011 to 1014) is opened again by whoever receives, after a random wait that grows, up to `max_reconnects:` times in a row. `on_reconnect:` is called with the socket then: the server knows nothing of the connection before. What was not sent is not sent again.",
            "- `options: { subprotocols: [...], reconnect: true, max_reconnects: 10, on_reconnect: ..., max_message_bytes: ..., ping_interval: ..., timeout: ..., headers: {...} }` goes into `\(names.connect.method)`.",
            "- `configure_http:` of the client says what certificates to use; proxies are not used.",
        ])
    }

    private mutating func messages(_ socket: Socket, _ names: RubySymbols.SocketNames) {
        heading("Messages")
        for (route, name) in zip(socket.routes, names.routes) {
            code.line()
            code.line("### `\(name)`")
            let text = DocumentationText.joined(
                route.summary, route.documentation, route.isDeprecated ? "Deprecated." : nil)
            if let text { paragraph(DocumentationText.lines(text, width: .max)) }
            let target = route.routeKey.map { "route `\($0.filter { $0 != "`" })`" } ?? "the default route"
            let answer =
                route.isTwoWay
                ? ", and is answered" + (route.answer.map { " with `\(types.type($0).comment)`" } ?? "") : ""
            paragraph(["Goes to \(DocumentationText.lines(target, width: .max).joined(separator: " "))\(answer)."])
            sample([.expression(connection(socket, names, [.expression(send(route, name))]))])
        }
    }

    private func connection(
        _ socket: Socket, _ names: RubySymbols.SocketNames, _ statements: [RubyStatement]
    ) -> RubyExpression {
        call(
            names.connect.method, socket.connect, names.connect,
            block: RubyBlock(parameter: "socket", statements: statements))
    }

    private func send(_ route: SocketRoute, _ name: String) -> RubyExpression {
        guard route.message == .json else {
            return .call(.name("socket"), name, [samples.value(of: route.message, name: "message")])
        }
        // A route's key needs an object.
        let isNeeded = route.isMessageRequired || route.routeKey == nil
        return .call(
            .name("socket"), name, isNeeded ? [.hash([(key: .string("text"), value: .string("hello"))])] : [])
    }

    private mutating func errors() {
        heading("Errors")
        let module = symbols.module
        paragraph([
            "All errors are a `\(module)::Error`:",
            "",
            "- `ResponseError`: an answer that is not 2xx, with `status`, `request_id`, `error_type`, `server_message`, `headers`, `raw_body`.",
            "  Below it: `GatewayError`, if the gateway answered itself, and the classes of `\(module)::Errors`, with their decoded `body`.",
            "- `TransportError` (no connection, or it broke; `cause` tells more) and `TimeoutError`.",
            "- `DecodingError`: an answer that is not what the API describes; `path` tells where.",
            "- `InvalidArgumentError` and, below it, `MissingOptionError`: nothing was sent.",
        ])
        if model.socket != nil {
            paragraph([
                "`ConnectionClosedError` says with `code` and `reason` how a connection ended that is not opened again."
            ])
        }
        guard !model.errors.isEmpty else { return }
        paragraph(
            ["| class | status |", "|---|---|"]
                + zip(model.errors, symbols.errors).map { error, name in
                    "| `Errors::\(name)` | \(error.status.map { String($0) } ?? "any other") |"
                })
    }

    private mutating func paging() {
        heading("Pages")
        paragraph([
            "Operations with pages have two more methods, which return an `Enumerator`: `_items` gives what is on the pages, `_pages` the pages.",
            "A page is asked for when it is needed, so `first(10)` asks for no more than it takes.",
        ])
    }

    private mutating func retries() {
        heading("Time and retries")
        paragraph([
            "An attempt may take `timeout:` seconds (30; for a download to a block, each piece of it), a call with all of its attempts `deadline:` seconds (no limit).",
            "Up to `max_retries:` (3) further attempts are made when there was no answer, or a status of 429, 500, 502, 503 or 504: for GET, HEAD, OPTIONS, PUT and DELETE, for calls with an `idempotency_key`, and after 429 for all.",
            "They wait as long as `Retry-After` says, else for a random time that doubles; a stream that cannot be read again is not sent again.",
            "`before_attempt:` and `after_attempt:` take what is called with each `\(symbols.module)::Attempt`; the first may change its headers.",
        ])
    }

    private mutating func values() {
        heading("Values")
        paragraph([
            "Objects do not change; `with(name: value)` makes a copy, `to_json` and `from_json` write and read them.",
            "What is absent reads as nil. Where null means something else, `absent?(:name)` tells them apart, and `\(symbols.module)::ABSENT` stands for the absent value.",
            "Values of enumerations are text; the constants are for convenience. A value of none of a union's types is an `UnknownVariant`.",
        ])
    }

    // MARK: Markdown

    private mutating func heading(_ text: String) {
        code.line()
        code.line("## \(text)")
    }

    private mutating func paragraph(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        code.line()
        code.lines(lines)
        // Text of the spec may open a block of code and not close it, which would take in all that follows.
        if !lines.count(where: { $0.hasPrefix("```") }).isMultiple(of: 2) { code.line("```") }
    }

    private mutating func sample(_ statements: [RubyStatement]) {
        code.line()
        code.line("```ruby")
        code.lines(RubyPrinter.lines(statements))
        code.line("```")
    }
}
