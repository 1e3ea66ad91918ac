internal import PorticoSyntax

/// Walks a tree and replaces calls by what they come to.
///
/// Results are remembered by node, so that a tree whose aliases share nodes costs its nodes, not its paths. Depth is
/// bounded by ``maximumDepth``, the size of a text by ``maximumTextBytes``.
struct IntrinsicResolver {
    /// What strings without function are looked at for.
    enum Scope: Hashable {
        /// Nothing: `${…}` belongs to somebody else.
        case document
        /// `${AWS::…}`, which API Gateway replaces at import. Source: reference section 1.2, `uri`.
        case imported
        /// The same, and `${name}` of the tools that fill addresses in before import.
        case address
        /// Nothing at all, not even functions.
        case verbatim
    }

    private struct MemoKey: Hashable {
        let node: Node
        let scope: Scope

        static func == (left: MemoKey, right: MemoKey) -> Bool { left.node === right.node && left.scope == right.scope }

        func hash(into hasher: inout Hasher) {
            hasher.combine(ObjectIdentifier(node))
            hasher.combine(scope)
        }
    }

    /// Result of a node: a node, or `nil` for `AWS::NoValue`.
    private enum Outcome {
        case node(Node)
        case removed
    }

    /// Deeper trees are left as they are; readers refuse depths far below this.
    static let maximumDepth = 512
    /// Longest text that functions may make.
    static let maximumTextBytes = 1 << 20

    let values: ParameterValues
    let template: TemplateDocument
    var report: ReferenceReport
    var unresolved: [UnresolvedReference] = []
    /// Conditions of the template that are being evaluated, against circles.
    var activeConditions: Set<String> = []
    /// Conditions of the template that are evaluated.
    var knownConditions: [String: Truth] = [:]
    private var depth = 0
    private var memo: [MemoKey: Outcome] = [:]
    private var valueMemo: [MemoKey: IntrinsicValue?] = [:]

    init(values: ParameterValues, template: TemplateDocument, report: ReferenceReport) {
        self.values = values
        self.template = template
        self.report = report
    }

    /// The node without calls; `nil` if it is removed.
    mutating func tree(_ node: Node, _ scope: Scope) -> Node? {
        if scope == .verbatim { return node }
        if case .scalar = node.content { return descend(at: node, otherwise: node) { $0.resolveTree(node, scope) } }
        let key = MemoKey(node: node, scope: scope)
        if let known = memo[key] {
            if case .node(let result) = known { return result }
            return nil
        }
        let result = descend(at: node, otherwise: node) { $0.resolveTree(node, scope) }
        memo[key] = result.map(Outcome.node) ?? .removed
        return result
    }

    /// What an argument comes to; `nil` if it is malformed, which is then reported already.
    mutating func value(_ node: Node) -> IntrinsicValue? {
        if case .scalar = node.content, node.tag == nil { return resolveValue(node) }
        let key = MemoKey(node: node, scope: .document)
        if let known = valueMemo[key] { return known }
        let result = descend(at: node, otherwise: nil) { $0.resolveValue(node) }
        valueMemo[key] = .some(result)
        return result
    }

    /// Runs `body` one level deeper, or reports that the limit is reached.
    mutating func descend<Result>(
        at node: Node, otherwise: Result?, _ body: (inout IntrinsicResolver) -> Result?
    ) -> Result? {
        guard depth < Self.maximumDepth else {
            report.add(
                Diagnostic(
                    CloudFormationDiagnostics.nestedTooDeep,
                    "values are nested more than \(Self.maximumDepth) levels deep", at: node.span))
            return otherwise
        }
        depth += 1
        defer { depth -= 1 }
        return body(&self)
    }

    private mutating func resolveTree(_ node: Node, _ scope: Scope) -> Node? {
        if let call = IntrinsicCall(node) { return tree(call, scope) }
        if let tag = node.tag { reportUnknown(tag, at: node.span) }
        switch node.content {
        case .scalar(let scalar): return leaf(scalar, of: node, scope)
        case .sequence(let elements): return list(elements, of: node, scope)
        case .mapping(let mapping): return members(mapping, of: node, scope)
        }
    }

    private mutating func resolveValue(_ node: Node) -> IntrinsicValue? {
        if let call = IntrinsicCall(node) { return evaluate(call) }
        switch node.content {
        case .scalar(let scalar):
            return .text(ResolvedText(text: scalar.text, kind: scalar.kind))
        case .sequence(let elements):
            var values: [IntrinsicValue] = []
            for element in elements {
                if case .sequence = element.content, element.tag == nil {
                    // No function takes lists of lists.
                    if let node = tree(element, .document) { values.append(.node(node)) }
                    continue
                }
                guard let value = value(element) else { return nil }
                if case .noValue = value { continue }
                values.append(value)
            }
            return .list(values)
        case .mapping:
            return tree(node, .document).map(IntrinsicValue.node) ?? .noValue
        }
    }

    private mutating func tree(_ call: IntrinsicCall, _ scope: Scope) -> Node? {
        switch call.function {
        case .if:
            guard let branch = chosenBranch(of: call) else { return call.node }
            return tree(branch, scope)
        case .transform:
            reportTransform(call.argument, at: call.node.span)
            return nil
        default:
            guard let value = evaluate(call) else { return call.node }
            return materialise(value, span: call.node.span)
        }
    }

    /// Turns a value into a node that stands where `span` is, and records the names that it lacks.
    private mutating func materialise(_ value: IntrinsicValue, span: SourceSpan) -> Node? {
        switch value {
        case .noValue: return nil
        case .node(let node): return node
        case .list(let values):
            return Node(.sequence(values.compactMap { materialise($0, span: span) }), span: span)
        case .text(let resolved):
            record(resolved.missing, span: span)
            // A plain scalar that looks like a number is one, so a plain string tells readers that it was computed.
            let scalar = Scalar(kind: resolved.kind, text: resolved.text, style: .plain)
            return Node(.scalar(scalar), span: span)
        }
    }

    private mutating func record(_ missing: MissingNames, span: SourceSpan) {
        var names: Set<String> = []
        for entry in missing.entries {
            report.missing(.value, entry.name, at: entry.span)
            if names.insert(entry.name).inserted {
                unresolved.append(UnresolvedReference(name: entry.name, span: span))
            }
        }
    }

    private mutating func leaf(_ scalar: Scalar, of node: Node, _ scope: Scope) -> Node {
        guard scope == .imported || scope == .address, scalar.kind == .string,
            PlaceholderScanner.hasPlaceholders(scalar.text.string),
            let resolved = substituteImported(scalar, onlyPseudo: scope == .imported)
        else { return node }
        record(resolved.missing, span: node.span)
        return Node(
            .scalar(Scalar(kind: .string, text: resolved.text, style: scalar.style)), span: node.span, tag: node.tag)
    }

    private mutating func list(_ elements: [Node], of node: Node, _ scope: Scope) -> Node {
        var changed: [Node]?
        for (index, element) in elements.enumerated() {
            let result = tree(element, scope)
            if changed == nil {
                if result === element { continue }
                changed = Array(elements[..<index])
            }
            if let result { changed?.append(result) }
        }
        guard let changed else { return node }
        return Node(.sequence(changed), span: node.span, tag: node.tag)
    }

    private mutating func members(_ mapping: Mapping, of node: Node, _ scope: Scope) -> Node {
        if mapping.members.count == 1, let member = mapping.members.first, member.key.hasPrefix("Fn::"),
            Intrinsic(rawValue: member.key) == nil
        {
            report.add(
                Diagnostic(
                    CloudFormationDiagnostics.unsupportedIntrinsic,
                    "'\(member.key)' is no function of CloudFormation that can be computed here", at: member.keySpan))
        }
        var changed: [Mapping.Member]?
        for (index, member) in mapping.members.enumerated() {
            let result: Node?
            if member.key == Intrinsic.transform.rawValue, member.value["Name"] != nil {
                // The one function that may stand beside other keys.
                reportTransform(member.value, at: member.keySpan)
                result = nil
            } else {
                result = tree(member.value, Self.scope(of: member.key, in: scope))
            }
            if changed == nil {
                if result === member.value { continue }
                changed = Array(mapping.members[..<index])
            }
            if let result {
                changed?.append(Mapping.Member(key: member.key, keySpan: member.keySpan, value: result))
            }
        }
        guard let changed else { return node }
        return Node(.mapping(Mapping(changed)), span: node.span, tag: node.tag)
    }

    /// Scope of a member's value.
    private static func scope(of key: String, in scope: Scope) -> Scope {
        switch scope {
        case .imported:
            // VTL has `${…}` of its own.
            if key == "requestTemplates" || key == "responseTemplates" { return .document }
            return addressKeys.contains(key) ? .address : .imported
        case .document where key.hasPrefix("x-"):
            if importedKeys.contains(key) { return .imported }
            return key == "x-portico-parameters" ? .verbatim : .document
        case .document, .address, .verbatim: return scope
        }
    }

    private static let importedKeys: Set<String> = [
        "x-amazon-apigateway-integration", "x-amazon-apigateway-integrations", "x-amazon-apigateway-authorizer",
        "x-amazon-apigateway-policy",
    ]

    private static let addressKeys: Set<String> = [
        "uri", "credentials", "connectionId", "integrationTarget", "authorizerUri", "authorizerCredentials",
        "providerARNs",
    ]

    private mutating func reportUnknown(_ tag: String, at span: SourceSpan) {
        let suggestion = Intrinsic.suggestion(forTag: tag)?.tag
        report.add(
            Diagnostic(
                CloudFormationDiagnostics.unknownTag,
                "unknown tag '\(tag)'" + (suggestion.map { "; did you mean '\($0)'?" } ?? ""), at: span,
                fixIt: suggestion.map { .init(hint: "write '\($0)'") }))
    }

    private mutating func reportTransform(_ argument: Node, at span: SourceSpan) {
        let name = argument["Name"]?.scalar?.text.string
        let location = argument["Parameters"]?["Location"]?.scalar?.text.string
        var message = name.map { "the transform '\($0)'" } ?? "'Fn::Transform'"
        message += location.map { " of '\($0)' is not carried out" } ?? " is not carried out"
        report.add(
            Diagnostic(
                CloudFormationDiagnostics.transform, message, at: span,
                fixIt: .init(hint: "give the included file itself, or write its content here")))
    }
}
