// Hot: a few times per invocation. Allocates: the lines.

internal import NIOCore

/// The lines about invocations, worded as Lambda writes them to CloudWatch; each begins with the function's name in
/// brackets, because functions share one stream here.
enum HostLog {
    static func start(_ function: String, _ request: String) -> String {
        "[\(function)] START RequestId: \(request) Version: $LATEST\n"
    }

    /// How an invocation ended, when it did not end well. Source: Lambda developer guide, "Lambda log format".
    enum Status {
        case success
        case timeout
        case error(type: String)
    }

    /// `END` and `REPORT`. Source: Lambda developer guide, "Using CloudWatch logs".
    static func end(
        _ function: String, _ request: String, duration: TimeAmount, initialization: TimeAmount?, memoryMegabytes: Int,
        status: Status
    ) -> String {
        var text = "[\(function)] END RequestId: \(request)\n[\(function)] REPORT RequestId: \(request)\t"
        let billed = (duration.nanoseconds + 999_999) / 1_000_000
        text += "Duration: \(milliseconds(duration)) ms\tBilled Duration: \(billed) ms\t"
        text += "Memory Size: \(memoryMegabytes) MB\t"
        if let initialization { text += "Init Duration: \(milliseconds(initialization)) ms\t" }
        switch status {
        case .success: break
        case .timeout: text += "Status: timeout\t"
        case .error(let type): text += "Status: error\tError Type: \(type)\t"
        }
        return text + "\n"
    }

    /// A line of our own about a function, with the id of the invocation that it is about.
    static func note(_ function: String, _ request: String?, _ text: String) -> String {
        request.map { "[\(function) \($0)] \(text)\n" } ?? "[\(function)] \(text)\n"
    }

    /// Milliseconds with two decimals.
    static func milliseconds(_ amount: TimeAmount) -> String {
        let hundredths = max(0, (amount.nanoseconds + 5_000) / 10_000)
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Divides what a process writes into lines.
struct HostLineSplitter {
    /// Bytes of a line at most; a longer one is written in pieces. Source: CloudWatch's limit of an event, 256 KB.
    static let maximumLine = 256 << 10

    private var partial: [UInt8] = []

    /// Appends the whole lines among what was written, each after `prefix`.
    mutating func take(_ bytes: [UInt8], prefix: String, into output: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let room = HostLineSplitter.maximumLine - partial.count
            let taken = min(end, start + room)
            if end < bytes.count, taken == end {
                HostLineSplitter.write(partial + bytes[start..<end], prefix: prefix, into: &output)
                partial.removeAll(keepingCapacity: true)
                start = end + 1
                continue
            }
            partial += bytes[start..<taken]
            start = taken
            if partial.count >= HostLineSplitter.maximumLine { flush(prefix: prefix, into: &output) }
        }
    }

    /// Appends what has no line end yet.
    mutating func flush(prefix: String, into output: inout [UInt8]) {
        guard !partial.isEmpty else { return }
        HostLineSplitter.write(partial, prefix: prefix, into: &output)
        partial.removeAll(keepingCapacity: true)
    }

    /// Runtimes divide the lines of one message by CR, so that CloudWatch keeps them together; a terminal would write
    /// them over each other, so each is a line here. The CR before a line end is none.
    private static func write(_ line: [UInt8], prefix: String, into output: inout [UInt8]) {
        let whole = line.last == 0x0D ? line.dropLast() : line[...]
        for part in whole.split(separator: 0x0D, omittingEmptySubsequences: false) {
            output += prefix.utf8
            output += part
            output.append(0x0A)
        }
    }
}
