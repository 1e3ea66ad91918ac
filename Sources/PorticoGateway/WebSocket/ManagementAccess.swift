// Hot: once per call of `@connections` by a key that no identity has. Allocates: once per key.

internal import PorticoIR
internal import PorticoPrograms

/// Who may call `@connections` beside the identities of the document: whoever has the credentials that Portico itself has,
/// which local functions find in their environment, or, where there are none, keys that are made for those functions.
final class ManagementAccess {
    private var known: [CallerTable.Entry] = []

    /// The caller of that key; `nil` for any other key.
    func entry(_ accessKeyID: UnsafeRawBufferPointer, _ exchange: Exchange) -> CallerTable.Entry? {
        guard exchange.webSocket?.kind == .call, let stage = exchange.stage else { return nil }
        let worker = exchange.worker
        let own = [worker.credentials.fallback.credentials, worker.functionKeys?.credentials].compactMap { $0 }
        let found = own.first { $0.accessKeyIDBytes.withUnsafeBytes { bytesEqual($0, accessKeyID) } }
        guard let credentials = found else { return nil }
        let account = stage.accountID.text
        if let entry = known.first(where: { $0.credentials === credentials && $0.caller.account.text == account }) {
            return entry
        }
        // The account's own: it owns the connections.
        let entry = CallerTable.Entry(
            arn: "arn:aws:iam::\(account):root", account: account, credentials: credentials, policies: [])
        if known.count >= 8 { known.removeFirst() }
        known.append(entry)
        return entry
    }
}

/// Keys for functions that Portico runs where it has no credentials of its own: good for calls of `@connections` alone.
struct FunctionKeys: Sendable {
    let credentials: SigningCredentials
    let secretAccessKey: String

    /// Makes keys by chance.
    init?() {
        var random = SystemRandomNumberGenerator()
        func text(_ count: Int, _ letters: String) -> String {
            let letters = Array(letters.utf8)
            return String(
                decoding: (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] },
                as: UTF8.self)
        }
        let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        secretAccessKey = text(40, capitals + capitals.lowercased() + "0189")
        // Source: IAM User Guide, "Unique identifiers": keys of 20 characters begin with AKIA.
        guard
            let credentials = try? SigningCredentials(
                accessKeyID: "AKIA" + text(16, capitals), secretAccessKey: secretAccessKey)
        else { return nil }
        self.credentials = credentials
    }
}

extension DeploymentSnapshot {
    /// What functions that call `@connections` find in their environment, unless they or Portico say otherwise.
    ///
    /// - Parameter keys: what they sign with, if Portico has nothing.
    /// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
    func connectionVariables(port: Int, keys: FunctionKeys?) -> [EnvironmentVariable] {
        guard webSocket != nil, let stage = stages.first else { return [] }
        var variables: [EnvironmentVariable] = []
        if port > 0 {
            variables.append(
                EnvironmentVariable(
                    name: "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", value: "http://127.0.0.1:\(port)/\(stage.name)"))
        }
        if let keys {
            variables.append(EnvironmentVariable(name: "AWS_ACCESS_KEY_ID", value: keys.credentials.accessKeyID))
            variables.append(EnvironmentVariable(name: "AWS_SECRET_ACCESS_KEY", value: keys.secretAccessKey))
        }
        return variables
    }
}
