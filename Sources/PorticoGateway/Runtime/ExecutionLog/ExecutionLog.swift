// Hot: no, only requests whose method has a log level come here. Allocates: the text of the log.

internal import PorticoIR
internal import PorticoPrograms

/// The execution log of one request, in API Gateway's line format.
///
/// Phases tell it facts where they come about; a request without a log pays one comparison for each. The text is handed
/// out as a whole when the answer is written, so that lines of requests do not mix.
///
/// Unconfirmed: that headers, bodies and parameters are what `dataTraceEnabled` adds and the other lines are always
/// there; that the level ERROR tells the reason and the status and nothing else.
///
/// Source: reference, "Execution logs" (9.2).
final class ExecutionLog {
    /// How lines begin.
    enum Form {
        /// `(requestId) TEXT`, as in a stage's log group.
        case stage
        /// `EEE MMM dd HH:mm:ss UTC yyyy : TEXT`, as TestInvokeMethod returns them.
        case testInvocation(path: String)
    }

    /// Longest event of a stage's log. Source: API Gateway quotas, "log event".
    static let longestEvent = 1024

    let setting: LogSetting
    let form: Form
    /// All lines so far.
    private(set) var text: [UInt8] = []
    /// The answer's body as it was before it was compressed.
    var plainAnswer: [UInt8]?
    private var prefix: [UInt8] = []
    private var hasStarted = false
    private var hasFailed = false
    private var sentMilliseconds = 0
    /// What an AWS endpoint calls the request.
    private var endpointRequestID: String?
    /// Status of an answer that is sent as it comes.
    private var answeredStatus = 0

    init(_ setting: LogSetting, form: Form) {
        self.setting = setting
        self.form = form
    }

    /// Whether this is the log of a call without authorizers and keys.
    var isTestInvocation: Bool {
        if case .testInvocation = form { return true }
        return false
    }

    // MARK: - Facts, in the order in which they come about

    /// The request was taken on.
    func begin(_ exchange: Exchange) {
        let id = String(decoding: exchange.shownRequestID, as: UTF8.self)
        switch form {
        case .stage:
            prefix = Array("(\(id)) ".utf8)
            info("Extended Request Id: \(String(decoding: exchange.extendedID, as: UTF8.self))")
        case .testInvocation:
            prefix = Array((LogDate.text(milliseconds: exchange.startMilliseconds) + " : ").utf8)
            // Recorded without a date before it.
            text += Array("Execution log for request \(id)\n".utf8)
        }
    }

    /// Whoever sends the request may: what follows is the method's own.
    func start(_ exchange: Exchange) {
        guard !hasStarted, setting.level == .info else { return }
        hasStarted = true
        let id = String(decoding: exchange.shownRequestID, as: UTF8.self)
        var path = exchange.method.map { String(decoding: $0.resourcePath.bytes, as: UTF8.self) } ?? ""
        let verb = String(decoding: exchange.verbText, as: UTF8.self)
        switch form {
        case .stage:
            // Recorded without a key; unconfirmed with one.
            let key = exchange.apiKeyValue.map(LogText.maskedKey) ?? ""
            verifyUsagePlan(exchange, key: key)
            if exchange.apiKey == nil {
                info(
                    "API Key authorized because method '\(verb) \(path)' does not require API Key. "
                        + "Request will not contribute to throttle or quota limits")
            }
            info("Usage Plan check succeeded for API Key \(key) and API Stage \(Self.place(exchange))")
        case .testInvocation(let given):
            path = given
        }
        info("Starting execution for request: \(id)")
        if let event = exchange.webSocket {
            start(exchange, event)
        } else {
            info("HTTP Method: \(verb), Resource Path: \(path)")
        }
        guard setting.tracesData else { return }
        let names = exchange.method?.parameterNames ?? []
        let values = names.indices.map { index in
            index < exchange.parameters.count ? LogText.text(exchange.pathParameter(index)) : ""
        }
        info("Method request path: \(LogText.map(zip(names.map { LogText.text($0.bytes) }, values).map { ($0, $1) }))")
        exchange.parseQuery()
        let query = exchange.query.map {
            (LogText.text(exchange.arenaBytes($0.name)), LogText.text(exchange.arenaBytes($0.value)))
        }
        info("Method request query string: \(LogText.map(query))")
        let headers = exchange.headers.spans.filter(exchange.isVisible).map {
            (LogText.text(exchange.name(of: $0)), LogText.text(exchange.value(of: $0)))
        }
        info("Method request headers: \(LogText.map(headers))")
        info("Method request body before transformations: \(LogText.text(exchange.body))")
    }

    /// Unconfirmed: the words, which are those of logs that people show.
    private func start(_ exchange: Exchange, _ event: WebSocketEvent) {
        let api = exchange.stage?.snapshot.identity.apiID ?? ""
        let connection = "Connection Id: \(event.peer?.id.text ?? "")"
        info("WebSocket Request Route: [\(exchange.method?.route?.key.text ?? "")]")
        switch event.kind {
        case .connect:
            let agent = exchange.headerValue(.userAgent).map(LogText.text) ?? ""
            info(
                "Client [UserAgent: \(agent), SourceIp: \(exchange.sourceAddress.text), \(connection)] is connecting to "
                    + "WebSocket API [\(api)].")
        case .message: info("Client [\(connection)] sent a message to WebSocket API [\(api)].")
        case .disconnect:
            info("Client [\(connection)] disconnected from WebSocket API [\(api)] with \(event.ending.code).")
        case .call: break
        }
    }

    /// The API key of a request is looked up; `key` is its end, or empty.
    func verifyUsagePlan(_ exchange: Exchange, key: String) {
        let id = String(decoding: exchange.shownRequestID, as: UTF8.self)
        info("Verifying Usage Plan for request: \(id). API Key: \(key) API Stage: \(Self.place(exchange))")
    }

    /// API and stage of a request.
    static func place(_ exchange: Exchange) -> String {
        let stage = exchange.stage.map { String(decoding: $0.name.bytes, as: UTF8.self) } ?? ""
        return "\(exchange.stage?.snapshot.identity.apiID ?? "")/\(stage)"
    }

    /// `message` goes to the backend.
    func endpointRequest(_ exchange: Exchange, _ message: UnsafeRawBufferPointer, to target: UpstreamTarget) {
        guard setting.level == .info else { return }
        let head = LogText.Message(message)
        let words = head.firstLine.split(separator: " ")
        let host = head.fields.last { $0.0.lowercased() == "host" }?.1 ?? target.host
        let uri = "\(target.isTLS ? "https" : "http")://\(host)\(words.count > 1 ? String(words[1]) : "/")"
        info("Endpoint request URI: \(uri)")
        if setting.tracesData {
            info("Endpoint request headers: \(LogText.map(head.fields))")
            info("Endpoint request body after transformations: \(head.body)")
        }
        info("Sending request to \(uri)")
        sentMilliseconds = exchange.worker.nowMilliseconds
    }

    /// `payload` goes to a function that Portico hosts; `url` is where Lambda would have it.
    func functionRequest(_ exchange: Exchange, url: String, _ payload: UnsafeRawBufferPointer) {
        guard setting.level == .info else { return }
        info("Endpoint request URI: \(url)")
        if setting.tracesData {
            info("Endpoint request headers: {}")
            info("Endpoint request body after transformations: \(LogText.text(payload))")
        }
        info("Sending request to \(url)")
        sentMilliseconds = exchange.worker.nowMilliseconds
    }

    /// A line of an integration's own.
    func note(_ text: @autoclosure () -> String) { info(text()) }

    /// The backend has answered.
    func endpointResponse(_ exchange: Exchange, _ response: ResponseView) {
        guard setting.level == .info else { return }
        endpointHead(exchange, response)
        guard setting.tracesData else { return }
        info("Endpoint response body before transformations: \(LogText.text(response.body))")
    }

    private func endpointHead(_ exchange: Exchange, _ response: ResponseView) {
        if exchange.method?.integration.isAWS == true {
            endpointRequestID = response.header(.amznRequestID).map(LogText.text) ?? exchange.functionCall?.requestID
        }
        let latency = max(exchange.worker.nowMilliseconds - sentMilliseconds, 0)
        info("Received response. Status: \(response.status), Integration latency: \(latency) ms")
        guard setting.tracesData else { return }
        let fields = response.headers.spans.map {
            (LogText.text(response.name(of: $0)), LogText.text(response.value(of: $0)))
        }
        info("Endpoint response headers: \(LogText.map(fields))")
    }

    /// The gateway answers itself.
    func fault(_ fault: GatewayFault) {
        hasFailed = true
        line(fault.log)
    }

    /// The answer is written.
    func conclude(_ exchange: Exchange) {
        // At the level ERROR most requests have nothing to tell; their answers are not looked at.
        guard hasFailed || setting.level == .info else { return }
        let output = exchange.worker.output
        let answer = LogText.Message(output.bytes(from: min(exchange.answerStart, output.count)))
        if setting.tracesData, !hasFailed {
            let body = plainAnswer.map { String(decoding: $0, as: UTF8.self) } ?? answer.body
            info("Method response body after transformations: \(body)")
            info(methodHeaders(answer))
        }
        if !hasFailed { info("Successfully completed execution") }
        let words = answer.firstLine.split(separator: " ")
        let status = words.count > 1 ? String(words[1]) : ""
        let completed =
            exchange.webSocket?.connection == nil
            ? "Method completed with status: \(status)" : "Route completed with status: \(exchange.answerStatus)"
        if hasFailed { line(completed) } else { info(completed) }
        if let endpointRequestID { info("AWS Integration Endpoint RequestId : \(endpointRequestID)") }
        traceLine(exchange)
    }

    private func methodHeaders(_ answer: LogText.Message) -> String {
        let own: Set<String> = [
            "date", "content-length", "transfer-encoding", "connection", "x-amzn-requestid", "x-amz-apigw-id",
        ]
        return "Method response headers: \(LogText.map(answer.fields.filter { !own.contains($0.0.lowercased()) }))"
    }

    private func traceLine(_ exchange: Exchange) {
        if exchange.showsTraceID, !exchange.traceID.isEmpty {
            // Only its root, which is what X-Ray finds traces by.
            let root = LogText.text(exchange.arenaBytes(exchange.traceID)).split(separator: ";").first ?? ""
            info("X-ray Tracing ID : \(root.hasPrefix("Root=") ? root.dropFirst(5) : root)")
        }
    }

    // MARK: - Streams

    /// The head of an answer is written whose body is sent as it comes; `response` is the backend's head, if it has one.
    ///
    /// Unconfirmed: all lines of streams. Source: API Gateway guide, "Troubleshoot issues with response streaming", which
    /// says of test invocations that they have none.
    func streamDidBegin(_ exchange: Exchange, _ response: ResponseView?, status: Int) {
        answeredStatus = status
        guard setting.level == .info else { return }
        if let response { endpointHead(exchange, response) }
        guard setting.tracesData else { return }
        let output = exchange.worker.output
        info(methodHeaders(LogText.Message(output.bytes(from: min(exchange.answerStart, output.count)))))
    }

    /// The body has ended.
    func streamDidEnd(_ exchange: Exchange, bodyBytes: Int, brokenOff reason: String?) {
        if let reason {
            hasFailed = true
            line("Response stream broke off after \(bodyBytes) bytes: \(reason)")
        } else {
            info("Response stream ended after \(bodyBytes) bytes")
            info("Successfully completed execution")
        }
        guard hasFailed || setting.level == .info else { return }
        line("Method completed with status: \(answeredStatus)")
        traceLine(exchange)
    }

    // MARK: - Lines

    /// The event is not even made where only errors are told.
    private func info(_ event: @autoclosure () -> String) {
        if setting.level == .info { line(event()) }
    }

    private func line(_ event: String) {
        guard setting.level != .off else { return }
        text += prefix
        if case .stage = form, event.utf8.count > ExecutionLog.longestEvent {
            text += event.utf8.prefix(ExecutionLog.longestEvent)
            text += Array("[TRUNCATED]".utf8)
        } else {
            text += event.utf8
        }
        text.append(0x0A)
    }
}

/// Texts of log lines.
enum LogText {
    /// Bytes as text, what is no UTF-8 replaced.
    static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Fields as Java prints a map: one entry for each name, with its last value; secrets but for their end in stars.
    static func map(_ fields: [(String, String)]) -> String {
        var names: [String] = []
        var values: [String: String] = [:]
        for (name, value) in fields {
            if values.updateValue(value, forKey: name) == nil { names.append(name) }
        }
        let entries = names.map { "\($0)=\(masked(values[$0] ?? "", of: $0))" }
        return "{\(entries.joined(separator: ", "))}"
    }

    private static let secrets: Set<String> = ["authorization", "x-api-key", "x-amz-security-token", "cookie"]

    private static func masked(_ value: String, of name: String) -> String {
        secrets.contains(name.lowercased()) ? masked(value) : value
    }

    /// The value of an API key but for its end in stars.
    static func maskedKey(_ value: UnsafeRawBufferPointer) -> String {
        let value = text(value)
        // What is no key could be anything, such as a line of its own, and of any length.
        return APIKeyValue.problem(value) == nil ? masked(value) : String(repeating: "*", count: min(value.count, 12))
    }

    private static func masked(_ value: String) -> String {
        let shown = value.count > 12 ? 6 : 0
        return String(repeating: "*", count: value.count - shown) + value.suffix(shown)
    }

    /// A message that the gateway wrote itself, taken apart again.
    struct Message {
        var firstLine = ""
        var fields: [(String, String)] = []
        var body = ""

        init(_ bytes: UnsafeRawBufferPointer) {
            var start = 0
            var index = 0
            while index < bytes.count {
                guard bytes[index] == 0x0A else {
                    index += 1
                    continue
                }
                let end = index > start && bytes[index - 1] == 0x0D ? index - 1 : index
                let line = LogText.text(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = index + 1
                index = start
                if line.isEmpty { break }
                if firstLine.isEmpty {
                    firstLine = line
                } else if let colon = line.firstIndex(of: ":") {
                    let value = line[line.index(after: colon)...].drop { $0 == " " }
                    fields.append((String(line[..<colon]), String(value)))
                }
            }
            body = LogText.text(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
    }
}

/// Dates as Java's `Date` prints them.
enum LogDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// `Sat Nov 21 10:51:16 UTC 2026`
    static func text(milliseconds: Int) -> String {
        var clock = WallClock()
        clock.set(milliseconds: milliseconds)
        // 21/Nov/2026:10:51:16 +0000
        let parts = String(decoding: clock.commonLogTime, as: UTF8.self).split { "/: ".contains($0) }.map(String.init)
        guard parts.count >= 6 else { return "" }
        let day = days[((milliseconds / 86_400_000) % 7 + 7) % 7]
        return "\(day) \(parts[1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) UTC \(parts[2])"
    }
}
