// Hot: once per invocation. Allocates: the invocation.

internal import NIOCore
internal import PorticoIR

/// Who waits for an invocation, wherever they are: a worker of another loop, or a function that invokes another.
protocol HostCaller {
    func answer(_ outcome: FunctionOutcome)
    func stream(_ bytes: ByteBuffer)
    func endStream(error: ByteBuffer?)
}

/// A caller on a worker's loop.
struct HostRemoteCaller: HostCaller {
    let loop: any EventLoop
    let call: NIOLoopBound<FunctionCall>

    func answer(_ outcome: FunctionOutcome) {
        loop.execute { [call] in call.value.answer(outcome) }
    }

    func stream(_ bytes: ByteBuffer) {
        loop.execute { [call] in call.value.stream(bytes) }
    }

    func endStream(error: ByteBuffer?) {
        loop.execute { [call] in call.value.endStream(error: error) }
    }
}

/// An invocation as the host sees it, from its arrival to the whole result. Belongs to the host's loop.
final class HostInvocation {
    let requestID: String
    let request: FunctionInvocation
    /// `nil` once nobody waits: the result is dropped.
    var caller: (any HostCaller)?
    let arrival: NIODeadline
    /// Attempts begun; more than one for events only.
    var attempts = 0
    /// How often its event could not be written to a process.
    var lostDeliveries = 0
    /// When the event went out.
    var begin: NIODeadline
    /// What there is of a buffered result.
    var result = ByteBuffer()
    /// Bytes of the result.
    var resultBytes = 0
    /// Whether the result is handed on as it comes.
    var isStreaming = false
    /// Whether the result is not wanted any more, because it is too long.
    var isOversized = false
    /// Whether the caller holds the stream back.
    var isPaused = false

    init(requestID: String, request: FunctionInvocation, caller: (any HostCaller)?, arrival: NIODeadline) {
        self.requestID = requestID
        self.request = request
        self.caller = caller
        self.arrival = arrival
        begin = arrival
    }
}

/// A process of a function. Belongs to the host's loop.
final class HostProcess {
    let id: UInt32
    let function: HostFunction
    var machine = HostProcessMachine()
    /// The request that waits for an event.
    var poll: (any RuntimeAPIPoll)?
    /// The request whose body is a result that is coming in.
    var source: (any RuntimeAPISource)?
    /// When the process was started.
    var start: NIODeadline?
    /// How long it took from the start to the first `next`; forgotten once it is reported.
    var initialization: TimeAmount?
    /// When the time for the present state is over.
    var due: NIODeadline?
    /// Fires at `due` or before; see ``HostCore/arm(_:at:)``.
    var timer: (any HostTimer)?
    var timerTime: NIODeadline?
    /// Whether it was told to end.
    var wasKilled = false
    /// What the process said of its initialization.
    var initError: ByteBuffer?
    /// The invocation to which its output belongs: the present one, or the last.
    var logRequest: String?
    /// Lines about the last invocation, held back a little for the output that is still under way.
    var report: String?
    var reportTimer: (any HostTimer)?
    var lines = HostLineSplitter()

    init(id: UInt32, function: HostFunction) {
        self.id = id
        self.function = function
    }
}

/// A function as one specification has it; a changed one is another. Belongs to the host's loop.
final class HostFunction {
    let specification: FunctionSpecification
    var pool: HostPool
    var events = HostEventQueue()
    var eventTimer: (any HostTimer)?
    var reliefTimer: (any HostTimer)?
    /// Whether another took its place.
    var isRetired = false

    var name: String { specification.name }
    var process: FunctionProcess { specification.process }
    var timeout: TimeAmount { .seconds(Int64(process.timeoutSeconds)) }

    /// What a process may take until its first `next`. Lambda ends it after 10 seconds and begins anew within the
    /// function's own time; here the longer of both is given at once, which succeeds for the same functions.
    var initTimeoutSeconds: Int { max(10, process.timeoutSeconds) }

    init(_ specification: FunctionSpecification) {
        self.specification = specification
        pool = HostPool(concurrency: specification.process.concurrency)
    }
}
