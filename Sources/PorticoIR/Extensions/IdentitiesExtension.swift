internal import PorticoSyntax

/// `x-portico-identities`: access keys that calls of AWS services, and requests of callers, are signed with.
///
/// An entry with `endpoint` is none of them, but knows more.
enum IdentitiesExtension: Extension {
    static let declaration = ExtensionDeclaration(
        "x-portico-identities", in: [.root], of: [.rest, .http, .webSocket],
        "Access keys of callers, and those that stand for the roles and users that 'credentials' of integrations name.")

    private static let members: Set<String> = [
        "arn", "accessKeyId", "secretAccessKey", "sessionToken", "account", "policies", "description",
    ]

    /// Shorter texts are no secrets of AWS, which have 40 characters: `test`, `local`, `dummy` and their like.
    private static let shortestSecret = 20

    private static let endpointMembers: Set<String> = [
        "endpoint", "ttl", "timeoutInMillis", "authorization", "description",
    ]

    static func read(_ node: Node, _ context: ImporterContext) -> ([Identity], IdentityEndpoint?) {
        guard let mapping = context.reader.mapping(node, "'\(key)'") else { return ([], nil) }
        var endpoint: IdentityEndpoint?
        var byARN: [String: SourceSpan] = [:]
        var byKey: [String: SourceSpan] = [:]
        let identities = mapping.members.compactMap { member -> Identity? in
            if let object = member.value.mapping, object.present("endpoint") != nil {
                let found = readEndpoint(member, object, context)
                if let first = endpoint {
                    context.reader.report(
                        ImportDiagnostics.duplicate, "two entries have an 'endpoint'", at: member.keySpan,
                        notes: [.init("first declared here", at: first.name.span)])
                }
                if endpoint == nil { endpoint = found }
                return nil
            }
            guard let identity = readIdentity(member, context) else { return nil }
            if let arn = identity.arn, let first = byARN.updateValue(arn.span, forKey: arn.value) {
                context.reader.report(
                    ImportDiagnostics.duplicate, "two identities stand for '\(arn.value)'", at: arn.span,
                    notes: [.init("first declared here", at: first)])
            }
            if let first = byKey.updateValue(member.keySpan, forKey: identity.accessKeyID),
                !identity.accessKeyID.isEmpty
            {
                context.reader.report(
                    ImportDiagnostics.duplicate, "identity '\(member.key)' has the access key id of another one",
                    at: member.keySpan, severity: .warning, notes: [.init("first used here", at: first)])
            }
            return identity
        }
        return (identities, endpoint)
    }

    private static func readEndpoint(
        _ member: Mapping.Member, _ object: Mapping, _ context: ImporterContext
    ) -> IdentityEndpoint? {
        let reader = context.reader
        reader.checkMembers(object, known: endpointMembers, "an endpoint that knows identities")
        guard let node = object.present("endpoint"), let address = context.strictLocated(node, "'endpoint'") else {
            return nil
        }
        if TokenAddress(address.value, allowsQuery: true) == nil, !context.unresolved.touches(node.span) {
            reader.report(
                ImportDiagnostics.identityEndpoint,
                "\(quoted(address.value)) is no 'endpoint'; expected an absolute https URL without user and fragment",
                at: node.span, notes: [.init("http is taken for 'localhost' and loopback addresses only")])
        }
        var endpoint = IdentityEndpoint(
            name: Located(member.key, at: member.keySpan), address: address, settings: JSONValue(member.value))
        if let ttl = context.integer(object, "ttl", in: 0...3600) { endpoint.timeToLiveSeconds = ttl.value }
        if let timeout = context.integer(object, "timeoutInMillis", in: 50...10_000) {
            endpoint.timeoutMilliseconds = timeout.value
        }
        endpoint.authorization = context.string(object, "authorization")
        warnAboutSecret(object, "authorization", endpoint.authorization ?? "", context)
        return endpoint
    }

    private static func readIdentity(_ member: Mapping.Member, _ context: ImporterContext) -> Identity? {
        let reader = context.reader
        guard let object = reader.mapping(member.value, "identity '\(member.key)'") else { return nil }
        reader.checkMembers(object, known: members, "an identity")
        func required(_ name: String, _ example: String) -> String {
            guard let node = object.present(name) else {
                reader.report(
                    ImportDiagnostics.valueMissing, "identity '\(member.key)' has no '\(name)'", at: member.keySpan,
                    fixIt: .init(hint: "write '\(name): ${env.\(example)}' to read it from the environment"))
                return ""
            }
            return context.located(node, "'\(name)'")?.value ?? ""
        }
        let keyID = required("accessKeyId", "AWS_ACCESS_KEY_ID")
        let secret = required("secretAccessKey", "AWS_SECRET_ACCESS_KEY")
        let token = context.string(object, "sessionToken")
        warnAboutSecret(object, "secretAccessKey", secret, context)
        warnAboutSecret(object, "sessionToken", token ?? "", context)
        let policies = readPolicies(object, context)
        let account = readAccount(object, context)
        return Identity(
            name: Located(member.key, at: member.keySpan), arn: readARN(object, context), accessKeyID: keyID,
            secretAccessKey: secret, sessionToken: token, accountID: account, policies: policies,
            settings: settings(member.value, account: account))
    }

    /// A policy, or a list of policies; what they say is checked by a pass.
    private static func readPolicies(_ object: Mapping, _ context: ImporterContext) -> [PolicyDocument] {
        guard let node = object.present("policies"), !node.isNull else { return [] }
        if node.mapping != nil { return [PolicyDocument(node)] }
        guard let list = node.sequence else {
            let _: Node? = context.reader.wrongType(node, "'policies'", "a policy or a list of policies")
            return []
        }
        return list.compactMap { context.reader.mapping($0, "a policy") == nil ? nil : PolicyDocument($0) }
    }

    /// As read; an account in digits stays text, since it may begin with zeros.
    private static func settings(_ node: Node, account: String?) -> JSONValue {
        guard case .object(var members) = JSONValue(node) else { return JSONValue(node) }
        for index in members.indices where members[index].name == "account" {
            members[index].value = account.map { .string($0) } ?? .null
        }
        return .object(members)
    }

    private static func readARN(_ object: Mapping, _ context: ImporterContext) -> Located<String>? {
        guard let node = object.present("arn"), let arn = context.strictLocated(node, "'arn'") else { return nil }
        if PrincipalARN(arn.value) == nil, !context.unresolved.touches(node.span) {
            context.reader.report(
                ImportDiagnostics.invalidName, "'\(arn.value)' is no ARN of a role or user", at: node.span,
                fixIt: .init(hint: "write 'arn:aws:iam::ACCOUNT:role/NAME'"))
        }
        return arn
    }

    private static func readAccount(_ object: Mapping, _ context: ImporterContext) -> String? {
        guard let node = object.present("account"), let account = context.located(node, "'account'") else { return nil }
        let isNumber = account.value.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard account.value.utf8.count == 12, isNumber else {
            if !context.unresolved.touches(node.span) {
                context.reader.report(
                    ImportDiagnostics.invalidName, "'\(account.value)' is no account; expected twelve digits",
                    at: node.span)
            }
            return nil
        }
        return account.value
    }

    private static func warnAboutSecret(
        _ object: Mapping, _ name: String, _ value: String, _ context: ImporterContext
    ) {
        guard let node = object.present(name), value.utf8.count >= shortestSecret, !value.contains("${"),
            !value.hasSuffix("EXAMPLEKEY"), !context.unresolved.touches(node.span)
        else { return }
        context.reader.report(
            ImportDiagnostics.literalSecret, "'\(name)' stands in the file, and so in what is compiled from it",
            at: node.span, fixIt: .init(hint: "write '${env.NAME}' to read it from the environment"))
    }
}

/// `arn:PARTITION:iam::ACCOUNT:role/NAME`, or that of a user, or of an assumed role.
public struct PrincipalARN: Sendable {
    /// Whether it is `arn:aws:iam::*:user/*`: the caller's own credentials.
    public let isCaller: Bool

    /// Parses; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[3].isEmpty else { return nil }
        let path = parts[5].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard path.count == 2, !path[1].isEmpty else { return nil }
        switch (parts[2], path[0]) {
        case ("iam", "role"), ("iam", "user"), ("sts", "assumed-role"): break
        default: return nil
        }
        isCaller = parts[2] == "iam" && path[0] == "user" && parts[4] == "*" && path[1] == "*"
        let isAccount =
            parts[4].utf8.count == 12
            && parts[4].utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isAccount || isCaller else { return nil }
    }
}
