/// Declares the types of the API: `models.rb`.
struct RubyModels {
    let types: RubyTypes

    private var symbols: RubySymbols { types.symbols }

    /// The module `Models`.
    func declaration() -> RubyDeclaration {
        .module(
            "Models", comment: ["The types of the API."],
            types.model.types.indices.flatMap { index in declarations(types.model.types[index], index) })
    }

    private func declarations(_ type: ModelType, _ index: Int) -> [RubyDeclaration] {
        let comment = Self.comment(type.documentation, isDeprecated: type.isDeprecated)
        let name = symbols.types[index]
        switch type.shape {
        case .structure(let structure):
            return [.class(name, superclass: "Structure", comment: comment, members(structure, symbols.members[index]))]
        case .enumeration(let values):
            let note = "Known values. The service may send others; they are text all the same."
            let lines = comment.isEmpty ? [note] : comment + ["", note]
            return [.module(name, comment: lines, constants(values, symbols.members[index]))]
        case .union(let union):
            return [
                .constant(name, .named("Union"), self.union(union), comment: self.comment(union, comment)),
                .alias(symbols.aliases[index] ?? "", unionType(union, index)),
            ]
        }
    }

    /// Text for people with what YARD says of deprecation.
    static func comment(_ text: String?, isDeprecated: Bool) -> [String] {
        var lines = text.map { RubyText.comment($0) } ?? []
        if isDeprecated {
            if !lines.isEmpty { lines.append("") }
            lines.append("@deprecated")
        }
        return lines
    }

    // MARK: Enumerations

    private func constants(_ values: [String], _ names: [String]) -> [RubyDeclaration] {
        zip(values, names).map { value, name in
            .constant(name, .named("String"), .string(value), comment: [])
        } + [
            .constant(
                "VALUES", .generic("Array", [.named("String")]),
                .call(.array(names.map { .name($0) }), "freeze"), comment: [])
        ]
    }

    // MARK: Unions

    private func union(_ union: Union) -> RubyExpression {
        .call(
            .name("Union"), "new", [],
            union.discriminator.map { [RubyCall.Keyword("discriminator", .string($0))] } ?? [],
            block: .giving(.array(union.variants.map { variant($0, isTold: union.discriminator != nil) })))
    }

    private func variant(_ variant: Variant, isTold: Bool) -> RubyExpression {
        var keywords: [RubyCall.Keyword] = []
        if isTold {
            keywords.append(.init("values", .array(variant.discriminatorValues.map { .string($0) })))
        } else {
            keywords.append(.init("kind", .symbol(variant.matcher.kind.rawValue)))
            if !variant.matcher.requiredProperties.isEmpty {
                keywords.append(.init("required", .array(variant.matcher.requiredProperties.map { .string($0) })))
            }
            if !variant.matcher.constants.isEmpty {
                keywords.append(
                    .init(
                        "constants",
                        .hash(
                            variant.matcher.constants.map { constant in
                                (key: .string(constant.property), value: .array(constant.values.map { .string($0) }))
                            })))
            }
        }
        return .call(.name("Variant"), "new", [types.codec(variant.type)], keywords)
    }

    /// RBS refuses aliases that lead back to themselves without a class between.
    private func unionType(_ union: Union, _ index: Int) -> RubyType {
        .either(
            union.variants.map { types.leads($0.type, to: index) ? .untyped : types.type($0.type) }
                + [.named("UnknownVariant")])
    }

    private func comment(_ union: Union, _ comment: [String]) -> [String] {
        let names = union.variants.map { types.type($0.type).comment } + ["UnknownVariant"]
        let note = RubyText.comment("One of: " + names.joined(separator: ", ") + ".")
        return comment.isEmpty ? note : comment + [""] + note
    }

    // MARK: Structures

    private func members(_ structure: Structure, _ names: [String]) -> [RubyDeclaration] {
        let fields = Array(zip(structure.fields, names))
        var members = fields.map { reader($0, $1) }
        if let additional = structure.additional {
            members.append(
                .reader(
                    "additional_properties", types.type(.map(additional)),
                    comment: [
                        "@return [\(types.type(.map(additional)).comment)] properties that are not among the others"
                    ]
                ))
        }
        members.append(.method(initializer(fields, structure.additional)))
        members.append(.macro(table(fields, structure.additional)))
        return members
    }

    /// Absent and null are told apart where the document allows null, and where it allows any JSON.
    private func isThreefold(_ field: Field) -> Bool {
        !field.isRequired && (field.type.isNullable || field.type == .json)
    }

    private func valueType(_ field: Field) -> RubyType {
        let type = types.type(field.type)
        return field.isRequired ? type : .optional(type)
    }

    private func reader(_ field: Field, _ name: String) -> RubyDeclaration {
        let type = valueType(field)
        var text = field.documentation ?? ""
        if isThreefold(field) {
            text += (text.isEmpty ? "" : "\n\n") + "nil if it is null or absent; `absent?(:\(name))` tells which."
        }
        let comment = Self.tagged("@return [\(type.comment)]", text) + (field.isDeprecated ? ["@deprecated"] : [])
        guard isThreefold(field) else { return .reader(name, type, comment: comment) }
        let variable = RubyExpression.name("@" + name)
        return .method(
            RubyMethod(
                name: name, comment: comment, returns: type,
                body: [.expression(.unless(variable, .call(variable, "equal?", [.name("ABSENT")])))]))
    }

    private func initializer(_ fields: [(Field, String)], _ additional: TypeReference?) -> RubyMethod {
        // Ruby takes keywords in any order; those that must be given stand first for the reader.
        let isGiven = { (field: Field) in field.isRequired && field.constant == nil && !field.type.isNullable }
        let ordered = fields.filter { isGiven($0.0) } + fields.filter { !isGiven($0.0) }
        var parameters = ordered.map { field, name in
            RubyMethod.Parameter(name: name, type: argumentType(field), kind: kind(field))
        }
        var body = fields.map { RubyStatement.assign("@" + $0.1, .name($0.1)) }
        if let additional {
            parameters.append(
                .init(
                    name: "additional_properties", type: types.type(.map(additional)), kind: .optionalKeyword(.hash([]))
                )
            )
            body.append(.assign("@additional_properties", .name("additional_properties")))
        }
        body.append(.expression(.call(nil, "super()")))
        return RubyMethod(name: "initialize", parameters: parameters, returns: .void, body: body)
    }

    private func kind(_ field: Field) -> RubyMethod.Parameter.Kind {
        if let constant = field.constant { return .optionalKeyword(field.isRequired ? .string(constant) : .null) }
        if field.isRequired { return .keyword }
        return .optionalKeyword(isThreefold(field) ? .name("ABSENT") : .null)
    }

    private func argumentType(_ field: Field) -> RubyType {
        // The sentinel has no type of its own that a signature could name.
        isThreefold(field) ? .untyped : valueType(field)
    }

    private func table(_ fields: [(Field, String)], _ additional: TypeReference?) -> RubyExpression {
        .call(
            nil, "define_properties", [],
            additional.map { [.init("additional", .lambda(types.codec(.map($0))))] } ?? [],
            block: .giving(.array(fields.map(property))))
    }

    private func property(_ field: Field, _ name: String) -> RubyExpression {
        let presence = field.isRequired ? "required" : isThreefold(field) ? "nullable" : "optional"
        return .call(
            .name("Property"), "new",
            [.symbol(name), .string(field.wireName), types.codec(field.type), .symbol(presence)])
    }

    /// A tag of YARD with its text; further lines are indented, which makes them part of it.
    static func tagged(_ tag: String, _ text: String?) -> [String] {
        let lines = text.map { RubyText.comment($0, width: 95) } ?? []
        guard let first = lines.first else { return [tag] }
        return ["\(tag) \(first)"] + lines.dropFirst().map { $0.isEmpty ? "" : "  " + $0 }
    }
}
