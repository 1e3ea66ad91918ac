/// Prints the exceptions of declared errors.
struct JavaErrors {
    let types: JavaTypes

    /// The exception of an error.
    func write(_ index: Int, to printer: inout JavaPrinter) {
        let error = types.model.errors[index]
        let name = types.symbols.errors[index]
        let response = JavaPrinter.Parameter(
            name: "response", type: types.symbols.runtime("Response", [JavaType("Void")]))
        let status = error.status.map { "Status \($0)." } ?? "An error status that has no exception of its own."
        let factory = JavaExpression.type(types.symbols.runtime("ErrorType"))
        printer.type(
            .init(DocumentationText.joined(error.documentation, status)),
            annotations: types.suppressions([error.body].compactMap(\.self)), "public final class \(name.name)",
            extends: types.symbols.runtime("ResponseException")
        ) { printer in
            let constructor = JavaExpression.reference(name, "new")
            printer.field(
                ["public", "static", "final"], types.symbols.runtime("ErrorType"), "TYPE",
                error.body.map { factory.call("of", [types.codec($0), constructor]) }
                    ?? factory.call("plain", [constructor]),
                documentation: .init("How the client makes it of an answer."))
            printer.field(
                ["private", "static", "final"], .long, "serialVersionUID", .literal(.long(1)))
            printer.blank()
            guard let body = error.body else {
                return printer.method(.init(modifiers: ["private"], name: name.name, parameters: [response])) {
                    $0.statement(.call("super", [.name("response")]))
                }
            }
            let type = types.type(body).boxed
            printer.field(["private", "final", "transient"], type, "body")
            printer.blank()
            printer.method(
                .init(
                    modifiers: ["private"], name: name.name,
                    parameters: [response, .init(name: "body", type: type)])
            ) { printer in
                printer.statement(.call("super", [.name("response")]))
                printer.assign(.own("body"), .name("body"))
            }
            printer.blank()
            printer.method(
                .init(
                    documentation: .init("The body of the answer."), modifiers: ["public"],
                    result: body.isNullable ? .optional(type) : type, name: "body")
            ) { printer in
                let own = JavaExpression.own("body")
                printer.returns(
                    body.isNullable ? JavaExpression.type(.optional).call("ofNullable", [own]) : own)
            }
        }
    }
}
