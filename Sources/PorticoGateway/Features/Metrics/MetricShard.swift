// Hot: once per request. Allocates: nothing.

internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The counters of one worker: for each series a block of 64-bit words.
///
/// One event loop writes, with a load and a store and no read-modify-write; any thread reads at any time. Blocks live in
/// chunks of 64 that are never moved or freed before the shard is, so that neither side can see a block that is gone. The
/// directory has a place for every chunk there can be. Chunks come from `calloc`, so that a series without requests takes
/// addresses but no memory.
///
/// Sendable by hand: the directory and the list of allocations are written under the lock of ``MetricRegistry`` only, and every word is atomic.
final class MetricShard: @unchecked Sendable {
    typealias Word = Atomic<UInt64>
    typealias Block = UnsafeMutablePointer<Word>

    /// Words of a block, in their order: what every request writes lies in one cache line.
    enum Layout {
        /// Requests. The last word that a request writes, with release: who reads it sees all the others of that request.
        static let count = 0
        static let latencySum = 1
        /// Two places for the extremes of an interval, by the interval's parity: its number + 1, then least and greatest
        /// latency as two halves of a word, then those of integrations.
        static let extremes = 2
        static let integrationLatencySum = 8
        static let clientErrors = 9
        static let serverErrors = 10
        static let cacheHits = 11
        static let cacheMisses = 12
        /// One for each level of ``ThrottleLevel`` that refuses.
        static let throttled = 13
        static let latencyBuckets = 18
        static let integrationLatencyBuckets = latencyBuckets + LatencyBuckets.count
        /// One for each of ``SocketCount``; what follows is not touched but by the kind of API that it is of.
        static let sockets = integrationLatencyBuckets + LatencyBuckets.count
        static let dataProcessedSum = sockets + 5
        static let dataProcessedBuckets = dataProcessedSum + 1
        /// A multiple of a cache line.
        static let words = 1176
    }

    /// Series of a chunk.
    static let chunkSeries = 64

    private static let lineBytes = 64

    private let directory: UnsafeMutablePointer<Atomic<UInt>>
    /// What `calloc` gave, for its return; the directory has the first cache line in each.
    private var allocations: [UnsafeMutableRawPointer] = []
    private let chunks: Int
    /// Number of the interval whose extremes are being collected; the reader counts it up.
    let interval = Word(0)

    /// Makes a shard for up to `limit` series. The first chunk is there from the start.
    init(limit: Int) {
        chunks = (max(limit, 1) + Self.chunkSeries - 1) / Self.chunkSeries
        directory = .allocate(capacity: chunks)
        for index in 0..<chunks { (directory + index).initialize(to: Atomic(0)) }
        grow(to: 1)
    }

    deinit {
        for allocation in allocations { free(allocation) }
        directory.deinitialize(count: chunks).deallocate()
    }

    /// Makes room for series up to `series - 1`. For one caller at a time, which is not the event loop.
    func grow(to series: Int) {
        let wanted = min((series + Self.chunkSeries - 1) / Self.chunkSeries, chunks)
        for index in 0..<wanted where directory[index].load(ordering: .relaxed) == 0 {
            let bytes = Layout.words * MemoryLayout<Word>.stride
            // Without memory the series of the chunk go on as the overflow series, in the first one.
            guard let chunk = calloc(Self.chunkSeries * bytes + Self.lineBytes, 1) else { return }
            allocations.append(chunk)
            directory[index].store(
                UInt(bitPattern: chunk.alignedUp(toMultipleOf: Self.lineBytes)), ordering: .releasing)
        }
    }

    /// The block of a series; `nil` when its chunk is not there.
    @inline(__always)
    func block(_ series: Int) -> Block? {
        let chunk = UInt(bitPattern: series) / UInt(Self.chunkSeries)
        guard chunk < UInt(bitPattern: chunks) else { return nil }
        let base = directory[Int(bitPattern: chunk)].load(ordering: .acquiring)
        // Zero words are what an atomic zero is.
        return UnsafeMutableRawPointer(bitPattern: base)?.assumingMemoryBound(to: Word.self)
            .advanced(by: (series & (Self.chunkSeries &- 1)) &* Layout.words)
    }

    /// Counts an answered request. For the event loop that owns the shard only.
    ///
    /// - Parameters:
    ///   - series: What ``MetricRegistry/series(_:isDetailed:)`` gave; others count as overflow.
    ///   - status: Status of the answer.
    ///   - latencyMicroseconds: From the request's first byte to the answer.
    ///   - integrationLatencyMicroseconds: Of the backend; -1 when none was called.
    ///   - cache: What the cache did.
    ///   - throttle: Whose limit refused it.
    @inline(__always)
    func record(
        series: Int, status: Int, latencyMicroseconds: Int, integrationLatencyMicroseconds: Int = -1,
        cache: CacheOutcome = .none, throttle: ThrottleLevel = .none
    ) {
        guard let block = block(series) ?? block(0) else { return }
        if status >= 400 {
            Self.add(1, to: block + (status < 500 ? Layout.clientErrors : Layout.serverErrors))
        }
        if cache != .none { Self.add(1, to: block + (cache == .hit ? Layout.cacheHits : Layout.cacheMisses)) }
        if throttle != .none { Self.add(1, to: block + (Layout.throttled &- 1 &+ Int(throttle.rawValue))) }

        let latency = max(latencyMicroseconds, 0)
        Self.add(UInt64(latency), to: block + Layout.latencySum)
        Self.add(1, to: block + (Layout.latencyBuckets &+ LatencyBuckets.index(latency)))
        if integrationLatencyMicroseconds >= 0 {
            Self.add(UInt64(integrationLatencyMicroseconds), to: block + Layout.integrationLatencySum)
            Self.add(
                1,
                to: block
                    + (Layout.integrationLatencyBuckets &+ LatencyBuckets.index(integrationLatencyMicroseconds)))
        }
        recordExtremes(block, latency, integrationLatencyMicroseconds)
        let count = block + Layout.count
        count.pointee.store(count.pointee.load(ordering: .relaxed) &+ 1, ordering: .releasing)
    }

    /// Counts something of an event of a WebSocket API, before the event itself.
    func record(series: Int, _ count: SocketCount) {
        guard let block = block(series) ?? block(0) else { return }
        Self.add(1, to: block + (Layout.sockets &+ Int(count.rawValue)))
    }

    /// Counts the bytes of a request of an HTTP API with its answer, before the request itself.
    @inline(__always)
    func record(series: Int, dataProcessed bytes: Int) {
        guard let block = block(series) ?? block(0) else { return }
        let bytes = max(bytes, 0)
        Self.add(UInt64(bytes), to: block + Layout.dataProcessedSum)
        Self.add(1, to: block + (Layout.dataProcessedBuckets &+ LatencyBuckets.index(bytes)))
    }

    @inline(__always)
    private func recordExtremes(_ block: Block, _ latency: Int, _ integrationLatency: Int) {
        let number = interval.load(ordering: .relaxed)
        let place = block + (Layout.extremes &+ Int(number & 1) &* 3)
        let isFirst = place.pointee.load(ordering: .relaxed) != number &+ 1
        Self.widen(place + 1, latency, isFirst)
        Self.widen(place + 2, integrationLatency, isFirst)
        if isFirst { place.pointee.store(number &+ 1, ordering: .releasing) }
    }

    /// Takes a time into a pair of least and greatest.
    @inline(__always)
    private static func widen(_ word: Block, _ time: Int, _ isFirst: Bool) {
        let old = isFirst ? noExtremes : word.pointee.load(ordering: .relaxed)
        var least = old &>> 32
        var greatest = old & 0xFFFF_FFFF
        if time >= 0 {
            let time = UInt64(min(time, 0xFFFF_FFFE))
            least = min(least, time)
            greatest = max(greatest, time)
        }
        let new = least &<< 32 | greatest
        if isFirst || new != old { word.pointee.store(new, ordering: .relaxed) }
    }

    /// A pair that no time was taken into.
    static let noExtremes: UInt64 = 0xFFFF_FFFF_0000_0000

    @inline(__always)
    private static func add(_ value: UInt64, to word: Block) {
        word.pointee.store(word.pointee.load(ordering: .relaxed) &+ value, ordering: .relaxed)
    }
}
