/// What users set once: address, keys, tokens.
struct RequestVariables {
    /// A variable of the environment.
    struct Variable {
        var name: String
        var meaning: String
    }

    let tree: RequestTree

    init(_ tree: RequestTree) { self.tree = tree }

    /// Variables of the environment that some request needs.
    var environment: [Variable] {
        var variables = [Variable(name: "BASE_URL", meaning: "address of the API, else \(tree.baseURL)")]
        if tree.needs(\.needsAPIKey) { variables.append(.init(name: "API_KEY", meaning: "sent as x-api-key")) }
        if tree.needs({ Self.isToken($0.identity) }) {
            variables.append(.init(name: "TOKEN", meaning: "token of the caller"))
        }
        if tree.needs({ $0.identity == .basic }) {
            variables.append(.init(name: "USERNAME", meaning: "user of basic authentication"))
            variables.append(.init(name: "PASSWORD", meaning: "password of basic authentication"))
        }
        for name in keyNames {
            variables.append(.init(name: Self.key(name), meaning: "the key \(MarkdownText.inline(name))"))
        }
        if tree.needs({ $0.identity == .sigV4 }) {
            variables.append(.init(name: "AWS_REGION", meaning: "region of the signature"))
            variables.append(.init(name: "AWS_ACCESS_KEY_ID", meaning: "key that signs"))
            variables.append(.init(name: "AWS_SECRET_ACCESS_KEY", meaning: "its secret"))
            variables.append(.init(name: "AWS_SESSION_TOKEN", meaning: "its session token, if there is one"))
        }
        return variables
    }

    /// Names of other keys than `x-api-key`.
    var keyNames: [String] {
        var names: [String] = []
        for request in tree.requests {
            if case .key(let name, _) = request.operation.security.identity, !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    /// Whether a caller has a token.
    static func isToken(_ identity: OperationSecurity.Identity) -> Bool {
        switch identity {
        case .bearer, .token: true
        default: false
        }
    }

    /// Variable of the environment for a key.
    static func key(_ name: String) -> String { "KEY_" + NameWords(name, fallback: "other").constant }

    /// Variable of a collection for a key.
    static func keyVariable(_ name: String) -> String { "key" + NameWords(name, fallback: "other").pascal }
}
