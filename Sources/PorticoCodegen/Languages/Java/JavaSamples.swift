internal import PorticoSyntax

/// Sample arguments as expressions.
struct JavaSamples {
    /// An expression that may take several lines.
    indirect enum Sample {
        case plain(JavaExpression)
        /// A builder with the calls between its beginning and its end.
        case builder(JavaType, [(name: String, value: Sample)])
    }

    let types: JavaTypes
    private let values: SampleValues

    init(types: JavaTypes) {
        self.types = types
        values = SampleValues(types.model)
    }

    /// A sample of an argument.
    func sample(_ argument: JavaOperations.Argument) -> Sample {
        guard let type = argument.reference else {
            let text = JavaExpression.string("hello")
            if argument.type == .string { return .plain(text) }
            return .plain(JavaExpression.type(argument.type).call("of", [text]))
        }
        return sample(values.value(of: type, name: argument.wireName), type)
    }

    /// A sample of a route's message.
    func message(_ route: SocketRoute) -> Sample {
        sample(values.value(of: route.message, name: "message"), route.message)
    }

    private func sample(_ value: JSONValue, _ type: TypeReference) -> Sample {
        if case .model(let index) = type.withoutNull { return model(value, index) }
        return .plain(expression(value, type))
    }

    private func model(_ value: JSONValue, _ index: Int) -> Sample {
        let name = types.symbols.types[index]
        let type = JavaExpression.type(name)
        switch types.model.types[index].shape {
        case .enumeration(let values):
            guard let text = value.text, let position = values.firstIndex(of: text) else {
                return .plain(type.call("of", [.string(value.text ?? "")]))
            }
            return .plain(type.field(types.symbols.members[index][position]))
        case .structure(let structure):
            var calls: [(name: String, value: Sample)] = []
            for (field, name) in zip(structure.fields, types.symbols.members[index]) where field.constant == nil {
                guard let member = value[field.wireName] else { continue }
                calls.append((name, sample(member, field.type)))
            }
            return .builder(name, calls)
        case .union(let union):
            let position = values.variant(ofUnion: index)
            guard value != .null, union.variants.indices.contains(position),
                types.symbols.members[index].indices.contains(position)
            else {
                return .plain(type.call("ofUnknown", [json(value)]))
            }
            return .plain(
                type.call(
                    "of" + types.symbols.members[index][position],
                    [flat(sample(value, union.variants[position].type))]))
        }
    }

    /// The sample as one expression.
    func flat(_ sample: Sample) -> JavaExpression {
        switch sample {
        case .plain(let expression): return expression
        case .builder(let type, let calls):
            return calls.reduce(JavaExpression.type(type).call("builder")) { $0.call($1.name, [flat($1.value)]) }
                .call("build")
        }
    }

    private func expression(_ value: JSONValue, _ type: TypeReference) -> JavaExpression {
        func library(_ name: String) -> JavaExpression { .type(types.symbols.runtime(name)) }
        switch type {
        case .string: return .string(value.text ?? "")
        case .boolean: return .literal(.boolean(true))
        case .int32: return .literal(.int(1))
        case .int64, .integer: return .literal(.long(1))
        case .double: return .literal(.double(1.5))
        case .bytes: return library("Bytes").call("ofUtf8", [.string("hello")])
        case .timestamp: return JavaExpression.type(.instant).call("parse", [.string(value.text ?? "")])
        case .date: return JavaExpression.type(.localDate).call("parse", [.string(value.text ?? "")])
        case .json: return json(value)
        case .nullable(let inner): return flat(sample(value, inner))
        case .model(let index): return flat(model(value, index))
        case .list(let element):
            return JavaExpression.type(.listOfAny).call("of", value.elements.map { flat(sample($0, element)) })
        case .map(let element):
            let pairs = value.objectMembers.flatMap { member in
                [JavaExpression.string(member.name), flat(sample(member.value, element))]
            }
            return JavaExpression.type(JavaType("Map", package: "java.util")).call("of", pairs)
        }
    }

    private func json(_ value: JSONValue) -> JavaExpression {
        JavaExpression.type(types.symbols.runtime("JsonValue")).call("parse", [.string("{}")])
    }
}
