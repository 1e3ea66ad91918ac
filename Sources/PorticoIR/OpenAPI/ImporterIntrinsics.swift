internal import PorticoSyntax

extension ImporterContext {
    /// Resolves CloudFormation's intrinsics in the spec and its overlay, lays the overlay over the spec, and takes care
    /// that further files are resolved when they are read.
    ///
    /// The overlay comes last because a spec may be a whole CloudFormation template, whose API definition is only known
    /// once it is resolved.
    func resolveIntrinsics(_ tree: Node) {
        var overlay = options.configPath.flatMap { references.load($0) }
        let own = tree.mapping.flatMap { ParametersExtension.read($0, self) }
        let defaults = overlay?.mapping.flatMap { ParametersExtension.read($0, self) } ?? own
        // The overlay's functions are known to the spec's references, as if they stood in the spec.
        let functions = Set(overlay?.mapping?[FunctionsExtension.key]?.mapping?.members.map(\.key) ?? [])
        if let path = options.configPath, let unresolved = overlay {
            let resolved = resolve(unresolved, defaults, functions)
            references.replaceRoot(of: path, with: resolved)
            overlay = resolved
        }
        let resolved = resolve(tree, defaults, functions)
        root = applying(overlay, to: resolved.mapping ?? Mapping([]))
        references.replaceRoot(of: path, with: Node(.mapping(root), span: resolved.span))
        references.transform = { [unowned self] node in resolve(node, defaults, functions) }
    }

    private func resolve(_ tree: Node, _ defaults: Mapping?, _ functions: Set<String>) -> Node {
        let result = CloudFormation.resolve(tree, options: options, defaults: defaults, functions: functions)
        reader.report(contentsOf: result.diagnostics)
        unresolved.add(result.unresolved.map { (name: $0.name, span: $0.span) })
        return result.root
    }

    /// Lays the `x-portico-*` keys of `--config` over the root's; the overlay wins.
    private func applying(_ overlay: Node?, to root: Mapping) -> Mapping {
        guard let overlay, !overlay.isNull, let mapping = reader.mapping(overlay, "the overlay") else { return root }
        var winners: [String: Mapping.Member] = [:]
        for member in mapping.members {
            if member.key.hasPrefix("x-portico-") {
                winners[member.key] = member
            } else if !member.key.hasPrefix("x-") || member.key.hasPrefix("x-amazon-") {
                reader.report(
                    ImportDiagnostics.overlayKey,
                    "'\(member.key)' is ignored: an overlay holds 'x-portico-*' keys only",
                    at: member.keySpan)
            }
        }
        var members = root.members.map { winners.removeValue(forKey: $0.key) ?? $0 }
        members += mapping.members.filter { winners[$0.key] != nil }
        return Mapping(members)
    }
}
