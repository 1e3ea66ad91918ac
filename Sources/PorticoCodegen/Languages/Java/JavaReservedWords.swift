/// Names that generated Java cannot use, or must not hide.
enum JavaReservedWords {
    /// Keywords and literals. Source: Java Language Specification 21, section 3.9. Of the contextual ones only `yield`
    /// matters: a method of that name cannot be called by it alone.
    static let words: Set<String> = [
        "_", "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue",
        "default", "do", "double", "else", "enum", "extends", "false", "final", "finally", "float", "for", "goto", "if",
        "implements", "import", "instanceof", "int", "interface", "long", "native", "new", "null", "package",
        "private", "protected", "public", "return", "short", "static", "strictfp", "super",
        "switch", "synchronized", "this", "throw", "throws", "transient", "true", "try", "void", "volatile",
        "while", "yield",
    ]

    /// Methods that every object has, without arguments.
    static let objectMethods: Set<String> = [
        "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait", "equals",
    ]

    /// Members that models and requests have besides their properties.
    static let modelMembers: Set<String> = words.union(objectMethods).union(["build", "builder", "codec", "toBuilder"])

    /// Names of arguments that generated methods have besides the parameters of an operation.
    static let arguments: Set<String> = modelMembers.union(["body", "method", "output", "request", "transport"])

    /// Methods that clients have besides operations.
    static let clientMembers: Set<String> = words.union(objectMethods).union([
        "baseUrl", "builder", "raw", "with",
    ])

    /// Methods that connections have besides those of routes.
    static let socketMembers: Set<String> = words.union(objectMethods).union([
        "close", "closeAsync", "connectTo", "forEach", "isEnd", "iterator", "onReconnect", "open", "ping", "pingAsync",
        "receive", "receiveAsync",
        "send", "sendAsync", "sendBytes", "sendBytesAsync", "sendText", "sendTextAsync", "spliterator", "subprotocol",
        "waitFor",
    ])

    /// Names of types that generated files use by their simple names, and names that no file may have on Windows.
    static let types: Set<String> = JavaLibrary.typeNames.union([
        "Boolean", "Builder", "CompletableFuture", "Deprecated", "Double", "InputStream", "Instant",
        "Integer", "JsonCodec", "Kind", "List", "LocalDate", "Long", "Map", "Object", "Objects", "Optional",
        "Override", "Set", "String", "SuppressWarnings", "T", "Void",
        "Aux", "Com1", "Com2", "Com3", "Com4", "Com5", "Com6", "Com7", "Com8", "Com9", "Con", "Lpt1", "Lpt2", "Lpt3",
        "Lpt4", "Lpt5", "Lpt6", "Lpt7", "Lpt8", "Lpt9", "Nul", "Prn",
    ])
}
