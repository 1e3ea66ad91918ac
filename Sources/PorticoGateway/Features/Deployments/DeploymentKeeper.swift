internal import NIOPosix
internal import PorticoIR
internal import Synchronization

/// Reads what stages serve from the store of deployments, and again when it changes.
///
/// The store is waited for on a thread of NIO's pool, never on a loop. Any thread may ask.
final class DeploymentKeeper: Sendable {
    /// How often the store is looked at; a change counts within a second.
    static let interval = Duration.milliseconds(250)

    /// What was read.
    struct Reading: Sendable {
        var deployments: StageDeployments
        /// What there is to say that was not said before.
        var problems: [String]
    }

    private struct State {
        var mark: StoreMark?
        var api: String?
        var deployments = StageDeployments()
        /// Snapshots that some stage names, by deployment: each is decoded once.
        var snapshots: [String: DeploymentSnapshot] = [:]
        var said: Set<String> = []
    }

    private let store: (any DeploymentStore)?
    private let state = Mutex(State())

    init(store: (any DeploymentStore)?) {
        self.store = store
    }

    /// What the stages of an API serve now.
    func load(api: String) async -> Reading {
        let reading = try? await NIOThreadPool.singleton.runIfActive {
            self.state.withLock { state in
                if state.api != api { state.mark = nil }
                state.api = api
                return self.read(&state)
            }
        }
        return reading ?? Reading(deployments: StageDeployments(), problems: [])
    }

    /// Whether the store has changed since it was read.
    func hasChanged() async -> Bool {
        guard let store else { return false }
        let isOther = try? await NIOThreadPool.singleton.runIfActive {
            self.state.withLock { state -> Bool in
                guard let mark = try? store.changeMark() else { return false }
                return mark != state.mark
            }
        }
        return isOther ?? false
    }

    /// What was read before keeps counting while the store cannot be read.
    private func read(_ state: inout State) -> Reading {
        guard let store, let api = state.api else { return Reading(deployments: StageDeployments(), problems: []) }
        var problems: [String] = []
        do throws(DeploymentStoreError) {
            // The mark first: a change in between is seen at the next look.
            let mark = try store.changeMark()
            if mark != state.mark {
                let stages = try store.stages(ofAPI: api)
                var pins: [StageDeployments.Pin] = []
                var used: [String: DeploymentSnapshot] = [:]
                for stage in stages {
                    do throws(PinProblem) {
                        pins.append(try pin(stage, store, state.snapshots, &used))
                    } catch {
                        // The stage keeps what it serves; one that serves nothing follows the file.
                        problems.append("stage '\(stage.name)': \(error.reason)")
                        if let old = state.deployments.pins.first(where: { $0.stage.name == stage.name }) {
                            pins.append(old)
                        }
                    }
                }
                state.snapshots = used
                state.deployments.pins = pins
                state.mark = mark
            }
        } catch {
            problems.append("\(error); stages keep what they serve")
        }
        let news = problems.filter { !state.said.contains($0) }
        state.said = Set(problems)
        return Reading(deployments: state.deployments, problems: news)
    }

    private struct PinProblem: Error {
        var reason: String
    }

    private func pin(
        _ stage: StoredStage, _ store: any DeploymentStore, _ known: [String: DeploymentSnapshot],
        _ used: inout [String: DeploymentSnapshot]
    ) throws(PinProblem) -> StageDeployments.Pin {
        var found: [String: DeploymentSnapshot] = [:]
        for id in [stage.deployment, stage.settings] + [stage.canary?.deployment].compactMap({ $0 }) {
            if let snapshot = found[id] ?? used[id] ?? known[id] {
                found[id] = snapshot
                continue
            }
            do {
                guard let bytes = try store.snapshot(ofDeployment: id) else {
                    throw PinProblem(reason: "deployment '\(id)' is not there any more")
                }
                found[id] = try DeploymentSnapshot.decode(bytes)
            } catch let problem as PinProblem {
                throw problem
            } catch {
                throw PinProblem(reason: "deployment '\(id)' cannot be served: \(error)")
            }
        }
        guard let deployment = found[stage.deployment], let settings = found[stage.settings] else {
            throw PinProblem(reason: "its deployment is not there")
        }
        used.merge(found) { first, _ in first }
        return StageDeployments.Pin(
            stage: stage, deployment: deployment, settings: settings,
            canary: stage.canary.flatMap { found[$0.deployment] })
    }
}
