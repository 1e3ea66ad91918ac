// Hot: no, a few times per process. Allocates: nothing.

internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#endif

/// A listening socket by its descriptor.
enum ListeningSocket {
    /// Connections that may wait to be accepted. The system's `net.core.somaxconn` may allow less.
    static let backlog: CInt = 1024

    /// The port that an inherited socket listens on.
    ///
    /// - Throws: ``ServerError/inherited(kind:descriptor:reason:)`` if it is no TCP socket with a port.
    static func port(of descriptor: Int32, _ kind: ListenerKind) throws(ServerError) -> Int {
        func failure(_ reason: String) -> ServerError {
            .inherited(kind: kind, descriptor: descriptor, reason: reason)
        }
        var type: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0 else {
            throw failure(String(cString: strerror(errno)))
        }
        var storage = sockaddr_storage()
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw failure(String(cString: strerror(errno))) }
        let port: Int
        switch CInt(storage.ss_family) {
        case AF_INET:
            port = withUnsafeBytes(of: &storage) { Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))) }
        case AF_INET6:
            port = withUnsafeBytes(of: &storage) { Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))) }
        default:
            throw failure("it is no TCP socket")
        }
        guard type == CInt(SOCK_STREAM.rawValue), port != 0 else { throw failure("it is no TCP socket with a port") }
        return port
    }

    /// Another descriptor of a channel's socket, which programs that are started do not see. The socket goes on
    /// listening until the last descriptor is closed, in whichever process.
    static func duplicate(_ channel: any Channel) async throws -> Int32 {
        try await channel.eventLoop.submit {
            let copy = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self
            ) { fcntl($0, F_DUPFD_CLOEXEC, 3) }
            guard let copy, copy >= 0 else { throw IOError(errnoCode: errno, reason: "a listener cannot be shared") }
            return copy
        }.get()
    }

    /// Stops accepting, and closes the channel once all that it has accepted has come to the loop that serves it: the
    /// library drops connections that are on their way from one loop to another when their listener is closed.
    static func close(_ channel: any Channel, servedBy group: any EventLoopGroup) async {
        try? await channel.setOption(ChannelOptions.autoRead, value: false).get()
        for loop in group.makeIterator() { try? await loop.submit {}.get() }
        try? await channel.eventLoop.submit {}.get()
        try? await channel.close()
    }

    /// Lets as many clients wait as at a socket of this server's own: the library has set its own default.
    static func setBacklog(_ channel: any Channel) async {
        let listening = channel.eventLoop.submit {
            _ = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                listen($0, backlog)
            }
        }
        try? await listening.get()
    }
}
