internal import PorticoSyntax

/// `x-portico-usage-plans`: throttles and quotas for API keys.
enum UsagePlansExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-usage-plans", in: [.root], of: [.rest],
        "Throttles and quotas for the holders of API keys.")

    /// Periods of a quota.
    enum Period: String, CaseIterable {
        case day = "DAY"
        case week = "WEEK"
        case month = "MONTH"
    }

    static func read(_ node: Node, _ context: ImporterContext) -> [UsagePlan] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            if member.value.isNull {
                return UsagePlan(name: Located(member.key, at: member.keySpan), settings: .object([]))
            }
            guard let object = context.reader.mapping(member.value, "usage plan '\(member.key)'") else { return nil }
            check(object, context)
            return UsagePlan(name: Located(member.key, at: member.keySpan), settings: JSONValue(member.value))
        }
    }

    private static func check(_ plan: Mapping, _ context: ImporterContext) {
        let reader = context.reader
        reader.checkMembers(
            plan, known: ["throttle", "quota", "apiStages", "description", "name", "productCode", "tags"],
            "a usage plan")
        if let node = plan.present("throttle"), let throttle = reader.mapping(node, "'throttle'") {
            reader.checkMembers(throttle, known: ["rateLimit", "burstLimit"], "'throttle'")
            _ = context.integer(throttle, "burstLimit", in: 0...Int(Int32.max))
            checkRate(throttle, "rateLimit", context)
        }
        if let node = plan.present("quota"), let quota = reader.mapping(node, "'quota'") {
            reader.checkMembers(quota, known: ["limit", "offset", "period"], "'quota'")
            _ = context.integer(quota, "limit", in: 0...Int(Int32.max))
            _ = context.integer(quota, "offset", in: 0...Int(Int32.max))
            if let period = quota.present("period") {
                _ = reader.choice(period, "'period'", of: Period.self)
            } else {
                reader.report(
                    ImportDiagnostics.valueMissing, "the quota has no 'period'; expected 'DAY', 'WEEK' or 'MONTH'",
                    at: node.span)
            }
            if quota.present("limit") == nil {
                reader.report(ImportDiagnostics.valueMissing, "the quota has no 'limit'", at: node.span)
            }
        }
        if let stages = plan.present("apiStages") { _ = reader.sequence(stages, "'apiStages'") }
    }

    /// A rate may have a fraction.
    static func checkRate(_ mapping: Mapping, _ key: String, _ context: ImporterContext) {
        guard let node = mapping.present(key) else { return }
        switch node.scalar?.kind {
        case .integer(let value) where value >= 0: break
        case .number(let value) where value >= 0 && value.isFinite: break
        case .integer, .number:
            context.reader.report(
                ImportDiagnostics.outOfRange, "'\(key)' must not be negative", at: node.span)
        default: let _: Int? = context.reader.wrongType(node, "'\(key)'", "a number")
        }
    }
}
