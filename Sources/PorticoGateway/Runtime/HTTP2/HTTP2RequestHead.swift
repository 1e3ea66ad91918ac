// Hot: once per request over HTTP/2. Allocates: nothing but what the buffer grows by.

internal import NIOCore
internal import NIOHPACK

/// How the body of a request over HTTP/2 goes on as HTTP/1.1.
enum HTTP2RequestBody: Equatable {
    /// The stream has ended with the head.
    case none
    /// The client told the length.
    case length(Int)
    /// Only the end of the stream tells.
    case chunked
}

/// What became of the header fields of a request.
enum HTTP2RequestHeadOutcome: Equatable {
    case head(HTTP2RequestBody, isHead: Bool)
    /// The request is malformed; the reason is for people.
    case malformed(String)
}

/// Writes the header fields of a request over HTTP/2 as the head of one over HTTP/1.1.
///
/// Refuses all that could make another request of it: bytes that end a line or a word, targets that are no path,
/// fields of the connection. What else is wrong with a name or a value is left to the parser of heads, which answers.
/// Bytes of values that are no UTF-8 have been replaced by the library, which keeps values as text.
///
/// *Source:* RFC 9113, sections 8.2 and 8.3.
enum HTTP2RequestHead {
    /// Appends the head to `buffer`, which is to be dropped if the request is malformed.
    static func write(
        _ headers: HPACKHeaders, endStream: Bool, into buffer: inout ByteBuffer
    ) -> HTTP2RequestHeadOutcome {
        var line = RequestLine()
        var fields = Fields()
        for (name, value, _) in headers {
            if name.utf8.first == UInt8(ascii: ":") {
                if fields.hasBegun { return .malformed("a pseudo-header field after others") }
                if let reason = line.note(name, value) { return .malformed(reason) }
                continue
            }
            if !fields.hasBegun {
                fields.hasBegun = true
                if let reason = line.write(into: &buffer) { return .malformed(reason) }
            }
            if let reason = fields.note(name, value, line.authority, into: &buffer) { return .malformed(reason) }
        }
        if !fields.hasBegun, let reason = line.write(into: &buffer) { return .malformed(reason) }
        if fields.cookies > 0 { writeCookies(headers, into: &buffer) }
        var body = HTTP2RequestBody.none
        if endStream {
            if fields.contentLength > 0 { return .malformed("a content-length, but no content") }
        } else if fields.contentLength >= 0 {
            body = .length(fields.contentLength)
        } else {
            body = .chunked
            buffer.writeStaticString("transfer-encoding: chunked\r\n")
        }
        buffer.writeStaticString("\r\n")
        return .head(body, isHead: line.method == "HEAD")
    }

    /// Cookies may come in several fields for the sake of compression; anything but HTTP/2 knows one.
    ///
    /// *Source:* RFC 9113, section 8.2.3.
    private static func writeCookies(_ headers: HPACKHeaders, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("cookie: ")
        var isFirst = true
        for (name, value, _) in headers where name == "cookie" {
            if !isFirst { buffer.writeStaticString("; ") }
            isFirst = false
            buffer.writeString(value)
        }
        buffer.writeStaticString("\r\n")
    }
}

/// The pseudo-header fields of a request.
private struct RequestLine {
    var method: String?
    var authority: String?
    private var path: String?
    private var scheme: String?

    /// Gives the reason why the request is malformed.
    mutating func note(_ name: String, _ value: String) -> String? {
        switch name {
        case ":method":
            if method != nil { return "two methods" }
            method = value
        case ":path":
            if path != nil { return "two paths" }
            path = value
        case ":scheme":
            if scheme != nil { return "two schemes" }
            scheme = value
        case ":authority":
            if authority != nil { return "two authorities" }
            if !FieldText.isValue(value) { return "line ends in the authority" }
            authority = value
        default:
            return "an unknown pseudo-header field"
        }
        return nil
    }

    /// Writes the request line and the host.
    func write(into buffer: inout ByteBuffer) -> String? {
        guard let method, FieldText.isToken(method) else { return "no method" }
        buffer.writeString(method)
        if method == "CONNECT" {
            // It has no path, and is refused for its method.
            buffer.writeStaticString(" /")
        } else {
            guard let scheme, !scheme.isEmpty else { return "no scheme" }
            guard let path, FieldText.isPath(path) || path == "*" && method == "OPTIONS" else {
                return "no path that could be a target"
            }
            buffer.writeStaticString(" ")
            buffer.writeString(path)
        }
        buffer.writeStaticString(" HTTP/1.1\r\n")
        if let authority {
            buffer.writeStaticString("host: ")
            buffer.writeString(authority)
            buffer.writeStaticString("\r\n")
        }
        return nil
    }
}

/// The fields that are written one by one.
private struct Fields {
    /// Whether there was one, so that no pseudo-header field may follow.
    var hasBegun = false
    var cookies = 0
    var contentLength = -1
    private var hasHost = false

    /// Writes one field; gives the reason why the request is malformed.
    mutating func note(
        _ name: String, _ value: String, _ authority: String?, into buffer: inout ByteBuffer
    ) -> String? {
        if !FieldText.isValue(value) { return "line ends in a value" }
        switch FieldText.known(name) {
        case nil:
            return "a name that is none"
        case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade:
            return "a field of connections"
        case .te:
            return value == "trailers" ? nil : "a te other than trailers"
        case .cookie:
            cookies += 1
            return nil
        case .host:
            if hasHost { return "two hosts" }
            hasHost = true
            if let authority { return authority == value ? nil : "a host other than the authority" }
        case .contentLength:
            guard contentLength < 0, let length = FieldText.decimal(value) else { return "no length" }
            contentLength = length
        default:
            break
        }
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
        return nil
    }
}

/// Classes of texts that came as names and values.
private enum FieldText {
    /// The field of a name in lower case; `nil` if it is no name.
    static func known(_ name: String) -> KnownHeader? {
        read(name) { bytes in
            guard let base = bytes.baseAddress, isToken(bytes) else { return nil }
            for byte in bytes where byte >= 0x41 && byte <= 0x5A { return nil }
            return HeaderTables.shared.recognise(base, length: bytes.count, readable: bytes.count)
        }
    }

    static func isToken(_ text: String) -> Bool { read(text, isToken) }

    /// Whether it can stand in a line: neither CR, LF nor NUL.
    static func isValue(_ text: String) -> Bool {
        read(text) { bytes in
            for byte in bytes where byte <= 0x0D && (byte == 0x0D || byte == 0x0A || byte == 0) { return false }
            return true
        }
    }

    /// Whether it begins with a slash and can stand in a request line.
    static func isPath(_ text: String) -> Bool {
        read(text) { bytes in
            if bytes.first != UInt8(ascii: "/") { return false }
            for byte in bytes where byte <= 0x20 || byte == 0x7F { return false }
            return true
        }
    }

    static func decimal(_ text: String) -> Int? {
        read(text) { bytes in
            guard let base = bytes.baseAddress else { return nil }
            return FieldValue.decimal(base, bytes.count)
        }
    }

    private static func isToken(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where !HeaderTables.shared.isOf(HeaderTables.tokenClass, byte) { return false }
        return !bytes.isEmpty
    }

    @inline(__always)
    private static func read<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
