/// `errors.py`: the errors that the API declares, beside those of every client.
struct PythonErrors {
    private let model: ClientModel
    private let symbols: PythonSymbols

    init(_ model: ClientModel, _ symbols: PythonSymbols) {
        self.model = model
        self.symbols = symbols
    }

    /// The text of the module.
    var text: String {
        let types = PythonTypes(model: model, symbols: symbols, prefix: "models.")
        var body = PythonPrinter()
        for (index, error) in model.errors.enumerated() {
            body.gap()
            let head = DocumentationText.joined(
                error.status.map { "Status \($0)." } ?? "Any other error status.", error.documentation)
            body.classDefinition(
                symbols.errors[index], bases: ["ResponseError"],
                documentation: PythonDocumentation.lines(head, depth: 1)
            ) { printer in
                printer.assignment("body", annotation: error.body.map(types.annotation) ?? "None", nil)
                if let type = error.body { printer.assignment("_body_type", types.description(type)) }
            }
        }
        var printer = PythonPrinter()
        printer.header(model)
        printer.documentation(["What goes wrong in calls."])
        printer.blank()
        printer.importNames(["annotations"], from: "__future__")
        printer.blank()
        if body.text.contains("dt.") {
            printer.importModule("datetime", as: "dt")
            printer.blank()
        }
        if body.text.contains("models.") { printer.importNames(["models"], from: ".") }
        if body.text.contains("lib.") { printer.importName("coding", as: "lib", from: "._library") }
        printer.importNames(symbols.libraryErrors, from: "._library.errors")
        printer.blank()
        printer.assignment(
            "__all__", .list((symbols.libraryErrors + symbols.errors).map { .string($0) }))
        return printer.text + body.text
    }
}
