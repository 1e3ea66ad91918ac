// Hot: no, once per table. Allocates: the table.

/// The derived half of a ``RouteTable``: links, hash tables, verb rows and the masks by which a search cuts branches.
///
/// This is the only place that makes indices the search follows unchecked, so all that must hold of them holds here.
struct RouteTableParts {
    var nodes: [RouteTable.Node] = []
    var slots: [RouteTable.Slot] = []
    var methods: [UInt32]
    var maximumParameters = 0

    /// Depths and sizes stay far below the 32 bits of an index; a spec is at most some megabytes.
    private static let limit = 1 << 28

    init?(trunk: [RouteTable.TrunkNode], names: [UInt8], methodCount: Int) {
        methods = [UInt32](repeating: RouteTable.none, count: RouteTable.methodStride)
        guard let root = trunk.first, root.kind == .root, root.depth == 0, root.nameCount == 0,
            trunk.count < Self.limit, names.count < Self.limit, methodCount >= 0, methodCount < Self.limit
        else { return nil }
        nodes.reserveCapacity(trunk.count)
        guard link(trunk, names, methodCount) else { return nil }
        hash(names)
        sumUp(trunk)
    }

    /// Turns depths into links, refusing what is no tree in canonical order.
    private mutating func link(_ trunk: [RouteTable.TrunkNode], _ names: [UInt8], _ methodCount: Int) -> Bool {
        /// The way from the root to the last node, and the last child met below each node of it.
        var way: [(node: Int, lastChild: Int, parameters: Int)] = []
        for (index, source) in trunk.enumerated() {
            var node = RouteTable.Node()
            node.kind = source.kind
            node.nameStart = source.nameStart
            node.nameCount = source.nameCount
            let end = Int(source.nameStart) + Int(source.nameCount)
            guard end <= names.count else { return false }
            var parameters = 0
            if index > 0 {
                let depth = Int(source.depth)
                guard depth >= 1, depth <= way.count, source.kind != .root, source.nameCount > 0 else { return false }
                way.removeLast(way.count - depth)
                let (parent, sibling, above) = way[depth - 1]
                guard nodes[parent].kind != .greedy,
                    sibling == 0 || Self.precedes(trunk[sibling], source, names),
                    source.kind != .literal || !names[Int(source.nameStart)..<end].contains(SegmentScanner.slash)
                else { return false }
                way[depth - 1].lastChild = index
                node.parent = UInt32(parent)
                parameters = above
                switch source.kind {
                case .variable: nodes[parent].variable = UInt32(index)
                case .greedy: nodes[parent].greedy = UInt32(index)
                case .literal, .root: nodes[parent].hasLiterals = true
                }
                if source.kind != .literal { parameters += 1 }
            }
            guard addRow(source.methods, to: &node, methodCount) else { return false }
            maximumParameters = max(maximumParameters, parameters)
            way.append((index, 0, parameters))
            nodes.append(node)
        }
        return true
    }

    /// The order of siblings: literals by their bytes, then `{x}`, then `{x+}`, none twice.
    private static func precedes(
        _ left: RouteTable.TrunkNode, _ right: RouteTable.TrunkNode, _ names: [UInt8]
    ) -> Bool {
        guard left.kind == .literal, right.kind == .literal else { return left.kind.rawValue < right.kind.rawValue }
        let first = names[Int(left.nameStart)..<Int(left.nameStart) + Int(left.nameCount)]
        let second = names[Int(right.nameStart)..<Int(right.nameStart) + Int(right.nameCount)]
        return first.lexicographicallyPrecedes(second)
    }

    /// Gives a node its row of methods, ANY filled in where the node has no method of its own.
    private mutating func addRow(_ declared: [RouteMethod], to node: inout RouteTable.Node, _ methodCount: Int) -> Bool
    {
        guard !declared.isEmpty else { return true }
        var row = [UInt32](repeating: RouteTable.none, count: RouteTable.methodStride)
        var last = -1
        for entry in declared {
            guard Int(entry.verb.rawValue) > last, Int(entry.method) < methodCount else { return false }
            last = Int(entry.verb.rawValue)
            row[last] = entry.method
        }
        let any = row[Int(RouteVerb.any.rawValue)]
        for verb in 0..<RouteVerb.requestVerbCount {
            if row[verb] == RouteTable.none { row[verb] = any }
            if row[verb] != RouteTable.none { node.exactVerbs |= 1 << UInt8(verb) }
        }
        node.methods = UInt32(methods.count)
        methods += row
        return true
    }

    /// Gives each node with literal children a table of a power of two of slots, at most half of them full.
    private mutating func hash(_ names: [UInt8]) {
        var literals = [UInt32](repeating: 0, count: nodes.count)
        for node in nodes where node.kind == .literal { literals[Int(node.parent)] += 1 }
        for index in nodes.indices where nodes[index].hasLiterals {
            var size = 2
            while size < Int(literals[index]) * 2 { size *= 2 }
            nodes[index].slots = UInt32(slots.count)
            nodes[index].slotMask = UInt32(size - 1)
            slots += repeatElement(RouteTable.Slot(hash: 0, child: 0), count: size)
        }
        for index in nodes.indices where nodes[index].kind == .literal {
            let start = Int(nodes[index].nameStart)
            let end = start + Int(nodes[index].nameCount)
            let segment = names.withUnsafeBytes {
                SegmentScanner.scan(UnsafeRawBufferPointer(rebasing: $0[start..<end]), from: 0)
            }
            nodes[index].tail = segment.tail
            let parent = nodes[Int(nodes[index].parent)]
            var place = segment.hash & parent.slotMask
            while slots[Int(parent.slots + place)].child != 0 { place = (place + 1) & parent.slotMask }
            slots[Int(parent.slots + place)] = RouteTable.Slot(hash: segment.hash, child: UInt32(index))
        }
    }

    /// Sums up, from the leaves to the root, which verbs each branch can answer and how deep.
    private mutating func sumUp(_ trunk: [RouteTable.TrunkNode]) {
        for index in nodes.indices.reversed() {
            let node = nodes[index]
            if node.exactVerbs != 0, trunk[index].methods.isEmpty == false {
                nodes[index].deepest = max(node.deepest, trunk[index].depth)
            }
            guard index > 0 else { continue }
            let parent = Int(node.parent)
            if node.kind == .greedy {
                nodes[parent].greedyVerbs |= node.exactVerbs
            } else {
                nodes[parent].exactVerbs |= node.exactVerbs
                nodes[parent].greedyVerbs |= node.greedyVerbs
                nodes[parent].deepest = max(nodes[parent].deepest, nodes[index].deepest)
            }
        }
    }
}
