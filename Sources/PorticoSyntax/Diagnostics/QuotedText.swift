/// What a file holds, as a message quotes it: on one line, and not longer than a reader of messages wants.
public func quoted(_ text: String, limit: Int = 60) -> String {
    var result = String.UnicodeScalarView()
    result.append("'")
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit {
            result.append("…")
            break
        }
        count += 1
        switch scalar.value {
        case 0x0A: result.append(contentsOf: "\\n".unicodeScalars)
        case 0x09: result.append(contentsOf: "\\t".unicodeScalars)
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: result.append("\u{FFFD}")
        default: result.append(scalar)
        }
    }
    result.append("'")
    return String(result)
}
