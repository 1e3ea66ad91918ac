import ArgumentParser

/// `name=value` on the command line; the value may be empty and may hold further equals signs.
struct NameValue: ExpressibleByArgument, Sendable {
    var name: String
    var value: String

    init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    init?(argument: String) {
        guard let separator = argument.firstIndex(of: "="), separator != argument.startIndex else { return nil }
        name = String(argument[..<separator])
        value = String(argument[argument.index(after: separator)...])
    }
}

extension [NameValue] {
    /// The pairs over those of the environment; the last of equal names wins.
    func merged(over environment: [String: String]) -> [String: String] {
        reduce(into: environment) { $0[$1.name] = $1.value }
    }
}
