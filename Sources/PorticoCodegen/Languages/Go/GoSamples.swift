internal import PorticoSyntax

/// Go expressions for sample values, for the README.
struct GoSamples {
    let types: GoTypes
    private let values: SampleValues

    init(types: GoTypes) {
        self.types = types
        values = SampleValues(types.model)
    }

    private var package: String { types.symbols.package }

    /// A call of a method with what it must be given.
    func call(_ index: Int, method: String) -> String {
        let operation = types.model.operations[index]
        var arguments = ["ctx"]
        if operation.verb == "ANY" { arguments.append("http.MethodGet") }
        if let input = input(index) { arguments.append(input) }
        return GoCall.text("client.\(method)", arguments)
    }

    /// The input of a method; `nil` if it takes none.
    func input(_ index: Int) -> String? {
        input(types.model.operations[index], types.symbols.operations[index])
    }

    /// The message of a route's method.
    func message(_ route: SocketRoute) -> String {
        if route.message == .json {
            let isOptional = !route.isMessageRequired && route.routeKey != nil
            return isOptional ? "nil" : "json.RawMessage(`{\"text\": \"hello\"}`)"
        }
        return expression(values.value(of: route.message, name: "message"), route.message)
    }

    /// The same for any operation.
    func input(_ operation: Operation, _ names: GoSymbols.OperationSymbols) -> String? {
        guard let name = names.input else { return nil }
        var fields: [String] = []
        for (parameter, field) in zip(operation.parameters, names.parameters) where parameter.isRequired {
            let sample = values.value(of: parameter.type, name: parameter.wireName)
            fields.append("\(field): \(expression(sample, parameter.type))")
        }
        if let body = operation.body, body.isRequired || fields.isEmpty {
            fields.append("\(names.body): \(self.body(body))")
        }
        return "&\(package).\(name){\(fields.joined(separator: ", "))}"
    }

    private func body(_ body: RequestBody) -> String {
        switch body.kind {
        case .json(let type):
            self.field(values.value(of: type, name: "body"), type, isRequired: body.isRequired)
        case .text: body.isRequired ? "\"text\"" : "\(package).Ptr(\"text\")"
        case .binary: "strings.NewReader(\"bytes\")"
        }
    }

    /// An expression of the type of a field.
    private func field(_ value: JSONValue, _ type: TypeReference, isRequired: Bool) -> String {
        if isRequired { return expression(value, type) }
        if case .nullable(let inner) = type {
            if value == .null { return "\(package).NullOf[\(qualified(inner))]()" }
            return "\(package).NullableOf(\(typed(value, inner)))"
        }
        return types.hasNil(type) ? expression(value, type) : pointer(value, type)
    }

    /// A pointer to a value.
    private func pointer(_ value: JSONValue, _ type: TypeReference) -> String {
        let text = typed(value, type)
        // Literals of structures have an address; other values need a place first.
        if types.isPointerOutput(type), value != .null { return "&" + text }
        return value == .null ? "nil" : "\(package).Ptr(\(text))"
    }

    /// An expression whose type is plain without its surroundings.
    private func typed(_ value: JSONValue, _ type: TypeReference) -> String {
        switch type {
        case .int32, .int64, .integer, .double: "\(types.text(type))(\(expression(value, type)))"
        case .nullable(let inner) where value == .null: "(\("*" + qualified(inner)))(nil)"
        default: expression(value, type)
        }
    }

    private func expression(_ value: JSONValue, _ type: TypeReference) -> String {
        switch (type, value) {
        case (.json, _): return "json.RawMessage(\(GoPrinter.string(JSONWriter.compact(value))))"
        case (.nullable(let inner), _): return value == .null ? "nil" : pointer(value, inner)
        case (.bytes, _): return "[]byte(\"hello\")"
        case (.timestamp, _): return "time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)"
        case (.date, _): return "\(package).Date{Year: 2026, Month: time.January, Day: 2}"
        case (.list(let element), .array(let elements)):
            return "\(qualified(type)){\(elements.map { expression($0, element) }.joined(separator: ", "))}"
        case (.map(let inner), .object(let members)):
            let entries = members.map { "\(GoPrinter.string($0.name)): \(expression($0.value, inner))" }
            return "\(qualified(type)){\(entries.joined(separator: ", "))}"
        case (.model(let index), _): return model(value, index)
        case (_, .string(let text)): return GoPrinter.string(text)
        case (_, .number(let text)): return text
        case (_, .boolean(let flag)): return flag ? "true" : "false"
        default: return "nil"
        }
    }

    private func model(_ value: JSONValue, _ index: Int) -> String {
        guard types.model.types.indices.contains(index) else {
            return "json.RawMessage(\(GoPrinter.string(JSONWriter.compact(value))))"
        }
        let name = "\(package).\(types.symbols.types[index])"
        let names = types.symbols.members[index]
        switch types.model.types[index].shape {
        case .enumeration(let values):
            guard case .string(let text) = value else { return "\"\"" }
            if let position = values.firstIndex(of: text) { return "\(package).\(names[position])" }
            return "\(name)(\(GoPrinter.string(text)))"
        case .union(let union):
            let position = self.values.variant(ofUnion: index)
            guard union.variants.indices.contains(position), value != .null else { return "\(name){}" }
            let type = union.variants[position].type
            return "\(name){\(names[position]): \(field(value, type, isRequired: false))}"
        case .structure(let structure):
            var fields: [String] = []
            for (field, fieldName) in zip(structure.fields, names) where field.constant == nil {
                guard let sample = value[field.wireName] else { continue }
                if types.isEndless(field, in: index) {
                    fields.append("\(fieldName): \(pointer(sample, field.type))")
                } else {
                    fields.append("\(fieldName): \(self.field(sample, field.type, isRequired: field.isRequired))")
                }
            }
            return "\(name){\(fields.joined(separator: ", "))}"
        }
    }

    /// A type as users write it.
    private func qualified(_ type: TypeReference) -> String {
        switch type {
        case .list(let element): "[]" + qualified(element)
        case .map(let value): "map[string]" + qualified(value)
        case .nullable(let inner): "*" + qualified(inner)
        case .model(let index) where types.symbols.types.indices.contains(index):
            "\(package).\(types.symbols.types[index])"
        case .date: "\(package).Date"
        default: types.text(type)
        }
    }
}
