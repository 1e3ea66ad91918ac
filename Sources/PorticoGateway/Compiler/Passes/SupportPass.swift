internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// Says what the document asks for and this version does not execute: never in silence. A protection that is not
/// executed denies; anything else is left out.
enum SupportPass {
    static func run(_ context: inout LoweringContext) {
        protections(&context)
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

    private static func root(_ context: inout LoweringContext) {
        let description = context.description
        func ignored(_ key: String, _ what: String, at span: SourceSpan) {
            context.unsupported(
                CompileDiagnostics.featureUnsupported, "'\(key)' is not executed yet: \(what)", at: span)
        }
        if let endpoint = description.endpointConfiguration.vpcEndpointIDs.first {
            ignored("vpcEndpointIds", "the API is served as any other", at: endpoint.span)
        }
    }
}
