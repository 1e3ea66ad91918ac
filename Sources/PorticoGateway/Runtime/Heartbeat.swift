// Hot: no, a few times a minute. Allocates: a future for each loop.

internal import NIOCore

/// Tells somebody from time to time that all event loops work.
///
/// The first loop asks the others and itself. One that hangs does not answer, or asks nobody, and then nobody is told.
struct Heartbeat: Sendable {
    let loops: [any EventLoop]
    /// How often the loops are asked.
    let interval: Duration
    /// An answer that takes longer does not count.
    let limit: Duration
    /// Called on the first loop; must not wait.
    let beat: @Sendable () -> Void

    /// Begins. The task is to be cancelled before the loops end.
    func start() -> RepeatedTask? {
        guard let first = loops.first else { return nil }
        let delay = TimeAmount.milliseconds(Int64(max(interval.wholeMilliseconds, 1)))
        let milliseconds = limit.wholeMilliseconds
        return first.scheduleRepeatedTask(initialDelay: delay, delay: delay) { [loops, beat] _ in
            let asked = monotonicMilliseconds()
            EventLoopFuture.andAllSucceed(loops.map { $0.submit {} }, on: first).whenSuccess {
                if monotonicMilliseconds() - asked <= milliseconds { beat() }
            }
        }
    }
}
