internal import PorticoIR
internal import PorticoSyntax

/// What a stage of an HTTP API says of the requests of each route.
///
/// Source: CloudFormation guide, `AWS::ApiGatewayV2::Stage.RouteSettings`: those of a route win over the default ones,
/// member by member.
enum RouteSettingsLowering {
    static func run(_ stage: Stage, _ index: Int, _ context: inout LoweringContext) {
        let defaults = stage.defaultRouteSettings ?? RouteSettings()
        let byKey = Dictionary(
            stage.routeSettings.map { ($0.routeKey.value, $0.settings) }, uniquingKeysWith: { first, _ in first })
        var merged: [MethodSetting] = []
        for resource in context.description.resources {
            for method in resource.methods {
                merged.append(merge(defaults, byKey[resource.routeKey(of: method)]))
            }
        }
        context.parts.stages[index].defaultSetting = merge(defaults, nil)
        if merged.contains(where: { $0 != MethodSetting() }) { context.parts.stages[index].settings = merged }
        if let autoDeploy = stage.autoDeploy, !autoDeploy.value {
            context.report(
                Diagnostic(
                    CompileDiagnostics.settingWithoutEffect,
                    "'autoDeploy: false' has no effect: the file that is served is the deployment",
                    at: autoDeploy.span,
                    fixIt: Diagnostic.FixIt(
                        hint: "deploy versions with 'portico deploy' to choose when a stage changes")))
        }
    }

    private static func merge(_ defaults: RouteSettings, _ own: RouteSettings?) -> MethodSetting {
        var merged = MethodSetting()
        merged.isMetered = own?.detailedMetricsEnabled ?? defaults.detailedMetricsEnabled ?? false
        merged.throttle.rateLimit = own?.throttle.rateLimit ?? defaults.throttle.rateLimit
        merged.throttle.burstLimit = own?.throttle.burstLimit ?? defaults.throttle.burstLimit
        return merged
    }
}
