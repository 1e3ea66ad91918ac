/// The tree that the dotted names of `$context` variables form. Compiler and machine build it from the same
/// ``SymbolTable`` and hence number its nodes alike; node 0 is `$context` itself.
struct TemplateContextNames: Sendable {
    struct Node: Sendable {
        var name: String
        /// Slot of the variable, or -1.
        var slot = -1
        var children: [Int] = []
        /// Listed by `keySet()` even when it has no value.
        var isAlwaysListed = false
        /// The overrides have maps of their own.
        var override: TemplateOverrideKind?
    }

    private(set) var nodes: [Node] = [Node(name: "")]
    private var childByName: [[String: Int]] = [[:]]

    /// *Source:* recorded order of `$context.keySet()` and `$context.identity.keySet()` on API Gateway.
    private static let topLevel = [
        "resourceId", "resourcePath", "httpMethod", "extendedRequestId", "requestTime", "path", "accountId", "protocol",
        "requestOverride", "stage", "domainPrefix", "requestTimeEpoch", "requestId", "identity", "domainName",
        "deploymentId", "responseOverride", "apiId",
    ]
    private static let identity = [
        "cognitoIdentityPoolId", "accountId", "cognitoIdentityId", "caller", "sourceIp", "principalOrgId", "accessKey",
        "cognitoAuthenticationType", "cognitoAuthenticationProvider", "userArn", "userAgent", "user",
    ]

    init(_ symbols: SymbolTable) {
        for name in Self.topLevel { _ = add(name, under: 0, listed: true) }
        let identity = add("identity", under: 0, listed: true)
        for name in Self.identity { _ = add(name, under: identity, listed: true) }
        nodes[add("requestOverride", under: 0, listed: true)].override = .request
        nodes[add("responseOverride", under: 0, listed: true)].override = .response
        for (slot, dotted) in symbols.contextVariables.enumerated() {
            var node = 0
            for part in dotted.split(separator: ".") { node = add(String(part), under: node, listed: false) }
            if node != 0 && nodes[node].slot < 0 { nodes[node].slot = slot }
        }
    }

    private mutating func add(_ name: String, under parent: Int, listed: Bool) -> Int {
        if let known = childByName[parent][name] { return known }
        let index = nodes.count
        nodes.append(Node(name: name, isAlwaysListed: listed))
        childByName.append([:])
        childByName[parent][name] = index
        nodes[parent].children.append(index)
        return index
    }

    /// The child of that name.
    func child(_ name: String, of node: Int) -> Int? { childByName[node][name] }
}
