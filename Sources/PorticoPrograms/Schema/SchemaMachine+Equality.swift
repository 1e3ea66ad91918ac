// Hot: once per value with `enum` or `uniqueItems`. Allocates: room for the hashes of an array longer than any before.

extension SchemaMachine {
    /// Arrays up to this length are compared element by element.
    private static let fewElements = 8

    // MARK: enum

    func isEnumerated(_ rule: SchemaNode, _ place: Int) -> Bool {
        var constant = Int(rule.enumeration)
        let kind = nodes[place].kind
        if kind.isString {
            let text = plainText(place)
            guard let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
            let hash = SchemaHash.bytes(start, text.count)
            for _ in 0..<rule.enumerationCount {
                let candidate = tables.pointee.constants + constant
                if candidate.pointee.hash == hash, candidate.pointee.kind == .string,
                    bytesEqual(candidate.pointee.text, text)
                {
                    return true
                }
                constant = candidate.pointee.next
            }
            return false
        }
        for _ in 0..<rule.enumerationCount {
            if isEqual(place, toConstant: constant) { return true }
            constant = tables.pointee.constants[constant].next
        }
        return false
    }

    /// Whether a value equals a constant by JSON's notion. Recurses as deep as the constant.
    private func isEqual(_ place: Int, toConstant index: Int) -> Bool {
        let constant = tables.pointee.constants + index
        let node = nodes + place
        switch (node.pointee.kind, constant.pointee.kind) {
        case (.null, .null), (.true, .true), (.false, .false): return true
        case (.integer, .number), (.number, .number):
            let text = rawText(node)
            if bytesEqual(text, constant.pointee.text) { return true }
            return SchemaDecimal.compare(SchemaDecimal(text), SchemaDecimal(constant.pointee.text)) == 0
        case (.string, .string), (.escapedString, .string): return tape.textEquals(place, constant.pointee.text)
        case (.array, .array):
            guard Int(node.pointee.length) == constant.pointee.count else { return false }
            var element = place &+ 1
            var wanted = index &+ 1
            for _ in 0..<constant.pointee.count {
                if !isEqual(element, toConstant: wanted) { return false }
                element = Int(nodes[element].next)
                wanted = tables.pointee.constants[wanted].next
            }
            return true
        case (.object, .object):
            guard Int(node.pointee.length) == constant.pointee.count else { return false }
            var wanted = index &+ 1
            for _ in 0..<constant.pointee.count {
                guard let value = tape.member(place, named: tables.pointee.constants[wanted].text),
                    isEqual(value, toConstant: wanted &+ 1)
                else { return false }
                wanted = tables.pointee.constants[wanted &+ 1].next
            }
            return true
        default: return false
        }
    }

    // MARK: uniqueItems

    mutating func hasUniqueElements(_ place: Int) -> Bool {
        let count = Int(nodes[place].length)
        if count < 2 { return true }
        if count <= Self.fewElements { return hasUniqueFew(place, count) }
        let size = workspace.prepareHashes(count)
        var element = place &+ 1
        for _ in 0..<count {
            let hash = hash(element)
            // The upper bits tell values apart, the lower ones choose the place.
            var slot = Int(truncatingIfNeeded: hash) & (size &- 1)
            while true {
                stepsLeft &-= 1
                if stepsLeft < 0 { return false }
                let other = workspace.hashes[slot]
                if other.node == 0 { break }
                if other.hash == hash, equal(Int(other.node), element) { return false }
                slot = (slot &+ 1) & (size &- 1)
            }
            workspace.hashes[slot] = .init(hash: hash, node: UInt32(truncatingIfNeeded: element))
            element = Int(nodes[element].next)
        }
        return true
    }

    private mutating func hasUniqueFew(_ place: Int, _ count: Int) -> Bool {
        var left = place &+ 1
        for position in 0..<count {
            let next = Int(nodes[left].next)
            var right = next
            for _ in position &+ 1..<count {
                if equal(left, right) { return false }
                right = Int(nodes[right].next)
            }
            left = next
        }
        return true
    }

    /// Whether two values of the body are equal.
    private mutating func equal(_ left: Int, _ right: Int) -> Bool {
        stepsLeft &-= 1
        if stepsLeft < 0 || !enter() { return false }
        defer { levelsLeft &+= 1 }
        let a = nodes + left
        let b = nodes + right
        switch (a.pointee.kind, b.pointee.kind) {
        case (.null, .null), (.true, .true), (.false, .false): return true
        case (.string, .string): return bytesEqual(rawText(a), rawText(b))
        case (.string, .escapedString), (.escapedString, .string), (.escapedString, .escapedString):
            return tape.textsEqual(left, right)
        case (.integer, .integer) where a.pointee.length == b.pointee.length:
            return bytesEqual(rawText(a), rawText(b))
        case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number):
            return SchemaDecimal.compare(SchemaDecimal(rawText(a)), SchemaDecimal(rawText(b))) == 0
        case (.array, .array):
            guard a.pointee.length == b.pointee.length else { return false }
            var x = left &+ 1
            var y = right &+ 1
            for _ in 0..<a.pointee.length {
                if !equal(x, y) { return false }
                x = Int(nodes[x].next)
                y = Int(nodes[y].next)
            }
            return true
        case (.object, .object):
            guard a.pointee.length == b.pointee.length else { return false }
            var key = left &+ 1
            for _ in 0..<a.pointee.length {
                guard let value = member(right, key), equal(key &+ 1, value) else { return false }
                key = Int(nodes[key &+ 1].next)
            }
            return true
        default: return false
        }
    }

    /// The value of the member with the same name as `key`.
    private mutating func member(_ object: Int, _ key: Int) -> Int? {
        var other = object &+ 1
        for _ in 0..<nodes[object].length {
            stepsLeft &-= 1
            if stepsLeft < 0 { return nil }
            if nodes[other].kind == .key, nodes[key].kind == .key {
                if bytesEqual(rawText(nodes + other), rawText(nodes + key)) { return other &+ 1 }
            } else if tape.textsEqual(other, key) {
                return other &+ 1
            }
            other = Int(nodes[other &+ 1].next)
        }
        return nil
    }

    /// Equal values have equal hashes.
    private mutating func hash(_ place: Int) -> UInt64 {
        stepsLeft &-= 1
        if stepsLeft < 0 || !enter() { return 0 }
        defer { levelsLeft &+= 1 }
        let node = nodes + place
        let seed = workspace.seed
        switch node.pointee.kind {
        case .null: return SchemaHash.mix(seed, 1)
        case .false: return SchemaHash.mix(seed, 2)
        case .true: return SchemaHash.mix(seed, 3)
        case .integer, .number:
            stepsLeft &-= Int(node.pointee.length) &>> 3
            return SchemaDecimal(rawText(node)).hash(seed)
        case .string, .escapedString, .key, .escapedKey:
            let text = plainText(place)
            stepsLeft &-= text.count &>> 5
            guard let start = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return seed }
            return SchemaHash.bytes(start, text.count, seed)
        case .array:
            var result = SchemaHash.mix(seed, 5)
            var element = place &+ 1
            for _ in 0..<node.pointee.length {
                result = SchemaHash.mix(result, hash(element))
                element = Int(nodes[element].next)
            }
            return result
        case .object:
            // A sum, since the order of members does not matter.
            var result = SchemaHash.mix(seed, 7)
            var key = place &+ 1
            for _ in 0..<node.pointee.length {
                result = result &+ SchemaHash.mix(hash(key), hash(key &+ 1))
                key = Int(nodes[key &+ 1].next)
            }
            return result
        }
    }
}
