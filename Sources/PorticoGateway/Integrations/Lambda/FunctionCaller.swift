// Hot: once per call of a function. Allocates: for functions that Portico hosts, the payload.

internal import Logging
internal import NIOCore
internal import PorticoPrograms

/// Calls functions in their three homes.
///
/// Source: Lambda API, Invoke; reference, "What each type does" (4.1); for plain servers, the headers of Lambda's Runtime
/// API.
enum FunctionCaller {
    /// Calls a function where it runs.
    static func call(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction,
        _ payload: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        switch function.home {
        case .endpoint(let address): invoke(exchange, integration, function, at: address, payload)
        case .server(let address): post(exchange, integration, function, to: address, payload)
        case .hosted(let name): run(exchange, integration, function, named: name, payload)
        }
    }

    // MARK: - Lambda's Invoke API

    static func invoke(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction,
        at address: EndpointAddress, _ payload: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        let worker = exchange.worker
        let message = worker.message
        message.reset()
        if integration.kind == .awsProxy {
            message.append(function.head.bytes)
            message.append(exchange.requestID)
            message.append("\r\n")
        } else {
            guard InvokeHeadWriter.write(exchange, integration, address) else { return .fault }
        }
        message.append(function.sourceARN.bytes)
        if exchange.webSocket == nil { message.append(exchange.verbText) }
        message.append(exchange.method?.resourcePath.bytes ?? StaticBytes.empty.bytes)
        message.append("\r\nX-Amzn-Trace-Id: ")
        if integration.kind != .awsProxy { exchange.traceID = TraceID.make(exchange) }
        message.append(exchange.arenaBytes(exchange.traceID))
        message.append("\r\n")
        guard sign(message, payload, function, exchange) else { return .fault }
        finish(message, payload)
        exchange.executionLog?.endpointRequest(exchange, message.bytes, to: address.target)
        if function.streams { return stream(exchange, integration, function, at: address, .events) }
        // A call that may have reached the function is not made again.
        exchange.call = worker.pool(for: address).send(
            worker.takeMessage(), isHead: false, canRetry: false,
            timeoutMilliseconds: integration.timeoutMilliseconds, receiver: exchange)
        return .suspended
    }

    /// Signs the head that is written so far; `false` after setting a fault.
    private static func sign(
        _ message: OutputBuffer, _ payload: UnsafeRawBufferPointer, _ function: ServingFunction, _ exchange: Exchange
    ) -> Bool {
        let worker = exchange.worker
        let entry: CredentialTable.Entry
        if function.signsAsCaller {
            guard let credentials = CallersCredentials.of(exchange) else { return false }
            entry = .available(credentials)
        } else {
            entry = worker.credentials.entry(arn: function.role.bytes)
        }
        switch entry {
        case .unavailable(let problem):
            var fault = GatewayFault.configuration("Invalid permissions on Lambda function")
            fault.cause = "no credentials to sign the call of function '\(function.name.text)': \(problem.text)"
            exchange.fault = fault
            return false
        case .available(let credentials):
            let isSigned = worker.signer.sign(
                message, from: 0, payload: .body(payload), scope: function.scope, credentials: credentials,
                epochMilliseconds: worker.clock.milliseconds)
            if !isSigned {
                exchange.fault = .configuration("the call of function '\(function.name.text)' cannot be signed")
            }
            return isSigned
        }
    }

    private static func finish(_ message: OutputBuffer, _ payload: UnsafeRawBufferPointer) {
        message.append("Content-Length: ")
        message.append(decimal: payload.count)
        message.append("\r\n\r\n")
        message.append(payload)
    }

    /// Sends the worker's message, whose answer goes on as it comes.
    private static func stream(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction,
        at address: EndpointAddress, _ format: StreamedFunctionResponse.Format
    ) -> PhaseOutcome {
        let worker = exchange.worker
        return StreamedFunctionResponse.send(
            exchange, worker.takeMessage(), by: worker.pool(for: address), format: format,
            timeoutMilliseconds: integration.timeoutMilliseconds
        ) { LambdaFaults.fault(of: $0, function, exchange) }
    }

    // MARK: - A plain server

    static func post(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction,
        to address: EndpointAddress, _ payload: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        guard let options = InvocationOptions(exchange, integration, payload) else { return .fault }
        if options.isDryRun { return LambdaIntegration.accepted(exchange) }
        let worker = exchange.worker
        let message = worker.message
        message.reset()
        message.append(function.head.bytes)
        message.append(exchange.requestID)
        message.append("\r\nLambda-Runtime-Deadline-Ms: ")
        message.append(decimal: worker.clock.milliseconds &+ integration.timeoutMilliseconds)
        message.append("\r\nLambda-Runtime-Trace-Id: ")
        if integration.kind != .awsProxy { exchange.traceID = TraceID.make(exchange) }
        message.append(exchange.arenaBytes(exchange.traceID))
        message.append("\r\n")
        if let context = options.clientContext {
            message.append("Lambda-Runtime-Client-Context: ")
            context.withUnsafeBytes { ResponseWriter.appendFieldValue($0, into: message) }
            message.append("\r\n")
        }
        finish(message, payload)
        exchange.executionLog?.endpointRequest(exchange, message.bytes, to: address.target)
        if function.streams { return stream(exchange, integration, function, at: address, .bytes) }
        let pool = worker.pool(for: address)
        guard options.isEvent else {
            exchange.call = pool.send(
                worker.takeMessage(), isHead: false, canRetry: false,
                timeoutMilliseconds: integration.timeoutMilliseconds, receiver: exchange)
            return .suspended
        }
        // The pool keeps the call, and the call its receiver.
        _ = pool.send(
            worker.takeMessage(), isHead: false, canRetry: false,
            timeoutMilliseconds: EventDelivery.timeoutMilliseconds,
            receiver: EventDelivery(function: function.name.text, logger: worker.logger))
        worker.counters.upstreamCalls &+= 1
        return LambdaIntegration.accepted(exchange)
    }

    // MARK: - Functions that Portico hosts

    static func run(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction, named name: String,
        _ payload: UnsafeRawBufferPointer
    ) -> PhaseOutcome {
        let worker = exchange.worker
        guard let functions = worker.functions else {
            exchange.fault = LambdaFaults.refused(
                status: 500, type: "ServiceException", message: "nothing runs functions in this process", requestID: "",
                exchange)
            return .fault
        }
        guard let options = InvocationOptions(exchange, integration, payload) else { return .fault }
        if options.isDryRun { return LambdaIntegration.accepted(exchange) }
        if integration.kind != .awsProxy { exchange.traceID = TraceID.make(exchange) }
        let invocation = FunctionInvocation(
            function: name, payload: ByteBuffer(bytes: payload), invokedARN: function.arn,
            traceID: String(decoding: exchange.arenaBytes(exchange.traceID), as: UTF8.self), isEvent: options.isEvent,
            streams: false, clientContext: options.clientContext.map { String(decoding: $0, as: UTF8.self) })
        exchange.executionLog?.functionRequest(exchange, url: function.url, payload)
        if function.streams {
            return StreamedFunctionResponse.invoke(
                exchange, invocation, by: functions, timeoutMilliseconds: integration.timeoutMilliseconds
            ) { LambdaFaults.fault(of: $0, function, exchange) }
        }
        let call = functions.invoke(invocation, on: worker.loop, receiver: exchange)
        exchange.functionCall = call
        // A hosted function has its own time-out, too; this one is the integration's.
        let deadline = TimeAmount.milliseconds(Int64(integration.timeoutMilliseconds))
        exchange.functionDeadline = worker.loop.assumeIsolated().scheduleTask(in: deadline) {
            exchange.functionDidTimeOut(call)
        }
        return .suspended
    }
}

/// How a function is to be invoked: what mapped headers of Lambda's Invoke API say. Source: Lambda API, Invoke.
struct InvocationOptions {
    /// `X-Amz-Invocation-Type: Event`
    private(set) var isEvent = false
    /// `X-Amz-Invocation-Type: DryRun`
    private(set) var isDryRun = false
    /// `X-Amz-Client-Context`, decoded.
    private(set) var clientContext: [UInt8]?

    /// Reads what an integration that is no proxy maps; `nil` after setting a fault.
    init?(_ exchange: Exchange, _ integration: ServingIntegration, _ payload: UnsafeRawBufferPointer) {
        // Source: reference 4.1: a proxy's parameters are ignored, and its event is JSON.
        guard integration.kind != .awsProxy else { return }
        guard InvokeHeadWriter.isPost(exchange, integration) else { return nil }
        let type = InvokeHeadWriter.header("X-Amz-Invocation-Type", exchange, integration)
        guard exchange.fault == nil else { return nil }
        if let type, !type.isEmpty {
            switch String(decoding: type, as: UTF8.self) {
            case "RequestResponse": break
            case "Event": isEvent = true
            case "DryRun": isDryRun = true
            case let other:
                exchange.fault = LambdaFaults.refused(
                    status: 400, type: "InvalidParameterValueException",
                    message: "'\(other.prefix(80))' is no invocation type", requestID: "", exchange)
                return nil
            }
        }
        let context = InvokeHeadWriter.header("X-Amz-Client-Context", exchange, integration)
        guard exchange.fault == nil else { return nil }
        if let context, !context.isEmpty {
            let decoded = OutputBuffer(capacity: context.count)
            guard Base64Text.appendDecoded(context, into: decoded) else {
                exchange.fault = LambdaFaults.refused(
                    status: 400, type: "InvalidRequestContentException",
                    message: "X-Amz-Client-Context is no base64 text", requestID: "", exchange)
                return nil
            }
            clientContext = Array(decoded.bytes)
        }
        guard exchange.worker.parse(payload) else {
            // Source: Lambda API, Invoke: "The request body could not be parsed as JSON."
            exchange.fault = LambdaFaults.refused(
                status: 400, type: "InvalidRequestContentException",
                message: "Could not parse request body into json; the request template has to make JSON", requestID: "",
                exchange)
            return nil
        }
    }
}

/// Hears how an event went that nobody waits for.
final class EventDelivery: UpstreamReceiver {
    /// As long as Lambda lets functions run. Source: Lambda quotas, function time-out.
    static let timeoutMilliseconds = 900_000

    private let function: String
    private let logger: Logger

    init(function: String, logger: Logger) {
        self.function = function
        self.logger = logger
    }

    func upstreamDidReceive(_ response: UpstreamResponse) {
        guard response.status != 200 else { return }
        logger.warning("function '\(function)' failed on an event: its server answered \(response.status)")
    }

    func upstreamDidFail(_ failure: UpstreamFailure) {
        logger.warning("function '\(function)' did not take an event: \(failure)")
    }
}
