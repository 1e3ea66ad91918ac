// Hot: once per request whose stage is traced. Allocates: nothing.

internal import PorticoIR

/// What sampling rules look at in a request. The bytes need to live for one decision only.
protocol SampledRequest {
    /// The header `Host`.
    var samplingHost: UnsafeRawBufferPointer { get }
    /// The method.
    var samplingMethod: UnsafeRawBufferPointer { get }
    /// The path without query.
    var samplingPath: UnsafeRawBufferPointer { get }
    /// The value of a header by its lower-case name; `nil` if there is none.
    func samplingHeader(_ lowerName: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?
}

/// The sampling rules that a stage can meet, in the order in which they are tried. Immutable but for the reservoirs; any
/// loop.
final class SamplingProgram: Sendable {
    /// What was decided, and by which rule.
    struct Decision: Sendable, Hashable {
        var isSampled: Bool
        /// Index of ``rules``.
        var rule: Int
    }

    /// One rule; a class, so that it is looked at without copying its parts.
    final class Rule: Sendable {
        let name: String
        fileprivate let host: SamplingPattern
        fileprivate let method: SamplingPattern
        fileprivate let path: SamplingPattern
        fileprivate let attributes: [(name: [UInt8], pattern: SamplingPattern)]
        fileprivate let reservoir: SamplingReservoir
        /// A random number below it is recorded.
        fileprivate let threshold: UInt64
        /// Whether all are recorded, which no threshold says.
        fileprivate let recordsAll: Bool

        fileprivate init(_ rule: SamplingRule) {
            // 2^64 as a Double; a rate below 1 keeps the product within UInt64.
            let scale = 18_446_744_073_709_551_616.0
            let rate = min(max(rule.fixedRate, 0), 1)
            name = rule.ruleName
            host = SamplingPattern(rule.host)
            method = SamplingPattern(rule.httpMethod)
            path = SamplingPattern(rule.urlPath)
            attributes = rule.attributes.map { (Array($0.name.lowercased().utf8), SamplingPattern($0.pattern)) }
            reservoir = SamplingReservoir(size: rule.reservoirSize)
            threshold = rate < 1 ? UInt64(rate * scale) : .max
            recordsAll = rate >= 1
        }
    }

    /// By priority, the default rule at the end.
    let rules: [Rule]

    /// The stage that the rules are chosen for.
    struct Place: Sendable, Hashable {
        /// `{API name}/{stage}`
        var serviceName: String
        /// `arn:aws:apigateway:{region}::/restapis/{id}/stages/{stage}`
        var resourceARN: String
        var serviceType = "AWS::ApiGateway::Stage"
    }

    /// Rules of other services are left out. Rules of the same priority are tried in the order of the file.
    init(_ rules: [SamplingRule], at place: Place) {
        func isOurs(_ rule: SamplingRule) -> Bool {
            matches(rule.serviceName, place.serviceName) && matches(rule.serviceType, place.serviceType)
                && matches(rule.resourceARN, place.resourceARN)
        }
        func matches(_ pattern: String, _ text: String) -> Bool {
            Array(text.utf8).withUnsafeBytes { SamplingPattern(pattern).matches($0) }
        }
        let standard = rules.last { $0.priority >= SamplingRule.standard.priority } ?? .standard
        let ordered = rules.enumerated()
            .filter { $0.element.priority < SamplingRule.standard.priority && isOurs($0.element) }
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
        self.rules = (ordered.map(\.element) + [standard]).map(Rule.init)
    }

    /// Decides for a request that came without a decision. `second` is the wall clock's, `random` any 64 bits.
    func decide(_ request: some SampledRequest, second: Int, random: UInt64) -> Decision {
        var index = 0
        while index < rules.count {
            let rule = rules[index]
            if index == rules.count &- 1 || Self.matches(rule, request) {
                let isSampled = rule.reservoir.take(second: second) || rule.recordsAll || random < rule.threshold
                return Decision(isSampled: isSampled, rule: index)
            }
            index &+= 1
        }
        return Decision(isSampled: false, rule: 0)
    }

    @inline(__always)
    private static func matches(_ rule: Rule, _ request: some SampledRequest) -> Bool {
        guard rule.method.matchesAll || rule.method.matches(request.samplingMethod),
            rule.path.matchesAll || rule.path.matches(request.samplingPath),
            rule.host.matchesAll || rule.host.matches(request.samplingHost)
        else { return false }
        for attribute in rule.attributes {
            let value = attribute.name.withUnsafeBytes { request.samplingHeader($0) }
            guard let value, attribute.pattern.matches(value) else { return false }
        }
        return true
    }
}
