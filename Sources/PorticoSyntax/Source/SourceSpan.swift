/// Identifies one file of a ``SourceSet``.
public struct SourceFileID: Hashable, Sendable, Comparable {
    /// Position of the file in its ``SourceSet``; `UInt32.max` means "no file".
    public let rawValue: UInt32

    /// Wraps a position in a ``SourceSet``.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The file of things that were written nowhere, such as defaults.
    public static let none = SourceFileID(rawValue: .max)

    /// Orders files as they were added.
    public static func < (left: SourceFileID, right: SourceFileID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A range of bytes of one source file, counted in its UTF-8 text.
public struct SourceSpan: Hashable, Sendable {
    /// The file that the bytes are in.
    public var file: SourceFileID
    /// Byte offset of the first byte.
    public var offset: Int
    /// Number of bytes; 0 marks a place between two bytes.
    public var length: Int

    /// Makes a span of `length` bytes at `offset` of `file`.
    public init(file: SourceFileID, offset: Int, length: Int) {
        self.file = file
        self.offset = offset
        self.length = length
    }

    /// The span of things that were written nowhere, such as defaults.
    public static let none = SourceSpan(file: .none, offset: 0, length: 0)

    /// Offset after the last byte.
    public var end: Int { offset + length }

    /// The smallest span that holds this one and `other`, which must be of the same file.
    public func union(_ other: SourceSpan) -> SourceSpan {
        guard file == other.file else { return self }
        let start = min(offset, other.offset)
        return SourceSpan(file: file, offset: start, length: max(end, other.end) - start)
    }
}
