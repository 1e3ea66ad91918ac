internal import PorticoSyntax

/// `x-portico-identity-providers`: user pools and token issuers.
///
/// A user pool that no entry stands for is the real one: its issuer follows from its ARN.
enum IdentityProvidersExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-identity-providers", in: [.root], of: [.rest, .http, .webSocket],
        "Token issuers with their keys, and the user pools that they stand for.")

    private static let members: Set<String> = [
        "issuer", "providerArns", "jwksUri", "jwks", "algorithms", "audiences", "description",
    ]

    static func read(_ node: Node, _ context: ImporterContext) -> [IdentityProvider] {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return [] }
        var seen: [String: SourceSpan] = [:]
        return mapping.members.compactMap { member in
            guard let provider = readProvider(member, context) else { return nil }
            for text in [provider.issuer] + provider.providerARNs {
                guard let first = seen.updateValue(text.span, forKey: text.value) else { continue }
                context.reader.report(
                    ImportDiagnostics.duplicate, "two identity providers stand for '\(text.value)'", at: text.span,
                    notes: [.init("first declared here", at: first)])
            }
            return provider
        }
    }

    private static func readProvider(_ member: Mapping.Member, _ context: ImporterContext) -> IdentityProvider? {
        let reader = context.reader
        guard let object = reader.mapping(member.value, "identity provider '\(member.key)'") else { return nil }
        reader.checkMembers(object, known: members, "an identity provider")
        guard let node = object.present("issuer") else {
            reader.report(
                ImportDiagnostics.valueMissing, "identity provider '\(member.key)' has no 'issuer'",
                at: member.keySpan,
                fixIt: .init(hint: "write what 'iss' of its tokens is, such as 'https://id.example.com'"))
            return nil
        }
        guard let issuer = context.strictLocated(node, "'issuer'") else { return nil }
        checkAddress(issuer, "issuer", allowsQuery: false, context)
        var provider = IdentityProvider(
            name: Located(member.key, at: member.keySpan), issuer: issuer, settings: JSONValue(member.value))
        provider.providerARNs = readPools(object, context)
        if let node = object.present("jwksUri"), let address = context.strictLocated(node, "'jwksUri'") {
            checkAddress(address, "jwksUri", allowsQuery: true, context)
            provider.jwksURI = address
        }
        provider.keys = object.present("jwks").flatMap { readKeys($0, context) }
        if provider.keys != nil, let member = object.member("jwksUri"), !member.value.isNull {
            reader.report(
                ImportDiagnostics.identityProviderKeys, "'jwksUri' beside 'jwks'; expected one of the two",
                at: member.keySpan)
        }
        if let nodes = list(object, "algorithms", context) {
            provider.algorithms = nodes.compactMap { node in
                reader.choice(node, "an algorithm", of: TokenAlgorithm.self, notes: [.init(algorithmNote)])
                    .map { Located($0, at: node.span) }
            }
        }
        if let nodes = list(object, "audiences", context) {
            provider.audiences = nodes.compactMap { context.strictLocated($0, "an audience") }
        }
        return provider
    }

    private static let algorithmNote =
        "'none' and algorithms with a shared secret are never accepted: whoever checks such a token could have made it"

    /// A list that must name something: none and all would be hard to tell apart.
    private static func list(_ object: Mapping, _ name: String, _ context: ImporterContext) -> [Node]? {
        guard let node = object.present(name), let nodes = context.list(node, "'\(name)'") else { return nil }
        if nodes.isEmpty {
            context.reader.report(
                ImportDiagnostics.valueMissing, "'\(name)' is empty", at: node.span,
                fixIt: .init(hint: "leave '\(name)' out if any will do"))
        }
        return nodes
    }

    private static func readPools(_ object: Mapping, _ context: ImporterContext) -> [Located<String>] {
        guard let node = object.present("providerArns"), let nodes = context.list(node, "'providerArns'") else {
            return []
        }
        return nodes.compactMap { node in
            guard let arn = context.strictLocated(node, "an element of 'providerArns'") else { return nil }
            if UserPoolARN(arn.value) == nil, !context.unresolved.touches(node.span) {
                context.reader.report(
                    ImportDiagnostics.userPool, "\(quoted(arn.value)) is no ARN of a user pool", at: node.span,
                    fixIt: .init(hint: "write 'arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL'"))
            }
            return arn
        }
    }

    private static func checkAddress(
        _ address: Located<String>, _ name: String, allowsQuery: Bool, _ context: ImporterContext
    ) {
        guard TokenAddress(address.value, allowsQuery: allowsQuery) == nil, !context.unresolved.touches(address.span)
        else { return }
        context.reader.report(
            ImportDiagnostics.identityProviderAddress,
            "\(quoted(address.value)) is no '\(name)'; expected an absolute https URL without user"
                + (allowsQuery ? " and fragment" : ", query and fragment"), at: address.span,
            notes: [.init("http is taken for 'localhost' and loopback addresses only")])
    }

    /// The path of a file, or an object with `keys`.
    private static func readKeys(_ node: Node, _ context: ImporterContext) -> Located<IdentityProvider.Keys>? {
        let reader = context.reader
        guard let object = node.mapping, !NodeReader.isIntrinsic(node) else {
            guard node.scalar?.kind == .string, let path = context.strictLocated(node, "'jwks'") else {
                return reader.wrongType(node, "'jwks'", "the path of a file or a key set")
            }
            if path.value.isEmpty {
                reader.report(ImportDiagnostics.valueMissing, "'jwks' is empty", at: node.span)
            }
            return Located(.file(path.value), at: node.span)
        }
        guard let keys = object.present("keys") else {
            reader.report(
                ImportDiagnostics.identityProviderKeys, "'jwks' has no 'keys'; expected a JSON Web Key Set",
                at: node.span)
            return nil
        }
        for key in reader.sequence(keys, "'keys'") ?? [] {
            guard let key = reader.mapping(key, "a key") else { continue }
            for secret in ["d", "k"] {
                guard let member = key.member(secret) else { continue }
                reader.report(
                    ImportDiagnostics.identityProviderKeys,
                    "'\(secret)' is the secret of a key; write the public part only", at: member.keySpan)
            }
        }
        return Located(.inline(JSONValue(node)), at: node.span)
    }
}
