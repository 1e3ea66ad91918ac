internal import PorticoSyntax

// What AWS keeps outside OpenAPI: stages, keys, domains, functions and other backends.
extension Exporter {
    /// Adds `x-portico-*`.
    static func setPorticoExtensions(
        of description: APIDescription, _ security: ExportedSecurity, _ root: inout ObjectBuilder
    ) {
        if mustNameProtocol(description) {
            root.set("x-portico-protocol", description.protocolType.rawValue)
        }
        // A document without stages has this one.
        if description.stages != [Stage.standard(of: description.protocolType)] {
            root.setUnlessEmpty("x-portico-stages", description.stages.map(stage))
        }
        if let throttle = description.accountThrottle {
            let members = [
                throttle.rateLimit.map { JSONMember("rateLimit", .number("\($0)")) },
                throttle.burstLimit.map { JSONMember("burstLimit", .number("\($0)")) },
            ]
            root.set("x-portico-account", .object([JSONMember("throttleSettings", .object(members.compactMap { $0 }))]))
        }
        root.setUnlessEmpty(
            "x-portico-usage-plans", description.usagePlans.map { JSONMember($0.name.value, $0.settings) })
        root.setUnlessEmpty("x-portico-api-keys", description.apiKeys.map(apiKey))
        root.setUnlessEmpty(
            "x-portico-domain-names", description.domainNames.map { JSONMember($0.name.value, $0.settings) })
        root.setUnlessEmpty(
            "x-portico-functions", description.functions.map { JSONMember($0.name.value, $0.settings) })
        root.setUnlessEmpty("x-portico-endpoints", description.endpoints.map(named))
        root.setUnlessEmpty(
            "x-portico-vpc-links", description.vpcLinks.map { JSONMember($0.name.value, $0.settings) })
        root.setUnlessEmpty(
            "x-portico-identities",
            description.identities.map { JSONMember($0.name.value, $0.settings) }
                + (description.identityEndpoint.map { [JSONMember($0.name.value, $0.settings)] } ?? []))
        root.setUnlessEmpty("x-portico-client-certificates", description.clientCertificates.map(clientCertificate))
        root.setUnlessEmpty(
            "x-portico-identity-providers",
            description.identityProviders.map { JSONMember($0.name.value, $0.settings) })
        root.setUnlessEmpty("x-portico-alarms", description.alarms.map { JSONMember($0.name.value, $0.settings) })
        root.set("x-portico-tracing", description.tracing?.value.settings)
        root.set("x-portico-websocket", description.webSocket.map { webSocket($0, security) })
    }

    /// Whether the document would be taken for an API of another kind if it did not say which.
    private static func mustNameProtocol(_ description: APIDescription) -> Bool {
        description.protocolType != .rest
            || description.resources.contains { $0.path.value == "/$default" || $0.path.value == "$default" }
            || description.authorizers.contains { $0.type.value == .jwt }
    }

    private static func stage(_ stage: Stage) -> JSONMember {
        var object = ObjectBuilder()
        object.set("description", stage.description)
        object.setUnlessEmpty("variables", stage.variables.map(named))
        object.setUnlessEmpty("methodSettings", stage.methodSettings.map { JSONMember($0.name.value, $0.value) })
        object.set("defaultRouteSettings", stage.defaultRouteSettings.map(routeSettings))
        object.setUnlessEmpty(
            "routeSettings", stage.routeSettings.map { JSONMember($0.routeKey.value, routeSettings($0.settings)) })
        object.set("autoDeploy", stage.autoDeploy.map { .boolean($0.value) })
        object.set("canarySettings", stage.canarySettings)
        object.set("accessLogSettings", stage.accessLogSettings?.settings)
        if stage.cacheClusterEnabled { object.set("cacheClusterEnabled", .boolean(true)) }
        object.set("cacheClusterSize", stage.cacheClusterSize)
        if stage.tracingEnabled { object.set("tracingEnabled", .boolean(true)) }
        object.set("documentationVersion", stage.documentationVersion)
        object.set("clientCertificateId", stage.clientCertificateID?.value)
        object.set("webAclArn", stage.webACLARN)
        return JSONMember(stage.name.value, object.value)
    }

    private static func routeSettings(_ settings: RouteSettings) -> JSONValue {
        var object = ObjectBuilder()
        object.set("throttlingRateLimit", settings.throttle.rateLimit.map { .number("\($0)") })
        object.set("throttlingBurstLimit", settings.throttle.burstLimit.map { .number("\($0)") })
        object.set("detailedMetricsEnabled", settings.detailedMetricsEnabled.map { .boolean($0) })
        object.set("loggingLevel", settings.loggingLevel?.rawValue)
        object.set("dataTraceEnabled", settings.dataTraceEnabled.map { .boolean($0) })
        return object.value
    }

    private static func apiKey(_ key: APIKey) -> JSONValue {
        var object = ObjectBuilder()
        object.set("name", key.name.value)
        object.set("value", key.value.value)
        if !key.isEnabled { object.set("enabled", .boolean(false)) }
        object.setUnlessEmpty("usagePlans", key.usagePlans.map { .string($0.value) })
        for name in ["description", "customerId", "tags"] {
            if let value = key.settings[name], value != .null { object.set(name, value) }
        }
        return object.value
    }

    private static func clientCertificate(_ certificate: ClientCertificate) -> JSONMember {
        var object = ObjectBuilder()
        object.set("certificate", certificate.certificate.value)
        object.set("privateKey", certificate.privateKey.value)
        return JSONMember(certificate.name.value, object.value)
    }

    private static func named(_ value: NamedValue) -> JSONMember {
        JSONMember(value.name.value, .string(value.value.value))
    }
}
