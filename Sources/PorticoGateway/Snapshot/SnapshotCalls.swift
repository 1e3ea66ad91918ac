internal import PorticoIR
internal import PorticoPrograms

extension DeploymentSnapshot {
    /// Where an integration's call of an AWS service goes, a line for each address that a stage gives it; empty for other
    /// integrations. What the environment of a server says of addresses is not known here.
    func serviceCalls(_ integration: IntegrationProgram) -> [String] {
        guard integration.kind == .aws || integration.kind == .awsProxy, let uri = integration.uri else { return [] }
        let endpoints = ServiceEndpoints(endpoints)
        var lines: [String] = []
        for stage in stages {
            let text = uri.text(variables: symbols.stageVariables, values: stage.variables)
            guard let arn = IntegrationARN(text) else { continue }
            let line: String
            if let function = arn.function {
                line = self.text(FunctionName(function.name), arn, endpoints)
                if !lines.contains(line) { lines.append(line) }
                continue
            }
            do throws(AWSEndpoint.Problem) {
                line = Self.text(arn, try AWSEndpoint(arn, endpoints))
            } catch {
                line = "nothing: \(error.text)"
            }
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
    }

    /// A function and where it runs.
    private func text(_ name: FunctionName, _ arn: IntegrationARN, _ endpoints: ServiceEndpoints) -> String {
        let title = "function \(name.name)\(name.qualifier.map { ":" + $0 } ?? "")"
        guard let entry = name.entry(in: functions) else {
            let base =
                AWSService.named("lambda").flatMap { endpoints.address(of: $0, named: "lambda") }
                ?? "https://lambda.\(arn.region).\(ServingBackend.domain(ofPartition: arn.partition))"
            return "\(title) at \(base), signed for lambda in \(arn.region)"
        }
        switch entry.home {
        case .server(let url): return "\(title) at \(url), which takes its events"
        case .process(let process):
            let program = process.command.isEmpty ? process.handler : process.command.joined(separator: " ")
            return "\(title) here, \(([process.runtime, program].filter { !$0.isEmpty }).joined(separator: " "))"
        }
    }

    private static func text(_ arn: IntegrationARN, _ endpoint: AWSEndpoint) -> String {
        let signature = "signed for \(endpoint.service.signingName) in \(endpoint.signingRegion)"
        guard arn.style == .action else {
            return "\(endpoint.base)/\(arn.rest.hasPrefix("/") ? String(arn.rest.dropFirst()) : arn.rest), \(signature)"
        }
        let action = AWSAction(arn.rest)
        switch endpoint.service.style {
        case .query: return "\(endpoint.base)/?Action=\(action.name), \(signature)"
        case .rest: return "nothing: \(endpoint.service.name) has no calls by the name of an action"
        case .json:
            let target =
                endpoint.service.needsMappedTarget
                ? "X-Amz-Target as mapped" : "X-Amz-Target \(endpoint.service.targetPrefix).\(action.name)"
            return "\(endpoint.base)/, \(target), \(signature)"
        }
    }
}
