/// `README.md`: how the client is used, with a sample of each operation.
struct JavaReadme {
    private let types: JavaTypes
    private let operations: JavaOperations
    private let samples: JavaSamples
    private let options: SDKOptions
    private var model: ClientModel { types.model }
    private var symbols: JavaSymbols { types.symbols }

    init(types: JavaTypes, options: SDKOptions) {
        self.types = types
        self.options = options
        operations = JavaOperations(types: types)
        samples = JavaSamples(types: types)
    }

    /// The text of the file.
    func text() -> String {
        var page = Markdown()
        page.comment(String(JavaPrinter.header(model).dropFirst(3)))
        page.heading(1, Markdown.escaped(model.title))
        if let documentation = model.documentation { page.paragraph(Markdown.escaped(documentation)) }
        page.paragraph(
            "A client for Java 11 and later, with blocking methods and methods that give a `CompletableFuture`, without dependencies."
        )
        install(&page)
        addresses(&page)
        identities(&page)
        if let socket = model.socket {
            connections(socket, &page)
            errors(&page)
            return page.text
        }
        calls(&page)
        responses(&page)
        paging(&page)
        errors(&page)
        time(&page)
        page.heading(2, "Operations")
        page.paragraph("A sample stands in a method, and its imports above the class. A program with the first one:")
        page.code("java", program())
        for index in model.operations.indices { operation(index, &page) }
        return page.text
    }

    private func snippet(_ body: (inout JavaPrinter) -> Void) -> String {
        var printer = JavaPrinter(package: "")
        body(&printer)
        return printer.snippet
    }

    /// A whole program that makes a client and calls the first operation.
    private func program() -> String {
        snippet { printer in
            printer.type(.init(nil), "public class FirstCall") { printer in
                let main = JavaPrinter.Method(
                    modifiers: ["public", "static"], result: .void, name: "main",
                    parameters: [.init(name: "arguments", type: JavaType("String[]"))])
                printer.method(main) { printer in
                    let client = JavaExpression.type(symbols.client).call("builder").call("build")
                    printer.declare(symbols.client, "client", client)
                    if !model.operations.isEmpty { call(0, &printer) }
                }
            }
        }
    }

    private func install(_ page: inout Markdown) {
        page.heading(2, "Install")
        page.paragraph("Install it in the local Maven repository, and depend on it:")
        page.code("sh", "mvn install\n")
        page.code("xml", JavaManifest.dependency(model, symbols, options))
    }

    private func addresses(_ page: inout Markdown) {
        page.heading(2, "Create a client")
        let client = symbols.client
        let builder = JavaExpression.type(client).call("builder")
        let forms: [(String, JavaExpression)] = [
            ("At \(model.defaultBaseURL)", builder),
            ("At any address", builder.call("baseUrl", [.string("https://example.com/prod")])),
            (
                "At a stage in AWS",
                builder.call(
                    "api", [.string(model.apiID), .string("us-east-1"), .string(model.stages.first ?? "prod")])
            ),
            ("Behind a custom domain name", builder.call("domain", [.string("api.example.com"), .string("v1")])),
        ]
        for (text, form) in forms {
            page.paragraph(Markdown.escaped(text) + ":")
            page.code("java", snippet { $0.declare(client, "client", form.call("build")) })
        }
        page.paragraph(
            "A client is immutable, keeps connections, and is safe for use by many threads: make one and share it.")
    }

    private func identities(_ page: inout Markdown) {
        var lines: [String] = []
        func add(_ line: String) { if !lines.contains(line) { lines.append(line) } }
        for operation in model.operations {
            if operation.security.needsAPIKey { add("`apiKey(\"...\")`: the API key, sent as `x-api-key`.") }
            switch operation.security.identity {
            case .none: break
            case .sigV4:
                add(
                    "`credentials(Credentials.of(...))`, or a provider that is asked for each attempt; else the"
                        + " environment's `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.")
                add("`region(\"...\")`: the region to sign for, unless the address tells it.")
            case .token, .bearer:
                add(
                    "`token(\"...\")`, or a provider that is asked for each attempt:"
                        + " `token(Provider.calling(() -> load()))`.")
            case .basic: add("`basic(\"user\", \"password\")`")
            case .key(let name, _):
                let literal = Markdown.codeText(JavaLiteral.string(name))
                add("`key(\(literal), \"...\")`")
            }
        }
        guard !lines.isEmpty else { return }
        page.heading(2, "Who is calling")
        page.paragraph("Operations of this API need some of these options of the builder:")
        page.list(lines)
    }

    private func connections(_ socket: Socket, _ page: inout Markdown) {
        let index = model.operations.count - 1
        let name = symbols.socketClass
        func open(_ printer: inout JavaPrinter) {
            let arguments = operations.arguments(index).filter(\.isRequired).map { samples.flat(samples.sample($0)) }
            printer.declare(name, "socket", JavaExpression.name("client").call(symbols.calls[index].method, arguments))
        }
        page.heading(2, "Connections")
        page.code(
            "java",
            snippet { printer in
                open(&printer)
                let message = symbols.runtime("SocketMessage", [types.type(socket.incoming.type)])
                printer.declare(message, "message", JavaExpression.name("socket").call("receive"))
                printer.statement(JavaExpression.name("socket").call("close"))
            })
        page.paragraph(
            "Everything that comes is one stream of messages: answers of routes carry nothing that tells which message they answer. `value()` is one of the types of `\(types.type(socket.incoming.type).text)`, or unknown JSON; text that is no JSON is kept as a JSON string. `text()` is what came."
        )
        page.list([
            "`for (var message : socket)` ends when the client closes the connection, or the server with 1000; else with a `ConnectionClosedException`. `receive()` waits for one message, `receive(limit)` for a time, `receiveAsync()` gives a future.",
            "One thread receives; any may send, `ping()` and `close()`. Methods that end in `Async` give a future.",
            "A lost connection (1001, 1005, 1006, 1011 to 1014) is opened again by whoever receives, after a random wait that grows, up to `maxReconnects` times in a row (10). The hook of `onReconnect` is called then: the server knows nothing of the connection before. What was not sent is not sent again.",
            "`SocketOptions.builder()` has subprotocols, headers, limits and the interval of pings; options are the last argument of `\(symbols.calls[index].method)`.",
        ])
        page.heading(2, "Messages")
        for (route, method) in zip(socket.routes, symbols.routes) {
            page.heading(3, "`\(method)`")
            let summary = DocumentationText.joined(
                route.summary, route.documentation, route.isDeprecated ? "Deprecated." : nil)
            if let summary { page.paragraph(Markdown.escaped(summary)) }
            let target = route.routeKey.map { "route `\(Markdown.codeText($0))`" } ?? "the default route"
            let answer = route.answer.map { " with `\(types.type($0).text)`" } ?? ""
            page.paragraph("Goes to \(target)\(route.isTwoWay ? ", and is answered\(answer)" : "").")
            page.code(
                "java",
                snippet { printer in
                    open(&printer)
                    let message =
                        route.isMessageRequired
                        ? [samples.flat(samples.message(route))] : [JavaExpression]()
                    printer.statement(JavaExpression.name("socket").call(method, message))
                })
        }
    }

    private func calls(_ page: inout Markdown) {
        page.heading(2, "Calls")
        page.paragraph(
            "Each operation has a method that waits, and one that ends in `Async` and gives a `CompletableFuture`. Interrupting the thread, or cancelling the future, cancels the call. (Before Java 16 the HTTP client lets a request that nobody waits for run until its timeout.) Wrong arguments are told at once by both."
        )
        if let index = symbols.calls.indices.first(where: { symbols.calls[$0].request != nil }) {
            page.paragraph("Optional parameters are given with a request:")
            page.code("java", snippet { call(index, isFull: true, &$0) })
        }
        if model.operations.contains(where: { $0.output == .binary }) {
            page.paragraph("Methods that end in `Stream` give a body as it comes. Close the stream.")
        }
        page.paragraph("What a call does in another way than its client is told by `with`:")
        let options = JavaExpression.type(symbols.runtime("CallOptions")).call("builder").call(
            "idempotencyKey", [.string("order-1")]
        ).call("build")
        page.code(
            "java",
            snippet { $0.declare(symbols.client, "once", JavaExpression.name("client").call("with", [options])) })
    }

    private func responses(_ page: inout Markdown) {
        page.heading(2, "Status and headers")
        page.paragraph(
            "`raw()` has the same methods, which give a `Response` with status, headers, request id and bytes:")
        page.code("java", snippet { call(0, isRaw: true, &$0) })
    }

    private func paging(_ page: inout Markdown) {
        guard let index = model.operations.indices.first(where: { model.operations[$0].pagination != nil }) else {
            return
        }
        page.heading(2, "Pages")
        page.paragraph(
            "Methods that end in `Pages` fetch pages while they are iterated; `items()` are the items of all pages, `itemStream()` the same as a stream, `forEachAsync` waits without a thread."
        )
        page.code("java", snippet { call(index, suffix: "Pages", &$0) })
    }

    private func errors(_ page: inout Markdown) {
        page.heading(2, "Errors")
        page.paragraph("Calls throw `SdkException`, unchecked, or a class below it:")
        page.list(
            [
                "`InvalidArgumentException`: nothing was sent; an argument is wrong, or the client lacks an option.",
                "`TransportException`: there was no connection, or it broke.",
                "`CallTimeoutException`: an attempt, or the call, took too long.",
                "`DecodingException`: the answer is not what the API says, with the path to it.",
                "`PagingException`: the service gave the same page token twice.",
                "`ResponseException`: any status that is not 2xx, with `status()`, `headers()`, `requestId()`, `errorType()`, `serviceMessage()` and `response()`.",
                "`GatewayException`: a `ResponseException` of the gateway itself.",
            ] + symbols.errors.map { "`\($0.name)`: a `ResponseException` that the API declares." })
    }

    private func time(_ page: inout Markdown) {
        page.heading(2, "Time and retries")
        page.paragraph(
            "An attempt may take 30 seconds (`attemptTimeout`), a call as long as it wants unless `deadline` is set. Up to `maxRetries` = 3 times a call is tried again: after failures of the transport, timeouts, and the statuses 429, 500, 502, 503 and 504. Calls that are not idempotent are tried again after 429 only, unless they have an idempotency key. `Retry-After` is waited for, up to a minute."
        )
        page.paragraph("`beforeAttempt` and `afterAttempt` of the builder take functions that see each attempt.")
    }

    private func operation(_ index: Int, _ page: inout Markdown) {
        let operation = model.operations[index]
        page.heading(3, "`\(symbols.calls[index].method)`")
        let summary = DocumentationText.joined(operation.summary, operation.isDeprecated ? "Deprecated." : nil)
        if let summary { page.paragraph(Markdown.escaped(summary)) }
        page.paragraph("`\(operation.verb) \(Markdown.codeText(operation.pathText))`")
        page.code("java", snippet { call(index, &$0) })
    }

    /// Statements that call an operation.
    private func call(
        _ index: Int, suffix: String = "", isRaw: Bool = false, isFull: Bool = false, _ printer: inout JavaPrinter
    ) {
        let operation = model.operations[index]
        let symbol = symbols.calls[index]
        var arguments = operation.verb == "ANY" ? [JavaExpression.string("GET")] : []
        var given = operations.arguments(index).filter(\.isRequired)
        if isFull { given += operations.arguments(index).filter { !$0.isRequired && !$0.isDeprecated }.prefix(3) }
        if let request = symbol.request, isFull || operations.positional(index) == nil {
            let calls = given.map { JavaExpression.call($0.name, [samples.flat(samples.sample($0))]) }
            printer.declare(
                request, "request", JavaExpression.type(request).call("builder"), chain: calls + [.call("build")])
            arguments.append(.name("request"))
        } else {
            for argument in given {
                guard case .builder(let type, let calls) = samples.sample(argument) else {
                    arguments.append(samples.flat(samples.sample(argument)))
                    continue
                }
                printer.declare(
                    type, argument.name, JavaExpression.type(type).call("builder"),
                    chain: calls.map { .call($0.name, [samples.flat($0.value)]) } + [.call("build")])
                arguments.append(.name(argument.name))
            }
        }
        let client = JavaExpression.name("client")
        let call = (isRaw ? client.call("raw") : client).call(symbol.method + suffix, arguments)
        var result = operations.result(operation.output)
        if suffix == "Pages", let pagination = operation.pagination {
            result = symbols.runtime("Pages", [result, types.type(pagination.itemType)])
        }
        if isRaw { result = symbols.runtime("Response", [result]) }
        if result == .void { printer.statement(call) } else { printer.declare(result, "result", call) }
    }
}
