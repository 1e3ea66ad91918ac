/// The README of the package.
struct SwiftReadme {
    let types: SwiftTypes

    private var model: ClientModel { types.model }
    private var symbols: SwiftSymbols { types.symbols }
    /// The qualified name of something of the library.
    private func name(_ name: String) -> String { "\(symbols.namespace).\(name)" }

    func text(header: String) -> String {
        var page = CodePrinter()
        let title = MarkdownText.inline(model.title)
        // Two hyphens would end the comment.
        page.line("<!-- \(header.drop { "/ ".contains($0) }.replacing("--", with: "- -")) -->")
        page.line()
        page.line("# \(title) for Swift")
        page.line()
        page.line("A client of \(title), version \(MarkdownText.inline(model.version)), without dependencies.")
        section("Install", &page)
        page.line("The folder is the package `\(symbols.module)`:")
        code(
            [
                ".package(path: \"path/to/this/folder\")",
                ".product(name: \"\(symbols.module)\", package: \"this-folder\")",
            ], &page)
        create(&page)
        credentials(&page)
        calls(&page)
        section("Operations", &page)
        page.separated(zip(model.operations, symbols.operations)) { page, entry in operation(entry.0, entry.1, &page) }
        return page.text
    }

    private func section(_ title: String, _ page: inout CodePrinter) {
        page.line()
        page.line("## \(title)")
        page.line()
    }

    private func code(_ lines: [String], _ page: inout CodePrinter) {
        page.line()
        page.line("```swift")
        page.lines(lines)
        page.line("```")
    }

    // MARK: Sections

    private func create(_ page: inout CodePrinter) {
        section("Create a client", &page)
        page.line("Without an endpoint the client calls `\(MarkdownText.code(model.defaultBaseURL))`.")
        code(
            [
                "import \(symbols.module)", "",
                "var configuration = \(name("ClientConfiguration"))(endpoint: .url(\(SwiftPrinter.literal(model.defaultBaseURL))))",
            ] + settings.map { "configuration.\($0.name) = \($0.value)" } + [
                "let client = \(name("Client"))(configuration: configuration)"
            ], &page)
        page.line()
        page.line("A client may be used by many tasks at once and keeps its connections: make one and share it.")
    }

    /// Options that some operation needs.
    private var settings: [(name: String, value: String)] {
        var settings: [(name: String, value: String)] = []
        if needs(\.needsAPIKey) { settings.append(("apiKey", "\"...\"")) }
        if needs({ isToken($0.identity) }) { settings.append(("token", ".fixed(\"...\")")) }
        if needs({ $0.identity == .basic }) {
            settings.append(("basic", ".init(user: \"ada\", password: \"...\")"))
        }
        if !keyNames.isEmpty {
            settings.append(
                ("keys", "[" + keyNames.map { "\(SwiftPrinter.literal($0)): \"...\"" }.joined(separator: ", ") + "]"))
        }
        if needs({ $0.identity == .sigV4 }) { settings.append(("region", "\"eu-central-1\"")) }
        return settings
    }

    private func needs(_ condition: (OperationSecurity) -> Bool) -> Bool {
        model.operations.contains { condition($0.security) }
    }

    private func isToken(_ identity: OperationSecurity.Identity) -> Bool {
        if case .token = identity { return true }
        return identity == .bearer
    }

    private var keyNames: [String] {
        var names: [String] = []
        for operation in model.operations {
            if case .key(let name, _) = operation.security.identity, !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func credentials(_ page: inout CodePrinter) {
        section("Credentials", &page)
        var items: [String] = []
        if needs(\.needsAPIKey) { items.append("`apiKey` is sent as `x-api-key` by operations that need one.") }
        if needs({ isToken($0.identity) }) {
            items.append("`token` is a fixed one, or asked for before each attempt.")
        }
        if needs({ $0.identity == .basic }) { items.append("`basic` is a user with a password.") }
        if !keyNames.isEmpty { items.append("`keys` has other keys by the name of their header or query parameter.") }
        if needs({ $0.identity == .sigV4 }) {
            items.append(
                "`credentials` sign requests by Signature Version 4. Unless set they are read from `AWS_ACCESS_KEY_ID`, "
                    + "`AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.")
        }
        guard !items.isEmpty else {
            page.line("No operation of this API needs any.")
            return
        }
        page.lines(items.map { "- " + $0 })
        page.line()
        page.line("A call that lacks one fails before anything is sent, and says which option to set.")
    }

    private func calls(_ page: inout CodePrinter) {
        section("Calls", &page)
        page.lines([
            "- Cancelling the task cancels the call. An attempt may take `attemptTimeout` (30 seconds), a call `deadline`.",
            "- A call is tried again up to `maxRetries` times (3): after 429, and after 500, 502, 503, 504, broken connections "
                + "and timeouts if it is idempotent or has an `idempotencyKey` in its `\(name("CallOptions"))`.",
            "- The second form of each method, `...Response`, has status, headers and bytes beside the value.",
            "- `beforeAttempt` and `afterAttempt` of the configuration see every attempt.",
        ])
        section("Errors", &page)
        page.line(
            "An answer that is no success is an error with its status, request id and message. One that the gateway made "
                + "itself is a `\(name("GatewayError"))`; a status that the operation declares has a type of its own with the "
                + "decoded body.")
    }

    // MARK: Operations

    private func operation(_ operation: Operation, _ names: SwiftSymbols.OperationNames, _ page: inout CodePrinter) {
        page.line("### \(names.method)")
        page.line()
        page.line("`\(operation.verb) \(MarkdownText.code(operation.pathText))`")
        if operation.isDeprecated {
            page.line()
            page.line("Deprecated.")
        }
        if let text = operation.summary ?? operation.documentation {
            page.line()
            page.line(MarkdownText.inline(text))
        }
        let arguments = arguments(of: operation, names).joined(separator: ", ")
        let method = SwiftPrinter.name(names.method)
        let result = operation.output == .none ? "" : "let result = "
        var lines = ["\(result)try await client.\(method)(\(arguments))"]
        if !names.pagesMethod.isEmpty, operation.pagination != nil {
            lines += [
                "for try await item in client.\(SwiftPrinter.name(names.pagesMethod))(\(arguments)).items { print(item) }"
            ]
        }
        code(lines, &page)
        let errors = (operation.errors.map(\.type) + [operation.defaultError].compactMap { $0 }).map {
            "`\(types.qualified.errorName($0))`"
        }
        guard !errors.isEmpty else { return }
        page.line()
        page.line("Errors: \(errors.joined(separator: ", ")).")
    }

    /// The arguments that have to be given, in the order of the signature.
    private func arguments(of operation: Operation, _ names: SwiftSymbols.OperationNames) -> [String] {
        let sample = SwiftSample(types)
        var arguments: [String] = []
        if !names.verb.isEmpty { arguments.append("\"GET\"") }
        for (parameter, name) in zip(operation.parameters, names.parameters) where parameter.isRequired {
            let value = sample.expression(parameter.type.withoutNull, name: parameter.wireName)
            arguments.append("\(SwiftPrinter.label(name)): \(value)")
        }
        guard let body = operation.body, body.isRequired else { return arguments }
        let value =
            switch body.kind {
            case .json(let type): sample.expression(type, name: "body")
            case .text: "\"hello\""
            case .binary: "\(name("BinaryBody"))(Data(\"hello\".utf8))"
            }
        return arguments + ["\(SwiftPrinter.label(names.body)): \(value)"]
    }
}
