// Hot: once per policy of a request. Allocates: nothing, unless a pattern is hostile or a text longer than any before.

/// Evaluates policies. A worker owns one; it is not `Sendable`.
///
/// Work is limited: a request for which a policy would take longer than some milliseconds is denied.
public final class PolicyMachine {
    private let workspace = PolicyWorkspace()

    /// The statement that decided last, counted from 0; `nil` when none did.
    @exclusivity(unchecked) public private(set) var decidingStatement: Int?
    /// Whether the last request was denied because it would have taken too long.
    public var hasGivenUp: Bool { workspace.stepsLeft < 0 }

    /// Makes a machine.
    public init() {}

    /// What a policy says: any `Deny` that matches wins over every `Allow`.
    public func evaluate(_ program: PolicyProgram, _ request: PolicyRequest) -> PolicyDecision {
        workspace.stepsLeft = PolicyWorkspace.stepLimit
        decidingStatement = nil
        return run(program, request, deniesOnly: false)
    }

    /// What several policies of one identity say together.
    public func evaluate(_ programs: [PolicyProgram], _ request: PolicyRequest) -> PolicyDecision {
        workspace.stepsLeft = PolicyWorkspace.stepLimit
        decidingStatement = nil
        var decision = PolicyDecision.implicitDeny
        for program in programs {
            switch run(program, request, deniesOnly: decision == .allow) {
            case .explicitDeny: return .explicitDeny
            case .allow: decision = .allow
            case .implicitDeny: break
            }
        }
        return decision
    }

    private func run(_ program: PolicyProgram, _ request: PolicyRequest, deniesOnly: Bool) -> PolicyDecision {
        program.words.withUnsafeBufferPointer { words in
            program.bytes.withUnsafeBytes { bytes in
                // Never nil: a program has its header at least.
                guard let words = words.baseAddress else { return .implicitDeny }
                let run = PolicyRun(words: words, bytes: bytes, request: request, workspace: workspace)
                return decide(run, words, deniesOnly)
            }
        }
    }

    private func decide(_ run: PolicyRun, _ words: UnsafePointer<UInt32>, _ deniesOnly: Bool) -> PolicyDecision {
        var isAllowed = false
        var statement = words + PolicyLayout.programWords + Int(words[2]) &* PolicyLayout.variableWords
        for index in 0..<Int(words[1]) {
            let denies = statement[1] & PolicyFlags.denies != 0
            if denies || !(deniesOnly || isAllowed), run.matches(statement) {
                // What ran out of steps may have matched or not.
                if denies, !hasGivenUp {
                    decidingStatement = index
                    return .explicitDeny
                }
                isAllowed = true
                decidingStatement = index
            }
            if hasGivenUp {
                decidingStatement = nil
                return .explicitDeny
            }
            statement += Int(statement[0])
        }
        return isAllowed ? .allow : .implicitDeny
    }
}

/// One evaluation. Words and bytes come from a program that was verified, so they are read without looking.
struct PolicyRun {
    let words: UnsafePointer<UInt32>
    let bytes: UnsafeRawBufferPointer
    let request: PolicyRequest
    let workspace: PolicyWorkspace

    /// Whether a statement is about the request.
    func matches(_ statement: UnsafePointer<UInt32>) -> Bool {
        workspace.stepsLeft &-= Int(statement[0])
        let flags = statement[1]
        let principals = statement + PolicyLayout.statementWords
        let actions = principals + Int(statement[4]) &* PolicyLayout.rowWords
        let resources = actions + Int(statement[5]) &* PolicyLayout.rowWords
        if matchesAny(actions, statement[5], request.action) == (flags & PolicyFlags.invertsActions != 0) {
            return false
        }
        if matchesAny(resources, statement[6], request.resource) == (flags & PolicyFlags.invertsResources != 0) {
            return false
        }
        if flags & PolicyFlags.hasPrincipals != 0,
            isPrincipal(principals, statement[4]) == (flags & PolicyFlags.invertsPrincipals != 0)
        {
            return false
        }
        var condition = resources + Int(statement[6]) &* PolicyLayout.rowWords
        for _ in 0..<statement[7] {
            if !holds(condition) { return false }
            condition += Int(condition[0])
        }
        return true
    }

    @inline(__always)
    func pool(_ row: UnsafePointer<UInt32>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes.baseAddress.map { $0 + Int(row[1]) }, count: Int(row[2]))
    }

    // MARK: Texts

    private func matchesAny(_ rows: UnsafePointer<UInt32>, _ count: UInt32, _ text: UnsafeRawBufferPointer) -> Bool {
        var row = rows
        for _ in 0..<count {
            if matches(row, text) { return true }
            if workspace.stepsLeft < 0 { return false }
            row += PolicyLayout.rowWords
        }
        return false
    }

    /// Whether a text with or without wildcards and variables matches all of another one.
    func matches(_ row: UnsafePointer<UInt32>, _ text: UnsafeRawBufferPointer) -> Bool {
        switch row[0] {
        case PolicyShape.exact.rawValue: return PolicyBytes.equal(pool(row), text)
        case PolicyShape.anything.rawValue: return true
        case PolicyShape.prefix.rawValue: return PolicyBytes.hasPrefix(text, pool(row))
        case PolicyShape.glob.rawValue: return PolicyGlob(workspace).matches(pool(row), text)
        default:
            guard let pattern = filled(row) else { return false }
            return PolicyGlob(workspace).matches(pattern, text)
        }
    }

    /// A text with its variables filled in, in the workspace; `nil` when one of them has neither a value nor a default, or
    /// has several values: then there is nothing that the text is like.
    ///
    /// Asterisks in a variable's value are asterisks.
    func filled(_ row: UnsafePointer<UInt32>) -> UnsafeRawBufferPointer? {
        let pattern = pool(row)
        let output = workspace.text
        output.reset(keeping: 65536)
        var at = 0
        var start = 0
        while at < pattern.count {
            guard pattern[at] == PolicyMark.variable else {
                at &+= 1
                continue
            }
            output.append(UnsafeRawBufferPointer(rebasing: pattern[start..<at]))
            let number = Int(pattern[at &+ 1]) | Int(pattern[at &+ 2]) &<< 7
            at &+= 3
            start = at
            let variable = words + PolicyLayout.programWords + number &* PolicyLayout.variableWords
            if let value = request.first(variable[0], tag: pool(variable)) {
                if value.next >= 0 { return nil }
                workspace.stepsLeft &-= value.text.count
                if workspace.stepsLeft < 0 { return nil }
                output.append(request.bytes(value.text))
            } else {
                guard variable[3] != PolicyLayout.none else { return nil }
                output.append(pool(variable + 2))
            }
        }
        output.append(UnsafeRawBufferPointer(rebasing: pattern[start...]))
        return output.bytes
    }

    // MARK: Principals

    private func isPrincipal(_ rows: UnsafePointer<UInt32>, _ count: UInt32) -> Bool {
        var row = rows
        for _ in 0..<count {
            if isPrincipal(row) { return true }
            row += PolicyLayout.rowWords
        }
        return false
    }

    private func isPrincipal(_ row: UnsafePointer<UInt32>) -> Bool {
        if row[0] == PolicyPrincipalForm.anyone.rawValue { return true }
        let name = pool(row)
        switch request.principalKind {
        case .anonymous: return false
        case .service: return row[0] == PolicyPrincipalForm.service.rawValue && isNamed(name)
        case .federated: return row[0] == PolicyPrincipalForm.federated.rawValue && isNamed(name)
        case .canonicalUser: return row[0] == PolicyPrincipalForm.canonicalUser.rawValue && isNamed(name)
        case .account, .user, .role, .assumedRole, .federatedUser: break
        }
        switch row[0] {
        case PolicyPrincipalForm.account.rawValue: return PolicyBytes.equal(name, request.account)
        case PolicyPrincipalForm.arn.rawValue: return isNamed(name)
        case PolicyPrincipalForm.role.rawValue:
            return request.principalKind == .assumedRole ? isSession(of: name) : isNamed(name)
        default: return false
        }
    }

    private func isNamed(_ name: UnsafeRawBufferPointer) -> Bool { PolicyBytes.equal(name, request.principal) }

    /// Whether the caller is a session of a role: names of roles are unique in an account, whatever their path, which the
    /// session's ARN does not have.
    private func isSession(of role: UnsafeRawBufferPointer) -> Bool {
        guard let session = PolicyARN(request.principal), let name = session.sessionRole,
            let role = PolicyARN(role)
        else { return false }
        return PolicyBytes.equal(session.section(1), role.section(1))
            && PolicyBytes.equal(session.section(4), role.section(4)) && PolicyBytes.equal(name, role.lastName)
    }
}
