/// A listening socket on a free port of 127.0.0.1, as a service manager opens it.
public final class ListeningDescriptor {
    /// The descriptor.
    public let descriptor: Int32
    /// The port.
    public let port: Int
    private let socket: LoopbackSocket

    /// Opens it.
    public init() throws {
        (socket, port) = try LoopbackSocket.listen()
        descriptor = socket.descriptor
    }
}
