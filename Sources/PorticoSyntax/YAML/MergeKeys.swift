/// The merge key `<<`, by which a mapping takes the members of others that it has not itself.
///
/// Source: "Merge Key Language-Independent Type for YAML Version 1.1".
enum MergeKeys {
    /// The value of one `<<`.
    struct Merge {
        /// Number of members of the mapping that stand before it.
        var position: Int
        /// A mapping, or a list of mappings of which the earlier win.
        var value: Node
        /// Where the value is named: the alias, not what it stands for.
        var span: SourceSpan
    }

    /// The mapping's own members with those of the first of `merges` in the place of its `<<`.
    static func apply(
        _ merges: [Merge], to own: [Mapping.Member]
    ) -> (members: [Mapping.Member], diagnostics: [Diagnostic]) {
        guard let merge = merges.first else { return (own, []) }
        var diagnostics = merges.dropFirst().map { later in
            Diagnostic(
                SyntaxDiagnostics.yamlDuplicateKey, "duplicate key '<<'", at: later.span,
                notes: [.init("first declared here", at: merge.span)],
                fixIt: .init(hint: "merge a list: '<<: [*first, *second]'"))
        }
        guard let mappings = mappings(of: merge.value) else {
            let message = "the value of '<<' is no mapping; expected an alias, or a list of aliases, of mappings"
            diagnostics.append(Diagnostic(SyntaxDiagnostics.yamlMerge, message, at: merge.span))
            return (own, diagnostics)
        }
        var taken = Set(own.map(\.key))
        var merged: [Mapping.Member] = []
        for mapping in mappings {
            for member in mapping.members where taken.insert(member.key).inserted { merged.append(member) }
        }
        let position = min(merge.position, own.count)
        return (own[..<position] + merged + own[position...], diagnostics)
    }

    private static func mappings(of value: Node) -> [Mapping]? {
        if let mapping = value.mapping { return [mapping] }
        guard let nodes = value.sequence, nodes.allSatisfy({ $0.mapping != nil }) else { return nil }
        return nodes.compactMap(\.mapping)
    }
}
