internal import PorticoSyntax

extension ImporterContext {
    /// Resolves CloudFormation's intrinsics in the spec, and in each further file when it is read.
    func resolveIntrinsics(_ tree: Node) {
        let defaults = tree.mapping.flatMap { ParametersExtension.read($0, self) }
        let resolved = resolve(tree, defaults)
        root = resolved.mapping ?? root
        references.replaceRoot(of: path, with: resolved)
        references.transform = { [unowned self] node in resolve(node, defaults) }
    }

    private func resolve(_ tree: Node, _ defaults: Mapping?) -> Node {
        tree
    }
}
