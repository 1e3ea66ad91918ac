/// Where a piece of a value of an HTTP API's parameter mapping comes from.
/// *Source:* API Gateway guide, "Transform API requests and responses for HTTP APIs".
public enum ParameterSource: Sendable, Hashable {
    /// `$request.header.N`: all fields of that name, in any case, joined with commas.
    case header(String)
    /// `$request.querystring.N`: all parameters of that name, joined with commas.
    case queryString(String)
    /// `$request.body`: as it came.
    case body
    /// `$request.body.JSONPATH`
    case bodyPath(JSONPath)
    /// `$request.path`: without the stage.
    case path
    /// `$request.path.N`: a path parameter.
    case pathParameter(String)
    /// `$context.X`: a variable by its dotted name.
    case context(String)
    /// `$stageVariables.X`
    case stageVariable(String)
    /// `$response.header.N`: all fields of that name, in any case, joined with commas.
    case responseHeader(String)
    /// `$response.body`: as it came.
    case responseBody
    /// `$response.body.JSONPATH`
    case responseBodyPath(JSONPath)
}

/// A value of an HTTP API's parameter mapping: static text, one source, or text with sources in it as `${source}`.
public struct ParameterValue: Sendable, Hashable {
    /// A part of the value.
    public enum Piece: Sendable, Hashable {
        /// Text as it is.
        case literal(String)
        /// What a request or an answer says; the bytes of the text that name it.
        case source(ParameterSource, Range<Int>)
    }

    /// In order; none for the empty text.
    public let pieces: [Piece]
    /// What looks like a source and is plain text, because it neither makes up the value nor stands in braces.
    public let strayExpression: Range<Int>?

    /// Reads a value. `side` is that of the mapping: request or response.
    public static func parse(_ text: String, side: MappingSide) -> Result<ParameterValue, MappingProblem> {
        do throws(MappingProblem) {
            return .success(try ParameterReader(text, side).value())
        } catch {
            return .failure(error)
        }
    }

    /// The text, if it is the same for every request.
    public var constant: String? {
        var text = ""
        for piece in pieces {
            guard case .literal(let literal) = piece else { return nil }
            text += literal
        }
        return text
    }
}

/// What a key of an HTTP API's parameter mapping says: what to do, and to what.
public struct ParameterDestination: Sendable, Hashable {
    /// What to do.
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        /// Another value beside those that are there.
        case append
        /// The value instead of those that are there.
        case overwrite
        /// Nothing instead of those that are there.
        case remove
    }

    /// What is changed.
    public enum Target: Sendable, Hashable {
        /// A header field, in any case.
        case header(String)
        /// A query parameter.
        case queryString(String)
        /// The path of the request to the backend.
        case path
        /// The status of the answer.
        case statusCode
    }

    /// What to do.
    public let operation: Operation
    /// What is changed.
    public let target: Target

    /// Reads a key such as `append:header.name`.
    public static func parse(_ text: String, side: MappingSide) -> Result<ParameterDestination, MappingProblem> {
        do throws(MappingProblem) {
            return .success(try ParameterReader(text, side).destination())
        } catch {
            return .failure(error)
        }
    }
}

/// Reads keys and values of parameter mappings. Cold: once per mapping of a spec file.
private struct ParameterReader {
    let text: String
    let bytes: [UInt8]
    let side: MappingSide

    init(_ text: String, _ side: MappingSide) {
        self.text = text
        self.side = side
        bytes = Array(text.utf8)
    }

    private static let dollar = UInt8(ascii: "$")

    // MARK: Values

    func value() throws(MappingProblem) -> ParameterValue {
        if let source = try wholeSource() {
            return ParameterValue(pieces: [.source(source, 0..<bytes.count)], strayExpression: nil)
        }
        var pieces: [ParameterValue.Piece] = []
        var literalStart = 0
        var stray: Range<Int>?
        var index = 0
        while index < bytes.count {
            guard bytes[index] == Self.dollar, index + 1 < bytes.count else {
                index += 1
                continue
            }
            guard bytes[index + 1] == UInt8(ascii: "{") else {
                if stray == nil, let end = strayEnd(index) { stray = index..<end }
                index += 1
                continue
            }
            guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
                throw MappingProblem(
                    "'${' without its '}'", index..<bytes.count, hint: "close the braces, as in '${request.path}'")
            }
            if literalStart < index {
                pieces.append(.literal(String(decoding: bytes[literalStart..<index], as: UTF8.self)))
            }
            pieces.append(.source(try source(index + 2, close), index + 2..<close))
            index = close + 1
            literalStart = index
        }
        if literalStart < bytes.count {
            pieces.append(.literal(String(decoding: bytes[literalStart...], as: UTF8.self)))
        }
        return ParameterValue(pieces: pieces, strayExpression: stray)
    }

    /// The source that the whole text is: `$` and a letter begin one.
    private func wholeSource() throws(MappingProblem) -> ParameterSource? {
        guard bytes.count > 1, bytes[0] == Self.dollar, isLetter(bytes[1]) else { return nil }
        return try source(1, bytes.count)
    }

    /// The end of something like `$request.path` at `start`.
    private func strayEnd(_ start: Int) -> Int? {
        for root in ["request.", "response.", "context.", "stageVariables."]
        where bytes[(start + 1)...].starts(with: root.utf8) {
            return start + 1 + root.utf8.count
        }
        return nil
    }

    private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    private static let requestRoots = ["request", "context", "stageVariables"]
    private static let responseRoots = ["response", "context", "stageVariables"]

    /// Reads `request.header.name` and the like between two offsets.
    private func source(_ start: Int, _ end: Int) throws(MappingProblem) -> ParameterSource {
        let (root, next) = word(start, end)
        let roots = side == .request ? Self.requestRoots : Self.responseRoots
        switch root {
        case "request":
            guard side == .request else {
                throw MappingProblem(
                    "'$request' is not available to a response", start..<end,
                    hint: "a response is mapped from '$response', '$context' and '$stageVariables'")
            }
            return try request(next, start, end)
        case "response":
            guard side == .response else {
                throw MappingProblem(
                    "'$response' is not available before the backend has answered", start..<end,
                    hint: "a request is mapped from '$request', '$context' and '$stageVariables'")
            }
            return try response(next, start, end)
        case "context":
            let name = try name(next, start, end)
            guard !name.hasPrefix("."), !name.hasSuffix("."), !name.utf8.elementsEqual("..".utf8), !name.contains("..")
            else { throw MappingProblem("malformed context variable '\(name)'", start..<end) }
            return .context(name)
        case "stageVariables": return .stageVariable(try name(next, start, end))
        default:
            if bytes[start..<end].first == Self.dollar {
                throw MappingProblem(
                    "a source in braces is written without '$'", start..<end, hint: "leave out the second '$'")
            }
            throw unknown(root, start, roots, "source")
        }
    }

    private func request(
        _ next: Int?, _ start: Int, _ end: Int
    ) throws(MappingProblem) -> ParameterSource {
        let known = ["header", "querystring", "body", "path"]
        guard let next else { throw unknown("", end, known, "part of the request") }
        let (location, nameStart) = word(next, end)
        switch location {
        case "header": return .header(try name(nameStart, start, end))
        case "querystring": return .queryString(try name(nameStart, start, end))
        case "path":
            return nameStart == nil ? .path : .pathParameter(try name(nameStart, start, end))
        case "body":
            guard let nameStart else { return .body }
            return .bodyPath(try jsonPath(nameStart, end))
        default: throw unknown(location, next, known, "part of the request")
        }
    }

    private func response(
        _ next: Int?, _ start: Int, _ end: Int
    ) throws(MappingProblem) -> ParameterSource {
        let known = ["header", "body"]
        guard let next else { throw unknown("", end, known, "part of the response") }
        let (location, nameStart) = word(next, end)
        switch location {
        case "header": return .responseHeader(try name(nameStart, start, end))
        case "body":
            guard let nameStart else { return .responseBody }
            return .responseBodyPath(try jsonPath(nameStart, end))
        default: throw unknown(location, next, known, "part of the response")
        }
    }

    private func jsonPath(_ start: Int, _ end: Int) throws(MappingProblem) -> JSONPath {
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        guard !text.isEmpty else { throw MappingProblem("a JSONPath is missing after the last dot", start - 1..<end) }
        switch JSONPath.compile("$." + text) {
        case .success(let path):
            // Source: API Gateway guide, "Transform API requests and responses for HTTP APIs", notes on the body.
            for step in path.steps {
                switch step {
                case .descend:
                    throw MappingProblem("recursive descent ('..') is not supported in parameter mappings", start..<end)
                case .filter:
                    throw MappingProblem("filter expressions are not supported in parameter mappings", start..<end)
                default: continue
                }
            }
            return path
        case .failure(let failure):
            // The two bytes put in front are not the author's.
            let low = start + max(0, failure.range.lowerBound - 2)
            let high = min(end, start + max(0, failure.range.upperBound - 2))
            throw MappingProblem(failure.message, min(low, high)..<high)
        }
    }

    // MARK: Keys

    func destination() throws(MappingProblem) -> ParameterDestination {
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? 0
        let word = String(decoding: bytes[..<colon], as: UTF8.self)
        let operations = ParameterDestination.Operation.allCases.map(\.rawValue)
        guard colon > 0 else {
            throw MappingProblem(
                "'\(text)' does not say what to do; expected 'append:', 'overwrite:' or 'remove:' before it",
                0..<bytes.count)
        }
        guard let operation = ParameterDestination.Operation(rawValue: word) else {
            throw unknown(word, 0, operations, "operation")
        }
        let (location, next) = self.word(colon + 1, bytes.count)
        let known = side == .request ? ["header", "querystring", "path"] : ["header", "statuscode"]
        guard known.contains(location) else { throw unknown(location, colon + 1, known, "destination") }
        switch location {
        case "header":
            let name = try name(next, colon + 1, bytes.count)
            guard name.utf8.allSatisfy(Self.isFieldNameByte) else {
                throw MappingProblem("'\(name)' is no name of a header", colon + 1..<bytes.count)
            }
            return ParameterDestination(operation: operation, target: .header(name))
        case "querystring":
            return ParameterDestination(
                operation: operation, target: .queryString(try name(next, colon + 1, bytes.count)))
        default:
            guard next == nil else {
                throw MappingProblem("nothing can follow '\(location)'", colon + 1..<bytes.count)
            }
            guard operation == .overwrite else {
                throw MappingProblem(
                    "'\(location)' can only be overwritten", 0..<bytes.count, hint: "write 'overwrite:\(location)'")
            }
            return ParameterDestination(operation: operation, target: location == "path" ? .path : .statusCode)
        }
    }

    /// Source: RFC 9110, section 5.6.2.
    private static func isFieldNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    // MARK: Pieces

    /// The word up to the next dot, and where the rest begins.
    private func word(_ start: Int, _ end: Int) -> (word: String, next: Int?) {
        guard start < end else { return ("", nil) }
        let stop = bytes[start..<end].firstIndex(of: UInt8(ascii: ".")) ?? end
        return (String(decoding: bytes[start..<stop], as: UTF8.self), stop < end ? stop + 1 : nil)
    }

    /// The name of a parameter: anything but blanks, controls and quotes.
    private func name(_ next: Int?, _ start: Int, _ end: Int) throws(MappingProblem) -> String {
        guard let next, next < end else {
            throw MappingProblem(
                "'\(String(decoding: bytes[start..<end], as: UTF8.self))' lacks a name at its end", start..<end)
        }
        for index in next..<end {
            let byte = bytes[index]
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                throw MappingProblem("a blank or a quote cannot stand in a parameter's name", index..<index + 1)
            }
        }
        return String(decoding: bytes[next..<end], as: UTF8.self)
    }

    private func unknown(_ found: String, _ start: Int, _ known: [String], _ what: String) -> MappingProblem {
        let range = min(start, bytes.count)..<min(start + found.utf8.count, bytes.count)
        let near = MappingReader.nearest(found, known)
        let message = found.isEmpty ? "a \(what) is missing" : "unknown \(what) '\(found)'"
        return MappingProblem(
            message + (near.map { "; did you mean '\($0)'?" } ?? "; expected one of \(known.joined(separator: ", "))"),
            range, hint: near.map { "write '\($0)'" })
    }
}
