// Hot: no, once per stage of a spec. Allocates: the format.

internal import PorticoPrograms
internal import PorticoSyntax

/// Splits the format of access logs into segments, and says what is wrong with its variables. One format, one use.
struct AccessLogCompiler {
    /// Something wrong with a part of the format.
    struct Problem: Sendable, Hashable {
        /// An error is what API Gateway refuses; anything else only prints `-`.
        var isError: Bool
        var message: String
        /// Bytes of the format.
        var range: Range<Int>
        /// The name that was probably meant.
        var suggestion: String?
    }

    private let bytes: [UInt8]
    private let slots: [String: Int]
    private let isXML: Bool
    private var at = 0
    private var literal: [UInt8] = []
    private var literals: [UInt8] = []
    private var segments: [AccessLogFormat.Segment] = []
    private var authorizerNames: [[UInt8]] = []
    private var problems: [Problem] = []
    /// Whether the place is between double quotes.
    private var isQuoted = false
    private var suggestions = Suggestions()

    /// `symbols` is the table whose slots the requests' values have.
    static func compile(_ format: String, symbols: SymbolTable) -> (format: AccessLogFormat, problems: [Problem]) {
        var compiler = AccessLogCompiler(format, symbols)
        compiler.run()
        return (
            AccessLogFormat(
                segments: compiler.segments, literals: compiler.literals, authorizerNames: compiler.authorizerNames),
            compiler.problems
        )
    }

    private init(_ format: String, _ symbols: SymbolTable) {
        bytes = Array(format.utf8)
        slots = Dictionary(
            symbols.contextVariables.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        isXML = bytes.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "<")
    }

    private mutating func run() {
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "$"), takeVariable() { continue }
            copy()
        }
        flush()
    }

    /// One byte of the format's own text.
    private mutating func copy() {
        let byte = bytes[at]
        // `\"` within quotes does not end them.
        if byte == 0x5C, isQuoted, at + 1 < bytes.count, bytes[at + 1] != UInt8(ascii: "$") {
            literal.append(byte)
            at += 1
            literal.append(bytes[at] < 0x20 ? 0x20 : bytes[at])
            at += 1
            return
        }
        if byte == 0x22 { isQuoted.toggle() }
        // The importer refuses line breaks; nothing else may end the line either.
        literal.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
        at += 1
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        segments.append(.literal(start: literals.count, end: literals.count + literal.count))
        literals += literal
        literal = []
    }

    /// Takes a variable at a `$`, if one stands there: `$context.NAME` or `${context.NAME}`.
    private mutating func takeVariable() -> Bool {
        let start = at
        var cursor = at + 1
        let isBraced = cursor < bytes.count && bytes[cursor] == UInt8(ascii: "{")
        if isBraced { cursor += 1 }
        let prefix = "context."
        guard bytes[cursor...].starts(with: prefix.utf8) else {
            noteOther(start, cursor)
            return false
        }
        let nameStart = cursor + prefix.utf8.count
        var end = nameStart
        while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
        if !isBraced {
            while end > nameStart, Self.isPunctuation(bytes[end - 1]) { end -= 1 }
        }
        guard end > nameStart, !isBraced || end < bytes.count && bytes[end] == UInt8(ascii: "}") else {
            problems.append(
                Problem(isError: true, message: "'$context' without the name of a variable", range: start..<cursor + 7))
            return false
        }
        let (source, length) = source(String(decoding: bytes[nameStart..<end], as: UTF8.self), isBraced: isBraced)
        let after = isBraced ? end + 1 : nameStart + length
        if let source {
            flush()
            segments.append(.value(source, escaping(source)))
        } else {
            let name = String(decoding: bytes[nameStart..<nameStart + length], as: UTF8.self)
            let near = suggestions.closest(
                to: name, in: { slots.keys.sorted() + AccessLogVariable.allCases.map(\.name) })
            problems.append(
                Problem(
                    isError: false,
                    message: "unknown variable '$context.\(name)' of access logs prints '-'"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""),
                    range: start..<after, suggestion: near.map { "$context.\($0)" }))
            literal.append(0x2D)
        }
        at = after
        return true
    }

    /// The variable of the longest known name, and the length of that name.
    private mutating func source(_ name: String, isBraced: Bool) -> (AccessLogSource?, Int) {
        var known = name[...]
        while true {
            let text = String(known)
            if let variable = AccessLogVariable.byName[text] { return (.log(variable), known.utf8.count) }
            if let slot = slots[text] { return (.context(slot), known.utf8.count) }
            let prefix = "authorizer."
            // Anything else below `authorizer.` is what an authorizer returns.
            if known.count == name.count, text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count {
                if let short = shorterAuthorizerName(text) { return (.log(short), short.name.utf8.count) }
                let key = Array(text.utf8.dropFirst(prefix.utf8.count))
                let index = authorizerNames.firstIndex(of: key) ?? authorizerNames.count
                if index == authorizerNames.count { authorizerNames.append(key) }
                return (.authorizer(index), known.utf8.count)
            }
            guard !isBraced, let cut = known.utf8.lastIndex(where: Self.isPunctuation) else { break }
            known = known[..<cut]
        }
        // What a reader takes for the name: without text that is joined by a dash or colon.
        let end = name.utf8.firstIndex { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") } ?? name.endIndex
        return (nil, isBraced ? name.utf8.count : name[..<end].utf8.count)
    }

    /// `authorizer.status-x` is the variable `authorizer.status` with text behind it.
    private func shorterAuthorizerName(_ text: String) -> AccessLogVariable? {
        guard let cut = text.utf8.firstIndex(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }) else {
            return nil
        }
        return AccessLogVariable.byName[String(text[..<cut])]
    }

    /// Variables of templates, which access logs do not have.
    private mutating func noteOther(_ start: Int, _ cursor: Int) {
        var end = cursor
        while end < bytes.count, Self.isNameByte(bytes[end]), !Self.isPunctuation(bytes[end]) { end += 1 }
        guard end > cursor, bytes[cursor] > 0x39 else { return }
        let name = String(decoding: bytes[cursor..<end], as: UTF8.self)
        problems.append(
            Problem(
                isError: true,
                message: "'$\(name)' in the format of access logs; only '$context' variables are allowed",
                range: start..<end))
    }

    private func escaping(_ source: AccessLogSource) -> AccessLogFormat.Escaping {
        if isXML { return .xml }
        if isQuoted { return .json }
        if case .context(let slot) = source, let variable = ContextVariable(rawValue: UInt16(truncatingIfNeeded: slot))
        {
            switch variable {
            case .requestTime, .errorMessage, .routeKey: return .words
            case .errorMessageString: return .string
            default: break
            }
        }
        return .plain
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: isPunctuation(byte)
        }
    }

    /// Bytes that join names, and end none: of paths, of keys of authorizers, and of claims (`cognito:username`).
    private static func isPunctuation(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
    }
}
