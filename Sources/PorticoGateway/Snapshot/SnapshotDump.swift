internal import PorticoIR
internal import PorticoPrograms

extension DeploymentSnapshot {
    private func describe(_ canary: CanaryEntry) -> [String] {
        var lines = ["  canary \(canary.percentTraffic) %\(canary.usesStageCache ? ", cache of the stage" : "")"]
        if let deployment = canary.deploymentID { lines.append("    deployment \(deployment)") }
        for (name, value) in zip(symbols.stageVariables, canary.overrides) {
            if let value { lines.append("    \(name) = '\(value)'") }
        }
        return lines
    }

    private func describe(_ setting: MethodSetting) -> [String] {
        var parts: [String] = []
        if setting.logging.level != .off {
            parts.append("logs \(setting.logging.level.rawValue)\(setting.logging.tracesData ? " with data" : "")")
        }
        if setting.isMetered { parts.append("has metrics") }
        if setting.throttle != Throttle() { parts.append("throttle \(describe(setting.throttle))") }
        if let cache = setting.cache {
            var text = "cached \(cache.ttlSeconds) s"
            if cache.isEncrypted { text += ", encrypted" }
            text += cache.needsAuthorization ? ", fresh by permission, else \(cache.unauthorized.rawValue)" : ""
            parts.append(text)
        }
        return parts
    }

    /// Every part of the snapshot as text, instructions with their line in the spec. Golden tests read it.
    public func dump() -> String {
        var lines: [String] = []
        func heading(_ text: String) { lines += ["", "== \(text) =="] }
        lines.append("== api ==")
        lines.append("name \(identity.name)")
        lines.append("id \(identity.apiID)  deployment \(identity.deploymentID)")
        if identity.protocolType != .rest { lines.append("protocol \(identity.protocolType.rawValue)") }
        lines.append("account \(identity.accountID)  region \(identity.region)")
        heading("stages")
        for stage in stages {
            lines.append(stage.name)
            for (name, value) in zip(symbols.stageVariables, stage.variables) {
                if let value { lines.append("  \(name) = '\(value)'") }
            }
            if let name = stage.clientCertificate { lines.append("  client certificate \(name)") }
            if let canary = stage.canary { lines += describe(canary) }
            if stage.cacheBytes > 0 { lines.append("  cache \(stage.cacheBytes) bytes") }
            lines += stage.settings.enumerated().compactMap { index, setting in
                let parts = describe(setting)
                return parts.isEmpty ? nil : "  method \(index) \(parts.joined(separator: ", "))"
            }
        }
        heading("routes")
        lines.append(routes.dump())
        if let defaultRoute { lines.append("$default=\(defaultRoute)") }
        heading("methods")
        for (index, method) in methods.enumerated() {
            let line = method.line > 0 ? "  line \(method.line)" : ""
            lines.append(
                "method \(index)  \(method.verb) \(resources[method.resource].path)  \(method.authorizationText)\(line)"
            )
            lines += method.steps.map { "  filter \(text($0))" }
            lines.append("  integration \(method.integration)")
        }
        if let webSocket {
            heading("web socket")
            lines += webSocket.describe()
        }
        heading("integrations")
        for (index, integration) in integrations.enumerated() {
            lines.append("integration \(index)  \(integration.text)")
            lines += describe(integration).map { "  " + $0 }
        }
        heading("templates")
        for (index, template) in templates.enumerated() {
            lines.append("template \(index)  \(template.name)")
            lines += disassembly(template).map { "  " + $0 }
        }
        if !patterns.isEmpty {
            heading("patterns")
            lines += patterns.enumerated().map { "pattern \($0)  \($1.text)" }
        }
        if !paths.isEmpty {
            heading("paths")
            lines += paths.enumerated().map { "path \($0)  \($1.text)" }
        }
        for (index, schema) in schemas.enumerated() {
            heading("schema \(index)  \(schema.name)")
            lines.append(schema.program.disassemble())
        }
        if let cors {
            heading("CORS")
            lines += describe(cors)
        }
        heading("gateway responses")
        for response in gatewayResponses where response.isCustomized {
            lines.append("\(response.type.rawValue)  \(response.statusCode)")
            lines += response.headers.map { "  \($0.name) = \(text($0.source))" }
            for template in response.templates {
                let pieces = template.segments.map { segment in
                    switch segment {
                    case .literal(let text): text
                    case .value(let source): "<\(text(source))>"
                    }
                }
                lines.append("  \(template.mediaType): \(pieces.joined())")
            }
        }
        if !binaryMediaTypes.isEmpty {
            heading("binary media types")
            lines += binaryMediaTypes.map { "\($0.type)/\($0.subtype)" }
        }
        if let minimumCompressionSize {
            heading("compression")
            lines.append("answers from \(minimumCompressionSize) bytes")
        }
        if !functions.isEmpty {
            heading("functions")
            for function in functions {
                switch function.home {
                case .server(let url): lines.append("\(function.name)  \(url)")
                case .process(let process):
                    lines.append(
                        "\(function.name)  \(process.runtime) \(process.codeURI) \(process.handler)  "
                            + "\(process.timeoutSeconds) s, \(process.memoryMegabytes) MB, \(process.concurrency) at once"
                    )
                    lines += process.environment.map { "  \($0.name) = '\($0.value)'" }
                }
            }
        }
        if !endpoints.isEmpty {
            heading("endpoints")
            lines += endpoints.map { "\($0.service)  \($0.url)" }
        }
        if let policy = access.resourcePolicy {
            heading("resource policy")
            lines += policy.disassemble().split(separator: "\n").map(String.init)
        }
        if !identities.isEmpty || access.identityEndpoint != nil {
            heading("identities")
            // No keys: a dump is shown to others.
            for (index, identity) in identities.enumerated() {
                lines.append("\(identity.name)  \(identity.arn ?? "-")")
                for (number, policy) in access.policies(ofIdentity: index).enumerated() {
                    lines.append("  policy \(number)")
                    lines += policy.disassemble().split(separator: "\n").map { "    " + $0 }
                }
            }
            if let endpoint = access.identityEndpoint {
                lines.append(
                    "\(endpoint.name)  others by \(endpoint.address), kept \(endpoint.ttlSeconds) s, within "
                        + "\(endpoint.timeoutMilliseconds) ms")
            }
        }
        if !vpcLinks.isEmpty {
            heading("vpc links")
            for link in vpcLinks {
                lines.append("\(link.name)  \(link.targets.joined(separator: ", "))")
                guard let check = link.healthCheck else { continue }
                let how =
                    check.path.isEmpty
                    ? "connects"
                    : "GET \(check.path) "
                        + check.successStatuses.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
                lines.append(
                    "  \(how) every \(check.intervalSeconds) s within \(check.timeoutSeconds) s, "
                        + "\(check.unhealthyThreshold) failures, \(check.healthyThreshold) successes")
            }
        }
        lines += dumpOfKeys()
        if !clientCertificates.isEmpty {
            heading("client certificates")
            lines += clientCertificates.map { "\($0.name)  \($0.certificate)  \($0.privateKey)" }
        }
        if !identityProviders.isEmpty {
            heading("identity providers")
            for provider in identityProviders {
                lines.append("\(provider.name)  \(provider.issuer)")
                lines += provider.providerARNs.map { "  for \($0)" }
                switch provider.keys {
                case nil: lines.append("  keys of \(provider.keySetAddress ?? "the issuer")")
                case .file(let path): lines.append("  keys in \(path)")
                case .inline(let text): lines.append("  keys \(text)")
                }
                if !provider.algorithms.isEmpty {
                    lines.append("  signed with \(provider.algorithms.map(\.rawValue).joined(separator: ", "))")
                }
                if !provider.audiences.isEmpty {
                    lines.append("  for \(provider.audiences.joined(separator: ", "))")
                }
            }
        }
        lines += dumpOfHosts()
        return lines.joined(separator: "\n") + "\n"
    }

    private func dumpOfHosts() -> [String] {
        var lines: [String] = []
        func text(_ policy: TLSPolicyEntry) -> String {
            let version = policy.minimumVersion.rawValue
            return "TLS \(version / 10).\(version % 10) and later"
                + (policy.needsForwardSecrecy ? ", forward secrecy only" : "")
                + (policy.isStrict ? ", strict access" : "")
        }
        if hosts.isDefaultEndpointDisabled || hosts.defaultTLS != nil {
            lines += ["", "== default endpoint =="]
            if hosts.isDefaultEndpointDisabled { lines.append("disabled") }
            if let policy = hosts.defaultTLS { lines.append(text(policy)) }
        }
        for domain in hosts.domains {
            lines += ["", "== domain \(domain.name) =="]
            if let certificate = domain.certificate, let key = domain.privateKey {
                lines.append("certificate \(certificate)  \(key)  \(text(domain.tls))")
            }
            if let truststore = domain.truststore { lines.append("truststore \(truststore)") }
            if domain.usesRules {
                for rule in domain.rules {
                    let headers = rule.headerConditions.map { condition in
                        condition.map { "\($0.name): \($0.valueGlob)" }.joined(separator: " or ")
                    }
                    let paths = rule.basePaths.map { paths in paths.map { "/\($0)" }.joined(separator: " or ") }
                    let conditions = (headers + [paths].compactMap { $0 }).map { "(\($0))" }
                    lines.append(
                        "rule \(rule.priority)  \(conditions.isEmpty ? "always" : conditions.joined(separator: " and "))"
                            + "  -> \(rule.stage)\(rule.stripsBasePath ? ", base path off" : "")")
                }
            }
            if domain.usesMappings {
                lines += domain.mappings.map { "/\($0.basePath)  -> \($0.stage ?? "stage of the next segment")" }
            }
        }
        return lines
    }

    private func describe(_ throttle: Throttle) -> String {
        "\(throttle.rateLimit.map { "\($0)" } ?? "-") a second, burst \(throttle.burstLimit.map(String.init) ?? "-")"
    }

    private func dumpOfKeys() -> [String] {
        var lines: [String] = []
        if !usagePlans.isEmpty { lines += ["", "== usage plans =="] }
        for plan in usagePlans {
            lines.append("\(plan.name)  id \(plan.id)")
            if let throttle = plan.throttle { lines.append("  throttle \(describe(throttle))") }
            if let quota = plan.quota {
                lines.append("  quota \(quota.limit) a \(quota.period.rawValue), offset \(quota.offset)")
            }
            for stage in plan.stages {
                lines.append("  stage \(stage.stage)")
                lines += stage.methods.map { "    \($0.verb) \($0.path) throttle \(describe($0.throttle))" }
            }
        }
        if !apiKeys.isEmpty { lines += ["", "== API keys =="] }
        // No digests: a dump is shown to others, and a value that somebody made up can be guessed from its digest.
        lines += apiKeys.map { key in
            let origin =
                switch key.secret {
                case .digest: "from the document"
                case .environment(let name): "from \(name)"
                }
            let plans = key.usagePlans.isEmpty ? "-" : key.usagePlans.joined(separator: ", ")
            return "\(key.name)  id \(key.id)  \(origin)\(key.isEnabled ? "" : ", disabled")  plans \(plans)"
        }
        return lines
    }

    private func disassembly(_ template: TemplateEntry) -> [String] {
        guard let program = template.program else { return ["does not parse: its requests answer 500"] }
        if let constant = program.constant {
            return ["constant \(constant.count) bytes"]
        }
        return program.disassemble { "line \(template.line(at: $0))" }
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
