internal import PorticoSyntax

/// Every extension that is read; the check for unknown keys, the documentation and tests read it.
enum ExtensionList {
    /// `x-amazon-apigateway-*` in alphabetical order, then `x-portico-*`.
    static let all: [any Extension.Type] = [
        AnyMethodExtension.self,
        APIKeySourceExtension.self,
        AuthExtension.self,
        AuthorizerExtension.self,
        AuthTypeExtension.self,
        BinaryMediaTypesExtension.self,
        CORSExtension.self,
        DocumentationExtension.self,
        EndpointAccessModeExtension.self,
        EndpointConfigurationExtension.self,
        GatewayResponsesExtension.self,
        ImportExportVersionExtension.self,
        IntegrationExtension.self,
        IntegrationsExtension.self,
        MinimumCompressionSizeExtension.self,
        PolicyExtension.self,
        RequestValidatorExtension.self,
        RequestValidatorsExtension.self,
        SecurityPolicyExtension.self,
        TagValueExtension.self,
        AccountExtension.self,
        AlarmsExtension.self,
        APIKeysExtension.self,
        ClientCertificatesExtension.self,
        DomainNamesExtension.self,
        EndpointsExtension.self,
        FunctionsExtension.self,
        IdentitiesExtension.self,
        IdentityProvidersExtension.self,
        PaginationExtension.self,
        ParametersExtension.self,
        ProtocolExtension.self,
        StagesExtension.self,
        TracingExtension.self,
        UsagePlansExtension.self,
        VPCLinksExtension.self,
        WebSocketExtension.self,
    ]

    /// Rows by key.
    static let byKey: [String: ExtensionDeclaration] = Dictionary(
        all.map { ($0.declaration.key, $0.declaration) }, uniquingKeysWith: { first, _ in first })
}

extension ImporterContext {
    /// Warns about unknown and misplaced extensions, and about keys that OpenAPI does not have at this place.
    func checkKeys(_ mapping: Mapping, at place: ExtensionPlace) {
        for member in mapping.members {
            let key = member.key
            if key.hasPrefix("x-") {
                if key.hasPrefix("x-amazon-") || key.hasPrefix("x-portico-") { checkExtension(member, at: place) }
                continue
            }
            guard let known = OpenAPIKeys.known(at: place), !known.contains(key) else { continue }
            reportUnknownKey(member, known, at: place)
        }
        for key in OpenAPIKeys.ignored(at: place) {
            guard let member = mapping.member(key) else { continue }
            reader.report(
                ImportDiagnostics.ignoredKey, "'\(key)' in \(place.rawValue) has no effect in API Gateway",
                at: member.keySpan)
        }
        if let keys = OpenAPIKeys.otherDialect(at: place, dialect) {
            for key in keys {
                guard let member = mapping.member(key) else { continue }
                let owner = dialect == .swagger2 ? "OpenAPI 3" : "Swagger 2.0"
                reader.report(
                    ImportDiagnostics.unknownKey, "'\(key)' belongs to \(owner) and is ignored", at: member.keySpan)
            }
        }
    }

    /// Whether a member of a map of names is an extension instead of an entry; ours are reported as misplaced.
    func isExtension(_ member: Mapping.Member) -> Bool {
        guard member.key.hasPrefix("x-") else { return false }
        if member.key.hasPrefix("x-amazon-") || member.key.hasPrefix("x-portico-") {
            checkExtension(member, at: .names)
        }
        return true
    }

    private func checkExtension(_ member: Mapping.Member, at place: ExtensionPlace) {
        let key = member.key
        guard let declaration = ExtensionList.byKey[key] else {
            let near = reader.suggestions.closest(to: key, in: { ExtensionList.byKey.keys.sorted() })
            reader.report(
                ImportDiagnostics.unknownExtension,
                "unknown extension '\(key)' is ignored" + (near.map { "; did you mean '\($0)'?" } ?? ""),
                at: member.keySpan, fixIt: near.map { .init("write '\($0)'", replace: member.keySpan, with: $0) })
            return
        }
        var places = declaration.places
        if key == EndpointConfigurationExtension.key {
            places = dialect == .swagger2 ? [.root] : [.root, .server]
        }
        guard places.contains(place) else {
            let right = places.map(\.rawValue).joined(separator: " or ")
            reader.report(
                ImportDiagnostics.misplacedExtension,
                "'\(key)' is ignored in \(place.rawValue); it belongs in \(right)", at: member.keySpan)
            return
        }
        guard declaration.protocols.contains(protocolType) else {
            let kinds = declaration.protocols.map(\.rawValue).joined(separator: " and ")
            let article = protocolType == .http ? "an" : "a"
            reader.report(
                ImportDiagnostics.otherProtocol,
                "'\(key)' belongs to \(kinds) APIs and is ignored in \(article) \(protocolType.rawValue) API",
                at: member.keySpan)
            return
        }
    }

    private func reportUnknownKey(_ member: Mapping.Member, _ known: Set<String>, at place: ExtensionPlace) {
        if member.key.hasPrefix("Fn::") || member.key == "Ref" {
            guard !unresolved.touches(member.keySpan), !unresolved.touches(member.value.span) else { return }
            reader.report(
                ImportDiagnostics.intrinsicLeft,
                "'\(member.key)' cannot be resolved in \(place.rawValue) and is ignored", at: member.keySpan)
            return
        }
        let near = reader.suggestions.closest(to: member.key, in: { known.sorted() })
        reader.report(
            ImportDiagnostics.unknownKey,
            "unknown key '\(member.key)' in \(place.rawValue) is ignored"
                + (near.map { "; did you mean '\($0)'?" } ?? ""),
            at: member.keySpan, fixIt: near.map { .init("write '\($0)'", replace: member.keySpan, with: $0) })
    }
}

/// OpenAPI's own keys by place.
enum OpenAPIKeys {
    /// Keys of 2.0, 3.0 and 3.1 together; `nil` where any key may stand.
    static func known(at place: ExtensionPlace) -> Set<String>? { table[place] }

    /// Keys at a place that only the other dialect has.
    static func otherDialect(at place: ExtensionPlace, _ dialect: ImporterContext.Dialect) -> [String]? {
        switch (place, dialect == .swagger2) {
        case (.root, false):
            ["basePath", "host", "schemes", "definitions", "securityDefinitions", "parameters", "responses"]
        case (.root, true): ["components", "servers", "webhooks"]
        case (.operation, true): ["requestBody", "callbacks"]
        case (.operation, false): ["schemes"]
        case (.response, true): ["content", "links"]
        case (.response, false): ["schema"]
        default: nil
        }
    }

    /// Keys that say what clients or servers do, and that API Gateway does not act on.
    static func ignored(at place: ExtensionPlace) -> [String] {
        switch place {
        case .pathItem: ["servers"]
        case .operation: ["servers", "callbacks"]
        default: []
        }
    }

    private static let table: [ExtensionPlace: Set<String>] = [
        .root: [
            "openapi", "swagger", "info", "paths", "security", "tags", "externalDocs", "servers", "components",
            "webhooks", "jsonSchemaDialect", "host", "basePath", "schemes", "consumes", "produces", "definitions",
            "parameters", "responses", "securityDefinitions",
        ],
        .info: ["title", "version", "description", "summary", "termsOfService", "contact", "license"],
        .pathItem: [
            "$ref", "summary", "description", "get", "put", "post", "delete", "options", "head", "patch", "trace",
            "servers", "parameters",
        ],
        .operation: [
            "tags", "summary", "description", "externalDocs", "operationId", "parameters", "requestBody", "responses",
            "callbacks", "deprecated", "security", "servers", "consumes", "produces", "schemes", "isDefaultRoute",
        ],
        .requestBody: ["$ref", "description", "content", "required"],
        .response: ["$ref", "description", "headers", "content", "links", "schema", "examples"],
        .components: [
            "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links",
            "callbacks", "pathItems",
        ],
        .securityScheme: [
            "$ref", "type", "description", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl", "flow",
            "authorizationUrl", "tokenUrl", "scopes",
        ],
        .server: ["url", "description", "variables", "name"],
        .tag: ["name", "description", "externalDocs"],
    ]
}
