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
        precondition(index >= 0 && index < count)
        return value(nodes + index, tape: number)
    }

    @inline(__always)
    func next(_ index: NodeIndex) -> NodeIndex { Int(self[index].next) }

    // MARK: In place, for nodes that are on the tape

    @inline(__always)
    func node(_ index: NodeIndex) -> UnsafePointer<JSONNode> {
        precondition(index >= 0 && index < count)
        return nodes + index
    }

    @inline(__always)
    func text(_ node: UnsafePointer<JSONNode>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: source + Int(node.pointee.offset), count: Int(node.pointee.length))
    }

    @inline(__always)
    func value(_ node: UnsafePointer<JSONNode>, tape number: Int) -> TemplateValue {
        switch node.pointee.kind {
        case .string, .key: return TemplateValue(text(node))
        case .null: return .null
        case .true: return TemplateValue(true)
        case .false: return TemplateValue(false)
        default: return TemplateValue(node: node - nodes, ofTape: number)
        }
    }

    /// The value of the member of that name; `nil` when there is none. `isDecided` becomes false when the node is no object
    /// or has names that must be looked at more closely.
    @inline(__always)
    func member(
        _ object: UnsafePointer<JSONNode>, named name: UnsafeRawBufferPointer, isDecided: inout Bool
    ) -> UnsafePointer<JSONNode>? {
        guard object.pointee.kind == .object, !object.pointee.mayRepeatKeys, let wanted = name.baseAddress else {
            isDecided = false
            return nil
        }
        let size = UInt32(truncatingIfNeeded: name.count)
        // The tape's own links lead from key to key.
        var key = object + 1
        var left = object.pointee.length
        while left > 0 {
            if key.pointee.length == size, bytesEqualShort(source + Int(key.pointee.offset), wanted, Int(size)) {
                return key + 1
            }
            key = nodes + Int((key + 1).pointee.next)
            left &-= 1
        }
        return nil
    }
}
