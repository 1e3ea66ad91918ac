internal import PorticoSyntax

/// Prints a program for `portico dump` and golden tests: one line for each statement, with what it is about below.
struct PolicyDisassembler {
    private let words: [UInt32]
    private let bytes: [UInt8]
    private var lines: [String] = []

    init(_ program: PolicyProgram) {
        words = program.words
        bytes = program.bytes
    }

    /// The whole program as text.
    mutating func run() -> String {
        lines = ["version \(words[0])"]
        var at = PolicyLayout.programWords
        for number in 0..<Int(words[2]) {
            let fallback =
                words[at + 3] == PolicyLayout.none ? "" : " or " + quoted(plain(words[at + 3], words[at + 4]))
            lines.append("variable \(number) \(key(at))\(fallback)")
            at += PolicyLayout.variableWords
        }
        for index in 0..<Int(words[1]) {
            statement(index, at)
            at += Int(words[at])
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func statement(_ index: Int, _ start: Int) {
        let flags = words[start + 1]
        let sid = words[start + 3] > 0 ? " " + quoted(plain(words[start + 2], words[start + 3])) : ""
        lines.append("statement \(index) \(flags & PolicyFlags.denies != 0 ? "deny" : "allow")\(sid)")
        var at = start + PolicyLayout.statementWords
        for _ in 0..<words[start + 4] {
            let form = PolicyPrincipalForm(rawValue: words[at]).map { "\($0)" } ?? "?"
            let name = words[at + 2] > 0 ? " " + quoted(plain(words[at + 1], words[at + 2])) : ""
            add(flags & PolicyFlags.invertsPrincipals != 0 ? "not principal" : "principal", form + name)
            at += PolicyLayout.rowWords
        }
        for _ in 0..<words[start + 5] {
            add(flags & PolicyFlags.invertsActions != 0 ? "not action" : "action", text(at))
            at += PolicyLayout.rowWords
        }
        for _ in 0..<words[start + 6] {
            add(flags & PolicyFlags.invertsResources != 0 ? "not resource" : "resource", text(at))
            at += PolicyLayout.rowWords
        }
        for _ in 0..<words[start + 7] {
            condition(at)
            at += Int(words[at])
        }
    }

    private mutating func condition(_ start: Int) {
        guard let test = PolicyTest(word: words[start + 1]) else { return }
        var values: [String] = []
        var at = start + PolicyLayout.conditionWords
        for _ in 0..<words[start + 5] {
            values.append(value(at, test.code.row.family))
            at += PolicyLayout.rowWords
        }
        add("if", "\(test.text) \(key(start + 2))" + (values.isEmpty ? "" : " " + values.joined(separator: " | ")))
    }

    private func value(_ row: Int, _ family: PolicyOperator.Family) -> String {
        switch family {
        case .text, .pattern, .arn: return text(row)
        case .number: return plain(words[row + 1], words[row + 2])
        case .date: return "\(Int64(bitPattern: UInt64(words[row]) | UInt64(words[row + 1]) << 32)) microseconds"
        case .truth, .presence: return words[row] == 1 ? "true" : "false"
        case .binary:
            return raw(words[row + 1], words[row + 2]).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        case .address:
            let bytes = Array(raw(words[row + 1], words[row + 2]))
            return bytes.withUnsafeBytes { PolicyNetwork(prefix: Int(words[row]), bytes: $0).text }
        }
    }

    private func key(_ at: Int) -> String {
        let text = plain(words[at + 1], words[at + 2])
        guard let key = PolicyKey(rawValue: UInt8(truncatingIfNeeded: words[at])), words[at] <= UInt8.max else {
            return "unknown \(quoted(text))"
        }
        return key.name + text
    }

    /// A pattern: `*` and `?` are wildcards, `${0}` is a variable, and what stands for itself is behind a backslash.
    private func text(_ row: Int) -> String {
        let bytes = Array(raw(words[row + 1], words[row + 2]))
        var text: [UInt8] = []
        var at = 0
        while at < bytes.count {
            switch bytes[at] {
            case PolicyMark.any: text.append(0x2A)
            case PolicyMark.one: text.append(0x3F)
            case PolicyMark.variable:
                text.append(contentsOf: "${\(Int(bytes[at + 1]) | Int(bytes[at + 2]) << 7)}".utf8)
                at += 2
            case 0x2A, 0x3F, 0x24: text.append(contentsOf: [0x5C, bytes[at]])
            default: text.append(bytes[at])
            }
            at += 1
        }
        switch PolicyShape(rawValue: words[row]) {
        case .anything: return "anything"
        case .prefix: return quoted(String(decoding: text, as: UTF8.self)) + "..."
        case .exact, nil: return quoted(String(decoding: text, as: UTF8.self))
        case .glob: return "like " + quoted(String(decoding: text, as: UTF8.self))
        case .template: return "filled " + quoted(String(decoding: text, as: UTF8.self))
        }
    }

    private func raw(_ offset: UInt32, _ length: UInt32) -> ArraySlice<UInt8> {
        bytes[Int(offset)..<Int(offset) + Int(length)]
    }

    private func plain(_ offset: UInt32, _ length: UInt32) -> String {
        String(decoding: raw(offset, length), as: UTF8.self)
    }

    private func quoted(_ text: String) -> String {
        let output = OutputBuffer()
        JSONText.appendQuoted(text, into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private mutating func add(_ word: String, _ text: String) { lines.append("    \(word) \(text)") }
}

extension PolicyProgram {
    /// The program as text, one line for each demand.
    public func disassemble() -> String {
        var disassembler = PolicyDisassembler(self)
        return disassembler.run()
    }
}
