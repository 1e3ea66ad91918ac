internal import PorticoSyntax

/// `x-portico-parameters`: values for CloudFormation parameters.
enum ParametersExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-parameters", in: [.root], of: [.rest, .http, .webSocket],
        "Values for CloudFormation's Ref and Sub.")

    /// The object as the CloudFormation step wants it; it reads the values.
    static func read(_ root: Mapping, _ context: ImporterContext) -> Mapping? {
        root.present(key).flatMap { context.reader.mapping($0, "'\(key)'") }
    }
}
