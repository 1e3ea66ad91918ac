// Hot: no, only sampled requests come here. Allocates: texts and lists.

/// What a worker knows of a sampled request at its end. X-Ray's segment and OpenTelemetry's spans are made of it.
struct FinishedTrace: Sendable {
    /// A call that the gateway made for the request.
    struct Call: Sendable {
        /// Who was called.
        enum Kind: Sendable, Hashable {
            /// A Lambda function, or a function that Portico hosts; its name.
            case lambda(functionName: String)
            /// A Lambda authorizer's function; its name.
            case authorizer(functionName: String)
            /// Another service of AWS, such as `dynamodb`, and its action if there is one.
            case service(name: String, action: String?)
            /// An HTTP backend: its host, and its port unless it is the usual one.
            case http(host: String, port: Int?)
        }

        var id: SpanIdentifier
        var kind: Kind
        /// Microseconds since 1970.
        var startMicroseconds: Int
        var endMicroseconds: Int
        /// Method and address of the call; empty if it has none of its own, as calls of hosted functions.
        var method = ""
        var url = ""
        /// Status of the answer; 0 without one.
        var status = 0
        /// Bytes of the answer's body; `nil` if they were not counted.
        var contentLength: Int?
        /// The id that the called service gave to the call.
        var requestID: String?
        /// Why there was no usable answer; `nil` otherwise.
        var failure: String?
    }

    var traceID: TraceIdentifier
    /// The span of the request itself.
    var spanID: SpanIdentifier
    /// The caller's span; `nil` if the trace begins here.
    var parentID: SpanIdentifier?
    /// `tracestate` as it is passed on; empty for none.
    var traceState = ""

    /// Microseconds since 1970.
    var startMicroseconds: Int
    var endMicroseconds: Int

    var apiName: String
    var apiID: String
    var stage: String
    var accountID: String
    var region: String

    /// `GET` and its like.
    var method: String
    /// `http` or `https`.
    var scheme = "https"
    /// What the client called the server: the header `Host`, with its port if it has one.
    var host: String
    /// The path as it came, without query.
    var path: String
    /// The path of the resource, such as `/pets/{id}`; `nil` if none was found. Queries are no part of traces, since they
    /// may hold secrets.
    var resourcePath: String?
    var clientIP: String
    var userAgent: String?
    /// `1.1` or `2`
    var protocolVersion = "1.1"
    /// Status that the client got; 0 if the connection ended before.
    var status: Int
    /// Bytes of the body that the client got.
    var contentLength: Int
    var requestID: String
    var extendedRequestID: String
    /// Name of the sampling rule; `nil` when the caller had decided.
    var samplingRule: String?
    /// The type of the gateway response, if the gateway answered itself.
    var responseType: String?
    /// Why, in the words of the execution log; `nil` if there is nothing to say.
    var failure: String?
    /// In the order of their beginnings.
    var calls: [Call] = []

    /// Source: X-Ray guide, segment documents: `error` for 4xx, `fault` for 5xx, `throttle` for 429.
    var isError: Bool { (400...499).contains(status) }
    var isFault: Bool { (500...599).contains(status) || status == 0 }
    var isThrottled: Bool { status == 429 }
}

extension FinishedTrace.Call {
    var isError: Bool { (400...499).contains(status) }
    var isFault: Bool { (500...599).contains(status) || status == 0 && failure != nil }
    var isThrottled: Bool { status == 429 }
}
