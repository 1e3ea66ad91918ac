import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("Token buckets")
struct TokenBucketTests {
    private static func limit(_ rate: Double, _ burst: Int?) throws -> RateLimit {
        try #require(RateLimit(Throttle(rateLimit: rate, burstLimit: burst)))
    }

    private static func ticks(_ seconds: Double) -> LimitTicks {
        LimitTicks(seconds * Double(LimitTicks.perSecond))
    }

    /// A counter of tokens, as the rule is written down.
    private struct Naive {
        let rate: Double
        let burst: Double
        var tokens: Double
        var last: Double = 0

        init(_ rate: Double, _ burst: Int) {
            self.rate = rate
            self.burst = Double(burst)
            tokens = Double(burst)
        }

        mutating func take(_ now: Double) -> Bool {
            tokens = min(tokens + (now - last) * rate, burst)
            last = now
            // The bucket counts in sixteenths of a nanosecond.
            guard tokens >= 1 - 1e-6 else { return false }
            tokens -= 1
            return true
        }
    }

    @Test(
        "A bucket admits what a counter of tokens does",
        arguments: [
            (0.1, 1), (0.1, 3), (1, 1), (1, 10), (3.7, 2), (10, 20), (100, 1), (1000, 50), (10_000, 5000), (1e6, 3),
        ])
    func model(_ rate: Double, _ burst: Int) throws {
        let bucket = TokenBucket()
        let limit = try Self.limit(rate, burst)
        var naive = Naive(rate, burst)
        var random = IdentifierGenerator()
        // Steps about as long as a token takes, so that both answers come often.
        var now = 0.0
        var differences = 0
        var admitted = 0
        for _ in 0..<20_000 {
            now += Double(random.next() % 1000) / 1000 * 2 / rate
            let isIn = bucket.take(limit, now: Self.ticks(now)) == 0
            if isIn { admitted += 1 }
            if isIn != naive.take(now) { differences += 1 }
        }
        // A request at the very instant at which a token comes may go either way.
        #expect(differences <= 20)
        #expect(admitted > 5000)
    }

    @Test("A full bucket lets its burst through at once, and then the rate")
    func burst() throws {
        let bucket = TokenBucket()
        let limit = try Self.limit(2, 5)
        for _ in 0..<5 { #expect(bucket.take(limit, now: Self.ticks(100)) == 0) }
        let wait = bucket.take(limit, now: Self.ticks(100))
        #expect(wait == Self.ticks(0.5))
        #expect(bucket.take(limit, now: Self.ticks(100) + wait - 1) > 0)
        #expect(bucket.take(limit, now: Self.ticks(100) + wait) == 0)
        #expect(bucket.take(limit, now: Self.ticks(100) + wait) > 0)
        // However long nobody comes, it holds no more than its burst.
        for _ in 0..<5 { #expect(bucket.take(limit, now: Self.ticks(9000)) == 0) }
        #expect(bucket.take(limit, now: Self.ticks(9000)) > 0)
    }

    @Test("A clock that goes back neither opens nor locks a bucket for good")
    func clockBack() throws {
        let bucket = TokenBucket()
        let limit = try Self.limit(1, 2)
        #expect(bucket.take(limit, now: Self.ticks(1000)) == 0)
        #expect(bucket.take(limit, now: Self.ticks(1000)) == 0)
        #expect(bucket.take(limit, now: Self.ticks(1)) > 0)
        #expect(bucket.take(limit, now: Self.ticks(1002)) == 0)
    }

    @Test(
        "What limits nothing, everything, and what is at the edge of the numbers",
        arguments: [
            (Throttle(), nil as Int?), (Throttle(burstLimit: 5), nil), (Throttle(rateLimit: 0, burstLimit: 5), 0),
            (Throttle(rateLimit: 5, burstLimit: 0), 0), (Throttle(rateLimit: 0.25), 1), (Throttle(rateLimit: 2.5), 3),
            (Throttle(rateLimit: 1e300, burstLimit: 7), nil), (Throttle(rateLimit: 1e-300, burstLimit: 7), 1),
            (Throttle(rateLimit: 0.001, burstLimit: Int(Int32.max)), nil),
        ])
    func edges(_ throttle: Throttle, _ expected: Int?) {
        guard let limit = RateLimit(throttle) else {
            #expect(throttle.rateLimit == nil && expected == nil)
            return
        }
        let bucket = TokenBucket()
        var admitted = 0
        // Beyond a hundred it counts as unlimited here.
        while admitted < 100, bucket.take(limit, now: LimitTicks(1) << 55) == 0 { admitted += 1 }
        if let expected { #expect(admitted == expected) } else { #expect(admitted >= 7) }
    }

    @Test("Threads share a bucket to the token")
    func threads() async throws {
        let bucket = TokenBucket()
        let limit = try Self.limit(0.001, 10_000)
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<5000).count { _ in bucket.take(limit, now: 16) == 0 } }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 10_000)
    }

    @Test("Waits are told in whole seconds, at least one", arguments: [(0.01, 1), (1, 1), (1.01, 2), (59.5, 60)])
    func seconds(_ wait: Double, _ expected: Int) {
        #expect(Self.ticks(wait).wholeSeconds == expected)
    }

    @Test("Buckets keep their name's state as long as somebody has them")
    func registry() throws {
        let registry = LimitRegistry()
        let setting = Throttle(rateLimit: 0.001, burstLimit: 1)
        var first = registry.throttle("a", setting)
        #expect(first?.bucket.take(try #require(first?.limit), now: 16) == 0)
        let again = registry.throttle("a", Throttle(rateLimit: 0.001, burstLimit: 2))
        #expect(again?.bucket === first?.bucket)
        #expect(registry.throttle("b", setting)?.bucket !== first?.bucket)
        #expect(registry.throttle("c", Throttle()) == nil)
        first = nil
        withExtendedLifetime(again) {}
    }
}
