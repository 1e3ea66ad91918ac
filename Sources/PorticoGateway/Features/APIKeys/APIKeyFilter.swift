// Hot: once per request of a method with an API key. Allocates: what the hash function needs, which it frees again.

internal import PorticoIR

/// API keys: the request has one that is known, enabled, and in a usage plan of the stage.
///
/// Source: reference, "API keys and usage plans" (3.7).
enum APIKeyFilter {
    static func run(_ source: APIKeySource, _ exchange: Exchange) -> PhaseOutcome {
        let value: Range<Int>
        switch source {
        case .header:
            guard let span = header(exchange) else { return .fault }
            value = Int(span.valueOffset)..<(Int(span.valueOffset) &+ Int(span.valueLength))
            guard let key = look(exchange.slice(value.lowerBound, value.count), exchange) else { return .fault }
            exchange.apiKey = ExchangeAPIKey(key: key, value: value, isInArena: false)
        case .authorizer:
            value = exchange.access.usageIdentifierKey
            guard !value.isEmpty else { return refuse(exchange, nil, "the authorizer gave no usageIdentifierKey") }
            guard let key = look(exchange.arenaBytes(value), exchange) else { return .fault }
            exchange.apiKey = ExchangeAPIKey(key: key, value: value, isInArena: true)
        }
        return .next
    }

    /// The one `x-api-key` field; `nil` after setting the fault. Unconfirmed: that API Gateway refuses several. Which one
    /// counts must not depend on who reads them.
    private static func header(_ exchange: Exchange) -> HeaderSpan? {
        guard let first = exchange.headers.first(.apiKey), first.valueLength > 0 else {
            _ = refuse(exchange, nil, "No API Key")
            return nil
        }
        var count = 0
        for span in exchange.headers.spans where span.known == .apiKey { count &+= 1 }
        guard count == 1 else {
            _ = refuse(exchange, nil, "\(count) x-api-key headers")
            return nil
        }
        return first
    }

    /// The key, if it opens the stage; `nil` after setting the fault.
    @inline(__always)
    private static func look(_ value: UnsafeRawBufferPointer, _ exchange: Exchange) -> ServingAPIKey? {
        let table = exchange.stage.flatMap { exchange.worker.keys.table(ofStage: $0.name.bytes) }
        guard let key = table?.key(of: value) else {
            _ = refuse(exchange, value, "Invalid API Key identifier specified")
            return nil
        }
        switch key.state {
        case .opens:
            return key
        case .disabled:
            _ = refuse(exchange, value, "API Key '\(key.name)' is disabled")
        case .noPlan:
            // Observed in execution logs that people show.
            _ = refuse(exchange, value, "No Usage Plan found for key and API Stage")
        }
        return nil
    }

    /// The same answer for all reasons, which only the log tells apart.
    @inline(never)
    private static func refuse(
        _ exchange: Exchange, _ value: UnsafeRawBufferPointer?, _ reason: String
    ) -> PhaseOutcome {
        let text = value.map(LogText.maskedKey) ?? ""
        let verb = String(decoding: exchange.verbText, as: UTF8.self)
        let path = exchange.method.map { String(decoding: $0.resourcePath.bytes, as: UTF8.self) } ?? ""
        exchange.executionLog?.verifyUsagePlan(exchange, key: text)
        exchange.fault = GatewayFault(
            .invalidAPIKey,
            log: "API Key \(text) not authorized because method '\(verb) \(path)' requires API Key and API Key is not "
                + "associated with a Usage Plan for API Stage \(ExecutionLog.place(exchange)): \(reason)")
        return .fault
    }
}

/// The API key that a request was let through with.
struct ExchangeAPIKey {
    private let heldKey: HeldReference<ServingAPIKey>
    var key: ServingAPIKey { heldKey.object }
    /// Where its value stands.
    let value: Range<Int>
    /// Whether that is a range of the exchange's arena, and not of the request.
    let isInArena: Bool

    init(key: ServingAPIKey, value: Range<Int>, isInArena: Bool) {
        heldKey = HeldReference(key)
        self.value = value
        self.isInArena = isInArena
    }

    /// The plan whose limits the request counts for.
    var plan: ServingUsagePlan? { key.plan }
}

extension Exchange {
    /// `$context.identity.apiKey`: the value.
    var apiKeyValue: UnsafeRawBufferPointer? {
        apiKey.map { $0.isInArena ? arenaBytes($0.value) : slice($0.value.lowerBound, $0.value.count) }
    }
}
