// Hot: once per step of a reference. Allocates: when a template changes a value of the body.

/// Properties, indices and the values behind them.
extension TemplateMachine {
    // MARK: JSON nodes

    /// The value of a node: scalars as they are, what is costly to convert as the node.
    @inline(__always)
    func nodeValue(_ node: NodeIndex, tape number: Int) -> TemplateValue {
        view(number).value(node, tape: number)
    }

    /// The list or map that replaces an array or object of a tape, once a template has changed it.
    @inline(__always)
    func resolved(_ value: TemplateValue) -> TemplateValue {
        needsResolving ? replacement(value) : value
    }

    @inline(never)
    private func replacement(_ value: TemplateValue) -> TemplateValue {
        if value.tag == .list { bringUpToDate(value.handle) }
        guard value.tag == .json, let handle = replaced[Self.key(value)] else { return value }
        let isArray = tapes[Int(value.length)].kind(value.handle) == .array
        return TemplateValue(isArray ? .list : .map, handle: handle)
    }

    /// What ``replaced`` knows an array or object of a tape by.
    static func key(_ value: TemplateValue) -> UInt64 {
        UInt64(value.length) << 32 | UInt64(truncatingIfNeeded: value.handle)
    }

    /// The value as something that can be changed: an array or object of a tape becomes a list or map, for all who
    /// refer to it.
    func changeable(_ value: TemplateValue) -> TemplateValue {
        let value = resolved(value)
        guard value.tag == .json else { return value }
        let tape = tapes[Int(value.length)]
        let handle: Int
        switch tape.kind(value.handle) {
        case .array:
            handle = heap.newCells(.json, capacity: tape.memberCount(value.handle))
            for element in tape.elements(value.handle) {
                heap.append(nodeValue(element, tape: Int(value.length)), to: handle)
            }
        case .object:
            handle = heap.newCells(.json, capacity: tape.memberCount(value.handle) * 2)
            for (key, member) in tape.members(value.handle) {
                _ = put(handle, keyValue(key, tape: Int(value.length)), nodeValue(member, tape: Int(value.length)))
            }
        default: return value
        }
        charge(tape.memberCount(value.handle))
        checkMemory()
        heap.setCells(handle) { $0.changes = 0 }
        replaced[Self.key(value)] = handle
        return replacement(value)
    }

    /// A key of an object as text.
    func keyValue(_ key: NodeIndex, tape number: Int) -> TemplateValue {
        let tape = tapes[number]
        if tape.kind(key) == .key { return TemplateValue(tape.rawText(key)) }
        return TemplateValue(text { tape.appendString(key, into: $0) })
    }

    // MARK: Properties

    /// `value.name`
    func property(_ value: TemplateValue, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        if value.tag == .json && !hasReplaced {
            let number = Int(value.length)
            let view = view(number)
            var isDecided = true
            if let node = view.member(view.node(value.handle), named: name, isDecided: &isDecided) {
                return view.value(node, tape: number)
            }
            if isDecided { return .null }
        }
        return otherProperty(value, name)
    }

    /// Unconfirmed: that `.class` and reflection, which Velocity itself allows, lead to nothing on API Gateway.
    @inline(never)
    private func otherProperty(_ value: TemplateValue, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        let value = resolved(value)
        switch value.tag {
        case .null: return .null
        case .map: return find(value.handle, TemplateValue(name)).map { heap.element(value.handle, $0 + 1) } ?? .null
        case .json:
            let tape = tapes[Int(value.length)]
            switch tape.kind(value.handle) {
            case .object:
                return tape.member(value.handle, named: name).map { nodeValue($0, tape: Int(value.length)) } ?? .null
            case .array: return Self.isEmpty(name) ? TemplateValue(tape.memberCount(value.handle) == 0) : .null
            case .escapedString: return stringBytes(value).map { stringProperty($0, name) } ?? .null
            default: return .null
            }
        case .string: return stringProperty(value.bytes, name)
        case .list:
            if heap.cells[value.handle].kind == .entry { return entryProperty(value.handle, name) }
            return Self.isEmpty(name) ? TemplateValue(heap.cells[value.handle].count == 0) : .null
        case .double: return numberProperty(value, name)
        case .context: return contextProperty(value.handle, name)
        case .override: return overrideProperty(value.handle, name)
        case .stageVariables: return stageVariable(named: name)
        case .input: return Self.equals(name, "body") ? bodyText() : .null
        case .loop: return loopProperty(value.handle, name)
        default: return .null
        }
    }

    @inline(__always)
    static func equals(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount, let start = bytes.baseAddress else { return false }
        return bytesEqualShort(start, text.utf8Start, bytes.count)
    }

    private static func isEmpty(_ name: UnsafeRawBufferPointer) -> Bool {
        equals(name, "empty") || equals(name, "Empty")
    }

    /// What `isEmpty()` and the like give as properties; the first letter may be a capital.
    private func stringProperty(_ text: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        if Self.isEmpty(name) { return TemplateValue(text.isEmpty) }
        if Self.equals(name, "blank") || Self.equals(name, "Blank") { return callString(.isBlank, text, .none) }
        if Self.equals(name, "bytes") || Self.equals(name, "Bytes") { return callString(.getBytes, text, .none) }
        return .null
    }

    private func numberProperty(_ value: TemplateValue, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        if Self.equals(name, "naN") || Self.equals(name, "NaN") { return TemplateValue(value.double.isNaN) }
        let isInfinite = Self.equals(name, "infinite") || Self.equals(name, "Infinite")
        return isInfinite ? TemplateValue(value.double.isInfinite) : .null
    }

    private func entryProperty(_ handle: Int, _ name: UnsafeRawBufferPointer) -> TemplateValue {
        if Self.equals(name, "key") || Self.equals(name, "Key") { return heap.element(handle, 0) }
        return Self.equals(name, "value") || Self.equals(name, "Value") ? entryValue(handle) : .null
    }

    /// `#set($owner.name = value)`
    func setProperty(of owner: TemplateValue, _ name: UnsafeRawBufferPointer, to value: TemplateValue) {
        let owner = changeable(owner)
        switch owner.tag {
        case .map: _ = put(owner.handle, TemplateValue(name), value)
        case .override: setOverride(owner.handle, name, value)
        case .list where heap.cells[owner.handle].kind == .entry:
            if Self.equals(name, "value") || Self.equals(name, "Value") { _ = setEntryValue(owner.handle, value) }
        // Nothing else has properties that could be set; Velocity goes on without a word.
        default: break
        }
    }

    // MARK: Indices

    /// `value[index]`
    func index(_ value: TemplateValue, _ index: TemplateValue) -> TemplateValue {
        let value = resolved(value)
        var index = index
        if index.tag == .int && index.integer < 0 {
            guard let size = size(of: value) else {
                return value.isNull ? .null : fail("a negative index needs a list, and this is none")
            }
            index = TemplateValue(count: size + Int(index.integer))
        }
        return get(value, index)
    }

    /// `value.get(argument)`
    func get(_ value: TemplateValue, _ argument: TemplateValue) -> TemplateValue {
        switch value.tag {
        case .null: return .null
        case .json:
            let tape = tapes[Int(value.length)]
            switch tape.kind(value.handle) {
            case .object:
                guard let name = stringBytes(argument) else { return .null }
                return tape.member(value.handle, named: name).map { nodeValue($0, tape: Int(value.length)) } ?? .null
            case .array:
                guard let position = position(argument) else { return .null }
                guard position >= 0, position < tape.memberCount(value.handle),
                    let node = tape.element(value.handle, at: position)
                else { return outOfBounds(position, tape.memberCount(value.handle)) }
                charge(position >> 2)
                return nodeValue(node, tape: Int(value.length))
            default: return .null
            }
        case .list:
            let cells = heap.cells[value.handle]
            guard cells.kind != .collection, cells.kind != .entry, let position = position(argument) else {
                return .null
            }
            guard position >= 0, position < cells.count else { return outOfBounds(position, cells.count) }
            return heap.element(value.handle, position)
        case .map: return find(value.handle, argument).map { heap.element(value.handle, $0 + 1) } ?? .null
        case .context, .override, .stageVariables:
            guard let name = stringBytes(argument) else { return .null }
            return property(value, name)
        default: return .null
        }
    }

    /// A Java `int` argument.
    func position(_ value: TemplateValue) -> Int? {
        switch value.tag {
        case .int: return Int(value.integer)
        case .json:
            guard case .int(let small)? = number(value) else { return nil }
            return Int(small)
        default: return nil
        }
    }

    func outOfBounds(_ position: Int, _ count: Int) -> TemplateValue {
        fail("IndexOutOfBoundsException: Index \(position) out of bounds for length \(count)")
    }

    /// `#set($owner[index] = value)`
    func setIndex(of owner: TemplateValue, _ index: TemplateValue, to value: TemplateValue) {
        let owner = changeable(owner)
        var index = index
        if index.tag == .int && index.integer < 0 {
            guard let size = size(of: owner) else {
                if !owner.isNull { fail("a negative index needs a list, and this is none") }
                return
            }
            index = TemplateValue(count: size + Int(index.integer))
        }
        switch owner.tag {
        case .list:
            let cells = heap.cells[owner.handle]
            guard cells.kind != .collection, cells.kind != .entry, let position = position(index) else { return }
            guard position >= 0, position < cells.count else {
                _ = outOfBounds(position, cells.count)
                return
            }
            changingList(owner.handle) { heap.setElement(owner.handle, position, value) }
        case .map: _ = put(owner.handle, index, value)
        case .override: Array(textBytes(index)).withUnsafeBytes { setOverride(owner.handle, $0, value) }
        default: break
        }
    }

    /// `value.size()`, for what has one.
    func size(of value: TemplateValue) -> Int? {
        switch value.tag {
        case .json:
            let tape = tapes[Int(value.length)]
            return tape.kind(value.handle).isContainer ? tape.memberCount(value.handle) : nil
        case .list:
            let cells = heap.cells[value.handle]
            return cells.kind == .entry ? nil : cells.count
        case .map: return heap.cells[value.handle].count / 2
        case .context, .override, .stageVariables: return heap.cells[snapshot(value)].count / 2
        default: return nil
        }
    }
}
