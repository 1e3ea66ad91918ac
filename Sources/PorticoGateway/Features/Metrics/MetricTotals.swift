// Hot: no, for those who read metrics. Allocates: the buckets in use.

/// What was counted of a series, or of several: since the start, or in a time.
struct MetricTotals: Sendable, Equatable {
    /// Requests.
    var count: UInt64 = 0
    /// Answers with a 4xx status.
    var clientErrors: UInt64 = 0
    /// Answers with a 5xx status.
    var serverErrors: UInt64 = 0
    /// Answers that the cache had.
    var cacheHits: UInt64 = 0
    /// Requests that the cache had no answer for.
    var cacheMisses: UInt64 = 0
    /// Requests that were refused with 429, in the order of ``ThrottleLevel/refusing``.
    var throttled = SIMD8<UInt64>(repeating: 0)
    /// Of events of WebSocket APIs, in the order of ``SocketCount``.
    var sockets = SIMD8<UInt64>(repeating: 0)
    /// Bytes of requests of HTTP APIs with their answers.
    var dataProcessed = LatencyDistribution()
    /// From a request's first byte to its answer.
    var latency = LatencyDistribution()
    /// From the call of a backend to its answer, of the requests that called one.
    var integrationLatency = LatencyDistribution()

    /// Requests that were refused at a level.
    func throttled(_ level: ThrottleLevel) -> UInt64 {
        level == .none ? 0 : throttled[Int(level.rawValue) - 1]
    }

    /// Requests that were refused at any level.
    var throttledAtAll: UInt64 { throttled.wrappedSum() }

    /// What was counted of events of WebSocket APIs.
    func sockets(_ count: SocketCount) -> UInt64 { sockets[Int(count.rawValue)] }

    /// Adds those of another series or time.
    mutating func add(_ other: MetricTotals) {
        count &+= other.count
        clientErrors &+= other.clientErrors
        serverErrors &+= other.serverErrors
        cacheHits &+= other.cacheHits
        cacheMisses &+= other.cacheMisses
        throttled &+= other.throttled
        sockets &+= other.sockets
        dataProcessed.add(other.dataProcessed)
        latency.add(other.latency)
        integrationLatency.add(other.integrationLatency)
    }

    /// What came since an earlier reading. Every counter only grows.
    func subtracting(_ earlier: MetricTotals, extremes: MetricExtremes = MetricExtremes()) -> MetricTotals {
        var result = MetricTotals()
        result.count = count &- min(earlier.count, count)
        result.clientErrors = clientErrors &- min(earlier.clientErrors, clientErrors)
        result.serverErrors = serverErrors &- min(earlier.serverErrors, serverErrors)
        result.cacheHits = cacheHits &- min(earlier.cacheHits, cacheHits)
        result.cacheMisses = cacheMisses &- min(earlier.cacheMisses, cacheMisses)
        result.throttled = throttled &- pointwiseMin(earlier.throttled, throttled)
        result.sockets = sockets &- pointwiseMin(earlier.sockets, sockets)
        result.dataProcessed = dataProcessed.subtracting(earlier.dataProcessed)
        result.latency = latency.subtracting(earlier.latency, extremes: extremes.latency)
        result.integrationLatency = integrationLatency.subtracting(
            earlier.integrationLatency, extremes: extremes.integrationLatency)
        return result
    }
}

/// Shortest and longest times of one interval, where known.
struct MetricExtremes: Sendable {
    /// Of the requests.
    var latency: (least: Int, greatest: Int)?
    /// Of the backends.
    var integrationLatency: (least: Int, greatest: Int)?

    /// Takes a worker's pair into `pair`.
    static func widen(_ pair: inout (least: Int, greatest: Int)?, _ word: UInt64) {
        guard word != MetricShard.noExtremes else { return }
        let (least, greatest) = (Int(word >> 32), Int(word & 0xFFFF_FFFF))
        pair = pair.map { (min($0.least, least), max($0.greatest, greatest)) } ?? (least, greatest)
    }
}
