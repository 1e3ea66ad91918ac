import Logging
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite struct AWSFailureTests {
    private static func get(_ more: String = "") -> String {
        "httpMethod: POST\nuri: 'arn:aws:apigateway:us-east-1:dynamodb:action/GetItem'\n" + more
    }

    /// Calls `POST /dev/t/k` without a listener and gives the answer with its execution log.
    private func invoke(
        _ lines: String, root: String = "", environment: [String: String], isLenient: Bool = false
    ) async throws -> TestInvocation.Answer {
        let snapshot = try TestGateway.compile(
            AWSTesting.spec([("/t/{key}", lines)], root: root), isLenient: isLenient)
        var invocation = TestInvocation(method: "POST", path: "/t/k")
        invocation.environment = environment
        return try await invocation.run(on: snapshot, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test("a call without credentials is answered 500, and the log says what to set")
    func noCredentials() async throws {
        let answer = try await invoke(
            Self.get(), environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"])
        #expect(answer.status == 500)
        #expect(
            String(decoding: answer.body, as: UTF8.self) == "{\"message\": \"Internal server error\"}"
                || String(decoding: answer.body, as: UTF8.self) == message("Internal server error"))
        #expect(answer.log.contains("no credentials to sign the call of dynamodb"))
        #expect(answer.log.contains("AWS_ACCESS_KEY_ID"))
        #expect(!answer.log.contains("Sending request"))
    }

    @Test("the caller's own credentials are refused with a reason")
    func callersCredentials() async throws {
        let answer = try await invoke(
            Self.get("credentials: 'arn:aws:iam::*:user/*'"), environment: AWSTesting.environment())
        #expect(answer.status == 500)
        #expect(answer.log.contains("credentials of the caller"))
    }

    @Test("a role is signed for with the identity that stands for it, also through a stage variable")
    func role() async throws {
        let service = try Backend(.respond(status: 200, headers: [], body: "{}"))
        defer { service.stop() }
        let root = """
            x-portico-identities:
              writer: {arn: 'arn:aws:iam::123456789012:role/writer', accessKeyId: AKIDWRITER, secretAccessKey: '${env.WRITER_SECRET}', sessionToken: token}
              broken: {arn: 'arn:aws:iam::123456789012:role/broken', accessKeyId: AKIDBROKEN, secretAccessKey: '${env.NOT_SET}'}
            x-portico-stages: {dev: {variables: {role: writer}}}

            """
        let environment = AWSTesting.environment([
            "WRITER_SECRET": "writers-secret", "AWS_ENDPOINT_URL_DYNAMODB": "http://\(service.authority)",
        ])
        let written = try await invoke(
            Self.get("credentials: 'arn:aws:iam::123456789012:role/${stageVariables.role}'"), root: root,
            environment: environment)
        #expect(written.status == 200)
        #expect(!written.log.contains("writers-secret"))
        let request = try #require(service.requests.first)
        #expect(request["X-Amz-Security-Token"] == "token")
        #expect(
            SignatureCheck.problem(
                request, secret: "writers-secret", accessKeyID: "AKIDWRITER", scope: "us-east-1/dynamodb") == nil)
        let other = try await invoke(
            Self.get("credentials: 'arn:aws:iam::123456789012:role/other'"), root: root, environment: environment)
        #expect(other.status == 200)
        #expect(service.requests.last?["Authorization"]?.contains(AWSTesting.accessKeyID) == true)
        let broken = try await invoke(
            Self.get("credentials: 'arn:aws:iam::123456789012:role/broken'"), root: root, environment: environment)
        #expect(broken.status == 500)
        #expect(broken.log.contains("identity 'broken'") && broken.log.contains("NOT_SET"))
        #expect(service.requests.count == 2)
    }

    @Test("a service that refuses the connection is answered 504, and the log names it and the fix")
    func refused() async throws {
        let service = try Backend()
        let address = service.authority
        service.stop()
        let answer = try await invoke(
            Self.get(), environment: AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(address)"]))
        #expect(answer.status == 504)
        #expect(answer.log.contains("cannot connect to dynamodb at http://\(address)"))
        #expect(answer.log.contains("--endpoint dynamodb=URL"))
    }

    @Test(
        "what goes wrong at the service has an answer of its own",
        arguments: [
            (Backend.Behavior.close, 504, "closed before its answer was whole"),
            (.raw("HTTP/9.9 what\r\n\r\n"), 504, "is no HTTP/1.1"),
            (.silence, 504, "did not answer within 100 ms"),
        ])
    func broken(_ behavior: Backend.Behavior, _ status: Int, _ text: String) async throws {
        let service = try Backend(behavior)
        defer { service.stop() }
        let answer = try await invoke(
            Self.get("timeoutInMillis: 100"),
            environment: AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"]))
        #expect(answer.status == status)
        #expect(answer.log.contains("dynamodb at http://\(service.authority) ") && answer.log.contains(text))
    }

    @Test(
        "the status of the service chooses the response, and redirects are not followed",
        arguments: [
            (200, 200, "<ok/>"), (400, 404, "mapped"), (307, 502, "<ok/>"), (500, 502, "<ok/>"),
        ])
    func selection(_ status: Int, _ shown: Int, _ text: String) async throws {
        let service = try Backend(
            .respond(
                status: status,
                headers: [("Content-Type", "application/xml"), ("Location", "http://127.0.0.1:1/"), ("ETag", "e")],
                body: "<ok/>"))
        defer { service.stop() }
        let lines = """
            responses:
              "2\\\\d{2}": {statusCode: '200', responseParameters: {method.response.header.Tag: integration.response.header.ETag}}
              "4\\\\d{2}": {statusCode: '404', responseTemplates: {application/json: mapped}}
              default: {statusCode: '502'}
            """
        let answer = try await invoke(
            Self.get(lines), environment: AWSTesting.environment(["AWS_ENDPOINT_URL": "http://\(service.authority)"]))
        #expect(answer.status == shown)
        #expect(String(decoding: answer.body, as: UTF8.self) == text)
        #expect(answer.headers.contains { $0.name == "Tag" && $0.value == "e" } == (shown == 200))
        #expect(service.requests.count == 1)
    }

    @Test(
        "headers that belong to the signature or the connection cannot be mapped",
        arguments: [
            "Authorization", "Connection", "Expect", "TE", "Proxy-Authenticate", "Content-Length", "Transfer-Encoding",
        ])
    func refusedMappings(_ name: String) async throws {
        let answer = try await invoke(
            Self.get("requestParameters: {integration.request.header.\(name): \"'x'\"}"),
            environment: AWSTesting.environment(["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]))
        #expect(answer.status == 500)
        #expect(answer.log.contains("\(name) header already present"))
    }

    @Test("keys and signatures are in no log")
    func secrets() async throws {
        let service = try Backend(.respond(status: 200, headers: [], body: "{}"))
        defer { service.stop() }
        let answer = try await invoke(
            Self.get(),
            environment: AWSTesting.environment([
                "AWS_ENDPOINT_URL": "http://\(service.authority)",
                "AWS_SESSION_TOKEN": "a-session-token-of-some-length",
            ]))
        #expect(answer.status == 200)
        #expect(!answer.log.contains(AWSTesting.secret) && !answer.log.contains("a-session-token"))
        #expect(!answer.log.contains("Signature="))
        #expect(answer.log.contains("Endpoint request URI: http://\(service.authority)/"))
    }

    @Test("new credentials in a file count without a new start")
    func rotation() async throws {
        let service = try Backend(.respond(status: 200, headers: [], body: "{}"))
        defer { service.stop() }
        let folder = try TemporaryFolder()
        func write(_ id: String) throws {
            try folder.write("credentials", "[default]\naws_access_key_id = \(id)\naws_secret_access_key = secret\n")
        }
        try write("AKIDFIRST")
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.adminPort = nil
        configuration.workers = 1
        configuration.environment = [
            "AWS_SHARED_CREDENTIALS_FILE": folder.path + "/credentials",
            "AWS_ENDPOINT_URL": "http://\(service.authority)",
        ]
        let server = GatewayServer(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let port = try await server.start(try TestGateway.compile(AWSTesting.spec([("/t/{key}", Self.get())]))).port
        #expect(try HTTP.request("POST", "/dev/t/k", port: port, body: "{}").status == 200)
        try write("AKIDOTHER")
        await server.refreshCredentials()
        #expect(try HTTP.request("POST", "/dev/t/k", port: port, body: "{}").status == 200)
        await server.drain(within: .zero)
        let used = service.requests.compactMap { $0["Authorization"]?.split(separator: "/").first.map(String.init) }
        #expect(used == ["AWS4-HMAC-SHA256 Credential=AKIDFIRST", "AWS4-HMAC-SHA256 Credential=AKIDOTHER"])
    }
}
