// Hot: once per call of an AWS service. Allocates: the call; texts only where something failed.

internal import PorticoPrograms

/// AWS integrations of services other than Lambda functions.
///
/// What the service answers is mapped as the answer of an HTTP backend is.
/// Source: reference, "AWS service integrations" (4.8).
enum AWSIntegration {
    static func send(
        _ exchange: Exchange, _ integration: ServingIntegration, _ call: ServingServiceCall
    ) -> PhaseOutcome {
        if let action = call.integration {
            guard let credentials = credentials(of: call, exchange),
                ServiceActionWriter.write(exchange, integration, call, action, credentials: credentials)
            else { return .fault }
            return dispatch(exchange, integration, call)
        }
        guard exchange.requireMappedBody(integration) else { return .fault }
        var body = StaticBytes.empty.bytes
        guard HTTPIntegration.prepareBody(exchange, integration, &body) else { return .fault }
        if integration.hasFailingMapping, RefusedMappings.apply(exchange, integration) { return .fault }
        guard let credentials = credentials(of: call, exchange),
            AWSRequestWriter.write(exchange, integration, call, credentials: credentials, body: body)
        else { return .fault }
        return dispatch(exchange, integration, call)
    }

    /// Sends the message that is written.
    private static func dispatch(
        _ exchange: Exchange, _ integration: ServingIntegration, _ call: ServingServiceCall
    ) -> PhaseOutcome {
        let worker = exchange.worker
        let pool = worker.pool(for: call.address)
        exchange.executionLog?.endpointRequest(exchange, worker.message.bytes, to: pool.target)
        let message = worker.takeMessage()
        exchange.call = pool.send(
            message, isHead: worker.wroteHead, canRetry: worker.wroteIdempotent,
            timeoutMilliseconds: integration.timeoutMilliseconds, receiver: exchange)
        return .suspended
    }

    /// What the call is signed with; `nil` after setting the fault.
    private static func credentials(of call: ServingServiceCall, _ exchange: Exchange) -> SigningCredentials? {
        if call.signsAsCaller { return CallersCredentials.of(exchange) }
        switch exchange.worker.credentials.entry(arn: call.role.bytes) {
        case .available(let credentials): return credentials
        case .unavailable(let problem):
            exchange.fault = .configuration("no credentials to sign the call of \(call.name): \(problem.text)")
            return nil
        }
    }

    /// The answer for a call of a service that failed, which names the service and what to do; `nil` for other calls.
    static func fault(of failure: UpstreamFailure, _ exchange: Exchange) -> GatewayFault? {
        guard let integration = exchange.method?.integration, case .service(let call) = integration.backend else {
            return nil
        }
        var fault = integration.isRoute ? HTTPIntegration.routeFault(of: failure) : HTTPIntegration.fault(of: failure)
        let address = "\(call.name) at \(call.base)"
        let fix = "start it, or give another address with --endpoint \(call.service.name)=URL"
        switch failure {
        case .timeout: fault.log += ": \(address) did not answer within \(integration.timeoutMilliseconds) ms"
        case .connectFailed: fault.log += ": cannot connect to \(address); \(fix)"
        case .tlsFailed:
            fault.log +=
                ": no TLS connection to \(address); check its certificate, or give an http:// address with --endpoint "
                + "\(call.service.name)=URL"
        case .closedEarly: fault.log += ": \(address) closed before its answer was whole"
        case .malformed: fault.log += ": what \(address) answered is no HTTP/1.1"
        case .saturated: fault.log += ": too many calls of \(address) are under way"
        case .tooLarge: fault.log += ": from \(address)"
        }
        return fault
    }
}
