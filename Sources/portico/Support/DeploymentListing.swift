import Crypto
import PorticoGateway
import PorticoIR
import PorticoSyntax

/// Deployments as a table for people and as JSON for programs.
enum DeploymentListing {
    static func table(_ deployments: [StoredDeployment], _ stages: [StoredStage]) -> String {
        var table = TextTable()
        table.add("ID", "CREATED", "SERVED BY", "DESCRIPTION")
        for deployment in deployments {
            table.add(
                deployment.id, TimeText.iso8601(milliseconds: deployment.createdMilliseconds),
                serving(deployment, stages), deployment.description)
        }
        return table.text
    }

    /// `prod, beta (canary, 10 %)`
    private static func serving(_ deployment: StoredDeployment, _ stages: [StoredStage]) -> String {
        var parts: [String] = []
        for stage in stages {
            if stage.deployment == deployment.id { parts.append(stage.name) }
            if let canary = stage.canary, canary.deployment == deployment.id {
                parts.append("\(stage.name) (canary, \(PercentText.text(canary.percentTraffic)) %)")
            }
        }
        return parts.isEmpty ? "-" : parts.joined(separator: ", ")
    }

    /// Members are named after API Gateway's Deployment; `stages` and `canaries` are Portico's.
    static func json(_ deployment: StoredDeployment, _ stages: [StoredStage]) -> JSONValue {
        .object([
            JSONMember("id", .string(deployment.id)),
            JSONMember("description", .string(deployment.description)),
            JSONMember("createdDate", .string(TimeText.iso8601(milliseconds: deployment.createdMilliseconds))),
            JSONMember(
                "stages", .array(stages.filter { $0.deployment == deployment.id }.map { .string($0.name) })),
            JSONMember(
                "canaries",
                .array(
                    stages.compactMap { stage in
                        guard let canary = stage.canary, canary.deployment == deployment.id else { return nil }
                        return .object([
                            JSONMember("stageName", .string(stage.name)),
                            JSONMember("percentTraffic", .number(PercentText.text(canary.percentTraffic))),
                        ])
                    })),
        ])
    }
}

/// Stages as JSON.
enum StageListing {
    /// Members are named after API Gateway's Stage.
    static func json(_ stage: StoredStage) -> JSONValue {
        var members = [
            JSONMember("stageName", .string(stage.name)),
            JSONMember("deploymentId", .string(stage.deployment)),
            JSONMember("settingsDeploymentId", .string(stage.settings)),
            JSONMember("variables", variables(stage.variables)),
        ]
        if let canary = stage.canary {
            members.append(
                JSONMember(
                    "canarySettings",
                    .object([
                        JSONMember("percentTraffic", .number(PercentText.text(canary.percentTraffic))),
                        JSONMember("deploymentId", .string(canary.deployment)),
                        JSONMember("stageVariableOverrides", variables(canary.overrides)),
                        JSONMember("useStageCache", .boolean(canary.usesStageCache)),
                    ])))
        }
        members.append(
            JSONMember("lastUpdatedDate", .string(TimeText.iso8601(milliseconds: stage.updatedMilliseconds))))
        return .object(members)
    }

    private static func variables(_ variables: [StoredVariable]) -> JSONValue {
        .object(variables.map { JSONMember($0.name, .string($0.value)) })
    }
}

/// Percent as API Gateway takes it.
enum PercentText {
    /// `10`, `0.5`
    static func text(_ percent: Double) -> String {
        percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    }

    /// 0 to 100, with fractions; `nil` for anything else.
    static func percent(_ text: String) -> Double? {
        guard let value = Double(text), (0...100).contains(value) else { return nil }
        return value
    }
}

/// Ids of deployments: ten base-36 characters, another one each time, also of the same bytes.
enum DeploymentID {
    static func make(_ snapshot: [UInt8], atMilliseconds now: Int) -> String {
        var hash = SHA256()
        hash.update(data: snapshot)
        var generator = SystemRandomNumberGenerator()
        for number in [UInt64(truncatingIfNeeded: now), generator.next(), generator.next()] {
            withUnsafeBytes(of: number) { hash.update(bufferPointer: $0) }
        }
        var rest = hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var text: [UInt8] = []
        for _ in 0..<10 {
            text.append(RandomText.base36[Int(rest % 36)])
            rest /= 36
        }
        return String(decoding: text, as: UTF8.self)
    }
}
