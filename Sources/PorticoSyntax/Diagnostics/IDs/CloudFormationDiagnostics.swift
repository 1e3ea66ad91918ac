/// CloudFormation intrinsics and parameters in a spec file.
public enum CloudFormationDiagnostics {
    /// A parameter, attribute, export or entry of a map without value.
    public static let unresolvedReference = DiagnosticID(
        "cloudformation.unresolved-reference", .warning,
        """
        A CloudFormation function such as Ref, Fn::Sub or Fn::GetAtt, or a placeholder in an address, names something \
        that has no value here, because no stack is deployed. Pass it with --param Name=value (for Fn::GetAtt: \
        --param Name.Attribute=value) or write it under x-portico-parameters. Until then the text keeps '${Name}', \
        and an integration whose address holds it answers as API Gateway answers an invalid endpoint.
        """)
    /// A condition without value.
    public static let unresolvedCondition = DiagnosticID(
        "cloudformation.unresolved-condition", .warning,
        """
        Fn::If asks for a condition that has no value here, so the first of its two branches is taken. Choose with \
        --param ConditionName=true or --param ConditionName=false, or write the value under x-portico-parameters.
        """)
    /// A condition whose value is neither true nor false.
    public static let invalidCondition = DiagnosticID(
        "cloudformation.invalid-condition", .warning,
        "The value of a condition must be true or false. Any other value counts as none.")
    /// A function whose argument CloudFormation would refuse.
    public static let malformedIntrinsic = DiagnosticID(
        "cloudformation.malformed-intrinsic", .error,
        """
        A CloudFormation function has an argument that it cannot have, such as an Fn::Join without a list. \
        CloudFormation refuses such a template.
        """)
    /// `${…}` with characters that no name has, inside `Fn::Sub`.
    public static let invalidPlaceholder = DiagnosticID(
        "cloudformation.invalid-placeholder", .warning,
        """
        Names in Fn::Sub hold letters, digits, underscores, periods and colons; CloudFormation refuses others. The \
        text is kept as it is. A '${…}' that is meant for a mapping template is written '${!…}' inside Fn::Sub.
        """)
    /// A function that cannot be computed without CloudFormation.
    public static let unsupportedIntrinsic = DiagnosticID(
        "cloudformation.unsupported-intrinsic", .warning,
        """
        This function needs facts or transforms that only CloudFormation has, or CloudFormation does not know it. The \
        value is left as it is written.
        """)
    /// A local tag that is not CloudFormation's.
    public static let unknownTag = DiagnosticID(
        "cloudformation.unknown-tag", .warning,
        "A YAML tag that is no CloudFormation function is ignored; the value counts as if it had no tag.")
    /// `Fn::Transform`
    public static let transform = DiagnosticID(
        "cloudformation.transform", .error,
        """
        Fn::Transform puts the output of a macro or the content of another file here, which only CloudFormation can \
        read. Give the included file itself, or write its content into this file.
        """)
    /// A text that grows beyond the limit.
    public static let textTooLong = DiagnosticID(
        "cloudformation.text-too-long", .error,
        "CloudFormation functions may not produce a text of more than 1 MiB.")
    /// Values inside values inside values.
    public static let nestedTooDeep = DiagnosticID(
        "cloudformation.nested-too-deep", .error,
        "Values that are nested more than 512 levels deep are not searched for CloudFormation functions.")
    /// A whole template was given.
    public static let wholeTemplate = DiagnosticID(
        "cloudformation.whole-template", .warning,
        """
        The file is a CloudFormation or SAM template. The API definition inside its API resource is read; the \
        template's stages, deployments, functions and other resources are not. Stages are written under \
        x-portico-stages, functions under x-portico-functions.
        """)
    /// A whole template without definition.
    public static let noDefinition = DiagnosticID(
        "cloudformation.no-definition", .error,
        """
        The file is a CloudFormation or SAM template, but none of its APIs has a definition written in the template \
        (Body, DefinitionBody). Give the OpenAPI file that BodyS3Location or DefinitionUri names.
        """)

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        unresolvedReference, unresolvedCondition, invalidCondition, malformedIntrinsic, invalidPlaceholder,
        unsupportedIntrinsic, unknownTag, transform, textTooLong, nestedTooDeep, wholeTemplate, noDefinition,
    ]
}
