internal import PorticoIR
internal import PorticoPrograms

extension DeploymentSnapshot {
    /// Where an integration's call of an AWS service goes, a line for each address that a stage gives it; empty for other
    /// integrations. What the environment of a server says of addresses is not known here.
    func serviceCalls(_ integration: IntegrationProgram) -> [String] {
        guard integration.kind == .aws, let uri = integration.uri else { return [] }
        let endpoints = ServiceEndpoints(endpoints)
        var lines: [String] = []
        for stage in stages {
            let text = uri.text(variables: symbols.stageVariables, values: stage.variables)
            guard let arn = IntegrationARN(text), arn.function == nil else { continue }
            let line: String
            do throws(AWSEndpoint.Problem) {
                line = Self.text(arn, try AWSEndpoint(arn, endpoints))
            } catch {
                line = "nothing: \(error.text)"
            }
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
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
