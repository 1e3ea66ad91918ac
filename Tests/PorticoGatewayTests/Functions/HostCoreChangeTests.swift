import NIOCore
import PorticoIR
import Testing

@testable import PorticoGateway

@Suite("The host of functions: reloads, events, streams and ends")
struct HostCoreChangeTests {
    // MARK: Reload

    @Test("an unchanged function keeps its processes")
    func unchanged() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.core.apply([HostScene.function(), HostScene.function("g")])
        scene.respond(1, "a")
        scene.next(1)
        scene.invoke("b")
        #expect(scene.given(1) == "b")
        #expect(scene.world.killed.isEmpty)
    }

    @Test("processes of a changed function finish what they do, and new invocations go to new ones")
    func changed() {
        let scene = HostScene()
        scene.invoke("a")
        scene.invoke("b")
        scene.start(1)
        scene.start(2)
        scene.next(1)
        scene.next(2)
        scene.respond(2, "b")
        scene.next(2)
        scene.core.apply([HostScene.function(handler: "c.d")])
        #expect(scene.world.killed == [2])
        scene.invoke("c")
        #expect(scene.world.prepared == [1, 2, 3])
        #expect(scene.respond(1, "a", "old") == 202)
        #expect(scene.heard("a") == "returned old")
        scene.next(1)
        #expect(scene.world.killed == [2, 1])
        scene.core.process(1, ended: .signaled(9))
        scene.start(3)
        #expect(scene.next(3) == "c")
        #expect(!scene.world.lines.contains("portico:"))
    }

    @Test("what waits for processes of a changed function is served by those of the new one")
    func changedWhileStarting() {
        let scene = HostScene()
        scene.invoke("a")
        scene.invoke("b")
        scene.start(1)
        scene.core.replaceProcesses(of: "f")
        #expect(scene.world.killed == [1])
        #expect(scene.world.released == [2])
        scene.start(2)
        scene.core.process(1, ended: .signaled(9))
        #expect(scene.world.started == [1])
        scene.start(3)
        scene.start(4)
        #expect(scene.next(3) == "a")
        #expect(scene.next(4) == "b")
        #expect(scene.heard("a") == "" && scene.heard("b") == "")
    }

    @Test("a removed function finishes what it does, and what waits for it is refused")
    func removed() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.invoke("b")
        scene.core.apply([])
        #expect(scene.heard("b") == "refused 404 ResourceNotFoundException")
        #expect(scene.respond(1, "a") == 202)
        #expect(scene.heard("a") == "returned 1")
        scene.next(1)
        #expect(scene.world.killed == [1])
        scene.core.process(1, ended: .signaled(9))
        #expect(scene.core.processes.isEmpty && scene.core.invocations.isEmpty)
    }

    // MARK: Events

    @Test("an event is accepted at once, and its result is dropped")
    func event() {
        let scene = HostScene()
        scene.invoke("a", isEvent: true)
        #expect(scene.heard("a") == "accepted")
        scene.start(1)
        #expect(scene.next(1) == "a")
        scene.respond(1, "a")
        #expect(scene.callers["a"]?.heard.count == 1)
        #expect(scene.core.invocations.isEmpty)
    }

    @Test("events beyond the concurrency wait, and requests that somebody waits for go first")
    func eventsWait() {
        let scene = HostScene(concurrency: 1)
        for id in ["a", "b", "c"] { scene.invoke(id, isEvent: true) }
        #expect(scene.world.prepared == [1])
        scene.start(1)
        #expect(scene.next(1) == "a")
        #expect(scene.core.countersNow.queuedEvents == 2)
        scene.respond(1, "a")
        scene.invoke("now")
        #expect(scene.next(1) == "now")
        scene.respond(1, "now")
        #expect(scene.next(1) == "b")
        scene.respond(1, "b")
        #expect(scene.next(1) == "c")
    }

    @Test("an event whose function fails is tried twice more")
    func retries() {
        let scene = HostScene(idleMilliseconds: 30_000)
        scene.invoke("a", isEvent: true)
        scene.start(1)
        #expect(scene.next(1) == "a")
        scene.fail(1, "a")
        #expect(scene.next(1) == "idle")
        scene.world.advance(.seconds(31))
        #expect(scene.world.killed == [1])
        scene.core.process(1, ended: .signaled(9))
        scene.world.advance(.seconds(28))
        #expect(scene.world.prepared == [1])
        scene.world.advance(.seconds(1))
        #expect(scene.world.prepared == [1, 2])
        scene.start(2)
        #expect(scene.next(2) == "a")
        scene.core.process(2, ended: .exited(status: 1))
        scene.world.advance(.seconds(119))
        #expect(scene.world.prepared == [1, 2])
        scene.world.advance(.seconds(1))
        #expect(scene.world.prepared == [1, 2, 3])
        scene.start(3)
        #expect(scene.next(3) == "a")
        scene.fail(3, "a")
        #expect(scene.world.lines.contains("the event was dropped, because it failed 3 times"))
        #expect(scene.core.invocations.isEmpty)
    }

    @Test("a full queue refuses")
    func fullQueue() {
        let scene = HostScene(concurrency: 1)
        let payload = String(repeating: "1", count: 1 << 20)
        for index in 0...64 { scene.invoke("\(index)", payload: payload, isEvent: true) }
        // The first went to a process that starts.
        #expect(scene.heard("64") == "accepted")
        scene.invoke("more", payload: payload, isEvent: true)
        #expect(scene.heard("more") == "refused 429 TooManyRequestsException")
    }

    @Test("an event that finds no process for six hours is given up")
    func oldEvent() {
        let scene = HostScene(concurrency: 1, timeout: 900)
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.invoke("old", isEvent: true)
        // Time passes without the deadline being looked at, as on a machine that sleeps.
        scene.world.now = scene.world.now + .hours(6) + .seconds(1)
        scene.respond(1, "a")
        scene.next(1)
        #expect(scene.given(1) == "idle")
        #expect(scene.world.lines.contains("[f old] portico: the event was dropped, because it waited for six hours"))
    }

    // MARK: Streams

    @Test("a streamed result is handed on as it comes")
    func stream() {
        let scene = HostScene()
        scene.invoke("a", streams: true)
        scene.start(1)
        scene.next(1)
        let source = FakeSource()
        #expect(scene.core.beginResponse(1, "a", streams: true, source) == nil)
        #expect(scene.heard("a") == "streaming")
        scene.core.receive(1, "a", ByteBuffer(string: "one"))
        scene.core.setPaused("a", true)
        #expect(source.isPaused)
        scene.core.setPaused("a", false)
        #expect(!source.isPaused)
        scene.core.receive(1, "a", ByteBuffer(string: "two"))
        #expect(scene.core.endResponse(1, "a", error: nil) == .accepted)
        #expect(scene.heard("a") == "streaming; piece one; piece two; end -")
        #expect(scene.next(1) == "idle")
    }

    @Test("a stream that nobody holds any more is not held back")
    func cancelledStream() {
        let scene = HostScene()
        scene.invoke("a", streams: true)
        scene.start(1)
        scene.next(1)
        let source = FakeSource()
        _ = scene.core.beginResponse(1, "a", streams: true, source)
        scene.core.setPaused("a", true)
        scene.core.cancel("a")
        #expect(!source.isPaused)
    }

    @Test(
        "a stream ends with what went wrong amid it",
        arguments: ["trailers", "exit", "timeout", "connection"])
    func brokenStream(_ kind: String) {
        let scene = HostScene()
        scene.invoke("a", streams: true)
        scene.start(1)
        scene.next(1)
        _ = scene.core.beginResponse(1, "a", streams: true, FakeSource())
        scene.core.receive(1, "a", ByteBuffer(string: "one"))
        var expected = ""
        switch kind {
        case "trailers":
            _ = scene.core.endResponse(1, "a", error: ByteBuffer(string: "{}"))
            expected = "{}"
        case "exit":
            scene.core.process(1, ended: .exited(status: 1))
            expected =
                #"{"errorMessage":"RequestId: a Error: Runtime exited with error: exit status 1","#
                + #""errorType":"Runtime.ExitError"}"#
        case "timeout":
            scene.world.advance(.seconds(3))
            expected =
                #"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: a Error: Task timed out after 3.00 "#
                + #"seconds"}"#
        default:
            scene.core.loseResponse(1, "a")
            expected =
                #"{"errorType":"Runtime.TruncatedResponse","errorMessage":"RequestId: a Error: the connection of the "#
                + #"runtime ended amid its response"}"#
        }
        #expect(scene.heard("a") == "streaming; piece one; end \(expected)")
    }

    @Test("one who did not ask for a stream gets the whole, and its errors as errors", arguments: [false, true])
    func bufferedStream(_ fails: Bool) {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        _ = scene.core.beginResponse(1, "a", streams: true, FakeSource())
        scene.core.receive(1, "a", ByteBuffer(string: "one"))
        scene.core.receive(1, "a", ByteBuffer(string: "two"))
        _ = scene.core.endResponse(1, "a", error: fails ? ByteBuffer(string: "{}") : nil)
        #expect(scene.heard("a") == (fails ? "failed {}" : "returned onetwo"))
    }

    @Test("one who asked for a stream gets a plain result as it is")
    func plainForStream() {
        let scene = HostScene()
        scene.invoke("a", streams: true)
        scene.start(1)
        scene.next(1)
        scene.respond(1, "a", "whole")
        #expect(scene.heard("a") == "returned whole")
    }

    // MARK: Ends

    @Test("when the supervisor is gone, everything fails and can begin anew")
    func supervisorEnds() {
        let scene = HostScene()
        scene.invoke("a")
        scene.invoke("b")
        scene.start(1)
        scene.start(2)
        scene.next(1)
        scene.core.supervisorEnded("killed")
        #expect(scene.heard("a") == "refused 500 ServiceException")
        #expect(scene.heard("b") == "refused 500 ServiceException")
        #expect(scene.core.processes.isEmpty)
        scene.invoke("c")
        scene.start(3)
        #expect(scene.next(3) == "c")
    }

    @Test("after the shutdown everything is refused")
    func shutDown() {
        let scene = HostScene()
        scene.invoke("a")
        scene.start(1)
        scene.next(1)
        scene.core.shutDown()
        #expect(scene.heard("a") == "refused 500 ServiceException")
        scene.invoke("b")
        #expect(scene.heard("b") == "refused 500 ServiceException")
        #expect(scene.world.released == [1])
        scene.world.advance(.hours(1))
        scene.core.process(1, ended: .signaled(9))
        #expect(scene.core.processes.isEmpty && scene.core.invocations.isEmpty)
    }

    @Test(
        "names of the Invoke API find hosted functions",
        arguments: [
            ("f", "f"), ("f:live", "f"), ("arn:aws:lambda:eu-west-1:1:function:f", "f"),
            ("arn:aws:lambda:eu-west-1:1:function:f:3", "f"), ("1:function:f", "f"), ("g", nil),
            ("arn", "arn:aws:lambda:us-east-1:2:function:arn"), ("", nil), ("f:$LATEST", "f"), ("h:live", "h:live"),
            ("h:test", nil), ("h", nil), ("arn:aws:lambda:eu-west-1:1:function:h:live", "h:live"),
        ] as [(String, String?)])
    func names(_ text: String, _ expected: String?) {
        let scene = HostScene()
        scene.core.apply([
            HostScene.function(), HostScene.function("arn:aws:lambda:us-east-1:2:function:arn"),
            HostScene.function("h:live"),
        ])
        #expect(scene.core.hostedName(of: text) == expected)
    }

    @Test("nothing is lost or answered twice, whatever happens", arguments: 0..<200)
    func random(_ seed: Int) {
        var generator = SplitMix(state: UInt64(seed))
        let scene = HostScene(concurrency: 1 + seed % 4, timeout: 3)
        var invoked = 0
        for _ in 0..<300 {
            switch Int.random(in: 0..<12, using: &generator) {
            case 0...2:
                scene.invoke("r\(invoked)")
                invoked += 1
            case 3:
                if let id = scene.world.prepared.randomElement(using: &generator) { scene.start(id) }
            case 4...6:
                guard let id = scene.core.processes.keys.sorted().randomElement(using: &generator) else { break }
                if let request = scene.core.processes[id]?.machine.request {
                    if Bool.random(using: &generator) { scene.respond(id, request) } else { scene.fail(id, request) }
                } else {
                    scene.next(id)
                }
            case 7:
                guard let id = scene.world.started.randomElement(using: &generator) else { break }
                scene.core.process(id, ended: .exited(status: 1))
            case 8: scene.world.advance(.milliseconds(Int64.random(in: 0..<4000, using: &generator)))
            case 9:
                guard let id = scene.core.processes.keys.sorted().randomElement(using: &generator),
                    let poll = scene.core.processes[id]?.poll
                else { break }
                scene.core.abandonNext(id, poll)
            case 10:
                let handler = "h\(Int.random(in: 0..<8, using: &generator) / 7)"
                scene.core.apply([HostScene.function(concurrency: 1 + seed % 4, handler: handler)])
            default:
                for id in scene.world.killed { scene.core.process(id, ended: .signaled(9)) }
            }
            let alive = scene.core.processes.values.count { !$0.function.isRetired }
            #expect(alive <= 1 + seed % 4)
        }
        // Then everything is let run to its end.
        for _ in 0..<400 where !scene.core.invocations.isEmpty {
            for id in scene.world.prepared { scene.start(id) }
            for id in scene.core.processes.keys.sorted() {
                if let request = scene.core.processes[id]?.machine.request { scene.respond(id, request) }
                scene.next(id)
            }
            for id in scene.world.killed { scene.core.process(id, ended: .signaled(9)) }
            scene.world.advance(.milliseconds(150))
        }
        #expect(scene.core.invocations.isEmpty)
        for index in 0..<invoked { #expect(scene.callers["r\(index)"]?.heard.count == 1) }
    }
}

/// A small generator with a seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value &>> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value &>> 31)
    }
}
