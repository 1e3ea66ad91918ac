import ContractSDK
import Foundation

/// Answers that are errors.
let errorScenarios: Scenarios = [
    ("errors.declared", { try await getting("missing") }),
    ("errors.declared-other", { try await getting("conflict") }),
    ("errors.default", { try await getting("teapot") }),
    ("errors.garbled", { try await getting("garbled") }),
    (
        "errors.undeclared",
        {
            let subject = Subject()
            return try await subject.failure { _ = try await subject.client.getUndeclared(id: "teapot") }
        }
    ),
    (
        "errors.raw",
        {
            do {
                _ = try await Subject().client.getUndeclared(id: "missing")
                return nil
            } catch let error as any Contract.ResponseError {
                return [
                    "type": text(error.headers["content-type"]), "wire": text(error.data),
                    "requestId": .boolean(error.requestID != nil),
                ]
            }
        }
    ),
    (
        "errors.gateway-route",
        {
            let subject = Subject(Surroundings.gateway + "/nothing")
            return try await subject.failure { _ = try await subject.client.getThing(id: "x") }
        }
    ),
    (
        "errors.gateway-key",
        {
            let subject = Subject { $0.apiKey = "wrong" }
            return try await subject.failure { _ = try await subject.client.callWithApiKey() }
        }
    ),
    (
        "errors.gateway-denied",
        {
            let subject = Subject { $0.token = .fixed("t") }
            return try await subject.failure { _ = try await subject.client.callWithBearer() }
        }
    ),
    (
        "errors.gateway-validator",
        {
            let subject = Subject()
            return try await subject.failure { _ = try await subject.client.createThing(body: .init(name: "")) }
        }
    ),
    ("errors.decoding-type", { try await reading("type") }),
    ("errors.decoding-missing", { try await reading("missing") }),
    ("errors.decoding-overflow", { try await reading("overflow") }),
    ("errors.decoding-text", { try await reading("text") }),
    (
        "errors.redirect",
        {
            let subject = Subject()
            let result = try await subject.failure { try await subject.client.callRedirect() }
            return ["result": result, "attempts": await subject.attempts]
        }
    ),
]

private func getting(_ id: String) async throws -> JSON {
    let subject = Subject()
    return try await subject.failure { _ = try await subject.client.getThing(id: id) }
}

private func reading(_ kind: String) async throws -> JSON {
    let subject = Subject()
    return try await subject.failure { _ = try await subject.client.readBroken(kind: kind) }
}
