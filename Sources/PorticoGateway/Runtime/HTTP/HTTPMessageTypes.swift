// Hot: once per message. Allocates: nothing.

/// A request method. `other` is a method of the IANA registry that no route can have; tokens that are in no list are
/// refused by the parser, and so is CONNECT, because the gateway is no tunnel.
enum HTTPMethod: UInt8, CaseIterable {
    case get
    case head
    case post
    case put
    case patch
    case delete
    case options
    case connect
    case trace
    case other

    /// The name on the wire; empty for `other`.
    var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .other: ""
        }
    }
}

/// The sizes beyond which a message is refused.
struct HTTPLimits {
    /// Source: API Gateway quotas, URL length of edge APIs.
    static let longestRequestLine = 8192
    /// Request line with header values, in HTTP APIs. Source: HTTP API quotas.
    static let longestRouteHead = 10_240

    /// Request line; beyond it 414.
    var requestLineBytes = longestRequestLine
    /// Sum of the header values; beyond it 431. Source: API Gateway quotas.
    var headerValueBytes = 10_240
    /// Header fields with names and line ends, so that names are bounded too; beyond it 431.
    var headerBlockBytes = 20_480
    /// Empty lines before a request line, in bytes.
    var leadingBytes = 16
}

/// One request head. Offsets count from the first of the bytes that were parsed; the fields are in the parser's
/// `HTTPHeaderTable`.
struct RequestHead {
    var method = HTTPMethod.get
    /// 0 or 1: HTTP/1.0 or HTTP/1.1.
    var minorVersion: UInt8 = 1
    /// The body is in chunks; `contentLength` is -1 then.
    var isChunked = false
    /// The client allows another request on this connection.
    var keepAlive = true
    /// The client waits for `100 Continue`. Never for HTTP/1.0.
    var expectContinue = false
    /// The client asks for another protocol: an `Upgrade` field named by `Connection`.
    var hasUpgrade = false
    var methodOffset = 0
    var methodLength = 0
    /// The target as it stands in the request line.
    var targetOffset = 0
    var targetLength = 0
    /// The path, never empty: `/` when an absolute target has none, `*` for a server-wide OPTIONS.
    var pathOffset = 0
    var pathLength = 0
    /// What follows the first `?`; length 0 also when nothing does.
    var queryOffset = 0
    var queryLength = 0
    /// The authority of an absolute target, else the `Host` field; length 0 when there is neither.
    var hostOffset = 0
    var hostLength = 0
    /// -1 without a `Content-Length`.
    var contentLength = -1
    /// Bytes up to and including the empty line, with any empty lines before the request line.
    var headLength = 0
    /// Sum of the header values.
    var headerValueBytes = 0

    /// Whether a body may follow.
    var hasBody: Bool { isChunked || contentLength > 0 }
}

/// What parsing a request head came to.
enum HTTPParseStep {
    case head(RequestHead)
    case needMore
    /// The connection cannot be used any further: answer, then close.
    case rejected(HTTPRejection)
}

/// Why a request is refused before there is an exchange.
enum HTTPRejection: UInt8, CaseIterable {
    case malformedRequestLine
    case unknownMethod
    case malformedTarget
    case requestLineTooLong
    case malformedVersion
    case unsupportedVersion
    case malformedLineEnd
    case malformedField
    case fieldsTooLarge
    case tooManyFields
    case missingHost
    case invalidHost
    case invalidContentLength
    case invalidTransferEncoding
    case unsupportedExpectation
    case malformedChunk
    case bodyTooLarge

    /// The status to answer with.
    var status: Int {
        switch self {
        case .requestLineTooLong: 414
        case .fieldsTooLarge, .tooManyFields: 431
        case .unsupportedVersion: 505
        case .unsupportedExpectation: 417
        case .bodyTooLarge: 413
        default: 400
        }
    }

    /// For logs.
    var reason: StaticString {
        switch self {
        case .malformedRequestLine: "malformed request line"
        case .unknownMethod: "unknown method"
        case .malformedTarget: "malformed request target"
        case .requestLineTooLong: "request line too long"
        case .malformedVersion: "malformed protocol version"
        case .unsupportedVersion: "unsupported protocol version"
        case .malformedLineEnd: "malformed line end"
        case .malformedField: "malformed header field"
        case .fieldsTooLarge: "header fields too large"
        case .tooManyFields: "too many header fields"
        case .missingHost: "missing host"
        case .invalidHost: "invalid or repeated host"
        case .invalidContentLength: "invalid or repeated content length"
        case .invalidTransferEncoding: "invalid transfer encoding"
        case .unsupportedExpectation: "unsupported expectation"
        case .malformedChunk: "malformed chunk"
        case .bodyTooLarge: "body too large"
        }
    }
}
