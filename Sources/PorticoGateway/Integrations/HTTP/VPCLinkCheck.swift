// Hot: no, once per host and interval. Allocates: the check and its call.

internal import NIOCore
internal import NIOPosix
internal import PorticoIR

/// One check of a host of a VPC link: a GET of its health check path, or a connection that can be made.
///
/// *Source:* Elastic Load Balancing guides, "Health checks for your target groups": a check names the host itself, not
/// the site, and looks at nothing but the status.
final class VPCLinkCheck: UpstreamReceiver {
    private let check: HealthCheck
    private var host: VPCLinkHost?

    private init(_ check: HealthCheck, _ host: VPCLinkHost) {
        self.check = check
        self.host = host
    }

    /// Begins a check; its outcome goes to `host`, never before this has returned.
    static func begin(
        _ check: HealthCheck, target: UpstreamTarget, host: VPCLinkHost, pools: UpstreamPools
    ) -> VPCLinkCheck {
        let run = VPCLinkCheck(check, host)
        if check.path.isEmpty { run.connect(target, pools) } else { run.get(target, pools) }
        return run
    }

    private func get(_ target: UpstreamTarget, _ pools: UpstreamPools) {
        let name = target.host.contains(":") ? "[\(target.host)]" : target.host
        let request =
            "GET \(check.path) HTTP/1.1\r\nHost: \(name):\(target.port)\r\nUser-Agent: ELB-HealthChecker/2.0\r\n"
            + "Accept-Encoding: gzip, compressed\r\n\r\n"
        _ = pools.pool(for: target).send(
            ByteBuffer(string: request), isHead: false, canRetry: true,
            timeoutMilliseconds: check.timeoutSeconds * 1000, receiver: self)
    }

    private func connect(_ target: UpstreamTarget, _ pools: UpstreamPools) {
        let bootstrap = ClientBootstrap(group: pools.loop).connectTimeout(.seconds(Int64(check.timeoutSeconds)))
        let channel: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: target.host, port: target.port) {
            channel = bootstrap.connect(to: address)
        } else {
            channel = bootstrap.connect(host: target.host, port: target.port)
        }
        // An address may fail at once, and the outcome must not come on the stack of who asked.
        let run = NIOLoopBound(self, eventLoop: pools.loop)
        channel.whenComplete { result in
            if case .success(let channel) = result { channel.close(promise: nil) }
            let isMade = (try? result.get()) != nil
            run.eventLoop.execute { run.value.end(failure: isMade ? nil : "no connection can be made") }
        }
    }

    func upstreamDidReceive(_ response: UpstreamResponse) {
        let isSuccess = check.successStatuses.contains { $0.contains(response.status) }
        end(failure: isSuccess ? nil : "GET \(check.path) answers \(response.status)")
    }

    func upstreamDidFail(_ failure: UpstreamFailure) { end(failure: "GET \(check.path) fails: \(failure)") }

    private func end(failure: String?) {
        let host = self.host
        self.host = nil
        host?.checkEnded(failure: failure)
    }
}
