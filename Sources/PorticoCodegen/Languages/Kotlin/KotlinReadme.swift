/// `README.md`: how the client is used, with a program for each operation.
struct KotlinReadme {
    private let types: KotlinTypes
    private let operations: JavaOperations
    private let requests: KotlinRequests
    private let samples: KotlinSamples
    private let options: SDKOptions
    private var model: ClientModel { types.java.model }
    private var symbols: JavaSymbols { types.symbols }
    private var client: KotlinType { KotlinType(symbols.client) }

    init(types: KotlinTypes, options: SDKOptions) {
        self.types = types
        self.options = options
        operations = JavaOperations(types: types.java)
        requests = KotlinRequests(types: types)
        samples = KotlinSamples(types: types)
    }

    /// The text of the file.
    func text() -> String {
        var page = Markdown()
        page.comment(String(JavaPrinter.header(model).dropFirst(3)))
        page.heading(1, Markdown.escaped(model.title))
        if let documentation = model.documentation { page.paragraph(Markdown.escaped(documentation)) }
        page.paragraph(
            "A client for Kotlin on the JVM, Java 11 and later: suspending functions over classes in Java. It depends on nothing but Kotlin's standard library, and works with kotlinx.coroutines where that is present."
        )
        install(&page)
        addresses(&page)
        identities(&page)
        if let socket = model.socket {
            connections(socket, &page)
            values(&page)
            errors(&page)
            return page.text
        }
        calls(&page)
        values(&page)
        responses(&page)
        paging(&page)
        errors(&page)
        time(&page)
        page.heading(2, "Operations")
        for index in model.operations.indices { operation(index, &page) }
        return page.text
    }

    private func snippet(_ body: (inout KotlinPrinter) -> Void) -> String {
        var printer = KotlinPrinter(package: "")
        body(&printer)
        return printer.snippet
    }

    private func install(_ page: inout Markdown) {
        page.heading(2, "Install")
        page.paragraph("Install it in the local Maven repository, and depend on it:")
        page.code("sh", "gradle publishToMavenLocal\n")
        let dependency = KotlinLiteral.string(KotlinManifest.coordinates(model, symbols, options))
        page.code("kotlin", "dependencies {\n    implementation(\(dependency))\n}\n")
    }

    private func addresses(_ page: inout Markdown) {
        page.heading(2, "Create a client")
        let forms: [(String, [KotlinExpression])] = [
            ("At \(model.defaultBaseURL)", []),
            ("At any address", [.call("baseUrl", [.string("https://example.com/prod")])]),
            (
                "At a stage in AWS",
                [.call("api", [.string(model.apiID), .string("us-east-1"), .string(model.stages.first ?? "prod")])]
            ),
            ("Behind a custom domain name", [.call("domain", [.string("api.example.com"), .string("v1")])]),
        ]
        for (text, statements) in forms {
            page.paragraph(Markdown.escaped(text) + ":")
            page.code("kotlin", snippet { create(statements, &$0) })
        }
        page.paragraph(
            "A client is immutable, keeps connections, and is safe for concurrent use: make one and share it.")
    }

    private func create(_ statements: [KotlinExpression], _ printer: inout KotlinPrinter) {
        printer.declare("client", statements.isEmpty ? .new(client, []) : .configured(client, statements))
    }

    /// What a client needs for an operation that needs to know who is calling.
    private func identity(_ security: OperationSecurity) -> [KotlinExpression] {
        let dots = KotlinExpression.string("...")
        let identity: [KotlinExpression] =
            switch security.identity {
            case .none: []
            case .sigV4: [.call("region", [.string("us-east-1")])]
            case .token, .bearer: [.call("token", [dots])]
            case .basic: [.call("basic", [.string("user"), .string("password")])]
            case .key(let name, _): [.call("key", [.string(name), dots])]
            }
        return identity + (security.needsAPIKey ? [.call("apiKey", [dots])] : [])
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
                    "`credentials(Credentials.of(...))`, or `credentialsProvider { ... }`, which may suspend and is called for each"
                        + " attempt; else the environment's `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`."
                )
                add("`region(\"...\")`: the region to sign for, unless the address tells it.")
            case .token, .bearer:
                add("`token(\"...\")`, or `tokenProvider { ... }`, which may suspend and is called for each attempt.")
            case .basic: add("`basic(\"user\", \"password\")`")
            case .key(let name, _):
                let literal = Markdown.codeText(KotlinLiteral.string(name))
                add("`key(\(literal), \"...\")`")
            }
        }
        guard !lines.isEmpty else { return }
        page.heading(2, "Who is calling")
        page.paragraph(
            "Operations of this API need some of these options, which are functions within `\(client.name) { ... }`:")
        page.list(lines)
        page.paragraph("Functions in Kotlin among them are imported from `\(symbols.runtimePackage)`.")
    }

    private func connections(_ socket: Socket, _ page: inout Markdown) {
        let index = model.operations.count - 1
        func open(_ printer: inout KotlinPrinter) {
            create(identity(socket.connect.security), &printer)
            let given = arguments(index, false, &printer)
            printer.declare("socket", KotlinExpression.name("client").call(symbols.calls[index].method, given))
        }
        page.heading(2, "Connections")
        page.code(
            "kotlin",
            snippet { printer in
                printer.main { printer in
                    open(&printer)
                    printer.loop("message", in: .name("socket")) { printer in
                        printer.statement(.call("println", [KotlinExpression.name("message").call("text")]))
                    }
                    printer.statement(KotlinExpression.name("socket").call("close"))
                }
            })
        page.paragraph(
            "Everything that comes is one stream of messages: answers of routes carry nothing that tells which message they answer. `value()` is one of the types of `\(types.type(socket.incoming.type).text)`, or unknown JSON; text that is no JSON is kept as a JSON string. `text()` is what came."
        )
        page.list([
            "Iterating ends when the client closes the connection, or the server with 1000; else with a `ConnectionClosedException`. `receive()` waits for one message, `receive(limit)` for a time.",
            "One coroutine receives; any may send, `ping()` and `close()`.",
            "A lost connection (1001, 1005, 1006, 1011 to 1014) is opened again by whoever receives, after a random wait that grows, up to `maxReconnects` times in a row (10). `onReconnect { ... }` is called then: the server knows nothing of the connection before. What was not sent is not sent again.",
            "`SocketOptions.builder()` has subprotocols, headers, limits and the interval of pings; options are the argument `options` of `\(symbols.calls[index].method)`.",
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
                "kotlin",
                snippet { printer in
                    printer.main { printer in
                        open(&printer)
                        let message =
                            route.isMessageRequired
                            ? [samples.flat(samples.message(route))] : [KotlinExpression]()
                        printer.statement(KotlinExpression.name("socket").call(method, message))
                    }
                })
        }
    }

    private func calls(_ page: inout Markdown) {
        page.heading(2, "Calls")
        page.paragraph(
            "Each operation is a suspending function; optional parameters are `null` unless they are given by name. Cancelling a coroutine of kotlinx.coroutines cancels the request."
        )
        let optional = symbols.calls.indices.first { index in
            operations.arguments(index).contains { !$0.isRequired && !$0.isDeprecated }
        }
        if let optional { page.code("kotlin", snippet { program(optional, isFull: true, &$0) }) }
        if model.operations.contains(where: { $0.output == .binary }) {
            page.paragraph(
                "Functions that end in `Stream` give a body as it comes. Reading it blocks, so read it where that is fine (`Dispatchers.IO`), and close it."
            )
        }
        page.paragraph("What a call does in another way than its client is told by `with`:")
        page.code(
            "kotlin",
            snippet { printer in
                create([], &printer)
                printer.declare(
                    "once",
                    KotlinExpression.name("client").call(
                        "with", configured: [.call("idempotencyKey", [.string("order-1")])]))
            })
    }

    private func values(_ page: inout Markdown) {
        page.heading(2, "Values")
        page.paragraph(
            "Structures are classes in Java that do not change. A function of the same name makes one; its lambda calls the setters of a builder. What is required and was not given is an `InvalidArgumentException`. `toBuilder()` begins another value that is like one."
        )
        page.list([
            "An optional property is an `Optional`: `value.title().getOrNull()`, with `kotlin.jvm.optionals.getOrNull`.",
            "A property that may be absent or JSON null is a `Field`, with `isAbsent`, `isNull`, and `orElse(null)`.",
            "An enumeration is a class with constants, which also holds texts that the API adds later.",
            "A union tells its `kind()`, for `when`, and has a function `as...` for each variant that gives an `Optional`.",
        ])
    }

    private func responses(_ page: inout Markdown) {
        guard !model.operations.isEmpty else { return }
        page.heading(2, "Status and headers")
        page.paragraph(
            "`raw` has the same functions, which give a `Response` with status, headers, request id and bytes:")
        page.code("kotlin", snippet { program(0, isRaw: true, &$0) })
    }

    private func paging(_ page: inout Markdown) {
        guard let index = model.operations.indices.first(where: { operations.pages($0) != nil }) else { return }
        page.heading(2, "Pages")
        page.paragraph(
            "Functions that end in `Pages` fetch pages while they are iterated, in a coroutine; `items()` are the items of all pages."
        )
        page.code("kotlin", snippet { program(index, isPaged: true, &$0) })
    }

    private func errors(_ page: inout Markdown) {
        page.heading(2, "Errors")
        page.paragraph("Calls throw `SdkException` or a class below it:")
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
        let timeout = KotlinExpression.name("10").property("seconds", of: "kotlin.time.Duration.Companion")
        page.code(
            "kotlin",
            snippet { create([.call("attemptTimeout", of: symbols.runtimePackage, [timeout])], &$0) })
        page.paragraph("`beforeAttempt { ... }` and `afterAttempt { ... }` see each attempt.")
    }

    private func operation(_ index: Int, _ page: inout Markdown) {
        let operation = model.operations[index]
        page.heading(3, "`\(symbols.calls[index].method)`")
        let summary = DocumentationText.joined(operation.summary, operation.isDeprecated ? "Deprecated." : nil)
        if let summary { page.paragraph(Markdown.escaped(summary)) }
        page.paragraph("`\(operation.verb) \(Markdown.codeText(operation.pathText))`")
        page.code("kotlin", snippet { program(index, &$0) })
    }

    /// A program that calls an operation and prints what it gives.
    private func program(
        _ index: Int, isRaw: Bool = false, isPaged: Bool = false, isFull: Bool = false, _ printer: inout KotlinPrinter
    ) {
        let operation = model.operations[index]
        let method = symbols.calls[index].method
        printer.main { printer in
            create(identity(operation.security), &printer)
            let arguments = arguments(index, isFull, &printer)
            let target = KotlinExpression.name("client")
            let call = (isRaw ? target.property("raw") : target).call(method + (isPaged ? "Pages" : ""), arguments)
            if isPaged {
                printer.loop("item", in: call.call("items")) { printer in
                    printer.statement(.call("println", [.name("item")]))
                }
            } else if isRaw {
                printer.declare("response", call)
                printer.statement(.call("println", [KotlinExpression.name("response").call("status")]))
            } else if operation.output == .none {
                printer.statement(call)
            } else {
                printer.declare("result", call)
                let result = KotlinExpression.name("result")
                printer.statement(
                    .call("println", [operation.output == .binary ? result.property("size") : result]))
            }
        }
    }

    /// Sample arguments, with some optional ones if `isFull`; structures are made before the call.
    private func arguments(_ index: Int, _ isFull: Bool, _ printer: inout KotlinPrinter) -> [KotlinExpression] {
        let method = model.operations[index].verb == "ANY" ? [KotlinExpression.string("GET")] : []
        var given = operations.arguments(index).filter(\.isRequired)
        if isFull { given += operations.arguments(index).filter { !$0.isRequired && !$0.isDeprecated }.prefix(3) }
        guard requests.parameters(index).map(\.name) == operations.arguments(index).map(\.name) else {
            guard let request = symbols.calls[index].request else { return method }
            let builder = given.reduce(KotlinExpression.type(KotlinType(request)).call("builder")) {
                $0.call($1.name, [samples.flat(samples.sample($1))])
            }
            return method + [builder.call("build")]
        }
        return method
            + given.map { argument in
                // Names must tell apart what would only be told apart by its order.
                let isNamed = given.count > 2 || !argument.isRequired
                var value: KotlinExpression
                if case .structure(let type, let calls) = samples.sample(argument), !calls.isEmpty {
                    printer.configured(argument.name, type, samples.statements(calls))
                    value = .name(argument.name)
                } else {
                    value = samples.flat(samples.sample(argument))
                }
                if isNamed { value = value.named(argument.name) }
                return value
            }
    }
}
