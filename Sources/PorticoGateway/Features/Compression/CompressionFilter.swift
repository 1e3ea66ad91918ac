// Hot: once per body with a content coding, and per answer that may get one. Allocates: nothing once buffers have grown.

internal import PorticoIR
internal import PorticoPrograms

/// Content codings on the way through: undone for requests and for proxied backends, applied to answers.
///
/// Source: reference, "Compression" (8.2), "Headers" (4.6).
enum CompressionFilter {
    // MARK: - Requests

    /// Phase receive: puts the plain body in the place of a compressed one, before anything reads it.
    ///
    /// Head and plain body then stand together in the worker's buffer, so that all spans of the head stay what they are.
    @inline(never)
    static func decompress(_ exchange: Exchange) -> PhaseOutcome {
        var codings = ContentCodingList()
        for span in exchange.headers.spans where span.known == .contentEncoding {
            codings.add(exchange.value(of: span))
        }
        guard !codings.hasUnknown else {
            exchange.fault = GatewayFault(.unsupportedMediaType, log: "unknown content coding of the request")
            return .fault
        }
        guard codings.count > 0 else { return .next }
        let state = exchange.worker.compression
        state.request.reset()
        state.request.append(exchange.slice(0, exchange.bodyOffset))
        let limit = exchange.worker.maximumBodyBytes
        switch state.undo(&codings, of: exchange.body, into: state.request, limit: limit) {
        case .done:
            exchange.codedBody = exchange.body
            exchange.bytes = state.request.bytes
            exchange.bodyLength = state.request.count &- exchange.bodyOffset
            return .next
        case .malformed:
            exchange.fault = GatewayFault(
                .unsupportedMediaType, log: "the request body is not in the content coding that it names")
        case .tooLarge:
            exchange.fault = GatewayFault(
                .requestTooLarge, log: "request body over \(limit) bytes when it is decompressed")
        case .failed:
            exchange.fault = .internalError("no memory to decompress the request body")
        }
        // Gives the memory of what was too large back.
        state.request.reset()
        return .fault
    }

    // MARK: - Proxied backends

    /// What becomes of a proxied backend's answer that has a `Content-Encoding`.
    enum BackendBody {
        /// Without its coding, or never had one; the header goes.
        case plain(UnsafeRawBufferPointer)
        /// As it came, with the header: the client undoes the coding.
        case coded
        case tooLarge
    }

    /// Undoes the codings of a proxied backend's answer.
    ///
    /// API Gateway drops the backend's `Content-Encoding`, so the body has to be plain. As it came, with its header, goes
    /// what cannot be undone, a part of a whole that the client puts together, and, in an API that compresses, what the
    /// client would get anyway.
    @inline(never)
    static func backendBody(_ exchange: Exchange, _ response: ResponseView, minimum: Int) -> BackendBody {
        var codings = ContentCodingList()
        for span in response.headers.spans where span.known == .contentEncoding {
            codings.add(response.value(of: span))
        }
        if codings.hasUnknown || response.status == partialContent { return .coded }
        if codings.count == 0 { return .plain(response.body) }
        if minimum != off, let coding = codings.single, coding == acceptedCoding(exchange) { return .coded }
        if response.body.isEmpty { return .plain(response.body) }
        let state = exchange.worker.compression
        state.answer.reset()
        let limit = exchange.worker.pools.configuration.maximumBodyBytes
        switch state.undo(&codings, of: response.body, into: state.answer, limit: limit) {
        case .done: return .plain(state.answer.bytes)
        case .tooLarge: return .tooLarge
        // A header that does not tell the truth: without it the bytes are what the backend meant.
        case .malformed, .failed: return .plain(response.body)
        }
    }

    // MARK: - Answers

    /// Size that no answer has: compression is off.
    static let off = Int.max

    private static let partialContent = 206

    /// Compresses an answer and writes its `Content-Encoding`, if the client asks for it; else gives it as it is.
    ///
    /// Unconfirmed: no `Vary` is added, since the reference names none; answers that the gateway makes itself, and parts
    /// of a whole, are not compressed.
    @inline(never)
    static func compress(
        _ exchange: Exchange, _ answer: UnsafeRawBufferPointer, status: Int
    ) -> UnsafeRawBufferPointer {
        if let response = exchange.response, response.headers.contains(.contentEncoding) { return answer }
        guard status != partialContent, !HTTPStatus.hasNoBody(status), let coding = acceptedCoding(exchange) else {
            return answer
        }
        let state = exchange.worker.compression
        let output = state.compressed
        output.reset()
        guard state.deflater(coding).apply(to: answer, into: output) else { return answer }
        if let log = exchange.executionLog, log.setting.tracesData { log.plainAnswer = Array(answer) }
        exchange.worker.output.append(coding.headerLine)
        return output.bytes
    }

    private static func acceptedCoding(_ exchange: Exchange) -> ContentCoding? {
        guard exchange.headers.contains(.acceptEncoding) else { return nil }
        var accepted = AcceptedCodings()
        for span in exchange.headers.spans where span.known == .acceptEncoding {
            accepted.add(exchange.value(of: span))
        }
        return accepted.best
    }
}

/// A worker's zlib streams and their buffers; the streams are made when they are first needed.
final class CompressionState {
    /// A decompressed request, with its head before the body.
    let request = OutputBuffer(capacity: 64)
    /// The decompressed body of a backend's answer; its request may still stand in ``request``.
    let answer = OutputBuffer(capacity: 64)
    /// Compressed answers.
    let compressed = OutputBuffer(capacity: 64)
    private let between = [OutputBuffer(capacity: 64), OutputBuffer(capacity: 64)]
    private let inflater = Inflater()
    private lazy var gzip = Deflater(.gzip)
    private lazy var deflate = Deflater(.deflate)

    func deflater(_ coding: ContentCoding) -> Deflater {
        switch coding {
        case .gzip: gzip
        case .deflate: deflate
        }
    }

    /// Undoes all codings, the last one first; each step may give `limit` bytes.
    func undo(
        _ codings: inout ContentCodingList, of body: UnsafeRawBufferPointer, into output: OutputBuffer, limit: Int
    ) -> Inflater.Outcome {
        var input = body
        var step = 0
        while let coding = codings.popLast() {
            if codings.count == 0 { return inflater.undo(coding, of: input, into: output, limit: limit) }
            let target = between[step & 1]
            target.reset()
            let outcome = inflater.undo(coding, of: input, into: target, limit: limit)
            guard case .done = outcome else { return outcome }
            input = target.bytes
            step &+= 1
        }
        return .done
    }
}
