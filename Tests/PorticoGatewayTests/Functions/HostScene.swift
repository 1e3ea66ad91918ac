import NIOCore
import NIOHTTP1
import PorticoIR

@testable import PorticoGateway

/// A world in which time passes when a test says so, and processes are what a test says they are.
final class FakeHostWorld: HostWorld {
    final class Timer: HostTimer {
        let time: NIODeadline
        var body: (() -> Void)?

        init(time: NIODeadline, body: @escaping () -> Void) {
            self.time = time
            self.body = body
        }

        func cancel() { body = nil }
    }

    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    let wallMilliseconds = 1_700_000_000_000
    var timers: [Timer] = []
    var prepared: [UInt32] = []
    var started: [UInt32] = []
    var killed: [UInt32] = []
    var released: [UInt32] = []
    var lines = ""
    var warnings: [String] = []

    func schedule(at time: NIODeadline, _ body: @escaping () -> Void) -> any HostTimer {
        let timer = Timer(time: time, body: body)
        timers.append(timer)
        return timer
    }

    func prepare(_ process: UInt32, for function: FunctionSpecification) { prepared.append(process) }

    func start(_ process: UInt32, _ launch: FunctionLaunch) { started.append(process) }

    func kill(_ process: UInt32) { killed.append(process) }

    func release(_ process: UInt32) { released.append(process) }

    func log(_ lines: [UInt8]) { self.lines += String(decoding: lines, as: UTF8.self) }

    func warn(_ text: String) { warnings.append(text) }

    /// Lets time pass; timers fire in order.
    func advance(_ amount: TimeAmount) {
        let end = now + amount
        while true {
            timers.removeAll { $0.body == nil }
            guard let timer = timers.min(by: { $0.time < $1.time }), timer.time <= end else { break }
            now = max(now, timer.time)
            let body = timer.body
            timer.body = nil
            body?()
        }
        now = end
    }
}

final class FakePoll: RuntimeAPIPoll {
    var event: RuntimeAPIEvent?
    var isDropped = false

    func deliver(_ event: RuntimeAPIEvent) { self.event = event }

    func drop() { isDropped = true }
}

final class FakeSource: RuntimeAPISource {
    var isPaused = false

    func setPaused(_ isPaused: Bool) { self.isPaused = isPaused }
}

/// Writes down what it hears, as text.
final class FakeCaller: HostCaller {
    var heard: [String] = []

    func answer(_ outcome: FunctionOutcome) { heard.append(FakeCaller.text(outcome)) }

    func stream(_ bytes: ByteBuffer) { heard.append("piece \(String(buffer: bytes))") }

    func endStream(error: ByteBuffer?) { heard.append("end \(error.map { String(buffer: $0) } ?? "-")") }

    static func text(_ outcome: FunctionOutcome) -> String {
        switch outcome {
        case .returned(let payload): "returned \(String(buffer: payload))"
        case .failed(let payload): "failed \(String(buffer: payload))"
        case .accepted: "accepted"
        case .refused(let status, let type, _): "refused \(status) \(type)"
        case .streaming: "streaming"
        }
    }
}

/// A host of one function `f`, played without sockets.
final class HostScene {
    let world = FakeHostWorld()
    let core: HostCore
    var callers: [String: FakeCaller] = [:]
    var polls: [UInt32: FakePoll] = [:]

    init(concurrency: Int = 2, timeout: Int = 3, idleMilliseconds: Int = 60_000) {
        core = HostCore(world: world, idleMilliseconds: idleMilliseconds, arnPrefix: "arn:aws:lambda:r:1:function:")
        core.apply([HostScene.function(concurrency: concurrency, timeout: timeout)])
    }

    static func function(
        _ name: String = "f", concurrency: Int = 2, timeout: Int = 3, handler: String = "a.b"
    ) -> FunctionSpecification {
        var process = FunctionProcess(runtime: "provided", handler: handler, codeURI: ".")
        process.concurrency = concurrency
        process.timeoutSeconds = timeout
        return FunctionSpecification(name: name, process: process)
    }

    func invoke(
        _ id: String, function: String = "f", payload: String = "{}", isEvent: Bool = false, streams: Bool = false
    ) {
        let caller = FakeCaller()
        callers[id] = caller
        var invocation = FunctionInvocation(
            function: function, payload: ByteBuffer(string: payload), invokedARN: "arn:f", traceID: "Root=1")
        invocation.isEvent = isEvent
        invocation.streams = streams
        core.invoke(invocation, id: id, caller: caller)
    }

    /// What the caller of an invocation heard, once.
    func heard(_ id: String) -> String { callers[id]?.heard.joined(separator: "; ") ?? "?" }

    /// The command of a process is found, and it starts.
    func start(_ process: UInt32) {
        core.processDidPrepare(
            process, .success(FunctionLaunch(command: ["x"], environment: [], directory: "/")))
    }

    func failStart(_ process: UInt32, _ text: String) {
        core.processDidPrepare(process, .failure(HostPreparationError(text: text)))
    }

    /// A process asks for an event; the request id of the event that it gets, `idle`, or the status of a refusal.
    @discardableResult
    func next(_ process: UInt32) -> String {
        let poll = FakePoll()
        polls[process] = poll
        if let refusal = core.next(process, poll) { return "\(refusal.status.code)" }
        return given(process)
    }

    /// The request id of the event that the process has got, or `idle`.
    func given(_ process: UInt32) -> String {
        guard let poll = polls[process] else { return "?" }
        return poll.isDropped ? "dropped" : poll.event?.requestID ?? "idle"
    }

    /// A process answers; the status of the Runtime API.
    @discardableResult
    func respond(_ process: UInt32, _ id: String, _ body: String = "1") -> Int {
        if let refusal = core.beginResponse(process, id, streams: false, FakeSource()) {
            return Int(refusal.status.code)
        }
        core.receive(process, id, ByteBuffer(string: body))
        return Int(core.endResponse(process, id, error: nil).status.code)
    }

    @discardableResult
    func fail(_ process: UInt32, _ id: String, _ body: String = #"{"errorMessage":"x"}"#) -> Int {
        Int(core.invocationFailed(process, id, ByteBuffer(string: body), type: "E").status.code)
    }

    /// An invocation from its arrival to the answer and the next `next`.
    func run(_ id: String, on process: UInt32) {
        invoke(id)
        respond(process, id)
        next(process)
    }
}
