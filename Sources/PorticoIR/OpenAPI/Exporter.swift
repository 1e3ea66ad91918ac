public import PorticoSyntax

/// Languages that a document is written in.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// JSON, two spaces a level.
    case json
    /// YAML
    case yaml
}

/// Writes a description as OpenAPI 3.0 with the extensions of API Gateway and Portico.
///
/// What the importer reads from the document is equal to the description: nothing is added that it would read back as
/// a value, so a parameter without schema stays without one. Beyond that the shapes are those of API Gateway's own
/// export. Source: reference section 10.2.
public enum Exporter {
    /// The document.
    ///
    /// - Parameters:
    ///   - stage: The stage whose address `servers` names; without it no address is written.
    ///   - region: The region in that address.
    public static func openAPI30(
        _ description: APIDescription, stage: String?, region: String = "us-east-1"
    ) -> JSONValue {
        let security = ExportedSecurity(description)
        var root = ObjectBuilder()
        root.set("openapi", "3.0.1")
        root.set("info", info(description.info))
        root.setUnlessEmpty("servers", servers(description, stage: stage, region: region))
        root.setUnlessEmpty("tags", description.tags.map(tag))
        root.set("paths", paths(description.resources, of: description.protocolType, security))
        root.set("components", components(description, security))
        setServiceExtensions(of: description, &root)
        setPorticoExtensions(of: description, security, &root)
        return root.value
    }

    /// The document's text, with a line break at its end.
    public static func text(
        _ description: APIDescription, stage: String?, region: String = "us-east-1", as format: ExportFormat
    ) -> String {
        let document = openAPI30(description, stage: stage, region: region)
        switch format {
        case .json: return JSONWriter.pretty(document) + "\n"
        case .yaml: return YAMLWriter.write(document)
        }
    }

    private static func info(_ info: APIInfo) -> JSONValue {
        var object = ObjectBuilder()
        object.set("title", info.title.value)
        object.set("description", info.description)
        object.set("version", info.version)
        return object.value
    }

    /// The endpoint configuration stands inside a server, so there is one for it even without stage.
    private static func servers(_ description: APIDescription, stage: String?, region: String) -> [JSONValue] {
        let configuration = endpointConfiguration(description.endpointConfiguration)
        guard stage != nil || configuration != nil || !description.servers.isEmpty else { return [] }
        if stage == nil, !description.servers.isEmpty {
            return description.servers.enumerated().map { index, url in
                var server = ObjectBuilder()
                server.set("url", url)
                if index == 0 { server.set("x-amazon-apigateway-endpoint-configuration", configuration) }
                return server.value
            }
        }
        var server = ObjectBuilder()
        if let stage {
            let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            server.set("url", "https://\(description.apiID).execute-api.\(region).\(suffix)/{basePath}")
            var variable = ObjectBuilder()
            variable.set("default", stage == Stage.defaultName ? "" : stage)
            var variables = ObjectBuilder()
            variables.set("basePath", variable.value)
            server.set("variables", variables.value)
        } else {
            server.set("url", "/")
        }
        server.set("x-amazon-apigateway-endpoint-configuration", configuration)
        return [server.value]
    }

    private static func endpointConfiguration(_ configuration: EndpointConfiguration) -> JSONValue? {
        var object = ObjectBuilder()
        object.set("disableExecuteApiEndpoint", configuration.disableExecuteAPIEndpoint.map { .boolean($0.value) })
        object.setUnlessEmpty("vpcEndpointIds", configuration.vpcEndpointIDs.map { .string($0.value) })
        return object.valueUnlessEmpty
    }

    private static func tag(_ tag: Tag) -> JSONValue {
        var object = ObjectBuilder()
        object.set("name", tag.name)
        object.set("description", tag.description)
        object.set("x-amazon-apigateway-tag-value", tag.value)
        return object.value
    }

    /// API Gateway always writes `components`.
    private static func components(_ description: APIDescription, _ security: ExportedSecurity) -> JSONValue {
        var components = ObjectBuilder()
        components.setUnlessEmpty(
            "schemas", description.models.map { JSONMember($0.name.value, $0.schema) })
        components.setUnlessEmpty("securitySchemes", security.schemes)
        return components.value
    }

    private static func setServiceExtensions(of description: APIDescription, _ root: inout ObjectBuilder) {
        root.setUnlessEmpty(
            "x-amazon-apigateway-request-validators", description.requestValidators.map(requestValidator))
        root.setUnlessEmpty(
            "x-amazon-apigateway-gateway-responses", description.gatewayResponses.map(gatewayResponse))
        root.setUnlessEmpty(
            "x-amazon-apigateway-binary-media-types", description.binaryMediaTypes.map { .string($0.value) })
        root.set(
            "x-amazon-apigateway-minimum-compression-size",
            description.minimumCompressionSize.map { .number(String($0.value)) })
        if description.protocolType == .rest, description.apiKeySource.value != .header {
            root.set("x-amazon-apigateway-api-key-source", description.apiKeySource.value.rawValue)
        }
        root.set("x-amazon-apigateway-policy", description.policy?.value)
        root.set("x-amazon-apigateway-security-policy", description.securityPolicy?.value.rawValue)
        root.set("x-amazon-apigateway-endpoint-access-mode", description.endpointAccessMode?.value.rawValue)
        if let cors = description.cors { root.set("x-amazon-apigateway-cors", self.cors(cors)) }
        if description.protocolType == .http { root.set("x-amazon-apigateway-importexport-version", "1.0") }
        root.set("x-amazon-apigateway-documentation", description.documentation.map(documentation))
    }

    private static func cors(_ cors: CORSConfiguration) -> JSONValue {
        var object = ObjectBuilder()
        object.setUnlessEmpty("allowMethods", cors.allowMethods.map { .string($0.value) })
        object.setUnlessEmpty("allowHeaders", cors.allowHeaders.map { .string($0.value) })
        object.setUnlessEmpty("exposeHeaders", cors.exposeHeaders.map { .string($0.value) })
        object.set("maxAge", cors.maxAge.map { .number(String($0.value)) })
        object.set("allowCredentials", cors.allowCredentials.map { .boolean($0.value) })
        object.setUnlessEmpty("allowOrigins", cors.allowOrigins.map { .string($0.value) })
        return object.value
    }

    private static func requestValidator(_ validator: RequestValidator) -> JSONMember {
        var object = ObjectBuilder()
        object.set("validateRequestBody", .boolean(validator.validateRequestBody))
        object.set("validateRequestParameters", .boolean(validator.validateRequestParameters))
        return JSONMember(validator.name.value, object.value)
    }

    private static func gatewayResponse(_ response: GatewayResponse) -> JSONMember {
        var object = ObjectBuilder()
        object.set("statusCode", response.statusCode?.value)
        object.setUnlessEmpty("responseParameters", response.responseParameters.map(mapping))
        object.setUnlessEmpty("responseTemplates", response.responseTemplates.map(template))
        return JSONMember(response.type.value.rawValue, object.value)
    }

    private static func documentation(_ documentation: Documentation) -> JSONValue {
        var object = ObjectBuilder()
        object.set("version", documentation.version)
        let parts = documentation.parts.map { part in
            JSONValue.object([JSONMember("location", part.location), JSONMember("properties", part.properties)])
        }
        object.setUnlessEmpty("documentationParts", parts)
        return object.value
    }
}
