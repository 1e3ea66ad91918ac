import PorticoTestSupport
import Testing

/// Which host and base path lead where, asked without TLS as by a proxy in front.
@Suite struct DomainRoutingTests {
    /// Two stages whose one method tells what it knows of the request.
    static func spec(_ domains: String, more: String = "") -> String {
        """
        openapi: 3.0.1
        info: {title: domains, version: "1"}
        paths:
          /{proxy+}:
            get:
              parameters: [{name: proxy, in: path, required: true, schema: {type: string}}]
              responses: {"200": {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates:
                      application/json: "$context.stage $input.params('proxy') $context.domainName $context.domainPrefix $context.path"
        x-portico-stages: {dev: {}, prod: {}, beta: {}}
        \(more)
        x-portico-domain-names:
        \(domains.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        """
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var host: String
        var path: String
        /// Stage and the path that the API sees; `nil` for 403 Forbidden.
        var leadsTo: String?
        var testDescription: String { "\(host)\(path)" }
    }

    private static let mappings = """
        api.example.com:
          basePathMappings: {"(none)": dev, orders/v1/items: prod, orders/v2/items: beta, orders/v2/items/categories: dev}
        any.example.com: {basePathMappings: {"": null, base: null, gone: prod, "a(b)": {stage: beta}}}
        few.example.com: {basePathMappings: {v1: prod}}
        "*.wild.example.com": {basePathMappings: {"": prod}}
        one.wild.example.com: {basePathMappings: {"": beta}}
        """

    // Source: API Gateway guide, "API mappings": the longest base path, by whole segments.
    @Test(
        "A request goes where its host and base path lead",
        arguments: [
            Row(host: "api.example.com", path: "/orders/v2/items/categories/5", leadsTo: "dev 5"),
            Row(host: "api.example.com", path: "/orders/v2/items/5", leadsTo: "beta 5"),
            Row(host: "api.example.com", path: "/orders/v1/items/5/x", leadsTo: "prod 5/x"),
            Row(host: "api.example.com", path: "/orders/v2/itemsmore", leadsTo: "dev orders/v2/itemsmore"),
            Row(host: "api.example.com", path: "/orders", leadsTo: "dev orders"),
            Row(host: "API.Example.COM:8443", path: "/orders", leadsTo: "dev orders"),
            Row(host: "api.example.com.", path: "/orders", leadsTo: "dev orders"),
            Row(host: "api.example.com", path: "//orders/v1/items/5", leadsTo: "prod 5"),
            // No stage is chosen by the path where a mapping has one.
            Row(host: "api.example.com", path: "/prod/x", leadsTo: "dev prod/x"),
            Row(host: "any.example.com", path: "/beta/x", leadsTo: "beta x"),
            Row(host: "any.example.com", path: "/base/prod/x", leadsTo: "prod x"),
            Row(host: "any.example.com", path: "/nostage/x", leadsTo: nil),
            Row(host: "any.example.com", path: "/base/nostage/x", leadsTo: nil),
            Row(host: "any.example.com", path: "/a(b)/x", leadsTo: "beta x"),
            Row(host: "few.example.com", path: "/v1/x", leadsTo: "prod x"),
            Row(host: "few.example.com", path: "/v2/x", leadsTo: nil),
            Row(host: "few.example.com", path: "/V1/x", leadsTo: nil),
            Row(host: "few.example.com", path: "/v1x/x", leadsTo: nil),
            Row(host: "few.example.com", path: "/", leadsTo: nil),
            Row(host: "a.wild.example.com", path: "/x", leadsTo: "prod x"),
            Row(host: "one.wild.example.com", path: "/x", leadsTo: "beta x"),
            // A star is one label; the names below are not the domain's.
            Row(host: "a.b.wild.example.com", path: "/dev/x", leadsTo: "dev x"),
            Row(host: ".wild.example.com", path: "/dev/x", leadsTo: "dev x"),
            Row(host: "wild.example.com", path: "/dev/x", leadsTo: "dev x"),
            // Any other host is the default endpoint.
            Row(host: "localhost", path: "/prod/x", leadsTo: "prod x"),
            Row(host: "[::1]:8080", path: "/prod/x", leadsTo: "prod x"),
            Row(host: "api.example.com.evil.test", path: "/prod/x", leadsTo: "prod x"),
        ])
    func routes(_ row: Row) async throws {
        let gateway = try await TestGateway(Self.spec(Self.mappings))
        let answer = try gateway.request("GET", row.path, headers: [("Host", row.host)])
        await gateway.stop()
        if let expected = row.leadsTo {
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix(expected + " "), "\(answer.text)")
        } else {
            #expect(answer.status == 403)
            #expect(answer.text == #"{"message":"Forbidden"}"#)
            #expect(answer["x-amzn-errortype"] == "ForbiddenException")
        }
    }

    @Test("The authority of an absolute target counts, not the Host beside it")
    func absoluteTarget() async throws {
        let gateway = try await TestGateway(Self.spec(Self.mappings))
        let answer = try gateway.request(
            "GET", "http://few.example.com/v1/x", headers: [("Host", "any.example.com")])
        await gateway.stop()
        #expect(answer.text.hasPrefix("prod x few.example.com few "))
    }

    // Source: API Gateway guide, "$context variables"; recorded paths, reference 4.5.
    @Test("$context tells the domain and the path that came")
    func context() async throws {
        let gateway = try await TestGateway(Self.spec(Self.mappings))
        let mapped = try gateway.request("GET", "/v1/x", headers: [("Host", "few.example.com")])
        let wild = try gateway.request("GET", "/x", headers: [("Host", "A.Wild.example.com")])
        let own = try gateway.request("GET", "/dev/x", headers: [("Host", "localhost")])
        await gateway.stop()
        #expect(mapped.text == "prod x few.example.com few /v1/x")
        #expect(wild.text == "prod x a.wild.example.com a /x")
        #expect(own.text.contains(".execute-api.us-east-1.amazonaws.com "))
        #expect(own.text.hasSuffix(" /dev/x"))
    }

    // Source: API Gateway guide, "Important notes".
    @Test("/ping and /sping at the root of a domain are the service's own", arguments: ["/ping", "/sping", "//ping"])
    func reserved(path: String) async throws {
        let gateway = try await TestGateway(Self.spec(Self.mappings))
        let answer = try gateway.request("GET", path, headers: [("Host", "api.example.com")])
        let below = try gateway.request("GET", "/x/ping", headers: [("Host", "api.example.com")])
        let own = try gateway.request("GET", "/dev/ping", headers: [("Host", "localhost")])
        await gateway.stop()
        #expect(answer.status == 200)
        #expect(answer.text == "healthy")
        #expect(below.text.hasPrefix("dev x/ping "))
        #expect(own.text.hasPrefix("dev ping "))
    }

    @Test("A disabled default endpoint answers 403, and domains go on")
    func disabledDefaultEndpoint() async throws {
        let gateway = try await TestGateway(
            Self.spec(
                Self.mappings,
                more: "x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}"))
        let refused = try gateway.request("GET", "/dev/x", headers: [("Host", "localhost")])
        let served = try gateway.request("GET", "/v1/x", headers: [("Host", "few.example.com")])
        await gateway.stop()
        #expect(refused.status == 403)
        #expect(refused.text == #"{"message":"Forbidden"}"#)
        #expect(served.status == 200)
    }

    @Test("A reload brings other domains")
    func reload() async throws {
        let gateway = try await TestGateway(Self.spec(Self.mappings))
        try await gateway.install(Self.spec(#"few.example.com: {basePathMappings: {v2: dev}}"#))
        let gone = try gateway.request("GET", "/v1/x", headers: [("Host", "few.example.com")])
        let new = try gateway.request("GET", "/v2/x", headers: [("Host", "few.example.com")])
        await gateway.stop()
        #expect(gone.status == 403)
        #expect(new.text.hasPrefix("dev x "))
    }

    // MARK: - Routing rules

    struct Rule: Sendable, CustomTestStringConvertible {
        var headers: [(String, String)]
        var path = "/x"
        var leadsTo: String?
        var testDescription: String { "\(headers) \(path)" }
    }

    private static let rules = """
        api.example.com:
          routingMode: ROUTING_RULE_THEN_BASE_PATH_MAPPING
          basePathMappings: {mapped: beta}
          routingRules:
            - priority: 50
              conditions:
                  - {matchHeaders: {anyOf: [{header: Hello, valueGlob: World}]}}
                  - {matchHeaders: {anyOf: [{header: x-version, valueGlob: beta}]}}
              actions: [{invokeApi: {stage: beta}}]
            - priority: 10
              conditions: [{matchHeaders: {anyOf: [{header: hello, valueGlob: World}]}}]
              actions: [{invokeApi: {stage: dev}}]
            - priority: 60
              conditions: [{matchHeaders: {anyOf: [{header: x-version, valueGlob: "al*"}, {header: x-version, valueGlob: "*ga"},
                    {header: x-version, valueGlob: "*mm*"}]}}]
              actions: [{invokeApi: {stage: prod}}]
            - priority: 70
              conditions: [{matchBasePaths: {anyOf: [shop, shop/v2]}}]
              actions: [{invokeApi: {stage: prod, stripBasePath: true}}]
            - priority: 80
              conditions: [{MatchBasePaths: {AnyOf: [whole]}}, {MatchHeaders: {AnyOf: [{Header: x-any, ValueGlob: "*"}]}}]
              actions: [{InvokeApi: {Stage: prod}}]
        all.example.com:
          routingMode: ROUTING_RULE_ONLY
          basePathMappings: {mapped: beta}
          routingRules:
            - {priority: 1000000, actions: [{invokeApi: {apiId: abc, stage: dev}}]}
        none.example.com: {routingMode: ROUTING_RULE_ONLY, basePathMappings: {"": beta}}
        """

    // Source: API Gateway guide, "Routing rules to connect API stages to a custom domain name".
    @Test(
        "The rule with the lowest priority whose conditions all hold chooses",
        arguments: [
            Rule(headers: [("Hello", "World"), ("x-version", "beta")], leadsTo: "dev x"),
            Rule(headers: [("HELLO", "World")], leadsTo: "dev x"),
            Rule(headers: [("Hello", "world"), ("x-version", "beta")], leadsTo: nil),
            Rule(headers: [("x-version", "alpha")], leadsTo: "prod x"),
            Rule(headers: [("x-version", "al")], leadsTo: "prod x"),
            Rule(headers: [("x-version", "omega")], leadsTo: "prod x"),
            Rule(headers: [("x-version", "gamma")], leadsTo: "prod x"),
            Rule(headers: [("x-version", "delta")], leadsTo: nil),
            Rule(headers: [("x-version", "Alpha")], leadsTo: nil),
            Rule(headers: [("x-version", "delta"), ("x-version", "alpha")], leadsTo: "prod x"),
            Rule(headers: [], path: "/shop/v2/x", leadsTo: "prod x"),
            Rule(headers: [], path: "/shop/x", leadsTo: "prod x"),
            Rule(headers: [], path: "/shopping/x", leadsTo: nil),
            Rule(headers: [("x-any", "")], path: "/whole/x", leadsTo: "prod whole/x"),
            Rule(headers: [], path: "/whole/x", leadsTo: nil),
            Rule(headers: [], path: "/mapped/x", leadsTo: "beta x"),
            Rule(headers: [("Hello", "World")], path: "/mapped/x", leadsTo: "dev mapped/x"),
            Rule(headers: [], leadsTo: nil),
        ])
    func rules(_ row: Rule) async throws {
        let gateway = try await TestGateway(Self.spec(Self.rules))
        let answer = try gateway.request("GET", row.path, headers: [("Host", "api.example.com")] + row.headers)
        await gateway.stop()
        if let expected = row.leadsTo {
            #expect(answer.text.hasPrefix(expected + " "), "\(answer.text)")
        } else {
            #expect(answer.status == 403)
            #expect(answer.text == #"{"message":"Forbidden"}"#)
        }
    }

    @Test("A rule without conditions catches all, and ROUTING_RULE_ONLY looks at no mapping")
    func modes() async throws {
        let gateway = try await TestGateway(Self.spec(Self.rules))
        let all = try gateway.request("GET", "/mapped/x", headers: [("Host", "all.example.com")])
        let none = try gateway.request("GET", "/x", headers: [("Host", "none.example.com")])
        await gateway.stop()
        #expect(all.text.hasPrefix("dev mapped/x "))
        #expect(none.status == 403)
    }

    // MARK: - Mistakes of a spec

    @Test(
        "A mistake in a domain name is told",
        arguments: [
            ("a_.example.com: {basePathMappings: {'': dev}}\n\"https://x\": {}", "'https://x' is no domain name"),
            ("api.example.com: {basePathMappings: {'': live}}", "names stage 'live', which is not declared"),
            ("api.example.com: {basePathMappings: {'a b': dev}}", "'a b' is no base path"),
            ("api.example.com: {basePathMappings: {'a/../b': dev}}", "is no base path"),
            ("api.example.com: {basePathMappings: {a: dev, /a/: dev}}", "base path 'a' of 'api.example.com' twice"),
            (
                "api.example.com: {certificate: a.pem, basePathMappings: {'': dev}}",
                "needs both 'certificate' and 'privateKey'"
            ),
            (
                "api.example.com: {certificate: '-----BEGIN CERTIFICATE-----', privateKey: k.pem, "
                    + "basePathMappings: {'': dev}}",
                "holds the PEM text itself"
            ),
            ("api.example.com: {mutualTlsAuthentication: {}, basePathMappings: {'': dev}}", "has no 'truststore'"),
            (
                "api.example.com: {mutualTlsAuthentication: {truststore: ca.pem}, "
                    + "basePathMappings: {'': dev}}",
                "has none itself"
            ),
            (
                "api.example.com: {mutualTlsAuthentication: {truststoreUri: 's3://b/k'}, certificate: a, "
                    + "privateKey: b, basePathMappings: {'': dev}}",
                "is an object of S3"
            ),
            (
                "api.example.com: {certificate: a, privateKey: b, "
                    + "mutualTlsAuthentication: {truststore: c}, "
                    + "securityPolicy: SecurityPolicy_TLS13_1_3_2025_09, endpointAccessMode: BASIC, "
                    + "basePathMappings: {'': dev}}",
                "mutual TLS cannot have the security policy"
            ),
            ("api.example.com: {securityPolicy: TLS_1_1, basePathMappings: {'': dev}}", "TLS_1_1"),
            (
                "api.example.com: {routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 0, "
                    + "actions: [{invokeApi: {stage: dev}}]}]}",
                "must be from 1 to 1000000"
            ),
            (
                "api.example.com: {routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 1, "
                    + "actions: [{invokeApi: {stage: dev}}]}, {priority: 1, "
                    + "actions: [{invokeApi: {stage: dev}}]}]}",
                "priority 1 twice"
            ),
            (
                "api.example.com: {routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 1, "
                    + "conditions: [{matchHeaders: {anyOf: [{header: a, valueGlob: 'a*b'}]}}], "
                    + "actions: [{invokeApi: {stage: dev}}]}]}",
                "has a star in its middle"
            ),
            (
                "api.example.com: {routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 1, "
                    + "conditions: [{}], actions: [{invokeApi: {stage: dev}}]}]}",
                "not none"
            ),
            (
                "api.example.com: {routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 1}]}",
                "needs one action 'invokeApi'"
            ),
            (
                "api.example.com: {routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 1, "
                    + "actions: [{invokeApi: {stage: live}}]}]}",
                "names stage 'live'"
            ),
        ])
    func mistakes(_ domains: String, _ message: String) throws {
        let problem = #expect(throws: TestSupportError.self) { _ = try TestGateway.compile(Self.spec(domains)) }
        #expect(problem.map { "\($0)" }?.contains(message) == true, "\(problem.map { "\($0)" } ?? "")")
    }

    // Source: API Gateway quotas and the reference, "Custom domains" (4.5).
    @Test("Base paths have 300 characters at most, headers of rules 40, and rules two conditions on headers")
    func lengths() throws {
        func compiles(_ domain: String) -> Bool {
            (try? TestGateway.compile(Self.spec("api.example.com: {\(domain)}"))) != nil
        }
        func rule(_ conditions: String) -> String {
            "routingMode: ROUTING_RULE_ONLY, routingRules: [{priority: 1, conditions: [\(conditions)], "
                + "actions: [{invokeApi: {stage: dev}}]}]"
        }
        func header(_ length: Int) -> String {
            "{matchHeaders: {anyOf: [{header: \(String(repeating: "h", count: length)), valueGlob: v}]}}"
        }
        #expect(compiles("basePathMappings: {\(String(repeating: "a", count: 300)): dev}"))
        #expect(!compiles("basePathMappings: {\(String(repeating: "a", count: 301)): dev}"))
        #expect(compiles(rule(header(40))))
        #expect(!compiles(rule(header(41))))
        #expect(compiles(rule("\(header(1)), \(header(2))")))
        #expect(!compiles(rule("\(header(1)), \(header(2)), \(header(3))")))
    }
}
