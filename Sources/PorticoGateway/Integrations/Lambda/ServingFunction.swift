// Hot: read once per call of a function. Allocates: only when a snapshot is put into service.

/// The function of an integration in one stage, and where it runs.
final class ServingFunction: Sendable {
    /// Where it runs.
    enum Home: Sendable {
        /// ``FunctionHost`` runs it under that name.
        case hosted(String)
        /// The Invoke API of Lambda, or of something that speaks it: the request target is that of Invoke.
        case endpoint(EndpointAddress)
        /// A server that takes the event as the body of a POST and answers the result.
        case server(EndpointAddress)
    }

    /// ARN or name as the URI has it.
    let name: FunctionName
    let home: Home
    /// Whether results are sent as they come: the endpoint is called by InvokeWithResponseStream then.
    let streams: Bool
    /// What calls of an endpoint are signed for.
    let scope: SigningScope
    /// Role or user whose credentials sign; empty for the default ones.
    let role: StaticBytes
    /// Whether the caller's own credentials are asked for.
    let signsAsCaller: Bool
    /// The whole ARN, with alias or version if the URI has one.
    let arn: String
    /// What execution logs show as the address: that of Lambda, wherever the function runs.
    let url: String
    /// For an endpoint: all lines of a proxy's call that are the same each time, and the name of the one after them.
    /// For a server: request line and the lines that are the same each time.
    let head: StaticBytes
    /// `X-Amz-Source-Arn` up to the verb, with its name. Observed: in execution logs.
    let sourceARN: StaticBytes

    init(
        name: FunctionName, home: Home, streams: Bool, arn integration: IntegrationARN, credentials: String?,
        builder: StageProgramBuilder
    ) {
        let pool = builder.pool
        let identity = builder.snapshot.identity
        self.name = name
        self.home = home
        self.streams = streams
        role = pool.add(credentials ?? "")
        signsAsCaller = credentials == ServingServiceCall.callersCredentials
        scope = SigningScope(region: integration.region, service: "lambda")
        arn = Self.wholeARN(name, integration, account: identity.accountID)
        url =
            "https://lambda.\(integration.region).\(ServingBackend.domain(ofPartition: integration.partition))"
            + "/\(Self.path(name.text, streams: streams).replacing("%3A", with: ":"))"
        sourceARN = pool.add(
            "X-Amz-Source-Arn: arn:\(integration.partition):execute-api:\(identity.region):\(identity.accountID):"
                + "\(identity.apiID)/\(builder.stage.name)/")
        switch home {
        case .hosted:
            head = .empty
        case .endpoint(let address):
            head = pool.add(
                "POST \(Self.text(address.requestTarget)) HTTP/1.1\r\n\(Self.text(address.hostLine))"
                    + "Accept: application/json\r\nContent-Type: application/json\r\n"
                    + "User-Agent: AmazonAPIGateway_\(identity.apiID)\r\n"
                    + "x-amzn-apigateway-api-id: \(identity.apiID)\r\nx-amzn-lambda-integration-tag: ")
        case .server(let address):
            head = pool.add(
                "POST \(Self.text(address.requestTarget)) HTTP/1.1\r\n\(Self.text(address.hostLine))"
                    + "Accept: application/json\r\nContent-Type: application/json\r\n"
                    + "Lambda-Runtime-Invoked-Function-Arn: \(arn)\r\nLambda-Runtime-Aws-Request-Id: ")
        }
    }

    /// The path by which a function is invoked. Source: Lambda API, Invoke and InvokeWithResponseStream.
    static func path(_ name: String, streams: Bool) -> String {
        let encoded = ServingBackend.encodedPath(name)
        return streams
            ? "2021-11-15/functions/\(encoded)/response-streaming-invocations"
            : "2015-03-31/functions/\(encoded)/invocations"
    }

    private static func text(_ bytes: StaticBytes) -> String { String(decoding: bytes.bytes, as: UTF8.self) }

    /// Source: Lambda API, Invoke, FunctionName: a name, a partial ARN or an ARN.
    private static func wholeARN(_ name: FunctionName, _ integration: IntegrationARN, account: String) -> String {
        if name.text.hasPrefix("arn:") { return name.text }
        let prefix = "arn:\(integration.partition):lambda:\(integration.region):"
        return name.text.contains(":function:") ? prefix + name.text : "\(prefix)\(account):function:\(name.text)"
    }
}
