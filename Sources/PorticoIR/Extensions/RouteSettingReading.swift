internal import PorticoSyntax

/// Settings of routes within `x-portico-stages`, with the names of CloudFormation's `AWS::ApiGatewayV2::Stage`.
enum RouteSettingReading {
    private static let members: Set<String> = [
        "throttlingRateLimit", "throttlingBurstLimit", "detailedMetricsEnabled", "loggingLevel", "dataTraceEnabled",
    ]

    /// `defaultRouteSettings`, `routeSettings` and `autoDeploy` of a stage.
    static func read(_ mapping: Mapping, into stage: inout Stage, _ context: ImporterContext) {
        if let node = mapping.present("defaultRouteSettings") {
            stage.defaultRouteSettings = settings(node, "'defaultRouteSettings'", context)
        }
        if let node = mapping.present("routeSettings"),
            let entries = context.reader.mapping(node, "'routeSettings'")
        {
            stage.routeSettings = entries.members.compactMap { member in
                settings(member.value, "route setting '\(member.key)'", context).map {
                    KeyedRouteSettings(routeKey: Located(member.key, at: member.keySpan), settings: $0)
                }
            }
        }
        if let node = mapping.present("autoDeploy"), let value = context.boolean(mapping, "autoDeploy") {
            stage.autoDeploy = Located(value, at: node.span)
        }
    }

    private static func settings(_ node: Node, _ what: String, _ context: ImporterContext) -> RouteSettings? {
        guard let object = context.reader.mapping(node, what) else { return nil }
        context.reader.checkMembers(object, known: members, what)
        var settings = RouteSettings()
        if context.protocolType == .webSocket {
            settings.dataTraceEnabled = context.boolean(object, "dataTraceEnabled")
            settings.loggingLevel = object.present("loggingLevel").flatMap {
                context.reader.choice($0, "'loggingLevel'", of: LoggingLevel.self)
            }
        } else {
            for key in ["loggingLevel", "dataTraceEnabled"] {
                guard let member = object.member(key) else { continue }
                context.reader.report(
                    ImportDiagnostics.ignoredMember, "'\(key)' belongs to WebSocket APIs and is ignored",
                    at: member.keySpan)
            }
        }
        settings.throttle.rateLimit = UsagePlansExtension.rate(object, "throttlingRateLimit", context)
        settings.throttle.burstLimit = context.integer(object, "throttlingBurstLimit", in: 0...Int(Int32.max))?.value
        settings.detailedMetricsEnabled = context.boolean(object, "detailedMetricsEnabled")
        return settings
    }
}
