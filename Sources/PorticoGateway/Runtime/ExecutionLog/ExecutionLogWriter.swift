// Hot: no, only logged requests come here. Allocates: the queue.

internal import NIOPosix
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// Writes execution logs away from the event loops: a reader that is slow must not hold up requests.
///
/// Logs that a reader does not take are left out, whole and counted, rather than kept without end.
final class ExecutionLogWriter: Sendable {
    /// Bytes that may wait.
    private let limit: Int
    private let output: @Sendable ([UInt8]) -> Void
    private let state = Mutex(State())

    private struct State {
        var waiting: [UInt8] = []
        var isWriting = false
        var unsaid = 0
        var pool: NIOThreadPool?
    }

    /// Makes a writer; it starts a thread with the first log.
    init(limit: Int = 8 << 20, output: @escaping @Sendable ([UInt8]) -> Void) {
        self.limit = limit
        self.output = output
    }

    /// Takes the log of one request.
    func write(_ log: [UInt8]) {
        guard !log.isEmpty else { return }
        let pool: NIOThreadPool? = state.withLock { state in
            guard state.waiting.count + log.count <= limit else {
                state.unsaid += 1
                return nil
            }
            state.waiting += log
            guard !state.isWriting else { return nil }
            state.isWriting = true
            if let pool = state.pool { return pool }
            let pool = NIOThreadPool(numberOfThreads: 1)
            pool.start()
            state.pool = pool
            return pool
        }
        pool?.submit { _ in self.drain() }
    }

    private func drain() {
        while true {
            let batch: [UInt8]? = state.withLock { state in
                if state.unsaid > 0 {
                    state.waiting += Array(
                        "portico: \(state.unsaid) requests were not logged, because their lines were not read\n".utf8)
                    state.unsaid = 0
                }
                guard !state.waiting.isEmpty else {
                    state.isWriting = false
                    return nil
                }
                defer { state.waiting = [] }
                return state.waiting
            }
            guard let batch else { return }
            output(batch)
        }
    }

    /// Writes what waits, and ends the thread.
    func close() async {
        let pool = state.withLock { state in
            defer { state.pool = nil }
            return state.pool
        }
        await pool?.finish()
    }

    /// Standard error, which is where a process that is watched by others talks.
    @Sendable static func standardError(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = Glibc.write(STDERR_FILENO, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
                if written > 0 {
                    offset += written
                } else if errno != EINTR && errno != EAGAIN {
                    return
                }
            }
        }
    }
}
