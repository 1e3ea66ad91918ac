internal import PorticoSyntax

/// What a security scheme means for a method.
struct SecurityScheme {
    /// Meanings.
    enum Meaning {
        /// The API key of usage plans.
        case apiKey
        /// SigV4
        case iam
        /// A Lambda authorizer
        case custom
        /// A Cognito authorizer
        case cognitoUserPools
        /// A JWT authorizer
        case jwt
        /// Anything else; the text says what.
        case unsupported(String)
    }

    let name: String
    let meaning: Meaning
}

/// What the root's `security` gives to methods without their own.
struct RootSecurity {
    var authorization = Located(MethodAuthorization.none)
    var apiKeyRequired = false
}

extension ImporterContext {
    /// Reads the security schemes and returns their authorizers.
    func readSecuritySchemes() -> [Authorizer] {
        let key = dialect == .swagger2 ? "securityDefinitions" : "securitySchemes"
        let holder = dialect == .swagger2 ? root : components
        guard let node = holder?.present(key), let mapping = reader.mapping(node, "'\(key)'") else { return [] }
        var authorizers: [Authorizer] = []
        for member in mapping.members where !isExtension(member) {
            guard let target = references.dereference(member.value, "security scheme '\(member.key)'"),
                let scheme = reader.mapping(target, "security scheme '\(member.key)'")
            else { continue }
            checkKeys(scheme, at: .securityScheme)
            if let authorizer = readScheme(member, scheme) { authorizers.append(authorizer) }
        }
        return authorizers
    }

    private func readScheme(_ member: Mapping.Member, _ scheme: Mapping) -> Authorizer? {
        let name = member.key
        let type = string(scheme, "type") ?? ""
        if type.isEmpty, scheme["type"] == nil {
            reader.report(
                ImportDiagnostics.valueMissing, "security scheme '\(name)' has no 'type'", at: member.keySpan)
        }
        let authType = scheme.present(AuthTypeExtension.key).flatMap { AuthTypeExtension.read($0, self) }
        if let node = scheme.present(AuthorizerExtension.key) {
            let header = string(scheme, "name")
            var authorizer = AuthorizerExtension.read(
                node, name: Located(name, at: member.keySpan), header: header, scheme: scheme, self)
            authorizer?.authType = authType
            // Source: API Gateway guide, "Working with OpenAPI definitions for HTTP APIs": authorizers of tokens stand in
            // schemes of OAuth. Unconfirmed: that other types do, too.
            let isKey = type == "apiKey" || type.isEmpty || protocolType == .http
            if !isKey {
                reader.report(
                    ImportDiagnostics.authorizerScheme,
                    "the authorizer of '\(name)' needs a scheme of type 'apiKey', not '\(type)'",
                    at: scheme["type"]?.span ?? member.keySpan,
                    fixIt: .init(hint: "write 'type: apiKey', 'name: Authorization' and 'in: header'"))
            }
            let meaning: SecurityScheme.Meaning =
                switch authorizer?.type.value {
                case nil: .unsupported("an authorizer that cannot be read")
                case _ where !isKey: .unsupported("an authorizer in a scheme of type '\(type)'")
                case .token, .request: .custom
                case .cognitoUserPools: .cognitoUserPools
                case .jwt: protocolType == .http ? .jwt : .unsupported("a JWT authorizer")
                }
            schemes[name] = SecurityScheme(name: name, meaning: meaning)
            return authorizer
        }
        let meaning = plainMeaning(scheme, type: type, authType: authType)
        schemes[name] = SecurityScheme(name: name, meaning: meaning)
        if case .unsupported = meaning {
            clientSecuritySchemes.append(ClientSecurityScheme(name: name, kind: clientKind(scheme, type: type)))
        }
        return nil
    }

    private func plainMeaning(_ scheme: Mapping, type: String, authType: String?) -> SecurityScheme.Meaning {
        if let authType, authType.lowercased().hasPrefix("aws") { return .iam }
        guard type == "apiKey" else { return .unsupported("a scheme of type '\(type)'") }
        let header = string(scheme, "name") ?? ""
        guard header.lowercased() == "x-api-key", (string(scheme, "in") ?? "header") == "header" else {
            return .unsupported("an API key in '\(header)' without an authorizer")
        }
        // HTTP APIs have no usage plans.
        return protocolType == .http ? .unsupported("an API key") : .apiKey
    }

    /// What a client does for a scheme that REST APIs do not know.
    private func clientKind(_ scheme: Mapping, type: String) -> ClientSecurityScheme.Kind {
        switch type {
        case "apiKey":
            let place = string(scheme, "in") ?? "header"
            guard let name = string(scheme, "name"), place != "cookie" else { return .other(type: type) }
            return .key(name: name, inQuery: place == "query")
        case "basic": return .basic
        case "oauth2", "openIdConnect": return .bearer
        case "http":
            // Names of HTTP authentication schemes have no case. Source: RFC 9110, section 11.1.
            switch string(scheme, "scheme")?.lowercased() {
            case "basic": return .basic
            case "bearer": return .bearer
            default: return .other(type: type)
            }
        default: return .other(type: type)
        }
    }

    /// Applies `security` of an operation, or the root's where it has none, and `x-amazon-apigateway-auth`.
    /// Observed: root-level security is applied to operations without their own, although the guide denies it.
    func applySecurity(of operation: Mapping, rootSecurity: RootSecurity, to method: inout Method) {
        let auth = operation.present(AuthExtension.key).flatMap { AuthExtension.read($0, self) }
        if let node = operation.present("security") {
            applyRequirements(node, to: &method)
        } else {
            method.authorization = rootSecurity.authorization
            method.apiKeyRequired = rootSecurity.apiKeyRequired
        }
        guard let auth else { return }
        switch (auth.value, method.authorization.value) {
        case (.iam, .none): method.authorization = Located(.iam, at: auth.span)
        case (.iam, .iam), (.none, .none): break
        case (.iam, _), (.none, _):
            reader.report(
                ImportDiagnostics.severalAuthorizers,
                "'\(AuthExtension.key)' is ignored: 'security' already asks for another authorization", at: auth.span)
        }
    }

    /// Reads the root's requirements, once for all methods without their own.
    func readRootSecurity() -> RootSecurity {
        guard let node = root.present("security") else { return RootSecurity() }
        var probe = Method(verb: Located(.any))
        applyRequirements(node, to: &probe)
        return RootSecurity(authorization: probe.authorization, apiKeyRequired: probe.apiKeyRequired)
    }

    private func applyRequirements(_ node: Node, to method: inout Method) {
        guard let entries = reader.sequence(node, "'security'") else { return }
        if protocolType == .http { refuseSeveralRequirements(entries) }
        var isOptional = false
        for entry in entries {
            guard let requirement = reader.mapping(entry, "an entry of 'security'") else { continue }
            isOptional = isOptional || requirement.members.isEmpty
            for member in requirement.members { apply(member, to: &method) }
        }
        if isOptional, method.authorization.value != .none || method.apiKeyRequired {
            reader.report(
                ImportDiagnostics.optionalSecurity, "anonymous access beside an authorizer is not possible",
                at: node.span)
        }
    }

    /// Source: API Gateway guide, "Working with OpenAPI definitions for HTTP APIs": one authorizer for an operation.
    private func refuseSeveralRequirements(_ entries: [Node]) {
        let names = entries.flatMap { $0.mapping?.members ?? [] }
        guard names.count > 1, let second = names.dropFirst().first else { return }
        reader.report(
            HTTPAPIDiagnostics.severalRequirements, "an operation of an HTTP API has one security requirement",
            at: second.keySpan, notes: [.init("the first one", at: names.first?.keySpan)],
            fixIt: .init(hint: "keep one of them"))
    }

    private func apply(_ member: Mapping.Member, to method: inout Method) {
        guard let scheme = schemes[member.key] else {
            reportUnknownScheme(member)
            setAuthorization(.unsupported(scheme: member.key), member, &method)
            return
        }
        let scopes =
            member.value.isNull
            ? []
            : (reader.sequence(member.value, "the scopes of '\(member.key)'") ?? []).compactMap {
                $0.scalar?.text.string
            }
        switch scheme.meaning {
        case .apiKey: method.apiKeyRequired = true
        case .iam:
            if protocolType == .http, !scopes.isEmpty { reportScopes(member, "asks for IAM") }
            setAuthorization(.iam, member, &method)
        case .custom:
            if protocolType == .http, !scopes.isEmpty { reportScopes(member, "is a Lambda authorizer") }
            setAuthorization(.custom(authorizer: scheme.name, scopes: scopes), member, &method)
        case .jwt: setAuthorization(.jwt(authorizer: scheme.name, scopes: scopes), member, &method)
        case .cognitoUserPools:
            setAuthorization(.cognitoUserPools(authorizer: scheme.name, scopes: scopes), member, &method)
        case .unsupported:
            reportUnsupportedScheme(scheme, member)
            setAuthorization(.unsupported(scheme: scheme.name), member, &method)
        }
    }

    private func setAuthorization(
        _ authorization: MethodAuthorization, _ member: Mapping.Member, _ method: inout Method
    ) {
        switch method.authorization.value {
        case .none: method.authorization = Located(authorization, at: member.keySpan)
        case authorization: break
        case .unsupported:
            // Fails closed: whatever else is asked for cannot open the method.
            break
        default:
            if case .unsupported = authorization {
                method.authorization = Located(authorization, at: member.keySpan)
            } else {
                reader.report(
                    ImportDiagnostics.severalAuthorizers,
                    "'\(member.key)' is ignored: a method has one authorizer, and an earlier one applies",
                    at: member.keySpan, notes: [.init("this one applies", at: method.authorization.span)])
            }
        }
    }

    private func reportUnknownScheme(_ member: Mapping.Member) {
        reader.report(
            ImportDiagnostics.unknownScheme,
            "security scheme '\(member.key)' is not declared, so requests are denied"
                + reader.suggestions.question(for: member.key, in: { schemes.keys.sorted() }), at: member.keySpan)
    }

    private func reportUnsupportedScheme(_ scheme: SecurityScheme, _ member: Mapping.Member) {
        guard case .unsupported(let reason) = scheme.meaning else { return }
        reader.report(
            ImportDiagnostics.unsupportedScheme,
            "security scheme '\(member.key)' is \(reason), which \(protocolType.rawValue) APIs do not know; requests are denied",
            at: member.keySpan)
    }

    /// Source: reference, 1.9: scopes are legal on routes with a JWT authorizer only.
    private func reportScopes(_ member: Mapping.Member, _ what: String) {
        reader.report(
            HTTPAccessDiagnostics.scopes, "'\(member.key)' \(what), which has no scopes",
            at: member.value.span, fixIt: .init(hint: "write '\(member.key): []'"))
    }
}
