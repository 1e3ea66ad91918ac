internal import PorticoSyntax

/// Makes example values and calls for the documentation of a client.
struct TypeScriptSamples {
    private let model: ClientModel
    private let symbols: TypeScriptSymbols
    private let values: SampleValues

    init(_ model: ClientModel, _ symbols: TypeScriptSymbols) {
        self.model = model
        self.symbols = symbols
        values = SampleValues(model)
    }

    /// The arguments of a call: those that are required.
    func arguments(
        _ operation: Operation, _ names: TypeScriptSymbols.OperationSymbols
    ) -> [TypeScriptExpression] {
        var arguments: [TypeScriptExpression] = []
        if operation.verb == "ANY" { arguments.append(.text("POST")) }
        guard names.request != nil, TypeScriptClient.needsRequest(operation) else { return arguments }
        var members: [(key: String, value: TypeScriptExpression)] = []
        for (parameter, argument) in zip(operation.parameters, names.arguments) where parameter.isRequired {
            let sample = values.value(of: parameter.type, name: parameter.wireName)
            members.append((argument, expression(parameter.type, sample)))
        }
        if let body = operation.body, body.isRequired {
            switch body.kind {
            case .json(let type): members.append(("body", expression(type, values.value(of: type, name: "body"))))
            case .text: members.append(("body", .text("text")))
            case .binary: members.append(("body", .call("new Uint8Array", [.array([.number("1"), .number("2")])])))
            }
        }
        return arguments + [.object(members)]
    }

    /// The arguments of a route's method.
    func message(_ route: SocketRoute) -> [TypeScriptExpression] {
        if route.message == .json {
            return route.isMessageRequired || route.routeKey == nil ? [.object([("text", .text("hello"))])] : []
        }
        return [expression(route.message, values.value(of: route.message, name: "message"))]
    }

    /// What a value in JSON is written as in TypeScript.
    private func expression(_ type: TypeReference, _ value: JSONValue) -> TypeScriptExpression {
        switch (type, value) {
        // A type without an end has no example; what the compiler takes for any type stands there.
        case (.model, .null): return .call("JSON.parse", [.text("{}")])
        case (_, .null): return .null
        case (.nullable(let inner), _): return expression(inner, value)
        case (.int64, .number(let text)): return .number(text + "n")
        case (.timestamp, .string(let text)): return .call("new Date", [.text(text)])
        case (.bytes, .string): return .call("new TextEncoder().encode", [.text("hello")])
        case (.list(let element), .array(let values)): return .array(values.map { expression(element, $0) })
        case (.map(let element), .object(let members)):
            return .object(members.map { ($0.name, expression(element, $0.value)) })
        case (.model(let index), _) where model.types.indices.contains(index):
            return expression(index, value)
        default: return plain(value)
        }
    }

    private func expression(_ index: Int, _ value: JSONValue) -> TypeScriptExpression {
        switch model.types[index].shape {
        case .enumeration: return plain(value)
        case .union(let union):
            let position = values.variant(ofUnion: index)
            let kinds = TypeScriptSymbols.kinds(of: union)
            guard value != .null, union.variants.indices.contains(position), kinds.indices.contains(position) else {
                return plain(value)
            }
            return .object([
                ("kind", .text(kinds[position])), ("value", expression(union.variants[position].type, value)),
            ])
        case .structure(let structure):
            guard case .object(let members) = value else { return plain(value) }
            return .object(
                members.compactMap { member in
                    guard let field = structure.fields.first(where: { $0.wireName == member.name }),
                        field.constant == nil
                    else { return nil }
                    return (member.name, expression(field.type, member.value))
                })
        }
    }

    private func plain(_ value: JSONValue) -> TypeScriptExpression {
        switch value {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .number(let text): .number(text)
        case .string(let text): .text(text)
        case .array(let elements): .array(elements.map(plain))
        case .object(let members): .object(members.map { ($0.name, plain($0.value)) })
        }
    }
}
