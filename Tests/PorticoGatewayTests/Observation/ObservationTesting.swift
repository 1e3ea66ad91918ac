import Glibc
import Logging
import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// A gateway with what it says to its operator, and what it counts.
final class WatchedGateway: Sendable {
    let port: Int
    let adminPort: Int
    let said: SaidLines
    let server: GatewayServer

    init(_ snapshot: DeploymentSnapshot, configure: (inout ServerConfiguration) -> Void = { _ in }) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.tlsPort = nil
        configuration.adminPort = 0
        configuration.workers = 1
        configuration.environment = [:]
        configure(&configuration)
        let said = SaidLines()
        self.said = said
        server = GatewayServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SaidLines.Handler(said) })
        let addresses = try await server.start(snapshot)
        port = addresses.port
        adminPort = addresses.adminPort ?? 0
    }

    /// Serves another version from now on.
    func install(_ spec: String) async throws { await server.install(try TestGateway.compile(spec)) }

    func stop() async { await server.drain(within: .zero) }

    @discardableResult
    func request(
        _ method: String = "GET", _ path: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> RawResponse {
        try HTTP.request(method, path, port: port, headers: headers, body: body)
    }

    /// What `/metrics` says, read strictly.
    func metrics() throws -> PrometheusDocument {
        let answer = try HTTP.request("GET", "/metrics", port: adminPort)
        #expect(answer.status == 200)
        return try PrometheusDocument(answer.body)
    }

    /// A number of `/metrics`; -1 if it is not there.
    func metric(_ name: String, _ labels: [String: String] = [:]) throws -> Double {
        try metrics().value(name, labels) ?? -1
    }
}

/// A gateway for the length of `body`.
func withWatchedGateway(
    _ spec: String, configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (WatchedGateway) async throws -> Void
) async throws {
    let gateway = try await WatchedGateway(try TestGateway.compile(spec), configure: configure)
    do {
        try await body(gateway)
    } catch {
        await gateway.stop()
        throw error
    }
    await gateway.stop()
}

/// Lines of the server's own log.
final class SaidLines: Sendable {
    private let messages = Mutex<[String]>([])

    var all: [String] { messages.withLock { $0 } }

    /// How many lines have that text.
    func count(_ text: String) -> Int { all.filter { $0.contains(text) }.count }

    struct Handler: LogHandler {
        let lines: SaidLines
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.info

        init(_ lines: SaidLines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.messages.withLock { $0.append("\(event.level): \(event.message)") }
        }
    }
}

/// A UDP socket on a free port of 127.0.0.1.
final class DatagramReceiver: Sendable {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw TestSupportError("no UDP socket") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// The next datagram; throws if none comes.
    func receive(within deadline: Deadline = Deadline(after: .seconds(20))) throws -> String {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, deadline.millisecondsLeft) == 1 else { throw TestSupportError("no datagram came") }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    /// Whether a datagram is there already.
    var isEmpty: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 0
    }

    /// The next segment, without the daemon's line.
    func segment() throws -> JSONValue {
        let lines = try receive().split(separator: "\n", maxSplits: 1).map(String.init)
        #expect(lines.first == #"{"format": "json", "version": 1}"#)
        return try #require(JSONValue(parsing: lines.last ?? ""))
    }
}

extension TemporaryFolder {
    /// The lines of a file, once there are that many.
    func lines(_ name: String, _ count: Int) throws -> [String] {
        try Deadline(after: .seconds(20)).wait(for: "\(count) lines of \(name), which has '\(read(name))'") {
            read(name).utf8.count { $0 == 0x0A } >= count
        }
        return read(name).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}

extension JSONValue {
    /// The text of a string; `nil` for anything else.
    var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The digits of a number as an integer.
    var integer: Int? { if case .number(let text) = self { Double(text).map { Int($0) } } else { nil } }
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}

/// A line of the embedded metric format, taken apart.
struct MetricLine {
    /// Such as `ApiId=abc Stage=dev`.
    var dimensions = ""
    /// Units of its metrics.
    var units: [String: String] = [:]
    /// All values of each metric together.
    var sums: [String: Double] = [:]

    init(_ line: JSONValue) {
        let directive = line["_aws"]?["CloudWatchMetrics"]?.elements.first
        let names = directive?["Dimensions"]?.elements.first?.elements.compactMap(\.string) ?? []
        dimensions = names.map { "\($0)=\(line[$0]?.string ?? "")" }.joined(separator: " ")
        func numbers(_ value: JSONValue?) -> [Double] {
            (value?.elements ?? []).compactMap { if case .number(let text) = $0 { Double(text) } else { nil } }
        }
        for metric in directive?["Metrics"]?.elements ?? [] {
            guard let name = metric["Name"]?.string, let value = line[name] else { continue }
            units[name] = metric["Unit"]?.string
            sums[name] = zip(numbers(value["Values"]), numbers(value["Counts"])).reduce(0.0) { $0 + $1.0 * $1.1 }
        }
    }
}

extension MetricRegistry {
    /// What was counted since the start as the lines of one minute, by their dimensions.
    func minute() -> [String: MetricLine] {
        var history = MetricHistory(registry: self)
        var bytes: [UInt8] = []
        for seconds in [600, 610, 670] {
            for minute in history.advance(to: seconds) { EmbeddedMetrics.append(minute, to: &bytes) }
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .compactMap { JSONValue(parsing: String($0)).map(MetricLine.init) }
        return Dictionary(lines.map { ($0.dimensions, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Formats of the console. Source: reference, "Access logs" (9.1).
enum AccessLogPreset {
    static let clf =
        #"$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "#
        + #""$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength "#
        + "$context.requestId $context.extendedRequestId"
    static let json =
        #"{ "requestId":"$context.requestId", "extendedRequestId":"$context.extendedRequestId", "#
        + #""ip": "$context.identity.sourceIp", "caller":"$context.identity.caller", "user":"$context.identity.user", "#
        + #""requestTime":"$context.requestTime", "httpMethod":"$context.httpMethod", "#
        + #""resourcePath":"$context.resourcePath", "status":"$context.status", "protocol":"$context.protocol", "#
        + #""responseLength":"$context.responseLength" }"#
    static let csv =
        "$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,"
        + "$context.httpMethod,$context.resourcePath,$context.protocol,$context.status,$context.responseLength,"
        + "$context.requestId,$context.extendedRequestId"
    static let xml =
        #"<request id="$context.requestId"> <extendedRequestId>$context.extendedRequestId</extendedRequestId> "#
        + "<ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> "
        + "<user>$context.identity.user</user> <requestTime>$context.requestTime</requestTime> "
        + "<httpMethod>$context.httpMethod</httpMethod> <resourcePath>$context.resourcePath</resourcePath> "
        + "<status>$context.status</status> <protocol>$context.protocol</protocol> "
        + "<responseLength>$context.responseLength</responseLength> </request>"
}
