/// One line of source as a terminal shows it, with a marker for the line below.
///
/// Tabs become spaces, wide characters count two columns, and characters that would steer the terminal or turn the
/// direction of the text are shown as harmless ones. Of a long line only the surroundings of the place are shown.
struct SourceExcerpt {
    /// The text of the line.
    private(set) var line = ""
    /// Blanks and then `^~~~` under the place.
    private(set) var marker = ""

    private static let tabWidth = 4
    private static let maximumWidth = 120
    private static let bytesBefore = 60

    /// The line in which `span` begins.
    init(_ span: SourceSpan, in file: SourceFile) {
        let bytes = file.bytes
        let place = min(max(span.offset, 0), bytes.count)
        let number = file.lines.line(at: place)
        let lineStart = file.lines.starts[number]
        var lineEnd = number + 1 < file.lines.starts.count ? file.lines.starts[number + 1] : bytes.count
        while lineEnd > lineStart, bytes[lineEnd - 1] == 0x0A || bytes[lineEnd - 1] == 0x0D { lineEnd -= 1 }
        var index = lineStart
        var width = 0
        if lineEnd - lineStart > Self.maximumWidth, place - lineStart > Self.bytesBefore {
            index = place - Self.bytesBefore
            while index > lineStart, index < lineEnd, bytes[index] & 0xC0 == 0x80 { index -= 1 }
            if index > lineStart {
                line = "…"
                width = 1
            }
        }
        var markerStart: Int?
        var markerEnd: Int?
        let decoded = String(decoding: bytes[index..<min(lineEnd, index + 4 * Self.maximumWidth)], as: UTF8.self)
        for scalar in decoded.unicodeScalars {
            if index >= place, markerStart == nil { markerStart = width }
            if index >= span.end, markerEnd == nil { markerEnd = width }
            if width >= Self.maximumWidth { break }
            append(scalar, &width)
            index += UTF8.width(scalar)
        }
        if index < lineEnd { line += "…" }
        let start = markerStart ?? width
        let end = max(markerEnd ?? width, start + 1)
        marker = String(repeating: " ", count: start) + "^" + String(repeating: "~", count: end - start - 1)
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ width: inout Int) {
        switch scalar.value {
        case 0x09:
            let spaces = Self.tabWidth - width % Self.tabWidth
            line += String(repeating: " ", count: spaces)
            width += spaces
        case 0..<0x20:
            line.unicodeScalars.append(Unicode.Scalar(scalar.value + 0x2400) ?? "\u{FFFD}")
            width += 1
        case 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            line.unicodeScalars.append("\u{FFFD}")
            width += 1
        default:
            line.unicodeScalars.append(scalar)
            width += Self.columns(of: scalar)
        }
    }

    /// Columns that a terminal gives to a character.
    private static func columns(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
