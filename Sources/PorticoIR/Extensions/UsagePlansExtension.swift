internal import PorticoSyntax

/// `x-portico-usage-plans`: throttles and quotas for API keys.
enum UsagePlansExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-usage-plans", in: [.root], of: [.rest, .webSocket],
        "Throttles and quotas for the holders of API keys.")

    static func read(_ node: Node, _ context: ImporterContext) -> [UsagePlan] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.compactMap { member in
            let name = Located(member.key, at: member.keySpan)
            if member.value.isNull { return UsagePlan(name: name) }
            guard let object = context.reader.mapping(member.value, "usage plan '\(member.key)'") else { return nil }
            return readPlan(name, object, JSONValue(member.value), context)
        }
    }

    private static func readPlan(
        _ name: Located<String>, _ plan: Mapping, _ settings: JSONValue, _ context: ImporterContext
    ) -> UsagePlan {
        context.reader.checkMembers(
            plan, known: ["throttle", "quota", "apiStages", "description", "name", "productCode", "tags"],
            "a usage plan")
        var result = UsagePlan(name: name, settings: settings)
        if let node = plan.present("throttle") { result.throttle = readThrottle(node, "'throttle'", context) }
        if let node = plan.present("quota") { result.quota = readQuota(node, context) }
        if let node = plan.present("apiStages"), let elements = context.list(node, "'apiStages'") {
            for element in elements {
                guard let stage = readStage(element, context) else { continue }
                if let first = result.stages.first(where: { $0.name.value == stage.name.value }) {
                    context.reader.report(
                        ImportDiagnostics.duplicate,
                        "usage plan '\(name.value)' names stage '\(stage.name.value)' twice", at: stage.name.span,
                        notes: [.init("first named here", at: first.name.span)])
                    continue
                }
                if let method = stage.methods.first, result.throttle == nil {
                    // Unconfirmed: that API Gateway wants the plan's own throttle beside those of methods.
                    context.reader.report(
                        ImportDiagnostics.valueMissing,
                        "usage plan '\(name.value)' throttles methods and has no 'throttle' of its own",
                        at: method.key.span, severity: .warning)
                }
                result.stages.append(stage)
            }
        }
        return result
    }

    static func readThrottle(_ node: Node, _ what: String, _ context: ImporterContext) -> Throttle? {
        guard let object = context.reader.mapping(node, what) else { return nil }
        context.reader.checkMembers(object, known: ["rateLimit", "burstLimit"], what)
        if let burst = object.present("burstLimit"), object.present("rateLimit") == nil {
            context.reader.report(
                ImportDiagnostics.valueMissing, "'burstLimit' limits nothing without 'rateLimit'", at: burst.span,
                severity: .warning)
        }
        return Throttle(
            rateLimit: rate(object, "rateLimit", context),
            burstLimit: context.integer(object, "burstLimit", in: 0...Int(Int32.max))?.value)
    }

    private static func readQuota(_ node: Node, _ context: ImporterContext) -> Quota? {
        let reader = context.reader
        guard let object = reader.mapping(node, "'quota'") else { return nil }
        reader.checkMembers(object, known: ["limit", "offset", "period"], "'quota'")
        let period: Quota.Period?
        if let node = object.present("period") {
            period = reader.choice(node, "'period'", of: Quota.Period.self)
        } else {
            period = nil
            reader.report(
                ImportDiagnostics.valueMissing, "the quota has no 'period'; expected 'DAY', 'WEEK' or 'MONTH'",
                at: node.span)
        }
        if object.present("limit") == nil {
            reader.report(ImportDiagnostics.valueMissing, "the quota has no 'limit'", at: node.span)
        }
        let limit = context.integer(object, "limit", in: 0...Int(Int32.max))
        let offset = context.integer(
            object, "offset", in: period?.offsets ?? 0...27,
            note: period.map { period in
                period == .day
                    ? "API Gateway answers: Usage Plan quota offset must be zero in the DAY period"
                    : "API Gateway answers: Usage Plan quota offset must be between 0 and "
                        + "\(period.offsets.upperBound) inclusive in the \(period.rawValue) period"
            })
        guard let period, let limit else { return nil }
        return Quota(limit: limit.value, offset: offset?.value ?? 0, period: period)
    }

    /// A stage is written as its name, or as an object with `stage` as API Gateway has it.
    private static func readStage(_ node: Node, _ context: ImporterContext) -> UsagePlanStage? {
        let reader = context.reader
        guard let object = node.mapping else {
            return context.located(node, "an element of 'apiStages'").map { UsagePlanStage(name: $0) }
        }
        reader.checkMembers(object, known: ["stage", "apiId", "throttle"], "an element of 'apiStages'")
        if let id = object.present("apiId") {
            reader.report(
                ImportDiagnostics.ignoredMember, "'apiId' has no effect: the stages are those of this file", at: id.span
            )
        }
        guard let name = context.located(object.present("stage"), "'stage'") else {
            reader.report(ImportDiagnostics.valueMissing, "the element of 'apiStages' has no 'stage'", at: node.span)
            return nil
        }
        var stage = UsagePlanStage(name: name)
        guard let node = object.present("throttle"), let methods = reader.mapping(node, "'throttle' of a stage") else {
            return stage
        }
        for member in methods.members {
            let key = Located(member.key, at: member.keySpan)
            guard let throttle = readThrottle(member.value, "the throttle of '\(member.key)'", context) else {
                continue
            }
            guard let method = MethodThrottle(key: key, throttle: throttle) else {
                reader.report(
                    ImportDiagnostics.unknownMethodSetting,
                    "'\(member.key)' is no method; expected '/path/METHOD', such as '/pets/GET'", at: member.keySpan)
                continue
            }
            stage.methods.append(method)
        }
        return stage
    }

    /// A rate may have a fraction.
    static func rate(_ mapping: Mapping, _ key: String, _ context: ImporterContext) -> Double? {
        guard checkRate(mapping, key, context) else { return nil }
        switch mapping.present(key)?.scalar?.kind {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        default: return nil
        }
    }

    /// Reports what is no rate. Returns whether there is one.
    @discardableResult
    static func checkRate(_ mapping: Mapping, _ key: String, _ context: ImporterContext) -> Bool {
        guard let node = mapping.present(key) else { return false }
        switch node.scalar?.kind {
        case .integer(let value) where value >= 0: return true
        case .number(let value) where value >= 0 && value.isFinite: return true
        case .integer, .number:
            context.reader.report(
                ImportDiagnostics.outOfRange, "'\(key)' must not be negative", at: node.span)
        default: let _: Int? = context.reader.wrongType(node, "'\(key)'", "a number")
        }
        return false
    }
}
