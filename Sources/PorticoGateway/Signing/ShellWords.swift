/// Splits a command line into its words as a POSIX shell does, without expanding anything.
///
/// Source: Python documentation, `shlex.split`, which botocore splits `credential_process` and profile names with.
enum ShellWords {
    /// The words; `nil` if a quote has no end.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word = ""
        var isWord = false
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
                // Within quotes a backslash escapes only what would end them, and itself.
                if quote != nil, character != "\"", character != "\\" { word.append("\\") }
                word.append(character)
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\", open == "\"" {
                    isEscaped = true
                } else {
                    word.append(character)
                }
            } else if character == "\\" {
                isEscaped = true
                isWord = true
            } else if character == "'" || character == "\"" {
                quote = character
                isWord = true
            } else if character.isWhitespace {
                if isWord { words.append(word) }
                word = ""
                isWord = false
            } else {
                word.append(character)
                isWord = true
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if isWord { words.append(word) }
        return words
    }
}
