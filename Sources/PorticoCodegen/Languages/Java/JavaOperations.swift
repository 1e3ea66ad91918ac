/// What the classes of an operation have in common: its arguments and results as types of Java.
struct JavaOperations: Sendable {
    /// An argument: a parameter, or the body.
    struct Argument: Sendable {
        /// What it is called.
        var name: String
        /// What the spec calls it.
        var wireName: String
        /// Its type, not boxed.
        var type: JavaType
        /// The type in the model, for documentation and checks; `nil` for bodies that are no JSON.
        var reference: TypeReference?
        var isRequired: Bool
        var documentation: String?
        var isDeprecated = false
    }

    let types: JavaTypes
    var symbols: JavaSymbols { types.symbols }

    /// All arguments of an operation, required ones first, but the body behind the required parameters.
    func arguments(_ index: Int) -> [Argument] {
        let operation = types.model.operations[index]
        var arguments = zip(operation.parameters, symbols.calls[index].parameters).map { parameter, name in
            Argument(
                name: name, wireName: parameter.wireName, type: types.type(parameter.type), reference: parameter.type,
                isRequired: parameter.isRequired, documentation: parameter.documentation,
                isDeprecated: parameter.isDeprecated)
        }
        if let body = operation.body {
            var argument = Argument(
                name: "body", wireName: "body", type: .string, isRequired: body.isRequired,
                documentation: "The body, \(body.mediaType).")
            switch body.kind {
            case .json(let type):
                argument.reference = type.withoutNull
                argument.type = types.type(type.withoutNull)
            case .text: break
            case .binary: argument.type = symbols.runtime("Body")
            }
            arguments.append(argument)
        }
        return arguments.filter(\.isRequired) + arguments.filter { !$0.isRequired }
    }

    /// The type of what an operation answers with.
    func result(_ output: Output) -> JavaType {
        switch output {
        case .none: .void
        case .text: .string
        case .binary: .bytes
        case .json(.nullable(let inner)): .optional(types.type(inner))
        case .json(let type): types.type(type)
        }
    }

    /// The type of the pages of an operation; `nil` if it has none.
    func pages(_ index: Int) -> JavaType? {
        let operation = types.model.operations[index]
        guard let pagination = operation.pagination, case .json = operation.output,
            symbols.calls[index].request != nil
        else { return nil }
        return symbols.runtime("Pages", [result(operation.output), types.type(pagination.itemType)])
    }

    /// The library's description of what an operation answers with.
    func output(_ output: Output) -> JavaExpression {
        let library = JavaExpression.type(symbols.runtime("Output"))
        return switch output {
        case .none: library.field("NONE")
        case .text: library.field("TEXT")
        case .binary: library.field("BYTES")
        case .json(.nullable(let inner)): library.call("optionalJson", [types.codec(inner)])
        case .json(let type): library.call("json", [types.codec(type)])
        }
    }

    /// The HTTP method, which callers give to operations that take any.
    static let method = JavaPrinter.Parameter(name: "method", type: .string)

    /// Parameters of the method of an operation that takes its required arguments alone; `nil` if they are too many.
    func positional(_ index: Int) -> [JavaPrinter.Parameter]? {
        let operation = types.model.operations[index]
        guard JavaSymbols.isPositional(operation) else { return nil }
        return (operation.verb == "ANY" ? [Self.method] : [])
            + arguments(index).filter(\.isRequired).map { .init(name: $0.name, type: $0.type) }
    }

    /// Parameters of the method of an operation that takes a request; `nil` if it has none.
    func request(_ index: Int) -> [JavaPrinter.Parameter]? {
        guard let request = symbols.calls[index].request else { return nil }
        return (types.model.operations[index].verb == "ANY" ? [Self.method] : [])
            + [.init(name: "request", type: request)]
    }
}
