internal import PorticoSyntax

/// Puts a text together from parts of texts of one file and from values, and keeps the places.
///
/// Literal parts keep their runs. A value maps into the bytes of the placeholder that it replaces, so that a mistake
/// inside it is shown there.
struct PositionedTextBuilder {
    private var bytes: [UInt8] = []
    private var runs: [TextRun] = []

    /// Bytes of text so far.
    var count: Int { bytes.count }

    /// Adds bytes `range` of `source`, whose UTF-8 is `sourceBytes`.
    mutating func append(_ range: Range<Int>, of source: PositionedText, bytes sourceBytes: [UInt8]) {
        guard !range.isEmpty else { return }
        let base = bytes.count - range.lowerBound
        var covered = false
        var index = firstRun(of: source, endingAfter: range.lowerBound)
        while index < source.runs.count, source.runs[index].textOffset < range.upperBound {
            let run = source.runs[index]
            let start = max(run.textOffset, range.lowerBound)
            let end = min(run.textOffset + run.length, range.upperBound)
            if !covered, start > range.lowerBound { appendRun(for: range, of: source) }
            covered = true
            runs.append(
                TextRun(
                    textOffset: base + start, fileOffset: run.fileOffset + start - run.textOffset,
                    length: max(end - start, 0)))
            index += 1
        }
        if !covered { appendRun(for: range, of: source) }
        bytes.append(contentsOf: sourceBytes[range])
    }

    /// Adds the whole of `source`.
    mutating func append(_ source: PositionedText) {
        let sourceBytes = Array(source.string.utf8)
        append(0..<sourceBytes.count, of: source, bytes: sourceBytes)
    }

    /// Adds a value that stands where `placeholder` is.
    mutating func append(_ value: String, at placeholder: SourceSpan) {
        guard !value.isEmpty else { return }
        appendRun(at: placeholder, count: value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    /// The text; `span` is that of the scalar or call that it replaces.
    func text(span: SourceSpan) -> PositionedText {
        PositionedText(String(decoding: bytes, as: UTF8.self), span: span, runs: runs)
    }

    private mutating func appendRun(for range: Range<Int>, of source: PositionedText) {
        appendRun(at: source.runs.isEmpty ? source.span : source.span(of: range), count: range.count)
    }

    private mutating func appendRun(at span: SourceSpan, count: Int) {
        guard span.file != .none else { return }
        runs.append(
            TextRun(textOffset: bytes.count, fileOffset: span.offset, length: min(count, max(span.length - 1, 0))))
    }

    private func firstRun(of source: PositionedText, endingAfter offset: Int) -> Int {
        var low = 0
        var high = source.runs.count
        while low < high {
            let middle = (low + high) / 2
            if source.runs[middle].textOffset + source.runs[middle].length <= offset {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
