import Glibc
import PorticoSyntax
import PorticoTestSupport
import Testing

@Suite("portico usage and quotas")
struct UsageCommandTests {
    let folder: TemporaryFolder
    let spec: String

    init() throws {
        folder = try TemporaryFolder()
        spec = try folder.write("api.yaml", Self.document)
    }

    private static let document = """
        openapi: 3.0.1
        info: {title: usage, version: "1"}
        paths:
          /x:
            get:
              security: [{key: []}]
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: "200"}}
        components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
        x-portico-stages: {prod: {}, test: {}}
        x-portico-usage-plans:
          gold: {apiStages: [prod], quota: {limit: 25, period: MONTH}}
          free: {apiStages: [test]}
        x-portico-api-keys:
          - {name: declared, value: "${env.DECLARED_KEY}", usagePlans: [free]}
        """

    private static let declaredValue = "value-of-the-declared-key"

    private func serve(_ flags: String...) throws -> ServingPortico {
        try ServingPortico(
            arguments: ["serve", spec] + flags, environment: ["DECLARED_KEY": Self.declaredValue])
    }

    private func newKey(_ name: String, plan: String = "gold") throws -> String {
        let outcome = try PorticoProcess.run("keys", "new", name, spec, "--plan", plan)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return String(outcome.output.dropLast())
    }

    private func call(_ value: String, _ server: ServingPortico, _ stage: String = "prod") throws -> RawResponse {
        try HTTP.request("GET", "/\(stage)/x", port: server.port, headers: [("x-api-key", value)])
    }

    private func usage(
        _ words: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PorticoProcess.Outcome {
        let outcome = try PorticoProcess.run(["usage", spec] + words)
        #expect(outcome.status == status, "\(outcome.errors)\(outcome.output)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Requests that the report of a plan has for a key, and what its last day leaves. The day may end meanwhile.
    private func count(_ plan: String, key: String) throws -> (used: Int, remaining: Int?) {
        let answer = JSONValue(
            parsing: try usage("--plan", plan, "--key", key, "--from", day(-1), "--to", day(0), "--format", "json")
                .output)
        guard case .object(let items)? = answer?["items"], case .array(let days)? = items.first?.value else {
            return (0, nil)
        }
        var used = 0
        var remaining: Int?
        for day in days {
            guard case .array(let pair) = day, pair.count == 2 else { throw TestSupportError("no pair: \(day)") }
            if case .number(let text) = pair[0] { used += Int(text) ?? 0 }
            if case .number(let text) = pair[1] { remaining = Int(text) }
        }
        return (used, remaining)
    }

    /// The date so many days from now.
    private func day(_ offset: Int) -> String {
        var seconds = time(nil) + offset * 86400
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func pad(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
    }

    private func waitForCount(_ plan: String, key: String, _ expected: Int) throws {
        try Deadline(after: .seconds(20)).wait(for: "\(expected) requests in the report") {
            try count(plan, key: key).used == expected
        }
    }

    @Test("Counts are in the report within a second, go on after kill -9, and end with the quota")
    func countsOutlastTheProcess() throws {
        let value = try newKey("acme")
        do {
            let server = try serve()
            for _ in 0..<10 { #expect(try call(value, server).status == 200) }
            try waitForCount("gold", key: "acme", 10)
            server.process.signal(SIGKILL)
            try server.process.wait()
        }
        #expect(try count("gold", key: "acme") == (10, 15))
        let server = try serve()
        for _ in 0..<15 { #expect(try call(value, server).status == 200) }
        for _ in 0..<5 {
            let refused = try call(value, server)
            #expect(refused.status == 429 && refused.text == "{\"message\":\"Limit Exceeded\"}")
            #expect(refused["x-amzn-errortype"] == "LimitExceededException")
            let wait = Int(refused["retry-after"] ?? "") ?? 0
            #expect(1...(31 * 86400) ~= wait, "\(wait)")
        }
        // Requests that were refused do not count, and those of an orderly end are all written.
        server.process.signal(SIGTERM)
        #expect(try server.process.wait() == 0)
        #expect(try count("gold", key: "acme") == (25, 0))
        // A quota that is used up stays so after a restart.
        #expect(try call(value, serve()).status == 429)
    }

    // Optimised builds have no --clock.
    #if DEBUG
        @Test("The next month opens what a quota had closed")
        func nextPeriod() throws {
            let value = try newKey("acme")
            // A month is ten seconds.
            let server = try serve("--clock", "259200")
            func waitFor(_ status: Int) throws -> RawResponse {
                var response = try call(value, server)
                try Deadline(after: .seconds(60)).wait(for: "status \(status)") {
                    response = try call(value, server)
                    return response.status == status
                }
                return response
            }
            let closed = try waitFor(429)
            #expect(closed.text == "{\"message\":\"Limit Exceeded\"}" && closed["retry-after"] != nil)
            _ = try waitFor(200)
            #expect(try waitFor(429).text == "{\"message\":\"Limit Exceeded\"}")
        }
    #endif

    @Test("The report has API Gateway's form, names of keys for people, and a plan without quota")
    func report() throws {
        let value = try newKey("acme")
        let server = try serve()
        for _ in 0..<3 { #expect(try call(value, server).status == 200) }
        for _ in 0..<2 { #expect(try call(Self.declaredValue, server, "test").status == 200) }
        try waitForCount("gold", key: "acme", 3)
        try waitForCount("free", key: "declared", 2)

        let table = try usage().output
        #expect(table.hasPrefix("PLAN") && table.contains("acme") && table.contains("declared"), "\(table)")
        #expect(table.split(separator: "\n").contains { $0.hasPrefix("gold") && $0.hasSuffix("22") }, "\(table)")
        #expect(table.split(separator: "\n").contains { $0.hasPrefix("free") && $0.hasSuffix("-") }, "\(table)")

        let words = ["--plan", "gold", "--from", day(-2), "--to", day(0), "--format", "json"]
        let outcome = try PorticoProcess.run(["usage", spec] + words)
        let answer = try #require(JSONValue(parsing: outcome.output))
        guard case .object(let members) = answer, case .object(let items)? = answer["items"] else {
            Issue.record("no report: \(outcome.output)")
            return
        }
        #expect(members.map(\.name) == ["usagePlanId", "startDate", "endDate", "items"])
        #expect(answer["startDate"] == .string(day(-2)) && answer["endDate"] == .string(day(0)))
        #expect(items.count == 1 && items[0].name.utf8.count == 10)
        guard case .array(let days) = items[0].value else { return }
        #expect(days.count == 3 && days[2] == .array([.number("3"), .number("22")]))
        // The same plan by its id, and all plans as a list.
        guard case .string(let id)? = answer["usagePlanId"] else { return }
        #expect(try usage("--plan", id, "--from", day(-2), "--to", day(0), "--format", "json").output == outcome.output)
        guard case .array(let all)? = JSONValue(parsing: try usage("--format", "json").output) else {
            Issue.record("no list of reports")
            return
        }
        #expect(all.count == 2 && all[0]["usagePlanId"] == .string(id))
        #expect(try usage("--key", "declared").output.contains("acme") == false)
        #expect(try usage("--from", "2020-01-01", "--to", "2020-01-02").errors.contains("nothing was used"))
        // A key that is gone has used what it has used.
        #expect(try PorticoProcess.run("keys", "delete", "acme", spec).status == 0)
        #expect(try usage("--key", items[0].name).output.contains(items[0].name))
    }

    @Test(
        "What cannot be reported is refused in words",
        arguments: [
            (["--plan", "glod"], 1, "there is no usage plan with the id or name 'glod'"),
            (["--key", "nobody"], 1, "there is no API key with the id or name 'nobody'"),
            (["--from", "2026-02-30"], 2, "--from is '2026-02-30'; expected a date such as"),
            (["--from", "2026-02-02", "--to", "2026-02-01"], 2, "comes after the last"),
            (["--from", "2026-01-01", "--to", "2026-04-01"], 2, "91 days; a report has 90 at most"),
        ] as [([String], Int32, String)])
    func refused(_ words: [String], _ status: Int32, _ reason: String) throws {
        let outcome = try PorticoProcess.run(["usage", spec] + words)
        #expect(outcome.status == status && outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(access(folder.path + "/.portico", F_OK) != 0)
    }

    @Test("A damaged store of usage ends serve and usage with 4")
    func damagedStore() throws {
        mkdir(folder.path + "/.portico", 0o700)
        try folder.write(".portico/usage.sqlite", String(repeating: "not a database ", count: 100))
        for words in [["serve", spec, "--port", "0", "--admin-port", "0"], ["usage", spec]] {
            let outcome = try PorticoProcess.run(words)
            #expect(outcome.status == 4, "\(words): \(outcome.errors)")
            #expect(outcome.errors.contains("usage.sqlite', is damaged"), "\(outcome.errors)")
        }
    }
}
