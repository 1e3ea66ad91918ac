import Glibc
import NIOCore
import NIOPosix
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

@Suite("Heartbeat")
struct HeartbeatTests {
    @Test(
        "beats while all loops answer, not while one of them hangs, and not for answers that come too late",
        arguments: [0, 1])
    func hangingLoop(index: Int) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        defer { try? group.syncShutdownGracefully() }
        let loops = Array(group.makeIterator())
        let beats = Counter()
        let heartbeat = Heartbeat(loops: loops, interval: .milliseconds(20), limit: .milliseconds(15)) {
            beats.value.add(1, ordering: .relaxed)
        }
        let task = heartbeat.start()
        func count() -> Int { beats.value.load(ordering: .relaxed) }
        try Deadline().wait(for: "beats") { count() >= 3 }

        let gate = Counter()
        loops[index].execute {
            gate.value.store(1, ordering: .relaxed)
            while gate.value.load(ordering: .relaxed) == 1 { usleep(1000) }
        }
        try Deadline().wait(for: "the loop to hang") { gate.value.load(ordering: .relaxed) == 1 }
        // A question that was under way may still be answered.
        usleep(50_000)
        let before = count()
        // Some twenty questions wait in the loop by the end of this.
        usleep(400_000)
        #expect(count() == before)

        gate.value.store(2, ordering: .relaxed)
        try Deadline().wait(for: "a beat again") { count() > before }
        #expect(count() - before < 10)
        try Deadline().wait(for: "beats again") { count() >= before + 3 }
        task?.cancel()
    }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}
