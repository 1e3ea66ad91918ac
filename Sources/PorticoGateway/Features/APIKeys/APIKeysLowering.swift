internal import PorticoIR
internal import PorticoSyntax

/// Methods that need an API key, and the usage plans and keys of the document.
enum APIKeysLowering {
    static func steps(
        _ method: Method, _ resource: Resource, _ context: inout LoweringContext
    ) -> [FilterStep] {
        method.apiKeyRequired ? [.requireAPIKey(context.description.apiKeySource.value)] : []
    }

    static func run(_ context: inout LoweringContext) {
        let api = context.description.apiID
        context.parts.usagePlans = context.description.usagePlans.map { plan in
            UsagePlanEntry(
                id: StableHash.base36(Array("\(api) usage plan \(plan.name.value)".utf8), length: 6),
                name: plan.name.value, throttle: plan.throttle, quota: plan.quota,
                stages: plan.stages.map { stage in
                    UsagePlanStageEntry(
                        stage: stage.name.value,
                        methods: stage.methods.map {
                            MethodThrottleEntry(path: $0.path, verb: $0.verb, throttle: $0.throttle)
                        })
                })
        }
        // Names may repeat, as on API Gateway; ids do not.
        var occurrences: [String: Int] = [:]
        context.parts.apiKeys = context.description.apiKeys.map { key in
            let name = key.name.value
            let occurrence = occurrences[name, default: 0]
            occurrences[name] = occurrence + 1
            return APIKeyEntry(
                id: StableHash.base36(Array("\(api) API key \(occurrence) \(name)".utf8), length: 10), name: name,
                isEnabled: key.isEnabled, secret: secret(key.value.value), usagePlans: key.usagePlans.map(\.value))
        }
    }

    private static func secret(_ value: String) -> APIKeySecret {
        APIKeyValue.environmentName(value).map { .environment($0) } ?? .digest(APIKeyHash.digest(of: value))
    }
}
