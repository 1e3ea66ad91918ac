// Hot: once per mapped response. Allocates: nothing for preformatted heads.

internal import PorticoIR
internal import PorticoPrograms

/// From an integration response to the answer: parameter mapping, template, overrides, content handling.
///
/// Source: reference, 4.2 (order of mapping and overrides), 4.6 (headers), 4.7 (content handling).
enum MethodResponseWriter {
    /// Writes the answer for a chosen integration response.
    static func write(
        _ exchange: Exchange, _ response: ServingIntegrationResponse, body: UnsafeRawBufferPointer,
        contentType: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        let worker = exchange.worker
        var text = body
        var isRaw = false
        if !body.isEmpty {
            switch BodyConversion.response(exchange, body, contentType: contentType, response.contentHandling) {
            case .unchanged: break
            case .raw: isRaw = true
            case .converted(let bytes): text = bytes
            case .failed:
                exchange.fault = .configuration("Unable to base64 decode the body.")
                return .fault
            }
        }
        var answer = text
        if let template = TemplateSelection.response(exchange, response) {
            if isRaw, !template.isPassthrough {
                // Source: reference 4.7: a template applied to bytes that were not turned into text.
                exchange.fault = .configuration("Unable to transform response")
                return .fault
            }
            switch template.render(body: text, exchange) {
            case .passthrough: break
            case .constant(let bytes, _): answer = bytes
            case .rendered: answer = worker.body.bytes
            case .failed: return .fault
            }
        }
        // After the template, whose override may stand in for a status that the method does not declare.
        guard response.isDeclared || exchange.overrides.status != nil else {
            exchange.fault = .configuration(
                "Output mapping refers to an invalid method response: \(response.statusCode)")
            return .fault
        }
        guard response.statusCode >= 200 || (exchange.overrides.status ?? 0) >= 200 else {
            // An interim status is no answer: the client would go on waiting for one.
            exchange.fault = .configuration("status \(response.statusCode) cannot end a request")
            return .fault
        }
        guard !exchange.overrides.changesResponse, let head = response.preformattedHead else {
            return writeMapped(exchange, response, answer)
        }
        worker.output.append(head.bytes)
        if answer.count >= response.minimumCompressionSize {
            answer = CompressionFilter.compress(exchange, answer, status: response.statusCode)
        }
        ResponseWriter.finish(exchange, status: response.statusCode, body: answer)
        return .answered
    }

    /// Headers that need the request, the backend's answer, or overrides.
    private static func writeMapped(
        _ exchange: Exchange, _ response: ServingIntegrationResponse, _ answer: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        let output = exchange.worker.output
        let start = output.count
        // Source: reference 4.2: a status of 100...599 set by a template counts, declared or not. An interim status
        // would leave the client waiting, so below 200 it is the declared one.
        let override = exchange.overrides.status ?? 0
        let status = override >= 200 ? override : response.statusCode
        ResponseWriter.begin(exchange, status: status)
        var hasContentType = false
        var hasContentEncoding = false
        for mapping in response.mappings where mapping.effect == .set {
            guard let value = exchange.value(of: mapping.source), !value.isEmpty else {
                if exchange.fault != nil {
                    output.truncate(to: start)
                    return .fault
                }
                continue
            }
            if exchange.overrides.overridesResponseHeader(mapping.name.bytes) { continue }
            if mapping.known == .contentType { hasContentType = true }
            if mapping.known == .contentEncoding { hasContentEncoding = true }
            ResponseWriter.header(output, mapping.name.bytes, value)
        }
        for header in exchange.overrides.responseHeaders {
            guard let (name, known) = overriddenName(header.name) else { continue }
            if known == .contentType { hasContentType = true }
            if known == .contentEncoding { hasContentEncoding = true }
            for value in header.values {
                name.withUnsafeBytes { name in value.withUnsafeBytes { ResponseWriter.header(output, name, $0) } }
            }
        }
        if !hasContentType { output.append("Content-Type: application/json\r\n") }
        var answer = answer
        if answer.count >= response.minimumCompressionSize, !hasContentEncoding {
            answer = CompressionFilter.compress(exchange, answer, status: status)
        }
        ResponseWriter.finish(exchange, status: status, body: answer)
        return .answered
    }

    /// A header name that a template set, after the rules for mapped headers; `nil` if it is dropped or no name.
    private static func overriddenName(_ name: [UInt8]) -> (name: [UInt8], known: KnownHeader)? {
        let isName = name.withUnsafeBytes { bytes in
            !bytes.isEmpty && bytes.allSatisfy { HeaderTables.shared.isOf(HeaderTables.tokenClass, $0) }
        }
        guard isName else { return nil }
        let known = KnownHeader.named(String(decoding: name, as: UTF8.self))
        guard known != .other else { return (name, known) }
        if HeaderRules.responseDropped & known.bit != 0 { return nil }
        if HeaderRules.responseRemapped & known.bit != 0 {
            return (Array("x-amzn-Remapped-".utf8) + name, .other)
        }
        return (name, known)
    }
}
