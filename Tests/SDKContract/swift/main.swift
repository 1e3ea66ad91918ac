import ContractSDK
import Foundation

// Runs every scenario of SCENARIOS.md and prints what each gave.
let tables = [
    authScenarios, wireScenarios, retryScenarios, timeScenarios, pagingScenarios, valueScenarios, errorScenarios,
    callScenarios,
]
var results: [String: JSON] = [:]
for table in tables {
    for (name, scenario) in table {
        do {
            results[name] = try await scenario()
        } catch {
            results[name] = ["crash": .string("\(error)")]
        }
    }
}
try FileHandle.standardOutput.write(contentsOf: Data(JSON.object(results).serialized() + [0x0A]))
