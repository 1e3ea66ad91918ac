// Hot: a few times per invocation. Allocates: the invocation, its log lines.

internal import NIOCore
internal import PorticoIR

/// The functions, their processes and what they are doing. Everything happens on the host's loop; the world is behind
/// ``HostWorld``, so that tests need neither sockets nor time.
///
/// This file is the way of an invocation; `HostCore+RuntimeAPI` is what processes say, and `HostCore+Ends` is how
/// processes end and why.
final class HostCore {
    let world: any HostWorld
    let idleTime: TimeAmount
    /// `arn:aws:lambda:REGION:ACCOUNT:function:`
    let arnPrefix: String
    var functions: [String: HostFunction] = [:]
    var processes: [UInt32: HostProcess] = [:]
    var invocations: [String: HostInvocation] = [:]
    var counters = FunctionHostCounters()
    private(set) var isShutDown = false
    private var lastProcess: UInt32 = 0

    /// How long an invocation waits for a process that has answered but does not ask for the next event, before
    /// another is started.
    static let relief = TimeAmount.milliseconds(100)
    /// How long a process that said that its initialization failed may take to end by itself.
    static let grace = TimeAmount.seconds(1)
    /// How often an event is handed out whose connection breaks before it is written: more than a runtime has
    /// connections whose end was not seen yet, and few enough for one that cannot read the event.
    static let deliveries = 25
    /// How long the lines about an invocation's end wait for output that is still under way.
    static let reportDelay = TimeAmount.milliseconds(20)

    init(world: any HostWorld, idleMilliseconds: Int, arnPrefix: String) {
        self.world = world
        self.arnPrefix = arnPrefix
        idleTime = .milliseconds(Int64(max(1, idleMilliseconds)))
    }

    // MARK: Functions

    /// Takes the functions of a new snapshot. Unchanged ones keep their processes.
    func apply(_ specifications: [FunctionSpecification]) {
        guard !isShutDown else { return }
        var wanted: [String: FunctionSpecification] = [:]
        for specification in specifications { wanted[specification.name] = specification }
        for (name, function) in functions where wanted[name] == nil {
            functions[name] = nil
            retire(function, replacement: nil)
        }
        for specification in specifications where functions[specification.name]?.specification != specification {
            // A name that occurs twice was refused by the compiler; here the last one counts.
            guard wanted[specification.name] == specification else { continue }
            replace(specification)
        }
    }

    /// Lets the processes of a function end, and gives what comes to new ones: its code has changed.
    func replaceProcesses(of name: String) {
        guard !isShutDown, let function = functions[name] else { return }
        replace(function.specification)
    }

    private func replace(_ specification: FunctionSpecification) {
        let function = HostFunction(specification)
        let old = functions.updateValue(function, forKey: specification.name)
        if let old { retire(old, replacement: function) }
    }

    private func retire(_ function: HostFunction, replacement: HostFunction?) {
        function.isRetired = true
        function.reliefTimer?.cancel()
        function.eventTimer?.cancel()
        let waiting = function.pool.takeWaiting()
        let events = function.events.takeAll()
        for id in function.pool.processes {
            guard let process = processes[id] else { continue }
            if process.machine.retire() { end(process) }
        }
        guard let replacement else {
            for request in waiting { refuseUnknown(request) }
            if !events.isEmpty {
                world.warn("function '\(function.name)' is gone; \(events.count) events for it were dropped")
                for request in events { invocations[request] = nil }
            }
            return
        }
        for request in waiting {
            guard let invocation = invocations[request] else { continue }
            place(invocation, replacement)
        }
        for request in events {
            guard let invocation = invocations[request] else { continue }
            replacement.events.add(request, bytes: invocation.request.payload.readableBytes, at: world.now)
        }
        pumpEvents(replacement)
    }

    /// Ends everything; nothing is answered any more but refusals.
    func shutDown() {
        guard !isShutDown else { return }
        isShutDown = true
        for function in functions.values { retire(function, replacement: nil) }
        functions = [:]
        for process in processes.values {
            process.timer?.cancel()
            flushReport(process)
            world.release(process.id)
        }
        processes = [:]
        for invocation in invocations.values {
            if invocation.isStreaming {
                invocation.caller?.endStream(
                    error: HostFailure.payload([
                        ("errorMessage", "portico is ending"), ("errorType", "ServiceException"),
                    ]))
            } else {
                invocation.caller?.answer(HostCore.shuttingDown)
            }
        }
        invocations = [:]
    }

    // MARK: Invocations

    /// The counters, with what is counted now.
    var countersNow: FunctionHostCounters {
        var counters = counters
        counters.processes = processes.values.count { $0.machine.isRunning }
        counters.queuedEvents = functions.values.reduce(0) { $0 + $1.events.count }
        return counters
    }

    /// Takes an invocation; the caller hears of everything else.
    func invoke(_ request: FunctionInvocation, id: String, caller: any HostCaller) {
        counters.invocations += 1
        guard !isShutDown else {
            return caller.answer(HostCore.shuttingDown)
        }
        guard let function = functions[request.function] else {
            return caller.answer(HostCore.unknown(request))
        }
        let limit = request.isEvent ? HostFailure.maximumEvent : HostFailure.maximumPayload
        let bytes = request.payload.readableBytes
        guard bytes <= limit else {
            return caller.answer(
                .refused(
                    status: 413, type: "RequestTooLargeException",
                    message: "\(bytes) byte payload is too large for the "
                        + "\(request.isEvent ? "Event" : "RequestResponse") invocation type (limit \(limit) bytes)"))
        }
        let invocation = HostInvocation(requestID: id, request: request, caller: caller, arrival: world.now)
        guard request.isEvent else {
            invocations[id] = invocation
            return place(invocation, function)
        }
        guard function.events.add(id, bytes: bytes) else {
            counters.throttles += 1
            return caller.answer(
                .refused(
                    status: 429, type: "TooManyRequestsException",
                    message: "Rate Exceeded. \(function.events.count) events for '\(function.name)' wait already; "
                        + "raise its 'concurrency' or send fewer"))
        }
        invocations[id] = invocation
        invocation.caller = nil
        caller.answer(.accepted)
        pumpEvents(function)
    }

    /// Nobody waits for the result any more; the function goes on, as on Lambda.
    func cancel(_ request: String) {
        guard let invocation = invocations[request] else { return }
        invocation.caller = nil
        if invocation.isPaused { setPaused(request, false) }
    }

    /// The caller cannot take more of a stream, or can again.
    func setPaused(_ request: String, _ isPaused: Bool) {
        guard let invocation = invocations[request], invocation.isPaused != isPaused else { return }
        invocation.isPaused = isPaused
        for process in processes.values where process.machine.request == request {
            process.source?.setPaused(isPaused)
        }
    }

    static let shuttingDown = FunctionOutcome.refused(
        status: 500, type: "ServiceException", message: "portico is ending, and its functions with it")

    static func unknown(_ request: FunctionInvocation) -> FunctionOutcome {
        .refused(
            status: 404, type: "ResourceNotFoundException",
            message: "Function not found: \(request.invokedARN.isEmpty ? request.function : request.invokedARN)")
    }

    private func refuseUnknown(_ request: String) {
        guard let invocation = invocations.removeValue(forKey: request) else { return }
        invocation.caller?.answer(isShutDown ? HostCore.shuttingDown : HostCore.unknown(invocation.request))
    }

    // MARK: Processes for invocations

    /// Finds a process for an invocation.
    func place(_ invocation: HostInvocation, _ function: HostFunction) {
        switch function.pool.place(invocation.requestID) {
        case .give(let id):
            guard let process = processes[id] else { preconditionFailure("an idle process exists") }
            handOut(invocation, process)
        case .start:
            startProcess(function)
        case .wait:
            armRelief(function)
        case .refuse:
            throttle(invocation, function)
        }
    }

    private func throttle(_ invocation: HostInvocation, _ function: HostFunction) {
        counters.throttles += 1
        if invocation.request.isEvent {
            return function.events.putBack(
                invocation.requestID, bytes: invocation.request.payload.readableBytes)
        }
        invocations[invocation.requestID] = nil
        invocation.caller?.answer(
            .refused(
                status: 429, type: "TooManyRequestsException",
                message: "Rate Exceeded. All \(function.pool.concurrency) processes of '\(function.name)' are at work; "
                    + "raise its 'concurrency' in x-portico-functions"))
    }

    /// Starts another process of a function.
    func startProcess(_ function: HostFunction) {
        lastProcess &+= 1
        let process = HostProcess(id: lastProcess, function: function)
        processes[process.id] = process
        function.pool.add(process.id)
        world.prepare(process.id, for: function.specification)
    }

    /// The Runtime API of a process listens and its command is known, or why not.
    func processDidPrepare(_ id: UInt32, _ result: Result<FunctionLaunch, HostPreparationError>) {
        guard let process = processes[id] else { return world.release(id) }
        switch result {
        case .success(let launch):
            guard process.machine.prepare() else { return }
            counters.processesStarted += 1
            process.start = world.now
            arm(process, at: world.now + .seconds(Int64(process.function.initTimeoutSeconds)))
            world.start(id, launch)
        case .failure(let error):
            world.warn("function '\(process.function.name)' cannot be started: \(error.text)")
            remove(process, outcome: { _ in .refused(status: 500, type: "ServiceException", message: error.text) })
        }
    }

    /// Gives an event to a process that waits for one.
    func handOut(_ invocation: HostInvocation, _ process: HostProcess) {
        let function = process.function
        flushReport(process)
        process.machine.handOut(invocation.requestID)
        invocation.attempts += 1
        invocation.begin = world.now
        arm(process, at: invocation.begin + function.timeout)
        process.logRequest = invocation.requestID
        log(HostLog.start(function.name, invocation.requestID))
        let event = RuntimeAPIEvent(
            requestID: invocation.requestID,
            deadlineMilliseconds: world.wallMilliseconds + function.process.timeoutSeconds * 1000,
            invokedARN: invocation.request.invokedARN, traceID: invocation.request.traceID,
            clientContext: invocation.request.clientContext, payload: invocation.request.payload)
        let poll = process.poll
        process.poll = nil
        poll?.deliver(event)
    }

    /// The connection broke before the event was written: another process gets it, or this one when it comes again.
    func deliveryFailed(_ id: UInt32, _ request: String) {
        guard let process = processes[id], let invocation = invocations[request],
            process.machine.takeBack(request)
        else { return }
        let function = process.function
        invocation.attempts -= 1
        invocation.lostDeliveries += 1
        function.pool.becomeReturning(id)
        arm(process, at: world.now + .seconds(Int64(function.initTimeoutSeconds)))
        if invocation.lostDeliveries >= HostCore.deliveries {
            // A runtime that cannot take it would go on failing for ever.
            let payload = HostFailure.payload([
                (
                    "errorMessage",
                    "RequestId: \(request) Error: the runtime closed its connection before it had read the event"
                ),
                ("errorType", "Runtime.ExitError"),
            ])
            return failWaiting(request, function, .failed(payload: payload))
        }
        guard !function.isRetired else {
            guard let current = functions[function.name] else { return refuseUnknown(request) }
            return place(invocation, current)
        }
        function.pool.giveBack(request)
        armRelief(function)
    }

    /// Starts processes for invocations whose process does not come.
    func fill(_ function: HostFunction) {
        for _ in 0..<function.pool.missing { startProcess(function) }
        for request in function.pool.takeStranded() {
            guard let invocation = invocations[request] else { continue }
            throttle(invocation, function)
        }
    }

    private func armRelief(_ function: HostFunction) {
        guard function.reliefTimer == nil else { return }
        function.reliefTimer = world.schedule(at: world.now + HostCore.relief) { [weak self, weak function] in
            guard let self, let function else { return }
            function.reliefTimer = nil
            guard !function.isRetired else { return }
            for _ in 0..<function.pool.missingWithoutReturning { self.startProcess(function) }
            if function.pool.waitingCount > 0 { self.armRelief(function) }
        }
    }

    // MARK: Events

    /// Starts what can be started of the events that wait.
    func pumpEvents(_ function: HostFunction) {
        guard !function.isRetired else { return }
        let now = world.now
        while function.pool.hasRoom, let request = function.events.take(now) {
            guard let invocation = invocations[request] else { continue }
            if now - invocation.arrival > HostEventQueue.maximumAge {
                dropEvent(invocation, function, because: "it waited for six hours")
                continue
            }
            place(invocation, function)
        }
        armEvents(function)
    }

    private func armEvents(_ function: HostFunction) {
        function.eventTimer?.cancel()
        function.eventTimer = nil
        guard let time = function.events.nextTime, time > world.now else { return }
        function.eventTimer = world.schedule(at: time) { [weak self, weak function] in
            guard let self, let function else { return }
            function.eventTimer = nil
            self.pumpEvents(function)
        }
    }

    /// An event's function failed: it is tried again, or given up.
    func retryEvent(_ invocation: HostInvocation, _ function: HostFunction) {
        let function = functions[function.name] ?? function
        guard !isShutDown, !function.isRetired,
            let delay = HostEventQueue.delay(afterAttempts: invocation.attempts)
        else {
            return dropEvent(invocation, function, because: "it failed \(invocation.attempts) times")
        }
        invocations[invocation.requestID] = invocation
        function.events.add(
            invocation.requestID, bytes: invocation.request.payload.readableBytes, at: world.now + delay)
        armEvents(function)
    }

    private func dropEvent(_ invocation: HostInvocation, _ function: HostFunction, because reason: String) {
        invocations[invocation.requestID] = nil
        log(HostLog.note(function.name, invocation.requestID, "portico: the event was dropped, because \(reason)"))
    }

    // MARK: Small things

    /// A random UUID, as Lambda's request ids are.
    func makeRequestID() -> String { HostRequestID.make() }

    func log(_ text: String) { world.log(Array(text.utf8)) }

    /// Sets when the time for the state of a process is over. The timer is left as it is when it fires early enough:
    /// it looks at `due` then, so that a busy process costs a timer in a few seconds rather than two per invocation.
    func arm(_ process: HostProcess, at due: NIODeadline) {
        process.due = due
        if let time = process.timerTime, time <= due { return }
        process.timer?.cancel()
        process.timerTime = due
        process.timer = world.schedule(at: due) { [weak self, weak process] in
            guard let self, let process else { return }
            process.timer = nil
            process.timerTime = nil
            self.timerDidFire(process)
        }
    }

    private func timerDidFire(_ process: HostProcess) {
        guard processes[process.id] === process, let due = process.due else { return }
        if world.now < due { return arm(process, at: due) }
        process.due = nil
        timeIsUp(process)
    }
}
