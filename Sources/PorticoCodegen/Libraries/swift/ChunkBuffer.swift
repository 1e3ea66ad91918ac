import Foundation

extension PorticoSDK {
    /// Chunks between whoever receives them and whoever reads them.
    final class ChunkBuffer: Sendable {
        /// From here on the sender should pause, and from the lower mark on go on.
        private static let highMark = 1 << 20
        private static let lowMark = 1 << 18
        /// So many chunks that were read may stay before those that were not.
        private static let compactionCount = 64

        private typealias Reader = CheckedContinuation<Data?, any Swift.Error>

        /// What is to be done about a sender.
        enum Pressure: Sendable {
            /// The sender waits when it is told so.
            case pause(@Sendable (Bool) -> Void)
            /// The sender cannot wait: what is too much goes to a file.
            case spill
        }

        private struct State {
            /// Chunks in memory; those in the file come after them.
            var chunks: [Data] = []
            var first = 0
            var bytes = 0
            var file: SpillFile?
            var isPaused = false
            var isEnded = false
            var failure: (any Swift.Error)?
            var reader: Reader?
            var sender: CheckedContinuation<Void, Never>?
            var pressure: Pressure?
            var abandon: (@Sendable () -> Void)?
        }

        private let state = Locked(State())

        /// What to do when the chunks are no longer wanted before their end.
        func onAbandon(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.abandon = action } }

        /// What to do when the reader falls behind.
        func onPressure(_ pressure: Pressure) { state.withLock { $0.pressure = pressure } }

        // MARK: Sending

        /// Takes a chunk.
        func append(_ chunk: Data) {
            guard !chunk.isEmpty else { return }
            let action: () -> Void = state.withLock { state in
                guard !state.isEnded else { return {} }
                if let reader = state.reader {
                    state.reader = nil
                    return { reader.resume(returning: chunk) }
                }
                do {
                    return try Self.store(chunk, in: &state)
                } catch {
                    state.isEnded = true
                    state.failure = error
                    return state.abandon ?? {}
                }
            }
            action()
        }

        private static func store(_ chunk: Data, in state: inout State) throws -> () -> Void {
            if case .spill? = state.pressure, state.bytes > highMark || state.file?.isEmpty == false {
                var file = try state.file ?? SpillFile()
                try file.append(chunk)
                state.file = file
                return {}
            }
            state.chunks.append(chunk)
            state.bytes += chunk.count
            guard state.bytes > highMark, !state.isPaused else { return {} }
            state.isPaused = true
            guard case .pause(let pause)? = state.pressure else { return {} }
            return { pause(true) }
        }

        /// Waits until the reader has caught up.
        func untilDrained() async {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    guard state.isPaused, !state.isEnded else { return true }
                    state.sender = continuation
                    return false
                }
                if isFree { continuation.resume() }
            }
        }

        /// Marks the end. What was taken before is still read.
        func finish(_ error: (any Swift.Error)?) {
            let (reader, sender) = state.withLock { state -> (Reader?, CheckedContinuation<Void, Never>?) in
                guard !state.isEnded else { return (nil, nil) }
                state.isEnded = true
                // Only what is read later can still fail.
                state.failure = state.reader == nil ? error : nil
                defer { (state.reader, state.sender) = (nil, nil) }
                return (state.reader, state.sender)
            }
            if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
            sender?.resume()
        }

        // MARK: Reading

        /// A chunk that is there already.
        func waiting() throws -> Data? {
            let (chunk, action) = try state.withLock { try Self.take(&$0) }
            action()
            return chunk
        }

        /// The next chunk; `nil` at the end. Cancelling the task ends the reception.
        func next() async throws -> Data? {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let action: () -> Void = state.withLock { Self.serve(continuation, &$0) }
                    action()
                    if _Concurrency.Task.isCancelled { cancel() }
                }
            } onCancel: {
                cancel()
            }
        }

        /// Ends the reception; the reader sees a `CancellationError`. Does nothing after the end.
        func cancel() {
            let abandon = state.withLock { state in
                // Nobody reads what is left.
                defer { state.abandon = nil }
                return state.isEnded ? nil : state.abandon
            }
            finish(CancellationError())
            abandon?()
        }

        private static func serve(_ reader: Reader, _ state: inout State) -> () -> Void {
            do {
                let (chunk, action) = try take(&state)
                if let chunk {
                    return {
                        reader.resume(returning: chunk)
                        action()
                    }
                }
            } catch {
                return { reader.resume(throwing: error) }
            }
            if state.isEnded {
                // A failure is told once; after it the stream is at its end.
                defer { state.failure = nil }
                let failure = state.failure
                return { if let failure { reader.resume(throwing: failure) } else { reader.resume(returning: nil) } }
            }
            guard state.reader == nil else {
                return { reader.resume(throwing: InvalidArgumentError("stream", "two tasks read it at a time")) }
            }
            state.reader = reader
            return {}
        }

        /// The first chunk, and what to do once the lock is free.
        private static func take(_ state: inout State) throws -> (Data?, () -> Void) {
            guard state.first < state.chunks.count else { return (try state.file?.next(), {}) }
            let chunk = state.chunks[state.first]
            state.first += 1
            state.bytes -= chunk.count
            // Not each time: moving the rest would cost more than the chunk.
            if state.first == state.chunks.count || state.first == compactionCount {
                state.chunks.removeFirst(state.first)
                state.first = 0
            }
            guard state.isPaused, state.bytes < lowMark else { return (chunk, {}) }
            state.isPaused = false
            let (pressure, sender) = (state.pressure, state.sender)
            state.sender = nil
            return (
                chunk,
                {
                    if case .pause(let pause)? = pressure { pause(false) }
                    sender?.resume()
                }
            )
        }
    }
}
