import FoundationEssentials
import Glibc
import Logging
import PorticoIR
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// What goes wrong around a gateway costs what is told of requests, and never a request.
@Suite("Faults of those who watch")
struct ObservationFaultTests {
    private static func document(_ destination: String, format: String = "$context.requestId $context.status") -> String
    {
        spec(
            root: """
                x-portico-stages: {dev: {accessLogSettings: {destinationArn: \(quoted(destination)), format: \(quoted(format))}}}
                """, [SpecOperation("GET /a", mock("hello"))])
    }

    /// Sends requests over one connection, a hundred at a time.
    private func send(_ count: Int, _ gateway: WatchedGateway) throws {
        let connection = try RawConnection(port: gateway.port)
        let request = "GET /dev/a HTTP/1.1\r\nHost: a\r\n\r\n"
        for start in stride(from: 0, to: count, by: 100) {
            let part = min(100, count - start)
            try connection.send(String(repeating: request, count: part))
            for _ in 0..<part {
                let answer = try connection.readResponse()
                #expect(answer.status == 200)
            }
        }
    }

    @Test("a full disk loses lines, which are counted and told once")
    func fullDisk() async throws {
        try await withWatchedGateway(Self.document("file:/dev/full")) { gateway in
            for _ in 0..<3 {
                let before = try gateway.metric("portico_access_log_lines_lost_total")
                try send(20, gateway)
                try Deadline().wait(for: "the loss") {
                    try gateway.metric("portico_access_log_lines_lost_total") == before + 20
                }
            }
            #expect(try gateway.metric("portico_access_log_lines_total") == 0)
            #expect(gateway.said.count("cannot be written to /dev/full: No space left on device") == 1)
            #expect(gateway.said.count("access log") == 1)
        }
    }

    @Test("a folder that is gone, and back again")
    func goneFolder() async throws {
        let folder = try TemporaryFolder()
        let inner = folder.path + "/logs"
        try await withWatchedGateway(Self.document("file:\(inner)/log")) { gateway in
            try send(1, gateway)
            try Deadline().wait(for: "the loss") { try gateway.metric("portico_access_log_lines_lost_total") == 1 }
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
            try send(1, gateway)
            #expect(try folder.lines("logs/log", 1).count == 1)
            #expect(gateway.said.count("are written to \(inner)/log again; 1 lines were lost") == 1)
        }
    }

    @Test("a pipe that nobody has opened loses lines")
    func pipeWithoutReader() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        try await withWatchedGateway(Self.document("file:\(path)")) { gateway in
            try send(10, gateway)
            try Deadline().wait(for: "the loss") { try gateway.metric("portico_access_log_lines_lost_total") == 10 }
            #expect(gateway.said.count("access logs cannot be written") == 1)
        }
    }

    @Test("a pipe whose reader has stopped takes what it holds; the queue has a limit, and the end comes all the same")
    func pipeThatIsNotRead() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        #expect(reader >= 0)
        defer { close(reader) }
        // Three lines are 9 KB; the queue takes 8 MB.
        let format = "$context.requestId " + String(repeating: "x", count: 2900)
        let start = monotonicMilliseconds()
        try await withWatchedGateway(Self.document("file:\(path)", format: format)) { gateway in
            try send(3500, gateway)
            try Deadline().wait(for: "the loss") { try gateway.metric("portico_access_log_lines_lost_total") > 300 }
            #expect(try gateway.metric("portico_access_log_lines_lost_total") < 1000)
            #expect(try gateway.metric("portico_api_requests_total", ["resource": "/a"]) == 3500)
        }
        // Closing waits for half a second, not for ever.
        #expect(monotonicMilliseconds() - start < 60_000)
    }

    @Test("a pipe that is read again gets whole lines")
    func slowPipe() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let format = "$context.requestId " + String(repeating: "x", count: 2000) + "\u{20}end"
        try await withWatchedGateway(Self.document("file:\(path)", format: format)) { gateway in
            try send(200, gateway)
            var text: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            try Deadline(after: .seconds(30)).wait(for: "all lines") {
                let count = read(reader, &buffer, buffer.count)
                if count > 0 { text += buffer[..<count] }
                return text.count { $0 == 0x0A } == 200
            }
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasSuffix("xx end") && $0.utf8.count == lines.first?.utf8.count })
        }
    }

    @Test("a clock that is set back or forward breaks neither quotas nor metrics nor logs")
    func clocks() async throws {
        let folder = try TemporaryFolder()
        let key = APIKeySpecs.value("one")
        let document = spec(
            root: """
                x-portico-stages: {dev: {
                  methodSettings: {"*/*": {throttlingRateLimit: 1000, throttlingBurstLimit: 1000}},
                  accessLogSettings: {destinationArn: "file:\(folder.path)/log", format: "$context.requestId $context.responseLatency"}}}
                x-portico-usage-plans: {gold: {quota: {limit: 5, period: DAY}, apiStages: [dev]}}
                x-portico-api-keys: [{name: one, value: \(key), usagePlans: [gold]}]
                \(APIKeySpecs.scheme)
                """, [SpecOperation("GET /key", mock("x"), "security: [{key: []}]")])
        try await withWatchedGateway(document) { gateway in
            var seen: [Int] = []
            func ask(_ count: Int) throws {
                for _ in 0..<count {
                    seen.append(try gateway.request("GET", "/dev/key", headers: [("x-api-key", key)]).status)
                }
            }
            func set(_ milliseconds: Int) async {
                await gateway.server.onEachWorker { $0.aheadMilliseconds = milliseconds }
            }
            let day = 86_400_000
            try ask(4)
            // An hour back within a process: what is used stays used, whatever day that is.
            await set(-3_600_000)
            try ask(1)
            await set(-40 * day)
            try ask(3)
            #expect(seen.prefix(4).allSatisfy { $0 == 200 } && seen.allSatisfy { $0 == 200 || $0 == 429 })
            // Far ahead there is a new quota.
            await set(40 * day)
            seen = []
            try ask(7)
            #expect(seen == [200, 200, 200, 200, 200, 429, 429])
            // Before 1970.
            await set(-30_000 * day)
            seen = []
            try ask(3)
            #expect(seen.allSatisfy { $0 == 200 || $0 == 429 })
            await set(0)
            let lines = try folder.lines("log", 18)
            #expect(lines.count == 18)
            #expect(lines.allSatisfy { (0..<60_000).contains(Int($0.split(separator: " ").last ?? "") ?? -1) })
            let labels = ["resource": "/key"]
            #expect(try gateway.metric("portico_api_requests_total", labels) == 18)
            #expect(try gateway.metric("portico_api_latency_seconds_sum", labels) < 60)
        }
    }

    @Test("alarms and minutes go on after the clock was set back and forward")
    func rollingClocks() throws {
        let lines = LogCollector()
        let document = spec(
            root: """
                x-portico-alarms:
                  many: {MetricName: Count, Dimensions: {ApiName: conformance}, Statistic: Sum, Period: 10,
                    EvaluationPeriods: 2, Threshold: 0, ComparisonOperator: GreaterThanThreshold, TreatMissingData: notBreaching}
                """, [SpecOperation("GET /a", mock("x"))])
        let start = 1_700_000_000
        let snapshot = try TestGateway.compile(document)
        var configuration = ServerConfiguration()
        configuration.environment = [:]
        configuration.metricsOutput = lines.take
        let center = ObservationCenter(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        center.prepare(snapshot, by: nil)
        let shard = center.registry.makeShard()
        let series = center.registry.series(
            MetricSeriesKey(
                apiName: "conformance", apiID: snapshot.identity.apiID, stage: "dev", method: "GET", resource: "/a",
                isCanary: false))
        func state() -> AlarmState? { center.alarms.statuses.first?.state }
        func roll(_ seconds: Int, requests: Int = 0) {
            for _ in 0..<requests {
                shard.record(
                    series: series, status: 200, latencyMicroseconds: 10, integrationLatencyMicroseconds: -1,
                    cache: .none, throttle: .none)
            }
            center.roll(at: seconds)
        }
        roll(start)
        for step in 1...4 { roll(start + step * 10, requests: 2) }
        #expect(state() == .alarm)
        // An hour back.
        for step in 0...6 { roll(start - 3600 + step * 10) }
        #expect(state() == .ok)
        for step in 7...10 { roll(start - 3600 + step * 10, requests: 1) }
        #expect(state() == .alarm)
        for seconds in [start + 86_400 * 400, start + 86_400 * 400 + 10, 0, 60, 120, -500, -400, Int(Int32.max)] {
            roll(seconds, requests: 1)
        }
        roll(start + 1_000_000)
        for step in 1...12 { roll(start + 1_000_000 + step * 10) }
        #expect(state() == .ok)
        #expect(lines.text.split(separator: "\n").allSatisfy { $0.contains("\"Namespace\":\"AWS/ApiGateway\"") })
    }
}

/// A million keys, which take a while: set `PORTICO_SLOW_TESTS`.
@Suite("A million API keys", .enabled(if: ProcessInfo.processInfo.environment["PORTICO_SLOW_TESTS"] != nil))
struct ManyKeysTests {
    @Test("a million keys with a throttle and a quota each fit into a gigabyte, and are found")
    func memory() async throws {
        let count = 1_000_000
        let document = APIKeySpecs.document(
            """
            x-portico-stages: {prod: {}}
            x-portico-usage-plans: {gold: {throttle: {rateLimit: 1, burstLimit: 1}, quota: {limit: 9, period: DAY}, apiStages: [prod]}}
            """)
        let snapshot = try TestGateway.compile(document)
        func value(_ number: Int) -> String {
            let digits = String(number)
            return "key-" + String(repeating: "0", count: 30 - digits.utf8.count) + digits
        }
        func resident() -> Int { ProcessMemory.residentBytes ?? 0 }
        let before = resident()
        let begin = monotonicMilliseconds()
        var table: KeyTable?
        var tables: KeyTables?
        do {
            let stored = (0..<count).map { number in
                StoredAPIKey(
                    id: "id\(number)", name: "key \(number)", digest: APIKeyHash.digest(of: value(number)), prefix: "",
                    usagePlans: ["gold"], createdMilliseconds: 0, updatedMilliseconds: 0)
            }
            let read = monotonicMilliseconds()
            print("a million rows: \(read - begin) ms, \((resident() - before) >> 20) MB")
            var builder = KeyTableBuilder(snapshot, environment: [:])
            tables = builder.build(stored: stored)
            #expect(builder.problems.isEmpty)
            print("tables: \(monotonicMilliseconds() - read) ms, \((resident() - before) >> 20) MB with the rows")
        }
        let kept = resident() - before
        print("tables alone: \(kept >> 20) MB, \(kept / count) bytes a key")
        #expect(kept < 1 << 30)
        table = Array("prod".utf8).withUnsafeBytes { tables?.table(ofStage: $0) }
        let found = try #require(table)
        let start = monotonicNanoseconds()
        for number in stride(from: 0, to: count, by: 10) {
            let key = Array(value(number).utf8).withUnsafeBytes { found.key(of: $0) }
            #expect(key?.name == "key \(number)")
        }
        print("look-ups: \((monotonicNanoseconds() - start) / 100_000) ns each, with making the value")
        #expect(Array(value(count).utf8).withUnsafeBytes { found.key(of: $0) } == nil)
    }
}
