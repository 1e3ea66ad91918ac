import Glibc

/// The file that this program was started from.
enum ProgramFile {
    /// The path that leads to the program today and to its next version tomorrow: as it was named, with its symbolic
    /// links, if that was this program, else where the program was. A path from the root is believed: it may be a script
    /// that has started the program. Read for the first time at the start.
    static let path: String = {
        let actual = resolved("/proc/self/exe")
        if let name = CommandLine.arguments.first {
            if name.hasPrefix("/"), access(name, X_OK) == 0 { return name }
            for candidate in candidates(name) where resolved(candidate) == actual { return candidate }
        }
        return actual ?? CommandLine.arguments.first ?? "portico"
    }()

    /// Where a shell would look for a program of that name.
    private static func candidates(_ name: String) -> [String] {
        if name.contains("/") { return [FunctionHosting.absoluteDirectory(of: "./x") + "/" + name] }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
    }

    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
