// Hot: once per use of `$context` or `$stageVariables`. Allocates: when a template lists or overrides something.

/// `$context`, `$stageVariables` and the overrides.
extension TemplateMachine {
    @inline(__always)
    func contextBytes(_ slot: UInt16) -> UnsafeRawBufferPointer {
        guard Int(slot) < input.context.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return input.context[Int(slot)]
    }

    func contextValue(_ slot: UInt16) -> TemplateValue {
        let bytes = contextBytes(slot)
        return bytes.baseAddress == nil ? .null : TemplateValue(bytes)
    }

    func extraContext(_ name: UnsafeRawBufferPointer) -> TemplateValue {
        for entry in input.extraContext where entry.name.count == name.count && bytesEqual(entry.name, name) {
            return TemplateValue(entry.value)
        }
        return .null
    }

    func contextProperty(_ node: Int, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        guard names.nodes.indices.contains(node) else { return .null }
        let text = String(decoding: name, as: UTF8.self)
        if let child = names.child(text, of: node) { return contextNodeValue(child) }
        var dotted = text
        if let parent = path(of: node) { dotted = parent + "." + text }
        return Array(dotted.utf8).withUnsafeBytes { extraContext($0) }
    }

    private func contextNodeValue(_ node: Int) -> TemplateValue {
        let found = names.nodes[node]
        if let override = found.override { return TemplateValue(.override, handle: Int(override.rawValue)) }
        if found.slot >= 0 {
            let value = contextValue(UInt16(clamping: found.slot))
            if !value.isNull || found.children.isEmpty { return value }
        }
        if found.children.isEmpty && extras(under: node).isEmpty { return .null }
        return TemplateValue(.context, handle: node)
    }

    /// Dotted name of a node; `nil` for `$context` itself.
    private func path(of node: Int) -> String? {
        guard node != 0 else { return nil }
        for (parent, candidate) in names.nodes.enumerated() where candidate.children.contains(node) {
            let name = names.nodes[node].name
            return path(of: parent).map { $0 + "." + name } ?? name
        }
        return nil
    }

    /// Names directly below a node that are not in the table of symbols.
    private func extras(under node: Int) -> [(name: UnsafeRawBufferPointer, value: TemplateValue)] {
        let prefix = path(of: node).map { Array(($0 + ".").utf8) } ?? []
        var found: [(name: UnsafeRawBufferPointer, value: TemplateValue)] = []
        for entry in input.extraContext where entry.name.count > prefix.count && entry.name.starts(with: prefix) {
            let rest = UnsafeRawBufferPointer(rebasing: entry.name[prefix.count...])
            if !rest.contains(UInt8(ascii: ".")) { found.append((rest, TemplateValue(entry.value))) }
        }
        return found
    }

    func contextSnapshot(_ node: Int) -> Int {
        let map = heap.newCells()
        guard names.nodes.indices.contains(node) else { return map }
        for child in names.nodes[node].children {
            let value = contextNodeValue(child)
            let isThere = value.tag == .context ? hasContent(child) : !value.isNull
            guard isThere || names.nodes[child].isAlwaysListed else { continue }
            var name = names.nodes[child].name
            heap.append(TemplateValue(name.withUTF8 { heap.copy(UnsafeRawBufferPointer($0)) }), to: map)
            heap.append(value, to: map)
        }
        for extra in extras(under: node) {
            heap.append(TemplateValue(extra.name), to: map)
            heap.append(extra.value, to: map)
        }
        charge(names.nodes[node].children.count)
        return map
    }

    /// Whether anything below the node has a value.
    private func hasContent(_ node: Int) -> Bool {
        if !extras(under: node).isEmpty { return true }
        return names.nodes[node].children.contains { child in
            let slot = names.nodes[child].slot
            return slot >= 0 && !contextValue(UInt16(clamping: slot)).isNull || hasContent(child)
        }
    }

    // MARK: Stage variables

    func stageVariable(_ slot: UInt16) -> TemplateValue {
        guard Int(slot) < input.stageVariables.count else { return .null }
        let bytes = input.stageVariables[Int(slot)]
        return bytes.baseAddress == nil ? .null : TemplateValue(bytes)
    }

    func stageVariable(named name: UnsafeRawBufferPointer) -> TemplateValue {
        let text = String(decoding: name, as: UTF8.self)
        guard let slot = symbols.stageVariables.firstIndex(of: text) else { return .null }
        return stageVariable(UInt16(clamping: slot))
    }

    func stageVariableSnapshot() -> Int {
        let map = heap.newCells()
        for (slot, name) in symbols.stageVariables.enumerated() {
            let value = stageVariable(UInt16(clamping: slot))
            guard !value.isNull else { continue }
            var name = name
            heap.append(TemplateValue(name.withUTF8 { heap.copy(UnsafeRawBufferPointer($0)) }), to: map)
            heap.append(value, to: map)
        }
        return map
    }

    // MARK: Overrides

    private func kind(_ handle: Int) -> TemplateOverrideKind {
        TemplateOverrideKind(rawValue: UInt8(truncatingIfNeeded: handle)) ?? .request
    }

    func overrideProperty(_ handle: Int, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        let kind = kind(handle)
        if !kind.children.isEmpty, let child = kind.child(String(decoding: name, as: UTF8.self)) {
            return TemplateValue(.override, handle: Int(child.rawValue))
        }
        if overrides.isEmpty { return .null }
        let found = overrides.withValue(kind, name) { text in
            charge(text.count >> 4)
            return TemplateValue(heap.copy(text))
        } other: {
            attached($0)
        }
        checkMemory()
        return found ?? .null
    }

    /// - Parameter name: bytes that stay where they are while values are read.
    func setOverride(_ handle: Int, _ name: UnsafeRawBufferPointer, _ value: TemplateValue) {
        let kind = kind(handle)
        if !kind.children.isEmpty, let child = kind.child(String(decoding: name, as: UTF8.self)) {
            // A whole map: `#set($context.responseOverride.header = {"a": "b"})`.
            guard case .map(let entries) = detached(value) else { return }
            overrides.removeAll(child)
            for entry in entries {
                TemplateOverrides.text(entry.key).withUnsafeBytes { overrides.set(child, $0, entry.value) }
            }
            return
        }
        guard overrides.isFree(kind, name) else {
            fail("'\(String(decoding: name, as: UTF8.self))' is overridden a second time")
            return
        }
        let value = resolved(value)
        if let text = stringBytes(value) {
            charge(4 + text.count >> 4)
            overrides.set(kind, name, text: text)
        } else {
            overrides.set(kind, name, detached(value))
        }
    }

    func overrideSnapshot(_ handle: Int) -> Int {
        let kind = kind(handle)
        let map = heap.newCells()
        for name in kind.children {
            guard let child = kind.child(name) else { continue }
            var name = name
            heap.append(TemplateValue(name.withUTF8 { heap.copy(UnsafeRawBufferPointer($0)) }), to: map)
            heap.append(TemplateValue(.override, handle: Int(child.rawValue)), to: map)
        }
        for (key, value) in overrides.all(kind) {
            heap.append(TemplateValue(key.withUnsafeBytes { heap.copy($0) }), to: map)
            heap.append(attached(value), to: map)
        }
        charge(heap.cells[map].count)
        return map
    }

    /// A copy that outlives the run.
    func detached(_ value: TemplateValue, depth: Int = 0) -> TemplateDetachedValue {
        guard depth < 100, !failed else {
            fail("override nests too deeply")
            return .null
        }
        charge(4)
        let value = resolved(value)
        if let bytes = stringBytes(value) {
            charge(bytes.count >> 4)
            return .text(Array(bytes))
        }
        switch value.tag {
        case .null: return .null
        case .bool: return .bool(value.bool)
        case .list where heap.cells[value.handle].kind != .entry:
            let isJSON = heap.cells[value.handle].kind == .json
            let count = heap.cells[value.handle].count
            charge(count)
            if failed { return .null }
            return .list(
                (0..<count).map { detached(heap.element(value.handle, $0), depth: depth + 1) }, isJSON: isJSON)
        case .map, .stageVariables, .override: return detachedMap(snapshot(value), depth: depth)
        case .json:
            let kind = tapes[Int(value.length)].kind(value.handle)
            if kind == .object { return detachedMap(snapshot(value), depth: depth) }
            if kind == .array {
                return detached(TemplateValue(.list, handle: listCells(value)), depth: depth)
            }
        default: break
        }
        switch number(value) {
        case .int(let number)?: return .int(Int64(number), isLong: false)
        case .long(let number)?: return .int(number, isLong: true)
        case .double(let number)?: return .double(number)
        default: return .text(Array(textBytes(value)))
        }
    }

    private func detachedMap(_ map: Int, depth: Int) -> TemplateDetachedValue {
        var entries: [(key: TemplateDetachedValue, value: TemplateDetachedValue)] = []
        var place = 0
        while place < heap.cells[map].count && !failed {
            let key = detached(heap.element(map, place), depth: depth + 1)
            entries.append((key, detached(heap.element(map, place + 1), depth: depth + 1)))
            place += 2
        }
        return .map(entries)
    }

    /// A value of this run.
    func attached(_ value: TemplateDetachedValue) -> TemplateValue {
        switch value {
        case .null: return .null
        case .bool(let value): return TemplateValue(value)
        case .int(let value, let isLong): return isLong ? TemplateValue(long: value) : TemplateValue(fitting: value)
        case .double(let value): return TemplateValue(value)
        case .text(let text):
            charge(text.count >> 4)
            let copy = text.withUnsafeBytes { heap.copy($0) }
            checkMemory()
            return TemplateValue(copy)
        case .list(let values, let isJSON):
            let list = heap.newCells(isJSON ? .json : .plain)
            for value in values { heap.append(attached(value), to: list) }
            return TemplateValue(.list, handle: list)
        case .map(let entries):
            let map = heap.newCells()
            for entry in entries { _ = put(map, attached(entry.key), attached(entry.value)) }
            return TemplateValue(.map, handle: map)
        }
    }
}
