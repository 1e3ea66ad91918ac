// Hot: no, runs when a snapshot is put into service and by a timer. Allocates: freely.

internal import NIOPosix
internal import PorticoIR
internal import Synchronization

/// Reads the credentials of a server's outgoing calls, and reads them anew when they change.
///
/// Files and processes are waited for on a thread of NIO's pool, never on a loop. Any thread may ask.
final class CredentialKeeper: Sendable {
    /// How often it is looked for changes; a look costs the times of two files.
    static let interval = Duration.seconds(5)

    /// Credentials, numbered in the order in which they were read: later ones stay when earlier ones come late.
    struct Update: Sendable {
        var table: CredentialTable
        var number: Int
    }

    private struct State {
        var loader: CredentialLoader?
        var number = 0
    }

    private let environment: [String: String]
    private let directory: String
    private let state = Mutex(State())

    /// - Parameter directory: what paths of the document are relative to.
    init(environment: [String: String], directory: String = ".") {
        self.environment = environment
        self.directory = directory
    }

    /// The credentials for the calls of a snapshot; `nil` if it calls nothing that is signed.
    func load(_ snapshot: DeploymentSnapshot) async -> Update? {
        guard snapshot.callsAWS else {
            state.withLock { $0.loader = nil }
            return nil
        }
        return await onThread { [directory] state, environment in
            let loader = CredentialLoader(
                environment: environment, identities: snapshot.identities.map(\.identity), directory: directory)
            state.loader = loader
            return loader.load(nowMilliseconds: wallClockMilliseconds())
        }
    }

    /// New credentials, if there are any.
    func reloadIfNeeded() async -> Update? {
        await onThread { state, _ in state.loader?.reloadIfNeeded(nowMilliseconds: wallClockMilliseconds()) }
    }

    private func onThread(
        _ body: @escaping @Sendable (inout State, [String: String]) -> CredentialTable?
    ) async -> Update? {
        let found = try? await NIOThreadPool.singleton.runIfActive { () -> Update? in
            self.state.withLock { state in
                guard let table = body(&state, self.environment) else { return nil }
                state.number += 1
                return Update(table: table, number: state.number)
            }
        }
        return found ?? nil
    }
}

extension DeploymentSnapshot {
    /// Whether some integration calls AWS, or access logs go there, or functions call the connections of the API.
    var callsAWS: Bool {
        webSocket != nil
            || integrations.contains { $0.kind == .aws || $0.kind == .awsProxy }
            || stages.contains { $0.accessLog?.destination.contains(":firehose:") == true }
    }
}

extension IdentityEntry {
    /// As the document has it.
    fileprivate var identity: Identity {
        Identity(
            name: Located(name), arn: arn.map { Located($0) }, accessKeyID: accessKeyID,
            secretAccessKey: secretAccessKey, sessionToken: sessionToken)
    }
}
