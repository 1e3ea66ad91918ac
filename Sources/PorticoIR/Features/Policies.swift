public import PorticoSyntax

/// A policy of a spec, as read.
public struct PolicyDocument: Sendable, Hashable {
    /// The policy.
    public var value: JSONValue
    /// Where it stands.
    public var span: SourceSpan
    /// Where its parts stand.
    public var source: SourceTree

    /// Makes a policy.
    public init(value: JSONValue, span: SourceSpan = .none, source: SourceTree = SourceTree()) {
        self.value = value
        self.span = span
        self.source = source
    }

    /// Places do not count.
    public static func == (left: PolicyDocument, right: PolicyDocument) -> Bool { left.value == right.value }

    /// Hashes the policy.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }

    init(_ node: Node) {
        self.init(value: JSONValue(node), span: node.span, source: SourceTree(node))
    }
}
