/// Scripts for Bash.
struct ShellPrinter {
    private(set) var code = CodePrinter()

    /// The script.
    var text: String { code.text }

    mutating func line(_ line: String = "") { code.line(line) }

    /// Lines of a comment.
    mutating func comment(_ text: String) {
        code.lines(DocumentationText.lines(text, width: 110).map { $0.isEmpty ? "#" : "# " + $0 })
    }

    /// Code of a file of the library.
    mutating func include(_ text: String) {
        code.line()
        code.lines(
            text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
    }

    /// A function with its comment.
    mutating func function(_ name: String, _ documentation: String, _ body: (inout CodePrinter) -> Void) {
        code.line()
        comment(documentation)
        code.block("\(name)() {") { body(&$0) }
    }

    /// A word that the shell takes as it is. It cannot have NUL.
    static func quote(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-_./:@%+,".utf8.contains(byte)
                }
            }
        if isPlain { return text }
        let parts = text.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
        return "'"
            + parts.map { part in String(String.UnicodeScalarView(part.filter { $0 != "\0" })) }
            .joined(separator: "'\\''") + "'"
    }

    /// A parameter of the function, or a sample if it is not given: within double quotes, in which only some characters
    /// mean something.
    static func parameter(_ position: Int, sample: String) -> String {
        "\"${\(position)-\(doubleQuoted(sample))}\""
    }

    private static func doubleQuoted(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars where scalar != "\0" {
            if "\"\\$`}".unicodeScalars.contains(scalar) { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out
    }

    /// Names that functions and variables cannot have: words of the shell, commands that the library calls, and its own
    /// functions. Source: Bash reference manual, "Reserved Words" and "Shell Builtin Commands".
    static let reserved: Set<String> = [
        "alias", "bg", "bind", "body", "break", "builtin", "caller", "case", "cat", "cd", "check_header", "code",
        "command",
        "compgen", "complete", "compopt", "config", "continue", "coproc", "curl", "declare", "dirs", "disown", "do",
        "done",
        "echo", "elif", "else", "enable", "encode", "esac", "eval", "exec", "exit", "export", "fail", "false", "fc",
        "fg",
        "fi", "for", "function", "getopts", "hash", "header", "help", "history", "http", "https", "id", "if", "in",
        "index",
        "items", "jobs", "kill", "let", "local", "logout", "main", "mapfile", "method", "need", "option", "options",
        "out", "popd",
        "printf", "pushd", "pwd", "query", "read", "readarray", "readonly", "return", "secret", "segment", "select",
        "send",
        "separator", "set", "shift", "shopt", "source", "suspend", "test", "text", "then", "time", "times", "trap",
        "true",
        "type", "typeset", "ulimit", "umask", "unalias", "unset", "until", "url", "value", "wait", "while",
    ]
}
