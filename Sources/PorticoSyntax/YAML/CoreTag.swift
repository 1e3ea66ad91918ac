/// A tag of YAML's own (`!!int`), which says what a value must be; tags of others (`!Sub`) are kept in the tree.
enum CoreTag: Equatable {
    case string, integer, float, boolean, null, map, sequence
    /// `!!binary`, `!!timestamp` and others that have no meaning in JSON.
    case unknown(String)

    private static let prefix = "tag:yaml.org,2002:"

    /// Recognises the full name of a tag.
    init?(_ name: String) {
        guard name.hasPrefix(Self.prefix) else { return nil }
        switch name.dropFirst(Self.prefix.count) {
        case "str": self = .string
        case "int": self = .integer
        case "float": self = .float
        case "bool": self = .boolean
        case "null": self = .null
        case "map": self = .map
        case "seq": self = .sequence
        case let other: self = .unknown(String(other))
        }
    }

    /// The name behind `!!`.
    var suffix: String {
        switch self {
        case .string: "str"
        case .integer: "int"
        case .float: "float"
        case .boolean: "bool"
        case .null: "null"
        case .map: "map"
        case .sequence: "seq"
        case .unknown(let name): name
        }
    }

    /// The tag as it is usually written.
    var shorthand: String { "!!\(suffix)" }

    /// What the tag demands, in words.
    var meaning: String {
        switch self {
        case .string: "text"
        case .integer: "a whole number"
        case .float: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        case .map: "a mapping"
        case .sequence: "a list"
        case .unknown(let name): name
        }
    }

    /// Whether the tag is none of the core schema.
    var isUnknown: Bool {
        if case .unknown = self { return true }
        return false
    }

    /// The type of a scalar with this tag; `nil` when the text does not fit.
    func resolve(_ text: UnsafeBufferPointer<UInt8>) -> Scalar.Kind? {
        switch (self, CoreSchema.resolve(text)) {
        case (.string, _), (.unknown, _): .string
        case (.integer, .integer(let value)): .integer(value)
        case (.float, .integer(let value)): .number(Double(value))
        case (.float, .number(let value)): .number(value)
        case (.boolean, .boolean(let value)): .boolean(value)
        case (.null, .null): .null
        default: nil
        }
    }
}
