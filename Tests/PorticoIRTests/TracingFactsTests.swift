import PorticoIR
import PorticoSyntax
import Testing

/// What `x-portico-tracing` and `accessLogSettings` come to.
@Suite("Settings of tracing and access logs")
struct TracingFactsTests {
    private func tracing(_ lines: String) throws -> TracingSettings {
        let result = importText("openapi: 3.0.1\ninfo: {title: t}\npaths: {}\nx-portico-tracing:\n" + lines)
        #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return try #require(result.description?.tracing?.value)
    }

    @Test("rules are read with X-Ray's members, and match everything they do not name")
    func rules() throws {
        let settings = try tracing(
            """
              samplingRules:
                - RuleName: pets
                  RuleARN: arn:aws:xray:us-east-1:000000000000:sampling-rule/pets
                  Priority: 10
                  ReservoirSize: 3
                  FixedRate: 0.25
                  ServiceName: a/*
                  ServiceType: AWS::ApiGateway::Stage
                  Host: '*.example.com'
                  HTTPMethod: GET
                  URLPath: /pets/?
                  ResourceARN: '*'
                  Attributes: {X-Kind: cat*}
                  Version: 1
                - {RuleName: all, Priority: 9999, ReservoirSize: 0, FixedRate: 1}
            """)
        var rule = SamplingRule(ruleName: "pets", priority: 10, reservoirSize: 3, fixedRate: 0.25)
        rule.serviceName = "a/*"
        rule.serviceType = "AWS::ApiGateway::Stage"
        rule.host = "*.example.com"
        rule.httpMethod = "GET"
        rule.urlPath = "/pets/?"
        rule.attributes = [SamplingAttribute(name: "X-Kind", pattern: "cat*")]
        let all = SamplingRule(ruleName: "all", priority: 9999, reservoirSize: 0, fixedRate: 1)
        #expect(settings.samplingRules == [rule, all])
        #expect(settings.xray == nil && settings.otlp == nil)
    }

    @Test("the answer of GetSamplingRules is read as it is, its default rule after all others")
    func records() throws {
        let settings = try tracing(
            """
              samplingRules:
                SamplingRuleRecords:
                  - {CreatedAt: 0, ModifiedAt: 1, SamplingRule: {RuleName: Default, Priority: 10000, ReservoirSize: 2, FixedRate: 0.1, Host: "*"}}
                  - {SamplingRule: {RuleName: a, Priority: 1, ReservoirSize: 0, FixedRate: 0}}
            """)
        #expect(settings.samplingRules.map(\.ruleName) == ["Default", "a"])
        #expect(settings.samplingRules.first?.priority == 10_000)
    }

    @Test("local rules of the SDKs are tried in their order")
    func local() throws {
        let settings = try tracing(
            """
              samplingRules:
                version: 2
                rules:
                  - {description: a, host: h, http_method: POST, url_path: /a/*, fixed_target: 1, rate: 0.5}
                  - {host: "*", http_method: "*", url_path: /b, fixed_target: 0, rate: 0}
                default: {fixed_target: 5, rate: 0.1}
            """)
        #expect(settings.samplingRules.map(\.priority) == [1, 2, 10_000])
        #expect(settings.samplingRules.map(\.urlPath) == ["/a/*", "/b", "*"])
        #expect(settings.samplingRules.map(\.reservoirSize) == [1, 0, 5])
        #expect(settings.samplingRules.first?.host == "h")
    }

    @Test("destinations are read with their defaults")
    func destinations() throws {
        let plain = try tracing("  xray: true\n  otlp: {endpoint: 'http://127.0.0.1:4318/'}")
        #expect(plain.xray == XRayDestination(host: "127.0.0.1", port: 2000))
        let otlp = try #require(plain.otlp)
        #expect(otlp.endpoint.path.isEmpty && otlp.endpoint.port == 4318 && !otlp.endpoint.isSecure)
        #expect((otlp.batchSize, otlp.queueSize) == (512, 2048))
        let full = try tracing(
            """
              xray: udp://[::1]:3000
              otlp:
                endpoint: https://c.example.com/base
                headers: {a: 1}
                serviceName: s
                resourceAttributes: {deployment.environment.name: test}
                timeoutInMillis: 500
                batchSize: 10
                delayInMillis: 100
                queueSize: 20
            """)
        #expect(full.xray == XRayDestination(host: "::1", port: 3000))
        let all = try #require(full.otlp)
        #expect(all.endpoint.path == "/base" && all.endpoint.port == 443 && all.endpoint.isSecure)
        #expect(all.headers == [NamedText("a", "1")])
        #expect(all.resourceAttributes == [NamedText("deployment.environment.name", "test")])
        #expect(all.serviceName == "s" && all.timeoutMilliseconds == 500 && all.batchSize == 10)
        #expect(all.delayMilliseconds == 100 && all.queueSize == 20)
        #expect(try tracing("  xray: false").xray == nil)
    }

    @Test(
        "addresses of daemons",
        arguments: [
            ("127.0.0.1:2000", "127.0.0.1", 2000), ("xray", "xray", 2000), ("udp://a-b.c:1", "a-b.c", 1),
            ("[::1]:5", "::1", 5),
        ])
    func daemons(_ text: String, _ host: String, _ port: Int) {
        #expect(XRayDestination(text) == XRayDestination(host: host, port: port))
    }

    @Test("texts that are no addresses", arguments: ["", "a:0", "a:65536", "http://a", "a/b", "udp://", "a b", ":1"])
    func noDaemons(_ text: String) { #expect(XRayDestination(text) == nil) }

    @Test("destinations of access logs are told apart")
    func accessLogs() {
        let rows: [(String, AccessLogDestination?)] = [
            ("stdout", .standardOutput), ("file:a b.log", .file(path: "a b.log")), ("file:/x/", nil), ("file:", nil),
            ("file:a\nb", nil), ("STDOUT", nil), ("", nil),
            (
                "arn:aws:logs:us-east-1:000000000000:log-group:API-Gateway/a",
                .logGroup(region: "us-east-1", account: "000000000000", name: "API-Gateway/a")
            ),
            (
                "arn:aws-cn:firehose:cn-north-1:000000000000:deliverystream/amazon-apigateway-x",
                .deliveryStream(region: "cn-north-1", account: "000000000000", name: "amazon-apigateway-x")
            ),
            ("arn:aws:s3:::bucket", nil), ("arn:aws:logs:us-east-1:0:log-stream:a", nil),
        ]
        for (text, expected) in rows { #expect(AccessLogDestination(text) == expected, "\(text)") }
    }

    @Test("a format in a block loses its line end, and one of more than 3 KB is refused")
    func formats() throws {
        func format(_ text: String) -> (String?, [String]) {
            let result = importText(
                """
                openapi: 3.0.1
                info: {title: t}
                paths: {}
                x-portico-stages:
                  dev:
                    accessLogSettings:
                      destinationArn: stdout
                      format: \(text)
                """)
            return (
                result.description?.stages.first?.accessLogSettings?.format?.value.string,
                result.diagnostics.filter { $0.severity == .error }.map(\.message)
            )
        }
        #expect(format("|\n        $context.requestId x\n").0 == "$context.requestId x")
        #expect(format(">\n        $context.requestId\n        x\n\n").0 == "$context.requestId x")
        let head = "$context.requestId "
        let longest = head + String(repeating: "x", count: 3072 - head.utf8.count)
        #expect(format("'\(longest)'").0 == longest)
        let (none, messages) = format("'\(longest)x'")
        #expect(none == nil && messages.count == 1 && messages[0].contains("3073 bytes"))
    }
}
