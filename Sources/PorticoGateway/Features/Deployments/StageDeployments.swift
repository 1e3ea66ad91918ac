internal import PorticoIR

/// One version of a stage: what it serves, with which settings.
struct StageRelease: Sendable {
    let snapshot: DeploymentSnapshot
    /// The stage as it fits the snapshot.
    let stage: StageEntry
    let deploymentID: String
    let isCanary: Bool
}

/// A stage with all that it serves.
struct StageVersions: Sendable {
    var base: StageRelease
    /// The canary, and how many percent of the requests it gets.
    var canary: (release: StageRelease, percent: Double)?
}

/// What stages serve that do not follow the file: deployments of a store, read.
///
/// *Source:* reference, "Stages, deployments, stage variables" (4.2) and "Canary" (4.3): a deployment is immutable, the
/// settings of its stage are live.
struct StageDeployments: Sendable {
    /// A stage of the store with the snapshots that it names.
    struct Pin: Sendable {
        var stage: StoredStage
        var deployment: DeploymentSnapshot
        var settings: DeploymentSnapshot
        var canary: DeploymentSnapshot?
    }

    var pins: [Pin] = []

    /// All stages: those of the file in its order, in which a deployment stands instead of the file, then those that only
    /// the store has.
    func releases(of snapshot: DeploymentSnapshot) -> [StageVersions] {
        var releases = snapshot.stages.map { stage in
            pins.first { $0.stage.name == stage.name }.flatMap(StageDeployments.versions)
                ?? StageDeployments.versions(of: stage, in: snapshot)
        }
        for pin in pins where !snapshot.stages.contains(where: { $0.name == pin.stage.name }) {
            if let versions = StageDeployments.versions(of: pin) { releases.append(versions) }
        }
        return releases
    }

    /// A stage that follows the file. Its canary is the same version with other variables.
    private static func versions(of stage: StageEntry, in snapshot: DeploymentSnapshot) -> StageVersions {
        let id = snapshot.identity.deploymentID
        var versions = StageVersions(
            base: StageRelease(snapshot: snapshot, stage: stage, deploymentID: id, isCanary: false))
        if let canary = stage.canary {
            var overridden = stage
            overridden.override(canary.overrides)
            versions.canary = (
                StageRelease(snapshot: snapshot, stage: overridden, deploymentID: id, isCanary: true),
                canary.percentTraffic
            )
        }
        return versions
    }

    /// A stage that serves a deployment; `nil` if the one with its settings does not have the stage.
    private static func versions(of pin: Pin) -> StageVersions? {
        guard var settings = pin.settings.stages.first(where: { $0.name == pin.stage.name }) else { return nil }
        settings.canary = nil
        func release(_ snapshot: DeploymentSnapshot, _ id: String, canary: StoredCanary?, isCanary: Bool)
            -> StageRelease
        {
            var stage = snapshot.adopting(settings, of: pin.settings)
            stage.override(snapshot.values(of: pin.stage.variables))
            if let canary {
                let overrides = snapshot.values(of: canary.overrides)
                stage.canary = CanaryEntry(
                    percentTraffic: canary.percentTraffic, overrides: overrides, deploymentID: canary.deployment,
                    usesStageCache: canary.usesStageCache)
                if isCanary { stage.override(overrides) }
            }
            return StageRelease(snapshot: snapshot, stage: stage, deploymentID: id, isCanary: isCanary)
        }
        let canary = pin.stage.canary
        var versions = StageVersions(
            base: release(pin.deployment, pin.stage.deployment, canary: canary, isCanary: false))
        if let canary, let snapshot = pin.canary {
            versions.canary = (
                release(snapshot, canary.deployment, canary: canary, isCanary: true), canary.percentTraffic
            )
        }
        return versions
    }
}

extension StageEntry {
    /// Puts values over those of the stage, where there are any.
    fileprivate mutating func override(_ values: [String?]) {
        for (slot, value) in values.enumerated() where slot < variables.count {
            if let value { variables[slot] = value }
        }
    }
}

extension DeploymentSnapshot {
    /// Values by slot of this snapshot; those that it never reads are left out.
    fileprivate func values(of variables: [StoredVariable]) -> [String?] {
        symbols.stageVariables.map { name in variables.last { $0.name == name }?.value }
    }

    /// The settings of a stage of another version, by the methods and variables of this one. Methods that the other
    /// version lacks have the settings of requests to no method.
    fileprivate func adopting(_ stage: StageEntry, of other: DeploymentSnapshot) -> StageEntry {
        guard other !== self else { return stage }
        var adopted = stage
        var values: [String: String] = [:]
        for (name, value) in zip(other.symbols.stageVariables, stage.variables) { values[name] = value }
        adopted.variables = symbols.stageVariables.map { values[$0] }
        guard !stage.settings.isEmpty else { return adopted }
        var known: [String: MethodSetting] = [:]
        for (index, method) in other.methods.enumerated() {
            known["\(method.verb) \(other.resources[method.resource].path)"] = stage.setting(ofMethod: index)
        }
        adopted.settings = methods.map {
            known["\($0.verb) \(resources[$0.resource].path)"] ?? stage.defaultSetting
        }
        return adopted
    }
}
