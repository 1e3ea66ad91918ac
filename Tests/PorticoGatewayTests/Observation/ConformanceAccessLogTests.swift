import FoundationEssentials
import PorticoIR
import PorticoSyntax
import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: reference, "Access logs" (9.1).
@Suite("Access logs, over sockets")
struct ConformanceAccessLogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func stage(
        _ destination: String, _ format: String = "$context.requestId $context.status", _ more: String = ""
    ) -> String {
        "accessLogSettings: {destinationArn: \(quoted(destination)), format: \(quoted(format))}" + more
    }

    private func document(_ stage: String, root: String = "", _ operations: [SpecOperation] = []) -> String {
        spec(
            root: "x-portico-stages: {dev: {\(stage)}}\n" + root,
            [SpecOperation("GET /pets/{id}", mock("hello"))] + operations)
    }

    private func text(_ format: String, _ answer: RawResponse, _ time: String) throws -> String {
        let values = [
            "identity.sourceIp": "127.0.0.1", "identity.caller": "-", "identity.user": "-", "requestTime": time,
            "httpMethod": "GET", "resourcePath": "/pets/{id}", "protocol": "HTTP/1.1", "status": "200",
            "responseLength": "5", "requestId": try #require(answer["x-amzn-RequestId"]),
            "extendedRequestId": try #require(answer["x-amz-apigw-id"]),
        ]
        var text = format
        // Longer names first: one may begin as another.
        for (name, value) in values.sorted(by: { $0.key.count > $1.key.count }) {
            text = text.replacing("$context.\(name)", with: value)
        }
        return text
    }

    private static let presets = [
        "clf": AccessLogPreset.clf, "json": AccessLogPreset.json, "csv": AccessLogPreset.csv,
        "xml": AccessLogPreset.xml,
    ]

    @Test("the console's presets", arguments: ["clf", "json", "csv", "xml"])
    func presets(_ name: String) async throws {
        let format = try #require(Self.presets[name])
        try await withWatchedGateway(document(Self.stage("file:\(folder.path)/log", format))) { gateway in
            let answer = try gateway.request("GET", "/dev/pets/7?a=b")
            let line = try #require(try folder.lines("log", 1).first)
            // Only the time is not known here: it is where the same format without it would end.
            let parts = try text(format, answer, "\u{1}").split(separator: "\u{1}").map(String.init)
            #expect(parts.count == 2 && line.hasPrefix(parts[0]) && line.hasSuffix(parts[1]), "\(line)")
            let time = line.dropFirst(parts[0].count).dropLast(parts[1].count)
            #expect(time.utf8.count == 26 && time.hasSuffix(" +0000"), "\(time)")
        }
    }

    @Test("every request is one line, those that are refused too, and only those of the stage")
    func refused() async throws {
        let function = try Backend(.respond(status: 200, headers: [], body: AuthorizerSpec.policy("Deny")))
        let root = """
            x-portico-stages:
              dev: {\(Self.stage("file:\(folder.path)/log", "$context.requestId $context.httpMethod $context.path $context.status $context.error.responseType")),
                    methodSettings: {"slow/GET": {throttlingRateLimit: 0.001, throttlingBurstLimit: 1}}}
              other: {}
            x-portico-usage-plans: {gold: {apiStages: [dev]}}
            \(LambdaSpec.server(function))
            components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header},
              \(AuthorizerSpec.scheme("T", "type: token, authorizerResultTtlInSeconds: 0"))}}
            """
        let document = spec(
            root: root,
            [
                SpecOperation("GET /open", mock("hello")), SpecOperation("GET /slow", mock("hello")),
                SpecOperation("POST /open", mock("hello")),
                SpecOperation("GET /key", mock("hello"), "security: [{key: []}]"),
                SpecOperation("GET /token", mock("hello"), "security: [{T: []}]"),
                SpecOperation("GET /broken", backendIntegration("http", "GET", "not an address")),
            ])
        try await withWatchedGateway(
            document,
            configure: {
                $0.maximumBodyBytes = 100
                $0.workers = 1
            }
        ) { gateway in
            let big = String(repeating: "x", count: 101)
            let rows: [(method: String, path: String, headers: [(String, String)], body: String, end: String)] = [
                ("GET", "/dev/open", [], "", "200 -"),
                ("GET", "/dev/key", [], "", "403 INVALID_API_KEY"),
                ("GET", "/dev/nowhere", [], "", "403 MISSING_AUTHENTICATION_TOKEN"),
                ("GET", "/dev/slow", [], "", "200 -"),
                ("GET", "/dev/slow", [], "", "429 THROTTLED"),
                ("POST", "/dev/open", [], big, "413 REQUEST_TOO_LARGE"),
                ("GET", "/dev/token", [], "", "401 UNAUTHORIZED"),
                ("GET", "/dev/token", [("Authorization", "x")], "", "403 ACCESS_DENIED"),
                ("GET", "/dev/broken", [], "", "500 API_CONFIGURATION_ERROR"),
            ]
            var expected: [String] = []
            for row in rows {
                let answer = try gateway.request(row.method, row.path, headers: row.headers, body: row.body)
                #expect(row.end.hasPrefix("\(answer.status) "), "\(row.path): \(answer.status)")
                let id = try #require(answer["x-amzn-RequestId"])
                expected.append("\(id) \(row.method) \(row.path) \(row.end)")
                // Neither a stage without a log nor one that is none.
                try gateway.request("GET", "/other/open")
                try gateway.request("GET", "/none/open")
                try gateway.request("POST", "/other/open", body: big)
                try gateway.request("POST", "/none/open", body: big)
            }
            let lines = try folder.lines("log", expected.count)
            #expect(lines == expected)
        }
        #expect(folder.read("log").utf8.count { $0 == 0x0A } == 9)
    }

    @Test("latencies, statuses and errors of backends")
    func backend() async throws {
        let backend = try Backend(
            .respond(status: 201, headers: [], body: "0123456789"), .close, .close,
            .respond(status: 503, headers: [], body: ""))
        let format =
            #"{"id":"$context.requestId","s":$context.status,"n":$context.responseLength,"l":$context.responseLatency,"#
            + #""il":"$context.integrationLatency","is":"$context.integrationStatus","#
            + #""e":"$context.integrationErrorMessage","em":"$context.error.message"}"#
        let operation = SpecOperation(
            "GET /b", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/"))
        try await withWatchedGateway(document(Self.stage("file:\(folder.path)/log", format), [operation])) { gateway in
            let answers = try ["/dev/b", "/dev/b", "/dev/b", "/dev/pets/1"].map { try gateway.request("GET", $0) }
            let lines = try folder.lines("log", 4).compactMap { JSONValue(parsing: $0) }
            try #require(lines.count == 4, "\(folder.read("log"))")
            #expect(lines.map { $0["s"]?.integer } == [201, 504, 503, 200])
            #expect(lines.map { $0["is"]?.string } == ["201", "-", "503", "-"])
            #expect(lines.map { $0["n"]?.integer } == answers.map(\.body.count), "\(folder.read("log"))")
            #expect(answers.map(\.status) == [201, 504, 503, 200] && answers[1].body.count > 0)
            #expect(lines[0]["e"]?.string == "-" && lines[2]["e"]?.string == "-")
            #expect((lines[1]["e"]?.string ?? "-").count > 1 && lines[1]["em"]?.string != "-")
            for line in lines.prefix(3) {
                let whole = try #require(line["l"]?.integer)
                let part = try #require(line["il"]?.string.flatMap { Int($0) })
                #expect(part >= 0 && part <= whole)
            }
            #expect(lines[3]["il"]?.string == "-")
        }
    }

    @Test("a client that goes away before its answer is told, with the status 499")
    func gone() async throws {
        let backend = try Backend(.silence)
        let operation = SpecOperation(
            "GET /b", backendIntegration("http_proxy", "GET", "http://\(backend.authority)/"))
        let format = "$context.requestId $context.resourcePath $context.status $context.responseLength"
        try await withWatchedGateway(document(Self.stage("file:\(folder.path)/log", format), [operation])) { gateway in
            var connection: RawConnection? = try RawConnection(port: gateway.port)
            try connection?.send("GET /dev/b HTTP/1.1\r\nHost: a\r\n\r\n")
            try Deadline().wait(for: "the call") { !backend.requests.isEmpty }
            connection?.reset()
            connection = nil
            let line = try #require(try folder.lines("log", 1).first)
            #expect(line.hasSuffix(" /b 499 0"))
            #expect(try gateway.metric("portico_api_client_errors_total", ["resource": "/b"]) == 1)
        }
    }

    @Test("what a client sends cannot end a line, nor leave its place", arguments: ["json", "plain", "xml"])
    func forged(_ kind: String) async throws {
        let agent = "a\"} {\"status\":\"200\"}</agent><x>\\ é\u{85}\u{2028}\t'b"
        let format = [
            "json": #"{"id":"$context.requestId","agent":"$context.identity.userAgent","status":"$context.status"}"#,
            "plain": "$context.requestId $context.identity.userAgent $context.status",
            "xml": "<r id=\"$context.requestId\"><agent>$context.identity.userAgent</agent></r>",
        ]
        let chosen = try #require(format[kind])
        try await withWatchedGateway(document(Self.stage("file:\(folder.path)/log", chosen))) { gateway in
            for path in ["/dev/pets/%0A%0Dforged", "/dev/pets/1?x=%0Aforged"] {
                try gateway.request("GET", path, headers: [("User-Agent", agent)])
            }
            let lines = try folder.lines("log", 2)
            #expect(lines.count == 2)
            for line in lines {
                switch kind {
                case "json":
                    let value = try #require(JSONValue(parsing: line), "\(line)")
                    #expect(value["status"]?.string == "200")
                    #expect(value["agent"]?.string?.hasPrefix("a\"} {\"status\":\"200\"}</agent><x>\\ é") == true)
                    #expect(value["agent"]?.string?.hasSuffix("'b") == true)
                case "plain": #expect(line.split(separator: " ").count == 3)
                default: #expect(line.ranges(ofText: "<") == 4 && line.ranges(ofText: "</agent>") == 1)
                }
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
            }
        }
    }

    @Test("a log group is a file of the log folder, which is made; a canary has its own, and standard files too")
    func groups() async throws {
        let canary = ", canarySettings: {percentTraffic: 100}"
        let group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/pets"
        let stages = """
            x-portico-stages:
              dev: {\(Self.stage(group, "$context.requestId $context.isCanaryRequest"))}
              new: {\(Self.stage(group, "$context.requestId $context.isCanaryRequest", canary))}
              file: {\(Self.stage("file:log", "$context.requestId $context.isCanaryRequest", canary))}
            """
        try await withWatchedGateway(
            spec(root: stages, [SpecOperation("GET /", mock("x"))]),
            configure: {
                $0.logDirectory = folder.path + "/made/logs"
                $0.baseDirectory = folder.path
            }
        ) { gateway in
            for stage in ["dev", "new", "file"] { try gateway.request("GET", "/\(stage)/") }
            #expect(try folder.lines("made/logs/aws-pets.log", 1).count == 1)
            #expect(try folder.lines("made/logs/aws-pets-Canary.log", 1).first?.hasSuffix(" true") == true)
            #expect(try folder.lines("log.canary", 1).first?.hasSuffix(" true") == true)
        }
        #expect(folder.read("made/logs/aws-pets.log").utf8.count { $0 == 0x0A } == 1)
    }

    @Test("a reload keeps the file, another destination moves it, and what was counted stays")
    func reload() async throws {
        func log(_ name: String) -> String { document(Self.stage("file:\(folder.path)/\(name)", "$context.requestId")) }
        try await withWatchedGateway(log("one")) { gateway in
            try gateway.request("GET", "/dev/pets/1")
            try await gateway.install(log("one"))
            try gateway.request("GET", "/dev/pets/1")
            try await gateway.install(log("two"))
            try gateway.request("GET", "/dev/pets/1")
            #expect(try folder.lines("one", 2).count == 2)
            #expect(try folder.lines("two", 1).count == 1)
            try Deadline().wait(for: "three lines") {
                try gateway.metric("portico_access_log_lines_total") == 3
            }
            try await gateway.install(document(""))
            try gateway.request("GET", "/dev/pets/1")
            // Two polls after the files are closed: the sum is that of closed files.
            let files = RetiredDestinations.leastMilliseconds
            let start = monotonicMilliseconds()
            try Deadline().wait(for: "files are closed") { monotonicMilliseconds() - start > files + 600 }
            #expect(try gateway.metric("portico_access_log_lines_total") == 3)
        }
        #expect(folder.read("one").utf8.count { $0 == 0x0A } == 2)
        #expect(folder.read("two").utf8.count { $0 == 0x0A } == 1)
    }

    @Test("lines of requests that have just ended are there when the server has ended")
    func ending() async throws {
        try await withWatchedGateway(document(Self.stage("file:\(folder.path)/log"))) { gateway in
            for _ in 0..<50 { try gateway.request("GET", "/dev/pets/1") }
        }
        #expect(folder.read("log").utf8.count { $0 == 0x0A } == 50)
    }

    private static let firehoseEnvironment = [
        "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
    ]

    private func firehose(_ backend: Backend) -> String {
        document(
            Self.stage(
                "arn:aws:firehose:eu-west-1:000000000000:deliverystream/amazon-apigateway-pets",
                "$context.requestId $context.status"),
            root: "x-portico-endpoints: {firehose: \"http://\(backend.authority)\"}")
    }

    /// The records of a call of Firehose.
    private func records(_ request: Backend.Request) throws -> [String] {
        let body = try #require(JSONValue(parsing: request.body))
        #expect(body["DeliveryStreamName"]?.string == "amazon-apigateway-pets")
        return try (body["Records"]?.elements ?? []).map { record in
            let bytes = try #require(Data(base64Encoded: record["Data"]?.string ?? ""))
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test("Firehose gets each line as a record, signed, and those that it did not take once more")
    func firehose() async throws {
        let failed =
            #"{"FailedPutCount":1,"RequestResponses":[{"RecordId":"1"},{"ErrorCode":"ServiceUnavailableException","ErrorMessage":"slow down"},{"RecordId":"3"}]}"#
        let taken = #"{"FailedPutCount":0,"RequestResponses":[]}"#
        let backend = try Backend(
            .respond(status: 200, headers: [], body: failed), .respond(status: 200, headers: [], body: taken))
        try await withWatchedGateway(firehose(backend), configure: { $0.environment = Self.firehoseEnvironment }) {
            gateway in
            let ids = try (0..<3).map { _ in
                try #require(try gateway.request("GET", "/dev/pets/1")["x-amzn-RequestId"])
            }
            try Deadline().wait(for: "two calls") { backend.requests.count >= 2 }
            let requests = backend.requests
            #expect(requests[0].method == "POST" && requests[0].path == "/")
            #expect(requests[0]["x-amz-target"] == "Firehose_20150804.PutRecordBatch")
            #expect(requests[0]["content-type"] == "application/x-amz-json-1.1")
            for request in requests {
                let problem = SignatureCheck.problem(
                    request, secret: "secret", accessKeyID: "AKID", scope: "eu-west-1/firehose")
                #expect(problem == nil)
            }
            #expect(try records(requests[0]) == ids.map { "\($0) 200\n" })
            #expect(try records(requests[1]) == ["\(ids[1]) 200\n"])
            try Deadline().wait(for: "three lines") { try gateway.metric("portico_access_log_lines_total") == 3 }
            #expect(try gateway.metric("portico_access_log_lines_lost_total") == 0)
            #expect(gateway.said.count("a delivery stream of access logs") <= 1)
        }
    }

    @Test("lines for Firehose are sent when the server ends, and when the destination changes")
    func firehoseEnds() async throws {
        let backend = try Backend(.respond(status: 200, headers: [], body: #"{"FailedPutCount":0}"#))
        let environment = Self.firehoseEnvironment
        try await withWatchedGateway(firehose(backend), configure: { $0.environment = environment }) { gateway in
            try gateway.request("GET", "/dev/pets/1")
        }
        #expect(backend.requests.count == 1)
        try await withWatchedGateway(firehose(backend), configure: { $0.environment = environment }) { gateway in
            try gateway.request("GET", "/dev/pets/1")
            try await gateway.install(document(""))
            try Deadline().wait(for: "the call") { backend.requests.count == 2 }
        }
    }
}
