import Glibc
import Synchronization

/// A backend in a thread of this process that answers as it is told and remembers what it was asked.
public final class FakeUpstream: Sendable {
    /// What it does with a request.
    public enum Behavior: Sendable {
        /// Answers 200 with JSON that describes the request: `{"method", "path", "headers", "body"}`.
        case echo
        /// Answers with status, headers and a body with Content-Length.
        case respond(status: Int, headers: [(String, String)], body: String)
        /// As ``respond(status:headers:body:)``, with a body that need not be text.
        case respondBytes(status: Int, headers: [(String, String)], body: [UInt8])
        /// Answers 200 with the number of requests so far.
        case counter(headers: [(String, String)])
        /// Sends these bytes and keeps the connection.
        case raw(String)
        /// Sends these bytes one by one.
        case slowly(String)
        /// Sends these bytes and closes.
        case rawThenClose(String)
        /// Closes without a byte.
        case close
        /// Resets the connection without a byte.
        case reset
        /// Never answers.
        case silence
        /// Sends what the feed is told to.
        case feed(PieceFeed)
    }

    /// A request as it arrived.
    public struct Request: Sendable {
        /// Verb.
        public var method: String
        /// Request target.
        public var path: String
        /// Headers in order, names in their own case.
        public var headers: [(name: String, value: String)]
        /// Body without framing.
        public var body: String
        /// The body's bytes, which need not be text.
        public var bytes: [UInt8] = []
        /// Which connection it came over, from 0.
        public var connection: Int

        /// The first value of a header, whatever the case of its name.
        public subscript(name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    private struct State {
        var behaviors: [Behavior]
        var requests: [Request] = []
        var connections: [LoopbackSocket] = []
        var connectionCount = 0
        var isStopped = false
    }

    /// The port on 127.0.0.1.
    public let port: Int
    private let listener: LoopbackSocket
    private let state: Mutex<State>

    /// Starts to listen. Requests are answered by the behaviours in turn; the last one stays.
    public init(_ behaviors: Behavior..., port: Int = 0) throws {
        (listener, self.port) = try LoopbackSocket.listen(port: port)
        state = Mutex(State(behaviors: behaviors.isEmpty ? [.echo] : behaviors))
        let listener = listener
        inThread { [weak self] in
            while let connection = listener.accept() {
                guard let number = self?.register(connection) else { return }
                inThread { [weak self] in FakeUpstream.serve(connection, number: number) { self } }
            }
        }
    }

    deinit { stop() }

    /// `127.0.0.1:port`
    public var authority: String { "127.0.0.1:\(port)" }

    /// Requests so far, in order of arrival.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Connections so far, open or not.
    public var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// Replaces the behaviours of the requests to come.
    public func behave(_ behaviors: Behavior...) {
        state.withLock { $0.behaviors = behaviors }
    }

    /// Closes all open connections; goes on listening.
    public func closeConnections() {
        let connections = state.withLock { state in
            defer { state.connections = [] }
            return state.connections
        }
        for connection in connections { connection.shutDown() }
    }

    /// Stops listening and closes all connections.
    public func stop() {
        state.withLock { $0.isStopped = true }
        listener.shutDown()
        closeConnections()
    }

    private func register(_ connection: LoopbackSocket) -> Int? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            state.connections.append(connection)
            state.connectionCount += 1
            return state.connectionCount - 1
        }
    }

    private func next(_ request: Request) -> Behavior {
        state.withLock { state in
            state.requests.append(request)
            return state.behaviors.count > 1 ? state.behaviors.removeFirst() : (state.behaviors.first ?? .echo)
        }
    }

    private func forget(_ connection: LoopbackSocket) {
        state.withLock { $0.connections.removeAll { $0 === connection } }
    }

    private static func serve(_ connection: LoopbackSocket, number: Int, owner: () -> FakeUpstream?) {
        let deadline = Deadline(after: .seconds(300))
        defer { owner()?.forget(connection) }
        var reader = RequestReader(connection: connection, deadline: deadline)
        while let request = reader.next(connectionNumber: number) {
            guard let behavior = owner()?.next(request) else { return }
            do {
                switch behavior {
                case .echo:
                    let body = describe(request)
                    try connection.send(response(200, [("Content-Type", "application/json")], body).utf8, by: deadline)
                case .respond(let status, let headers, let body):
                    try connection.send(response(status, headers, body).utf8, by: deadline)
                case .respondBytes(let status, let headers, let body):
                    try connection.send(Array(head(status, headers, body.count).utf8) + body, by: deadline)
                case .counter(let headers):
                    let body = "\(owner()?.requests.count ?? 0)"
                    try connection.send(response(200, headers, body).utf8, by: deadline)
                case .raw(let text):
                    try connection.send(text.utf8, by: deadline)
                case .slowly(let text):
                    for byte in text.utf8 {
                        try connection.send([byte], by: deadline)
                        usleep(200)
                    }
                case .rawThenClose(let text):
                    try connection.send(text.utf8, by: deadline)
                    connection.shutDown()
                    return
                case .close:
                    connection.shutDown()
                    return
                case .reset:
                    connection.resetOnClose()
                    return
                case .silence:
                    continue
                case .feed(let feed):
                    guard feed.run(connection, by: deadline) else { return }
                }
            } catch {
                return
            }
        }
    }

    private static func response(_ status: Int, _ headers: [(String, String)], _ body: String) -> String {
        head(status, headers, body.utf8.count) + body
    }

    private static func head(_ status: Int, _ headers: [(String, String)], _ length: Int) -> String {
        var text = "HTTP/1.1 \(status) Status\r\nContent-Length: \(length)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return text + "\r\n"
    }

    private static func describe(_ request: Request) -> String {
        let headers = request.headers.map { "\(quoted($0.name.lowercased())):\(quoted($0.value))" }
        return "{\"method\":\(quoted(request.method)),\"path\":\(quoted(request.path)),"
            + "\"headers\":{\(headers.joined(separator: ","))},\"body\":\(quoted(request.body))}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Requests off a connection, as forgiving as a test backend may be.
private struct RequestReader {
    let connection: LoopbackSocket
    let deadline: Deadline
    var pending: [UInt8] = []

    init(connection: LoopbackSocket, deadline: Deadline) {
        self.connection = connection
        self.deadline = deadline
    }

    mutating func next(connectionNumber: Int) -> FakeUpstream.Request? {
        guard let requestLine = line() else { return nil }
        let parts = requestLine.split(separator: " ")
        guard parts.count == 3 else { return nil }
        var request = FakeUpstream.Request(
            method: String(parts[0]), path: String(parts[1]), headers: [], body: "", connection: connectionNumber)
        while true {
            guard let line = line() else { return nil }
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            request.headers.append((name: String(line[..<colon]), value: String(value)))
        }
        var body: [UInt8] = []
        if request["transfer-encoding"]?.lowercased() == "chunked" {
            while true {
                guard let sizeLine = line(), let size = Int(sizeLine.prefix { $0 != ";" }, radix: 16) else {
                    return nil
                }
                if size == 0 { break }
                guard let chunk = bytes(size), line() != nil else { return nil }
                body += chunk
            }
            while let trailer = line(), !trailer.isEmpty {}
        } else if let length = request["content-length"].flatMap({ Int($0) }) {
            guard let bytes = bytes(length) else { return nil }
            body = bytes
        }
        request.body = String(decoding: body, as: UTF8.self)
        request.bytes = body
        return request
    }

    private mutating func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                var line = pending[..<end]
                if line.last == 0x0D { line.removeLast() }
                defer { pending.removeSubrange(...end) }
                return String(decoding: line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    private mutating func bytes(_ count: Int) -> [UInt8]? {
        while pending.count < count { guard fill() else { return nil } }
        defer { pending.removeSubrange(..<count) }
        return Array(pending[..<count])
    }

    private mutating func fill() -> Bool {
        guard let bytes = try? connection.receive(by: deadline), !bytes.isEmpty else { return false }
        pending += bytes
        return true
    }
}

/// Runs `body` in a thread of its own: blocking calls must not take the few threads of Swift's concurrency.
public func inThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let result = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    if result == 0 { pthread_detach(thread) } else { box.release() }
}
