import NIOCore
import Testing

@testable import PorticoGateway

@Suite("The pool of a function's processes")
struct HostPoolTests {
    /// `place a`: finds a process. `add 1`, `ready 1`, `returning 1`, `ending 1`, `remove 1`: what a process does.
    static func take(_ step: String, _ pool: inout HostPool) -> String {
        let words = step.split(separator: " ").map(String.init)
        let process = words.count > 1 ? UInt32(words[1]) ?? 0 : 0
        switch words[0] {
        case "place":
            switch pool.place(words[1]) {
            case .give(let id): return "\(id)"
            case .start: return "start"
            case .wait: return "wait"
            case .refuse: return "refuse"
            }
        case "add":
            pool.add(process)
            return "-"
        case "ready": return pool.becomeReady(process) ?? "idle"
        case "returning":
            pool.becomeReturning(process)
            return "-"
        case "ending": return pool.becomeEnding(process) ?? "none"
        case "remove": return pool.remove(process) ?? "none"
        case "back":
            pool.giveBack(words[1])
            return "-"
        case "missing": return "\(pool.missing)"
        case "slow": return "\(pool.missingWithoutReturning)"
        case "stranded": return pool.takeStranded().joined(separator: ",")
        default: return "?"
        }
    }

    @Test(
        "gives, starts, lets wait and refuses",
        arguments: [
            (1, "place a, add 1, place b, ready 1", "start - refuse a"),
            (2, "place a, add 1, place b, add 2, place c", "start - start - refuse"),
            // Any process that becomes ready takes the oldest.
            (2, "place a, add 1, place b, add 2, ready 2, ready 1", "start - start - a b"),
            // The process used last is used next.
            (
                2,
                "place a, add 1, place b, add 2, ready 1, ready 2, returning 1, ready 1, returning 2, ready 2, place c",
                "start - start - a b - idle - idle 2"
            ),
            // A client that asks again right after an answer waits for the process that is coming back.
            (1, "place a, add 1, ready 1, returning 1, place b, ready 1", "start - a - wait b"),
            (1, "place a, add 1, ready 1, returning 1, place b, place c", "start - a - wait refuse"),
            (2, "place a, add 1, ready 1, returning 1, place b, slow, missing", "start - a - wait 1 0"),
            // The failure of a start is the failure of one that waits, unless another process serves it.
            (2, "place a, add 1, remove 1, place b", "start - a start"),
            (2, "place a, add 1, place b, add 2, remove 1, ready 2", "start - start - a b"),
            (
                2, "place a, add 1, ready 1, place b, add 2, returning 1, ready 1, remove 2",
                "start - a start - - b none"
            ),
            // A process that was to come back and does not is replaced.
            (1, "place a, add 1, ready 1, returning 1, place b, remove 1, missing", "start - a - wait none 1"),
            // One that is being ended makes room for what waits.
            (
                1, "place a, add 1, ready 1, ending 1, place b, missing, stranded, remove 1, missing",
                "start - a none wait 0  none 1"
            ),
            (1, "place a, add 1, ready 1, ending 1, place b, place c", "start - a none wait refuse"),
            // An event that was not delivered is served first.
            (
                1, "place a, add 1, ready 1, returning 1, place b, back a, ready 1",
                "start - a - wait - a"
            ),
            // Idle processes that end are not given out.
            (1, "place a, add 1, ready 1, returning 1, ready 1, ending 1, place b", "start - a - idle none wait"),
            (1, "place a, add 1, ready 1, returning 1, ready 1, remove 1, place b", "start - a - idle none start"),
        ])
    func steps(_ concurrency: Int, _ steps: String, _ expected: String) {
        var pool = HostPool(concurrency: concurrency)
        let answers = steps.split(separator: ",").map {
            HostPoolTests.take($0.drop { $0 == " " }.description, &pool)
        }
        #expect(answers.joined(separator: " ") == expected)
    }
}

@Suite("The queue of asynchronous events")
struct HostEventQueueTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("hands events out in order, delayed ones when they are due")
    func order() {
        var queue = HostEventQueue()
        func add(_ event: String, _ bytes: Int) -> Bool { queue.add(event, bytes: bytes) }
        func take(_ time: NIODeadline) -> String? { queue.take(time) }
        func takeAll() -> [String] { queue.takeAll() }
        #expect(add("a", 1))
        #expect(add("b", 2))
        queue.add("late", bytes: 4, at: start + .minutes(2))
        queue.add("soon", bytes: 8, at: start + .minutes(1))
        #expect(queue.bytes == 15)
        #expect(queue.nextTime == start + .minutes(1))
        #expect(take(start) == "a")
        queue.putBack("a", bytes: 1)
        #expect(take(start) == "a")
        #expect(take(start) == "b")
        #expect(take(start) == nil)
        #expect(!queue.hasReady(start))
        #expect(take(start + .minutes(1)) == "soon")
        #expect(takeAll() == ["late"])
        #expect(queue.count == 0 && queue.bytes == 0)
    }

    @Test("takes no more than it has room for")
    func limits() {
        var queue = HostEventQueue()
        func add(_ event: String, _ bytes: Int) -> Bool { queue.add(event, bytes: bytes) }
        func take(_ time: NIODeadline) -> String? { queue.take(time) }
        for index in 0..<HostEventQueue.maximumCount { #expect(add("\(index)", 0)) }
        #expect(!add("more", 0))
        #expect(take(start) == "0")
        #expect(add("more", HostEventQueue.maximumBytes))
        #expect(take(start) == "1")
        #expect(!add("too long", 1))
        // What was accepted once is kept.
        queue.add("retry", bytes: 1, at: start)
        #expect(queue.count == HostEventQueue.maximumCount)
    }

    @Test("keeps the order over thousands of events")
    func many() {
        var queue = HostEventQueue()
        func add(_ event: String, _ bytes: Int) -> Bool { queue.add(event, bytes: bytes) }
        func take(_ time: NIODeadline) -> String? { queue.take(time) }
        var taken: [String?] = []
        for index in 0..<5_000 {
            #expect(add("\(index)", 1))
            if index % 2 == 1 { taken.append(take(start)) }
        }
        while let event = take(start) { taken.append(event) }
        #expect(taken == (0..<5_000).map { "\($0)" })
        #expect(queue.bytes == 0)
    }

    @Test("waits one and two minutes, and then no more", arguments: [(1, 1), (2, 2), (3, nil)] as [(Int, Int64?)])
    func delays(_ attempts: Int, _ minutes: Int64?) {
        #expect(HostEventQueue.delay(afterAttempts: attempts) == minutes.map { .minutes($0) })
    }
}

@Suite("Lines of functions' logs")
struct HostLogTests {
    @Test(
        "milliseconds have two decimals",
        arguments: [
            (0, "0.00"), (4_999, "0.00"), (5_000, "0.01"),
            (1_234_567, "1.23"), (3_000_000_000, "3000.00"), (12_050_000, "12.05"),
        ])
    func milliseconds(_ nanoseconds: Int64, _ text: String) {
        #expect(HostLog.milliseconds(.nanoseconds(nanoseconds)) == text)
    }

    @Test("END and REPORT read as Lambda's")
    func report() {
        let text = HostLog.end(
            "f", "r", duration: .microseconds(1_234), initialization: .milliseconds(71), memoryMegabytes: 128,
            status: .timeout)
        #expect(
            text == "[f] END RequestId: r\n[f] REPORT RequestId: r\tDuration: 1.23 ms\tBilled Duration: 2 ms\t"
                + "Memory Size: 128 MB\tInit Duration: 71.00 ms\tStatus: timeout\t\n")
    }

    @Test(
        "what is written in pieces is told in lines",
        arguments: [
            (["a\nb\n"], "> a\n> b\n"), (["a", "b\n"], "> ab\n"), (["a\nb"], "> a\n> b\n"), (["\n\n"], "> \n> \n"),
            ([], ""), (["a\n", "\nb"], "> a\n> \n> b\n"),
            (["a\r\n"], "> a\n"), (["a\rb\rc\n"], "> a\n> b\n> c\n"), (["a\r", "b\r"], "> a\n> b\n"),
        ])
    func lines(_ pieces: [String], _ expected: String) {
        var splitter = HostLineSplitter()
        var output: [UInt8] = []
        for piece in pieces { splitter.take(Array(piece.utf8), prefix: "> ", into: &output) }
        splitter.flush(prefix: "> ", into: &output)
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test("a line without end is told in pieces")
    func longLine() {
        var splitter = HostLineSplitter()
        var output: [UInt8] = []
        let line = [UInt8](repeating: 0x61, count: HostLineSplitter.maximumLine * 2 + 5) + [0x0A]
        splitter.take(line, prefix: ">", into: &output)
        let lengths = output.split(separator: 0x0A).map(\.count)
        #expect(lengths == [HostLineSplitter.maximumLine + 1, HostLineSplitter.maximumLine + 1, 6])
    }
}
