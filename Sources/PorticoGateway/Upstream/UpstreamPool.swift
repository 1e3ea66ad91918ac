// Hot: once per call. Allocates: one call; a connection when none is idle.
import NIOCore
import NIOPosix
import NIOSSL

/// Hears that a connection could not be made, or that TLS failed on it. Called on the loop.
protocol UpstreamPoolObserver: AnyObject {
    func poolCouldNotConnect(_ failure: UpstreamFailure)
}

/// The connections of one worker to one server.
///
/// The connection used last is used first, so that the others can grow old and close. When the limit of connections is
/// reached, calls wait in a bounded queue.
final class UpstreamPool {
    let target: UpstreamTarget
    /// They know each other until `UpstreamPools.shutdown`.
    let pools: UpstreamPools
    let loop: any EventLoop
    /// Known to `pools` as one that has connections.
    var isLive = false
    /// Connections, with those being made and those in use.
    private(set) var connectionCount = 0
    /// The one released last is at the end.
    private var idle = ContiguousArray<UpstreamConnection>()
    /// Being made, for a call that has ended meanwhile: the next call takes it.
    private var unclaimed = ContiguousArray<UpstreamConnection>()
    private var waiting = CircularBuffer<UpstreamCall>()
    private var waitingCount = 0
    private var isServingSoon = false
    /// Who wants to hear of connections that cannot be made; mostly nobody.
    private struct Observer {
        weak var value: (any UpstreamPoolObserver)?
    }
    /// Weak: links come and go with deployments, pools stay.
    private var observers: [Observer] = []

    init(target: UpstreamTarget, pools: UpstreamPools) {
        self.target = target
        self.pools = pools
        loop = pools.loop
    }

    var idleCount: Int { idle.count }
    var isEmpty: Bool { connectionCount == 0 && waitingCount == 0 }

    /// Sends a complete request.
    ///
    /// - Parameters:
    ///   - isHead: the method is HEAD.
    ///   - canRetry: the request may be sent once more when a kept connection turns out to be dead before it gave a
    ///     byte.
    ///   - timeoutMilliseconds: from now to the whole response.
    func send(
        _ bytes: ByteBuffer, isHead: Bool, canRetry: Bool, timeoutMilliseconds: Int, receiver: any UpstreamReceiver
    ) -> UpstreamCall {
        let call = UpstreamCall(
            bytes: bytes, isHead: isHead, canRetry: canRetry,
            deadline: .now() + .milliseconds(Int64(timeoutMilliseconds)), pool: self, receiver: receiver)
        pools.add(call)
        start(call)
        call.isStarting = false
        return call
    }

    /// Sends a complete request whose response is handed on as it arrives, without a limit of its size.
    ///
    /// - Parameter timeoutMilliseconds: from now to the end of the response; between its bytes
    ///   `streamIdleMilliseconds` may pass.
    func stream(
        _ bytes: ByteBuffer, isHead: Bool, canRetry: Bool, timeoutMilliseconds: Int,
        receiver: any UpstreamStreamReceiver
    ) -> UpstreamCall {
        let end = NIODeadline.now() + .milliseconds(Int64(timeoutMilliseconds))
        let stream = UpstreamStream(receiver: receiver, end: end)
        let call = UpstreamCall(
            bytes: bytes, isHead: isHead, canRetry: canRetry, deadline: end, pool: self, receiver: stream,
            stream: stream)
        pools.add(call)
        start(call)
        call.isStarting = false
        return call
    }

    @inline(__always)
    private func start(_ call: UpstreamCall) {
        if let connection = idle.popLast() {
            connection.begin(call)
        } else {
            connectOrWait(call)
        }
    }
}

extension UpstreamPool {
    /// Sends a call again that a kept connection swallowed: on a new connection, because the other idle ones may have
    /// died with it.
    @inline(never)
    func retry(_ call: UpstreamCall) {
        call.hasRetried = true
        call.connection = nil
        connectOrWait(call)
    }

    /// Takes back a connection that has nothing to do.
    @inline(__always)
    func release(_ connection: UpstreamConnection) {
        if waitingCount > 0, let call = nextWaiting() {
            connection.begin(call)
        } else if idle.count < pools.configuration.maximumIdleConnections && !pools.isShutDown {
            connection.idleSince = pools.coarseNow
            idle.append(connection)
        } else {
            connection.close()
        }
    }

    /// A connection is of no use any more, whether it was made, in use, or idle.
    @inline(never)
    func connectionDidEnd(_ connection: UpstreamConnection, wasIdle: Bool) {
        connectionCount -= 1
        if wasIdle { idle.removeAll { $0 === connection } }
        unclaimed.removeAll { $0 === connection }
        if waitingCount == 0 || isServingSoon || pools.isShutDown { return }
        // Not at once: where connecting fails at once, each call would do so on the stack of the one before.
        isServingSoon = true
        let pool = NIOLoopBound(self, eventLoop: loop)
        loop.execute { pool.value.serveWaiting() }
    }

    private func serveWaiting() {
        isServingSoon = false
        if pools.isShutDown { return }
        while connectionCount < pools.configuration.maximumConnections, let call = nextWaiting() { connect(for: call) }
    }

    /// The call for which a connection is being made has ended.
    func connectionIsUnclaimed(_ connection: UpstreamConnection) {
        unclaimed.append(connection)
    }

    /// A connection has been made, without a call that waits for it.
    func unclaimedConnectionIsReady(_ connection: UpstreamConnection) {
        unclaimed.removeAll { $0 === connection }
        release(connection)
    }

    /// Tells `observer` of connections that cannot be made, from now on.
    func observe(_ observer: any UpstreamPoolObserver) {
        if observers.contains(where: { $0.value === observer }) { return }
        observers.removeAll { $0.value == nil }
        observers.append(Observer(value: observer))
    }

    @inline(never)
    func couldNotConnect(_ failure: UpstreamFailure) {
        for observer in observers { observer.value?.poolCouldNotConnect(failure) }
    }

    func waitingCallDidEnd() {
        waitingCount -= 1
        // Ended calls go when their turn comes; when it does not come, in bulk.
        if waiting.count > 2 * waitingCount + 64 { waiting.removeAll { $0.hasEnded } }
    }

    func closeIdle(since limit: NIODeadline) {
        while let oldest = idle.first, oldest.idleSince <= limit {
            idle.removeFirst()
            oldest.close()
        }
    }

    func closeAll() {
        while let connection = idle.popLast() { connection.close() }
        while let connection = unclaimed.popLast() { connection.close() }
        isLive = false
    }

    private func nextWaiting() -> UpstreamCall? {
        while let call = waiting.popFirst() {
            if call.hasEnded { continue }
            waitingCount -= 1
            call.isWaiting = false
            return call
        }
        return nil
    }

    @inline(never)
    private func connectOrWait(_ call: UpstreamCall) {
        if pools.isShutDown {
            call.fail(.saturated)
        } else if let connection = unclaimed.popLast() {
            connection.claim(call)
        } else if connectionCount < pools.configuration.maximumConnections {
            connect(for: call)
        } else if waitingCount < pools.configuration.maximumWaitingCalls {
            waitingCount += 1
            call.isWaiting = true
            waiting.append(call)
            if !isLive { pools.enliven(self) }
        } else {
            call.fail(.saturated)
        }
    }

    private func connect(for call: UpstreamCall) {
        connectionCount += 1
        if !isLive { pools.enliven(self) }
        let connection = UpstreamConnection(pool: self)
        connection.claim(call)
        let timeout = TimeAmount.milliseconds(pools.configuration.connectTimeoutMilliseconds)
        connection.armConnectTimeout(timeout)
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connectTimeout(timeout)
        let channel: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: target.host, port: target.port) {
            channel = bootstrap.connect(to: address)
        } else {
            channel = bootstrap.connect(host: target.host, port: target.port)
        }
        // Handlers go in when the race of addresses is over: each address has a channel of its own.
        channel.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): connection.didConnect(channel)
            case .failure: connection.didFailToConnect(.connectFailed)
            }
        }
    }
}
