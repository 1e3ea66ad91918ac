/// Prints the classes that turn arguments of operations into calls.
struct JavaCalls {
    /// Operations of one class: a class file holds 65,535 constants, and an operation needs up to a hundred.
    static let chunk = 400

    let operations: JavaOperations
    private var symbols: JavaSymbols { operations.symbols }
    private var types: JavaTypes { operations.types }

    init(operations: JavaOperations) { self.operations = operations }

    /// The class that makes the call of an operation.
    static func type(_ index: Int, _ symbols: JavaSymbols) -> JavaType { symbols.callsClass(index / chunk) }

    /// The class of some operations.
    func write(_ name: JavaType, _ indices: Range<Int>, to printer: inout JavaPrinter) {
        printer.type(
            .init("Turns the arguments of operations into calls."), annotations: types.allSuppressions,
            "final class \(name.name)"
        ) { printer in
            printer.method(.init(modifiers: ["private"], name: name.name)) { _ in }
            for index in indices {
                printer.blank()
                method(index, to: &printer)
                pages(index, to: &printer)
            }
        }
    }

    private func method(_ index: Int, to printer: inout JavaPrinter) {
        let operation = types.model.operations[index]
        let isStreamed = operation.output == .binary
        let result = isStreamed ? JavaType("T") : operations.result(operation.output)
        let parameters = operations.request(index) ?? operations.positional(index) ?? []
        let output: JavaPrinter.Parameter? =
            isStreamed ? .init(name: "output", type: symbols.runtime("Output", [result])) : nil
        printer.method(
            .init(
                modifiers: ["static"], variables: isStreamed ? ["T"] : [], result: symbols.runtime("Call", [result]),
                name: symbols.calls[index].method, parameters: [output].compactMap(\.self) + parameters)
        ) { printer in
            let library = JavaExpression.type(symbols.runtime("Call"))
            let described = isStreamed ? .name("output") : operations.output(operation.output)
            let start =
                operation.verb == "ANY"
                ? library.call("any", [.string(operation.name), .name("method"), described])
                : library.call("of", [.string(operation.name), .string(operation.verb), described])
            printer.returns(
                start,
                chain: path(operation, index) + parameterCalls(operation, index) + body(operation, index)
                    + security(operation.security) + errors(operation))
        }
    }

    /// The value of an argument, `null` if it was not given.
    private func value(_ argument: JavaOperations.Argument, _ index: Int) -> JavaExpression {
        if symbols.calls[index].request != nil {
            let value = JavaExpression.name("request").call(argument.name)
            return argument.isRequired ? value : value.call("orElse", [.null])
        }
        guard !argument.type.isPrimitive else { return .name(argument.name) }
        return JavaExpression.type(symbols.runtime("Arguments")).call(
            "required", [.name(argument.name), .string(argument.wireName)])
    }

    private func argument(_ parameter: Int, _ index: Int) -> JavaOperations.Argument? {
        let calls = symbols.calls[index]
        guard calls.parameters.indices.contains(parameter) else { return nil }
        return operations.arguments(index).first { $0.name == calls.parameters[parameter] }
    }

    private func path(_ operation: Operation, _ index: Int) -> [JavaExpression] {
        var calls: [JavaExpression] = []
        var text = ""
        func add(_ method: String, _ parameter: Int, _ name: String) {
            guard let argument = argument(parameter, index) else { return }
            calls.append(.call("path", [.string(text + "/")]))
            text = ""
            // The library checks path parameters.
            let value =
                symbols.calls[index].request == nil ? JavaExpression.name(argument.name) : self.value(argument, index)
            calls.append(.call(method, [.string(name), value]))
        }
        for segment in operation.path {
            switch segment {
            case .literal(let literal): text += "/" + literal
            case .parameter(let parameter, let name): add("path", parameter, name)
            case .greedy(let parameter, let name): add("rest", parameter, name)
            }
        }
        // A connection is opened at the base URL itself.
        if operation.path.isEmpty, types.model.socket == nil { text = "/" }
        if !text.isEmpty { calls.append(.call("path", [.string(text)])) }
        return calls
    }

    private func parameterCalls(_ operation: Operation, _ index: Int) -> [JavaExpression] {
        operation.parameters.indices.compactMap { position in
            let parameter = operation.parameters[position]
            guard let argument = argument(position, index) else { return nil }
            let value = value(argument, index)
            switch (parameter.location, parameter.type, parameter.listStyle) {
            case (.path, _, _): return nil
            case (.query, .list, .joined(let separator)):
                return .call("query", [.string(parameter.wireName), value, .string(separator)])
            case (.query, _, _): return .call("query", [.string(parameter.wireName), value])
            case (.header, _, _): return .call("header", [.string(parameter.wireName), value])
            }
        }
    }

    private func body(_ operation: Operation, _ index: Int) -> [JavaExpression] {
        guard let body = operation.body, let argument = operations.arguments(index).first(where: { $0.name == "body" })
        else { return [] }
        let value = value(argument, index)
        switch body.kind {
        case .json(let type):
            return [.call("json", [types.codec(type.withoutNull), value, .string(body.mediaType)])]
        case .text: return [.call("text", [value, .string(body.mediaType)])]
        case .binary: return [.call("binary", [value, .string(body.mediaType)])]
        }
    }

    private func security(_ security: OperationSecurity) -> [JavaExpression] {
        let library = JavaExpression.type(symbols.runtime("Security"))
        let identity: JavaExpression? =
            switch security.identity {
            case .none: nil
            case .sigV4: library.field("SIGNED")
            case .token(let header): library.call("token", [.string(header)])
            case .bearer: library.field("BEARER")
            case .basic: library.field("BASIC")
            case .key(let name, inQuery: false): library.call("headerKey", [.string(name)])
            case .key(let name, inQuery: true): library.call("queryKey", [.string(name)])
            }
        return (identity.map { [.call("security", [$0])] } ?? []) + (security.needsAPIKey ? [.call("apiKey")] : [])
    }

    private func errors(_ operation: Operation) -> [JavaExpression] {
        func type(_ index: Int) -> JavaExpression? {
            symbols.errors.indices.contains(index) ? JavaExpression.type(symbols.errors[index]).field("TYPE") : nil
        }
        var calls = operation.errors.compactMap { error in
            type(error.type).map { JavaExpression.call("error", [.int(Int32(clamping: error.status)), $0]) }
        }
        if let other = operation.defaultError.flatMap(type) { calls.append(.call("errors", [other])) }
        return calls
    }

    // MARK: Paging

    private func pages(_ index: Int, to printer: inout JavaPrinter) {
        let operation = types.model.operations[index]
        guard let pagination = operation.pagination, case .json(let output) = operation.output,
            let result = operations.pages(index), let parameters = operations.request(index),
            symbols.calls[index].parameters.indices.contains(pagination.input)
        else { return }
        let method = symbols.calls[index].method
        let transport = JavaPrinter.Parameter(name: "transport", type: symbols.runtime("Transport"))
        printer.blank()
        printer.method(
            .init(modifiers: ["static"], result: result, name: method + "Pages", parameters: [transport] + parameters)
        ) { printer in
            let next = JavaExpression.name("request").call("toBuilder").call(
                symbols.calls[index].parameters[pagination.input], [.name("token")]
            ).call("build")
            let chosen = JavaExpression.choice(
                JavaExpression.name("token").isSame(as: .null), .name("request"), next)
            let first = operation.verb == "ANY" ? [JavaExpression.name("method")] : []
            let list = JavaExpression.type(.listOfAny).call("of")
            printer.returns(
                .new(
                    result,
                    [
                        .lambda(
                            "token",
                            JavaExpression.type(transport.type).call(
                                "value",
                                [JavaExpression.name("transport").call("sendAsync", [.call(method, first + [chosen])])])
                        ),
                        .lambda("page", property(pagination.output, of: output).call("orElse", [.null])),
                        .lambda("page", property(pagination.items, of: output).call("orElse", [list])),
                    ], isInferred: true))
        }
    }

    /// What a path of properties leads to in a page, as `Optional`.
    private func property(_ path: [String], of output: TypeReference) -> JavaExpression {
        var type = output
        var value =
            output.isNullable
            ? JavaExpression.name("page") : JavaExpression.type(.optional).call("of", [.name("page")])
        for (depth, name) in path.enumerated() {
            guard let (index, structure) = types.structure(type),
                let position = structure.fields.firstIndex(where: { $0.wireName == name })
            else { break }
            let field = structure.fields[position]
            let parameter = "part" + String(depth)
            let accessor = JavaExpression.name(parameter).call(symbols.members[index][position])
            switch (field.isRequired, field.type.isNullable) {
            case (true, false): value = value.call("map", [.lambda(parameter, accessor)])
            case (true, true), (false, false): value = value.call("flatMap", [.lambda(parameter, accessor)])
            case (false, true): value = value.call("flatMap", [.lambda(parameter, accessor.call("toOptional"))])
            }
            type = field.type
        }
        return value
    }
}
