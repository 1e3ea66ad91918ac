/// Finds where each byte of a YAML scalar's text stands in the file.
///
/// libyaml gives the text and the place of the whole scalar. The functions here walk the file a second time by the same
/// rules (folding, indentation, escapes) and note the runs of bytes that stand in both. A run is only made of bytes that
/// were compared, so when the walk and the text ever disagree, runs end there and the rest has the place of the last one.
struct ScalarRuns {
    private let source: UnsafeBufferPointer<UInt8>
    private let text: UnsafeBufferPointer<UInt8>
    private let end: Int
    private var position: Int
    private var written = 0
    private var runs: [TextRun] = []

    /// The runs of `text`, whose scalar stands at `range` of `source`, quotes or block indicator included.
    static func find(
        style: Scalar.Style, in source: UnsafeBufferPointer<UInt8>, range: Range<Int>, text: UnsafeBufferPointer<UInt8>
    ) -> [TextRun] {
        let isQuoted = style == .doubleQuoted || style == .singleQuoted
        let inner = isQuoted ? range.lowerBound + 1..<max(range.lowerBound + 1, range.upperBound - 1) : range
        if inner.count == text.count, style != .literal, style != .folded {
            // Nearly every scalar: one line without escapes.
            if areEqual(source, inner.lowerBound, text, 0, text.count) {
                return [TextRun(textOffset: 0, fileOffset: inner.lowerBound, length: text.count)]
            }
        }
        var walk = ScalarRuns(source: source, text: text, range: inner)
        switch style {
        case .plain, .singleQuoted, .doubleQuoted: walk.walkFlow(style)
        case .literal: walk.walkLiteral()
        case .folded: walk.walkFolded()
        }
        return walk.runs
    }

    private init(source: UnsafeBufferPointer<UInt8>, text: UnsafeBufferPointer<UInt8>, range: Range<Int>) {
        self.source = source
        self.text = text
        position = range.lowerBound
        end = min(range.upperBound, source.count)
    }

    private static func areEqual(
        _ left: UnsafeBufferPointer<UInt8>, _ leftOffset: Int, _ right: UnsafeBufferPointer<UInt8>, _ rightOffset: Int,
        _ count: Int
    ) -> Bool {
        guard leftOffset + count <= left.count, rightOffset + count <= right.count else { return false }
        var index = 0
        if let left = left.baseAddress, let right = right.baseAddress {
            let (leftBytes, rightBytes) = (UnsafeRawPointer(left) + leftOffset, UnsafeRawPointer(right) + rightOffset)
            while index + 8 <= count {
                let word = leftBytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                guard word == rightBytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
                index += 8
            }
        }
        while index < count {
            guard left[leftOffset + index] == right[rightOffset + index] else { return false }
            index += 1
        }
        return true
    }

    /// Notes `count` bytes that stand at `offset` of the file and come next in the text; false when they differ.
    private mutating func copy(from offset: Int, count: Int) -> Bool {
        guard written + count <= text.count, offset + count <= source.count else { return false }
        guard Self.areEqual(source, offset, text, written, count) else { return false }
        if count == 0 { return true }
        if let last = runs.last, last.textOffset + last.length == written, last.fileOffset + last.length == offset {
            runs[runs.count - 1].length += count
        } else {
            runs.append(TextRun(textOffset: written, fileOffset: offset, length: count))
        }
        written += count
        return true
    }

    /// Notes that the next `count` bytes of the text come from something at `offset` that reads otherwise.
    private mutating func substitute(at offset: Int, count: Int) -> Bool {
        guard written + count <= text.count else { return false }
        runs.append(TextRun(textOffset: written, fileOffset: offset, length: 0))
        written += count
        return true
    }

    // MARK: Line breaks

    /// Number of bytes of the line break at `offset`; 0 when there is none. The breaks are those of libyaml.
    private func breakLength(at offset: Int) -> Int {
        guard offset < source.count else { return 0 }
        switch source[offset] {
        case 0x0A: return 1
        case 0x0D: return offset + 1 < source.count && source[offset + 1] == 0x0A ? 2 : 1
        case 0xC2: return offset + 1 < source.count && source[offset + 1] == 0x85 ? 2 : 0
        case 0xE2:
            guard offset + 2 < source.count, source[offset + 1] == 0x80 else { return 0 }
            return source[offset + 2] == 0xA8 || source[offset + 2] == 0xA9 ? 3 : 0
        default: return 0
        }
    }

    /// Whether the break at `offset` becomes `\n`; U+2028 and U+2029 stay what they are.
    private func becomesLineFeed(_ offset: Int) -> Bool { source[offset] != 0xE2 }

    /// Notes the break at `offset` as it goes into the text.
    private mutating func copyBreak(at offset: Int) -> Bool {
        switch source[offset] {
        case 0x0A: copy(from: offset, count: 1)
        case 0x0D where breakLength(at: offset) == 2: copy(from: offset + 1, count: 1)
        case 0xE2: copy(from: offset, count: 3)
        default: substitute(at: offset, count: 1)
        }
    }

    private func isBlank(_ offset: Int) -> Bool { source[offset] == 0x20 || source[offset] == 0x09 }

    private func lineEnd(from offset: Int, limit: Int) -> Int {
        var index = offset
        while index < limit, breakLength(at: index) == 0 { index += 1 }
        return index
    }
}

// MARK: - Plain and quoted text

extension ScalarRuns {
    private mutating func walkFlow(_ style: Scalar.Style) {
        while position < end {
            var isEscapedBreak = false
            let start = position
            while position < end, !isBlank(position), breakLength(at: position) == 0 {
                if style == .singleQuoted, source[position] == UInt8(ascii: "'") {
                    // Two quotes are one; the first of them stands for it.
                    guard copy(from: position, count: 1) else { return }
                    position += 2
                } else if style == .doubleQuoted, source[position] == UInt8(ascii: "\\") {
                    if breakLength(at: position + 1) > 0 {
                        position += 1 + breakLength(at: position + 1)
                        isEscapedBreak = true
                        break
                    }
                    guard walkEscape() else { return }
                } else {
                    guard copy(from: position, count: 1) else { return }
                    position += 1
                }
            }
            guard walkBlanks(isEscapedBreak: isEscapedBreak) else { return }
            if position == start { return }
        }
    }

    /// Blanks and breaks between two words: as they are on one line, folded otherwise.
    private mutating func walkBlanks(isEscapedBreak: Bool) -> Bool {
        let start = position
        var firstBreak: Int?
        var laterBreaks: [Int] = []
        while position < end {
            let length = breakLength(at: position)
            if length == 0 {
                guard isBlank(position) else { break }
                position += 1
            } else {
                if firstBreak == nil, !isEscapedBreak { firstBreak = position } else { laterBreaks.append(position) }
                position += length
            }
        }
        guard let firstBreak else {
            if isEscapedBreak { return copyBreaks(laterBreaks) }
            return copy(from: start, count: position - start)
        }
        if becomesLineFeed(firstBreak) {
            return laterBreaks.isEmpty ? substitute(at: firstBreak, count: 1) : copyBreaks(laterBreaks)
        }
        return copyBreak(at: firstBreak) && copyBreaks(laterBreaks)
    }

    private mutating func copyBreaks(_ offsets: [Int]) -> Bool {
        for offset in offsets {
            guard copyBreak(at: offset) else { return false }
        }
        return true
    }

    private mutating func walkEscape() -> Bool {
        guard position + 1 < end else { return false }
        let digits: Int
        var length = 1
        switch source[position + 1] {
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case UInt8(ascii: "N"), UInt8(ascii: "_"): (digits, length) = (0, 2)
        case UInt8(ascii: "L"), UInt8(ascii: "P"): (digits, length) = (0, 3)
        default: digits = 0
        }
        guard position + 2 + digits <= end else { return false }
        if digits > 0 {
            var scalar: UInt32 = 0
            for byte in source[position + 2..<position + 2 + digits] {
                guard let digit = CoreSchema.hexadecimalDigit(byte) else { return false }
                scalar = scalar << 4 | UInt32(digit)
            }
            length = UTF8Encoding.length(of: scalar)
        }
        guard substitute(at: position, count: length) else { return false }
        position += 2 + digits
        return true
    }
}

// MARK: - Blocks

extension ScalarRuns {
    /// Moves behind the line of the block indicator.
    private mutating func skipHeader() {
        position = lineEnd(from: position, limit: source.count)
        position += breakLength(at: position)
    }

    /// Each line of the text is the end of its line in the file, because only indentation is taken away.
    private mutating func walkLiteral() {
        skipHeader()
        while written < text.count, position <= source.count {
            let textEnd = lineEndInText(from: written)
            let fileEnd = lineEnd(from: position, limit: source.count)
            guard fileEnd - (textEnd - written) >= position else { return }
            guard copy(from: fileEnd - (textEnd - written), count: textEnd - written) else { return }
            guard written < text.count, fileEnd < source.count, copyBreak(at: fileEnd) else { return }
            position = fileEnd + breakLength(at: fileEnd)
        }
    }

    private func lineEndInText(from offset: Int) -> Int {
        var index = offset
        while index < text.count {
            if text[index] == 0x0A { break }
            if text[index] == 0xE2, index + 2 < text.count, text[index + 1] == 0x80, text[index + 2] & 0xFE == 0xA8 {
                break
            }
            index += 1
        }
        return index
    }

    /// The indentation that the block lost: what the first line that has more than spaces is shorter by.
    private func indentation() -> Int? {
        guard let firstInText = text.firstIndex(where: { $0 != 0x20 && $0 != 0x0A }) else { return nil }
        var spacesInText = 0
        while spacesInText < firstInText, text[firstInText - spacesInText - 1] == 0x20 { spacesInText += 1 }
        var index = position
        var lineStart = position
        while index < source.count {
            let length = breakLength(at: index)
            if length > 0 {
                index += length
                lineStart = index
            } else if source[index] == 0x20 {
                index += 1
            } else {
                return index - lineStart - spacesInText
            }
        }
        return nil
    }

    /// ORDER FOLD: follows `yaml_parser_scan_block_scalar` of libyaml step by step.
    private mutating func walkFolded() {
        skipHeader()
        guard let indent = indentation(), indent >= 0 else { return }
        var leadingBreak: Int?
        var isLeadingBlank = false
        while true {
            var laterBreaks: [Int] = []
            var column = 0
            while position < source.count {
                column = 0
                while column < indent, position < source.count, source[position] == 0x20 {
                    position += 1
                    column += 1
                }
                let length = breakLength(at: position)
                if length == 0 { break }
                laterBreaks.append(position)
                position += length
                column = 0
            }
            guard column == indent, position < source.count, written < text.count else {
                // What remains are the breaks that chomping left.
                if written < text.count, let leadingBreak { guard copyBreak(at: leadingBreak) else { return } }
                if written < text.count { _ = copyBreaks(laterBreaks) }
                return
            }
            if let leadingBreak, becomesLineFeed(leadingBreak), !isLeadingBlank, !isBlank(position) {
                if laterBreaks.isEmpty { guard substitute(at: leadingBreak, count: 1) else { return } }
            } else if let leadingBreak {
                guard copyBreak(at: leadingBreak) else { return }
            }
            guard copyBreaks(laterBreaks) else { return }
            isLeadingBlank = isBlank(position)
            let fileEnd = lineEnd(from: position, limit: source.count)
            guard copy(from: position, count: fileEnd - position) else { return }
            position = fileEnd
            leadingBreak = breakLength(at: fileEnd) > 0 ? fileEnd : nil
            position += breakLength(at: fileEnd)
        }
    }
}
