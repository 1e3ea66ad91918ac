internal import PorticoIR

/// What a feature adds to a method: its filter steps, none when it is off there.
typealias MethodLowering = @Sendable (Method, Resource, inout LoweringContext) -> [FilterStep]

/// Features with steps in the path of a request, in the order of the phases: one line each.
///
/// Source of the order: reference, "Request pipeline" (3).
enum FeatureList {
    static let methods: [MethodLowering] = [
        AuthorizationLowering.steps,
        APIKeysLowering.steps,
        ValidationLowering.steps,
    ]

    static func steps(_ method: Method, _ resource: Resource, _ context: inout LoweringContext) -> [FilterStep] {
        var steps: [FilterStep] = []
        for lowering in methods { steps += lowering(method, resource, &context) }
        return steps
    }
}
