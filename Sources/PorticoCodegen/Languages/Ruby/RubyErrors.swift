/// Declares the errors of the API: `errors.rb`.
struct RubyErrors {
    let types: RubyTypes

    /// The module `Errors`.
    func declaration() -> RubyDeclaration {
        .module("Errors", comment: ["The errors that operations declare."], types.model.errors.enumerated().map(error))
    }

    private func error(_ index: Int, _ error: ErrorType) -> RubyDeclaration {
        let status = error.status.map { "HTTP \($0)" } ?? "Any status that has no error of its own"
        let comment = RubyText.comment(DocumentationText.joined(error.documentation, status + ".") ?? "")
        var members: [RubyDeclaration] = []
        if let body = error.body {
            let type = types.type(body)
            members = [
                .reader("body", type, comment: ["@return [\(type.comment)]"]),
                .macro(.call(nil, "define_body", [types.codec(body)])),
            ]
        }
        return .class(types.symbols.errors[index], superclass: "ResponseError", comment: comment, members)
    }
}
