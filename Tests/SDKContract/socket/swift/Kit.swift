import Foundation
import SocketContractSDK

typealias JSON = SocketContract.JSON
typealias Socket = SocketContract.Socket

/// Scenarios by name, in the order of the document.
typealias Scenarios = [(name: String, run: @Sendable (Kit) async throws -> JSON)]

/// What stands around the program.
enum Surroundings {
    static let url = variable("CONTRACT_SOCKET_URL")
    static let silent = variable("CONTRACT_SILENT_URL")
    static let refused = variable("CONTRACT_REFUSED_URL")
    static let scenarios = Set(variable("CONTRACT_SCENARIOS").split(separator: ",").map(String.init))

    private static func variable(_ name: String) -> String { ProcessInfo.processInfo.environment[name] ?? "" }
}

/// The gateway's answer that scenarios let the server send.
let failureText = #"{"message":"Internal server error","connectionId":"c=","requestId":"r="}"#

/// What one scenario uses.
actor Kit {
    nonisolated let name: String
    private var sockets: [Socket] = []
    private(set) var waits: [Int64] = []
    private(set) var reconnects: Int64 = 0

    init(_ name: String) { self.name = name }

    /// A connection of a client with recordings.
    func connect(
        _ url: String = Surroundings.url + "/chat", room: String? = nil, tags: [String]? = nil, trace: String? = nil,
        _ configure: @Sendable (inout SocketContract.ClientConfiguration) -> Void = { _ in },
        options: @Sendable (inout Socket.Options) -> Void = { _ in }
    ) async throws -> Socket {
        let client = SocketContract.Client(endpoint: .url(url)) { configuration in
            configuration.apiKey = "contract-key-0123456789"
            configuration.region = "us-east-1"
            configuration.credentials = .fixed(
                .init(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
            configuration.sleep = { await self.add(wait: $0) }
            configuration.random = { 0.5 }
            configure(&configuration)
        }
        let socket = try await client.connect(
            room: room ?? name, tags: tags, xTrace: trace, options: .init(configure: options))
        sockets.append(socket)
        return socket
    }

    /// The hook of reconnecting that says `again`.
    nonisolated var again: @Sendable (Socket) async throws -> Void {
        { socket in
            await self.countReconnect()
            try await socket.say(.init(text: "again"))
        }
    }

    private func countReconnect() { reconnects += 1 }

    private func add(wait: Duration) {
        let (seconds, attoseconds) = wait.components
        waits.append(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    var recordedWaits: JSON { .array(waits.map { .integer($0) }) }

    /// The close frames of the scenario's room.
    func closes() async throws -> JSON { try await report(try await connect(), "closes") }

    func close() async {
        for socket in sockets { try? await socket.close() }
    }
}

/// What the first message after a command is.
func run(_ socket: Socket, _ name: String, text: String? = nil, number: Int32? = nil) async throws -> Socket.Message {
    try await socket.run(.init(name: name, text: text, number: number))
    return try await socket.receive(within: .seconds(30))
}

/// What a command reports.
func report(_ socket: Socket, _ name: String) async throws -> JSON { try texts(await run(socket, name)) }

struct Unexpected: Error {
    var message: Socket.Message
}

func texts(_ message: Socket.Message) throws -> JSON {
    guard case .report(let report) = message.value else { throw Unexpected(message: message) }
    return .array(report.texts.map { .string($0) })
}

func said(_ message: Socket.Message) throws -> SocketContract.Said {
    guard case .said(let said) = message.value else { throw Unexpected(message: message) }
    return said
}

/// What the gateway says of a message that failed, and which ids it tells.
func refusal(_ message: Socket.Message) throws -> JSON {
    guard case .messageFailure(let failure) = message.value else { throw Unexpected(message: message) }
    return [
        "message": text(failure.message), "connection": .boolean(!failure.connectionId.isEmpty),
        "request": .boolean(failure.requestId != nil), "messageId": .boolean(failure.messageId != nil),
    ]
}

/// The name of a message's type.
func kind(_ message: Socket.Message) -> String {
    switch message.value {
    case nil: "bytes"
    case .unknown: "unknown"
    case .said: "Said"
    case .report: "Report"
    case .joined: "Joined"
    case .messageFailure: "MessageFailure"
    }
}

/// The error that a call ends with.
func failure(_ call: () async throws -> Void) async -> JSON {
    do {
        try await call()
    } catch {
        return describe(error)
    }
    return "no error"
}

/// How receiving everything ends.
func rest(_ socket: Socket) async -> JSON {
    let result = await failure { for try await _ in socket {} }
    return result == "no error" ? "end" : result
}

/// An error as the document describes it.
func describe(_ error: any Error) -> JSON {
    switch error {
    case let error as SocketContract.ConnectionClosedError:
        return ["error": "closed", "code": .integer(Int64(error.code)), "reason": .string(error.reason)]
    case let error as SocketContract.GatewayError:
        return [
            "error": "gateway", "status": .integer(Int64(error.status)), "errorType": text(error.errorType),
            "message": text(error.message), "requestId": .boolean(error.requestID != nil),
        ]
    case let error as any SocketContract.ResponseError:
        return ["error": "response", "status": .integer(Int64(error.status)), "message": text(error.message)]
    case is SocketContract.TransportError: return ["error": "transport"]
    case is SocketContract.TimeoutError: return ["error": "timeout"]
    case is SocketContract.MissingOptionError, is SocketContract.InvalidArgumentError: return ["error": "argument"]
    default: return ["error": "foreign", "type": .string("\(error)")]
    }
}

/// Text, or null.
func text(_ text: String?) -> JSON { text.map { .string($0) } ?? nil }

/// What is deprecated, for callers who know.
protocol LooksAround {
    func lookAlone() async throws
    func look(_ message: JSON) async throws
}

extension SocketContract.MessageSocket: LooksAround where Incoming == SocketContract.IncomingMessage {
    @available(*, deprecated)
    func lookAlone() async throws { try await lookAround() }

    @available(*, deprecated)
    func look(_ message: JSON) async throws { try await lookAround(message) }
}
