import ContractSDK
import Foundation

/// Trying again.
let retryScenarios: Scenarios = [
    (
        "retry.throttled",
        {
            let subject = Subject()
            return await seen(subject, try await subject.client.retryGet(plan: "throttled"))
        }
    ),
    (
        "retry.throttled-post",
        {
            let subject = Subject()
            return await seen(subject, try await subject.client.retryPost(plan: "throttled"))
        }
    ),
    (
        "retry.flaky",
        {
            let subject = Subject()
            return await seen(subject, try await subject.client.retryGet(plan: "flaky"))
        }
    ),
    (
        "retry.flaky-post",
        {
            let subject = Subject()
            return try await failed(subject) { _ = try await subject.client.retryPost(plan: "flaky") }
        }
    ),
    (
        "retry.flaky-post-key",
        {
            let subject = Subject()
            let attempt = try await subject.client.retryPost(plan: "flaky", options: .init(idempotencyKey: "key-1"))
            return await seen(subject, attempt, with: "idempotencyKey", text(attempt.idempotencyKey))
        }
    ),
    (
        "retry.exhausted",
        {
            let subject = Subject()
            return try await failed(subject) { _ = try await subject.client.retryGet(plan: "dead") }
        }
    ),
    (
        "retry.never",
        {
            let subject = Subject { $0.maxRetries = 0 }
            return try await failed(subject) { _ = try await subject.client.retryGet(plan: "dead") }
        }
    ),
    (
        "retry.longest-wait",
        {
            let subject = Subject { $0.maxRetries = 9 }
            _ = try await subject.failure { _ = try await subject.client.retryGet(plan: "dead") }
            return await subject.waits
        }
    ),
    (
        "retry.patient",
        {
            let subject = Subject()
            return try await failed(subject) { _ = try await subject.client.retryGet(plan: "patient") }
        }
    ),
    (
        "retry.past-deadline",
        {
            let subject = Subject { $0.deadline = .seconds(1) }
            return try await failed(subject) { _ = try await subject.client.retryGet(plan: "throttled") }
        }
    ),
    (
        "retry.date",
        {
            let subject = Subject(Surroundings.echo + "/date")
            _ = try await subject.client.callQuery()
            let waits = await subject.recorder.waits
            let isRight = waits.count == 1 && waits.allSatisfy { (7000...10_000).contains($0) }
            return ["attempts": await subject.attempts, "waited": .boolean(isRight)]
        }
    ),
    (
        "retry.refused",
        {
            let subject = Subject(Surroundings.refused)
            return try await failed(subject) { _ = try await subject.client.retryGet(plan: "x") }
        }
    ),
    (
        "retry.refused-post",
        {
            let subject = Subject(Surroundings.refused)
            return try await failed(subject) { _ = try await subject.client.retryPost(plan: "x") }
        }
    ),
    (
        "retry.broken",
        {
            let subject = Subject(Surroundings.echo + "/broken")
            let echo = try await subject.client.callQuery()
            return ["method": .string(echo.method), "attempts": await subject.attempts]
        }
    ),
    (
        "retry.truncated",
        {
            let subject = Subject(Surroundings.echo + "/truncated")
            let result = try await subject.failure { _ = try await subject.client.callQuery() }
            return ["result": result, "attempts": await subject.attempts]
        }
    ),
    (
        "retry.hooks",
        {
            let before = Counter()
            let numbers = Numbers()
            let subject = Subject {
                $0.beforeAttempt = { attempt in
                    _ = await before.next()
                    await numbers.add(attempt.number)
                    attempt.headers["X-Hook"] = "attempt-\(attempt.number)"
                }
            }
            let attempt = try await subject.client.retryGet(plan: "flaky")
            let durations = await subject.recorder.durations
            return [
                "hook": text(attempt.hook), "before": .array(await numbers.all.map { .integer(Int64($0)) }),
                "after": await subject.attempts, "durations": .boolean(durations.allSatisfy { $0 >= .zero }),
            ]
        }
    ),
]

/// What hooks saw.
private actor Numbers {
    private(set) var all: [Int] = []

    func add(_ number: Int) { all.append(number) }
}

private func seen(
    _ subject: Subject, _ attempt: Contract.Attempt, with name: String? = nil, _ value: JSON = nil
) async -> JSON {
    var result: [String: JSON] = [
        "attempt": .string(attempt.attempt), "attempts": await subject.attempts, "waits": await subject.waits,
    ]
    if let name { result[name] = value }
    return .object(result)
}

private func failed(_ subject: Subject, _ call: () async throws -> Void) async throws -> JSON {
    let result = try await subject.failure(call)
    return ["result": result, "attempts": await subject.attempts, "waits": await subject.waits]
}
