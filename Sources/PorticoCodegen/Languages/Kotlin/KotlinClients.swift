/// Prints the client, and the one that gives whole responses.
struct KotlinClients {
    /// A function of both clients.
    private struct Form {
        var index: Int
        var isStream = false
    }

    private let types: KotlinTypes
    private let userAgent: String
    private let operations: JavaOperations
    private let requests: KotlinRequests
    private let library: KotlinLibrary
    private var symbols: JavaSymbols { types.symbols }
    private var model: ClientModel { types.java.model }
    private var transport: KotlinPrinter.Parameter { .init(name: "transport", type: types.runtime("Transport")) }
    private var client: KotlinType { KotlinType(symbols.client) }
    private var rawClient: KotlinType { KotlinType(symbols.rawClient) }

    init(types: KotlinTypes, userAgent: String) {
        self.types = types
        self.userAgent = userAgent
        operations = JavaOperations(types: types.java)
        requests = KotlinRequests(types: types)
        library = KotlinLibrary(symbols: types.symbols)
    }

    // MARK: The client

    /// The client that gives values.
    func writeClient(to printer: inout KotlinPrinter) {
        printer.type(
            .init(
                DocumentationText.joined(
                    model.documentation,
                    "Calls \(model.title). Safe for concurrent use: make one and share it.")),
            "public class \(client.name)", constructor: ("private", transport)
        ) { printer in
            if let sockets = KotlinSockets(types: types) {
                sockets.connect(to: &printer)
                printer.blank()
                return companion(&printer)
            }
            printer.property(
                .init("The same operations, giving status, headers and bytes besides the value."), ["public"], "raw",
                rawClient, .new(rawClient, [.name("transport")]))
            printer.blank()
            printer.property(
                .init("The address that is called."), ["public"], "baseUrl", .string,
                KotlinExpression.name("transport").call("baseUrl"), isComputed: true)
            printer.blank()
            let options = types.runtime("CallOptions")
            printer.function(
                .init("A client for single calls that do something in another way."), "public", "with",
                configuring: types.runtime("CallOptions.Builder"), result: client,
                .new(
                    client,
                    [
                        KotlinExpression.name("transport").call(
                            "with",
                            [
                                KotlinExpression.type(options).call("builder").call("apply", [.name("configure")])
                                    .call("build")
                            ])
                    ]))
            for form in forms {
                printer.blank()
                function(form, isRaw: false, to: &printer)
                if !form.isStream { pages(form.index, to: &printer) }
            }
            printer.blank()
            companion(&printer)
        }
    }

    private func companion(_ printer: inout KotlinPrinter) {
        printer.type(.init(nil), "public companion object") { printer in
            printer.function(
                .init("Makes a client: `\(client.name) { apiKey(\"...\") }`."),
                "public operator", "invoke", configuring: types.runtime("ClientBuilder", [client]), isOptional: true,
                result: client,
                KotlinExpression.new(
                    types.runtime("ClientBuilder"),
                    [.string(model.defaultBaseURL), .string(userAgent), .constructor(client)]
                ).call("apply", [.name("configure")]).call("build"))
        }
    }

    // MARK: Whole responses

    /// The client that gives responses.
    func writeRawClient(to printer: inout KotlinPrinter) {
        printer.type(
            .init("The operations of [\(client.name)], giving status, headers and bytes besides the value."),
            "public class \(rawClient.name)", constructor: ("internal", transport)
        ) { printer in
            for (number, form) in forms.enumerated() {
                if number > 0 { printer.blank() }
                function(form, isRaw: true, to: &printer)
            }
        }
    }

    // MARK: Operations

    private var forms: [Form] {
        model.operations.indices.flatMap { index in
            model.operations[index].output == .binary
                ? [Form(index: index), Form(index: index, isStream: true)] : [Form(index: index)]
        }
    }

    /// The parameters of an operation: the HTTP method of one that takes any, and its own.
    private func parameters(_ index: Int) -> [KotlinPrinter.Parameter] {
        let own = requests.parameters(index)
        return model.operations[index].verb == "ANY" ? [.init(name: "method", type: .string)] + own : own
    }

    private func arguments(_ index: Int) -> [KotlinExpression] {
        (model.operations[index].verb == "ANY" ? [.name("method")] : []) + requests.arguments(index)
    }

    private func documentation(_ index: Int, isRaw: Bool, note: String?) -> KotlinPrinter.Documentation {
        let operation = model.operations[index]
        if isRaw {
            return .init(
                "As `\(symbols.calls[index].method)` of [\(client.name)].", isDeprecated: operation.isDeprecated)
        }
        let names = Set(parameters(index).map(\.name))
        let text = DocumentationText.joined(operation.summary, operation.documentation)
        return .init(
            DocumentationText.joined(text ?? "`\(operation.verb) \(operation.pathText)`", note),
            parameters: operations.arguments(index).compactMap { argument in
                guard names.contains(argument.name) else { return nil }
                return argument.documentation.map { (name: argument.name, text: $0) }
            },
            isDeprecated: operation.isDeprecated)
    }

    private func function(_ form: Form, isRaw: Bool, to printer: inout KotlinPrinter) {
        let output = model.operations[form.index].output
        let method = symbols.calls[form.index].method
        let result: KotlinType
        let sending: KotlinImport
        if isRaw {
            result = types.runtime("Response", [form.isStream ? .inputStream : types.value(output)])
            sending = library.answer
        } else {
            result = form.isStream ? .inputStream : types.result(output)
            sending = result == .unit ? library.complete : result.isNullable ? library.valueOrNull : library.value
        }
        let described = KotlinExpression.type(types.runtime("Output")).property(form.isStream ? "STREAM" : "BYTES")
        let call = KotlinExpression.type(KotlinType(JavaCalls.type(form.index, symbols))).call(
            method, (output == .binary ? [described] : []) + arguments(form.index))
        printer.function(
            .init(
                documentation: documentation(
                    form.index, isRaw: isRaw,
                    note: form.isStream ? "The body is given as it comes; reading it blocks. Close the stream." : nil),
                modifiers: ["public", "suspend"], name: method + (form.isStream ? "Stream" : ""),
                parameters: parameters(form.index), result: result),
            KotlinExpression.name("transport").call(sending, [call]))
    }

    private func pages(_ index: Int, to printer: inout KotlinPrinter) {
        let operation = model.operations[index]
        guard let pages = operations.pages(index), pages.arguments.count == 2,
            let pagination = operation.pagination
        else { return }
        let method = symbols.calls[index].method + "Pages"
        let result = types.runtime(
            "SuspendPages", [types.value(operation.output), types.type(pagination.itemType)])
        let calls = KotlinExpression.type(KotlinType(JavaCalls.type(index, symbols)))
        printer.blank()
        printer.function(
            .init(
                documentation: documentation(index, isRaw: false, note: "Pages are fetched while they are iterated."),
                modifiers: ["public"], name: method, parameters: parameters(index), result: result),
            .new(types.runtime("SuspendPages"), [calls.call(method, [.name("transport")] + arguments(index))]))
    }
}
