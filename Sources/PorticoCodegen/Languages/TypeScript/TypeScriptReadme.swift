/// Prints the README of a client.
struct TypeScriptReadme {
    let model: ClientModel
    let symbols: TypeScriptSymbols
    let header: String
    let package: String

    /// The file.
    func file() -> GeneratedFile {
        var printer = CodePrinter(indent: "  ")
        printer.line("<!-- \(header.replacingMarkup) -->")
        printer.line()
        printer.line("# \(Self.heading(model.title, or: package))")
        printer.line()
        if let documentation = model.documentation {
            printer.lines(DocumentationText.lines(documentation).map(\.replacingMarkup))
            printer.line()
        }
        printer.line("A client for Node 18 and later, Deno, Bun and browsers, without dependencies.")
        install(&printer)
        create(&printer)
        if let socket = model.socket, let names = symbols.socket {
            connections(socket, names, &printer)
            errors(&printer)
            values(&printer)
            messages(socket, names, &printer)
            return GeneratedFile(path: "README.md", text: printer.text)
        }
        errors(&printer)
        repetition(&printer)
        if model.operations.contains(where: { $0.pagination != nil }) { paging(&printer) }
        values(&printer)
        operations(&printer)
        return GeneratedFile(path: "README.md", text: printer.text)
    }

    private static func heading(_ text: String, or other: String) -> String {
        let line = DocumentationText.lines(text, width: .max).joined(separator: " ")
        return line.isEmpty ? other : line.replacingMarkup
    }

    private func code(_ printer: inout CodePrinter, _ lines: [String]) {
        printer.line()
        printer.line("```ts")
        printer.lines(lines)
        printer.line("```")
    }

    private func section(_ title: String, _ printer: inout CodePrinter) {
        printer.line()
        printer.line("## \(title)")
        printer.line()
    }

    // MARK: Sections

    private func install(_ printer: inout CodePrinter) {
        section("Install", &printer)
        printer.line("The folder is a package that is ready to be used: `npm install ./path/to/this/folder`.")
        printer.line("`dist` has the scripts and declarations, `src` the sources that they are made of.")
    }

    private func create(_ printer: inout CodePrinter) {
        section("Create a client", &printer)
        printer.line("Without an endpoint the client calls `\(model.defaultBaseURL.replacingMarkup)`.")
        let options = self.options()
        var lines = ["import { \(symbols.client) } from \(TypeScriptExpression.literal(package));", ""]
        if options.isEmpty {
            lines.append("const client = new \(symbols.client)();")
        } else {
            lines.append("const client = new \(symbols.client)({")
            for option in options { lines.append("  \(option.code), // \(option.why)") }
            lines.append("});")
        }
        code(&printer, lines)
        printer.line()
        printer.line("The endpoint is a base URL, a stage of an API, or a custom domain name:")
        let stage = TypeScriptExpression.literal(model.stages.first ?? "prod")
        let id = TypeScriptExpression.literal(model.apiID)
        code(
            &printer,
            [
                "new \(symbols.client)({ endpoint: \(TypeScriptExpression.literal(model.defaultBaseURL)) });",
                "new \(symbols.client)({ endpoint: { apiId: \(id), region: \"us-east-1\", stage: \(stage) } });",
                "new \(symbols.client)({ endpoint: { domain: \"api.example.com\", basePath: \"v1\" } });",
            ])
        printer.line()
        printer.line("Tokens and credentials may also be functions, which are called for each attempt.")
        printer.line("A client holds no state of calls: make one and share it.")
    }

    private var calls: [Operation] { model.operations + (model.socket.map { [$0.connect] } ?? []) }

    private func connections(
        _ socket: Socket, _ names: TypeScriptSymbols.SocketSymbols, _ printer: inout CodePrinter
    ) {
        section("Connections", &printer)
        let samples = TypeScriptSamples(model, symbols)
        var lines = statement(
            "const socket = await client.\(names.connect.method)", samples.arguments(socket.connect, names.connect), ";"
        )
        if let (route, name) = zip(socket.routes, names.routes).first(where: { !$0.0.isDeprecated }) {
            lines += statement("socket.\(name)", samples.message(route), ";")
        }
        lines += ["for await (const message of socket) {", "  console.log(message.value, message.text);", "}"]
        code(&printer, lines)
        printer.line()
        printer.lines([
            "Everything that comes is one stream of messages: answers of routes carry nothing that tells which message",
            "they answer. `value` is `{ kind, value }`; JSON of no known type, and text that is no JSON, have the kind",
            "`\"unknown\"`. `text` is what came, `data` the bytes of a binary message.",
            "",
            "- `receive(timeoutMs)` gives the next message. Iterating ends when the client closes the connection, or the",
            "  server with 1000; else with a `ConnectionClosedError`, which has `code` and `reason`.",
            "- A lost connection (1001, 1005, 1006, 1011 to 1014) is opened again by itself, after a random wait that",
            "  grows, up to 10 times in a row (`maxReconnects`; `reconnect: false` turns it off). `onReconnect` is called",
            "  then: the server knows nothing of the connection before. Sending throws a `TransportError` meanwhile.",
            "- Options are the last argument of `\(names.connect.method)`: `protocols`, `headers`, `timeoutMs`, `signal`,",
            "  `maxMessageBytes` and so on. `webSocket` makes the connection instead of the global `WebSocket`, which",
            "  Node has from version 22 on.",
            "- Browsers send no headers with a WebSocket. A signature goes into the address there; what else needs a header",
            "  is an `OptionError`. The global `WebSocket` does not tell why a server refused a connection, and cannot ping;",
            "  it sends a message in one frame, and API Gateway closes with 1009 what has more than 32 KB.",
        ])
    }

    private func messages(
        _ socket: Socket, _ names: TypeScriptSymbols.SocketSymbols, _ printer: inout CodePrinter
    ) {
        section("Messages", &printer)
        let samples = TypeScriptSamples(model, symbols)
        var types = TypeScriptTypes(model, symbols)
        for (index, (route, name)) in zip(socket.routes, names.routes).enumerated() {
            if index > 0 { printer.line() }
            printer.line("### \(name)")
            printer.line()
            let target = route.routeKey.map { "route `\($0.replacingMarkup)`" } ?? "the default route"
            let answer = route.answer.map { " with `\(types.text($0))`" } ?? ""
            printer.line("Goes to \(target)\(route.isTwoWay ? ", and is answered\(answer)" : "").")
            if let text = DocumentationText.joined(route.summary, route.documentation) {
                printer.line()
                printer.lines(DocumentationText.lines(text).map(\.replacingMarkup))
            }
            let open = statement(
                "const socket = await client.\(names.connect.method)",
                samples.arguments(socket.connect, names.connect), ";")
            code(&printer, open + statement("socket.\(name)", samples.message(route), ";"))
        }
    }

    /// The options that operations of this API need, each once.
    private func options() -> [(code: String, why: String)] {
        var options: [(code: String, why: String)] = []
        func add(_ code: String, _ why: String) {
            if !options.contains(where: { $0.code == code }) { options.append((code, why)) }
        }
        for security in calls.map(\.security) {
            if security.needsAPIKey { add("apiKey: \"your key\"", "sent as x-api-key") }
            switch security.identity {
            case .none: break
            case .sigV4:
                add(
                    "credentials: { accessKeyId: \"AKIA...\", secretAccessKey: \"...\" }",
                    "from AWS_ACCESS_KEY_ID and so on unless given")
                add("region: \"us-east-1\"", "from the endpoint or AWS_REGION unless given")
            case .token, .bearer: add("token: \"your token\"", "or a function that gives one")
            case .basic: add("basic: { user: \"ada\", password: \"...\" }", "RFC 7617")
            case .key: break
            }
        }
        let keys = calls.compactMap { operation -> String? in
            if case .key(let name, _) = operation.security.identity { return name }
            return nil
        }
        if !keys.isEmpty {
            var seen: Set<String> = []
            let members = keys.filter { seen.insert($0).inserted }
                .map { (key: $0, value: TypeScriptExpression.text("your key")) }
            add("keys: \(TypeScriptExpression.object(members).inline)", "by the name that carries each")
        }
        return options
    }

    private func errors(_ printer: inout CodePrinter) {
        section("Errors", &printer)
        printer.lines([
            "Every error is a `SDKError`:",
            "",
            "- `OptionError`: an option or argument is missing or cannot be sent; nothing was sent.",
            "- `TransportError`, `TimeoutError`: there was no answer, or not in time.",
            "- `DecodingError`: the answer is not what the API's description says; `path` tells where.",
            "- `ResponseError`: the status is not 2xx. It has `status`, `requestId`, `errorType`, `serviceMessage`,",
            "  `headers` and `bytes`. Below it are `GatewayError`, for answers that the gateway made itself, and a class",
            "  for each error that the API declares, with its decoded `body`:",
        ])
        for (error, name) in zip(model.errors, symbols.errors) {
            printer.line("  - `\(name)`: \(error.status.map { "status \($0)" } ?? "every other status")")
        }
        printer.line()
        printer.line("A call that is cancelled by its `signal` rejects with the reason of the signal.")
    }

    private func repetition(_ printer: inout CodePrinter) {
        section("Repetition and time", &printer)
        printer.lines([
            "Calls whose repetition does no harm are repeated up to 3 times (`maxRetries`) after a broken connection, a",
            "timeout, or the statuses 429, 500, 502, 503 and 504; all others after 429 only, unless the call has an",
            "`idempotencyKey`. `timeoutMs` limits an attempt, `deadlineMs` the whole call.",
        ])
        guard let index = model.operations.indices.first(where: { model.operations[$0].verb != "ANY" }) else { return }
        let names = symbols.operations[index]
        let samples = TypeScriptSamples(model, symbols)
        var arguments = samples.arguments(model.operations[index], names)
        if arguments.isEmpty, names.request != nil { arguments.append(.object([])) }
        arguments.append(
            .object([("timeoutMs", .number("5000")), ("maxRetries", .number("1"))]))
        code(
            &printer,
            statement(
                "const { value, status, requestId } = await client.\(names.method)", arguments, ".withResponse();"))
    }

    private func paging(_ printer: inout CodePrinter) {
        section("Pages", &printer)
        printer.line("Lists that come in pages have a method that gives all items, and, by `pages()`, the pages.")
        printer.line("It stops with a `PagingError` when the service gives the same token twice in a row.")
    }

    private func values(_ printer: inout CodePrinter) {
        section("Values", &printer)
        printer.lines([
            "Properties have their names in JSON. Whole numbers of 64 bits are `bigint`, points in time `Date`, bytes",
            "`Uint8Array`. A value of several types is `{ kind, value }`; of a type that this client does not know,",
            "`kind` is `\"unknown\"` and `value` the JSON, which is sent as it came. Enumerations may have other values",
            "than the known ones. A property that is left out is not sent; `null` is.",
        ])
    }

    private func operations(_ printer: inout CodePrinter) {
        section("Operations", &printer)
        let samples = TypeScriptSamples(model, symbols)
        var isFirst = true
        for (operation, names) in zip(model.operations, symbols.operations) {
            if !isFirst { printer.line() }
            isFirst = false
            printer.line("### \(names.method)")
            printer.line()
            printer.line("`\(operation.verb) \(operation.pathText.replacingMarkup)`")
            if let text = DocumentationText.joined(operation.summary, operation.documentation) {
                printer.line()
                printer.lines(DocumentationText.lines(text).map(\.replacingMarkup))
            }
            let arguments = samples.arguments(operation, names)
            let target = operation.output == .none ? "await client." : "const result = await client."
            code(&printer, statement(target + names.method, arguments, ";"))
            if let stream = names.stream {
                let call = statement("const response = await client.\(stream)", arguments, ";")
                code(
                    &printer,
                    call + ["for await (const chunk of response) {", "  console.log(chunk.length);", "}"])
            }
            if let pages = names.pages {
                let loop = statement("for await (const item of client.\(pages)", arguments, ") {")
                code(&printer, loop + ["  console.log(item);", "}"])
            }
        }
    }

    private func statement(_ head: String, _ arguments: [TypeScriptExpression], _ tail: String) -> [String] {
        var lines = TypeScriptExpression.call(head, arguments).lines(
            first: TypeScriptPrinter.width - tail.utf8.count, rest: TypeScriptPrinter.width)
        lines[lines.count - 1] += tail
        return lines
    }
}

extension String {
    /// Text of a spec for Markdown: it can neither begin HTML or a comment nor end a code span.
    fileprivate var replacingMarkup: String {
        var text = ""
        for character in unicodeScalars {
            switch character {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "`": text += "'"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
