internal import PorticoIR
internal import PorticoSyntax

/// Request validators: the parameters and models that a method's validator insists on.
enum ValidationLowering {
    static func steps(
        _ method: Method, _ resource: Resource, _ context: inout LoweringContext
    ) -> [FilterStep] {
        guard let name = method.requestValidator,
            let validator = context.description.requestValidators.first(where: { $0.name.value == name.value })
        else { return [] }
        var steps: [FilterStep] = []
        if validator.validateRequestParameters {
            // Source: reference 3.1: sorted by full key, which puts headers first, then path, then query string.
            let required = method.requestParameters.filter(\.isRequired)
                .map { RequiredParameter(location: $0.location, name: $0.name.value) }
                .sorted { ($0.location.rawValue, $0.name) < ($1.location.rawValue, $1.name) }
            if !required.isEmpty { steps.append(.requireParameters(required)) }
        }
        if validator.validateRequestBody, !method.requestModels.isEmpty {
            steps += bodySteps(method, &context)
        }
        return steps
    }

    private static func bodySteps(_ method: Method, _ context: inout LoweringContext) -> [FilterStep] {
        var models: [BodyModel] = []
        for reference in method.requestModels {
            let mediaType = MediaTypeText.essence(reference.mediaType)
            if let model = reference.model {
                guard let index = context.schemas[model.value] else {
                    // The model was reported: what cannot be checked is not let through.
                    return [.deny(.badRequestBody, reason: "model '\(model.value)' cannot be checked")]
                }
                models.append(BodyModel(mediaType: mediaType, schema: index))
            } else if let schema = reference.schema {
                let library = Dictionary(
                    context.description.models.map { ($0.name.value, $0.schema) },
                    uniquingKeysWith: { first, _ in first })
                guard
                    let index = context.schema(
                        schema, name: "inline \(mediaType)", span: method.verb.span,
                        source: reference.source, library: library)
                else { return [.deny(.badRequestBody, reason: "the schema of the request cannot be checked")] }
                models.append(BodyModel(mediaType: mediaType, schema: index))
            }
        }
        return models.isEmpty ? [] : [.validateBody(models)]
    }
}

/// Media types of the document as the runtime compares them.
enum MediaTypeText {
    /// Lower case, without parameters.
    static func essence(_ text: String) -> String {
        var essence = text.prefix { $0 != ";" }
        while essence.last == " " { essence.removeLast() }
        return essence.lowercased()
    }
}
