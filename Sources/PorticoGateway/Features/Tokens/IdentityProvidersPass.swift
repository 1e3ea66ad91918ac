internal import PorticoIR
internal import PorticoSyntax

/// Carries identity providers into the snapshot, and looks at keys that stand in the document.
enum IdentityProvidersPass {
    static func run(_ context: inout LoweringContext) {
        for provider in context.description.identityProviders {
            // Left over from CloudFormation, and reported: whoever needs it trusts nobody.
            guard TokenAddress(provider.issuer.value) != nil,
                provider.jwksURI.map({ TokenAddress($0.value, allowsQuery: true) != nil }) ?? true
            else { continue }
            var entry = IdentityProviderEntry(name: provider.name.value, issuer: provider.issuer.value)
            entry.providerARNs = provider.providerARNs.map(\.value)
            entry.keySetAddress = provider.jwksURI?.value
            entry.algorithms = provider.algorithms.map(\.value)
            entry.audiences = provider.audiences.map(\.value)
            switch provider.keys?.value {
            case nil: break
            case .file(let path): entry.keys = .file(path)
            case .inline(let value):
                let text = JSONWriter.compact(value)
                entry.keys = .inline(text)
                check(text, of: provider, &context)
            }
            context.parts.identityProviders.append(entry)
        }
    }

    private static func check(_ text: String, of provider: IdentityProvider, _ context: inout LoweringContext) {
        let span = provider.keys?.span ?? provider.name.span
        do throws(KeySetProblem) {
            for reason in try KeySetReader().read(Array(text.utf8)).leftOut {
                context.report(
                    Diagnostic(
                        ImportDiagnostics.identityProviderKeys,
                        "'jwks' of identity provider '\(provider.name.value)': \(reason); it verifies nothing",
                        at: span, severity: .warning))
            }
        } catch {
            context.report(
                Diagnostic(
                    ImportDiagnostics.identityProviderKeys,
                    "'jwks' of identity provider '\(provider.name.value)': \(error.text)", at: span))
        }
    }
}
