internal import PorticoSyntax

/// Example values as Swift expressions.
struct SwiftSample {
    let types: SwiftTypes
    private let samples: SampleValues

    init(_ types: SwiftTypes) {
        self.types = types.qualified
        samples = SampleValues(types.model)
    }

    /// An example of a type.
    func expression(_ type: TypeReference, name: String) -> String {
        expression(samples.value(of: type, name: name), type)
    }

    private func expression(_ value: JSONValue, _ type: TypeReference) -> String {
        switch (type, value) {
        case (.nullable, .null): return "nil"
        case (.nullable(let inner), _): return expression(value, inner)
        case (.string, .string(let text)): return SwiftPrinter.literal(text)
        case (.boolean, .boolean(let flag)): return String(flag)
        case (.int32, .number(let text)), (.int64, .number(let text)), (.integer, .number(let text)),
            (.double, .number(let text)):
            return text
        case (.bytes, _): return "Data(\"hello\".utf8)"
        case (.timestamp, _): return "Date()"
        case (.date, .string(let text)): return "\(types.name("CalendarDate"))(\(SwiftPrinter.literal(text)))!"
        case (.json, _): return json(value)
        case (.list(let element), .array(let elements)):
            return "[\(elements.map { expression($0, element) }.joined(separator: ", "))]"
        case (.map(let element), .object(let members)):
            let entries = members.map { "\(SwiftPrinter.literal($0.name)): \(expression($0.value, element))" }
            return entries.isEmpty ? "[:]" : "[\(entries.joined(separator: ", "))]"
        case (.model(let index), _): return model(value, index)
        default: return "nil"
        }
    }

    private func json(_ value: JSONValue) -> String {
        switch value {
        case .null: return "nil"
        case .boolean(let flag): return String(flag)
        case .number(let text): return text
        case .string(let text): return SwiftPrinter.literal(text)
        case .array(let elements): return "[\(elements.map(json).joined(separator: ", "))]"
        case .object(let members):
            let entries = members.map { "\(SwiftPrinter.literal($0.name)): \(json($0.value))" }
            return entries.isEmpty ? "[:]" : "[\(entries.joined(separator: ", "))]"
        }
    }

    private func model(_ value: JSONValue, _ index: Int) -> String {
        guard let type = types.model.types[safe: index], let names = types.symbols.types[safe: index] else {
            return "nil"
        }
        let name = types.name(names.name)
        switch type.shape {
        case .enumeration(let values):
            guard let text = value.text, let position = values.firstIndex(of: text) else {
                return "\(name)(rawValue: \(SwiftPrinter.literal(value.text ?? "")))"
            }
            return "\(name).\(names.members[safe: position] ?? "unknown")"
        case .union(let union):
            // Null stands where types contain each other without end.
            let position = samples.variant(ofUnion: index)
            guard let variant = union.variants[safe: position], let member = names.members[safe: position],
                value != .null
            else {
                return "\(name).unknown(\(json(value)))"
            }
            return "\(name).\(member)(\(expression(value, variant.type)))"
        case .structure(let structure):
            // Required ones first, as the initialiser has them.
            let fields = Array(zip(structure.fields, names.members)).filter { $0.0.constant == nil }
            let ordered = fields.filter { $0.0.isRequired } + fields.filter { !$0.0.isRequired }
            if value == .null, ordered.contains(where: \.0.isRequired) { return "\(name)(json: [:])" }
            let arguments = ordered.compactMap { field, member -> String? in
                guard let part = value[field.wireName] else { return nil }
                let label = SwiftPrinter.label(member)
                if !field.isRequired, field.type.isNullable {
                    return part == .null
                        ? "\(label): .null" : "\(label): .value(\(expression(part, field.type.withoutNull)))"
                }
                return "\(label): \(expression(part, field.type))"
            }
            return "\(name)(\(arguments.joined(separator: ", ")))"
        }
    }
}
