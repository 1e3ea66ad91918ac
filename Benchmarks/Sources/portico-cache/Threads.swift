import Glibc
import Synchronization

/// Threads that begin together.
enum Threads {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on threads of their own, and waits for all of them.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let ready = Atomics()
        var threads: [pthread_t] = []
        for number in 0..<count {
            let work = Work {
                ready.count.add(1, ordering: .relaxed)
                while ready.count.load(ordering: .acquiring) < count { sched_yield() }
                body(number)
            }
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, Unmanaged.passRetained(work).toOpaque())
            guard status == 0 else {
                print("no thread: \(status)")
                exit(1)
            }
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Nanoseconds that this thread has spent on a CPU.
    static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private final class Atomics: Sendable {
        let count = Atomic<Int>(0)
    }
}
