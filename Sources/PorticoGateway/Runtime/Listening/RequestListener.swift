// Hot: no, once per connection. Allocates: the connection's handler and channel.

internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
    internal import Glibc
#endif

/// How connections come to the workers.
///
/// A server that opens its port has one socket a worker, among which the system distributes connections (`SO_REUSEPORT`):
/// what accepts a connection also serves it. Inherited sockets may be more or fewer than the workers. Each of them is
/// accepted from on one loop. Where every worker has the same number of them, its loop serves what it accepts; else
/// connections go to all loops in turn, which costs a wake-up of another thread for each connection, not for a request.
enum RequestListener {
    typealias Configure = @Sendable (any Channel, Worker) throws -> Void

    /// A listener on `loop` whose connections `children` serve: that loop, or all loops.
    static func bootstrap(
        on loop: any EventLoop, children: any EventLoopGroup, workers: [WorkerHandle], _ configure: @escaping Configure
    ) -> ServerBootstrap {
        let byLoop = Dictionary(
            workers.map { (ObjectIdentifier($0.loop), $0) }, uniquingKeysWith: { first, _ in first })
        return ServerBootstrap(group: loop, childGroup: children)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let worker = byLoop[ObjectIdentifier(channel.eventLoop)] else {
                        throw ChannelError.operationUnsupported
                    }
                    try configure(channel, worker.bound.value)
                }
            }
    }

    /// Options of a socket that is bound here.
    static func binding(_ bootstrap: ServerBootstrap) -> ServerBootstrap {
        bootstrap
            .serverChannelOption(.backlog, value: ListeningSocket.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(
                ChannelOptions.Types.SocketOption(
                    level: .socket, name: NIOBSDSocket.Option(rawValue: CInt(SO_REUSEPORT))), value: 1)
    }

    /// Accepts from inherited sockets; gives the port of the first one, and the channels in order.
    ///
    /// The server owns them from here on.
    static func adopt(
        _ descriptors: [Int32], _ kind: ListenerKind, group: any EventLoopGroup, workers: [WorkerHandle],
        _ configure: @escaping Configure
    ) async throws -> (port: Int, channels: [any Channel]) {
        let ports = try descriptors.map { descriptor throws(ServerError) in
            try ListeningSocket.port(of: descriptor, kind)
        }
        let isEven = !workers.isEmpty && descriptors.count % workers.count == 0
        var channels: [any Channel] = []
        for (index, descriptor) in descriptors.enumerated() {
            let loop = workers.isEmpty ? group.next() : workers[index % workers.count].loop
            let bootstrap = bootstrap(on: loop, children: isEven ? loop : group, workers: workers, configure)
            let channel = try await adopt(descriptor, kind, bootstrap)
            channels.append(channel)
        }
        return (ports.first ?? 0, channels)
    }

    /// Accepts from one inherited socket.
    static func adopt(
        _ descriptor: Int32, _ kind: ListenerKind, _ bootstrap: ServerBootstrap
    ) async throws -> any Channel {
        do {
            let channel = try await bootstrap.withBoundSocket(descriptor).get()
            await ListeningSocket.setBacklog(channel)
            return channel
        } catch let error as IOError {
            throw ServerError.inherited(
                kind: kind, descriptor: descriptor, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}
