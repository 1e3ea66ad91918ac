public import PorticoSyntax

/// An example that a document gives, with the schema that it stands beside.
public struct SchemaExample: Sendable {
    /// The example with its places.
    public var value: Node
    /// The schema, its references written as in models.
    public var schema: JSONValue
    /// What it is an example of: `the model of a request or response`, `parameter 'limit'`.
    public var subject: String
    /// Where the example is referred to from, if it stands elsewhere.
    public var reference: SourceSpan?

    /// Makes an example.
    public init(value: Node, schema: JSONValue, subject: String, reference: SourceSpan? = nil) {
        self.value = value
        self.schema = schema
        self.subject = subject
        self.reference = reference
    }
}

/// Examples found while a document is read, each once.
struct ExampleCollector {
    private struct Identity: Hashable {
        var node: ObjectIdentifier
        var schema: JSONValue
    }

    private(set) var examples: [SchemaExample] = []
    private var known: Set<Identity> = []

    mutating func add(_ example: SchemaExample) {
        // The same schema is read for each media type that has it.
        guard known.insert(Identity(node: ObjectIdentifier(example.value), schema: example.schema)).inserted else {
            return
        }
        examples.append(example)
    }
}

extension ImporterContext {
    /// Notes `example` of a schema, and `examples` as OpenAPI 3.1 has them.
    func collectExamples(of schema: Mapping, _ value: JSONValue) {
        guard options.collectsExamples, schema["$ref"] == nil else { return }
        if let example = schema["example"] { collect(example, value, "the schema") }
        for example in schema["examples"]?.sequence ?? [] { collect(example, value, "the schema") }
    }

    /// Notes `example` and `examples` of a media type, a parameter or a header.
    func collectExamples(beside holder: Mapping, _ schema: JSONValue?, _ subject: String) {
        guard options.collectsExamples, let schema else { return }
        if let example = holder["example"] { collect(example, schema, subject) }
        for member in holder["examples"]?.mapping?.members ?? [] {
            guard let target = references.dereference(member.value, "example '\(member.key)'"),
                let example = target["value"]
            else { continue }
            collect(
                example, schema, "\(subject), '\(member.key)'",
                reference: target === member.value ? nil : member.keySpan)
        }
    }

    /// Notes `examples` of a Swagger 2 response, which stand by media type.
    func collectExamples(ofResponse response: Mapping, _ schema: JSONValue) {
        guard options.collectsExamples else { return }
        for member in response["examples"]?.mapping?.members ?? [] where MediaType.isJSON(member.key) {
            collect(member.value, schema, "the response as '\(member.key)'")
        }
    }

    /// A model or a schema in place as one schema.
    static func schema(of reference: ModelReference?) -> JSONValue? {
        guard let reference else { return nil }
        guard let model = reference.model else { return reference.schema }
        return .object([JSONMember("$ref", .string(modelPrefix + ReferencePath.escaped(model.value)))])
    }

    private func collect(_ value: Node, _ schema: JSONValue, _ subject: String, reference: SourceSpan? = nil) {
        // What CloudFormation decides at deployment cannot be checked.
        guard !reader.isUnknown(value) else { return }
        examples.add(SchemaExample(value: value, schema: schema, subject: subject, reference: reference))
    }
}

extension MediaType {
    /// Whether bodies of a media type are JSON, as far as its name says.
    static func isJSON(_ type: String) -> Bool {
        let plain = withoutParameters(type).lowercased()
        return plain == "application/json" || plain.hasSuffix("+json") || plain == "*/*" || plain == "application/*"
            || plain == "text/json"
    }
}
