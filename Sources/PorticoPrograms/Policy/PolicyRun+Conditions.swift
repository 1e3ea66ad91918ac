// Hot: once per condition of a statement that is about the request otherwise. Allocates: nothing.

/// Conditions.
///
/// *Source:* IAM guide, "Condition operators" and "Multivalued context keys": an absent key does not hold, but it does
/// with negated operators, `...IfExists` and `ForAllValues:`; with `ForAnyValue:` it does not even with negated ones.
extension PolicyRun {
    /// Whether a condition holds.
    func holds(_ condition: UnsafePointer<UInt32>) -> Bool {
        guard let test = PolicyTest(word: condition[1]) else { return false }
        let row = test.code.row
        let first = request.first(condition[2], tag: pool(condition + 2))
        if row.family == .presence { return isPresence(condition, first != nil) }
        guard var value = first else {
            if test.ifExists { return true }
            switch test.quantifier {
            case .single: return row.isNegated
            case .any: return false
            case .all: return true
            }
        }
        // Of several values, `single` and `any` look for one, `all` for one that is against it.
        let wanted =
            switch test.quantifier {
            case .single: true
            case .any: !row.isNegated
            case .all: row.isNegated
            }
        var isFound = false
        while true {
            if matchesAny(condition, row, request.bytes(value.text)) == wanted {
                isFound = true
                break
            }
            guard let next = request.next(value) else { break }
            value = next
        }
        switch test.quantifier {
        case .single: return isFound != row.isNegated
        case .any: return isFound
        case .all: return !isFound
        }
    }

    private func isPresence(_ condition: UnsafePointer<UInt32>, _ isPresent: Bool) -> Bool {
        var value = condition + PolicyLayout.conditionWords
        for _ in 0..<condition[5] {
            if (value[0] == 1) != isPresent { return true }
            value += PolicyLayout.rowWords
        }
        return false
    }

    /// Whether any value of the policy matches one of the request, leaving aside whether the operator is negated.
    private func matchesAny(
        _ condition: UnsafePointer<UInt32>, _ row: PolicyOperator.Row, _ text: UnsafeRawBufferPointer
    ) -> Bool {
        workspace.stepsLeft &-= Int(condition[5]) &+ text.count
        switch row.family {
        case .text where row.ignoresCase: return any(condition) { equalsIgnoringCase($0, text) }
        case .text: return any(condition) { equals($0, text) }
        case .pattern: return any(condition) { matches($0, text) }
        case .number:
            guard PolicyNumber.isValid(text) else { return false }
            return any(condition) { PolicyNumber.holds(row.relation, text, pool($0)) }
        case .date:
            guard let date = PolicyDate.microseconds(text) else { return false }
            return any(condition) { value in
                let other = Int64(bitPattern: UInt64(value[0]) | UInt64(value[1]) &<< 32)
                return row.relation.holds(date < other ? -1 : date > other ? 1 : 0)
            }
        case .truth:
            let truth: UInt32
            if PolicyBytes.equalIgnoringCase(text, PolicyBytes.bytes("true")) {
                truth = 1
            } else if PolicyBytes.equalIgnoringCase(text, PolicyBytes.bytes("false")) {
                truth = 0
            } else {
                return false
            }
            return any(condition) { $0[0] == truth }
        case .binary: return any(condition) { PolicyBytes.equal(pool($0), text) }
        case .address:
            guard let address = PolicyAddress(text) else { return false }
            return any(condition) { PolicyNetwork(prefix: Int($0[0]), bytes: pool($0)).contains(address) }
        case .arn:
            guard let arn = PolicyARN(text) else { return false }
            return any(condition) { matches($0, arn) }
        case .presence: return false
        }
    }

    @inline(__always)
    private func any(_ condition: UnsafePointer<UInt32>, _ body: (UnsafePointer<UInt32>) -> Bool) -> Bool {
        var value = condition + PolicyLayout.conditionWords
        for _ in 0..<condition[5] {
            if body(value) { return true }
            if workspace.stepsLeft < 0 { return false }
            value += PolicyLayout.rowWords
        }
        return false
    }

    private func equals(_ row: UnsafePointer<UInt32>, _ text: UnsafeRawBufferPointer) -> Bool {
        if row[0] != PolicyShape.template.rawValue { return PolicyBytes.equal(pool(row), text) }
        guard let value = filled(row) else { return false }
        return PolicyBytes.equal(value, text)
    }

    private func equalsIgnoringCase(_ row: UnsafePointer<UInt32>, _ text: UnsafeRawBufferPointer) -> Bool {
        if row[0] != PolicyShape.template.rawValue { return PolicyBytes.equalIgnoringCase(pool(row), text) }
        guard let value = filled(row) else { return false }
        return PolicyBytes.equalIgnoringCase(value, text)
    }

    /// ARNs match section by section, so that an asterisk does not reach over a colon but in the last one.
    private func matches(_ row: UnsafePointer<UInt32>, _ arn: PolicyARN) -> Bool {
        if row[0] == PolicyShape.anything.rawValue { return true }
        let isTemplate = row[0] == PolicyShape.template.rawValue
        guard let text = isTemplate ? filled(row) : pool(row) else { return false }
        if row[0] == PolicyShape.prefix.rawValue { return matchesPrefix(text, arn) }
        if isTemplate, !text.isEmpty, text.allSatisfy({ $0 == PolicyMark.any }) { return true }
        guard let pattern = PolicyARN(text) else { return false }
        let glob = PolicyGlob(workspace)
        for section in 0..<6 where !glob.matches(pattern.section(section), arn.section(section)) { return false }
        return true
    }

    /// A pattern whose asterisk stands at its end and was left out: in the last section, as there are six.
    private func matchesPrefix(_ text: UnsafeRawBufferPointer, _ arn: PolicyARN) -> Bool {
        guard let pattern = PolicyARN(text) else { return false }
        for section in 0..<5 where !PolicyBytes.equal(pattern.section(section), arn.section(section)) { return false }
        return PolicyBytes.hasPrefix(arn.section(5), pattern.section(5))
    }
}
