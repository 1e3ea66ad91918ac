// Hot: no, once per start. Allocates: a socket.

internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#endif

/// Tells whether a port is free, by a bind without SO_REUSEPORT that never listens: a client that comes meanwhile is
/// refused, not lost.
enum PortProbe {
    /// Throws ``ServerError`` if the address is taken or is none of this machine.
    static func check(host: String, port: Int) throws {
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw ServerError.cannotBind(host: host, port: port, reason: "the host has no address")
        }
        let family: CInt
        switch address {
        case .v4: family = AF_INET
        case .v6: family = AF_INET6
        case .unixDomainSocket: return
        }
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Connections of an earlier server that are not quite over do not count.
        var yes: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        let result = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        guard result != 0 else { return }
        let code = errno
        if code == EADDRINUSE { throw ServerError.addressInUse(host: host, port: port) }
        throw ServerError.cannotBind(host: host, port: port, reason: String(cString: strerror(code)))
    }
}
