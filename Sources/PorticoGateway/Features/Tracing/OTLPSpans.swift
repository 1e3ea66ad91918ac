// Hot: no, only sampled requests come here. Allocates: the bytes.

/// Spans of OpenTelemetry as protobuf: one for the request, one for each call.
///
/// *Source:* opentelemetry-proto, `trace/v1/trace.proto`; OpenTelemetry semantic conventions, "HTTP spans" (stable), "AWS
/// SDK client spans", "FaaS spans". What has no convention is named `portico.*`.
enum OTLPSpans {
    /// Bytes of a text that came from outside.
    private static let longestText = 1024

    /// Values of `Span.SpanKind`.
    private enum Kind: UInt64 {
        case server = 2
        case client = 3
    }

    /// Each span as a field `spans` of `ScopeSpans`, so that a request is made by appending them.
    static func records(_ trace: FinishedTrace) -> [[UInt8]] {
        var records = [server(trace)]
        for call in trace.calls { records.append(client(call, of: trace)) }
        return records
    }

    private static func server(_ trace: FinishedTrace) -> [UInt8] {
        let method = known(trace.method)
        return record { span in
            begin(&span, trace, id: trace.spanID, parent: trace.parentID)
            span.field(5, trace.resourcePath.map { "\(method ?? "HTTP") \($0)" } ?? method ?? "HTTP")
            span.field(6, varint: Kind.server.rawValue)
            times(&span, trace.startMicroseconds, trace.endMicroseconds)
            methodAttributes(&span, trace.method)
            attribute(&span, "url.scheme", trace.scheme)
            attribute(&span, "url.path", cut(trace.path))
            if let route = trace.resourcePath { attribute(&span, "http.route", route) }
            if trace.status > 0 { attribute(&span, "http.response.status_code", trace.status) }
            attribute(&span, "http.response.body.size", trace.contentLength)
            attribute(&span, "network.protocol.version", trace.protocolVersion)
            let (host, port) = authority(trace.host)
            attribute(&span, "server.address", cut(host))
            if let port { attribute(&span, "server.port", port) }
            attribute(&span, "client.address", trace.clientIP)
            if let agent = trace.userAgent { attribute(&span, "user_agent.original", cut(agent)) }
            attribute(&span, "aws.request_id", trace.requestID)
            attribute(&span, "aws.extended_request_id", trace.extendedRequestID)
            attribute(&span, "cloud.region", trace.region)
            attribute(&span, "cloud.account.id", trace.accountID)
            attribute(&span, "portico.api.id", trace.apiID)
            attribute(&span, "portico.api.name", cut(trace.apiName))
            attribute(&span, "portico.stage", trace.stage)
            if let rule = trace.samplingRule { attribute(&span, "portico.sampling_rule", rule) }
            if let type = trace.responseType { attribute(&span, "portico.gateway_response", type) }
            // Source: semantic conventions, "HTTP spans", status: a server's span fails with 5xx and not with 4xx.
            if trace.isFault {
                attribute(&span, "error.type", trace.responseType ?? (trace.status > 0 ? "\(trace.status)" : "_OTHER"))
                failed(&span, trace.failure)
            }
            flags(&span, isParentRemote: trace.parentID != nil)
        }
    }

    private static func client(_ call: FinishedTrace.Call, of trace: FinishedTrace) -> [UInt8] {
        record { span in
            begin(&span, trace, id: call.id, parent: trace.spanID)
            span.field(5, name(call))
            span.field(6, varint: Kind.client.rawValue)
            times(&span, call.startMicroseconds, call.endMicroseconds)
            target(&span, call, region: trace.region)
            if !call.method.isEmpty { methodAttributes(&span, call.method) }
            if !call.url.isEmpty { attribute(&span, "url.full", XRaySegment.withoutQuery(cut(call.url))) }
            if call.status > 0 { attribute(&span, "http.response.status_code", call.status) }
            if let length = call.contentLength { attribute(&span, "http.response.body.size", length) }
            if let id = call.requestID { attribute(&span, "aws.request_id", cut(id)) }
            if call.isError || call.isFault || call.failure != nil {
                attribute(&span, "error.type", call.status > 0 ? "\(call.status)" : "_OTHER")
                failed(&span, call.failure)
            }
            flags(&span, isParentRemote: false)
        }
    }

    private static func name(_ call: FinishedTrace.Call) -> String {
        switch call.kind {
        case .lambda(let name), .authorizer(let name): "Lambda.Invoke \(cut(name))"
        case .service(let service, let action): action.map { "\(service).\(cut($0))" } ?? service
        case .http: known(call.method) ?? "HTTP"
        }
    }

    private static func target(_ span: inout ProtobufWriter, _ call: FinishedTrace.Call, region: String) {
        switch call.kind {
        case .lambda(let name), .authorizer(let name):
            attribute(&span, "faas.invoked_name", cut(name))
            attribute(&span, "faas.invoked_provider", "aws")
            attribute(&span, "faas.invoked_region", region)
            attribute(&span, "rpc.system", "aws-api")
            attribute(&span, "rpc.service", "Lambda")
            attribute(&span, "rpc.method", "Invoke")
            if case .authorizer = call.kind { attribute(&span, "portico.call", "authorizer") }
        case .service(let service, let action):
            attribute(&span, "rpc.system", "aws-api")
            attribute(&span, "rpc.service", service)
            if let action { attribute(&span, "rpc.method", cut(action)) }
            attribute(&span, "cloud.region", region)
        case .http(let host, let port):
            attribute(&span, "server.address", cut(host))
            if let port { attribute(&span, "server.port", port) }
        }
    }

    private static func begin(
        _ span: inout ProtobufWriter, _ trace: FinishedTrace, id: SpanIdentifier, parent: SpanIdentifier?
    ) {
        span.field(1, bigEndian(trace.traceID.high) + bigEndian(trace.traceID.low))
        span.field(2, bigEndian(id.value))
        span.field(3, trace.traceState)
        if let parent { span.field(4, bigEndian(parent.value)) }
    }

    private static func times(_ span: inout ProtobufWriter, _ start: Int, _ end: Int) {
        span.field(7, fixed64: nanoseconds(start))
        span.field(8, fixed64: nanoseconds(max(start, end)))
    }

    private static func nanoseconds(_ microseconds: Int) -> UInt64 { UInt64(max(microseconds, 0)) &* 1000 }

    /// `Status` with the code of an error.
    private static func failed(_ span: inout ProtobufWriter, _ message: String?) {
        span.field(15) { status in
            status.field(2, cut(message ?? ""))
            status.field(3, varint: 2)
        }
    }

    /// The trace is sampled, and it is known whether the parent is in another process (bits 8 and 9).
    private static func flags(_ span: inout ProtobufWriter, isParentRemote: Bool) {
        span.field(16, fixed32: 1 | 0x100 | (isParentRemote ? 0x200 : 0))
    }

    private static func methodAttributes(_ span: inout ProtobufWriter, _ method: String) {
        if let name = known(method) {
            attribute(&span, "http.request.method", name)
        } else {
            // Methods that anybody can make up are no value to group by.
            attribute(&span, "http.request.method", "_OTHER")
            attribute(&span, "http.request.method_original", cut(method))
        }
    }

    /// Source: RFC 9110 and RFC 5789, as the semantic conventions have it.
    private static let methods: Set<String> = [
        "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
    ]

    private static func known(_ method: String) -> String? { methods.contains(method) ? method : nil }

    /// The header `Host` in its parts; an IPv6 address without its brackets.
    static func authority(_ host: String) -> (host: String, port: Int?) {
        let bytes = host.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return (host, nil) }
        if bytes.first == UInt8(ascii: "["), let end = bytes.lastIndex(of: UInt8(ascii: "]")) {
            let name = String(host[bytes.index(after: bytes.startIndex)..<end])
            return (name, colon > end ? port(host[bytes.index(after: colon)...]) : nil)
        }
        return (String(host[..<colon]), port(host[bytes.index(after: colon)...]))
    }

    private static func port(_ text: Substring) -> Int? {
        guard text.utf8.count <= 5, let port = Int(text), (1...65535).contains(port) else { return nil }
        return port
    }

    private static func record(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var span = ProtobufWriter(capacity: 768)
        body(&span)
        var record = ProtobufWriter(capacity: span.bytes.count + 4)
        record.field(2, span.bytes)
        return record.bytes
    }

    private static func attribute(_ span: inout ProtobufWriter, _ key: String, _ value: String) {
        span.field(9) { OTLPAttribute.write(key, value, into: &$0) }
    }

    private static func attribute(_ span: inout ProtobufWriter, _ key: String, _ value: Int) {
        span.field(9) { OTLPAttribute.write(key, value, into: &$0) }
    }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func cut(_ text: String) -> String { XRaySegment.cut(text, longestText) }
}

/// `KeyValue` of opentelemetry-proto.
enum OTLPAttribute {
    static func write(_ key: String, _ value: String, into writer: inout ProtobufWriter) {
        writer.field(1, key)
        writer.field(2) { $0.alternative(1, value) }
    }

    static func write(_ key: String, _ value: Int, into writer: inout ProtobufWriter) {
        writer.field(1, key)
        writer.field(2) { $0.alternative(3, value) }
    }
}
