/// Declares the client with a method for each operation: `client.rb`.
struct RubyClient {
    let types: RubyTypes

    private var model: ClientModel { types.model }

    /// The class `Client`.
    func declaration() -> RubyDeclaration {
        .class(
            "Client", superclass: "BaseClient",
            comment: RubyText.comment(DocumentationText.joined(model.title, model.documentation) ?? "A client."),
            [
                .constant(
                    "DEFAULT_BASE_URL", .named("String"), .string(model.defaultBaseURL),
                    comment: ["Where calls go unless the client is told another place."])
            ] + zip(model.operations, types.symbols.operations).flatMap(methods)
                + (RubySockets(types: types).map { [.method($0.connect(self))] } ?? []))
    }

    private func methods(_ operation: Operation, _ names: RubySymbols.OperationNames) -> [RubyDeclaration] {
        let value = valueType(operation)
        var methods = [
            call(
                names.method, operation, names, returns: value,
                lines: comment(operation, names, returnLines(value, operation)),
                body: { .call($0, "value") }),
            call(
                names.response, operation, names, returns: .generic("Response", [value]),
                lines: ["Like {#\(names.method)}, with the whole answer.", "", "@return [Response]"], body: { $0 }),
        ]
        if operation.pagination != nil {
            methods.append(page(names.pages, "pages", value.withoutNil, operation, names))
            methods.append(
                page(names.items, "items", types.type(operation.pagination?.itemType ?? .json), operation, names))
        }
        return methods.map { .method($0) }
    }

    private func valueType(_ operation: Operation) -> RubyType {
        switch operation.output {
        case .none: .named("nil")
        case .json(let type): types.type(type)
        case .text, .binary: .named("String")
        }
    }

    private func returnLines(_ type: RubyType, _ operation: Operation) -> [String] {
        operation.output == .binary
            ? [
                "@yield [String] gives each piece of the body as it comes; then nothing is returned",
                "@return [String, nil]",
            ]
            : ["@return [\(type.comment)]"]
    }

    // MARK: Calls

    private func call(
        _ name: String, _ operation: Operation, _ names: RubySymbols.OperationNames, returns: RubyType,
        lines: [String], body: (RubyExpression) -> RubyExpression
    ) -> RubyMethod {
        var keywords: [RubyCall.Keyword] = []
        if operation.verb == "ANY" { keywords.append(.init("verb", .name("http_method"))) }
        if let request = operation.body {
            keywords.append(.init("body", .name("body")))
            if request.hasFreeType { keywords.append(.init("content_type", .name("content_type"))) }
        }
        var block: (RubyType, RubyType)?
        if operation.output == .binary {
            block = (.named("String"), name == names.method ? .named("nil") : .generic("Response", [.named("nil")]))
        }
        return RubyMethod(
            name: name, comment: lines, parameters: parameters(operation, names), returns: returns,
            block: block.map { (gives: $0, returns: $1) },
            body: [
                .expression(
                    body(.call(.name("@runner"), "call", arguments(names), keywords, passesBlock: block != nil)))
            ])
    }

    private func page(
        _ name: String, _ what: String, _ element: RubyType, _ operation: Operation,
        _ names: RubySymbols.OperationNames
    ) -> RubyMethod {
        RubyMethod(
            name: name,
            comment: [
                "The \(what) of {#\(names.method)}, each page asked for when it is needed.", "",
                "@return [Enumerator<\(element.comment)>]",
            ],
            parameters: parameters(operation, names),
            returns: .generic("Enumerator", [element, .untyped]),
            body: [.expression(.call(.name("@runner"), what, arguments(names)))])
    }

    private func arguments(_ names: RubySymbols.OperationNames) -> [RubyExpression] {
        [.name("Operations::" + names.constant), .array(names.parameters.map { .name($0) }), .name("options")]
    }

    /// Parameters of the method of an operation; the last one are the options.
    func parameters(_ operation: Operation, _ names: RubySymbols.OperationNames) -> [RubyMethod.Parameter] {
        var parameters: [RubyMethod.Parameter] = []
        if operation.verb == "ANY" {
            parameters.append(.init(name: "http_method", type: .named("String"), kind: .positional))
        }
        var optional: [RubyMethod.Parameter] = []
        for (parameter, name) in zip(operation.parameters, names.parameters) {
            let type = types.type(parameter.type.withoutNull)
            if parameter.isRequired {
                parameters.append(.init(name: name, type: type, kind: .keyword))
            } else {
                optional.append(.init(name: name, type: .optional(type), kind: .optionalKeyword(.null)))
            }
        }
        if let body = operation.body {
            let type = bodyType(body)
            if body.isRequired {
                parameters.append(.init(name: "body", type: type, kind: .keyword))
            } else {
                optional.append(.init(name: "body", type: .optional(type), kind: .optionalKeyword(.null)))
            }
            if body.hasFreeType {
                optional.append(
                    .init(name: "content_type", type: .optional(.named("String")), kind: .optionalKeyword(.null)))
            }
        }
        optional.append(
            .init(name: "options", type: .optional(.named("call_options")), kind: .optionalKeyword(.null)))
        return parameters + optional
    }

    private func bodyType(_ body: RequestBody) -> RubyType {
        switch body.kind {
        case .json(let type): types.type(type)
        case .text: .named("String")
        case .binary: .either([.named("String"), .named("IO"), .named("StringIO")])
        }
    }

    // MARK: Comments

    private func comment(
        _ operation: Operation, _ names: RubySymbols.OperationNames, _ returns: [String]
    ) -> [String] {
        let text = DocumentationText.joined(operation.summary, operation.documentation)
        var lines = RubyText.comment(text ?? "\(operation.verb) \(operation.pathText)")
        lines.append("")
        if operation.verb == "ANY" { lines.append("@param http_method [String] such as `GET`") }
        for (parameter, name) in zip(operation.parameters, names.parameters) { lines += comment(parameter, name) }
        if let body = operation.body {
            let shown: RubyType = body.isRequired ? bodyType(body) : .optional(bodyType(body))
            lines.append("@param body [\(shown.comment)]")
            if body.hasFreeType {
                lines += RubyModels.tagged(
                    "@param content_type [String, nil]", "media type of the body, if it is not \(body.mediaType)")
            }
        }
        lines.append("@param options [Hash, nil] see {CallOptions}")
        lines += returns
        for index in Set(operation.errors.map(\.type)).union(operation.defaultError.map { [$0] } ?? []).sorted() {
            if types.symbols.errors.indices.contains(index) {
                lines.append("@raise [Errors::\(types.symbols.errors[index])]")
            }
        }
        lines.append("@raise [Error]")
        if operation.isDeprecated { lines.append("@deprecated") }
        return lines
    }

    /// What comments say of a parameter.
    func comment(_ parameter: Parameter, _ name: String) -> [String] {
        let type = types.type(parameter.type.withoutNull)
        let shown: RubyType = parameter.isRequired ? type : .optional(type)
        let note = parameter.isDeprecated ? "Deprecated." : nil
        return RubyModels.tagged(
            "@param \(name) [\(shown.comment)]", DocumentationText.joined(note, parameter.documentation))
    }
}

extension RequestBody {
    /// Whether the caller may say of what type it is.
    fileprivate var hasFreeType: Bool {
        if case .json = kind { false } else { true }
    }
}

extension RubyType {
    /// The type without nil.
    fileprivate var withoutNil: RubyType {
        if case .optional(let inner) = self { return inner }
        return self
    }
}
