// Hot: no, once per failure or process. Allocates: texts.

internal import NIOCore
internal import PorticoIR

/// How processes end, and what becomes of their invocations then.
extension HostCore {
    // MARK: What the supervisor tells

    /// A process wrote something.
    func process(_ id: UInt32, wrote bytes: [UInt8]) {
        guard let process = processes[id] else { return }
        var lines: [UInt8] = []
        process.lines.take(bytes, prefix: prefix(process), into: &lines)
        if !lines.isEmpty { world.log(lines) }
    }

    /// A process is no more.
    func process(_ id: UInt32, ended exit: FunctionExit) {
        guard let process = processes[id] else { return }
        if case .outOfMemory(let residentBytes) = exit {
            counters.processesOutOfMemory += 1
            let function = process.function
            log(
                HostLog.note(
                    function.name, process.logRequest,
                    "portico: the process used \(residentBytes) bytes (\(residentBytes >> 20) MB) of memory, "
                        + "and may use \(function.process.memoryMegabytes) MB; "
                        + "raise 'memorySize' in x-portico-functions"))
        }
        let end = process.machine.end()
        switch end {
        case .during(let request):
            if let invocation = invocations[request] {
                report(process, invocation, status: .error(type: errorType(exit)))
                noteExit(process, exit)
                fail(invocation, process.function, HostFailure.exited(request, exit))
            }
        case .beforeReady, .whileIdle:
            noteExit(process, exit)
        case .expected:
            break
        }
        remove(process) { request in
            .failed(payload: process.initError ?? HostFailure.exited(request, exit))
        }
    }

    /// The supervisor is gone, and all processes with it.
    func supervisorEnded(_ reason: String) {
        guard !isShutDown else { return }
        world.warn("the supervisor of functions ended, and so did all their processes: \(reason)")
        for process in processes.values where process.machine.isRunning {
            let outcome = FunctionOutcome.refused(status: 500, type: "ServiceException", message: reason)
            if case .during(let request) = process.machine.end(), let invocation = invocations[request] {
                report(process, invocation, status: .error(type: "ServiceException"))
                settle(invocation, process.function, outcome)
            }
            remove(process) { _ in outcome }
        }
    }

    private func errorType(_ exit: FunctionExit) -> String {
        switch exit {
        case .outOfMemory: "Runtime.OutOfMemory"
        case .notStarted: "Runtime.InvalidEntrypoint"
        case .exited, .signaled: "Runtime.ExitError"
        }
    }

    private func noteExit(_ process: HostProcess, _ exit: FunctionExit) {
        if case .outOfMemory = exit { return }
        let text =
            switch exit {
            case .notStarted(let reason): "the process could not be started: \(reason)"
            default: "\(HostFailure.exitText(exit)); the lines before this one may say why"
            }
        let request = process.machine.state == .ended ? process.logRequest : nil
        flushLines(process)
        log(HostLog.note(process.function.name, request, "portico: \(text)"))
    }

    // MARK: Time

    /// The time for what a process does is over.
    func timeIsUp(_ process: HostProcess) {
        let function = process.function
        switch process.machine.timeUp() {
        case .nothing:
            break
        case .killAgain:
            if process.wasKilled { world.kill(process.id) } else { kill(process) }
            arm(process, at: world.now + .seconds(5))
        case .ends:
            end(process)
        case .initTimeout:
            let seconds = function.initTimeoutSeconds
            log(
                HostLog.note(
                    function.name, nil,
                    "portico: the process did not ask for an event within \(seconds) seconds of its start and was "
                        + "ended; what it does before its handler takes too long, or it does not speak the Runtime API")
            )
            let failed = function.pool.becomeEnding(process.id)
            kill(process)
            arm(process, at: world.now + .seconds(5))
            if let failed {
                counters.timeouts += 1
                failWaiting(failed, function, .failed(payload: HostFailure.timedOut(failed, seconds: seconds)))
            }
            fill(function)
        case .invocationTimeout(let request):
            counters.timeouts += 1
            log(
                HostLog.note(
                    function.name, request,
                    "\(HostFailure.timeoutText(seconds: function.process.timeoutSeconds)); its process was ended "
                        + "('timeout' in x-portico-functions is \(function.process.timeoutSeconds))"))
            _ = function.pool.becomeEnding(process.id)
            kill(process)
            arm(process, at: world.now + .seconds(5))
            guard let invocation = invocations[request] else { return }
            report(process, invocation, status: .timeout)
            fail(
                invocation, function, HostFailure.timedOut(request, seconds: function.process.timeoutSeconds))
        }
    }

    // MARK: Ends

    /// Ends a process that is to do nothing more; its machine knows already.
    func end(_ process: HostProcess) {
        guard process.machine.isRunning else {
            // It was being prepared: there is no process yet.
            return remove(process) { _ in
                .refused(status: 500, type: "ServiceException", message: "the function was replaced while it started")
            }
        }
        let function = process.function
        if let request = function.pool.becomeEnding(process.id) {
            // A retired function has given its waiting invocations away already, so this does not happen; and if it
            // did, the invocation would wait for another process.
            function.pool.giveBack(request)
        }
        let poll = process.poll
        process.poll = nil
        kill(process)
        arm(process, at: world.now + .seconds(5))
        poll?.drop()
        if !function.isRetired { fill(function) }
    }

    private func kill(_ process: HostProcess) {
        counters.processesKilled += 1
        process.wasKilled = true
        world.kill(process.id)
    }

    /// Forgets a process that is no more. `outcome` is that of the invocation that has waited for it alone.
    func remove(_ process: HostProcess, outcome: (String) -> FunctionOutcome) {
        let function = process.function
        processes[process.id] = nil
        process.timer?.cancel()
        flushLines(process)
        flushReport(process)
        let poll = process.poll
        process.poll = nil
        poll?.drop()
        world.release(process.id)
        let failed = function.pool.remove(process.id)
        if let failed { failWaiting(failed, function, outcome(failed)) }
        guard !function.isRetired else { return }
        fill(function)
        pumpEvents(function)
    }

    /// An invocation fails without having been handed out.
    func failWaiting(_ request: String, _ function: HostFunction, _ outcome: FunctionOutcome) {
        guard let invocation = invocations[request] else { return }
        invocation.attempts += 1
        if case .failed(let payload) = outcome { return fail(invocation, function, payload) }
        settle(invocation, function, outcome)
    }

    /// An invocation ends with an error of the function.
    func fail(_ invocation: HostInvocation, _ function: HostFunction, _ payload: ByteBuffer) {
        counters.errors += 1
        settle(invocation, function, .failed(payload: payload))
    }

    /// An invocation ends, otherwise than by a result.
    func settle(_ invocation: HostInvocation, _ function: HostFunction, _ outcome: FunctionOutcome) {
        invocations[invocation.requestID] = nil
        if invocation.request.isEvent { return retryEvent(invocation, function) }
        guard invocation.isStreaming else {
            invocation.caller?.answer(outcome)
            return
        }
        switch outcome {
        case .failed(let payload):
            invocation.caller?.endStream(error: payload)
        case .refused(_, let type, let message):
            invocation.caller?.endStream(
                error: HostFailure.payload([("errorMessage", message), ("errorType", type)]))
        case .returned, .accepted, .streaming:
            invocation.caller?.endStream(error: nil)
        }
    }

    // MARK: Log

    /// Keeps the lines about an invocation's end until the process's output has had time to arrive.
    func report(_ process: HostProcess, _ invocation: HostInvocation, status: HostLog.Status) {
        flushReport(process)
        process.report = HostLog.end(
            process.function.name, invocation.requestID, duration: world.now - invocation.begin,
            initialization: process.initialization, memoryMegabytes: process.function.process.memoryMegabytes,
            status: status)
        process.initialization = nil
        if process.machine.state == .ending || process.machine.state == .ended { flushReport(process) }
    }

    /// The process asks for its next event: what it wrote about the last one arrives within a moment.
    func delayReport(_ process: HostProcess) {
        guard process.report != nil, process.reportTimer == nil else { return }
        process.reportTimer = world.schedule(at: world.now + HostCore.reportDelay) { [weak self, weak process] in
            guard let self, let process else { return }
            process.reportTimer = nil
            self.flushReport(process)
        }
    }

    /// Writes the lines about the last invocation.
    func flushReport(_ process: HostProcess) {
        process.reportTimer?.cancel()
        process.reportTimer = nil
        guard let report = process.report else { return }
        process.report = nil
        flushLines(process)
        log(report)
    }

    private func flushLines(_ process: HostProcess) {
        var lines: [UInt8] = []
        process.lines.flush(prefix: prefix(process), into: &lines)
        if !lines.isEmpty { world.log(lines) }
    }

    private func prefix(_ process: HostProcess) -> String {
        process.logRequest.map { "[\(process.function.name) \($0)] " } ?? "[\(process.function.name)] "
    }
}
