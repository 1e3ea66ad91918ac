/// Reading text: encodings, YAML, JSON.
public enum SyntaxDiagnostics {
    /// Every row of this area.
    public static let all: [DiagnosticID] = source + yaml + json

    private static let source = [encoding, controlCharacter, large, empty, tooDeep, tooManyValues]
    private static let yaml = [
        yamlSyntax, yamlTab, yamlQuote, yamlUnquoted, yamlMultipleDocuments, yamlDuplicateKey, yamlKey,
        yamlUndefinedAlias, yamlRecursiveAlias, yamlAliasExpansion, yamlMerge, yamlAmbiguousScalar, yamlTag,
        yamlUnknownTag,
    ]
    private static let json = [
        jsonSyntax, jsonTrailingComma, jsonMissingComma, jsonMissingColon, jsonComment, jsonSingleQuotes,
        jsonUnquotedKey, jsonLiteral, jsonNumber, jsonUnterminatedString, jsonUnexpectedEnd, jsonEscape,
        jsonLoneSurrogate, jsonControlCharacter, jsonTrailingContent, jsonDuplicateKey,
    ]

    // MARK: Text

    /// Bytes that are not text.
    public static let encoding = DiagnosticID(
        "source.encoding", .error,
        "The file is not text in UTF-8, or in UTF-16 with a byte order mark. Save it as UTF-8.")
    /// A control character where none may be.
    public static let controlCharacter = DiagnosticID(
        "source.control-character", .error,
        "YAML allows no control characters but tab and line break. Remove it, or write it as an escape such as \"\\x07\" in double quotes."
    )
    /// A file that API Gateway would refuse.
    public static let large = DiagnosticID(
        "source.large", .warning,
        "API Gateway refuses to import files over 6 MB. Portico reads them, but the same file cannot be imported there."
    )
    /// Nothing in the file.
    public static let empty = DiagnosticID(
        "source.empty", .error, "The file holds no document: it is empty, or has only blanks and comments.")
    /// Too many levels.
    public static let tooDeep = DiagnosticID(
        "source.too-deep", .error,
        "Lists and mappings may be nested 200 levels deep, aliases included. No real API comes near; the file is damaged or hostile."
    )
    /// Too many values.
    public static let tooManyValues = DiagnosticID(
        "source.too-many-values", .error,
        "The file holds more values than the reader takes. No real API comes near; the file is damaged or hostile.")

    // MARK: YAML

    /// Any other mistake that the YAML grammar refuses.
    public static let yamlSyntax = DiagnosticID(
        "yaml.syntax", .error,
        "The text is not YAML. The place is where reading stopped; the mistake is there or shortly before, often an indentation that fits no line above."
    )
    /// Indentation by tab.
    public static let yamlTab = DiagnosticID(
        "yaml.tab", .error, "YAML is indented with spaces; a tab may not stand in an indentation.")
    /// A quote that is not closed, or a bad escape in it.
    public static let yamlQuote = DiagnosticID(
        "yaml.quote", .error,
        "Quoted text must be closed by the quote that opened it. In double quotes a backslash begins an escape; in single quotes a quote is written twice."
    )
    /// Text that needs quotes.
    public static let yamlUnquoted = DiagnosticID(
        "yaml.unquoted", .error,
        "Text that begins with a special character, or holds a colon followed by a space, must be put in quotes.")
    /// More than one document.
    public static let yamlMultipleDocuments = DiagnosticID(
        "yaml.multiple-documents", .error,
        "A specification is one document; a line '---' begins a second one. Put each document into a file of its own.")
    /// A key twice.
    public static let yamlDuplicateKey = DiagnosticID(
        "yaml.duplicate-key", .error,
        "A mapping holds each key once. The first value is kept; remove or rename the other.")
    /// A key that is no text.
    public static let yamlKey = DiagnosticID(
        "yaml.key", .error,
        "A key must be text; YAML also allows lists and mappings as keys, which JSON and OpenAPI do not.")
    /// An alias without anchor.
    public static let yamlUndefinedAlias = DiagnosticID(
        "yaml.undefined-alias", .error,
        "An alias '*name' repeats the value that stands after '&name' further up. Text that begins with '*' must be quoted."
    )
    /// An alias inside of its own anchor.
    public static let yamlRecursiveAlias = DiagnosticID(
        "yaml.recursive-alias", .error,
        "An alias stands inside the value that it repeats, so the value would have no end.")
    /// Too many values by aliases.
    public static let yamlAliasExpansion = DiagnosticID(
        "yaml.alias-expansion", .error,
        "Written out, the aliases of the file give more values than the reader takes. No real API comes near; the file is hostile."
    )
    /// A merge of something that is no mapping.
    public static let yamlMerge = DiagnosticID(
        "yaml.merge", .error, "The value of the merge key '<<' must be a mapping, an alias of one, or a list of these.")
    /// Text that YAML 1.1 reads otherwise.
    public static let yamlAmbiguousScalar = DiagnosticID(
        "yaml.ambiguous-scalar", .warning,
        "Readers of YAML 1.1 and of YAML 1.2 disagree about this text: for 1.1 yes, no, on and off are booleans, 010 is octal and 12:30 counts sixties. Portico follows 1.2. Put text in quotes."
    )
    /// A tag that does not fit its value.
    public static let yamlTag = DiagnosticID(
        "yaml.tag", .error, "The value does not have the type that its tag ('!!int', '!!map' and so on) demands.")
    /// A tag of YAML's own that is not read.
    public static let yamlUnknownTag = DiagnosticID(
        "yaml.unknown-tag", .warning,
        "The tag has no meaning in JSON or OpenAPI and is ignored; the value is read as if it had none.")

    // MARK: JSON

    /// Any other mistake that the JSON grammar refuses.
    public static let jsonSyntax = DiagnosticID("json.syntax", .error, "The text is not JSON (RFC 8259).")
    /// A comma before a closing bracket.
    public static let jsonTrailingComma = DiagnosticID(
        "json.trailing-comma", .error, "JSON allows no comma after the last element or member.")
    /// No comma between two values.
    public static let jsonMissingComma = DiagnosticID(
        "json.missing-comma", .error, "Elements of a list and members of an object are separated by commas.")
    /// No colon between key and value.
    public static let jsonMissingColon = DiagnosticID(
        "json.missing-colon", .error, "A colon stands between the key and the value of a member.")
    /// A comment.
    public static let jsonComment = DiagnosticID(
        "json.comment", .error, "JSON has no comments. Remove it, or rename the file to .yaml and write '# ...'.")
    /// Text in single quotes.
    public static let jsonSingleQuotes = DiagnosticID(
        "json.single-quotes", .error, "JSON text stands in double quotes.")
    /// A key without quotes.
    public static let jsonUnquotedKey = DiagnosticID("json.unquoted-key", .error, "JSON keys stand in double quotes.")
    /// A word that is not JSON's.
    public static let jsonLiteral = DiagnosticID(
        "json.literal", .error,
        "The only words of JSON outside quotes are true, false and null. There is no NaN, Infinity or undefined.")
    /// A number that is not JSON's.
    public static let jsonNumber = DiagnosticID(
        "json.number", .error,
        "A JSON number has no leading zero and no plus sign, and at least one digit before and after its point.")
    /// Text without end.
    public static let jsonUnterminatedString = DiagnosticID(
        "json.unterminated-string", .error,
        "Text must be closed by a double quote on the same line; a line break inside of it is written \\n.")
    /// The file stops too early.
    public static let jsonUnexpectedEnd = DiagnosticID(
        "json.unexpected-end", .error, "The file ends inside an object or list; a closing bracket is missing.")
    /// A bad escape.
    public static let jsonEscape = DiagnosticID(
        "json.escape", .error,
        "The escapes of JSON are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits.")
    /// Half a pair.
    public static let jsonLoneSurrogate = DiagnosticID(
        "json.lone-surrogate", .warning,
        "An escape \\uD800 to \\uDFFF is one half of a character and needs its other half next to it. U+FFFD is read in its place."
    )
    /// A raw control character.
    public static let jsonControlCharacter = DiagnosticID(
        "json.control-character", .error, "Inside quotes control characters are written as escapes: tab is \\t.")
    /// Something after the document.
    public static let jsonTrailingContent = DiagnosticID(
        "json.trailing-content", .error, "A JSON file holds one value and nothing after it.")
    /// A key twice.
    public static let jsonDuplicateKey = DiagnosticID(
        "json.duplicate-key", .error,
        "An object holds each key once. The first value is kept; remove or rename the other.")
}
