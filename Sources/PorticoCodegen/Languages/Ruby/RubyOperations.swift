/// Declares what the library must know of each operation: `operations.rb`.
struct RubyOperations {
    let types: RubyTypes

    /// The module `Operations`.
    func declaration() -> RubyDeclaration {
        .module(
            "Operations", comment: ["What calls are made of.", "@private"],
            zip(types.model.operations, types.symbols.operations).map { operation, names in
                .constant(names.constant, .named("Operation"), self.operation(operation, names), comment: [])
            } + socket())
    }

    private func socket() -> [RubyDeclaration] {
        guard let socket = types.model.socket, let names = types.symbols.socket else { return [] }
        return RubySockets(types: types).map {
            [$0.description(operation(socket.connect, names.connect, path: .array([])))]
        } ?? []
    }

    private func operation(
        _ operation: Operation, _ names: RubySymbols.OperationNames, path: RubyExpression? = nil
    ) -> RubyExpression {
        var keywords: [RubyCall.Keyword] = []
        if !operation.parameters.isEmpty {
            keywords.append(
                .init(
                    "parameters",
                    .array(
                        zip(operation.parameters, names.parameters).map {
                            parameter($0, $1, operation)
                        })))
        }
        if let body = operation.body { keywords.append(.init("body", self.body(body))) }
        if let output = output(operation.output) { keywords.append(.init("output", output)) }
        if !operation.errors.isEmpty {
            keywords.append(
                .init(
                    "errors",
                    .hash(operation.errors.map { (key: .number(String($0.status)), value: error($0.type)) })))
        }
        if let index = operation.defaultError { keywords.append(.init("default_error", error(index))) }
        if let security = security(operation.security) { keywords.append(.init("security", security)) }
        if let pagination = pagination(operation) { keywords.append(.init("pagination", pagination)) }
        return .call(
            .name("Operation"), "new",
            [.string(operation.name), .string(operation.verb), path ?? self.path(operation)], keywords)
    }

    /// Fixed text in one piece between parameters.
    private func path(_ operation: Operation) -> RubyExpression {
        var parts: [RubyExpression] = []
        var text = ""
        for segment in operation.path {
            text += "/"
            switch segment {
            case .literal(let literal): text += literal
            case .parameter(let index, _), .greedy(let index, _):
                parts += [.string(text), .number(String(index))]
                text = ""
            }
        }
        if !text.isEmpty || parts.isEmpty { parts.append(.string(text.isEmpty ? "/" : text)) }
        return .array(parts)
    }

    private func parameter(_ parameter: Parameter, _ name: String, _ operation: Operation) -> RubyExpression {
        var keywords: [RubyCall.Keyword] = []
        if parameter.isRequired { keywords.append(.init("required", .boolean(true))) }
        if case .list = parameter.type.withoutNull {
            keywords.append(.init("list", .boolean(true)))
            if case .joined(let separator) = parameter.listStyle {
                keywords.append(.init("separator", .string(separator)))
            }
        }
        return .call(
            .name("Parameter"), "new",
            [
                .symbol(name), .string(parameter.wireName), .symbol(location(parameter, operation)),
                types.codec(parameter.type.withoutNull),
            ], keywords)
    }

    private func location(_ parameter: Parameter, _ operation: Operation) -> String {
        let isGreedy = operation.path.contains { segment in
            if case .greedy(let index, _) = segment, operation.parameters.indices.contains(index) {
                return parameter.location == .path && operation.parameters[index].wireName == parameter.wireName
            }
            return false
        }
        return isGreedy ? "greedy" : parameter.location.rawValue
    }

    private func body(_ body: RequestBody) -> RubyExpression {
        var arguments: [RubyExpression] = []
        switch body.kind {
        case .json(let type):
            arguments = [.symbol("json"), .string(body.mediaType), .boolean(body.isRequired), types.codec(type)]
        case .text: arguments = [.symbol("text"), .string(body.mediaType), .boolean(body.isRequired)]
        case .binary: arguments = [.symbol("binary"), .string(body.mediaType), .boolean(body.isRequired)]
        }
        return .call(.name("BodyRule"), "new", arguments)
    }

    private func output(_ output: Output) -> RubyExpression? {
        switch output {
        case .none: nil
        case .json(let type): types.codec(type)
        case .text: .symbol("text")
        case .binary: .symbol("binary")
        }
    }

    private func error(_ index: Int) -> RubyExpression {
        .name("Errors::" + (types.symbols.errors.indices.contains(index) ? types.symbols.errors[index] : ""))
    }

    private func security(_ security: OperationSecurity) -> RubyExpression? {
        let (identity, name): (String, String?) =
            switch security.identity {
            case .none: ("none", nil)
            case .sigV4: ("sigv4", nil)
            case .token(let header): ("token", header)
            case .bearer: ("bearer", nil)
            case .basic: ("basic", nil)
            case .key(let name, let inQuery): (inQuery ? "query_key" : "header_key", name)
            }
        guard security.identity != .none || security.needsAPIKey else { return nil }
        var keywords: [RubyCall.Keyword] = []
        if let name { keywords.append(.init("name", .string(name))) }
        if security.needsAPIKey { keywords.append(.init("api_key", .boolean(true))) }
        return .call(.name("Security"), "new", [.symbol(identity)], keywords)
    }

    private func pagination(_ operation: Operation) -> RubyExpression? {
        guard let pagination = operation.pagination, case .json(let answer) = operation.output else { return nil }
        return .call(
            .name("Pagination"), "new",
            [
                .number(String(pagination.input)), .array(types.readers(pagination.output, of: answer)),
                .array(types.readers(pagination.items, of: answer)),
            ])
    }
}
