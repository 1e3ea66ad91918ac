/// Splits the text of a gateway response into segments. Cold: once per template.
struct SubstitutionCompiler {
    let bytes: [UInt8]
    let symbols: SymbolTable
    private var at = 0
    private var literal: [UInt8] = []
    private var segments: [SubstitutionTemplate.Segment] = []
    private var remarks: [SubstitutionTemplate.Remark] = []

    init(_ bytes: [UInt8], _ symbols: SymbolTable) {
        self.bytes = bytes
        self.symbols = symbols
    }

    mutating func compile() -> (SubstitutionTemplate, [SubstitutionTemplate.Remark]) {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "$"):
                if takeVariable() { continue }
            case UInt8(ascii: "#"): noteDirective()
            default: break
            }
            literal.append(bytes[at])
            at += 1
        }
        flush()
        return (SubstitutionTemplate(segments: segments), remarks)
    }

    private mutating func flush() {
        if !literal.isEmpty { segments.append(.literal(literal)) }
        literal = []
    }

    private static let sources = ["context.", "stageVariables.", "method.request."]

    /// Takes a variable at a `$`, if one stands there.
    private mutating func takeVariable() -> Bool {
        let start = at
        var cursor = at + 1
        let isBraced = cursor < bytes.count && bytes[cursor] == UInt8(ascii: "{")
        if isBraced { cursor += 1 }
        guard let source = Self.sources.first(where: { bytes[cursor...].starts(with: $0.utf8) }) else {
            noteFunction(start, cursor)
            return false
        }
        let nameStart = cursor + source.utf8.count
        var end = nameStart
        while end < bytes.count, isNameByte(bytes[end], source) { end += 1 }
        // A full stop at the end belongs to the sentence.
        while end > nameStart, !isBraced, [UInt8(ascii: "."), UInt8(ascii: "-")].contains(bytes[end - 1]) { end -= 1 }
        guard end > nameStart, !isBraced || (end < bytes.count && bytes[end] == UInt8(ascii: "}")) else { return false }
        var name = String(decoding: bytes[nameStart..<end], as: UTF8.self)
        if source == "context.", !isBraced, let known = longestKnown(name) {
            name = known
            end = nameStart + known.utf8.count
        }
        let after = isBraced ? end + 1 : end
        guard let segment = segment(source, name, start..<after) else { return false }
        flush()
        segments.append(contentsOf: segment)
        at = after
        return true
    }

    /// `$context.requestId.json` is a variable with text behind it.
    private func longestKnown(_ name: String) -> String? {
        var known = name[...]
        while !symbols.contextVariables.contains(String(known)) {
            guard let cut = known.lastIndex(where: { $0 == "." || $0 == "-" }) else { return nil }
            known = known[..<cut]
        }
        return String(known)
    }

    private func isNameByte(_ byte: UInt8, _ source: String) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): return true
        case UInt8(ascii: "."): return source != "stageVariables."
        // Names of headers, and keys of an authorizer's context.
        case UInt8(ascii: "-"): return source != "stageVariables."
        default: return false
        }
    }

    /// The segment of a variable; an empty list for one that does not exist, `nil` for what is none.
    private mutating func segment(
        _ source: String, _ name: String, _ range: Range<Int>
    ) -> [SubstitutionTemplate.Segment]? {
        switch source {
        case "context.":
            if let slot = symbols.contextVariables.firstIndex(of: name) { return [.context(slot)] }
            remark(.unknownVariable, "unknown context variable '\(name)' leaves nothing", range)
            return []
        case "stageVariables.":
            if let slot = symbols.stageVariables.firstIndex(of: name) { return [.stageVariable(slot)] }
            remark(.unknownVariable, "stage variable '\(name)' is not defined and leaves nothing", range)
            return []
        default:
            guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
            let parameter = Array(name.utf8[name.utf8.index(after: dot)...])
            switch name[..<dot] {
            case "header": return [.header(parameter)]
            case "path": return [.path(parameter)]
            case "querystring": return [.queryString(parameter)]
            default: return nil
            }
        }
    }

    private mutating func noteFunction(_ start: Int, _ cursor: Int) {
        for name in ["input", "util"] where bytes[cursor...].starts(with: (name + ".").utf8) {
            remark(
                .notSubstituted, "'$\(name)' is printed as it stands: a gateway response is no mapping template",
                start..<cursor + name.utf8.count)
        }
    }

    private mutating func noteDirective() {
        for name in ["set", "if", "elseif", "else", "end", "foreach"] {
            let end = at + 1 + name.utf8.count
            guard end <= bytes.count, bytes[at + 1..<end].elementsEqual(name.utf8) else { continue }
            if end < bytes.count, (bytes[end] | 0x20) >= 0x61, (bytes[end] | 0x20) <= 0x7A { continue }
            remark(
                .notSubstituted, "'#\(name)' is printed as it stands: a gateway response is no mapping template",
                at..<end)
            return
        }
    }

    private mutating func remark(_ kind: SubstitutionTemplate.Remark.Kind, _ message: String, _ range: Range<Int>) {
        remarks.append(SubstitutionTemplate.Remark(kind: kind, message: message, range: range))
    }
}
