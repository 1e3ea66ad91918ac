import FoundationEssentials
import Logging
import NIOCore
import PorticoIR
import PorticoTestSupport
import Synchronization
import Testing

@testable import PorticoGateway

/// A service that knows identities, as a script of the test says.
final class IdentityService: Sendable {
    typealias Script = @Sendable (_ accessKeyID: String) -> [UpstreamStep]

    private let upstream: FakeUpstream
    private let questions: QuestionList
    let port: Int

    private final class QuestionList: Sendable {
        let texts = Mutex<[String]>([])
    }

    init(_ script: @escaping Script) async throws {
        let questions = QuestionList()
        upstream = try await FakeUpstream { request in
            questions.texts.withLock { $0.append(request.text) }
            let target = request.text.split(separator: " ").dropFirst().first ?? ""
            let key = target.split(separator: "accessKeyId=", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
            return script(String(key))
        }
        self.questions = questions
        port = upstream.target().port
    }

    /// Heads of the questions so far.
    var asked: [String] { questions.texts.withLock { $0 } }

    func stop() async throws { try await upstream.stop() }

    static func answer(_ status: String, _ body: String = "") -> [UpstreamStep] {
        [.write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")]
    }

    /// An identity with the keys of ``PlainSigner``.
    static func identity(
        arn: String = "arn:aws:iam::000000000000:user/grace", policy: String = allowAll, more: String = ""
    ) -> [UpstreamStep] {
        answer(
            "200 OK",
            #"{"secretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","arn":"\#(arn)","policies":[\#(policy)]\#(more)}"#
        )
    }

    static let allowAll = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
}

/// Identities that are asked for. Source: the issue of identities that live elsewhere; docs/access.md.
@Suite("Endpoints that know identities")
struct IdentityEndpointTests {
    private static let unknown = "UnrecognizedClientException"

    private static func api(_ members: String, port: Int) -> String {
        spec(
            root: """
                x-portico-identities:
                  others: {endpoint: "http://127.0.0.1:\(port)/who?realm=test", \(members)}
                  ada: {accessKeyId: AKIDADA, secretAccessKey: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY, policies: \(IdentityService.allowAll)}
                components: {securitySchemes: {sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}}
                """,
            [
                SpecOperation("GET /pets", mock("$context.identity.userArn"), "security: [{sigv4: []}]"),
                SpecOperation("POST /pets", mock("posted"), "security: [{sigv4: []}]"),
            ])
    }

    private func serving(
        _ script: @escaping IdentityService.Script, members: String = "ttl: 300",
        environment: [String: String] = [:],
        _ body: (TestGateway, IdentityService) async throws -> Void
    ) async throws {
        let service = try await IdentityService(script)
        try await withGateway(
            Self.api(members, port: service.port),
            configure: { $0.environment = environment }
        ) { try await body($0, service) }
        try await service.stop()
    }

    private func ask(
        _ gateway: TestGateway, _ key: String = "AKIDGRACE", _ method: String = "GET", body: String = "",
        token: String? = nil, secret: String? = nil, more: [(String, String)] = []
    ) throws -> RawResponse {
        var signer = PlainSigner(accessKeyID: key, token: token)
        if let secret { signer.secret = secret }
        let headers = signer.authorization(
            method, "/dev/pets", host: "127.0.0.1:\(gateway.port)", body: body)
        return try gateway.request(method, "/dev/pets", headers: headers + more, body: body)
    }

    @Test("an unknown access key is asked for once, and known from then on")
    func once() async throws {
        try await serving({ _ in IdentityService.identity() }) { gateway, service in
            for _ in 0..<3 {
                let answer = try ask(gateway)
                #expect(answer.status == 200)
                #expect(answer.text == "arn:aws:iam::000000000000:user/grace")
            }
            // A body is signed too, and is there after the wait.
            let posted = try ask(gateway, "AKIDOTHER", "POST", body: "{\"a\":1}")
            #expect(posted.text == "posted")
            #expect(service.asked.count == 2)
            #expect(
                service.asked.first?.hasPrefix(
                    "GET /who?realm=test&accessKeyId=AKIDGRACE HTTP/1.1\r\nHost: 127.0.0.1:\(service.port)\r\n") == true
            )
        }
    }

    @Test("identities of the document come first, and are not asked for")
    func document() async throws {
        try await serving({ _ in IdentityService.answer("404 Not Found") }) { gateway, service in
            let answer = try ask(gateway, "AKIDADA")
            #expect(answer.text == "arn:aws:iam::000000000000:user/ada")
            #expect(service.asked.isEmpty)
        }
    }

    @Test("the secret, the session token, the end and the policies of an answer count")
    func counts() async throws {
        let script: IdentityService.Script = { key in
            switch key {
            case "SESSION":
                IdentityService.identity(
                    arn: "arn:aws:sts::000000000000:assumed-role/r/s", more: #","sessionToken":"tok/en=""#)
            case "ENDED": IdentityService.identity(more: #","expiration":"2020-01-31T12:00:00Z""#)
            case "LATER": IdentityService.identity(more: #","expiration":"2099-01-31T12:00:00Z""#)
            case "READER":
                IdentityService.identity(
                    policy:
                        #"{"Statement":{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:*:*:*/dev/GET/*"}}"#
                )
            case "NOTHING": IdentityService.identity(policy: "")
            case "STRANGER": IdentityService.identity(arn: "arn:aws:iam::111111111111:user/x")
            case "ROOT": IdentityService.identity(arn: "arn:aws:iam::000000000000:root", policy: "")
            default: IdentityService.answer("404 Not Found")
            }
        }
        try await serving(script) { gateway, _ in
            let rows: [(String, String, String?, Int, String?)] = [
                ("SESSION", "GET", "tok/en=", 200, nil), ("SESSION", "GET", nil, 403, Self.unknown),
                ("SESSION", "GET", "other", 403, Self.unknown), ("ENDED", "GET", nil, 403, "ExpiredTokenException"),
                ("LATER", "GET", nil, 200, nil), ("LATER", "GET", "x", 403, Self.unknown),
                ("READER", "GET", nil, 200, nil), ("READER", "POST", nil, 403, "AccessDeniedException"),
                ("NOTHING", "GET", nil, 403, "AccessDeniedException"),
                ("STRANGER", "GET", nil, 403, "AccessDeniedException"), ("ROOT", "GET", nil, 200, nil),
                ("NOBODY", "GET", nil, 403, Self.unknown),
            ]
            // The second time it is a look-up, with the same answer.
            for _ in 0..<2 {
                for (key, method, token, status, type) in rows {
                    let answer = try ask(gateway, key, method, token: token)
                    #expect(answer.status == status, "\(key) \(method): \(answer.text)")
                    #expect(answer["x-amzn-ErrorType"] == type, "\(key)")
                }
            }
            let wrong = try ask(gateway, "LATER", secret: "another")
            #expect(wrong["x-amzn-ErrorType"] == "InvalidSignatureException")
        }
    }

    @Test("keys that nobody has are remembered, and keys that could not be are not asked for")
    func absent() async throws {
        try await serving({ _ in IdentityService.answer("404 Not Found") }) { gateway, service in
            for _ in 0..<3 {
                let answer = try ask(gateway, "AKIDNONE")
                #expect(answer["x-amzn-ErrorType"] == Self.unknown)
            }
            #expect(service.asked.count == 1)
            for key in ["a&b", "../x", "a%0d%0ab", "a?b", "a#b", String(repeating: "A", count: 129)] {
                let answer = try ask(gateway, key)
                #expect(answer.status == 403, "\(key)")
            }
            // What is of no use is refused without a question.
            let old = PlainSigner(accessKeyID: "AKIDOLD", time: PlainSigner().time - 1000)
            let headers = old.authorization("GET", "/dev/pets", host: "127.0.0.1:\(gateway.port)")
            try expect("GET", "/dev/pets", headers: headers, from: gateway, gives: 403)
            #expect(service.asked.count == 1)
        }
    }

    @Test("without ttl every request asks")
    func noCache() async throws {
        let script: IdentityService.Script = { key in
            key == "AKIDNONE" ? IdentityService.answer("404 Not Found") : IdentityService.identity()
        }
        try await serving(script, members: "ttl: 0") { gateway, service in
            for _ in 0..<2 {
                try equal(ask(gateway).status, 200)
                try equal(ask(gateway, "AKIDNONE").status, 403)
            }
            #expect(service.asked.count == 4)
        }
    }

    @Test(
        "whatever is no good answer lets nobody in: 500, and the log says why, without secrets",
        arguments: [
            ("500 Internal Server Error", "", "it answers 500"), ("302 Found", "", "it answers 302"),
            ("204 No Content", "", "it answers 204"), ("200 OK", "", "no JSON object"),
            ("200 OK", "[]", "no JSON object"), ("200 OK", "{}", "no 'secretAccessKey'"),
            ("200 OK", #"{"secretAccessKey":"s3cret-s3cret"}"#, "no 'arn'"),
            ("200 OK", #"{"secretAccessKey":5,"arn":"arn:aws:iam::000000000000:user/a"}"#, "is no text"),
            ("200 OK", #"{"secretAccessKey":"","arn":"arn:aws:iam::000000000000:user/a"}"#, "is empty"),
            ("200 OK", #"{"secretAccessKey":"s3cret-s3cret","arn":"user/a"}"#, "'arn' is no ARN"),
            ("200 OK", #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::*:user/*"}"#, "'arn' is no ARN"),
            (
                "200 OK",
                #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::000000000000:user/a","accountId":"111111111111"}"#,
                "'accountId' is not"
            ),
            (
                "200 OK",
                #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::000000000000:user/a","accessKeyId":"AKIDELSE"}"#,
                "another access key"
            ),
            (
                "200 OK",
                #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::000000000000:user/a","expiration":"soon"}"#,
                "'expiration' is no time"
            ),
            (
                "200 OK",
                #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::000000000000:user/a","policies":"all"}"#,
                "no list of policies"
            ),
            (
                "200 OK",
                #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::000000000000:user/a","policies":[{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Denny","Action":"*","Resource":"*"}]}]}"#,
                "policy 0"
            ),
            (
                "200 OK",
                #"{"secretAccessKey":"s3cret-s3cret","arn":"arn:aws:iam::000000000000:user/a","policies":[{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}]}"#,
                "policy 0"
            ),
            (
                "200 OK",
                #"{"secretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","secretAccessKey":"x","arn":"arn:aws:iam::000000000000:user/a"}"#,
                "no JSON object"
            ),
        ])
    func bad(_ status: String, _ body: String, _ reason: String) async throws {
        let service = try await IdentityService { _ in IdentityService.answer(status, body) }
        let log = KeptLog()
        try await withHosted(Self.api("ttl: 300", port: service.port), nil, logger: log.logger) { gateway in
            let headers = PlainSigner().authorization("GET", "/dev/pets", host: "127.0.0.1:\(gateway.port)")
            for _ in 0..<2 {
                let answer = try gateway.request("GET", "/dev/pets", headers: headers)
                #expect(answer.status == 500)
                #expect(answer["x-amzn-ErrorType"] == "AuthorizerFailureException")
            }
        }
        try await service.stop()
        #expect(log.text.contains("'others' was asked for an identity"), "\(log.text)")
        #expect(log.text.contains(reason), "\(log.text)")
        #expect(!log.text.contains("s3cret") && !log.text.contains("EXAMPLEKEY"))
        // The second request of the same second was not worth a question.
        #expect(service.asked.count == 1)
    }

    @Test("an endpoint that is silent, slow, away or too long lets nobody in, and in time")
    func away() async throws {
        let long = String(repeating: " ", count: IdentityAnswerReader.longestAnswer)
        let scripts: [IdentityService.Script] = [
            { _ in [] }, { _ in [.close] }, { _ in [.reset] },
            { _ in [.write("HTTP/1.1 200 OK\r\nContent-Le"), .close] },
            { _ in [.trickle("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 3000))] },
            { _ in IdentityService.answer("200 OK", "{" + long + "}") }, { _ in [.write("no http\r\n\r\n")] },
        ]
        for (number, script) in scripts.enumerated() {
            try await serving(script, members: "timeoutInMillis: 300") { gateway, _ in
                let clock = ContinuousClock()
                let start = clock.now
                let answer = try ask(gateway)
                #expect(answer.status == 500, "\(number)")
                #expect(start.duration(to: clock.now) < .seconds(10))
                // Others are served as ever.
                try equal(ask(gateway, "AKIDADA").status, 200)
            }
        }
        // Nobody listens there.
        let gone = try await IdentityService { _ in [] }
        try await gone.stop()
        try await withGateway(Self.api("ttl: 1", port: gone.port)) { gateway in
            try equal(ask(gateway).status, 500)
        }
    }

    @Test("requests that wait for one identity share a question, and who goes away is forgotten")
    func shared() async throws {
        // Some time passes before the answer is whole, in which all of them come.
        let slow: IdentityService.Script = { _ in
            [.trickle("HTTP/1.1 200 OK\r\nX-Slow: " + String(repeating: "x", count: 400) + "\r\n")]
                + IdentityService.identity().map { step in
                    guard case .write(let text) = step else { return step }
                    return .write(String(text.dropFirst("HTTP/1.1 200 OK\r\n".count)))
                }
        }
        try await serving(slow, members: "timeoutInMillis: 10000") { gateway, service in
            var connections: [RawConnection] = []
            for number in 0..<40 {
                let headers = PlainSigner(accessKeyID: "AKIDMANY").authorization(
                    "GET", "/dev/pets", host: "127.0.0.1:\(gateway.port)")
                let connection = try RawConnection(port: gateway.port)
                try connection.send(
                    "GET /dev/pets HTTP/1.1\r\nHost: 127.0.0.1:\(gateway.port)\r\n"
                        + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n")
                if number % 4 != 3 { connections.append(connection) }
            }
            for connection in connections { try equal(connection.readResponse().status, 200) }
            #expect(service.asked.count == 1)
        }
    }

    @Test("only so many questions are under way: who comes then is refused at once, and known callers are not")
    func questions() async throws {
        try await serving({ _ in [] }, members: "timeoutInMillis: 10000") { gateway, service in
            func begin(_ number: Int) throws -> RawConnection {
                let headers = PlainSigner(accessKeyID: "AKID\(number)").authorization(
                    "GET", "/dev/pets", host: "127.0.0.1:\(gateway.port)")
                let connection = try RawConnection(port: gateway.port)
                try connection.send(
                    "GET /dev/pets HTTP/1.1\r\nHost: 127.0.0.1:\(gateway.port)\r\n"
                        + headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n")
                return connection
            }
            let waiting = try (0..<IdentityLookup.maximumQuestions).map(begin)
            // Turns of the loop, after which it has read all of them.
            for _ in 0..<5 { try equal(ask(gateway, "AKIDADA").status, 200) }
            try equal(begin(waiting.count).readResponse().status, 500)
            try equal(ask(gateway, "AKIDADA").status, 200)
        }
    }

    @Test("it is asked with what the environment says, and not at all without it")
    func authorization() async throws {
        let members = "authorization: 'Bearer ${env.IDENTITY_TOKEN}'"
        try await serving(
            { _ in IdentityService.identity() }, members: members, environment: ["IDENTITY_TOKEN": "t0ken"]
        ) {
            gateway, service in
            try equal(ask(gateway).status, 200)
            #expect(service.asked.first?.contains("\r\nAuthorization: Bearer t0ken\r\n") == true)
        }
        for environment in [[:], ["IDENTITY_TOKEN": "a\r\nX-Injected: 1"]] {
            try await serving({ _ in IdentityService.identity() }, members: members, environment: environment) {
                gateway, service in
                let answer = try ask(gateway)
                #expect(answer["x-amzn-ErrorType"] == Self.unknown)
                #expect(service.asked.isEmpty)
                try equal(ask(gateway, "AKIDADA").status, 200)
            }
        }
    }

    @Test("another version of the API keeps what it knows, unless it asks in another way")
    func reload() async throws {
        try await serving({ _ in IdentityService.identity() }) { gateway, service in
            try equal(ask(gateway).status, 200)
            try await gateway.install(
                Self.api("ttl: 300", port: service.port) + "x-portico-stages: {dev: {}, prod: {}}\n")
            try equal(ask(gateway).status, 200)
            #expect(service.asked.count == 1)
            try await gateway.install(Self.api("ttl: 200", port: service.port))
            try equal(ask(gateway).status, 200)
            #expect(service.asked.count == 2)
        }
    }

    @Test("a compiled file has the endpoint, and a dump shows no secret of it")
    func snapshot() throws {
        let snapshot = try TestGateway.compile(Self.api("authorization: s3cret-s3cret, ttl: 7", port: 80))
        let read = try DeploymentSnapshot.decode(snapshot.encoded())
        #expect(read.access.identityEndpoint == snapshot.access.identityEndpoint)
        #expect(read.access.identityEndpoint?.ttlSeconds == 7)
        let dump = read.dump()
        #expect(dump.contains("others  others by http://127.0.0.1:80/who?realm=test, kept 7 s, within 1500 ms"))
        #expect(!dump.contains("s3cret"))
    }
}
