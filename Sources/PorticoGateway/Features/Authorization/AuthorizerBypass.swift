// Hot: no, read when a snapshot is put into service. Allocates: freely.

public import PorticoSyntax

/// An authorizer that is passed over: every request gets in, as the caller that is given.
///
/// For work on one's own machine only. The server warns at its start and in a header of every answer.
public struct AuthorizerBypass: Sendable {
    /// Name of the authorizer: that of its security scheme.
    public var name: String
    /// What `$context.authorizer` has: claims for user pools, `principalId` and others for Lambda authorizers.
    public var values: [(name: String, value: String)]

    /// Passes an authorizer over.
    ///
    /// - Parameters:
    ///   - name: name of the authorizer.
    ///   - claims: an object; values that are no texts are told as their JSON.
    public init(name: String, claims: JSONValue = .object([])) {
        self.name = name
        guard case .object(let members) = claims else {
            values = []
            return
        }
        values = members.map { member in
            if case .string(let text) = member.value { return (member.name, text) }
            return (member.name, JSONWriter.compact(member.value))
        }
    }

    /// The header that every answer of such a server has.
    static let header = "X-Portico-No-Auth"
}
