// Hot: read once per call. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// What an AWS or AWS_PROXY integration calls in one stage.
enum ServingBackend: Sendable {
    /// Nothing: the integration is of another kind.
    case none
    /// A Lambda function.
    case function(ServingFunction)
    /// Another AWS service.
    case service(ServingServiceCall)
    /// Cannot be called, whatever the request: 500. The text goes to the log.
    case invalid(String)
}

extension StageProgramBuilder {
    /// Resolves the ARN of an AWS integration with the stage's variables.
    func backend(_ program: IntegrationProgram) -> ServingBackend {
        if let service = program.parameters.service {
            let role = program.credentials.map(self.text)
            return serviceAction(service, credentials: role.flatMap { $0.isEmpty ? nil : $0 })
        }
        guard program.kind == .aws || program.kind == .awsProxy, let uri = program.uri else { return .none }
        let text = text(of: uri)
        guard let arn = IntegrationARN(text) else { return .invalid("Invalid ARN specified in the request: \(text)") }
        let role = program.credentials.map(self.text)
        let credentials = role.flatMap { $0.isEmpty ? nil : $0 }
        guard arn.service == "lambda" else {
            guard program.kind == .aws else {
                return .invalid("AWS_PROXY calls Lambda functions only, not \(arn.service)")
            }
            return service(arn, credentials: credentials)
        }
        guard let name = arn.function?.name else {
            // Other calls of Lambda's API are calls of a service like any other.
            guard program.kind == .aws else { return .invalid("Invalid function ARN or invalid uri: \(text)") }
            return service(arn, credentials: credentials)
        }
        // The integration says whether it streams, the path of the URI only repeats it.
        return function(FunctionName(name), arn: arn, streams: program.streams, credentials: credentials)
    }

    /// A call of a service, its address found and all made ready that can be.
    private func service(_ arn: IntegrationARN, credentials: String?) -> ServingBackend {
        let endpoint: AWSEndpoint
        do throws(AWSEndpoint.Problem) {
            endpoint = try AWSEndpoint(arn, endpoints)
        } catch {
            return .invalid(error.text)
        }
        if arn.style == .action {
            let action = AWSAction(arn.rest)
            guard action.isName else { return .invalid("'\(arn.rest)' is no name of an action") }
            guard endpoint.service.style != .rest else {
                return .invalid(
                    "\(endpoint.service.name) is called by path, not by the name of an action; write "
                        + "'\(arn.service):path/...'")
            }
        }
        guard !endpoint.base.contains("?"),
            let address = EndpointAddress.parse(endpoint.base, skipsAuthority: false, pool: pool)
        else { return .invalid("'\(endpoint.base)' is no address of \(endpoint.service.name)") }
        return .service(ServingServiceCall(arn, endpoint, address, credentials: credentials, pool: pool))
    }

    private func function(
        _ name: FunctionName, arn: IntegrationARN, streams: Bool, credentials: String?
    ) -> ServingBackend {
        let home: ServingFunction.Home
        switch name.entry(in: snapshot.functions) {
        case let entry?:
            switch entry.home {
            case .process:
                home = .hosted(entry.name)
            case .server(let url):
                guard let address = EndpointAddress.parse(url, skipsAuthority: false, pool: pool) else {
                    return .invalid("'\(url)' of function '\(entry.name)' is no http or https URL")
                }
                home = .server(address)
            }
        case nil:
            let base =
                AWSService.named("lambda").flatMap { endpoints.address(of: $0, named: "lambda") }
                ?? "https://lambda.\(arn.region).\(ServingBackend.domain(ofPartition: arn.partition))"
            let trimmed = base.hasSuffix("/") ? String(base.dropLast()) : base
            let target = trimmed + "/" + ServingFunction.path(name.text, streams: streams)
            guard let address = EndpointAddress.parse(target, skipsAuthority: false, pool: pool) else {
                return .invalid("'\(target)' is no address of a Lambda endpoint")
            }
            home = .endpoint(address)
        }
        return .function(
            ServingFunction(
                name: name, home: home, streams: streams, arn: arn, credentials: credentials, builder: self))
    }

    /// The text with the stage's variables in place of their names; `{name}` stays.
    func text(of uri: UriTemplate) -> String {
        uri.text(variables: snapshot.symbols.stageVariables, values: stage.variables)
    }
}

extension ServingBackend {
    /// Domain of a partition's endpoints.
    static func domain(ofPartition partition: String) -> String {
        AWSServiceTable.domains[partition]?.usual ?? "amazonaws.com"
    }

    /// A path of Lambda's API with what is not plain percent-encoded, so that `:` of an ARN is.
    static func encodedPath(_ path: String) -> String {
        let output = OutputBuffer(capacity: path.utf8.count)
        var path = path
        path.withUTF8 { PercentText.appendEncoded(UnsafeRawBufferPointer($0), .path, into: output) }
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
