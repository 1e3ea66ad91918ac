/// One value of a positioned tree that was read from YAML or JSON.
///
/// Nodes are immutable and shared: a YAML alias is the anchored node itself, with the anchored value's span.
public final class Node: Sendable {
    /// What a node can be.
    public enum Content: Sendable {
        /// A leaf.
        case scalar(Scalar)
        /// An ordered list.
        case sequence([Node])
        /// Keys and values in the order of the text.
        case mapping(Mapping)
    }

    /// The value.
    public let content: Content
    /// The bytes of the value itself, without its key. For an alias: the bytes of the anchored value.
    public let span: SourceSpan
    /// A local tag such as `!Sub`; `nil` for none and for tags of the core schema.
    public let tag: String?

    /// Makes a node.
    public init(_ content: Content, span: SourceSpan, tag: String? = nil) {
        self.content = content
        self.span = span
        self.tag = tag
    }
}

/// A leaf of the tree with its text as written and its type by the YAML 1.2 core schema (or JSON).
public struct Scalar: Sendable {
    /// Type that the text resolves to. Quoted text is always a string.
    public enum Kind: Sendable, Equatable {
        /// `null`, `~`, or nothing.
        case null
        /// `true` or `false`.
        case boolean(Bool)
        /// A whole number that fits 64 bits.
        case integer(Int64)
        /// Any other number; the text keeps its exact form.
        case number(Double)
        /// Text.
        case string
    }

    /// How the text stood in the file.
    public enum Style: Sendable, Equatable {
        /// Without quotes.
        case plain
        /// YAML single quotes.
        case singleQuoted
        /// Double quotes, YAML or JSON.
        case doubleQuoted
        /// A YAML `|` block.
        case literal
        /// A YAML `>` block.
        case folded
    }

    /// Type and value.
    public let kind: Kind
    /// The text after unescaping, unfolding and removal of indentation; for a number, its digits as written.
    public let text: PositionedText
    /// How it stood in the file.
    public let style: Style

    /// Makes a scalar.
    public init(kind: Kind, text: PositionedText, style: Style) {
        self.kind = kind
        self.text = text
        self.style = style
    }
}

/// Text that knows where each of its bytes came from, so that a mistake in a template inside a block scalar is shown at
/// its own line and column.
public struct PositionedText: Sendable, Hashable {
    /// The text itself.
    public var string: String
    /// The bytes of the whole scalar in the file, with quotes or block indicator.
    public var span: SourceSpan
    /// Runs of bytes that stand in the file as they stand in the text, ascending; empty when the text was not written
    /// in a file.
    public var runs: [TextRun]

    /// Makes a text whose places are known run by run.
    public init(_ string: String, span: SourceSpan, runs: [TextRun] = []) {
        self.string = string
        self.span = span
        self.runs = runs
    }

    /// The bytes of the file that bytes `range` of the UTF-8 text came from. Without runs: the whole scalar.
    public func span(of range: Range<Int>) -> SourceSpan {
        guard let start = fileOffset(of: range.lowerBound) else { return span }
        let last = range.isEmpty ? start : (fileOffset(of: range.upperBound - 1) ?? start) + 1
        return SourceSpan(file: span.file, offset: start, length: max(last - start, 0))
    }

    private func fileOffset(of offset: Int) -> Int? {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].textOffset <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let run = runs[low - 1]
        return run.fileOffset + min(offset - run.textOffset, run.length)
    }

    /// Texts are equal when their strings are; places do not count.
    public static func == (left: PositionedText, right: PositionedText) -> Bool { left.string == right.string }

    /// Hashes the string.
    public func hash(into hasher: inout Hasher) { hasher.combine(string) }
}

/// Bytes that stand in the file as they stand in the text.
public struct TextRun: Sendable, Equatable {
    /// Offset in the UTF-8 text.
    public var textOffset: Int
    /// Offset in the file.
    public var fileOffset: Int
    /// Number of bytes.
    public var length: Int

    /// Makes a run.
    public init(textOffset: Int, fileOffset: Int, length: Int) {
        self.textOffset = textOffset
        self.fileOffset = fileOffset
        self.length = length
    }
}

/// Keys and values in the order of the text, with look-up by key.
public struct Mapping: Sendable {
    /// One key with its value.
    public struct Member: Sendable {
        /// The key as text: `200:` and `"200":` are the same key.
        public let key: String
        /// The bytes of the key.
        public let keySpan: SourceSpan
        /// The value.
        public let value: Node

        /// Makes a member.
        public init(key: String, keySpan: SourceSpan, value: Node) {
            self.key = key
            self.keySpan = keySpan
            self.value = value
        }
    }

    /// Members in the order of the text; of duplicate keys only the first is kept.
    public let members: [Member]
    private let index: [String: Int]

    /// Makes a mapping; of members with equal keys the first one is found.
    public init(_ members: [Member]) {
        self.members = members
        // A linear look-up beats a dictionary for the few keys that most mappings have.
        index =
            members.count > 8
            ? Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first }) : [:]
    }

    /// The member of that key.
    public func member(_ key: String) -> Member? {
        if members.count > 8 { return index[key].map { members[$0] } }
        return members.first { $0.key == key }
    }

    /// The value of that key.
    public subscript(key: String) -> Node? { member(key)?.value }
}

extension Node {
    /// The leaf, if it is one.
    public var scalar: Scalar? {
        if case .scalar(let scalar) = content { return scalar }
        return nil
    }

    /// The elements, if it is a list.
    public var sequence: [Node]? {
        if case .sequence(let nodes) = content { return nodes }
        return nil
    }

    /// The members, if it is a mapping.
    public var mapping: Mapping? {
        if case .mapping(let mapping) = content { return mapping }
        return nil
    }

    /// The value of a key, if this is a mapping that has it.
    public subscript(key: String) -> Node? { mapping?[key] }
}
