/// The grammar of JSON numbers.
public enum JSONNumber {
    /// Whether `text` is a number by RFC 8259.
    public static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isValid($0) }
    }

    static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        func digits() -> Int {
            let start = index
            while index < text.count, CoreSchema.isDigit(text[index]) { index += 1 }
            return index - start
        }
        if index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
        let first = index
        let whole = digits()
        guard whole > 0, whole == 1 || text[first] != UInt8(ascii: "0") else { return false }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            guard digits() > 0 else { return false }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            guard digits() > 0 else { return false }
        }
        return index == text.count
    }

    /// The JSON number that YAML's forms `+1`, `007`, `.5`, `1.` and `0x1F` mean; `nil` when the text is no number, or
    /// one that JSON cannot write (`.inf`, `.nan`).
    static func repaired(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        if isValid(text) { return String(decoding: text, as: UTF8.self) }
        switch CoreSchema.resolve(text) {
        case .integer(let value): return String(value)
        case .number(let value) where value.isFinite: return decimal(text) ?? String(value)
        default: return nil
        }
    }

    /// Adds and drops zeros and signs so that no digit is lost.
    private static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        var rest = text[...]
        var result = ""
        if rest.first == UInt8(ascii: "-") { result = "-" }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = rest.prefix(while: CoreSchema.isDigit)
        rest = rest.dropFirst(whole.count)
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        result += significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            let fraction = rest.prefix(while: CoreSchema.isDigit)
            rest = rest.dropFirst(fraction.count)
            result += "." + (fraction.isEmpty ? "0" : String(decoding: fraction, as: UTF8.self))
        }
        result += String(decoding: rest, as: UTF8.self)
        return isValid(result) ? result : nil
    }
}
