// Text in quotes.

extension JSONReader {
    mutating func string() throws(Stop) -> PositionedText {
        let start = position
        let quote = bytes[start]
        position += 1
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        {
            position += 1
        }
        let text: PositionedText
        if position < bytes.count, bytes[position] == quote {
            let run = TextRun(textOffset: 0, fileOffset: start + 1, length: position - start - 1)
            let string = String(decoding: UnsafeBufferPointer(rebasing: bytes[start + 1..<position]), as: UTF8.self)
            position += 1
            text = PositionedText(string, span: span(start..<position), runs: [run])
        } else {
            text = try escapedString(start, quote)
        }
        if quote == UInt8(ascii: "'") {
            let written = JSONWriter.compact(.string(text.string))
            try report(
                SyntaxDiagnostics.jsonSingleQuotes, "text in single quotes; expected double quotes", start..<position,
                fixIt: .init("write '\(written)'", replace: span(start..<position), with: written))
        }
        return text
    }

    /// The slow way, from the first byte that is not itself.
    private mutating func escapedString(_ start: Int, _ quote: UInt8) throws(Stop) -> PositionedText {
        scratch.removeAll(keepingCapacity: true)
        var runs: [TextRun] = []
        var runStart = start + 1
        func closeRun(_ reader: inout JSONReader) {
            guard reader.position > runStart else { return }
            let slice = reader.bytes[runStart..<reader.position]
            runs.append(TextRun(textOffset: reader.scratch.count, fileOffset: runStart, length: slice.count))
            reader.scratch.append(contentsOf: slice)
        }
        while true {
            guard position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D else {
                try fail(
                    SyntaxDiagnostics.jsonUnterminatedString, "the text is not closed on its line; expected '\"'",
                    start..<position,
                    hint: "add the closing quote; a line break in text is written '\\n'")
            }
            let byte = bytes[position]
            if byte == quote { break }
            if byte == UInt8(ascii: "\\") {
                closeRun(&self)
                runs.append(TextRun(textOffset: scratch.count, fileOffset: position, length: 0))
                try escape()
                runStart = position
            } else {
                if byte < 0x20 {
                    let escaped = byte == 0x09 ? "\\t" : "\\u\(hexadecimal(UInt32(byte), width: 4))"
                    try report(
                        SyntaxDiagnostics.jsonControlCharacter,
                        "control character U+\(hexadecimal(UInt32(byte), width: 4)) in text", here,
                        fixIt: .init("write '\(escaped)'", replace: span(here), with: escaped))
                }
                position += 1
            }
        }
        closeRun(&self)
        position += 1
        return PositionedText(String(decoding: scratch, as: UTF8.self), span: span(start..<position), runs: runs)
    }

    private mutating func escape() throws(Stop) {
        let start = position
        guard position + 1 < bytes.count else {
            position += 1
            return
        }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(letter)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(start)
        default:
            position -= 1
            let end = letter < 0x20 ? position : here.upperBound
            try report(
                SyntaxDiagnostics.jsonEscape, "unknown escape '\(String(decoding: bytes[start..<end], as: UTF8.self))'",
                start..<end,
                fixIt: .init("write '\\\\' for a backslash", replace: span(start..<start + 1), with: "\\\\"))
            // What was meant is most often the character itself; a line break is left to end the text.
            if letter >= 0x20 {
                scratch.append(contentsOf: bytes[position..<end])
                position = end
            }
        }
    }

    private mutating func unicodeEscape(_ start: Int) throws(Stop) {
        guard var scalar = fourDigits() else {
            try report(SyntaxDiagnostics.jsonEscape, "expected four hexadecimal digits after '\\u'", start..<position)
            UTF8Encoding.append(0xFFFD, to: &scratch)
            return
        }
        if 0xD800..<0xDC00 ~= scalar, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let before = position
            position += 2
            if let low = fourDigits(), 0xDC00..<0xE000 ~= low {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            } else {
                position = before
            }
        }
        if 0xD800..<0xE000 ~= scalar {
            try report(
                SyntaxDiagnostics.jsonLoneSurrogate,
                "'\(String(decoding: bytes[start..<position], as: UTF8.self))' is half a character; read as U+FFFD",
                start..<position)
            scalar = 0xFFFD
        }
        UTF8Encoding.append(scalar, to: &scratch)
    }

    private mutating func fourDigits() -> UInt32? {
        var value: UInt32 = 0
        for index in position..<position + 4 {
            guard index < bytes.count, let digit = CoreSchema.hexadecimalDigit(bytes[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
