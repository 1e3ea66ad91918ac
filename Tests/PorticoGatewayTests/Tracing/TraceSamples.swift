import PorticoSyntax

@testable import PorticoGateway

/// Traces that tests export.
enum TraceSamples {
    static func id(_ value: UInt64) -> SpanIdentifier { SpanIdentifier(random: value) }

    /// A request that a Lambda function answered, after an authorizer.
    static func trace(
        status: Int = 200, path: String = "/pets/7", calls: [FinishedTrace.Call]? = nil, failure: String? = nil,
        number: UInt64 = 0xb7ad_6b71_6920_3331
    ) -> FinishedTrace {
        FinishedTrace(
            traceID: TraceIdentifier(epochSeconds: 0x5759_e988, 0xbd86_2e3f, 0xe1be_46a9_9427_2793),
            spanID: id(number), parentID: id(0x5399_5c3f_42cd_8ad8), traceState: "rojo=00f067aa0ba902b7",
            startMicroseconds: 1_700_000_000_000_005, endMicroseconds: 1_700_000_000_250_000, apiName: "Pets",
            apiID: "abcdefghij", stage: "prod", accountID: "000000000000", region: "us-east-1", method: "GET",
            host: "api.example.com:8443", path: path, resourcePath: "/pets/{id}", clientIP: "192.0.2.1",
            userAgent: "curl/8.0 \"x\"", status: status, contentLength: 12, requestID: "r-1",
            extendedRequestID: "e-1=", samplingRule: "Default",
            responseType: status >= 500 ? "INTEGRATION_FAILURE" : nil,
            failure: failure, calls: calls ?? [authorizer, function])
    }

    static let authorizer = FinishedTrace.Call(
        id: id(1), kind: .authorizer(functionName: "auth"), startMicroseconds: 1_700_000_000_010_000,
        endMicroseconds: 1_700_000_000_020_000, status: 200)

    static let function = FinishedTrace.Call(
        id: id(2), kind: .lambda(functionName: "pets"), startMicroseconds: 1_700_000_000_030_000,
        endMicroseconds: 1_700_000_000_230_000, method: "POST",
        url: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/pets/invocations", status: 200,
        contentLength: 40, requestID: "lambda-1")

    static let service = FinishedTrace.Call(
        id: id(3), kind: .service(name: "dynamodb", action: "Query"), startMicroseconds: 1_700_000_000_030_000,
        endMicroseconds: 1_700_000_000_040_000, method: "POST", url: "https://dynamodb.us-east-1.amazonaws.com/",
        status: 400, requestID: "ddb-1")

    static let backend = FinishedTrace.Call(
        id: id(4), kind: .http(host: "backend.example.com", port: 8080), startMicroseconds: 1_700_000_000_030_000,
        endMicroseconds: 1_700_000_000_040_000, method: "GET", url: "http://backend.example.com:8080/a?token=secret",
        status: 0, failure: "connection refused")
}

/// JSON without regard to the order of members.
func json(_ text: String) -> JSONValue? { JSONValue(parsing: text).map(sorted) }

private func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(sorted))
    case .object(let members):
        .object(members.map { JSONMember($0.name, sorted($0.value)) }.sorted { $0.name < $1.name })
    default: value
    }
}
