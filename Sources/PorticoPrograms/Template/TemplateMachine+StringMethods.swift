// Hot: once per method of a string. Allocates: the result.

/// Methods of `java.lang.String`. Positions count UTF-16 code units.
extension TemplateMachine {
    func callString(_ method: TemplateMethod, _ object: UnsafeRawBufferPointer, _ arguments: TemplateArguments)
        -> TemplateValue
    {
        charge(object.count >> 4)
        switch arguments.count {
        case 0: return callString(method, object)
        case 1: return callString(method, object, arguments[0])
        case 2: return callString(method, object, arguments[0], arguments[1], arguments)
        default:
            return callRareString(method, object, arguments)
        }
    }

    private func callString(_ method: TemplateMethod, _ object: UnsafeRawBufferPointer) -> TemplateValue {
        switch method {
        case .length: return TemplateValue(count: UTF16Text.count(object))
        case .isEmpty: return TemplateValue(object.isEmpty)
        case .intern: return TemplateValue(object)
        case .trim: return TemplateValue(Self.trimmed(object))
        case .toLowerCase: return cased(object, upper: false)
        case .toUpperCase: return cased(object, upper: true)
        case .toCharArray:
            let list = heap.newCells(.array, capacity: UTF16Text.count(object))
            for unit in UTF16Text(object) { heap.append(TemplateValue(character: unit), to: list) }
            checkMemory()
            return TemplateValue(.list, handle: list)
        case .isBlank: return TemplateValue(TemplateStrip.leading(object).isEmpty)
        case .strip: return TemplateValue(TemplateStrip.trailing(TemplateStrip.leading(object)))
        case .stripLeading: return TemplateValue(TemplateStrip.leading(object))
        case .stripTrailing: return TemplateValue(TemplateStrip.trailing(object))
        case .toString, .hashCode, .equals: return callAny(method, TemplateValue(object), .none)
        default: return callRareString(method, object, .none)
        }
    }

    private func callString(
        _ method: TemplateMethod, _ object: UnsafeRawBufferPointer, _ argument: TemplateValue
    ) -> TemplateValue {
        switch method {
        case .substring, .subSequence:
            guard let start = position(argument), method == .substring else { return .null }
            return substring(object, start, nil)
        case .charAt, .codePointAt:
            guard let place = position(argument) else { return .null }
            return character(object, place, asCodePoint: method == .codePointAt)
        case .valueOf, .join, .format:
            if method == .format { return argument.isNull ? nullArgument() : format(one: argument) }
            if method == .join { return argument.isNull ? nullArgument() : .null }
            return TemplateValue(textBytes(argument))
        case .equals:
            guard let other = stringBytes(argument) else { return TemplateValue(false) }
            return TemplateValue(other.count == object.count && bytesEqual(other, object))
        case .indexOf, .lastIndexOf:
            // Both `indexOf(int)` and `indexOf(String)` fail to be the better one for a `Character`.
            if argument.tag == .character { return .null }
            if let unit = codePoint(argument) { return search(object, unit, from: nil, last: method == .lastIndexOf) }
        default: break
        }
        guard let other = stringBytes(argument) else {
            if Self.takesText(method) { return argument.isNull ? nullArgument() : .null }
            if method == .equalsIgnoreCase { return argument.isNull ? TemplateValue(false) : .null }
            return withUnsafePointer(to: argument) {
                callRareString(method, object, TemplateArguments(start: $0, count: 1))
            }
        }
        switch method {
        case .contains: return TemplateValue(Self.find(other, in: object, from: 0) != nil)
        case .startsWith: return TemplateValue(object.starts(with: other))
        case .endsWith:
            return TemplateValue(
                object.count >= other.count
                    && bytesEqual(UnsafeRawBufferPointer(rebasing: object[(object.count - other.count)...]), other))
        case .indexOf, .lastIndexOf: return search(object, other, from: nil, last: method == .lastIndexOf)
        case .concat:
            return TemplateValue(
                text {
                    $0.append(object)
                    $0.append(other)
                })
        case .equalsIgnoreCase:
            return TemplateValue(Self.lowered(object) == Self.lowered(other))
        case .compareTo: return TemplateValue(count: Self.order(UTF16Text(object), UTF16Text(other)))
        case .compareToIgnoreCase:
            return TemplateValue(count: Self.order(Self.lowered(object).utf16, Self.lowered(other).utf16))
        case .contentEquals: return TemplateValue(object.count == other.count && bytesEqual(object, other))
        case .matches:
            guard let pattern = pattern(other) else { return .null }
            return TemplateValue(matcher.fullMatch(pattern, object) == .match)
        case .split: return split(object, other, limit: 0)
        default:
            return withUnsafePointer(to: argument) {
                callRareString(method, object, TemplateArguments(start: $0, count: 1))
            }
        }
    }

    private static func takesText(_ method: TemplateMethod) -> Bool {
        switch method {
        case .contains, .startsWith, .endsWith, .concat, .compareTo, .compareToIgnoreCase, .contentEquals, .matches,
            .split, .indexOf, .lastIndexOf:
            true
        default: false
        }
    }

    private func callString(
        _ method: TemplateMethod, _ object: UnsafeRawBufferPointer, _ first: TemplateValue, _ second: TemplateValue,
        _ arguments: TemplateArguments
    ) -> TemplateValue {
        switch method {
        case .substring, .subSequence:
            guard let start = position(first), let end = position(second) else { return .null }
            return substring(object, start, end)
        case .indexOf, .lastIndexOf:
            guard let from = position(second), first.tag != .character else { return .null }
            if let unit = codePoint(first) { return search(object, unit, from: from, last: method == .lastIndexOf) }
            guard let other = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return search(object, other, from: from, last: method == .lastIndexOf)
        case .startsWith:
            guard let from = position(second) else { return .null }
            guard let other = stringBytes(first) else {
                return !first.isNull ? .null : from < 0 ? TemplateValue(false) : nullArgument()
            }
            guard from >= 0, from <= UTF16Text.count(object) else { return TemplateValue(false) }
            let start = UTF16Text.byte(object, of: from).place
            return TemplateValue(object[start...].starts(with: other))
        case .replace, .replaceAll, .replaceFirst:
            if method == .replace, first.tag == .character, second.tag == .character,
                let from = characterText(first), let to = characterText(second)
            {
                return replace(object, from, to)
            }
            guard let from = stringBytes(first), let to = stringBytes(second) else {
                return replacingNull(method, object, first, second)
            }
            if method == .replace { return replace(object, from, to) }
            return replace(object, pattern: from, to, first: method == .replaceFirst)
        case .split:
            guard let limit = position(second) else { return .null }
            guard let separator = stringBytes(first) else { return first.isNull ? nullArgument() : .null }
            return split(object, separator, limit: limit)
        case .format: return format(arguments)
        case .join: return joined(arguments)
        default: return callRareString(method, object, arguments)
        }
    }

    /// Replacing with a `null` among the arguments: an exception, unless `replaceAll` finds nothing to replace.
    private func replacingNull(
        _ method: TemplateMethod, _ object: UnsafeRawBufferPointer, _ first: TemplateValue, _ second: TemplateValue
    ) -> TemplateValue {
        guard first.isNull || stringBytes(first) != nil, second.isNull || stringBytes(second) != nil else {
            return .null
        }
        guard method == .replaceAll, let from = stringBytes(first) else { return nullArgument() }
        guard let pattern = pattern(from) else { return .null }
        return matcher.find(pattern, object, from: 0) == .match ? nullArgument() : TemplateValue(object)
    }

    // MARK: Positions

    /// An `int` or `char` where Java wants a code point.
    private func codePoint(_ value: TemplateValue) -> UnsafeRawBufferPointer? {
        if value.tag == .character { return characterText(value) }
        guard let scalar = position(value) else { return nil }
        guard let scalar = UInt32(exactly: scalar), scalar <= 0x10FFFF else {
            // Nowhere to be found.
            return UnsafeRawBufferPointer(start: stackMarker, count: 1)
        }
        return text { UTF8Text.append(scalar, into: $0) }
    }

    /// One byte that is no part of UTF-8.
    private var stackMarker: UnsafeRawPointer {
        let memory = heap.allocate(1)
        memory.storeBytes(of: 0xFF, as: UInt8.self)
        return UnsafeRawPointer(memory)
    }

    func characterText(_ value: TemplateValue) -> UnsafeRawBufferPointer? {
        value.tag == .character ? text { UTF8Text.append(UInt32(value.unit), into: $0) } : nil
    }

    private func substring(_ object: UnsafeRawBufferPointer, _ start: Int, _ end: Int?) -> TemplateValue {
        let length = UTF16Text.count(object)
        let last = end ?? length
        guard start >= 0, last <= length, start <= last else {
            return fail("StringIndexOutOfBoundsException: begin \(start), end \(last), length \(length)")
        }
        let low = UTF16Text.byte(object, of: start)
        let high = UTF16Text.byte(object, of: last)
        if start == last { return .empty }
        guard low.isSplit || high.isSplit else {
            return TemplateValue(UnsafeRawBufferPointer(rebasing: object[low.place..<high.place]))
        }
        // Half a character prints as a question mark.
        return TemplateValue(
            text {
                var from = low.place
                if low.isSplit {
                    $0.append(0x3F)
                    from += 4
                }
                if from < high.place { $0.append(UnsafeRawBufferPointer(rebasing: object[from..<high.place])) }
                if high.isSplit && from <= high.place { $0.append(0x3F) }
            })
    }

    private func character(_ object: UnsafeRawBufferPointer, _ place: Int, asCodePoint: Bool) -> TemplateValue {
        let length = UTF16Text.count(object)
        guard place >= 0, place < length else {
            return fail("StringIndexOutOfBoundsException: index \(place), length \(length)")
        }
        let found = UTF16Text.byte(object, of: place)
        let scalar = UTF16Text.scalar(object, at: found.place).scalar
        if asCodePoint && !found.isSplit { return TemplateValue(int: Int32(scalar)) }
        let unit: UInt16
        if scalar > 0xFFFF {
            let offset = scalar - 0x10000
            unit = UInt16(found.isSplit ? 0xDC00 + offset & 0x3FF : 0xD800 + offset >> 10)
        } else {
            unit = UInt16(scalar)
        }
        return asCodePoint ? TemplateValue(int: Int32(unit)) : TemplateValue(character: unit)
    }

    /// First place of `part` at `start` or behind it.
    static func find(_ part: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard part.count <= text.count - start else { return nil }
        guard let first = part.first else { return start }
        var place = start
        let end = text.count - part.count
        while place <= end {
            if text[place] == first,
                bytesEqual(UnsafeRawBufferPointer(rebasing: text[place..<place + part.count]), part)
            {
                return place
            }
            place += 1
        }
        return nil
    }

    private func search(
        _ object: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer, from: Int?, last: Bool
    ) -> TemplateValue {
        charge((object.count >> 4) &* (min(part.count, 64) &+ 1) >> 2)
        if last {
            var place = object.count - part.count
            if let from {
                if from < 0 { return TemplateValue(int: -1) }
                place = min(place, UTF16Text.byte(object, of: from).place)
            }
            while place >= 0 {
                if bytesEqual(UnsafeRawBufferPointer(rebasing: object[place..<place + part.count]), part),
                    !part.isEmpty || place == object.count || object[place] & 0xC0 != 0x80
                {
                    return TemplateValue(count: UTF16Text.unit(object, of: place))
                }
                place -= 1
            }
            return TemplateValue(int: -1)
        }
        let start = UTF16Text.byte(object, of: max(from ?? 0, 0)).place
        guard let place = Self.find(part, in: object, from: start) else { return TemplateValue(int: -1) }
        return TemplateValue(count: UTF16Text.unit(object, of: place))
    }

    // MARK: Letters

    private static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var low = 0
        var high = text.count
        while low < high && text[low] <= 0x20 { low += 1 }
        while high > low && text[high - 1] <= 0x20 { high -= 1 }
        return UnsafeRawBufferPointer(rebasing: text[low..<high])
    }

    private func cased(_ object: UnsafeRawBufferPointer, upper: Bool) -> TemplateValue {
        guard UTF16Text.isASCII(object) else {
            let text = String(decoding: object, as: UTF8.self)
            return TemplateValue(self.text { $0.append(upper ? text.uppercased() : text.lowercased()) })
        }
        return TemplateValue(
            text {
                for byte in object {
                    let isChanged =
                        upper
                        ? byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
                        : byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                    $0.append(isChanged ? byte ^ 0x20 : byte)
                }
            })
    }

    private static func lowered(_ text: UnsafeRawBufferPointer) -> String {
        String(decoding: text, as: UTF8.self).lowercased()
    }

    /// Java's `compareTo`: the difference at the first place that differs, else of the lengths.
    static func order<Left: Sequence<UInt16>, Right: Sequence<UInt16>>(_ left: Left, _ right: Right) -> Int {
        var first = left.makeIterator()
        var second = right.makeIterator()
        var extra = 0
        while true {
            switch (first.next(), second.next()) {
            case (let one?, let other?): if one != other { return Int(one) - Int(other) }
            case (nil, nil): return extra
            case (_?, nil):
                extra = 1
                while first.next() != nil { extra += 1 }
                return extra
            case (nil, _?):
                extra = -1
                while second.next() != nil { extra -= 1 }
                return extra
            }
        }
    }
}
