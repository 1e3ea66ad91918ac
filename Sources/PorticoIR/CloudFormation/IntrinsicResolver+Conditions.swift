internal import PorticoSyntax

/// Truth of a condition, as far as it is known.
enum Truth {
    /// Holds.
    case yes
    /// Does not hold.
    case no
    /// Something that it asks for has no value; these are the names.
    case unknown(MissingNames)

    init(_ value: Bool) { self = value ? .yes : .no }
}

// Conditions. Source: CloudFormation user guide, "Condition functions".
extension IntrinsicResolver {
    /// The branch that `Fn::If` takes; `nil` if the call is malformed, which is then reported.
    mutating func chosenBranch(of call: IntrinsicCall) -> Node? {
        guard let elements = call.argument.sequence, elements.count == 3 else {
            return malformed(call, "a list of condition, value if true, value if false")
        }
        switch truth(of: elements[0], in: call) {
        case .yes?: return elements[1]
        case .no?: return elements[2]
        case .unknown(let names)?:
            for entry in names.entries { report.missing(.condition, entry.name, at: entry.span) }
            return elements[1]
        case nil: return nil
        }
    }

    /// A condition function in the place of a value.
    mutating func conditionValue(_ call: IntrinsicCall) -> IntrinsicValue? {
        switch truth(of: call) {
        case .yes?: return .text(boolean(true, at: call.node.span))
        case .no?: return .text(boolean(false, at: call.node.span))
        case .unknown(let names)?:
            for entry in names.entries { report.missing(.condition, entry.name, at: entry.span) }
            return .text(boolean(true, at: call.node.span))
        case nil: return nil
        }
    }

    private func boolean(_ value: Bool, at span: SourceSpan) -> ResolvedText {
        ResolvedText(text: PositionedText(String(value), span: span), kind: .boolean(value))
    }

    /// A condition by name, or a condition function written in place.
    private mutating func truth(of node: Node, in call: IntrinsicCall) -> Truth? {
        if let inner = IntrinsicCall(node, inCondition: true) {
            return descend(at: node, otherwise: nil) { $0.truth(of: inner) }
        }
        guard let name = node.scalar?.text.string, !name.isEmpty else {
            return malformed(call, "the name of a condition", at: node)
        }
        return truth(named: name, at: node.span)
    }

    private mutating func truth(of call: IntrinsicCall) -> Truth? {
        switch call.function {
        case .condition:
            guard let name = call.argument.scalar?.text.string else {
                return malformed(call, "the name of a condition")
            }
            return truth(named: name, at: call.argument.span)
        case .equals:
            guard let elements = call.argument.sequence, elements.count == 2 else {
                return malformed(call, "a list of two values")
            }
            guard let left = text(elements[0], of: call, "two texts"),
                let right = text(elements[1], of: call, "two texts")
            else { return nil }
            var missing = left.missing
            missing.formUnion(right.missing)
            return missing.isEmpty ? Truth(left.text.string == right.text.string) : .unknown(missing)
        case .not:
            guard let elements = call.argument.sequence, elements.count == 1 else {
                return malformed(call, "a list of one condition")
            }
            switch truth(of: elements[0], in: call) {
            case .yes?: return .no
            case .no?: return .yes
            case .unknown(let names)?: return .unknown(names)
            case nil: return nil
            }
        case .and: return combined(call, decidedBy: false)
        case .or: return combined(call, decidedBy: true)
        default: return malformed(call, "a place where values may stand; a condition is expected", at: call.node)
        }
    }

    /// `Fn::And` is decided by one false condition, `Fn::Or` by one true condition.
    private mutating func combined(_ call: IntrinsicCall, decidedBy decisive: Bool) -> Truth? {
        guard let elements = call.argument.sequence, !elements.isEmpty else {
            return malformed(call, "a list of conditions")
        }
        var missing = MissingNames()
        for element in elements {
            switch truth(of: element, in: call) {
            case .yes?: if decisive { return .yes }
            case .no?: if !decisive { return .no }
            case .unknown(let names)?: missing.formUnion(names)
            case nil: return nil
            }
        }
        return missing.isEmpty ? Truth(!decisive) : .unknown(missing)
    }

    private mutating func truth(named name: String, at span: SourceSpan) -> Truth? {
        var given: String?
        switch values.value(name) {
        case .text(let text)?: given = text
        case .node(let node)?: given = node.scalar?.text.string ?? ""
        case nil: given = nil
        }
        if let given {
            switch given.lowercased() {
            case "true": return .yes
            case "false": return .no
            default:
                report.add(
                    Diagnostic(
                        CloudFormationDiagnostics.invalidCondition,
                        "condition '\(name)' is neither true nor false, but '\(given)'", at: span,
                        fixIt: .init(hint: "choose with --param \(name)=true or --param \(name)=false")))
                return .unknown(MissingNames(name, at: span))
            }
        }
        return truth(definedAs: name, at: span)
    }

    /// Truth by the `Conditions` of a whole template. The names that a definition lacks are no help to somebody who
    /// chooses for one document, so the condition itself is what is asked for.
    private mutating func truth(definedAs name: String, at span: SourceSpan) -> Truth {
        let unknown = Truth.unknown(MissingNames(name, at: span))
        if let known = knownConditions[name] {
            if case .unknown = known { return unknown }
            return known
        }
        guard let node = template.condition(name), let call = IntrinsicCall(node, inCondition: true),
            activeConditions.insert(name).inserted
        else { return unknown }
        let found = descend(at: node, otherwise: nil) { $0.truth(of: call) } ?? unknown
        activeConditions.remove(name)
        knownConditions[name] = found
        if case .unknown = found { return unknown }
        return found
    }
}
