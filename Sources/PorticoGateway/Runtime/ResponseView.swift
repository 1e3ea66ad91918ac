// Hot: once per backend answer. Allocates: nothing.

internal import NIOCore

/// A backend's answer with its bytes at hand, while phases map it.
struct ResponseView {
    let status: Int
    let headers: HTTPHeaderTable
    /// What the header spans count in.
    let head: UnsafeRawBufferPointer
    let body: UnsafeRawBufferPointer

    @inline(__always)
    func name(of span: HeaderSpan) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: head[Int(span.nameOffset)..<Int(span.nameOffset) &+ Int(span.nameLength)])
    }

    @inline(__always)
    func value(of span: HeaderSpan) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: head[Int(span.valueOffset)..<Int(span.valueOffset) &+ Int(span.valueLength)])
    }

    /// Whether the colon follows the name at once; parsers of answers also stand blanks before it.
    @inline(__always)
    func isPlain(_ span: HeaderSpan) -> Bool {
        let end = Int(span.nameOffset) &+ Int(span.nameLength)
        return end < head.count && head[end] == 0x3A
    }

    /// The field as it stands, from its name to its value, with the line end if that follows at once.
    @inline(__always)
    func line(of span: HeaderSpan) -> UnsafeRawBufferPointer {
        let end = Int(span.valueOffset) &+ Int(span.valueLength)
        return UnsafeRawBufferPointer(
            rebasing: head[Int(span.nameOffset)..<(lineEndsWithValue(span) ? end &+ 2 : end)])
    }

    /// Whether CRLF follows the value at once, without blanks between.
    @inline(__always)
    func lineEndsWithValue(_ span: HeaderSpan) -> Bool {
        let end = Int(span.valueOffset) &+ Int(span.valueLength)
        return end &+ 1 < head.count && head[end] == 0x0D && head[end &+ 1] == 0x0A
    }

    /// Value of the first field of that name; without a base if there is none.
    func header(_ known: KnownHeader) -> UnsafeRawBufferPointer? { headers.first(known).map(value) }

    /// What the backend says of its body's length.
    var declaredLength: Int? {
        guard let text = header(.contentLength), !text.isEmpty, text.count < 18 else { return nil }
        var value = 0
        for byte in text {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value &* 10 &+ Int(byte &- 0x30)
        }
        return value
    }
}

extension UpstreamResponse {
    /// Runs `read` with the bytes of head and body.
    @inline(__always)
    func withView<Result>(_ read: (ResponseView) -> Result) -> Result {
        head.withUnsafeReadableBytes { headBytes in
            body.withUnsafeReadableBytes { bodyBytes in
                read(ResponseView(status: status, headers: headers, head: headBytes, body: bodyBytes))
            }
        }
    }
}
