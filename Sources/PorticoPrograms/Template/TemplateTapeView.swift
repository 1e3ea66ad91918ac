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

    /// The value of the member of that name; -1 when there is none, or a name with escapes must be looked at.
    @inline(__always)
    func member(_ object: NodeIndex, named name: UnsafeRawBufferPointer, hasEscapes: inout Bool) -> NodeIndex {
        let node = self[object]
        guard node.kind == .object, let wanted = name.baseAddress else { return -1 }
        let size = UInt32(truncatingIfNeeded: name.count)
        var key = object &+ 1
        var left = node.length
        while left > 0 {
            // The tape's own links lead from key to key.
            let candidate = nodes[key]
            if candidate.kind != .key {
                hasEscapes = true
            } else if candidate.length == size, Self.isSame(source + Int(candidate.offset), wanted, Int(size)) {
                return key &+ 1
            }
            key = Int(nodes[key &+ 1].next)
            left &-= 1
        }
        return -1
    }

    @inline(__always)
    private static func isSame(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
        var place = 0
        while count &- place >= 8 {
            let first = left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if first != right.loadUnaligned(fromByteOffset: place, as: UInt64.self) { return false }
            place &+= 8
        }
        while place < count {
            let first = left.load(fromByteOffset: place, as: UInt8.self)
            if first != right.load(fromByteOffset: place, as: UInt8.self) { return false }
            place &+= 1
        }
        return true
    }
}
