internal import PorticoSyntax

/// Security schemes of an exported document, and how methods ask for them.
///
/// IAM and API keys are no authorizers and have no name in a description; they get names that nothing else has.
struct ExportedSecurity {
    /// `components.securitySchemes`
    private(set) var schemes: [JSONMember] = []
    private let iamName: String
    private let apiKeyName: String

    /// Gathers the schemes that the description's authorizers and methods need.
    init(_ description: APIDescription) {
        var unsupported: [String] = []
        var usesIAM = false
        var usesAPIKey = false
        description.forEachMethod { _, method in
            usesAPIKey = usesAPIKey || method.apiKeyRequired
            switch method.authorization.value {
            case .iam: usesIAM = true
            case .unsupported(let scheme): if !unsupported.contains(scheme) { unsupported.append(scheme) }
            case .none, .custom, .cognitoUserPools, .jwt: break
            }
        }
        let authorizers = Set(description.authorizers.map(\.name.value))
        let taken = authorizers.union(unsupported).union(description.clientSecuritySchemes.map(\.name))
        iamName = Self.free("sigv4", besides: taken)
        apiKeyName = Self.free("api_key", besides: taken.union([iamName]))

        for authorizer in description.authorizers {
            // A scheme that denies because of its type must go on denying.
            let type =
                authorizer.type.value == .jwt
                ? "oauth2" : unsupported.contains(authorizer.name.value) ? "http" : "apiKey"
            schemes.append(JSONMember(authorizer.name.value, Self.scheme(authorizer, type: type)))
        }
        // A scheme that the document asked for without declaring it stays undeclared.
        for scheme in description.clientSecuritySchemes {
            schemes.append(JSONMember(scheme.name, Self.scheme(scheme.kind)))
        }
        if usesIAM {
            var object = Self.apiKeyScheme(header: "Authorization", type: "apiKey")
            object.set("x-amazon-apigateway-authtype", "awsSigv4")
            schemes.append(JSONMember(iamName, object.value))
        }
        if usesAPIKey {
            schemes.append(JSONMember(apiKeyName, Self.apiKeyScheme(header: "x-api-key", type: "apiKey").value))
        }
    }

    /// `security` of a method: one entry for its authorizer and one for the API key, as API Gateway writes them.
    func requirements(of method: Method) -> [JSONValue] {
        var entries: [JSONValue] = []
        func require(_ name: String, scopes: [String] = []) {
            entries.append(.object([JSONMember(name, .array(scopes.map { .string($0) }))]))
        }
        switch method.authorization.value {
        case .none: break
        case .iam: require(iamName)
        case .custom(let authorizer, let scopes), .cognitoUserPools(let authorizer, let scopes),
            .jwt(let authorizer, let scopes):
            require(authorizer, scopes: scopes)
        case .unsupported(let scheme): require(scheme)
        }
        if method.apiKeyRequired { require(apiKeyName) }
        return entries
    }

    private static func free(_ name: String, besides taken: Set<String>) -> String {
        var candidate = name
        var number = 2
        while taken.contains(candidate) {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    private static func apiKeyScheme(header: String, type: String) -> ObjectBuilder {
        var object = ObjectBuilder()
        object.set("type", type)
        object.set("name", header)
        object.set("in", "header")
        return object
    }

    private static func scheme(_ kind: ClientSecurityScheme.Kind) -> JSONValue {
        var object = ObjectBuilder()
        switch kind {
        case .bearer, .basic:
            object.set("type", "http")
            object.set("scheme", kind == .basic ? "basic" : "bearer")
        case .key(let name, let inQuery):
            object.set("type", "apiKey")
            object.set("name", name)
            object.set("in", inQuery ? "query" : "header")
        case .other(let type): object.set("type", type)
        }
        return object.value
    }

    private static func scheme(_ authorizer: Authorizer, type: String) -> JSONValue {
        var object: ObjectBuilder
        if authorizer.type.value == .jwt {
            object = ObjectBuilder()
            object.set("type", type)
        } else {
            object = apiKeyScheme(header: authorizer.schemeHeader, type: type)
        }
        object.set("x-amazon-apigateway-authtype", authorizer.authType)
        var settings = ObjectBuilder()
        settings.set("type", authorizer.type.value.rawValue.lowercased())
        settings.set("authorizerUri", authorizer.authorizerURI?.value.string)
        settings.set("authorizerCredentials", authorizer.authorizerCredentials?.value)
        switch authorizer.type.value {
        case .token, .cognitoUserPools:
            // Always the scheme's own header; API Gateway does not write it.
            break
        case .request, .jwt: settings.set("identitySource", authorizer.identitySource?.value)
        }
        settings.set("identityValidationExpression", authorizer.identityValidationExpression?.value.string)
        settings.set(
            "authorizerResultTtlInSeconds", authorizer.resultTTLSeconds.map { .number(String($0.value)) })
        if !authorizer.providerARNs.isEmpty || authorizer.type.value == .cognitoUserPools {
            settings.set("providerARNs", .array(authorizer.providerARNs.map { .string($0.value) }))
        }
        settings.set("authorizerPayloadFormatVersion", authorizer.payloadFormatVersion)
        settings.set("enableSimpleResponses", authorizer.enableSimpleResponses.map { .boolean($0) })
        if authorizer.type.value == .jwt {
            var configuration = ObjectBuilder()
            configuration.set("issuer", authorizer.jwtIssuer?.value)
            configuration.set("audience", .array(authorizer.jwtAudiences.map { .string($0.value) }))
            settings.set("jwtConfiguration", configuration.value)
        }
        object.set("x-amazon-apigateway-authorizer", settings.value)
        return object.value
    }
}
