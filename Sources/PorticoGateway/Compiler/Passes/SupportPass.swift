internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Says what the document asks for and this version does not execute: never in silence. A protection that is not
/// executed denies; anything else is left out.
enum SupportPass {
    static func run(_ context: inout LoweringContext) {
        protections(&context)
        stages(&context)
        root(&context)
    }

    private static func protections(_ context: inout LoweringContext) {
        for stage in context.description.stages where stage.webACLARN != nil {
            context.unsupported(
                CompileDiagnostics.wafUnsupported,
                "web ACLs are not executed yet; every request is denied", at: stage.name.span)
            context.commonSteps.append(.deny(.wafFiltered, reason: "web ACLs are not executed by this version"))
            break
        }
    }

    private static func stages(_ context: inout LoweringContext) {
        for stage in context.description.stages {
            func ignored(_ what: String) {
                context.unsupported(
                    CompileDiagnostics.stageSettingUnsupported,
                    "\(what) of stage '\(stage.name.value)' not executed yet and left out", at: stage.name.span)
            }
            // Source: API reference, "MethodSetting"; the log is the execution log's.
            let executed: Set<String> = ["loggingLevel", "dataTraceEnabled"]
            for setting in stage.methodSettings {
                guard case .object(let members) = setting.value else { continue }
                let others = members.map(\.name).filter { !executed.contains($0) }
                guard !others.isEmpty else { continue }
                context.unsupported(
                    CompileDiagnostics.stageSettingUnsupported,
                    "\(others.joined(separator: ", ")) of method setting '\(setting.name.value)' of stage "
                        + "'\(stage.name.value)' \(others.count == 1 ? "is" : "are") not executed yet and left out",
                    at: setting.name.span)
            }
            if stage.canarySettings != nil { ignored("canary settings are") }
            if stage.accessLogSettings != nil { ignored("access log settings are") }
            if stage.cacheClusterEnabled { ignored("the cache is") }
            if stage.tracingEnabled { ignored("tracing is") }
        }
    }

    private static func root(_ context: inout LoweringContext) {
        let description = context.description
        func ignored(_ key: String, _ what: String, at span: SourceSpan) {
            context.unsupported(
                CompileDiagnostics.featureUnsupported, "'\(key)' is not executed yet: \(what)", at: span)
        }
        if let endpoint = description.endpointConfiguration.vpcEndpointIDs.first {
            ignored("vpcEndpointIds", "the API is served as any other", at: endpoint.span)
        }
        if let tracing = description.tracing {
            ignored("x-portico-tracing", "no request is traced", at: tracing.span)
        }
        for entry in description.extensions {
            ignored(entry.name.value, "it is left out", at: entry.name.span)
        }
    }
}
