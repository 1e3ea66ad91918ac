// Hot: a few times per invocation. Allocates: nothing.

internal import NIOCore
internal import NIOHTTP1
internal import PorticoPrograms

/// The paths of the Runtime API, and of Lambda's Invoke API beside them.
///
/// Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes"; reference, section 5.
enum RuntimeAPIRoute: Equatable {
    case next
    case response(request: String)
    case error(request: String)
    case initError
    /// `POST /2015-03-31/functions/{name}/invocations`
    case invoke(function: String)
    case unknown
    case wrongMethod

    /// Finds the route of a request; the target may have a query.
    init(method: NIOHTTP1.HTTPMethod, target: String) {
        let path = target.prefix { $0 != "?" }
        if path.hasPrefix(RuntimeAPIRoute.functions), path.hasSuffix(RuntimeAPIRoute.invocations) {
            let name = path.dropFirst(RuntimeAPIRoute.functions.count).dropLast(RuntimeAPIRoute.invocations.count)
            var function = percentDecoded(name)
            if let qualifier = RuntimeAPIRoute.qualifier(target[path.endIndex...]) { function += ":\(qualifier)" }
            self = name.isEmpty || name.contains("/") ? .unknown : .invoke(function: function)
        } else if path.hasPrefix(RuntimeAPIRoute.runtime) {
            let parts = path.dropFirst(RuntimeAPIRoute.runtime.count).split(
                separator: "/", omittingEmptySubsequences: false)
            switch parts.count {
            case 2 where parts[0] == "invocation" && parts[1] == "next": self = .next
            case 2 where parts[0] == "init" && parts[1] == "error": self = .initError
            case 3 where parts[0] == "invocation" && parts[2] == "response":
                self = .response(request: String(parts[1]))
            case 3 where parts[0] == "invocation" && parts[2] == "error": self = .error(request: String(parts[1]))
            // `restore/next` and `restore/error` are unknown where there is no SnapStart, as on Lambda.
            default: self = .unknown
            }
        } else {
            self = .unknown
        }
        let wanted: NIOHTTP1.HTTPMethod = self == .next ? .GET : .POST
        if self != .unknown, method != wanted { self = .wrongMethod }
    }

    /// `Qualifier` of a query that has one.
    private static func qualifier(_ query: Substring) -> String? {
        for member in query.dropFirst().split(separator: "&") where member.hasPrefix("Qualifier=") {
            let value = percentDecoded(member.dropFirst("Qualifier=".count))
            return value.isEmpty ? nil : value
        }
        return nil
    }

    private static let runtime = "/2018-06-01/runtime/"
    private static let functions = "/2015-03-31/functions/"
    private static let invocations = "/invocations"
}

/// An answer of the Runtime API that is not an event.
struct RuntimeAPIAnswer: Equatable {
    var status: HTTPResponseStatus
    var headers: [(name: String, value: String)] = []
    var body: ByteBuffer

    static func == (left: RuntimeAPIAnswer, right: RuntimeAPIAnswer) -> Bool {
        left.status == right.status && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    static let accepted = RuntimeAPIAnswer(status: .accepted, body: ByteBuffer(string: #"{"status":"OK"}"#))

    static func refused(_ refusal: HostProcessMachine.Refusal) -> RuntimeAPIAnswer {
        switch refusal {
        case .wrongRequestID:
            error(.forbidden, "InvalidRequestID", "Invalid request ID")
        case .wrongState(let from, let to):
            error(
                .forbidden, "InvalidStateTransition",
                "State transition from \(from) to \(to) failed for runtime. Error: State transition is not allowed")
        }
    }

    static let tooLarge = error(
        .payloadTooLarge, "RequestEntityTooLarge",
        "Exceeded maximum allowed payload size (\(HostFailure.maximumResponse) bytes).")

    static let notFound = error(
        .notFound, "NotFound", "not a path of the Runtime API; version 2018-06-01 without SnapStart is spoken here")

    static let wrongMethod = error(
        .methodNotAllowed, "MethodNotAllowed", "next is asked for with GET, all else is sent with POST")

    static let foreign = error(.forbidden, "Forbidden", "the Runtime API is not for web pages")

    static let badMode = error(.badRequest, "InvalidFunctionResponseMode", "Invalid function response mode")

    static func error(_ status: HTTPResponseStatus, _ type: String, _ message: String) -> RuntimeAPIAnswer {
        RuntimeAPIAnswer(
            status: status, body: HostFailure.payload([("errorMessage", message), ("errorType", type)]))
    }
}

/// An event as `next` answers it.
struct RuntimeAPIEvent {
    var requestID: String
    var deadlineMilliseconds: Int
    var invokedARN: String
    var traceID: String
    var clientContext: String?
    var payload: ByteBuffer

    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(7)
        headers.add(name: "Lambda-Runtime-Aws-Request-Id", value: requestID)
        headers.add(name: "Lambda-Runtime-Deadline-Ms", value: String(deadlineMilliseconds))
        headers.add(name: "Lambda-Runtime-Invoked-Function-Arn", value: RuntimeAPIEvent.fieldValue(invokedARN))
        if !traceID.isEmpty {
            headers.add(name: "Lambda-Runtime-Trace-Id", value: RuntimeAPIEvent.fieldValue(traceID))
        }
        if let clientContext {
            headers.add(name: "Lambda-Runtime-Client-Context", value: RuntimeAPIEvent.fieldValue(clientContext))
        }
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(payload.readableBytes))
        return headers
    }

    /// Some of the values come from clients: what may not stand in a field's value becomes a blank.
    private static func fieldValue(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}

/// A request of a process that waits for an event.
protocol RuntimeAPIPoll: AnyObject {
    /// Answers it. If the event cannot be written, ``HostCore/deliveryFailed(_:_:)`` follows.
    func deliver(_ event: RuntimeAPIEvent)
    /// Nothing will come: ends the connection.
    func drop()
}

/// A request of a process whose body is a result.
protocol RuntimeAPISource: AnyObject {
    /// Stops reading the body for a while.
    func setPaused(_ isPaused: Bool)
}

private func percentDecoded(_ text: Substring) -> String {
    guard text.contains("%") else { return String(text) }
    let output = OutputBuffer(capacity: text.utf8.count)
    var text = String(text)
    _ = text.withUTF8 { PercentText.appendDecoded(UnsafeRawBufferPointer($0), plusIsBlank: false, into: output) }
    return String(decoding: output.bytes, as: UTF8.self)
}
