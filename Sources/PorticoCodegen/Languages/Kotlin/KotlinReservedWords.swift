/// Names that generated Kotlin must write in another way, or cannot use.
enum KotlinReservedWords {
    /// Hard keywords, which are names only between backticks. Source: Kotlin's grammar, "Keywords and operators".
    private static let hard: Set<String> = [
        "as", "break", "class", "continue", "do", "else", "false", "for", "fun", "if", "in", "interface", "is", "null",
        "object", "package", "return", "super", "this", "throw", "true", "try", "typealias", "typeof", "val", "var",
        "when", "while",
    ]

    /// Names of types that generated files use by their simple names, besides those that Java's do.
    static let types: Set<String> = [
        "Any", "BuildersKt", "ByteArray", "CancellationException", "Companion", "Int", "ModelDsl", "Nothing",
        "Requests",
        "Suppress", "SuspendPages", "Throwable", "Unit",
    ]

    /// An identifier as it is written.
    static func written(_ name: String) -> String { hard.contains(name) ? "`\(name)`" : name }
}
