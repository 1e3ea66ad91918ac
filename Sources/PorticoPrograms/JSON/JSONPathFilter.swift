// Hot: once per element that a filter is asked about. Allocates: texts of strings with escapes.

/// What stands within `[?(...)]`.
indirect enum JSONPathFilter: Sendable {
    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case identical = "==="
        case notEqual = "!="
        case notIdentical = "!=="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case matches = "=~"
        case `in` = "in"
        case notIn = "nin"
        case contains = "contains"
        case size = "size"
        case empty = "empty"
        case subsetOf = "subsetof"
        case anyOf = "anyof"
        case noneOf = "noneof"
    }

    enum Operand: Sendable {
        /// `@...`
        case current(JSONPath)
        /// `$...`
        case root(JSONPath)
        case constant(JSONPathValue)
        case pattern(Pattern)
    }

    case or([JSONPathFilter])
    case and([JSONPathFilter])
    case not(JSONPathFilter)
    case exists(Operand)
    case compare(Operand, Comparison, Operand)

    /// Whether the filter takes `node`. The depth of recursion is that of the filter's text.
    func accepts(_ tape: JSONTape, _ node: NodeIndex, _ root: NodeIndex, _ work: inout JSONPathWork) -> Bool {
        switch self {
        case .or(let parts): return parts.contains { $0.accepts(tape, node, root, &work) }
        case .and(let parts): return parts.allSatisfy { $0.accepts(tape, node, root, &work) }
        case .not(let part): return !part.accepts(tape, node, root, &work)
        case .exists(let operand):
            let value = operand.value(tape, node, root, &work)
            // A path to `null` exists; a list that an indefinite path found exists when it has elements.
            if case .list(let elements) = value, operand.isIndefinite { return !elements.isEmpty }
            return value != .undefined
        case .compare(let left, let comparison, let right):
            let value = left.value(tape, node, root, &work)
            if case .pattern(let pattern) = right {
                guard comparison == .matches, case .text(let text) = value else { return false }
                return work.fullMatch(pattern, text)
            }
            return comparison.holds(value, right.value(tape, node, root, &work), &work)
        }
    }
}

extension JSONPathFilter.Operand {
    var isIndefinite: Bool {
        switch self {
        case .current(let path), .root(let path): !path.isDefinite
        case .constant, .pattern: false
        }
    }

    func value(
        _ tape: JSONTape, _ node: NodeIndex, _ root: NodeIndex, _ work: inout JSONPathWork
    ) -> JSONPathValue {
        switch self {
        case .constant(let value): return value
        case .pattern: return .undefined
        case .current(let path): return JSONPathValue(path.answer(tape, from: node, &work), tape, &work)
        case .root(let path): return JSONPathValue(path.answer(tape, from: root, &work), tape, &work)
        }
    }
}

/// A value within a filter.
enum JSONPathValue: Sendable, Hashable {
    case undefined
    case null
    case boolean(Bool)
    case number(Double)
    case text([UInt8])
    case list([JSONPathValue])
    case object([UInt8])

    init(_ answer: JSONPathAnswer, _ tape: JSONTape, _ work: inout JSONPathWork) {
        switch answer {
        case .none: self = .undefined
        case .node(let node): self.init(tape, node, &work)
        case .integer(let value): self = .number(Double(value))
        case .double(let value): self = .number(value)
        case .list(let nodes), .names(let nodes), .object(let nodes):
            self = .list(nodes.map { JSONPathValue(tape, $0, &work) })
        }
    }

    init(_ tape: JSONTape, _ node: NodeIndex, _ work: inout JSONPathWork) {
        if work.isSpent {
            self = .undefined
            return
        }
        switch tape.kind(node) {
        case .null: self = .null
        case .true: self = .boolean(true)
        case .false: self = .boolean(false)
        case .integer, .number: self = .number(tape.double(node) ?? .nan)
        case .string, .key:
            work.spend(1 &+ tape.rawText(node).count &>> 4)
            self = .text(Array(tape.rawText(node)))
        case .escapedString, .escapedKey:
            work.spend(1 &+ tape.rawText(node).count)
            self = .text(Array(tape.text(node).utf8))
        case .array:
            // Deeper arrays compare by their text, so that nothing recurses.
            self = .list(
                tape.elements(node).map { element in
                    work.spend(1)
                    return tape.kind(element).isContainer
                        ? Self.emitted(tape, element, &work) : JSONPathValue(tape, element, &work)
                })
        case .object: self = Self.emitted(tape, node, &work)
        }
    }

    private static func emitted(_ tape: JSONTape, _ node: NodeIndex, _ work: inout JSONPathWork) -> JSONPathValue {
        if work.isSpent { return .undefined }
        let output = OutputBuffer()
        tape.emit(node, into: output)
        work.spend(tape.next(node) &- node &+ output.count &>> 4)
        return .object(Array(output.bytes))
    }

    /// What comparing it with another costs at most.
    var cost: Int {
        switch self {
        case .text(let bytes), .object(let bytes): 1 &+ bytes.count &>> 4
        case .list(let elements): 1 &+ elements.count
        default: 1
        }
    }

    /// The value as a number, if it is one or spells one.
    var asNumber: Double? {
        switch self {
        case .number(let value): value
        case .text(let bytes): Double(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }
}

extension JSONPathFilter.Comparison {
    /// Whether the comparison holds. An unknown value equals nothing and is neither less nor greater.
    func holds(_ left: JSONPathValue, _ right: JSONPathValue, _ work: inout JSONPathWork) -> Bool {
        work.spend(left.cost &+ right.cost)
        switch self {
        case .equal, .identical: return equals(left, right)
        case .notEqual, .notIdentical: return !equals(left, right)
        case .less: return ordered(left, right) { $0 < 0 }
        case .lessOrEqual: return ordered(left, right) { $0 <= 0 }
        case .greater: return ordered(left, right) { $0 > 0 }
        case .greaterOrEqual: return ordered(left, right) { $0 >= 0 }
        case .matches: return false
        case .in: return isMember(left, right, &work)
        case .notIn: return !isMember(left, right, &work)
        case .contains:
            switch (left, right) {
            case (.list, _): return isMember(right, left, &work)
            case (.text(let text), .text(let part)): return Self.contains(text, part, &work)
            default: return false
            }
        case .size:
            guard case .number(let wanted) = right else { return false }
            switch left {
            case .list(let elements): return Double(elements.count) == wanted
            case .text(let text): return Double(String(decoding: text, as: UTF8.self).utf16.count) == wanted
            default: return false
            }
        case .empty:
            guard case .boolean(let wanted) = right else { return false }
            switch left {
            case .list(let elements): return elements.isEmpty == wanted
            case .text(let text): return text.isEmpty == wanted
            case .object(let text): return (text == Array("{}".utf8)) == wanted
            default: return false
            }
        case .subsetOf:
            guard case .list(let elements) = left else { return false }
            return elements.allSatisfy { isMember($0, right, &work) }
        case .anyOf, .noneOf:
            guard case .list(let elements) = left else { return false }
            return elements.contains { isMember($0, right, &work) } == (self == .anyOf)
        }
    }

    private func equals(_ left: JSONPathValue, _ right: JSONPathValue) -> Bool {
        switch (left, right) {
        case (.undefined, _), (_, .undefined): return false
        case (.number, .text) where self == .identical || self == .notIdentical: return false
        case (.text, .number) where self == .identical || self == .notIdentical: return false
        case (.number, .text), (.text, .number):
            // Jayway turns a string into a number where the other side is one.
            guard let left = left.asNumber, let right = right.asNumber else { return false }
            return left == right
        default: return left == right
        }
    }

    private func ordered(_ left: JSONPathValue, _ right: JSONPathValue, _ test: (Int) -> Bool) -> Bool {
        switch (left, right) {
        case (.number(let a), .number(let b)):
            if a.isNaN || b.isNaN { return false }
            return test(a < b ? -1 : a > b ? 1 : 0)
        case (.text(let a), .text(let b)):
            return test(a.lexicographicallyPrecedes(b) ? -1 : a == b ? 0 : 1)
        default: return false
        }
    }

    private func isMember(_ value: JSONPathValue, _ list: JSONPathValue, _ work: inout JSONPathWork) -> Bool {
        guard case .list(let elements) = list else { return false }
        for element in elements {
            if work.isSpent { return false }
            work.spend(min(value.cost, element.cost))
            if equals(value, element) { return true }
        }
        return false
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8], _ work: inout JSONPathWork) -> Bool {
        if part.isEmpty { return true }
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == part[0] {
            if work.isSpent { return false }
            work.spend(1 &+ part.count &>> 3)
            if text[start..<start + part.count].elementsEqual(part) { return true }
        }
        return false
    }
}
