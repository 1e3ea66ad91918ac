internal import PorticoSyntax

/// Which function a text means: a name, an ARN whole or in part, each with or without `:qualifier`.
///
/// *Source:* Lambda API, Invoke, `FunctionName`:
/// `(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?NAME(:(\$LATEST|NAME))?`.
struct FunctionIdentity: Hashable {
    /// Region of an ARN that names one.
    private(set) var region: String?
    /// Account of an ARN that names one.
    private(set) var accountID: String?
    /// The name alone.
    private(set) var name: String
    /// Alias or version; `nil` for none and for `$LATEST`, which is the same.
    private(set) var qualifier: String?

    /// Parses; `nil` if Lambda would not take the text for a function.
    init?(_ text: String) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if parts.first == "arn" {
            guard parts.count >= 6, parts[1].hasPrefix("aws"), parts[2] == "lambda", parts[5] == "function" else {
                return nil
            }
            parts = parts.dropFirst(3)
        }
        if let first = parts.first, parts.count > 1, Self.isRegion(first) {
            region = String(first)
            parts = parts.dropFirst()
        }
        if let first = parts.first, parts.count > 1, Self.isAccount(first) {
            accountID = String(first)
            parts = parts.dropFirst()
        }
        if parts.first == "function", parts.count > 1 { parts = parts.dropFirst() }
        guard let first = parts.first, parts.count <= 2, Self.isName(first) else { return nil }
        name = String(first)
        guard parts.count == 2, let last = parts.last, last != "$LATEST" else { return }
        guard Self.isName(last) else { return nil }
        qualifier = String(last)
    }

    /// Whether two texts can only mean one function: what one of them leaves open is open.
    func means(_ other: FunctionIdentity) -> Bool {
        name == other.name && qualifier == other.qualifier
            && (region == nil || other.region == nil || region == other.region)
            && (accountID == nil || other.accountID == nil || accountID == other.accountID)
    }

    /// Whether an entry of this identity runs calls of `other`: without qualifier it runs all aliases and versions.
    func runs(_ other: FunctionIdentity) -> Bool {
        var open = other
        if qualifier == nil { open.qualifier = nil }
        return means(open)
    }

    private static func isName(_ text: Substring) -> Bool { ASCII.consists(String(text), of: "-_") }

    private static func isAccount(_ text: Substring) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// `us-east-1`, `us-gov-west-1`
    private static func isRegion(_ text: Substring) -> Bool {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(words.count), words[0].utf8.count == 2, let digit = words.last, digit.utf8.count == 1,
            let byte = digit.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        else { return false }
        return words.dropLast().allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        }
    }
}

/// Runtimes of Lambda, and which of them Portico starts.
enum FunctionRuntimes {
    /// Runtimes that are named in advice, the newest of each kind first.
    static let suggested: [String] =
        (8...14).reversed().map { "python3.\($0)" } + [24, 22, 20, 18].map { "nodejs\($0).x" }
        + ["provided.al2023", "provided.al2", "provided"]

    /// Runtimes that Lambda has and Portico does not start by itself.
    private static let others = ["java", "dotnet", "ruby", "go1.x"]

    /// Whether Portico starts it: also a version of Python 3 or Node.js that is not there yet.
    static func isHosted(_ runtime: String) -> Bool {
        if suggested.contains(runtime) { return true }
        if runtime.hasPrefix("python3.") { return isNumber(runtime.dropFirst("python3.".count)) }
        guard runtime.hasPrefix("nodejs"), runtime.hasSuffix(".x") else { return false }
        return isNumber(runtime.dropFirst("nodejs".count).dropLast(2))
    }

    /// Whether it is a runtime of Lambda that needs a `command` here.
    static func needsCommand(_ runtime: String) -> Bool { others.contains { runtime.hasPrefix($0) } }

    /// Whether its program is the handler.
    static func isProvided(_ runtime: String) -> Bool { runtime == "provided" || runtime.hasPrefix("provided.") }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...3).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
