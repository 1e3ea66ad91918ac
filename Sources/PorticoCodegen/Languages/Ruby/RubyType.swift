/// A type as RBS signatures and YARD comments name it.
indirect enum RubyType {
    /// A class, a type parameter, or an alias.
    case named(String)
    /// A class with type arguments.
    case generic(String, [RubyType])
    /// The type or nil.
    case optional(RubyType)
    /// One of several types.
    case either([RubyType])
    /// Anything.
    case untyped
    /// `true` or `false`.
    case boolean
    /// Nothing that matters.
    case void

    /// In a signature.
    var signature: String {
        switch self {
        case .named(let name): name
        case .generic(let name, let arguments): "\(name)[\(arguments.map(\.signature).joined(separator: ", "))]"
        case .optional(.untyped): "untyped"
        case .optional(.either(let types)): "(" + types.map(\.signature).joined(separator: " | ") + ")?"
        case .optional(.optional(let inner)): RubyType.optional(inner).signature
        case .optional(let inner): inner.signature + "?"
        case .either(let types): "(" + types.map(\.signature).joined(separator: " | ") + ")"
        case .untyped: "untyped"
        case .boolean: "bool"
        case .void: "void"
        }
    }

    /// In a comment, between brackets.
    var comment: String { alternatives.joined(separator: ", ") }

    private var alternatives: [String] {
        switch self {
        case .named(let name): [name]
        case .generic("Hash", let arguments):
            ["Hash{\(arguments.map(\.comment).joined(separator: "=>"))}"]
        case .generic(let name, let arguments):
            ["\(name)<\(arguments.map(\.comment).joined(separator: ", "))>"]
        case .optional(let inner):
            inner.alternatives.contains("nil") ? inner.alternatives : inner.alternatives + ["nil"]
        case .either(let types): types.flatMap(\.alternatives)
        case .untyped: ["Object"]
        case .boolean: ["Boolean"]
        case .void: ["void"]
        }
    }
}
