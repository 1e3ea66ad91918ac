internal import PorticoIR
internal import PorticoSyntax

/// What each stage says of the requests of each method: logs, throttle, cache and metrics.
///
/// Source: API Gateway API reference, "Stage", methodSettings: keys are `*/*` or `{resource path}/{verb}`, in which `~1`
/// stands for a slash; the more special one wins, member by member.
enum MethodSettingsPass {
    static func run(_ context: inout LoweringContext) {
        for (index, stage) in context.parts.stages.enumerated() {
            guard let declared = context.description.stages.first(where: { $0.name.value == stage.name }) else {
                continue
            }
            switch context.description.protocolType {
            case .rest: break
            case .http:
                RouteSettingsLowering.run(declared, index, &context)
                continue
            case .webSocket:
                routeSettings(declared, index, &context)
                continue
            }
            reportUnusable(declared, &context)
            let settings = declared.methodSettings
                .map { (value: $0.value, key: MethodSettingKey($0.name.value)) }
                .sorted { $0.key.rank < $1.key.rank }
            context.parts.stages[index].defaultSetting = merge(settings, path: nil, verb: nil, hasCache: false)
            let merged = context.parts.methods.map { method in
                merge(
                    settings, path: context.parts.resources[method.resource].path, verb: method.verb,
                    hasCache: declared.cacheClusterEnabled)
            }
            if merged.contains(where: { $0 != MethodSetting() }) { context.parts.stages[index].settings = merged }
            reportShared(merged, stage.name, &context)
        }
    }

    /// Those of routes, which are named by their keys. Source: API Gateway V2 API reference, "RouteSettings".
    private static func routeSettings(_ declared: Stage, _ index: Int, _ context: inout LoweringContext) {
        func merge(_ key: String?) -> MethodSetting {
            let own = key.flatMap { key in declared.routeSettings.first { $0.routeKey.value == key }?.settings }
            var merged = MethodSetting()
            for settings in [declared.defaultRouteSettings, own].compactMap({ $0 }) {
                if let level = settings.loggingLevel { merged.logging.level = level }
                if let traces = settings.dataTraceEnabled { merged.logging.tracesData = traces }
                if let isMetered = settings.detailedMetricsEnabled { merged.isMetered = isMetered }
                if let rate = settings.throttle.rateLimit { merged.throttle.rateLimit = rate }
                if let burst = settings.throttle.burstLimit { merged.throttle.burstLimit = burst }
            }
            return merged
        }
        context.parts.stages[index].defaultSetting = merge(nil)
        let merged = context.parts.methods.map { merge(context.parts.resources[$0.resource].path) }
        if merged.contains(where: { $0 != MethodSetting() }) { context.parts.stages[index].settings = merged }
    }

    /// The members that apply, those of the more special keys over those of the others.
    private static func merge(
        _ settings: [(value: JSONValue, key: MethodSettingKey)], path: String?, verb: String?, hasCache: Bool
    ) -> MethodSetting {
        var merged = MethodSetting()
        var cache = CacheSetting()
        var isCached = false
        for (value, key) in settings where key.matches(path: path, verb: verb) {
            if let level = value["loggingLevel"]?.text.flatMap(LoggingLevel.init) { merged.logging.level = level }
            if let traces = value["dataTraceEnabled"]?.flag { merged.logging.tracesData = traces }
            if let isMetered = value["metricsEnabled"]?.flag { merged.isMetered = isMetered }
            if let rate = value["throttlingRateLimit"]?.double { merged.throttle.rateLimit = rate }
            if let burst = value["throttlingBurstLimit"]?.integer { merged.throttle.burstLimit = burst }
            if let enabled = value["cachingEnabled"]?.flag {
                // Source: reference, "Cache" (8.1): what a stage says of all its methods concerns GET alone.
                isCached = enabled && (verb == MethodVerb.get.rawValue || key.isSpecial)
            }
            if let seconds = value["cacheTtlInSeconds"]?.integer { cache.ttlSeconds = seconds }
            if let isEncrypted = value["cacheDataEncrypted"]?.flag { cache.isEncrypted = isEncrypted }
            if let needs = value["requireAuthorizationForCacheControl"]?.flag { cache.needsAuthorization = needs }
            if let strategy = value["unauthorizedCacheControlHeaderStrategy"]?.text
                .flatMap(UnauthorizedCacheControl.init)
            {
                cache.unauthorized = strategy
            }
        }
        if hasCache, isCached, cache.ttlSeconds > 0 { merged.cache = cache }
        return merged
    }

    /// Warns of answers that are meant for one caller and kept for all: nothing but the cache key parameters splits them,
    /// as on API Gateway.
    private static func reportShared(_ settings: [MethodSetting], _ stage: String, _ context: inout LoweringContext) {
        var index = 0
        for resource in context.description.resources {
            for method in resource.methods {
                defer { index += 1 }
                guard index < settings.count, settings[index].cache != nil, method.isForKnownCallers,
                    let integration = method.integration,
                    !context.parts.integrations[context.parts.methods[index].integration].streams
                else { continue }
                let keys = integration.cacheKeyParameters.map { $0.value.lowercased() }
                let names = ["header.authorization", "header.x-api-key", "context.authorizer", "context.identity"]
                guard !keys.contains(where: { key in names.contains { key.contains($0) } }) else { continue }
                context.report(
                    Diagnostic(
                        CompileDiagnostics.sharedCache,
                        "stage '\(stage)' keeps the answers of \(method.verb.value.rawValue) \(resource.path.value) for all "
                            + "callers alike, whoever they are",
                        at: method.verb.span,
                        fixIt: Diagnostic.FixIt(
                            hint: "name what tells callers apart in 'cacheKeyParameters', such as "
                                + "'method.request.header.Authorization'")))
            }
        }
    }

    private static func reportUnusable(_ stage: Stage, _ context: inout LoweringContext) {
        guard !stage.cacheClusterEnabled else { return }
        for setting in stage.methodSettings where setting.value["cachingEnabled"]?.flag == true {
            context.report(
                Diagnostic(
                    CompileDiagnostics.settingWithoutEffect,
                    "'cachingEnabled' of method setting '\(setting.name.value)' has no effect: stage "
                        + "'\(stage.name.value)' has no cache",
                    at: setting.name.span,
                    fixIt: Diagnostic.FixIt(hint: "write 'cacheClusterEnabled: true' in the stage")))
        }
    }
}

extension Method {
    /// Whether an answer may depend on who is calling.
    fileprivate var isForKnownCallers: Bool {
        if case .none = authorization.value { return apiKeyRequired }
        return true
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var flag: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
    fileprivate var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }
    fileprivate var integer: Int? { double.flatMap { Int(exactly: $0) } }
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

    /// Whether it names methods.
    var isSpecial: Bool { path != nil }

    /// How special the key is.
    var rank: Int { (path == nil ? 0 : 2) + (verb == nil ? 0 : 1) }

    /// Whether it applies to a method, or with `nil` to requests of none.
    func matches(path: String?, verb: String?) -> Bool {
        if let own = self.path, own != path { return false }
        if let own = self.verb, own != verb { return false }
        return true
    }
}
