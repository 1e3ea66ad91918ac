import Glibc
import Synchronization

/// Clients that ask all the time, each in a thread of its own, and count what they got.
public final class LoadClients: Sendable {
    /// What they have seen.
    public struct Figures: Sendable {
        /// Answers with status 200.
        public var answers = 0
        /// Answers that said that the connection ends.
        public var closes = 0
        /// Everything else, in words.
        public var failures: [String] = []
    }

    private struct State {
        var figures = Figures()
        var running = 0
    }

    private let port: Int
    private let request: String
    private let state = Mutex(State())
    private let isStopped = Atomic<Bool>(false)

    /// Starts `short` clients that open a connection for each request, and `kept` ones that use theirs until an answer
    /// says that it ends.
    public init(port: Int, path: String, short: Int, kept: Int) {
        self.port = port
        request = "GET \(path) HTTP/1.1\r\nHost: load\r\n\r\n"
        state.withLock { $0.running = short + kept }
        for index in 0..<(short + kept) { inThread { self.run(keeps: index >= short) } }
    }

    /// What they have seen so far.
    public var figures: Figures { state.withLock { $0.figures } }

    /// Ends them; returns what they have seen.
    public func stop() throws -> Figures {
        isStopped.store(true, ordering: .relaxed)
        try Deadline(after: .seconds(60)).wait(for: "clients to end") { state.withLock { $0.running } == 0 }
        return figures
    }

    private func run(keeps: Bool) {
        var connection: RawConnection?
        while !isStopped.load(ordering: .relaxed) {
            do {
                let current = try connection ?? RawConnection(port: port)
                try current.send(request)
                let response = try current.readResponse()
                let ends = response["connection"]?.lowercased() == "close"
                state.withLock { state in
                    if response.status == 200 {
                        state.figures.answers += 1
                    } else {
                        state.figures.failures.append("status \(response.status)")
                    }
                    if ends { state.figures.closes += 1 }
                }
                connection = keeps && !ends ? current : nil
            } catch {
                state.withLock { $0.figures.failures.append("\(keeps ? "kept" : "short"): \(error)") }
                connection = nil
            }
            usleep(1000)
        }
        state.withLock { $0.running -= 1 }
    }
}
