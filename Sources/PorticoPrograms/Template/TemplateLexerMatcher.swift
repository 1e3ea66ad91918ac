/// What the lexer found at a place: the longest thing that may stand there in its state.
struct TemplateLexerMatch {
    /// Something that is the beginning of a later token, and changes the state.
    enum Beginning {
        case dollar, hash, textBlock, formalComment, blockComment
        /// A byte of a text block.
        case content
    }

    enum Outcome {
        case token(TemplateTokenKind)
        case more(Beginning)
        /// A byte of a comment.
        case skip
        /// A byte that ends a reference or the name of a directive, and is read again.
        case terminator
        case none
    }

    var outcome: Outcome
    var length: Int

    static func token(_ kind: TemplateTokenKind, _ length: Int) -> TemplateLexerMatch {
        TemplateLexerMatch(outcome: .token(kind), length: length)
    }

    static func more(_ beginning: Beginning, _ length: Int) -> TemplateLexerMatch {
        TemplateLexerMatch(outcome: .more(beginning), length: length)
    }
}

/// The regular part of the lexer: longest match at one place in one state.
struct TemplateLexerMatcher {
    let bytes: [UInt8]
    let state: TemplateLexerState
    let backslashEnd: Int

    private func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    private func has(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[place + offset] != text.utf8Start[offset] { return false }
        return true
    }

    func match(at place: Int) -> TemplateLexerMatch {
        if let match = beginning(at: place) { return match }
        switch state {
        case .text: return text(at: place)
        case .reference, .referenceModifier: return reference(at: place)
        case .referenceIndex: return index(at: place)
        case .call: return call(at: place)
        case .directive: return directive(at: place)
        case .directiveName: return directiveName(at: place)
        case .lineComment:
            if has("\r\n", at: place) { return .token(.lineCommentEnd, 2) }
            if byte(place) == 0x0A || byte(place) == 0x0D { return .token(.lineCommentEnd, 1) }
            return TemplateLexerMatch(outcome: .skip, length: 1)
        case .formalComment:
            if has("*#", at: place) { return .token(.formalComment, 2) }
            return TemplateLexerMatch(outcome: .skip, length: 1)
        case .blockComment:
            if has("*#", at: place) { return .token(.blockComment, 2) }
            return TemplateLexerMatch(outcome: .skip, length: 1)
        case .textBlock:
            if has("]]#", at: place) { return .token(.textBlock, 3) }
            return .more(.content, 1)
        }
    }

    /// `$`, `#`, comments and what has backslashes before it: possible in every state.
    private func beginning(at place: Int) -> TemplateLexerMatch? {
        switch byte(place) {
        case UInt8(ascii: "$"):
            if state == .text || state == .reference {
                if has("$[", at: place) || has("$.", at: place) { return .token(.emptyIndex, 2) }
                if has("$![", at: place) { return .token(.emptyIndex, 3) }
                if has("$\\![", at: place) { return .token(.emptyIndex, 4) }
            }
            return dollar(at: place, dollar: place)
        case UInt8(ascii: "\\"):
            if byte(backslashEnd) == UInt8(ascii: "$") { return dollar(at: place, dollar: backslashEnd) }
            if state == .text {
                let count = backslashEnd - place
                if count % 2 == 1 && byte(backslashEnd) == UInt8(ascii: "#") {
                    if let end = directiveWordEnd(backslashEnd + 1) {
                        return .token(.escapedDirective, end - place)
                    }
                }
                return count >= 2 ? .token(.doubleEscape, 2) : .token(.escape, 1)
            }
            return nil
        case UInt8(ascii: "#"):
            if let length = setLength(at: place) { return .token(.set, length) }
            switch byte(place + 1) {
            case UInt8(ascii: "#"): if beginsLineComment { return .token(.lineCommentStart, 2) }
            case UInt8(ascii: "["):
                if byte(place + 2) == UInt8(ascii: "[") { return .more(.textBlock, 3) }
            case UInt8(ascii: "*"):
                if byte(place + 2) == UInt8(ascii: "*") && place + 3 < bytes.count
                    && byte(place + 3) != UInt8(ascii: "#")
                {
                    return .more(.formalComment, 4)
                }
                return .more(.blockComment, 2)
            default: break
            }
            return .more(.hash, 1)
        case 0x20, 0x09:
            if let length = setLength(at: place) { return .token(.set, length) }
            return nil
        default: return nil
        }
    }

    /// Whether `##` begins a comment: not right after `$a.b`, nor in arguments and other comments.
    private var beginsLineComment: Bool {
        switch state {
        case .text, .reference, .directive, .directiveName: true
        default: false
        }
    }

    private func dollar(at place: Int, dollar: Int) -> TemplateLexerMatch {
        var end = dollar + 1
        while byte(end) == UInt8(ascii: "\\") { end += 1 }
        if byte(end) == UInt8(ascii: "!") { return .more(.dollar, end + 1 - place) }
        return .more(.dollar, dollar + 1 - place)
    }

    /// `#set(`, perhaps after blanks; possible in text and in references.
    private func setLength(at place: Int) -> Int? {
        switch state {
        case .text, .reference, .referenceModifier, .call: break
        default: return nil
        }
        var end = place
        while byte(end) == 0x20 || byte(end) == 0x09 { end += 1 }
        if has("#set", at: end) {
            end += 4
        } else if has("#{set}", at: end) {
            end += 6
        } else {
            return nil
        }
        while byte(end) == 0x20 { end += 1 }
        return byte(end) == UInt8(ascii: "(") ? end + 1 - place : nil
    }

    // MARK: States

    private func text(at place: Int) -> TemplateLexerMatch {
        var end = place
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\\") { break }
            end += 1
        }
        return .token(.text, end - place)
    }

    private func reference(at place: Int) -> TemplateLexerMatch {
        let first = byte(place)
        if Self.isLetter(first) || first == UInt8(ascii: "_") { return identifier(at: place) }
        switch first {
        case UInt8(ascii: "["): return .token(.indexLeftBracket, 1)
        case UInt8(ascii: "{"): return .token(.referenceLeftCurly, 1)
        case UInt8(ascii: "}"): return .token(.referenceRightCurly, 1)
        case UInt8(ascii: "("):
            if state == .referenceModifier { return .token(.leftParenthesis, 1) }
        case UInt8(ascii: "."):
            if Self.isLetter(byte(place + 1)) { return .token(.dot, 2) }
        default: break
        }
        return TemplateLexerMatch(outcome: .terminator, length: 1)
    }

    private func index(at place: Int) -> TemplateLexerMatch {
        switch byte(place) {
        case UInt8(ascii: "]"): return .token(.indexRightBracket, 1)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return truth(at: place)
        default: return literal(at: place)
        }
    }

    private func call(at place: Int) -> TemplateLexerMatch {
        let first = byte(place)
        if Self.isLetter(first) || first == UInt8(ascii: "_") { return identifier(at: place) }
        switch first {
        case UInt8(ascii: ")"): return .token(.callRightParenthesis, 1)
        case UInt8(ascii: "."):
            if Self.isLetter(byte(place + 1)) { return .token(.dot, 2) }
        default: break
        }
        if let match = bracket(at: place) { return match }
        return literal(at: place)
    }

    private func directive(at place: Int) -> TemplateLexerMatch {
        let first = byte(place)
        let second = byte(place + 1)
        switch first {
        case UInt8(ascii: "("): return .token(.leftParenthesis, 1)
        case UInt8(ascii: ")"): return .token(.rightParenthesis, 1 + lineEnd(after: place + 1))
        case UInt8(ascii: "+"): return .token(.plus, 1)
        case UInt8(ascii: "*"): return .token(.multiply, 1)
        case UInt8(ascii: "/"): return .token(.divide, 1)
        case UInt8(ascii: "%"): return .token(.modulus, 1)
        case UInt8(ascii: "-"):
            let number = literal(at: place)
            if case .none = number.outcome { return .token(.minus, 1) }
            return number
        case UInt8(ascii: "&"): if second == first { return .token(.and, 2) }
        case UInt8(ascii: "|"): if second == first { return .token(.or, 2) }
        case UInt8(ascii: "<"):
            return second == UInt8(ascii: "=") ? .token(.lessOrEqual, 2) : .token(.less, 1)
        case UInt8(ascii: ">"):
            return second == UInt8(ascii: "=") ? .token(.greaterOrEqual, 2) : .token(.greater, 1)
        case UInt8(ascii: "="):
            return second == UInt8(ascii: "=") ? .token(.equal, 2) : .token(.assign, 1)
        case UInt8(ascii: "!"):
            return second == UInt8(ascii: "=") ? .token(.notEqual, 2) : .token(.not, 1)
        default: break
        }
        if let end = wordEnd(place) { return .token(Self.keyword(bytes[place..<end]), end - place) }
        if first == UInt8(ascii: "{"), let end = bracketedWordEnd(place) { return .token(.bracketedWord, end - place) }
        if let match = bracket(at: place) { return match }
        return literal(at: place)
    }

    private func directiveName(at place: Int) -> TemplateLexerMatch {
        if let end = wordEnd(place) {
            switch String(decoding: bytes[place..<end], as: UTF8.self) {
            case "end": return .token(.end, end - place + lineEnd(after: end))
            case "else": return .token(.else, end - place + lineEnd(after: end))
            case "if": return .token(.if, end - place)
            case "elseif": return .token(.elseIf, end - place)
            default: return .token(.word, end - place)
            }
        }
        if byte(place) == UInt8(ascii: "{"), let end = bracketedWordEnd(place) {
            switch String(decoding: bytes[place..<end], as: UTF8.self) {
            case "{end}": return .token(.end, end - place + lineEnd(after: end))
            case "{else}": return .token(.else, end - place + lineEnd(after: end))
            case "{if}": return .token(.if, end - place)
            case "{elseif}": return .token(.elseIf, end - place)
            default: return .token(.bracketedWord, end - place)
            }
        }
        let number = number(at: place)
        if case .none = number.outcome { return TemplateLexerMatch(outcome: .terminator, length: 1) }
        return number
    }

    // MARK: Pieces

    private func bracket(at place: Int) -> TemplateLexerMatch? {
        switch byte(place) {
        case UInt8(ascii: "["): .token(.leftBracket, 1)
        case UInt8(ascii: "]"): .token(.rightBracket, 1)
        case UInt8(ascii: ","): .token(.comma, 1)
        case UInt8(ascii: ":"): .token(.colon, 1)
        case UInt8(ascii: "{"): .token(.leftCurly, 1)
        case UInt8(ascii: "}"): .token(.rightCurly, 1)
        case UInt8(ascii: "."):
            // `..5` is the operator and a number, since `.5` is shorter.
            byte(place + 1) == UInt8(ascii: ".") ? .token(.doubleDot, 2) : nil
        default: nil
        }
    }

    /// Whitespace, string or number.
    private func literal(at place: Int) -> TemplateLexerMatch {
        switch byte(place) {
        case 0x20, 0x09, 0x0A, 0x0D:
            var end = place
            while [0x20, 0x09, 0x0A, 0x0D].contains(byte(end)) { end += 1 }
            return .token(.whitespace, end - place)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return string(at: place)
        default:
            return number(at: place)
        }
    }

    /// A quote within a string is written twice. When no later quote closes it, the first of such two closes.
    private func string(at place: Int) -> TemplateLexerMatch {
        let quote = bytes[place]
        var end = place + 1
        var candidate: Int?
        while end < bytes.count {
            if bytes[end] == quote {
                if byte(end + 1) != quote || end + 1 >= bytes.count { return .token(.string, end + 1 - place) }
                candidate = end + 1
                end += 2
            } else {
                end += 1
            }
        }
        if let candidate { return .token(.string, candidate - place) }
        return TemplateLexerMatch(outcome: .none, length: 1)
    }

    private func number(at place: Int) -> TemplateLexerMatch {
        var end = place
        if byte(end) == UInt8(ascii: "-") { end += 1 }
        let digits = end
        while Self.isDigit(byte(end)) { end += 1 }
        let hasDigits = end > digits
        var best: (TemplateTokenKind, Int)?
        if hasDigits {
            best = (.integer, end)
            if let exponent = exponentEnd(end) { best = (.float, exponent) }
        }
        if byte(end) == UInt8(ascii: ".") {
            if hasDigits && byte(end + 1) == UInt8(ascii: ".") {
                // `1..` is longer than `1.`, and given back but for the digits.
                return .token(.integer, end + 2 - place)
            }
            var fraction = end + 1
            while Self.isDigit(byte(fraction)) { fraction += 1 }
            if hasDigits || fraction > end + 1 { best = (.float, exponentEnd(fraction) ?? fraction) }
        }
        guard let best else { return TemplateLexerMatch(outcome: .none, length: 1) }
        return .token(best.0, best.1 - place)
    }

    private func exponentEnd(_ place: Int) -> Int? {
        guard byte(place) == UInt8(ascii: "e") || byte(place) == UInt8(ascii: "E") else { return nil }
        var end = place + 1
        if byte(end) == UInt8(ascii: "+") || byte(end) == UInt8(ascii: "-") { end += 1 }
        let digits = end
        while Self.isDigit(byte(end)) { end += 1 }
        return end > digits ? end : nil
    }

    private func truth(at place: Int) -> TemplateLexerMatch {
        if has("true", at: place) { return .token(.true, 4) }
        if has("false", at: place) { return .token(.false, 5) }
        return TemplateLexerMatch(outcome: .none, length: 1)
    }

    private func identifier(at place: Int) -> TemplateLexerMatch {
        var end = place
        while Self.isNameByte(byte(end)) || byte(end) == UInt8(ascii: "-") { end += 1 }
        let length = end - place
        if length == 4 && has("true", at: place) { return .token(.true, 4) }
        if length == 5 && has("false", at: place) { return .token(.false, 5) }
        return .token(.identifier, length)
    }

    /// End of the blanks and the one newline at `place`, as a length; 0 if there is no newline.
    private func lineEnd(after place: Int) -> Int {
        var end = place
        while byte(end) == 0x20 || byte(end) == 0x09 { end += 1 }
        if has("\r\n", at: end) { return end + 2 - place }
        if byte(end) == 0x0A || byte(end) == 0x0D { return end + 1 - place }
        return 0
    }

    private func wordEnd(_ place: Int) -> Int? {
        let first = byte(place)
        guard Self.isLetter(first) || first == UInt8(ascii: "_") || first == UInt8(ascii: "@") else { return nil }
        var end = place + 1
        while Self.isNameByte(byte(end)) || byte(end) == UInt8(ascii: "@") { end += 1 }
        return end
    }

    private func bracketedWordEnd(_ place: Int) -> Int? {
        let first = byte(place + 1)
        guard Self.isLetter(first) || first == UInt8(ascii: "_"), let end = wordEnd(place + 1) else { return nil }
        return byte(end) == UInt8(ascii: "}") ? end + 1 : nil
    }

    private func directiveWordEnd(_ place: Int) -> Int? {
        byte(place) == UInt8(ascii: "{") ? bracketedWordEnd(place) : wordEnd(place)
    }

    private static func keyword(_ word: ArraySlice<UInt8>) -> TemplateTokenKind {
        switch String(decoding: word, as: UTF8.self) {
        case "true": .true
        case "false": .false
        case "and": .and
        case "or": .or
        case "lt": .less
        case "le": .lessOrEqual
        case "gt": .greater
        case "ge": .greaterOrEqual
        case "eq": .equal
        case "ne": .notEqual
        case "not": .not
        default: .word
        }
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isNameByte(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") }
}
