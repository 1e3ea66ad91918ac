import Logging
import NIOCore
import NIOPosix
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference 4.8, "VPC_LINK"; Elastic Load Balancing guides, "Health checks for your target groups".
@Suite("VPC links")
struct VPCLinkTests {
    private static func ok(_ body: String) -> Backend.Behavior { .respond(status: 200, headers: [], body: body) }

    private static func api(
        _ links: String, uri: String = "http://private.test/in", members: String = "connectionId: l",
        stages: String = "dev: {}", parameters: String = ""
    ) -> String {
        spec(
            root: "x-portico-vpc-links: \(links)\nx-portico-stages: {\(stages)}",
            [
                SpecOperation(
                    "GET /x/{id}",
                    backendIntegration(
                        "http_proxy", "GET", uri,
                        "connectionType: VPC_LINK, \(members)" + (parameters.isEmpty ? "" : ", " + parameters)),
                    "parameters: [{name: id, in: path, required: true, schema: {type: string}}]")
            ])
    }

    @Test("hosts are called in turn, with path, query and Host of the address")
    func roundRobin() async throws {
        let backends = try ["a", "b", "c"].map { try Backend(Self.ok($0)) }
        let links = "{l: {targets: [\(backends.map { quoted($0.authority) }.joined(separator: ", "))]}}"
        let path = parameters("requestParameters", [("integration.request.path.id", "method.request.path.id")])
        for uri in ["http://private.test/in/{id}?k=v", "http://private.test:8080/in/{id}?k=v"] {
            try await withGateway(Self.api(links, uri: uri, parameters: path)) { gateway in
                let bodies = try (0..<6).map { try gateway.request("GET", "/dev/x/\($0)?q=\($0)").text }
                #expect(bodies == ["a", "b", "c", "a", "b", "c"])
            }
        }
        let asked = try #require(backends.map { $0.requests.filter { $0["Host"] == "private.test" } }.first)
        #expect(asked.map(\.path) == ["/in/0?k=v&q=0", "/in/3?k=v&q=3"])
        #expect(backends[1].requests.compactMap { $0["Host"] }.suffix(1) == ["private.test:8080"])
        for backend in backends { backend.stop() }
    }

    @Test("a host that is mapped, a link in a stage variable and a listener lead to the same hosts")
    func names() async throws {
        let backend = try Backend(Self.ok("ok"))
        let links = "{l: \(quoted(backend.authority)), 'arn:listener': \(quoted("http://" + backend.authority))}"
        let host = parameters("requestParameters", [("integration.request.path.h", "'mapped.test'")])
        let apis = [
            Self.api(links, uri: "http://{h}/in", parameters: host),
            Self.api(links, members: "connectionId: '${stageVariables.link}'", stages: "dev: {variables: {link: l}}"),
            Self.api(links, members: "connectionId: other, integrationTarget: 'arn:listener'"),
            Self.api(links, members: "connectionId: l, integrationTarget: 'arn:other'"),
        ]
        for api in apis {
            try await withGateway(api) { gateway in
                let answer = try gateway.request("GET", "/dev/x/1")
                #expect(answer.text == "ok")
            }
        }
        #expect(backend.requests.map { $0["Host"] } == ["mapped.test"] + Array(repeating: "private.test", count: 3))
        backend.stop()
    }

    @Test("a link that nobody declares answers 500, and the log names those that are")
    func unknown() async throws {
        let api = Self.api(
            "{l: 'http://a', m: 'http://b'}", members: "connectionId: '${stageVariables.link}'",
            stages: "dev: {variables: {link: away}}")
        let answer = try await TestInvocation(method: "GET", path: "/x/1").run(
            on: try TestGateway.compile(api), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(answer.status == 500)
        #expect(answer.log.contains("Invalid VPC link 'away': x-portico-vpc-links declares 'l', 'm'"), "\(answer.log)")
        try await withGateway(Self.api("{}", members: "connectionId: l")) { gateway in
            check([ConformanceRow("4.8", "none", "GET /dev/x/1", 500, message("Internal server error"))], on: gateway)
        }
    }

    @Test("TLS goes to the host with the name of the address, and a target's own scheme wins")
    func tls() async throws {
        let backend = try await FakeUpstream(
            certificate: TestCertificates.goodCertificate, key: TestCertificates.goodKey
        ) { request in
            let host = request.text.split(separator: "\r\n").first { $0.hasPrefix("Host:") } ?? ""
            return [.write("HTTP/1.1 200 OK\r\nContent-Length: \(host.utf8.count)\r\n\r\n\(host)")]
        }
        let skips = "connectionId: l, tlsConfig: {insecureSkipVerification: true}"
        let rows: [(target: String, uri: String, status: Int, text: String?)] = [
            ("127.0.0.1:\(backend.port)", "https://site.api.test/in", 200, "Host: site.api.test"),
            ("https://127.0.0.1:\(backend.port)", "http://site.api.test:81/in", 200, "Host: site.api.test:81"),
            // The name is checked although the authority is not.
            ("127.0.0.1:\(backend.port)", "https://site.other.test/in", 504, nil),
            ("http://127.0.0.1:\(backend.port)", "https://site.api.test/in", 504, nil),
        ]
        for row in rows {
            let api = Self.api("{l: \(quoted(row.target))}", uri: row.uri, members: skips)
            try await withGateway(api) { gateway in
                let answer = try gateway.request("GET", "/dev/x/1")
                #expect(answer.status == row.status, "\(row)")
                if let text = row.text { #expect(answer.text == text) }
            }
        }
        try await backend.stop()
    }

    @Test("a host that fails its checks is left out, and called again when it passes them")
    func healthChecks() async throws {
        let good = try Backend(Self.ok("good"))
        let bad = try Backend(.respond(status: 503, headers: [], body: "bad"))
        let links =
            "{l: {targets: [\(quoted(good.authority)), \(quoted(bad.authority))], healthCheckPath: /up, "
            + "healthCheckIntervalSeconds: 1, healthyThresholdCount: 1, unhealthyThresholdCount: 1, matcher: 200-299}}"
        try await withGateway(Self.api(links)) { gateway in
            func bodies() throws -> [String] { try (0..<6).map { _ in try gateway.request("GET", "/dev/x/1").text } }
            try Deadline().wait(for: "the bad host to be left out") { Set(try bodies()) == ["good"] }
            bad.behave(Self.ok("bad"))
            try Deadline().wait(for: "the host to be called again") { Set(try bodies()) == ["good", "bad"] }
        }
        let check = try #require(bad.requests.first { $0.path == "/up" })
        #expect(check.method == "GET" && check["Host"] == bad.authority)
        #expect(check["User-Agent"] == "ELB-HealthChecker/2.0")
        for backend in [good, bad] { backend.stop() }
    }

    @Test("a host that refuses connections is left out, and without a fit host all are called")
    func refusals() async throws {
        let good = try Backend(Self.ok("good"))
        let gone = try Backend(Self.ok("gone"))
        gone.stop()
        let api = Self.api(
            "{l: {healthCheckIntervalSeconds: 1, unhealthyThresholdCount: 1, "
                + "targets: [\(quoted(gone.authority)), \(quoted(good.authority))]}}")
        try await withGateway(api) { gateway in
            func statuses() throws -> Set<Int> {
                Set(try (0..<6).map { _ in try gateway.request("GET", "/dev/x/1").status })
            }
            try Deadline().wait(for: "the refusing host to be left out") { try statuses() == [200] }
            good.stop()
            try Deadline().wait(for: "both to be called") { try statuses() == [504] }
            let again = try Backend(Self.ok("again"), port: gone.port)
            try Deadline().wait(for: "the host that is back") { try statuses() == [200] }
            again.stop()
        }
    }

    @Test("one host alone is called whatever becomes of it")
    func single() async throws {
        let backend = try Backend(.respond(status: 500, headers: [], body: "no"))
        try await withGateway(Self.api("{l: \(quoted(backend.authority))}")) { gateway in
            let statuses = try (0..<5).map { _ in try gateway.request("GET", "/dev/x/1").status }
            #expect(statuses == Array(repeating: 500, count: 5))
        }
        #expect(backend.requests.allSatisfy { $0.path == "/in" })
        backend.stop()
    }
}

/// The state of a link on one loop, with outcomes as if checks had told them.
@Suite("State of a VPC link")
struct VPCLinkStateTests {
    /// Runs `body` in one turn of a loop, so that no check of its own comes between.
    private func withState<Value: Sendable>(
        _ targets: [String], _ check: HealthCheck?, _ body: @escaping @Sendable (VPCLinkState) -> Value
    ) async throws -> Value {
        let loop = FakeUpstream.group.next()
        return try await loop.submit {
            let pools = UpstreamPools(loop: loop, configuration: UpstreamConfiguration())
            let link = ServingVPCLink(VPCLinkEntry(name: "l", targets: targets, healthCheck: check))
            let state = VPCLinkState(
                link, pools: pools, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            defer {
                state.end()
                pools.shutdown()
            }
            return body(state)
        }.get()
    }

    private static let uri = UpstreamTarget(host: "private.test", port: 80)

    private static func check(healthy: Int = 2, unhealthy: Int = 2) -> HealthCheck {
        var check = HealthCheck()
        check.intervalSeconds = 300
        (check.healthyThreshold, check.unhealthyThreshold) = (healthy, unhealthy)
        return check
    }

    @Test("thresholds count outcomes in a row, and the turn goes on")
    func thresholds() async throws {
        let turns = try await withState(["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"], Self.check()) { state in
            var turns: [[Int]] = []
            func take(_ count: Int) { turns.append((0..<count).map { _ in state.choose(for: Self.uri) }) }
            func tell(_ host: Int, _ outcomes: String) {
                for outcome in outcomes {
                    state.record(state.hosts[host], failure: outcome == "-" ? "failed" : nil)
                }
            }
            take(4)
            tell(1, "-+-+-")
            take(3)
            tell(1, "-")
            take(4)
            tell(1, "+-+")
            take(2)
            tell(1, "+")
            take(4)
            return turns
        }
        #expect(turns == [[0, 1, 2, 0], [1, 2, 0], [2, 0, 2, 0], [2, 0], [2, 0, 1, 2]])
    }

    @Test("without a fit host all are called")
    func failOpen() async throws {
        let turns = try await withState(["127.0.0.1:1", "127.0.0.1:2"], Self.check(healthy: 1, unhealthy: 1)) { state in
            for host in state.hosts { state.record(host, failure: "failed") }
            let all = (0..<4).map { _ in state.choose(for: Self.uri) }
            state.record(state.hosts[1], failure: nil)
            return [all, (0..<3).map { _ in state.choose(for: Self.uri) }]
        }
        #expect(turns == [[1, 0, 1, 0], [1, 1, 1]])
    }

    @Test("without checks nothing is counted")
    func unchecked() async throws {
        let turns = try await withState(["127.0.0.1:1", "127.0.0.1:2"], nil) { state in
            for _ in 0..<20 { state.record(state.hosts[0], failure: "failed") }
            return (0..<4).map { _ in state.choose(for: Self.uri) }
        }
        #expect(turns == [0, 1, 0, 1])
    }

    @Test(
        "a host takes from the address what it leaves open",
        arguments: [
            ("a", UpstreamTarget(host: "u", port: 80), UpstreamTarget(host: "a", port: 80)),
            ("a:9", UpstreamTarget(host: "u", port: 80), UpstreamTarget(host: "a", port: 9)),
            (
                "a", UpstreamTarget(host: "u", port: 8443, isTLS: true, serverName: "u"),
                UpstreamTarget(host: "a", port: 8443, isTLS: true, serverName: "u")
            ),
            (
                "https://a", UpstreamTarget(host: "u", port: 81),
                UpstreamTarget(host: "a", port: 443, isTLS: true, serverName: "u")
            ),
            (
                "http://a", UpstreamTarget(host: "u", port: 8443, isTLS: true, serverName: "u"),
                UpstreamTarget(host: "a", port: 80)
            ),
        ])
    func targets(host: String, uri: UpstreamTarget, expected: UpstreamTarget) throws {
        #expect(ServingVPCLink.target(of: try #require(VPCLinkTarget(host)), for: uri) == expected)
    }
}
