/// Reads mapping expressions and destinations. Cold: once per parameter of a spec file.
struct MappingReader {
    let text: String
    let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    // MARK: Expressions

    func expression(_ side: MappingSide) throws(MappingProblem) -> MappingExpression {
        if bytes.isEmpty { throw problem("empty mapping expression") }
        if bytes[0] == UInt8(ascii: "'") {
            guard bytes.count >= 2, bytes[bytes.count - 1] == UInt8(ascii: "'") else {
                throw problem("static value \(quoted) lacks its closing quote", hint: "end it with a single quote")
            }
            return .literal(String(decoding: bytes[1..<bytes.count - 1], as: UTF8.self))
        }
        if let rest = rest(after: "context.") { return .context(try variable(rest, "context")) }
        if let rest = rest(after: "stageVariables.") { return .stageVariable(try name(rest)) }
        if let rest = rest(after: "method.request.") {
            guard side != .response else {
                throw problem(
                    "\(quoted) is not available to a method response", hint: "a response maps integration.response.*")
            }
            return try request(rest, side)
        }
        if let rest = rest(after: "integration.response.") {
            guard side == .response else {
                throw problem(
                    "\(quoted) is not available before the backend has answered",
                    hint: side == .request ? "a request maps method.request.*" : nil)
            }
            return try response(rest)
        }
        throw unknown(side)
    }

    private func request(_ start: Int, _ side: MappingSide) throws(MappingProblem) -> MappingExpression {
        let (location, nameStart) = part(start)
        if side == .gatewayResponse, !["path", "querystring", "header"].contains(location) {
            throw unknownLocation(location, start, ["path", "querystring", "header"])
        }
        switch location {
        case "path": return .path(try name(nameStart))
        case "querystring": return .queryString(try name(nameStart))
        case "multivaluequerystring": return .multiValueQueryString(try name(nameStart))
        case "header": return .header(try name(nameStart))
        case "multivalueheader": return .multiValueHeader(try name(nameStart))
        case "body":
            guard let nameStart else { return .body }
            return .bodyPath(try jsonPath(nameStart))
        default:
            throw unknownLocation(
                location, start,
                ["path", "querystring", "header", "multivaluequerystring", "multivalueheader", "body"])
        }
    }

    private func response(_ start: Int) throws(MappingProblem) -> MappingExpression {
        let (location, nameStart) = part(start)
        switch location {
        case "header": return .integrationHeader(try name(nameStart))
        case "multivalueheader": return .integrationMultiValueHeader(try name(nameStart))
        case "body":
            guard let nameStart else { return .integrationBody }
            return .integrationBodyPath(try jsonPath(nameStart))
        default: throw unknownLocation(location, start, ["header", "multivalueheader", "body"])
        }
    }

    private func jsonPath(_ start: Int) throws(MappingProblem) -> JSONPath {
        let path = String(decoding: bytes[start...], as: UTF8.self)
        guard !path.isEmpty else { throw problem("\(quoted) lacks a JSONPath after its last dot") }
        switch JSONPath.compile("$." + path) {
        case .success(let path): return path
        case .failure(let failure):
            // The two bytes put in front are not the author's.
            let low = start + max(0, failure.range.lowerBound - 2)
            let high = min(bytes.count, start + max(0, failure.range.upperBound - 2))
            throw MappingProblem(
                failure.message, min(low, high)..<high,
                hint: path.hasPrefix("$") ? "leave out the '$.', which is put in front by itself" : nil)
        }
    }

    // MARK: Destinations

    func destination(_ side: MappingSide) throws(MappingProblem) -> MappingDestination {
        let prefixes: [MappingSide: String] = [
            .request: "integration.request.", .response: "method.response.", .gatewayResponse: "gatewayresponse.",
        ]
        let prefix = prefixes[side] ?? ""
        guard let start = rest(after: prefix) else {
            throw problem(
                "unknown destination \(quoted); expected \(prefix)header.NAME", hint: suggestion([prefix + "header."]))
        }
        let (location, nameStart) = part(start)
        switch (side, location) {
        case (.request, "header"): return .integrationHeader(try name(nameStart))
        case (.request, "querystring"): return .integrationQueryString(try name(nameStart))
        case (.request, "path"): return .integrationPath(try name(nameStart))
        case (.response, "header"): return .methodResponseHeader(try name(nameStart))
        case (.gatewayResponse, "header"): return .gatewayResponseHeader(try name(nameStart))
        case (.gatewayResponse, "path"): return .gatewayResponsePath(try name(nameStart))
        case (.gatewayResponse, "querystring"): return .gatewayResponseQueryString(try name(nameStart))
        default:
            throw unknownLocation(location, start, side == .response ? ["header"] : ["header", "querystring", "path"])
        }
    }

    // MARK: Pieces

    private func rest(after prefix: String) -> Int? {
        bytes.starts(with: prefix.utf8) ? prefix.utf8.count : nil
    }

    /// The word up to the next dot, and where the rest begins.
    private func part(_ start: Int) -> (word: String, next: Int?) {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
        return (String(decoding: bytes[start..<end], as: UTF8.self), end < bytes.count ? end + 1 : nil)
    }

    /// The name of a parameter: anything but blanks, controls and quotes.
    private func name(_ start: Int?) throws(MappingProblem) -> String {
        guard let start, start < bytes.count else { throw problem("\(quoted) lacks a name at its end") }
        for (index, byte) in bytes.enumerated() where index >= start {
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                throw MappingProblem("a blank or a quote cannot stand in a parameter's name", index..<index + 1)
            }
        }
        return String(decoding: bytes[start...], as: UTF8.self)
    }

    private func variable(_ start: Int, _ kind: String) throws(MappingProblem) -> String {
        let name = try name(start)
        guard !name.utf8.starts(with: ".".utf8), name.utf8.last != UInt8(ascii: "."), !name.contains("..") else {
            throw problem("malformed \(kind) variable \(quoted)")
        }
        return name
    }

    private var quoted: String { "'\(text)'" }

    private func problem(_ message: String, hint: String? = nil) -> MappingProblem {
        MappingProblem(message, 0..<bytes.count, hint: hint)
    }

    private func unknownLocation(_ found: String, _ start: Int, _ known: [String]) -> MappingProblem {
        let range = start..<start + found.utf8.count
        let expected = known.joined(separator: ", ")
        let near = Self.nearest(found, known)
        return MappingProblem(
            "unknown parameter location '\(found)'"
                + (near.map { "; did you mean '\($0)'?" } ?? "; expected one of \(expected)"),
            range, hint: near.map { "write '\($0)'" })
    }

    private func unknown(_ side: MappingSide) -> MappingProblem {
        if bytes[0] == UInt8(ascii: "$") {
            return problem("mapping expression \(quoted) begins with '$'", hint: "leave out the '$'")
        }
        let prefixes =
            side == .response
            ? ["integration.response.", "context.", "stageVariables."]
            : ["method.request.", "context.", "stageVariables."]
        let near = suggestion(prefixes)
        return problem(
            "invalid mapping expression \(quoted)", hint: near ?? "a static value stands in single quotes: \(quoted)")
    }

    /// A hint when the text begins nearly like one of these.
    private func suggestion(_ prefixes: [String]) -> String? {
        for prefix in prefixes {
            let dots = prefix.utf8.count { $0 == UInt8(ascii: ".") }
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count > dots else { continue }
            let start = parts.prefix(dots).joined(separator: ".") + "."
            if Self.nearest(start, [prefix]) != nil { return "begin it with '\(prefix)'" }
        }
        return nil
    }

    /// The known word that differs in at most two letters, or in case only, or that the text extends.
    static func nearest(_ word: String, _ known: [String]) -> String? {
        let lower = Array(word.lowercased().utf8)
        // Longer than this is no typing error, and the distance would cost.
        guard lower.count <= 64 else { return nil }
        let aliases = ["query": "querystring", "params": "querystring", "queryparam": "querystring"]
        if let alias = aliases[word.lowercased()], known.contains(alias) { return alias }
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = editDistance(lower, Array(candidate.lowercased().utf8))
            if distance <= 2, distance < (best?.distance ?? 3) { best = (candidate, distance) }
        }
        return best?.word
    }

    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let cost = min(diagonal + (a == b ? 0 : 1), row[j] + 1, row[j + 1] + 1)
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }
}
