import Glibc

/// A blocking TCP socket on 127.0.0.1; every wait of it ends with a deadline.
final class LoopbackSocket: @unchecked Sendable {
    // Only the owner uses the descriptor, except for `shutDown`, which is what wakes the owner up.
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    static func connect(port: Int) throws -> LoopbackSocket {
        let socket = try make()
        let result = withAddress(port: port) { Glibc.connect(socket.descriptor, $0, $1) }
        guard result == 0 else { throw TestSupportError.system("connect to port \(port)") }
        return socket
    }

    /// A listening socket on a free port, or on `port`.
    static func listen(port: Int = 0) throws -> (socket: LoopbackSocket, port: Int) {
        let socket = try make()
        var on: Int32 = 1
        setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(port: port, { bind(socket.descriptor, $0, $1) }) == 0,
            Glibc.listen(socket.descriptor, 128) == 0
        else { throw TestSupportError.system("listen") }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket.descriptor, $0, &length) }
        }
        guard result == 0 else { throw TestSupportError.system("getsockname") }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// The next connection; `nil` once the socket was shut down.
    func accept() -> LoopbackSocket? {
        while true {
            let descriptor = Glibc.accept(self.descriptor, nil, nil)
            if descriptor >= 0 {
                // A child process must not keep the connection open.
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                return LoopbackSocket(descriptor: descriptor)
            }
            if errno != EINTR && errno != ECONNABORTED { return nil }
        }
    }

    func send(_ bytes: some Collection<UInt8>, by deadline: Deadline) throws {
        let bytes = Array(bytes)
        var offset = 0
        while offset < bytes.count {
            try wait(for: POLLOUT, by: deadline)
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                offset += count
            } else if errno != EINTR && errno != EAGAIN {
                throw TestSupportError.system("send")
            }
        }
    }

    /// The bytes that are there, at least one; empty at the end of the stream.
    func receive(by deadline: Deadline) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            try wait(for: POLLIN, by: deadline)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return Array(buffer[0..<count]) }
            if errno != EINTR && errno != EAGAIN { throw TestSupportError.system("receive") }
        }
    }

    /// Whether the peer has ended the connection and all that it sent was taken.
    func isEndedByPeer() -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || count < 0 && errno != EAGAIN && errno != EINTR
    }

    func shutDownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Makes closing send a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func wait(for events: Int32, by deadline: Deadline) throws {
        while true {
            var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = Glibc.poll(&poll, 1, deadline.millisecondsLeft)
            if count > 0 { return }
            if count == 0 || deadline.hasPassed { throw TestSupportError("timed out waiting for the peer") }
            if errno != EINTR { throw TestSupportError.system("poll") }
        }
    }

    private static func make() throws -> LoopbackSocket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestSupportError.system("socket") }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return LoopbackSocket(descriptor: descriptor)
    }

    private static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A port that nobody listens on at the moment.
public func freePort() throws -> Int { try LoopbackSocket.listen().port }
