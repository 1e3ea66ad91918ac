// Hot: once per method call. Allocates: what the method makes.

typealias TemplateArguments = UnsafeBufferPointer<TemplateValue>

extension TemplateArguments {
    static var none: TemplateArguments { TemplateArguments(start: nil, count: 0) }
}

/// Methods, by the type of their object. `null` stands for "no such method", as for what returns nothing of use.
extension TemplateMachine {
    func call(_ number: UInt16, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        let method = TemplateMethod(rawValue: number) ?? .unknown
        let object = resolved(object)
        let result = call(method, object, arguments)
        if result.isNull && !arguments.isEmpty { refuse(method, object, arguments) }
        return result
    }

    /// Velocity finds a method without parameters for arguments of any number, and then fails to call it.
    /// *Source:* Velocity 1.7, `MethodMap.isApplicable`.
    @inline(never)
    private func refuse(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) {
        if method == .compareTo, arguments.count == 1, Self.isComparable(object, self) {
            fail("ClassCastException: the argument of compareTo is of another type")
        } else if takesNothing(method, object) {
            fail("IllegalArgumentException: wrong number of arguments for \(method.name)()")
        }
    }

    private static func isComparable(_ value: TemplateValue, _ machine: TemplateMachine) -> Bool {
        switch value.tag {
        case .string, .bool, .character: true
        case .json: !machine.tapes[Int(value.length)].kind(value.handle).isContainer
        default: machine.number(value) != nil
        }
    }

    /// Whether the type of the object has the method without parameters.
    private func takesNothing(_ method: TemplateMethod, _ object: TemplateValue) -> Bool {
        switch method {
        case .toString, .hashCode:
            switch object.tag {
            case .null, .context, .override, .stageVariables, .input, .util, .block: return false
            default: return true
            }
        case .length, .isBlank, .trim, .strip, .stripLeading, .stripTrailing, .stripIndent, .translateEscapes, .intern,
            .toCharArray, .toLowerCase, .toUpperCase, .getBytes:
            return stringBytes(object) != nil
        case .size, .clear, .isEmpty:
            if method == .isEmpty && stringBytes(object) != nil { return true }
            return size(of: object) != nil && (object.tag == .list || object.tag == .map || object.tag == .json)
        case .iterator: return listSize(object) != nil
        case .clone, .trimToSize, .listIterator:
            if method == .clone && (object.tag == .map || Self.isObject(object, self)) { return true }
            return listSize(object) != nil && (object.tag == .json || heap.cells[object.handle].kind != .collection)
        case .keySet, .values, .entrySet: return object.tag == .map || Self.isObject(object, self)
        case .intValue, .longValue, .doubleValue, .floatValue, .shortValue, .byteValue: return number(object) != nil
        case .isNaN, .isInfinite: return object.tag == .double
        case .abs, .negate, .signum, .bitCount:
            if case .big? = number(object) { return true }
            return false
        case .booleanValue: return object.tag == .bool
        case .charValue: return object.tag == .character
        case .hasNext, .next: return object.tag == .iterator
        case .remove: return object.tag == .iterator
        case .getKey, .getValue: return object.tag == .list && heap.cells[object.handle].kind == .entry
        default: return false
        }
    }

    private func listSize(_ value: TemplateValue) -> Int? {
        value.tag == .list || value.tag == .json && !Self.isObject(value, self) ? size(of: value) : nil
    }

    private static func isObject(_ value: TemplateValue, _ machine: TemplateMachine) -> Bool {
        value.tag == .json && machine.tapes[Int(value.length)].kind(value.handle) == .object
    }

    private func call(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments)
        -> TemplateValue
    {
        switch object.tag {
        case .null: return .null
        case .string: return callString(method, object.bytes, arguments)
        case .json:
            let tape = tapes[Int(object.length)]
            switch tape.kind(object.handle) {
            case .object: return callMap(method, object, arguments)
            case .array: return callList(method, object, arguments)
            case .string, .escapedString:
                return stringBytes(object).map { callString(method, $0, arguments) } ?? .null
            default: return callNumber(method, object, arguments)
            }
        case .map, .context, .override, .stageVariables: return callMap(method, object, arguments)
        case .list:
            if heap.cells[object.handle].kind == .entry { return callEntry(method, object, arguments) }
            return callList(method, object, arguments)
        case .int, .long, .double, .bigInteger: return callNumber(method, object, arguments)
        case .bool, .character: return callScalar(method, object, arguments)
        case .iterator: return callIterator(method, object.handle, arguments)
        case .loop: return arguments.isEmpty ? loopMethod(method, object.handle) : .null
        case .input: return callInput(method, arguments)
        case .util: return .null
        case .block:
            if method == .equals && arguments.count == 1 { return TemplateValue(isEqual(object, arguments[0])) }
            return method == .toString && arguments.isEmpty ? TemplateValue(textBytes(object)) : .null
        }
    }

    /// Methods of `$input` where it is used as a value of its own.
    private func callInput(_ method: TemplateMethod, _ arguments: TemplateArguments) -> TemplateValue {
        switch (method, arguments.count) {
        case (.json, 1): selectJSON(computed: arguments[0])
        case (.path, 1): select(computed: arguments[0])
        case (.params, 0): parameters()
        case (.params, 1): parameter(of: arguments[0])
        case (.getBody, 0): bodyText()
        default: .null
        }
    }

    // MARK: Shared

    /// Methods of every object.
    func callAny(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        switch (method, arguments.count) {
        case (.toString, 0): TemplateValue(textBytes(object))
        case (.equals, 1): TemplateValue(isEqual(object, arguments[0]))
        case (.hashCode, 0): TemplateValue(int: hashCode(object))
        default: .null
        }
    }

    /// Java's `hashCode`.
    func hashCode(_ value: TemplateValue, depth: Int = 0) -> Int32 {
        if depth > 100 {
            fail("value nests too deeply")
            return 0
        }
        if let text = stringBytes(value) {
            charge(text.count >> 2)
            var hash: Int32 = 0
            for unit in UTF16Text(text) { hash = hash &* 31 &+ Int32(unit) }
            return hash
        }
        let value = resolved(value)
        switch value.tag {
        case .bool: return value.bool ? 1231 : 1237
        case .character: return Int32(value.unit)
        case .map, .list, .json: break
        default: break
        }
        switch number(value) {
        case .int(let number)?: return number
        case .long(let number)?:
            return Int32(truncatingIfNeeded: number ^ Int64(bitPattern: UInt64(bitPattern: number) >> 32))
        case .double(let number)?:
            return Int32(truncatingIfNeeded: number.bitPattern ^ number.bitPattern >> 32)
        case .big(let digits)?: return TemplateBigInteger(decimal: digits).hashCode
        case nil: break
        }
        if value.tag == .list, heap.cells[value.handle].kind == .entry {
            return hashCode(heap.element(value.handle, 0), depth: depth + 1)
                ^ hashCode(entryValue(value.handle), depth: depth + 1)
        }
        guard let size = size(of: value) else { return 0 }
        charge(size)
        var hash: Int32
        if value.tag == .list || value.tag == .json && tapes[Int(value.length)].kind(value.handle) == .array {
            let cells = listCells(value)
            let isSet = heap.cells[cells].view == .keys || heap.cells[cells].view == .entries
            hash = isSet ? 0 : 1
            for place in 0..<size where !failed {
                hash = hash &* (isSet ? 1 : 31) &+ hashCode(heap.element(cells, place), depth: depth + 1)
            }
        } else {
            hash = 0
            let map = snapshot(value)
            for entry in 0..<size where !failed {
                hash =
                    hash
                    &+ (hashCode(heap.element(map, entry * 2), depth: depth + 1)
                        ^ hashCode(heap.element(map, entry * 2 + 1), depth: depth + 1))
            }
        }
        return hash
    }

    /// A Java exception for an argument that must not be `null`.
    func nullArgument() -> TemplateValue { fail("NullPointerException: an argument is null") }
}
