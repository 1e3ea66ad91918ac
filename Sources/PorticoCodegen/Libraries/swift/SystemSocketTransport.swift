import Foundation

#if canImport(Network)
    import Network

    extension PorticoSDK {
        /// Connections of the system, with the certificates that it trusts.
        public struct SystemSocketTransport: SocketTransport {
            /// Makes a transport.
            public init() {}

            /// Opens a connection.
            public func open(host: String, port: Int, isSecure: Bool, limit: Duration) async throws -> any SocketWire {
                guard let port = NWEndpoint.Port(rawValue: UInt16(clamping: port)) else {
                    throw InvalidArgumentError("endpoint", "\(port) is no port")
                }
                let wire = SystemWire(
                    NWConnection(host: NWEndpoint.Host(host), port: port, using: isSecure ? .tls : .tcp))
                do {
                    try await wire.start()
                } catch {
                    wire.close()
                    throw error
                }
                return wire
            }
        }

        private final class SystemWire: SocketWire, @unchecked Sendable {
            private let connection: NWConnection
            private let inbox = SocketInbox()

            init(_ connection: NWConnection) { self.connection = connection }

            func start() async throws {
                let once = Locked<CheckedContinuation<Void, any Swift.Error>?>(nil)
                @Sendable func done(_ error: (any Swift.Error)?) {
                    let waiter = once.withLock { waiter in
                        defer { waiter = nil }
                        return waiter
                    }
                    if let error { waiter?.resume(throwing: error) } else { waiter?.resume() }
                }
                try await withTaskCancellationHandler {
                    try await withCheckedThrowingContinuation { continuation in
                        once.withLock { $0 = continuation }
                        connection.stateUpdateHandler = { state in
                            switch state {
                            case .ready: done(nil)
                            // A connection that waits for a better network is one that nobody has.
                            case .failed(let error), .waiting(let error): done(error)
                            case .cancelled: done(CancellationError())
                            default: break
                            }
                        }
                        connection.start(queue: .global())
                    }
                } onCancel: {
                    connection.cancel()
                }
                receive()
            }

            private func receive() {
                connection.receive(minimumIncompleteLength: 1, maximumLength: 65_536) { [self] data, _, isEnd, error in
                    if let data, !data.isEmpty {
                        inbox.put(data) { if !isEnd, error == nil { self.receive() } }
                    }
                    if isEnd || error != nil { inbox.end(error) }
                }
            }

            func read(until end: ContinuousClock.Instant?) async throws -> Data? { try await inbox.take(until: end) }

            func interrupt() { inbox.interrupt() }

            func write(_ data: Data) async throws {
                try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Swift.Error>) in
                    connection.send(
                        content: data,
                        completion: .contentProcessed { error in
                            if let error { done.resume(throwing: error) } else { done.resume() }
                        })
                }
            }

            func close() { connection.cancel() }
        }
    }
#else
    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    extension PorticoSDK {
        /// Connections of the system. TLS is that of OpenSSL (`libssl.so.3` or `libssl.so.1.1`), which is loaded when
        /// the first connection needs it, with the certificates that it trusts (`SSL_CERT_FILE`, `SSL_CERT_DIR`).
        public struct SystemSocketTransport: SocketTransport {
            /// Makes a transport.
            public init() {}

            /// Opens a connection.
            public func open(host: String, port: Int, isSecure: Bool, limit: Duration) async throws -> any SocketWire {
                try await withCheckedThrowingContinuation { continuation in
                    DispatchQueue.global().async {
                        continuation.resume(
                            with: Swift.Result {
                                try SystemWire(host: host, port: port, isSecure: isSecure, end: .now + limit)
                            })
                    }
                }
            }
        }

        private final class SystemWire: SocketWire, @unchecked Sendable {
            private static let writeLimit = Duration.seconds(30)

            private let inbox = SocketInbox()
            private let writes = DispatchQueue(label: "socket writes")
            /// Guards the descriptor and what stands on it.
            private let lock = NSLock()
            private var descriptor: Int32
            private let tls: SocketTLS?

            init(host: String, port: Int, isSecure: Bool, end: ContinuousClock.Instant) throws {
                descriptor = try Self.connect(host, port, end)
                do {
                    tls = isSecure ? try SocketTLS(descriptor, host: host) : nil
                    if let tls {
                        while case .waits(let event) = try tls.connect() { try Self.wait(descriptor, event, end) }
                    }
                } catch {
                    _ = Self.closing(descriptor)
                    throw error
                }
                let descriptor = descriptor
                Thread.detachNewThread { self.receive(descriptor) }
            }

            // MARK: Opening

            private static func connect(_ host: String, _ port: Int, _ end: ContinuousClock.Instant) throws -> Int32 {
                var hints = addrinfo()
                hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
                var list: UnsafeMutablePointer<addrinfo>?
                let status = getaddrinfo(host, String(port), &hints, &list)
                guard status == 0 else { throw SocketFailure(String(cString: gai_strerror(status))) }
                defer { freeaddrinfo(list) }
                var failure: any Swift.Error = SocketFailure("no address")
                var next = list
                while let address = next?.pointee {
                    do { return try connect(address, end) } catch { failure = error }
                    next = address.ai_next
                }
                throw failure
            }

            private static func connect(_ address: addrinfo, _ end: ContinuousClock.Instant) throws -> Int32 {
                let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
                guard descriptor >= 0 else { throw system("socket") }
                do {
                    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
                    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                    var flag: Int32 = 1
                    setsockopt(
                        descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &flag, socklen_t(MemoryLayout<Int32>.size))
                    #if canImport(Glibc)
                        let result = Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen)
                    #else
                        let result = Musl.connect(descriptor, address.ai_addr, address.ai_addrlen)
                    #endif
                    if result != 0 {
                        guard errno == EINPROGRESS else { throw system("connect") }
                        try wait(descriptor, POLLOUT, end)
                        var error: Int32 = 0
                        var size = socklen_t(MemoryLayout<Int32>.size)
                        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
                        guard error == 0 else { throw SocketFailure("connect: \(String(cString: strerror(error)))") }
                    }
                } catch {
                    _ = closing(descriptor)
                    throw error
                }
                return descriptor
            }

            private static func system(_ call: String) -> SocketFailure {
                SocketFailure("\(call): \(String(cString: strerror(errno)))")
            }

            /// Waits until a descriptor is ready.
            private static func wait(
                _ descriptor: Int32, _ event: Int32, _ end: ContinuousClock.Instant?
            ) throws {
                while true {
                    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
                    var milliseconds: Int32 = -1
                    if let end {
                        let left = end - .now
                        guard left > .zero else { throw SocketFailure("timed out") }
                        let (seconds, attoseconds) = left.components
                        milliseconds = Int32(min(seconds, 86_400) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
                    }
                    let count = poll(&entry, 1, milliseconds)
                    if count > 0 { return }
                    if count < 0, errno != EINTR { throw system("poll") }
                }
            }

            private static func closing(_ descriptor: Int32) -> Int32 {
                #if canImport(Glibc)
                    Glibc.close(descriptor)
                #else
                    Musl.close(descriptor)
                #endif
            }

            // MARK: Reading

            /// The thread that reads, until the end of the connection.
            private func receive(_ descriptor: Int32) {
                var bytes = [UInt8](repeating: 0, count: 65_536)
                var failure: (any Swift.Error)?
                do {
                    loop: while true {
                        switch try receiveSome(&bytes) {
                        case .done(0): break loop
                        case .done(let count):
                            let room = DispatchSemaphore(value: 0)
                            inbox.put(Data(bytes[..<count])) { room.signal() }
                            room.wait()
                        case .waits(let event): try Self.wait(descriptor, event, nil)
                        }
                    }
                } catch {
                    failure = error
                }
                lock.withLock {
                    _ = Self.closing(descriptor)
                    self.descriptor = -1
                }
                inbox.end(failure)
            }

            private func receiveSome(_ bytes: inout [UInt8]) throws -> SocketTLS.Progress {
                try lock.withLock {
                    if let tls { return try tls.read(&bytes) }
                    return try Self.progress(recv(descriptor, &bytes, bytes.count, 0), POLLIN, "read")
                }
            }

            private static func progress(
                _ count: Int, _ event: Int32, _ call: String
            ) throws -> SocketTLS.Progress {
                if count >= 0 { return .done(count) }
                guard [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) else { throw system(call) }
                return .waits(event)
            }

            func read(until end: ContinuousClock.Instant?) async throws -> Data? { try await inbox.take(until: end) }

            func interrupt() { inbox.interrupt() }

            // MARK: Writing

            func write(_ data: Data) async throws {
                try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Swift.Error>) in
                    writes.async { done.resume(with: Swift.Result { try self.send([UInt8](data)) }) }
                }
            }

            private func send(_ bytes: [UInt8]) throws {
                let end = ContinuousClock.now + Self.writeLimit
                var rest = bytes[...]
                while !rest.isEmpty {
                    lock.lock()
                    let descriptor = descriptor
                    let progress = Swift.Result {
                        if descriptor < 0 { throw SocketFailure("the connection ended") }
                        return try sendSome(rest)
                    }
                    lock.unlock()
                    switch try progress.get() {
                    case .done(let count): rest = rest.dropFirst(count)
                    case .waits(let event): try Self.wait(descriptor, event, end)
                    }
                }
            }

            private func sendSome(_ bytes: ArraySlice<UInt8>) throws -> SocketTLS.Progress {
                if let tls { return try tls.write(bytes) }
                return try bytes.withUnsafeBytes {
                    try Self.progress(
                        Int(
                            Self.sending(descriptor, $0.baseAddress, $0.count)), POLLOUT, "write")
                }
            }

            private static func sending(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
                #if canImport(Glibc)
                    Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
                #else
                    Musl.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
                #endif
            }

            /// The thread that reads sees the end, and lets go of the descriptor.
            func close() {
                lock.withLock {
                    if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
                }
                inbox.drain()
            }
        }
    }
#endif
