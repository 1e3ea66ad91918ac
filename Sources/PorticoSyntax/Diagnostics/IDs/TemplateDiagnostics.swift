/// Mapping templates (VTL).
public enum TemplateDiagnostics {
    /// The template does not follow the grammar.
    public static let syntax = DiagnosticID(
        "template.syntax", .error,
        """
        The mapping template does not parse. API Gateway accepts such a template on import and answers every request \
        that needs it with 500; with --lenient Portico does the same. The grammar is that of Apache Velocity 1.7: \
        a quote within a string is written twice, a '$' or '#' cannot be the last character, arguments of methods \
        and '#foreach' take values and references without operators.
        """)
    /// A block is not closed.
    public static let missingEnd = DiagnosticID(
        "template.missing-end", .error,
        """
        A block directive ('#if', '#foreach', '#define', '#macro') has no '#end'. Each needs its own; '#elseif' and \
        '#else' do not. A letter right after it hides an '#end': write '#{end}text'.
        """)
    /// Deeper than the parser goes.
    public static let tooDeep = DiagnosticID(
        "template.too-deep", .error,
        "Blocks, parentheses, calls and strings of the template nest deeper than Portico reads.")
    /// Longer than API Gateway allows.
    public static let tooLarge = DiagnosticID(
        "template.too-large", .error, "A mapping template may have 300 KB. Larger ones are refused.")
    /// A JSONPath in a template does not parse.
    public static let badPath = DiagnosticID(
        "template.bad-path", .warning,
        """
        The argument of '$input.path' or '$input.json' is no JSONPath. The request that evaluates it is answered with \
        500.
        """)
    /// A regular expression in a template does not compile.
    public static let badPattern = DiagnosticID(
        "template.bad-pattern", .warning,
        """
        The argument of 'matches', 'replaceAll', 'replaceFirst' or 'split' is no regular expression. The request that \
        evaluates it is answered with 500.
        """)
    /// A method or property that `$input` or `$util` does not have.
    public static let unknownMember = DiagnosticID(
        "template.unknown-member", .warning,
        "'$input' or '$util' has no such method. API Gateway prints nothing for it, and so does Portico.")
    /// A `$context` variable that does not exist.
    public static let unknownContextVariable = DiagnosticID(
        "template.unknown-context-variable", .warning,
        """
        There is no '$context' variable of that name. API Gateway prints nothing for it, and so does Portico. What an \
        authorizer returns stands under '$context.authorizer'.
        """)
    /// `#include` or `#parse`.
    public static let noLoader = DiagnosticID(
        "template.no-loader", .warning,
        """
        '#include' and '#parse' load other files, which API Gateway does not offer to templates. The request that \
        reaches one is answered with 500.
        """)

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        syntax, missingEnd, tooDeep, tooLarge, badPath, badPattern, unknownMember, unknownContextVariable, noLoader,
    ]
}
