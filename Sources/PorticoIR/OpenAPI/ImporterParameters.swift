internal import PorticoSyntax

extension ImporterContext {
    /// Reads the parameters of an operation and its path, and the request body, into a method.
    ///
    /// An operation's parameter replaces the path's of the same name and place. Parameters of the path that nobody
    /// declares are added by themselves, greedy ones excepted (observed).
    func readParameters(
        _ operation: Mapping, shared: Node?, pathParameters: [String], into method: inout Method
    ) {
        var own: [(parameter: Mapping, span: SourceSpan)] = []
        if let node = operation.present("parameters") { own = parameterNodes(node) }
        var all = shared.map(parameterNodes) ?? []
        if !all.isEmpty, !own.isEmpty {
            let keys = Set(own.map { Self.key($0.parameter) })
            all.removeAll { keys.contains(Self.key($0.parameter)) }
        }
        all += own
        var form: SourceSpan?
        let inPath = Set(pathParameters.map { $0.utf8.last == UInt8(ascii: "+") ? String($0.dropLast()) : $0 })
        var declared: Set<DeclaredParameter> = []
        for entry in all {
            readParameter(entry.parameter, at: entry.span, operation, inPath, &declared, &method, &form)
        }
        if let form {
            reader.report(
                ImportDiagnostics.unsupportedParameter, "'formData' parameters are not supported and are ignored",
                at: form, fixIt: .init(hint: "read the body in a mapping template instead"))
        }
        for name in pathParameters where name.utf8.last != UInt8(ascii: "+") {
            guard declared.insert(DeclaredParameter(location: .path, name: name)).inserted else { continue }
            method.requestParameters.append(
                RequestParameter(location: .path, name: Located(name), isRequired: true))
        }
        if let node = operation.present("requestBody") { readRequestBody(node, into: &method) }
    }

    /// Place and name, which identify a parameter.
    private struct DeclaredParameter: Hashable {
        var location: ParameterLocation
        var name: String
    }

    private static func key(_ parameter: Mapping) -> String {
        (parameter["in"]?.scalar?.text.string ?? "") + "." + (parameter["name"]?.scalar?.text.string ?? "")
    }

    private func parameterNodes(_ node: Node) -> [(parameter: Mapping, span: SourceSpan)] {
        (reader.sequence(node, "'parameters'") ?? []).compactMap { element in
            guard let target = references.dereference(element, "a parameter"),
                let mapping = reader.mapping(target, "a parameter")
            else { return nil }
            return (mapping, element.span)
        }
    }

    private func readParameter(
        _ parameter: Mapping, at span: SourceSpan, _ operation: Mapping, _ pathParameters: Set<String>,
        _ declared: inout Set<DeclaredParameter>, _ method: inout Method, _ form: inout SourceSpan?
    ) {
        checkKeys(parameter, at: .parameter)
        guard let place = parameter.present("in"), let location = reader.string(place, "'in'") else {
            if parameter.present("in") == nil {
                reader.report(ImportDiagnostics.valueMissing, "the parameter has no 'in'", at: span)
            }
            return
        }
        switch location {
        case "body":
            readBodyParameter(parameter, operation, into: &method)
            return
        case "formData":
            form = form ?? place.span
            return
        case "cookie":
            reader.report(
                ImportDiagnostics.unsupportedParameter, "'cookie' parameters are not supported and are ignored",
                at: place.span)
            return
        default: break
        }
        let locations: [String: ParameterLocation] = ["query": .querystring, "header": .header, "path": .path]
        guard let location = locations[location] else {
            let places =
                dialect == .swagger2
                ? ["query", "header", "path", "body", "formData"]
                : ["query", "header", "path", "cookie"]
            reader.unknownWord(location, places, "'in'", at: place.span, severity: .error)
            return
        }
        guard let nameNode = parameter.present("name"), let name = located(nameNode, "'name'") else {
            if parameter.present("name") == nil {
                reader.report(ImportDiagnostics.valueMissing, "the parameter has no 'name'", at: span)
            }
            return
        }
        guard declared.insert(DeclaredParameter(location: location, name: name.value)).inserted else {
            reader.report(
                ImportDiagnostics.duplicate, "parameter '\(name.value)' in \(place.scalar?.text.string ?? "") twice",
                at: name.span)
            return
        }
        var isRequired = boolean(parameter, "required") ?? false
        if location == .path {
            isRequired = true
            if !pathParameters.contains(name.value) {
                reader.report(
                    ImportDiagnostics.undeclaredPathParameter,
                    "path parameter '\(name.value)' is not a part of the path"
                        + reader.suggestions.question(for: name.value, in: { pathParameters.sorted() }), at: name.span)
            }
        }
        let schema = parameterSchema(parameter)
        collectExamples(beside: parameter, schema, "parameter '\(name.value)'")
        var declaration = RequestParameter(
            location: location, name: name, isRequired: isRequired, description: string(parameter, "description"),
            schema: schema)
        if dialect != .swagger2 {
            declaration.style = string(parameter, "style")
            declaration.explode = boolean(parameter, "explode")
        } else if location == .querystring, schema?["type"] == .string("array") {
            (declaration.style, declaration.explode) = Self.listStyle(string(parameter, "collectionFormat"))
        }
        declaration.isDeprecated = boolean(parameter, "deprecated") ?? false
        method.requestParameters.append(declaration)
    }

    /// OpenAPI 3 has a schema (or one media type with a schema), Swagger 2 its keywords in the parameter itself.
    func parameterSchema(_ parameter: Mapping) -> JSONValue? {
        if let node = parameter.present("schema") { return schema(node) }
        if let node = parameter.present("content")?.mapping?.members.first?.value["schema"] { return schema(node) }
        guard dialect == .swagger2 else { return nil }
        let members = parameter.members.filter { Self.swaggerSchemaKeywords.contains($0.key) }
        return members.isEmpty ? nil : schema(Node(.mapping(Mapping(members)), span: .none))
    }

    /// `collectionFormat` of Swagger 2.0 in the words of OpenAPI 3; `tsv` has none there.
    private static func listStyle(_ collectionFormat: String?) -> (style: String?, explode: Bool?) {
        switch collectionFormat ?? "csv" {
        case "csv": ("form", false)
        case "ssv": ("spaceDelimited", false)
        case "pipes": ("pipeDelimited", false)
        case "multi": ("form", true)
        default: (nil, nil)
        }
    }

    private static let swaggerSchemaKeywords: Set<String> = [
        "type", "format", "items", "collectionFormat", "default", "maximum", "exclusiveMaximum", "minimum",
        "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum",
        "multipleOf",
    ]

    /// Swagger 2: the body's model for each media type of `consumes`.
    private func readBodyParameter(_ parameter: Mapping, _ operation: Mapping, into method: inout Method) {
        guard let node = parameter.present("schema") else { return }
        guard method.requestModels.isEmpty else {
            reader.report(
                ImportDiagnostics.duplicate, "a second 'body' parameter is ignored",
                at: parameter["in"]?.span ?? node.span, severity: .warning)
            return
        }
        for type in mediaTypes(operation, "consumes") {
            guard let model = modelReference(node, mediaType: type) else { return }
            method.requestModels.append(model)
            method.isRequestBodyRequired = boolean(parameter, "required") ?? false
        }
    }

    /// OpenAPI 3: `requestBody`.
    private func readRequestBody(_ node: Node, into method: inout Method) {
        guard let target = references.dereference(node, "'requestBody'"),
            let body = reader.mapping(target, "'requestBody'")
        else { return }
        checkKeys(body, at: .requestBody)
        if let content = body.present("content") { method.requestModels = readContent(content) }
        // Of a body without a model nothing is kept, so it is not asked for either.
        method.isRequestBodyRequired = !method.requestModels.isEmpty && boolean(body, "required") ?? false
    }

    /// The models of `content`.
    func readContent(_ node: Node) -> [ModelReference] {
        guard let content = reader.mapping(node, "'content'") else { return [] }
        var models: [ModelReference] = []
        var positions: [String: Int] = [:]
        for member in content.members where !member.value.isNull {
            guard let media = reader.mapping(member.value, "media type '\(member.key)'") else { continue }
            checkKeys(media, at: .mediaType)
            let type = MediaType.withoutParameters(member.key)
            guard let schema = media.present("schema"), let model = modelReference(schema, mediaType: type) else {
                continue
            }
            if MediaType.isJSON(type) {
                collectExamples(beside: media, Self.schema(of: model), "the body as '\(type)'")
            }
            if let earlier = positions[type] {
                guard models[earlier] != model else { continue }
                reader.report(
                    ImportDiagnostics.duplicate, "media type '\(type)' is there twice; the first one counts",
                    at: member.keySpan, severity: .warning)
                continue
            }
            positions[type] = models.count
            models.append(model)
        }
        return models
    }

    /// `consumes` or `produces` of the operation, else of the root, else JSON.
    func mediaTypes(_ operation: Mapping, _ key: String) -> [String] {
        let holder = operation.present(key) != nil ? operation : root
        var types: [String] = []
        var seen: Set<String> = []
        for type in strings(holder, key) {
            let plain = MediaType.withoutParameters(type.value)
            if seen.insert(plain).inserted { types.append(plain) }
        }
        return types.isEmpty ? ["application/json"] : types
    }
}

/// Text work on media types.
enum MediaType {
    /// `application/json; charset=utf-8` as `application/json`.
    static func withoutParameters(_ type: String) -> String {
        guard let end = type.utf8.firstIndex(of: UInt8(ascii: ";")) else { return type }
        var bytes = Array(type.utf8[..<end])
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text is `type/subtype`, wildcards allowed.
    static func isValid(_ type: String) -> Bool {
        let parts = withoutParameters(type).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        return parts.allSatisfy { ASCII.isToken(String($0)) } && !(parts[0] == "*" && parts[1] != "*")
    }
}
