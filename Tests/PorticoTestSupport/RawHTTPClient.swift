/// A connection to a server under test that sends exactly the bytes it is given and shows exactly what came back.
public final class RawConnection {
    private let socket: LoopbackSocket
    private var pending: [UInt8] = []
    private var hasEnded = false
    private let deadline: Deadline

    /// Connects to 127.0.0.1. All waiting together ends with the deadline.
    public init(port: Int, deadline: Deadline = Deadline()) throws {
        socket = try LoopbackSocket.connect(port: port)
        self.deadline = deadline
    }

    /// Sends text as it is.
    public func send(_ text: String) throws { try socket.send(text.utf8, by: deadline) }

    /// Sends bytes as they are.
    public func send(_ bytes: [UInt8]) throws { try socket.send(bytes, by: deadline) }

    /// Tells the server that nothing more comes, and goes on reading.
    public func finishSending() { socket.shutDownWriting() }

    /// Goes away with a reset.
    public func reset() {
        socket.resetOnClose()
        socket.shutDown()
    }

    /// Reads one response. `toHEAD` says that it answers a HEAD request and so has no body, whatever its length says.
    public func readResponse(toHEAD: Bool = false) throws -> RawResponse {
        while true {
            let response = try readHead()
            // 100 Continue and its kin are not the answer.
            if response.status >= 200 {
                var response = response
                if !toHEAD && response.status != 204 && response.status != 304 { try readBody(of: &response) }
                return response
            }
            interimStatuses.append(response.status)
        }
    }

    /// Reads the answer to a request for another protocol: a head alone if it is 101.
    public func readUpgradeResponse() throws -> RawResponse {
        var response = try readHead()
        if response.status != 101 { try readBody(of: &response) }
        return response
    }

    /// Reads one interim response, such as 100 Continue, and returns its status.
    public func readInterim() throws -> Int { try readHead().status }

    /// Statuses below 200 that came before the responses.
    public private(set) var interimStatuses: [Int] = []

    /// Reads the head of one response, and nothing of its body.
    public func readResponseHead() throws -> RawResponse { try readHead() }

    /// Reads one chunk; `nil` for the last one, with what follows it.
    public func readChunk() throws -> [UInt8]? {
        let line = try readLine()
        guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
            throw TestSupportError("chunk size '\(line)'")
        }
        let bytes = try read(size)
        guard try readLine().isEmpty else { throw TestSupportError("no line end after a chunk") }
        return size == 0 ? nil : bytes
    }

    /// Reads that many bytes of a body.
    public func readBytes(_ count: Int) throws -> [UInt8] { try read(count) }

    /// Everything until the server closes.
    public func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { pending = [] }
        return pending
    }

    /// Whether there is more to read before the end.
    public func hasMore() throws -> Bool { try !pending.isEmpty || fill() }

    /// Whether the server closes without sending anything more.
    public func isClosedByServer() throws -> Bool {
        if !pending.isEmpty { return false }
        do {
            return try !fill()
        } catch let error as TestSupportError where error.description.contains("reset") {
            return true
        }
    }

    private func readHead() throws -> RawResponse {
        let statusLine = try readLine()
        let parts = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
            throw TestSupportError("no status line: '\(statusLine)'")
        }
        var response = RawResponse(
            version: String(parts[0]), status: status, reason: parts.count > 2 ? String(parts[2]) : "")
        while true {
            let line = try readLine()
            if line.isEmpty { return response }
            guard let colon = line.firstIndex(of: ":") else { throw TestSupportError("no header: '\(line)'") }
            var value = line[line.index(after: colon)...]
            while let first = value.first, first == " " || first == "\t" { value.removeFirst() }
            while let last = value.last, last == " " || last == "\t" { value.removeLast() }
            response.headers.append((name: String(line[..<colon]), value: String(value)))
        }
    }

    private func readBody(of response: inout RawResponse) throws {
        if let coding = response["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else { throw TestSupportError("transfer coding '\(coding)'") }
            response.framing = .chunked
            while true {
                let line = try readLine()
                guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
                    throw TestSupportError("chunk size '\(line)'")
                }
                if size == 0 {
                    while try !readLine().isEmpty {}
                    return
                }
                response.body += try read(size)
                guard try readLine().isEmpty else { throw TestSupportError("no line end after a chunk") }
            }
        }
        let lengths = response.values("content-length")
        if let text = lengths.first {
            guard lengths.count == 1, let length = Int(text), length >= 0 else {
                throw TestSupportError("content lengths \(lengths)")
            }
            response.framing = .length
            response.body = try read(length)
        } else {
            response.framing = .untilClose
            response.body = try readToEnd()
        }
    }

    private func readLine() throws -> String {
        var searched = 0
        while true {
            if let end = pending[searched...].firstIndex(of: 0x0A) {
                guard end > 0, pending[end - 1] == 0x0D else { throw TestSupportError("a line ends without CR") }
                let line = String(decoding: pending[..<(end - 1)], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            searched = pending.count
            guard try fill() else {
                let rest = String(decoding: pending, as: UTF8.self)
                throw TestSupportError("the server closed in the middle of a head: '\(rest)'")
            }
        }
    }

    private func read(_ count: Int) throws -> [UInt8] {
        while pending.count < count {
            guard try fill() else {
                throw TestSupportError("the server closed after \(pending.count) of \(count) bytes")
            }
        }
        defer { pending.removeSubrange(..<count) }
        return Array(pending[..<count])
    }

    /// Whether more came before the end of the stream.
    private func fill() throws -> Bool {
        if hasEnded { return false }
        let bytes = try socket.receive(by: deadline)
        hasEnded = bytes.isEmpty
        pending += bytes
        return !hasEnded
    }
}

/// A response as it came over the wire.
public struct RawResponse {
    /// How the end of the body was marked.
    public enum Framing: Sendable {
        /// There is no body.
        case none
        /// Content-Length
        case length
        /// Transfer-Encoding: chunked
        case chunked
        /// The end of the connection
        case untilClose
    }

    /// `HTTP/1.1`
    public var version: String
    /// Status code.
    public var status: Int
    /// Reason phrase.
    public var reason: String
    /// Headers in order, names in their own case.
    public var headers: [(name: String, value: String)] = []
    /// Body without framing.
    public var body: [UInt8] = []
    /// How the end of the body was marked.
    public var framing = Framing.none

    init(version: String, status: Int, reason: String) {
        self.version = version
        self.status = status
        self.reason = reason
    }

    /// The first value of a header, whatever the case of its name.
    public subscript(name: String) -> String? { values(name).first }

    /// All values of a header, whatever the case of its name.
    public func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// One request on a connection of its own.
public enum HTTP {
    /// Sends a request with `Host` unless `headers` has one, a length when there is a body, and the given headers; returns the answer.
    public static func request(
        _ method: String = "GET", _ path: String, port: Int, headers: [(String, String)] = [], body: String = ""
    ) throws -> RawResponse {
        try request(method, path, port: port, headers: headers, bytes: Array(body.utf8))
    }

    /// As above, with a body that need not be text.
    public static func request(
        _ method: String, _ path: String, port: Int, headers: [(String, String)] = [], bytes body: [UInt8]
    ) throws -> RawResponse {
        let connection = try RawConnection(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\n"
        // A test that names a host means that one alone.
        if !headers.contains(where: { $0.0 == "Host" }) { head += "Host: 127.0.0.1:\(port)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        try connection.send(Array((head + "\r\n").utf8) + body)
        return try connection.readResponse(toHEAD: method == "HEAD")
    }
}
