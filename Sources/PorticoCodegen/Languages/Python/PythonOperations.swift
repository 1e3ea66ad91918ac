/// `_operations.py`: every operation as data, for both clients.
struct PythonOperations {
    private let model: ClientModel
    private let symbols: PythonSymbols
    private let types: PythonTypes

    init(_ model: ClientModel, _ symbols: PythonSymbols) {
        self.model = model
        self.symbols = symbols
        types = PythonTypes(model: model, symbols: symbols, prefix: "models.")
    }

    /// The text of the module.
    var text: String {
        var body = PythonPrinter()
        body.assignment(
            "PACKAGE",
            .call(
                "lib.Package",
                [
                    .init("base_url", .string(model.defaultBaseURL)), .init("user_agent", .string(userAgent)),
                ]))
        for (operation, call) in zip(model.operations, symbols.calls) {
            body.blank()
            body.assignment(call.constant, description(operation))
        }
        if let socket = model.socket {
            body.blank()
            body.assignment(
                "SOCKET",
                PythonSockets.description(socket, types, operation: description(socket.connect, at: .tuple([]))))
        }
        var printer = PythonPrinter()
        printer.header(model)
        printer.documentation(["The operations of the API, as data."])
        printer.blank()
        printer.importNames(["annotations"], from: "__future__")
        printer.blank()
        let modules = ["errors", "models"].filter { body.text.contains($0 + ".") }
        if !modules.isEmpty { printer.importNames(modules, from: ".") }
        printer.importName("operations", as: "lib", from: "._library")
        if model.socket != nil { printer.importNames(["SocketType"], from: "._library.sockets") }
        printer.blank()
        return printer.text + body.text
    }

    /// Product and version, in characters that a product of RFC 9110 may have.
    private var userAgent: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+")
        let version = String(model.version.prefix(40).map { plain.contains($0) ? $0 : "-" })
        return "portico-sdk-python/1 \(symbols.distribution)/\(version.isEmpty ? "0" : version)"
    }

    private func description(_ operation: Operation, at place: PythonExpression? = nil) -> PythonExpression {
        var arguments: [PythonExpression.Argument] = [
            .init(.string(operation.name)), .init(operation.verb == "ANY" ? .none : .string(operation.verb)),
            .init(place ?? path(operation)), .init(output(operation.output)),
        ]
        func add(_ label: String, _ value: PythonExpression) { arguments.append(.init(label, value)) }
        if !operation.parameters.isEmpty { add("parameters", .tuple(operation.parameters.map(parameter))) }
        if let body = operation.body { add("payload", payload(body)) }
        let declared = operation.errors.filter { symbols.errors.indices.contains($0.type) }
        if !declared.isEmpty {
            add("errors", .tuple(declared.map { .tuple([.number(String($0.status)), error($0.type)]) }))
        }
        if let other = operation.defaultError, symbols.errors.indices.contains(other) {
            add("default_error", error(other))
        }
        if let identity = identity(operation.security.identity) { add("identity", identity) }
        if operation.security.needsAPIKey { add("needs_api_key", .boolean(true)) }
        if let pagination = operation.pagination {
            func path(_ names: [String]) -> PythonExpression { .tuple(names.map { .string($0) }) }
            let parts: [PythonExpression.Argument] = [
                .init(.number(String(pagination.input))), .init(path(pagination.output)), .init(path(pagination.items)),
            ]
            add("pagination", .call("lib.Pagination", parts))
        }
        return .call("lib.Operation", arguments)
    }

    /// Literal pieces with the places for parameters between them.
    private func path(_ operation: Operation) -> PythonExpression {
        var pieces: [PythonExpression] = []
        var literal = ""
        for segment in operation.path {
            literal += "/"
            let index: Int
            var isGreedy = false
            switch segment {
            case .literal(let text):
                literal += text
                continue
            case .parameter(let number, _): index = number
            case .greedy(let number, _):
                index = number
                isGreedy = true
            }
            pieces.append(.string(literal))
            literal = ""
            var slot: [PythonExpression.Argument] = [.init(.number(String(index)))]
            if isGreedy { slot.append(.init("greedy", .boolean(true))) }
            pieces.append(.call("lib.Slot", slot))
        }
        if operation.path.isEmpty { literal = "/" }
        if !literal.isEmpty { pieces.append(.string(literal)) }
        return .tuple(pieces)
    }

    private func parameter(_ parameter: Parameter) -> PythonExpression {
        var arguments: [PythonExpression.Argument] = [
            .init(.string(parameter.wireName)), .init(.string(parameter.location.rawValue)),
        ]
        if case .list = parameter.type.withoutNull, case .joined(let separator) = parameter.listStyle {
            arguments.append(.init("separator", .string(separator)))
        }
        return .call("lib.Parameter", arguments)
    }

    private func payload(_ body: RequestBody) -> PythonExpression {
        let kind =
            switch body.kind {
            case .json: "json"
            case .text: "text"
            case .binary: "binary"
            }
        var arguments: [PythonExpression.Argument] = [.init(.string(kind)), .init(.string(body.mediaType))]
        if body.isRequired { arguments.append(.init("required", .boolean(true))) }
        if case .json(let type) = body.kind, types.takesNull(type) {
            arguments.append(.init("nullable", .boolean(true)))
        }
        return .call("lib.Payload", arguments)
    }

    private func output(_ output: Output) -> PythonExpression {
        switch output {
        case .none: return .call("lib.NoOutput", [])
        case .text: return .call("lib.TextOutput", [])
        case .binary: return .call("lib.BinaryOutput", [])
        case .json(let type):
            var arguments: [PythonExpression.Argument] = [.init(types.description(type))]
            if types.takesNull(type) { arguments.append(.init("optional", .boolean(true))) }
            return .call("lib.JSONOutput", arguments)
        }
    }

    private func error(_ index: Int) -> PythonExpression { .name("errors." + symbols.errors[index]) }

    private func identity(_ identity: OperationSecurity.Identity) -> PythonExpression? {
        func made(_ kind: String, _ rest: [PythonExpression.Argument] = []) -> PythonExpression {
            .call("lib.Identity", [.init(.string(kind))] + rest)
        }
        switch identity {
        case .none: return nil
        case .sigV4: return made("sigv4")
        case .token(let header): return made("token", [.init(.string(header))])
        case .bearer: return made("bearer")
        case .basic: return made("basic")
        case .key(let name, let inQuery):
            let rest: [PythonExpression.Argument] = inQuery ? [.init("in_query", .boolean(true))] : []
            return made("key", [.init(.string(name))] + rest)
        }
    }
}
