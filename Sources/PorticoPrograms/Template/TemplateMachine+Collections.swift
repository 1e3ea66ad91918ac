// Hot: once per method of a list or map. Allocates: what the method makes.

/// Methods of `java.util.List` and `java.util.Map`.
extension TemplateMachine {
    // MARK: Lists

    func callList(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        let isPositional = object.tag == .json || heap.cells[object.handle].kind != .collection
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.size, 0): return TemplateValue(count: size(of: object) ?? 0)
        case (.isEmpty, 0): return TemplateValue(size(of: object) == 0)
        case (.get, 1): return get(object, first)
        case (.contains, 1): return TemplateValue(indexOf(first, in: object, last: false) != nil)
        case (.indexOf, 1) where isPositional:
            return TemplateValue(count: indexOf(first, in: object, last: false) ?? -1)
        case (.lastIndexOf, 1) where isPositional:
            return TemplateValue(count: indexOf(first, in: object, last: true) ?? -1)
        case (.containsAll, 1): return containsAll(object, first)
        case (.subList, 2) where isPositional: return subList(object, first, arguments[1])
        case (.iterator, 0), (.listIterator, 0): return iterator(object)
        case (.toArray, 0): return copied(object, as: .array)
        case (.clone, 0) where isPositional && !isArray(object): return copied(object, as: .plain)
        case (.ensureCapacity, 1) where isPositional && position(first) != nil: return .empty
        case (.trimToSize, 0) where isPositional: return .empty
        case (.toJSONString, 0): return TemplateValue(text { appendJSON(object, into: $0) })
        case (.set, 2), (.add, 1), (.add, 2), (.addAll, 1), (.remove, 1), (.removeAll, 1), (.retainAll, 1), (.clear, 0),
            (.sort, 1):
            let list = changeable(object).handle
            switch heap.cells[list].kind {
            case .array where method != .set: return changeArray(method, list, arguments)
            case .collection: return changeView(method, list, arguments)
            default: break
            }
            charge(heap.cells[list].count >> 3)
            return changeList(method, list, arguments)
        default: return callAny(method, object, arguments)
        }
    }

    /// A Java array has a fixed size; what would change nothing does no harm.
    private func changeArray(_ method: TemplateMethod, _ list: Int, _ arguments: TemplateArguments) -> TemplateValue {
        let first = arguments.first ?? .null
        let array = TemplateValue(.list, handle: list)
        switch method {
        case .remove where position(first) == nil:
            if indexOf(first, in: array, last: false) == nil { return TemplateValue(false) }
        case .addAll, .removeAll, .retainAll:
            guard let other = collection(first) else { return first.isNull ? nullArgument() : .null }
            let others = TemplateValue(.list, handle: other)
            let count = heap.cells[list].count
            let isChanged =
                method == .addAll
                ? heap.cells[other].count > 0
                : (0..<count).contains {
                    (indexOf(heap.element(list, $0), in: others, last: false) != nil) == (method == .removeAll)
                }
            if !isChanged { return TemplateValue(false) }
        case .clear: if heap.cells[list].count == 0 { return .empty }
        case .add where arguments.count == 2 && position(first) == nil: return .null
        case .sort: return .null
        default: break
        }
        return fail("UnsupportedOperationException: arrays have a fixed size")
    }

    private func changeList(_ method: TemplateMethod, _ list: Int, _ arguments: TemplateArguments) -> TemplateValue {
        let first = arguments.first ?? .null
        let count = heap.cells[list].count
        switch (method, arguments.count) {
        case (.set, 2):
            guard let place = position(first) else { return .null }
            guard place >= 0, place < count else { return outOfBounds(place, count) }
            let old = heap.element(list, place)
            changingList(list) { heap.setElement(list, place, arguments[1]) }
            return old
        case (.add, 1):
            changingList(list) { heap.append(first, to: list) }
            checkMemory()
            return TemplateValue(true)
        case (.add, 2):
            guard let place = position(first) else { return .null }
            guard place >= 0, place <= count else { return outOfBounds(place, count) }
            insert([arguments[1]], at: place, in: list)
            // A `void` method gives the empty string.
            return .empty
        case (.addAll, 1), (.addAll, 2):
            let last = arguments[arguments.count - 1]
            guard let source = collection(last) else { return last.isNull ? nullArgument() : .null }
            guard let place = arguments.count == 1 ? count : position(first) else { return .null }
            guard place >= 0, place <= count else { return outOfBounds(place, count) }
            let added = (0..<heap.cells[source].count).map { heap.element(source, $0) }
            charge(added.count)
            insert(added, at: place, in: list)
            return TemplateValue(!added.isEmpty)
        case (.remove, 1):
            if let place = position(first) {
                guard place >= 0, place < count else { return outOfBounds(place, count) }
                let old = heap.element(list, place)
                changingList(list) { heap.removeElements(list, at: place) }
                return old
            }
            guard let place = indexOf(first, in: TemplateValue(.list, handle: list), last: false) else {
                return TemplateValue(false)
            }
            changingList(list) { heap.removeElements(list, at: place) }
            return TemplateValue(true)
        case (.removeAll, 1), (.retainAll, 1):
            guard let source = collection(first) else { return first.isNull ? nullArgument() : .null }
            var result = TemplateValue.null
            changingList(list) { result = filter(list, by: source, keeps: method == .retainAll) }
            return result
        case (.clear, 0):
            changingList(list) { heap.removeAll(list) }
            return .empty
        case (.sort, 1):
            guard first.isNull else { return .null }
            changingList(list) { sort(list) }
            return failed ? .null : .empty
        default: return .null
        }
    }

    private func insert(_ values: [TemplateValue], at place: Int, in list: Int) {
        changingList(list) {
            let count = heap.cells[list].count
            for value in values { heap.append(value, to: list) }
            checkMemory()
            if failed { return }
            var move = count - 1
            while move >= place {
                heap.setElement(list, move + values.count, heap.element(list, move))
                move -= 1
            }
            for (offset, value) in values.enumerated() { heap.setElement(list, place + offset, value) }
            heap.setCells(list) { $0.changes &+= 1 }
        }
    }

    /// Sorts by Java's natural order: texts or numbers of one type.
    private func sort(_ list: Int) {
        let values = (0..<heap.cells[list].count).map { heap.element(list, $0) }
        charge(values.count &* 16)
        let sorted = values.sorted { left, right in
            if failed { return false }
            guard let order = naturalOrder(left, right) else {
                fail("ClassCastException: the elements cannot be compared")
                return false
            }
            return order < 0
        }
        for (place, value) in sorted.enumerated() { heap.setElement(list, place, value) }
        heap.setCells(list) { $0.changes &+= 1 }
    }

    /// Gives a range its elements before a change, if they are not too many.
    func roomForRange(_ list: Int) {
        guard heap.cells[list].isRange else { return }
        let count = heap.cells[list].count
        guard count <= 1_000_000 else {
            fail("range of \(count) elements is too large to be changed")
            return
        }
        heap.expand(list)
    }

    private func filter(_ list: Int, by source: Int, keeps: Bool) -> TemplateValue {
        let other = TemplateValue(.list, handle: source)
        var place = 0
        var kept = 0
        let count = heap.cells[list].count
        while place < count && !failed {
            let value = heap.element(list, place)
            if (indexOf(value, in: other, last: false) != nil) == keeps {
                heap.setElement(list, kept, value)
                kept += 1
            }
            place += 1
        }
        if failed { return .null }
        if kept != count { heap.removeElements(list, at: kept, count: count - kept) }
        return TemplateValue(kept != count)
    }

    func indexOf(_ value: TemplateValue, in object: TemplateValue, last: Bool) -> Int? {
        let cells = listCells(object)
        let count = heap.cells[cells].count
        if heap.cells[cells].isRange {
            guard case .int(let wanted)? = number(value) else { return nil }
            let range = heap.cells[cells]
            let low = min(range.first, range.last)
            guard wanted >= low, wanted <= max(range.first, range.last) else { return nil }
            return abs(Int(wanted) - Int(range.first))
        }
        charge(count)
        var place = last ? count - 1 : 0
        while place >= 0 && place < count && !failed {
            if isEqual(heap.element(cells, place), value) { return place }
            place += last ? -1 : 1
        }
        return nil
    }

    /// The cells of any list, or `nil`.
    func collection(_ value: TemplateValue) -> Int? {
        let value = resolved(value)
        switch value.tag {
        case .list:
            guard heap.cells[value.handle].kind != .entry, heap.cells[value.handle].kind != .array else { return nil }
            guard !heap.cells[value.handle].isRange || heap.cells[value.handle].count <= 1_000_000 else {
                fail("range is too large to be copied")
                return nil
            }
            return value.handle
        case .json: return tapes[Int(value.length)].kind(value.handle) == .array ? listCells(value) : nil
        default: return nil
        }
    }

    private func containsAll(_ object: TemplateValue, _ other: TemplateValue) -> TemplateValue {
        guard let source = collection(other) else { return other.isNull ? nullArgument() : .null }
        for place in 0..<heap.cells[source].count where !failed {
            if indexOf(heap.element(source, place), in: object, last: false) == nil { return TemplateValue(false) }
        }
        return TemplateValue(true)
    }

    private func subList(_ object: TemplateValue, _ first: TemplateValue, _ last: TemplateValue) -> TemplateValue {
        guard let low = position(first), let high = position(last) else { return .null }
        let cells = listCells(object)
        let count = heap.cells[cells].count
        guard low >= 0, high <= count, low <= high else {
            return fail("IndexOutOfBoundsException: fromIndex \(low), toIndex \(high), size \(count)")
        }
        let list = heap.newCells(.plain, capacity: min(high - low, 1_000_000))
        for place in low..<high {
            heap.append(heap.element(cells, place), to: list)
            charge(1)
            checkMemory()
            if failed { return .null }
        }
        makeSlice(list, of: cells, from: low)
        return TemplateValue(.list, handle: list)
    }

    private func isArray(_ object: TemplateValue) -> Bool {
        object.tag == .list && heap.cells[object.handle].kind == .array
    }

    private func copied(_ object: TemplateValue, as kind: TemplateListKind) -> TemplateValue {
        guard let size = size(of: object) else { return .null }
        let result = subList(object, TemplateValue(int: 0), TemplateValue(count: size))
        if result.tag == .list {
            heap.setCells(result.handle) {
                $0.kind = kind
                $0.view = .none
                $0.source = -1
            }
        }
        return result
    }

    // MARK: Iterators and entries

    /// An iterator is a list: its source, its position, the changes that it knows of, whether it can remove.
    private func iterator(_ object: TemplateValue) -> TemplateValue {
        let list = listCells(object)
        let state = heap.newCells(.plain, capacity: 4)
        heap.append(TemplateValue(.list, handle: list), to: state)
        heap.append(TemplateValue(int: 0), to: state)
        heap.append(TemplateValue(count: Int(changes(of: list))), to: state)
        heap.append(TemplateValue(false), to: state)
        return TemplateValue(.iterator, handle: state)
    }

    /// The changes that an iterator of the list watches.
    private func changes(of list: Int) -> UInt32 {
        if heap.cells[list].view == .none { return heap.cells[list].changes }
        return source(of: list).map { heap.cells[$0].changes } ?? 0
    }

    func callIterator(_ method: TemplateMethod, _ handle: Int, _ arguments: TemplateArguments) -> TemplateValue {
        guard arguments.isEmpty else { return callAny(method, TemplateValue(.iterator, handle: handle), arguments) }
        let source = heap.element(handle, 0).handle
        let place = Int(heap.element(handle, 1).integer)
        switch method {
        case .hasNext: return TemplateValue(place != heap.cells[source].count)
        case .next, .remove:
            let known = UInt32(truncatingIfNeeded: heap.element(handle, 2).integer)
            if method == .remove, !heap.element(handle, 3).bool { return fail("IllegalStateException") }
            guard changes(of: source) == known else { return fail("ConcurrentModificationException") }
            if method == .remove { return removeLast(of: handle, source, place) }
            bringUpToDate(source)
            guard place < heap.cells[source].count else { return fail("NoSuchElementException") }
            heap.setElement(handle, 1, TemplateValue(count: place + 1))
            heap.setElement(handle, 3, TemplateValue(true))
            return heap.element(source, place)
        default: return .null
        }
    }

    /// `remove()` of an iterator
    private func removeLast(of handle: Int, _ source: Int, _ place: Int) -> TemplateValue {
        switch heap.cells[source].kind {
        case .array: return fail("UnsupportedOperationException: arrays have a fixed size")
        case .collection: removeEntry(at: place - 1, of: source)
        default: changingList(source) { heap.removeElements(source, at: place - 1) }
        }
        heap.setElement(handle, 1, TemplateValue(count: place - 1))
        heap.setElement(handle, 2, TemplateValue(count: Int(changes(of: source))))
        heap.setElement(handle, 3, TemplateValue(false))
        return .empty
    }

    func callEntry(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        switch (method, arguments.count) {
        case (.getKey, 0): heap.element(object.handle, 0)
        case (.getValue, 0): entryValue(object.handle)
        case (.setValue, 1): setEntryValue(object.handle, arguments[0])
        default: callAny(method, object, arguments)
        }
    }

    // MARK: Maps

    func callMap(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.get, 1): return get(object, first)
        case (.keySet, 0): return mapView(object, .keys)
        case (.values, 0): return mapView(object, .values)
        case (.entrySet, 0): return mapView(object, .entries)
        case (.size, 0): return TemplateValue(count: size(of: object) ?? 0)
        case (.isEmpty, 0): return TemplateValue(size(of: object) == 0)
        case (.containsKey, 1): return TemplateValue(containsKey(object, first))
        case (.containsValue, 1):
            return TemplateValue(indexOf(first, in: mapView(object, .values), last: false) != nil)
        case (.getOrDefault, 2): return containsKey(object, first) ? get(object, first) : arguments[1]
        case (.toJSONString, 0): return TemplateValue(text { appendJSON(object, into: $0) })
        case (.clone, 0) where object.tag == .map || object.tag == .json: return copiedMap(object)
        case (.put, 2), (.putAll, 1), (.putIfAbsent, 2), (.remove, 1), (.clear, 0), (.remove, 2), (.replace, 2),
            (.replace, 3):
            if object.tag == .override { return changeOverride(method, object, arguments) }
            let map = changeable(object)
            // `$context` and stage variables cannot be changed; nothing happens, as for an unknown method.
            guard map.tag == .map else { return .null }
            return changeMap(method, map.handle, arguments)
        default: return callAny(method, object, arguments)
        }
    }

    private func containsKey(_ object: TemplateValue, _ key: TemplateValue) -> Bool {
        switch object.tag {
        case .map: return find(object.handle, key) != nil
        case .json:
            guard let name = stringBytes(key) else { return false }
            return tapes[Int(object.length)].member(object.handle, named: name) != nil
        default: return find(snapshot(object), key) != nil
        }
    }

    private func changeMap(_ method: TemplateMethod, _ map: Int, _ arguments: TemplateArguments) -> TemplateValue {
        switch method {
        case .put: return put(map, arguments[0], arguments[1])
        case .putIfAbsent:
            if let place = find(map, arguments[0]), !heap.element(map, place + 1).isNull {
                return heap.element(map, place + 1)
            }
            _ = put(map, arguments[0], arguments[1])
            return .null
        case .putAll:
            let source = resolved(arguments[0])
            guard let entries = mapCells(source) else { return source.isNull ? nullArgument() : .null }
            let count = heap.cells[entries].count
            var place = 0
            while place < count && !failed {
                _ = put(map, heap.element(entries, place), heap.element(entries, place + 1))
                place += 2
            }
            charge(count)
            return .empty
        case .remove where arguments.count == 1: return remove(map, arguments[0])
        case .remove, .replace: return changeEntry(method, map, arguments)
        default:
            removeAll(map)
            return .empty
        }
    }

    /// `remove(key, value)`, `replace(key, value)` and `replace(key, old, value)`
    private func changeEntry(_ method: TemplateMethod, _ map: Int, _ arguments: TemplateArguments) -> TemplateValue {
        let place = find(map, arguments[0])
        if method == .replace && arguments.count == 2 {
            return place == nil ? .null : put(map, arguments[0], arguments[1])
        }
        guard let place, isEqual(heap.element(map, place + 1), arguments[1]) else { return TemplateValue(false) }
        if method == .remove { _ = remove(map, arguments[0]) } else { _ = put(map, arguments[0], arguments[2]) }
        return TemplateValue(true)
    }

    private func copiedMap(_ object: TemplateValue) -> TemplateValue {
        let from = snapshot(object)
        let map = heap.newCells(heap.cells[from].kind, capacity: heap.cells[from].count)
        for place in 0..<heap.cells[from].count { heap.append(heap.element(from, place), to: map) }
        charge(heap.cells[from].count)
        checkMemory()
        return TemplateValue(.map, handle: map)
    }

    private func mapCells(_ value: TemplateValue) -> Int? {
        switch value.tag {
        case .map, .context, .override, .stageVariables: return snapshot(value)
        case .json: return tapes[Int(value.length)].kind(value.handle) == .object ? snapshot(value) : nil
        default: return nil
        }
    }

    private func changeOverride(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments)
        -> TemplateValue
    {
        let kind = TemplateOverrideKind(rawValue: UInt8(truncatingIfNeeded: object.handle)) ?? .request
        switch method {
        case .put, .putIfAbsent:
            let name = Array(textBytes(arguments[0]))
            let old = name.withUnsafeBytes { overrideProperty(object.handle, $0) }
            if method == .put || old.isNull {
                name.withUnsafeBytes { setOverride(object.handle, $0, arguments[1]) }
            }
            return old
        case .putAll:
            let source = resolved(arguments[0])
            guard let entries = mapCells(source) else { return source.isNull ? nullArgument() : .null }
            var place = 0
            while place < heap.cells[entries].count && !failed {
                Array(textBytes(heap.element(entries, place))).withUnsafeBytes {
                    setOverride(object.handle, $0, heap.element(entries, place + 1))
                }
                place += 2
            }
            return .empty
        case .replace: return .null
        case .remove:
            let name = Array(textBytes(arguments[0]))
            let old = name.withUnsafeBytes { overrideProperty(object.handle, $0) }
            name.withUnsafeBytes { overrides.remove(kind, $0) }
            return old
        default:
            overrides.removeAll(kind)
            return .empty
        }
    }
}
