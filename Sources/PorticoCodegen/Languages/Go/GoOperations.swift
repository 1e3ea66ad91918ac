/// Writes the methods of the client, with the structures of their inputs.
struct GoOperations {
    let types: GoTypes

    private var model: ClientModel { types.model }
    private var symbols: GoSymbols { types.symbols }

    /// Files of operations in the order of the document: one for each tag, and one for operations without.
    var files: [(path: String, indices: [Int])] {
        var order: [String] = []
        var indices: [String: [Int]] = [:]
        for (index, operation) in symbols.operations.enumerated() {
            if indices[operation.file] == nil { order.append(operation.file) }
            indices[operation.file, default: []].append(index)
        }
        return order.map { ($0, indices[$0] ?? []) }
    }

    /// Writes an operation.
    func write(_ index: Int, to printer: inout GoPrinter) {
        let operation = model.operations[index]
        let names = symbols.operations[index]
        printer.use(["context"])
        writeInput(operation, names, &printer)
        if operation.output == .binary {
            writeBinary(operation, names, &printer)
        } else {
            printer.function(
                signature(operation, names, name: names.method, results: results(operation, &printer)),
                GoDocumentation.operation(names.method, operation)
            ) { statements in
                prepare(operation, names, &statements)
                statements.giveBack(GoCall.text(caller(operation.output), ["ctx", "c", "r", "options"]))
            }
        }
        if let pagination = operation.pagination, let name = names.pager {
            writePager(operation, names, name, pagination, &printer)
        }
    }

    // MARK: Inputs

    /// Writes the structure of an operation's inputs, if it has any.
    func writeInput(_ operation: Operation, _ names: GoSymbols.OperationSymbols, _ printer: inout GoPrinter) {
        guard let input = names.input else { return }
        var fields: [GoPrinter.Field] = []
        for (parameter, name) in zip(operation.parameters, names.parameters) {
            printer.use(types.imports(parameter.type))
            var documentation = GoDocumentation.parameter(parameter)
            // Of values without pointers only the text tells.
            if parameter.isRequired, types.hasNil(parameter.type) {
                documentation = [documentation, "Required."].compactMap { $0 }.joined(separator: "\n\n")
            }
            fields.append(
                .init(
                    name: name, type: types.text(parameter.type, isRequired: parameter.isRequired),
                    documentation: documentation))
        }
        if let body = operation.body {
            if case .json(let type) = body.kind { printer.use(types.imports(type)) }
            if case .binary = body.kind { printer.use(["io"]) }
            let kind = "\(names.body) is sent as \(body.mediaType)."
            fields.append(
                .init(
                    name: names.body, type: bodyType(body), documentation: kind + (body.isRequired ? "" : " Optional."))
            )
        }
        printer.structure(input, "\(input) is what \(names.method) takes.", fields)
    }

    private func bodyType(_ body: RequestBody) -> String {
        switch body.kind {
        case .json(let type): types.text(type, isRequired: body.isRequired)
        case .text: body.isRequired ? "string" : "*string"
        case .binary: "io.Reader"
        }
    }

    // MARK: Calls

    private func signature(
        _ operation: Operation, _ names: GoSymbols.OperationSymbols, name: String, results: [String]
    ) -> GoPrinter.Signature {
        .init(
            receiver: "c *Client", name: name,
            parameters: ["ctx context.Context"] + arguments(operation, names).map { "\($0.name) \($0.type)" }
                + ["options ...CallOption"],
            results: results)
    }

    /// What stands between the context and the options.
    private func arguments(
        _ operation: Operation, _ names: GoSymbols.OperationSymbols
    ) -> [(name: String, type: String)] {
        var arguments: [(name: String, type: String)] = []
        if operation.verb == "ANY" { arguments.append(("method", "string")) }
        if let input = names.input { arguments.append(("in", "*\(input)")) }
        return arguments
    }

    private func results(_ operation: Operation, _ printer: inout GoPrinter) -> [String] {
        switch operation.output {
        case .none: return ["error"]
        case .text: return ["string", "error"]
        case .binary: return ["[]byte", "error"]
        case .json(let type):
            printer.use(types.imports(type))
            return [types.output(type), "error"]
        }
    }

    private func caller(_ output: Output) -> String {
        switch output {
        case .none: "callNothing"
        case .text: "callText"
        case .binary: "callBytes"
        case .json(let type):
            types.isPointerOutput(type) ? "callPointer[\(types.text(type))]" : "callValue[\(types.text(type))]"
        }
    }

    /// Bytes come in two forms; what they send is written once.
    private func writeBinary(_ operation: Operation, _ names: GoSymbols.OperationSymbols, _ printer: inout GoPrinter) {
        printer.use(["io"])
        let maker = "requestOf" + names.method
        let arguments = arguments(operation, names)
        printer.function(
            .init(name: maker, parameters: arguments.map { "\($0.name) \($0.type)" }, results: ["*request"]), nil
        ) { statements in
            prepare(operation, names, &statements)
            statements.giveBack("r")
        }
        let request = GoCall.text(maker, arguments.map(\.name))
        printer.function(
            signature(operation, names, name: names.method, results: ["[]byte", "error"]),
            GoDocumentation.operation(names.method, operation)
        ) { $0.giveBack(GoCall.text("callBytes", ["ctx", "c", request, "options"])) }
        guard let stream = names.stream else { return }
        printer.function(
            signature(operation, names, name: stream, results: ["io.ReadCloser", "error"]),
            "\(stream) does what \(names.method) does, and gives the bytes as they come. Close what it returns."
        ) { $0.giveBack(GoCall.text("callStream", ["ctx", "c", request, "options"])) }
    }

    /// Declares `r`, the request, and fills it.
    private func prepare(
        _ operation: Operation, _ names: GoSymbols.OperationSymbols, _ statements: inout GoStatements
    ) {
        if let input = names.input {
            statements.when("in == nil") { $0.assign("in", "&\(input){}") }
        }
        let method = operation.verb == "ANY" ? "method" : GoPrinter.string(operation.verb)
        statements.declare(
            "r", GoCall.text("newRequest", [GoPrinter.string(operation.name), method, security(operation.security)]))
        for step in pathSteps(operation) {
            switch step {
            case .literal(let text): statements.call("r.literal", [GoPrinter.string(text)])
            case .parameter(let index, let name):
                statements.call("r.segment", [GoPrinter.string(name), "in.\(names.parameters[index])"])
            case .greedy(let index, let name):
                statements.call("r.rest", [GoPrinter.string(name), "in.\(names.parameters[index])"])
            }
        }
        addParameters(operation, names, &statements)
        if let body = operation.body { send(body, "in." + names.body, &statements) }
        for error in operation.errors {
            statements.call("r.fails", [String(error.status), "new" + symbols.errors[error.type]])
        }
        if let error = operation.defaultError { statements.call("r.fails", ["0", "new" + symbols.errors[error]]) }
    }

    /// Declares `r`, the request that opens a connection: without path, as the base URL is its whole address.
    func prepareSocket(
        _ operation: Operation, _ names: GoSymbols.OperationSymbols, _ statements: inout GoStatements
    ) {
        statements.declare(
            "r",
            GoCall.text(
                "newRequest", [GoPrinter.string(operation.name), "\"GET\"", security(operation.security)]))
        addParameters(operation, names, &statements)
    }

    /// Segments with their slashes, fixed ones joined.
    private func pathSteps(_ operation: Operation) -> [PathSegment] {
        var steps: [PathSegment] = []
        var fixed = ""
        for segment in operation.path {
            fixed += "/"
            guard case .literal(let text) = segment else {
                steps += [.literal(fixed), segment]
                fixed = ""
                continue
            }
            fixed += text
        }
        if operation.path.isEmpty { fixed = "/" }
        return fixed.isEmpty ? steps : steps + [.literal(fixed)]
    }

    private func addParameters(
        _ operation: Operation, _ names: GoSymbols.OperationSymbols, _ statements: inout GoStatements
    ) {
        for (parameter, name) in zip(operation.parameters, names.parameters) {
            let wireName = GoPrinter.string(parameter.wireName)
            switch parameter.location {
            case .path: break
            case .query: statements.call("r.parameter", [wireName, "in.\(name)", style(parameter.listStyle)])
            case .header: statements.call("r.headerParameter", [wireName, "in.\(name)"])
            }
        }
    }

    private func send(_ body: RequestBody, _ value: String, _ statements: inout GoStatements) {
        let mediaType = GoPrinter.string(body.mediaType)
        switch body.kind {
        case .json(let type):
            if body.isRequired {
                statements.call("r.jsonBody", [value, mediaType])
            } else {
                let condition = type.isNullable ? "\(value).IsSet()" : "\(value) != nil"
                statements.when(condition) { $0.call("r.jsonBody", [value, mediaType]) }
            }
        case .text:
            if body.isRequired {
                statements.call("r.textBody", [value, mediaType])
            } else {
                statements.when("\(value) != nil") { $0.call("r.textBody", ["*" + value, mediaType]) }
            }
        case .binary:
            if body.isRequired {
                statements.call("r.streamBody", [value, mediaType])
            } else {
                statements.when("\(value) != nil") { $0.call("r.streamBody", [value, mediaType]) }
            }
        }
    }

    private func style(_ style: Parameter.ListStyle) -> String {
        switch style {
        case .repeated: "repeated"
        case .joined(","): "commas"
        case .joined(" "): "blanks"
        case .joined("|"): "pipes"
        case .joined("\t"): "tabs"
        case .joined(let separator): GoPrinter.string(separator)
        }
    }

    private func security(_ security: OperationSecurity) -> String {
        var parts: [String] = []
        switch security.identity {
        case .none: break
        case .sigV4: parts.append("identity: signedIdentity")
        case .token(let header): parts += ["identity: tokenIdentity", "name: \(GoPrinter.string(header))"]
        case .bearer: parts.append("identity: bearerIdentity")
        case .basic: parts.append("identity: basicIdentity")
        case .key(let name, let inQuery):
            parts += [
                "identity: \(inQuery ? "queryKeyIdentity" : "headerKeyIdentity")", "name: \(GoPrinter.string(name))",
            ]
        }
        if security.needsAPIKey { parts.append("needsAPIKey: true") }
        return "security{\(parts.joined(separator: ", "))}"
    }

    // MARK: Paging

    private func writePager(
        _ operation: Operation, _ names: GoSymbols.OperationSymbols, _ name: String, _ pagination: Pagination,
        _ printer: inout GoPrinter
    ) {
        guard case .json(let answer) = operation.output, let input = names.input,
            operation.parameters.indices.contains(pagination.input)
        else { return }
        let page = types.output(answer)
        let item = types.text(pagination.itemType)
        printer.use(types.imports(pagination.itemType))
        let tokenField = names.parameters[pagination.input]
        let isRequired = operation.parameters[pagination.input].isRequired
        let arguments = arguments(operation, names)
        printer.function(
            .init(
                receiver: "c *Client", name: name,
                parameters: arguments.map { "\($0.name) \($0.type)" } + ["options ...CallOption"],
                results: ["*Pager[\(page), \(item)]"]),
            "\(name) goes through all pages of \(names.method)."
        ) { statements in
            statements.variable("input", input)
            statements.when("in != nil") { $0.assign("input", "*in") }
            statements.closure("fetch", ["ctx context.Context", "token *string"], "(\(page), error)") { inner in
                inner.declare("next", "input")
                if isRequired {
                    inner.when("token != nil") { $0.assign("next.\(tokenField)", "*token") }
                } else {
                    inner.assign("next.\(tokenField)", "token")
                }
                let values = ["ctx"] + arguments.map { $0.name == "in" ? "&next" : $0.name } + ["options..."]
                inner.giveBack(GoCall.text("c.\(names.method)", values))
            }
            statements.closure("read", ["page \(page)"], "(token string, items []\(item))") { inner in
                inner.when("page == nil") { $0.giveBack("token", "items") }
                access(pagination.output, "page", answer, isPointer: true, target: "token", &inner)
                access(pagination.items, "page", answer, isPointer: true, target: "items", &inner)
                inner.giveBack("token", "items")
            }
            let start = isRequired ? "&input.\(tokenField)" : "input.\(tokenField)"
            statements.giveBack(GoCall.text("newPager", [GoPrinter.string(operation.name), start, "fetch", "read"]))
        }
    }

    /// Assigns what a path of properties leads to, if it is there.
    private func access(
        _ path: [String], _ value: String, _ type: TypeReference, isPointer: Bool, target: String,
        _ statements: inout GoStatements
    ) {
        guard let property = path.first else {
            statements.assign(target, isPointer ? "*" + value : value)
            return
        }
        guard case .model(let index) = type.withoutNull, model.types.indices.contains(index),
            case .structure(let structure) = model.types[index].shape,
            let position = structure.fields.firstIndex(where: { $0.wireName == property })
        else { return }
        let field = structure.fields[position]
        let member = "\(value).\(symbols.members[index][position])"
        let rest = Array(path.dropFirst())
        if !field.isRequired, field.type.isNullable {
            statements.when("value, ok := \(member).Get(); ok") { block in
                access(rest, "value", field.type.withoutNull, isPointer: false, target: target, &block)
            }
        } else if field.type.isNullable || types.isEndless(field, in: index)
            || !field.isRequired && !types.hasNil(field.type)
        {
            statements.when("value := \(member); value != nil") { block in
                access(rest, "value", field.type.withoutNull, isPointer: true, target: target, &block)
            }
        } else {
            access(rest, member, field.type, isPointer: false, target: target, &statements)
        }
    }
}
