/// The parts of a request's way that the dashboard tells apart, in the order of ``Phases``.
enum RequestPhase: Int, Sendable, Hashable, CaseIterable {
    /// From the first byte until the request is whole, and its stage is known.
    case receive
    /// Path and verb.
    case match
    /// Resource policy and authorizer.
    case authorize
    /// API key, usage plan and throttles.
    case throttle
    /// Parameters and body.
    case validate
    /// Look-up of a cached answer.
    case cache
    /// Request template and parameter mappings.
    case mapRequest
    /// From the call of the backend until its answer is whole.
    case integrate
    /// Response template and method response.
    case mapResponse
    /// Writing the answer.
    case respond

    /// As the dashboard's JSON calls it.
    var name: String { String(describing: self) }
}

/// A phase that a request has passed.
struct PassedPhase: Sendable, Hashable {
    var phase: RequestPhase
    /// Microseconds after the first byte of the request.
    var start: UInt32
    /// Microseconds.
    var duration: UInt32
}
