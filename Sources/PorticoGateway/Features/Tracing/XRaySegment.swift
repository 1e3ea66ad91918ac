// Hot: no, only sampled requests come here. Allocates: the text.

/// A segment of X-Ray as its daemon takes it.
///
/// *Source:* reference, "X-Ray" (9.4); X-Ray guide, "X-Ray segment documents" and "Sending segment documents to the
/// daemon". Unconfirmed: what `aws` of calls of other services than Lambda holds, and the order of members.
enum XRaySegment {
    /// Bytes of a datagram: a segment may have 64 KB, and UDP over IPv4 carries 65,507 bytes.
    static let longestDatagram = 65_507

    /// What every datagram begins with.
    static let header = "{\"format\": \"json\", \"version\": 1}\n"

    /// Bytes of an address within a segment. Unconfirmed: how long X-Ray takes them.
    private static let longestURL = 4096

    /// Bytes of a cause or another text from outside.
    private static let longestText = 1024

    /// The datagram; `nil` if there is no way to make it short enough, which the limits of texts prevent. Calls are left
    /// out from the end if they do not fit.
    static func datagram(_ trace: FinishedTrace) -> [UInt8]? {
        var calls = trace.calls.count
        while true {
            let bytes = write(trace, calls: calls)
            if bytes.count <= longestDatagram { return bytes }
            guard calls > 0 else { return nil }
            calls /= 2
        }
    }

    private static func write(_ trace: FinishedTrace, calls: Int) -> [UInt8] {
        var json = TraceJSON()
        json.open()
        json.member("trace_id", rootText(trace.traceID))
        json.member("id", hexText(trace.spanID))
        if let parent = trace.parentID { json.member("parent_id", hexText(parent)) }
        json.member("name", name("\(trace.apiName)/\(trace.stage)"))
        json.member("origin", "AWS::ApiGateway::Stage")
        json.member("resource_arn", resourceARN(region: trace.region, apiID: trace.apiID, stage: trace.stage))
        times(trace.startMicroseconds, trace.endMicroseconds, into: &json)
        request(trace, into: &json)
        flags(error: trace.isError, fault: trace.isFault, throttle: trace.isThrottled, into: &json)
        if trace.isFault, let failure = trace.failure { cause(failure, id: trace.spanID, into: &json) }
        json.open("aws")
        json.open("api_gateway")
        json.member("account_id", trace.accountID)
        json.member("rest_api_id", trace.apiID)
        json.member("stage", trace.stage)
        json.member("request_id", trace.requestID)
        json.close()
        if let rule = trace.samplingRule {
            json.open("xray")
            json.member("sampling_rule_name", rule)
            json.close()
        }
        json.close()
        json.open("annotations")
        json.member("aws:api_id", trace.apiID)
        json.member("aws:api_stage", trace.stage)
        json.close()
        json.open("metadata")
        json.open("default")
        json.member("extended_request_id", trace.extendedRequestID)
        json.member("request_id", trace.requestID)
        json.close()
        json.close()
        if calls > 0 {
            json.openList("subsegments")
            for call in trace.calls.prefix(calls) { subsegment(call, of: trace, into: &json) }
            json.closeList()
        }
        json.close()
        return Array(header.utf8) + json.bytes
    }

    private static func request(_ trace: FinishedTrace, into json: inout TraceJSON) {
        json.open("http")
        json.open("request")
        json.member("url", cut("\(trace.scheme)://\(trace.host)\(trace.path)", longestURL))
        json.member("method", cut(trace.method, 32))
        json.member("client_ip", trace.clientIP)
        json.member("x_forwarded_for", true)
        if let agent = trace.userAgent { json.member("user_agent", cut(agent, longestText)) }
        json.close()
        json.open("response")
        if trace.status > 0 { json.member("status", trace.status) }
        json.member("content_length", trace.contentLength)
        json.close()
        json.close()
    }

    private static func subsegment(_ call: FinishedTrace.Call, of trace: FinishedTrace, into json: inout TraceJSON) {
        json.open()
        json.member("id", hexText(call.id))
        json.member("name", subsegmentName(call.kind))
        times(call.startMicroseconds, call.endMicroseconds, into: &json)
        json.member("namespace", isAWS(call.kind) ? "aws" : "remote")
        http(call, into: &json)
        flags(error: call.isError, fault: call.isFault, throttle: call.isThrottled, into: &json)
        if call.isFault, let failure = call.failure { cause(failure, id: call.id, into: &json) }
        aws(call, region: trace.region, into: &json)
        json.close()
    }

    private static func http(_ call: FinishedTrace.Call, into json: inout TraceJSON) {
        guard !call.url.isEmpty || call.status > 0 else { return }
        json.open("http")
        if !call.url.isEmpty {
            json.open("request")
            json.member("url", withoutQuery(cut(call.url, longestURL)))
            if !call.method.isEmpty { json.member("method", cut(call.method, 32)) }
            json.close()
        }
        if call.status > 0 {
            json.open("response")
            json.member("status", call.status)
            if let length = call.contentLength { json.member("content_length", length) }
            json.close()
        }
        json.close()
    }

    private static func aws(_ call: FinishedTrace.Call, region: String, into json: inout TraceJSON) {
        switch call.kind {
        case .lambda(let name), .authorizer(let name):
            json.open("aws")
            json.member("function_name", cut(name, longestText))
            json.member("region", region)
            json.member("operation", "Invoke")
            if let id = call.requestID { json.member("request_id", cut(id, 256)) }
            json.openList("resource_names")
            json.element(cut(name, longestText))
            json.closeList()
            json.close()
        case .service(_, let action):
            json.open("aws")
            json.member("region", region)
            if let action { json.member("operation", cut(action, 256)) }
            if let id = call.requestID { json.member("request_id", cut(id, 256)) }
            json.close()
        case .http: break
        }
    }

    private static func subsegmentName(_ kind: FinishedTrace.Call.Kind) -> String {
        switch kind {
        case .lambda, .authorizer: "Lambda"
        case .service(let service, _): name(service)
        case .http(let host, let port): name(port.map { "\(host):\($0)" } ?? host)
        }
    }

    private static func isAWS(_ kind: FinishedTrace.Call.Kind) -> Bool {
        if case .http = kind { false } else { true }
    }

    private static func times(_ start: Int, _ end: Int, into json: inout TraceJSON) {
        json.member("start_time", seconds: start)
        // A clock that was set back must not make a segment that ends before it begins.
        json.member("end_time", seconds: max(start, end))
    }

    private static func flags(error: Bool, fault: Bool, throttle: Bool, into json: inout TraceJSON) {
        if error { json.member("error", true) }
        if throttle { json.member("throttle", true) }
        if fault { json.member("fault", true) }
    }

    private static func cause(_ text: String, id: SpanIdentifier, into json: inout TraceJSON) {
        json.open("cause")
        json.openList("exceptions")
        json.open()
        json.member("id", hexText(id))
        json.member("message", cut(text, longestText))
        json.close()
        json.closeList()
        json.close()
    }

    /// `arn:aws:apigateway:{region}::/restapis/{id}/stages/{stage}`
    static func resourceARN(region: String, apiID: String, stage: String) -> String {
        "arn:aws:apigateway:\(region)::/restapis/\(apiID)/stages/\(stage)"
    }

    /// Up to 200 letters, digits, white space and `_.:/%&#=+\-@`; others become `_`.
    /// *Source:* X-Ray guide, "Segment fields", name.
    static func name(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(200) {
            let isAllowed =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == " "
                || "_.:/%&#=+\\-@".unicodeScalars.contains(scalar)
            result.append(isAllowed ? scalar : "_")
        }
        return String(result)
    }

    static func rootText(_ id: TraceIdentifier) -> String {
        String(unsafeUninitializedCapacity: TraceIdentifier.rootLength) { buffer in
            buffer.baseAddress.map { id.writeRoot(to: $0) }
            return TraceIdentifier.rootLength
        }
    }

    static func hexText(_ id: SpanIdentifier) -> String {
        String(unsafeUninitializedCapacity: SpanIdentifier.hexLength) { buffer in
            buffer.baseAddress.map { id.writeHex(to: $0) }
            return SpanIdentifier.hexLength
        }
    }

    /// The address before its query, which may hold secrets.
    static func withoutQuery(_ url: String) -> String {
        guard let end = url.utf8.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            return url
        }
        return String(url[..<end])
    }

    /// The first `limit` bytes or less, so that no character is cut.
    static func cut(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }
}
