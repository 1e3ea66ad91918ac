internal import PorticoSyntax

/// Names of models are alphanumeric.
enum ModelNameRule: Rule {
    static let documentation = "Names of models are alphanumeric."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        api.models.compactMap { model in
            guard !ASCII.consists(model.name.value, of: "") else { return nil }
            let plain = String(decoding: model.name.value.utf8.filter(ASCII.isAlphanumeric), as: UTF8.self)
            return Diagnostic(
                ImportDiagnostics.modelName, "model name '\(model.name.value)' must be alphanumeric",
                at: model.name.span,
                notes: [.init("API Gateway answers: Model name must be alphanumeric: \(model.name.value)")],
                fixIt: plain.isEmpty ? nil : .init(hint: "write '\(plain)', here and in every '$ref'"))
        }
    }
}
