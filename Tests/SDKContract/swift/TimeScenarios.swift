import ContractSDK
import Foundation

/// Time: these wait for real.
let timeScenarios: Scenarios = [
    (
        "time.attempt",
        {
            let subject = Subject(Surroundings.silent) {
                $0.attemptTimeout = .milliseconds(200)
                $0.maxRetries = 1
            }
            let result = try await subject.failure { _ = try await subject.client.retryGet(plan: "x") }
            return ["result": result, "attempts": await subject.attempts, "waits": await subject.waits]
        }
    ),
    (
        "time.slow-body",
        {
            let subject = Subject(Surroundings.echo + "/slow") {
                $0.attemptTimeout = .milliseconds(300)
                $0.maxRetries = 0
            }
            let result = try await subject.failure { _ = try await subject.client.callQuery() }
            return ["result": result, "attempts": await subject.attempts]
        }
    ),
    (
        "time.deadline",
        {
            let subject = Subject(Surroundings.silent) { $0.deadline = .milliseconds(300) }
            let start = ContinuousClock.now
            let result = try await subject.failure { _ = try await subject.client.retryGet(plan: "x") }
            let isQuick = ContinuousClock.now - start < .seconds(5)
            return ["result": result, "attempts": await subject.attempts, "quick": .boolean(isQuick)]
        }
    ),
    (
        "time.cancel",
        {
            let subject = Subject(Surroundings.silent)
            let start = ContinuousClock.now
            let call = Task { _ = try await subject.client.retryGet(plan: "x") }
            try await Task.sleep(for: .milliseconds(100))
            call.cancel()
            var isCancelled = false
            if case .failure(let error) = await call.result { isCancelled = error is CancellationError }
            let isQuick = ContinuousClock.now - start < .seconds(5)
            return ["cancelled": .boolean(isCancelled), "waits": await subject.waits, "quick": .boolean(isQuick)]
        }
    ),
]
