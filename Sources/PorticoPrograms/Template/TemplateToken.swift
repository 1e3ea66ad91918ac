/// What a token of a template is.
///
/// The tokens, their order of preference and the states they are read in are those of Velocity 1.7, because API
/// Gateway's templates depend on its corner cases: of two tokens of one length the one declared first wins.
///
/// *Source:* Apache Velocity 1.7's grammar and its observed behaviour.
/// Unconfirmed: `#[[ ]]#` on API Gateway.
enum TemplateTokenKind: UInt8 {
    case endOfText
    /// `[` after a reference, and its `]`
    case indexLeftBracket, indexRightBracket
    case leftBracket, rightBracket, comma, doubleDot, colon, leftCurly, rightCurly
    case leftParenthesis
    /// `)` with the blanks and the newline after it
    case rightParenthesis
    /// `)` of a method call
    case callRightParenthesis
    case escapedDirective
    /// `#set(`, with the blanks before it
    case set
    case lineCommentStart
    case doubleEscape, escape, text
    case lineCommentEnd, formalComment, blockComment, textBlock
    case whitespace, string, `true`, `false`
    case minus, plus, multiply, divide, modulus
    case and, or, less, lessOrEqual, greater, greaterOrEqual, equal, notEqual, not, assign
    case end, `if`, elseIf, `else`
    case integer, float
    case word, bracketedWord
    case identifier
    case dot
    /// `{` and `}` of a formal reference
    case referenceLeftCurly, referenceRightCurly
    /// `$[` and `$.`, which begin no reference
    case emptyIndex

    /// Whether a statement may begin with it.
    var beginsStatement: Bool {
        switch self {
        case .leftParenthesis, .rightParenthesis, .escapedDirective, .set, .lineCommentStart, .doubleEscape, .escape,
            .text, .formalComment, .blockComment, .textBlock, .string, .if, .integer, .float, .word, .bracketedWord,
            .identifier, .dot, .referenceLeftCurly, .referenceRightCurly, .emptyIndex:
            true
        default: false
        }
    }
}

/// One token: a range of the template, which includes what introduced it (`$`, `#` and backslashes).
struct TemplateToken {
    var kind: TemplateTokenKind
    /// Bytes of the template.
    var range: Range<Int>
    /// `$`, `#` and backslashes before it that turned out to begin nothing, and print as they are.
    var leading: [UInt8] = []
}

/// The states that decide which tokens can come.
enum TemplateLexerState: UInt8 {
    /// Text
    case text
    /// After `$`
    case reference
    /// After `$name.`
    case referenceModifier
    /// Within `$name[`
    case referenceIndex
    /// Within the parentheses of a method call
    case call
    /// Within the parentheses of a directive
    case directive
    /// After `#`
    case directiveName
    case lineComment
    case formalComment
    case blockComment
    case textBlock
}

/// A template that cannot be read, as the lexer or the parser found it.
struct TemplateSyntaxError: Error {
    var problem: TemplateProblem

    init(_ problem: TemplateProblem) { self.problem = problem }
}
