public import PorticoSyntax

/// `accessLogSettings` of a stage: one line for each request, also for those that are refused.
///
/// *Source:* API Gateway guide, "Set up CloudWatch logging for REST APIs".
public struct AccessLogSettings: Sendable, Hashable {
    /// `format`: one line of at most ``longestFormat`` bytes in which `$context.NAME` stands for values. `nil` if it is
    /// missing or could not be known.
    public var format: Located<PositionedText>?
    /// `destinationArn`; `nil` if it is missing or could not be known.
    public var destination: Located<AccessLogDestination>?
    /// The members as read, for exports.
    public var settings: JSONValue

    /// Bytes of a format. *Source:* API Gateway guide, quotas of HTTP APIs: "Access log template: 3 KB".
    /// Unconfirmed: for REST APIs.
    public static let longestFormat = 3 << 10

    /// Makes settings that say nothing.
    public init(settings: JSONValue = .object([])) {
        self.settings = settings
    }
}

/// Where access logs go.
public enum AccessLogDestination: Sendable, Hashable {
    /// A log group of CloudWatch Logs.
    case logGroup(region: String, account: String, name: String)
    /// A delivery stream of Firehose; its name begins with `amazon-apigateway-`.
    case deliveryStream(region: String, account: String, name: String)
    /// The standard output of the process.
    case standardOutput
    /// A file, relative to the folder that the server runs in.
    case file(path: String)

    /// What delivery streams of access logs are called.
    public static let streamPrefix = "amazon-apigateway-"

    /// Parses `stdout`, `file:PATH`, `arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME` (`:*` may follow) or
    /// `arn:PARTITION:firehose:REGION:ACCOUNT:deliverystream/NAME`; `nil` for anything else.
    public init?(_ text: String) {
        if text == "stdout" {
            self = .standardOutput
            return
        }
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst("file:".count))
            guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                return nil
            }
            self = .file(path: path)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), ASCII.consists(parts[1], of: "-"),
            ASCII.consists(parts[3], of: "-"), ASCII.consists(parts[4], of: "")
        else { return nil }
        switch parts[2] {
        case "logs":
            guard parts[5].hasPrefix("log-group:") else { return nil }
            var name = String(parts[5].dropFirst("log-group:".count))
            if name.hasSuffix(":*") { name = String(name.dropLast(2)) }
            // Source: CloudWatch Logs API reference, CreateLogGroup, logGroupName.
            guard name.utf8.count <= 512, ASCII.consists(name, of: "_-/.#") else { return nil }
            self = .logGroup(region: parts[3], account: parts[4], name: name)
        case "firehose":
            guard parts[5].hasPrefix("deliverystream/") else { return nil }
            let name = String(parts[5].dropFirst("deliverystream/".count))
            // Source: Firehose API reference, CreateDeliveryStream, DeliveryStreamName.
            guard name.utf8.count <= 64, ASCII.consists(name, of: "_-.") else { return nil }
            self = .deliveryStream(region: parts[3], account: parts[4], name: name)
        default: return nil
        }
    }
}

extension AccessLogDestination {
    /// What parses to it.
    public var text: String {
        switch self {
        case .standardOutput: "stdout"
        case .file(let path): "file:\(path)"
        case .logGroup(let region, let account, let name): "arn:aws:logs:\(region):\(account):log-group:\(name)"
        case .deliveryStream(let region, let account, let name):
            "arn:aws:firehose:\(region):\(account):deliverystream/\(name)"
        }
    }
}
