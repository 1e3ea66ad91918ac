// Hot: once per string and number with rules. Allocates: nothing, unless a text has escapes.

extension SchemaMachine {
    /// The text of a string or key with its escapes undone. It lies in the workspace until the next one, if it has any.
    func plainText(_ place: Int) -> UnsafeRawBufferPointer {
        let node = nodes + place
        switch node.pointee.kind {
        case .escapedString, .escapedKey:
            workspace.text.reset()
            tape.appendString(place, into: workspace.text)
            return workspace.text.bytes
        default: return rawText(node)
        }
    }

    /// Whether a pattern is found in a string or key.
    mutating func matches(_ pattern: Int, _ place: Int) -> Bool {
        let text = plainText(place)
        stepsLeft &-= text.count &>> 5
        let entry = tables.pointee.patterns + pattern
        if entry.pointee.runCount > 0 {
            return SchemaPatternRuns.match(entry.pointee.runs, entry.pointee.runCount, entry.pointee.members, text)
        }
        switch workspace.matcher.find(entry.pointee.pattern.takeUnretainedValue(), text) {
        case .match: return true
        case .noMatch: return false
        case .limitExceeded:
            // A search of a long text may take longer before it gives up.
            stepsLeft &-= Self.hopelessPatternSteps &+ text.count &* 2
            return false
        }
    }

    mutating func acceptsText(_ index: Int, _ place: Int) -> Bool {
        let rule = tables.pointee.strings[index]
        let node = nodes[place]
        // A character has one to four bytes, and an escape up to twelve.
        if node.length > rule.maximum || node.length < rule.minimum &* 4 || node.kind == .escapedString
            || rule.minimum > 1 << 20
        {
            stepsLeft &-= Int(node.length) &>> 6
            let count = characterCount(place)
            if count < Int(rule.minimum) || count > Int(rule.maximum) { return false }
        }
        if rule.pattern != noSchemaRule, !matches(Int(rule.pattern), place) { return false }
        return rule.format == 0 || hasFormat(rule.format, place)
    }

    /// Whether a string has the form that `format` names.
    mutating func hasFormat(_ format: UInt32, _ place: Int) -> Bool {
        let text = plainText(place)
        stepsLeft &-= text.count &>> 2
        return SchemaFormat(rawValue: format)?.accepts(text) ?? false
    }

    /// Number of code points, as Java's `codePointCount`.
    func characterCount(_ place: Int) -> Int {
        let node = nodes + place
        guard node.pointee.kind == .escapedString else { return Self.characterCount(rawText(node)) }
        var count = 0
        var pieces = JSONUnescaper(rawText(node))
        while let piece = pieces.next() {
            switch piece {
            case .plain(let bytes): count &+= Self.characterCount(bytes)
            case .scalar: count &+= 1
            }
        }
        return count
    }

    private static func characterCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = bytes.count
        var at = 0
        // All bytes but those that continue a character: 10xxxxxx.
        while at &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let high = word & 0x8080_8080_8080_8080
            if high != 0 { count &-= (high & ~(word &<< 1)).nonzeroBitCount }
            at &+= 8
        }
        while at < bytes.count {
            if bytes[at] & 0xC0 == 0x80 { count &-= 1 }
            at &+= 1
        }
        return count
    }

    mutating func acceptsNumber(_ index: Int, _ place: Int) -> Bool {
        let rule = tables.pointee.numbers + index
        let minimum = rule.pointee.minimum
        if minimum != noSchemaRule {
            let order = compare(place, tables.pointee.decimals + Int(minimum))
            if order < 0 || (order == 0 && rule.pointee.minimumIsExclusive != 0) { return false }
        }
        let maximum = rule.pointee.maximum
        if maximum != noSchemaRule {
            let order = compare(place, tables.pointee.decimals + Int(maximum))
            if order > 0 || (order == 0 && rule.pointee.maximumIsExclusive != 0) { return false }
        }
        let divisor = rule.pointee.divisor
        return divisor == noSchemaRule || isMultiple(place, tables.pointee.decimals + Int(divisor))
    }

    /// Below zero, zero or above zero, as the number is below, at or above the limit.
    mutating func compare(_ place: Int, _ limit: UnsafePointer<SchemaTables.Number>) -> Int {
        let node = nodes + place
        if node.pointee.kind == .integer, limit.pointee.isInteger {
            let value = integer(node)
            return value < limit.pointee.integer ? -1 : value == limit.pointee.integer ? 0 : 1
        }
        let text = rawText(node)
        stepsLeft &-= text.count &>> 4
        return SchemaDecimal.compare(SchemaDecimal(text), limit.pointee.decimal)
    }

    mutating func isMultiple(_ place: Int, _ divisor: UnsafePointer<SchemaTables.Number>) -> Bool {
        let node = nodes + place
        if node.pointee.kind == .integer, divisor.pointee.isInteger {
            return integer(node).magnitude % divisor.pointee.integer.magnitude == 0
        }
        let text = rawText(node)
        stepsLeft &-= text.count &>> 1
        if divisor.pointee.mantissa == 0 {
            let number = SchemaDecimal(text)
            stepsLeft &-= number.divisionSteps(by: divisor.pointee.decimal)
            return stepsLeft >= 0 && number.isMultiple(of: divisor.pointee.decimal)
        }
        return SchemaDecimal(text).isMultiple(ofMantissa: divisor.pointee.mantissa, scale: divisor.pointee.scale)
    }

    /// The value of a node of kind `.integer`.
    private func integer(_ node: UnsafePointer<JSONNode>) -> Int64 {
        var at = source + Int(node.pointee.offset)
        let end = at + Int(node.pointee.length)
        let negative = at.pointee == 0x2D
        if negative { at += 1 }
        var value: Int64 = 0
        // Accumulated below zero, so that Int64.min fits; the tape has checked the range.
        while at < end {
            value = value &* 10 &- Int64(at.pointee &- 0x30)
            at += 1
        }
        return negative ? value : 0 &- value
    }
}
