internal import PorticoSyntax

/// Models by name, in order, with those that references outside `definitions` brought in.
struct ModelCollector {
    /// Models that the document declares.
    var declared: [Model] = []
    /// Models made from references to other places.
    var added: [Model] = []
    /// Nodes whose schemas ``added`` still lacks, by position. A chain of references from file to file is as long as
    /// its files, so it is followed in a loop and not by recursion.
    var pending: [(position: Int, node: Node)] = []
    /// Names in use.
    var names: Set<String> = []
    /// Number that the next model with that beginning gets.
    var nextNumber: [String: Int] = [:]
    /// Name of the model that a node became.
    var nameOfNode: [ObjectIdentifier: String] = [:]
    /// What a `$ref` text of a file is written as, or `nil` if it leads nowhere.
    var rewritten: [ReferenceKey: String?] = [:]

    /// A `$ref` text with the file that it stands in.
    struct ReferenceKey: Hashable {
        var file: SourceFileID
        var text: String
    }
}

extension ImporterContext {
    /// Prefix of canonical references to models. Swagger 2 documents are rewritten to it, so that a description and
    /// its export have one form.
    static let modelPrefix = "#/components/schemas/"

    /// Reads `definitions` or `components.schemas`.
    func readModels() {
        let node = dialect == .swagger2 ? root.present("definitions") : components?.present("schemas")
        guard let node, let mapping = reader.mapping(node, dialect == .swagger2 ? "'definitions'" : "'schemas'") else {
            return
        }
        // Names first: a schema may refer to a later one.
        for member in mapping.members where !isExtension(member) {
            models.names.insert(member.key)
            models.nameOfNode[ObjectIdentifier(member.value)] = member.key
        }
        for member in mapping.members where !member.key.hasPrefix("x-") {
            guard isSchema(member.value, "schema '\(member.key)'") else { continue }
            let description = member.value["description"]?.scalar?.text.string
            models.declared.append(
                Model(
                    name: Located(member.key, at: member.keySpan), schema: schema(member.value),
                    description: description, source: SourceTree(member.value)))
        }
    }

    /// Whether a node can be a schema: an object, or in OpenAPI 3.1 a boolean. Anything else is reported.
    private func isSchema(_ node: Node, _ what: String) -> Bool {
        if dialect == .openAPI31, case .boolean? = node.scalar?.kind { return true }
        return reader.mapping(node, what) != nil
    }

    /// A schema as read, with its references checked and written in the one form.
    func schema(_ node: Node) -> JSONValue {
        switch node.content {
        case .scalar: return JSONValue(node)
        case .sequence(let nodes): return .array(nodes.map(schema))
        case .mapping(let mapping):
            let value = JSONValue.object(mapping.members.map { JSONMember($0.key, keyword($0)) })
            collectExamples(of: mapping, value)
            return value
        }
    }

    private func keyword(_ member: Mapping.Member) -> JSONValue {
        if member.key == "$ref", member.value.scalar?.kind == .string {
            return .string(canonicalReference(member.value) ?? member.value.scalar?.text.string ?? "")
        }
        // Data, not schemas: a `$ref` in an example is text.
        if Self.dataKeywords.contains(member.key) { return JSONValue(member.value) }
        // Names, not keywords: a property may be called `example`.
        if Self.schemaMaps.contains(member.key), let schemas = member.value.mapping {
            return .object(schemas.members.map { JSONMember($0.key, schema($0.value)) })
        }
        return schema(member.value)
    }

    private static let dataKeywords: Set<String> = ["example", "examples", "default", "enum", "const"]
    private static let schemaMaps: Set<String> = [
        "properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas",
    ]

    /// A model for a media type: by name if the schema is a reference to a model, else in place.
    func modelReference(_ node: Node, mediaType: String) -> ModelReference? {
        if let reference = node["$ref"], reference.scalar?.kind == .string {
            guard let text = canonicalReference(reference) else { return nil }
            let name = text.dropFirst(Self.modelPrefix.count)
            if text.hasPrefix(Self.modelPrefix), !name.utf8.contains(UInt8(ascii: "/")) {
                let tokens = ReferencePath.tokens(String(text.dropFirst())) ?? []
                return ModelReference(
                    mediaType: mediaType, model: Located(tokens.last ?? String(name), at: reference.span))
            }
        }
        guard isSchema(node, "'schema'") else { return nil }
        return ModelReference(mediaType: mediaType, model: nil, schema: schema(node), source: SourceTree(node))
    }

    /// The one form of a reference inside a schema; `nil` if it leads nowhere (reported).
    func canonicalReference(_ node: Node) -> String? {
        guard let text = node.scalar?.text.string else { return nil }
        let key = ModelCollector.ReferenceKey(file: node.span.file, text: text)
        if let known = models.rewritten[key] {
            // Each place that leads nowhere gets its own diagnostic.
            if known == nil { _ = references.follow(node) }
            return known
        }
        let result = resolveSchemaReference(node, text)
        models.rewritten[key] = .some(result)
        return result
    }

    private func resolveSchemaReference(_ node: Node, _ text: String) -> String? {
        if let name = Self.serviceModelName(text) {
            if models.names.contains(name) { return Self.modelPrefix + ReferencePath.escaped(name) }
            reader.report(
                ImportDiagnostics.missingReference,
                "'$ref' to model '\(name)', which the document does not declare"
                    + reader.suggestions.question(for: name, in: { models.names.sorted() }), at: node.span)
            return nil
        }
        if let name = missingDefaultModel(text) {
            addDefaultModel(name, referredFrom: node.span)
            return Self.modelPrefix + name
        }
        guard let target = references.follow(node) else { return nil }
        let prefix = dialect == .swagger2 ? ["definitions"] : ["components", "schemas"]
        if !target.isExternal, target.tokens.count > prefix.count, Array(target.tokens.prefix(prefix.count)) == prefix {
            return "#" + ReferencePath.text(["components", "schemas"] + target.tokens.dropFirst(prefix.count))
        }
        guard reader.mapping(target.node, "the schema that '\(text)' refers to") != nil else { return nil }
        return Self.modelPrefix + ReferencePath.escaped(addModel(target, referredFrom: node.span))
    }

    /// Name in an address of the service's own models, as exported schemas write it.
    private static func serviceModelName(_ text: String) -> String? {
        guard text.hasPrefix("https://apigateway.") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 7, parts[3] == "restapis", parts[5] == "models", !parts[6].isEmpty else { return nil }
        return String(parts[6])
    }

    /// A node outside the models becomes a model of its own, named after the last token of its pointer.
    private func addModel(_ target: References.Target, referredFrom span: SourceSpan) -> String {
        let identity = ObjectIdentifier(target.node)
        if let known = models.nameOfNode[identity] { return known }
        let token = target.tokens.last ?? "Model"
        var base = String(decoding: token.utf8.filter(ASCII.isAlphanumeric), as: UTF8.self)
        if base.isEmpty { base = "Model" }
        var name = base
        // The next number for this base is remembered: many nodes may end in the same token.
        var number = models.nextNumber[base] ?? 2
        while models.names.contains(name) {
            name = "\(base)\(number)"
            number += 1
        }
        models.nextNumber[base] = number
        models.names.insert(name)
        models.nameOfNode[identity] = name
        let description = target.node["description"]?.scalar?.text.string
        models.pending.append((models.added.count, target.node))
        models.added.append(
            Model(
                name: Located(name, at: span), schema: .null, description: description,
                source: SourceTree(target.node)))
        return name
    }

    /// Reads the schemas of models that references brought in, and of those that these bring in.
    func readAddedModels() {
        while let next = models.pending.popLast() {
            models.added[next.position].schema = schema(next.node)
        }
    }

    /// `Empty` or `Error` if the text refers to it and the document does not declare it.
    private func missingDefaultModel(_ text: String) -> String? {
        let prefix = dialect == .swagger2 ? "#/definitions/" : "#/components/schemas/"
        guard text.hasPrefix(prefix) else { return nil }
        let name = String(text.dropFirst(prefix.count))
        return (name == "Empty" || name == "Error") && !models.names.contains(name) ? name : nil
    }

    private func addDefaultModel(_ name: String, referredFrom span: SourceSpan) {
        models.names.insert(name)
        reader.report(
            ImportDiagnostics.defaultModel, "model '\(name)' is not declared; API Gateway's default model is taken",
            at: span, fixIt: .init(hint: "declare '\(name)' with 'type: object'"))
        var members = [
            JSONMember("$schema", .string("http://json-schema.org/draft-04/schema#")),
            JSONMember("title", .string("\(name) Schema")), JSONMember("type", .string("object")),
        ]
        if name == "Error" {
            members.append(
                JSONMember(
                    "properties",
                    .object([JSONMember("message", .object([JSONMember("type", .string("string"))]))])))
        }
        models.added.append(Model(name: Located(name, at: span), schema: .object(members)))
    }
}

/// Classes of ASCII bytes that names are made of.
enum ASCII {
    /// Letters and digits.
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// Whether a text is not empty and made of letters, digits and `others` only.
    static func consists(_ text: String, of others: StaticString) -> Bool {
        guard !text.isEmpty else { return false }
        return others.withUTF8Buffer { allowed in
            text.utf8.allSatisfy { isAlphanumeric($0) || allowed.contains($0) }
        }
    }

    /// Characters of HTTP header names (RFC 9110 `token`).
    static func isToken(_ text: String) -> Bool { consists(text, of: "!#$%&'*+-.^_`|~") }
}
