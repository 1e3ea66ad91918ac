public import PorticoSyntax

/// Resolves what CloudFormation and API Gateway's import would have replaced before an API exists: intrinsics in long
/// form (`{"Fn::Sub": "…"}`) and as YAML tags (`!Sub …`), and `${AWS::Region}` and its like in addresses.
///
/// Source: CloudFormation user guide, "Intrinsic function reference"; reference section 1.2 for what import substitutes.
public enum CloudFormation {
    /// Rewrites a tree; subtrees without anything to resolve are shared with `root`.
    ///
    /// Values come from `options.parameters`, then `defaults` (`x-portico-parameters`), then the `Parameters` of a whole
    /// template, then the names of functions that run here, then the pseudo parameters. What has no value stays in the
    /// text as `${Name}` and is reported.
    ///
    /// - Parameters:
    ///   - root: the document, or a whole CloudFormation template; of the latter the API definition is returned.
    ///   - functions: names of functions beside those of the document's own `x-portico-functions`.
    public static func resolve(
        _ root: Node, options: ImportOptions, defaults: Mapping?, functions: Set<String> = []
    ) -> CloudFormationResult {
        var report = ReferenceReport()
        let template = TemplateDocument(root, report: &report)
        let own = template.definition["x-portico-functions"]?.mapping?.members.map(\.key) ?? []
        let values = ParameterValues(
            given: options.parameters, defaults: [defaults, template.definition["x-portico-parameters"]?.mapping],
            template: template, functions: functions.union(own).union(options.functions.map(\.name)),
            region: options.region, accountID: options.accountID)
        var resolver = IntrinsicResolver(values: values, template: template, report: report)
        let resolved = resolver.tree(template.definition, .document)
        return CloudFormationResult(
            root: resolved ?? Node(.mapping(Mapping([])), span: root.span),
            diagnostics: resolver.report.finish(suggesting: Array(options.parameters.keys)),
            unresolved: resolver.unresolved)
    }
}

/// A tree without intrinsics.
public struct CloudFormationResult: Sendable {
    /// The resolved document.
    public var root: Node
    /// What there is to say, in the order of the text.
    public var diagnostics: [Diagnostic]
    /// Names that stayed in a text, once for each name and value.
    public var unresolved: [UnresolvedReference]

    /// Makes a result.
    public init(root: Node, diagnostics: [Diagnostic], unresolved: [UnresolvedReference]) {
        self.root = root
        self.diagnostics = diagnostics
        self.unresolved = unresolved
    }
}

/// A name without a value.
public struct UnresolvedReference: Sendable, Hashable {
    /// What to pass with `--param`: `Name`, or `Name.Attribute` for `Fn::GetAtt`.
    public var name: String
    /// Span of the node in ``CloudFormationResult/root`` whose text still holds `${name}`.
    public var span: SourceSpan

    /// Makes a reference.
    public init(name: String, span: SourceSpan) {
        self.name = name
        self.span = span
    }
}
