internal import PorticoSyntax

/// Reads sampling rules in the forms that they are passed round in: a list of X-Ray's `SamplingRule`, each also within
/// `{"SamplingRule": ...}`; the answer of `GetSamplingRules`; and the file of local rules of the X-Ray SDKs, version 2.
///
/// *Source:* X-Ray API reference, "SamplingRule"; X-Ray guide, "Sampling rules" of the SDKs.
enum SamplingRuleReading {
    /// Rules of one document. Unconfirmed: X-Ray's own limit of rules, which is a quota of the account.
    private static let mostRules = 256

    private static let members: Set<String> = [
        "RuleName", "RuleARN", "Priority", "ReservoirSize", "FixedRate", "ServiceName", "ServiceType", "Host",
        "HTTPMethod", "URLPath", "ResourceARN", "Attributes", "Version", "SamplingRateBoost",
    ]

    static func read(_ node: Node, _ context: ImporterContext) -> [SamplingRule] {
        let reader = context.reader
        if let object = node.mapping, !NodeReader.isIntrinsic(node) {
            if object.present("version") != nil { return LocalRules.read(object, at: node.span, context) }
            guard let records = object.present("SamplingRuleRecords") else {
                let _: Node? = reader.wrongType(node, "'samplingRules'", "a list of sampling rules")
                return []
            }
            return readList(records, "'SamplingRuleRecords'", context)
        }
        return readList(node, "'samplingRules'", context)
    }

    private static func readList(_ node: Node, _ what: String, _ context: ImporterContext) -> [SamplingRule] {
        guard let nodes = context.reader.sequence(node, what) else { return [] }
        guard nodes.count <= mostRules else {
            context.reader.report(
                ImportDiagnostics.samplingRule, "\(nodes.count) sampling rules; at most \(mostRules) are allowed",
                at: node.span)
            return []
        }
        var names: [String: SourceSpan] = [:]
        return nodes.compactMap { node in
            guard let object = context.reader.mapping(node, "a sampling rule") else { return nil }
            let inner = object.present("SamplingRule") ?? node
            guard let rule = context.reader.mapping(inner, "a sampling rule").flatMap({ readRule($0, inner, context) })
            else { return nil }
            if let first = names.updateValue(inner.span, forKey: rule.ruleName) {
                context.reader.report(
                    ImportDiagnostics.duplicate, "two sampling rules are called \(quoted(rule.ruleName))",
                    at: inner.span, notes: [.init("first declared here", at: first)])
            }
            return rule.ruleName == SamplingRule.standard.ruleName ? standard(rule) : rule
        }
    }

    /// The default rule of an account has its own rate and matches everything, after all others.
    private static func standard(_ rule: SamplingRule) -> SamplingRule {
        SamplingRule(
            ruleName: rule.ruleName, priority: SamplingRule.standard.priority, reservoirSize: rule.reservoirSize,
            fixedRate: rule.fixedRate)
    }

    private static func readRule(_ object: Mapping, _ node: Node, _ context: ImporterContext) -> SamplingRule? {
        let reader = context.reader
        reader.checkMembers(object, known: members, "a sampling rule")
        let start = reader.diagnostics.count
        let name = text(object, "RuleName", longest: 32, at: node, context)
        let isStandard = name == SamplingRule.standard.ruleName
        let priority = required(object, "Priority", at: node, context) {
            context.integer(object, "Priority", in: 1...(isStandard ? SamplingRule.standard.priority : 9999))?.value
        }
        let reservoir = required(object, "ReservoirSize", at: node, context) {
            context.integer(object, "ReservoirSize", in: 0...Int(Int32.max))?.value
        }
        let rate = required(object, "FixedRate", at: node, context) { Self.rate(object, "FixedRate", context) }
        if object.present("Version") != nil { _ = context.integer(object, "Version", in: 1...1) }
        guard let name, let priority, let reservoir, let rate else { return nil }
        var rule = SamplingRule(ruleName: name, priority: priority, reservoirSize: reservoir, fixedRate: rate)
        func pattern(_ key: String, longest: Int) -> String {
            object.present(key) == nil ? "*" : text(object, key, longest: longest, at: node, context) ?? "*"
        }
        rule.serviceName = pattern("ServiceName", longest: 64)
        rule.serviceType = pattern("ServiceType", longest: 64)
        rule.host = pattern("Host", longest: 64)
        rule.httpMethod = pattern("HTTPMethod", longest: 10)
        rule.urlPath = pattern("URLPath", longest: 128)
        rule.resourceARN = pattern("ResourceARN", longest: 500)
        rule.attributes = readAttributes(object, context)
        return reader.diagnostics[start...].contains { $0.severity == .error } ? nil : rule
    }

    private static func readAttributes(_ object: Mapping, _ context: ImporterContext) -> [SamplingAttribute] {
        guard let node = object.present("Attributes"), let mapping = context.reader.mapping(node, "'Attributes'") else {
            return []
        }
        if mapping.members.count > 5 {
            context.reader.report(
                ImportDiagnostics.samplingRule,
                "'Attributes' has \(mapping.members.count) entries; at most 5 are allowed",
                at: node.span)
        }
        return mapping.members.prefix(5).compactMap { member in
            guard let value = context.located(member.value, "attribute '\(member.key)'") else { return nil }
            for (text, span) in [(member.key, member.keySpan), (value.value, value.span)]
            where !(1...32).contains(text.unicodeScalars.count) {
                context.reader.report(
                    ImportDiagnostics.samplingRule,
                    "\(quoted(text)) of 'Attributes' must have 1 to 32 characters", at: span)
            }
            return SamplingAttribute(name: member.key, pattern: value.value)
        }
    }

    private static func text(
        _ object: Mapping, _ key: String, longest: Int, at place: Node, _ context: ImporterContext
    ) -> String? {
        required(object, key, at: place, context) {
            guard let node = object.present(key), let value = context.strictLocated(node, "'\(key)'") else {
                return nil
            }
            guard (1...longest).contains(value.value.unicodeScalars.count) else {
                context.reader.report(
                    ImportDiagnostics.samplingRule, "'\(key)' must have 1 to \(longest) characters", at: node.span)
                return nil
            }
            return value.value
        }
    }

    private static func required<Value>(
        _ object: Mapping, _ key: String, at place: Node, _ context: ImporterContext, _ read: () -> Value?
    ) -> Value? {
        if object.present(key) != nil { return read() }
        context.reader.report(
            ImportDiagnostics.valueMissing, "the sampling rule has no '\(key)'", at: place.span)
        return nil
    }

    /// A number from 0 to 1.
    static func rate(_ object: Mapping, _ key: String, _ context: ImporterContext) -> Double? {
        guard let node = object.present(key) else { return nil }
        let value: Double
        switch node.scalar?.kind {
        case .integer(let number): value = Double(number)
        case .number(let number): value = number
        default: return context.reader.wrongType(node, "'\(key)'", "a number")
        }
        guard value >= 0, value <= 1 else {
            context.reader.report(
                ImportDiagnostics.outOfRange, "'\(key)' must be from 0 to 1", at: node.span,
                fixIt: value <= 100 && value > 1 ? .init(hint: "write \(value / 100) for \(value) %") : nil)
            return nil
        }
        return value
    }
}

/// The file of local rules of the X-Ray SDKs: rules in the order in which they are tried, and a default.
enum LocalRules {
    static func read(_ object: Mapping, at span: SourceSpan, _ context: ImporterContext) -> [SamplingRule] {
        let reader = context.reader
        reader.checkMembers(object, known: ["version", "rules", "default"], "local sampling rules")
        guard context.integer(object, "version", in: 2...2) != nil else { return [] }
        var rules: [SamplingRule] = []
        let nodes = object.present("rules").flatMap { reader.sequence($0, "'rules'") } ?? []
        for (index, node) in nodes.prefix(256).enumerated() {
            guard let entry = reader.mapping(node, "a sampling rule") else { continue }
            reader.checkMembers(
                entry, known: ["description", "host", "http_method", "url_path", "fixed_target", "rate"],
                "a local sampling rule")
            guard
                var rule = readNumbers(entry, at: node.span, named: "rule \(index + 1)", priority: index + 1, context)
            else { continue }
            rule.host = context.string(entry, "host") ?? "*"
            rule.httpMethod = context.string(entry, "http_method") ?? "*"
            rule.urlPath = context.string(entry, "url_path") ?? "*"
            rules.append(rule)
        }
        if nodes.count > 256 {
            reader.report(
                ImportDiagnostics.samplingRule, "\(nodes.count) sampling rules; at most 256 are allowed", at: span)
        }
        guard let node = object.present("default"), let entry = reader.mapping(node, "'default'") else {
            if object.present("default") == nil {
                reader.report(ImportDiagnostics.valueMissing, "the sampling rules have no 'default'", at: span)
            }
            return rules
        }
        reader.checkMembers(entry, known: ["fixed_target", "rate"], "the default sampling rule")
        let standard = SamplingRule.standard
        if let rule = readNumbers(
            entry, at: node.span, named: standard.ruleName, priority: standard.priority, context)
        {
            rules.append(rule)
        }
        return rules
    }

    private static func readNumbers(
        _ entry: Mapping, at span: SourceSpan, named name: String, priority: Int, _ context: ImporterContext
    ) -> SamplingRule? {
        for key in ["fixed_target", "rate"] where entry.present(key) == nil {
            context.reader.report(ImportDiagnostics.valueMissing, "the sampling rule has no '\(key)'", at: span)
        }
        guard let target = context.integer(entry, "fixed_target", in: 0...Int(Int32.max)),
            let rate = SamplingRuleReading.rate(entry, "rate", context)
        else { return nil }
        return SamplingRule(ruleName: name, priority: priority, reservoirSize: target.value, fixedRate: rate)
    }
}
