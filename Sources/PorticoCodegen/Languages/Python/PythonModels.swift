/// `models.py`: a class for each structure and enumeration, an alias for each union.
struct PythonModels {
    private let model: ClientModel
    private let symbols: PythonSymbols

    init(_ model: ClientModel, _ symbols: PythonSymbols) {
        self.model = model
        self.symbols = symbols
    }

    /// The text of the module.
    var text: String {
        let hidden = model.types.indices.reduce(into: Set<String>()) { $0.formUnion(hiddenNames($1)) }
        var printer = PythonPrinter()
        printer.header(model)
        printer.documentation(["The types of the API."])
        printer.blank()
        printer.importNames(["annotations"], from: "__future__")
        let hasStructure = model.types.contains { if case .structure = $0.shape { true } else { false } }
        let hasUnion = model.types.contains { if case .union = $0.shape { true } else { false } }
        if hasStructure || hasUnion { printer.blank() }
        if !hidden.isEmpty { printer.importModule("builtins") }
        if hasStructure { printer.importModule("dataclasses") }
        if namesTime { printer.importModule("datetime", as: "dt") }
        if hasUnion { printer.importNames(["TypeAlias"], from: "typing") }
        if !model.types.isEmpty {
            printer.blank()
            printer.importName("models", as: "lib", from: "._library")
        }
        // An enumeration may be the default of a field, which is looked up when its class is made.
        for (index, type) in model.types.enumerated() {
            if case .enumeration(let values) = type.shape { enumeration(index, type, values, &printer) }
        }
        for (index, type) in model.types.enumerated() {
            if case .structure(let structure) = type.shape { self.structure(index, type, structure, &printer) }
        }
        for (index, type) in model.types.enumerated() {
            if case .union(let union) = type.shape { self.union(index, type, union, &printer) }
        }
        return printer.text
    }

    private var namesTime: Bool {
        func names(_ type: TypeReference) -> Bool {
            switch type {
            case .timestamp, .date: true
            case .list(let inner), .map(let inner), .nullable(let inner): names(inner)
            default: false
            }
        }
        return model.types.contains { type in
            switch type.shape {
            case .structure(let structure):
                structure.fields.contains { names($0.type) } || structure.additional.map(names) == true
            case .union(let union): union.variants.contains { names($0.type) }
            case .enumeration: false
            }
        }
    }

    /// Built-in types that attributes of a structure hide from its annotations.
    private func hiddenNames(_ index: Int) -> Set<String> {
        PythonReservedWords.annotationTypes.intersection(symbols.fields[index])
    }

    private func documentation(_ type: ModelType) -> [String] {
        PythonDocumentation.lines(type.documentation, isDeprecated: type.isDeprecated, depth: 1)
    }

    private func enumeration(_ index: Int, _ type: ModelType, _ values: [String], _ printer: inout PythonPrinter) {
        printer.gap()
        printer.classDefinition(
            symbols.types[index], bases: ["lib.Enumeration"], documentation: documentation(type),
            isEmpty: values.isEmpty
        ) { printer in
            for (name, value) in zip(symbols.constants[index], values) {
                printer.assignment(name, .call("lib.Constant", [.init(.string(value))]))
            }
        }
    }

    private func structure(_ index: Int, _ type: ModelType, _ structure: Structure, _ printer: inout PythonPrinter) {
        let types = PythonTypes(model: model, symbols: symbols, prefix: "", hidden: hiddenNames(index))
        printer.gap()
        printer.classDefinition(
            symbols.types[index], bases: ["lib.Model"],
            decorators: ["dataclasses.dataclass(slots=True, kw_only=True)"], documentation: documentation(type)
        ) { printer in
            for (name, field) in zip(symbols.fields[index], structure.fields) {
                attribute(name, field, types, &printer)
            }
            if let additional = structure.additional {
                printer.assignment(
                    symbols.additional[index], annotation: types.annotation(.map(additional)),
                    .call("dataclasses.field", [.init("default_factory", .name(types.builtIn("dict")))]))
                printer.documentation(["Properties that have no field of their own."])
            }
            if !structure.fields.isEmpty || structure.additional != nil { printer.blank() }
            description(index, structure, types, &printer)
        }
    }

    private func attribute(_ name: String, _ field: Field, _ types: PythonTypes, _ printer: inout PythonPrinter) {
        let documentation = PythonDocumentation.lines(
            field.documentation, isDeprecated: field.isDeprecated, depth: 1)
        let constant = constant(field)
        if field.isRequired {
            printer.assignment(name, annotation: types.annotation(field.type), constant)
        } else {
            let (annotation, initial) = types.optional(field.type)
            printer.assignment(name, annotation: annotation, constant ?? initial)
        }
        printer.documentation(documentation)
    }

    /// The only value that a field can have, if it is text.
    private func constant(_ field: Field) -> PythonExpression? {
        guard let text = field.constant else { return nil }
        switch field.type.withoutNull {
        case .string: return .string(text)
        case .model(let index):
            guard model.types.indices.contains(index), case .enumeration = model.types[index].shape else { return nil }
            return .call(symbols.types[index], [.init(.string(text))])
        default: return nil
        }
    }

    private func description(
        _ index: Int, _ structure: Structure, _ types: PythonTypes, _ printer: inout PythonPrinter
    ) {
        let properties = zip(symbols.fields[index], structure.fields).map { name, field in
            var arguments: [PythonExpression.Argument] = [
                .init(.string(name)), .init(.string(field.wireName)), .init(types.description(field.type)),
            ]
            if field.isRequired { arguments.append(.init("required", .boolean(true))) }
            if types.takesNull(field.type) { arguments.append(.init("nullable", .boolean(true))) }
            return PythonExpression.call("lib.Property", arguments)
        }
        var arguments: [PythonExpression.Argument] = [.init(.tuple(properties))]
        if let additional = structure.additional {
            arguments.append(.init("additional", types.description(additional)))
            arguments.append(.init("additional_name", .string(symbols.additional[index])))
        }
        printer.function(
            .init(name: "_structure", decorators: ["classmethod"], receiver: "cls", result: "lib.Structure")
        ) { $0.returns(.call("lib.Structure", arguments)) }
    }

    private func union(_ index: Int, _ type: ModelType, _ union: Union, _ printer: inout PythonPrinter) {
        let types = PythonTypes(model: model, symbols: symbols, prefix: "")
        let name = symbols.types[index]
        printer.gap()
        let members = types.members(union) + ["lib.UnknownValue"]
        // A string, because the alias is made before the names in it may be there.
        printer.assignment(name, annotation: "TypeAlias", .string(members.joined(separator: " | ")))
        printer.documentation(PythonDocumentation.lines(type.documentation, isDeprecated: type.isDeprecated, depth: 0))
        printer.blank()
        var arguments: [PythonExpression.Argument] = [
            .init(.lambda(.tuple(union.variants.map { variant($0, union, types) })))
        ]
        if let discriminator = union.discriminator { arguments.append(.init("discriminator", .string(discriminator))) }
        printer.assignment(
            symbols.unions[index], annotation: "lib.UnionOf[\(name)]", .call("lib.UnionOf", arguments))
    }

    private func variant(_ variant: Variant, _ union: Union, _ types: PythonTypes) -> PythonExpression {
        var arguments: [PythonExpression.Argument] = [.init(types.description(variant.type))]
        func strings(_ texts: [String]) -> PythonExpression { .tuple(texts.map { .string($0) }) }
        if union.discriminator != nil {
            arguments.append(.init("tags", strings(variant.discriminatorValues)))
            return .call("lib.Variant", arguments)
        }
        let matcher = variant.matcher
        arguments.append(.init("kind", .string(matcher.kind.rawValue)))
        if !matcher.requiredProperties.isEmpty {
            arguments.append(.init("required", strings(matcher.requiredProperties)))
        }
        if !matcher.constants.isEmpty {
            let constants = matcher.constants.map {
                PythonExpression.tuple([.string($0.property), strings($0.values)])
            }
            arguments.append(.init("constants", .tuple(constants)))
        }
        return .call("lib.Variant", arguments)
    }
}

/// Texts of a spec as lines of docstrings.
enum PythonDocumentation {
    /// The lines at a depth of indentation, with a word on deprecation.
    static func lines(_ text: String?, isDeprecated: Bool = false, depth: Int) -> [String] {
        let note = isDeprecated ? "Deprecated." : nil
        guard let joined = DocumentationText.joined(text, note) else { return [] }
        return DocumentationText.lines(joined, width: 110 - 4 * depth)
    }
}
