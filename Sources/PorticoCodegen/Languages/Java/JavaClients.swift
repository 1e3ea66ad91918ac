/// Prints the client, and the one that gives whole responses.
struct JavaClients {
    /// A method of both clients, before it is known for which.
    private struct Form {
        var index: Int
        /// What is behind the operation's name.
        var suffix = ""
        var isAsync = false
        var isStream = false
        /// Whether it takes a request object.
        var takesRequest: Bool
        var parameters: [JavaPrinter.Parameter]
    }

    let operations: JavaOperations
    let userAgent: String
    private var symbols: JavaSymbols { operations.symbols }
    private var types: JavaTypes { operations.types }
    private var model: ClientModel { types.model }
    private var transport: JavaType { symbols.runtime("Transport") }
    private var options: JavaType { symbols.runtime("CallOptions") }

    init(operations: JavaOperations, userAgent: String) {
        self.operations = operations
        self.userAgent = userAgent
    }

    // MARK: The client

    /// The client that gives values.
    func writeClient(to printer: inout JavaPrinter) {
        let name = symbols.client
        printer.type(
            .init(DocumentationText.joined(model.documentation, "Calls \(model.title). Safe for use by many threads.")),
            annotations: types.allSuppressions, "public final class \(name.name)"
        ) { printer in
            printer.field(["private", "final"], transport, "transport")
            let sockets = JavaSockets(operations: operations)
            if sockets == nil { printer.field(["private", "final"], symbols.rawClient, "raw") }
            printer.blank()
            printer.method(
                .init(modifiers: ["private"], name: name.name, parameters: [.init(name: "transport", type: transport)])
            ) { printer in
                printer.assign(.own("transport"), .name("transport"))
                if sockets == nil {
                    printer.assign(.own("raw"), .new(symbols.rawClient, [.name("transport")]))
                }
            }
            printer.blank()
            common(name, to: &printer)
            if let sockets { return sockets.connect(to: &printer) }
            for index in model.operations.indices {
                for form in forms(index) {
                    printer.blank()
                    valueMethod(form, to: &printer)
                }
                pages(index, to: &printer)
            }
        }
    }

    private func common(_ name: JavaType, to printer: inout JavaPrinter) {
        let builder = symbols.runtime("ClientBuilder", [name])
        printer.method(
            .init(
                documentation: .init("Begins a client."), modifiers: ["public", "static"], result: builder,
                name: "builder")
        ) { printer in
            printer.returns(
                .new(
                    builder, [.string(model.defaultBaseURL), .string(userAgent), .reference(name, "new")],
                    isInferred: true))
        }
        printer.blank()
        if model.socket != nil { return baseURL(to: &printer) }
        printer.method(
            .init(
                documentation: .init("A client for single calls that do something in another way."),
                modifiers: ["public"], result: name, name: "with", parameters: [.init(name: "options", type: options)])
        ) { $0.returns(.new(name, [JavaExpression.own("transport").call("with", [.name("options")])])) }
        printer.blank()
        printer.method(
            .init(
                documentation: .init("The same operations, giving status, headers and bytes besides the value."),
                modifiers: ["public"], result: symbols.rawClient, name: "raw")
        ) { $0.returns(.own("raw")) }
        printer.blank()
        baseURL(to: &printer)
    }

    private func baseURL(to printer: inout JavaPrinter) {
        printer.method(
            .init(
                documentation: .init("The address that is called."), modifiers: ["public"], result: .string,
                name: "baseUrl")
        ) { $0.returns(JavaExpression.own("transport").call("baseUrl")) }
    }

    private func forms(_ index: Int) -> [Form] {
        var forms: [Form] = []
        func add(_ takesRequest: Bool, _ parameters: [JavaPrinter.Parameter]) {
            for isAsync in [false, true] {
                forms.append(
                    Form(
                        index: index, suffix: isAsync ? "Async" : "", isAsync: isAsync, takesRequest: takesRequest,
                        parameters: parameters))
            }
            guard model.operations[index].output == .binary else { return }
            for isAsync in [false, true] {
                forms.append(
                    Form(
                        index: index, suffix: isAsync ? "StreamAsync" : "Stream", isAsync: isAsync, isStream: true,
                        takesRequest: takesRequest, parameters: parameters))
            }
        }
        if let parameters = operations.positional(index) { add(false, parameters) }
        if let parameters = operations.request(index) { add(true, parameters) }
        return forms
    }

    private func result(_ form: Form) -> JavaType {
        form.isStream ? .inputStream : operations.result(model.operations[form.index].output)
    }

    private func documentation(_ form: Form) -> JavaPrinter.Documentation {
        let operation = model.operations[form.index]
        var note: String?
        if form.isStream { note = "The body is given as it comes; close the stream." }
        let text = DocumentationText.joined(operation.summary, operation.documentation, note)
        // Requests carry the documentation of their parameters.
        let parameters =
            form.takesRequest
            ? []
            : operations.arguments(form.index).compactMap { argument in
                argument.isRequired ? argument.documentation.map { (name: argument.name, text: $0) } : nil
            }
        return .init(
            text ?? "\(operation.verb) \(operation.pathText)", parameters: parameters,
            isDeprecated: operation.isDeprecated)
    }

    private func valueMethod(_ form: Form, to printer: inout JavaPrinter) {
        let result = result(form)
        let name = symbols.calls[form.index].method + form.suffix
        let call = JavaExpression.own("raw").call(name, form.parameters.map { .name($0.name) })
        printer.method(
            .init(
                documentation: documentation(form), modifiers: ["public"],
                result: form.isAsync ? .future(result) : result, name: name, parameters: form.parameters)
        ) { printer in
            if form.isAsync {
                printer.returns(JavaExpression.type(transport).call("value", [call]))
            } else if result == .void {
                printer.statement(call)
            } else {
                printer.returns(call.call("value"))
            }
        }
    }

    // MARK: Whole responses

    /// The client that gives responses.
    func writeRawClient(to printer: inout JavaPrinter) {
        let name = symbols.rawClient
        printer.type(
            .init("The operations of \(symbols.client.name), giving status, headers and bytes besides the value."),
            annotations: types.allSuppressions, "public final class \(name.name)"
        ) { printer in
            printer.field(["private", "final"], transport, "transport")
            printer.blank()
            printer.method(.init(name: name.name, parameters: [.init(name: "transport", type: transport)])) {
                $0.assign(.own("transport"), .name("transport"))
            }
            for index in model.operations.indices {
                for form in forms(index) {
                    printer.blank()
                    rawMethod(form, to: &printer)
                }
            }
        }
    }

    private func rawMethod(_ form: Form, to printer: inout JavaPrinter) {
        let operation = model.operations[form.index]
        let symbol = symbols.calls[form.index]
        let response = symbols.runtime("Response", [result(form)])
        let name = symbol.method + form.suffix
        printer.method(
            .init(
                documentation: .init(
                    "As \(name) of \(symbols.client.name).", isDeprecated: operation.isDeprecated),
                modifiers: ["public"], result: form.isAsync ? .future(response) : response, name: name,
                parameters: form.parameters)
        ) { printer in
            if !form.takesRequest, let request = symbol.request {
                let isAny = operation.verb == "ANY"
                var builder = JavaExpression.type(request).call("builder")
                for parameter in form.parameters.dropFirst(isAny ? 1 : 0) {
                    builder = builder.call(parameter.name, [.name(parameter.name)])
                }
                let first = isAny ? [JavaExpression.name("method")] : []
                return printer.returns(.call(name, first + [builder.call("build")]))
            }
            let output = JavaExpression.type(symbols.runtime("Output")).field(form.isStream ? "STREAM" : "BYTES")
            let arguments = form.parameters.map { JavaExpression.name($0.name) }
            let call = JavaExpression.type(JavaCalls.type(form.index, symbols)).call(
                symbol.method, (operation.output == .binary ? [output] : []) + arguments)
            printer.returns(JavaExpression.own("transport").call(form.isAsync ? "sendAsync" : "send", [call]))
        }
    }

    // MARK: Paging

    private func pages(_ index: Int, to printer: inout JavaPrinter) {
        let operation = model.operations[index]
        guard let result = operations.pages(index), let request = symbols.calls[index].request else { return }
        let method = symbols.calls[index].method + "Pages"
        let documentation = JavaPrinter.Documentation(
            DocumentationText.joined(
                operation.summary, operation.documentation, "Pages are fetched while they are iterated."),
            isDeprecated: operation.isDeprecated)
        let isAny = operation.verb == "ANY"
        if let positional = operations.positional(index) {
            printer.blank()
            printer.method(
                .init(
                    documentation: documentation, modifiers: ["public"], result: result, name: method,
                    parameters: positional)
            ) { printer in
                var builder = JavaExpression.type(request).call("builder")
                for parameter in positional.dropFirst(isAny ? 1 : 0) {
                    builder = builder.call(parameter.name, [.name(parameter.name)])
                }
                printer.returns(.call(method, (isAny ? [.name("method")] : []) + [builder.call("build")]))
            }
        }
        let parameters = operations.request(index) ?? []
        printer.blank()
        printer.method(
            .init(
                documentation: documentation, modifiers: ["public"], result: result, name: method,
                parameters: parameters)
        ) { printer in
            printer.returns(
                JavaExpression.type(JavaCalls.type(index, symbols)).call(
                    method, [.own("transport")] + parameters.map { .name($0.name) }))
        }
    }
}
