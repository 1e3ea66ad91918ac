/// Words that Swift reads differently from names.
enum SwiftReservedWords {
    /// Words that need backticks where a name is declared or used by itself. Among them are contextual ones that a parser
    /// takes for keywords in some of the places where generated names stand.
    static let needingBackticks: Set<String> = [
        "Any", "Protocol", "Self", "Type", "actor", "any", "as", "associatedtype", "async", "await", "borrowing",
        "break",
        "case", "catch", "class", "consume", "consuming", "continue", "copy", "default", "defer", "deinit", "discard",
        "do",
        "dynamic", "each", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard",
        "if",
        "import", "in", "indirect", "init", "inout", "internal", "is", "isolated", "lazy", "let", "macro", "nil",
        "nonisolated", "open", "operator", "package", "precedencegroup", "private", "protocol", "public", "repeat",
        "rethrows", "return", "self", "sending", "some", "static", "struct", "subscript", "super", "switch", "then",
        "throw", "throws", "true", "try", "typealias", "unowned", "unsafe", "using", "var", "weak", "where", "while",
        "yield",
    ]

    /// Words that backticks do not help: `x.self` and `x.init` mean something else, and `.none` of an optional is nil.
    static let members = ["init", "none", "self", "some"]

    /// Labels of arguments that need backticks in a call. For all other words backticks are a warning there.
    static let labels: Set<String> = ["inout"]
}
