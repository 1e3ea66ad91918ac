// Hot: once per recorded request. Allocates: its memory, with the first one.

internal import PorticoIR
internal import Synchronization

/// The last requests of one worker, in a ring of a fixed number of slots with a fixed number of bytes each.
///
/// One thread writes, the worker's; any thread reads, and neither waits. Each slot is a sequence lock: its first word is
/// odd while it is written and says afterwards which request it holds. A reader that meets a slot under way, or one that
/// was written again meanwhile, takes it for lost. All words are atomics with relaxed order, so that meeting a writer is
/// no data race; the fences order them by the first word.
///
/// Memory is taken with the first request, so that a gateway without dashboard has none of it.
///
/// *Source:* H. Boehm, "Can Seqlocks Get Along With Programming Language Memory Models?", MSPC 2012.
final class RecentRequests: Sendable {
    /// Requests that are kept.
    let slots: Int
    /// Bytes that are kept of a path.
    static let pathBytes = 192
    /// Bytes that are kept of an execution log: half of it from its beginning, half from its end, which tells what went
    /// wrong.
    let logBytes: Int

    /// Requests that were written so far; their numbers count from 0.
    private let written = Atomic<UInt64>(0)
    /// Address of the first word; 0 until there are any.
    private let address = Atomic<UInt>(0)
    private let slotWords: Int

    /// Places of words in a slot.
    private enum Place {
        static let sequence = 0
        static let time = 1
        /// Duration in microseconds, status, fault, cache.
        static let outcome = 2
        /// Route, stage.
        static let place = 3
        static let generation = 4
        /// Bytes of request and answer.
        static let sizes = 5
        static let phases = 6
        /// Bytes of path, verb and request id, and whether the path was longer.
        static let lengths = phases + PhaseMarks.wordCount
        /// Bytes of the log's beginning and end.
        static let log = lengths + 1
        /// Bytes of the whole log.
        static let logTotal = log + 1
        static let verb = logTotal + 1
        static let requestID = verb + 2
        static let path = requestID + 5
        static let logText = path + RecentRequests.pathBytes / 8
    }

    private static let verbBytes = 16
    private static let requestIDBytes = 40

    /// Makes a ring; `logBytes` is rounded up to whole words for each half.
    init(slots: Int = 128, logBytes: Int = 8192) {
        precondition(slots > 0 && logBytes >= 0)
        self.slots = slots
        self.logBytes = (logBytes + 15) / 16 * 16
        slotWords = Place.logText + self.logBytes / 8
    }

    deinit {
        guard let words = UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: address.load(ordering: .acquiring)) else {
            return
        }
        words.deinitialize(count: slots * slotWords)
        words.deallocate()
    }

    /// How many were written so far. The one with the number `count - 1` is the last.
    var count: UInt64 { written.load(ordering: .acquiring) }

    // MARK: - Writing

    /// Writes a request over the oldest one. The worker's thread only.
    @inline(never)
    func write(_ request: borrowing FinishedRequest) {
        let number = written.load(ordering: .relaxed)
        let words = memory() + Int(number % UInt64(slots)) &* slotWords
        words[Place.sequence].store(number &* 2 &+ 1, ordering: .relaxed)
        // Nobody may see what follows and take the slot for the request that it held before.
        atomicMemoryFence(ordering: .releasing)

        func put(_ place: Int, _ value: UInt64) { words[place].store(value, ordering: .relaxed) }
        put(Place.time, UInt64(bitPattern: Int64(request.time)))
        put(
            Place.outcome,
            UInt64(UInt32(clamping: request.durationMicroseconds)) | UInt64(UInt16(clamping: request.status)) << 32
                | UInt64(request.fault?.code ?? 0) << 48 | UInt64(request.cache.rawValue) << 56)
        put(
            Place.place,
            UInt64(request.route.map { UInt32(clamping: $0) } ?? .max)
                | UInt64(request.stage.map { UInt32(clamping: $0) } ?? .max) << 32)
        put(Place.generation, UInt64(bitPattern: Int64(request.generation)))
        put(
            Place.sizes,
            UInt64(UInt32(clamping: request.requestBytes)) | UInt64(UInt32(clamping: request.responseBytes)) << 32)
        var index = 0
        while index < PhaseMarks.wordCount {
            put(Place.phases &+ index, request.marks.word(index))
            index &+= 1
        }
        let path = min(request.path.count, Self.pathBytes)
        let verb = min(request.verb.count, Self.verbBytes)
        let identifier = min(request.requestID.count, Self.requestIDBytes)
        put(
            Place.lengths,
            UInt64(path) | UInt64(verb) << 16 | UInt64(identifier) << 24 | (request.path.count > path ? 1 << 32 : 0))
        Self.store(request.verb, verb, words + Place.verb)
        Self.store(request.requestID, identifier, words + Place.requestID)
        Self.store(request.path, path, words + Place.path)
        storeLog(request.log, words)

        words[Place.sequence].store(number &* 2 &+ 2, ordering: .releasing)
        written.store(number &+ 1, ordering: .releasing)
    }

    private func storeLog(_ log: UnsafeRawBufferPointer, _ words: UnsafeMutablePointer<Atomic<UInt64>>) {
        let isWhole = log.count <= logBytes
        let head = isWhole ? log.count : logBytes / 2
        let tail = isWhole ? 0 : logBytes / 2
        words[Place.log].store(UInt64(head) | UInt64(tail) << 32, ordering: .relaxed)
        words[Place.logTotal].store(UInt64(log.count), ordering: .relaxed)
        Self.store(log, head, words + Place.logText)
        if tail > 0 {
            let end = UnsafeRawBufferPointer(rebasing: log[(log.count &- tail)...])
            Self.store(end, tail, words + Place.logText + head / 8)
        }
    }

    private static func store(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ words: UnsafeMutablePointer<Atomic<UInt64>>
    ) {
        var offset = 0
        while offset &+ 8 <= count {
            words[offset / 8].store(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), ordering: .relaxed)
            offset &+= 8
        }
        guard offset < count else { return }
        var rest: UInt64 = 0
        withUnsafeMutableBytes(of: &rest) { rest in
            rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<count]))
        }
        words[offset / 8].store(rest, ordering: .relaxed)
    }

    @inline(__always)
    private func memory() -> UnsafeMutablePointer<Atomic<UInt64>> {
        // The writer's own store, if there was one.
        if let words = UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: address.load(ordering: .relaxed)) {
            return words
        }
        return allocate()
    }

    @inline(never)
    private func allocate() -> UnsafeMutablePointer<Atomic<UInt64>> {
        let words = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: slots * slotWords)
        for index in 0..<slots * slotWords { (words + index).initialize(to: Atomic(0)) }
        address.store(UInt(bitPattern: words), ordering: .releasing)
        return words
    }

    // MARK: - Reading

    /// The request with this number; `nil` when it is not there yet, any more, or is being written over.
    func read(_ number: UInt64) -> RecordedRequest? {
        guard let words = UnsafeMutablePointer<Atomic<UInt64>>(bitPattern: address.load(ordering: .acquiring)) else {
            return nil
        }
        let slot = words + Int(number % UInt64(slots)) * slotWords
        let expected = number &* 2 &+ 2
        guard slot[Place.sequence].load(ordering: .acquiring) == expected else { return nil }
        var copy = (0..<Place.logText).map { slot[$0].load(ordering: .relaxed) }
        let logWords = (Self.lengthsOfLog(copy).head + Self.lengthsOfLog(copy).tail + 7) / 8
        // A length that was read while it changed may be any; the check below then refuses all of it.
        for index in 0..<min(logWords, logBytes / 8) {
            copy.append(slot[Place.logText + index].load(ordering: .relaxed))
        }
        atomicMemoryFence(ordering: .acquiring)
        guard slot[Place.sequence].load(ordering: .relaxed) == expected else { return nil }
        return Self.request(copy)
    }

    private static func lengthsOfLog(_ words: [UInt64]) -> (head: Int, tail: Int) {
        (Int(words[Place.log] & 0xFFFF_FFFF), Int(words[Place.log] >> 32))
    }

    private static func request(_ words: [UInt64]) -> RecordedRequest {
        func half(_ place: Int, upper: Bool = false) -> UInt32 {
            UInt32(truncatingIfNeeded: words[place] >> (upper ? 32 : 0))
        }
        func text(_ place: Int, _ range: Range<Int>) -> String {
            words[place...].withUnsafeBytes { bytes in
                String(
                    decoding: UnsafeRawBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)]), as: UTF8.self
                )
            }
        }
        let lengths = words[Place.lengths]
        let (head, tail) = lengthsOfLog(words)
        let total = Int(words[Place.logTotal])
        var log: String?
        if tail > 0 {
            log =
                text(Place.logText, 0..<head) + "\n[\(total - head - tail) bytes left out]\n"
                + text(Place.logText, head..<head + tail)
        } else if head > 0 {
            log = text(Place.logText, 0..<head)
        }
        return RecordedRequest(
            time: Int(Int64(bitPattern: words[Place.time])), durationMicroseconds: half(Place.outcome),
            status: Int(UInt16(truncatingIfNeeded: words[Place.outcome] >> 32)),
            generation: Int(Int64(bitPattern: words[Place.generation])),
            stage: half(Place.place, upper: true) == .max ? nil : Int(half(Place.place, upper: true)),
            route: half(Place.place) == .max ? nil : Int(half(Place.place)),
            requestID: text(Place.requestID, 0..<Int(lengths >> 24 & 0xFF)),
            verb: text(Place.verb, 0..<Int(lengths >> 16 & 0xFF)), path: text(Place.path, 0..<Int(lengths & 0xFFFF)),
            isPathTruncated: lengths >> 32 & 1 == 1,
            fault: GatewayResponseType(code: UInt8(truncatingIfNeeded: words[Place.outcome] >> 48)),
            cache: FinishedRequest.CacheOutcome(rawValue: UInt8(truncatingIfNeeded: words[Place.outcome] >> 56))
                ?? .none,
            requestBytes: Int(half(Place.sizes)), responseBytes: Int(half(Place.sizes, upper: true)),
            phases: PassedPhase.all(words[Place.phases...]), log: log, isLogTruncated: tail > 0)
    }
}

extension GatewayResponseType {
    /// Position among all cases, from 1.
    fileprivate var code: UInt8 { Self.codes[self] ?? 0 }

    fileprivate init?(code: UInt8) {
        guard code > 0, Int(code) <= Self.allCases.count else { return nil }
        self = Self.allCases[Int(code) - 1]
    }

    private static let codes = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, UInt8(clamping: $0 + 1)) })
}
