// Hot: no, only requests of stages with access logs come here. Allocates: the queue.

internal import NIOPosix
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Writes access logs to a file or to standard output, away from the event loops: whoever hands lines over never waits.
///
/// Lines for which there is no room, or which the file does not take, are lost whole, and counted. A thread is there
/// while there is something to write.
final class AccessLogFile: Sendable {
    /// Limits and waiting times.
    struct Limits: Sendable, Hashable {
        /// Bytes that may wait, beside those that are being written.
        var queueBytes = 8 << 20
        /// How long the thread gathers lines before it writes them: at high rates it is woken that often and not for
        /// each line.
        var gatherMilliseconds = 5
        /// How often it is said that lines are lost because they come too fast.
        var noteMilliseconds = 60_000
    }

    /// Lines by what became of them.
    struct Figures: Sendable, Hashable {
        var written = 0
        /// They came faster than they were written.
        var lostInQueue = 0
        /// The file did not take them.
        var lostOnWrite = 0
    }

    private struct State {
        var waiting: [UInt8] = []
        var lines = 0
        var isWriting = false
        var isClosed = false
        var mustReopen = false
        var figures = Figures()
        /// Lines lost in the queue since that was said last.
        var unsaid = 0
        var saidMilliseconds: Int?
        var pool: NIOThreadPool?
    }

    private let limits: Limits
    private let note: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// Only the thread takes it.
    private let sink: Mutex<AccessLogSink>
    private let isClosing = Atomic<Bool>(false)

    /// Makes a writer; it starts a thread with the first line. `note` gets what an operator should know, a sentence at a
    /// time, on that thread.
    init(
        _ target: AccessLogSink.Target, rotation: AccessLogSink.Rotation? = nil, limits: Limits = Limits(),
        note: @escaping @Sendable (String) -> Void
    ) {
        self.limits = limits
        self.note = note
        sink = Mutex(AccessLogSink(target, rotation: rotation))
    }

    deinit { sink.withLock { $0.close() } }

    /// Takes whole lines, each with its line break; `count` says how many.
    func write(_ lines: UnsafeRawBufferPointer, count: Int) {
        guard !lines.isEmpty else { return }
        let pool: NIOThreadPool? = state.withLock { state in
            guard !state.isClosed, state.waiting.count + lines.count <= limits.queueBytes else {
                state.figures.lostInQueue += count
                state.unsaid += count
                return nil
            }
            state.waiting += lines
            state.lines += count
            return Self.wake(&state)
        }
        pool?.submit { _ in self.drain() }
    }

    /// Opens the file anew with the next lines, as after somebody has moved it. A file that is gone from its path is
    /// noticed without this.
    func reopen() { state.withLock { $0.mustReopen = true } }

    /// What became of the lines so far.
    var figures: Figures { state.withLock { $0.figures } }

    private static func wake(_ state: inout State) -> NIOThreadPool? {
        guard !state.isWriting else { return nil }
        state.isWriting = true
        if let pool = state.pool { return pool }
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        state.pool = pool
        return pool
    }

    private func drain() {
        while true {
            // What comes within these milliseconds is written at once.
            if !isClosing.load(ordering: .relaxed) { usleep(UInt32(max(limits.gatherMilliseconds, 0)) * 1000) }
            let now = monotonicMilliseconds()
            let work: (bytes: [UInt8], lines: Int, reopens: Bool, unsaid: Int)? = state.withLock { state in
                var unsaid = 0
                let isTime = state.saidMilliseconds.map { now - $0 >= limits.noteMilliseconds } ?? true
                if state.unsaid > 0, isTime || state.isClosed {
                    unsaid = state.unsaid
                    state.unsaid = 0
                    state.saidMilliseconds = now
                }
                guard !state.waiting.isEmpty || unsaid > 0 else {
                    state.isWriting = false
                    return nil
                }
                defer {
                    state.waiting = []
                    state.lines = 0
                    state.mustReopen = false
                }
                return (state.waiting, state.lines, state.mustReopen, unsaid)
            }
            guard let work else { return }
            if work.unsaid > 0 {
                note("\(work.unsaid) lines of access logs were lost, because they came faster than they were written")
            }
            guard !work.bytes.isEmpty else { continue }
            let (written, notes) = sink.withLock { sink in
                if work.reopens { sink.close() }
                let written = sink.write(work.bytes, lines: work.lines) { self.isClosing.load(ordering: .relaxed) }
                return (written, sink.takeNotes())
            }
            state.withLock { state in
                state.figures.written += written
                state.figures.lostOnWrite += work.lines - written
            }
            for text in notes { note(text) }
        }
    }

    /// Writes what waits, and ends the thread. A reader that does not read holds this up for a moment only.
    func close() async {
        isClosing.store(true, ordering: .relaxed)
        let pools: (end: NIOThreadPool?, wake: NIOThreadPool?) = state.withLock { state in
            state.isClosed = true
            let wake = state.waiting.isEmpty && state.unsaid == 0 ? nil : Self.wake(&state)
            defer { state.pool = nil }
            return (state.pool, wake)
        }
        pools.wake?.submit { _ in self.drain() }
        await pools.end?.finish()
    }
}
