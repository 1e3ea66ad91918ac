import ArgumentParser
import Glibc
import PorticoGateway

/// Where access logs and metrics are written.
struct ObservationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of access logs that go to a log group. [PORTICO_LOGS] (default: logs in the state folder)",
            valueName: "folder"))
    var logs: String?

    @Option(
        help: ArgumentHelp(
            "File of the metrics of each minute, in CloudWatch's embedded metric format; '-' is standard output. "
                + "[PORTICO_METRICS_LOG] (default: none)", valueName: "file"))
    var metricsLog: String?

    /// Fills in what a server needs. `state` is the state folder.
    func apply(
        to configuration: inout ServerConfiguration, state: String, _ environment: Environment = Environment()
    ) throws {
        configuration.version = Version.current
        configuration.logDirectory = logs ?? environment["PORTICO_LOGS"] ?? state + "/logs"
        guard let path = metricsLog ?? environment["PORTICO_METRICS_LOG"] else { return }
        if path == "-" {
            configuration.metricsOutput = { _ = MetricsFile.write($0, to: STDOUT_FILENO) }
            return
        }
        let file = MetricsFile(path: path)
        // A path that cannot be written is better known now than after a minute.
        guard file.append([]) else {
            throw CommandFailure(.unavailable, "cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
        configuration.metricsOutput = { bytes in
            if !file.append(bytes) {
                Console.say("portico: metrics of a minute were not written to '\(path)': no room, or no rights")
            }
        }
    }
}

/// A file that lines are appended to once a minute. It is opened each time, so that it may be moved.
private struct MetricsFile: Sendable {
    let path: String

    /// Whether all is written. `errno` says why not.
    func append(_ bytes: [UInt8]) -> Bool {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Self.write(bytes, to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}
