/// Splits a selection expression into text and variables. Cold: once per expression of a spec file.
struct SelectionCompiler {
    private let text: String
    private let bytes: [UInt8]
    private let symbols: SymbolTable
    private var at = 0
    private var literal: [UInt8] = []
    private var segments: [SelectionProgram.Segment] = []
    private var problems: [SelectionProblem] = []

    init(_ text: String, _ symbols: SymbolTable) {
        self.text = text
        bytes = Array(text.utf8)
        self.symbols = symbols
    }

    mutating func compile() -> (SelectionProgram, [SelectionProblem]) {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "$"):
                literal.append(UInt8(ascii: "$"))
                at += 2
                continue
            case UInt8(ascii: "$"):
                if takeVariable() { continue }
            default:
                break
            }
            literal.append(bytes[at])
            at += 1
        }
        flush()
        return (SelectionProgram(text: text, segments: segments), problems)
    }

    private mutating func flush() {
        if !literal.isEmpty { segments.append(.literal(literal)) }
        literal = []
    }

    /// Words that a variable begins with. ``response`` is how the expression of a mock's responses is shown.
    private static let roots = ["request", "context", "stageVariables", "integration", "response"]

    /// Takes a variable at a `$`; `false` if none stands there.
    private mutating func takeVariable() -> Bool {
        let start = at
        var nameStart = at + 1
        let isBraced = nameStart < bytes.count && bytes[nameStart] == UInt8(ascii: "{")
        var end: Int
        let after: Int
        if isBraced {
            nameStart += 1
            guard let close = bytes[nameStart...].firstIndex(of: UInt8(ascii: "}")) else {
                report("'${' lacks its closing brace", start..<bytes.count, hint: "end the variable with '}'")
                return false
            }
            end = close
            after = close + 1
        } else {
            end = nameStart
            while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
            end = withBrackets(end)
            // A full stop at the end belongs to the text around.
            while end > nameStart, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") {
                end -= 1
            }
            after = end
        }
        let name = String(decoding: bytes[nameStart..<end], as: UTF8.self)
        let root = String(name.prefix { $0 != "." && $0 != "[" })
        guard Self.roots.contains(root) else {
            noteUnknown(root, name, start..<after, isBraced: isBraced)
            return false
        }
        guard let variable = variable(name, nameStart, start..<after) else { return false }
        flush()
        segments.append(.value(variable))
        at = after
        return true
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// Goes on over subscripts of a JSONPath, such as `[0]` or `['a b'].c`.
    private func withBrackets(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == UInt8(ascii: "["),
            let close = bytes[end...].firstIndex(of: UInt8(ascii: "]"))
        {
            end = close + 1
            while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
        }
        return end
    }

    /// A word that is no variable stays text; one that is nearly one was hardly meant as it stands.
    private mutating func noteUnknown(_ root: String, _ name: String, _ range: Range<Int>, isBraced: Bool) {
        guard name.contains(".") || isBraced else { return }
        let near = MappingReader.nearest(root, Self.roots)
        report(
            "unknown variable '$\(name)'" + (near.map { "; did you mean '$\($0)'?" } ?? ""), range,
            hint: "variables begin with $request.body., $context. or $stageVariables.; a dollar sign is written '\\$'")
    }

    // MARK: - Variables

    private mutating func variable(_ name: String, _ start: Int, _ range: Range<Int>) -> SelectionProgram.Variable? {
        func rest(_ prefix: String) -> String? {
            name.hasPrefix(prefix) && name.utf8.count > prefix.utf8.count ? String(name.dropFirst(prefix.count)) : nil
        }
        if name == "request.body" { return .requestBody }
        if name == "integration.response.body" { return .responseBody }
        if name == "integration.response.statuscode" || name == "response.statuscode" { return .responseStatus }
        if let path = path(name, "request.body", start) { return path.map { .requestBodyPath($0) } }
        if let path = path(name, "integration.response.body", start) { return path.map { .responseBodyPath($0) } }
        if let name = rest("request.header.") { return .requestHeader(name) }
        if let name = rest("request.querystring.") { return .requestQuery(name) }
        if let name = rest("integration.response.header.") { return .responseHeader(name) }
        if let name = rest("integration.response.multivalueheader.") { return .responseHeaderAll(name) }
        if let name = rest("context.") { return context(name, range) }
        if let name = rest("stageVariables.") {
            return symbols.stageVariables.firstIndex(of: name).map { .stageVariable($0) } ?? .absent
        }
        report(
            "unknown variable '$\(name)'", range,
            hint: name.hasPrefix("request")
                ? "a message has $request.body and paths of it"
                : "write $request.body.PATH, $context.X, $stageVariables.X or $integration.response.X")
        return nil
    }

    private func context(_ name: String, _ range: Range<Int>) -> SelectionProgram.Variable {
        if let slot = symbols.contextVariables.firstIndex(of: name) { return .context(slot) }
        let prefix = "authorizer."
        guard name.hasPrefix(prefix), name.utf8.count > prefix.utf8.count else { return .absent }
        return .authorizer(String(name.dropFirst(prefix.count)))
    }

    /// The path behind a body: `nil` if the name is no path of it, `.some(nil)` after reporting one that is none.
    private mutating func path(_ name: String, _ body: String, _ start: Int) -> JSONPath?? {
        guard name.hasPrefix(body) else { return .none }
        let path = name.dropFirst(body.count)
        guard path.hasPrefix(".") || path.hasPrefix("["), path.utf8.count > 1 else { return .none }
        switch JSONPath.compile("$" + path) {
        case .success(let path):
            return .some(path)
        case .failure(let failure):
            // The dollar sign put in front is not the author's.
            let base = start + body.utf8.count - 1
            report(
                failure.message, base + failure.range.lowerBound..<base + max(failure.range.upperBound, 1),
                hint: "write a path such as $\(body).action")
            return .some(nil)
        }
    }

    private mutating func report(_ message: String, _ range: Range<Int>, hint: String? = nil) {
        let low = min(max(range.lowerBound, 0), bytes.count)
        problems.append(
            SelectionProblem(
                message: message, range: low..<max(low, min(range.upperBound, bytes.count)), hint: hint, isError: true))
    }
}
