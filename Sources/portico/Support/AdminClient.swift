import Glibc

/// One request to the admin port of a server on this machine.
enum AdminClient {
    /// How long the server may take, in seconds.
    private static let timeoutSeconds = 10
    /// Bytes of an answer that are read.
    private static let longestAnswer = 64 << 10

    /// Sends it; gives status and body.
    static func send(_ method: String, _ path: String, port: Int) throws(CommandFailure) -> (status: Int, text: String)
    {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(port) }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw failure(port) }
        let request = Array(
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
        guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw failure(port)
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while bytes.count < longestAnswer {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count >= 0 else { throw failure(port) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 "), let status = Int(text.dropFirst(9).prefix(3)) else {
            throw CommandFailure(.unavailable, "what listens on port \(port) is no admin port of Portico")
        }
        let body = text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return (status, body.split(separator: "\n").first.map(String.init) ?? "status \(status)")
    }

    private static func failure(_ port: Int) -> CommandFailure {
        CommandFailure(
            .unavailable,
            "no server can be asked on admin port \(port): \(String(cString: strerror(errno))); see --admin-port")
    }
}
