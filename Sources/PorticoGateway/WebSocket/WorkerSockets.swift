// Hot: once per connection that begins or ends. Allocates: when its tables grow.

internal import NIOCore
internal import PorticoIR

/// The WebSocket connections of one worker, and the events of those that have ended.
final class WorkerSockets {
    /// Events of `$disconnect` that are under way at once: when ten thousand clients go away together, the others wait
    /// here and not in front of the backend.
    private static let mostDisconnects = 64
    /// Parts that the list is looked through in, one a tick.
    private static let parts = 8

    /// Tells other processes of the connections; `nil` when there are none.
    var registry: (any ConnectionRegistry)?
    private var connections = Registry<WebSocketConnection>()
    private var byID: [ConnectionID: WebSocketConnection] = [:]
    private var ended: [WebSocketConnection] = []
    private var nextEnded = 0
    private var disconnects = 0
    private var isRunning = false
    /// Exchanges of events that wait for their backends.
    private var waiting: [ObjectIdentifier: Exchange] = [:]
    /// Whether the worker ends: nothing begins any more.
    private(set) var hasEnded = false
    private var part = 0

    /// Connections that are open.
    var count: Int { connections.count }

    /// Connections that are open, and ended ones whose event is not over.
    var busy: Int { connections.count + ended.count - nextEnded + disconnects }

    /// All connections.
    var all: [WebSocketConnection] { connections.elements }

    /// The connection of that id.
    func connection(_ id: ConnectionID) -> WebSocketConnection? { byID[id] }

    func add(_ connection: WebSocketConnection) {
        connections.add(connection)
        byID[connection.peer.id] = connection
        registry?.add(connection.address)
    }

    func remove(_ connection: WebSocketConnection) {
        // One that never began is none.
        guard connection.index >= 0 else { return }
        connections.remove(connection)
        byID[connection.peer.id] = nil
        registry?.remove(connection.address)
    }

    /// Looks for connections whose time is over, in an eighth of the list.
    func sweep(now: Int) {
        guard connections.count > 0 else { return }
        part = (part &+ 1) % WorkerSockets.parts
        // Closing changes the list, so a copy is walked.
        let all = connections.elements
        let size = (all.count &+ WorkerSockets.parts &- 1) / WorkerSockets.parts
        let start = min(part &* size, all.count)
        for connection in all[start..<min(start &+ size, all.count)] { connection.sweep(now: now) }
    }

    // MARK: - Events under way

    /// An event waits for its backend.
    func willWait(_ exchange: Exchange) { waiting[ObjectIdentifier(exchange)] = exchange }

    /// Its backend has answered.
    func didWait(_ exchange: Exchange) { waiting[ObjectIdentifier(exchange)] = nil }

    /// Gives up everything that is under way.
    func shutDown(_ worker: Worker) {
        hasEnded = true
        ended.removeAll()
        nextEnded = 0
        for connection in connections.elements { connection.abort() }
        let exchanges = waiting.values
        waiting.removeAll()
        for exchange in exchanges {
            exchange.call?.cancel()
            exchange.cancelFunction()
            worker.recycle(exchange)
        }
    }

    // MARK: - Ended connections

    /// A connection has ended: its event runs, now or when others are over.
    func didEnd(_ connection: WebSocketConnection) {
        guard !hasEnded else { return }
        ended.append(connection)
        runDisconnects()
    }

    /// The event of an ended connection is over.
    func disconnectDidEnd() {
        disconnects &-= 1
        runDisconnects()
    }

    private func runDisconnects() {
        // An event that is over at once leads back here.
        guard !isRunning, !hasEnded else { return }
        isRunning = true
        while disconnects < WorkerSockets.mostDisconnects, nextEnded < ended.count {
            let connection = ended[nextEnded]
            nextEnded &+= 1
            disconnects &+= 1
            if !connection.runDisconnect() { disconnects &-= 1 }
        }
        isRunning = false
        if nextEnded == ended.count {
            ended.removeAll()
            nextEnded = 0
        } else if nextEnded >= 1024 {
            ended.removeFirst(nextEnded)
            nextEnded = 0
        }
    }
}
