// Hot: no, once in ten seconds. Allocates: events.

internal import PorticoIR
internal import Synchronization

/// The states of all alarms, and the queue of what they have to tell.
///
/// One task calls ``evaluate(_:at:)`` each ten seconds, another one runs ``performActions(_:)``. Actions of one alarm
/// are performed one after the other, in the order of its changes; those of different alarms may be at work at the same
/// time. What the queue has no room for is left out and counted.
final class AlarmEngine: Sendable {
    /// Actions that may wait, in each lane.
    static let standardQueueLimit = 256
    /// Actions that may be at work.
    static let lanes = 4

    /// An alarm with its state.
    struct Status: Sendable {
        var alarm: AlarmDefinition
        var state = AlarmState.insufficientData
        /// Why, in CloudWatch's words.
        var reason = "Unchecked: Initial alarm creation"
        /// Seconds since 1970 of the last change; `nil` for none yet.
        var changedSeconds: Int?
    }

    private struct Pending: Sendable {
        var action: AlarmAction
        var event: AlarmEvent
    }

    private struct State {
        var statuses: [Status] = []
        var lastMinute = Int.min
    }

    private let state = Mutex(State())
    private let dropped = Atomic<Int>(0)
    private let queues: [(stream: AsyncStream<Pending>, continuation: AsyncStream<Pending>.Continuation)]

    /// Makes an engine without alarms. `queueLimit` is how many actions may wait in a lane.
    init(queueLimit: Int = standardQueueLimit) {
        queues = (0..<Self.lanes).map { _ in
            AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(max(queueLimit, 1)))
        }
    }

    /// Actions that found no room.
    var droppedActions: Int { dropped.load(ordering: .relaxed) }

    /// All alarms, in the order of the file.
    var statuses: [Status] { state.withLock { $0.statuses } }

    /// Puts alarms into service. One that is as it was keeps its state; any other begins anew.
    func install(_ alarms: [AlarmDefinition]) {
        state.withLock { state in
            let old = Dictionary(
                state.statuses.map { ($0.alarm, $0) }, uniquingKeysWith: { first, _ in first })
            state.statuses = alarms.map { old[$0] ?? Status(alarm: $0) }
        }
    }

    /// Looks at the alarms whose turn it is, in seconds since 1970: those with periods below a minute each time, the
    /// others once a minute. Call it after ``MetricHistory/advance(to:)``. Returns the changes.
    @discardableResult
    func evaluate(_ history: MetricHistory, at now: Int) -> [AlarmEvent] {
        let minute = floorMultiple(now, of: 60)
        let events = state.withLock { state in
            let isNewMinute = minute != state.lastMinute
            state.lastMinute = minute
            var events: [AlarmEvent] = []
            for index in state.statuses.indices {
                let status = state.statuses[index]
                guard isNewMinute || status.alarm.periodSeconds < 60 else { continue }
                let datapoints = history.datapoints(of: status.alarm, at: now)
                guard let outcome = AlarmEvaluation.outcome(of: status.alarm, datapoints),
                    outcome.state != status.state
                else { continue }
                state.statuses[index].state = outcome.state
                state.statuses[index].reason = outcome.reason
                state.statuses[index].changedSeconds = now
                events.append(
                    AlarmEvent(
                        alarm: status.alarm, oldState: status.state, newState: outcome.state,
                        reason: outcome.reason, timeSeconds: now))
            }
            return events
        }
        for event in events { enqueue(event) }
        return events
    }

    private func enqueue(_ event: AlarmEvent) {
        guard event.alarm.actionsEnabled else { return }
        let actions =
            switch event.newState {
            case .ok: event.alarm.okActions
            case .alarm: event.alarm.alarmActions
            case .insufficientData: event.alarm.insufficientDataActions
            }
        let lane = event.alarm.name.value.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % queues.count
        for action in actions {
            if case .enqueued = queues[lane].continuation.yield(Pending(action: action, event: event)) { continue }
            dropped.wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// Performs actions as they come, until the task is cancelled or ``stop()`` is called. For one caller, once. `perform`
    /// gives up by itself when something takes too long.
    func performActions(_ perform: @escaping @Sendable (AlarmAction, AlarmEvent) async -> Void) async {
        await withDiscardingTaskGroup { group in
            for queue in queues {
                group.addTask {
                    for await pending in queue.stream { await perform(pending.action, pending.event) }
                }
            }
        }
    }

    /// Lets ``performActions(_:)`` end after what waits.
    func stop() {
        for queue in queues { queue.continuation.finish() }
    }
}
