internal import PorticoSyntax

/// `x-portico-vpc-links`: the hosts behind VPC links and load balancers.
///
/// An entry is a host, a list of hosts, or an object with `targets` and the health check of a target group. Hosts are
/// checked when a `healthCheck...` member asks for it or there is more than one; one host alone is called as it is.
/// *Source:* Elastic Load Balancing API, CreateTargetGroup: names, defaults and upper bounds. The lower bounds are 1, so
/// that a check on a laptop need not be slow.
enum VPCLinksExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-vpc-links", in: [.root], of: [.rest, .http, .webSocket],
        "Where the VPC links of private integrations lead: hosts with their health checks, by link id or listener ARN.")

    private static let checkMembers: [String] = [
        "healthCheckEnabled", "healthCheckPath", "healthCheckIntervalSeconds", "healthCheckTimeoutSeconds",
        "healthyThresholdCount", "unhealthyThresholdCount", "matcher",
    ]

    private static let members = Set(checkMembers + ["targets", "description"])

    static func read(_ node: Node, _ context: ImporterContext) -> [VPCLink] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        return mapping.members.map { member in
            var link = VPCLink(
                name: Located(member.key, at: member.keySpan), targets: [], settings: JSONValue(member.value))
            let count = context.reader.diagnostics.count
            if let object = member.value.mapping, !NodeReader.isIntrinsic(member.value) {
                context.reader.checkMembers(object, known: members, "a VPC link")
                link.targets = targets(object.present("targets"), of: member, context)
                link.healthCheck = healthCheck(object, targets: link.targets.count, context)
            } else {
                link.targets = targets(member.value.isNull ? nil : member.value, of: member, context)
                link.healthCheck = link.targets.count > 1 ? HealthCheck() : nil
            }
            if link.targets.isEmpty, context.reader.diagnostics.count == count,
                !context.unresolved.touches(member.value.span)
            {
                context.reader.report(
                    ImportDiagnostics.vpcLinkTarget, "VPC link '\(member.key)' has no targets", at: member.keySpan,
                    fixIt: .init(hint: "write the host that it leads to, such as 'http://127.0.0.1:9000'"))
            }
            return link
        }
    }

    /// One host, or a list of them.
    private static func targets(
        _ node: Node?, of link: Mapping.Member, _ context: ImporterContext
    ) -> [Located<String>] {
        guard let node else { return [] }
        let nodes: [Node]
        if node.scalar?.kind == .string {
            nodes = [node]
        } else if let sequence = node.sequence {
            nodes = sequence
        } else {
            let nothing: [Node]? = context.reader.wrongType(
                node, "VPC link '\(link.key)'", "a host, a list of hosts or an object with 'targets'")
            nodes = nothing ?? []
        }
        var seen: Set<String> = []
        return nodes.compactMap { node in
            guard let target = context.strictLocated(node, "a target of VPC link '\(link.key)'"),
                !context.unresolved.touches(node.span)
            else { return nil }
            guard VPCLinkTarget(target.value) != nil else {
                context.reader.report(
                    ImportDiagnostics.vpcLinkTarget,
                    "\(quoted(target.value)) is no target; expected 'HOST:PORT' or 'http://HOST:PORT' without path",
                    at: node.span)
                return nil
            }
            guard seen.insert(target.value).inserted else {
                context.reader.report(
                    ImportDiagnostics.duplicate, "target '\(target.value)' twice; it is called as one", at: node.span,
                    severity: .warning)
                return nil
            }
            return target
        }
    }

    private static func healthCheck(_ object: Mapping, targets: Int, _ context: ImporterContext) -> HealthCheck? {
        var check = HealthCheck()
        let isAsked = checkMembers.contains { object.present($0) != nil }
        let isEnabled = context.boolean(object, "healthCheckEnabled") ?? (isAsked || targets > 1)
        if let node = object.present("healthCheckPath"), let path = context.strictLocated(node, "'healthCheckPath'") {
            if path.value.hasPrefix("/"), path.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
                check.path = path.value
            } else if !context.unresolved.touches(node.span) {
                context.reader.report(
                    ImportDiagnostics.invalidName,
                    "\(quoted(path.value)) is no path; expected text that begins with '/'", at: node.span)
            }
        }
        let interval = context.integer(object, "healthCheckIntervalSeconds", in: 1...300)
        let timeout = context.integer(object, "healthCheckTimeoutSeconds", in: 1...120)
        if let interval { check.intervalSeconds = interval.value }
        check.timeoutSeconds = timeout?.value ?? min(check.timeoutSeconds, check.intervalSeconds)
        if let timeout, timeout.value > check.intervalSeconds {
            context.reader.report(
                ImportDiagnostics.outOfRange,
                "'healthCheckTimeoutSeconds' must not be longer than the interval of \(check.intervalSeconds) seconds",
                at: timeout.span)
        }
        if let count = context.integer(object, "healthyThresholdCount", in: 1...10) {
            check.healthyThreshold = count.value
        }
        if let count = context.integer(object, "unhealthyThresholdCount", in: 1...10) {
            check.unhealthyThreshold = count.value
        }
        if let statuses = readMatcher(object, context) {
            check.successStatuses = statuses
            if check.path.isEmpty, let member = object.member("matcher") {
                context.reader.report(
                    ImportDiagnostics.ignoredMember,
                    "'matcher' has no effect without 'healthCheckPath': only connections are checked",
                    at: member.keySpan)
            }
        }
        return isEnabled ? check : nil
    }

    /// `200`, `200-299` or `200,301`, by itself or as `{HttpCode: ...}`. Source: ELB API, Matcher.
    private static func readMatcher(_ object: Mapping, _ context: ImporterContext) -> [ClosedRange<Int>]? {
        guard var node = object.present("matcher") else { return nil }
        if let mapping = node.mapping, !NodeReader.isIntrinsic(node) {
            context.reader.checkMembers(mapping, known: ["HttpCode"], "'matcher'")
            guard let code = mapping.present("HttpCode") else { return nil }
            node = code
        }
        guard let text = context.located(node, "'matcher'"), !context.unresolved.touches(node.span) else { return nil }
        var ranges: [ClosedRange<Int>] = []
        for piece in text.value.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = piece.split(separator: "-", omittingEmptySubsequences: false).map {
                Int($0.filter { $0 != " " })
            }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last,
                (200...599).contains(first), (200...599).contains(last)
            else {
                context.reader.report(
                    ImportDiagnostics.outOfRange,
                    "\(quoted(text.value)) names no statuses; expected '200', '200-399' or '200,302'", at: node.span)
                return nil
            }
            ranges.append(first...last)
        }
        return ranges
    }
}
