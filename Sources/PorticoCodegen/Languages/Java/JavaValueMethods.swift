/// Methods that all immutable classes with builders have: models and requests.
enum JavaValueMethods {
    /// `equals` and `hashCode` over fields.
    static func write(_ name: JavaType, _ fields: [(name: String, type: JavaType)], to printer: inout JavaPrinter) {
        printer.method(
            .init(
                annotations: ["Override"], modifiers: ["public"], result: .boolean, name: "equals",
                parameters: [.init(name: "other", type: .object)])
        ) { printer in
            guard !fields.isEmpty else { return printer.returns(isInstance(name)) }
            printer.unless(.name("other"), is: name) { $0.returns(.literal(.boolean(false))) }
            printer.declare(name, "that", .cast(name, .name("other")))
            printer.returns(
                allOf: fields.map { field in
                    let (first, second) = (
                        JavaExpression.own(field.name), JavaExpression.name("that").field(field.name)
                    )
                    if field.type == .double {
                        return JavaExpression.type(JavaType("Double")).call("compare", [first, second])
                            .isSame(as: .int(0))
                    }
                    if field.type.isPrimitive { return first.isSame(as: second) }
                    return JavaExpression.type(.objects).call("equals", [first, second])
                })
        }
        printer.blank()
        printer.method(.init(annotations: ["Override"], modifiers: ["public"], result: .int, name: "hashCode")) {
            $0.returns(JavaExpression.type(.objects).call("hash", fields.map { .own($0.name) }))
        }
    }

    private static func isInstance(_ name: JavaType) -> JavaExpression {
        JavaExpression.type(name).field("class").call("isInstance", [.name("other")])
    }

    /// `builder` and `toBuilder`.
    static func builderMethods(to printer: inout JavaPrinter) {
        let builder = JavaType("Builder")
        printer.blank()
        printer.method(
            .init(
                documentation: .init("Begins a value."), modifiers: ["public", "static"], result: builder,
                name: "builder")
        ) { $0.returns(.new(builder)) }
        printer.blank()
        printer.method(
            .init(
                documentation: .init("Begins another value that is like this one."), modifiers: ["public"],
                result: builder, name: "toBuilder")
        ) { $0.returns(.new(builder, [.this])) }
    }

    /// The constructors of a builder: an empty one, and one that copies a value.
    static func builderConstructors(_ name: JavaType, _ fields: [String], to printer: inout JavaPrinter) {
        printer.method(.init(modifiers: ["private"], name: "Builder")) { _ in }
        printer.blank()
        printer.method(
            .init(modifiers: ["private"], name: "Builder", parameters: [.init(name: "value", type: name)])
        ) { printer in
            for field in fields { printer.assign(.own(field), .name("value").field(field)) }
        }
    }

    /// A method of a builder that sets a property.
    static func setter(
        _ documentation: JavaPrinter.Documentation, _ type: JavaType, _ name: String, _ value: JavaExpression,
        to printer: inout JavaPrinter
    ) {
        printer.method(
            .init(
                documentation: documentation, modifiers: ["public"], result: JavaType("Builder"), name: name,
                parameters: [.init(name: name, type: type)])
        ) { printer in
            printer.assign(.own(name), value)
            printer.returns(.this)
        }
    }

    /// The method that ends a builder.
    static func build(_ name: JavaType, to printer: inout JavaPrinter) {
        printer.method(
            .init(
                documentation: .init("The value; throws InvalidArgumentException if a required property is missing."),
                modifiers: ["public"], result: name, name: "build")
        ) { $0.returns(.new(name, [.this])) }
    }
}
