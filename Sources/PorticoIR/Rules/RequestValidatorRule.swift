internal import PorticoSyntax

/// A method's validator is declared at the root.
enum RequestValidatorRule: Rule {
    static let documentation = "The request validator of a method is declared at the root."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        let names = Set(api.requestValidators.map(\.name.value))
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        // The root's default reaches each method with the same place: it is reported once.
        var reported: Set<SourceSpan> = []
        api.forEachMethod { _, method in
            guard let validator = method.requestValidator, !names.contains(validator.value),
                reported.insert(validator.span).inserted
            else { return }
            let near = suggestions.closest(to: validator.value, in: { names.sorted() })
            let advice = near.map { "; did you mean '\($0)'?" } ?? ""
            diagnostics.append(
                Diagnostic(
                    ImportDiagnostics.unknownValidator,
                    "request validator '\(validator.value)' is not declared\(advice)", at: validator.span,
                    notes: [.init("API Gateway answers: Invalid Request Validator identifier specified")],
                    fixIt: near.map { .init("write '\($0)'", replace: validator.span, with: $0) }))
        }
        return diagnostics
    }
}
