public import Foundation

extension PorticoSDK {
    /// The connection ended, and is not opened again.
    public struct ConnectionClosedError: ClientError, Hashable {
        /// As RFC 6455 has it; 1006 if the connection ended without a close frame.
        public let code: Int
        /// What the one who closed says.
        public let reason: String
        /// What happened.
        public var description: String { "the connection is closed: \(code)\(reason.isEmpty ? "" : " \(reason)")" }
    }

    /// A connection. One task may receive while others send; lost connections are opened again by receiving.
    ///
    /// Going through it gives messages until the connection ends: without an error if the client closed it, or the
    /// server with 1000.
    public struct MessageSocket<Incoming: Sendable>: Sendable, AsyncSequence {
        /// A message that came.
        public typealias Element = Message

        /// A message that came.
        public struct Message: Sendable {
            /// What it says. JSON of no known type, and text that is no JSON, is `unknown`; bytes have no value.
            public let value: Incoming?
            /// The text as it came; `nil` for bytes.
            public let text: String?
            /// The bytes of a binary message.
            public let data: Data?
        }

        /// How a connection behaves.
        public struct Options: Sendable {
            /// Names that are offered to the server, the best one first.
            public var subprotocols: [String] = []
            /// Sent with the handshake besides and instead of the client's own.
            public var headers: HTTPHeaders = [:]
            /// How long opening may take; the client's `attemptTimeout` unless given.
            public var timeout: Duration?
            /// Whether a lost connection is opened again when somebody receives.
            public var reconnects = true
            /// How often that is tried in a row.
            public var maxReconnects = 10
            /// Called after each success: the server knows nothing of the connection before.
            public var onReconnect: (@Sendable (MessageSocket) async throws -> Void)?
            /// A longer message closes the connection with 1009.
            public var maxMessageBytes = 1_048_576
            /// Time without a message after which a ping is sent; after as long again the connection counts as lost.
            public var pingInterval: Duration?
            /// What opens connections.
            public var transport: any SocketTransport = SystemSocketTransport()

            /// Makes options that change nothing unless told.
            public init(configure: (inout Options) -> Void = { _ in }) { configure(&self) }
        }

        /// Gives messages.
        public struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let socket: MessageSocket

            /// The next message; `nil` at an end as it should be.
            public func next() async throws -> Message? {
                do {
                    return try await socket.receive()
                } catch let error as ConnectionClosedError {
                    guard await socket.connection.isOver else { throw error }
                    return nil
                }
            }
        }

        let connection: SocketConnection<Incoming>

        init(_ connection: SocketConnection<Incoming>) { self.connection = connection }

        /// The subprotocol that the server selected.
        public var subprotocol: String? { get async { await connection.subprotocol } }

        /// The next message. Throws `TimeoutError` if none comes within the limit, and `ConnectionClosedError` when the
        /// connection has ended; where it could not be opened again, the error of that.
        public func receive(within limit: Duration? = nil) async throws -> Message {
            try await connection.receive(within: limit)
        }

        /// Gives messages.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(socket: self) }

        /// Sends text as it is.
        public func sendText(_ text: String) async throws { try await connection.send(.text, Data(text.utf8)) }

        /// Sends a binary message, which API Gateway refuses.
        public func sendBytes(_ data: Data) async throws { try await connection.send(.binary, data) }

        /// Sends a ping.
        public func ping() async throws { try await connection.send(.ping, Data()) }

        /// Closes the connection, and waits up to five seconds for the server to do the same.
        public func close(code: Int = 1000, reason: String = "") async throws {
            try await connection.close(code, reason)
        }

        /// Sends a message to a route.
        func send<Value>(_ message: Value, _ codec: Codec<Value>, to key: String?) async throws {
            try await connection.send(codec.encode(message), to: key)
        }
    }
}
