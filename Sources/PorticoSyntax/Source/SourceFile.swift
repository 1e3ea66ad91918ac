/// The text of one input file, in UTF-8, with the table of its lines.
///
/// A file in UTF-16 is transcoded and a byte order mark is dropped before it becomes a `SourceFile`, so spans always
/// count bytes of UTF-8 text.
public final class SourceFile: Sendable {
    /// Identity within its ``SourceSet``.
    public let id: SourceFileID
    /// Path as the user wrote it, for messages.
    public let path: String
    /// UTF-8 text.
    public let bytes: [UInt8]
    /// Where each line begins.
    public let lines: LineIndex

    init(id: SourceFileID, path: String, bytes: [UInt8]) {
        self.id = id
        self.path = path
        self.bytes = bytes
        self.lines = LineIndex(bytes)
    }

    /// The text of a range of bytes; the range is clamped to the file.
    public func text(_ range: Range<Int>) -> String {
        let clamped = range.clamped(to: 0..<bytes.count)
        return String(decoding: bytes[clamped], as: UTF8.self)
    }
}

/// Line and column of a place, both counted from 1; columns count Unicode scalars.
public struct SourcePosition: Hashable, Sendable {
    /// Line, from 1.
    public var line: Int
    /// Column in Unicode scalars, from 1.
    public var column: Int
}

/// Byte offsets of the beginnings of lines. Lines end with LF, CRLF or CR.
public struct LineIndex: Sendable {
    /// Byte offset of the first byte of each line.
    public let starts: [Int]
    /// Whether every character is one byte, so that columns need no counting.
    public let isASCII: Bool

    /// Scans `bytes` once.
    public init(_ bytes: [UInt8]) {
        var starts = [0]
        isASCII = bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            var union: UInt8 = 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                union |= byte
                if byte > 0x0D { continue }
                if byte == 0x0A {
                    starts.append(index)
                } else if byte == 0x0D {
                    if index < bytes.count, bytes[index] == 0x0A { index += 1 }
                    starts.append(index)
                }
            }
            return union < 0x80
        }
        self.starts = starts
    }

    /// Number of the line, from 0, that holds the byte at `offset`.
    public func line(at offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}

/// All files that one compilation reads: the spec, its `--config` overlay and the files that `$ref`s name.
public struct SourceSet: Sendable {
    /// The files in the order in which they were read; the spec itself is first.
    public private(set) var files: [SourceFile] = []

    /// Makes an empty set.
    public init() {}

    /// Adds a file whose bytes are UTF-8 without byte order mark.
    public mutating func add(path: String, bytes: [UInt8]) -> SourceFile {
        let file = SourceFile(id: SourceFileID(rawValue: UInt32(files.count)), path: path, bytes: bytes)
        files.append(file)
        return file
    }

    /// The file of that identity, if it is one of this set.
    public subscript(id: SourceFileID) -> SourceFile? {
        Int(id.rawValue) < files.count ? files[Int(id.rawValue)] : nil
    }

    /// Line and column of the beginning of a span.
    public func position(of span: SourceSpan) -> SourcePosition? {
        guard let file = self[span.file] else { return nil }
        let offset = min(max(span.offset, 0), file.bytes.count)
        let line = file.lines.line(at: offset)
        if file.lines.isASCII { return SourcePosition(line: line + 1, column: offset - file.lines.starts[line] + 1) }
        var column = 1
        for byte in file.bytes[file.lines.starts[line]..<offset] where byte & 0xC0 != 0x80 { column += 1 }
        return SourcePosition(line: line + 1, column: column)
    }
}
