import Glibc
import Synchronization

/// What a ``FakeUpstream`` sends of its answer, piece by piece, as a test commands.
public final class PieceFeed: Sendable {
    enum Command {
        case bytes([UInt8])
        case finish
        case close
        case reset
    }

    private struct State {
        var commands: [Command] = []
        var sentBytes = 0
        var isGone = false
        var hasBegun = false
    }

    private let state = Mutex(State())

    /// Makes a feed without commands.
    public init() {}

    /// Sends text as it stands, head and framing included.
    public func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends bytes.
    public func send(_ bytes: [UInt8]) { state.withLock { $0.commands.append(.bytes(bytes)) } }

    /// Sends a chunk.
    public func chunk(_ text: String) { send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n") }

    /// The answer is whole; the connection is kept.
    public func finish() { state.withLock { $0.commands.append(.finish) } }

    /// Ends the connection.
    public func close() { state.withLock { $0.commands.append(.close) } }

    /// Resets the connection.
    public func reset() { state.withLock { $0.commands.append(.reset) } }

    /// Bytes that the socket has taken.
    public var sentBytes: Int { state.withLock { $0.sentBytes } }

    /// Whether the request has come.
    public var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Whether the other side has ended the connection while the answer was under way.
    public var isGone: Bool { state.withLock { $0.isGone } }

    /// Runs the commands; whether the connection goes on.
    func run(_ connection: LoopbackSocket, by deadline: Deadline) -> Bool {
        state.withLock { $0.hasBegun = true }
        while !deadline.hasPassed {
            let command = state.withLock { $0.commands.isEmpty ? nil : $0.commands.removeFirst() }
            switch command {
            case nil:
                if connection.isEndedByPeer() {
                    state.withLock { $0.isGone = true }
                    return false
                }
                usleep(500)
            case .bytes(let bytes):
                var start = 0
                while start < bytes.count {
                    let end = min(start + (1 << 16), bytes.count)
                    do {
                        try connection.send(bytes[start..<end], by: deadline)
                    } catch {
                        state.withLock { $0.isGone = true }
                        return false
                    }
                    let count = end - start
                    state.withLock { $0.sentBytes += count }
                    start = end
                }
            case .finish:
                return true
            case .close:
                connection.shutDown()
                return false
            case .reset:
                connection.resetOnClose()
                return false
            }
        }
        return false
    }
}
