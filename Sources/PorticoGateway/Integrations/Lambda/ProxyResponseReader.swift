// Hot: once per result of a Lambda proxy. Allocates: nothing once its lists have grown.

internal import PorticoPrograms

/// Makes the answer of what a proxied function returned. One worker owns it.
///
/// Source: reference, "Response" (5.2), "Headers" (4.6), "contentHandling and binary" (4.7).
final class ProxyResponseReader {
    /// A member of one of the two maps.
    struct Field {
        /// Position in ``names`` if the name had escapes, else in the result.
        var offset: Int
        var count: Int
        var hasEscapes: Bool
        var known: KnownHeader
        /// `multiValueHeaders`.
        var isList: Bool
        var value: NodeIndex
    }

    /// The members of the result.
    struct Members {
        var status: NodeIndex?
        var headers: NodeIndex?
        var lists: NodeIndex?
        var body: NodeIndex?
        var isBase64: NodeIndex?
    }

    var fields = ContiguousArray<Field>()
    var groups: NameGroups
    /// Names whose escapes were undone.
    private let names = OutputBuffer(capacity: 64)
    /// A value whose escapes were undone.
    let value = OutputBuffer(capacity: 256)

    init(seed: UInt64) {
        groups = NameGroups(seed: seed)
    }

    /// Writes the answer for a result, or sets the fault.
    func write(_ exchange: Exchange, _ result: UnsafeRawBufferPointer) -> PhaseOutcome {
        let worker = exchange.worker
        guard worker.parse(result) else { return malformed(exchange, "the result is no JSON") }
        let tape = worker.tape
        guard tape.kind(tape.root) == .object else { return malformed(exchange, "the result is no JSON object") }
        var members = Members()
        for (key, value) in tape.members(tape.root) {
            guard take(key, value, tape, &members) else {
                return malformed(
                    exchange,
                    "'\(tape.text(key).prefix(80))' is none of statusCode, headers, multiValueHeaders, body and "
                        + "isBase64Encoded")
            }
        }
        guard let status = status(members.status, tape) else {
            return malformed(exchange, "statusCode is no number from 200 to 599")
        }
        if let reason = collect(members, tape) { return malformed(exchange, reason) }
        var body = UnsafeRawBufferPointer(start: nil, count: 0)
        if let node = members.body, tape.kind(node) != .null {
            guard tape.kind(node).isString else {
                return malformed(exchange, "body is no string; a function has to write its JSON as text")
            }
            body = text(node, tape, into: worker.body)
        }
        guard let isBase64 = isTrue(members.isBase64, tape) else {
            return malformed(exchange, "isBase64Encoded is neither true nor false")
        }
        // Source: reference 5.2 and 4.7: else the base64 text goes out unchanged.
        let takesBytes =
            exchange.webSocket != nil
            ? exchange.stage?.webSocket?.takesBinary == true
            : MediaTypes.isBinary(exchange.headerValue(.accept), exchange.stage?.binaryMediaTypes ?? [])
        if isBase64, !body.isEmpty, takesBytes {
            worker.converted.reset()
            guard Base64Text.appendDecoded(body, into: worker.converted) else {
                exchange.fault = .configuration("Unable to base64 decode the body.")
                return .fault
            }
            body = worker.converted.bytes
        }
        writeAnswer(exchange, status: status, body: body, tape)
        return .answered
    }

    func malformed(_ exchange: Exchange, _ reason: String) -> PhaseOutcome {
        exchange.fault = LambdaFaults.malformed(reason, exchange)
        return .fault
    }

    // MARK: - Reading

    /// Notes a member; `false` for one of another name.
    func take(_ key: NodeIndex, _ value: NodeIndex, _ tape: JSONTape, _ members: inout Members) -> Bool {
        func isNamed(_ name: StaticString) -> Bool {
            tape.textEquals(key, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
        if isNamed("statusCode") {
            members.status = value
        } else if isNamed("body") {
            members.body = value
        } else if isNamed("headers") {
            members.headers = value
        } else if isNamed("isBase64Encoded") {
            members.isBase64 = value
        } else if isNamed("multiValueHeaders") {
            members.lists = value
        } else {
            return false
        }
        return true
    }

    /// The status: a number, or a text that is one; 200 without one. Source: reference 5.2.
    ///
    /// Unconfirmed: fractions are cut off, and what cannot be the status of an answer counts as no number.
    func status(_ node: NodeIndex?, _ tape: JSONTape) -> Int? {
        guard let node, tape.kind(node) != .null else { return 200 }
        var status: Int?
        switch tape.kind(node) {
        case .integer: status = tape.integer(node).map { Int($0) }
        case .number: status = tape.double(node).flatMap { $0 > 0 && $0 < 1000 ? Int($0) : nil }
        case .string:
            let digits = tape.rawText(node)
            guard let base = digits.baseAddress, digits.count <= 4 else { return nil }
            status = FieldValue.decimal(base, digits.count)
        default: break
        }
        guard let status, status >= 200, status <= 599 else { return nil }
        return status
    }

    /// `nil` for what is no truth value. Unconfirmed: texts count, as Jackson reads them.
    func isTrue(_ node: NodeIndex?, _ tape: JSONTape) -> Bool? {
        guard let node else { return false }
        switch tape.kind(node) {
        case .null, .false: return false
        case .true: return true
        case .string:
            let text = tape.rawText(node)
            if text.elementsEqual("true".utf8) { return true }
            return text.isEmpty || text.elementsEqual("false".utf8) ? false : nil
        default: return nil
        }
    }

    /// Gathers the fields of both maps, those of `multiValueHeaders` first; a reason if one is not as it has to be.
    func collect(_ members: Members, _ tape: JSONTape) -> String? {
        fields.removeAll(keepingCapacity: true)
        names.reset()
        if let reason = collect(members.lists, tape, isList: true, "multiValueHeaders")
            ?? collect(members.headers, tape, isList: false, "headers")
        {
            return reason
        }
        groups.group(fields.count, ignoresCase: true) { name(fields[$0], tape) }
        return nil
    }

    private func collect(
        _ map: NodeIndex?, _ tape: JSONTape, isList: Bool, _ title: StaticString
    ) -> String? {
        guard let map, tape.kind(map) != .null else { return nil }
        guard tape.kind(map) == .object else { return "\(title) is no object" }
        for (key, value) in tape.members(map) {
            if isList {
                guard tape.kind(value) == .array else {
                    return "\(title): the value of '\(label(key, tape))' is no array"
                }
                for element in tape.elements(value) where tape.kind(element).isContainer {
                    return "\(title): a value of '\(label(key, tape))' is an object or array"
                }
            } else {
                // Unconfirmed: a header without a value is left out.
                if tape.kind(value) == .null { continue }
                guard !tape.kind(value).isContainer else {
                    return "\(title): the value of '\(label(key, tape))' is an object or array"
                }
            }
            let raw = tape.rawText(key)
            var field = Field(
                offset: 0, count: raw.count, hasEscapes: tape.kind(key) == .escapedKey, known: .other, isList: isList,
                value: value)
            if field.hasEscapes {
                field.offset = names.count
                tape.appendString(key, into: names)
                field.count = names.count &- field.offset
            } else if let base = raw.baseAddress, let start = tape.source.baseAddress {
                field.offset = base - start
            }
            let name = self.name(field, tape)
            guard let base = name.baseAddress, isToken(name) else {
                return "\(title): '\(label(key, tape))' is no name of a header"
            }
            field.known = HeaderTables.shared.recognise(base, length: name.count, readable: name.count)
            fields.append(field)
        }
        return nil
    }

    private func label(_ key: NodeIndex, _ tape: JSONTape) -> String { String(tape.text(key).prefix(80)) }

    private func isToken(_ name: UnsafeRawBufferPointer) -> Bool {
        guard !name.isEmpty else { return false }
        let tables = HeaderTables.shared
        for byte in name where !tables.isOf(HeaderTables.tokenClass, byte) { return false }
        return true
    }

    @inline(__always)
    func name(_ field: Field, _ tape: JSONTape) -> UnsafeRawBufferPointer {
        let text = field.hasEscapes ? names.bytes : tape.source
        return UnsafeRawBufferPointer(rebasing: text[field.offset..<field.offset &+ field.count])
    }

    /// The text of a scalar, made in `buffer` where it does not stand in the result as it is.
    func text(_ node: NodeIndex, _ tape: JSONTape, into buffer: OutputBuffer) -> UnsafeRawBufferPointer {
        if tape.kind(node) == .string { return tape.rawText(node) }
        buffer.reset()
        tape.appendString(node, into: buffer)
        return buffer.bytes
    }

    // MARK: - Writing

    private func writeAnswer(_ exchange: Exchange, status: Int, body: UnsafeRawBufferPointer, _ tape: JSONTape) {
        let output = exchange.worker.output
        exchange.showsTraceID = true
        ResponseWriter.begin(exchange, status: status)
        var written: UInt64 = 0
        // Fields of one name stand together: those of `multiValueHeaders` first, whose casing all get.
        for index in fields.indices where groups.isFirst(index) {
            let field = fields[index]
            if field.known != .other {
                if Self.dropped & field.known.bit != 0 { continue }
            }
            let before = output.count
            var place = index
            while place >= 0 {
                writeValues(of: fields[place], as: field, tape, output)
                place = Int(groups.next[place])
            }
            // A list without values writes nothing.
            if field.known != .other, output.count > before { written |= field.known.bit }
        }
        if written & KnownHeader.contentType.bit == 0 { output.append("Content-Type: application/json\r\n") }
        var answer = body
        if written & KnownHeader.contentEncoding.bit == 0,
            answer.count >= exchange.method?.integration.minimumCompressionSize ?? CompressionFilter.off
        {
            answer = CompressionFilter.compress(exchange, answer, status: status)
        }
        ResponseWriter.finish(exchange, status: status, body: answer)
    }

    /// Fields of a function that do not reach the client. Unconfirmed: the trace id, which the gateway writes itself.
    private static let dropped = HeaderRules.responseDropped | KnownHeader.amznTraceID.bit

    private func writeValues(of field: Field, as first: Field, _ tape: JSONTape, _ output: OutputBuffer) {
        guard field.isList else {
            writeLine(first, field.value, tape, output)
            return
        }
        for element in tape.elements(field.value) where tape.kind(element) != .null {
            writeLine(first, element, tape, output)
        }
    }

    @inline(__always)
    private func writeLine(_ field: Field, _ node: NodeIndex, _ tape: JSONTape, _ output: OutputBuffer) {
        // Source: reference 4.6, last row: the full list, which is the safest.
        if HeaderRules.responseRemapped & field.known.bit != 0, field.known != .other {
            output.append(HeaderRules.remappedPrefix)
        }
        ResponseWriter.header(output, name(field, tape), text(node, tape, into: value))
    }
}
