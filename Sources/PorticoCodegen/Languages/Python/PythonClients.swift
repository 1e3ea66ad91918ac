/// `client.py` and `aio.py`: a class with a method for each operation.
struct PythonClients {
    private let model: ClientModel
    private let symbols: PythonSymbols
    private let types: PythonTypes
    private let isAsync: Bool

    init(_ model: ClientModel, _ symbols: PythonSymbols, isAsync: Bool) {
        self.model = model
        self.symbols = symbols
        self.isAsync = isAsync
        types = PythonTypes(model: model, symbols: symbols, prefix: "models.", hidden: symbols.hiddenByMethods)
    }

    /// The text of the module.
    var text: String {
        var body = PythonPrinter()
        let sockets = PythonSockets(model, symbols, isAsync: isAsync)
        sockets?.classDefinition(&body)
        body.gap()
        let documentation = DocumentationText.joined(
            "Calls \(model.title).",
            isAsync
                ? "One client may be used by many tasks of an event loop; it keeps connections until it is closed."
                : "One client may be used by many threads; it keeps connections until it is closed.",
            model.documentation)
        body.classDefinition(
            isAsync ? "AsyncClient" : "Client", bases: [isAsync ? "lib.BaseAsyncClient" : "lib.BaseClient"],
            documentation: PythonDocumentation.lines(documentation, depth: 1)
        ) { printer in
            printer.assignment("_package", .name("ops.PACKAGE"))
            for (operation, call) in zip(model.operations, symbols.calls) { methods(operation, call, &printer) }
            sockets?.connect(types, &printer)
        }
        var printer = PythonPrinter()
        printer.header(model)
        printer.documentation([isAsync ? "The client for asyncio." : "The synchronous client."])
        printer.blank()
        printer.importNames(["annotations"], from: "__future__")
        printer.blank()
        let uses = body.text
        if uses.contains("builtins.") { printer.importModule("builtins") }
        if uses.contains("dt.") { printer.importModule("datetime", as: "dt") }
        if model.operations.contains(where: { $0.pagination != nil }) {
            printer.importNames([iterator], from: "collections.abc")
        }
        if uses.contains("builtins.") || uses.contains("dt.") || uses.contains(iterator) { printer.blank() }
        printer.importName("_operations", as: "ops", from: ".")
        if uses.contains("models.") { printer.importNames(["models"], from: ".") }
        printer.importName(isAsync ? "aio" : "client", as: "lib", from: "._library")
        if let sockets { printer.importName(sockets.module, as: "sockets", from: "._library") }
        return printer.text + body.text
    }

    private var iterator: String { isAsync ? "AsyncIterator" : "Iterator" }

    private func methods(_ operation: Operation, _ call: PythonSymbols.Call, _ printer: inout PythonPrinter) {
        let result: String
        switch operation.output {
        case .none: result = "None"
        case .json(let type): result = types.annotation(type)
        case .text: result = types.builtIn("str")
        case .binary: result = types.builtIn("bytes")
        }
        method(operation, call, call.name, "_call", result, isAsync, note: nil, &printer)
        if !call.stream.isEmpty {
            let stream = isAsync ? "lib.AsyncByteStream" : "lib.ByteStream"
            let note = "Streams the body, without holding it: close what this gives."
            method(operation, call, call.stream, "_stream", stream, isAsync, note: note, &printer)
        }
        if let pagination = operation.pagination, !call.pages.isEmpty {
            method(
                operation, call, call.pages, "_pages", "\(iterator)[\(result)]", false,
                note: "Goes through the pages, each asked for when it is needed.", &printer)
            let item = types.annotation(pagination.itemType)
            method(
                operation, call, call.items, "_items", "\(iterator)[\(item)]", false,
                note: "Goes through the items of all pages, each page asked for when it is needed.", &printer)
        }
    }

    private func method(
        _ operation: Operation, _ call: PythonSymbols.Call, _ name: String, _ target: String, _ result: String,
        _ isAwaited: Bool, note: String?, _ printer: inout PythonPrinter
    ) {
        var function = PythonPrinter.Function(name: name, isAsync: isAwaited, result: result)
        if operation.verb == "ANY" {
            function.positional.append(.init(name: "method", annotation: types.builtIn("str")))
        }
        for (name, parameter) in zip(call.parameters, operation.parameters) {
            if parameter.isRequired {
                function.positional.append(.init(name: name, annotation: types.annotation(parameter.type)))
            } else {
                let (annotation, initial) = types.optional(parameter.type)
                function.keywordOnly.append(.init(name: name, annotation: annotation, initial: initial))
            }
        }
        if let body = operation.body { add(body, &function) }
        function.keywordOnly.append(
            .init(name: "options", annotation: "lib.CallOptions | None", initial: PythonExpression.none))
        function.documentation = documentation(operation, call, note)

        var arguments: [PythonExpression.Argument] = [.init(.name("ops." + call.constant))]
        if !call.parameters.isEmpty { arguments.append(.init(.tuple(call.parameters.map { .name($0) }))) }
        if operation.body != nil { arguments.append(.init("body", .name("body"))) }
        arguments.append(.init("options", .name("options")))
        if operation.verb == "ANY" { arguments.append(.init("method", .name("method"))) }
        let value = PythonExpression.call("self." + target, arguments)
        printer.blank()
        printer.function(function) { printer in
            let value = isAwaited ? .await(value) : value
            if result == "None" { printer.statement(value) } else { printer.returns(value) }
        }
    }

    private func add(_ body: RequestBody, _ function: inout PythonPrinter.Function) {
        let annotation: String
        var optional: (annotation: String, initial: PythonExpression)?
        switch body.kind {
        case .json(let type):
            annotation = types.annotation(type)
            optional = types.optional(type)
        case .text: annotation = types.builtIn("str")
        case .binary: annotation = isAsync ? "lib.AsyncBody" : "lib.Body"
        }
        if body.isRequired {
            function.positional.append(.init(name: "body", annotation: annotation))
        } else {
            let (annotation, initial) = optional ?? (annotation + " | None", .none)
            function.keywordOnly.insert(.init(name: "body", annotation: annotation, initial: initial), at: 0)
        }
    }

    private func documentation(_ operation: Operation, _ call: PythonSymbols.Call, _ note: String?) -> [String] {
        let depth = 2
        let text = DocumentationText.joined(
            operation.summary, note, operation.documentation, operation.isDeprecated ? "Deprecated." : nil)
        var lines = PythonDocumentation.lines(text, depth: depth)
        lines +=
            (lines.isEmpty ? [] : [""])
            + PythonDocumentation.lines("`\(operation.verb) \(operation.pathText)`", depth: depth)
        var arguments: [String] = []
        for (name, parameter) in zip(call.parameters, operation.parameters) {
            let text = PythonDocumentation.lines(
                parameter.documentation, isDeprecated: parameter.isDeprecated, depth: depth + 2)
            guard let first = text.first else { continue }
            arguments.append("    \(name): \(first)")
            arguments += text.dropFirst().map { $0.isEmpty ? "" : "        " + $0 }
        }
        if !arguments.isEmpty { lines += ["", "Args:"] + arguments }
        let declared = operation.errors.map(\.type) + (operation.defaultError.map { [$0] } ?? [])
        let names = declared.filter(symbols.errors.indices.contains).map { symbols.errors[$0] }
        if !names.isEmpty { lines += ["", "Raises:"] + names.map { "    errors.\($0)" } }
        return lines
    }
}
