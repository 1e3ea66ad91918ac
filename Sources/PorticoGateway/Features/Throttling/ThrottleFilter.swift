// Hot: once per request of a method with a limit or an API key. Allocates: nothing for requests that are let through.

internal import PorticoIR

/// What limits the requests of a method at one stage, whoever sends them. An object, so that its step is one reference.
final class ServingLimits: Sendable {
    let method: ServingThrottle?
    let account: ServingThrottle?

    init(method: ServingThrottle?, account: ServingThrottle?) {
        self.method = method
        self.account = account
    }
}

/// Throttles and quotas: usage plan, then method at its stage, then account. A request that a later one refuses has taken
/// its tokens of the earlier ones, and counts for no quota.
///
/// *Source:* reference, "Token bucket" (4.1) and "API keys and usage plans" (3.7).
enum ThrottleFilter {
    static func run(_ limits: ServingLimits, _ exchange: Exchange) -> PhaseOutcome {
        let worker = exchange.worker
        let now = LimitTicks.now(ahead: worker.aheadMilliseconds)
        guard let key = exchange.apiKey?.key, let plan = key.plan, let usage = key.usage else {
            return general(limits, exchange, now)
        }
        let day = QuotaCalendar.day(milliseconds: worker.clock.milliseconds)
        // Before any token is taken; counting comes last and decides.
        if let quota = plan.quota, usage.isExhausted(quota, day: day) { return exhausted(quota, plan, exchange, day) }
        if !plan.methods.isEmpty, let outcome = planMethod(plan, key, exchange, now) { return outcome }
        if let limit = plan.limit {
            let wait = usage.bucket.take(limit, now: now)
            if wait > 0 { return refuse(exchange, .key, limit, wait, plan) }
        }
        let outcome = general(limits, exchange, now)
        guard case .next = outcome else { return outcome }
        let counted = usage.count(plan.quota, day: day) { worker.usage.ended(usage, $0) }
        switch counted {
        case .counted(let isFirst):
            if isFirst { worker.usage.changed(usage) }
            return .next
        case .exhausted:
            return plan.quota.map { exhausted($0, plan, exchange, day) } ?? .next
        }
    }

    @inline(__always)
    private static func general(_ limits: ServingLimits, _ exchange: Exchange, _ now: LimitTicks) -> PhaseOutcome {
        if let throttle = limits.method {
            let wait = throttle.bucket.take(throttle.limit, now: now)
            if wait > 0 { return refuse(exchange, .method, throttle.limit, wait, nil) }
        }
        if let throttle = limits.account {
            let wait = throttle.bucket.take(throttle.limit, now: now)
            if wait > 0 { return refuse(exchange, .account, throttle.limit, wait, nil) }
        }
        return .next
    }

    /// The plan's throttle of the method, if it has one that is used up. Such throttles are few.
    private static func planMethod(
        _ plan: ServingUsagePlan, _ key: ServingAPIKey, _ exchange: Exchange, _ now: LimitTicks
    ) -> PhaseOutcome? {
        guard let method = exchange.method else { return nil }
        for (index, entry) in plan.methods.enumerated()
        where index < key.methodBuckets.count && bytesEqual(entry.path.bytes, method.resourcePath.bytes)
            && (bytesEqual(entry.verb.bytes, method.verb.bytes) || bytesEqual(entry.verb.bytes, exchange.verbText))
        {
            let wait = key.methodBuckets[index].take(entry.limit, now: now)
            if wait > 0 { return refuse(exchange, .plan, entry.limit, wait, plan) }
        }
        return nil
    }

    // MARK: - Refusals

    /// 429 `Too Many Requests`. Unconfirmed: the log's line for limits of stages and accounts.
    @inline(never)
    private static func refuse(
        _ exchange: Exchange, _ level: ThrottleLevel, _ limit: RateLimit, _ wait: LimitTicks, _ plan: ServingUsagePlan?
    ) -> PhaseOutcome {
        exchange.throttle = level
        // Overload is the last time to make texts that nobody reads.
        guard exchange.executionLog != nil || exchange.worker.logger.logLevel <= .debug else {
            exchange.fault = GatewayFault(.throttled, log: "")
            exchange.fault?.retryAfterSeconds = wait.wholeSeconds
            return .fault
        }
        let method = exchange.method
        let verb = String(decoding: exchange.verbText, as: UTF8.self)
        let resource = method.map { String(decoding: $0.resourceID.bytes, as: UTF8.self) } ?? ""
        let what =
            switch level {
            case .plan, .key: "Key throttle limit exceeded for Usage Plan ID \(plan?.id ?? ""), "
            case .account: "Account throttle limit exceeded for "
            case .method, .none, .quota: "Method throttle limit exceeded for "
            }
        let api = exchange.stage?.snapshot.identity.apiID ?? ""
        let stage = exchange.stage.map { String(decoding: $0.name.bytes, as: UTF8.self) } ?? ""
        exchange.fault = GatewayFault(
            .throttled,
            log: "\(what)RestApi \(api), Stage \(stage), Resource \(resource), HttpMethod \(verb). "
                + "Limit: \(hundredths(limit.rate)) Burst: \(limit.burst)")
        exchange.fault?.retryAfterSeconds = wait.wholeSeconds
        return .fault
    }

    /// 429 `Limit Exceeded`; the client may come back when the next period begins.
    @inline(never)
    private static func exhausted(
        _ quota: Quota, _ plan: ServingUsagePlan, _ exchange: Exchange, _ day: Int
    ) -> PhaseOutcome {
        exchange.throttle = .quota
        exchange.fault = GatewayFault(
            .quotaExceeded,
            log:
                "Key quota exhausted for Usage Plan ID \(plan.id). Limit: \(quota.limit) Period: \(quota.period.rawValue)"
        )
        let period = QuotaCalendar.period(quota.period, ofDay: day)
        let next = QuotaCalendar.firstDay(ofPeriod: period &+ 1, quota.period) &* QuotaCalendar.millisecondsPerDay
        exchange.fault?.retryAfterSeconds = max((next &- exchange.worker.clock.milliseconds &+ 999) / 1000, 1)
        return .fault
    }

    /// `5.00`
    private static func hundredths(_ rate: Double) -> String {
        guard rate < 1e15 else { return "\(rate)" }
        let value = Int((rate * 100).rounded())
        let fraction = value % 100
        return "\(value / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
