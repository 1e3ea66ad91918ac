// Hot: once per method of a string that few templates call. Allocates: the result.

/// The less frequent methods of `java.lang.String`, up to those of Java 17.
extension TemplateMachine {
    func callRareString(
        _ method: TemplateMethod, _ object: UnsafeRawBufferPointer, _ arguments: TemplateArguments
    ) -> TemplateValue {
        let first = arguments.first ?? .null
        switch (method, arguments.count) {
        case (.format, _) where !arguments.isEmpty: return format(arguments)
        case (.join, _) where arguments.count > 1: return joined(arguments)
        case (.formatted, _): return formatted(object, arguments)
        case (.repeat_, 1):
            guard let count = position(first) else { return .null }
            return repeated(object, count)
        case (.codePointBefore, 1):
            guard let place = position(first) else { return .null }
            return codePointBefore(object, place)
        case (.codePointCount, 2), (.offsetByCodePoints, 2):
            guard let start = position(first), let end = position(arguments[1]) else { return .null }
            return method == .codePointCount
                ? codePointCount(object, start, end) : offsetByCodePoints(object, start, end)
        case (.regionMatches, 4), (.regionMatches, 5): return regionMatches(object, arguments)
        case (.indent, 1):
            guard let count = position(first) else { return .null }
            return indented(object, count)
        case (.stripIndent, 0): return stripIndent(object)
        case (.translateEscapes, 0): return translateEscapes(object)
        case (.getBytes, 0), (.getBytes, 1): return bytes(object, arguments)
        case (.valueOf, 1), (.copyValueOf, 1):
            if first.tag == .character && method == .copyValueOf { return TemplateValue(textBytes(first)) }
            return first.isNull ? nullArgument() : .null
        case (.equals, 1), (.toString, 0), (.hashCode, 0): return callAny(method, TemplateValue(object), arguments)
        default: return .null
        }
    }

    private func repeated(_ object: UnsafeRawBufferPointer, _ count: Int) -> TemplateValue {
        guard count >= 0 else { return fail("IllegalArgumentException: count is negative: \(count)") }
        guard object.count * count <= TemplateHeap.maximumBytes / 2 else { return fail("text is too large") }
        return TemplateValue(text { for _ in 0..<(object.isEmpty ? 0 : count) { $0.append(object) } })
    }

    private func codePointBefore(_ object: UnsafeRawBufferPointer, _ place: Int) -> TemplateValue {
        let units = Array(UTF16Text(object))
        guard place >= 1, place <= units.count else {
            return fail("StringIndexOutOfBoundsException: index \(place), length \(units.count)")
        }
        let unit = UInt32(units[place - 1])
        if place >= 2, UTF16.isTrailSurrogate(units[place - 1]), UTF16.isLeadSurrogate(units[place - 2]) {
            return TemplateValue(count: Int((UInt32(units[place - 2]) - 0xD800) << 10 + (unit - 0xDC00) + 0x10000))
        }
        return TemplateValue(count: Int(unit))
    }

    private func codePointCount(_ object: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> TemplateValue {
        let units = Array(UTF16Text(object))
        guard start >= 0, end <= units.count, start <= end else {
            return fail("IndexOutOfBoundsException: begin \(start), end \(end), length \(units.count)")
        }
        var count = 0
        var place = start
        while place < end {
            let isPair =
                UTF16.isLeadSurrogate(units[place]) && place + 1 < end && UTF16.isTrailSurrogate(units[place + 1])
            place += isPair ? 2 : 1
            count += 1
        }
        return TemplateValue(count: count)
    }

    private func offsetByCodePoints(_ object: UnsafeRawBufferPointer, _ start: Int, _ offset: Int) -> TemplateValue {
        let units = Array(UTF16Text(object))
        guard start >= 0, start <= units.count else { return fail("IndexOutOfBoundsException: index \(start)") }
        var place = start
        for _ in 0..<min(abs(offset), units.count + 1) {
            guard offset > 0 ? place < units.count : place > 0 else {
                return fail("IndexOutOfBoundsException: offset \(offset)")
            }
            if offset > 0 {
                let isPair =
                    UTF16.isLeadSurrogate(units[place]) && place + 1 < units.count
                    && UTF16.isTrailSurrogate(units[place + 1])
                place += isPair ? 2 : 1
            } else {
                let isPair =
                    UTF16.isTrailSurrogate(units[place - 1]) && place > 1 && UTF16.isLeadSurrogate(units[place - 2])
                place -= isPair ? 2 : 1
            }
        }
        return TemplateValue(count: place)
    }

    private func regionMatches(_ object: UnsafeRawBufferPointer, _ arguments: TemplateArguments) -> TemplateValue {
        let hasCase = arguments.count == 5
        guard !hasCase || arguments[0].tag == .bool else { return .null }
        let shift = hasCase ? 1 : 0
        guard let start = position(arguments[shift]), let otherStart = position(arguments[shift + 2]),
            let count = position(arguments[shift + 3])
        else { return .null }
        guard let other = stringBytes(arguments[shift + 1]) else {
            return arguments[shift + 1].isNull ? nullArgument() : .null
        }
        let left = Array(UTF16Text(object))
        let right = Array(UTF16Text(other))
        guard start >= 0, otherStart >= 0, start + count <= left.count, otherStart + count <= right.count else {
            return TemplateValue(false)
        }
        if count <= 0 { return TemplateValue(true) }
        let first = left[start..<start + count]
        let second = right[otherStart..<otherStart + count]
        if first.elementsEqual(second) { return TemplateValue(true) }
        guard hasCase && arguments[0].bool else { return TemplateValue(false) }
        return TemplateValue(
            String(decoding: first, as: UTF16.self).lowercased()
                == String(decoding: second, as: UTF16.self).lowercased())
    }

    /// `getBytes()` and `getBytes(name)`, for the names of UTF-8, US-ASCII and ISO-8859-1.
    private func bytes(_ object: UnsafeRawBufferPointer, _ arguments: TemplateArguments) -> TemplateValue {
        var limit: UInt32 = 0x10FFFF
        if let first = arguments.first {
            guard let name = stringBytes(first) else { return .null }
            switch String(decoding: name, as: UTF8.self).uppercased() {
            case "UTF-8", "UTF8": break
            case "US-ASCII", "ASCII": limit = 0x7F
            case "ISO-8859-1", "ISO8859_1", "LATIN1": limit = 0xFF
            default: return fail("UnsupportedEncodingException: \(String(decoding: name, as: UTF8.self))")
            }
        }
        let list = heap.newCells(.array, capacity: object.count)
        if limit == 0x10FFFF {
            for byte in object { heap.append(TemplateValue(int: Int32(Int8(bitPattern: byte))), to: list) }
        } else {
            for unit in UTF16Text(object) where !UTF16.isTrailSurrogate(unit) {
                let byte = UInt32(unit) > limit ? UInt8(ascii: "?") : UInt8(unit)
                heap.append(TemplateValue(int: Int32(Int8(bitPattern: byte))), to: list)
            }
        }
        charge(object.count)
        checkMemory()
        return TemplateValue(.list, handle: list)
    }

    // MARK: Lines

    private func lines(_ object: UnsafeRawBufferPointer) -> [Substring] {
        var lines = String(decoding: object, as: UTF8.self).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r" || $0 == "\r\n"
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private func indented(_ object: UnsafeRawBufferPointer, _ count: Int) -> TemplateValue {
        if object.isEmpty { return .empty }
        let lines = lines(object)
        guard lines.count * max(count, 1) + object.count <= TemplateHeap.maximumBytes / 2 else {
            return fail("text is too large")
        }
        charge(object.count)
        return TemplateValue(
            text { output in
                for line in lines {
                    if count > 0 { output.append(String(repeating: " ", count: count)) }
                    let blanks = line.prefix { Self.isBlank($0) }.count
                    output.append(String(line.dropFirst(count < 0 ? min(blanks, -count) : 0)))
                    output.append(0x0A)
                }
            })
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == "\t" || character.isWhitespace && !"\u{A0}\u{2007}\u{202F}".contains(character)
    }

    private func stripIndent(_ object: UnsafeRawBufferPointer) -> TemplateValue {
        if object.isEmpty { return .empty }
        let whole = String(decoding: object, as: UTF8.self)
        let endsLine = whole.hasSuffix("\n") || whole.hasSuffix("\r") || whole.hasSuffix("\r\n")
        let lines = lines(object)
        charge(object.count)
        var least = endsLine ? 0 : Int.max
        for (place, line) in lines.enumerated() where !line.allSatisfy(Self.isBlank) || place == lines.count - 1 {
            least = min(least, line.prefix { Self.isBlank($0) }.count)
        }
        let stripped = lines.map { line -> String in
            var rest = line.allSatisfy(Self.isBlank) ? "" : line.dropFirst(least)
            while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
            return String(rest)
        }
        return TemplateValue(text { $0.append(stripped.joined(separator: "\n") + (endsLine ? "\n" : "")) })
    }

    private func translateEscapes(_ object: UnsafeRawBufferPointer) -> TemplateValue {
        charge(object.count)
        let result = text { output in
            var place = 0
            while place < object.count {
                guard object[place] == UInt8(ascii: "\\") else {
                    output.append(object[place])
                    place += 1
                    continue
                }
                let letter = place + 1 < object.count ? object[place + 1] : 0
                place += 2
                switch letter {
                case UInt8(ascii: "b"): output.append(0x08)
                case UInt8(ascii: "f"): output.append(0x0C)
                case UInt8(ascii: "n"): output.append(0x0A)
                case UInt8(ascii: "r"): output.append(0x0D)
                case UInt8(ascii: "s"): output.append(0x20)
                case UInt8(ascii: "t"): output.append(0x09)
                case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(letter)
                case UInt8(ascii: "0")...UInt8(ascii: "7"):
                    var code = UInt32(letter) - 48
                    let most = letter <= UInt8(ascii: "3") ? 2 : 1
                    var taken = 0
                    while taken < most, place < object.count, 48...55 ~= object[place] {
                        code = code * 8 + UInt32(object[place]) - 48
                        place += 1
                        taken += 1
                    }
                    UTF8Text.append(code, into: output)
                case 0x0A: break
                case 0x0D: if place < object.count, object[place] == 0x0A { place += 1 }
                default:
                    fail("IllegalArgumentException: invalid escape sequence")
                    return
                }
            }
        }
        return failed ? .null : TemplateValue(result)
    }
}

/// What Java's `strip` takes off: white space of Unicode, unlike `trim`.
enum TemplateStrip {
    private static func isBlank(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x1C...0x20, 0x1680, 0x2000...0x2006, 0x2008...0x200A, 0x2028, 0x2029, 0x205F, 0x3000: true
        default: false
        }
    }

    static func leading(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var place = 0
        while place < text.count {
            let (scalar, length) = UTF16Text.scalar(text, at: place)
            guard isBlank(scalar) else { break }
            place += length
        }
        return UnsafeRawBufferPointer(rebasing: text[place...])
    }

    static func trailing(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = text.count
        while end > 0 {
            var start = end - 1
            while start > 0 && text[start] & 0xC0 == 0x80 { start -= 1 }
            guard isBlank(UTF16Text.scalar(text, at: start).scalar) else { break }
            end = start
        }
        return UnsafeRawBufferPointer(rebasing: text[..<end])
    }
}
