public import Foundation

extension PorticoSDK {
    /// The bytes of an answer in chunks as they come. It can be read once.
    public struct ByteStream: AsyncSequence, Sendable {
        /// Some bytes, never none.
        public typealias Element = Data

        /// Gives the chunks of a stream.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let buffer: ChunkBuffer

            /// The next chunk; `nil` at the end.
            public mutating func next() async throws -> Data? { try await buffer.next() }
        }

        private let buffer: ChunkBuffer

        /// A stream over what a transport receives.
        init(_ buffer: ChunkBuffer) { self.buffer = buffer }

        /// A stream of bytes that are there already.
        public init(_ data: Data) {
            buffer = ChunkBuffer()
            buffer.append(data)
            buffer.finish(nil)
        }

        /// A stream of what another sequence gives, read as far as this one is.
        public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == Data {
            let buffer = ChunkBuffer()
            let task = _Concurrency.Task { [weak buffer] in
                do {
                    for try await chunk in base {
                        guard let buffer else { return }
                        buffer.append(chunk)
                        await buffer.untilDrained()
                    }
                    buffer?.finish(nil)
                } catch {
                    buffer?.finish(error)
                }
            }
            buffer.onAbandon { task.cancel() }
            self.buffer = buffer
        }

        /// Gives the chunks. A second iterator goes on where the first one is.
        public func makeAsyncIterator() -> Iterator { Iterator(buffer: buffer) }

        /// All bytes that are still to come.
        public func collected() async throws -> Data {
            var all = Data()
            for try await chunk in self { all.append(chunk) }
            return all
        }
    }

    /// Chunks between whoever receives them and whoever reads them. Ends the reception when nobody reads any more.
    final class ChunkBuffer: Sendable {
        /// From here on the sender should pause, and from the lower mark on go on.
        static let highMark = 1 << 20
        static let lowMark = 1 << 18

        private struct State {
            var chunks: [Data] = []
            var bytes = 0
            var isPaused = false
            var isEnded = false
            var failure: (any Swift.Error)?
            var reader: CheckedContinuation<Data?, any Swift.Error>?
            var writer: CheckedContinuation<Void, Never>?
            var pause: (@Sendable (Bool) -> Void)?
            var abandon: (@Sendable () -> Void)?
        }

        private let state = Locked(State())

        deinit {
            let (abandon, writer) = state.withLock { state in
                defer { state.writer = nil }
                return (state.isEnded ? nil : state.abandon, state.writer)
            }
            abandon?()
            writer?.resume()
        }

        /// What to do when the chunks are no longer wanted before their end.
        func onAbandon(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.abandon = action } }

        /// What to do when the reader falls behind (`true`) and when it has caught up (`false`).
        func onPause(_ action: @escaping @Sendable (Bool) -> Void) { state.withLock { $0.pause = action } }

        /// Takes a chunk.
        func append(_ chunk: Data) {
            guard !chunk.isEmpty else { return }
            let action: () -> Void = state.withLock { state in
                guard !state.isEnded else { return {} }
                if let reader = state.reader {
                    state.reader = nil
                    return { reader.resume(returning: chunk) }
                }
                state.chunks.append(chunk)
                state.bytes += chunk.count
                guard state.bytes > Self.highMark, !state.isPaused else { return {} }
                state.isPaused = true
                let pause = state.pause
                return { pause?(true) }
            }
            action()
        }

        /// Marks the end. What was taken before is still read.
        func finish(_ error: (any Swift.Error)?) {
            let reader = state.withLock { state -> CheckedContinuation<Data?, any Swift.Error>? in
                guard !state.isEnded else { return nil }
                state.isEnded = true
                state.failure = error
                defer { state.reader = nil }
                return state.reader
            }
            if let error { reader?.resume(throwing: error) } else { reader?.resume(returning: nil) }
        }

        /// Waits until the reader has caught up.
        func untilDrained() async {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    guard state.isPaused, !state.isEnded else { return true }
                    state.writer = continuation
                    return false
                }
                if isFree { continuation.resume() }
            }
        }

        /// The next chunk; `nil` at the end. Cancelling the task ends the reception.
        func next() async throws -> Data? {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let action: () -> Void = state.withLock { state in
                        if !state.chunks.isEmpty { return Self.take(&state, for: continuation) }
                        if state.isEnded {
                            // A failure is told once; after it the stream is at its end.
                            if let failure = state.failure {
                                state.failure = nil
                                return { continuation.resume(throwing: failure) }
                            }
                            return { continuation.resume(returning: nil) }
                        }
                        guard state.reader == nil else {
                            return {
                                continuation.resume(throwing: InvalidArgumentError("stream", "read twice at a time"))
                            }
                        }
                        state.reader = continuation
                        return {}
                    }
                    action()
                    if _Concurrency.Task.isCancelled { cancel() }
                }
            } onCancel: {
                cancel()
            }
        }

        /// Ends the reception; the reader sees a `CancellationError`.
        func cancel() {
            let abandon = state.withLock { $0.isEnded ? nil : $0.abandon }
            finish(CancellationError())
            abandon?()
        }

        private static func take(
            _ state: inout State, for continuation: CheckedContinuation<Data?, any Swift.Error>
        ) -> () -> Void {
            // Few chunks wait at a time, so that moving the rest costs nothing.
            let chunk = state.chunks.removeFirst()
            state.bytes -= chunk.count
            guard state.isPaused, state.bytes < lowMark else { return { continuation.resume(returning: chunk) } }
            state.isPaused = false
            let (pause, writer) = (state.pause, state.writer)
            state.writer = nil
            return {
                continuation.resume(returning: chunk)
                pause?(false)
                writer?.resume()
            }
        }
    }
}
