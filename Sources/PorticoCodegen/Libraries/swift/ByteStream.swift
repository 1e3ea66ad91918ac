public import Foundation

extension PorticoSDK {
    /// The bytes of an answer in chunks as they come. It can be read once.
    public struct ByteStream: AsyncSequence, Sendable {
        /// Some bytes, never none.
        public typealias Element = Data

        /// Gives the chunks of a stream.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let handle: Handle
            fileprivate let limit: Duration?

            /// The next chunk; `nil` at the end.
            public mutating func next() async throws -> Data? {
                let buffer = handle.buffer
                guard let limit else { return try await buffer.next() }
                if let chunk = try buffer.waiting() { return chunk }
                return try await PorticoSDK.limited(to: limit) { try await buffer.next() }
            }
        }

        /// Ends the reception when nobody reads the stream any more.
        fileprivate final class Handle: Sendable {
            let buffer: ChunkBuffer

            init(_ buffer: ChunkBuffer) { self.buffer = buffer }

            deinit { buffer.cancel() }
        }

        private let handle: Handle
        /// How long a chunk may take.
        private var limit: Duration?

        /// A stream over what a transport receives.
        init(_ buffer: ChunkBuffer) { handle = Handle(buffer) }

        /// A stream of bytes that are there already.
        public init(_ data: Data) {
            let buffer = ChunkBuffer()
            buffer.append(data)
            buffer.finish(nil)
            handle = Handle(buffer)
        }

        /// A stream of what another sequence gives, read as far as this one is.
        public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == Data {
            let buffer = ChunkBuffer()
            let task = _Concurrency.Task {
                do {
                    for try await chunk in base {
                        buffer.append(chunk)
                        await buffer.untilDrained()
                    }
                    buffer.finish(nil)
                } catch {
                    buffer.finish(error)
                }
            }
            buffer.onAbandon { task.cancel() }
            handle = Handle(buffer)
        }

        /// The same stream, which fails when a chunk takes longer.
        func limited(to limit: Duration) -> Self {
            var stream = self
            stream.limit = limit
            return stream
        }

        /// Gives the chunks. A second iterator goes on where the first one is.
        public func makeAsyncIterator() -> Iterator { Iterator(handle: handle, limit: limit) }

        /// All bytes that are still to come.
        public func collected() async throws -> Data {
            var all = Data()
            for try await chunk in self { all.append(chunk) }
            return all
        }
    }

    /// What an operation gives within a time; it is cancelled after that.
    static func limited<Value: Sendable>(
        to limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await _Concurrency.Task.sleep(for: limit)
                throw TimeoutError(limit: limit)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
