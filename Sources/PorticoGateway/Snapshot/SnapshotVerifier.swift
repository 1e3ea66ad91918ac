internal import PorticoIR
internal import PorticoPrograms

/// Checks that the parts of a snapshot fit each other, so that the runtime may follow indices without looking.
///
/// The checksum tells damage; this tells a file that was made wrong, by hand or by another version.
struct SnapshotVerifier {
    let parts: SnapshotParts

    func verify() throws(SnapshotError) {
        try verifySymbols()
        try verifyMethods()
        try verifyAccess()
        try verifyCompression()
        try verifyWebSocket()
        for integration in parts.integrations { try verify(integration) }
        for case .process(let process) in parts.functions.map(\.home) {
            // Source: Lambda API, CreateFunction, as the importer checks it.
            try require((1...900).contains(process.timeoutSeconds), .functions, "a time-out that is none")
            try require((128...10_240).contains(process.memoryMegabytes), .functions, "a memory size that is none")
            try require((1...10_000).contains(process.concurrency), .functions, "a concurrency that is none")
        }
        for link in parts.vpcLinks { try verify(link) }
        for key in parts.apiKeys {
            for plan in key.usagePlans {
                try require(
                    parts.usagePlans.contains { $0.name == plan }, .apiKeys, "a usage plan that is not there")
            }
        }
        for provider in parts.identityProviders { try verify(provider) }
        for domain in parts.hosts.domains {
            // A domain that asks clients for certificates shows one itself, or it would let in whom it should not.
            try require(
                (domain.certificate == nil) == (domain.privateKey == nil)
                    && (domain.truststore == nil || domain.certificate != nil), .hosts, "half of a certificate")
        }
        for name in parts.stages.compactMap(\.clientCertificate) {
            try require(
                parts.clientCertificates.contains { $0.name == name }, .stages, "a client certificate that is not there"
            )
        }
        for template in parts.templates {
            guard let program = template.program else { continue }
            try require(
                program.contextSlots.allSatisfy { Int($0) < parts.symbols.contextVariables.count }, .templates,
                "a template reads an unknown variable")
        }
        try require(
            parts.gatewayResponses.map(\.type) == GatewayResponseType.allCases, .gatewayResponses,
            "not one gateway response for each type")
        for response in parts.gatewayResponses {
            try require(!response.templates.isEmpty, .gatewayResponses, "a gateway response without a body")
            try require(
                response.statusCode == 0 || (100...599).contains(response.statusCode), .gatewayResponses,
                "a status that is none")
            for header in response.headers { try verify(header.source, .gatewayResponses) }
            for template in response.templates {
                for case .value(let source) in template.segments { try verify(source, .gatewayResponses) }
            }
        }
    }

    private func verify(_ link: VPCLinkEntry) throws(SnapshotError) {
        try require(!link.targets.isEmpty, .vpcLinks, "a VPC link without hosts")
        try require(link.targets.allSatisfy { VPCLinkTarget($0) != nil }, .vpcLinks, "a host that is none")
        guard let check = link.healthCheck else { return }
        let isPath = check.path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        try require(check.path.isEmpty || check.path.hasPrefix("/") && isPath, .vpcLinks, "a path that is none")
        // As the importer checks it.
        try require(
            (1...300).contains(check.intervalSeconds) && (1...120).contains(check.timeoutSeconds), .vpcLinks,
            "an interval that is none")
        try require(
            (1...10).contains(check.healthyThreshold) && (1...10).contains(check.unhealthyThreshold), .vpcLinks,
            "a threshold that is none")
    }

    private func verifyCompression() throws(SnapshotError) {
        // Source: API Gateway guide, minimumCompressionSize.
        let size = parts.minimumCompressionSize ?? 0
        try require((0...10_485_760).contains(size), .compression, "a compression size that is none")
    }

    private func verifySymbols() throws(SnapshotError) {
        try require(
            parts.symbols.contextVariables == ContextVariable.names, .symbols,
            "made by another version: its $context variables are others")
        try require(!parts.stages.isEmpty, .stages, "no stage")
        try require(
            parts.stages.allSatisfy { $0.variables.count == parts.symbols.stageVariables.count }, .stages,
            "stage variables do not fit their names")
        try require(
            parts.stages.allSatisfy {
                $0.canary.map { $0.overrides.count == parts.symbols.stageVariables.count } ?? true
            }, .stages, "stage variables of a canary do not fit their names")
    }

    private func verifyMethods() throws(SnapshotError) {
        try require(
            parts.stages.allSatisfy { $0.settings.isEmpty || $0.settings.count == parts.methods.count }, .stages,
            "settings do not fit methods")
        try require(parts.routes.methodCount == parts.methods.count, .routes, "routes do not fit methods")
        if let route = parts.defaultRoute {
            try require(route < parts.methods.count, .routes, "a default route that is not there")
        }
        // Source: API Gateway API reference (v2), "Cors".
        try require((-1...86_400).contains(parts.cors?.maxAge ?? 0), .cors, "an age that is none")
        for method in parts.methods {
            try require(method.resource < parts.resources.count, .methods, "a method without resource")
            try require(method.integration < parts.integrations.count, .methods, "a method without integration")
            for case .validateBody(let models) in method.steps {
                try require(
                    models.allSatisfy { $0.schema < parts.schemas.count }, .methods, "a model that is not there")
            }
        }
    }

    private func verify(_ integration: IntegrationProgram) throws(SnapshotError) {
        try require(
            (1...Int(Int32.max)).contains(integration.timeoutMilliseconds), .integrations, "a time-out that is none")
        if let index = integration.defaultResponse {
            try require(index < integration.responses.count, .integrations, "a default response that is not there")
        }
        for choice in integration.requestTemplates { try verify(choice) }
        for mapping in integration.requestMappings { try verify(mapping.source, .integrations) }
        for response in integration.responses {
            try require((100...599).contains(response.statusCode), .integrations, "a status that is none")
            if let pattern = response.pattern {
                try require(pattern < parts.patterns.count, .integrations, "a pattern that is not there")
            }
            for choice in response.templates { try verify(choice) }
            for mapping in response.mappings { try verify(mapping.source, .integrations) }
        }
        for part in integration.cacheKey {
            try verify(part.source, .integrations)
        }
        try verify(integration.parameters)
    }

    private func verify(_ choice: TemplateChoice) throws(SnapshotError) {
        guard let index = choice.template else { return }
        try require(index < parts.templates.count, .integrations, "a template that is not there")
    }

    func verify(_ source: ValueSource, _ section: SnapshotSectionID) throws(SnapshotError) {
        switch source {
        case .requestBodyPath(let path), .responseBodyPath(let path), .plainBodyPath(let path),
            .answerBodyPath(let path):
            try require(path < parts.paths.count, section, "a JSONPath that is not there")
        case .context(let slot):
            try require(slot < parts.symbols.contextVariables.count, section, "an unknown variable")
        case .stageVariable(let slot):
            try require(slot < parts.symbols.stageVariables.count, section, "an unknown stage variable")
        default:
            break
        }
    }

    func require(_ holds: Bool, _ section: SnapshotSectionID, _ reason: String) throws(SnapshotError) {
        if !holds { throw .damagedSection(section, reason: reason, offset: 0) }
    }
}
