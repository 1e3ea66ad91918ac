// Hot: once per call of a service integration. Allocates: texts of times only.

internal import PorticoIR
internal import PorticoPrograms

/// Writes the signed request of a service integration of an HTTP API into the worker's message buffer.
///
/// Source: reference, 1.2; the protocols are those of the services' models (query, JSON, REST).
struct ServiceActionWriter {
    private let exchange: Exchange
    private let call: ServingServiceCall
    private let action: ServingServiceAction
    private let worker: Worker
    /// The body that is made.
    private let body: OutputBuffer
    /// The value of a parameter.
    private let value: OutputBuffer

    /// Writes head and body; `false` after setting a fault.
    static func write(
        _ exchange: Exchange, _ integration: ServingIntegration, _ call: ServingServiceCall,
        _ action: ServingServiceAction, credentials: SigningCredentials
    ) -> Bool {
        ServiceActionWriter(exchange, call, action).write(integration, credentials)
    }

    private init(_ exchange: Exchange, _ call: ServingServiceCall, _ action: ServingServiceAction) {
        self.exchange = exchange
        self.call = call
        self.action = action
        worker = exchange.worker
        body = exchange.worker.body
        value = exchange.worker.mapping.head
    }

    private func write(_ integration: ServingIntegration, _ credentials: SigningCredentials) -> Bool {
        let output = worker.message
        output.reset()
        body.reset()
        var isGet = false
        switch action.style {
        case .query:
            output.append("POST ")
            guard writeForm() else { return false }
        case .json:
            output.append("POST ")
            guard writeJSON() else { return false }
        case .path:
            output.append("GET ")
            isGet = true
        }
        guard writeTarget(output) else { return false }
        worker.wroteHead = false
        worker.wroteIdempotent = isGet
        output.append(" HTTP/1.1\r\n")
        output.append(call.address.hostLine.bytes)
        output.append(action.fields.bytes)
        let writer = HTTPRequestWriter(exchange, integration)
        // Nothing of the client's head goes to a service; what it speaks is known.
        writer.writeDefaults(KnownHeader.accept.bit | KnownHeader.contentType.bit, hasBody: false)
        writer.writeGatewayIDs(0)
        if !isGet {
            output.append("Content-Length: ")
            output.append(decimal: body.count)
            output.append("\r\n")
        }
        guard
            worker.signer.sign(
                output, from: 0, payload: .body(body.bytes), scope: call.scope, credentials: credentials,
                epochMilliseconds: worker.clock.milliseconds, style: call.pathStyle)
        else {
            exchange.fault = .configuration("the call of \(call.name) cannot be signed")
            return false
        }
        output.append("\r\n")
        output.append(body.bytes)
        return true
    }

    // MARK: - Values

    /// Makes the value of a parameter.
    ///
    /// Observed: a required parameter without a value answers 400 before the service is called. Unconfirmed: that others are
    /// left out; AWS was seen to answer 400 for an optional one, too.
    private func evaluate(_ parameter: ServingServiceAction.Parameter) -> Evaluation {
        value.reset()
        exchange.append(parameter.value, into: value)
        guard value.count == 0 else { return .value }
        guard parameter.isRequired else { return .nothing }
        refuse("parameter '\(parameter.name)' of \(call.name) has no value")
        return .refused
    }

    private enum Evaluation {
        case value
        case nothing
        case refused
    }

    private func refuse(_ log: String) {
        exchange.fault = GatewayFault(.badRequestParameters, log: log)
    }

    // MARK: - Path and query

    private func writeTarget(_ output: OutputBuffer) -> Bool {
        for piece in action.path {
            switch piece {
            case .literal(let text): output.append(text.bytes)
            case .parameter(let index):
                guard case .value = evaluate(action.parameters[index]) else { return false }
                PercentText.appendEncoded(value.bytes, .component, into: output)
            }
        }
        guard case .path = action.style else { return true }
        var separator: UInt8 = 0x3F
        for (index, parameter) in action.parameters.enumerated() where !action.isInPath(index) {
            switch evaluate(parameter) {
            case .refused: return false
            case .nothing: continue
            case .value: break
            }
            output.append(separator)
            separator = 0x26
            output.append(parameter.wireName.bytes)
            output.append(0x3D)
            PercentText.appendEncoded(value.bytes, .component, into: output)
        }
        return true
    }

    // MARK: - Forms

    private func writeForm() -> Bool {
        body.append(action.opening.bytes)
        for parameter in action.parameters {
            switch evaluate(parameter) {
            case .refused: return false
            case .nothing: continue
            case .value: break
            }
            switch parameter.kind {
            case .text, .time:
                appendName(parameter)
                body.append(0x3D)
                PercentText.appendEncoded(value.bytes, .component, into: body)
            case .list:
                forEachElement { number, element in
                    appendName(parameter)
                    body.append(0x2E)
                    body.append(decimal: number)
                    body.append(0x3D)
                    PercentText.appendEncoded(element, .component, into: body)
                }
            case .attributes:
                guard writeAttributes(parameter) else { return false }
            }
        }
        return true
    }

    private func appendName(_ parameter: ServingServiceAction.Parameter) {
        body.append(0x26)
        body.append(parameter.wireName.bytes)
    }

    /// Message attributes: `MessageAttribute.1.Name=...&MessageAttribute.1.Value.DataType=...`.
    private func writeAttributes(_ parameter: ServingServiceAction.Parameter) -> Bool {
        guard let tape = parsedValue(), tape.kind(tape.root) == .object else {
            refuse("parameter '\(parameter.name)' of \(call.name) is no JSON object")
            return false
        }
        let text = OutputBuffer(capacity: 128)
        func append(_ node: NodeIndex) {
            text.reset()
            tape.appendString(node, into: text)
            PercentText.appendEncoded(text.bytes, .component, into: body)
        }
        var number = 0
        for (name, attribute) in tape.members(tape.root) {
            guard tape.kind(attribute) == .object else {
                refuse("an attribute in parameter '\(parameter.name)' of \(call.name) is no object")
                return false
            }
            number &+= 1
            func begin(_ member: StaticString) {
                appendName(parameter)
                body.append(0x2E)
                body.append(decimal: number)
                body.append(member)
            }
            begin(".Name=")
            append(name)
            for (key, member) in tape.members(attribute) where !tape.kind(member).isContainer {
                begin(".Value.")
                append(key)
                body.append(0x3D)
                append(member)
            }
        }
        return true
    }

    /// Elements of a list of JSON, or of text with commas, counted from 1.
    private func forEachElement(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        var number = 0
        if value.bytes.first == 0x5B, let tape = parsedValue(), tape.kind(tape.root) == .array {
            let text = OutputBuffer(capacity: 128)
            for element in tape.elements(tape.root) {
                number &+= 1
                text.reset()
                tape.appendString(element, into: text)
                body(number, text.bytes)
            }
            return
        }
        for part in value.bytes.split(separator: 0x2C) {
            var part = part
            while let first = part.first, first == 0x20 { part = part.dropFirst() }
            while let last = part.last, last == 0x20 { part = part.dropLast() }
            guard !part.isEmpty else { continue }
            number &+= 1
            body(number, UnsafeRawBufferPointer(rebasing: part))
        }
    }

    /// The value as JSON. The tape held the body, or another value at the same place.
    private func parsedValue() -> JSONTape? {
        worker.forgetParsedBody()
        defer { worker.forgetParsedBody() }
        return worker.parse(value.bytes) ? worker.tape : nil
    }

    // MARK: - JSON

    private func writeJSON() -> Bool {
        body.append(action.opening.bytes)
        var isFirst = true
        for parameter in action.parameters {
            switch evaluate(parameter) {
            case .refused: return false
            case .nothing: continue
            case .value: break
            }
            body.append(isFirst ? "\"" : ",\"")
            isFirst = false
            body.append(parameter.wireName.bytes)
            body.append("\":")
            switch parameter.kind {
            case .text, .attributes: EventText.appendQuoted(value.bytes, into: body)
            case .time: appendTime()
            case .list:
                body.append(0x5B)
                forEachElement { number, element in
                    if number > 1 { body.append(0x2C) }
                    EventText.appendQuoted(element, into: body)
                }
                body.append(0x5D)
            }
        }
        body.append(action.closing.bytes)
        return true
    }

    /// Seconds since 1970, which is how services that speak JSON take times; what is no time goes as it is, so that the
    /// service says what is wrong with it.
    private func appendTime() {
        let bytes = value.bytes
        if bytes.count <= 12, bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            body.append(bytes)
        } else if let milliseconds = CredentialTime.milliseconds(String(decoding: bytes, as: UTF8.self)) {
            body.append(decimal: milliseconds / 1000)
        } else {
            EventText.appendQuoted(bytes, into: body)
        }
    }
}
