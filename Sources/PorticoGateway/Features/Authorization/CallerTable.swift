// Hot: read once per signed request. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// The identities that may sign requests, by access key id. Immutable; any thread.
final class CallerTable: Sendable {
    /// An identity with its keys and what its policies allow.
    final class Entry: Sendable {
        let caller: ServingCaller
        let credentials: SigningCredentials
        let policies: [PolicyProgram]
        /// Whether it is the account's own, which policies of its own do not bind.
        let isRoot: Bool

        init(
            arn: String, account: String, credentials: SigningCredentials, policies: [PolicyProgram],
            pool: BytePool = BytePool(chunkBytes: 256)
        ) {
            caller = ServingCaller(
                arn: arn, account: account, userID: CallerTable.userID(arn), credentials: credentials, pool: pool)
            self.credentials = credentials
            self.policies = policies
            isRoot = arn.hasSuffix(":root")
        }
    }

    private let entries: [Entry]
    /// Open addressing: positions of ``entries`` by hash, -1 where there is none.
    private let slots: [Int32]
    private let seed: UInt64
    /// Who knows further identities.
    let endpoint: IdentityEndpointClient?
    /// Why some identities cannot sign, for a person to read.
    let problems: [String]

    init(_ snapshot: DeploymentSnapshot, _ secrets: SecretText) {
        let pool = BytePool()
        var entries: [Entry] = []
        var problems: [String] = []
        for (index, identity) in snapshot.identities.enumerated() where snapshot.checksSignatures {
            do {
                let credentials = try Self.credentials(identity, secrets)
                let account = identity.account ?? identity.arn.flatMap(Self.account) ?? snapshot.identity.accountID
                entries.append(
                    Entry(
                        arn: identity.arn ?? "arn:aws:iam::\(account):user/\(identity.name)", account: account,
                        credentials: credentials, policies: snapshot.access.policies(ofIdentity: index), pool: pool))
            } catch {
                problems.append("identity '\(identity.name)' cannot sign requests: \(error)")
            }
        }
        var endpoint: IdentityEndpointClient?
        if let entry = snapshot.access.identityEndpoint, snapshot.checksSignatures {
            do {
                endpoint = try IdentityEndpointClient(entry, secrets)
            } catch {
                problems.append("'\(entry.name)' cannot be asked for identities: \(error)")
            }
        }
        self.endpoint = endpoint
        var count = 8
        while count < entries.count * 2 { count *= 2 }
        let seed = UInt64.random(in: .min ... .max)
        var slots = [Int32](repeating: -1, count: count)
        for (index, entry) in entries.enumerated() {
            var place = entry.credentials.accessKeyIDBytes.withUnsafeBytes { Self.hash($0, seed) } & (count - 1)
            // Of two identities with one key the first counts; the importer warns.
            while slots[place] >= 0 { place = (place + 1) & (count - 1) }
            slots[place] = Int32(index)
        }
        self.entries = entries
        self.slots = slots
        self.seed = seed
        self.problems = problems
    }

    /// The identity of an access key id, which is no secret.
    func entry(_ accessKeyID: UnsafeRawBufferPointer) -> Entry? {
        guard !entries.isEmpty else { return nil }
        let mask = slots.count &- 1
        var place = Self.hash(accessKeyID, seed) & mask
        while slots[place] >= 0 {
            let entry = entries[Int(slots[place])]
            if entry.credentials.accessKeyIDBytes.withUnsafeBytes({ bytesEqual($0, accessKeyID) }) { return entry }
            place = (place &+ 1) & mask
        }
        return nil
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> Int {
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(bytes: bytes)
        return hasher.finalize() & Int.max
    }

    private static func credentials(
        _ identity: IdentityEntry, _ secrets: SecretText
    ) throws -> SigningCredentials {
        try SigningCredentials(
            accessKeyID: secrets.expand(identity.accessKeyID),
            secretAccessKey: secrets.expand(identity.secretAccessKey),
            sessionToken: identity.sessionToken.map { try secrets.expand($0) })
    }

    /// The account that an ARN names.
    static func account(_ arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 4 && !parts[4].isEmpty ? String(parts[4]) : nil
    }

    /// A unique id as IAM makes them, the same for the same ARN; that of a session has the session's name.
    fileprivate static func userID(_ arn: String) -> String {
        let parts = arn.split(separator: "/")
        let isSession = arn.contains(":assumed-role/") && parts.count > 2
        let owner = isSession ? parts.dropLast().joined(separator: "/") : arn
        let id = StableHash.base36(Array(owner.utf8), length: 17).uppercased()
        let prefix = isSession || arn.contains(":role/") ? "AROA" : "AIDA"
        return prefix + id + (isSession ? ":" + (parts.last ?? "") : "")
    }
}

extension DeploymentSnapshot {
    /// Whether some method asks for signed requests, or the connections of a WebSocket API do.
    var checksSignatures: Bool {
        webSocket != nil
            || methods.contains { method in method.steps.contains { if case .access(.iam) = $0 { true } else { false } }
            }
    }
}
