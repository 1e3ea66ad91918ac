// Hot: once per result of a function behind a route of an HTTP API. Allocates: nothing once its lists have grown.

internal import PorticoPrograms

/// Makes the answer of an HTTP API of what a function returned.
///
/// Source: reference, "Lambda responses" (1.5).
extension ProxyResponseReader {
    /// Writes the answer for a result, or sets the fault.
    func writeRoute(
        _ exchange: Exchange, _ result: UnsafeRawBufferPointer, _ format: PayloadFormat
    ) -> PhaseOutcome {
        let worker = exchange.worker
        guard worker.parse(result) else { return malformed(exchange, "the result is no JSON") }
        let tape = worker.tape
        var members = Members()
        var cookies: NodeIndex?
        if tape.kind(tape.root) == .object {
            for (key, value) in tape.members(tape.root) {
                if take(key, value, tape, &members) { continue }
                if tape.textEquals(key, ("cookies" as StaticString).signedBytes) { cookies = value }
            }
        }
        guard let statusNode = members.status, tape.kind(statusNode) != .null else {
            guard format == .http2 else {
                return malformed(exchange, "the result has no statusCode, which format 1.0 needs")
            }
            return infer(exchange, result, tape)
        }
        if format == .http2 {
            // Format 2.0 joins values of one name in `headers`.
            members.lists = nil
        } else {
            cookies = nil
        }
        guard let status = status(statusNode, tape) else {
            return malformed(exchange, "statusCode is no number from 200 to 599")
        }
        if let reason = collect(members, tape) { return malformed(exchange, reason) }
        if let cookies, tape.kind(cookies) != .null {
            guard tape.kind(cookies) == .array else { return malformed(exchange, "cookies is no array") }
            for cookie in tape.elements(cookies) where !tape.kind(cookie).isString {
                return malformed(exchange, "an element of cookies is no string")
            }
        }
        var body = UnsafeRawBufferPointer(start: nil, count: 0)
        if let node = members.body, tape.kind(node) != .null {
            // Unconfirmed for 2.0.
            guard tape.kind(node).isString else {
                return malformed(exchange, "body is no string; a function has to write its JSON as text")
            }
            body = text(node, tape, into: worker.body)
        }
        guard let isBase64 = isTrue(members.isBase64, tape) else {
            return malformed(exchange, "isBase64Encoded is neither true nor false")
        }
        if isBase64, !body.isEmpty {
            worker.converted.reset()
            guard Base64Text.appendDecoded(body, into: worker.converted) else {
                return malformed(exchange, "body is no base64, as isBase64Encoded says")
            }
            body = worker.converted.bytes
        }
        writeRouteAnswer(exchange, status: status, body: body, cookies: cookies, tape)
        return .answered
    }

    /// A result without `statusCode` is the body of a 200: the JSON as it is, a string without its quotes.
    private func infer(
        _ exchange: Exchange, _ result: UnsafeRawBufferPointer, _ tape: JSONTape
    ) -> PhaseOutcome {
        let body = tape.kind(tape.root).isString ? text(tape.root, tape, into: exchange.worker.body) : result
        ResponseWriter.begin(exchange, status: 200)
        exchange.worker.output.append("content-type: application/json\r\n")
        ResponseWriter.finish(exchange, status: 200, body: body)
        return .answered
    }

    private func writeRouteAnswer(
        _ exchange: Exchange, status: Int, body: UnsafeRawBufferPointer, cookies: NodeIndex?, _ tape: JSONTape
    ) {
        let output = exchange.worker.output
        ResponseWriter.begin(exchange, status: status)
        let replacesCORS = exchange.stage?.cors != nil
        var dropped = HeaderRules.routeResponseDropped
        // Unconfirmed: that cookies win over a header of the same meaning.
        if let cookies, tape.kind(cookies) == .array { dropped |= KnownHeader.setCookie.bit }
        var hasType = false
        for index in fields.indices where groups.isFirst(index) {
            let field = fields[index]
            if field.known != .other {
                if dropped & field.known.bit != 0 { continue }
            } else if HeaderRules.isOwnOfRoutes(name(field, tape)) {
                continue
            } else if replacesCORS, CORSFilter.replaces(name(field, tape)) {
                continue
            }
            let before = output.count
            var place = index
            while place >= 0 {
                writeRouteValues(of: fields[place], as: field, tape, output)
                place = Int(groups.next[place])
            }
            if field.known == .contentType, output.count > before { hasType = true }
        }
        if let cookies, tape.kind(cookies) == .array {
            for cookie in tape.elements(cookies) {
                ResponseWriter.header(
                    output, ("set-cookie" as StaticString).signedBytes, text(cookie, tape, into: value))
            }
        }
        // Unconfirmed: the type of a body that the function gives none.
        if !hasType { output.append("content-type: text/plain;charset=UTF-8\r\n") }
        ResponseWriter.finish(exchange, status: status, body: body)
    }

    private func writeRouteValues(of field: Field, as first: Field, _ tape: JSONTape, _ output: OutputBuffer) {
        guard field.isList else {
            ResponseWriter.header(output, name(first, tape), text(field.value, tape, into: value))
            return
        }
        for element in tape.elements(field.value) where tape.kind(element) != .null {
            ResponseWriter.header(output, name(first, tape), text(element, tape, into: value))
        }
    }
}
