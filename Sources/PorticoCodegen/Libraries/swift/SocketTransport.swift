public import Foundation

extension PorticoSDK {
    /// What opens the connections that sockets run on.
    public protocol SocketTransport: Sendable {
        /// Opens a connection, with TLS if it is to be secure.
        func open(host: String, port: Int, isSecure: Bool, limit: Duration) async throws -> any SocketWire
    }

    /// The bytes of a connection. One task reads while others write.
    public protocol SocketWire: Sendable {
        /// Waits for bytes: `nil` at the end, none if there are none until then or somebody interrupts.
        func read(until end: ContinuousClock.Instant?) async throws -> Data?
        /// Lets whoever reads return.
        func interrupt()
        /// Writes all of it; what two tasks write is not mixed.
        func write(_ data: Data) async throws
        /// Ends the connection. Nobody uses it any more.
        func close()
    }

    /// What went wrong with a connection.
    struct SocketFailure: LocalizedError {
        var errorDescription: String?

        init(_ description: String) { errorDescription = description }
    }

    /// Bytes on their way from whoever receives them to a task that waits for them.
    final class SocketInbox: Sendable {
        private struct State {
            var data = Data()
            var isEnded = false
            var failure: (any Swift.Error)?
            var waiter: (id: Int, continuation: CheckedContinuation<Void, Never>)?
            var count = 0
            var isInterrupted = false
            /// What goes on receiving once there is room.
            var resume: (@Sendable () -> Void)?

            var isReady: Bool { !data.isEmpty || isEnded || isInterrupted }
        }

        private static let limit = 1 << 20
        private let state = Locked(State())

        /// Takes bytes.
        /// - Parameter resume: Called once there is room for more.
        func put(_ data: Data, resume: @escaping @Sendable () -> Void) {
            let isFull = state.withLock { state in
                state.data.append(data)
                if state.data.count >= Self.limit { state.resume = resume }
                return state.resume != nil
            }
            wake()
            if !isFull { resume() }
        }

        /// Takes the end.
        func end(_ failure: (any Swift.Error)? = nil) {
            state.withLock { state in
                if !state.isEnded { (state.isEnded, state.failure) = (true, failure) }
            }
            wake()
        }

        /// Drops what nobody takes any more.
        func drain() {
            let resume = state.withLock { state in
                defer { (state.data, state.resume) = (Data(), nil) }
                return state.resume
            }
            resume?()
        }

        /// Lets whoever waits go on.
        func interrupt() {
            state.withLock { $0.isInterrupted = true }
            wake()
        }

        /// The bytes; none if there are none until then, `nil` at the end.
        func take(until end: ContinuousClock.Instant?) async throws -> Data? {
            if !state.withLock({ $0.isReady }) { await wait(until: end) }
            try _Concurrency.Task.checkCancellation()
            let (data, failure, isEnded, resume) = state.withLock { state in
                defer { (state.data, state.isInterrupted, state.resume) = (Data(), false, nil) }
                return (state.data, state.failure, state.isEnded, state.resume)
            }
            resume?()
            if data.isEmpty, isEnded {
                if let failure { throw failure }
                return nil
            }
            return data
        }

        private func wait(until end: ContinuousClock.Instant?) async {
            let id = state.withLock { state in
                state.count += 1
                return state.count
            }
            let timer = end.map { end in
                _Concurrency.Task {
                    try await _Concurrency.Task.sleep(until: end, clock: .continuous)
                    self.wake(id)
                }
            }
            defer { timer?.cancel() }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOver = _Concurrency.Task.isCancelled || end.map { $0 <= .now } == true
                    let waits = state.withLock { state in
                        guard !state.isReady, !isOver else { return false }
                        state.waiter = (id, continuation)
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                wake(id)
            }
        }

        /// Lets somebody go on, if nobody else waits by now.
        private func wake(_ id: Int? = nil) {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard let waiter = state.waiter, id == nil || waiter.id == id else { return nil }
                state.waiter = nil
                return waiter.continuation
            }
            waiter?.resume()
        }
    }
}
