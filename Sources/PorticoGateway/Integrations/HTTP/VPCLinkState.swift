// Hot: once per call through a VPC link. Allocates: nothing once its pools are known.

internal import Logging
internal import NIOCore
internal import PorticoIR

/// The hosts of one VPC link as one worker sees them: whose turn it is, and which of them are fit to be called.
///
/// Lives on the worker's loop, from the first call through the link until no table has the link any more. A host is fit
/// until ``HealthCheck/unhealthyThreshold`` failures in a row say otherwise, and unfit until
/// ``HealthCheck/healthyThreshold`` successes do. Without a fit host all are called, as load balancers do.
final class VPCLinkState {
    let entry: VPCLinkEntry
    let hosts: [VPCLinkHost]
    /// Positions of the hosts that are called, in order.
    private var fit: [Int]
    private var next = 0
    /// What the first integration's `uri` says of scheme and names; checks call hosts as integrations do.
    private var uri: UpstreamTarget?
    private let pools: UpstreamPools
    private let logger: Logger
    private var timer: RepeatedTask?

    init(_ link: ServingVPCLink, pools: UpstreamPools, logger: Logger) {
        entry = link.entry
        hosts = zip(link.entry.targets, link.hosts).map { VPCLinkHost(text: $0, target: $1) }
        fit = Array(hosts.indices)
        self.pools = pools
        self.logger = logger
        for host in hosts { host.state = self }
    }

    /// Position of the host whose turn it is.
    @inline(__always)
    func choose(for uri: UpstreamTarget) -> Int {
        if self.uri == nil { start(for: uri) }
        if next >= fit.count { next = 0 }
        let chosen = fit[next]
        next &+= 1
        return chosen
    }

    /// The pool of a host, whose failures to connect the state hears of from now on.
    @inline(__always)
    func watch(_ pool: UpstreamPool, of host: Int) -> UpstreamPool {
        if entry.healthCheck != nil { pool.observe(hosts[host]) }
        return pool
    }

    /// Ends the checks.
    func end() {
        timer?.cancel()
        timer = nil
        for host in hosts { host.state = nil }
    }

    @inline(never)
    private func start(for uri: UpstreamTarget) {
        self.uri = uri
        guard let check = entry.healthCheck else { return }
        let state = NIOLoopBound(self, eventLoop: pools.loop)
        timer = pools.loop.scheduleRepeatedTask(
            initialDelay: .zero, delay: .seconds(Int64(check.intervalSeconds))
        ) { _ in state.value.checkAll(check) }
    }

    private func checkAll(_ check: HealthCheck) {
        guard let uri, !pools.isShutDown else { return }
        for host in hosts where host.check == nil {
            let target = ServingVPCLink.target(of: host.target, for: uri)
            host.check = VPCLinkCheck.begin(check, target: target, host: host, pools: pools)
        }
    }

    /// Counts what a check or a call has shown of a host; `failure` is `nil` for a success.
    func record(_ host: VPCLinkHost, failure: String?) {
        guard let check = entry.healthCheck, host.count(check, failure: failure) else { return }
        let firstOut = next < fit.count ? fit[next] : 0
        fit = hosts.indices.filter { hosts[$0].isFit }
        if fit.isEmpty { fit = Array(hosts.indices) }
        // The turn stays where it was, as far as that host is still there.
        next = fit.firstIndex { $0 >= firstOut } ?? 0
        if let failure {
            logger.warning(
                "host '\(host.text)' of VPC link '\(entry.name)' is unhealthy: \(failure)",
                metadata: ["healthyHosts": "\(hosts.count { $0.isFit }) of \(hosts.count)"])
        } else {
            logger.notice("host '\(host.text)' of VPC link '\(entry.name)' is healthy again")
        }
    }
}

/// One host of a VPC link as one worker sees it.
final class VPCLinkHost: UpstreamPoolObserver {
    /// As the document has it.
    let text: String
    let target: VPCLinkTarget
    private(set) var isFit = true
    /// Outcomes in a row that speak against ``isFit``.
    private var streak = 0
    /// The check under way.
    var check: VPCLinkCheck?
    fileprivate(set) weak var state: VPCLinkState?

    init(text: String, target: VPCLinkTarget) {
        self.text = text
        self.target = target
    }

    /// Counts an outcome; tells whether the host is now fit and was not, or the other way round.
    func count(_ check: HealthCheck, failure: String?) -> Bool {
        guard (failure == nil) != isFit else {
            streak = 0
            return false
        }
        streak += 1
        guard streak >= (isFit ? check.unhealthyThreshold : check.healthyThreshold) else { return false }
        isFit.toggle()
        streak = 0
        return true
    }

    func checkEnded(failure: String?) {
        check = nil
        state?.record(self, failure: failure)
    }

    func poolCouldNotConnect(_ failure: UpstreamFailure) {
        // A check tells its own failure.
        if check == nil { state?.record(self, failure: failure == .tlsFailed ? "TLS failed" : "connection refused") }
    }
}

/// The VPC links that one worker has called.
final class VPCLinkStates {
    private let pools: UpstreamPools
    private let logger: Logger
    private var states: [VPCLinkEntry: VPCLinkState] = [:]
    /// By the link of the table in service; keeps the link alive, so that its identity stays its own.
    private var byLink: [ObjectIdentifier: (link: ServingVPCLink, state: VPCLinkState)] = [:]

    init(pools: UpstreamPools, logger: Logger) {
        self.pools = pools
        self.logger = logger
    }

    @inline(__always)
    func state(of link: ServingVPCLink) -> VPCLinkState {
        if let known = byLink[ObjectIdentifier(link)] { return known.state }
        return makeState(of: link)
    }

    @inline(never)
    private func makeState(of link: ServingVPCLink) -> VPCLinkState {
        let state = states[link.entry] ?? VPCLinkState(link, pools: pools, logger: logger)
        states[link.entry] = state
        byLink[ObjectIdentifier(link)] = (link, state)
        return state
    }

    /// Forgets links that the new table does not have; what is known of the others stays.
    func keep(_ entries: some Sequence<VPCLinkEntry>) {
        byLink.removeAll()
        let kept = Set(entries)
        for (entry, state) in states where !kept.contains(entry) {
            state.end()
            states[entry] = nil
        }
    }
}
