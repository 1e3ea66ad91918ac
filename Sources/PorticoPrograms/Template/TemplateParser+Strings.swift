import PorticoSyntax

/// Where the bytes that a parser reads stand in the whole template.
struct TemplateOrigin {
    /// Offset of the first byte, when all follow one another.
    var base = 0
    /// Offset of each byte and of the end, when some are missing: `""` within a string is one byte.
    var offsets: [Int] = []

    func offset(_ place: Int) -> Int {
        if offsets.isEmpty { return base + place }
        return offsets[min(max(place, 0), offsets.count - 1)]
    }

    func range(_ range: Range<Int>) -> Range<Int> {
        let lower = offset(range.lowerBound)
        if range.isEmpty { return lower..<lower }
        return lower..<max(lower, offset(range.upperBound - 1) + 1)
    }
}

/// String literals.
extension TemplateParser {
    /// The value of a literal, given with its quotes.
    mutating func string(_ range: Range<Int>) throws(TemplateSyntaxError) -> TemplateExpression.Form {
        let image = bytes(range)
        let quote = image[range.lowerBound]
        let isDouble = quote == UInt8(ascii: "\"")
        var content: [UInt8] = []
        var places: [Int] = []
        var place = range.lowerBound + 1
        let end = range.upperBound - 1
        // A code unit of a surrogate pair, written as two escapes.
        var high: UInt32?
        while place < end {
            let byte = image[place]
            if isDouble && byte == UInt8(ascii: "\\") && place + 1 < end && image[place + 1] == UInt8(ascii: "u") {
                guard place + 6 <= end, let unit = hexadecimal(image[place + 2..<place + 6]) else {
                    throw TemplateSyntaxError(
                        TemplateProblem(
                            TemplateDiagnostics.syntax, "'\\u' without four hexadecimal digits",
                            at: self.place(place..<min(place + 6, end))))
                }
                append(unit, pendingHigh: &high, to: &content)
                while places.count < content.count { places.append(place) }
                place += 6
                continue
            }
            if high != nil { flush(&high, to: &content) }
            content.append(byte)
            while places.count < content.count { places.append(place) }
            // Of two quotes the first stands for both.
            let isPair = byte == quote && place + 1 < end && image[place + 1] == quote
            place += isPair ? 2 : 1
        }
        if high != nil { flush(&high, to: &content) }
        while places.count < content.count { places.append(end - 1) }
        guard isDouble, image.contains(UInt8(ascii: "$")) || image.contains(UInt8(ascii: "#")) else {
            return .string(content)
        }
        return try interpolated(content, places: places, end: end)
    }

    private mutating func interpolated(
        _ content: [UInt8], places: [Int], end: Int
    ) throws(TemplateSyntaxError) -> TemplateExpression.Form {
        var content = content
        let hasComment = content.indices.dropLast().contains {
            content[$0] == UInt8(ascii: "#") && content[$0 + 1] == UInt8(ascii: "#")
        }
        // A blank at the end lets a last `$` or `#` be text; it goes again when the string is rendered.
        if !hasComment { content.append(0x20) }
        let origin: TemplateOrigin
        if let first = places.first, self.origin.offsets.isEmpty, places.last == first + places.count - 1 {
            origin = TemplateOrigin(base: self.origin.offset(first))
        } else {
            origin = TemplateOrigin(offsets: (places + [end, end]).map { self.origin.offset($0) })
        }
        var statements = try interpolation(content, origin: origin)
        if hasComment { return .interpolation(statements, dropsLast: false) }
        // Usually the blank is the end of the last text, and can go now.
        if case .text(let text)? = statements.last?.form, let last = statements.last, text.last == 0x20 {
            statements.removeLast()
            if text.count > 1 {
                statements.append(TemplateStatement(form: .text(Array(text.dropLast())), range: last.range))
            }
            if statements.isEmpty { return .string([]) }
            return .interpolation(statements, dropsLast: false)
        }
        return .interpolation(statements, dropsLast: true)
    }

    private func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            guard let digit = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private func append(_ unit: UInt32, pendingHigh high: inout UInt32?, to content: inout [UInt8]) {
        if let first = high, unit >= 0xDC00 && unit <= 0xDFFF {
            high = nil
            append(scalar: 0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00), to: &content)
            return
        }
        if high != nil { flush(&high, to: &content) }
        if unit >= 0xD800 && unit <= 0xDBFF {
            high = unit
        } else {
            append(scalar: unit, to: &content)
        }
    }

    /// A code unit without its other half prints as a question mark, as Java writes it in UTF-8.
    private func flush(_ high: inout UInt32?, to content: inout [UInt8]) {
        high = nil
        content.append(UInt8(ascii: "?"))
    }

    private func append(scalar value: UInt32, to content: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else {
            content.append(UInt8(ascii: "?"))
            return
        }
        content += Array(String(Character(scalar)).utf8)
    }
}
