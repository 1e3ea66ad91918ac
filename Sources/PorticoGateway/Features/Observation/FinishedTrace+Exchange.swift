// Hot: no, only sampled requests come here. Allocates: texts.

internal import PorticoIR
internal import PorticoPrograms

extension FinishedTrace {
    /// What is known of a request that has ended.
    init(_ exchange: Exchange, _ sampling: SamplingProgram) {
        func text(_ bytes: UnsafeRawBufferPointer?) -> String {
            bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let identity = exchange.stage?.snapshot.identity ?? APIIdentity()
        let trace = exchange.trace
        let start = exchange.startMilliseconds * 1000
        self.init(
            traceID: trace.root, spanID: trace.span, parentID: trace.parent, startMicroseconds: start,
            endMicroseconds: start + max(exchange.latencyMicroseconds, 0), apiName: identity.name,
            apiID: identity.apiID, stage: text(exchange.stage?.name.bytes), accountID: identity.accountID,
            region: identity.region, method: text(exchange.verbText), host: text(exchange.samplingHost),
            path: text(exchange.path), clientIP: text(exchange.sourceAddress.bytes), status: exchange.answerStatus,
            contentLength: exchange.answerLength, requestID: text(exchange.requestID),
            extendedRequestID: text(exchange.extendedID))
        scheme = exchange.isTLS ? "https" : "http"
        resourcePath = exchange.method.map { text($0.resourcePath.bytes) }
        userAgent = exchange.headerValue(.userAgent).map { text($0) }
        if sampling.rules.indices.contains(trace.rule) { samplingRule = sampling.rules[trace.rule].name }
        responseType = exchange.fault?.type.rawValue
        failure = exchange.fault.flatMap { $0.log.isEmpty ? nil : $0.log }
        if let state = exchange.field("tracestate"), Tracestate.memberCount(state) != nil { traceState = text(state) }
        if let call = Call(exchange, start: start) { calls = [call] }
    }
}

extension FinishedTrace.Call {
    /// The call of the integration; `nil` if there was none.
    fileprivate init?(_ exchange: Exchange, start: Int) {
        guard exchange.integrationMicroseconds >= 0, let integration = exchange.method?.integration,
            let kind = Self.kind(of: integration)
        else { return nil }
        let begun = start + Int(truncatingIfNeeded: (exchange.integrationStart &- exchange.startNanoseconds) / 1000)
        self.init(
            id: exchange.trace.call, kind: kind, startMicroseconds: begun,
            endMicroseconds: begun + exchange.integrationMicroseconds)
        if case .http = kind {
            // Without one of its own the integration has the caller's.
            let verb = integration.httpMethod.bytes.isEmpty ? exchange.verbText : integration.httpMethod.bytes
            method = String(decoding: verb, as: UTF8.self)
            url = Self.url(of: integration) ?? ""
        }
        status = exchange.integrationStatus
        if exchange.integrationStatus == 0 { failure = exchange.fault?.log ?? "no answer" }
    }

    /// Where an HTTP backend is called, as far as the document says it; `nil` for an address that each request makes.
    private static func url(of integration: ServingIntegration) -> String? {
        switch integration.endpoint {
        case .fixed(let address): origin(of: address) + address.requestTarget.text
        case .pathTemplate(let address, _): origin(of: address) + "/"
        case .linked(let linked): linked.addresses.first.map { origin(of: $0) + "/" }
        case .template, .none, .invalid, .unusable: nil
        }
    }

    private static func origin(of address: EndpointAddress) -> String {
        let target = address.target
        let host = target.host.contains(":") ? "[\(target.host)]" : target.host
        return (target.isTLS ? "https://" : "http://") + host
            + (target.port == (target.isTLS ? 443 : 80) ? "" : ":\(target.port)")
    }

    private static func kind(of integration: ServingIntegration) -> FinishedTrace.Call.Kind? {
        switch integration.backend {
        case .function(let function): return .lambda(functionName: function.name.name)
        case .service(let call):
            return .service(name: call.name, action: nil)
        case .none, .invalid: break
        }
        switch integration.endpoint {
        case .fixed(let address), .pathTemplate(let address, _):
            let port = address.target.port
            return .http(
                host: address.target.host, port: port == (address.target.isTLS ? 443 : 80) ? nil : port)
        case .linked(let linked):
            return linked.addresses.first.map { .http(host: $0.target.host, port: $0.target.port) }
        case .template: return .http(host: "backend", port: nil)
        case .none, .invalid, .unusable: return nil
        }
    }
}
