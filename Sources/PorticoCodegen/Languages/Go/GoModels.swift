/// Writes `models.go`: structures, enumerations and unions.
struct GoModels {
    let types: GoTypes

    private var model: ClientModel { types.model }
    private var symbols: GoSymbols { types.symbols }

    func write(to printer: inout GoPrinter) {
        for (index, type) in model.types.enumerated() {
            let documentation = GoDocumentation.type(symbols.types[index], type)
            switch type.shape {
            case .structure(let structure): write(structure, index, documentation, &printer)
            case .enumeration(let values): write(values, index, documentation, &printer)
            case .union(let union): write(union, index, documentation, &printer)
            }
        }
    }

    // MARK: Structures

    private func write(_ structure: Structure, _ index: Int, _ documentation: String, _ printer: inout GoPrinter) {
        var fields = zip(structure.fields, symbols.members[index]).map { field, name in
            let isEndless = types.isEndless(field, in: index)
            printer.use(types.imports(field.type))
            return GoPrinter.Field(
                name: name,
                type: (isEndless ? "*" : "") + types.text(field.type, isRequired: field.isRequired),
                tag: Self.tag(field), documentation: GoDocumentation.field(field))
        }
        if let additional = structure.additional {
            printer.use(types.imports(additional))
            fields.append(
                GoPrinter.Field(
                    name: symbols.rest[index], type: "map[string]" + types.text(additional),
                    tag: [("json", "-"), ("additional", "true")],
                    documentation: "\(symbols.rest[index]) has all other properties by name."))
        }
        let name = symbols.types[index]
        printer.structure(name, documentation, fields)
        coding(name, &printer)
    }

    /// How the library reads and writes a field. Names that a tag of encoding/json cannot have stand in one of their own.
    private static func tag(_ field: Field) -> [(key: String, value: String)] {
        let name = field.wireName
        let isPlain =
            !name.isEmpty && name != "-"
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "_-.:$@/".utf8.contains(byte)
                }
            }
        let suffix = field.isRequired ? "" : ",omitempty"
        var tag = [(key: "json", value: (isPlain ? name : "") + suffix)]
        if !isPlain { tag.append(("wire", name)) }
        if let constant = field.constant { tag.append(("constant", constant)) }
        // An empty tag of encoding/json says nothing.
        return tag.filter { !($0.key == "json" && $0.value.isEmpty) }
    }

    private func coding(_ name: String, _ printer: inout GoPrinter) {
        printer.function(
            .init(receiver: "v \(name)", name: "MarshalJSON", results: ["[]byte", "error"]),
            "MarshalJSON writes the value as the API takes it."
        ) { $0.giveBack("encodeJSON(v)") }
        printer.function(
            .init(receiver: "v *\(name)", name: "UnmarshalJSON", parameters: ["data []byte"], results: ["error"]),
            "UnmarshalJSON reads a value, and says where it is not what the API declares."
        ) { $0.giveBack("decodeJSON(data, v)") }
    }

    // MARK: Enumerations

    private func write(_ values: [String], _ index: Int, _ documentation: String, _ printer: inout GoPrinter) {
        let name = symbols.types[index]
        let constants = symbols.members[index]
        printer.definition(name, documentation + "\n\nOther values than its constants are kept.", of: "string")
        printer.constants(zip(constants, values).map { (name: $0, value: $1) }, of: name)
        printer.function(
            .init(receiver: name, name: "Values", results: ["[]\(name)"]),
            "Values returns the values that the API declares."
        ) { statements in
            statements.list("return []\(name){", constants, "}")
        }
    }

    // MARK: Unions

    private func write(_ union: Union, _ index: Int, _ documentation: String, _ printer: inout GoPrinter) {
        let name = symbols.types[index]
        printer.use(["encoding/json"])
        var fields = zip(union.variants, symbols.members[index]).map { variant, name in
            printer.use(types.imports(variant.type))
            return GoPrinter.Field(name: name, type: types.text(variant.type, isRequired: false))
        }
        fields.append(
            GoPrinter.Field(
                name: symbols.rest[index], type: "json.RawMessage",
                documentation: "\(symbols.rest[index]) is a value that is none of the others."))
        printer.structure(name, documentation + "\n\nExactly one of its fields is set.", fields)
        coding(name, &printer)
        let variable = "unionOf" + name
        printer.function(
            .init(receiver: name, name: "unionSpec", results: ["*unionSpec"]), nil
        ) { $0.giveBack(variable) }
        printer.value(
            variable,
            "&unionSpec{discriminator: \(GoPrinter.string(union.discriminator ?? "")), variants: []variantSpec{",
            union.variants.map { Self.variant($0, hasDiscriminator: union.discriminator != nil) }, "}}")
    }

    private static func variant(_ variant: Variant, hasDiscriminator: Bool) -> String {
        if hasDiscriminator { return "{values: \(texts(variant.discriminatorValues))}" }
        var parts = ["kind: \(kind(variant.matcher.kind))"]
        if !variant.matcher.requiredProperties.isEmpty {
            parts.append("required: \(texts(variant.matcher.requiredProperties))")
        }
        if !variant.matcher.constants.isEmpty {
            let constants = variant.matcher.constants.map {
                "{property: \(GoPrinter.string($0.property)), values: \(texts($0.values))}"
            }
            parts.append("constants: []constantSpec{\(constants.joined(separator: ", "))}")
        }
        return "{\(parts.joined(separator: ", "))}"
    }

    private static func texts(_ texts: [String]) -> String {
        "[]string{\(texts.map(GoPrinter.string).joined(separator: ", "))}"
    }

    private static func kind(_ kind: Matcher.Kind) -> String {
        switch kind {
        case .object: "kindObject"
        case .array: "kindArray"
        case .string: "kindString"
        case .number: "kindNumber"
        case .boolean: "kindBoolean"
        case .any: "kindAny"
        }
    }
}

/// Texts of comments.
enum GoDocumentation {
    /// For a type: begins with its name, as Go's comments do.
    static func type(_ name: String, _ type: ModelType) -> String {
        let kind =
            switch type.shape {
            case .structure: "a structure"
            case .enumeration: "an enumeration"
            case .union: "one of several types"
            }
        return joined("\(name) is \(kind) of the API.", type.documentation, deprecation(type.isDeprecated))
    }

    /// For a field; `nil` if there is nothing to say.
    static func field(_ field: Field) -> String? {
        let constant = field.constant.map { "It is always \(GoPrinter.string($0)), also if it is left empty." }
        let text = joined(field.documentation, constant, deprecation(field.isDeprecated))
        return text.isEmpty ? nil : text
    }

    /// For an input; `nil` if there is nothing to say.
    static func parameter(_ parameter: Parameter) -> String? {
        let text = joined(parameter.documentation, deprecation(parameter.isDeprecated))
        return text.isEmpty ? nil : text
    }

    /// For a method.
    static func operation(_ name: String, _ operation: Operation) -> String {
        joined(
            "\(name) calls \(operation.verb) \(operation.pathText).", operation.summary, operation.documentation,
            deprecation(operation.isDeprecated))
    }

    /// Tools look for a paragraph that begins so.
    private static func deprecation(_ isDeprecated: Bool) -> String? {
        isDeprecated ? "Deprecated: The API says that it should no longer be used." : nil
    }

    private static func joined(_ parts: String?...) -> String {
        var texts: [String] = []
        for case let part? in parts where !part.allSatisfy(\.isWhitespace) && !texts.contains(part) {
            texts.append(part)
        }
        return texts.joined(separator: "\n\n")
    }
}
