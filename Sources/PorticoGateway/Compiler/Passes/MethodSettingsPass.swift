internal import PorticoIR
internal import PorticoSyntax

/// What the execution log of each stage tells of the requests of each method.
///
/// Source: API Gateway API reference, "Stage", methodSettings: keys are `*/*` or `{resource path}/{verb}`, in which `~1`
/// stands for a slash; the more special one wins, member by member.
enum LoggingPass {
    static func run(_ context: inout LoweringContext) {
        for (index, stage) in context.parts.stages.enumerated() {
            guard let declared = context.description.stages.first(where: { $0.name.value == stage.name }) else {
                continue
            }
            let settings = declared.methodSettings.map { ($0, MethodSettingKey($0.name.value)) }
            context.parts.stages[index].defaultLogging = merge(settings, path: nil, verb: nil)
            let logging = context.parts.methods.map { method in
                merge(settings, path: context.parts.resources[method.resource].path, verb: method.verb)
            }
            if logging.contains(where: { $0.level != .off }) { context.parts.stages[index].logging = logging }
        }
    }

    /// The members that apply, those of the more special keys over those of the others.
    private static func merge(
        _ settings: [(NamedJSON, MethodSettingKey)], path: String?, verb: String?
    ) -> LogSetting {
        var merged = LogSetting()
        for (setting, key) in settings.sorted(by: { $0.1.rank < $1.1.rank }) where key.matches(path: path, verb: verb) {
            if case .string(let text)? = setting.value["loggingLevel"], let level = LoggingLevel(rawValue: text) {
                merged.level = level
            }
            if case .boolean(let traces)? = setting.value["dataTraceEnabled"] { merged.tracesData = traces }
        }
        return merged
    }
}

/// The key of a method setting.
struct MethodSettingKey {
    /// Resource path with its slash; `nil` for all.
    private let path: String?
    /// `nil` for all.
    private let verb: String?

    init(_ key: String) {
        let plain = key.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
        let slash = plain.lastIndex(of: "/")
        let path = slash.map { String(plain[..<$0]) } ?? plain
        let verb = slash.map { String(plain[plain.index(after: $0)...]) } ?? "*"
        self.path = path == "*" ? nil : path.hasPrefix("/") ? path : "/" + path
        self.verb = verb == "*" ? nil : verb
    }

    /// How special the key is.
    var rank: Int { (path == nil ? 0 : 2) + (verb == nil ? 0 : 1) }

    /// Whether it applies to a method, or with `nil` to requests of none.
    func matches(path: String?, verb: String?) -> Bool {
        if let own = self.path, own != path { return false }
        if let own = self.verb, own != verb { return false }
        return true
    }
}
