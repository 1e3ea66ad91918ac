import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

@Suite("Throttling, over sockets")
struct ConformanceThrottleTests {
    private static let key = "keykeykeykeykeykeykeykey"
    private static let other = "otherotherotherotherother"

    private static func document(_ root: String) -> String {
        spec(
            root: root + "\n" + APIKeySpecs.scheme,
            [
                SpecOperation("GET /key", mock("ok"), "security: [{key: []}]"),
                SpecOperation("POST /key", mock("ok"), "security: [{key: []}]"),
                SpecOperation("GET /open", mock("ok")), SpecOperation("GET /other", mock("ok")),
            ])
    }

    private static func plan(_ members: String, stages: String = "[prod]") -> String {
        """
        x-portico-stages: {prod: {}, test: {}}
        x-portico-usage-plans: {gold: {\(members), apiStages: \(stages)}}
        x-portico-api-keys:
          - {name: one, value: \(key), usagePlans: [gold]}
          - {name: two, value: \(other), usagePlans: [gold]}
        """
    }

    private func expect(
        _ expected: [Int], _ gateway: TestGateway, _ count: Int, _ method: String, _ path: String, key: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let seen = try (0..<count).map { _ in
            try gateway.request(method, path, headers: key.map { [("x-api-key", $0)] } ?? []).status
        }
        #expect(seen == expected, sourceLocation: sourceLocation)
    }

    @Test("A method's own throttle counts for all callers of that method, and the stage's for each method")
    func methodSettings() async throws {
        let root = """
            x-portico-stages:
              prod:
                methodSettings:
                  "*/*": {throttlingRateLimit: 0.001, throttlingBurstLimit: 3}
                  "other/GET": {throttlingBurstLimit: 1}
              test: {}
            """
        try await withGateway(Self.document(root)) { gateway in
            try expect([200, 200, 200, 429, 429], gateway, 5, "GET", "/prod/open")
            try expect([200, 429], gateway, 2, "GET", "/prod/other")
            try expect([200, 200, 200, 200, 200], gateway, 5, "GET", "/test/open")
            let refused = try gateway.request("GET", "/prod/open")
            #expect(refused.text == #"{"message":"Too Many Requests"}"#)
            #expect(refused["x-amzn-ErrorType"] == "TooManyRequestsException")
            // A token in a thousand seconds.
            let wait = try #require(refused["Retry-After"].flatMap(Int.init))
            #expect((990...1000).contains(wait))
        }
    }

    @Test("The account's throttle counts for everything")
    func account() async throws {
        let root = "x-portico-account: {throttleSettings: {rateLimit: 0.001, burstLimit: 2}}"
        try await withGateway(Self.document(root)) { gateway in
            try expect([200], gateway, 1, "GET", "/dev/open")
            try expect([200], gateway, 1, "GET", "/dev/other")
            try expect([429, 429], gateway, 2, "GET", "/dev/open")
        }
    }

    @Test("A plan's throttle counts for each key, over all methods and stages of the plan")
    func planThrottle() async throws {
        let root = Self.plan("throttle: {rateLimit: 0.001, burstLimit: 3}", stages: "[prod, test]")
        try await withGateway(Self.document(root)) { gateway in
            try expect([200], gateway, 1, "GET", "/prod/key", key: Self.key)
            try expect([200], gateway, 1, "POST", "/prod/key", key: Self.key)
            try expect([200, 429], gateway, 2, "GET", "/test/key", key: Self.key)
            try expect([200, 200, 200, 429], gateway, 4, "GET", "/prod/key", key: Self.other)
            // Methods without a key do not ask.
            try expect([200], gateway, 1, "GET", "/prod/open", key: Self.key)
        }
    }

    @Test("A plan's throttle of a method counts for each key and that method")
    func planMethodThrottle() async throws {
        let root = Self.plan(
            "throttle: {rateLimit: 1000, burstLimit: 1000}",
            stages: #"[{stage: prod, throttle: {"/key/GET": {rateLimit: 0.001, burstLimit: 1}}}, test]"#)
        try await withGateway(Self.document(root)) { gateway in
            try expect([200, 429], gateway, 2, "GET", "/prod/key", key: Self.key)
            try expect([200, 200], gateway, 2, "POST", "/prod/key", key: Self.key)
            try expect([200, 429], gateway, 2, "GET", "/prod/key", key: Self.other)
            try expect([200, 200], gateway, 2, "GET", "/test/key", key: Self.key)
        }
    }

    @Test("Limits outlive reloads; another limit counts from then on")
    func reload() async throws {
        func root(_ burst: Int) -> String { Self.plan("throttle: {rateLimit: 0.001, burstLimit: \(burst)}") }
        try await withGateway(Self.document(root(2))) { gateway in
            try expect([200, 200, 429], gateway, 3, "GET", "/prod/key", key: Self.key)
            try await gateway.install(Self.document(root(2)))
            try expect([429], gateway, 1, "GET", "/prod/key", key: Self.key)
            try await gateway.install(Self.document(root(4)))
            try expect([200, 200, 429], gateway, 3, "GET", "/prod/key", key: Self.key)
        }
    }

    @Test("A quota that is used up answers Limit Exceeded; throttled requests do not count for it")
    func quota() async throws {
        let root = Self.plan("throttle: {rateLimit: 0.001, burstLimit: 3}, quota: {limit: 2, period: DAY}")
        try await withGateway(Self.document(root)) { gateway in
            try expect([200, 200], gateway, 2, "GET", "/prod/key", key: Self.key)
            let refused = try gateway.request("GET", "/prod/key", headers: [("x-api-key", Self.key)])
            #expect(refused.status == 429)
            #expect(refused.text == #"{"message":"Limit Exceeded"}"#)
            #expect(refused["x-amzn-ErrorType"] == "LimitExceededException")
            let wait = try #require(refused["Retry-After"].flatMap(Int.init))
            #expect((1...86_400).contains(wait))
        }
        let narrow = Self.plan("throttle: {rateLimit: 0.001, burstLimit: 1}, quota: {limit: 2, period: MONTH}")
        let store = MemoryUsageStore()
        try await withGateway(Self.document(narrow), configure: { $0.usageStore = store }) { gateway in
            try expect([200, 429, 429], gateway, 3, "GET", "/prod/key", key: Self.key)
        }
        #expect(store.total == 1)
    }

    @Test("Counts are in the store when the server has ended, and count for the next one")
    func store() async throws {
        let root = Self.plan("quota: {limit: 5, period: WEEK, offset: 1}")
        let store = MemoryUsageStore()
        try await withGateway(Self.document(root), configure: { $0.usageStore = store }) { gateway in
            try expect([200, 200, 200], gateway, 3, "GET", "/prod/key", key: Self.key)
            try expect([200], gateway, 1, "GET", "/prod/key", key: Self.other)
        }
        #expect(store.total == 4)
        try await withGateway(Self.document(root), configure: { $0.usageStore = store }) { gateway in
            try expect([200, 429], gateway, 2, "GET", "/prod/key", key: Self.key)
            try expect([200, 200, 200, 429], gateway, 4, "GET", "/prod/key", key: Self.other)
        }
        #expect(store.total == 8)
    }

    @Test("A store that cannot be written loses nothing once it can")
    func brokenStore() async throws {
        let root = Self.plan("quota: {limit: 100, period: DAY}")
        let store = MemoryUsageStore()
        store.isBroken.store(true, ordering: .relaxed)
        try await withGateway(Self.document(root), configure: { $0.usageStore = store }) { gateway in
            try expect([200, 200, 200, 200], gateway, 4, "GET", "/prod/key", key: Self.key)
            try Deadline().wait(for: "the store was tried") { store.refused.load(ordering: .relaxed) > 0 }
            try expect([200], gateway, 1, "GET", "/prod/key", key: Self.key)
            store.isBroken.store(false, ordering: .relaxed)
        }
        #expect(store.total == 5)
    }

    @Test("A month passes in a moment when the clock runs fast")
    func fastClock() async throws {
        let root = Self.plan("quota: {limit: 1, period: MONTH}")
        // A second is twelve days.
        try await withGateway(Self.document(root), configure: { $0.clockSpeed = 1_000_000 }) { gateway in
            try expect([200], gateway, 1, "GET", "/prod/key", key: Self.key)
            try Deadline().wait(for: "the next month") {
                ((try? gateway.request("GET", "/prod/key", headers: [("x-api-key", Self.key)]).status) ?? 0) == 200
            }
        }
    }

    @Test("The execution log tells whose limit it was")
    func log() async throws {
        let root = Self.plan("throttle: {rateLimit: 1, burstLimit: 0}")
        let log = LogCollector()
        try await withGateway(
            Self.document(root),
            configure: {
                $0.loggingLevel = .info
                $0.executionLogOutput = log.take
            }
        ) { gateway in
            try expect([429], gateway, 1, "GET", "/prod/key", key: Self.key)
        }
        #expect(log.text.contains("Key throttle limit exceeded for Usage Plan ID "))
        #expect(log.text.contains(", Stage prod, Resource "))
        #expect(log.text.contains(", HttpMethod GET. Limit: 1.00 Burst: 0\n"))
        #expect(log.text.contains("Method completed with status: 429"))
    }

    @Test("A gateway response shapes the refusal, Retry-After stays")
    func gatewayResponse() async throws {
        let root = """
            x-portico-stages: {dev: {methodSettings: {"*/*": {throttlingRateLimit: 1, throttlingBurstLimit: 0}}}}
            x-amazon-apigateway-gateway-responses:
              THROTTLED: {statusCode: 503, responseTemplates: {application/json: '{"slow": "$context.error.responseType"}'}}
            """
        try await withGateway(Self.document(root)) { gateway in
            let refused = try gateway.request("GET", "/dev/open")
            #expect(refused.status == 503)
            #expect(refused.text == #"{"slow": "THROTTLED"}"#)
            #expect(refused["Retry-After"] == "1")
        }
    }
}

/// Usage in memory.
final class MemoryUsageStore: UsageStore {
    private let records = Mutex([UsageRecord]())
    let isBroken = Atomic<Bool>(false)
    let refused = Atomic<Int>(0)

    var total: Int { records.withLock { $0.reduce(0) { $0 + $1.usage.used } } }

    func add(_ more: [UsageRecord]) throws(UsageStoreError) {
        if isBroken.load(ordering: .relaxed) {
            refused.add(1, ordering: .relaxed)
            throw .unusable(path: "memory", reason: "is full")
        }
        records.withLock { $0 += more }
    }

    func usage(from first: Int, to last: Int) throws(UsageStoreError) -> [UsageRecord] {
        var sums: [UsageRecord] = []
        for record in records.withLock({ $0 }) where (first...last).contains(record.usage.day) {
            if let place = sums.firstIndex(where: {
                $0.plan == record.plan && $0.key == record.key && $0.usage.day == record.usage.day
            }) {
                sums[place].usage.used += record.usage.used
            } else {
                sums.append(record)
            }
        }
        return sums.sorted { $0.usage.day < $1.usage.day }
    }
}
