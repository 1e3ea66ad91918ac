/// Checks the words of a program, so that the machine can read them without looking: sizes that add up, texts within the
/// pool, codes that there are, and patterns whose marks are whole.
struct PolicyVerifier {
    private let words: [UInt32]
    private let bytes: [UInt8]
    private var at = 0
    /// The keys that the program reads, once it is known to be sound.
    private(set) var keys = PolicyKeySet()

    init(_ words: [UInt32], _ bytes: [UInt8]) {
        self.words = words
        self.bytes = bytes
    }

    /// The first thing that does not hold, or `nil`.
    mutating func failure() -> String? {
        guard words.count >= PolicyLayout.programWords else { return "no header" }
        guard words[0] == PolicyLayout.version2008 || words[0] == PolicyLayout.version2012 else { return "version" }
        let variables = Int(words[2])
        guard variables <= PolicyLayout.variableLimit,
            words.count - PolicyLayout.programWords >= variables * PolicyLayout.variableWords
        else { return "variables" }
        at = PolicyLayout.programWords
        for _ in 0..<variables {
            guard isKey(words[at], words[at + 1], words[at + 2]),
                words[at + 3] == PolicyLayout.none || isText(words[at + 3], words[at + 4])
            else { return "variable" }
            at += PolicyLayout.variableWords
        }
        for _ in 0..<words[1] {
            if let failure = statementFailure() { return failure }
        }
        return at == words.count ? nil : "words after the last statement"
    }

    private mutating func statementFailure() -> String? {
        let start = at
        guard words.count - at >= PolicyLayout.statementWords else { return "statement beyond the end" }
        guard words[at + 1] & ~PolicyFlags.all == 0 else { return "flags" }
        guard isText(words[at + 2], words[at + 3]) else { return "Sid" }
        let counts = [Int(words[at + 4]), Int(words[at + 5]), Int(words[at + 6])]
        let conditions = words[at + 7]
        at += PolicyLayout.statementWords
        for (list, count) in counts.enumerated() {
            guard (words.count - at) / PolicyLayout.rowWords >= count else { return "rows beyond the end" }
            for _ in 0..<count {
                guard isText(words[at + 1], words[at + 2]) else { return "text" }
                if list == 0 {
                    guard PolicyPrincipalForm(rawValue: words[at]) != nil else { return "principal" }
                } else if !isPattern(at, hasWildcards: true, hasVariables: list == 2) {
                    return "pattern"
                }
                at += PolicyLayout.rowWords
            }
        }
        for _ in 0..<conditions {
            if let failure = conditionFailure() { return failure }
        }
        return Int(words[start]) == at - start ? nil : "size of a statement"
    }

    private mutating func conditionFailure() -> String? {
        guard words.count - at >= PolicyLayout.conditionWords else { return "condition beyond the end" }
        let count = Int(words[at + 5])
        let room = (words.count - at - PolicyLayout.conditionWords) / PolicyLayout.rowWords
        guard count <= room, Int(words[at]) == PolicyLayout.conditionWords + count * PolicyLayout.rowWords else {
            return "size of a condition"
        }
        guard let test = PolicyTest(word: words[at + 1]) else { return "test" }
        guard test.code != .null || (test.quantifier == .single && !test.ifExists) else { return "Null" }
        guard isKey(words[at + 2], words[at + 3], words[at + 4]) else { return "key" }
        at += PolicyLayout.conditionWords
        for _ in 0..<count {
            guard isValue(at, test.code.row.family) else { return "value" }
            at += PolicyLayout.rowWords
        }
        return nil
    }

    private func isValue(_ row: Int, _ family: PolicyOperator.Family) -> Bool {
        let (first, offset, length) = (words[row], words[row + 1], words[row + 2])
        switch family {
        case .text: return isText(offset, length) && isPattern(row, hasWildcards: false, hasVariables: true)
        case .pattern, .arn: return isText(offset, length) && isPattern(row, hasWildcards: true, hasVariables: true)
        case .date: return length == 0
        case .truth, .presence: return first < 2 && offset == 0 && length == 0
        case .binary: return first == 0 && isText(offset, length)
        case .number:
            guard first == 0, isText(offset, length) else { return false }
            return bytes[Int(offset)..<Int(offset) + Int(length)].withUnsafeBytes { PolicyNumber.isValid($0) }
        case .address:
            guard isText(offset, length), length == 4 || length == 16 else { return false }
            return first <= length * 8
        }
    }

    /// A key that there is with its tag, or none with its name.
    private mutating func isKey(_ code: UInt32, _ offset: UInt32, _ length: UInt32) -> Bool {
        guard isText(offset, length) else { return false }
        if code == PolicyLayout.none { return true }
        guard code <= UInt8.max, let key = PolicyKey(rawValue: UInt8(code)) else { return false }
        guard (key == .principalTag) == (length > 0) else { return false }
        keys.insert(key)
        return true
    }

    private func isText(_ offset: UInt32, _ length: UInt32) -> Bool { Int(offset) + Int(length) <= bytes.count }

    /// Marks where they may be, variables that there are, and the rest UTF-8, as the machine compares characters.
    private func isPattern(_ row: Int, hasWildcards: Bool, hasVariables: Bool) -> Bool {
        guard let shape = PolicyShape(rawValue: words[row]) else { return false }
        let end = Int(words[row + 1]) + Int(words[row + 2])
        var place = Int(words[row + 1])
        var (wildcards, references) = (0, 0)
        var plain: [UInt8] = []
        plain.reserveCapacity(end - place)
        while place < end {
            switch bytes[place] {
            case PolicyMark.any, PolicyMark.one:
                wildcards += 1
                plain.append(0x2A)
            case PolicyMark.variable:
                guard end - place >= 3, bytes[place + 1] < 0x80, bytes[place + 2] < 0x80,
                    UInt32(bytes[place + 1]) | UInt32(bytes[place + 2]) << 7 < words[2]
                else { return false }
                references += 1
                place += 2
                plain.append(0x2A)
            default: plain.append(bytes[place])
            }
            place += 1
        }
        guard plain.withUnsafeBytes({ UTF8Text.isValid($0) }), hasWildcards || wildcards == 0 else { return false }
        switch shape {
        case .exact, .prefix: return wildcards == 0 && references == 0 && (hasWildcards || shape == .exact)
        case .anything: return plain.isEmpty && hasWildcards
        case .glob: return wildcards > 0 && references == 0
        case .template: return references > 0 && hasVariables
        }
    }
}
