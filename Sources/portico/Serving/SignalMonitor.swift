import Glibc
import Synchronization

/// Signals of a serving process as a stream of events.
///
/// All of them are blocked before there is a second thread and fetched by `sigwait` on the main thread: a signal that
/// comes early waits, none is lost, and no handler runs in the middle of anything. A child process that is started
/// later inherits the mask and must clear it.
final class SignalMonitor: Sendable {
    enum Event: Sendable {
        /// SIGHUP
        case reload
        /// SIGUSR2
        case upgrade
        /// SIGTERM or SIGINT
        case stop
    }

    static let shared = SignalMonitor()
    /// Signals that are waited for.
    static let signals = [SIGHUP, SIGINT, SIGTERM, SIGUSR2]

    /// Events since the start, for the one command that runs.
    let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let stops = Atomic<Int>(0)

    private init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// To be called on the main thread while it is the only one.
    static func blockSignals() {
        var signals = handledSignals()
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Fetches signals until the process ends. The second request to stop ends it at once.
    func deliverForever() -> Never {
        var signals = SignalMonitor.handledSignals()
        while true {
            var signal: Int32 = 0
            guard sigwait(&signals, &signal) == 0 else { continue }
            if signal == SIGHUP {
                continuation.yield(.reload)
            } else if signal == SIGUSR2 {
                continuation.yield(.upgrade)
            } else if stops.add(1, ordering: .relaxed).newValue == 1 {
                continuation.yield(.stop)
            } else {
                _exit(ExitStatus.success.rawValue)
            }
        }
    }

    private static func handledSignals() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in Self.signals { sigaddset(&signals, signal) }
        return signals
    }
}
