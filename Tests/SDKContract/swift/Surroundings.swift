import ContractSDK
import Foundation

typealias JSON = Contract.JSON

/// A scenario and what it gives.
typealias Scenario = @Sendable () async throws -> JSON

/// Scenarios by name, in the order of the document.
typealias Scenarios = [(name: String, run: Scenario)]

/// What stands around the program.
enum Surroundings {
    static let gateway = variable("CONTRACT_URL")
    static let echo = variable("CONTRACT_ECHO_URL")
    static let silent = variable("CONTRACT_SILENT_URL")
    static let refused = variable("CONTRACT_REFUSED_URL")
    static let vectors = variable("CONTRACT_VECTORS")

    private static func variable(_ name: String) -> String { ProcessInfo.processInfo.environment[name] ?? "" }
}

/// A client with what it was seen doing.
struct Subject: Sendable {
    let client: Contract.Client
    let recorder: Recorder

    /// A client as the document wants it, with changes of a scenario.
    init(_ url: String = Surroundings.gateway, _ configure: (inout Contract.ClientConfiguration) -> Void = { _ in }) {
        let recorder = Recorder()
        self.recorder = recorder
        client = Contract.Client(endpoint: .url(url)) { configuration in
            configuration.sleep = { await recorder.add(wait: $0) }
            configuration.random = { 0.5 }
            configuration.afterAttempt = { await recorder.add($0) }
            configure(&configuration)
        }
    }

    var attempts: JSON { get async { .array(await recorder.attempts) } }
    var waits: JSON { get async { .array(await recorder.waits.map { .integer($0) }) } }

    /// The error that a call ends with.
    func failure(_ call: () async throws -> Void) async throws -> JSON {
        do {
            try await call()
        } catch {
            return describe(error)
        }
        return "no error"
    }
}

/// Waits and attempts of a client.
actor Recorder {
    private(set) var waits: [Int64] = []
    private(set) var attempts: [JSON] = []
    private(set) var durations: [Duration] = []

    func add(wait: Duration) {
        let (seconds, attoseconds) = wait.components
        waits.append(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    func add(_ outcome: Contract.AttemptOutcome) {
        attempts.append(outcome.status.map { .integer(Int64($0)) } ?? "failed")
        durations.append(outcome.duration)
    }
}

/// Counts from 1 on.
actor Counter {
    private(set) var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}

/// An error as the document describes it.
func describe(_ error: any Error) -> JSON {
    guard error is any Contract.ClientError else {
        return ["error": "foreign", "type": .string(String(reflecting: type(of: error)))]
    }
    switch error {
    case let error as Contract.GatewayError:
        return [
            "error": "gateway", "status": .integer(Int64(error.status)), "errorType": text(error.errorType),
            "message": text(error.message), "requestId": .boolean(error.requestID != nil),
        ]
    case let error as Contract.NotFoundError: return declared(error, problem(error.body))
    case let error as Contract.ConflictError: return declared(error, thing(error.body))
    case let error as Contract.DefaultError: return declared(error, problem(error.body))
    case let error as any Contract.ResponseError:
        return ["error": "response", "status": .integer(Int64(error.status)), "message": text(error.message)]
    case let error as Contract.ResponseDecodingError:
        return ["error": "decoding", "path": .string(error.mismatch.path)]
    case is Contract.TransportError: return ["error": "transport"]
    case is Contract.TimeoutError: return ["error": "timeout"]
    case is Contract.MissingOptionError, is Contract.InvalidArgumentError: return ["error": "argument"]
    case is Contract.RepeatedTokenError: return ["error": "paging"]
    default: return ["error": .string("\(error)")]
    }
}

private func declared(_ error: any Contract.ResponseError, _ body: JSON) -> JSON {
    [
        "error": "declared", "status": .integer(Int64(error.status)), "message": text(error.message),
        "requestId": .boolean(error.requestID != nil), "body": body,
    ]
}

private func problem(_ problem: Contract.Problem) -> JSON {
    [
        "code": .string(problem.code), "message": .string(problem.message),
        "detail": problem.detail.map { .object($0.mapValues { .string($0) }) } ?? nil,
    ]
}

func thing(_ thing: Contract.Thing) -> JSON {
    ["id": .string(thing.id), "count": thing.count.map { .integer(Int64($0)) } ?? nil]
}

/// Text, or null.
func text(_ text: String?) -> JSON { text.map { .string($0) } ?? nil }

/// Bytes as text.
func text(_ data: Data) -> JSON { .string(String(decoding: data, as: UTF8.self)) }

/// Bytes as Base64.
func base64(_ data: Data) -> JSON { .string(data.base64EncodedString()) }

/// A list of texts.
func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

extension Contract.Echo {
    /// The values of a header, or null.
    func header(_ name: String) -> JSON { headers[name].map(list) ?? nil }
}
