// Hot: once per call. Allocates: nothing.
import NIOCore

/// A server that integrations call. Hashed when a snapshot is installed, not per request: callers keep the
/// `UpstreamPool` that `UpstreamPools.pool(for:)` gives for it.
struct UpstreamTarget: Hashable, Sendable {
    /// What is checked of a TLS server's certificate.
    enum Verification: Hashable, Sendable {
        case full
        /// All but the authority that signed it. Source: `tlsConfig.insecureSkipVerification`.
        case skipAuthority
    }

    /// A name, or an IP address without brackets.
    var host: String
    var port: Int
    var isTLS = false
    /// The name to ask for and to check instead of `host`. Source: `tlsConfig.serverNameToVerify`.
    var serverName: String?
    var verification = Verification.full
    /// What is presented to a TLS server that asks for a certificate.
    var clientIdentity: ClientIdentity?
}

/// Limits of the calls of one worker.
struct UpstreamConfiguration: Sendable {
    var connectTimeoutMilliseconds: Int64 = 5000
    /// How long a connection is kept without a call. Below the 60 s that load balancers keep theirs.
    var idleTimeoutMilliseconds: Int64 = 55_000
    /// Idle connections that one pool keeps.
    var maximumIdleConnections = 256
    /// Connections of one pool, in use or not.
    var maximumConnections = 4096
    /// Calls of one pool that may wait for a connection; more fail as `saturated`.
    var maximumWaitingCalls = 4096
    /// How long a streamed response may be silent between its bytes.
    /// Source: API Gateway guide, "Stream the integration response", idle time-out of Regional and private APIs.
    var streamIdleMilliseconds: Int64 = 300_000
    /// Source: API Gateway quotas, payload size. Streamed responses have no limit.
    var maximumBodyBytes = 10 << 20
    var maximumHeadBytes = 64 << 10
    /// How often time-outs are looked for; a call ends at most this late.
    var tickMilliseconds: Int64 = 10
    var tls = UpstreamTLS()

    init() {}
}

/// Why there is no response.
enum UpstreamFailure: Error, Equatable, Sendable {
    /// The name has no address, the connection was refused, or took longer than the connect time-out.
    case connectFailed
    case tlsFailed
    /// The call's time is over, wherever it stood.
    case timeout
    /// The server closed before its response was whole.
    case closedEarly
    case malformed
    /// The response is larger than the limits.
    case tooLarge
    /// All connections are in use and the queue is full, or the pools are shut down.
    case saturated

    /// Why somebody could not be asked, for logs.
    func reason(timeoutMilliseconds: Int) -> String {
        switch self {
        case .connectFailed: "no connection can be made"
        case .tlsFailed: "TLS fails, or its certificate cannot be verified"
        case .timeout: "it does not answer within \(timeoutMilliseconds) ms"
        case .closedEarly, .malformed, .tooLarge: "its answer is broken off or no HTTP"
        case .saturated: "there are too many calls"
        }
    }
}

/// A whole response. The fields are spans into `head`, counted from its reader index; they and `headers` are valid
/// until the receiver returns, because the worker parses all its responses into one table.
struct UpstreamResponse {
    let status: Int
    let minorVersion: UInt8
    let reasonOffset: Int
    let reasonLength: Int
    let headLength: Int
    /// Begins with the status line; what follows the head in it is no business of the receiver's.
    let head: ByteBuffer
    let headers: HTTPHeaderTable
    /// Without chunk framing; empty after HEAD, 204 and 304.
    let body: ByteBuffer

    /// Bytes that the response holds.
    var bufferedBytes: Int { headLength + body.readableBytes }

    /// The bytes that the spans count in.
    @inline(__always)
    func withHeadBytes<Result>(_ read: (UnsafeRawBufferPointer) -> Result) -> Result {
        head.withUnsafeReadableBytes { read($0) }
    }
}

/// Takes the outcome of a call, on the loop, once, and never before `send` has returned. Not called after `cancel`.
protocol UpstreamReceiver: AnyObject {
    func upstreamDidReceive(_ response: UpstreamResponse)
    func upstreamDidFail(_ failure: UpstreamFailure)
}
