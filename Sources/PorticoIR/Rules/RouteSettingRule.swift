internal import PorticoSyntax

/// Settings of routes name routes.
enum RouteSettingRule: Rule {
    static let documentation = "'routeSettings' of a stage name routes of the API by their keys."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        guard api.stages.contains(where: { !$0.routeSettings.isEmpty }) else { return [] }
        let known = routeKeys(of: api)
        var suggestions = Suggestions()
        return api.stages.flatMap { stage in
            stage.routeSettings.compactMap { setting in
                let key = setting.routeKey
                guard !known.contains(key.value) else { return nil }
                return Diagnostic(
                    ImportDiagnostics.unknownMethodSetting,
                    "route setting '\(key.value)' of stage '\(stage.name.value)' names no route of the API"
                        + suggestions.question(for: key.value, in: { known.sorted() }), at: key.span,
                    notes: [.init("API Gateway answers: Unable to find Route by key \(key.value)")])
            }
        }
    }

    private static func routeKeys(of api: APIDescription) -> Set<String> {
        var keys = Set(api.webSocket?.routes.map(\.routeKey.value) ?? [])
        api.forEachMethod { keys.insert($0.routeKey(of: $1)) }
        return keys
    }
}
