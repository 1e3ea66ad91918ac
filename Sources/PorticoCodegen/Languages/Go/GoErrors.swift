/// Writes `errors.go`: the error types that operations declare.
struct GoErrors {
    let types: GoTypes

    func write(to printer: inout GoPrinter) {
        for (error, name) in zip(types.model.errors, types.symbols.errors) {
            var fields = [GoPrinter.Field(name: "*ResponseError", type: "")]
            if let body = error.body {
                printer.use(types.imports(body))
                fields.append(
                    .init(
                        name: "Body", type: types.text(body),
                        documentation: "Body is what the API says; ResponseError.Body has its bytes."))
            }
            let status = error.status.map { "status \($0)" } ?? "a status that is not declared by itself"
            printer.structure(
                name, "\(name) is an answer with \(status)." + (error.documentation.map { "\n\n" + $0 } ?? ""), fields)
            printer.function(
                .init(receiver: "e *\(name)", name: "Unwrap", results: ["error"]), "Unwrap returns the answer."
            ) { $0.giveBack("e.ResponseError") }
            printer.function(
                .init(
                    name: "new" + name, parameters: ["response *ResponseError"], results: ["error", "error"]), nil
            ) { statements in
                guard error.body != nil else {
                    statements.giveBack("&\(name){ResponseError: response}", "nil")
                    return
                }
                statements.declare("e", "&\(name){ResponseError: response}")
                statements.giveBack("e", "decodeJSON(response.Body, &e.Body)")
            }
        }
    }
}
