// Hot: read once per request that an authorizer decides on. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// Who may call a method of one stage.
final class ServingAccess: Sendable {
    /// How it is found out who is calling.
    enum Mechanism: Sendable {
        case open
        case iam
        case authorizer(ServingAuthorizer)
        /// Everybody, with these values of `$context.authorizer`.
        case bypass([(name: StaticBytes, value: StaticBytes)], hasClaims: Bool)
    }

    let mechanism: Mechanism
    /// What tokens must be, for user pools.
    let rules: TokenRules?

    init(_ mechanism: Mechanism, rules: TokenRules? = nil) {
        self.mechanism = mechanism
        self.rules = rules
    }
}

/// An authorizer in one stage.
final class ServingAuthorizer: Sendable {
    /// Where a value that tells who is calling comes from.
    enum Source: Sendable {
        case header(StaticBytes)
        case query(StaticBytes)
        /// Everything else, by the rules of mappings.
        case value(ServingSource)
    }

    let name: StaticBytes
    let kind: AuthorizerProgram.Kind
    let sources: [Source]
    /// Position in ``DeploymentSnapshot/patterns``; -1 for none.
    let validation: Int
    let ttlMilliseconds: Int
    /// The call of its function.
    let integration: ServingIntegration?
    /// Begins the keys that its answers are kept by: deployment, stage and authorizer, so that no answer is taken for
    /// that of another API, stage or authorizer.
    let keyPrefix: StaticBytes
    /// Whose tokens are taken, for user pools and JWT authorizers.
    let trust: TokenTrust?
    let format: AuthorizerProgram.Format
    /// Whether it is one of an HTTP API.
    var isHTTP: Bool { format != .rest }

    init(_ program: AuthorizerProgram, integration: ServingIntegration?, builder: StageProgramBuilder) {
        let pool = builder.pool
        name = pool.add(program.name)
        kind = program.kind
        validation = program.validation ?? -1
        ttlMilliseconds = program.ttlSeconds &* 1000
        self.integration = integration
        format = program.format
        switch program.kind {
        case .cognitoUserPools:
            let audience = program.validation.map { builder.snapshot.patterns[$0] }
            trust = builder.identityProviders.trust(userPools: program.providers, audience: audience)
        case .jwt:
            trust = builder.identityProviders.trust(
                jwtIssuer: program.providers.first ?? "", audiences: program.audiences)
        case .token, .request:
            trust = nil
        }
        sources = program.sources.map { source in
            switch source {
            case .header(let name): .header(pool.add(name))
            case .query(let name): .query(pool.add(name))
            case .value(let value): .value(builder.source(value))
            case .joinedHeader(let name): .value(.anyCaseHeader(pool.add(name)))
            case .joinedQuery(let name): .value(.requestQueryAll(pool.add(name)))
            }
        }
        let identity = builder.snapshot.identity
        // Stage and authorizer names have no zero bytes, values may have any.
        keyPrefix = pool.add(
            Array("\(identity.apiID)\0\(identity.deploymentID)\0\(builder.stage.name)\0\(program.name)\0".utf8))
    }
}

extension StageProgramBuilder {
    func authorizers(_ integrations: [ServingIntegration]) -> [ServingAuthorizer] {
        snapshot.access.authorizers.map { program in
            ServingAuthorizer(program, integration: program.function.map { integrations[$0] }, builder: self)
        }
    }

    func access(_ program: AccessProgram, _ authorizers: [ServingAuthorizer]) -> ServingAccess {
        switch program {
        case .open: ServingAccess(.open)
        case .iam: ServingAccess(.iam)
        case .authorizer(let index, _)
        where bypasses.contains(where: { $0.name == snapshot.access.authorizers[index].name }):
            bypass(snapshot.access.authorizers[index])
        case .authorizer(let index, let scopes):
            ServingAccess(
                .authorizer(authorizers[index]),
                rules: authorizers[index].trust.map { TokenRules(trust: $0, scopes: scopes) })
        }
    }

    private func bypass(_ authorizer: AuthorizerProgram) -> ServingAccess {
        let hasClaims = authorizer.kind.readsTokens
        var values = bypasses.first { $0.name == authorizer.name }?.values ?? []
        if hasClaims {
            values = values.map { ("claims." + $0.name, $0.value) }
        } else if !values.contains(where: { $0.name == "principalId" }) {
            values.append(("principalId", "no-auth"))
        }
        return ServingAccess(
            .bypass(values.map { (pool.add($0.name), pool.add($0.value)) }, hasClaims: hasClaims))
    }
}
