import Glibc
import PorticoTestSupport
import Synchronization

/// A Runtime API for one process, with threads that wait: what it does is easy to see.
final class FakeRuntimeAPI: Sendable {
    /// What a process sent.
    struct Report: Sendable {
        /// After `/2018-06-01/runtime/`.
        var path: String
        /// By lower-case name.
        var headers: [String: String]
        var body: [UInt8]
        /// By lower-case name.
        var trailers: [String: String]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private struct Invocation {
        var id: String
        var event: String
        var deadlineMilliseconds: Int
    }

    private struct State {
        var invocations: [Invocation] = []
        var reports: [Report] = []
        var connections: [Int32] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let listener: Int32
    /// `host:port`
    let address: String

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let result = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard result else { throw TestSupportError("cannot listen") }
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        runInThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                guard let self, self.register(connection) else {
                    close(connection)
                    return
                }
                runInThread { [weak self] in
                    Self.serve(connection) { self }
                    self?.forget(connection)
                    close(connection)
                }
            }
        }
    }

    deinit {
        stop()
        close(listener)
    }

    /// Ends all waiting.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Puts an event in the queue.
    func invoke(_ event: String, id: String, deadlineMilliseconds: Int = 60_000) {
        let invocation = Invocation(id: id, event: event, deadlineMilliseconds: deadlineMilliseconds)
        state.withLock { $0.invocations.append(invocation) }
    }

    /// All that was sent so far.
    var reports: [Report] { state.withLock { $0.reports } }

    /// What was sent to a path.
    func report(_ path: String) async throws -> Report {
        try await eventually("a report to '\(path)'; there were \(reports.map { "\($0.path) \($0.text)" })") {
            reports.contains { $0.path == path }
        }
        return reports.first { $0.path == path } ?? Report(path: "", headers: [:], body: [], trailers: [:])
    }

    private func register(_ connection: Int32) -> Bool {
        state.withLock { state in
            if !state.isStopped { state.connections.append(connection) }
            return !state.isStopped
        }
    }

    private func forget(_ connection: Int32) {
        state.withLock { $0.connections.removeAll { $0 == connection } }
    }

    /// The next invocation as a response; `nil` once stopped.
    private func next() -> String? {
        state.withLock { state in
            guard !state.isStopped, !state.invocations.isEmpty else { return state.isStopped ? "" : nil }
            let invocation = state.invocations.removeFirst()
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            let deadline = time.tv_sec * 1000 + invocation.deadlineMilliseconds
            return """
                HTTP/1.1 200 OK\r
                Content-Type: application/json\r
                Content-Length: \(invocation.event.utf8.count)\r
                Lambda-Runtime-Aws-Request-Id: \(invocation.id)\r
                Lambda-Runtime-Deadline-Ms: \(deadline)\r
                Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:000000000000:function:f\r
                Lambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0\r
                \r
                \(invocation.event)
                """
        }
    }

    private static func serve(_ connection: Int32, _ owner: () -> FakeRuntimeAPI?) {
        var reader = Reader(connection: connection)
        while let head = reader.head() {
            let words = head.first?.split(separator: " ") ?? []
            guard words.count == 3, words[1].hasPrefix("/2018-06-01/runtime/") else { return }
            let path = String(words[1].dropFirst("/2018-06-01/runtime/".count))
            if words[0] == "GET" {
                var answer: String?
                while answer == nil {
                    guard let owner = owner() else { return }
                    answer = owner.next()
                    if answer == nil { usleep(2_000) }
                }
                guard let answer, !answer.isEmpty, send(connection, answer) else { return }
                continue
            }
            let headers = Self.fields(head.dropFirst())
            var report = Report(path: path, headers: headers, body: [], trailers: [:])
            if headers["transfer-encoding"] == "chunked" {
                while let line = reader.line(), let count = Int(line.prefix { $0.isHexDigit }, radix: 16) {
                    if count == 0 {
                        report.trailers = Self.fields((reader.head() ?? [])[...])
                        break
                    }
                    guard let piece = reader.bytes(count), reader.line() != nil else { return }
                    report.body += piece
                }
            } else {
                guard let body = reader.bytes(Int(headers["content-length"] ?? "") ?? 0) else { return }
                report.body = body
            }
            guard let owner = owner() else { return }
            owner.state.withLock { $0.reports.append(report) }
            let text = "{\"status\":\"OK\"}"
            guard send(connection, "HTTP/1.1 202 Accepted\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)") else {
                return
            }
        }
    }

    private static func fields(_ lines: ArraySlice<String>) -> [String: String] {
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return fields
    }

    private static func send(_ connection: Int32, _ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    /// Reads a connection.
    private struct Reader {
        let connection: Int32
        var buffer: [UInt8] = []

        /// Lines up to an empty one.
        mutating func head() -> [String]? {
            var lines: [String] = []
            while let line = line() {
                if line.isEmpty { return lines }
                lines.append(line)
            }
            return nil
        }

        mutating func line() -> String? {
            while true {
                if let end = buffer.firstIndex(of: 10) {
                    let line = buffer[..<end]
                    buffer = Array(buffer[(end + 1)...])
                    return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
                }
                guard fill() else { return nil }
            }
        }

        mutating func bytes(_ count: Int) -> [UInt8]? {
            while buffer.count < count { guard fill() else { return nil } }
            defer { buffer = Array(buffer[count...]) }
            return Array(buffer[..<count])
        }

        private mutating func fill() -> Bool {
            var piece = [UInt8](repeating: 0, count: 65536)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return false }
            buffer += piece[..<count]
            return true
        }
    }
}

private func runInThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let created = pthread_create(
        &thread, nil,
        { pointer in
            guard let pointer else { return nil }
            Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    if created == 0 { pthread_detach(thread) }
}
