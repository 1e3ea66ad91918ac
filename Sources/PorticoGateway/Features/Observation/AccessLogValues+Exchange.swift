// Hot: once per value of an access log. Allocates: nothing once the arena has grown.

internal import PorticoIR
internal import PorticoPrograms

extension Exchange: AccessLogValues {
    func accessLogValue(context slot: Int) -> UnsafeRawBufferPointer? { contextValue(slot) }

    /// Source: API Gateway guide, "Variables for access logging": the claims as a whole are `null`.
    func accessLogValue(authorizer name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if let value = authorizerValue(name) { return value }
        return bytesEqual(name, ("claims" as StaticString).signedBytes) ? ("null" as StaticString).signedBytes : nil
    }

    func accessLogValue(_ variable: AccessLogVariable) -> UnsafeRawBufferPointer? {
        switch variable {
        case .status: return number(answerStatus)
        case .responseLength: return number(answerLength)
        case .dataProcessed: return number(dataProcessed)
        case .responseLatency: return number(latencyMicroseconds / 1000)
        case .integrationLatency, .integrationLatencyMember:
            return integrationMicroseconds >= 0 ? number(integrationMicroseconds / 1000) : nil
        case .integrationStatus, .integrationIntegrationStatus:
            return integrationStatus > 0 ? number(integrationStatus) : nil
        case .integrationStatusMember:
            // Of a Lambda proxy, what the function says.
            guard integrationStatus > 0 else { return nil }
            return number(method?.integration.kind == .awsProxy && fault == nil ? answerStatus : integrationStatus)
        case .integrationErrorMessage, .integrationError:
            guard integrationMicroseconds >= 0, let fault else { return nil }
            return text(fault.log)
        case .xrayTraceID:
            guard trace.isOn else { return nil }
            let start = arena.count
            arena.appendUninitialized(TraceIdentifier.rootLength) { trace.root.writeRoot(to: $0) }
            return arenaBytes(start..<arena.count)
        case .authorizerLatency, .authorizerIntegrationLatency:
            return access.latencyMilliseconds > 0 ? number(access.latencyMilliseconds) : nil
        case .authorizerStatus, .authorizeStatus:
            return access.isAuthorized ? number(200) : nil
        case .authenticateStatus:
            return access.caller == nil ? nil : number(200)
        case .authorizerError: return access.error.map(text)
        case .endpointType: return text("REGIONAL")
        case .integrationRequestID:
            if let id = response?.header(.amznRequestID) { return id }
            return functionCall.map { text($0.requestID) }
        case .customDomainBasePathMatched:
            // Unconfirmed: how a mapping without a base path is called.
            guard domain != nil else { return nil }
            return basePath.isEmpty ? text("(none)") : basePath.bytes
        // Variables of what a REST API does not have, or what is not executed: absent, as API Gateway has them.
        case .authorizeError, .authorizeLatency, .authorizerIntegrationStatus, .authorizerRequestID,
            .authenticateError, .authenticateLatency, .wafError, .wafLatency, .wafStatus, .awsEndpointRequestID2:
            return nil
        }
    }

    private func number(_ value: Int) -> UnsafeRawBufferPointer {
        let start = arena.count
        arena.append(decimal: max(value, 0))
        return arenaBytes(start..<arena.count)
    }

    private func text(_ value: String) -> UnsafeRawBufferPointer {
        let start = arena.count
        arena.append(value)
        return arenaBytes(start..<arena.count)
    }
}
