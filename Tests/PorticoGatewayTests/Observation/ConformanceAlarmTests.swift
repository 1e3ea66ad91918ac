import FoundationEssentials
import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "CloudWatch alarms" (4.8).
@Suite("Alarms, over sockets")
struct ConformanceAlarmTests {
    private static func document(_ backend: Backend, alarm: String) -> String {
        spec(
            root: """
                x-portico-alarms:
                  errors:
                    AlarmDescription: too many errors
                    MetricName: 5XXError
                    Dimensions: [{Name: ApiName, Value: conformance}, {Name: Stage, Value: dev}]
                    Statistic: Sum
                    Period: 10
                    EvaluationPeriods: 1
                    Threshold: 0
                    ComparisonOperator: GreaterThanThreshold
                    TreatMissingData: notBreaching
                \(alarm)
                """,
            [SpecOperation("GET /b", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/"))])
    }

    @Test("an alarm goes to ALARM and back, and tells a webhook, a command and the log each time")
    func actions() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write(
            "tell", "#!/bin/sh\ncat >> '\(folder.path)/events'\necho \"$1 $TOLD\" >> '\(folder.path)/words'\n")
        #expect(try ChildProcess("/bin/chmod", ["+x", script]).wait() == 0)
        let backend = try Backend(.respond(status: 500, headers: [], body: ""))
        let hook = try Backend(.respond(status: 204, headers: [], body: ""))
        let actions =
            "[log, \"http://\(hook.authority)/hooks/?key=a\", \"command:\(script) one\", "
            + "\"command:\(folder.path)/missing\"]"
        let alarm = "    AlarmActions: \(actions)\n    OKActions: \(actions)"
        try await withWatchedGateway(
            Self.document(backend, alarm: alarm),
            configure: {
                $0.environment = ["TOLD": "yes"]
                // A second is ten.
                $0.clockSpeed = 10
            }
        ) { gateway in
            // With no requests the alarm is OK, which is told, too.
            try Deadline().wait(for: "OK") { hook.requests.count == 1 }
            try Deadline().wait(for: "ALARM") {
                try gateway.request("GET", "/dev/b")
                return hook.requests.count >= 2
            }
            backend.behave(.respond(status: 200, headers: [], body: ""))
            try Deadline().wait(for: "OK again") { hook.requests.count >= 3 }
            let requests = hook.requests
            let events = try requests.map { try #require(JSONValue(parsing: $0.body)) }
            #expect(events.map { $0["NewStateValue"]?.string } == ["OK", "ALARM", "OK"])
            #expect(events.map { $0["OldStateValue"]?.string } == ["INSUFFICIENT_DATA", "OK", "ALARM"])
            for (request, event) in zip(requests, events) {
                #expect(request.method == "POST" && request.path == "/hooks/?key=a")
                #expect(request["content-type"] == "application/json")
                #expect(event["AlarmName"]?.string == "errors")
                #expect(event["AlarmDescription"]?.string == "too many errors")
                #expect(event["Trigger"]?["MetricName"]?.string == "5XXError")
                #expect(event["Region"]?.string == "us-east-1")
            }
            #expect(events[1]["NewStateReason"]?.string?.hasPrefix("Threshold Crossed") == true)
            try Deadline().wait(for: "the command") { folder.read("words").utf8.count { $0 == 0x0A } >= 3 }
            #expect(folder.read("words") == "one yes\none yes\none yes\n")
            #expect(folder.read("events") == requests.map(\.body).joined())
            #expect(gateway.said.count("alarm 'errors' is ALARM: Threshold Crossed") == 1)
            #expect(gateway.said.count("alarm 'errors' is OK: ") == 2)
            try Deadline().wait(for: "what cannot be started") {
                gateway.said.count("/missing cannot be started: No such file or directory") >= 3
            }
        }
    }

    @Test("a webhook that fails is told in the log, and one that hangs holds no request up")
    func failingHook() async throws {
        let backend = try Backend(.respond(status: 500, headers: [], body: ""))
        let hook = try Backend(.respond(status: 503, headers: [], body: ""), .silence)
        let alarm =
            "    OKActions: [\"http://\(hook.authority)/\", \"http://\(hook.authority)/\"]"
        try await withWatchedGateway(Self.document(backend, alarm: alarm), configure: { $0.clockSpeed = 10 }) {
            gateway in
            try Deadline().wait(for: "both calls") { hook.requests.count == 2 }
            #expect(gateway.said.count("was not told: it answers 503") == 1)
            let start = monotonicMilliseconds()
            let answer = try gateway.request("GET", "/dev/b")
            #expect(answer.status == 500)
            #expect(monotonicMilliseconds() - start < 2000)
        }
    }

    @Test("the command of an alarm is killed with its children when it takes too long, and reads all of a long event")
    func commands() async throws {
        let long = [UInt8](repeating: 0x78, count: 300_000)
        let folder = try TemporaryFolder()
        let script = try folder.write("count", "#!/bin/sh\nsleep 0.2\nwc -c > '\(folder.path)/count'\nexit 3\n")
        #expect(try ChildProcess("/bin/chmod", ["+x", script]).wait() == 0)
        #expect(AlarmCommand.run([script], input: long, environment: ["PATH": "/usr/bin:/bin"]) == "ended with 3")
        #expect(folder.read("count").contains("300000"))
        // One that does not read.
        #expect(AlarmCommand.run(["/bin/true"], input: long, environment: [:]) == nil)
        #expect(
            AlarmCommand.run(["/bin/sh", "-c", "kill -9 $$"], input: [], environment: [:]) == "was ended by signal 9")
        #expect(AlarmCommand.run([], input: [], environment: [:]) == "is no command")
    }

    @Test(
        "addresses of webhooks keep their path and query",
        arguments: [
            ("http://a", "a", 80, "/"), ("http://a/", "a", 80, "/"),
            ("https://a:8443/x/?q=1&r=/#f", "a", 8443, "/x/?q=1&r=/"),
            ("http://a?x", "a", 80, "/?x"), ("http://[::1]:9/x", "::1", 9, "/x"),
        ])
    func addresses(_ url: String, _ host: String, _ port: Int, _ path: String) throws {
        let destination = try #require(AlarmActions.destination(url))
        #expect(destination.target.host == host && destination.target.port == port && destination.path == path)
    }

    @Test("what is no address is none", arguments: ["http://", "http://u@a/", "ftp://a/", "http://a/\u{E9}", "http:"])
    func noAddresses(_ url: String) { #expect(AlarmActions.destination(url) == nil) }
}
