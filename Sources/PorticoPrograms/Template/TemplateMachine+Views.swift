// Hot: once per `keySet()`, `entrySet()` or `subList()`. Allocates: the view.

/// Lists that show another list or map, as Java's views do: what happens to one happens to the other.
///
/// A view has its elements in cells of its own, which are brought up to date when it is used after its source has
/// changed: most templates never change what they look at.
extension TemplateMachine {
    // MARK: Making

    /// `keySet()` and `values()`
    func mapView(_ value: TemplateValue, _ kind: TemplateViewKind) -> TemplateValue {
        let list: Int
        if value.tag == .json, kind == .keys {
            let tape = tapes[Int(value.length)]
            list = heap.newCells(.collection, capacity: tape.memberCount(value.handle))
            for (key, _) in tape.members(value.handle) { heap.append(keyValue(key, tape: Int(value.length)), to: list) }
            charge(tape.memberCount(value.handle))
        } else {
            let map = snapshot(value)
            list = heap.newCells(.collection, capacity: heap.cells[map].count / 2)
            show(map, of: value, in: list, kind)
        }
        join(list, to: value, kind)
        checkMemory()
        return TemplateValue(.list, handle: list)
    }

    /// Copies what a view shows of a map.
    private func show(_ map: Int, of owner: TemplateValue, in list: Int, _ kind: TemplateViewKind) {
        let count = heap.cells[map].count
        var place = 0
        while place < count {
            switch kind {
            case .keys: heap.append(heap.element(map, place), to: list)
            case .values: heap.append(heap.element(map, place + 1), to: list)
            default:
                let entry = heap.newCells(.entry, capacity: 2)
                heap.append(heap.element(map, place), to: entry)
                heap.append(heap.element(map, place + 1), to: entry)
                join(entry, to: owner, .none)
                heap.append(TemplateValue(.list, handle: entry), to: list)
            }
            place += 2
        }
        charge(count)
    }

    /// Notes what a view or an entry belongs to. Parts of `$context` cannot change.
    private func join(_ list: Int, to owner: TemplateValue, _ kind: TemplateViewKind) {
        switch owner.tag {
        case .map:
            let source = owner.handle
            heap.setCells(source) { $0.isViewed = true }
            let version = heap.cells[source].version
            heap.setCells(list) {
                $0.source = Int32(truncatingIfNeeded: source)
                $0.view = kind
                $0.seen = version
            }
        case .json:
            heap.setCells(list) {
                $0.node = Self.key(owner)
                $0.view = kind
            }
        default: break
        }
    }

    /// Makes `list`, a copy of elements of another, a slice of it.
    func makeSlice(_ list: Int, of source: Int, from start: Int) {
        heap.setCells(source) { $0.isViewed = true }
        let cells = heap.cells[source]
        heap.setCells(list) {
            $0.view = .slice
            $0.source = Int32(truncatingIfNeeded: source)
            $0.sliceStart = Int32(truncatingIfNeeded: start)
            $0.sliceChanges = cells.changes
            $0.seen = cells.version
        }
    }

    // MARK: Looking

    /// The list or map that a view or an entry belongs to, once something can have changed in it.
    func source(of list: Int) -> Int? {
        let cells = heap.cells[list]
        if cells.source >= 0 { return Int(cells.source) }
        guard cells.node != TemplateCells.noNode, hasReplaced, let map = replaced[cells.node] else { return nil }
        heap.setCells(map) { $0.isViewed = true }
        heap.setCells(list) { $0.source = Int32(truncatingIfNeeded: map) }
        return map
    }

    /// Brings a view up to date.
    func bringUpToDate(_ list: Int) {
        let view = heap.cells[list]
        guard view.view != .none, let source = source(of: list) else { return }
        let cells = heap.cells[source]
        if view.view == .slice {
            bringUpToDate(source)
            guard heap.cells[source].changes == view.sliceChanges else {
                fail("ConcurrentModificationException: the list of this subList was changed")
                return
            }
        }
        guard cells.version != view.seen else { return }
        if view.view == .slice {
            for place in 0..<view.count {
                heap.setElement(list, place, heap.element(source, Int(view.sliceStart) + place))
            }
            charge(view.count)
        } else {
            heap.removeAll(list)
            show(source, of: TemplateValue(.map, handle: source), in: list, view.view)
            checkMemory()
        }
        heap.setCells(list) { $0.seen = cells.version }
    }

    /// `getValue()` of an entry: what its map says now.
    func entryValue(_ entry: Int) -> TemplateValue {
        if needsResolving, let map = source(of: entry), let place = find(map, heap.element(entry, 0)) {
            return heap.element(map, place + 1)
        }
        return heap.element(entry, 1)
    }

    /// `setValue()`: answers the old value.
    func setEntryValue(_ entry: Int, _ value: TemplateValue) -> TemplateValue {
        let old = entryValue(entry)
        heap.setElement(entry, 1, value)
        if let map = ownedMap(of: entry), find(map, heap.element(entry, 0)) != nil {
            _ = put(map, heap.element(entry, 0), value)
        }
        return old
    }

    /// The map that a view shows, in a form that can be changed.
    private func ownedMap(of list: Int) -> Int? {
        if let map = source(of: list) { return map }
        let node = heap.cells[list].node
        guard node != TemplateCells.noNode else { return nil }
        _ = changeable(TemplateValue(node: Int(truncatingIfNeeded: node & 0xFFFF_FFFF), ofTape: Int(node >> 32)))
        return source(of: list)
    }

    // MARK: Changing

    /// Changes a list, and what shows it or is shown by it.
    func changingList(_ list: Int, _ change: () -> Void) {
        roomForRange(list)
        if failed { return }
        let before = heap.cells[list]
        change()
        if before.isViewed { needsResolving = true }
        guard before.view == .slice, !failed else { return }
        splice(list, before)
    }

    /// Puts the elements of a slice in the place of those that it showed.
    private func splice(_ list: Int, _ before: TemplateCells) {
        let source = Int(before.source)
        let count = heap.cells[list].count
        let start = Int(before.sliceStart)
        changingList(source) {
            if count == before.count {
                for place in 0..<count { heap.setElement(source, start + place, heap.element(list, place)) }
                return
            }
            var rest: [TemplateValue] = []
            for place in (start + before.count)..<heap.cells[source].count { rest.append(heap.element(source, place)) }
            heap.removeElements(source, at: start, count: heap.cells[source].count - start)
            for place in 0..<count { heap.append(heap.element(list, place), to: source) }
            for value in rest { heap.append(value, to: source) }
        }
        charge(heap.cells[source].count)
        checkMemory()
        let cells = heap.cells[source]
        heap.setCells(list) {
            $0.sliceChanges = cells.changes
            $0.seen = cells.version
        }
    }

    /// Methods that change a map through one of its views; nothing can be added.
    func changeView(_ method: TemplateMethod, _ list: Int, _ arguments: TemplateArguments) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.add, 1), (.addAll, 1):
            if method == .addAll {
                guard let other = collection(first) else { return first.isNull ? nullArgument() : .null }
                if heap.cells[other].count == 0 { return TemplateValue(false) }
            }
            return fail("UnsupportedOperationException: a view of a map takes no elements")
        case (.clear, 0):
            if let map = ownedMap(of: list) { removeAll(map) }
            return .empty
        case (.remove, 1):
            guard let place = indexOf(first, in: TemplateValue(.list, handle: list), last: false) else {
                return TemplateValue(false)
            }
            removeEntry(at: place, of: list)
            return TemplateValue(true)
        case (.removeAll, 1), (.retainAll, 1):
            guard let other = collection(first) else { return first.isNull ? nullArgument() : .null }
            var place = heap.cells[list].count - 1
            var isChanged = false
            while place >= 0 && !failed {
                let isThere =
                    indexOf(heap.element(list, place), in: TemplateValue(.list, handle: other), last: false) != nil
                if isThere == (method == .removeAll) {
                    removeEntry(at: place, of: list)
                    isChanged = true
                }
                place -= 1
            }
            return TemplateValue(isChanged)
        default: return .null
        }
    }

    /// Removes the entry of a map that an element of a view stands for.
    func removeEntry(at place: Int, of list: Int) {
        guard let map = ownedMap(of: list), place * 2 + 1 < heap.cells[map].count else { return }
        _ = remove(map, heap.element(map, place * 2))
        bringUpToDate(list)
    }
}
