// Hot: once per operator. Allocates: nothing, but for whole numbers beyond 64 bits.

/// A number as Java's types hold it.
enum TemplateNumber {
    case int(Int32)
    case long(Int64)
    case double(Double)
    /// Decimal digits.
    case big(UnsafeRawBufferPointer)

    var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .long(let value): Double(value)
        case .double(let value): value
        case .big(let digits): Double(String(decoding: digits, as: UTF8.self)) ?? 0
        }
    }

    /// The value if it is whole and has 64 bits at most.
    var whole: Int64? {
        switch self {
        case .int(let value): Int64(value)
        case .long(let value): value
        default: nil
        }
    }

    /// Java's `intValue()` and `longValue()` of what is not whole: truncated, and the nearest one when out of range.
    var truncated: Int64 {
        switch self {
        case .int(let value): return Int64(value)
        case .long(let value): return value
        case .double(let value):
            if value.isNaN { return 0 }
            return Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
        case .big(let digits): return TemplateBigInteger(decimal: digits).low64
        }
    }
}

/// Operators, after Velocity 1.7's `MathUtils` and comparison nodes.
extension TemplateMachine {
    @inline(__always)
    func isTrue(_ value: TemplateValue) -> Bool {
        switch value.tag {
        case .null: false
        case .bool: value.bool
        default: true
        }
    }

    /// Whether two texts in memory are equal; `nil` when one of the values is something else.
    @inline(__always)
    func hasSameText(_ left: TemplateValue, _ right: TemplateValue) -> Bool? {
        guard left.tag == .string, right.tag == .string else { return nil }
        let left = left.bytes
        let right = right.bytes
        guard left.count == right.count else { return false }
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return bytesEqualShort(first, second, left.count)
    }

    /// The number that a value is, or `nil`.
    func number(_ value: TemplateValue) -> TemplateNumber? {
        switch value.tag {
        case .int: return .int(Int32(truncatingIfNeeded: value.integer))
        case .long: return .long(value.integer)
        case .double: return .double(value.double)
        case .bigInteger: return .big(value.bytes)
        case .json:
            return withTape(Int(value.length)) { tape in number(tape, value.handle) }
        default: return nil
        }
    }

    private func number(_ tape: JSONTape, _ node: NodeIndex) -> TemplateNumber? {
        switch tape.kind(node) {
        case .integer:
            guard let whole = tape.integer(node) else { return nil }
            return Int32(exactly: whole).map { .int($0) } ?? .long(whole)
        case .number:
            let text = tape.rawText(node)
            if text.contains(where: { $0 == 0x2E || $0 | 0x20 == 0x65 }) { return .double(tape.double(node) ?? 0) }
            return .big(text)
        default: return nil
        }
    }

    func arithmetic(_ opcode: TemplateOpcode, _ left: TemplateValue, _ right: TemplateValue) -> TemplateValue {
        guard let first = number(left), let second = number(right) else {
            return opcode == .add ? joined(left, right) : .null
        }
        if let first = first.whole, let second = second.whole {
            let isLong = left.tag == .long || right.tag == .long || isLongNode(left) || isLongNode(right)
            return whole(opcode, first, second, isLong: isLong)
        }
        switch (first, second) {
        case (.double, _), (_, .double): return fraction(opcode, first.double, second.double)
        default: return big(opcode, first, second)
        }
    }

    private func isLongNode(_ value: TemplateValue) -> Bool {
        if case .long? = value.tag == .json ? number(value) : nil { true } else { false }
    }

    /// `+` of what is not two numbers: text if either is text.
    private func joined(_ left: TemplateValue, _ right: TemplateValue) -> TemplateValue {
        let first = stringBytes(left)
        let second = stringBytes(right)
        guard first != nil || second != nil else { return .null }
        return TemplateValue(
            text {
                if let first { $0.append(first) } else { appendText(left, into: $0) }
                if let second { $0.append(second) } else { appendText(right, into: $0) }
            })
    }

    private func whole(_ opcode: TemplateOpcode, _ left: Int64, _ right: Int64, isLong: Bool) -> TemplateValue {
        let result: (partialValue: Int64, overflow: Bool)
        switch opcode {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide:
            if right == 0 { return .null }
            result = right == -1 ? (0 &- left, false) : (left / right, false)
        default:
            if right == 0 { return .null }
            result = right == -1 ? (0, false) : (left % right, false)
        }
        if result.overflow {
            return big(opcode, .long(left), .long(right))
        }
        return isLong ? TemplateValue(long: result.partialValue) : TemplateValue(fitting: result.partialValue)
    }

    private func fraction(_ opcode: TemplateOpcode, _ left: Double, _ right: Double) -> TemplateValue {
        switch opcode {
        case .add: return TemplateValue(left + right)
        case .subtract: return TemplateValue(left - right)
        case .multiply: return TemplateValue(left * right)
        case .divide: return right == 0 ? .null : TemplateValue(left / right)
        default: return right == 0 ? .null : TemplateValue(left.truncatingRemainder(dividingBy: right))
        }
    }

    private func big(_ opcode: TemplateOpcode, _ left: TemplateNumber, _ right: TemplateNumber) -> TemplateValue {
        let first = TemplateBigInteger(left)
        let second = TemplateBigInteger(right)
        charge(first.cost(with: second))
        if failed { return .null }
        let result: TemplateBigInteger?
        switch opcode {
        case .add: result = first.adding(second)
        case .subtract: result = first.subtracting(second)
        case .multiply: result = first.multiplied(by: second)
        case .divide: result = first.divided(by: second)?.quotient
        default: result = first.modulo(second)
        }
        guard let result else {
            // Java's `mod` wants a positive divisor.
            return second.isZero ? .null : fail("ArithmeticException: BigInteger: modulus not positive")
        }
        if result.wordCount > 4096 { return fail("number is too large") }
        return TemplateValue(bigInteger: text { $0.append(result.decimal) })
    }

    /// -1, 0 or 1; `nil` unless both are numbers.
    func compare(_ left: TemplateValue, _ right: TemplateValue) -> Int? {
        if left.tag == .int && right.tag == .int {
            return left.integer < right.integer ? -1 : left.integer > right.integer ? 1 : 0
        }
        guard let first = number(left), let second = number(right) else { return nil }
        if let first = first.whole, let second = second.whole { return first < second ? -1 : first > second ? 1 : 0 }
        switch (first, second) {
        case (.double, _), (_, .double):
            let first = first.double
            let second = second.double
            return first < second ? -1 : first > second ? 1 : 0
        default: return TemplateBigInteger(first).compare(TemplateBigInteger(second))
        }
    }

    /// `==` between any two values: numbers by value, others of one type by Java's `equals`, the rest by their text.
    func areEqual(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        if left.tag == .string && right.tag == .string {
            return left.length == right.length && bytesEqual(left.bytes, right.bytes)
        }
        if left.isNull || right.isNull { return left.isNull && right.isNull }
        if let order = compare(left, right) { return order == 0 }
        let left = resolved(left)
        let right = resolved(right)
        if Self.family(left, self) == Self.family(right, self), Self.family(left, self) != 0 {
            return isEqual(left, right)
        }
        let first = textBytes(left)
        let second = textBytes(right)
        return first.count == second.count && bytesEqual(first, second)
    }

    /// Types whose values can be equal by `equals`: 1 lists, 2 maps, 3 strings; 0 for the rest.
    private static func family(_ value: TemplateValue, _ machine: TemplateMachine) -> Int {
        switch value.tag {
        case .list: return 1
        case .map: return 2
        case .string: return 3
        case .json:
            switch machine.tapes[Int(value.length)].kind(value.handle) {
            case .array: return 1
            case .object: return 2
            case .string, .escapedString: return 3
            default: return 0
            }
        default: return 0
        }
    }

    /// Java's `equals`: an `Integer` is no `Long`, a `String` no `Integer`.
    func isEqual(_ left: TemplateValue, _ right: TemplateValue, depth: Int = 0) -> Bool {
        if let first = stringBytes(left) {
            guard let second = stringBytes(right) else { return false }
            return first.count == second.count && bytesEqual(first, second)
        }
        let left = resolved(left)
        let right = resolved(right)
        switch (number(left), number(right)) {
        case (.int(let first)?, .int(let second)?): return first == second
        case (.long(let first)?, .long(let second)?): return first == second
        case (.double(let first)?, .double(let second)?): return first.bitPattern == second.bitPattern
        case (.big?, .big?): return compare(left, right) == 0
        case (nil, nil): break
        default: return false
        }
        let family = Self.family(left, self)
        if family == 0 || family != Self.family(right, self) {
            guard left.tag == right.tag else { return false }
            switch left.tag {
            case .null, .stageVariables, .input, .util: return true
            case .bool, .character, .context, .override, .loop, .block, .iterator: return left.handle == right.handle
            default: return false
            }
        }
        guard depth < 200 else {
            fail("values nest too deeply to be compared")
            return false
        }
        return family == 1 ? areEqualLists(left, right, depth) : areEqualMaps(left, right, depth)
    }

    private func areEqualLists(_ left: TemplateValue, _ right: TemplateValue, _ depth: Int) -> Bool {
        let first = listCells(left)
        let second = listCells(right)
        if first == second { return true }
        let count = heap.cells[first].count
        guard count == heap.cells[second].count, heap.cells[first].kind != .array, heap.cells[second].kind != .array
        else { return false }
        charge(count)
        for place in 0..<count {
            if failed { return false }
            if !isEqual(heap.element(first, place), heap.element(second, place), depth: depth + 1) { return false }
        }
        return true
    }

    private func areEqualMaps(_ left: TemplateValue, _ right: TemplateValue, _ depth: Int) -> Bool {
        let first = snapshot(left)
        let second = snapshot(right)
        if first == second { return true }
        let count = heap.cells[first].count
        guard count == heap.cells[second].count else { return false }
        charge(count)
        var place = 0
        while place < count {
            if failed { return false }
            guard let other = find(second, heap.element(first, place)) else { return false }
            if !isEqual(heap.element(first, place + 1), heap.element(second, other + 1), depth: depth + 1) {
                return false
            }
            place += 2
        }
        return true
    }

    /// The cells of a list or array, copied from the tape if need be.
    func listCells(_ value: TemplateValue) -> Int {
        let value = resolved(value)
        guard value.tag == .json else { return value.handle }
        let tape = tapes[Int(value.length)]
        let list = heap.newCells(.json, capacity: tape.memberCount(value.handle))
        for element in tape.elements(value.handle) {
            heap.append(nodeValue(element, tape: Int(value.length)), to: list)
        }
        charge(tape.memberCount(value.handle))
        checkMemory()
        return list
    }

    /// `[first..last]`
    func range(_ first: TemplateValue, _ last: TemplateValue) -> TemplateValue {
        guard let low = number(first), let high = number(last) else { return .null }
        let from = Int32(truncatingIfNeeded: clampedToInt(low))
        let to = Int32(truncatingIfNeeded: clampedToInt(high))
        let list = heap.newCells()
        heap.setCells(list) {
            $0.isRange = true
            $0.first = from
            $0.last = to
            $0.count = abs(Int(to) - Int(from)) + 1
        }
        return TemplateValue(.list, handle: list)
    }

    /// Java's `intValue()`: whole numbers lose their high bits, others become the nearest.
    func clampedToInt(_ number: TemplateNumber) -> Int64 {
        if case .double(let value) = number {
            return value.isNaN ? 0 : Int64(max(min(value, 2_147_483_647), -2_147_483_648))
        }
        return Int64(Int32(truncatingIfNeeded: number.truncated))
    }
}
