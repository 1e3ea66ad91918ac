import PorticoSyntax
import Testing

@testable import PorticoIR

/// What is read of functions, VPC links, identities and certificates.
@Suite struct BackendFactsTests {
    private func describe(_ root: String, _ options: ImportOptions = ImportOptions()) throws -> APIDescription {
        let result = importText("openapi: 3.0.1\ninfo: {title: t}\npaths: {}\n" + root, options: options)
        #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return try #require(result.description)
    }

    @Test("a function has Lambda's defaults and what is written")
    func functions() throws {
        let api = try describe(
            """
            x-portico-functions:
              a: {runtime: python3.12, handler: app.list}
              b:
                runtime: nodejs20.x
                handler: index.get
                codeUri: ./functions
                timeout: 5
                memorySize: 256
                concurrency: 2
                environment: {Variables: {TABLE: t, CODE: 012, SECRET: '${env.SECRET}', NOTHING: }}
                command: [node, --inspect, 9229]
              c: {command: [./server]}
              d: {url: 'http://127.0.0.1:9'}
            """)
        var a = FunctionProcess(runtime: "python3.12", handler: "app.list", codeURI: ".")
        #expect(api.functions[0].home == .process(a))
        a = FunctionProcess(runtime: "nodejs20.x", handler: "index.get", codeURI: "./functions")
        (a.timeoutSeconds, a.memoryMegabytes, a.concurrency) = (5, 256, 2)
        a.environment = [
            EnvironmentVariable(name: "TABLE", value: "t"), EnvironmentVariable(name: "CODE", value: "012"),
            EnvironmentVariable(name: "SECRET", value: "${env.SECRET}"),
            EnvironmentVariable(name: "NOTHING", value: ""),
        ]
        a.command = ["node", "--inspect", "9229"]
        #expect(api.functions[1].home == .process(a))
        var c = FunctionProcess(runtime: "provided", handler: "", codeURI: ".")
        c.command = ["./server"]
        #expect(api.functions[2].home == .process(c))
        #expect(api.functions[3].home == .server(url: "http://127.0.0.1:9"))
    }

    @Test("a function of the command line wins, keeps limits and variables, and survives an export")
    func overrides() throws {
        var options = ImportOptions()
        let home = FunctionProcess(runtime: "python3.11", handler: "app.new", codeURI: "/code")
        options.functions = [
            try #require(FunctionOverride(name: "a", home: .process(home))),
            try #require(FunctionOverride(name: "b", home: .server(url: "http://b"))),
            try #require(FunctionOverride(name: "c", home: .process(home))),
            try #require(FunctionOverride(name: "d:live", home: .server(url: "http://d"))),
        ]
        let text = """
            x-portico-functions:
              arn:aws:lambda:us-east-1:000000000000:function:a: {runtime: nodejs20.x, handler: x.y, timeout: 9, environment: {A: 01}, command: [z]}
              b: {runtime: nodejs20.x, handler: x.y, timeout: 9, description: d}
              c: {url: 'http://c'}
              d: {url: 'http://old'}
            """
        let api = try describe(text, options)
        var expected = home
        expected.timeoutSeconds = 9
        expected.environment = [EnvironmentVariable(name: "A", value: "01")]
        #expect(
            api.functions.map(\.home) == [
                .process(expected), .server(url: "http://b"), .process(home), .server(url: "http://old"),
                .server(url: "http://d"),
            ])
        #expect(
            api.functions.map(\.name.value) == [
                "arn:aws:lambda:us-east-1:000000000000:function:a", "b", "c", "d", "d:live",
            ])
        let again = importText(Exporter.text(api, stage: nil, as: .yaml))
        #expect(again.diagnostics.map(\.message) == [])
        #expect(again.description?.functions == api.functions)
    }

    @Test("a name that can name no function is no override", arguments: ["", "a b", "a:b:c", "arn:aws:s3:::b"])
    func overrideNames(_ name: String) { #expect(FunctionOverride(name: name, home: .server(url: "http://a")) == nil) }

    @Test("functions of the command line and of the overlay have ARNs for references")
    func references() throws {
        let text = """
            openapi: 3.0.1
            info: {title: !Sub '${F.Arn} ${G.Arn}'}
            paths: {}
            """
        var options = ImportOptions()
        options.functions = [try #require(FunctionOverride(name: "F", home: .server(url: "http://a")))]
        options.configPath = "local.yaml"
        let result = importText(
            text, with: ["local.yaml": "x-portico-functions: {G: {url: 'http://g'}}\n"], options: options)
        #expect(result.diagnostics.map(\.message) == [])
        #expect(
            result.description?.info.title.value
                == "arn:aws:lambda:us-east-1:000000000000:function:F arn:aws:lambda:us-east-1:000000000000:function:G")
        #expect(result.description?.functions.map(\.name.value) == ["G", "F"])
    }

    @Test("hosts are checked when a check is described or there are several")
    func links() throws {
        let api = try describe(
            """
            x-portico-vpc-links:
              one: http://a:1
              list: [a, b]
              object: {targets: [a], healthCheckIntervalSeconds: 2}
              off: {targets: [a, b], healthCheckEnabled: false}
              full: {targets: [a], healthCheckPath: /up, healthCheckIntervalSeconds: 20, healthCheckTimeoutSeconds: 10,
                     healthyThresholdCount: 3, unhealthyThresholdCount: 4, matcher: '200-299,302'}
            """)
        #expect(
            api.vpcLinks.map { $0.targets.map(\.value) } == [["http://a:1"], ["a", "b"], ["a"], ["a", "b"], ["a"]])
        var short = HealthCheck()
        (short.intervalSeconds, short.timeoutSeconds) = (2, 2)
        var full = HealthCheck()
        full.path = "/up"
        (full.intervalSeconds, full.timeoutSeconds) = (20, 10)
        (full.healthyThreshold, full.unhealthyThreshold) = (3, 4)
        full.successStatuses = [200...299, 302...302]
        #expect(api.vpcLinks.map(\.healthCheck) == [nil, HealthCheck(), short, nil, full])
    }

    @Test(
        "targets have scheme, host and port, or leave them to the address",
        arguments: [
            ("a", nil, "a", nil), ("a.b:80", nil, "a.b", 80), ("http://a", false, "a", nil),
            ("HTTPS://a:8443/", true, "a", 8443), ("[::1]:9", nil, "::1", 9), ("http://[::1]", false, "::1", nil),
            ("10.0.0.1:65535", nil, "10.0.0.1", 65535),
        ] as [(String, Bool?, String, Int?)])
    func targets(text: String, isSecure: Bool?, host: String, port: Int?) throws {
        let target = try #require(VPCLinkTarget(text))
        #expect(target.isSecure == isSecure && target.host == host && target.port == port)
    }

    @Test(
        "anything else is no target",
        arguments: [
            "", ":80", "a:", "a:x", "a:65536", "a b", "http://", "http://a/b", "http://a?x", "ftp://a", "u@a", "[::1",
            "[]:1", "[a]:1", "a:1:2", "http://a:1//",
        ])
    func noTargets(text: String) { #expect(VPCLinkTarget(text) == nil) }

    @Test("identities and certificates are typed")
    func identities() throws {
        let api = try describe(
            """
            x-portico-identities:
              k: {arn: 'arn:aws:iam::000000000000:role/r', accessKeyId: '${env.A}', secretAccessKey: '${env.B}', sessionToken: '${env.C}', account: 000000000012}
              others: {endpoint: 'https://id.example.com/who', ttl: 60, timeoutInMillis: 500, authorization: '${env.T}'}
            x-portico-client-certificates: {c: {certificate: a.pem, privateKey: a.key}}
            x-portico-stages: {dev: {clientCertificateId: c}}
            """)
        let identity = try #require(api.identities.first)
        #expect(identity.name.value == "k" && identity.arn?.value == "arn:aws:iam::000000000000:role/r")
        #expect(identity.accessKeyID == "${env.A}" && identity.secretAccessKey == "${env.B}")
        #expect(identity.sessionToken == "${env.C}" && identity.accountID == "000000000012")
        #expect(identity.settings["account"] == .string("000000000012"))
        let endpoint = try #require(api.identityEndpoint)
        #expect(api.identities.count == 1 && endpoint.name.value == "others")
        #expect(endpoint.address.value == "https://id.example.com/who" && endpoint.authorization == "${env.T}")
        #expect(endpoint.timeToLiveSeconds == 60 && endpoint.timeoutMilliseconds == 500)
        #expect(api.clientCertificates.map(\.certificate.value) == ["a.pem"])
        #expect(api.clientCertificates.map(\.privateKey.value) == ["a.key"])
        #expect(api.stages.first?.clientCertificateID?.value == "c")
    }

    @Test(
        "an entry without qualifier runs all of a function's aliases, one with a qualifier only its own",
        arguments: [
            ("f", "f", true), ("f", "f:live", true), ("f:live", "f", false), ("f:live", "f:live", true),
            ("f:live", "f:1", false), ("f", "arn:aws:lambda:us-east-1:000000000000:function:f:1", true),
            ("000000000000:f", "arn:aws:lambda:us-east-1:000000000000:function:f", true),
            ("111111111111:f", "arn:aws:lambda:us-east-1:000000000000:function:f", false),
            ("arn:aws:lambda:us-east-1:000000000000:function:f", "function:f", true), ("f", "g", false),
            ("f:$LATEST", "f", true),
        ])
    func identity(entry: String, called: String, runs: Bool) throws {
        #expect(try #require(FunctionIdentity(entry)).runs(try #require(FunctionIdentity(called))) == runs)
    }
}
