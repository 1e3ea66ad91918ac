// Hot: once per message. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// Routes of a WebSocket API in one stage, by key.
final class ServingWebSocket: Sendable {
    let selection: SelectionProgram
    /// Whether binary frames are messages.
    let takesBinary: Bool
    /// Positions of methods; -1 where there is no such route.
    let connect: Int
    let disconnect: Int
    let fallback: Int
    /// Limits of calls of connections, which are the account's alone.
    let limits: ServingLimits
    private let keys: [StaticBytes]
    /// Open addressing: positions of ``keys`` by hash, -1 where there is none.
    private let slots: [Int32]

    init(_ program: WebSocketProgram, builder: StageProgramBuilder) {
        selection = program.routeSelection
        takesBinary = program.takesBinary
        connect = program.position(ofRoute: WebSocketRouteProgram.connect) ?? -1
        disconnect = program.position(ofRoute: WebSocketRouteProgram.disconnect) ?? -1
        fallback = program.position(ofRoute: WebSocketRouteProgram.fallback) ?? -1
        limits = ServingLimits(method: nil, account: builder.accountThrottle)
        keys = program.routes.map { builder.pool.add($0.key) }
        var count = 8
        while count < keys.count * 2 { count *= 2 }
        var slots = [Int32](repeating: -1, count: count)
        for (index, key) in keys.enumerated() {
            // What a message says must not lead to routes of the connection itself.
            if key.bytes.first == UInt8(ascii: "$") { continue }
            var place = Self.hash(key.bytes) & (count - 1)
            while slots[place] >= 0 { place = (place + 1) & (count - 1) }
            slots[place] = Int32(index)
        }
        self.slots = slots
    }

    /// Position of the method that takes messages of that key: its own, else `$default`; -1 for none.
    func position(ofMessage key: UnsafeRawBufferPointer) -> Int {
        let mask = slots.count &- 1
        var place = Self.hash(key) & mask
        while slots[place] >= 0 {
            let index = Int(slots[place])
            if bytesEqual(keys[index].bytes, key) { return index }
            place = (place &+ 1) & mask
        }
        return fallback
    }

    /// FNV-1a. Keys are the author's, so that nobody can make them clash.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash &>> 32) & Int.max
    }
}

/// What a method is as the route of a WebSocket API.
final class ServingRoute: Sendable {
    struct Model: Sendable {
        let key: StaticBytes
        let isDefault: Bool
        let schema: Int
    }

    let key: StaticBytes
    let isTwoWay: Bool
    let modelSelection: SelectionProgram?
    let models: [Model]
    let templateSelection: SelectionProgram?
    let responseSelections: [SelectionProgram?]

    init(_ program: WebSocketRouteProgram, pool: BytePool) {
        key = pool.add(program.key)
        isTwoWay = program.isTwoWay
        modelSelection = program.modelSelection
        models = program.models.map {
            Model(key: pool.add($0.key), isDefault: $0.key == WebSocketRouteProgram.fallback, schema: $0.schema)
        }
        templateSelection = program.templateSelection
        responseSelections = program.responseSelections
    }
}

// MARK: - Choosing

/// Reads the values of selection expressions from an exchange.
struct ExchangeSelection: SelectionInput {
    let exchange: Exchange

    var requestTape: JSONTape? {
        let body = exchange.body
        return !body.isEmpty && exchange.worker.parse(body) ? exchange.worker.tape : nil
    }

    var responseTape: JSONTape? {
        guard let body = exchange.response?.body, !body.isEmpty, exchange.worker.parse(body) else { return nil }
        return exchange.worker.tape
    }

    func appendSelectionValue(_ variable: SelectionProgram.Variable, into output: OutputBuffer) {
        switch variable {
        case .requestBody: output.append(exchange.body)
        case .requestHeader(let name): append(header: name, into: output)
        case .requestQuery(let name):
            exchange.parseQuery()
            var name = name
            name.withUTF8 { name in
                let wanted = UnsafeRawBufferPointer(name)
                guard let found = exchange.query.last(where: { bytesEqual(exchange.arenaBytes($0.name), wanted) })
                else { return }
                output.append(exchange.arenaBytes(found.value))
            }
        case .responseStatus:
            let status = exchange.response?.status ?? exchange.integrationStatus
            if status > 0 { output.append(decimal: status) }
        case .responseHeader(let name): append(responseHeader: name, isAll: false, into: output)
        case .responseHeaderAll(let name): append(responseHeader: name, isAll: true, into: output)
        case .responseBody: if let body = exchange.response?.body { output.append(body) }
        case .context(let slot): if let value = exchange.contextValue(slot) { output.append(value) }
        case .authorizer(let name):
            var name = name
            name.withUTF8 { name in
                if let value = exchange.authorizerValue(UnsafeRawBufferPointer(name)) { output.append(value) }
            }
        case .stageVariable(let slot):
            if let stage = exchange.stage, slot < stage.stageVariables.count {
                output.append(stage.stageVariables[slot].bytes)
            }
        // The program applies paths itself.
        case .requestBodyPath, .responseBodyPath, .absent: break
        }
    }

    private func append(header name: String, into output: OutputBuffer) {
        var name = name
        name.withUTF8 { name in
            for span in exchange.headers.spans.reversed()
            where bytesEqualIgnoringCase(exchange.name(of: span), UnsafeRawBufferPointer(name)) {
                output.append(exchange.value(of: span))
                return
            }
        }
    }

    private func append(responseHeader name: String, isAll: Bool, into output: OutputBuffer) {
        guard let response = exchange.response else { return }
        var name = name
        name.withUTF8 { name in
            let start = output.count
            for span in response.headers.spans
            where bytesEqualIgnoringCase(response.name(of: span), UnsafeRawBufferPointer(name)) {
                if !isAll { output.truncate(to: start) }
                if output.count > start { output.append(0x2C) }
                output.append(response.value(of: span))
            }
        }
    }
}

extension Exchange {
    /// The value of a selection expression, valid until the next one is evaluated; that of none is `$default`.
    func selected(by program: SelectionProgram?) -> UnsafeRawBufferPointer {
        guard let program else { return ("$default" as StaticString).signedBytes }
        let output = worker.selection
        output.reset()
        program.evaluate(ExchangeSelection(exchange: self), into: output)
        return output.bytes
    }
}

extension TemplateSelection {
    /// For a message: by the key that the integration's expression gives.
    static func request(_ exchange: Exchange, _ integration: ServingIntegration, _ route: ServingRoute) -> Choice {
        let templates = integration.requestTemplates
        if templates.isEmpty {
            return integration.passthroughBehavior == .never ? .unsupportedMediaType : .passthrough
        }
        if let template = choose(templates, exchange.selected(by: route.templateSelection)) {
            return .template(template)
        }
        return integration.passthroughBehavior == .whenNoMatch ? .passthrough : .unsupportedMediaType
    }

    /// For an integration response of a route; `nil` passes the body through.
    static func response(
        _ exchange: Exchange, _ response: ServingIntegrationResponse, _ route: ServingRoute
    ) -> ServingTemplate? {
        guard !response.templates.isEmpty else { return nil }
        let selection =
            response.position < route.responseSelections.count ? route.responseSelections[response.position] : nil
        return choose(response.templates, exchange.selected(by: selection))
    }

    private static func choose(_ templates: [ServingTemplate], _ key: UnsafeRawBufferPointer) -> ServingTemplate? {
        for template in templates where bytesEqual(template.mediaType.bytes, key) { return template }
        for template in templates where template.isDefault { return template }
        return nil
    }
}

/// Checks messages against the models of their route.
enum MessageValidation {
    /// Source: reference, "Route selection" (2.2): no match and no `$default` fails the validation.
    static func run(_ exchange: Exchange, _ route: ServingRoute) -> PhaseOutcome {
        guard !route.models.isEmpty, let stage = exchange.stage else { return .next }
        let key = exchange.selected(by: route.modelSelection)
        let model =
            route.models.first { bytesEqual($0.key.bytes, key) } ?? route.models.first { $0.isDefault }
        guard let model else {
            return refuse(exchange, "no model for '\(String(decoding: key.prefix(80), as: UTF8.self))'")
        }
        let worker = exchange.worker
        guard worker.parse(exchange.body) else { return refuse(exchange, "[invalid JSON]") }
        switch worker.validator.validate(stage.snapshot.schemas[model.schema].program, worker.tape) {
        case .valid: return .next
        case .invalid(let detail): return refuse(exchange, detail)
        }
    }

    private static func refuse(_ exchange: Exchange, _ detail: String) -> PhaseOutcome {
        exchange.fault = GatewayFault(
            .badRequestBody, message: "Bad request body", validationError: detail,
            log: "Request body does not match model schema: \(detail)")
        return .fault
    }
}
