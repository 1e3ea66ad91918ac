// Hot: once per request of a method whose answers are kept. Allocates: nothing for answers that the worker has.

internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// What a request has to do with the cache.
enum CacheResult: UInt8, Sendable {
    case none
    case hit
    case miss
}

/// Answers that are kept: given to whoever asks for the same, without the backend.
///
/// *Source:* reference, "Cache" (8.1).
enum CacheFilter {
    static func run(_ cache: ServingCache, _ exchange: Exchange) -> PhaseOutcome {
        let worker = exchange.worker
        // What a client is told of a HEAD is no answer for others.
        guard exchange.head.method != .head, makeKey(cache, exchange) else {
            return exchange.fault == nil ? .next : .fault
        }
        let now = worker.nowMilliseconds
        let local = worker.cache(of: cache.store)
        if asksForFresh(exchange) {
            if !cache.setting.needsAuthorization || PolicyGate.mayInvalidateCache(exchange) {
                return take(cache.store.refresh(worker.cacheKey), cache, exchange, isFresh: true)
            }
            switch cache.setting.unauthorized {
            case .fail:
                exchange.fault = GatewayFault(
                    .accessDenied, message: "Forbidden",
                    log: "the caller may not have the cached answer made anew (execute-api:InvalidateCache)")
                return .fault
            case .header: exchange.showsCacheWarning = true
            case .silent: break
            }
        }
        if let outcome = local.withHit(worker.cacheKey, now: now, { answer($0, cache, exchange) }), outcome {
            return .answered
        }
        let wait = CachePause(exchange)
        let loop = worker.loop
        let bound = NIOLoopBound(wait, eventLoop: loop)
        switch local.begin(worker.cacheKey, now: now, { turn in loop.execute { bound.value.end(turn) } }) {
        case .turn(let turn):
            return take(turn, cache, exchange)
        case .wait(let registration):
            wait.registration = registration
            exchange.cachePause = wait
            return .suspended
        }
    }

    /// Asks other processes' cache, for whoever else waits, too; `nil` if nothing is shared.
    private static func ask(_ cache: ServingCache, _ flight: CacheFlight, _ exchange: Exchange, isFresh: Bool)
        -> PhaseOutcome?
    {
        guard let shared = cache.shared else { return nil }
        let key = shared.key(flight.key)
        if isFresh { shared.remove(key) }
        let pause = CachePause(exchange)
        let bound = NIOLoopBound(pause, eventLoop: exchange.worker.loop)
        exchange.cachePause = pause
        exchange.cacheFlight = flight
        shared.get(key, on: exchange.worker.loop) { answer in
            bound.value.end(isFresh ? answer.withoutValue : answer)
        }
        return .suspended
    }

    /// Goes on when other processes' cache has answered.
    static func resume(_ exchange: Exchange, _ answer: SharedCacheAnswer) -> PhaseOutcome {
        exchange.cachePause = nil
        guard let cache = exchange.method?.cache, let flight = exchange.cacheFlight else { return .next }
        switch answer {
        case .miss(let generation):
            exchange.cacheGeneration = generation
            return .next
        case .failed:
            // It is told and counted elsewhere; this request goes on by itself.
            return .next
        case .hit(let value):
            exchange.cacheFlight = nil
            let worker = exchange.worker
            let now = worker.nowMilliseconds
            let response = SharedCache.parts(value) { status, head, body in
                // It may live here up to twice its time: how old it is in the store is not told.
                flight.response(
                    status: status, head: head, body: body, now: now, timeToLiveMilliseconds: cache.ttlMilliseconds)
            }
            guard let response = response ?? nil else {
                exchange.cacheFlight = flight
                return .next
            }
            worker.cache(of: cache.store).finish(flight, with: response, now: now)
            return take(.hit(response), cache, exchange)
        }
    }

    /// Goes on when somebody else's fetch has ended.
    static func resume(_ exchange: Exchange, _ turn: CacheTurn) -> PhaseOutcome {
        exchange.cachePause = nil
        guard let cache = exchange.method?.cache else { return .next }
        if case .hit(let response) = turn {
            exchange.worker.cache(of: cache.store).keep(response, now: exchange.worker.nowMilliseconds)
        }
        return take(turn, cache, exchange)
    }

    private static func take(
        _ turn: CacheTurn, _ cache: ServingCache, _ exchange: Exchange, isFresh: Bool = false
    ) -> PhaseOutcome {
        switch turn {
        case .hit(let response):
            // What cannot be opened was not written by this process.
            if answer(response, cache, exchange) { return .answered }
            exchange.cacheResult = .miss
            return .next
        case .fetch(let flight):
            exchange.cacheResult = .miss
            if let outcome = ask(cache, flight, exchange, isFresh: isFresh) { return outcome }
            exchange.cacheFlight = flight
            return .next
        case .fetchWithoutStoring:
            exchange.cacheResult = .miss
            return .next
        }
    }

    /// Writes a kept answer; `false` if it cannot be opened.
    private static func answer(_ response: CachedResponse, _ cache: ServingCache, _ exchange: Exchange) -> Bool {
        let worker = exchange.worker
        let status = Int(response.status)
        guard response.isEncrypted else {
            worker.output.append(response.head)
            exchange.cacheResult = .hit
            ResponseWriter.finish(exchange, status: status, body: response.body)
            return true
        }
        guard let cipher = cache.cipher, let headCount = cipher.open(response, into: &worker.opened) else {
            return false
        }
        exchange.cacheResult = .hit
        worker.opened.withUnsafeBytes { opened in
            worker.output.append(UnsafeRawBufferPointer(rebasing: opened[..<headCount]))
            ResponseWriter.finish(
                exchange, status: status, body: UnsafeRawBufferPointer(rebasing: opened[headCount...]))
        }
        return true
    }

    /// Keeps the answer that the exchange has written for those who ask next.
    static func store(_ exchange: Exchange, _ flight: CacheFlight) {
        exchange.cacheFlight = nil
        let worker = exchange.worker
        let now = worker.nowMilliseconds
        guard let cache = exchange.method?.cache, exchange.headEnd > exchange.answerStart,
            exchange.bodyStart >= exchange.headEnd
        else {
            _ = flight.finish(with: nil, now: now)
            return
        }
        let output = worker.output
        let head = output.view(exchange.answerStart..<exchange.headEnd)
        let body = output.view(exchange.bodyStart..<output.count)
        let status = UInt16(truncatingIfNeeded: exchange.answerStatus)
        if let shared = cache.shared, let generation = exchange.cacheGeneration {
            shared.set(
                shared.key(flight.key), status: status, head: head, body: body, ttlMilliseconds: cache.ttlMilliseconds,
                generation: generation)
        }
        let response = flight.response(
            status: status, head: head, body: body, sealedBy: cache.cipher, now: now,
            timeToLiveMilliseconds: cache.ttlMilliseconds)
        worker.cache(of: cache.store).finish(flight, with: response, now: now)
    }

    // MARK: - Key

    private static func makeKey(_ cache: ServingCache, _ exchange: Exchange) -> Bool {
        let key = exchange.worker.cacheKey
        key.start(cache.prefix)
        // Methods for any verb keep verbs apart.
        key.add(exchange.verbText)
        for source in cache.sources {
            if case .requestHeader(let name) = source {
                // Whatever its case: two callers must not share an answer because their clients write names in another way.
                key.add(field(name.bytes, exchange))
            } else {
                key.add(exchange.value(of: source))
            }
        }
        if cache.varies { key.add(exchange.headerValue(.acceptEncoding)) }
        return exchange.fault == nil && key.end()
    }

    private static func field(_ name: UnsafeRawBufferPointer, _ exchange: Exchange) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        for span in exchange.headers.spans where bytesEqualIgnoringCase(exchange.name(of: span), name) {
            found = exchange.value(of: span)
        }
        return found
    }

    /// `Cache-Control: max-age=0`. Unconfirmed: `no-cache`.
    private static func asksForFresh(_ exchange: Exchange) -> Bool {
        guard exchange.headers.contains(.cacheControl), let value = exchange.headerValue(.cacheControl) else {
            return false
        }
        var start = 0
        while start < value.count {
            var end = start
            while end < value.count, value[end] != 0x2C { end &+= 1 }
            let directive = trimmingBlanks(UnsafeRawBufferPointer(rebasing: value[start..<end]))
            if bytesEqualIgnoringCase(directive, ("max-age=0" as StaticString).signedBytes)
                || bytesEqualIgnoringCase(directive, ("no-cache" as StaticString).signedBytes)
            {
                return true
            }
            start = end &+ 1
        }
        return false
    }
}

/// A request that waits for another one's answer. On its loop only.
final class CachePause {
    private var exchange: Exchange?
    var registration: CacheWait?

    init(_ exchange: Exchange) { self.exchange = exchange }

    /// Gives it up: the client is gone.
    func cancel() {
        exchange = nil
        registration?.cancel()
    }

    /// The turn has come. A flight that nobody takes goes to the next who waits.
    func end(_ turn: CacheTurn) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.finish(.cached(turn))
    }

    /// Other processes' cache has answered.
    func end(_ answer: SharedCacheAnswer) {
        guard let exchange else { return }
        self.exchange = nil
        exchange.finish(.shared(answer))
    }
}

extension SharedCacheAnswer {
    /// For a caller who wants a fresh answer.
    fileprivate var withoutValue: SharedCacheAnswer {
        if case .hit = self { return .failed(.unavailable) }
        return self
    }
}
