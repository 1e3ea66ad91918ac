import ContractSDK
import Foundation

private let gatewayKey = "contract-key-0123456789"
private let exampleCredentials = Contract.AWSCredentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

/// Who is calling.
let authScenarios: Scenarios = [
    (
        "auth.api-key",
        {
            let subject = Subject(Surroundings.echo) { $0.apiKey = "key-123" }
            return try await subject.client.callWithApiKey().header("x-api-key")
        }
    ),
    (
        "auth.api-key-missing",
        {
            let subject = Subject(Surroundings.echo)
            guard
                case .object(var result) = try await subject.failure({ _ = try await subject.client.callWithApiKey() })
            else { return nil }
            result["attempts"] = await subject.attempts
            return .object(result)
        }
    ),
    (
        "auth.api-key-unneeded",
        {
            let subject = Subject(Surroundings.echo) { $0.apiKey = "key-123" }
            return try await subject.client.callQuery().header("x-api-key")
        }
    ),
    (
        "auth.token",
        {
            let subject = Subject(Surroundings.echo) { $0.token = .fixed("raw-token") }
            return try await subject.client.callWithToken().header("authorization")
        }
    ),
    (
        "auth.token-callback",
        {
            let counter = Counter()
            let subject = Subject(Surroundings.echo + "/flaky") {
                $0.token = .provider { "token-\(await counter.next())" }
            }
            let echo = try await subject.client.callWithToken()
            return ["authorization": echo.header("authorization"), "attempts": await subject.attempts]
        }
    ),
    (
        "auth.token-missing",
        {
            let subject = Subject(Surroundings.echo)
            return try await subject.failure { _ = try await subject.client.callWithToken() }
        }
    ),
    (
        "auth.token-refused",
        {
            let subject = Subject()
            let result = try await subject.failure { _ = try await subject.client.retryGet(plan: "refused") }
            return ["result": result, "attempts": await subject.attempts]
        }
    ),
    (
        "auth.custom-token",
        {
            let subject = Subject(Surroundings.echo) { $0.token = .fixed("raw-token") }
            let echo = try await subject.client.callWithCustomToken()
            return ["x-custom-token": echo.header("x-custom-token"), "authorization": echo.header("authorization")]
        }
    ),
    (
        "auth.bearer",
        {
            let subject = Subject(Surroundings.echo) { $0.token = .fixed("raw-token") }
            return try await subject.client.callWithBearer().header("authorization")
        }
    ),
    (
        "auth.basic",
        {
            let subject = Subject(Surroundings.echo) { $0.basic = .init(user: "Aladdin", password: "open:sesame ü") }
            return try await subject.client.callWithBasic().header("authorization")
        }
    ),
    (
        "auth.basic-missing",
        {
            let subject = Subject(Surroundings.echo)
            return try await subject.failure { _ = try await subject.client.callWithBasic() }
        }
    ),
    (
        "auth.header-key",
        {
            let subject = Subject(Surroundings.echo) { $0.keys["X-Partner-Key"] = "p-1" }
            return try await subject.client.callWithHeaderKey().header("x-partner-key")
        }
    ),
    (
        "auth.query-key",
        {
            let subject = Subject(Surroundings.echo) { $0.keys["partner key"] = "a b&c" }
            return .string(try await subject.client.callWithQueryKey().target)
        }
    ),
    (
        "auth.key-missing",
        {
            let subject = Subject(Surroundings.echo)
            return try await subject.failure { _ = try await subject.client.callWithHeaderKey() }
        }
    ),
    (
        "auth.signed",
        {
            let subject = signing { $0.region = "eu-west-1" }
            let answer = try await subject.client.callSignedResponse(
                name: "a b/c", body: .init(id: "ü"), filter: ["z", "a b", ""])
            return [
                "signature": text(answer.headers["x-contract-signature"]), "target": .string(answer.value.target),
                "token": answer.value.header("x-amz-security-token"), "key": answer.value.header("x-api-key"),
                "wire": text(answer.value.body),
            ]
        }
    ),
    (
        "auth.signed-hook",
        {
            let subject = signing {
                $0.region = "eu-west-1"
                $0.beforeAttempt = { $0.headers["X-Hook"] = "signed" }
            }
            let answer = try await subject.client.callSignedResponse(name: "x", body: .init(id: "y"))
            let authorization = answer.value.headers["authorization"]?.first ?? ""
            return [
                "signature": text(answer.headers["x-contract-signature"]), "hook": answer.value.header("x-hook"),
                "signed": .boolean(authorization.contains(";x-hook")),
            ]
        }
    ),
    (
        "auth.signed-provider",
        {
            let counter = Counter()
            let subject = Subject(Surroundings.echo + "/flaky") {
                $0.region = "us-east-1"
                $0.apiKey = "key-123"
                $0.credentials = .provider {
                    _ = await counter.next()
                    return exampleCredentials
                }
            }
            let answer = try await subject.client.callSignedResponse(
                name: "x", body: .init(id: "y"), options: .init(idempotencyKey: "k"))
            let calls = await counter.count
            return [
                "signature": text(answer.headers["x-contract-signature"]), "calls": .boolean((1...3).contains(calls)),
            ]
        }
    ),
    (
        "auth.signed-environment",
        {
            let subject = Subject(Surroundings.echo) {
                $0.region = "us-east-1"
                $0.apiKey = "key-123"
            }
            let answer = try await subject.client.callSignedResponse(name: "x", body: .init(id: "y"))
            return [
                "signature": text(answer.headers["x-contract-signature"]),
                "token": answer.value.header("x-amz-security-token"),
            ]
        }
    ),
    (
        "auth.signed-gateway",
        {
            let subject = Subject {
                $0.region = "us-east-1"
                $0.apiKey = gatewayKey
            }
            let echo = try await subject.client.callSigned(
                name: "a b/c", body: .init(id: "ü"), filter: ["z", "a b", ""])
            return echo.header("x-caller")
        }
    ),
    (
        "auth.signed-stranger",
        {
            let subject = Subject {
                $0.region = "us-east-1"
                $0.apiKey = gatewayKey
                $0.credentials = .fixed(exampleCredentials)
            }
            return try await subject.failure {
                _ = try await subject.client.callSigned(name: "x", body: .init(id: "y"))
            }
        }
    ),
    (
        "auth.vectors",
        {
            let file = try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: Surroundings.vectors)))
            guard case .array(let vectors) = file else { return nil }
            var results: [String: JSON] = [:]
            for vector in vectors { results[vector["name"]?.text ?? ""] = text(sign(vector)["Authorization"]) }
            return .object(results)
        }
    ),
]

private func signing(_ configure: (inout Contract.ClientConfiguration) -> Void) -> Subject {
    Subject(Surroundings.echo) {
        var credentials = exampleCredentials
        credentials.sessionToken = "session/token=="
        $0.credentials = .fixed(credentials)
        $0.apiKey = "key-123"
        configure(&$0)
    }
}

private func sign(_ vector: JSON) -> Contract.HTTPHeaders {
    var headers = Contract.HTTPHeaders()
    if case .array(let fields)? = vector["headers"] {
        for field in fields { headers.add(field[0]?.text ?? "", field[1]?.text ?? "") }
    }
    let parser = DateFormatter()
    parser.locale = Locale(identifier: "en_US_POSIX")
    parser.timeZone = .gmt
    parser.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
    return Contract.Signer.headers(
        method: vector["method"]?.text ?? "", url: vector["url"]?.text ?? "", headers: headers,
        body: Data(base64Encoded: vector["body"]?.text ?? "") ?? Data(),
        credentials: .init(
            accessKeyID: vector["accessKeyId"]?.text ?? "", secretAccessKey: vector["secretAccessKey"]?.text ?? "",
            sessionToken: vector["sessionToken"]?.text),
        region: vector["region"]?.text ?? "", service: vector["service"]?.text ?? "",
        date: parser.date(from: vector["time"]?.text ?? "") ?? .distantPast)
}
