// Hot: once per step of a reference into a body. Allocates: nothing.

/// The nodes of a parsed tape in place. Valid until the tape parses again.
///
/// Half of the time of a template with many references went into reading nodes one by one through the tape: names are
/// short, and mostly differ in length or in the first bytes.
struct TemplateTapeView {
    private let nodes: UnsafePointer<JSONNode>
    private let source: UnsafeRawPointer
    private let count: Int

    init(_ tape: JSONTape) {
        nodes = tape.nodeBase
        count = tape.source.isEmpty ? 0 : tape.count
        source = tape.source.baseAddress ?? UnsafeRawPointer(nodes)
    }

    @inline(__always)
    private subscript(index: Int) -> JSONNode {
        precondition(index >= 0 && index < count)
        return nodes[index]
    }

    /// The value of a node: scalars as they are, what is costly to convert as the node.
    @inline(__always)
    func value(_ index: NodeIndex, tape number: Int) -> TemplateValue {
        let node = self[index]
        switch node.kind {
        case .string, .key:
            return TemplateValue(UnsafeRawBufferPointer(start: source + Int(node.offset), count: Int(node.length)))
        case .null: return .null
        case .true: return TemplateValue(true)
        case .false: return TemplateValue(false)
        default: return TemplateValue(node: index, ofTape: number)
        }
    }

    @inline(__always)
    func next(_ index: NodeIndex) -> NodeIndex { Int(self[index].next) }

    /// What a node is, and its text if it is a scalar.
    @inline(__always)
    func scalar(_ index: NodeIndex) -> (kind: JSONNodeKind, text: UnsafeRawBufferPointer) {
        let node = self[index]
        return (node.kind, UnsafeRawBufferPointer(start: source + Int(node.offset), count: Int(node.length)))
    }

    /// The value of the member of that name; ``absent`` when there is none, and ``undecided`` when the node is no object
    /// or has names that must be looked at more closely.
    @inline(__always)
    func member(_ object: NodeIndex, named name: UnsafeRawBufferPointer) -> NodeIndex {
        let node = self[object]
        guard node.kind == .object, !node.mayRepeatKeys, let wanted = name.baseAddress else { return Self.undecided }
        let size = UInt32(truncatingIfNeeded: name.count)
        // The tape's own links lead from key to key.
        var key = nodes + (object &+ 1)
        var left = node.length
        while left > 0 {
            if key.pointee.length == size, bytesEqualShort(source + Int(key.pointee.offset), wanted, Int(size)) {
                return (key - nodes) &+ 1
            }
            key = nodes + Int((key + 1).pointee.next)
            left &-= 1
        }
        return Self.absent
    }

    static let absent: NodeIndex = -1
    static let undecided: NodeIndex = -2
}
