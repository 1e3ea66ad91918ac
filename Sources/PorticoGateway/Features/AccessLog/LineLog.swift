// Hot: no, lines of metrics come here once a minute. Allocates: the queue.

/// A log of lines that a command keeps for itself: a file with rotation, or standard output. Whoever writes never waits;
/// what cannot be written is lost, and told by `note`.
public final class LineLog: Sendable {
    private let file: AccessLogFile

    /// Makes a log; its file is opened with the first line.
    ///
    /// - Parameters:
    ///   - path: the file, or `nil` for standard output.
    ///   - bytes: size at which the file is set aside as `PATH.1`.
    ///   - files: older files that are kept.
    ///   - note: gets what an operator should know, a sentence at a time, on another thread.
    public init(path: String?, bytes: Int, files: Int, note: @escaping @Sendable (String) -> Void) {
        file = AccessLogFile(
            path.map { .file(path: $0) } ?? .standardOutput,
            rotation: path.map { _ in AccessLogSink.Rotation(bytes: bytes, files: files) }, note: note)
    }

    /// Takes whole lines, each with its line break.
    public func write(_ lines: [UInt8]) {
        lines.withUnsafeBytes { file.write($0, count: lines.count { $0 == 0x0A }) }
    }

    /// Opens the file anew with the next lines, as after somebody has moved it.
    public func reopen() { file.reopen() }

    /// Writes what waits; a reader that does not read holds this up for a moment only.
    public func close() async { await file.close() }
}
