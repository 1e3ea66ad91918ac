internal import PorticoSyntax

/// Example values as expressions.
struct RubySamples {
    let types: RubyTypes
    private let samples: SampleValues

    init(_ types: RubyTypes) {
        self.types = types
        samples = SampleValues(types.model)
    }

    /// An example of a type.
    func value(of type: TypeReference, name: String) -> RubyExpression {
        expression(samples.value(of: type, name: name), type)
    }

    private func expression(_ value: JSONValue, _ type: TypeReference) -> RubyExpression {
        if value == .null { return .null }
        switch (type, value) {
        case (.nullable(let inner), _): return expression(value, inner)
        case (.timestamp, .string(let text)): return .call(.name("Time"), "iso8601", [.string(text)])
        case (.date, .string(let text)): return .call(.name("Date"), "iso8601", [.string(text)])
        case (.bytes, _): return .call(.string("hello"), "b")
        case (.list(let element), .array(let values)): return .array(values.map { expression($0, element) })
        case (.map(let element), .object(let members)):
            return .hash(members.map { (key: .string($0.name), value: expression($0.value, element)) })
        case (.model(let index), _): return model(value, index)
        default: return plain(value)
        }
    }

    private func model(_ value: JSONValue, _ index: Int) -> RubyExpression {
        let constant = "\(types.symbols.module)::\(types.constant(index))"
        switch (types.shape(index), value) {
        case (.enumeration(let values)?, .string(let text)):
            guard let position = values.firstIndex(of: text) else { return .string(text) }
            return .name("\(constant)::\(types.symbols.members[index][position])")
        case (.union(let union)?, _):
            let position = samples.variant(ofUnion: index)
            guard value != .null, union.variants.indices.contains(position) else { return plain(value) }
            return expression(value, union.variants[position].type)
        case (.structure?, .object(let members)):
            let fields = types.fields(.model(index))
            return .call(
                .name(constant), "new", [],
                members.compactMap { member in
                    guard let (field, name) = fields.first(where: { $0.field.wireName == member.name }),
                        field.constant == nil
                    else { return nil }
                    return RubyCall.Keyword(name, expression(member.value, field.type))
                })
        default: return plain(value)
        }
    }

    private func plain(_ value: JSONValue) -> RubyExpression {
        switch value {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .number(let text): .number(text)
        case .string(let text): .string(text)
        case .array(let values): .array(values.map(plain))
        case .object(let members): .hash(members.map { (key: .string($0.name), value: plain($0.value)) })
        }
    }
}
