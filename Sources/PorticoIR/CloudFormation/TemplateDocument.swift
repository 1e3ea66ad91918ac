internal import PorticoSyntax

/// The API definition of a file: the file itself, or, if it is a whole CloudFormation or SAM template, the definition
/// written inside one of its resources.
struct TemplateDocument {
    /// The OpenAPI document, intrinsics unresolved.
    private(set) var definition: Node
    private let parameters: Mapping?
    private let mappings: Mapping?
    private let conditions: Mapping?

    /// Resource types that hold a definition, and the property that it is in.
    /// Source: CloudFormation template reference and AWS SAM specification.
    private static let definitionProperties = [
        "AWS::ApiGateway::RestApi": "Body", "AWS::ApiGatewayV2::Api": "Body",
        "AWS::Serverless::Api": "DefinitionBody", "AWS::Serverless::HttpApi": "DefinitionBody",
    ]

    /// Looks for a definition in `root`.
    init(_ root: Node, report: inout ReferenceReport) {
        definition = root
        guard let document = root.mapping, document["openapi"] == nil, document["swagger"] == nil,
            let resources = document["Resources"]?.mapping
        else {
            parameters = nil
            mappings = nil
            conditions = nil
            return
        }
        parameters = document["Parameters"]?.mapping
        mappings = document["Mappings"]?.mapping
        conditions = document["Conditions"]?.mapping
        adopt(resources, of: document, at: root.span, report: &report)
    }

    /// The `Default` of a parameter of the template.
    func parameterDefault(_ name: String) -> Node? { parameters?[name]?["Default"] }

    /// The value in a map of the template.
    func mapped(_ map: String, _ first: String, _ second: String) -> Node? { mappings?[map]?[first]?[second] }

    /// A condition of the template.
    func condition(_ name: String) -> Node? { conditions?[name] }

    private mutating func adopt(
        _ resources: Mapping, of document: Mapping, at span: SourceSpan, report: inout ReferenceReport
    ) {
        var found: [(member: Mapping.Member, property: String, body: Node)] = []
        for member in resources.members {
            guard let type = member.value["Type"]?.scalar?.text.string,
                let property = Self.definitionProperties[type],
                let body = member.value["Properties"]?[property]
            else { continue }
            found.append((member, property, body))
        }
        let place = document.member("Resources")?.keySpan ?? span
        guard let first = found.first else {
            report.add(
                Diagnostic(
                    CloudFormationDiagnostics.noDefinition,
                    "the CloudFormation template holds no API definition", at: place,
                    fixIt: .init(hint: "give the OpenAPI file that the template's API names")))
            return
        }
        definition = first.body
        var message = "the file is a CloudFormation template; only '\(first.property)' of '\(first.member.key)' is read"
        if found.count > 1 { message += ", the first of \(found.count) API definitions" }
        report.add(
            Diagnostic(
                CloudFormationDiagnostics.wholeTemplate, message, at: first.member.keySpan,
                notes: found.dropFirst().prefix(3).map {
                    .init("'\($0.member.key)' holds a definition that is not read", at: $0.member.keySpan)
                }))
    }
}
