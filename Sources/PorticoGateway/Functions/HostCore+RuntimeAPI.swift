// Hot: a few times per invocation. Allocates: nothing but results that come in pieces.

internal import NIOCore
internal import PorticoIR

/// What processes say to the Runtime API. An answer that is returned is written by the connection; `nil` says that there
/// is none yet, or that the body is wanted.
extension HostCore {
    // MARK: next

    /// A process asks for an event.
    func next(_ id: UInt32, _ poll: any RuntimeAPIPoll) -> RuntimeAPIAnswer? {
        guard let process = processes[id] else { return .refused(.wrongState(from: "Exited", to: "Ready")) }
        switch process.machine.askNext() {
        case .refused(let refusal):
            return .refused(refusal)
        case .replacesPoll:
            let old = process.poll
            process.poll = poll
            old?.drop()
        case .ends:
            process.poll = poll
            end(process)
        case .isReady(let isFirst):
            process.poll = poll
            if isFirst, let start = process.start { process.initialization = world.now - start }
            delayReport(process)
            let function = process.function
            guard let request = function.pool.becomeReady(id) else {
                arm(process, at: world.now + idleTime)
                pumpEvents(function)
                return nil
            }
            guard let invocation = invocations[request] else {
                preconditionFailure("an invocation that waits exists")
            }
            handOut(invocation, process)
        }
        return nil
    }

    /// The connection of a request for an event is gone.
    func abandonNext(_ id: UInt32, _ poll: any RuntimeAPIPoll) {
        guard let process = processes[id], process.poll === poll else { return }
        process.poll = nil
        guard process.machine.abandonNext() else { return }
        process.function.pool.becomeReturning(id)
        arm(process, at: world.now + .seconds(Int64(process.function.initTimeoutSeconds)))
    }

    // MARK: response

    /// A result begins to come.
    func beginResponse(
        _ id: UInt32, _ request: String, streams: Bool, _ source: any RuntimeAPISource
    ) -> RuntimeAPIAnswer? {
        guard let process = processes[id] else { return .refused(.wrongRequestID) }
        if let refusal = process.machine.beginAnswer(request, to: "InvocationResponse") { return .refused(refusal) }
        guard let invocation = invocations[request] else { return .refused(.wrongRequestID) }
        process.source = source
        invocation.result = ByteBuffer()
        invocation.resultBytes = 0
        invocation.isOversized = false
        if streams, invocation.request.streams {
            invocation.isStreaming = true
            invocation.caller?.answer(.streaming)
            if invocation.isPaused { source.setPaused(true) }
        }
        return nil
    }

    /// A piece of a result.
    func receive(_ id: UInt32, _ request: String, _ bytes: ByteBuffer) {
        guard let invocation = receiving(id, request), !invocation.isOversized else { return }
        invocation.resultBytes += bytes.readableBytes
        if invocation.isStreaming {
            guard invocation.resultBytes <= HostFailure.maximumStream else {
                invocation.isOversized = true
                return
            }
            invocation.caller?.stream(bytes)
            return
        }
        guard invocation.resultBytes <= HostFailure.maximumResponse else {
            invocation.isOversized = true
            invocation.result = ByteBuffer()
            return
        }
        if invocation.result.readableBytes == 0 {
            invocation.result = bytes
        } else {
            var bytes = bytes
            invocation.result.writeBuffer(&bytes)
        }
    }

    /// A result is whole. `error` is the payload of the failure that the trailers of a stream told.
    func endResponse(_ id: UInt32, _ request: String, error: ByteBuffer?) -> RuntimeAPIAnswer {
        guard let process = processes[id], let invocation = receiving(id, request) else {
            return .refused(.wrongState(from: "Exited", to: "InvocationResponse"))
        }
        didAnswer(process)
        if invocation.isOversized {
            let limit = invocation.isStreaming ? HostFailure.maximumStream : HostFailure.maximumResponse
            report(process, invocation, status: .error(type: "Function.ResponseSizeTooLarge"))
            fail(invocation, process.function, HostFailure.responseTooLarge(limit: limit))
            return .tooLarge
        }
        if let error {
            report(process, invocation, status: .error(type: "Function.Error"))
            fail(invocation, process.function, error)
            return .accepted
        }
        report(process, invocation, status: .success)
        invocations[request] = nil
        if invocation.isStreaming {
            invocation.caller?.endStream(error: nil)
        } else {
            invocation.caller?.answer(.returned(payload: invocation.result))
        }
        return .accepted
    }

    /// The connection broke amid a result.
    func loseResponse(_ id: UInt32, _ request: String) {
        guard let process = processes[id], let invocation = receiving(id, request) else { return }
        process.source = nil
        guard invocation.isStreaming else {
            // Nobody has seen anything of it: the process may send it again.
            process.machine.restartAnswer()
            invocation.result = ByteBuffer()
            return
        }
        didAnswer(process)
        report(process, invocation, status: .error(type: "Runtime.TruncatedResponse"))
        fail(invocation, process.function, HostFailure.truncated(request))
    }

    // MARK: errors

    /// The function failed.
    func invocationFailed(_ id: UInt32, _ request: String, _ body: ByteBuffer, type: String?) -> RuntimeAPIAnswer {
        guard let process = processes[id] else { return .refused(.wrongRequestID) }
        if let refusal = process.machine.beginAnswer(request, to: "InvocationErrorResponse") {
            return .refused(refusal)
        }
        guard let invocation = invocations[request] else { return .refused(.wrongRequestID) }
        didAnswer(process)
        guard body.readableBytes <= HostFailure.maximumResponse else {
            report(process, invocation, status: .error(type: "Function.ResponseSizeTooLarge"))
            fail(invocation, process.function, HostFailure.responseTooLarge())
            return .tooLarge
        }
        report(process, invocation, status: .error(type: type ?? "Runtime.Unknown"))
        fail(invocation, process.function, HostCore.errorPayload(body, type: type))
        return .accepted
    }

    /// A process cannot begin its work. It ends by itself, or is ended soon.
    func initFailed(_ id: UInt32, _ body: ByteBuffer, type: String?) -> RuntimeAPIAnswer {
        guard let process = processes[id] else { return .refused(.wrongState(from: "Exited", to: "InitError")) }
        if let refusal = process.machine.failInit() { return .refused(refusal) }
        let payload = HostCore.errorPayload(body, type: type)
        process.initError = payload
        log(
            HostLog.note(
                process.function.name, nil,
                "portico: the initialization failed: \(String(buffer: payload).prefix(2000))"))
        arm(process, at: world.now + HostCore.grace)
        if let request = process.function.pool.becomeEnding(id) {
            failWaiting(request, process.function, .failed(payload: payload))
        }
        fill(process.function)
        return .accepted
    }

    /// What a runtime says of an error is the payload; one that says nothing leaves the type in a header.
    private static func errorPayload(_ body: ByteBuffer, type: String?) -> ByteBuffer {
        if body.readableBytes > 0 { return body }
        return HostFailure.payload([("errorMessage", ""), ("errorType", type ?? "Runtime.Unknown")])
    }

    // MARK: small things

    private func receiving(_ id: UInt32, _ request: String) -> HostInvocation? {
        guard let process = processes[id], process.machine.state == .receiving(request) else { return nil }
        return invocations[request]
    }

    /// The process has answered; its time goes on until it asks for the next event.
    private func didAnswer(_ process: HostProcess) {
        process.machine.endAnswer()
        process.source = nil
        process.function.pool.becomeReturning(process.id)
        if process.function.isRetired { pumpRetired(process) }
    }

    /// A retired process that has answered is not waited for.
    private func pumpRetired(_ process: HostProcess) {
        arm(process, at: world.now + HostCore.grace)
    }
}
