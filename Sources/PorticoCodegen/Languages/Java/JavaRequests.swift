/// Prints the classes that hold the arguments of an operation.
struct JavaRequests {
    let operations: JavaOperations
    private var types: JavaTypes { operations.types }

    init(operations: JavaOperations) { self.operations = operations }

    /// The class of an operation's arguments.
    func write(_ index: Int, _ name: JavaType, to printer: inout JavaPrinter) {
        let arguments = operations.arguments(index)
        let method = operations.symbols.calls[index].method
        printer.type(
            .init("Arguments of \(method) of \(operations.symbols.client.name)."),
            annotations: types.suppressions(arguments.compactMap(\.reference)), "public final class \(name.name)"
        ) { printer in
            for argument in arguments { printer.field(["private", "final"], stored(argument), argument.name) }
            if !arguments.isEmpty { printer.blank() }
            constructor(name, arguments, to: &printer)
            JavaValueMethods.builderMethods(to: &printer)
            for argument in arguments {
                printer.blank()
                accessor(argument, to: &printer)
            }
            printer.blank()
            JavaValueMethods.write(name, arguments.map { ($0.name, stored($0)) }, to: &printer)
            printer.blank()
            printer.method(
                .init(annotations: ["Override"], modifiers: ["public"], result: .string, name: "toString")
            ) { printer in
                let names = arguments.map { JavaExpression.string($0.wireName) }
                let values = arguments.map { JavaExpression.own($0.name) }
                printer.returns(
                    JavaExpression.type(operations.symbols.runtime("Arguments")).call(
                        "describe", [.string(name.name)] + zip(names, values).flatMap { [$0, $1] }))
            }
            printer.blank()
            builder(name, arguments, to: &printer)
        }
    }

    private func stored(_ argument: JavaOperations.Argument) -> JavaType {
        argument.isRequired ? argument.type : argument.type.boxed
    }

    private func constructor(
        _ name: JavaType, _ arguments: [JavaOperations.Argument], to printer: inout JavaPrinter
    ) {
        let checks = JavaExpression.type(operations.symbols.runtime("Arguments"))
        printer.method(
            .init(
                modifiers: ["private"], name: name.name, parameters: [.init(name: "builder", type: JavaType("Builder"))]
            )
        ) { printer in
            for argument in arguments {
                var value = JavaExpression.name("builder").field(argument.name)
                switch argument.reference {
                case .list, .map: value = checks.call("copy", [value])
                default: break
                }
                if argument.isRequired { value = checks.call("required", [value, .string(argument.wireName)]) }
                printer.assign(.own(argument.name), value)
            }
        }
    }

    private func accessor(_ argument: JavaOperations.Argument, to printer: inout JavaPrinter) {
        let own = JavaExpression.own(argument.name)
        printer.method(
            .init(
                documentation: documentation(argument), modifiers: ["public"],
                result: argument.isRequired ? argument.type : .optional(argument.type), name: argument.name)
        ) { $0.returns(argument.isRequired ? own : JavaExpression.type(.optional).call("ofNullable", [own])) }
    }

    private func documentation(_ argument: JavaOperations.Argument) -> JavaPrinter.Documentation {
        .init(argument.documentation, isDeprecated: argument.isDeprecated)
    }

    private func builder(_ name: JavaType, _ arguments: [JavaOperations.Argument], to printer: inout JavaPrinter) {
        printer.type(.init("Makes a \(name.name)."), "public static final class Builder") { printer in
            for argument in arguments { printer.field(["private"], argument.type.boxed, argument.name) }
            if !arguments.isEmpty { printer.blank() }
            JavaValueMethods.builderConstructors(name, arguments.map(\.name), to: &printer)
            for argument in arguments {
                printer.blank()
                JavaValueMethods.setter(
                    documentation(argument), stored(argument), argument.name, .name(argument.name), to: &printer)
            }
            printer.blank()
            JavaValueMethods.build(name, to: &printer)
        }
    }
}
