/// Reads typed values out of nodes and keeps everything there is to say about them.
///
/// A wrong type is reported with the type that was found, and the value counts as absent. `null` counts as absent
/// without a word. Not for several tasks at once: one import owns one reader.
public final class NodeReader {
    /// What was said so far, in the order of reading.
    public private(set) var diagnostics: [Diagnostic] = []
    /// Whether a value could not be known (an unresolved CloudFormation intrinsic) and has already been reported: no
    /// second complaint about its type then.
    public var isUnknown: (Node) -> Bool = { _ in false }
    /// What is left of the suggestions that this reader makes.
    public var suggestions = Suggestions(limit: 100)

    /// Makes a reader that has said nothing.
    public init() {}

    /// Adds a diagnostic.
    public func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// Adds a diagnostic of that row.
    public func report(
        _ id: DiagnosticID, _ message: String, at span: SourceSpan, severity: DiagnosticSeverity? = nil,
        notes: [Diagnostic.Note] = [], fixIt: Diagnostic.FixIt? = nil
    ) {
        diagnostics.append(Diagnostic(id, message, at: span, severity: severity, notes: notes, fixIt: fixIt))
    }

    /// Adds diagnostics that somebody else made.
    public func report(contentsOf others: [Diagnostic]) { diagnostics.append(contentsOf: others) }

    /// Takes back what was said from index `start` on, unless `keep` wants it.
    public func retract(from start: Int, unless keep: (Diagnostic) -> Bool) {
        guard start < diagnostics.count else { return }
        let kept = diagnostics[start...].filter(keep)
        diagnostics.replaceSubrange(start..., with: kept)
    }

    /// The members of an object. `what` names the value in the message, such as `'responses'`.
    public func mapping(_ node: Node, _ what: String) -> Mapping? {
        if let mapping = node.mapping, !Self.isIntrinsic(node) { return mapping }
        return wrongType(node, what, "an object")
    }

    /// The elements of a list.
    public func sequence(_ node: Node, _ what: String) -> [Node]? {
        if let nodes = node.sequence { return nodes }
        return wrongType(node, what, "a list")
    }

    /// Text with its places. A number or boolean is taken by its text, as the service does for versions, status codes
    /// and descriptions.
    public func text(_ node: Node, _ what: String) -> PositionedText? {
        if let scalar = node.scalar, scalar.kind != .null, !Self.isIntrinsic(node) { return scalar.text }
        return wrongType(node, what, "a string")
    }

    /// Text without its places.
    public func string(_ node: Node, _ what: String) -> String? { text(node, what)?.string }

    /// Text that must have been written as text: `uri: 5` is a mistake.
    public func strictText(_ node: Node, _ what: String) -> PositionedText? {
        if let scalar = node.scalar, scalar.kind == .string, !Self.isIntrinsic(node) { return scalar.text }
        return wrongType(node, what, "a string")
    }

    /// `true` or `false`; the strings "true" and "false" are taken with a warning.
    public func boolean(_ node: Node, _ what: String) -> Bool? {
        if let scalar = node.scalar, !Self.isIntrinsic(node) {
            if case .boolean(let value) = scalar.kind { return value }
            if scalar.kind == .string, let value = Bool(lowercased(scalar.text.string)) {
                reportCoercion(node, what, "a boolean", "\(value)")
                return value
            }
        }
        return wrongType(node, what, "a boolean")
    }

    /// A whole number; a string of digits is taken with a warning.
    public func integer(_ node: Node, _ what: String) -> Int? {
        if let scalar = node.scalar, !Self.isIntrinsic(node) {
            switch scalar.kind {
            case .integer(let value): return Int(exactly: value) ?? wrongType(node, what, "an integer")
            case .number(let value):
                if let exact = Int(exactly: value) { return exact }
            case .string:
                if let value = Int(scalar.text.string) {
                    reportCoercion(node, what, "an integer", "\(value)")
                    return value
                }
            default: break
            }
        }
        return wrongType(node, what, "an integer")
    }

    /// One of the words of an enumeration, in any case of letters. Another word is reported with the nearest one.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: Node, _ what: String, of type: Choice.Type = Choice.self, severity: DiagnosticSeverity = .error,
        notes: [Diagnostic.Note] = []
    ) -> Choice? where Choice.RawValue == String {
        guard let text = strictText(node, what) else { return nil }
        let folded = lowercased(text.string)
        if let match = Choice.allCases.first(where: { lowercased($0.rawValue) == folded }) { return match }
        guard !isUnknown(node) else { return nil }
        let lower = Choice.allCases.map { $0.rawValue }
        // Advice in the letters that the author used: `aws_proxi` is answered with `aws_proxy`, not `AWS_PROXY`.
        let words = text.string == folded ? lower.map { lowercased($0) } : lower
        unknownWord(text.string, words, what, at: node.span, severity: severity, notes: notes)
        return nil
    }

    /// Reports a word that is none of `words`, with a suggestion or the list of them.
    public func unknownWord(
        _ word: String, _ words: [String], _ what: String, at span: SourceSpan, severity: DiagnosticSeverity,
        notes: [Diagnostic.Note] = []
    ) {
        let near = suggestions.closest(to: word, in: { words })
        let advice = near.map { "did you mean '\($0)'?" } ?? "expected " + Self.list(words)
        report(
            ImportDiagnostics.unknownValue, "unknown value '\(word)' of \(what); \(advice)", at: span,
            severity: severity, notes: notes, fixIt: near.map { .init("write '\($0)'", replace: span, with: $0) })
    }

    /// Warns about members that an object does not have, with the nearest one that it has.
    public func checkMembers(_ mapping: Mapping, known: Set<String>, _ what: String) {
        for member in mapping.members where !known.contains(member.key) {
            // Other people's extensions may stand anywhere.
            let isForeign =
                member.key.hasPrefix("x-") && !member.key.hasPrefix("x-amazon-") && !member.key.hasPrefix("x-portico-")
            if !isForeign { unknownMember(member, known, what) }
        }
    }

    /// Warns about one member that an object does not have.
    public func unknownMember(_ member: Mapping.Member, _ known: Set<String>, _ what: String) {
        let near = suggestions.closest(to: member.key, in: { known.sorted() })
        report(
            ImportDiagnostics.unknownMember,
            "unknown member '\(member.key)' of \(what) is ignored" + (near.map { "; did you mean '\($0)'?" } ?? ""),
            at: member.keySpan, fixIt: near.map { .init("write '\($0)'", replace: member.keySpan, with: $0) })
    }

    /// Reports a value of the wrong type and returns nothing.
    public func wrongType<Value>(_ node: Node, _ what: String, _ expected: String) -> Value? {
        if isUnknown(node) { return nil }
        if Self.isIntrinsic(node) {
            report(
                ImportDiagnostics.intrinsicLeft,
                "\(what) is a CloudFormation intrinsic that cannot be resolved here; the value counts as absent",
                at: node.span)
            return nil
        }
        report(
            ImportDiagnostics.wrongType, "\(what) must be \(expected), not \(Self.describe(node))", at: node.span)
        return nil
    }

    private func reportCoercion(_ node: Node, _ what: String, _ type: String, _ value: String) {
        // Nobody wrote this text: it is what a CloudFormation function came to, and those make nothing but strings.
        if node.scalar?.style == .plain { return }
        report(
            ImportDiagnostics.coerced, "\(what) should be \(type), not the string '\(value)'", at: node.span,
            fixIt: .init("write \(value) without quotes", replace: node.span, with: value))
    }

    /// Whether a node is an intrinsic that nobody resolved: a tag such as `!Sub`, or an object whose only key is `Ref`,
    /// `Condition` or begins with `Fn::`.
    public static func isIntrinsic(_ node: Node) -> Bool {
        if node.tag != nil { return true }
        guard let members = node.mapping?.members, members.count == 1, let key = members.first?.key else {
            return false
        }
        return key == "Ref" || key.hasPrefix("Fn::")
    }

    /// The type and, for short leaves, the value, such as `the integer 5`.
    public static func describe(_ node: Node) -> String {
        switch node.content {
        case .mapping: return "an object"
        case .sequence: return "a list"
        case .scalar(let scalar):
            let text = scalar.text.string
            switch scalar.kind {
            case .null: return "null"
            case .boolean(let value): return "the boolean \(value)"
            case .integer: return "the integer \(text)"
            case .number: return "the number \(text)"
            case .string: return text.utf8.count <= 40 && !text.contains("\n") ? "the string '\(text)'" : "a string"
            }
        }
    }

    /// `'a', 'b' or 'c'`, cut after a dozen.
    public static func list(_ words: [String]) -> String {
        let quoted = words.prefix(12).map { "'\($0)'" }
        guard words.count <= 12 else { return quoted.joined(separator: ", ") + " and others" }
        guard quoted.count > 1 else { return quoted.first ?? "nothing" }
        return quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
    }

    private func lowercased(_ word: String) -> String { word.lowercased() }
}

extension Node {
    /// Whether this is `null` or an empty place.
    public var isNull: Bool { scalar?.kind == .null }
}

extension Mapping {
    /// The value of a key unless it is absent or `null`.
    public func present(_ key: String) -> Node? {
        guard let node = self[key], !node.isNull else { return nil }
        return node
    }
}
