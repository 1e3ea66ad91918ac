internal import PorticoSyntax

/// Principals: whom a statement of a resource policy is about.
///
/// *Source:* IAM guide, "AWS JSON policy elements: Principal".
extension PolicyCompiler {
    private static let principalKinds = ["AWS", "Service", "Federated", "CanonicalUser"]

    /// The rows of `Principal` or `NotPrincipal`.
    mutating func principals(_ found: [String: JSONValue], _ flags: inout UInt32) -> [UInt32] {
        let isInverse = found["NotPrincipal"] != nil
        let name = isInverse ? "NotPrincipal" : "Principal"
        guard let value = found[name] else {
            if kind == .resource { fail("neither 'Principal' nor 'NotPrincipal'") }
            return []
        }
        flags |= PolicyFlags.hasPrincipals | (isInverse ? PolicyFlags.invertsPrincipals : 0)
        var words: [UInt32] = []
        let hasBoth = isInverse && found["Principal"] != nil
        let allows = flags & PolicyFlags.denies == 0
        under(name) { compiler in
            if compiler.kind != .resource {
                return compiler.fail("'\(name)' belongs into resource policies only")
            }
            if hasBoth { compiler.fail("both 'Principal' and 'NotPrincipal'; expected one of them") }
            if isInverse, allows {
                compiler.report("'NotPrincipal' allows everybody else, also without credentials", isFatal: false)
            }
            words = compiler.principals(value)
        }
        return words
    }

    private mutating func principals(_ value: JSONValue) -> [UInt32] {
        var words: [UInt32] = []
        switch value {
        case .string("*"): return row(.anyone, "")
        case .object(let members):
            if members.isEmpty { fail("an empty object") }
            for member in members {
                under(member.name) { compiler in
                    guard Self.principalKinds.contains(member.name) else {
                        return compiler.fail(
                            Self.unknown("kind of principal", member.name, Self.principalKinds))
                    }
                    if member.value == .array([]) { compiler.fail("an empty list") }
                    compiler.each(member.value) { compiler, element in
                        guard let text = compiler.scalar(element) else { return }
                        words.append(contentsOf: compiler.principal(member.name, text))
                    }
                }
            }
        default: fail("expected '*' or an object such as {\"AWS\": \"123456789012\"}")
        }
        return words
    }

    private mutating func principal(_ name: String, _ text: String) -> [UInt32] {
        if name == "AWS", text == "*" { return row(.anyone, "") }
        if text.isEmpty || text.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F }) {
            fail("principal '\(text)' is not whole; wildcards stand for everybody or not at all")
            return []
        }
        switch name {
        case "Service": return row(.service, text)
        case "Federated": return row(.federated, text)
        case "CanonicalUser": return row(.canonicalUser, text)
        default: return amazonPrincipal(text)
        }
    }

    private mutating func amazonPrincipal(_ text: String) -> [UInt32] {
        if Self.isAccount(text) { return row(.account, text) }
        let sections = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        if sections.count == 6, sections[0] == "arn", sections[3].isEmpty, Self.isAccount(String(sections[4])) {
            let resource = sections[5]
            let isNamed = resource.last != "/"
            switch sections[2] {
            case "iam" where resource == "root": return row(.account, String(sections[4]))
            case "iam" where resource.hasPrefix("user/") && isNamed: return row(.arn, text)
            case "iam" where resource.hasPrefix("role/") && isNamed: return row(.role, text)
            case "sts" where resource.hasPrefix("assumed-role/") && isNamed: return row(.arn, text)
            case "sts" where resource.hasPrefix("federated-user/") && isNamed: return row(.arn, text)
            default: break
            }
        }
        fail("principal '\(text)' is no account, user, role or session")
        return []
    }

    private static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    private mutating func row(_ form: PolicyPrincipalForm, _ text: String) -> [UInt32] {
        let place = pool(text.utf8)
        return [form.rawValue, place.offset, place.length]
    }
}
