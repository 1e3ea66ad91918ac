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
            let required = required(method.requestParameters)
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
            switch schema(of: reference, at: method.verb.span, &context) {
            case .schema(let index):
                models.append(BodyModel(mediaType: MediaTypeText.essence(reference.mediaType), schema: index))
            case .uncheckable(let reason):
                return [.deny(.badRequestBody, reason: reason)]
            case .none:
                break
            }
        }
        return models.isEmpty ? [] : [.validateBody(models)]
    }

    /// Parameters that must be there. Source: reference 3.1: sorted by full key, which puts headers first, then path, then
    /// query string.
    static func required(_ parameters: [RequestParameter]) -> [RequiredParameter] {
        parameters.filter(\.isRequired)
            .map { RequiredParameter(location: $0.location, name: $0.name.value) }
            .sorted { ($0.location.rawValue, $0.name) < ($1.location.rawValue, $1.name) }
    }

    /// What a model is checked by.
    enum CompiledModel {
        /// Position in the snapshot's schemas.
        case schema(Int)
        /// It was reported: what cannot be checked is not let through.
        case uncheckable(String)
        /// There is none.
        case none
    }

    /// The compiled schema of a model, by name or in place.
    static func schema(
        of reference: ModelReference, at span: SourceSpan, _ context: inout LoweringContext
    ) -> CompiledModel {
        if let model = reference.model {
            return context.schemas[model.value].map { .schema($0) }
                ?? .uncheckable("model '\(model.value)' cannot be checked")
        }
        guard let schema = reference.schema else { return .none }
        let library = Dictionary(
            context.description.models.map { ($0.name.value, $0.schema) }, uniquingKeysWith: { first, _ in first })
        let index = context.schema(
            schema, name: "inline \(MediaTypeText.essence(reference.mediaType))", span: span,
            source: reference.source, library: library)
        return index.map { .schema($0) } ?? .uncheckable("the schema of the request cannot be checked")
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
