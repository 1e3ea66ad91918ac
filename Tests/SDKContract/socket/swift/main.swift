import Foundation
import SocketContractSDK

// Runs the scenarios of SCENARIOS.md that are asked for and prints what each gave.
var results: [String: JSON] = [:]
let all = messageScenarios + protocolScenarios + endScenarios + openScenarios
for (name, scenario) in all where Surroundings.scenarios.contains("socket.\(name)") {
    let kit = Kit("socket.\(name)")
    do {
        results[kit.name] = try await scenario(kit)
    } catch {
        results[kit.name] = ["crash": .string("\(error)")]
    }
    await kit.close()
}
try FileHandle.standardOutput.write(contentsOf: Data(JSON.object(results).serialized() + [0x0A]))
