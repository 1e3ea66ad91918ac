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
        case (.iterator, 0): return iterator(object)
        case (.toArray, 0): return copied(object, as: .array)
        case (.toJSONString, 0): return TemplateValue(text { appendJSON(object, into: $0) })
        case (.set, 2), (.add, 1), (.add, 2), (.addAll, 1), (.remove, 1), (.removeAll, 1), (.retainAll, 1), (.clear, 0):
            let list = changeable(object).handle
            switch heap.cells[list].kind {
            case .array where method != .set: return fail("UnsupportedOperationException: arrays have a fixed size")
            case .collection where method != .remove: return .null
            default: break
            }
            charge(heap.cells[list].count >> 3)
            return changeList(method, list, arguments)
        default: return callAny(method, object, arguments)
        }
    }

    private func changeList(_ method: TemplateMethod, _ list: Int, _ arguments: TemplateArguments) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.set, 2):
            guard let place = position(first) else { return .null }
            guard place >= 0, place < heap.cells[list].count else { return outOfBounds(place, heap.cells[list].count) }
            let old = heap.element(list, place)
            roomForRange(list)
            if failed { return .null }
            heap.setElement(list, place, arguments[1])
            return old
        case (.add, 1):
            roomForRange(list)
            if failed { return .null }
            heap.append(first, to: list)
            checkMemory()
            return TemplateValue(true)
        case (.add, 2):
            guard let place = position(first) else { return .null }
            let count = heap.cells[list].count
            guard place >= 0, place <= count else { return outOfBounds(place, count) }
            roomForRange(list)
            if failed { return .null }
            heap.append(arguments[1], to: list)
            var move = count
            while move > place {
                heap.setElement(list, move, heap.element(list, move - 1))
                move -= 1
            }
            heap.setElement(list, place, arguments[1])
            checkMemory()
            // A `void` method gives the empty string.
            return .empty
        case (.addAll, 1):
            guard let source = collection(first) else { return first.isNull ? nullArgument() : .null }
            let count = heap.cells[source].count
            roomForRange(list)
            if failed { return .null }
            for place in 0..<count { heap.append(heap.element(source, place), to: list) }
            charge(count)
            checkMemory()
            return TemplateValue(count > 0)
        case (.remove, 1):
            if heap.cells[list].kind != .collection, let place = position(first) {
                guard place >= 0, place < heap.cells[list].count else {
                    return outOfBounds(place, heap.cells[list].count)
                }
                let old = heap.element(list, place)
                roomForRange(list)
                if failed { return .null }
                heap.removeElements(list, at: place)
                return old
            }
            guard let place = indexOf(first, in: TemplateValue(.list, handle: list), last: false) else {
                return TemplateValue(false)
            }
            roomForRange(list)
            if failed { return .null }
            heap.removeElements(list, at: place)
            return TemplateValue(true)
        case (.removeAll, 1), (.retainAll, 1):
            guard let source = collection(first) else { return first.isNull ? nullArgument() : .null }
            return filter(list, by: source, keeps: method == .retainAll)
        case (.clear, 0):
            heap.removeAll(list)
            return .empty
        default: return .null
        }
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
        roomForRange(list)
        if failed { return .null }
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
        heap.removeElements(list, at: kept, count: count - kept)
        return TemplateValue(kept != count)
    }

    private func indexOf(_ value: TemplateValue, in object: TemplateValue, last: Bool) -> Int? {
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
    private func collection(_ value: TemplateValue) -> Int? {
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
        return TemplateValue(.list, handle: list)
    }

    private func copied(_ object: TemplateValue, as kind: TemplateListKind) -> TemplateValue {
        guard let size = size(of: object) else { return .null }
        let result = subList(object, TemplateValue(int: 0), TemplateValue(count: size))
        if result.tag == .list { heap.setCells(result.handle) { $0.kind = kind } }
        return result
    }

    // MARK: Iterators and entries

    /// An iterator is a list of its source and its position.
    private func iterator(_ object: TemplateValue) -> TemplateValue {
        let state = heap.newCells(.plain, capacity: 2)
        heap.append(TemplateValue(.list, handle: listCells(object)), to: state)
        heap.append(TemplateValue(int: 0), to: state)
        return TemplateValue(.iterator, handle: state)
    }

    func callIterator(_ method: TemplateMethod, _ handle: Int, _ arguments: TemplateArguments) -> TemplateValue {
        guard arguments.isEmpty else { return .null }
        let source = heap.element(handle, 0).handle
        let place = Int(heap.element(handle, 1).integer)
        let count = heap.cells[source].count
        switch method {
        case .hasNext: return TemplateValue(place < count)
        case .next:
            guard place < count else { return fail("NoSuchElementException") }
            heap.setElement(handle, 1, TemplateValue(count: place + 1))
            return heap.element(source, place)
        default: return .null
        }
    }

    /// What an iterator has left, as a list; the iterator is then at its end.
    func rest(ofIterator handle: Int) -> Int? {
        let source = heap.element(handle, 0)
        let place = Int(heap.element(handle, 1).integer)
        let count = heap.cells[source.handle].count
        heap.setElement(handle, 1, TemplateValue(count: count))
        let rest = subList(source, TemplateValue(count: min(place, count)), TemplateValue(count: count))
        return rest.tag == .list ? rest.handle : nil
    }

    func callEntry(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        switch (method, arguments.count) {
        case (.getKey, 0): heap.element(object.handle, 0)
        case (.getValue, 0): heap.element(object.handle, 1)
        default: callAny(method, object, arguments)
        }
    }

    // MARK: Maps

    func callMap(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.get, 1): return get(object, first)
        case (.keySet, 0): return everyOther(object, from: 0)
        case (.values, 0): return everyOther(object, from: 1)
        case (.entrySet, 0): return entrySet(object)
        case (.size, 0): return TemplateValue(count: size(of: object) ?? 0)
        case (.isEmpty, 0): return TemplateValue(size(of: object) == 0)
        case (.containsKey, 1): return TemplateValue(containsKey(object, first))
        case (.containsValue, 1):
            return TemplateValue(indexOf(first, in: everyOther(object, from: 1), last: false) != nil)
        case (.getOrDefault, 2): return containsKey(object, first) ? get(object, first) : arguments[1]
        case (.toJSONString, 0): return TemplateValue(text { appendJSON(object, into: $0) })
        case (.put, 2), (.putAll, 1), (.putIfAbsent, 2), (.remove, 1), (.clear, 0):
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
        case .remove: return remove(map, arguments[0])
        default:
            heap.removeAll(map)
            return .empty
        }
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
            if method == .put || old.isNull { setOverride(object.handle, name, arguments[1]) }
            return old
        case .putAll:
            let source = resolved(arguments[0])
            guard let entries = mapCells(source) else { return source.isNull ? nullArgument() : .null }
            var place = 0
            while place < heap.cells[entries].count && !failed {
                setOverride(
                    object.handle, Array(textBytes(heap.element(entries, place))), heap.element(entries, place + 1))
                place += 2
            }
            return .empty
        case .remove:
            let name = Array(textBytes(arguments[0]))
            let old = name.withUnsafeBytes { overrideProperty(object.handle, $0) }
            overrides.remove(kind, name)
            return old
        default:
            overrides.removeAll(kind)
            return .empty
        }
    }
}
