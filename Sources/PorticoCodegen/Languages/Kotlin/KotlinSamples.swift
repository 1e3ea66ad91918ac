internal import PorticoSyntax

/// Sample arguments as expressions.
struct KotlinSamples {
    /// An expression that may take several lines.
    indirect enum Sample {
        case plain(KotlinExpression)
        /// A structure with the calls of its lambda.
        case structure(KotlinType, [(name: String, value: Sample)])
    }

    let types: KotlinTypes
    private let values: SampleValues
    private var model: ClientModel { types.java.model }

    init(types: KotlinTypes) {
        self.types = types
        values = SampleValues(types.java.model)
    }

    /// A sample of an argument.
    func sample(_ argument: JavaOperations.Argument) -> Sample {
        guard let type = argument.reference else {
            let text = KotlinExpression.string("hello")
            return .plain(
                argument.type == .string ? text : KotlinExpression.type(types.type(argument)).call("of", [text]))
        }
        return sample(values.value(of: type, name: argument.wireName), type)
    }

    /// A sample of a route's message.
    func message(_ route: SocketRoute) -> Sample {
        sample(values.value(of: route.message, name: "message"), route.message)
    }

    private func sample(_ value: JSONValue, _ type: TypeReference) -> Sample {
        if case .model(let index) = type.withoutNull { return named(value, index) }
        return .plain(expression(value, type))
    }

    private func named(_ value: JSONValue, _ index: Int) -> Sample {
        let name = KotlinType(types.symbols.types[index])
        let type = KotlinExpression.type(name)
        switch model.types[index].shape {
        case .enumeration(let values):
            guard let text = value.text, let position = values.firstIndex(of: text) else {
                return .plain(type.call("of", [.string(value.text ?? "")]))
            }
            return .plain(type.property(types.symbols.members[index][position]))
        case .structure(let structure):
            var calls: [(name: String, value: Sample)] = []
            for (field, name) in zip(structure.fields, types.symbols.members[index]) where field.constant == nil {
                guard let member = value[field.wireName] else { continue }
                calls.append((name, sample(member, field.type)))
            }
            return .structure(name, calls)
        case .union(let union):
            let position = values.variant(ofUnion: index)
            guard value != .null, union.variants.indices.contains(position),
                types.symbols.members[index].indices.contains(position)
            else {
                return .plain(type.call("ofUnknown", [json]))
            }
            return .plain(
                type.call(
                    "of" + types.symbols.members[index][position],
                    [flat(sample(value, union.variants[position].type))]))
        }
    }

    /// The sample as one expression.
    func flat(_ sample: Sample) -> KotlinExpression {
        switch sample {
        case .plain(let expression): expression
        case .structure(let type, let calls): .configured(type, statements(calls))
        }
    }

    /// The statements of a structure's lambda.
    func statements(_ calls: [(name: String, value: Sample)]) -> [KotlinExpression] {
        calls.map { .call($0.name, [flat($0.value)]) }
    }

    private func expression(_ value: JSONValue, _ type: TypeReference) -> KotlinExpression {
        func parsed(_ type: KotlinType) -> KotlinExpression {
            KotlinExpression.type(type).call("parse", [.string(value.text ?? "")])
        }
        switch type {
        case .string: return .string(value.text ?? "")
        case .boolean: return .boolean(true)
        case .int32: return .int(1)
        case .int64, .integer: return .long(1)
        case .double: return .double(1.5)
        case .bytes: return KotlinExpression.type(types.runtime("Bytes")).call("ofUtf8", [.string("hello")])
        case .timestamp: return parsed(.instant)
        case .date: return parsed(.localDate)
        case .json: return json
        case .nullable(let inner): return flat(sample(value, inner))
        case .model(let index): return flat(named(value, index))
        case .list(let element): return .call("listOf", value.elements.map { flat(sample($0, element)) })
        case .map(let element):
            return .call("mapOf", value.objectMembers.map { .pair(.string($0.name), flat(sample($0.value, element))) })
        }
    }

    private var json: KotlinExpression {
        KotlinExpression.type(types.runtime("JsonValue")).call("parse", [.string("{}")])
    }
}
