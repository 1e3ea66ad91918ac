internal import PorticoSyntax

/// Calls of operations with example values, for the README.
struct PythonSamples {
    private let model: ClientModel
    private let symbols: PythonSymbols
    private let values: SampleValues

    init(_ model: ClientModel, _ symbols: PythonSymbols) {
        self.model = model
        self.symbols = symbols
        values = SampleValues(model)
    }

    /// What a sample does with the client.
    enum Use {
        /// Calls the operation and prints what it gives.
        case call
        /// Writes the body to a file as it comes.
        case stream
        /// Prints the items of all pages.
        case items
        /// Catches what may go wrong.
        case errors
        /// Prints the status beside the value.
        case response
    }

    /// A program that calls an operation.
    func program(_ operation: Operation, _ call: PythonSymbols.Call, _ use: Use = .call, isAsync: Bool = false)
        -> String
    {
        var body = PythonPrinter()
        let kind = isAsync ? "AsyncClient" : "Client"
        let client = PythonExpression.call(kind, options(operation.security))
        if isAsync {
            body.script("main") { printer in
                printer.with(client, as: "client", isAsync: true) { statements(operation, call, use, true, &$0) }
            }
        } else {
            body.with(client, as: "client") { statements(operation, call, use, false, &$0) }
        }
        var printer = PythonPrinter()
        if isAsync { printer.importModule("asyncio") }
        if body.text.contains("dt.") { printer.importModule("datetime", as: "dt") }
        if !printer.text.isEmpty { printer.blank() }
        let used = [("UnknownValue", "UnknownValue("), ("errors", "errors."), ("models", "models.")]
        let names = [kind] + used.filter { body.text.contains($0.1) }.map(\.0)
        printer.importNames(names, from: symbols.package)
        if isAsync { printer.gap() } else { printer.blank() }
        return printer.text + body.text
    }

    /// A program that opens a connection, sends a message and goes through what comes, or only sends one.
    func connection(
        _ socket: Socket, _ names: PythonSymbols.SocketNames, sending: (SocketRoute, String)? = nil,
        isAsync: Bool = false
    ) -> String {
        var body = PythonPrinter()
        let client = PythonExpression.call(
            isAsync ? "AsyncClient" : "Client", options(socket.connect.security))
        func talk(_ printer: inout PythonPrinter) {
            let open = PythonExpression.call("client." + names.connect.name, arguments(socket.connect, names.connect))
            printer.with(open, as: "socket", isAsync: isAsync) { printer in
                if let (route, name) = sending ?? zip(socket.routes, names.routes).first(where: { !$0.0.isDeprecated })
                {
                    let value = expression(route.message, values.value(of: route.message, name: "message"))
                    // A route's key needs an object.
                    let isAny = route.message == .json
                    let arguments: [PythonExpression.Argument] =
                        isAny && !route.isMessageRequired && route.routeKey != nil
                        ? [] : [.init(isAny ? .dictionary([("text", .string("hello"))]) : value)]
                    let send = PythonExpression.call("socket." + name, arguments)
                    printer.statement(isAsync ? .await(send) : send)
                }
                guard sending == nil else { return }
                printer.forEach("message", in: .name("socket"), isAsync: isAsync) {
                    $0.statement(.call("print", [.init(.name("message.value"))]))
                }
            }
        }
        if isAsync {
            body.script("main") { printer in
                printer.with(client, as: "client", isAsync: true) { talk(&$0) }
            }
        } else {
            body.with(client, as: "client") { talk(&$0) }
        }
        var printer = PythonPrinter()
        if isAsync { printer.importModule("asyncio") }
        if body.text.contains("dt.") { printer.importModule("datetime", as: "dt") }
        if !printer.text.isEmpty { printer.blank() }
        let used = [("UnknownValue", "UnknownValue("), ("models", "models.")]
        printer.importNames(
            [isAsync ? "AsyncClient" : "Client"] + used.filter { body.text.contains($0.1) }.map(\.0),
            from: symbols.package)
        if isAsync { printer.gap() } else { printer.blank() }
        return printer.text + body.text
    }

    private func statements(
        _ operation: Operation, _ call: PythonSymbols.Call, _ use: Use, _ isAsync: Bool, _ printer: inout PythonPrinter
    ) {
        func awaited(_ value: PythonExpression) -> PythonExpression { isAsync ? .await(value) : value }
        func printed(_ value: PythonExpression) -> PythonExpression { .call("print", [.init(value)]) }
        let arguments = arguments(operation, call)
        switch use {
        case .call:
            let value = awaited(.call("client." + call.name, arguments))
            if operation.output == .none {
                printer.statement(value)
            } else {
                printer.assignment("result", value)
                printer.statement(printed(.name(operation.output == .binary ? "len(result)" : "result")))
            }
        case .stream:
            let value = PythonExpression.call("client." + call.stream, arguments)
            printer.with(awaited(value), as: "stream", isAsync: isAsync) { printer in
                printer.with(.call("open", [.init(.string("result.bin")), .init(.string("wb"))]), as: "file") {
                    printer in
                    printer.forEach("chunk", in: .name(isAsync ? "stream" : "stream.chunks()"), isAsync: isAsync) {
                        $0.statement(.call("file.write", [.init(.name("chunk"))]))
                    }
                }
            }
        case .items:
            printer.forEach("item", in: .call("client." + call.items, arguments), isAsync: isAsync) {
                $0.statement(printed(.name("item")))
            }
        case .errors:
            printer.attempt({ statements(operation, call, .call, isAsync, &$0) }) { printer in
                if let declared = operation.errors.first(where: { symbols.errors.indices.contains($0.type) }) {
                    let error = PythonExpression.name(
                        model.errors[declared.type].body == nil ? "error.message" : "error.body")
                    printer.handler("errors." + symbols.errors[declared.type], as: "error") {
                        $0.statement(printed(error))
                    }
                }
                printer.handler("errors.ResponseError", as: "error") {
                    $0.statement(
                        .call("print", ["status", "request_id", "message"].map { .init(.name("error." + $0)) }))
                }
                printer.handler("errors.APIError", as: "error") { $0.statement(printed(.name("error"))) }
            }
        case .response:
            let method = PythonExpression.Argument(.name("client." + call.name))
            printer.assignment("response", awaited(.call("client.with_response", [method] + arguments)))
            let parts = ["status", "request_id", "headers", "value"].map { PythonExpression.name("response." + $0) }
            printer.statement(.call("print", parts.map { .init($0) }))
        }
    }

    /// What a client needs for an operation; keys of AWS come from the environment.
    func options(_ security: OperationSecurity) -> [PythonExpression.Argument] {
        var options: [PythonExpression.Argument] = []
        if security.needsAPIKey { options.append(.init("api_key", .string("your-api-key"))) }
        switch security.identity {
        case .none: break
        case .sigV4: options.append(.init("region", .string("us-east-1")))
        case .token, .bearer: options.append(.init("token", .string("your-token")))
        case .basic:
            options.append(.init("username", .string("ada")))
            options.append(.init("password", .string("your-password")))
        case .key(let name, _): options.append(.init("keys", .dictionary([(name, .string("your-key"))])))
        }
        return options
    }

    private func arguments(_ operation: Operation, _ call: PythonSymbols.Call) -> [PythonExpression.Argument] {
        var arguments: [PythonExpression.Argument] = []
        if operation.verb == "ANY" { arguments.append(.init(.string(operation.body == nil ? "GET" : "POST"))) }
        for parameter in operation.parameters where parameter.isRequired {
            let value = values.value(of: parameter.type, name: parameter.wireName)
            arguments.append(.init(expression(parameter.type, value)))
        }
        if let body = operation.body {
            let value: PythonExpression =
                switch body.kind {
                case .json(let type): expression(type, values.value(of: type, name: "body"))
                case .text: .string("text")
                case .binary: .bytes(Array("bytes".utf8))
                }
            arguments.append(body.isRequired ? .init(value) : .init("body", value))
        }
        return arguments
    }

    private func expression(_ type: TypeReference, _ value: JSONValue) -> PythonExpression {
        switch (type, value) {
        // An example that would have no end stops with null, whatever the type.
        case (.model(let index), .null): return endless(index)
        case (_, .null): return .none
        case (.bytes, _): return .bytes(Array("hello".utf8))
        case (.timestamp, _):
            let numbers = ["2026", "1", "2", "3", "4", "5"].map { PythonExpression.Argument(.number($0)) }
            return .call("dt.datetime", numbers + [.init("tzinfo", .name("dt.timezone.utc"))])
        case (.date, _): return .call("dt.date", ["2026", "1", "2"].map { .init(.number($0)) })
        case (.nullable(let inner), _): return expression(inner, value)
        case (.list(let element), .array(let elements)): return .list(elements.map { expression(element, $0) })
        case (.map(let element), .object(let members)):
            return .dictionary(members.map { ($0.name, expression(element, $0.value)) })
        case (.model(let index), _): return named(index, value)
        default: return literal(value)
        }
    }

    /// What a type checker takes for a value of a type that has no example.
    private func endless(_ index: Int) -> PythonExpression {
        guard model.types.indices.contains(index), case .structure = model.types[index].shape else {
            return .call("UnknownValue", [.init(.none)])
        }
        return .call("models." + symbols.types[index] + ".from_json", [.init(.dictionary([]))])
    }

    private func named(_ index: Int, _ value: JSONValue) -> PythonExpression {
        guard model.types.indices.contains(index) else { return literal(value) }
        let name = "models." + symbols.types[index]
        switch (model.types[index].shape, value) {
        case (.enumeration(let values), .string(let text)):
            let known = values.firstIndex(of: text).map {
                PythonExpression.name(name + "." + symbols.constants[index][$0])
            }
            return known ?? .call(name, [.init(.string(text))])
        case (.union(let union), _):
            let position = self.values.variant(ofUnion: index)
            guard value != .null, union.variants.indices.contains(position) else {
                return .call("UnknownValue", [.init(literal(value))])
            }
            return expression(union.variants[position].type, value)
        case (.structure(let structure), .object(let members)):
            let arguments = zip(symbols.fields[index], structure.fields).compactMap { name, field in
                // The constructor knows constants by itself.
                field.constant != nil
                    ? nil
                    : members.first { $0.name == field.wireName }.map {
                        PythonExpression.Argument(name, expression(field.type, $0.value))
                    }
            }
            return .call(name, arguments)
        default: return literal(value)
        }
    }

    private func literal(_ value: JSONValue) -> PythonExpression {
        switch value {
        case .null: .none
        case .boolean(let value): .boolean(value)
        case .number(let text): .number(text)
        case .string(let text): .string(text)
        case .array(let elements): .list(elements.map(literal))
        case .object(let members): .dictionary(members.map { ($0.name, literal($0.value)) })
        }
    }
}
