internal import PorticoIR
internal import PorticoPrograms

/// What says who may call the API.
struct AccessParts: Sendable {
    /// Lambda, Cognito and JWT authorizers, those that no method uses too.
    var authorizers: [AuthorizerProgram] = []
    /// `x-amazon-apigateway-policy`
    var resourcePolicy: PolicyProgram?
    /// Policies of each of ``DeploymentSnapshot/identities``, which have none of their own beyond them.
    var identityPolicies: [[PolicyProgram]] = []
    /// Who knows further identities.
    var identityEndpoint: IdentityEndpointEntry?

    /// Policies of the identity at that position.
    func policies(ofIdentity index: Int) -> [PolicyProgram] {
        identityPolicies.indices.contains(index) ? identityPolicies[index] : []
    }
}

/// Who is asked for the identities of unknown access keys.
struct IdentityEndpointEntry: Sendable, Hashable {
    var name: String
    /// As ``TokenAddress`` takes it, with a query or without.
    var address: String
    var ttlSeconds: Int
    var timeoutMilliseconds: Int
    /// By reference, as keys of identities are.
    var authorization: String?
}

/// Who may call a method.
enum AccessProgram: Sendable, Hashable {
    /// Everybody, as far as the resource policy goes.
    case open
    /// Callers who sign and whose policies allow it.
    case iam
    /// Whom the authorizer at that position of ``AccessParts/authorizers`` lets in, with one of the scopes if there are any.
    case authorizer(Int, scopes: [String])
}

/// A Lambda, Cognito or JWT authorizer.
struct AuthorizerProgram: Sendable, Hashable {
    /// Kinds.
    enum Kind: UInt8, Sendable {
        /// A function that reads one token.
        case token
        /// A function that reads the request.
        case request
        /// User pools.
        case cognitoUserPools
        /// One issuer, of HTTP APIs.
        case jwt

        /// Whether it is tokens that it judges, and not a function.
        var readsTokens: Bool { self == .cognitoUserPools || self == .jwt }
    }

    /// What a function is told, and what it may say.
    enum Format: UInt8, Sendable {
        /// Of REST APIs.
        case rest
        /// Of HTTP APIs, a policy.
        case http1
        case http2
        /// The same with a verdict instead of a policy.
        case http2Simple
    }

    /// Where a value that identifies the caller comes from.
    enum Source: Sendable, Hashable {
        /// Header, whatever its case.
        case header(String)
        /// Query parameter.
        case query(String)
        /// `$context` variable or stage variable.
        case value(ValueSource)
        /// All fields of a header, whatever its case, joined with commas.
        case joinedHeader(String)
        /// All query parameters of that name, joined with commas.
        case joinedQuery(String)
    }

    /// Name of the security scheme.
    var name: String
    /// Authorizer id: six base-36 characters.
    var id: String
    var kind: Kind
    /// Position of the call of its function among the integrations; `nil` for user pools.
    var function: Int?
    /// Values that are asked for, and by which results are kept.
    var sources: [Source]
    /// Position of the pattern that a token must match.
    var validation: Int?
    /// How long results are kept; 0 for not at all.
    var ttlSeconds: Int
    /// ARNs of user pools; the issuer of a JWT authorizer.
    var providers: [String]
    /// Whom tokens must be for, of a JWT authorizer.
    var audiences: [String] = []
    var format = Format.rest
}

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: AccessParts) {
        write(value.authorizers) { $0.write($1) }
        write(value.resourcePolicy != nil)
        value.resourcePolicy?.encode(into: &self)
        write(value.identityPolicies) { writer, policies in
            writer.write(policies) { $1.encode(into: &$0) }
        }
        write(value.identityEndpoint != nil)
        guard let endpoint = value.identityEndpoint else { return }
        write(endpoint.name)
        write(endpoint.address)
        write(count: endpoint.ttlSeconds)
        write(count: endpoint.timeoutMilliseconds)
        write(endpoint.authorization)
    }

    mutating func write(_ value: AccessProgram) {
        switch value {
        case .open: write(UInt8(0))
        case .iam: write(UInt8(1))
        case .authorizer(let index, let scopes):
            write(UInt8(2))
            write(count: index)
            write(scopes) { $0.write($1) }
        }
    }

    private mutating func write(_ value: AuthorizerProgram) {
        write(value.name)
        write(value.id)
        write(value.kind.rawValue)
        writeOptional(index: value.function)
        write(value.sources) { $0.write($1) }
        writeOptional(index: value.validation)
        write(count: value.ttlSeconds)
        write(value.providers) { $0.write($1) }
        write(value.audiences) { $0.write($1) }
        write(value.format.rawValue)
    }

    private mutating func write(_ value: AuthorizerProgram.Source) {
        switch value {
        case .header(let name):
            write(UInt8(0))
            write(name)
        case .query(let name):
            write(UInt8(1))
            write(name)
        case .value(let source):
            write(UInt8(2))
            write(source)
        case .joinedHeader(let name):
            write(UInt8(3))
            write(name)
        case .joinedQuery(let name):
            write(UInt8(4))
            write(name)
        }
    }
}

extension ByteReader {
    mutating func readAccess() throws(ProgramDecodingError) -> AccessParts {
        AccessParts(
            authorizers: try readArray { reader throws(ProgramDecodingError) in try reader.readAuthorizer() },
            resourcePolicy: try readBool() ? try PolicyProgram(decoding: &self) : nil,
            identityPolicies: try readArray { reader throws(ProgramDecodingError) in
                try reader.readArray { reader throws(ProgramDecodingError) in try PolicyProgram(decoding: &reader) }
            },
            identityEndpoint: try readBool() ? try readIdentityEndpoint() : nil)
    }

    private mutating func readIdentityEndpoint() throws(ProgramDecodingError) -> IdentityEndpointEntry {
        IdentityEndpointEntry(
            name: try readString(), address: try readString(), ttlSeconds: try readIndex(),
            timeoutMilliseconds: try readIndex(), authorization: try readOptionalString())
    }

    mutating func readAccessProgram() throws(ProgramDecodingError) -> AccessProgram {
        switch try read(UInt8.self) {
        case 0: return .open
        case 1: return .iam
        case 2:
            return .authorizer(
                try readIndex(),
                scopes: try readArray { reader throws(ProgramDecodingError) in try reader.readString() })
        default: throw ProgramDecodingError("unknown kind of access", at: offset)
        }
    }

    private mutating func readAuthorizer() throws(ProgramDecodingError) -> AuthorizerProgram {
        let name = try readString()
        let id = try readString()
        guard let kind = AuthorizerProgram.Kind(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown kind of authorizer", at: offset)
        }
        var authorizer = AuthorizerProgram(
            name: name, id: id, kind: kind, function: try readOptionalIndex(),
            sources: try readArray { reader throws(ProgramDecodingError) in try reader.readAuthorizerSource() },
            validation: try readOptionalIndex(), ttlSeconds: try readIndex(),
            providers: try readArray { reader throws(ProgramDecodingError) in try reader.readString() },
            audiences: try readArray { reader throws(ProgramDecodingError) in try reader.readString() })
        guard let format = AuthorizerProgram.Format(rawValue: try read(UInt8.self)) else {
            throw ProgramDecodingError("unknown format of an authorizer's events", at: offset)
        }
        authorizer.format = format
        return authorizer
    }

    private mutating func readAuthorizerSource() throws(ProgramDecodingError) -> AuthorizerProgram.Source {
        switch try read(UInt8.self) {
        case 0: return .header(try readString())
        case 1: return .query(try readString())
        case 2: return .value(try readSource())
        case 3: return .joinedHeader(try readString())
        case 4: return .joinedQuery(try readString())
        default: throw ProgramDecodingError("unknown source of an identity", at: offset)
        }
    }
}

extension SnapshotVerifier {
    /// Authorizers and the steps that name them.
    func verifyAccess() throws(SnapshotError) {
        for authorizer in parts.access.authorizers {
            try require(
                (authorizer.function == nil) == authorizer.kind.readsTokens, .access, "an authorizer that asks nobody")
            try require(
                authorizer.kind != .jwt || authorizer.providers.count == 1, .access, "not one issuer of tokens")
            if let function = authorizer.function {
                try require(function < parts.integrations.count, .access, "a function that is not there")
            }
            if let pattern = authorizer.validation {
                try require(pattern < parts.patterns.count, .access, "a pattern that is not there")
            }
            try require((0...3600).contains(authorizer.ttlSeconds), .access, "a time that results cannot be kept")
            try require(
                authorizer.kind == .request || authorizer.sources.count == 1, .access, "a token that comes from nowhere"
            )
            for case .value(let source) in authorizer.sources { try verify(source, .access) }
        }
        if let endpoint = parts.access.identityEndpoint {
            try require(
                TokenAddress(endpoint.address, allowsQuery: true) != nil, .access,
                "an endpoint of identities that is none")
            try require((0...3600).contains(endpoint.ttlSeconds), .access, "a time that identities cannot be kept")
            try require((50...10_000).contains(endpoint.timeoutMilliseconds), .access, "a time-out that is none")
        }
        for method in parts.methods {
            for case .access(.authorizer(let index, _)) in method.steps {
                try require(index < parts.access.authorizers.count, .methods, "an authorizer that is not there")
            }
        }
    }
}

extension DeploymentSnapshot {
    /// Who may call, in words.
    func text(_ access: AccessProgram) -> String {
        switch access {
        case .open: return "access: everybody"
        case .iam: return "access: AWS_IAM"
        case .authorizer(let index, let scopes):
            let authorizer = self.access.authorizers[index]
            let kind =
                switch authorizer.kind {
                case .token: "TOKEN"
                case .request: "REQUEST"
                case .cognitoUserPools: "COGNITO_USER_POOLS"
                case .jwt: "JWT"
                }
            let kept = authorizer.ttlSeconds > 0 ? ", kept \(authorizer.ttlSeconds) s" : ""
            let wanted = scopes.isEmpty ? "" : ", scopes \(scopes.joined(separator: " "))"
            let tokens =
                authorizer.kind == .jwt
                ? ", issuer \(authorizer.providers.joined(separator: " ")) for \(authorizer.audiences.joined(separator: " "))"
                : ""
            let format =
                switch authorizer.format {
                case .rest: ""
                case .http1: ", format 1.0"
                case .http2: ", format 2.0"
                case .http2Simple: ", format 2.0 with simple responses"
                }
            return "access: \(kind) authorizer '\(authorizer.name)'\(tokens)"
                + "\(authorizer.kind == .jwt ? "" : format)\(kept)\(wanted)"
        }
    }
}
