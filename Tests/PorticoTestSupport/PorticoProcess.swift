import FoundationEssentials
import Glibc

/// The built command, run as users run it.
public enum PorticoProcess {
    /// The executable that SwiftPM puts beside the test bundle.
    public static let executable = ChildProcess.buildFolder + "/portico"

    /// How it ended and what it said.
    public struct Outcome {
        /// Exit status.
        public var status: Int32
        /// Standard output.
        public var output: String
        /// Standard error.
        public var errors: String
    }

    /// Runs a command to its end.
    public static func run(
        _ arguments: String..., environment: [String: String] = [:], in folder: String? = nil
    ) throws -> Outcome {
        try run(arguments, environment: environment, in: folder)
    }

    /// As above, with the arguments as a list.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws -> Outcome {
        let process = try ChildProcess(executable, arguments, environment: environment, in: folder)
        let status = try process.wait()
        return Outcome(status: status, output: process.output, errors: process.errors)
    }
}

/// A `portico serve` or `portico run` on free ports.
public final class ServingPortico {
    /// The process.
    public let process: ChildProcess
    /// Port of the API.
    public let port: Int
    /// Port of the admin listener.
    public let adminPort: Int

    /// Processes that have taken over, in order.
    public private(set) var successors: [Int32] = []

    /// Arguments that let it take free ports.
    public static let freePorts = ["--port", "0", "--tls-port", "0", "--admin-port", "0"]

    /// Starts it and waits until it says its addresses.
    public convenience init(
        _ arguments: String..., environment: [String: String] = [:], in folder: String? = nil
    ) throws {
        try self.init(arguments: arguments, environment: environment, in: folder)
    }

    /// As above, with the arguments as a list.
    public convenience init(arguments: [String], environment: [String: String] = [:], in folder: String? = nil) throws {
        try self.init(
            try ChildProcess(
                PorticoProcess.executable, arguments + Self.freePorts, environment: environment,
                in: folder))
    }

    /// Another program that is Portico in the end, with descriptors from 3 on.
    public convenience init(
        program: String, _ arguments: [String], environment: [String: String] = [:], descriptors: [Int32] = []
    ) throws {
        try self.init(
            try ChildProcess(program, arguments, environment: environment, descriptors: descriptors))
    }

    /// A script of the package that serves in the end, after it has installed and started what it needs.
    public convenience init(script: String, _ arguments: [String], environment: [String: String]) throws {
        try self.init(
            try ChildProcess(
                "\(GoldenFile.packageRoot)/\(script)", arguments + Self.freePorts, environment: environment),
            within: .seconds(300))
    }

    private init(_ process: ChildProcess, within limit: Duration = .seconds(60)) throws {
        self.process = process
        var ports: (Int, Int)?
        try Deadline(after: limit).wait(for: "portico to serve") {
            guard process.isRunning else { throw TestSupportError("portico ended: \(process.errors)") }
            let text = process.errors
            guard let data = Self.port(in: text, after: "portico: serving"),
                let admin = Self.port(in: text, after: "admin ")
            else { return false }
            ports = (data, admin)
            return true
        }
        (port, adminPort) = ports ?? (0, 0)
    }

    deinit {
        process.signal(SIGKILL)
        for id in successors { kill(id, SIGKILL) }
    }

    /// Has the process that serves replaced by a new one; returns when that has taken over.
    public func upgrade() throws {
        if let last = successors.last { kill(last, SIGUSR2) } else { process.signal(SIGUSR2) }
        let process = process
        let count = successors.count
        try Deadline(after: .seconds(60)).wait(for: "a process to take over; it said: \(process.errors)") {
            let lines = process.errors.split(separator: "\n").filter { $0.contains(" has taken over; ") }
            guard lines.count > count else { return false }
            let id = lines[count].split(separator: " ").compactMap { Int32($0) }.first
            if let id { successors.append(id) }
            return true
        }
    }

    /// Sends GET to a path.
    public func get(_ path: String) throws -> RawResponse { try HTTP.request("GET", path, port: port) }

    /// Asks until the answer is no time-out: the first call of a Python function installs what it runs on, which may take
    /// longer than a gateway waits.
    public func waitUntilInstalled(_ path: String) throws {
        try Deadline(after: .seconds(300)).wait(for: "functions to be installed; it said: \(process.errors)") {
            let status = try get(path).status
            return status != 503 && status != 504
        }
    }

    /// Waits until it has said `text` more than `count` times.
    public func waitUntilSaid(_ text: String, moreThan count: Int = 0) throws {
        let process = process
        try Deadline(after: .seconds(30)).wait(for: "'\(text)'; it said: \(process.errors)") {
            guard process.isRunning else { throw TestSupportError("portico ended: \(process.errors)") }
            return process.errors.ranges(ofText: text) > count
        }
    }

    /// The number after the next `://host:` that follows `mark`.
    private static func port(in text: String, after mark: String) -> Int? {
        let lines = text.split(separator: "\n")
        guard let start = lines.firstIndex(where: { $0.contains(mark) }) else { return nil }
        for line in lines[start...] {
            guard let scheme = line.firstRange(ofText: "http://127.0.0.1:") else { continue }
            let digits = line[scheme...].prefix { $0.isASCII && $0.isNumber }
            // The line must be whole: the number could still be growing.
            guard line[scheme...].contains("/") else { return nil }
            return Int(digits)
        }
        return nil
    }
}

extension StringProtocol {
    /// Index after the first occurrence of `text`.
    public func firstRange(ofText text: String) -> Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }

    /// How often `text` occurs.
    public func ranges(ofText text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let end = rest.firstRange(ofText: text) {
            count += 1
            rest = rest[end...]
        }
        return count
    }
}
