// Hot: no, once per method of a deployment. Allocates: names.

internal import PorticoIR

/// The stable name of a series: a method of a stage, for canary traffic or the rest. The same name keeps its numbers over
/// reloads.
///
/// Requests that match no method count under a key without method and resource. Coarser dimension sets are sums over
/// these.
struct MetricSeriesKey: Sendable, Hashable, Comparable {
    /// The kind of API, which decides which metrics the series has and what names them.
    var kind: APIProtocol
    /// Name of the API as metrics have it.
    var apiName: String
    /// Identifier of the API.
    var apiID: String
    /// Name of the stage.
    var stage: String
    /// Verb as the method declares it, such as `GET` or `ANY`; empty for requests without a method.
    var method: String
    /// Path of the resource, such as `/pets/{petId}`, or key of the WebSocket route; empty for requests without a method.
    var resource: String
    /// Whether the canary release answered.
    var isCanary: Bool

    /// Names a series. `apiName` is the name as the spec has it.
    ///
    /// Source: API Gateway guide, "Amazon API Gateway dimensions and metrics": non-ASCII characters of the name are left
    /// out, and a name without any other is the API's identifier.
    init(
        apiName: String, apiID: String, stage: String, method: String = "", resource: String = "",
        isCanary: Bool = false, kind: APIProtocol = .rest
    ) {
        self.kind = kind
        let ascii = String(String.UnicodeScalarView(apiName.unicodeScalars.filter(\.isASCII)))
        self.apiName = ascii.isEmpty ? apiID : ascii
        self.apiID = apiID
        self.stage = stage
        self.method = method
        self.resource = resource
        self.isCanary = isCanary
    }

    /// The series of the stage's requests without a method.
    var ofStage: MetricSeriesKey {
        MetricSeriesKey(apiName: apiName, apiID: apiID, stage: stage, kind: kind)
    }

    /// The dimension sets that CloudWatch has it in; those of a method or route only where its metrics are detailed.
    func dimensionSets(isDetailed: Bool) -> [MetricDimensions] {
        func set(stage: String?, isDetailed: Bool = false) -> MetricDimensions {
            let method: String? = isDetailed ? self.method : nil
            let resource: String? = isDetailed ? self.resource : nil
            // What has no room for a series of its own has no identifier.
            let apiID = self.apiID.isEmpty ? apiName : self.apiID
            return switch kind {
            case .rest: MetricDimensions(apiName: apiName, stage: stage, method: method, resource: resource)
            case .http: MetricDimensions(httpAPI: apiID, stage: stage, method: method, resource: resource)
            case .webSocket: MetricDimensions(webSocketAPI: apiID, stage: stage, route: resource)
            }
        }
        guard !stage.isEmpty else { return [set(stage: nil)] }
        let sets = [set(stage: nil), set(stage: stage)]
        return isDetailed && !resource.isEmpty ? sets + [set(stage: stage, isDetailed: true)] : sets
    }

    /// The series of everything that has no series of its own, because there are too many.
    static let overflow = MetricSeriesKey(apiName: "__overflow__", apiID: "", stage: "")

    static func < (left: MetricSeriesKey, right: MetricSeriesKey) -> Bool {
        if left.apiName != right.apiName { return left.apiName < right.apiName }
        if left.apiID != right.apiID { return left.apiID < right.apiID }
        if left.stage != right.stage { return left.stage < right.stage }
        if left.resource != right.resource { return left.resource < right.resource }
        if left.method != right.method { return left.method < right.method }
        return !left.isCanary && right.isCanary
    }
}

/// What the cache of a stage did for a request.
enum CacheOutcome: UInt8, Sendable, CaseIterable {
    /// It was not asked.
    case none
    /// It had the answer.
    case hit
    /// It had not.
    case miss
}

/// What is counted of the events of WebSocket APIs alone.
/// Source: API Gateway guide, "Monitor WebSocket API execution with CloudWatch metrics".
enum SocketCount: UInt8, Sendable, CaseIterable {
    /// Requests that go to the integration of `$connect`.
    case connect
    /// Messages of clients, and of backends to clients.
    case message
    /// Events that are answered with a 4xx status before their integration is called.
    case clientError
    /// Answers of integrations that are errors.
    case integrationError
    /// Calls of integrations that failed otherwise.
    case executionError

    /// Its name in labels.
    var name: String {
        switch self {
        case .connect: "connect"
        case .message: "message"
        case .clientError: "client_error"
        case .integrationError: "integration_error"
        case .executionError: "execution_error"
        }
    }
}

/// Whose limit refused a request with 429. The case is the counter's place after the first.
enum ThrottleLevel: UInt8, Sendable, CaseIterable {
    /// None did.
    case none
    /// The account's.
    case account
    /// The method's at its stage.
    case method
    /// The usage plan's for a key and a method.
    case plan
    /// The usage plan's for a key.
    case key
    /// The usage plan's quota for a key.
    case quota

    /// Levels that refuse.
    static let refusing: [ThrottleLevel] = [.account, .method, .plan, .key, .quota]

    /// Its name in labels.
    var name: String {
        switch self {
        case .none: "none"
        case .account: "account"
        case .method: "method"
        case .plan: "plan"
        case .key: "key"
        case .quota: "quota"
        }
    }
}
