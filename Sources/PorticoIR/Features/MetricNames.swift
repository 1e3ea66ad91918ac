/// Metrics of an API: what is counted, whatever CloudWatch calls it in which kind of API.
public enum MetricName: Sendable, Hashable, CaseIterable {
    /// Requests.
    case count
    /// Answers with a 4xx status.
    case clientErrors
    /// Answers with a 5xx status.
    case serverErrors
    /// Answers that the cache had.
    case cacheHits
    /// Requests that the cache had no answer for.
    case cacheMisses
    /// Milliseconds from a request to its answer.
    case latency
    /// Milliseconds from the call of a backend to its answer.
    case integrationLatency
    /// Bytes of requests and answers, as `$context.dataProcessed` has them.
    case dataProcessed
    /// Requests that go to the integration of `$connect`.
    case connects
    /// Messages of clients, and of backends to clients.
    case messages
    /// Events that are refused before their integration is called.
    case refusals
    /// Answers of integrations that are errors.
    case integrationErrors
    /// Calls of integrations that failed otherwise.
    case executionErrors
    /// Requests that a throttle or quota refused. Portico's own.
    case throttled

    /// Its name in APIs of a kind; `nil` when they do not have it.
    ///
    /// Source: API Gateway guide, "Amazon API Gateway dimensions and metrics", "Monitor CloudWatch metrics for HTTP APIs",
    /// "Monitor WebSocket API execution with CloudWatch metrics".
    public func name(in kind: APIProtocol) -> String? {
        switch (self, kind) {
        case (.count, .rest), (.count, .http): "Count"
        case (.clientErrors, .rest): "4XXError"
        case (.clientErrors, .http): "4xx"
        case (.serverErrors, .rest): "5XXError"
        case (.serverErrors, .http): "5xx"
        case (.cacheHits, .rest): "CacheHitCount"
        case (.cacheMisses, .rest): "CacheMissCount"
        case (.latency, .rest), (.latency, .http): "Latency"
        case (.integrationLatency, _): "IntegrationLatency"
        case (.dataProcessed, .http): "DataProcessed"
        case (.connects, .webSocket): "ConnectCount"
        case (.messages, .webSocket): "MessageCount"
        case (.refusals, .webSocket): "ClientError"
        case (.integrationErrors, .webSocket): "IntegrationError"
        case (.executionErrors, .webSocket): "ExecutionError"
        case (.throttled, _): "ThrottleCount"
        default: nil
        }
    }

    /// The metric that has that name in APIs of a kind.
    public init?(named name: String, in kind: APIProtocol) {
        guard let found = Self.allCases.first(where: { $0.name(in: kind) == name }) else { return nil }
        self = found
    }

    /// Names of the metrics of a kind of API.
    public static func names(in kind: APIProtocol) -> [String] { allCases.compactMap { $0.name(in: kind) } }

    /// Where CloudWatch would look for it; Portico's own have another place.
    public var namespace: String { self == .throttled ? Self.porticoNamespace : Self.awsNamespace }

    /// Unit of its values.
    public var unit: String {
        switch self {
        case .latency, .integrationLatency: "Milliseconds"
        case .dataProcessed: "Bytes"
        default: "Count"
        }
    }

    /// Namespace of API Gateway's metrics.
    public static let awsNamespace = "AWS/ApiGateway"
    /// Namespace of Portico's own.
    public static let porticoNamespace = "Portico"
}

/// Names and values that say what a metric is of; together one of the sets that are published for a kind of API.
///
/// Source: as of ``MetricName/name(in:)``.
public struct MetricDimensions: Sendable, Hashable {
    /// The kind of the API, which decides what the names are.
    public var kind: APIProtocol
    /// `ApiName` of REST APIs, `ApiId` of others.
    public var api: String
    /// `Stage`
    public var stage: String?
    /// `Method`
    public var method: String?
    /// `Resource`
    public var resource: String?
    /// `Route`, of WebSocket APIs.
    public var route: String?

    /// Makes a set of a REST API.
    public init(apiName: String, stage: String? = nil, method: String? = nil, resource: String? = nil) {
        kind = .rest
        api = apiName
        self.stage = stage
        self.method = method
        self.resource = resource
    }

    /// Makes a set of an HTTP API.
    public init(httpAPI id: String, stage: String? = nil, method: String? = nil, resource: String? = nil) {
        self.init(apiName: id, stage: stage, method: method, resource: resource)
        kind = .http
    }

    /// Makes a set of a WebSocket API.
    public init(webSocketAPI id: String, stage: String? = nil, route: String? = nil) {
        self.init(apiName: id, stage: stage)
        kind = .webSocket
        self.route = route
    }

    /// Names of the sets that are published for a kind of API: the API's, the stage's, the method's.
    ///
    /// Unconfirmed: `Route`, which an earlier edition of the guide had. Its page on WebSocket APIs has `Method` and
    /// `Resource`, without a word on what they are of a route.
    public static func sets(of kind: APIProtocol) -> [[String]] {
        switch kind {
        case .rest: [["ApiName"], ["ApiName", "Stage"], ["ApiName", "Method", "Resource", "Stage"]]
        case .http: [["ApiId"], ["ApiId", "Stage"], ["ApiId", "Method", "Resource", "Stage"]]
        case .webSocket: [["ApiId"], ["ApiId", "Stage"], ["ApiId", "Stage", "Route"]]
        }
    }

    /// Names that a dimension of a kind of API can have, in the order of the guide.
    public static func names(of kind: APIProtocol) -> [String] { sets(of: kind).last ?? [] }

    /// The set of those names and values; `nil` when no metric of that kind of API has exactly these dimensions.
    public init?(pairs: [(name: String, value: String)], of kind: APIProtocol) {
        let names = Set(pairs.map(\.name))
        guard names.count == pairs.count, Self.sets(of: kind).contains(where: { Set($0) == names }) else { return nil }
        self.init(apiName: "")
        self.kind = kind
        for (name, value) in pairs {
            switch name {
            case "Stage": stage = value
            case "Method": method = value
            case "Resource": resource = value
            case "Route": route = value
            default: api = value
            }
        }
    }

    /// Names and values in the order of the guide.
    public var pairs: [(name: String, value: String)] {
        Self.names(of: kind).compactMap { name in
            let value: String? =
                switch name {
                case "Stage": stage
                case "Method": method
                case "Resource": resource
                case "Route": route
                default: api
                }
            return value.map { (name, $0) }
        }
    }

    /// Whether it is of a method or a route, which have metrics of their own only where that is asked for.
    public var isDetailed: Bool { resource != nil || route != nil }
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
