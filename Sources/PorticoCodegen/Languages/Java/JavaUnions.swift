/// Prints unions: a class that holds a value of one of several types, or JSON of none.
struct JavaUnions {
    /// A variant as it is declared.
    private struct Member {
        var variant: Variant
        /// What follows `of` and `as`.
        var name: String
        var kind: String
        var type: JavaType
    }

    let types: JavaTypes
    private let kindType = JavaType("Kind")

    init(types: JavaTypes) { self.types = types }

    /// The class of a union.
    func write(_ union: Union, at index: Int, to printer: inout JavaPrinter) {
        let type = types.model.types[index]
        let name = types.symbols.types[index]
        var members = zip(union.variants, zip(types.symbols.members[index], types.symbols.kinds[index])).map {
            variant, names in
            Member(variant: variant, name: names.0, kind: names.1, type: types.type(variant.type).boxed)
        }
        let codec = types.symbols.runtime("Codec", [name])
        let known = members
        members.append(
            Member(
                variant: Variant(name: "", type: .json, discriminatorValues: [], matcher: Matcher(kind: .any)),
                name: "Unknown", kind: "UNKNOWN", type: types.symbols.runtime("JsonValue")))
        printer.type(
            .init(type.documentation, isDeprecated: type.isDeprecated),
            annotations: types.suppressions(union.variants.map(\.type)), "public final class \(name.name)"
        ) { printer in
            printer.type(.init("What it can be."), "public enum Kind") { $0.enumConstants(members.map(\.kind)) }
            printer.blank()
            printer.field(
                ["private", "static", "final"], codec, "CODEC", .new(JavaType("JsonCodec")))
            printer.blank()
            printer.field(["private", "final"], kindType, "kind")
            printer.field(["private", "final"], .object, "value")
            printer.blank()
            constructor(name, to: &printer)
            for member in members {
                printer.blank()
                factory(member, name, to: &printer)
            }
            printer.blank()
            printer.method(
                .init(
                    documentation: .init("Reads and writes the type as JSON."), modifiers: ["public", "static"],
                    result: codec, name: "codec")
            ) { $0.returns(.name("CODEC")) }
            printer.blank()
            printer.method(
                .init(documentation: .init("What it is."), modifiers: ["public"], result: kindType, name: "kind")
            ) { $0.returns(.own("kind")) }
            for member in members {
                printer.blank()
                accessor(member, to: &printer)
            }
            printer.blank()
            JavaValueMethods.write(name, [("kind", .object), ("value", .object)], to: &printer)
            printer.blank()
            printer.method(
                .init(annotations: ["Override"], modifiers: ["public"], result: .string, name: "toString")
            ) { $0.returns(JavaExpression.string(name.name).joined(to: .name("CODEC").call("describe", [.this]))) }
            printer.blank()
            printer.type(.init(nil), "private static final class JsonCodec", extends: codec) { printer in
                read(union, known, name, to: &printer)
                printer.blank()
                write(members, name, to: &printer)
            }
        }
    }

    private func constructor(_ name: JavaType, to printer: inout JavaPrinter) {
        printer.method(
            .init(
                modifiers: ["private"], name: name.name,
                parameters: [.init(name: "kind", type: kindType), .init(name: "value", type: .object)])
        ) { printer in
            printer.assign(.own("kind"), .name("kind"))
            printer.assign(
                .own("value"),
                JavaExpression.type(types.symbols.runtime("Arguments")).call(
                    "required", [.name("value"), .string("value")]))
        }
    }

    private func kind(_ member: Member) -> JavaExpression { JavaExpression.type(kindType).field(member.kind) }

    private func factory(_ member: Member, _ name: JavaType, to printer: inout JavaPrinter) {
        let text = member.kind == "UNKNOWN" ? "JSON of a type that the API did not name." : nil
        printer.method(
            .init(
                documentation: .init(text), modifiers: ["public", "static"], result: name, name: "of" + member.name,
                parameters: [.init(name: "value", type: types.type(member.variant.type))])
        ) { $0.returns(.new(name, [kind(member), .name("value")])) }
    }

    private func accessor(_ member: Member, to printer: inout JavaPrinter) {
        let text =
            member.kind == "UNKNOWN" ? "The JSON, if it is none of the types." : "The value, if it is of that type."
        printer.method(
            .init(
                documentation: .init(text), annotations: unchecked(member), modifiers: ["public"],
                result: .optional(member.type), name: "as" + member.name)
        ) { printer in
            let optional = JavaExpression.type(.optional)
            printer.returns(
                .choice(
                    JavaExpression.own("kind").isSame(as: kind(member)),
                    optional.call("of", [.cast(member.type, .own("value"))]), optional.call("empty")))
        }
    }

    /// Generic types cannot be checked when the value is cast.
    private func unchecked(_ member: Member) -> [String] {
        member.type.arguments.isEmpty ? [] : ["SuppressWarnings(\"unchecked\")"]
    }

    // MARK: Codec

    private func read(_ union: Union, _ members: [Member], _ name: JavaType, to printer: inout JavaPrinter) {
        printer.method(
            .init(
                annotations: ["Override"], modifiers: ["public"], result: name, name: "read",
                parameters: [.init(name: "value", type: types.symbols.runtime("JsonValue"))])
        ) { printer in
            if let discriminator = union.discriminator {
                readByText(discriminator, members, name, to: &printer)
            } else {
                for member in members {
                    if let condition = condition(member.variant.matcher) {
                        printer.when(condition) { $0.returns(made(member, name)) }
                    } else {
                        // It takes everything, so nothing comes after it.
                        return printer.returns(made(member, name))
                    }
                }
            }
            printer.returns(.new(name, [JavaExpression.type(kindType).field("UNKNOWN"), .name("value")]))
        }
    }

    private func made(_ member: Member, _ name: JavaType) -> JavaExpression {
        .new(name, [kind(member), types.codec(member.variant.type).call("read", [.name("value")])])
    }

    private func readByText(
        _ property: String, _ members: [Member], _ name: JavaType, to printer: inout JavaPrinter
    ) {
        var used: Set<String> = []
        let cases = members.compactMap { member -> (labels: [JavaExpression], body: (inout JavaPrinter) -> Void)? in
            let values = member.variant.discriminatorValues.filter { used.insert($0).inserted }
            guard !values.isEmpty else { return nil }
            return (values.map(JavaExpression.string), { $0.returns(made(member, name)) })
        }
        guard !cases.isEmpty else { return }
        printer.choose(matching.call("text", [.name("value"), .string(property)]), cases + [([], { $0.breaks() })])
    }

    private var matching: JavaExpression { .type(types.symbols.runtime("Matching")) }

    private func condition(_ matcher: Matcher) -> JavaExpression? {
        let kinds = JavaExpression.type(types.symbols.runtime("JsonValue")).field("Kind")
        let kind: String
        switch matcher.kind {
        case .any: return nil
        case .object:
            var condition = matching.call(
                "isObject", [.name("value")] + matcher.requiredProperties.map(JavaExpression.string))
            for constant in matcher.constants {
                condition = condition.and(
                    matching.call(
                        "hasText",
                        [.name("value"), .string(constant.property)] + constant.values.map(JavaExpression.string)))
            }
            return condition
        case .array: kind = "ARRAY"
        case .string: kind = "STRING"
        case .number: kind = "NUMBER"
        case .boolean: kind = "BOOLEAN"
        }
        return JavaExpression.name("value").call("kind").isSame(as: kinds.field(kind))
    }

    private func write(_ members: [Member], _ name: JavaType, to printer: inout JavaPrinter) {
        let isAnyUnchecked = members.contains { !$0.type.arguments.isEmpty }
        printer.method(
            .init(
                annotations: ["Override"] + (isAnyUnchecked ? ["SuppressWarnings(\"unchecked\")"] : []),
                modifiers: ["public"], result: .void, name: "write",
                parameters: [
                    .init(name: "value", type: name), .init(name: "out", type: types.symbols.runtime("JsonWriter")),
                ])
        ) { printer in
            printer.choose(
                .name("value").field("kind"),
                members.map { member in
                    (
                        [JavaExpression.name(member.kind)],
                        { printer in
                            printer.statement(
                                types.codec(member.variant.type).call(
                                    "write", [.cast(member.type, .name("value").field("value")), .name("out")]))
                            printer.breaks()
                        }
                    )
                })
        }
    }
}
