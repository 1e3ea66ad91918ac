internal import PorticoSyntax

/// Statements: which elements there are, and the texts of actions and resources.
extension PolicyCompiler {
    private static let elements = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    /// The words of a statement; of one with mistakes, as many as could be made.
    mutating func statement(_ value: JSONValue, _ sids: inout Set<String>) -> [UInt32] {
        guard let members = object(value) else { return [] }
        var found: [String: JSONValue] = [:]
        for member in members {
            under(member.name) { compiler in
                if !Self.elements.contains(member.name) {
                    compiler.fail(Self.unknown("element", member.name, Self.elements))
                } else if found.updateValue(member.value, forKey: member.name) != nil {
                    compiler.fail("'\(member.name)' comes twice")
                }
            }
        }
        var flags: UInt32 = 0
        var sid: (offset: UInt32, length: UInt32) = (0, 0)
        if let value = found["Sid"] {
            under("Sid") { compiler in
                guard let text = compiler.scalar(value) else { return }
                if !text.isEmpty, !sids.insert(text).inserted {
                    compiler.report("another statement has the Sid '\(text)'", isFatal: false)
                }
                sid = compiler.pool(text.utf8)
            }
        }
        if let value = found["Effect"] {
            under("Effect") { if $0.effect(value) { flags |= PolicyFlags.denies } }
        } else {
            fail("no 'Effect'")
        }
        let principals = principals(found, &flags)
        let actions = list("Action", found, PolicyFlags.invertsActions, &flags) { $0.action($1) }
        let resources = list("Resource", found, PolicyFlags.invertsResources, &flags) { $0.resource($1) }
        var conditions: (count: Int, words: [UInt32]) = (0, [])
        if let value = found["Condition"] {
            under("Condition") { conditions = $0.conditions(value) }
        }
        let size =
            PolicyLayout.statementWords + principals.count + actions.count + resources.count + conditions.words.count
        var words: [UInt32] = [
            UInt32(size), flags, sid.offset, sid.length, UInt32(principals.count / PolicyLayout.rowWords),
            UInt32(actions.count / PolicyLayout.rowWords), UInt32(resources.count / PolicyLayout.rowWords),
            UInt32(conditions.count),
        ]
        words.append(contentsOf: principals)
        words.append(contentsOf: actions)
        words.append(contentsOf: resources)
        words.append(contentsOf: conditions.words)
        return words
    }

    /// Whether the effect is to deny.
    private mutating func effect(_ value: JSONValue) -> Bool {
        if case .string(let text) = value {
            if text == "Allow" { return false }
            if text == "Deny" { return true }
            fail("unknown effect '\(text)'; expected 'Allow' or 'Deny'")
        } else {
            fail("expected 'Allow' or 'Deny'")
        }
        return true
    }

    /// The rows of `Action` or `NotAction`, or of the like; one of both there must be.
    private mutating func list(
        _ name: String, _ found: [String: JSONValue], _ inverting: UInt32, _ flags: inout UInt32,
        _ row: (inout PolicyCompiler, String) -> [UInt32]
    ) -> [UInt32] {
        let inverse = "Not" + name
        let isInverse = found[inverse] != nil
        if found[name] != nil, isInverse { fail("both '\(name)' and '\(inverse)'; expected one of them") }
        guard let value = found[name] ?? found[inverse] else {
            fail("neither '\(name)' nor '\(inverse)'")
            return []
        }
        if isInverse { flags |= inverting }
        var words: [UInt32] = []
        under(isInverse ? inverse : name) { compiler in
            if value == .array([]) { compiler.fail("an empty list") }
            compiler.each(value) { compiler, element in
                guard case .string(let text) = element else { return compiler.fail("expected a text") }
                words.append(contentsOf: row(&compiler, text))
            }
        }
        return words
    }

    /// Actions are compared without regard to case.
    private mutating func action(_ text: String) -> [UInt32] {
        if text != "*", !text.utf8.contains(0x3A) {
            fail("action '\(text)' names no service; expected '*' or 'service:action'")
        }
        return pattern(text.lowercased(), variables: false) ?? []
    }

    private mutating func resource(_ text: String) -> [UInt32] {
        if kind == .authorizer, text.utf16.count > PolicyLimits.authorizerResourceCharacters {
            fail(
                "resource of \(text.utf16.count) characters; at most "
                    + "\(PolicyLimits.authorizerResourceCharacters) are allowed")
        }
        if let expansion, text.hasPrefix("execute-api:/") {
            // What the expansion inserts has no wildcard of its own.
            return pattern(expansion.prefix + text.dropFirst("execute-api:".count), variables: hasVariables) ?? []
        }
        let begins = ["arn:", "*", "?", "${"].contains { text.hasPrefix($0) }
        // Whoever writes one for an authorizer sees it deny; in a file it is a mistake that can be mended.
        if !begins {
            report("resource '\(text)' is neither '*' nor an ARN, and matches nothing", isFatal: kind != .authorizer)
        }
        return pattern(text, variables: hasVariables) ?? []
    }

    // MARK: Texts

    /// The row of a text with wildcards, and with variables where they may stand.
    mutating func pattern(_ text: String, variables: Bool) -> [UInt32]? {
        self.text(text, wildcards: true, variables: variables)
    }

    /// The row of a text.
    mutating func text(_ text: String, wildcards: Bool, variables: Bool) -> [UInt32]? {
        var pattern: [UInt8] = []
        var (stars, ones, references) = (0, 0, 0)
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2A where wildcards:
                // Several are as good as one.
                if pattern.last == PolicyMark.any { continue }
                stars += 1
                pattern.append(PolicyMark.any)
            case 0x3F where wildcards:
                ones += 1
                pattern.append(PolicyMark.one)
            case 0x24 where variables && rest.first == 0x7B:
                rest.removeFirst()
                guard let isReference = reference(&rest, &pattern) else { return nil }
                if isReference { references += 1 }
            default: pattern.append(byte)
            }
        }
        var shape = references > 0 ? PolicyShape.template : stars == 0 && ones == 0 ? .exact : .glob
        if shape == .glob, stars == 1, ones == 0, pattern.last == PolicyMark.any {
            pattern.removeLast()
            shape = pattern.isEmpty ? .anything : .prefix
        }
        let place = pool(pattern)
        return [shape.rawValue, place.offset, place.length]
    }

    /// Reads what follows `${`: `*`, `?` or `$` for itself, else a key with or without a default, which appends its mark.
    /// Answers whether it was a key; `nil` when it is neither.
    ///
    /// *Source:* IAM guide, "IAM policy elements: Variables and tags".
    private mutating func reference(_ rest: inout Substring.UTF8View, _ pattern: inout [UInt8]) -> Bool? {
        let beginning = rest
        if let first = rest.first, first == 0x2A || first == 0x3F || first == 0x24, rest.dropFirst().first == 0x7D {
            rest.removeFirst(2)
            pattern.append(first)
            return false
        }
        let name = rest.prefix { byte in ![0x2C, 0x7D, 0x7B, 0x24, 0x27].contains(byte) }
        rest = rest[name.endIndex...]
        var fallback: Substring.UTF8View?
        if rest.first == 0x2C {
            rest.removeFirst()
            rest = rest.drop { $0 == 0x20 }
            guard rest.popFirst() == 0x27 else { return malformedReference(beginning) }
            let text = rest.prefix { $0 != 0x27 }
            rest = rest[text.endIndex...]
            guard rest.popFirst() == 0x27 else { return malformedReference(beginning) }
            fallback = text
            rest = rest.drop { $0 == 0x20 }
        }
        guard rest.popFirst() == 0x7D else { return malformedReference(beginning) }
        let key = String(Substring(name)).trimmingBlanks
        guard !key.isEmpty else { return malformedReference(beginning) }
        let identity = key.lowercased() + (fallback.map { "," + String(Substring($0)) } ?? "")
        let number = variable(identity) { compiler in
            let (code, text) = compiler.key(key)
            guard let fallback else { return [code, text.offset, text.length, PolicyLayout.none, 0] }
            let place = compiler.pool(fallback)
            return [code, text.offset, text.length, place.offset, place.length]
        }
        guard let number else {
            fail("too many variables")
            return nil
        }
        pattern.append(contentsOf: [PolicyMark.variable, UInt8(number & 0x7F), UInt8(number >> 7)])
        return true
    }

    private mutating func malformedReference(_ rest: Substring.UTF8View) -> Bool? {
        fail("malformed variable '${\(String(Substring(rest.prefix(40))))'; expected '${key}' or '${key, 'default'}'")
        return nil
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
