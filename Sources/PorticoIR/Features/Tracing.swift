public import PorticoSyntax

/// `x-portico-tracing`: which requests are traced, and where traces go. Stages turn tracing on by `tracingEnabled`.
public struct TracingSettings: Sendable, Hashable {
    /// Rules in the order of the file; they are tried by priority. The default rule follows them.
    public var samplingRules: [SamplingRule] = []
    /// Where segments of X-Ray go; `nil` for nowhere.
    public var xray: XRayDestination?
    /// Where spans of OpenTelemetry go; `nil` for nowhere.
    public var otlp: OTLPDestination?
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Makes settings with the default rule and without destinations.
    public init(settings: JSONValue = .object([])) {
        self.settings = settings
    }
}

/// Which requests are recorded, in the terms of X-Ray. All texts are patterns in which `*` stands for any characters and
/// `?` for one, compared without regard to the case of letters.
///
/// *Source:* X-Ray API reference, "SamplingRule"; API Gateway guide, "Configure AWS X-Ray sampling rules".
public struct SamplingRule: Sendable, Hashable {
    /// `RuleName`, 1 to 32 characters.
    public var ruleName: String
    /// `Priority`, 1...9999: lower ones are tried first. The default rule has 10,000.
    public var priority: Int
    /// `ReservoirSize`: requests a second that are recorded before ``fixedRate`` counts; not negative.
    public var reservoirSize: Int
    /// `FixedRate`, 0...1: the part of the other requests that is recorded.
    public var fixedRate: Double
    /// `ServiceName`: `{API name}/{stage}`.
    public var serviceName = "*"
    /// `ServiceType`: `AWS::ApiGateway::Stage`.
    public var serviceType = "*"
    /// `Host`: the header of that name.
    public var host = "*"
    /// `HTTPMethod`
    public var httpMethod = "*"
    /// `URLPath`: the path of the request as it came, without query.
    public var urlPath = "*"
    /// `ResourceARN`: `arn:aws:apigateway:{region}::/restapis/{id}/stages/{stage}`.
    public var resourceARN = "*"
    /// `Attributes`: names of request headers, and patterns of their values; at most five. All must match.
    public var attributes: [SamplingAttribute] = []

    /// Makes a rule that matches every request.
    public init(ruleName: String, priority: Int, reservoirSize: Int, fixedRate: Double) {
        self.ruleName = ruleName
        self.priority = priority
        self.reservoirSize = reservoirSize
        self.fixedRate = fixedRate
    }

    /// What counts when no rule matches: one request a second and 5 % of the others.
    /// *Source:* X-Ray guide, "Configure sampling rules".
    public static let standard = SamplingRule(
        ruleName: "Default", priority: 10_000, reservoirSize: 1, fixedRate: 0.05)
}

/// One entry of a sampling rule's `Attributes`.
public struct SamplingAttribute: Sendable, Hashable {
    /// Name of a request header, 1 to 32 characters; its case does not count.
    public var name: String
    /// Pattern of its value, 1 to 32 characters.
    public var pattern: String

    /// Makes an attribute.
    public init(name: String, pattern: String) {
        self.name = name
        self.pattern = pattern
    }
}

/// A daemon of X-Ray, which takes segments as datagrams.
public struct XRayDestination: Sendable, Hashable {
    /// Name or address; without the brackets of an IPv6 address.
    public var host: String
    /// Port, 1...65535.
    public var port: Int

    /// Makes a destination; without arguments the daemon's usual place.
    /// *Source:* X-Ray guide, "Running the X-Ray daemon".
    public init(host: String = "127.0.0.1", port: Int = 2000) {
        self.host = host
        self.port = port
    }

    /// Parses `HOST`, `HOST:PORT` or `udp://HOST:PORT`; `nil` for anything else.
    public init?(_ text: String) {
        let prefix = "udp://"
        let rest = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        guard !rest.isEmpty, !rest.contains("/"), let target = VPCLinkTarget(rest), !target.host.isEmpty else {
            return nil
        }
        self.init(host: target.host, port: target.port ?? 2000)
    }
}

/// A collector of OpenTelemetry, which takes spans as protobuf over HTTP.
public struct OTLPDestination: Sendable, Hashable {
    /// The base address; `/v1/traces` is added to its path. *Source:* OTLP specification, "OTLP/HTTP Request".
    public var endpoint: CollectorAddress
    /// Header fields of every request, in order. Values may have `${env.NAME}` in them.
    public var headers: [NamedText] = []
    /// `service.name` of the resource; `nil` for the API's name.
    public var serviceName: String?
    /// More attributes of the resource, in order.
    public var resourceAttributes: [NamedText] = []
    /// How long a request may take, in milliseconds, 100...60,000.
    /// *Source:* OpenTelemetry specification, "OTLP exporter configuration", timeout.
    public var timeoutMilliseconds = 10_000
    /// Spans of one request, 1...8192. *Source:* OpenTelemetry specification, "Batching processor".
    public var batchSize = 512
    /// How long a span waits for others, in milliseconds, 10...60,000. *Source:* as ``batchSize``.
    public var delayMilliseconds = 5000
    /// Spans that may wait, 1...65,536. *Source:* as ``batchSize``.
    public var queueSize = 2048

    /// Makes a destination without headers.
    public init(endpoint: CollectorAddress) {
        self.endpoint = endpoint
    }
}

/// A name and a value, without places.
public struct NamedText: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// Makes a pair.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// An absolute http or https URL in its parts, without user, query and fragment.
public struct CollectorAddress: Sendable, Hashable {
    /// Whether it is called by TLS.
    public let isSecure: Bool
    /// Name or address; without the brackets of an IPv6 address.
    public let host: String
    /// Port; the usual one of the scheme unless it is written.
    public let port: Int
    /// Path without a slash at its end: empty, or begins with `/`.
    public let path: String

    /// Parses; `nil` for anything else.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C && $0 != 0x22 }) else { return nil }
        let scheme: String
        if text.hasPrefix("https://") {
            scheme = "https://"
        } else if text.hasPrefix("http://") {
            scheme = "http://"
        } else {
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let authority = VPCLinkTarget(scheme + rest[..<end]) else { return nil }
        var path = rest[end...]
        guard !path.contains("?"), !path.contains("#") else { return nil }
        while path.hasSuffix("/") { path = path.dropLast() }
        isSecure = scheme == "https://"
        host = authority.host
        port = authority.port ?? (isSecure ? 443 : 80)
        self.path = String(path)
    }
}

extension CollectorAddress {
    /// What parses to it.
    public var text: String {
        "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)"
    }
}
