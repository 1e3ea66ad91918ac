// Hot: once per request. Allocates: nothing once its list has grown.

internal import PorticoPrograms

/// Who is calling, and what an authorizer said of it. Ranges are of the exchange's arena.
struct ExchangeAccess {
    /// The authorizer whose answer the exchange waits for.
    var waitsFor: ServingAuthorizer?
    /// What the authorizer's answer is kept by; empty when it is not kept.
    var key = 0..<0
    /// When the authorizer was asked, in milliseconds of the worker's clock.
    var askedMilliseconds = 0
    /// How long the authorizer took, in milliseconds.
    var latencyMilliseconds = 0
    /// What `$context.authorizer` has.
    var values = ContiguousArray<AuthorizerValue>()
    /// Whether ``values`` are claims of a token.
    var hasClaims = false
    /// Scopes of a token as a JSON list; empty where the route asks for none.
    var scopes = 0..<0
    /// `context` of an authorizer's answer as JSON, in events of HTTP APIs; empty for none.
    var contextJSON = 0..<0
    /// Why an authorizer let nobody in: `$context.authorizer.error`.
    private(set) var error: String?
    /// Whether an authorizer has let the request in.
    var isAuthorized = false
    /// `usageIdentifierKey` of the authorizer's answer; empty when there is none.
    var usageIdentifierKey = 0..<0
    /// The identity that signed the request.
    var caller: ServingCaller?
    /// The same, with its policies.
    var callerEntry: CallerTable.Entry?

    @inline(__always)
    mutating func reset() {
        isAuthorized = false
        hasClaims = false
        key = 0..<0
        usageIdentifierKey = 0..<0
        latencyMilliseconds = 0
        scopes = 0..<0
        contextJSON = 0..<0
        if error != nil { error = nil }
        if !values.isEmpty { values.removeAll(keepingCapacity: true) }
    }

    /// Keeps why nobody was let in, for the access log.
    mutating func keepError(_ reason: String) { error = reason }

    @inline(__always)
    mutating func end() {
        if waitsFor != nil { waitsFor = nil }
        if caller != nil {
            caller = nil
            callerEntry = nil
        }
    }
}

/// One entry of `$context.authorizer`.
struct AuthorizerValue {
    /// `authorizer.` and the name.
    var dottedName: Range<Int>
    /// The value as text.
    var value: Range<Int>

    /// The name without `authorizer.`.
    var name: Range<Int> { dottedName.lowerBound &+ AuthorizerValue.prefix.utf8CodeUnitCount..<dottedName.upperBound }

    static let prefix: StaticString = "authorizer."
}

extension Exchange {
    /// The value of that name below `$context.authorizer`.
    func authorizerValue(_ name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        for entry in access.values where bytesEqual(arenaBytes(entry.name), name) { return arenaBytes(entry.value) }
        guard let error = access.error, bytesEqual(name, ("error" as StaticString).signedBytes) else { return nil }
        let start = arena.count
        arena.append(error)
        return arenaBytes(start..<arena.count)
    }

    /// Adds a value to `$context.authorizer`; neither may point into the arena.
    func addAuthorizerValue(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, isClaim: Bool = false
    ) {
        let start = arena.count
        arena.append(AuthorizerValue.prefix)
        if isClaim { arena.append("claims.") }
        arena.append(name)
        let middle = arena.count
        arena.append(value)
        access.values.append(AuthorizerValue(dottedName: start..<middle, value: middle..<arena.count))
    }
}

/// An identity that signs requests.
final class ServingCaller: Sendable {
    /// ARN of the user, role or session.
    let arn: StaticBytes
    /// Account of it.
    let account: StaticBytes
    /// Unique id: `$context.identity.user` and `.caller`.
    let userID: StaticBytes
    let accessKeyID: StaticBytes
    /// What it is by its ARN.
    let kind: PolicyPrincipalKind
    /// What it signed with; integrations with the caller's credentials sign with it too.
    let credentials: SigningCredentials

    init(arn: String, account: String, userID: String, credentials: SigningCredentials, pool: BytePool) {
        self.credentials = credentials
        self.arn = pool.add(arn)
        self.account = pool.add(account)
        self.userID = pool.add(userID)
        accessKeyID = pool.add(credentials.accessKeyID)
        kind = PolicyPrincipalKind(arn: self.arn.bytes) ?? .user
        self.pool = pool
    }

    // Keeps the bytes.
    private let pool: BytePool
}
