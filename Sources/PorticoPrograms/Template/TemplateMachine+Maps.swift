// Hot: once per access to a map. Allocates: a table when a map grows beyond a few entries.

/// Maps in order of insertion, as `LinkedHashMap`.
extension TemplateMachine {
    /// Entries up to which a map is searched from the front.
    private static let smallMap = 12

    /// Place of the key in the cells of the map; the value follows it.
    func find(_ map: Int, _ key: TemplateValue) -> Int? {
        let cells = heap.cells[map]
        guard let base = cells.base, cells.count > 0 else { return nil }
        if cells.count <= 2 * Self.smallMap {
            charge(cells.count >> 2)
            var place = 0
            while place < cells.count {
                if isSameKey(base[place], key) { return place }
                place += 2
            }
            return nil
        }
        if cells.tableSize == 0 { buildTable(map) }
        let table = heap.cells[map]
        guard let entries = table.table else { return nil }
        let mask = table.tableSize - 1
        var place = Int(truncatingIfNeeded: hash(key)) & mask
        while entries[place] != 0 {
            let entry = Int(entries[place] - 1) * 2
            if isSameKey(base[entry], key) { return entry }
            place = (place + 1) & mask
        }
        return nil
    }

    private func buildTable(_ map: Int) {
        let cells = heap.cells[map]
        guard let base = cells.base else { return }
        var size = 64
        while size < cells.count * 2 { size *= 2 }
        let table = heap.allocate(size * 4).bindMemory(to: UInt32.self, capacity: size)
        table.initialize(repeating: 0, count: size)
        let mask = size - 1
        var entry = 0
        while entry < cells.count {
            var place = Int(truncatingIfNeeded: hash(base[entry])) & mask
            while table[place] != 0 { place = (place + 1) & mask }
            table[place] = UInt32(entry / 2 + 1)
            entry += 2
        }
        charge(cells.count)
        checkMemory()
        heap.setCells(map) {
            $0.table = table
            $0.tableSize = size
        }
    }

    /// Puts an entry; answers the old value.
    func put(_ map: Int, _ key: TemplateValue, _ value: TemplateValue) -> TemplateValue {
        if let place = find(map, key) {
            let old = heap.element(map, place + 1)
            heap.setElement(map, place + 1, value)
            if heap.cells[map].isViewed { needsResolving = true }
            return old
        }
        if heap.cells[map].isViewed { needsResolving = true }
        heap.append(key, to: map)
        heap.append(value, to: map)
        checkMemory()
        let cells = heap.cells[map]
        if cells.tableSize > 0, let table = cells.table {
            if cells.count > cells.tableSize {
                heap.setCells(map) { $0.tableSize = 0 }
            } else {
                let mask = cells.tableSize - 1
                var place = Int(truncatingIfNeeded: hash(key)) & mask
                while table[place] != 0 { place = (place + 1) & mask }
                table[place] = UInt32(cells.count / 2)
            }
        }
        return .null
    }

    /// Removes an entry; answers its value.
    func remove(_ map: Int, _ key: TemplateValue) -> TemplateValue {
        guard let place = find(map, key) else { return .null }
        let old = heap.element(map, place + 1)
        charge(heap.cells[map].count >> 2)
        heap.removeElements(map, at: place, count: 2)
        heap.setCells(map) { $0.tableSize = 0 }
        if heap.cells[map].isViewed { needsResolving = true }
        return old
    }

    /// Removes all entries.
    func removeAll(_ map: Int) {
        heap.removeAll(map)
        if heap.cells[map].isViewed { needsResolving = true }
    }

    /// Java's `equals` of keys: an `Integer` and a `String` are never the same.
    private func isSameKey(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        if left.tag == .string && right.tag == .string {
            let left = left.bytes
            let right = right.bytes
            return left.count == right.count && bytesEqual(left, right)
        }
        return isEqual(left, right)
    }

    /// FNV-1a of the text; numbers hash by value so that those of tapes and those computed agree.
    private func hash(_ key: TemplateValue) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        if let bytes = stringBytes(key) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return hash ^ hash >> 29
        }
        switch number(key) {
        case .int(let value)?: return UInt64(bitPattern: Int64(value)) &* 0x9E37_79B9_7F4A_7C15 >> 7
        case .long(let value)?: return UInt64(bitPattern: value) &* 0x9E37_79B9_7F4A_7C15 >> 7
        case .double(let value)?: return value.bitPattern &* 0x9E37_79B9_7F4A_7C15 >> 7
        default: return UInt64(key.tag.rawValue)
        }
    }

    // MARK: Views

    /// The entries of a map-like object, as a map of its own.
    func snapshot(_ value: TemplateValue) -> Int {
        switch value.tag {
        case .map: return value.handle
        case .json:
            let tape = tapes[Int(value.length)]
            let map = heap.newCells(capacity: tape.memberCount(value.handle) * 2)
            for (key, member) in tape.members(value.handle) {
                heap.append(keyValue(key, tape: Int(value.length)), to: map)
                heap.append(nodeValue(member, tape: Int(value.length)), to: map)
            }
            charge(tape.memberCount(value.handle))
            checkMemory()
            return map
        case .context: return contextSnapshot(value.handle)
        case .override: return overrideSnapshot(value.handle)
        case .stageVariables: return stageVariableSnapshot()
        default: return heap.newCells()
        }
    }
}
