public import Foundation

extension PorticoSDK {
    /// What sends requests. Clients share one with its connections if they are given the same.
    public protocol HTTPTransport: Sendable {
        /// Sends a request and gives the head of the answer, with a body that is read later.
        ///
        /// It follows no redirects, and ends when its task is cancelled.
        func send(_ request: HTTPTransportRequest) async throws -> HTTPTransportResponse
    }

    /// A request as it goes out.
    public struct HTTPTransportRequest: Sendable {
        /// The method.
        public var method: HTTPMethod
        /// The address, encoded.
        public var url: URL
        /// The headers.
        public var headers: HTTPHeaders
        /// The body.
        public var body: BinaryBody?

        /// Makes a request.
        public init(method: HTTPMethod, url: String, headers: HTTPHeaders, body: BinaryBody? = nil) throws {
            guard let address = URL(string: url), let scheme = address.scheme, ["http", "https"].contains(scheme),
                address.host?.isEmpty == false
            else { throw InvalidArgumentError("endpoint", "'\(url)' is no address of HTTP") }
            self.method = method
            self.url = address
            self.headers = headers
            self.body = body
        }
    }

    /// The head of an answer and its body to come.
    public struct HTTPTransportResponse: Sendable {
        /// The status.
        public var status: Int
        /// The headers.
        public var headers: HTTPHeaders
        /// The body.
        public var body: ByteStream

        /// Makes an answer.
        public init(status: Int, headers: HTTPHeaders, body: ByteStream) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    /// Bytes to send: in memory, in a file, or as they come.
    public struct BinaryBody: Sendable {
        /// Where the bytes are.
        enum Content: Sendable {
            case data(Data)
            case file(URL)
            case stream(Once)
        }

        let content: Content

        /// Bytes in memory.
        public init(_ data: Data) { content = .data(data) }

        /// The bytes of a file.
        public init(file: URL) { content = .file(file) }

        /// Bytes as they come. They are sent once; a call is not repeated after they were read.
        public init<Stream: AsyncSequence & Sendable>(stream: Stream) where Stream.Element == Data {
            content = .stream(
                Once { sink in
                    for try await chunk in stream { try await sink(chunk) }
                })
        }

        /// A stream that can be read once.
        final class Once: Sendable {
            /// Takes each chunk and returns when there is room for the next.
            typealias Sink = @Sendable (Data) async throws -> Void

            private let pump: @Sendable (Sink) async throws -> Void
            private let isStarted = Locked(false)

            init(_ pump: @escaping @Sendable (Sink) async throws -> Void) { self.pump = pump }

            /// Whether it was read.
            var isSpent: Bool { isStarted.withLock { $0 } }

            /// Reads all of it.
            func read(into sink: Sink) async throws {
                isStarted.withLock { $0 = true }
                try await pump(sink)
            }
        }

        /// Whether it can be sent again.
        var isRepeatable: Bool {
            if case .stream(let once) = content { return !once.isSpent }
            return true
        }

        /// All bytes, in memory.
        func collected() async throws -> Data {
            switch content {
            case .data(let data): return data
            case .file(let url): return try Data(contentsOf: url)
            case .stream(let once):
                let all = Locked(Data())
                try await once.read { chunk in all.withLock { $0.append(chunk) } }
                return all.withLock { $0 }
            }
        }
    }

    /// A value behind a lock.
    final class Locked<State>: @unchecked Sendable {
        private let lock = NSLock()
        private var state: State

        init(_ state: State) { self.state = state }

        /// Reads or changes the value; never waits for anything else.
        func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
            lock.lock()
            defer { lock.unlock() }
            return try body(&state)
        }
    }
}
