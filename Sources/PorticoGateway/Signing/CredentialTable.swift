// Hot: once per signed call. Allocates: nothing.

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The credentials that outgoing calls are signed with, as they were at one time. Immutable; any thread.
final class CredentialTable: Sendable {
    /// Credentials, or why there are none.
    enum Entry: Sendable {
        case available(SigningCredentials)
        case unavailable(CredentialProblem)

        /// The credentials, if there are.
        var credentials: SigningCredentials? {
            if case .available(let credentials) = self { credentials } else { nil }
        }

        /// Why there are none.
        var problem: CredentialProblem? {
            if case .unavailable(let problem) = self { problem } else { nil }
        }

        fileprivate func isSame(as other: Entry) -> Bool {
            switch (self, other) {
            case (.available(let left), .available(let right)): left.isSame(as: right)
            case (.unavailable(let left), .unavailable(let right)): left == right
            default: false
            }
        }
    }

    /// Those of the process: environment, then shared files.
    let fallback: Entry
    /// Those of identities that stand for a role or user.
    private let identities: [(arn: [UInt8], entry: Entry)]

    /// Makes a table; of two identities with one ARN the first one counts.
    init(fallback: Entry, identities: [(arn: String, entry: Entry)] = []) {
        self.fallback = fallback
        self.identities = identities.map { (Array($0.arn.utf8), $0.entry) }
    }

    /// What a call is signed with whose integration names this role or user; empty when it names none.
    ///
    /// An ARN that no identity stands for is signed with the credentials of the process, which are what a role's would
    /// come from. A spec has few identities, so that they are looked through.
    func entry(arn: UnsafeRawBufferPointer) -> Entry {
        guard !arn.isEmpty, let base = arn.baseAddress else { return fallback }
        for identity in identities where identity.arn.count == arn.count {
            let isSame = identity.arn.withUnsafeBytes { bytes in
                bytes.baseAddress.map { memcmp($0, base, arn.count) == 0 } ?? false
            }
            if isSame { return identity.entry }
        }
        return fallback
    }

    /// What a call is signed with whose integration names this role or user.
    func entry(arn: String?) -> Entry {
        guard var arn else { return fallback }
        return arn.withUTF8 { entry(arn: UnsafeRawBufferPointer($0)) }
    }

    /// When the first of them ends, in milliseconds since 1970; `nil` if all stay.
    var earliestExpiryMilliseconds: Int? {
        ([fallback] + identities.map(\.entry)).compactMap { $0.credentials?.expiryMilliseconds }.min()
    }

    /// Whether both have the same keys and problems.
    func isSame(as other: CredentialTable) -> Bool {
        guard fallback.isSame(as: other.fallback), identities.count == other.identities.count else { return false }
        return zip(identities, other.identities).allSatisfy { $0.arn == $1.arn && $0.entry.isSame(as: $1.entry) }
    }
}
