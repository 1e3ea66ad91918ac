// Hot: once per request of an HTTP API with CORS. Allocates: nothing.

internal import PorticoPrograms

/// CORS of HTTP APIs: the gateway answers preflights that no route takes, and writes the headers of all other answers
/// instead of what the backend says.
///
/// Source: reference, "CORS" (1.8).
enum CORSFilter {
    /// Whether a request asks for leave to make another one.
    @inline(__always)
    static func isPreflight(_ exchange: Exchange) -> Bool {
        exchange.verb == HTTPMethod.options.rawValue && exchange.headers.contains(.origin)
            && exchange.headers.contains(.accessControlRequestMethod)
    }

    /// Answers a preflight. Unconfirmed: 204, also to an origin that is not allowed, which then has no headers.
    static func answerPreflight(_ exchange: Exchange) -> PhaseOutcome {
        ResponseWriter.begin(exchange, status: 204)
        ResponseWriter.finishHead(exchange, status: 204, bodyLength: 0)
        return .answered
    }

    /// Writes the headers of an answer, if the request has an origin that is allowed. An OPTIONS request that is no
    /// preflight gets none.
    static func writeHeaders(_ cors: ServingCORS, _ exchange: Exchange, into output: OutputBuffer) {
        guard let origin = exchange.headerValue(.origin), cors.allows(origin) else { return }
        let isOptions = exchange.verb == HTTPMethod.options.rawValue
        if isOptions, !exchange.headers.contains(.accessControlRequestMethod) { return }
        cors.writeOrigin(origin, into: output)
        output.append(cors.common.bytes)
        if isOptions { output.append(cors.preflight.bytes) }
    }

    /// Whether a backend's field is one that the gateway writes itself.
    @inline(__always)
    static func replaces(_ name: UnsafeRawBufferPointer) -> Bool {
        let prefix: StaticString = "access-control-"
        guard name.count > prefix.utf8CodeUnitCount, name[0] | 0x20 == 0x61 else { return false }
        return bytesEqualIgnoringCase(
            UnsafeRawBufferPointer(rebasing: name[..<prefix.utf8CodeUnitCount]), prefix.signedBytes)
    }
}
