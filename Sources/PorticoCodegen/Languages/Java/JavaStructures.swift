/// Prints structures: immutable classes with a builder and a codec.
struct JavaStructures {
    /// A property as it is declared.
    private struct Property {
        enum Presence { case required, requiredNullable, optional, optionalNullable }
        var field: Field
        var name: String
        var presence: Presence
        /// Type of the value, never primitive.
        var value: JavaType
        /// Type of the class's field.
        var stored: JavaType
        var isCollection: Bool
    }

    private static let additional = "additionalProperties"
    let types: JavaTypes

    /// The class of a structure.
    func write(_ structure: Structure, at index: Int, to printer: inout JavaPrinter) {
        let type = types.model.types[index]
        let name = types.symbols.types[index]
        let properties = zip(structure.fields, types.symbols.members[index]).map(property)
        let used = structure.fields.map(\.type) + [structure.additional].compactMap(\.self)
        printer.type(
            .init(type.documentation, isDeprecated: type.isDeprecated), annotations: types.suppressions(used),
            "public final class \(name.name)"
        ) { printer in
            let codec = types.symbols.runtime("Codec", [name])
            printer.field(["private", "static", "final"], codec, "CODEC", .new(JavaType("JsonCodec")))
            printer.blank()
            for property in properties { printer.field(["private", "final"], property.stored, property.name) }
            if let additional = structure.additional {
                printer.field(["private", "final"], .map(types.type(additional)), Self.additional)
            }
            printer.blank()
            constructor(name, properties, structure.additional, to: &printer)
            statics(name, codec, to: &printer)
            for property in properties {
                printer.blank()
                accessor(property, to: &printer)
            }
            if let additional = structure.additional {
                printer.blank()
                printer.method(
                    .init(
                        documentation: .init("Properties that have no method of their own."), modifiers: ["public"],
                        result: .map(types.type(additional)), name: Self.additional)
                ) { $0.returns(.own(Self.additional)) }
            }
            let stored =
                properties.map { ($0.name, $0.stored) }
                + (structure.additional == nil ? [] : [(Self.additional, .object)])
            printer.blank()
            JavaValueMethods.write(name, stored, to: &printer)
            printer.blank()
            printer.method(
                .init(annotations: ["Override"], modifiers: ["public"], result: .string, name: "toString")
            ) {
                $0.returns(JavaExpression.string(name.name).joined(to: .name("CODEC").call("describe", [.this])))
            }
            printer.blank()
            builder(name, properties, structure.additional, to: &printer)
            printer.blank()
            self.codec(name, codec, properties, structure.additional, to: &printer)
        }
    }

    private func property(_ field: Field, _ name: String) -> Property {
        let inner = field.type.withoutNull
        let value = types.type(inner).boxed
        let presence: Property.Presence =
            switch (field.isRequired, field.type.isNullable) {
            case (true, false): .required
            case (true, true): .requiredNullable
            case (false, false): .optional
            case (false, true): .optionalNullable
            }
        let stored: JavaType =
            switch presence {
            case .required: types.type(inner)
            case .optionalNullable: types.symbols.runtime("Field", [value])
            case .optional, .requiredNullable: value
            }
        let isCollection =
            switch inner {
            case .list, .map: true
            default: false
            }
        return Property(
            field: field, name: name, presence: presence, value: value, stored: stored, isCollection: isCollection)
    }

    private var arguments: JavaExpression { .type(types.symbols.runtime("Arguments")) }

    private func constructor(
        _ name: JavaType, _ properties: [Property], _ additional: TypeReference?, to printer: inout JavaPrinter
    ) {
        printer.method(
            .init(
                modifiers: ["private"], name: name.name, parameters: [.init(name: "builder", type: JavaType("Builder"))]
            )
        ) { printer in
            for property in properties {
                var value = JavaExpression.name("builder").field(property.name)
                if property.isCollection, property.presence != .optionalNullable {
                    value = arguments.call("copy", [value])
                }
                if property.presence == .required {
                    value = arguments.call("required", [value, .string(property.field.wireName)])
                }
                printer.assign(.own(property.name), value)
            }
            if additional != nil {
                printer.assign(
                    .own(Self.additional), arguments.call("copy", [.name("builder").field(Self.additional)]))
            }
        }
    }

    private func statics(_ name: JavaType, _ codec: JavaType, to printer: inout JavaPrinter) {
        JavaValueMethods.builderMethods(to: &printer)
        printer.blank()
        printer.method(
            .init(
                documentation: .init("Reads and writes the type as JSON."), modifiers: ["public", "static"],
                result: codec, name: "codec")
        ) { $0.returns(.name("CODEC")) }
    }

    private func accessor(_ property: Property, to printer: inout JavaPrinter) {
        let result: JavaType
        let value: JavaExpression
        switch property.presence {
        case .required, .optionalNullable: (result, value) = (property.stored, .own(property.name))
        case .optional, .requiredNullable:
            result = .optional(property.value)
            value = JavaExpression.type(.optional).call("ofNullable", [.own(property.name)])
        }
        printer.method(
            .init(
                documentation: .init(property.field.documentation, isDeprecated: property.field.isDeprecated),
                modifiers: ["public"], result: result, name: property.name)
        ) { $0.returns(value) }
    }

    // MARK: Builder

    private func builder(
        _ name: JavaType, _ properties: [Property], _ additional: TypeReference?, to printer: inout JavaPrinter
    ) {
        printer.type(.init("Makes a value of \(name.name)."), "public static final class Builder") { printer in
            for property in properties {
                let isField = property.presence == .optionalNullable
                let absent = JavaExpression.type(types.symbols.runtime("Field")).call("absent")
                printer.field(
                    ["private"], isField ? property.stored : property.value, property.name,
                    constant(property) ?? (isField ? absent : nil))
            }
            if let additional {
                printer.field(
                    ["private"], .map(types.type(additional)), Self.additional,
                    JavaExpression.type(JavaType("Map", package: "java.util")).call("of"))
            }
            printer.blank()
            JavaValueMethods.builderConstructors(
                name, properties.map(\.name) + (additional == nil ? [] : [Self.additional]), to: &printer)
            for property in properties {
                printer.blank()
                setter(property, to: &printer)
            }
            if let additional {
                printer.blank()
                JavaValueMethods.setter(
                    .init("Sets properties that have no method of their own."), .map(types.type(additional)),
                    Self.additional,
                    arguments.call("required", [.name(Self.additional), .string(Self.additional)]), to: &printer)
            }
            printer.blank()
            JavaValueMethods.build(name, to: &printer)
        }
    }

    private func constant(_ property: Property) -> JavaExpression? {
        guard let constant = property.field.constant else { return nil }
        let value: JavaExpression
        switch property.field.type.withoutNull {
        case .string: value = .string(constant)
        case .model(let index):
            guard case .enumeration = types.model.types[index].shape else { return nil }
            value = JavaExpression.type(property.value).call("of", [.string(constant)])
        default: return nil
        }
        guard property.presence == .optionalNullable else { return value }
        return JavaExpression.type(types.symbols.runtime("Field")).call("of", [value])
    }

    private func setter(_ property: Property, to printer: inout JavaPrinter) {
        let documentation = JavaPrinter.Documentation(
            property.field.documentation, isDeprecated: property.field.isDeprecated)
        guard property.presence == .optionalNullable else {
            // A required number takes no null, so that the compiler finds what is forgotten.
            let type = property.presence == .required ? property.stored : property.value
            return JavaValueMethods.setter(documentation, type, property.name, .name(property.name), to: &printer)
        }
        let field = JavaExpression.type(types.symbols.runtime("Field"))
        let copy = property.isCollection ? arguments.call("copy", [.name(property.name)]) : .name(property.name)
        JavaValueMethods.setter(
            documentation, property.value, property.name, field.call("ofNullable", [copy]), to: &printer)
        printer.blank()
        JavaValueMethods.setter(
            documentation, property.stored, property.name,
            arguments.call("required", [.name(property.name), .string(property.field.wireName)]), to: &printer)
    }

    // MARK: Codec

    private func codec(
        _ name: JavaType, _ codec: JavaType, _ properties: [Property], _ additional: TypeReference?,
        to printer: inout JavaPrinter
    ) {
        printer.type(.init(nil), "private static final class JsonCodec", extends: codec) { printer in
            if additional != nil {
                let names = properties.map { JavaExpression.string($0.field.wireName) }
                let set = JavaType("Set", package: "java.util", [.string])
                printer.field(
                    ["private", "static", "final"], set, "KNOWN",
                    JavaExpression.type(JavaType("Set", package: "java.util")).call("of", names))
                printer.blank()
            }
            printer.method(
                .init(
                    annotations: ["Override"], modifiers: ["public"], result: name, name: "read",
                    parameters: [.init(name: "value", type: types.symbols.runtime("JsonValue"))])
            ) { read(name, properties, additional, to: &$0) }
            printer.blank()
            printer.method(
                .init(
                    annotations: ["Override"], modifiers: ["public"], result: .void, name: "write",
                    parameters: [
                        .init(name: "value", type: name), .init(name: "out", type: types.symbols.runtime("JsonWriter")),
                    ])
            ) { write(properties, additional, to: &$0) }
        }
    }

    private func method(_ presence: Property.Presence) -> String {
        switch presence {
        case .required: "required"
        case .requiredNullable: "nullable"
        case .optional: "optional"
        case .optionalNullable: "field"
        }
    }

    private func read(
        _ name: JavaType, _ properties: [Property], _ additional: TypeReference?, to printer: inout JavaPrinter
    ) {
        let reader = types.symbols.runtime("ObjectReader")
        printer.declare(reader, "object", .new(reader, [.name("value")]))
        printer.declare(JavaType("Builder"), "builder", .new(JavaType("Builder")))
        for property in properties {
            printer.assign(
                .name("builder").field(property.name),
                .name("object").call(
                    method(property.presence),
                    [.string(property.field.wireName), types.codec(property.field.type.withoutNull)]))
        }
        if let additional {
            printer.assign(
                .name("builder").field(Self.additional),
                .name("object").call("others", [types.codec(additional), .name("KNOWN")]))
        }
        printer.returns(.new(name, [.name("builder")]))
    }

    private func write(_ properties: [Property], _ additional: TypeReference?, to printer: inout JavaPrinter) {
        printer.statement(.name("out").call("beginObject"))
        for property in properties {
            let method = property.presence == .required ? "property" : method(property.presence)
            printer.statement(
                .name("out").call(
                    method,
                    [
                        .string(property.field.wireName), types.codec(property.field.type.withoutNull),
                        .name("value").field(property.name),
                    ]))
        }
        if let additional {
            printer.statement(
                .name("out").call("properties", [types.codec(additional), .name("value").field(Self.additional)]))
        }
        printer.statement(.name("out").call("endObject"))
    }
}
