internal import PorticoSyntax

/// Method settings of a stage name methods that exist.
enum MethodSettingRule: Rule {
    static let documentation = "Method settings of a stage name methods of the API, or '*/*'."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        guard api.stages.contains(where: { !$0.methodSettings.isEmpty }) else { return [] }
        var known: Set<String> = []
        for resource in api.resources {
            known.insert(resource.path.value + "/*")
            for method in resource.methods { known.insert(resource.path.value + "/" + method.verb.value.rawValue) }
        }
        var suggestions = Suggestions()
        var diagnostics: [Diagnostic] = []
        for stage in api.stages {
            for setting in stage.methodSettings {
                let key = setting.name.value
                if key.hasPrefix("*/") || known.contains(key) || known.contains("/" + key) { continue }
                // API Gateway escapes the slashes of a path as a JSON pointer does.
                let plain = ReferencePath.tokens("/" + key)?.joined(separator: "/") ?? key
                if known.contains(plain) || known.contains("/" + plain) { continue }
                // The root's settings are written '//GET'.
                if plain.hasPrefix("//"), known.contains(plain) { continue }
                diagnostics.append(
                    Diagnostic(
                        ImportDiagnostics.unknownMethodSetting,
                        "method setting '\(key)' names no method of the API"
                            + suggestions.question(for: key, in: { known.sorted() }), at: setting.name.span))
            }
        }
        return diagnostics
    }
}
