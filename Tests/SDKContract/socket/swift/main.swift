import Foundation
import SocketContractSDK

// Runs every scenario of SCENARIOS.md and prints what each gave.
var results: [String: JSON] = [:]
for (name, scenario) in messageScenarios + protocolScenarios + endScenarios + openScenarios {
    let kit = Kit("socket.\(name)")
    do {
        results[kit.name] = try await scenario(kit)
    } catch {
        results[kit.name] = ["crash": .string("\(error)")]
    }
    await kit.close()
}
try FileHandle.standardOutput.write(contentsOf: Data(JSON.object(results).serialized() + [0x0A]))
