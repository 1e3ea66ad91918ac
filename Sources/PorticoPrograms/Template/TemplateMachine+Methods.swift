// Hot: once per method call. Allocates: what the method makes.

typealias TemplateArguments = UnsafeBufferPointer<TemplateValue>

/// Methods, by the type of their object. `null` stands for "no such method", as for what returns nothing of use.
extension TemplateMachine {
    func call(_ number: UInt16, _ object: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        let method = TemplateMethod(rawValue: number) ?? .unknown
        let object = resolved(object)
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

    private func callScalar(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments)
        -> TemplateValue
    {
        switch (method, arguments.count, object.tag) {
        case (.booleanValue, 0, .bool), (.charValue, 0, .character): return object
        case (.compareTo, 1, .bool) where arguments[0].tag == .bool:
            return TemplateValue(count: (object.bool ? 1 : 0) - (arguments[0].bool ? 1 : 0))
        case (.compareTo, 1, .character) where arguments[0].tag == .character:
            return TemplateValue(count: Int(object.unit) - Int(arguments[0].unit))
        case (.parseBoolean, 1, .bool), (.valueOf, 1, .bool):
            guard let text = stringBytes(arguments[0]) else { return .null }
            return TemplateValue(String(decoding: text, as: UTF8.self).lowercased() == "true")
        default: return callAny(method, object, arguments)
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
        case .big?: return 0
        case nil: break
        }
        guard let size = size(of: value) else { return 0 }
        charge(size)
        var hash: Int32
        if value.tag == .list || value.tag == .json && tapes[Int(value.length)].kind(value.handle) == .array {
            hash = 1
            let cells = listCells(value)
            for place in 0..<size where !failed {
                hash = hash &* 31 &+ hashCode(heap.element(cells, place), depth: depth + 1)
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

    // MARK: Numbers

    private func callNumber(_ method: TemplateMethod, _ object: TemplateValue, _ arguments: TemplateArguments)
        -> TemplateValue
    {
        guard let number = number(object) else { return callScalar(method, object, arguments) }
        switch (method, arguments.count) {
        case (.intValue, 0): return TemplateValue(int: Int32(truncatingIfNeeded: clampedToInt(number)))
        case (.longValue, 0): return TemplateValue(long: number.truncated)
        case (.doubleValue, 0): return TemplateValue(number.double)
        case (.floatValue, 0): return TemplateValue(Double(Float(number.double).description) ?? number.double)
        case (.shortValue, 0): return TemplateValue(int: Int32(Int16(truncatingIfNeeded: clampedToInt(number))))
        case (.byteValue, 0): return TemplateValue(int: Int32(Int8(truncatingIfNeeded: clampedToInt(number))))
        case (.compareTo, 1):
            guard self.number(arguments[0]).map({ Self.sameType($0, number) }) == true else { return .null }
            return compare(object, arguments[0]).map { TemplateValue(count: $0) } ?? .null
        case (.isNaN, 0):
            if case .double(let value) = number { return TemplateValue(value.isNaN) }
            return .null
        case (.isInfinite, 0):
            if case .double(let value) = number { return TemplateValue(value.isInfinite) }
            return .null
        default: return callStaticNumber(method, object, number, arguments)
        }
    }

    private static func sameType(_ left: TemplateNumber, _ right: TemplateNumber) -> Bool {
        switch (left, right) {
        case (.int, .int), (.long, .long), (.double, .double), (.big, .big): true
        default: false
        }
    }

    /// Static methods of `Integer`, `Long` and `Double`, which templates reach through any number:
    /// `#set($Integer = 0)$Integer.parseInt("5")`.
    private func callStaticNumber(
        _ method: TemplateMethod, _ object: TemplateValue, _ number: TemplateNumber, _ arguments: TemplateArguments
    ) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count, number) {
        case (.parseInt, 1, .int), (.valueOf, 1, .int):
            if method == .valueOf, case .int? = self.number(first) { return first }
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return parsed(text, Int32.init).map { TemplateValue(int: $0) } ?? notANumber(text)
        case (.parseLong, 1, .long), (.valueOf, 1, .long):
            if method == .valueOf, let whole = self.number(first)?.whole { return TemplateValue(long: whole) }
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return parsed(text, Int64.init).map { TemplateValue(long: $0) } ?? notANumber(text)
        case (.parseDouble, 1, .double), (.valueOf, 1, .double):
            if method == .valueOf, let value = self.number(first) {
                if case .big = value { return .null }
                return TemplateValue(value.double)
            }
            guard let text = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return parsedDouble(text).map { TemplateValue($0) } ?? notANumber(text)
        case (.toString, 1, .int), (.toString, 1, .long):
            guard let whole = self.number(first)?.whole else { return .null }
            return TemplateValue(text { $0.append(decimal: Int(whole)) })
        case (.toHexString, 1, .int): return radix(first, 16)
        case (.toBinaryString, 1, .int): return radix(first, 2)
        case (.toOctalString, 1, .int): return radix(first, 8)
        case (.signum, 1, .int):
            guard case .int(let value)? = self.number(first) else { return .null }
            return TemplateValue(int: value.signum())
        case (.max, 2, _), (.min, 2, _), (.sum, 2, _), (.compare, 2, _):
            return callPair(method, number, first, arguments[1])
        default: return callAny(method, object, arguments)
        }
    }

    private func callPair(
        _ method: TemplateMethod, _ type: TemplateNumber, _ left: TemplateValue, _ right: TemplateValue
    )
        -> TemplateValue
    {
        guard let first = number(left), let second = number(right), Self.sameType(first, type) || first.whole != nil,
            Self.sameType(second, type) || second.whole != nil, let order = compare(left, right)
        else { return .null }
        if case .int = type { guard Self.sameType(first, type), Self.sameType(second, type) else { return .null } }
        switch method {
        case .compare: return TemplateValue(count: order)
        case .max, .min:
            let chosen = (method == .max) == (order >= 0) ? first : second
            switch type {
            case .int: return TemplateValue(int: Int32(truncatingIfNeeded: chosen.truncated))
            case .long: return TemplateValue(long: chosen.truncated)
            default: return TemplateValue(chosen.double)
            }
        default:
            switch type {
            case .int: return TemplateValue(int: Int32(truncatingIfNeeded: first.truncated &+ second.truncated))
            case .long: return TemplateValue(long: first.truncated &+ second.truncated)
            default: return TemplateValue(first.double + second.double)
            }
        }
    }

    private func radix(_ value: TemplateValue, _ radix: Int) -> TemplateValue {
        guard case .int(let whole)? = number(value) else { return .null }
        return TemplateValue(text { $0.append(String(UInt32(bitPattern: whole), radix: radix)) })
    }

    private func parsed<Value: FixedWidthInteger>(
        _ text: UnsafeRawBufferPointer, _ make: (String, Int) -> Value?
    ) -> Value? {
        text.count <= 24 ? make(String(decoding: text, as: UTF8.self), 10) : nil
    }

    /// Java's grammar of `Double.parseDouble`, but for hexadecimal.
    private func parsedDouble(_ text: UnsafeRawBufferPointer) -> Double? {
        guard text.count <= 400 else { return nil }
        let trimmed = text.drop { $0 <= 0x20 }
        var string = String(decoding: trimmed, as: UTF8.self)
        while let last = string.utf8.last, last <= 0x20 { string.removeLast() }
        if let suffix = string.last, "dDfF".contains(suffix),
            string.dropLast().last?.isNumber == true || string.dropLast().last == "."
        {
            string.removeLast()
        }
        if string.hasSuffix(".") { string += "0" }
        guard string.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }) else { return nil }
        if string.hasPrefix(".") { string = "0" + string }
        return Double(string)
    }

    private func notANumber(_ text: UnsafeRawBufferPointer) -> TemplateValue {
        fail("NumberFormatException: For input string: \"\(String(decoding: text.prefix(100), as: UTF8.self))\"")
    }
}
