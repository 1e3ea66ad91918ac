/// The file of the API's operations: methods of the client.
struct SwiftOperations {
    private let types: SwiftTypes

    private var model: ClientModel { types.model }

    init(_ types: SwiftTypes) { self.types = types.qualified }

    /// The text of the file.
    func text(header: String) -> String {
        var printer = SwiftPrinter()
        printer.line(header)
        printer.line()
        if model.operations.contains(where: needsFoundation) {
            printer.line("public import Foundation")
            printer.line()
        }
        printer.block("extension \(types.symbols.namespace).Client") { printer in
            printer.separated(zip(model.operations, types.symbols.operations)) { printer, entry in
                methods(of: entry.0, entry.1, &printer)
            }
        }
        return printer.text
    }

    private func needsFoundation(_ operation: Operation) -> Bool {
        var used = operation.parameters.map(\.type)
        if case .json(let type) = operation.body?.kind { used.append(type) }
        if case .json(let type) = operation.output { used.append(type) }
        return operation.output == .binary || used.contains(where: types.needsFoundation)
    }

    // MARK: Signatures

    private func parameterType(_ parameter: Parameter) -> String {
        types.text(parameter.type.withoutNull) + (parameter.isRequired ? "" : "?")
    }

    private func bodyType(_ body: RequestBody) -> String {
        let type =
            switch body.kind {
            case .json(let type): types.text(type)
            case .text: "String"
            case .binary: types.name("BinaryBody")
            }
        return body.isRequired || type.hasSuffix("?") ? type : type + "?"
    }

    /// The parameters of an operation's methods, but the options.
    func parameters(of operation: Operation, _ names: SwiftSymbols.OperationNames) -> [SwiftPrinter.Parameter] {
        var result: [SwiftPrinter.Parameter] = []
        if !names.verb.isEmpty { result.append(.init(names.verb, types.name("HTTPMethod"), label: "_")) }
        let parameters = Array(zip(operation.parameters, names.parameters))
        func add(_ isRequired: Bool) {
            for (parameter, name) in parameters where parameter.isRequired == isRequired {
                result.append(.init(name, parameterType(parameter), default: isRequired ? nil : "nil"))
            }
        }
        add(true)
        if let body = operation.body {
            result.append(.init(names.body, bodyType(body), default: body.isRequired ? nil : "nil"))
        }
        add(false)
        return result
    }

    private func optionsParameter(_ names: SwiftSymbols.OperationNames) -> SwiftPrinter.Parameter {
        SwiftPrinter.Parameter(names.options, types.name("CallOptions"), default: ".init()")
    }

    /// The arguments that hand the parameters on.
    private func arguments(_ parameters: [SwiftPrinter.Parameter], changing changed: [String: String] = [:]) -> [String]
    {
        parameters.map { parameter in
            let value = changed[parameter.name] ?? SwiftPrinter.name(parameter.name)
            return parameter.label == "_" ? value : "\(SwiftPrinter.label(parameter.name)): \(value)"
        }
    }

    private func outputType(_ output: Output) -> String {
        switch output {
        case .none: "Void"
        case .json(let type): types.text(type)
        case .text: "String"
        case .binary: "Data"
        }
    }

    // MARK: Methods

    private func methods(
        of operation: Operation, _ names: SwiftSymbols.OperationNames, _ printer: inout SwiftPrinter
    ) {
        let parameters = parameters(of: operation, names)
        let options = optionsParameter(names)
        let handed = (arguments(parameters) + ["\(names.options): \(names.options)"])
        let all = parameters + [options]
        let output = outputType(operation.output)
        var effects = SwiftPrinter.Effects(effects: "async throws")
        if operation.isDeprecated { effects.attributes = ["@available(*, deprecated)"] }
        let reference = "``\(names.method)(\(Self.labels(all)))``"

        documentation(of: operation, names, &printer)
        effects.result = output == "Void" ? nil : output
        printer.function("func \(SwiftPrinter.name(names.method))", all, effects) { printer in
            printer.call("try await self.\(names.responseMethod)", handed, end: ".value")
        }
        printer.line()
        printer.documentation(nil, fallback: "Like \(reference), with status, headers and bytes of the answer.")
        effects.result = "\(types.name("APIResponse"))<\(output)>"
        printer.function("func \(SwiftPrinter.name(names.responseMethod))", all, effects) { printer in
            if names.callMethod.isEmpty {
                call(operation, names, &printer)
                printer.line("return try await \(sending(operation, names))")
            } else {
                printer.call("let \(names.call) = self.\(names.callMethod)", arguments(parameters))
                printer.line("return try await self.sendForData(\(names.call), \(names.options))")
            }
        }
        if !names.callMethod.isEmpty { streamed(operation, names, parameters, effects, reference, &printer) }
        if let pagination = operation.pagination, let parts = PageParts(pagination, operation, types) {
            printer.line()
            pages(pagination, parts, operation, names, all, effects, reference, &printer)
        }
    }

    /// What is sent, for operations whose answer has two forms.
    private func streamed(
        _ operation: Operation, _ names: SwiftSymbols.OperationNames, _ parameters: [SwiftPrinter.Parameter],
        _ effects: SwiftPrinter.Effects, _ reference: String, _ printer: inout SwiftPrinter
    ) {
        var effects = effects
        let options = optionsParameter(names)
        printer.line()
        printer.documentation(nil, fallback: "Like \(reference), with the bytes of the answer as they come.")
        effects.result = "\(types.name("APIResponse"))<\(types.name("ByteStream"))>"
        printer.function("func \(SwiftPrinter.name(names.streamMethod))", parameters + [options], effects) { printer in
            printer.call("let \(names.call) = self.\(names.callMethod)", arguments(parameters))
            printer.line("return try await self.sendForStream(\(names.call), \(names.options))")
        }
        printer.line()
        let plain = SwiftPrinter.Effects(modifiers: "private", result: types.name("PreparedCall"))
        printer.function("func \(SwiftPrinter.name(names.callMethod))", parameters, plain) { printer in
            call(operation, names, &printer)
            printer.line("return \(names.call)")
        }
    }

    private func sending(_ operation: Operation, _ names: SwiftSymbols.OperationNames) -> String {
        let arguments = "\(names.call), \(names.options)"
        switch operation.output {
        case .none: return "self.send(\(arguments))"
        case .json(let type): return "self.send(\(arguments), \(types.codec(type)))"
        case .text: return "self.sendForText(\(arguments))"
        case .binary: return "self.sendForData(\(arguments))"
        }
    }

    private func documentation(
        of operation: Operation, _ names: SwiftSymbols.OperationNames, _ printer: inout SwiftPrinter
    ) {
        let place = "`\(operation.verb) \(SwiftModels.inline(operation.pathText))`"
        printer.documentation(
            DocumentationText.joined(operation.summary, operation.documentation, place), fallback: place)
        let isLonely = names.verb.isEmpty && operation.parameters.isEmpty && operation.body == nil
        let optionsText = "What only this call is told."
        printer.line(isLonely ? "/// - Parameter \(names.options): \(optionsText)" : "/// - Parameters:")
        if !names.verb.isEmpty { printer.parameterDocumentation(names.verb, "The HTTP method.") }
        let parameters = Array(zip(operation.parameters, names.parameters))
        func describe(_ isRequired: Bool) {
            for (parameter, name) in parameters where parameter.isRequired == isRequired {
                let place = "`\(SwiftModels.inline(parameter.wireName))` of the \(parameter.location.rawValue)."
                let text = DocumentationText.joined(
                    parameter.documentation, parameter.isDeprecated ? "Deprecated." : nil)
                printer.parameterDocumentation(name, text ?? place)
            }
        }
        describe(true)
        if let body = operation.body {
            printer.parameterDocumentation(names.body, "The body, `\(SwiftModels.inline(body.mediaType))`.")
        }
        describe(false)
        if !isLonely { printer.parameterDocumentation(names.options, optionsText) }
        switch operation.output {
        case .none: break
        case .json, .text: printer.line("/// - Returns: The decoded body of the answer.")
        case .binary: printer.line("/// - Returns: The bytes of the answer.")
        }
        let errors = operation.errors.map(\.type) + (operation.defaultError.map { [$0] } ?? [])
        let list = errors.map { "``\(types.errorName($0))``" }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        if !list.isEmpty { printer.documentation("- Throws: " + list.joined(separator: ", "), fallback: "") }
    }

    private static func labels(_ parameters: [SwiftPrinter.Parameter]) -> String {
        parameters.map { ($0.label ?? $0.name) + ":" }.joined()
    }

    // MARK: Bodies

    /// Everything that the operation adds to a request.
    /// - Parameter isSocket: Whether it opens a connection, at the base URL itself.
    func call(
        _ operation: Operation, _ names: SwiftSymbols.OperationNames, isSocket: Bool = false,
        _ printer: inout SwiftPrinter
    ) {
        let call = names.call
        printer.line(
            "var \(call) = \(types.name("PreparedCall"))(\(names.verb.isEmpty ? Self.method(operation.verb) : names.verb))"
        )
        if !isSocket { path(operation, names, &printer) }
        for (parameter, name) in zip(operation.parameters, names.parameters) {
            add(parameter, name, to: call, &printer)
        }
        if let body = operation.body {
            let mediaType = SwiftPrinter.literal(body.mediaType)
            switch body.kind {
            case .json(let type):
                let codec = types.codec(body.isRequired ? type : type.withoutNull)
                printer.line("\(call).json(\(names.body), \(codec), mediaType: \(mediaType))")
            case .text: printer.line("\(call).text(\(names.body), mediaType: \(mediaType))")
            case .binary: printer.line("\(call).binary(\(names.body), mediaType: \(mediaType))")
            }
        }
        security(operation.security, call, &printer)
        for error in operation.errors {
            printer.line("\(call).error(\(error.status), \(types.errorName(error.type)).self)")
        }
        if let index = operation.defaultError {
            printer.line("\(call).defaultError = \(types.errorName(index)).self")
        }
    }

    private static func method(_ verb: String) -> String {
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(verb)
            ? "." + verb.lowercased() : SwiftPrinter.literal(verb)
    }

    private func path(
        _ operation: Operation, _ names: SwiftSymbols.OperationNames, _ printer: inout SwiftPrinter
    ) {
        var literal = ""
        func flush() {
            if !literal.isEmpty { printer.line("\(names.call).literal(\(SwiftPrinter.literal(literal)))") }
            literal = ""
        }
        func add(_ kind: String, _ index: Int) {
            guard let name = names.parameters[safe: index], let parameter = operation.parameters[safe: index] else {
                return
            }
            literal += "/"
            flush()
            let wireName = SwiftPrinter.literal(parameter.wireName)
            let codec = types.codec(parameter.type.withoutNull)
            printer.line("\(names.call).\(kind)(\(wireName), \(SwiftPrinter.name(name)), \(codec))")
        }
        for segment in operation.path {
            switch segment {
            case .literal(let text): literal += "/" + text
            case .parameter(let index, _): add("segment", index)
            case .greedy(let index, _): add("greedy", index)
            }
        }
        if operation.path.isEmpty { literal = "/" }
        flush()
    }

    private func add(_ parameter: Parameter, _ name: String, to call: String, _ printer: inout SwiftPrinter) {
        var separator = ""
        if case .list = parameter.type.withoutNull, case .joined(let text) = parameter.listStyle {
            separator = ", joinedBy: \(SwiftPrinter.literal(text))"
        }
        let arguments =
            "\(SwiftPrinter.literal(parameter.wireName)), \(SwiftPrinter.name(name)), "
            + types.codec(parameter.type.withoutNull)
        switch parameter.location {
        case .path: break
        case .query: printer.line("\(call).query(\(arguments)\(separator))")
        case .header: printer.line("\(call).header(\(arguments)\(separator))")
        }
    }

    private func security(_ security: OperationSecurity, _ call: String, _ printer: inout SwiftPrinter) {
        switch security.identity {
        case .none: break
        case .sigV4: printer.line("\(call).identity = .sigV4")
        case .bearer: printer.line("\(call).identity = .bearer")
        case .basic: printer.line("\(call).identity = .basic")
        case .token(let header): printer.line("\(call).identity = .token(header: \(SwiftPrinter.literal(header)))")
        case .key(let name, let inQuery):
            printer.line("\(call).identity = .key(name: \(SwiftPrinter.literal(name)), inQuery: \(inQuery))")
        }
        if security.needsAPIKey { printer.line("\(call).needsAPIKey = true") }
    }

    // MARK: Pages

    /// Whether an operation has a method that pages through its results.
    func hasPages(_ operation: Operation) -> Bool {
        operation.pagination.map { PageParts($0, operation, types) != nil } ?? false
    }

    private func pages(
        _ pagination: Pagination, _ parts: PageParts, _ operation: Operation, _ names: SwiftSymbols.OperationNames,
        _ parameters: [SwiftPrinter.Parameter], _ effects: SwiftPrinter.Effects, _ reference: String,
        _ printer: inout SwiftPrinter
    ) {
        guard let input = names.parameters[safe: pagination.input] else { return }
        var effects = effects
        effects.effects = ""
        effects.result = "\(types.name("Pages"))<\(outputType(operation.output)), \(types.text(pagination.itemType))>"
        printer.documentation(
            nil, fallback: "The pages of \(reference), fetched as they are read; `items` has what is on them.")
        printer.function("func \(SwiftPrinter.name(names.pagesMethod))", parameters, effects) { printer in
            printer.line("\(types.name("Pages"))(")
            let token = "\(names.token) ?? \(SwiftPrinter.name(input))"
            printer.line("    fetch: { (\(names.token): String?) in")
            let handed = arguments(parameters, changing: [input: token])
            printer.line("        try await self.\(SwiftPrinter.name(names.method))(\(handed.joined(separator: ", ")))")
            printer.line("    },")
            printer.line("    token: { page in \(parts.token) },")
            printer.line("    items: { page in \(parts.items) })")
        }
    }
}

/// Expressions that lead to the next token and to the items of a page.
private struct PageParts {
    let token: String
    let items: String

    init?(_ pagination: Pagination, _ operation: Operation, _ types: SwiftTypes) {
        guard case .json(let page) = operation.output, let token = Self.path(pagination.output, of: page, types),
            let items = Self.path(pagination.items, of: page, types)
        else { return nil }
        self.token = token.expression
        self.items = items.isOptional ? items.expression + " ?? []" : items.expression
    }

    private static func path(
        _ names: [String], of type: TypeReference, _ types: SwiftTypes
    ) -> (expression: String, isOptional: Bool)? {
        var expression = "page"
        var type = type
        // Whether the last link is optional; and whether any is, which makes the whole expression so.
        var isLinkOptional = type.isNullable
        var isOptional = isLinkOptional
        for name in names {
            guard case .model(let index) = type.withoutNull, let shape = types.model.types[safe: index]?.shape,
                case .structure(let structure) = shape,
                let position = structure.fields.firstIndex(where: { $0.wireName == name }),
                let member = types.symbols.types[safe: index]?.members[safe: position]
            else { return nil }
            let field = structure.fields[position]
            expression += (isLinkOptional ? "?." : ".") + member
            // A property of three states.
            if !field.isRequired, field.type.isNullable { expression += "?.value" }
            isLinkOptional = !field.isRequired || field.type.isNullable
            isOptional = isOptional || isLinkOptional
            type = field.type
        }
        return (expression, isOptional)
    }
}
