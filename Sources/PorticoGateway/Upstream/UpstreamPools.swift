// Hot: once per call. Allocates: nothing per call; one task per tick while calls are under way.
import NIOCore

/// The upstream connections of one worker, and the clock of its calls.
///
/// Everything here belongs to one event loop and is called on it only. Time-outs are found by a tick that looks through
/// the active calls, so that no call schedules a task of its own.
final class UpstreamPools {
    let loop: any EventLoop
    let configuration: UpstreamConfiguration
    let parser: HTTPResponseParser
    private(set) var isShutDown = false
    private var byTarget: [UpstreamTarget: UpstreamPool] = [:]
    /// Pools that have, or wait for, a connection: the others need no sweep.
    private var live: [UpstreamPool] = []
    private(set) var active = ContiguousArray<UpstreamCall>()
    /// Time of the last tick or sweep: near enough for idle times.
    private(set) var coarseNow = NIODeadline.now()
    private var isTicking = false
    private var isSweeping = false
    private var ticks = 0
    private var quietTicks = 0

    private static let ticksBetweenSweeps = 64
    private static let quietTicksBeforeRest = 100
    private static let sweepInterval = TimeAmount.seconds(1)

    init(loop: any EventLoop, configuration: UpstreamConfiguration) {
        self.loop = loop
        self.configuration = configuration
        var parser = HTTPResponseParser()
        parser.maximumHeadBytes = configuration.maximumHeadBytes
        self.parser = parser
    }

    /// The pool of `target`; the same one as long as it has connections.
    func pool(for target: UpstreamTarget) -> UpstreamPool {
        if let pool = byTarget[target] { return pool }
        let pool = UpstreamPool(target: target, pools: self)
        byTarget[target] = pool
        return pool
    }

    /// Connections of all pools, in use or not.
    var connectionCount: Int { live.reduce(0) { $0 + $1.connectionCount } }

    /// Closes what has been idle too long and forgets pools without connections. The tick calls it.
    func sweep(_ now: NIODeadline) {
        coarseNow = now
        let limit = now - .milliseconds(configuration.idleTimeoutMilliseconds)
        for pool in live { pool.closeIdle(since: limit) }
        for pool in live where pool.isEmpty {
            pool.isLive = false
            if byTarget[pool.target] === pool { byTarget[pool.target] = nil }
        }
        live.removeAll { !$0.isLive }
    }

    /// Fails the calls under way and closes all connections. New calls fail as `saturated`.
    func shutdown() {
        guard !isShutDown else { return }
        isShutDown = true
        while let call = active.last { call.fail(.closedEarly) }
        for pool in live { pool.closeAll() }
        live.removeAll()
        byTarget.removeAll()
    }
}

extension UpstreamPools {
    @inline(__always)
    func add(_ call: UpstreamCall) {
        call.activeIndex = active.count
        active.append(call)
        if !isTicking { startTicking() }
    }

    @inline(__always)
    func remove(_ call: UpstreamCall) {
        let index = call.activeIndex
        if index < 0 { return }
        call.activeIndex = -1
        let last = active.removeLast()
        if last !== call {
            active[index] = last
            last.activeIndex = index
        }
    }

    /// Called by a pool that has its first connection or waiting call.
    func enliven(_ pool: UpstreamPool) {
        pool.isLive = true
        live.append(pool)
        if byTarget[pool.target] == nil { byTarget[pool.target] = pool }
    }

    @inline(never)
    private func startTicking() {
        isTicking = true
        quietTicks = 0
        coarseNow = .now()
        scheduleTick()
    }

    private func scheduleTick() {
        loop.assumeIsolated().scheduleTask(in: .milliseconds(configuration.tickMilliseconds)) { self.tick() }
    }

    private func tick() {
        let now = NIODeadline.now()
        coarseNow = now
        expireCalls(now)
        ticks &+= 1
        if ticks % Self.ticksBetweenSweeps == 0 { sweep(now) }
        quietTicks = active.isEmpty ? quietTicks + 1 : 0
        if quietTicks < Self.quietTicksBeforeRest && !isShutDown {
            scheduleTick()
        } else {
            isTicking = false
            scheduleSweep()
        }
    }

    private func expireCalls(_ now: NIODeadline) {
        // Receivers may start and end calls: first collect, then tell.
        var expired: [UpstreamCall] = []
        for call in active where call.deadline <= now { expired.append(call) }
        for call in expired { call.fail(.timeout) }
    }

    private func scheduleSweep() {
        if isSweeping || live.isEmpty || isShutDown { return }
        isSweeping = true
        loop.assumeIsolated().scheduleTask(in: Self.sweepInterval) {
            self.isSweeping = false
            self.sweep(.now())
            if !self.isTicking { self.scheduleSweep() }
        }
    }
}
