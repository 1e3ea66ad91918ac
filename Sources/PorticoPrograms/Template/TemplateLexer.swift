import PorticoSyntax

/// Cuts a template into tokens, on demand and one at a time, since the parser switches its state.
///
/// A `$` or `#` does not make a token of its own: it changes the state and becomes the beginning of the next token.
/// When what follows is neither name nor brace, it ends up in ``TemplateToken/leading`` of the next token, or is lost if
/// that token is no text: templates in use depend on both. At the very end of a template such a beginning is an error.
///
/// *Source:* observed on Apache Velocity 1.7, which equals API Gateway in all recorded cases.
struct TemplateLexer {
    private struct Saved {
        var open: Int
        var closed: Int
        var state: TemplateLexerState
    }

    let bytes: [UInt8]
    /// Next byte to read.
    private(set) var position = 0
    private(set) var state = TemplateLexerState.text
    private var stack: [Saved] = []
    private var open = 0
    private var closed = 0
    private var inComment = false
    /// Whether the parser is within `#set(...)`.
    var inSet = false
    /// End of the run of backslashes that was looked at last, so that a long run is not walked again and again.
    private var backslashEnd = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    // MARK: State

    mutating func push() {
        stack.append(Saved(open: open, closed: closed, state: state))
        open = 0
    }

    @discardableResult
    mutating func pop() -> Bool {
        guard let saved = stack.popLast() else {
            open = 0
            state = .text
            return false
        }
        open = saved.open
        closed = saved.closed
        state = saved.state
        return true
    }

    /// What the parser does when it has read the name of a directive.
    mutating func enterDirective() { state = .directive }

    /// Whether `(` comes next, perhaps after blanks and newlines.
    func isAtLeftParenthesis() -> Bool {
        var place = position
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "("): return true
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return false
            }
        }
        return false
    }

    private mutating func closeParenthesis() {
        if inComment { return }
        while true {
            if open > 0 {
                if open == closed + 1 { pop() } else { closed += 1 }
                return
            }
            if !pop() { return }
        }
    }

    // MARK: Tokens

    /// The next token.
    mutating func next() throws(TemplateSyntaxError) -> TemplateToken {
        var leading: [UInt8] = []
        // `##` that began no comment is lost when nothing but a blank came of it.
        var isLost = false
        while true {
            var start = position
            if start >= bytes.count {
                return TemplateToken(kind: .endOfText, range: bytes.count..<bytes.count, leading: leading)
            }
            more: while true {
                if position >= bytes.count { throw unfinished(from: start) }
                let place = position
                let match = match(at: place)
                position = place + match.length
                switch match.outcome {
                case .token(let kind):
                    return finish(kind, start..<position, isLost ? [] : leading)
                case .more(let beginning):
                    begin(beginning)
                case .skip:
                    start = position
                    break more
                case .terminator:
                    leading += Self.printed(bytes[start..<position])
                    isLost = bytes[start..<position].starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")])
                    position = place
                    pop()
                    break more
                case .none:
                    throw unexpected(at: place)
                }
            }
        }
    }

    private mutating func finish(
        _ kind: TemplateTokenKind, _ range: Range<Int>, _ leading: [UInt8]
    ) -> TemplateToken {
        var range = range
        switch kind {
        case .indexLeftBracket:
            push()
            state = .referenceIndex
        case .indexRightBracket: pop()
        case .leftParenthesis:
            if !inComment { open += 1 }
            if state == .referenceModifier { state = .call }
        case .rightParenthesis: closeParenthesis()
        case .callRightParenthesis: state = .reference
        case .set:
            if !inComment {
                push()
                inSet = true
                state = .directive
                open += 1
            }
        case .lineCommentStart:
            if !inComment {
                if state == .reference { pop() }
                inComment = true
                push()
                state = .lineComment
            }
        case .lineCommentEnd, .formalComment, .blockComment, .textBlock:
            inComment = false
            pop()
        case .string:
            if state == .directive && !inSet && open == 0 { pop() }
        case .end, .else: pop()
        case .if, .elseIf: state = .directive
        case .integer:
            if range.count >= 2 && bytes[range.upperBound - 1] == 0x2E && bytes[range.upperBound - 2] == 0x2E {
                // `1..5`: the dots are the operator's.
                position -= 2
                range = range.lowerBound..<range.upperBound - 2
            }
            if open == 0 && !inSet && state != .call && state != .referenceIndex { pop() }
        case .float:
            if open == 0 && !inSet && state != .call { pop() }
        case .dot:
            position -= 1
            range = range.upperBound - 2..<range.upperBound - 1
            state = .referenceModifier
        case .referenceRightCurly: pop()
        default: break
        }
        return TemplateToken(kind: kind, range: range, leading: leading)
    }

    private mutating func begin(_ beginning: TemplateLexerMatch.Beginning) {
        if inComment { return }
        switch beginning {
        case .dollar:
            if state == .reference { pop() }
            push()
            state = .reference
        case .hash:
            if state == .reference || state == .referenceModifier { pop() }
            push()
            state = .directiveName
        case .textBlock:
            inComment = true
            push()
            state = .textBlock
        case .formalComment:
            position -= 1
            inComment = true
            push()
            state = .formalComment
        case .blockComment:
            inComment = true
            push()
            state = .blockComment
        case .content: break
        }
    }

    /// What a beginning prints that came to nothing: its `$` and `#`, and backslashes before a `$`.
    private static func printed(_ image: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var place = image.startIndex
        while place < image.endIndex {
            let byte = image[place]
            if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "$") { result.append(byte) }
            if byte == UInt8(ascii: "\\") {
                var end = place
                while end < image.endIndex && image[end] == UInt8(ascii: "\\") { end += 1 }
                if end < image.endIndex && image[end] == UInt8(ascii: "$") {
                    result += image[place...end]
                    // The byte after the dollar is passed over, as Velocity does.
                    place = end + 1
                } else {
                    place = end - 1
                }
            }
            place += 1
        }
        return result
    }

    // MARK: Matching

    private mutating func match(at place: Int) -> TemplateLexerMatch {
        let byte = bytes[place]
        if byte == UInt8(ascii: "\\") && place >= backslashEnd {
            var end = place
            while end < bytes.count && bytes[end] == byte { end += 1 }
            backslashEnd = end
        }
        let matcher = TemplateLexerMatcher(bytes: bytes, state: state, backslashEnd: backslashEnd)
        return matcher.match(at: place)
    }

    // MARK: Errors

    private func unfinished(from start: Int) -> TemplateSyntaxError {
        if state == .textBlock {
            return TemplateSyntaxError(
                TemplateProblem(
                    TemplateDiagnostics.syntax, "'#[[' is not closed", at: start..<min(start + 3, bytes.count),
                    hint: "close the block with ']]#'"))
        }
        let last = bytes[bytes.count - 1]
        let found = last == UInt8(ascii: "$") ? "$" : last == UInt8(ascii: "#") ? "#" : "$"
        return TemplateSyntaxError(
            TemplateProblem(
                TemplateDiagnostics.syntax, "'\(found)' at the end of the template begins nothing",
                at: bytes.count - 1..<bytes.count,
                hint: "API Gateway cannot parse this; write something after it, or a newline"))
    }

    private func unexpected(at place: Int) -> TemplateSyntaxError {
        var end = place + 1
        while end < bytes.count && bytes[end] & 0xC0 == 0x80 { end += 1 }
        let byte = bytes[place]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            let quote = byte == UInt8(ascii: "\"") ? "\"" : "'"
            return TemplateSyntaxError(
                TemplateProblem(
                    TemplateDiagnostics.syntax, "string is not closed", at: place..<place + 1,
                    hint: "close it with \(quote); a quote within a string is written twice, not with a backslash"))
        }
        let found = String(decoding: bytes[place..<end], as: UTF8.self)
        let context =
            switch state {
            case .call: "in the arguments of a method"
            case .referenceIndex: "in an index"
            default: "in a directive"
            }
        var hint: String?
        if state == .call && "+-*/%<>=!&|(".utf8.contains(byte) {
            hint = "arguments are values or references; compute the value with '#set' first"
        } else if byte == UInt8(ascii: "\\") {
            hint = "a quote within a string is written twice, not with a backslash"
        }
        return TemplateSyntaxError(
            TemplateProblem(
                TemplateDiagnostics.syntax, "unexpected '\(found)' \(context)", at: place..<end, hint: hint))
    }
}
