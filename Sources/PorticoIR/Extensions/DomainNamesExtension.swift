internal import PorticoSyntax

/// `x-portico-domain-names`: custom domain names.
///
/// Members of routing rules may be written as the API has them (`matchHeaders`) or as CloudFormation does
/// (`MatchHeaders`).
enum DomainNamesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-domain-names", in: [.root], of: [.rest, .http, .webSocket],
        "Custom domain names with certificates, base path mappings and routing rules.")

    private static let members: Set<String> = [
        "certificate", "privateKey", "mutualTlsAuthentication", "basePathMappings", "apiMappings", "securityPolicy",
        "endpointAccessMode", "routingMode", "routingRules", "endpointConfiguration", "tags", "description",
    ]

    /// Source: API Gateway quotas, "API mappings per domain" and "Routing rules per domain".
    private static let mostMappings = 200
    private static let mostRules = 50

    static func read(_ node: Node, _ context: ImporterContext) -> [DomainName] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        var seen: Set<String> = []
        return mapping.members.compactMap { member in
            guard let object = context.reader.mapping(member.value, "domain name '\(member.key)'") else { return nil }
            let name = member.key.lowercased()
            guard isName(name) else {
                context.reader.report(
                    ImportDiagnostics.invalidName, "'\(member.key)' is no domain name", at: member.keySpan,
                    fixIt: .init(
                        hint: "write a name such as 'api.example.com' or '*.example.com', without scheme or port"))
                return nil
            }
            guard seen.insert(name).inserted else {
                context.reader.report(
                    ImportDiagnostics.duplicate, "domain name '\(name)' twice", at: member.keySpan)
                return nil
            }
            context.reader.checkMembers(object, known: members, "a domain name")
            var domain = DomainName(name: Located(name, at: member.keySpan), settings: JSONValue(member.value))
            if let node = object.present("endpointConfiguration") {
                ignored(
                    node, "'endpointConfiguration' has no effect: every domain name is served as a regional one",
                    context)
            }
            readTLS(object, member, &domain, context)
            if let node = object.present("routingMode"),
                let mode: RoutingMode = context.reader.choice(node, "'routingMode'")
            {
                domain.routingMode = mode
            }
            domain.basePathMappings = mappings(object, domain, context)
            domain.routingRules = rules(object, domain, context)
            if !domain.routingRules.isEmpty, !domain.routingMode.usesRules {
                context.reader.report(
                    ImportDiagnostics.ignoredMember,
                    "'routingRules' of '\(name)' have no effect while 'routingMode' is \(domain.routingMode.rawValue)",
                    at: object.present("routingRules")?.span ?? member.keySpan, severity: .warning,
                    fixIt: .init(hint: "add 'routingMode: ROUTING_RULE_THEN_BASE_PATH_MAPPING'"))
            }
            return domain
        }
    }

    /// Labels of letters, digits and hyphens; the first may be a star.
    private static func isName(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.first != "*" || labels.count > 2 else { return false }
        return labels.enumerated().allSatisfy { index, label in
            if index == 0, label == "*" { return true }
            return !label.isEmpty && label.utf8.count <= 63 && ASCII.consists(String(label), of: "-_")
                && !label.hasPrefix("-") && !label.hasSuffix("-")
        }
    }

    // MARK: - TLS

    private static func readTLS(
        _ object: Mapping, _ member: Mapping.Member, _ domain: inout DomainName, _ context: ImporterContext
    ) {
        domain.certificate = file("certificate", of: object, "domain name '\(member.key)'", context)
        domain.privateKey = file("privateKey", of: object, "domain name '\(member.key)'", context)
        if (object.present("certificate") == nil) != (object.present("privateKey") == nil) {
            context.reader.report(
                ImportDiagnostics.valueMissing,
                "domain name '\(member.key)' needs both 'certificate' and 'privateKey'", at: member.keySpan)
        }
        if let node = object.present("securityPolicy"),
            let policy: SecurityPolicy = context.reader.choice(node, "'securityPolicy'")
        {
            domain.securityPolicy = Located(policy, at: node.span)
        }
        if let node = object.present("endpointAccessMode"),
            let mode: EndpointAccessMode = context.reader.choice(node, "'endpointAccessMode'")
        {
            domain.endpointAccessMode = Located(mode, at: node.span)
        }
        guard let node = object.present("mutualTlsAuthentication"),
            let mutual = context.reader.mapping(node, "'mutualTlsAuthentication'")
        else { return }
        context.reader.checkMembers(
            mutual, known: ["truststore", "truststoreUri", "truststoreVersion"], "'mutualTlsAuthentication'")
        let name = mutual.present("truststore") == nil ? "truststoreUri" : "truststore"
        domain.truststore = file(name, of: mutual, "'mutualTlsAuthentication'", context)
        if let uri = domain.truststore, uri.value.hasPrefix("s3://") {
            context.reader.report(
                ImportDiagnostics.invalidName,
                "truststore '\(uri.value)' is an object of S3; expected the path of a PEM file", at: uri.span,
                fixIt: .init(hint: "copy the bundle to a file beside this one and name it"))
        }
        if let version = mutual.present("truststoreVersion") {
            ignored(version, "'truststoreVersion' has no meaning for a file", context)
        }
        if mutual.present(name) == nil {
            context.reader.report(
                ImportDiagnostics.valueMissing, "'mutualTlsAuthentication' has no 'truststore'", at: node.span,
                fixIt: .init(hint: "write 'truststore: ca.pem', the PEM file of the authorities of your clients"))
            // Never a domain that lets everybody in.
            domain.truststore = Located("", at: node.span)
        }
        if object.present("certificate") == nil {
            context.reader.report(
                ImportDiagnostics.valueMissing,
                "domain name '\(member.key)' asks clients for certificates and has none itself", at: node.span,
                fixIt: .init(hint: "add 'certificate' and 'privateKey'"))
        }
    }

    /// The path of a PEM file.
    private static func file(
        _ name: String, of object: Mapping, _ owner: String, _ context: ImporterContext
    ) -> Located<String>? {
        guard let node = object.present(name) else { return nil }
        guard let path = context.strictLocated(node, "'\(name)'") else { return Located("", at: node.span) }
        if path.value.hasPrefix("-----BEGIN") {
            context.reader.report(
                ImportDiagnostics.invalidName, "'\(name)' holds the PEM text itself; expected the path of a file",
                at: node.span, fixIt: .init(hint: "write the text to a file and name it"))
            return Located("", at: node.span)
        }
        if path.value.isEmpty {
            context.reader.report(ImportDiagnostics.valueMissing, "'\(name)' of \(owner) is empty", at: node.span)
        }
        return path
    }

    // MARK: - Base path mappings

    private static func mappings(
        _ object: Mapping, _ domain: DomainName, _ context: ImporterContext
    ) -> [BasePathMapping] {
        // What REST APIs call base path mappings, API Gateway's version 2 calls API mappings.
        let key = object.present("basePathMappings") == nil ? "apiMappings" : "basePathMappings"
        guard let node = object.present(key), let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        if key == "basePathMappings", let other = object.member("apiMappings") {
            context.reader.report(
                ImportDiagnostics.ignoredMember, "'apiMappings' beside 'basePathMappings' is ignored",
                at: other.keySpan)
        }
        if mapping.members.count > mostMappings {
            context.reader.report(
                ImportDiagnostics.limit,
                "\(mapping.members.count) base path mappings of one domain; API Gateway takes \(mostMappings)",
                at: node.span, severity: .warning)
        }
        var seen: Set<String> = []
        return mapping.members.compactMap { member in
            guard let path = basePath(member.key, at: member.keySpan, context) else { return nil }
            guard seen.insert(path).inserted else {
                context.reader.report(
                    ImportDiagnostics.duplicate,
                    "base path '\(path)' of '\(domain.name.value)' twice", at: member.keySpan)
                return nil
            }
            let located = Located(path, at: member.keySpan)
            if member.value.isNull { return BasePathMapping(basePath: located, stage: nil) }
            var value: Node? = member.value
            if let entry = member.value.mapping, !NodeReader.isIntrinsic(member.value) {
                context.reader.checkMembers(entry, known: ["stage", "restApiId", "apiId"], "a base path mapping")
                for name in ["restApiId", "apiId"] { otherAPI(entry.present(name), context) }
                value = entry.present("stage")
            }
            guard let value else { return BasePathMapping(basePath: located, stage: nil) }
            guard let stage = context.strictLocated(value, "the stage of base path '\(member.key)'") else { return nil }
            return BasePathMapping(basePath: located, stage: stage.value.isEmpty ? nil : stage)
        }
    }

    /// A base path without slashes at its ends; `nil` after reporting what it has that none may have.
    /// Source: API Gateway guide, "API mappings": letters, digits and `$-_.+!*'()/`, 300 characters.
    private static func basePath(_ text: String, at span: SourceSpan, _ context: ImporterContext) -> String? {
        if text == "(none)" { return "" }
        var path = Substring(text)
        while path.first == "/" { path = path.dropFirst() }
        while path.last == "/" { path = path.dropLast() }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = segments.allSatisfy { $0 != "." && $0 != ".." && (!$0.isEmpty || path.isEmpty) }
        guard path.utf8.count <= 300, isPlain, ASCII.consists(String(path), of: "$-_.+!*'()/") || path.isEmpty else {
            context.reader.report(
                ImportDiagnostics.invalidName,
                "'\(text)' is no base path; expected segments of letters, digits and $-_.+!*'(), 300 in all", at: span)
            return nil
        }
        return String(path)
    }

    // MARK: - Routing rules

    private static func rules(
        _ object: Mapping, _ domain: DomainName, _ context: ImporterContext
    ) -> [RoutingRule] {
        guard let node = object.present("routingRules"),
            let nodes = context.reader.sequence(node, "'routingRules'")
        else { return [] }
        if nodes.count > mostRules {
            context.reader.report(
                ImportDiagnostics.limit, "\(nodes.count) routing rules of one domain; API Gateway takes \(mostRules)",
                at: node.span, severity: .warning)
        }
        var priorities: Set<Int> = []
        let rules = nodes.compactMap { node -> RoutingRule? in
            guard let rule = rule(node, context) else { return nil }
            guard priorities.insert(rule.priority.value).inserted else {
                context.reader.report(
                    ImportDiagnostics.duplicate, "priority \(rule.priority.value) twice; each rule has its own",
                    at: rule.priority.span)
                return nil
            }
            return rule
        }
        return rules.sorted { $0.priority.value < $1.priority.value }
    }

    private static func rule(_ node: Node, _ context: ImporterContext) -> RoutingRule? {
        guard let object = context.reader.mapping(node, "a routing rule") else { return nil }
        let count = context.reader.diagnostics.count
        checkMembers(object, known: ["priority", "conditions", "actions"], "a routing rule", context)
        let priorityKey = object.spelling("priority")
        guard let priority = context.integer(object, priorityKey, in: 1...1_000_000) else {
            if context.reader.diagnostics.count == count {
                context.reader.report(
                    ImportDiagnostics.valueMissing, "a routing rule has no 'priority'", at: node.span,
                    fixIt: .init(hint: "write 'priority: 100'; the rule with the lowest number wins"))
            }
            return nil
        }
        var headers: [[RoutingHeader]] = []
        var basePaths: [String]?
        for condition in object.member(named: "conditions").flatMap({
            context.reader.sequence($0, "'conditions'")
        }) ?? [] {
            guard let entry = context.reader.mapping(condition, "a condition") else { return nil }
            checkMembers(entry, known: ["matchHeaders", "matchBasePaths"], "a condition", context)
            let kinds = [entry.member(named: "matchHeaders"), entry.member(named: "matchBasePaths")].compactMap { $0 }
            guard kinds.count == 1 else {
                context.reader.report(
                    ImportDiagnostics.valueMissing,
                    "a condition has one of 'matchHeaders' and 'matchBasePaths', not \(kinds.count == 0 ? "none" : "both")",
                    at: condition.span)
                return nil
            }
            if let node = entry.member(named: "matchHeaders") {
                guard let any = anyOf(node, context) else { return nil }
                let found = any.compactMap { header($0, context) }
                guard found.count == any.count else { return nil }
                headers.append(found)
            } else if let node = entry.member(named: "matchBasePaths") {
                guard let any = anyOf(node, context) else { return nil }
                let found = any.compactMap { node in
                    context.strictLocated(node, "a base path").flatMap {
                        basePath($0.value, at: $0.span, context)
                    }
                }
                guard found.count == any.count else { return nil }
                guard basePaths == nil else {
                    context.reader.report(
                        ImportDiagnostics.limit, "a second 'matchBasePaths' in one rule; one is taken", at: node.span,
                        severity: .error)
                    return nil
                }
                basePaths = found
            }
        }
        // Source: API Gateway guide, "Routing rules": up to two conditions on headers and one on the base path.
        if headers.count > 2 {
            context.reader.report(
                ImportDiagnostics.limit, "\(headers.count) conditions on headers in one rule; two are taken",
                at: node.span, severity: .error)
            return nil
        }
        guard let action = action(object, node, context) else { return nil }
        return RoutingRule(
            priority: priority, headerConditions: headers, basePaths: basePaths, stage: action.stage,
            stripsBasePath: action.strips)
    }

    private static func anyOf(_ node: Node, _ context: ImporterContext) -> [Node]? {
        guard let object = context.reader.mapping(node, "a condition") else { return nil }
        checkMembers(object, known: ["anyOf"], "a condition", context)
        guard let list = object.member(named: "anyOf"), let nodes = context.reader.sequence(list, "'anyOf'"),
            !nodes.isEmpty
        else {
            context.reader.report(
                ImportDiagnostics.valueMissing, "a condition needs 'anyOf' with at least one element", at: node.span)
            return nil
        }
        return nodes
    }

    private static func header(_ node: Node, _ context: ImporterContext) -> RoutingHeader? {
        guard let object = context.reader.mapping(node, "a header condition") else { return nil }
        checkMembers(object, known: ["header", "valueGlob"], "a header condition", context)
        guard let nameNode = object.member(named: "header"), let globNode = object.member(named: "valueGlob"),
            let name = context.located(nameNode, "'header'"), let glob = context.located(globNode, "'valueGlob'")
        else {
            context.reader.report(
                ImportDiagnostics.valueMissing, "a header condition needs 'header' and 'valueGlob'", at: node.span)
            return nil
        }
        guard name.value.utf8.count <= 40, ASCII.isToken(name.value) else {
            context.reader.report(
                ImportDiagnostics.invalidName, "\(quoted(name.value)) is no name of a header", at: name.span)
            return nil
        }
        // Source: API Gateway guide, "Routing rules": a star at the beginning, at the end, or at both.
        guard !glob.value.dropFirst().dropLast().contains("*"), glob.value != "**" else {
            context.reader.report(
                ImportDiagnostics.invalidName,
                "\(quoted(glob.value)) has a star in its middle; expected 'a*', '*a' or '*a*'", at: glob.span)
            return nil
        }
        return RoutingHeader(name: name.value.lowercased(), valueGlob: glob.value)
    }

    private static func action(
        _ object: Mapping, _ node: Node, _ context: ImporterContext
    ) -> (stage: Located<String>, strips: Bool)? {
        func missing() -> (stage: Located<String>, strips: Bool)? {
            context.reader.report(
                ImportDiagnostics.valueMissing, "a routing rule needs one action 'invokeApi' with a 'stage'",
                at: node.span, fixIt: .init(hint: "write 'actions: [{invokeApi: {stage: prod}}]'"))
            return nil
        }
        guard let list = object.member(named: "actions"), let nodes = context.reader.sequence(list, "'actions'"),
            nodes.count == 1, let entry = context.reader.mapping(nodes[0], "an action")
        else { return missing() }
        checkMembers(entry, known: ["invokeApi"], "an action", context)
        guard let node = entry.member(named: "invokeApi"), let invoke = context.reader.mapping(node, "'invokeApi'")
        else { return missing() }
        checkMembers(invoke, known: ["apiId", "stage", "stripBasePath"], "'invokeApi'", context)
        otherAPI(invoke.member(named: "apiId"), context)
        guard let stage = context.strictLocated(invoke.member(named: "stage"), "'stage'"), !stage.value.isEmpty
        else { return missing() }
        let strips = invoke.member(named: "stripBasePath").flatMap { context.reader.boolean($0, "'stripBasePath'") }
        return (stage, strips ?? false)
    }

    private static func otherAPI(_ node: Node?, _ context: ImporterContext) {
        guard let node else { return }
        ignored(node, "the id of an API has no effect: domain names lead to the API of this file", context)
    }

    private static func ignored(_ node: Node, _ message: String, _ context: ImporterContext) {
        context.reader.report(ImportDiagnostics.ignoredMember, message, at: node.span, severity: .warning)
    }

    /// Reports members that are neither in the letters of the API nor in those of CloudFormation.
    private static func checkMembers(
        _ object: Mapping, known: Set<String>, _ what: String, _ context: ImporterContext
    ) {
        context.reader.checkMembers(object, known: known.union(known.map(Mapping.pascalCase)), what)
    }
}

extension Mapping {
    fileprivate static func pascalCase(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    /// The name that the object uses for a member: that of the API, or CloudFormation's.
    fileprivate func spelling(_ name: String) -> String {
        let other = Self.pascalCase(name)
        return present(name) == nil && present(other) != nil ? other : name
    }

    fileprivate func member(named name: String) -> Node? { present(spelling(name)) }
}
