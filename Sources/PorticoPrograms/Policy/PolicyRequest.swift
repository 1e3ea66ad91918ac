// Hot: filled once per request that a policy decides. Allocates: when a request has more bytes than any before.

/// What a caller is.
public enum PolicyPrincipalKind: UInt8, Sendable, Hashable, CaseIterable {
    /// Nobody that is known.
    case anonymous
    /// The account itself (`arn:aws:iam::123456789012:root`).
    case account
    /// A user (`...:user/path/name`).
    case user
    /// A role itself (`...:role/path/name`): a key that stands for one.
    case role
    /// A session of a role (`arn:aws:sts::123456789012:assumed-role/name/session`).
    case assumedRole
    /// A federated user (`arn:aws:sts::123456789012:federated-user/name`).
    case federatedUser
    /// A service, by its name such as `apigateway.amazonaws.com`.
    case service
    /// An identity provider, by its name or ARN.
    case federated
    /// A canonical user id.
    case canonicalUser

    /// What an ARN of IAM or STS stands for; `nil` when it is none of a principal.
    public init?(arn: UnsafeRawBufferPointer) {
        guard let sections = PolicyARN(arn) else { return nil }
        let (service, resource) = (sections.section(2), sections.section(5))
        if PolicyBytes.equal(service, "iam"), PolicyBytes.equal(resource, "root") {
            self = .account
        } else if PolicyBytes.equal(service, "iam"), PolicyBytes.hasPrefix(resource, "user/") {
            self = .user
        } else if PolicyBytes.equal(service, "iam"), PolicyBytes.hasPrefix(resource, "role/") {
            self = .role
        } else if PolicyBytes.equal(service, "sts"), sections.sessionRole != nil {
            self = .assumedRole
        } else if PolicyBytes.equal(service, "sts"), PolicyBytes.hasPrefix(resource, "federated-user/") {
            self = .federatedUser
        } else {
            return nil
        }
    }
}

/// What policies are asked about: a worker owns one and fills it anew for each request.
///
/// Texts are copied. What is not UTF-8 in them is replaced by U+FFFD, so that no byte of a request can pass for a mark
/// of a program. Not `Sendable`: it belongs to one event loop.
public final class PolicyRequest {
    struct Text {
        var offset: UInt32
        var length: UInt32

        var count: Int { Int(length) }
    }

    /// A value of a key, and where its next one is.
    struct Value {
        var text: Text
        var next: Int32
    }

    private struct Tag {
        var name: Text
        var value: Text
    }

    private let arena = OutputBuffer(capacity: 2048)
    @exclusivity(unchecked) private var values: [Value] = []
    @exclusivity(unchecked) private var tags: [Tag] = []
    /// First value of each slot, or -1.
    @exclusivity(unchecked) private var slots = [Int32](repeating: -1, count: PolicyKey.slotCount)
    @exclusivity(unchecked) private var actionText = Text(offset: 0, length: 0)
    @exclusivity(unchecked) private var resourceText = Text(offset: 0, length: 0)
    @exclusivity(unchecked) private var principalText = Text(offset: 0, length: 0)
    @exclusivity(unchecked) private var accountText = Text(offset: 0, length: 0)
    /// What the caller is.
    @exclusivity(unchecked) public private(set) var principalKind = PolicyPrincipalKind.anonymous

    /// Makes a request of nobody for nothing.
    public init() {
        values.reserveCapacity(32)
        tags.reserveCapacity(8)
    }

    /// Forgets everything.
    public func reset() {
        arena.reset(keeping: 65536)
        values.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        for slot in slots.indices { slots[slot] = -1 }
        let nothing = Text(offset: 0, length: 0)
        (actionText, resourceText, principalText, accountText) = (nothing, nothing, nothing, nothing)
        principalKind = .anonymous
    }

    // MARK: Filling

    /// Sets the action, such as `execute-api:Invoke`; its case does not matter.
    public func setAction(_ action: UnsafeRawBufferPointer) {
        actionText = copy(action)
        let start = Int(actionText.offset)
        for index in start..<start &+ Int(actionText.length) {
            let byte = arena.bytes[index]
            if byte >= 0x41, byte <= 0x5A { arena.set(byte | 0x20, at: index) }
        }
    }

    /// Sets the ARN of what is called.
    public func setResource(_ resource: UnsafeRawBufferPointer) { resourceText = copy(resource) }

    /// Sets the caller: its ARN, or the name of a service or provider, and its account of 12 digits, if it has one.
    public func setPrincipal(
        _ kind: PolicyPrincipalKind, name: UnsafeRawBufferPointer, account: UnsafeRawBufferPointer
    ) {
        principalKind = kind
        principalText = copy(name)
        accountText = copy(account)
    }

    /// Sets a key to one value.
    public func set(_ key: PolicyKey, _ value: UnsafeRawBufferPointer) {
        guard key != .principalTag else { return }
        slots[Int(key.rawValue)] = append(copy(value))
    }

    /// Adds a value to a key, which may have some.
    public func add(_ key: PolicyKey, _ value: UnsafeRawBufferPointer) {
        guard key != .principalTag else { return }
        let index = append(copy(value))
        var last = slots[Int(key.rawValue)]
        guard last >= 0 else {
            slots[Int(key.rawValue)] = index
            return
        }
        while values[Int(last)].next >= 0 { last = values[Int(last)].next }
        values[Int(last)].next = index
    }

    /// Sets a tag of the caller; the case of its name does not matter.
    public func setPrincipalTag(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        tags.append(Tag(name: copy(name), value: copy(value)))
    }

    /// Sets a key to `true` or `false`.
    public func set(_ key: PolicyKey, _ value: Bool) {
        set(key, value ? "true" : "false")
    }

    /// Sets a key to a text of the program.
    public func set(_ key: PolicyKey, _ value: StaticString) { set(key, PolicyBytes.bytes(value)) }

    /// Sets `aws:CurrentTime` and `aws:EpochTime`.
    public func setTime(epochSeconds: Int64) {
        var start = arena.count
        PolicyDate.append(epochSeconds: epochSeconds, into: arena)
        slots[Int(PolicyKey.currentTime.rawValue)] = append(taken(from: start))
        start = arena.count
        arena.append(decimal: Int(epochSeconds))
        slots[Int(PolicyKey.epochTime.rawValue)] = append(taken(from: start))
    }

    /// Sets what follows from the caller's kind, ARN and account: `aws:PrincipalArn` (of a session the role's, without
    /// its path, which the session does not tell), `aws:PrincipalAccount`, `aws:PrincipalType` and `aws:username`.
    ///
    /// *Source:* IAM guide, "AWS global condition context keys", properties of the principal.
    public func setPrincipalKeys() {
        let name = principal
        switch principalKind {
        case .anonymous, .service, .federated, .canonicalUser: return
        case .account: set(.principalType, "Account")
        case .user:
            set(.principalType, "User")
            if let slash = name.lastIndex(of: 0x2F) {
                set(.userName, UnsafeRawBufferPointer(rebasing: name[(slash + 1)...]))
            }
        case .role, .assumedRole: set(.principalType, "AssumedRole")
        case .federatedUser: set(.principalType, "FederatedUser")
        }
        set(.principalAccount, account)
        // The pieces lie in the arena itself, which must not move while they are copied.
        arena.reserve(64 &+ principalText.count &+ accountText.count)
        if principalKind == .assumedRole, let session = PolicyARN(principal), let role = session.sessionRole {
            let start = arena.count
            arena.append("arn:")
            arena.append(session.section(1))
            arena.append(":iam::")
            arena.append(account)
            arena.append(":role/")
            arena.append(role)
            slots[Int(PolicyKey.principalARN.rawValue)] = append(taken(from: start))
        } else {
            set(.principalARN, principal)
        }
    }

    private func append(_ text: Text) -> Int32 {
        values.append(Value(text: text, next: -1))
        return Int32(truncatingIfNeeded: values.count &- 1)
    }

    private func copy(_ bytes: UnsafeRawBufferPointer) -> Text {
        let start = arena.count
        // A text that lies in the arena stays where it is until room was made.
        if let base = bytes.baseAddress, base >= UnsafeRawPointer(arena.base),
            base < UnsafeRawPointer(arena.base) + arena.count
        {
            let offset = base - UnsafeRawPointer(arena.base)
            arena.appendOwn(offset..<offset &+ bytes.count)
        } else if UTF8Text.isValid(bytes) {
            arena.append(bytes)
        } else {
            UTF8Text.appendRepaired(bytes, into: arena)
        }
        return taken(from: start)
    }

    private func taken(from start: Int) -> Text {
        Text(offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: arena.count &- start))
    }

    // MARK: Reading

    /// The action in lower case.
    var action: UnsafeRawBufferPointer { bytes(actionText) }
    var resource: UnsafeRawBufferPointer { bytes(resourceText) }
    var principal: UnsafeRawBufferPointer { bytes(principalText) }
    var account: UnsafeRawBufferPointer { bytes(accountText) }

    /// The first value of a key; tags by their name in lower case.
    @inline(__always)
    func first(_ key: UInt32, tag: UnsafeRawBufferPointer) -> Value? {
        if key < UInt32(PolicyKey.slotCount) {
            let index = slots[Int(key)]
            return index < 0 ? nil : values[Int(index)]
        }
        guard key == UInt32(PolicyKey.principalTag.rawValue) else { return nil }
        for entry in tags where PolicyBytes.equalIgnoringCase(bytes(entry.name), tag) {
            return Value(text: entry.value, next: -1)
        }
        return nil
    }

    /// The value after another one of the same key.
    @inline(__always)
    func next(_ value: Value) -> Value? { value.next < 0 ? nil : values[Int(value.next)] }

    @inline(__always)
    func bytes(_ text: Text) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: UnsafeRawPointer(arena.base) + Int(text.offset), count: Int(text.length))
    }
}
