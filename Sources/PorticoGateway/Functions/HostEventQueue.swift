// Hot: once per asynchronous invocation. Allocates: the queue.

internal import NIOCore

/// Asynchronous invocations (`X-Amz-Invocation-Type: Event`) that wait for a process or for their next attempt. Pure.
///
/// As on Lambda, an event whose function fails is tried twice more, one minute and then two minutes later, and one that
/// found no process for six hours is given up. Source: Lambda developer guide, "How Lambda handles errors and retries
/// with asynchronous invocation". Unlike Lambda's, the queue is memory: it has a limit, and ends with Portico.
struct HostEventQueue {
    /// Events at most.
    static let maximumCount = 10_000
    /// Bytes of payloads at most.
    static let maximumBytes = 64 << 20
    /// Attempts at most.
    static let attempts = 3
    /// How long an event may wait. Source: as above, `MaximumEventAgeInSeconds`.
    static let maximumAge = TimeAmount.hours(6)

    /// The wait before another attempt, after `attempts` of them failed; `nil` when that was the last.
    static func delay(afterAttempts attempts: Int) -> TimeAmount? {
        attempts < HostEventQueue.attempts ? .minutes(Int64(attempts)) : nil
    }

    private struct Delayed {
        var time: NIODeadline
        var event: String
    }

    private var ready: [String] = []
    /// How many of `ready` are taken already, so that taking one does not move the others.
    private var taken = 0
    /// By time.
    private var delayed: [Delayed] = []
    private var sizes: [String: Int] = [:]
    /// Bytes of payloads.
    private(set) var bytes = 0

    var count: Int { sizes.count }
    /// When the next delayed event is due.
    var nextTime: NIODeadline? { delayed.first?.time }

    /// Takes an event over; `false` when the queue is full.
    mutating func add(_ event: String, bytes size: Int) -> Bool {
        guard count < HostEventQueue.maximumCount, bytes + size <= HostEventQueue.maximumBytes else { return false }
        insert(event, size)
        ready.append(event)
        return true
    }

    /// Takes back an event that has to wait; it was accepted before, so there is room for it.
    mutating func add(_ event: String, bytes size: Int, at time: NIODeadline) {
        insert(event, size)
        let index = delayed.firstIndex { $0.time > time } ?? delayed.count
        delayed.insert(Delayed(time: time, event: event), at: index)
    }

    /// Puts an event back that was taken and found no process.
    mutating func putBack(_ event: String, bytes size: Int) {
        insert(event, size)
        if taken > 0 {
            taken -= 1
            ready[taken] = event
        } else {
            ready.insert(event, at: 0)
        }
    }

    /// Whether ``take(_:)`` would return an event.
    func hasReady(_ now: NIODeadline) -> Bool {
        taken < ready.count || delayed.first.map { $0.time <= now } ?? false
    }

    /// Takes the oldest event that may go.
    mutating func take(_ now: NIODeadline) -> String? {
        while let first = delayed.first, first.time <= now {
            ready.append(first.event)
            delayed.removeFirst()
        }
        guard taken < ready.count else { return nil }
        let event = ready[taken]
        taken += 1
        if taken == ready.count || taken > 1024 {
            ready.removeSubrange(..<taken)
            taken = 0
        }
        forget(event)
        return event
    }

    /// Takes all events out, in order.
    mutating func takeAll() -> [String] {
        defer { self = HostEventQueue() }
        return Array(ready[taken...]) + delayed.map(\.event)
    }

    private mutating func insert(_ event: String, _ size: Int) {
        sizes[event] = size
        bytes += size
    }

    private mutating func forget(_ event: String) {
        bytes -= sizes.removeValue(forKey: event) ?? 0
    }
}
