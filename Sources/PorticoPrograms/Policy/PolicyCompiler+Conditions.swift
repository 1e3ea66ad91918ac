internal import PorticoSyntax

/// Conditions: operators, keys and values.
extension PolicyCompiler {
    /// The words of a `Condition`: a row for each operator and key.
    mutating func conditions(_ value: JSONValue) -> (count: Int, words: [UInt32]) {
        guard let operators = object(value) else { return (0, []) }
        var words: [UInt32] = []
        var count = 0
        for member in operators {
            under(member.name) { compiler in
                guard let test = PolicyTest(member.name) else {
                    let names = PolicyOperator.allCases.map(\.row.name)
                    return compiler.fail(Self.unknown("operator", member.name, names))
                }
                guard let keys = compiler.object(member.value) else { return }
                for key in keys {
                    compiler.under(key.name) { compiler in
                        words.append(contentsOf: compiler.condition(test, key.name, key.value))
                        count += 1
                    }
                }
            }
        }
        return (count, words)
    }

    private mutating func condition(_ test: PolicyTest, _ name: String, _ value: JSONValue) -> [UInt32] {
        let (code, text) = key(name)
        var values: [UInt32] = []
        each(value) { compiler, element in
            guard let text = compiler.scalar(element) else { return }
            values.append(contentsOf: compiler.value(test.code, text) ?? [])
        }
        let size = PolicyLayout.conditionWords + values.count
        let count = values.count / PolicyLayout.rowWords
        return [UInt32(size), test.word, code, text.offset, text.length, UInt32(count)] + values
    }

    /// The slot of a key and its text in the pool; a key that is not known gives a warning, and is absent.
    mutating func key(_ name: String) -> (code: UInt32, text: (offset: UInt32, length: UInt32)) {
        guard let (key, tag) = PolicyKey.find(name) else {
            report(
                Self.unknown("condition key", name, PolicyKey.allNames) + "; it is absent from every request",
                isFatal: false)
            return (PolicyLayout.none, pool(name.utf8))
        }
        keys.insert(key)
        return (UInt32(key.rawValue), pool(tag.utf8))
    }

    private mutating func value(_ code: PolicyOperator, _ text: String) -> [UInt32]? {
        switch code.row.family {
        case .text: return self.text(text, wildcards: false, variables: hasVariables)
        case .pattern: return pattern(text, variables: hasVariables)
        case .arn: return arn(text)
        case .number:
            let isNumber = Array(text.utf8).withUnsafeBytes { PolicyNumber.isValid($0) }
            guard isNumber else { return refuse(text, "number") }
            let place = pool(text.utf8)
            return [0, place.offset, place.length]
        case .date:
            let date = Array(text.utf8).withUnsafeBytes { PolicyDate.microseconds($0) }
            guard let date else { return refuse(text, "date; expected ISO 8601 or seconds since 1970") }
            let bits = UInt64(bitPattern: date)
            return [UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32), 0]
        case .truth, .presence:
            switch text.lowercased() {
            case "true": return [1, 0, 0]
            case "false": return [0, 0, 0]
            default: return refuse(text, "truth value")
            }
        case .binary:
            let output = OutputBuffer(capacity: 64)
            let isDecoded = Array(text.utf8).withUnsafeBytes { Base64Text.appendDecoded($0, into: output) }
            guard isDecoded else { return refuse(text, "Base64") }
            let place = pool(Array(output.bytes))
            return [0, place.offset, place.length]
        case .address:
            let network = Array(text.utf8).withUnsafeBytes { PolicyNetwork($0) }
            guard let network else { return refuse(text, "IP address or CIDR block") }
            let place = pool(network.bytes)
            return [UInt32(network.prefix), place.offset, place.length]
        }
    }

    private mutating func refuse(_ text: String, _ what: String) -> [UInt32]? {
        fail("'\(text)' is no \(what)")
        return nil
    }

    /// ARNs are compared by their six sections, so a value needs them all, unless it is `*`.
    private mutating func arn(_ text: String) -> [UInt32]? {
        guard let row = pattern(text, variables: hasVariables) else { return nil }
        let isTemplate = row[0] == PolicyShape.template.rawValue
        // Before 2012-10-17 a variable is text as any other, which matches no ARN; IAM takes such policies.
        if row[0] == PolicyShape.anything.rawValue || isTemplate || text.hasPrefix("${") { return row }
        guard text.utf8.count(where: { $0 == 0x3A }) >= 5 else {
            return refuse(text, "ARN; expected six sections, such as 'arn:aws:iam::123456789012:role/*'")
        }
        return row
    }
}
