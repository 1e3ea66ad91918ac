/// Metrics of an API by their CloudWatch names. Source: API Gateway guide, "Amazon API Gateway dimensions and metrics".
public enum MetricName: String, Sendable, Hashable, CaseIterable {
    /// Requests.
    case count = "Count"
    /// Answers with a 4xx status.
    case clientErrors = "4XXError"
    /// Answers with a 5xx status.
    case serverErrors = "5XXError"
    /// Answers that the cache had.
    case cacheHits = "CacheHitCount"
    /// Requests that the cache had no answer for.
    case cacheMisses = "CacheMissCount"
    /// Milliseconds from a request to its answer.
    case latency = "Latency"
    /// Milliseconds from the call of a backend to its answer.
    case integrationLatency = "IntegrationLatency"
    /// Clients that connect to a WebSocket API.
    case connects = "ConnectCount"
    /// Messages of its clients.
    case messages = "MessageCount"
    /// 4xx answers to them.
    case socketClientErrors = "ClientError"
    /// Answers of its integrations that are errors.
    case integrationErrors = "IntegrationError"
    /// Calls of its integrations that failed otherwise.
    case executionErrors = "ExecutionError"
    /// Requests that a throttle or quota refused. Portico's own.
    case throttled = "ThrottleCount"

    /// The metric of that name, also by the names that HTTP APIs give it.
    public init?(named name: String) {
        switch name {
        case "4xx": self = .clientErrors
        case "5xx": self = .serverErrors
        default: self.init(rawValue: name)
        }
    }

    /// Its name in an HTTP API. Source: API Gateway guide, "Monitoring metrics for HTTP APIs in API Gateway".
    public var nameInHTTPAPIs: String {
        switch self {
        case .clientErrors: "4xx"
        case .serverErrors: "5xx"
        default: rawValue
        }
    }

    /// Whether it is of the cache, which HTTP APIs lack.
    public var isOfCache: Bool { self == .cacheHits || self == .cacheMisses }

    /// Where CloudWatch would look for it; Portico's own have another place.
    public var namespace: String { self == .throttled ? Self.porticoNamespace : Self.awsNamespace }

    /// Unit of its values.
    public var unit: String { isLatency ? "Milliseconds" : "Count" }

    /// Whether its values are times.
    public var isLatency: Bool { self == .latency || self == .integrationLatency }

    /// Namespace of API Gateway's metrics.
    public static let awsNamespace = "AWS/ApiGateway"
    /// Namespace of Portico's own.
    public static let porticoNamespace = "Portico"
}

/// Names and values that say what a metric is of; together one of the sets that are published.
public struct MetricDimensions: Sendable, Hashable {
    /// `ApiName`; `nil` when `apiID` says which API.
    public var apiName: String?
    /// `ApiId`, as metrics of HTTP and WebSocket APIs have it.
    public var apiID: String?
    /// `Stage`
    public var stage: String?
    /// `Method`
    public var method: String?
    /// `Resource`
    public var resource: String?

    /// Makes a set.
    public init(
        apiName: String? = nil, apiID: String? = nil, stage: String? = nil, method: String? = nil,
        resource: String? = nil
    ) {
        self.apiName = apiName
        self.apiID = apiID
        self.stage = stage
        self.method = method
        self.resource = resource
    }

    /// Names that a dimension can have.
    public static let names = ["ApiName", "ApiId", "Stage", "Method", "Resource"]

    /// The set of those names and values; `nil` when no metric has exactly these dimensions, whose sets are
    /// `ApiName`, `ApiName, Stage` and `ApiName, Method, Resource, Stage`.
    public init?(pairs: [(name: String, value: String)]) {
        self.init()
        for (name, value) in pairs {
            switch name {
            case "ApiName": apiName = value
            case "ApiId": apiID = value
            case "Stage": stage = value
            case "Method": method = value
            case "Resource": resource = value
            default: return nil
            }
        }
        let isOneAPI = (apiName == nil) != (apiID == nil)
        guard isOneAPI, (method == nil) == (resource == nil), method == nil || stage != nil,
            Set(pairs.map(\.name)).count == pairs.count
        else { return nil }
    }

    /// Names and values in the order of the guide.
    public var pairs: [(name: String, value: String)] {
        [("ApiName", apiName), ("ApiId", apiID), ("Method", method), ("Resource", resource), ("Stage", stage)]
            .compactMap { name, value in value.map { (name, $0) } }
    }
}

/// How the values of a period become one. Source: CloudWatch user guide, "CloudWatch statistics definitions".
public enum MetricStatistic: Sendable, Hashable {
    /// Number of values.
    case sampleCount
    /// Mean.
    case average
    /// All together.
    case sum
    /// Least.
    case minimum
    /// Greatest.
    case maximum
    /// `pNN.N`: the value that this share of the values does not exceed, above 0 and up to 1.
    case percentile(Double)
    /// `tmNN.N`: the mean of this share of the values, the lowest ones.
    case trimmedMean(Double)

    /// Those with names, which are `Statistic` of an alarm.
    public static let named: [(name: String, value: MetricStatistic)] = [
        ("SampleCount", .sampleCount), ("Average", .average), ("Sum", .sum), ("Minimum", .minimum),
        ("Maximum", .maximum),
    ]

    /// Reads a name, `pNN.N`, `tmNN.N` or `TMNN.N`.
    public init?(_ text: String) {
        if let named = Self.named.first(where: { $0.name == text }) {
            self = named.value
            return
        }
        let isMean = text.hasPrefix("tm") || text.hasPrefix("TM")
        guard isMean || text.hasPrefix("p") else { return nil }
        let digits = text.dropFirst(isMean ? 2 : 1)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
            // A division would not give the number that is nearest to the share.
            let share = Double(digits + "e-2"), share > 0, share <= 1
        else { return nil }
        self = isMean ? .trimmedMean(share) : .percentile(share)
    }

    /// Its name, as read.
    public var name: String {
        func percent(_ share: Double) -> String {
            let tenths = (share * 1e12).rounded() / 1e10
            return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
        }
        switch self {
        case .percentile(let share): return "p" + percent(share)
        case .trimmedMean(let share): return "tm" + percent(share)
        default: return Self.named.first { $0.value == self }?.name ?? ""
        }
    }
}
