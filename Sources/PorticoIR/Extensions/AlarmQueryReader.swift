internal import PorticoSyntax

/// Reads what an alarm watches: its one metric, or its `Metrics`.
struct AlarmQueryReader {
    let context: ImporterContext
    /// Name of the alarm, for messages.
    let alarm: Located<String>

    /// Members of an alarm that describe its one metric.
    static let statMembers: Set<String> = [
        "Namespace", "MetricName", "Dimensions", "Statistic", "ExtendedStatistic", "Unit", "Period",
    ]

    /// Source: CloudWatch API reference, "PutMetricAlarm", Metrics.
    private static let mostQueries = 20

    private var reader: NodeReader { context.reader }

    /// The queries and the position of the one that is compared; `nil` after an error.
    func read(_ object: Mapping) -> (queries: [MetricQuery], watched: Int)? {
        guard let node = object.present("Metrics") else {
            guard let metric = single(object) else { return nil }
            return ([MetricQuery(id: "m1", source: .metric(metric))], 0)
        }
        if let member = object.members.first(where: { Self.statMembers.contains($0.key) && !$0.value.isNull }) {
            reader.report(
                ImportDiagnostics.alarmQuery,
                "alarm '\(alarm.value)' has both 'Metrics' and '\(member.key)'; expected one of them",
                at: member.keySpan)
        }
        guard let elements = reader.sequence(node, "'Metrics'") else { return nil }
        guard (1...Self.mostQueries).contains(elements.count) else {
            reader.report(
                ImportDiagnostics.outOfRange,
                "'Metrics' has from 1 to \(Self.mostQueries) members, not \(elements.count)",
                at: node.span)
            return nil
        }
        let queries = elements.compactMap(query)
        return queries.count == elements.count ? check(queries, node) : nil
    }

    private struct Placed {
        var query: MetricQuery
        var id: SourceSpan
        /// Of the period, or of the expression's text.
        var source: PositionedText?
        var span: SourceSpan
    }

    // MARK: - Metrics

    /// The metric that the alarm's own members describe.
    private func single(_ object: Mapping) -> MetricStat? {
        let owner = Located("alarm '\(alarm.value)'", at: alarm.span)
        let statistic: MetricStatistic?
        if let plain = object.member("Statistic"), let extended = object.member("ExtendedStatistic"),
            !plain.value.isNull, !extended.value.isNull
        {
            reader.report(
                ImportDiagnostics.alarmQuery,
                "alarm '\(alarm.value)' has both 'Statistic' and 'ExtendedStatistic'; expected one of them",
                at: extended.keySpan)
        }
        if let node = object.present("ExtendedStatistic") {
            statistic = self.statistic(node, "'ExtendedStatistic'", isExtended: true)
        } else if let node = object.present("Statistic") {
            statistic = self.statistic(node, "'Statistic'", isExtended: false)
        } else {
            statistic = missing("Statistic", owner)
        }
        return stat(object, object, statistic, owner)
    }

    /// `owner` is what lacks the member, in words.
    private func missing<Value>(_ member: String, _ owner: Located<String>) -> Value? {
        reader.report(ImportDiagnostics.valueMissing, "\(owner.value) has no '\(member)'", at: owner.span)
        return nil
    }

    private func stat(
        _ metric: Mapping, _ settings: Mapping, _ statistic: MetricStatistic?, _ owner: Located<String>
    ) -> MetricStat? {
        let period = period(settings, owner)
        guard let name = context.located(metric.present("MetricName"), "'MetricName'") else {
            return metric.present("MetricName") == nil ? missing("MetricName", owner) : nil
        }
        let namespace = context.located(metric.present("Namespace"), "'Namespace'")
        let pairs = pairs(metric)
        guard let statistic, let period else { return nil }
        var result = MetricStat(
            named: name.value, of: pairs, in: context.protocolType, statistic: statistic, periodSeconds: period)
        if let namespace { result.namespace = namespace.value }
        if let unit = context.located(settings.present("Unit"), "'Unit'") { result.unit = unit.value }
        warnAboutNothing(&result, name, namespace, metric, settings)
        return result
    }

    /// A metric without values is taken, as by CloudWatch, but not without a word.
    private func warnAboutNothing(
        _ stat: inout MetricStat, _ name: Located<String>, _ namespace: Located<String>?, _ metric: Mapping,
        _ settings: Mapping
    ) {
        func warn(_ message: String, _ span: SourceSpan?) {
            guard let span, !context.unresolved.touches(span) else { return }
            reader.report(ImportDiagnostics.alarmMetric, message + ", so that it never has a value", at: span)
        }
        let kind = context.protocolType
        guard let known = stat.metric else {
            // What another kind of API has by that name may have another one here.
            let near =
                APIProtocol.allCases.lazy.compactMap { MetricName(named: name.value, in: $0)?.name(in: kind) }.first
                ?? reader.suggestions.closest(to: name.value, in: { MetricName.names(in: kind) })
            let advice = near.map { "; did you mean '\($0)'?" } ?? ""
            reader.report(
                ImportDiagnostics.alarmMetric,
                "\(quoted(name.value)) is no metric of \(kind.rawValue) APIs and never has a value\(advice)",
                at: name.span,
                fixIt: near.map { .init("write '\($0)'", replace: name.span, with: $0) })
            return
        }
        if stat.namespace != known.namespace {
            warn(
                "'\(name.value)' is a metric of '\(known.namespace)' and not of \(quoted(stat.namespace))",
                namespace?.span ?? name.span)
            stat.metric = nil
        }
        if let unit = stat.unit, unit != known.unit {
            warn(
                "the unit of '\(name.value)' is '\(known.unit)' and not \(quoted(unit))",
                settings.present("Unit")?.span)
            stat.metric = nil
        }
        guard stat.dimensions == nil else { return }
        let names = MetricDimensions.names(of: kind)
        if let wrong = stat.writtenDimensions.first(where: { !names.contains($0.name.value) }) {
            let near = reader.suggestions.closest(to: wrong.name.value, in: { names })
            warn(
                "the metric has no dimension \(quoted(wrong.name.value))"
                    + (near.map { " (did you mean '\($0)'?)" } ?? ""),
                wrong.name.span)
        } else {
            let sets = MetricDimensions.sets(of: kind).map(Self.list).joined(separator: ", or ")
            warn(
                "the metric has the dimensions \(sets), and not these",
                metric.present("Dimensions")?.span ?? name.span)
        }
    }

    /// `ApiName, Method, Resource and Stage`
    private static func list(_ names: [String]) -> String {
        let first = names.dropLast().joined(separator: ", ")
        return ([first] + names.suffix(1)).filter { !$0.isEmpty }.joined(separator: " and ")
    }

    /// `[{Name, Value}]`, or an object of names and values.
    private func pairs(_ metric: Mapping) -> [NamedValue] {
        guard let node = metric.present("Dimensions") else { return [] }
        if let mapping = node.mapping {
            return mapping.members.compactMap { member in
                context.located(member.value, "dimension '\(member.key)'").map {
                    NamedValue(Located(member.key, at: member.keySpan), $0)
                }
            }
        }
        return (reader.sequence(node, "'Dimensions'") ?? []).prefix(30).compactMap { element in
            guard let object = reader.mapping(element, "a dimension") else { return nil }
            reader.checkMembers(object, known: ["Name", "Value"], "a dimension")
            guard let name = context.located(object.present("Name"), "'Name'"),
                let value = context.located(object.present("Value"), "'Value'")
            else {
                if object.present("Name") == nil || object.present("Value") == nil {
                    reader.report(
                        ImportDiagnostics.valueMissing, "a dimension has 'Name' and 'Value'", at: element.span)
                }
                return nil
            }
            return NamedValue(name, value)
        }
    }

    private func period(_ settings: Mapping, _ owner: Located<String>) -> Int? {
        guard let node = settings.present("Period") else { return missing("Period", owner) }
        guard let period = reader.integer(node, "'Period'") else { return nil }
        guard [10, 20, 30].contains(period) || (60...86_400).contains(period) && period % 60 == 0 else {
            reader.report(
                ImportDiagnostics.outOfRange,
                "'Period' must be 10, 20, 30 or a multiple of 60 up to 86400 seconds, not \(period)", at: node.span)
            return nil
        }
        return period
    }

    private func statistic(_ node: Node, _ what: String, isExtended: Bool?) -> MetricStatistic? {
        guard let text = context.strictLocated(node, what) else { return nil }
        let names = MetricStatistic.named.map(\.name)
        if let statistic = MetricStatistic(text.value), isExtended == nil || names.contains(text.value) != isExtended {
            return statistic
        }
        guard !reader.isUnknown(node) else { return nil }
        if isExtended == false {
            reader.unknownWord(text.value, names, what, at: text.span, severity: .error)
        } else {
            reader.report(
                ImportDiagnostics.alarmUnsupported,
                "\(quoted(text.value)) is no statistic that is supported; expected "
                    + (isExtended == true ? "" : "\(names.joined(separator: ", ")), ")
                    + "'p' or 'tm' and a percentage, "
                    + "such as 'p99.9'", at: text.span)
        }
        return nil
    }

    // MARK: - Queries

    private func query(_ node: Node) -> Placed? {
        guard let object = reader.mapping(node, "a member of 'Metrics'") else { return nil }
        reader.checkMembers(
            object, known: ["Id", "Expression", "MetricStat", "ReturnData", "Label", "Period", "AccountId"],
            "a member of 'Metrics'")
        if let account = object.member("AccountId"), !account.value.isNull {
            reader.report(
                ImportDiagnostics.ignoredMember, "'AccountId' has no effect: the metrics are those of this gateway",
                at: account.keySpan)
        }
        guard let id = context.located(object.present("Id"), "'Id'") else {
            if object.present("Id") == nil {
                reader.report(ImportDiagnostics.valueMissing, "a member of 'Metrics' has no 'Id'", at: node.span)
            }
            return nil
        }
        guard let first = id.value.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            ASCII.consists(id.value, of: "_"), id.value.utf8.count <= 255
        else {
            reader.report(
                ImportDiagnostics.invalidName,
                "\(quoted(id.value)) is no 'Id'; expected a small letter, then letters, digits and underscores",
                at: id.span)
            return nil
        }
        let returnsData = context.boolean(object, "ReturnData") ?? true
        let label = context.string(object, "Label")
        switch (object.present("MetricStat"), object.present("Expression")) {
        case (let stat?, nil):
            guard let metric = metric(stat, Located("query '\(id.value)'", at: id.span)) else { return nil }
            let query = MetricQuery(id: id.value, source: .metric(metric), label: label, returnsData: returnsData)
            return Placed(query: query, id: id.span, source: nil, span: stat["Period"]?.span ?? stat.span)
        case (nil, let text?):
            guard let text = reader.strictText(text, "'Expression'"), let expression = expression(text) else {
                return nil
            }
            let query = MetricQuery(
                id: id.value, source: .expression(expression, text: text.string), label: label,
                returnsData: returnsData)
            return Placed(query: query, id: id.span, source: text, span: text.span)
        default:
            reader.report(
                ImportDiagnostics.alarmQuery,
                "query '\(id.value)' needs either 'MetricStat' or 'Expression'", at: id.span)
            return nil
        }
    }

    private func metric(_ node: Node, _ owner: Located<String>) -> MetricStat? {
        guard let object = reader.mapping(node, "'MetricStat'") else { return nil }
        reader.checkMembers(object, known: ["Metric", "Period", "Stat", "Unit"], "'MetricStat'")
        let statistic: MetricStatistic? =
            object.present("Stat").map { self.statistic($0, "'Stat'", isExtended: nil) } ?? missing("Stat", owner)
        guard let node = object.present("Metric") else { return missing("Metric", owner) }
        guard let metric = reader.mapping(node, "'Metric'") else { return nil }
        reader.checkMembers(metric, known: ["Namespace", "MetricName", "Dimensions"], "'Metric'")
        return stat(metric, object, statistic, owner)
    }

    private func expression(_ text: PositionedText) -> MetricExpression? {
        do {
            return try MetricExpression(parsing: text.string)
        } catch {
            let span = text.span(of: error.range)
            reader.report(
                ImportDiagnostics.alarmExpression, error.message, at: span,
                fixIt: error.suggestion.map { .init("write '\($0)'", replace: span, with: $0) })
            return nil
        }
    }

    /// What must hold among the queries of an alarm.
    private func check(_ placed: [Placed], _ node: Node) -> (queries: [MetricQuery], watched: Int)? {
        var isValid = true
        func report(_ message: String, _ span: SourceSpan, _ notes: [Diagnostic.Note] = []) {
            isValid = false
            reader.report(ImportDiagnostics.alarmQuery, message, at: span, notes: notes)
        }
        var numbers: [String: Int] = [:]
        for (number, entry) in placed.enumerated() {
            if let first = numbers[entry.query.id] {
                report(
                    "'Id' '\(entry.query.id)' twice", entry.id, [.init("first declared here", at: placed[first].id)])
            } else {
                numbers[entry.query.id] = number
            }
        }
        let returned = placed.indices.filter { placed[$0].query.returnsData }
        if returned.count != 1 {
            report(
                "alarm '\(alarm.value)' compares one query, and 'ReturnData' is true for \(returned.count); write "
                    + "'ReturnData: false' to all others", returned.dropFirst().first.map { placed[$0].id } ?? node.span
            )
        }
        var period: Int?
        for entry in placed {
            guard case .metric(let metric) = entry.query.source else { continue }
            if let period, period != metric.periodSeconds {
                report(
                    "all metrics of an alarm have one 'Period'; this one has \(metric.periodSeconds), and another "
                        + "\(period)", entry.span)
            }
            period = period ?? metric.periodSeconds
        }
        if period == nil { report("alarm '\(alarm.value)' has no 'MetricStat'", node.span) }
        checkNames(placed, numbers, report)
        guard isValid, let watched = returned.first else { return nil }
        return (placed.map(\.query), watched)
    }

    /// Expressions name queries that there are, and none needs itself.
    private func checkNames(
        _ placed: [Placed], _ numbers: [String: Int], _ report: (String, SourceSpan, [Diagnostic.Note]) -> Void
    ) {
        var needs: [Int: Set<Int>] = [:]
        for (number, entry) in placed.enumerated() {
            guard case .expression(let expression, _) = entry.query.source else { continue }
            for id in expression.ids.sorted() {
                if let needed = numbers[id] {
                    needs[number, default: []].insert(needed)
                    continue
                }
                let advice = reader.suggestions.question(for: id, in: { numbers.keys.sorted() })
                report(
                    "expression '\(entry.query.id)' names '\(id)', which is not declared\(advice)",
                    entry.source.map { $0.span(of: range(of: id, in: $0.string)) } ?? entry.id, [])
            }
        }
        // Whatever is left when all that needs nothing is taken away again and again needs itself.
        var left = Set(placed.indices)
        while let free = left.first(where: { needs[$0, default: []].isDisjoint(with: left) }) { left.remove(free) }
        if let number = left.min() {
            report("expression '\(placed[number].query.id)' needs itself", placed[number].id, [])
        }
    }

    /// Bytes of the first place of a name; the whole text when it is not found.
    private func range(of id: String, in text: String) -> Range<Int> {
        let (bytes, word) = (Array(text.utf8), Array(id.utf8))
        func isPart(_ index: Int) -> Bool {
            bytes.indices.contains(index) && (ASCII.isAlphanumeric(bytes[index]) || bytes[index] == UInt8(ascii: "_"))
        }
        let start = bytes.indices.first { start in
            bytes[start...].starts(with: word) && !isPart(start - 1) && !isPart(start + word.count)
        }
        return start.map { $0..<$0 + word.count } ?? 0..<bytes.count
    }
}
