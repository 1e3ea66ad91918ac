/// Where the lines of a template begin, so that a failed run can tell line and column without the text.
struct TemplateLines: Sendable, Equatable {
    /// Byte offsets of the beginnings of lines, ascending; the first is 0.
    var starts: [UInt32] = [0]
    /// Offsets of bytes that begin no character, ascending: they do not count as columns.
    var continuations: [UInt32] = []

    init() {}

    /// Lines end with LF, CRLF or CR, as in files.
    init(_ text: [UInt8]) {
        for (place, byte) in text.enumerated() {
            if byte & 0xC0 == 0x80 { continuations.append(UInt32(place)) }
            let endsLine = byte == 0x0A || byte == 0x0D && (place + 1 == text.count || text[place + 1] != 0x0A)
            if endsLine { starts.append(UInt32(place + 1)) }
        }
    }

    /// Line and column of a byte, both from 1; columns count Unicode scalars.
    func position(of offset: Int) -> (line: Int, column: Int) {
        let line = max(Self.count(starts, upTo: offset), 1)
        let start = starts.isEmpty ? 0 : Int(starts[line - 1])
        let hidden = Self.count(continuations, upTo: offset) - Self.count(continuations, upTo: start)
        return (line, max(offset - start - hidden, 0) + 1)
    }

    /// How many of the ascending offsets are not above `limit`.
    private static func count(_ offsets: [UInt32], upTo limit: Int) -> Int {
        var low = 0
        var high = offsets.count
        while low < high {
            let middle = (low + high) / 2
            if Int(offsets[middle]) <= limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
