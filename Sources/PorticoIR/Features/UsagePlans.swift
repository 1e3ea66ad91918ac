public import PorticoSyntax

/// `x-amazon-apigateway-api-key-source`
public enum APIKeySource: String, Sendable, Hashable, CaseIterable {
    /// `x-api-key` header.
    case header = "HEADER"
    /// `usageIdentifierKey` of the authorizer.
    case authorizer = "AUTHORIZER"
}

/// One entry of `x-portico-usage-plans`: which stages the holders of its keys may call, how fast and how often.
public struct UsagePlan: Sendable, Hashable {
    /// Name.
    public var name: Located<String>
    /// How fast the holder of a key may call, over all stages of the plan; `nil` for no limit.
    public var throttle: Throttle?
    /// How often the holder of a key may call; `nil` for no limit.
    public var quota: Quota?
    /// Stages whose methods its keys open, each once. None opens nothing.
    public var stages: [UsagePlanStage]
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes a plan.
    public init(
        name: Located<String>, throttle: Throttle? = nil, quota: Quota? = nil, stages: [UsagePlanStage] = [],
        settings: JSONValue = .object([])
    ) {
        self.name = name
        self.throttle = throttle
        self.quota = quota
        self.stages = stages
        self.settings = settings
    }
}

/// A stage of a usage plan: an element of `apiStages`.
public struct UsagePlanStage: Sendable, Hashable {
    /// Name of the stage.
    public var name: Located<String>
    /// Throttles of single methods, each method once.
    public var methods: [MethodThrottle]

    /// Makes an entry.
    public init(name: Located<String>, methods: [MethodThrottle] = []) {
        self.name = name
        self.methods = methods
    }
}

/// A throttle of one method for the holders of a plan's keys: an entry of `apiStages[].throttle`.
public struct MethodThrottle: Sendable, Hashable {
    /// `/path/METHOD`, as written.
    public var key: Located<String>
    /// Path of the resource, with its slash.
    public var path: String
    /// Verb in capitals.
    public var verb: String
    /// How fast.
    public var throttle: Throttle

    /// Reads `/path/METHOD`; `nil` if it is no path with a verb.
    public init?(key: Located<String>, throttle: Throttle) {
        // Patch operations of API Gateway write the slashes of a path as ~1.
        let plain = key.value.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
        guard let slash = plain.lastIndex(of: "/"), plain.hasPrefix("/") else { return nil }
        let verb = String(plain[plain.index(after: slash)...])
        guard MethodVerb(rawValue: verb) != nil else { return nil }
        self.key = key
        path = slash == plain.startIndex ? "/" : String(plain[..<slash])
        self.verb = verb
        self.throttle = throttle
    }
}

/// A token bucket. Source: API Gateway API reference, "ThrottleSettings".
public struct Throttle: Sendable, Hashable {
    /// Tokens that come back each second, 0 or more; fractions count. `nil` for no limit.
    public var rateLimit: Double?
    /// Tokens that the bucket holds, 0...2^31-1. It may be more than the rate. `nil` for no limit.
    public var burstLimit: Int?

    /// Makes a setting.
    public init(rateLimit: Double? = nil, burstLimit: Int? = nil) {
        self.rateLimit = rateLimit
        self.burstLimit = burstLimit
    }
}

/// Requests that the holder of a key may make in a time. Source: API Gateway API reference, "QuotaSettings".
public struct Quota: Sendable, Hashable {
    /// How long a quota lasts; boundaries are those of UTC.
    public enum Period: String, Sendable, Hashable, CaseIterable {
        /// From 00:00.
        case day = "DAY"
        /// Seven days.
        case week = "WEEK"
        /// A calendar month.
        case month = "MONTH"

        /// Offsets that API Gateway takes. Source: the checks of Terraform's provider, which have its messages.
        public var offsets: ClosedRange<Int> {
            switch self {
            case .day: 0...0
            case .week: 0...6
            case .month: 0...27
            }
        }
    }

    /// Requests in a period, 0...2^31-1.
    public var limit: Int
    /// Requests taken off the first period.
    public var offset: Int
    /// How long it lasts.
    public var period: Period

    /// Makes a setting.
    public init(limit: Int, offset: Int = 0, period: Period) {
        self.limit = limit
        self.offset = offset
        self.period = period
    }
}

/// Requests that counted on one day.
public struct DailyUsage: Sendable, Hashable {
    /// Days since 1970-01-01, in UTC.
    public var day: Int
    /// Requests.
    public var used: Int

    /// Makes a count.
    public init(day: Int, used: Int) {
        self.day = day
        self.used = used
    }
}

/// Requests with one API key that counted for one usage plan on one day.
public struct UsageRecord: Sendable, Hashable {
    /// Id of the usage plan.
    public var plan: String
    /// Id of the key.
    public var key: String
    /// Day and requests.
    public var usage: DailyUsage

    /// Makes a record.
    public init(plan: String, key: String, usage: DailyUsage) {
        self.plan = plan
        self.key = key
        self.usage = usage
    }
}

/// Keeps what the holders of API keys have used, beyond the end of a process. What it has acknowledged outlasts the end of
/// the process; several processes may add to one store at once. Any thread.
public protocol UsageStore: Sendable {
    /// Adds all counts, or none; makes the store if there is none.
    func add(_ records: [UsageRecord]) throws(UsageStoreError)
    /// Counts of the days from `first` to `last`, and besides those the first day of each key and plan; by plan, key and
    /// day. None if there is no store.
    func usage(from first: Int, to last: Int) throws(UsageStoreError) -> [UsageRecord]
}

/// Why a store of usage did not do what it was asked.
public enum UsageStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The store is damaged, cannot be read or cannot be written; where it is, and why.
    case unusable(path: String, reason: String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .unusable(let path, let reason): "the store of usage, '\(path)', \(reason)"
        }
    }
}
