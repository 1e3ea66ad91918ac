import Foundation

extension PorticoSDK {
    /// Carries chunks of a stream, which come asynchronously, to `URLSession`, which reads them from an `InputStream`.
    #if canImport(FoundationNetworking)
        final class UploadPipe: @unchecked Sendable {
            /// What `URLSession` reads from. It blocks until a chunk comes.
            let input: InputStream
            private let chunks: Chunks

            init() {
                chunks = Chunks()
                input = Input(chunks)
            }

            /// Takes a chunk, and returns when all of it was read.
            func write(_ chunk: Data) async throws {
                guard !chunk.isEmpty else { return }
                try await withTaskCancellationHandler {
                    await withCheckedContinuation { chunks.put(chunk, $0) }
                    try _Concurrency.Task.checkCancellation()
                } onCancel: {
                    chunks.end(isComplete: false)
                }
            }

            /// Marks the end of the stream, or its failure.
            func finish(isComplete: Bool) { chunks.end(isComplete: isComplete) }

            /// One chunk at a time, between a task and a thread that waits.
            private final class Chunks: @unchecked Sendable {
                private let condition = NSCondition()
                private var chunk = Data()
                private var writer: CheckedContinuation<Void, Never>?
                private var isComplete: Bool?

                func put(_ chunk: Data, _ writer: CheckedContinuation<Void, Never>) {
                    condition.lock()
                    let isEnded = isComplete != nil
                    if !isEnded { (self.chunk, self.writer) = (chunk, writer) }
                    condition.signal()
                    condition.unlock()
                    if isEnded { writer.resume() }
                }

                func end(isComplete: Bool) {
                    condition.lock()
                    if self.isComplete == nil { self.isComplete = isComplete }
                    let writer = self.writer
                    self.writer = nil
                    condition.broadcast()
                    condition.unlock()
                    writer?.resume()
                }

                /// Up to so many bytes; 0 at the end, -1 after a failure.
                func read(_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
                    condition.lock()
                    while chunk.isEmpty, isComplete == nil { condition.wait() }
                    let taken = chunk.prefix(count)
                    chunk = Data(chunk.dropFirst(count))
                    let end = isComplete == false ? -1 : 0
                    let writer = chunk.isEmpty ? self.writer : nil
                    if chunk.isEmpty { self.writer = nil }
                    condition.unlock()
                    taken.copyBytes(to: buffer, count: taken.count)
                    writer?.resume()
                    return taken.isEmpty ? end : taken.count
                }
            }

            private final class Input: InputStream {
                private let chunks: Chunks

                init(_ chunks: Chunks) {
                    self.chunks = chunks
                    super.init(data: Data())
                }

                override var hasBytesAvailable: Bool { true }
                override var streamStatus: Foundation.Stream.Status { .open }
                override func open() {}
                override func close() {}
                override func read(_ buffer: UnsafeMutablePointer<UInt8>, maxLength count: Int) -> Int {
                    chunks.read(buffer, count)
                }
            }
        }
    #else
        final class UploadPipe: @unchecked Sendable {
            /// What `URLSession` reads from.
            let input: InputStream
            // Only used on the queue, where writing may block.
            private let output: OutputStream
            private let queue = DispatchQueue(label: "upload")

            init() {
                var input: InputStream?
                var output: OutputStream?
                Foundation.Stream.getBoundStreams(withBufferSize: 1 << 16, inputStream: &input, outputStream: &output)
                self.input = input ?? InputStream(data: Data())
                self.output = output ?? OutputStream(toMemory: ())
                self.output.open()
            }

            /// Takes a chunk, and returns when all of it was written.
            func write(_ chunk: Data) async throws {
                try await withTaskCancellationHandler {
                    try await withCheckedThrowingContinuation {
                        (continuation: CheckedContinuation<Void, any Swift.Error>) in
                        queue.async { [self] in continuation.resume(with: Swift.Result { try send(chunk) }) }
                    }
                } onCancel: {
                    // A blocked writer goes on when the reader's end is closed.
                    input.close()
                }
            }

            private func send(_ chunk: Data) throws {
                var rest = chunk[...]
                while !rest.isEmpty {
                    let count = rest.withUnsafeBytes { bytes in
                        bytes.bindMemory(to: UInt8.self).baseAddress.map { output.write($0, maxLength: bytes.count) }
                            ?? 0
                    }
                    guard count > 0 else { throw output.streamError ?? CancellationError() }
                    rest = rest.dropFirst(count)
                }
            }

            /// Marks the end of the stream. After a failure the exchange is cancelled, so the end is never taken for one.
            func finish(isComplete: Bool) { queue.async { self.output.close() } }
        }
    #endif
}
