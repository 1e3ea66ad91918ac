// Hot: once per request. Allocates: nothing.

/// What a search tells of its way. The search of requests tells nobody, and the compiler then drops the telling.
protocol RouteObserver {
    mutating func note(_ event: @autoclosure () -> RouteEvent)
}

/// One thing that a search does; nodes are indices.
enum RouteEvent: Sendable, Hashable {
    /// The segment is the literal child `node`.
    case literal(node: Int, segment: RouteSpan)
    /// `node` has literal children, but the segment is none of them.
    case noLiteral(node: Int, segment: RouteSpan)
    /// The segment is taken as the value of the child `node`.
    case variable(node: Int, segment: RouteSpan)
    /// The rest of the path is taken as the value of the child `node`.
    case greedy(node: Int, value: RouteSpan)
    /// Nothing in the branch of `node` answers the verb, or nothing that answers it is as deep as the path is long.
    case closed(node: Int)
    /// The path ends at `node`, or `node` is greedy, but it has no method for the verb.
    case lacksVerb(node: Int)
    /// The search gave up the branch below and goes on at `node`.
    case back(node: Int)
    /// `node` answers.
    case found(node: Int)
}

/// Hears nothing.
struct SilentRouteObserver: RouteObserver {
    @inline(__always)
    mutating func note(_ event: @autoclosure () -> RouteEvent) {}
}

extension RouteTable {
    /// Finds the method that answers `verb` (the raw value of the codec's method enum) on `path`, the request path after
    /// the stage and without query. The values of path parameters are left in `parameters`, as offsets into `path` and
    /// not percent-decoded; they mean nothing when the answer is `nil`.
    ///
    /// Literal goes before `{x}` before `{x+}`, a resource's own method before its ANY, and a branch that ends without
    /// a method for the verb is given up for the next one. Slashes count once and not at the end, except inside of a
    /// greedy value, which keeps all but the last ones. Source: `reference/rest-data-plane.md` 2, recorded behaviour.
    func match(_ path: UnsafeRawBufferPointer, verb: UInt8, parameters: RouteParameters) -> RouteMatch? {
        var observer = SilentRouteObserver()
        return search(path, verb: verb, parameters: parameters, observer: &observer)
    }

    /// Finds the route of an HTTP API: what names the whole path goes before what takes the rest of it greedily, wherever
    /// the two part. Otherwise as ``match(_:verb:parameters:)``.
    ///
    /// Source: reference, "Stage and route selection" (1.1): full match, then greedy match.
    func matchRoute(_ path: UnsafeRawBufferPointer, verb: UInt8, parameters: RouteParameters) -> RouteMatch? {
        var observer = SilentRouteObserver()
        let bit: UInt8 = 1 &<< (verb & 7)
        if nodes[0].exactVerbs & bit != 0,
            let match = search(path, verb: verb, parameters: parameters, observer: &observer, takesGreedy: false)
        {
            return match
        }
        guard nodes[0].greedyVerbs & bit != 0 else { return nil }
        return search(path, verb: verb, parameters: parameters, observer: &observer)
    }

    /// The search behind ``match(_:verb:parameters:)``.
    ///
    /// A node of depth n is met with just n segments used, so giving up a branch needs no stack: the parent comes from
    /// the node, and where its segment begins from looking backwards for a slash. Each node is entered at most once, and
    /// only while its branch holds a method for the verb that the number of segments can reach; the number is counted
    /// at the first dead end. A request thus costs its own length and never more than the table has nodes.
    @inline(__always)
    func search<Observer: RouteObserver>(
        _ path: UnsafeRawBufferPointer, verb: UInt8, parameters: RouteParameters, observer: inout Observer,
        takesGreedy: Bool = true
    ) -> RouteMatch? {
        let values = parameters.lend(maximumParameters)
        guard Int(verb) < RouteVerb.requestVerbCount, path.count <= Int(Int32.max) else { return nil }
        return nodes.withUnsafeBufferPointer { nodes in
            slots.withUnsafeBufferPointer { slots in
                methods.withUnsafeBufferPointer { methods in
                    names.withUnsafeBytes { names in
                        var search = RouteSearch(
                            nodes: nodes, slots: slots, methods: methods, names: names, path: path, verb: verb,
                            values: values, takesGreedy: takesGreedy)
                        let match = search.run(&observer)
                        parameters.keep(search.valueCount)
                        return match
                    }
                }
            }
        }
    }
}

/// One search under way. Its indices are unchecked in release builds; ``RouteTableParts`` made them.
private struct RouteSearch {
    let nodes: UnsafeBufferPointer<RouteTable.Node>
    let slots: UnsafeBufferPointer<RouteTable.Slot>
    let methods: UnsafeBufferPointer<UInt32>
    let names: UnsafeRawBufferPointer
    let path: UnsafeRawBufferPointer
    let verb: UInt8
    /// Room for as many values as any way down has variables.
    let values: UnsafeMutableBufferPointer<RouteSpan>
    /// Whether greedy variables count.
    let takesGreedy: Bool
    var valueCount = 0
    /// Segments of the path; 0 until the first dead end.
    var segments: UInt32 = 0

    @inline(__always)
    mutating func run<Observer: RouteObserver>(_ observer: inout Observer) -> RouteMatch? {
        var node = 0
        /// One past the last byte of the segment that led to `node`.
        var position = 0
        while true {
            var start = position
            while start < path.count, path[start] == SegmentScanner.slash { start &+= 1 }
            if start == path.count {
                if let match = end(at: node, &observer) { return match }
            } else {
                let segment = SegmentScanner.scan(path, from: start)
                let end = segment.end
                if nodes[node].hasLiterals {
                    let child = literal(of: node, start, segment)
                    if child == 0 {
                        observer.note(.noLiteral(node: node, segment: RouteSpan(start, end)))
                    } else if isOpen(child, &observer) {
                        observer.note(.literal(node: child, segment: RouteSpan(start, end)))
                        node = child
                        position = end
                        continue
                    }
                }
                if let child = variable(of: node, start, end, &observer) {
                    node = child
                    position = end
                    continue
                }
                if let match = greedy(of: node, from: start, &observer) { return match }
            }
            if segments == 0 { segments = countSegments() }
            // Goes up until a node offers another branch.
            while true {
                if node == 0 { return nil }
                let end = position
                start = position
                while start > 0, path[start &- 1] != SegmentScanner.slash { start &-= 1 }
                let wasLiteral = nodes[node].kind == .literal
                if !wasLiteral { valueCount &-= 1 }
                node = Int(nodes[node].parent)
                observer.note(.back(node: node))
                if wasLiteral, let child = variable(of: node, start, end, &observer) {
                    node = child
                    position = end
                    break
                }
                if let match = greedy(of: node, from: start, &observer) { return match }
                position = start
                while position > 0, path[position &- 1] == SegmentScanner.slash { position &-= 1 }
            }
        }
    }

    /// The literal child with these bytes, or 0.
    @inline(__always)
    private func literal(of node: Int, _ start: Int, _ segment: SegmentScanner.Segment) -> Int {
        let first = nodes[node].slots
        let mask = nodes[node].slotMask
        var place = segment.hash & mask
        while true {
            let slot = slots[Int(first &+ place)]
            if slot.child == 0 { return 0 }
            if slot.hash == segment.hash {
                let child = Int(slot.child)
                let count = segment.end &- start
                if Int(nodes[child].nameCount) == count, nodes[child].tail == segment.tail,
                    SegmentScanner.equalWords(names, Int(nodes[child].nameStart), path, start, count: count)
                {
                    return child
                }
            }
            place = (place &+ 1) & mask
        }
    }

    /// Enters the variable child, if there is one and it may lead to a method.
    @inline(__always)
    private mutating func variable<Observer: RouteObserver>(
        of node: Int, _ start: Int, _ end: Int, _ observer: inout Observer
    ) -> Int? {
        let child = Int(nodes[node].variable)
        guard child != 0, isOpen(child, &observer) else { return nil }
        observer.note(.variable(node: child, segment: RouteSpan(start, end)))
        values[valueCount] = RouteSpan(start, end)
        valueCount &+= 1
        return child
    }

    /// The greedy child's method, if there is one. Slashes at the end do not belong to its value.
    @inline(__always)
    private mutating func greedy<Observer: RouteObserver>(
        of node: Int, from start: Int, _ observer: inout Observer
    ) -> RouteMatch? {
        let child = Int(nodes[node].greedy)
        guard child != 0, takesGreedy else { return nil }
        var end = path.count
        while end > start, path[end &- 1] == SegmentScanner.slash { end &-= 1 }
        observer.note(.greedy(node: child, value: RouteSpan(start, end)))
        guard let match = self.end(at: child, &observer) else { return nil }
        values[valueCount] = RouteSpan(start, end)
        valueCount &+= 1
        return match
    }

    /// The method of the resource at which the path ends.
    @inline(__always)
    private func end<Observer: RouteObserver>(at node: Int, _ observer: inout Observer) -> RouteMatch? {
        let method = methods[Int(nodes[node].methods) &+ Int(verb)]
        guard method != RouteTable.none else {
            observer.note(.lacksVerb(node: node))
            return nil
        }
        observer.note(.found(node: node))
        return RouteMatch(method: method, resource: UInt32(truncatingIfNeeded: node))
    }

    /// Whether something in the branch of `node` answers the verb at the path's depth, as far as that is known.
    @inline(__always)
    private func isOpen<Observer: RouteObserver>(_ node: Int, _ observer: inout Observer) -> Bool {
        let bit: UInt8 = 1 &<< verb
        if nodes[node].exactVerbs & bit != 0, nodes[node].deepest >= segments { return true }
        if nodes[node].greedyVerbs & bit != 0, takesGreedy { return true }
        observer.note(.closed(node: node))
        return false
    }

    private func countSegments() -> UInt32 {
        var count: UInt32 = 0
        var previous = SegmentScanner.slash
        for byte in path {
            if previous == SegmentScanner.slash, byte != SegmentScanner.slash { count &+= 1 }
            previous = byte
        }
        return count
    }
}
