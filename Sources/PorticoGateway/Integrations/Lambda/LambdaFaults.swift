// Hot: once per call of a function that fails. Allocates: the texts of the fault.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// What the gateway answers when a function, or the way to it, fails.
///
/// Source: reference, "Failures" (4.1), "Response" (5.2), "Execution logs" (9.2). The log lines are those of API Gateway;
/// `cause` says on Portico's own log what to do.
enum LambdaFaults {
    /// Largest result. Source: Lambda quotas, invocation payload of synchronous calls: 6 MB and what frames it.
    static let longestResult = 6_291_556

    /// 502: the result of a proxied function is not of the form that API Gateway reads.
    static func malformed(_ reason: String, _ exchange: Exchange) -> GatewayFault {
        var fault = badGateway(
            "Execution failed due to configuration error: Malformed Lambda proxy response", exchange)
        fault.cause = "malformed Lambda proxy response of function \(name(exchange)): \(line(of: reason))"
        return fault
    }

    /// 502: a proxied function failed.
    static func functionError(_ payload: UnsafeRawBufferPointer, requestID: String, _ exchange: Exchange)
        -> GatewayFault
    {
        let line = failureLine(payload, requestID: requestID, exchange.worker)
        var fault = badGateway(line, exchange)
        fault.cause = "function \(name(exchange)) failed: \(errorText(payload, exchange.worker))"
        return fault
    }

    /// The line that tells of a function's failure.
    static func failureLine(_ payload: UnsafeRawBufferPointer, requestID: String, _ worker: Worker) -> String {
        "Lambda execution failed with status 200 due to customer function error: \(errorText(payload, worker)). "
            + "Lambda request id: \(requestID)"
    }

    /// `errorMessage` of a failure, else its payload.
    private static func errorText(_ payload: UnsafeRawBufferPointer, _ worker: Worker) -> String {
        if !payload.isEmpty, worker.parse(payload),
            let message = worker.tape.member(worker.tape.root, named: Array("errorMessage".utf8)),
            !worker.tape.kind(message).isContainer
        {
            return line(of: worker.tape.text(message))
        }
        return line(of: String(decoding: payload.prefix(1000), as: UTF8.self))
    }

    /// The beginning of a text, on one line: a function must not make log lines that seem to be Portico's.
    private static func line(of text: String) -> String {
        let scalars = text.unicodeScalars.prefix(1000).map { scalar -> Unicode.Scalar in
            scalar.value < 0x20 || scalar.properties.isPatternWhitespace ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Lambda, or who stands for it, refused the call.
    ///
    /// Unconfirmed: 413, which users report of events over 6 MB; 500 for integrations that are no proxies, whose selection
    /// patterns see errors of functions and nothing else (reference 4.5.1).
    static func refused(
        status: Int, type: String, message: String, requestID: String, _ exchange: Exchange
    ) -> GatewayFault {
        let line = "Lambda invocation failed with status: \(status). Lambda request id: \(requestID)"
        var fault: GatewayFault
        switch status {
        case 429 where exchange.worker.isHTTPAPI:
            // Unconfirmed: what an HTTP API answers when Lambda throttles.
            fault = GatewayFault(.integrationFailure, status: 503, log: line)
        case 403:
            fault = .configuration("Invalid permissions on Lambda function")
        case 413:
            fault = GatewayFault(.requestTooLarge, log: line)
        case 404:
            fault = GatewayFault(.apiConfigurationError, log: line)
        default:
            fault =
                exchange.method?.integration.kind == .awsProxy
                ? badGateway(line, exchange) : GatewayFault(.apiConfigurationError, log: line)
        }
        fault.cause =
            "function \(name(exchange)) was not called: \(status) \(Self.line(of: type))"
            + (message.isEmpty ? "" : ": " + Self.line(of: message)) + hint(status, type)
        return fault
    }

    /// What to do about a refusal.
    private static func hint(_ status: Int, _ type: String) -> String {
        if type.contains("Signature") || type.contains("UnrecognizedClient") || type.contains("Token") {
            return
                "; look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN or x-portico-identities, and at the clock"
        }
        return switch status {
        case 403: "; allow lambda:InvokeFunction to the keys that sign the call"
        case 404: "; does the function exist there? x-portico-functions or --lambda NAME=... say where it runs"
        default: ""
        }
    }

    /// There is no answer of the function.
    static func failed(_ failure: UpstreamFailure, _ function: ServingFunction, _ exchange: Exchange) -> GatewayFault {
        var fault =
            exchange.worker.isHTTPAPI ? HTTPIntegration.routeFault(of: failure) : HTTPIntegration.fault(of: failure)
        switch failure {
        case .timeout:
            fault.cause = "function \(name(exchange)) did not answer within the integration's time-out"
        case .tooLarge where exchange.method?.integration.kind == .awsProxy:
            fault = badGateway(fault.log, exchange)
            fault.cause =
                "function \(name(exchange))\(place(function)) returned more than 10 MB, or more than "
                + "\(HTTPHeaderTable.capacity) headers or 64 KB of them"
        case .connectFailed:
            fault.cause =
                "no connection for function \(name(exchange))\(place(function)): is it running?\(fix(function))"
        default:
            fault.cause = "the call of function \(name(exchange))\(place(function)) failed: \(failure)"
        }
        return fault
    }

    /// There is no streamed answer.
    static func fault(
        of failure: StreamedFunctionFailure, _ function: ServingFunction, _ exchange: Exchange
    ) -> GatewayFault {
        switch failure {
        case .malformed(let reason):
            return malformed(reason, exchange)
        case .upstream(let failure):
            return failed(failure, function, exchange)
        case .outcome(.failed(let payload)):
            return payload.withUnsafeReadableBytes { functionError($0, requestID: "", exchange) }
        case .outcome(.refused(let status, let type, let message)):
            guard case .server = function.home else {
                return refused(status: status, type: type, message: message, requestID: "", exchange)
            }
            // A plain server fails by any status but 200.
            var text = message
            return text.withUTF8 { functionError(UnsafeRawBufferPointer($0), requestID: "", exchange) }
        case .outcome:
            return malformed("there is no result", exchange)
        }
    }

    private static func place(_ function: ServingFunction) -> String {
        switch function.home {
        case .hosted: ""
        case .endpoint(let address), .server(let address): " to \(address.target.host):\(address.target.port)"
        }
    }

    private static func fix(_ function: ServingFunction) -> String {
        switch function.home {
        case .hosted: ""
        case .endpoint: " --endpoint lambda=URL names another endpoint, --lambda NAME=... runs the function here"
        case .server: " x-portico-functions or --lambda NAME=... say where it runs"
        }
    }

    /// 502 of no type of its own; 500 in an HTTP API. Source: reference 1.5, last row.
    private static func badGateway(_ line: String, _ exchange: Exchange) -> GatewayFault {
        var fault = GatewayFault(.default5XX, status: exchange.worker.isHTTPAPI ? 500 : 502, log: line)
        fault.isSpaced = true
        return fault
    }

    private static func name(_ exchange: Exchange) -> String {
        guard case .function(let function) = exchange.method?.integration.backend else { return "" }
        return "'\(function.name.text)'"
    }
}
