import FoundationEssentials
import Glibc
import Logging
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// A function in a folder of its own, run by a real process against a fake Runtime API.
struct FunctionRun {
    let folder: TemporaryFolder
    let api: FakeRuntimeAPI
    let supervision: Supervision

    /// Kept for the whole run, and for later ones: the virtual environment takes long to make.
    static let state = StatePath.parent(Supervision.executable) + "/function-tests-state"

    static func specification(
        _ runtime: String, _ handler: String, environment: [(String, String)] = [], command: [String] = [],
        code: String = "code", memory: Int = 256
    ) -> FunctionSpecification {
        var process = FunctionProcess(runtime: runtime, handler: handler, codeURI: code)
        process.environment = environment.map { EnvironmentVariable(name: $0.0, value: $0.1) }
        process.command = command
        process.memoryMegabytes = memory
        return FunctionSpecification(name: "f", process: process)
    }

    static func launcher(
        base: String, state: String = state, own: [String: String]? = nil
    ) -> FunctionLauncher {
        var configuration = FunctionHostConfiguration(
            baseDirectory: base, stateDirectory: state, supervisor: [])
        configuration.region = "eu-west-1"
        return FunctionLauncher(
            configuration: configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            ownVariables: own ?? FunctionEnvironment.ownVariables())
    }

    /// Writes `files` into the code directory, starts one process, and ends it after `body`.
    static func with(
        _ function: FunctionSpecification, _ files: [String: String], _ body: (FunctionRun) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        for (name, text) in files {
            let path = "\(folder.path)/code/\(name)"
            try FileManager.default.createDirectory(
                atPath: StatePath.parent(path), withIntermediateDirectories: true)
            try writeProgram(path, text)
        }
        let api = try FakeRuntimeAPI()
        let launch = try await launcher(base: folder.path).launch(
            for: function, runtimeAPI: api.address, logStream: "2026/01/01/[$LATEST]0123456789abcdef")
        try await Supervision.with { supervision in
            try await supervision.start(1, launch)
            do {
                try await body(FunctionRun(folder: folder, api: api, supervision: supervision))
            } catch {
                Issue.record("\(error); the process wrote: \(supervision.record.output(1))")
            }
        }
        api.stop()
    }

    /// What comes of an event.
    func response(_ event: String, id: String = "id-1") async throws -> FakeRuntimeAPI.Report {
        api.invoke(event, id: id)
        return try await api.report("invocation/\(id)/response")
    }

    func error(_ event: String, id: String = "id-1") async throws -> FakeRuntimeAPI.Report {
        api.invoke(event, id: id)
        return try await api.report("invocation/\(id)/error")
    }

    var output: String { supervision.record.output(1) }
}
