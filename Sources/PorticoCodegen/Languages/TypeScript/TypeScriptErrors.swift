/// Prints `errors.ts`: the classes of errors that operations declare.
struct TypeScriptErrors {
    let model: ClientModel
    let symbols: TypeScriptSymbols
    let header: String

    /// The module.
    func files() -> [GeneratedFile] {
        var printer = TypeScriptPrinter("errors", header: header)
        var types = TypeScriptTypes(model, symbols)
        for (error, name) in zip(model.errors, symbols.errors) {
            let body = error.body.map { types.text($0) } ?? "undefined"
            printer.class(
                name, extends: "DeclaredError", parentArguments: "<\(body)>", documentation: Self.documentation(error)
            ) { printer in
                if let body = error.body {
                    printer.overridingField(
                        "bodyType", type: "TypeSpec | undefined", types.spec(body), isStatic: true)
                }
                printer.overridingField("name", type: "string", .text(name))
            }
        }
        if !model.errors.isEmpty {
            printer.importTypes(types.models, from: "models")
            printer.importTypes(types.library, from: "library/index")
            if model.errors.contains(where: { $0.body != nil }) {
                printer.importTypes(["TypeSpec"], from: "library/types")
            }
            printer.importValues(["DeclaredError"], from: "library/errors", isDeclared: true)
        }
        return printer.files()
    }

    static func documentation(_ error: ErrorType) -> String {
        let status = error.status.map { "Status \($0)." } ?? "Any error without a class of its own."
        return DocumentationText.joined(error.documentation, status) ?? status
    }
}
