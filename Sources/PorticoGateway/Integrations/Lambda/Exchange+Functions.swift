// Hot: once per call of a function that Portico hosts. Allocates: nothing.

internal import NIOCore

/// Functions that Portico hosts answer the exchange that waits for them.
extension Exchange: FunctionReceiver {
    func functionDidAnswer(_ call: FunctionCall, _ outcome: FunctionOutcome) {
        guard functionCall === call else { return }
        functionDeadline?.cancel()
        functionDeadline = nil
        finish(.function(outcome))
    }

    func functionDidStream(_ call: FunctionCall, _ bytes: ByteBuffer) {}

    func functionDidEndStream(_ call: FunctionCall, error: ByteBuffer?) {}

    /// The integration's time is over.
    func functionDidTimeOut(_ call: FunctionCall) {
        guard functionCall === call else { return }
        functionDeadline = nil
        call.cancel()
        finish(.failure(.timeout))
    }

    /// Gives up the call of a function, for instance because the client went away.
    func cancelFunction() {
        functionDeadline?.cancel()
        functionDeadline = nil
        functionCall?.cancel()
        functionCall = nil
    }
}
