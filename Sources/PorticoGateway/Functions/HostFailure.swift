// Hot: no, once per failure. Allocates: the text.

internal import NIOCore
internal import PorticoPrograms

/// The payloads of invocations that fail for another reason than the function's own error, worded as on Lambda.
///
/// Source: reference, section 5 (some of it unconfirmed there).
enum HostFailure {
    /// Bytes of a result or of a synchronous event at most. Source: Lambda quotas, 6 MB.
    static let maximumPayload = 6 << 20
    /// Bytes of a buffered result at most: Lambda allows 100 bytes more than of an event, and says so.
    static let maximumResponse = 6_291_556
    /// Bytes of an asynchronous event at most. Source: Lambda quotas, 1 MB since October 2025 (256 KB before).
    static let maximumEvent = 1 << 20
    /// Bytes of a streamed result at most. Source: Lambda quotas, 200 MB since July 2025 (20 MB before).
    static let maximumStream = 200 << 20

    /// The deadline has passed.
    static func timedOut(_ request: String, seconds: Int) -> ByteBuffer {
        payload(
            [
                ("errorType", "Sandbox.Timedout"),
                ("errorMessage", "RequestId: \(request) Error: \(timeoutText(seconds: seconds))"),
            ])
    }

    /// As Lambda writes it, with two decimals.
    static func timeoutText(seconds: Int) -> String { "Task timed out after \(seconds).00 seconds" }

    /// The process is gone without an answer.
    static func exited(_ request: String, _ exit: FunctionExit) -> ByteBuffer {
        if case .notStarted(let reason) = exit {
            return payload(
                [
                    ("errorMessage", "RequestId: \(request) Error: \(reason)"),
                    ("errorType", "Runtime.InvalidEntrypoint"),
                ])
        }
        return payload(
            [
                ("errorMessage", "RequestId: \(request) Error: \(exitText(exit))"), ("errorType", "Runtime.ExitError"),
            ])
    }

    /// How Go prints the end of a process, which is what Lambda shows.
    static func exitText(_ exit: FunctionExit) -> String {
        switch exit {
        case .exited(status: 0): "Runtime exited without providing a reason"
        case .exited(let status): "Runtime exited with error: exit status \(status)"
        case .signaled(let signal): "Runtime exited with error: signal: \(signalName(signal))"
        case .outOfMemory: "Runtime exited with error: signal: killed"
        case .notStarted(let reason): reason
        }
    }

    /// The result is longer than it may be.
    static func responseTooLarge(limit: Int = maximumResponse) -> ByteBuffer {
        payload(
            [
                ("errorType", "Function.ResponseSizeTooLarge"),
                ("errorMessage", "Response payload size exceeded maximum allowed payload size (\(limit) bytes)."),
            ])
    }

    /// The connection broke amid a streamed result.
    static func truncated(_ request: String) -> ByteBuffer {
        payload(
            [
                ("errorType", "Runtime.TruncatedResponse"),
                ("errorMessage", "RequestId: \(request) Error: the connection of the runtime ended amid its response"),
            ])
    }

    /// An object of strings.
    static func payload(_ members: [(name: String, value: String)]) -> ByteBuffer {
        let output = OutputBuffer(capacity: 256)
        output.append("{")
        for (index, member) in members.enumerated() {
            if index > 0 { output.append(",") }
            JSONText.appendQuoted(member.name, into: output)
            output.append(":")
            JSONText.appendQuoted(member.value, into: output)
        }
        output.append("}")
        return ByteBuffer(bytes: output.bytes)
    }

    private static func signalName(_ signal: Int) -> String {
        switch signal {
        case 1: "hangup"
        case 2: "interrupt"
        case 3: "quit"
        case 4: "illegal instruction"
        case 6: "aborted"
        case 7: "bus error"
        case 8: "floating point exception"
        case 9: "killed"
        case 11: "segmentation fault"
        case 13: "broken pipe"
        case 15: "terminated"
        default: "signal \(signal)"
        }
    }
}
