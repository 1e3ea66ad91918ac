/// Prints enumerations: classes with a constant for each known value, which keep unknown ones.
struct JavaEnumerations {
    let types: JavaTypes

    /// The class of an enumeration.
    func write(_ values: [String], at index: Int, to printer: inout JavaPrinter) {
        let type = types.model.types[index]
        let name = types.symbols.types[index]
        let constants = types.symbols.members[index]
        printer.type(
            .init(type.documentation, isDeprecated: type.isDeprecated), "public final class \(name.name)",
            extends: types.symbols.runtime("TextEnum")
        ) { printer in
            for (value, constant) in zip(values, constants) {
                printer.field(["public", "static", "final"], name, constant, .new(name, [.string(value)]))
            }
            printer.blank()
            printer.field(
                ["private", "static", "final"], .list(name), "VALUES",
                JavaExpression.type(.listOfAny).call("of", constants.map(JavaExpression.name)))
            let codec = types.symbols.runtime("Codec", [name])
            printer.field(
                ["private", "static", "final"], codec, "CODEC",
                JavaExpression.type(types.symbols.runtime("Codec")).call("text", [.reference(name, "of")]))
            printer.blank()
            let value = [JavaPrinter.Parameter(name: "value", type: .string)]
            printer.method(.init(modifiers: ["private"], name: name.name, parameters: value)) {
                $0.statement(.call("super", [.name("value")]))
            }
            printer.blank()
            printer.method(
                .init(
                    documentation: .init("A value, known or not."), modifiers: ["public", "static"], result: name,
                    name: "of", parameters: value)
            ) { $0.returns(.new(name, [.name("value")])) }
            printer.blank()
            printer.method(
                .init(
                    documentation: .init("All known values."), modifiers: ["public", "static"], result: .list(name),
                    name: "values")
            ) { $0.returns(.name("VALUES")) }
            printer.blank()
            printer.method(
                .init(
                    documentation: .init("Reads and writes the type as JSON."), modifiers: ["public", "static"],
                    result: codec, name: "codec")
            ) { $0.returns(.name("CODEC")) }
            printer.blank()
            printer.method(
                .init(
                    documentation: .init("Whether the API knew the value when this class was made."),
                    modifiers: ["public"], result: .boolean, name: "isKnown")
            ) { $0.returns(.name("VALUES").call("contains", [.this])) }
        }
    }
}
