import FoundationEssentials

/// Environment variables that stand in for flags. Precedence: flag, `PORTICO_*`, default.
struct Environment: Sendable {
    private let values: [String: String]

    init(_ values: [String: String] = ProcessInfo.processInfo.environment) {
        self.values = values
    }

    /// The value of a variable; an empty one counts as absent.
    subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// A whole number within `range`.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CommandFailure) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw CommandFailure(
                .usage,
                "environment variable \(name) is '\(text)'; expected a number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return number
    }

    /// `1`, `true`, `yes`, `0`, `false` or `no`.
    func boolean(_ name: String) throws(CommandFailure) -> Bool? {
        guard let text = self[name] else { return nil }
        switch text.lowercased() {
        case "1", "true", "yes": return true
        case "0", "false", "no": return false
        default:
            throw CommandFailure(.usage, "environment variable \(name) is '\(text)'; expected 'true' or 'false'")
        }
    }

    /// Every `PREFIX_NAME=value`, by NAME.
    func family(_ prefix: String) -> [String: String] {
        var family: [String: String] = [:]
        for (name, value) in values where name.hasPrefix(prefix + "_") && name.utf8.count > prefix.utf8.count + 1 {
            family[String(name.dropFirst(prefix.count + 1))] = value
        }
        return family
    }
}
