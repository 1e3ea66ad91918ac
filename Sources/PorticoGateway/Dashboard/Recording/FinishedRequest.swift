// Hot: once per recorded request. Allocates: nothing.

internal import PorticoIR

/// A request that was answered, as its worker hands it to ``RequestRecorder``; the bytes live as long as the call.
struct FinishedRequest {
    /// How the cache took part.
    enum CacheOutcome: UInt8, Sendable {
        case none = 0
        case hit
        case miss
    }

    /// Milliseconds since 1970 at which its first byte came.
    var time: Int
    /// Microseconds from its first byte to the last of its answer.
    var durationMicroseconds: UInt64
    /// Status of the answer.
    var status: Int
    /// Generation of the snapshot that ``stage`` and ``route`` are numbers of.
    var generation: Int
    /// Position in ``DashboardHello/stages``; `nil` when no stage was found.
    var stage: Int?
    /// Id of the route; `nil` when none matched.
    var route: Int?
    /// `$context.requestId`
    var requestID: UnsafeRawBufferPointer
    /// Verb as it came.
    var verb: UnsafeRawBufferPointer
    /// Path as it came, without the query, which may have secrets.
    var path: UnsafeRawBufferPointer
    /// The gateway response, where the gateway answered itself.
    var fault: GatewayResponseType?
    var cache = CacheOutcome.none
    /// Head and body.
    var requestBytes = 0
    /// Head and body.
    var responseBytes = 0
    /// When its phases ended.
    var marks = PhaseMarks()
    /// Its execution log; empty when it has none.
    var log = UnsafeRawBufferPointer(start: nil, count: 0)
}
