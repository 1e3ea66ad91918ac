// Words and numbers of JSON.

extension JSONReader {
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "-"), 0x80...:
            true
        default: false
        }
    }

    private func scalar(_ kind: Scalar.Kind, _ range: Range<Int>) -> Node {
        let run = TextRun(textOffset: 0, fileOffset: range.lowerBound, length: range.count)
        let text = PositionedText(String(decoding: bytes[range], as: UTF8.self), span: span(range), runs: [run])
        return Node(.scalar(Scalar(kind: kind, text: text, style: .plain)), span: span(range))
    }

    mutating func word() throws(Stop) -> Node {
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let meant: String?
        switch text {
        case "true": return scalar(.boolean(true), start..<position)
        case "false": return scalar(.boolean(false), start..<position)
        case "null": return scalar(.null, start..<position)
        default:
            switch text.lowercased() {
            case "true", "yes", "on": meant = "true"
            case "false", "no", "off": meant = "false"
            case "null", "none", "nil", "undefined": meant = "null"
            case "nan", "infinity": meant = nil
            case let word where word.utf8.count > 1:
                meant = ["true", "false", "null"].first { $0.hasPrefix(word) } ?? "\"\(text)\""
            default: meant = "\"\(text)\""
            }
        }
        let fixIt = meant.map { Diagnostic.FixIt("write '\($0)'", replace: span(start..<position), with: $0) }
        try report(
            SyntaxDiagnostics.jsonLiteral,
            "\(quoted(text)) is not JSON; expected true, false, null, a number or text in double quotes",
            start..<position,
            fixIt: fixIt)
        let kind: Scalar.Kind =
            meant == "true" ? .boolean(true) : meant == "false" ? .boolean(false) : meant == "null" ? .null : .string
        return scalar(kind, start..<position)
    }

    mutating func number() throws(Stop) -> Node {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            guard Self.isWord(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") else { break }
            position += 1
        }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard JSONNumber.isValid(text) else {
            let written = String(decoding: text, as: UTF8.self)
            let fixed = JSONNumber.repaired(text)
            try report(
                SyntaxDiagnostics.jsonNumber, "\(quoted(written)) is not a JSON number", start..<position,
                fixIt: fixed.map { .init("write '\($0)'", replace: span(start..<position), with: $0) })
            return scalar(fixed == nil ? .string : CoreSchema.resolve(text), start..<position)
        }
        return scalar(CoreSchema.resolve(text), start..<position)
    }
}
