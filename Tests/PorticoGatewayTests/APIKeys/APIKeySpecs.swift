import PorticoIR
import PorticoTestSupport
import Synchronization

@testable import PorticoGateway

/// Specs whose methods need API keys.
enum APIKeySpecs {
    static let scheme = "components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}"

    /// What the mock integrations answer: the caller's key as templates see it.
    static let echo = "$context.identity.apiKey|$context.identity.apiKeyId"

    /// Values by the name of their key.
    static func value(_ name: String) -> String { name + String(repeating: "0", count: 30 - name.count) }

    static let keys = """
        x-portico-stages: {prod: {}, test: {}, free: {}}
        x-portico-usage-plans:
          gold: {throttle: {rateLimit: 0.5, burstLimit: 7000}, quota: {limit: 9000, period: WEEK, offset: 2},
                 apiStages: [{stage: prod, throttle: {"/open/GET": {rateLimit: 3}, "/key/GET": {burstLimit: 4}}}, test]}
          silver: {apiStages: [test]}
          bare:
        x-portico-api-keys:
          - {name: golden, value: \(value("golden")), usagePlans: [gold]}
          - {name: silver, value: \(value("silver")), usagePlans: [silver]}
          - {name: off, value: \(value("off")), usagePlans: [gold], enabled: false}
          - {name: bare, value: \(value("bare")), usagePlans: [bare]}
          - {name: none, value: \(value("none"))}
          - {name: env, value: "${env.ACME_KEY}", usagePlans: [gold]}
        """

    static func methods(_ integration: String = mock(echo)) -> [SpecOperation] {
        [
            SpecOperation("GET /key", integration, "security: [{key: []}]"),
            SpecOperation("GET /open", integration),
        ]
    }

    static func document(_ root: String = keys, _ methods: [SpecOperation] = methods()) -> String {
        spec(root: root + "\n" + scheme, methods)
    }
}

/// Keys in memory, changed while a server runs.
final class MemoryKeyStore: APIKeyStore {
    private let state = Mutex((keys: [StoredAPIKey](), changes: Int64(0), problem: String?.none))

    func change(_ body: (inout [StoredAPIKey]) -> Void) {
        state.withLock {
            body(&$0.keys)
            $0.changes += 1
        }
    }

    /// Nothing can be read until it is `nil` again.
    func fail(_ problem: String?) { state.withLock { $0.problem = problem } }

    private func read<Value>(
        _ body: ([StoredAPIKey], Int64) -> Value
    ) throws(APIKeyStoreError) -> Value {
        let (keys, changes, problem) = state.withLock { $0 }
        if let problem { throw .unusable(path: "memory", reason: problem) }
        return body(keys, changes)
    }

    func changeMark() throws(APIKeyStoreError) -> APIKeyStoreMark { try read { APIKeyStoreMark([$1]) } }
    func keys() throws(APIKeyStoreError) -> [StoredAPIKey] { try read { keys, _ in keys } }
    func add(_ keys: [StoredAPIKey]) throws(APIKeyStoreError) { change { $0 += keys } }
    func setEnabled(_: Bool, key: String, atMilliseconds: Int) throws(APIKeyStoreError) -> StoredAPIKey {
        throw .unknownKey(key)
    }
    func delete(key: String) throws(APIKeyStoreError) -> StoredAPIKey { throw .unknownKey(key) }
}

extension StoredAPIKey {
    /// A stored key whose value is made of its name.
    static func named(_ name: String, isEnabled: Bool = true, plans: [String] = ["gold"]) -> StoredAPIKey {
        StoredAPIKey(
            id: "id" + name, name: name, digest: APIKeyHash.digest(of: APIKeySpecs.value(name)), prefix: "",
            isEnabled: isEnabled, usagePlans: plans, createdMilliseconds: 0, updatedMilliseconds: 0)
    }
}

/// Takes the lines of execution logs.
final class LogCollector: Sendable {
    private let bytes = Mutex([UInt8]())

    func take(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
