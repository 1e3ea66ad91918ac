// Hot: once per JSON value. Allocates: nothing.

/// Position of a node on a ``JSONTape``; 0 is the root.
public typealias NodeIndex = Int

/// What a node of a ``JSONTape`` is.
public enum JSONNodeKind: UInt8, Sendable {
    /// `null`
    case null
    /// `false`
    case `false`
    /// `true`
    case `true`
    /// A number without fraction and exponent that fits `Int64`.
    case integer
    /// Any other number.
    case number
    /// A string whose bytes stand in the source as they are.
    case string
    /// A string with at least one backslash.
    case escapedString
    /// An array; its elements follow.
    case array
    /// An object; its keys and values follow in turn.
    case object
    /// The name of a member, whose value is the next node.
    case key
    /// A name with at least one backslash.
    case escapedKey

    /// Whether it is a string, with or without backslashes.
    public var isString: Bool { self == .string || self == .escapedString }
    /// Whether it is a number of either sort.
    public var isNumber: Bool { self == .integer || self == .number }
    /// Whether it is an array or an object.
    public var isContainer: Bool { self == .array || self == .object }
}

/// One 16-byte entry of a ``JSONTape``.
struct JSONNode {
    /// First byte of a scalar's text (within the quotes of a string), or of the opening bracket of a container.
    var offset: UInt32
    /// Bytes of a scalar's text, or members of a container.
    var length: UInt32
    /// The node after this one's subtree; while a container is open, its parent.
    var next: UInt32
    /// What it is.
    var kind: JSONNodeKind
    /// On an object: whether the parser had to look closer at its keys. Where it is not set no key has escapes, so that
    /// names can be compared as bytes; equal keys are gone from the tape in any case.
    var mayRepeatKeys = false
}

/// Why a text is not JSON.
public enum JSONFailure: UInt8, Sendable {
    /// There are no bytes but blanks.
    case empty
    /// The text ends within a value.
    case unexpectedEnd
    /// A byte that cannot stand there.
    case unexpectedByte
    /// Something after the value.
    case trailingBytes
    /// A number that breaks the grammar, such as `01` or `1.`.
    case badNumber
    /// A backslash that begins no escape.
    case badEscape
    /// A raw control character in a string.
    case controlCharacter
    /// Bytes that are not UTF-8.
    case badUTF8
    /// Deeper than the limit.
    case tooDeep
    /// Longer than the limit.
    case tooLong

    /// A clause for messages.
    public var message: String {
        switch self {
        case .empty: "no value"
        case .unexpectedEnd: "unexpected end"
        case .unexpectedByte: "unexpected character"
        case .trailingBytes: "text after the value"
        case .badNumber: "malformed number"
        case .badEscape: "malformed escape in a string"
        case .controlCharacter: "control character in a string"
        case .badUTF8: "bytes that are not UTF-8"
        case .tooDeep: "nesting beyond the limit"
        case .tooLong: "text beyond the size limit"
        }
    }
}

/// The outcome of ``JSONTape/parse(_:)``.
public enum JSONParseResult: Sendable, Equatable {
    /// The tape holds the value.
    case ok
    /// The tape is empty; `offset` is the first byte that could not be taken.
    case failed(offset: Int, reason: JSONFailure)
}
