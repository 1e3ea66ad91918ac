import NIOCore
import NIOHTTP1
import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("The host of functions")
struct HostCoreTests {
    @Test("starts a process for an invocation, hands the event out with its facts, and returns the result")
    func ordinary() {
        let scene = HostScene()
        scene.invoke("a", payload: #"{"x":1}"#)
        #expect(scene.world.prepared == [1])
        scene.start(1)
        scene.world.advance(.milliseconds(71))
        #expect(scene.next(1) == "a")
        let event = scene.polls[1]?.event
        #expect(event?.deadlineMilliseconds == 1_700_000_003_000)
        #expect(event.map { String(buffer: $0.payload) } == #"{"x":1}"#)
        scene.world.advance(.microseconds(1_230))
        #expect(scene.respond(1, "a", "42") == 202)
        #expect(scene.heard("a") == "returned 42")
        #expect(scene.next(1) == "idle")
        scene.core.process(1, wrote: Array("hello\n".utf8))
        scene.world.advance(.milliseconds(50))
        #expect(
            scene.world.lines
                == "[f] START RequestId: a Version: $LATEST\n[f a] hello\n[f] END RequestId: a\n"
                + "[f] REPORT RequestId: a\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t"
                + "Init Duration: 71.00 ms\t\n")
        // The next one finds the process.
        scene.invoke("b")
        #expect(scene.given(1) == "b")
        #expect(scene.world.prepared == [1])
        #expect(scene.core.countersNow.processes == 1)
    }

    @Test("beyond the concurrency, an invocation is refused as on Lambda")
    func throttling() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.invoke("b")
        #expect(scene.heard("b") == "refused 429 TooManyRequestsException")
        #expect(scene.core.counters.throttles == 1)
    }

    @Test("a function that is not known is not found")
    func unknown() {
        let scene = HostScene()
        scene.invoke("a", function: "g")
        #expect(scene.heard("a") == "refused 404 ResourceNotFoundException")
    }

    @Test(
        "payloads have limits",
        arguments: [
            (false, 6 << 20, "?"), (false, 6 << 20 | 1, "refused 413 RequestTooLargeException"),
            (true, 1 << 20, "accepted"), (true, 1 << 20 | 1, "refused 413 RequestTooLargeException"),
        ])
    func payloads(_ isEvent: Bool, _ bytes: Int, _ expected: String) {
        let scene = HostScene()
        scene.invoke("a", payload: String(repeating: "1", count: bytes), isEvent: isEvent)
        let heard = scene.heard("a")
        #expect((heard.isEmpty ? "?" : heard) == expected)
    }

    @Test("idle processes end after a while, the oldest first, and are replaced when needed")
    func idle() {
        let scene = HostScene(idleMilliseconds: 1000)
        scene.invoke("a")
        scene.invoke("b")
        scene.start(1)
        scene.start(2)
        scene.next(1)
        scene.next(2)
        scene.respond(1, "a")
        scene.respond(2, "b")
        scene.next(1)
        scene.next(2)
        scene.world.advance(.milliseconds(600))
        scene.run("c", on: 2)
        scene.world.advance(.milliseconds(600))
        #expect(scene.world.killed == [1])
        #expect(scene.given(1) == "dropped")
        scene.core.process(1, ended: .signaled(9))
        #expect(scene.world.released == [1])
        scene.world.advance(.milliseconds(600))
        #expect(scene.world.killed == [1, 2])
        scene.core.process(2, ended: .signaled(9))
        scene.invoke("d")
        #expect(scene.world.prepared == [1, 2, 3])
        #expect(!scene.world.lines.contains("exited"))
    }

    @Test("a process that dies while idle is told of, and replaced when needed")
    func idleDeath() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a")
        scene.next(1)
        scene.core.process(1, ended: .exited(status: 3))
        #expect(scene.world.lines.contains("[f a] portico: Runtime exited with error: exit status 3"))
        scene.invoke("b")
        #expect(scene.world.prepared == [1, 2])
    }

    @Test("an invocation past its deadline fails, and its process is ended")
    func timeout() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.world.advance(.milliseconds(2999))
        #expect(scene.world.killed.isEmpty)
        scene.world.advance(.milliseconds(1))
        #expect(scene.world.killed == [1])
        #expect(
            scene.heard("a")
                == #"failed {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: a Error: Task timed out "#
                + #"after 3.00 seconds"}"#)
        #expect(scene.world.lines.contains("[f a] Task timed out after 3.00 seconds"))
        #expect(scene.world.lines.contains("Duration: 3000.00 ms\tBilled Duration: 3000 ms\t"))
        #expect(scene.world.lines.contains("Status: timeout"))
        #expect(scene.core.counters.timeouts == 1)
        // An answer that comes too late is refused, and the next invocation gets a process of its own.
        #expect(scene.respond(1, "a") == 403)
        scene.invoke("b")
        scene.core.process(1, ended: .signaled(9))
        #expect(scene.world.prepared == [1, 2])
        scene.start(2)
        #expect(scene.next(2) == "b")
        #expect(scene.heard("a").hasPrefix("failed") && scene.callers["a"]?.heard.count == 1)
    }

    @Test("deadlines of invocations one after the other are their own")
    func deadlines() {
        let scene = HostScene(concurrency: 1, timeout: 2)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        for round in 0..<5 {
            scene.world.advance(.milliseconds(1900))
            scene.respond(1, round == 0 ? "a" : "r\(round)")
            scene.next(1)
            scene.invoke("r\(round + 1)")
        }
        #expect(scene.world.killed.isEmpty)
        scene.world.advance(.milliseconds(1999))
        #expect(scene.world.killed.isEmpty)
        scene.world.advance(.milliseconds(1))
        #expect(scene.world.killed == [1])
    }

    @Test(
        "a process that ends amid an invocation fails it in Lambda's words",
        arguments: [
            (.exited(status: 1), "Runtime exited with error: exit status 1", "Runtime.ExitError"),
            (.exited(status: 0), "Runtime exited without providing a reason", "Runtime.ExitError"),
            (.signaled(11), "Runtime exited with error: signal: segmentation fault", "Runtime.ExitError"),
            (.outOfMemory(residentBytes: 200 << 20), "Runtime exited with error: signal: killed", "Runtime.ExitError"),
            (.notStarted("no such file"), "no such file", "Runtime.InvalidEntrypoint"),
        ] as [(FunctionExit, String, String)])
    func exits(_ exit: FunctionExit, _ message: String, _ type: String) {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.core.process(1, ended: exit)
        #expect(
            scene.heard("a")
                == #"failed {"errorMessage":"RequestId: a Error: \#(message)","errorType":"\#(type)"}"#)
        #expect(scene.core.counters.errors == 1)
        #expect(scene.world.released == [1])
        if case .outOfMemory = exit {
            #expect(scene.world.lines.contains("(200 MB) of memory, and may use 128 MB; raise 'memorySize'"))
            #expect(scene.world.lines.contains("Error Type: Runtime.OutOfMemory"))
            #expect(scene.core.counters.processesOutOfMemory == 1)
        }
    }

    @Test("an initialization that fails is the failure of the invocation that waits, and the next one tries again")
    func initError() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        let body = #"{"errorMessage":"No module named 'x'","errorType":"Runtime.ImportModuleError"}"#
        let answer = scene.core.initFailed(1, ByteBuffer(string: body), type: "Runtime.ImportModuleError")
        #expect(answer == .accepted)
        #expect(scene.heard("a") == "failed \(body)")
        #expect(scene.world.prepared == [1])
        scene.core.process(1, ended: .exited(status: 1))
        #expect(scene.world.prepared == [1])
        #expect(scene.world.killed.isEmpty)
        #expect(scene.world.lines.contains("the initialization failed: {\"errorMessage\":\"No module named 'x'\""))
        scene.invoke("b")
        #expect(scene.world.prepared == [1, 2])
        scene.start(2)
        #expect(scene.next(2) == "b")
    }

    @Test("a process that tells of a failed initialization and stays is ended")
    func initErrorStays() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        _ = scene.core.initFailed(1, ByteBuffer(), type: "Runtime.X")
        #expect(scene.heard("a") == #"failed {"errorMessage":"","errorType":"Runtime.X"}"#)
        scene.world.advance(.seconds(2))
        #expect(scene.world.killed == [1])
    }

    @Test("a process that exits before its first request fails the invocation that waits, and only that one")
    func initExit() {
        let scene = HostScene()
        scene.invoke("a")
        scene.invoke("b")
        scene.start(1)
        scene.start(2)
        scene.core.process(2, ended: .exited(status: 127))
        #expect(scene.heard("a").contains("exit status 127"))
        #expect(scene.heard("b") == "")
        #expect(scene.next(1) == "b")
        #expect(scene.world.prepared == [1, 2])
    }

    @Test(
        "an initialization may take ten seconds, or as long as the function's timeout",
        arguments: [(3, 10), (10, 10), (60, 60)])
    func initTimeout(_ timeout: Int, _ seconds: Int) {
        let scene = HostScene(timeout: timeout)
        scene.invoke("a")
        scene.world.advance(.minutes(5))
        scene.start(1)
        scene.world.advance(.seconds(Int64(seconds)) - .milliseconds(1))
        #expect(scene.world.killed.isEmpty)
        scene.world.advance(.milliseconds(1))
        #expect(scene.world.killed == [1])
        #expect(scene.heard("a").contains("Task timed out after \(seconds).00 seconds"))
        #expect(scene.world.lines.contains("did not ask for an event within \(seconds) seconds"))
        scene.core.process(1, ended: .signaled(9))
        #expect(scene.world.prepared == [1])
    }

    @Test("what cannot be started is an error of the service, told with its cause")
    func preparation() {
        let scene = HostScene()
        scene.invoke("a")
        scene.failStart(1, "python3.11 is not installed; install it")
        #expect(scene.heard("a") == "refused 500 ServiceException")
        #expect(scene.world.warnings == ["function 'f' cannot be started: python3.11 is not installed; install it"])
        #expect(scene.world.released == [1])
        scene.invoke("b")
        #expect(scene.world.prepared == [1, 2])
    }

    @Test("the function's own error is handed on as it is")
    func functionError() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        let body = #"{"errorMessage": "bad thing", "errorType": "ValueError", "requestId": "a", "stackTrace": []}"#
        #expect(scene.fail(1, "a", body) == 202)
        #expect(scene.heard("a") == "failed \(body)")
        #expect(scene.core.counters.errors == 1)
        #expect(scene.next(1) == "idle")
    }

    @Test("wrong ids and states are refused and change nothing")
    func refusals() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        #expect(scene.respond(1, "a") == 403)
        #expect(scene.next(1) == "a")
        #expect(scene.next(1) == "403")
        #expect(scene.respond(1, "b") == 403)
        #expect(scene.fail(1, "b") == 403)
        #expect(scene.respond(7, "a") == 403)
        #expect(scene.core.initFailed(1, ByteBuffer(), type: nil).status.code == 403)
        #expect(scene.respond(1, "a") == 202)
        #expect(scene.respond(1, "a") == 403)
        #expect(scene.heard("a") == "returned 1")
    }

    @Test(
        "a result has a limit",
        arguments: [
            (6_291_556, 202, "returned"), (6_291_557, 413, "failed"),
        ])
    func resultLimit(_ bytes: Int, _ status: Int, _ heard: String) {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        #expect(scene.core.beginResponse(1, "a", streams: false, FakeSource()) == nil)
        scene.core.receive(1, "a", ByteBuffer(repeating: 0x20, count: bytes - 10))
        scene.core.receive(1, "a", ByteBuffer(repeating: 0x20, count: 10))
        #expect(Int(scene.core.endResponse(1, "a", error: nil).status.code) == status)
        #expect(scene.heard("a").hasPrefix(heard))
        if status == 413 {
            #expect(
                scene.heard("a")
                    == #"failed {"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size "#
                    + #"exceeded maximum allowed payload size (6291556 bytes)."}"#)
        }
        #expect(scene.next(1) == "idle")
    }

    @Test("a result that is cut off may be sent again")
    func cutOff() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        #expect(scene.core.beginResponse(1, "a", streams: false, FakeSource()) == nil)
        scene.core.receive(1, "a", ByteBuffer(string: "half"))
        scene.core.loseResponse(1, "a")
        #expect(scene.respond(1, "a", "whole") == 202)
        #expect(scene.heard("a") == "returned whole")
    }

    // MARK: Processes that come and go

    @Test("a client that hangs up while it waits is not given an event")
    func hangUp() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a")
        scene.next(1)
        if let poll = scene.polls[1] { scene.core.abandonNext(1, poll) }
        scene.invoke("b")
        #expect(scene.world.prepared == [1])
        #expect(scene.next(1) == "b")
    }

    @Test("a process that hung up and does not come back is ended, and another serves the invocation")
    func hangUpForEver() {
        let scene = HostScene(concurrency: 2)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a")
        scene.next(1)
        if let poll = scene.polls[1] { scene.core.abandonNext(1, poll) }
        scene.invoke("b")
        scene.world.advance(.milliseconds(100))
        #expect(scene.world.prepared == [1, 2])
        scene.start(2)
        #expect(scene.next(2) == "b")
        scene.world.advance(.milliseconds(500))
        scene.respond(2, "b")
        scene.next(2)
        scene.world.advance(.seconds(10))
        #expect(scene.world.killed == [1])
    }

    @Test("an event that could not be written goes to the next process that asks")
    func undelivered() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.core.deliveryFailed(1, "a")
        #expect(scene.heard("a") == "")
        #expect(scene.next(1) == "a")
        #expect(scene.respond(1, "a") == 202)
        #expect(scene.heard("a") == "returned 1")
    }

    @Test("an event that no process can read is given up")
    func unreadable() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        for attempt in 1...HostCore.deliveries {
            #expect(scene.next(1) == "a", "attempt \(attempt)")
            scene.core.deliveryFailed(1, "a")
        }
        #expect(scene.heard("a").contains("before it had read the event"))
        #expect(scene.core.invocations.isEmpty)
    }

    @Test("the newer of two requests for an event is the one that counts")
    func twoPolls() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a")
        scene.next(1)
        let old = scene.polls[1]
        scene.next(1)
        #expect(old?.isDropped == true)
        if let old { scene.core.abandonNext(1, old) }
        scene.invoke("b")
        #expect(scene.given(1) == "b")
    }

    @Test("a client that asks again at once waits for the process that is coming back")
    func comingBack() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a")
        scene.invoke("b")
        #expect(scene.heard("b") == "")
        #expect(scene.next(1) == "b")
    }

    @Test("a process that does not come back after its answer is ended at its deadline")
    func doesNotComeBack() {
        let scene = HostScene(concurrency: 1)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a")
        scene.invoke("b")
        scene.world.advance(.seconds(3))
        #expect(scene.world.killed == [1])
        scene.core.process(1, ended: .signaled(9))
        scene.start(2)
        #expect(scene.next(2) == "b")
    }

    @Test("an invocation that nobody waits for runs on, and its result is dropped")
    func cancelled() {
        let scene = HostScene()
        scene.invoke("a")
        scene.core.cancel("a")
        scene.start(1)
        #expect(scene.next(1) == "a")
        #expect(scene.respond(1, "a") == 202)
        #expect(scene.heard("a") == "")
        #expect(scene.core.invocations.isEmpty)
    }

    @Test("output is told under the invocation that it belongs to")
    func output() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.core.process(1, wrote: Array("import\n".utf8))
        scene.next(1)
        scene.core.process(1, wrote: Array("one\ntw".utf8))
        scene.core.process(1, wrote: Array("o\nno end".utf8))
        scene.core.process(1, ended: .exited(status: 1))
        scene.core.process(1, wrote: Array("late\n".utf8))
        let lines = scene.world.lines.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(5) == [
                "[f] import", "[f] START RequestId: a Version: $LATEST", "[f a] one", "[f a] two",
                "[f a] no end",
            ])
        #expect(
            lines.last == "[f a] portico: Runtime exited with error: exit status 1; the lines before this one may "
                + "say why")
    }
}
