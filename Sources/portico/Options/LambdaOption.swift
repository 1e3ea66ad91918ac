import FoundationEssentials
import Glibc
import PorticoIR

/// Reads the value of `--lambda NAME=VALUE`: a server's address, or code in a directory of this machine.
///
/// The runtime follows from the file that exists, as an author of functions would say it: `app.py` is Python, `app.mjs`,
/// `app.cjs` and `app.js` are Node.js, an executable file is a runtime of its own.
struct LambdaOption {
    /// Directory that relative paths are relative to.
    let directory: String

    init(directory: String = FileManager.default.currentDirectoryPath) {
        self.directory = directory
    }

    /// The function of one option; `source` names it in messages.
    func function(_ option: NameValue, from source: String) throws(CommandFailure) -> FunctionOverride {
        let home: FunctionHome
        do {
            home = try self.home(option.value)
        } catch {
            throw CommandFailure(.usage, "\(source) of '\(option.name)': \(error.reason); \(Self.advice(option.name))")
        }
        guard let function = FunctionOverride(name: option.name, home: home) else {
            throw CommandFailure(
                .usage, "\(source): '\(option.name)' is no name and no ARN of a function; \(Self.advice("orders"))")
        }
        return function
    }

    private struct Problem: Error {
        var reason: String
    }

    private static func advice(_ name: String) -> String {
        "write for example '--lambda \(name)=./functions/app.handler' or '--lambda \(name)=http://127.0.0.1:9001'"
    }

    private func home(_ value: String) throws(Problem) -> FunctionHome {
        if value.isEmpty { throw Problem(reason: "there is no value") }
        let lower = value.lowercased()
        if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
            guard Self.isServer(value) else { throw Problem(reason: "'\(value)' is no http or https URL with a host") }
            return .server(url: value)
        }
        if value.contains("://") { throw Problem(reason: "'\(value)' is no http or https URL") }
        let path = absolute(value)
        switch Self.kind(of: path) {
        case .directory:
            guard Self.kind(of: path + "/bootstrap") == .executable else {
                throw Problem(reason: "directory '\(value)' has no executable 'bootstrap'")
            }
            return .process(FunctionProcess(runtime: "provided", handler: "", codeURI: path))
        case .executable:
            let (folder, name) = Self.split(path)
            var process = FunctionProcess(runtime: "provided", handler: "", codeURI: folder)
            if name != "bootstrap" { process.command = [path] }
            return .process(process)
        case .file, .none:
            return .process(try script(value, path))
        }
    }

    /// `DIRECTORY/module.function`
    private func script(_ value: String, _ path: String) throws(Problem) -> FunctionProcess {
        let (folder, handler) = Self.split(path)
        guard Self.kind(of: folder) == .directory else {
            throw Problem(reason: "there is no directory '\(Self.split(value).folder)'")
        }
        if Self.kind(of: path) == .file {
            throw Problem(reason: "'\(value)' is a file that cannot be executed, not a directory with a handler")
        }
        guard let first = handler.firstIndex(of: "."), let last = handler.lastIndex(of: "."),
            first != handler.startIndex,
            handler.index(after: last) != handler.endIndex
        else { throw Problem(reason: "'\(handler)' is no handler 'module.function'") }
        // Source: Lambda's runtimes: Python takes the last word for the function, Node.js the first for the module.
        let python = folder + "/" + handler[..<last].map { $0 == "." ? "/" : String($0) }.joined()
        let script = folder + "/" + handler[..<first]
        var found: [(file: String, runtime: () -> String)] = []
        for file in [python + ".py", python + "/__init__.py"] where Self.exists(file) {
            found.append((file, Self.pythonRuntime))
        }
        for file in [script + ".mjs", script + ".cjs", script + ".js"] where Self.exists(file) {
            found.append((file, Self.nodeRuntime))
        }
        guard let choice = found.first else {
            throw Problem(reason: "there is no \(Self.split(python).name).py, .mjs, .cjs or .js in '\(folder)'")
        }
        let languages = Set(found.map { $0.file.hasSuffix(".py") })
        guard languages.count == 1 else {
            throw Problem(
                reason: "both '\(found[0].file)' and '\(found[found.count - 1].file)' exist; name the runtime in "
                    + "'x-portico-functions'")
        }
        return FunctionProcess(runtime: choice.runtime(), handler: handler, codeURI: folder)
    }
}

// MARK: - Files

extension LambdaOption {
    private enum Kind {
        case none
        case directory
        case file
        case executable
    }

    private static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .none }
        if status.st_mode & S_IFMT == S_IFDIR { return .directory }
        return access(path, X_OK) == 0 ? .executable : .file
    }

    private static func exists(_ path: String) -> Bool {
        switch kind(of: path) {
        case .file, .executable: true
        case .none, .directory: false
        }
    }

    /// Without `.`, `..` and doubled slashes.
    private func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    private static func isServer(_ url: String) -> Bool {
        let rest = url.split(separator: ":", maxSplits: 1).last.map { $0.dropFirst(2) } ?? ""
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !host.isEmpty && host.first != ":" && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

// MARK: - Runtimes

extension LambdaOption {
    /// `python3.11` for the `python3` of the path.
    private static func pythonRuntime() -> String {
        let words = output(of: "python3 --version").split(separator: " ")
        let numbers = words.last.map { $0.split(separator: ".") } ?? []
        guard words.first == "Python", numbers.count >= 2, numbers[0] == "3", let minor = Int(numbers[1]) else {
            return "python3.13"
        }
        return "python3.\(minor)"
    }

    /// `nodejs20.x` for the `node` of the path.
    private static func nodeRuntime() -> String {
        let version = output(of: "node --version")
        guard version.hasPrefix("v"), let major = Int(version.dropFirst().prefix { $0 != "." }) else {
            return "nodejs22.x"
        }
        return "nodejs\(major).x"
    }

    /// First line that a program prints; empty if it cannot be started, which its first invocation will say.
    private static func output(of command: String) -> String {
        guard let stream = popen(command + " 2>/dev/null", "r") else { return "" }
        defer { pclose(stream) }
        var buffer = [CChar](repeating: 0, count: 256)
        guard fgets(&buffer, CInt(buffer.count), stream) != nil else { return "" }
        let bytes = buffer.prefix { $0 != 0 && $0 != 10 && $0 != 13 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
