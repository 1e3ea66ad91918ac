// Hot: no, once per process and connection. Allocates: freely.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The Runtime API of one process: a port of its own on loopback, and the connections that came to it.
/// Belongs to the host's loop, on which its connections live, too.
final class RuntimeAPIListener {
    let port: Int
    private let channel: any Channel
    private let connections: Connections

    /// The open connections, known by what accepts them before there is a listener to know.
    private final class Connections {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private init(channel: any Channel, port: Int, connections: Connections) {
        self.channel = channel
        self.port = port
        self.connections = connections
    }

    /// Listens on a free port; calls `then` on the loop, with the system's reason if that failed.
    static func open(
        process: UInt32, core: HostCore, loop: any EventLoop,
        then: @escaping (Result<RuntimeAPIListener, any Error>) -> Void
    ) {
        let connections = Connections()
        let bound = NIOLoopBound((core: core, connections: connections), eventLoop: loop)
        ServerBootstrap(group: loop, childGroup: loop)
            .serverChannelOption(.backlog, value: 16)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (core, connections) = bound.value
                    // Runtimes wait for an answer before they ask again, and a connection that is lost must be
                    // noticed while its request waits: the codec's help with pipelining would stop reading then.
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(RuntimeAPIHandler(process: process, core: core))
                    let id = ObjectIdentifier(channel)
                    if connections.isClosed { return channel.close(promise: nil) }
                    connections.channels[id] = channel
                    channel.closeFuture.assumeIsolated().whenComplete { _ in connections.channels[id] = nil }
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .failure(let error): then(.failure(error))
                case .success(let channel):
                    guard let port = channel.localAddress?.port else {
                        channel.close(promise: nil)
                        return then(.failure(ChannelError.unknownLocalAddress))
                    }
                    then(.success(RuntimeAPIListener(channel: channel, port: port, connections: connections)))
                }
            }
    }

    /// Frees the port and ends the connections.
    func close() {
        connections.isClosed = true
        channel.close(promise: nil)
        for channel in connections.channels.values { channel.close(promise: nil) }
    }
}
