import PorticoGateway
import PorticoIR
import PorticoSyntax

/// A key that is about to be stored, with its value.
struct NewAPIKey {
    var name: String
    var value: String
    var description = ""
    var isEnabled = true
    var usagePlans: [String] = []

    /// Characters of a value that the store keeps, to tell keys apart.
    static let prefixLength = 4

    /// As the store keeps it.
    func stored(atMilliseconds now: Int) -> StoredAPIKey {
        StoredAPIKey(
            id: RandomText.make(10, of: RandomText.base36), name: name, digest: APIKeyHash.digest(of: value),
            prefix: String(value.prefix(Self.prefixLength)), description: description, isEnabled: isEnabled,
            usagePlans: usagePlans, createdMilliseconds: now, updatedMilliseconds: now)
    }

    /// What is wrong with it, in words that do not repeat its value.
    func problem(_ plans: [UsagePlanSummary]) -> String? {
        if name.isEmpty { return "the name is empty" }
        if name.count > APIKeyValue.longestName {
            return "the name has \(name.count) characters; API Gateway takes \(APIKeyValue.longestName)"
        }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "the name has control characters"
        }
        if let problem = APIKeyValue.problem(value) { return "the value \(problem)" }
        return planProblem(plans)
    }

    private func planProblem(_ plans: [UsagePlanSummary]) -> String? {
        if usagePlans.count > APIKeyValue.mostPlans {
            return "\(usagePlans.count) usage plans; API Gateway allows \(APIKeyValue.mostPlans)"
        }
        var planOfStage: [String: String] = [:]
        for name in usagePlans {
            guard let plan = plans.first(where: { $0.name == name }) else {
                if plans.isEmpty { return "there is no usage plan '\(name)': the spec has no 'x-portico-usage-plans'" }
                let names = plans.map(\.name)
                let advice = TypoDetector.closest(to: name, in: names).map { "did you mean '\($0)'?" }
                return "there is no usage plan '\(name)'; "
                    + (advice ?? "the spec has \(names.map { "'\($0)'" }.joined(separator: ", "))")
            }
            for stage in plan.stages {
                guard let other = planOfStage.updateValue(name, forKey: stage) else { continue }
                return other == name
                    ? "usage plan '\(name)' is named twice"
                    : "usage plans '\(other)' and '\(name)' both have stage '\(stage)'; a key is in at most one plan of a "
                        + "stage"
            }
        }
        return nil
    }
}

/// Texts that nobody can guess.
enum RandomText {
    static let base36 = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    static let alphanumeric = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Draws each character from the system's generator, all with the same chance.
    static func make(_ length: Int, of characters: [UInt8]) -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<length).map { _ in characters[Int.random(in: 0..<characters.count, using: &generator)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
