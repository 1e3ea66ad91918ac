internal import PorticoIR
internal import PorticoPrograms
internal import PorticoSyntax

/// The API's resource policy, and what identities may do.
enum PoliciesPass {
    static func run(_ context: inout LoweringContext) {
        let identity = context.parts.identity
        let expansion = PolicyExpansion(
            partition: identity.partition, region: identity.region, account: identity.accountID,
            apiID: identity.apiID)
        if let policy = context.description.policy {
            context.parts.access.resourcePolicy = compile(
                policy, .resource, "the resource policy", expansion, &context)
            if context.parts.access.resourcePolicy == nil {
                // Reported here or by the importer; what cannot be read must not let anybody in.
                context.commonSteps.append(.deny(.accessDenied, reason: "the resource policy cannot be read"))
            }
        }
        context.parts.access.identityPolicies = context.description.identities.map { identity in
            identity.policies.compactMap {
                compile($0, .identity, "the policy of identity '\(identity.name.value)'", expansion, &context)
            }
        }
    }

    private static func compile(
        _ policy: PolicyDocument, _ kind: PolicyKind, _ name: String, _ expansion: PolicyExpansion,
        _ context: inout LoweringContext
    ) -> PolicyProgram? {
        guard case .object = policy.value else { return nil }
        let (program, problems) = PolicyCompiler.compile(policy.value, kind: kind, expansion: expansion)
        for problem in problems {
            context.report(
                Diagnostic(
                    problem.isFatal ? CompileDiagnostics.policyInvalid : CompileDiagnostics.policyIgnored,
                    "\(name): \(problem.message)", at: policy.source.span(at: problem.pointer) ?? policy.span,
                    notes: problem.pointer.isEmpty ? [] : [Diagnostic.Note("at \(problem.pointer)")]))
        }
        return program
    }
}
