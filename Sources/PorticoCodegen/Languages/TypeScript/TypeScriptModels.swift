/// Prints the types of an API: `models.ts` for people and compilers, `schemas.ts` for the library.
struct TypeScriptModels {
    let model: ClientModel
    let symbols: TypeScriptSymbols
    let header: String

    /// Both modules.
    func files() -> [GeneratedFile] { models() + schemas() }

    // MARK: Declarations

    private func models() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("models", header: header)
        var types = TypeScriptTypes(model, symbols)
        for (type, name) in zip(model.types, symbols.types) {
            switch type.shape {
            case .structure(let structure):
                printer.interface(
                    name, properties(structure, &types), documentation: type.documentation,
                    isDeprecated: type.isDeprecated)
            case .enumeration(let values):
                // Other texts are allowed too, as the service may know more values than this client.
                let literals = values.map { TypeScriptExpression.literal($0) }
                printer.union(
                    name, of: literals + ["(string & {})"], documentation: type.documentation,
                    isDeprecated: type.isDeprecated)
            case .union(let union):
                let variants = zip(union.variants, TypeScriptSymbols.kinds(of: union)).map { variant, kind in
                    "{ kind: \(TypeScriptExpression.literal(kind)); value: \(types.text(variant.type)) }"
                }
                printer.union(
                    name, of: variants + [types.libraryType("UnknownVariant")], documentation: type.documentation,
                    isDeprecated: type.isDeprecated)
            }
        }
        printer.importTypes(types.library, from: "library/index")
        return printer.files()
    }

    private func properties(_ structure: Structure, _ types: inout TypeScriptTypes) -> [TypeScriptPrinter.Property] {
        var properties: [TypeScriptPrinter.Property] = []
        for field in structure.fields {
            var documentation = field.documentation
            var type = types.text(field.type)
            if let constant = field.constant {
                type = "\(TypeScriptExpression.literal(constant)) | (string & {})"
                documentation = DocumentationText.joined(
                    documentation, "It has only this value, which is sent when it is left out.")
            }
            let isOptional = !field.isRequired || field.constant != nil
            if isOptional, TypeScriptReservedWords.inheritedMembers.contains(field.wireName) {
                // Where it is left out there is what every object inherits, so that its type has to allow that.
                type += " | Object[\(TypeScriptExpression.literal(field.wireName))]"
            }
            properties.append(
                TypeScriptPrinter.Property(
                    name: field.wireName, type: type, isOptional: isOptional, documentation: documentation,
                    isDeprecated: field.isDeprecated))
        }
        if let additional = structure.additional {
            properties.append(
                TypeScriptPrinter.Property(
                    name: TypeScriptSymbols.additionalProperty(of: structure), type: types.text(.map(additional)),
                    isOptional: true, documentation: "All other properties, which stand beside these in JSON."))
        }
        return properties
    }

    // MARK: Data

    private func schemas() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("schemas", header: header)
        let types = TypeScriptTypes(model, symbols)
        var members: [(key: String, value: TypeScriptExpression)] = []
        for (type, name) in zip(model.types, symbols.types) {
            switch type.shape {
            case .structure(let structure): members.append((name, schema(structure, types)))
            case .union(let union): members.append((name, schema(union, types)))
            case .enumeration: break
            }
        }
        printer.importTypes(["Schemas"], from: "library/types")
        printer.constant(
            "schemas", type: "Schemas", .object(members),
            documentation: "What values look like in JSON, as data that decoding and encoding follow.")
        return printer.files()
    }

    private func schema(_ structure: Structure, _ types: TypeScriptTypes) -> TypeScriptExpression {
        let fields = structure.fields.map { field -> TypeScriptExpression in
            var members: [(key: String, value: TypeScriptExpression)] = [
                ("name", .text(field.wireName)), ("type", types.spec(field.type)),
            ]
            if field.isRequired { members.append(("required", .boolean(true))) }
            if let constant = field.constant { members.append(("constant", .text(constant))) }
            return .object(members)
        }
        var members: [(key: String, value: TypeScriptExpression)] = [("fields", .array(fields))]
        if let additional = structure.additional {
            members.append(
                (
                    "additional",
                    .object([
                        ("property", .text(TypeScriptSymbols.additionalProperty(of: structure))),
                        ("type", types.spec(additional)),
                    ])
                ))
        }
        return .object(members)
    }

    private func schema(_ union: Union, _ types: TypeScriptTypes) -> TypeScriptExpression {
        let variants = zip(union.variants, TypeScriptSymbols.kinds(of: union)).map { variant, kind in
            var members: [(key: String, value: TypeScriptExpression)] = [
                ("kind", .text(kind)), ("type", types.spec(variant.type)),
            ]
            if union.discriminator != nil {
                members.append(("values", .array(variant.discriminatorValues.map { .text($0) })))
            } else {
                members.append(("matcher", matcher(variant.matcher)))
            }
            return TypeScriptExpression.object(members)
        }
        var members: [(key: String, value: TypeScriptExpression)] = []
        if let discriminator = union.discriminator { members.append(("discriminator", .text(discriminator))) }
        members.append(("variants", .array(variants)))
        return .object(members)
    }

    private func matcher(_ matcher: Matcher) -> TypeScriptExpression {
        var members: [(key: String, value: TypeScriptExpression)] = [("kind", .text(matcher.kind.rawValue))]
        if !matcher.requiredProperties.isEmpty {
            members.append(("required", .array(matcher.requiredProperties.map { .text($0) })))
        }
        if !matcher.constants.isEmpty {
            let constants = matcher.constants.map { constant in
                TypeScriptExpression.object([
                    ("property", .text(constant.property)), ("values", .array(constant.values.map { .text($0) })),
                ])
            }
            members.append(("constants", .array(constants)))
        }
        return .object(members)
    }
}
