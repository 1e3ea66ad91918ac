/// Prints the calls of an API: `requests.ts` with their arguments, and `operations.ts` with what the library needs to
/// know of them.
struct TypeScriptOperations {
    let model: ClientModel
    let symbols: TypeScriptSymbols
    let header: String

    /// Both modules.
    func files() -> [GeneratedFile] { requests() + operations() }

    /// Operations, and what opens a connection.
    private var calls: [(Operation, TypeScriptSymbols.OperationSymbols)] {
        var calls = Array(zip(model.operations, symbols.operations))
        if let socket = model.socket, let names = symbols.socket { calls.append((socket.connect, names.connect)) }
        return calls
    }

    // MARK: Requests

    private func requests() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("requests", header: header)
        var types = TypeScriptTypes(model, symbols)
        for (operation, names) in calls {
            guard let name = names.request else { continue }
            var properties = zip(operation.parameters, names.arguments).map { parameter, argument in
                TypeScriptPrinter.Property(
                    name: argument, type: types.text(parameter.type), isOptional: !parameter.isRequired,
                    documentation: parameter.documentation, isDeprecated: parameter.isDeprecated)
            }
            if let body = operation.body {
                properties.append(
                    TypeScriptPrinter.Property(
                        name: "body", type: types.text(body.kind), isOptional: !body.isRequired,
                        documentation: "The body, sent as \(body.mediaType)."))
            }
            printer.interface(name, properties, documentation: "Arguments of `\(names.method)`.")
        }
        printer.importTypes(types.models, from: "models")
        printer.importTypes(types.library, from: "library/index")
        return printer.files()
    }

    // MARK: Data

    private func operations() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("operations", header: header)
        var types = TypeScriptTypes(model, symbols)
        var usesErrors = false
        for (operation, names) in calls {
            usesErrors = usesErrors || !operation.errors.isEmpty || operation.defaultError != nil
            printer.constant(
                names.constant, type: "OperationSpec<\(types.text(operation.output))>",
                specification(operation, names, types))
        }
        if usesErrors { printer.importModule(as: "errors", from: "errors") }
        printer.importTypes(types.models, from: "models")
        printer.importTypes(types.library, from: "library/index")
        if !calls.isEmpty { printer.importTypes(["OperationSpec"], from: "library/operations") }
        return printer.files()
    }

    /// ORDER OPERATION: Libraries/typescript/src/library/operations.ts.
    private func specification(
        _ operation: Operation, _ names: TypeScriptSymbols.OperationSymbols, _ types: TypeScriptTypes
    ) -> TypeScriptExpression {
        var members: [(key: String, value: TypeScriptExpression)] = [("name", .text(operation.name))]
        if operation.verb != "ANY" { members.append(("method", .text(operation.verb))) }
        members.append(("path", .array(operation.path.map { segment($0, names) })))
        if !operation.parameters.isEmpty {
            let parameters = zip(operation.parameters, names.arguments).map { parameter($0, $1, types) }
            members.append(("parameters", .array(parameters)))
        }
        if let body = operation.body { members.append(("body", self.body(body, types))) }
        switch operation.output {
        case .none: break
        case .text: members.append(("output", .text("text")))
        case .binary: members.append(("output", .text("binary")))
        case .json(let type): members.append(("output", .object([("json", types.spec(type))])))
        }
        let errors = operation.errors.compactMap { error in
            errorClass(error.type).map { (key: String(error.status), value: $0) }
        }
        if !errors.isEmpty { members.append(("errors", .object(errors))) }
        if let error = operation.defaultError.flatMap(errorClass) { members.append(("defaultError", error)) }
        if let identity = identity(operation.security) { members.append(("identity", identity)) }
        if operation.security.needsAPIKey { members.append(("needsAPIKey", .boolean(true))) }
        if let pagination = operation.pagination { members.append(("paging", paging(pagination, names))) }
        return .object(members)
    }

    private func segment(
        _ segment: PathSegment, _ names: TypeScriptSymbols.OperationSymbols
    ) -> TypeScriptExpression {
        switch segment {
        case .literal(let text): .text(text)
        case .parameter(let index, let name):
            .object([("argument", .text(argument(index, names) ?? name))])
        case .greedy(let index, let name):
            .object([("argument", .text(argument(index, names) ?? name)), ("greedy", .boolean(true))])
        }
    }

    private func argument(_ index: Int, _ names: TypeScriptSymbols.OperationSymbols) -> String? {
        names.arguments.indices.contains(index) ? names.arguments[index] : nil
    }

    private func parameter(
        _ parameter: Parameter, _ argument: String, _ types: TypeScriptTypes
    ) -> TypeScriptExpression {
        var members: [(key: String, value: TypeScriptExpression)] = [
            ("argument", .text(argument)), ("name", .text(parameter.wireName)),
            ("in", .text(parameter.location.rawValue)), ("type", types.spec(parameter.type)),
        ]
        if parameter.isRequired { members.append(("required", .boolean(true))) }
        if case .list = parameter.type, case .joined(let separator) = parameter.listStyle {
            members.append(("separator", .text(separator)))
        }
        return .object(members)
    }

    private func body(_ body: RequestBody, _ types: TypeScriptTypes) -> TypeScriptExpression {
        let kind: TypeScriptExpression =
            switch body.kind {
            case .json(let type): .object([("json", types.spec(type))])
            case .text: .text("text")
            case .binary: .text("binary")
            }
        var members: [(key: String, value: TypeScriptExpression)] = [
            ("as", kind), ("mediaType", .text(body.mediaType)),
        ]
        if body.isRequired { members.append(("required", .boolean(true))) }
        return .object(members)
    }

    private func errorClass(_ index: Int) -> TypeScriptExpression? {
        symbols.errors.indices.contains(index) ? .name("errors.\(symbols.errors[index])") : nil
    }

    private func identity(_ security: OperationSecurity) -> TypeScriptExpression? {
        switch security.identity {
        case .none: nil
        case .sigV4: .text("sigV4")
        case .bearer: .text("bearer")
        case .basic: .text("basic")
        case .token(let header): .object([("tokenHeader", .text(header))])
        case .key(let name, let inQuery):
            .object([("key", .text(name)), ("in", .text(inQuery ? "query" : "header"))])
        }
    }

    private func paging(
        _ pagination: Pagination, _ names: TypeScriptSymbols.OperationSymbols
    ) -> TypeScriptExpression {
        .object([
            ("input", .text(argument(pagination.input, names) ?? "")),
            ("output", .array(pagination.output.map { .text($0) })),
            ("items", .array(pagination.items.map { .text($0) })),
        ])
    }
}
