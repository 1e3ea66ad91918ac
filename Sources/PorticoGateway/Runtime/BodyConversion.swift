// Hot: once per body that is converted. Allocates: what the worker's buffer grows.

internal import PorticoIR
internal import PorticoPrograms

/// Conversions between text and binary. Source: reference, "contentHandling and binary" (4.7), all rows.
enum BodyConversion {
    enum Result {
        /// The body is text as it is.
        case unchanged
        /// The body is binary and goes as it is; no template can read it.
        case raw
        /// In the worker's buffer for converted bodies, until the next conversion.
        case converted(UnsafeRawBufferPointer)
        /// base64 that does not decode.
        case failed
    }

    /// A template met bytes that were not turned into text.
    /// Source: reference 4.7; the text is that of execution logs.
    static var untransformable: GatewayFault { .configuration("Unable to transform request") }

    /// The body that goes to the backend or the template.
    static func request(_ exchange: Exchange, _ handling: ContentHandling?) -> Result {
        let body = exchange.body
        let isBinary =
            exchange.webSocket?.isBinary
            ?? MediaTypes.isBinary(exchange.headerValue(.contentType), exchange.stage?.binaryMediaTypes ?? [])
        switch (isBinary, handling) {
        case (false, nil), (false, .convertToText): return repaired(body, exchange)
        case (false, .convertToBinary): return decoded(body, exchange)
        case (true, nil), (true, .convertToBinary): return .raw
        case (true, .convertToText): return encoded(body, exchange)
        }
    }

    /// The body that goes to the client.
    static func response(
        _ exchange: Exchange, _ body: UnsafeRawBufferPointer, contentType: UnsafeRawBufferPointer,
        _ handling: ContentHandling?
    ) -> Result {
        if exchange.webSocket != nil {
            // Source: reference, "Integrations and two-way" (2.3): bytes go to clients as base64 text.
            if handling == .convertToText { return encoded(body, exchange) }
            if handling == nil { return UTF8Text.isValid(body) ? .unchanged : .raw }
        }
        let ranges = exchange.stage?.binaryMediaTypes ?? []
        let isBinary = MediaTypes.isBinary(contentType, ranges)
        let acceptsBinary = MediaTypes.isBinary(exchange.headerValue(.accept), ranges)
        switch (isBinary, acceptsBinary, handling) {
        case (false, false, nil), (false, _, .convertToText): return repaired(body, exchange)
        case (false, true, nil), (false, _, .convertToBinary): return decoded(body, exchange)
        case (true, false, nil), (true, _, .convertToText): return encoded(body, exchange)
        case (true, true, nil), (true, _, .convertToBinary): return .raw
        }
    }

    private static func repaired(_ body: UnsafeRawBufferPointer, _ exchange: Exchange) -> Result {
        if UTF8Text.isValid(body) { return .unchanged }
        let converted = exchange.worker.converted
        converted.reset()
        UTF8Text.appendRepaired(body, into: converted)
        return .converted(converted.bytes)
    }

    private static func encoded(_ body: UnsafeRawBufferPointer, _ exchange: Exchange) -> Result {
        let converted = exchange.worker.converted
        converted.reset()
        Base64Text.appendEncoded(body, into: converted)
        return .converted(converted.bytes)
    }

    private static func decoded(_ body: UnsafeRawBufferPointer, _ exchange: Exchange) -> Result {
        let converted = exchange.worker.converted
        converted.reset()
        return Base64Text.appendDecoded(body, into: converted) ? .converted(converted.bytes) : .failed
    }
}
