/// Prints `client.ts`: the class with a method for each operation.
struct TypeScriptClient {
    let model: ClientModel
    let symbols: TypeScriptSymbols
    let header: String
    /// `package/version`, for `User-Agent`.
    let agent: String

    /// The module.
    func files() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("client", header: header)
        var types = TypeScriptTypes(model, symbols)
        let sockets = TypeScriptSockets(model: model, symbols: symbols, header: header)
        _ = types.libraryType("ClientOptions")
        printer.constant(
            "api", type: "APISpec",
            .object([
                ("defaultEndpoint", .text(model.defaultBaseURL)), ("agent", .text(agent)),
                ("schemas", .name("schemas")),
            ]), isExported: false)
        printer.class(
            symbols.client,
            documentation: DocumentationText.joined("A client of \(model.title).", model.documentation)
        ) { printer in
            printer.privateField("core", type: "ClientCore")
            printer.constructor(
                [.init(name: "options", type: "ClientOptions", standard: "{}")],
                documentation: "Makes a client. It sends nothing yet.",
                body: "this.#core = new ClientCore(api, options);")
            printer.getter(
                "baseURL", type: "string", documentation: "Where the API is, without slash at its end.",
                body: "return this.#core.baseURL;")
            for (operation, names) in zip(model.operations, symbols.operations) {
                methods(operation, names, &types, &printer)
            }
            sockets?.connect(&types, &printer)
        }
        sockets?.imports(&printer)
        printer.importTypes(types.models, from: "models")
        let calls = symbols.operations + (symbols.socket.map { [$0.connect] } ?? [])
        printer.importTypes(calls.compactMap(\.request), from: "requests")
        printer.importTypes(types.library, from: "library/index")
        printer.importTypes(["APISpec"], from: "library/client", isDeclared: false)
        printer.importValues(["ClientCore"], from: "library/client")
        if !model.operations.isEmpty { printer.importModule(as: "operations", from: "operations") }
        printer.importValues(["schemas"], from: "schemas")
        return printer.files()
    }

    private func methods(
        _ operation: Operation, _ names: TypeScriptSymbols.OperationSymbols, _ types: inout TypeScriptTypes,
        _ printer: inout TypeScriptPrinter
    ) {
        let documentation = Self.documentation(operation)
        let arguments = arguments(operation, names, &types)
        let call = call(operation, names)
        let value = types.text(operation.output)
        printer.method(
            names.method, arguments, result: "\(types.libraryType("Call"))<\(value)>", documentation: documentation,
            isDeprecated: operation.isDeprecated, body: "return this.#core.call(\(call));")
        if let stream = names.stream {
            let summary = "As `\(names.method)`, but gives the body as it comes."
            printer.method(
                stream, arguments, result: "Promise<\(types.libraryType("StreamedResponse"))>",
                documentation: DocumentationText.joined(summary, documentation),
                isDeprecated: operation.isDeprecated, body: "return this.#core.stream(\(call));")
        }
        if let pages = names.pages, let pagination = operation.pagination {
            let item = types.text(pagination.itemType)
            let summary =
                "All items that `\(names.method)` gives, asking for pages as they are needed; `pages()` gives the "
                + "pages themselves."
            printer.method(
                pages, arguments, result: "\(types.libraryType("Paginator"))<\(item), \(value)>",
                documentation: DocumentationText.joined(summary, documentation),
                isDeprecated: operation.isDeprecated, body: "return this.#core.paginate(\(call));")
        }
    }

    private func arguments(
        _ operation: Operation, _ names: TypeScriptSymbols.OperationSymbols, _ types: inout TypeScriptTypes
    ) -> [TypeScriptPrinter.Argument] {
        var arguments: [TypeScriptPrinter.Argument] = []
        if operation.verb == "ANY" { arguments.append(.init(name: "method", type: "string")) }
        if let request = names.request {
            arguments.append(
                .init(name: "request", type: request, standard: Self.needsRequest(operation) ? nil : "{}"))
        }
        arguments.append(.init(name: "options", type: types.libraryType("CallOptions"), isOptional: true))
        return arguments
    }

    /// Whether the arguments cannot be left out as a whole.
    static func needsRequest(_ operation: Operation) -> Bool {
        operation.parameters.contains(where: \.isRequired) || operation.body?.isRequired == true
    }

    private func call(_ operation: Operation, _ names: TypeScriptSymbols.OperationSymbols) -> String {
        let request = names.request == nil ? "{}" : "request"
        let method = operation.verb == "ANY" ? ", method" : ""
        return "operations.\(names.constant), \(request), options\(method)"
    }

    private static func documentation(_ operation: Operation) -> String? {
        DocumentationText.joined(
            operation.summary, operation.documentation, "`\(operation.verb) \(operation.pathText)`")
    }
}
