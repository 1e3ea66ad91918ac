/// Names that Go or the files of `Libraries/go` have taken.
enum GoReservedWords {
    /// Source: The Go Programming Language Specification, "Keywords".
    static let keywords: Set<String> = [
        "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go",
        "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type",
        "var",
    ]

    /// Names of packages that would be confusing or cannot be imported: predeclared identifiers, packages that samples
    /// import, and what the go command treats in its own way.
    static let packages: Set<String> = keywords.union([
        "any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "complex128", "complex64",
        "context", "copy", "delete", "documentation", "error", "errors", "false", "float32", "float64", "fmt", "imag",
        "init", "int", "int16", "int32", "int64", "int8", "internal", "io", "iota", "json", "len", "log", "main",
        "make",
        "max", "min", "new", "nil", "os", "panic", "print", "println", "real", "recover", "rune", "sdk", "string",
        "strings", "test", "testdata", "time", "true", "uint", "uint16", "uint32", "uint64", "uint8", "uintptr",
        "vendor",
    ])

    /// Paths that belong to the standard library: a module must not be called so.
    static let standardPaths: Set<String> = [
        "archive", "arena", "bufio", "builtin", "bytes", "cmd", "cmp", "compress", "container", "context", "crypto",
        "database", "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image",
        "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect",
        "regexp", "runtime", "simd", "slices", "sort", "std", "strconv", "strings", "structs", "sync", "syscall",
        "test",
        "testing", "text", "time", "unicode", "unique", "unsafe", "uuid", "vendor", "weak",
    ]

    /// Words that are written in capitals in names. Source: staticcheck, check ST1003, `initialisms`.
    static let initialisms: Set<String> = [
        "acl", "api", "ascii", "cpu", "css", "dns", "eof", "guid", "html", "http", "https", "id", "ip", "json", "qps",
        "ram", "rpc", "sla", "smtp", "sql", "ssh", "tcp", "tls", "ttl", "udp", "ui", "gid", "uid", "uuid", "uri", "url",
        "utf8", "vm", "xml", "xmpp", "xsrf", "xss", "sip", "rtp", "amqp", "db", "ts",
    ]

    /// Methods of structures and unions; a type cannot have a field of the same name.
    static let members = ["MarshalJSON", "UnmarshalJSON"]

    /// Methods and the embedded field of connections.
    static let socketMembers = [
        "Close", "CloseWith", "Ping", "Receive", "SendBytes", "SendText", "SocketConnection", "Subprotocol",
    ]

    /// Exported names of the library: what its files declare at the beginning of a line.
    static let library: [String] = Libraries.files(in: "go").flatMap { file in
        file.text.split(separator: "\n").compactMap { line in
            for keyword in ["type ", "func ", "const ", "var "] where line.hasPrefix(keyword) {
                let name = line.dropFirst(keyword.utf8.count).prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
                return name.first?.isUppercase == true ? String(name) : nil
            }
            return nil
        }
    }
}

extension NameWords {
    /// `PetID`: the words as an exported name of Go.
    var goExported: String {
        words.map { word in
            if GoReservedWords.initialisms.contains(word) { return word.uppercased() }
            // `ids` is the plural of an initialism, and is written IDs.
            if word.hasSuffix("s"), GoReservedWords.initialisms.contains(String(word.dropLast())) {
                return word.dropLast().uppercased() + "s"
            }
            return word.prefix(1).uppercased() + word.dropFirst()
        }.joined()
    }
}
