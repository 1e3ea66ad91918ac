// Hot: once per token that is not known yet. Allocates: nothing beyond the growth of the output.

internal import PorticoPrograms

/// How claims are shown to templates and functions: every one as text.
///
/// Observed: user pool authorizers of REST APIs show `exp` and `iat` as Java prints dates (`Fri Jul 29 18:52:53 UTC
/// 2016`), other numbers as they are, and lists as `a,b`. JWT authorizers of HTTP APIs show numbers as they are, and lists
/// as `[a b]`. Unconfirmed: objects, which are shown as JSON by both, and `null`, which is left out.
enum ClaimStyle: Sendable {
    case userPool
    case jwt

    /// Appends the text of a claim; `false` if it is not shown.
    func append(_ value: NodeIndex, named name: UnsafeRawBufferPointer, of tape: JSONTape, into output: OutputBuffer)
        -> Bool
    {
        switch tape.kind(value) {
        case .null: return false
        case .array:
            if self == .jwt { output.append(0x5B) }
            var isFirst = true
            for element in tape.elements(value) {
                if !isFirst { output.append(self == .jwt ? 0x20 : 0x2C) }
                isFirst = false
                appendElement(element, tape, output)
            }
            if self == .jwt { output.append(0x5D) }
        case .integer where self == .userPool && (name.elementsEqual("exp".utf8) || name.elementsEqual("iat".utf8)):
            JavaDate.append(seconds: Int(tape.integer(value) ?? 0), into: output)
        default: appendElement(value, tape, output)
        }
        return true
    }

    private func appendElement(_ value: NodeIndex, _ tape: JSONTape, _ output: OutputBuffer) {
        switch tape.kind(value) {
        case .array, .object: tape.emit(value, into: output)
        case .integer, .number: output.append(tape.rawText(value))
        default: tape.appendString(value, into: output)
        }
    }
}

/// `java.util.Date.toString()` in UTC: `Fri Jul 29 18:52:53 UTC 2016`.
enum JavaDate {
    private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func append(seconds: Int, into output: OutputBuffer) {
        // Claims are within the limits of `TokenClaims`, so that nothing overflows.
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - day * 86_400
        // Days to civil date, after Howard Hinnant's algorithm.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        output.append(days[((day % 7) + 7) % 7])
        output.append(0x20)
        output.append(months[month - 1])
        output.append(0x20)
        twoDigits(dayOfYear - (153 * monthIndex + 2) / 5 + 1, output)
        for (part, separator) in [(rest / 3600, 0x20), (rest / 60 % 60, 0x3A), (rest % 60, 0x3A)] {
            output.append(UInt8(separator))
            twoDigits(part, output)
        }
        output.append(" UTC ")
        output.append(decimal: year)
    }

    private static func twoDigits(_ value: Int, _ output: OutputBuffer) {
        output.append(UInt8(0x30 + value / 10 % 10))
        output.append(UInt8(0x30 + value % 10))
    }
}
