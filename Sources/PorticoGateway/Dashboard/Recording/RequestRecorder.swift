// Hot: once per request. Allocates: the rings, with the first request that is recorded.

internal import Synchronization

/// Whether anybody looks at the dashboard: requests are recorded only then.
final class DashboardWatch: Sendable {
    private let watchers = Atomic<Int>(0)

    /// Whether requests are recorded. Any thread.
    @inline(__always)
    var isOn: Bool { watchers.load(ordering: .relaxed) > 0 }

    /// How many look.
    var count: Int { watchers.load(ordering: .relaxed) }

    /// Somebody begins to look, unless `limit` others do; says whether they may.
    func begin(limit: Int) -> Bool {
        let before = watchers.add(1, ordering: .relaxed).oldValue
        guard before >= limit else { return true }
        watchers.subtract(1, ordering: .relaxed)
        return false
    }

    /// Somebody has gone for whom ``begin(limit:)`` gave `true`.
    func end() { watchers.subtract(1, ordering: .relaxed) }
}

/// Records the requests of one worker: those that went well and those that failed apart from each other, so that many of
/// the former push none of the latter out.
final class RequestRecorder: Sendable {
    /// Number of the worker.
    let worker: Int
    let watch: DashboardWatch
    /// Answers below 400.
    let answered: RecentRequests
    /// Answers from 400 on.
    let failed: RecentRequests

    /// Makes a recorder.
    init(worker: Int, watch: DashboardWatch, slots: Int = 128, logBytes: Int = 8192) {
        self.worker = worker
        self.watch = watch
        answered = RecentRequests(slots: slots, logBytes: logBytes)
        failed = RecentRequests(slots: slots, logBytes: logBytes)
    }

    /// Whether the next request is recorded.
    @inline(__always)
    var isOn: Bool { watch.isOn }

    /// Records a request. The worker's thread only.
    func record(_ request: borrowing FinishedRequest) {
        (request.status < 400 ? answered : failed).write(request)
    }
}

/// Reads what recorders have, from where it was the last time.
struct RecordReader: Sendable {
    private struct Source: Sendable {
        /// `3-` for requests of worker 3 that went well, `3-f` for those that failed.
        var prefix: String
        var ring: RecentRequests
        /// Number of the next request.
        var next: UInt64
    }

    private var sources: [Source]

    /// Reads these from their beginning on.
    init(_ recorders: [RequestRecorder]) {
        sources = recorders.flatMap { recorder in
            [
                Source(prefix: "\(recorder.worker)-", ring: recorder.answered, next: 0),
                Source(prefix: "\(recorder.worker)-f", ring: recorder.failed, next: 0),
            ]
        }
    }

    /// New requests, at most the last `limit` of each ring, in the order of their time; and how many went by unread.
    mutating func read(limit: Int) -> (requests: [RecordedRequest], skipped: Int) {
        var requests: [RecordedRequest] = []
        var skipped = 0
        for index in sources.indices {
            let ring = sources[index].ring
            let end = ring.count
            let kept = UInt64(min(ring.slots, limit))
            let first = max(sources[index].next, end > kept ? end - kept : 0)
            skipped += Int(clamping: first - sources[index].next)
            for number in first..<max(first, end) {
                guard var request = ring.read(number) else {
                    skipped += 1
                    continue
                }
                request.id = sources[index].prefix + String(number)
                requests.append(request)
            }
            sources[index].next = max(first, end)
        }
        requests.sort { ($0.time, $0.id) < ($1.time, $1.id) }
        return (requests, skipped)
    }
}
