// Hot: once per body in which an object may hold a key twice. Allocates: a table of the keys of such objects.

extension JSONTape {
    /// Members up to which keys are compared one by one.
    static let fewKeys: UInt32 = 32

    /// Drops all but one of the members of an object that share a name: the value of the last, at the place of the first.
    ///
    /// The parser marks the objects that need a look: few, unless they are large or spell keys with escapes.
    func dropRepeatedKeys() {
        var repeated: [NodeIndex: NodeIndex] = [:]
        var dropped: Set<NodeIndex> = []
        for index in 0..<count {
            let node = node(index)
            guard node.kind == .object, node.mayRepeatKeys else { continue }
            if node.length <= Self.fewKeys {
                findRepeatedAmongFew(index, &repeated, &dropped)
            } else {
                findRepeatedAmongMany(index, &repeated, &dropped)
            }
        }
        guard !dropped.isEmpty else { return }
        hasRepeatedKeys = true
        rebuild(repeated, dropped)
    }

    /// `kept[key]` is the key whose value replaces that of `key`; `dropped` are the later keys.
    private func findRepeatedAmongFew(
        _ object: NodeIndex, _ kept: inout [NodeIndex: NodeIndex], _ dropped: inout Set<NodeIndex>
    ) {
        for (key, _) in members(object) {
            for (other, _) in members(object) {
                if other >= key { break }
                if !dropped.contains(other), textsEqual(other, key) {
                    kept[other] = key
                    dropped.insert(key)
                    break
                }
            }
        }
    }

    private func findRepeatedAmongMany(
        _ object: NodeIndex, _ kept: inout [NodeIndex: NodeIndex], _ dropped: inout Set<NodeIndex>
    ) {
        // A table of open addressing, at most half full. The hash is seeded, so that no body can aim at one bucket.
        let size = memberCount(object)
        var capacity = 64
        while capacity < size &* 2 { capacity = capacity &* 2 }
        var table = [UInt32](repeating: 0, count: capacity)
        for (key, _) in members(object) {
            var place = hash(key) & (capacity &- 1)
            while true {
                let other = Int(table[place])
                if other == 0 {
                    table[place] = UInt32(truncatingIfNeeded: key)
                    break
                }
                if textsEqual(other, key) {
                    kept[other] = key
                    dropped.insert(key)
                    break
                }
                place = (place &+ 1) & (capacity &- 1)
            }
        }
    }

    private func hash(_ key: NodeIndex) -> Int {
        var hasher = Hasher()
        if kind(key) == .key {
            hasher.combine(bytes: rawText(key))
        } else {
            let text = OutputBuffer(capacity: rawText(key).count)
            appendString(key, into: text)
            hasher.combine(bytes: text.bytes)
        }
        return hasher.finalize() & Int.max
    }

    /// Writes the nodes anew: a replaced value is taken from its later place.
    private func rebuild(_ kept: [NodeIndex: NodeIndex], _ dropped: Set<NodeIndex>) {
        var copy: [JSONNode] = []
        copy.reserveCapacity(count)
        // Work to do, last first: copy a node, or close a container whose new index is known.
        enum Step {
            case copy(NodeIndex)
            case close(Int)
        }
        var steps: [Step] = [.copy(root)]
        while let step = steps.popLast() {
            switch step {
            case .close(let place): copy[place].next = UInt32(truncatingIfNeeded: copy.count)
            case .copy(let index):
                var node = node(index)
                let place = copy.count
                node.next = UInt32(truncatingIfNeeded: place + 1)
                switch node.kind {
                case .array:
                    copy.append(node)
                    steps.append(.close(place))
                    steps.append(contentsOf: elements(index).reversed().map { Step.copy($0) })
                case .object:
                    var children: [Step] = []
                    for (key, value) in members(index) where !dropped.contains(key) {
                        children.append(.copy(key))
                        children.append(.copy(kept[key].map { $0 + 1 } ?? value))
                    }
                    node.length = UInt32(truncatingIfNeeded: children.count / 2)
                    copy.append(node)
                    steps.append(.close(place))
                    steps.append(contentsOf: children.reversed())
                default: copy.append(node)
                }
            }
        }
        replaceNodes { target in
            for (index, node) in copy.enumerated() { target[index] = node }
            return copy.count
        }
    }
}
