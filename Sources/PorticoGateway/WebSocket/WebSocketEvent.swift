// Hot: once per event of a connection. Allocates: the event.

internal import NIOCore
internal import PorticoPrograms

/// What an exchange is in a WebSocket API.
final class WebSocketEvent {
    enum Kind: UInt8 {
        /// A client wants to connect: the exchange is its request.
        case connect
        /// A message: the exchange's body.
        case message
        /// The connection has ended.
        case disconnect
        /// A call of `@connections`: the exchange is a request of a backend.
        case call
    }

    let kind: Kind
    /// Who is at the other end; `nil` for calls.
    let peer: WebSocketPeer?
    /// The connection, once there is one.
    var connection: WebSocketConnection?
    /// The id of a message, as a range of the exchange's arena.
    var messageID = 0..<0
    /// Whether the message is of bytes.
    var isBinary = false
    /// Whether the answer says that something failed, which clients hear of also where routes have no response.
    var isError = false
    /// Whether the client was let in: the answer in the output turns the connection over.
    var isAccepted = false
    /// Why a connection has ended.
    var ending = WebSocketEnding.abnormal

    init(_ kind: Kind, peer: WebSocketPeer?, connection: WebSocketConnection? = nil) {
        self.kind = kind
        self.peer = peer
        self.connection = connection
    }

    /// `$context.eventType`
    var type: StaticString? {
        switch kind {
        case .connect: "CONNECT"
        case .message: "MESSAGE"
        case .disconnect: "DISCONNECT"
        case .call: nil
        }
    }
}

/// Why a connection has ended, as `$disconnect` hears of it.
struct WebSocketEnding {
    /// Close code. Source: RFC 6455, section 7.4.1.
    var code: Int
    /// What the client wrote; empty for what API Gateway says of the code.
    var reason: [UInt8] = []

    /// The client sent an empty close frame.
    static let withoutCode = WebSocketEnding(code: 1005)
    /// TCP ended, or went away, without a close frame.
    static let abnormal = WebSocketEnding(code: 1006)
    /// Idle too long, open too long, or the server ends.
    static let goingAway = WebSocketEnding(code: 1001)
    /// By a call of `@connections`.
    static let normal = WebSocketEnding(code: 1000)

    /// What a client's close frame holds, which is known to be right.
    init(closePayload payload: ByteBuffer) {
        self.init(code: payload.getInteger(at: payload.readerIndex, as: UInt16.self).map(Int.init) ?? 1005)
        reason = Array(payload.readableBytesView.dropFirst(2))
    }

    init(code: Int, reason: [UInt8] = []) {
        self.code = code
        self.reason = reason
    }

    /// Source: reference, "Events" (2.4): recorded for 1000 and 1005. Unconfirmed: the others.
    var text: StaticString {
        switch code {
        case 1000: "Connection Closed Normally"
        case 1001: "Going away"
        case 1002: "Protocol error"
        case 1003: "Unsupported data"
        case 1005: "Client-side close frame status not set"
        case 1006: "Connection closed abnormally"
        case 1007: "Invalid frame payload data"
        case 1008: "Policy violation"
        case 1009: "Message too big"
        case 1011: "Internal error"
        default: ""
        }
    }
}

/// What is known of a client as long as it is connected. Everything that its events say of it comes from here, so that
/// nothing of the request that connected it is kept.
final class WebSocketPeer {
    let id: ConnectionID
    /// Milliseconds since 1970.
    let connectedMilliseconds: Int
    /// When a message last went either way, since 1970.
    var activeMilliseconds: Int
    /// The head of the exchanges of its events: a request without body of the same path, host and agent.
    private(set) var head: [UInt8] = []
    /// `$context.authorizer`: pairs of name and value, each with its length before it.
    private var authorizer: [UInt8] = []
    private(set) var isAuthorized = false
    private(set) var sourceAddress = StaticBytes.empty
    private var addressPool = BytePool(chunkBytes: 48)
    private(set) var localPort = 0
    private(set) var facts: ConnectionFacts?
    private(set) var isTLS = false
    private(set) var domain: ServingDomain?
    private(set) var caller: ServingCaller?
    /// As the client names itself, if it does in no more than ``longestAgent`` bytes.
    private(set) var userAgent: String?

    init(id: ConnectionID, now: Int) {
        self.id = id
        connectedMilliseconds = now
        activeMilliseconds = now
    }

    /// Takes over from the request that has connected it what later events tell.
    func adopt(_ exchange: Exchange) {
        sourceAddress = addressPool.add(Array(exchange.sourceAddress.bytes))
        localPort = exchange.localPort
        facts = exchange.facts
        isTLS = exchange.isTLS
        domain = exchange.domain
        caller = exchange.access.caller
        isAuthorized = exchange.access.isAuthorized
        // Fields that templates, events and backends may see of every message.
        head = Array("POST ".utf8)
        head.append(contentsOf: exchange.path)
        head.append(contentsOf: Array(" HTTP/1.1\r\nHost: ".utf8))
        head.append(contentsOf: exchange.slice(exchange.head.hostOffset, exchange.head.hostLength))
        if let agent = exchange.headerValue(.userAgent), agent.count <= WebSocketPeer.longestAgent {
            head.append(contentsOf: Array("\r\nUser-Agent: ".utf8))
            head.append(contentsOf: agent)
            userAgent = String(decoding: agent, as: UTF8.self)
        }
        head.append(contentsOf: Array("\r\nContent-Type: application/json\r\n\r\n".utf8))
        for entry in exchange.access.values {
            append(exchange.arenaBytes(entry.name))
            append(exchange.arenaBytes(entry.value))
        }
    }

    /// A longer agent is forgotten rather than kept for hours.
    private static let longestAgent = 256

    private func append(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count)) { authorizer.append(contentsOf: $0) }
        authorizer.append(contentsOf: bytes)
    }

    /// Shows an exchange who is at the other end.
    func introduce(to exchange: Exchange) {
        exchange.sourceAddress = sourceAddress
        exchange.localPort = localPort
        exchange.isTLS = isTLS
        exchange.facts = facts
        exchange.domain = domain
    }

    /// Puts what the authorizer has said where templates and events read it.
    func restoreAccess(to exchange: Exchange) {
        exchange.access.isAuthorized = isAuthorized
        exchange.access.caller = caller
        guard !authorizer.isEmpty else { return }
        authorizer.withUnsafeBytes { bytes in
            var at = 0
            func next() -> UnsafeRawBufferPointer? {
                guard at &+ 4 <= bytes.count else { return nil }
                let count = Int(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                guard count <= bytes.count &- at &- 4 else { return nil }
                defer { at &+= 4 &+ count }
                return UnsafeRawBufferPointer(rebasing: bytes[at &+ 4..<at &+ 4 &+ count])
            }
            while let name = next(), let value = next() { exchange.addAuthorizerValue(name, value) }
        }
    }
}
