import PorticoTestSupport

/// Specs of HTTP APIs, made of routes.
enum HTTPAPISpec {
    /// A route: its key and its integration.
    struct Route {
        var key: String
        var integration: String
        /// Further members of the operation.
        var members: String

        init(_ key: String, _ integration: String, _ members: String = "") {
            self.key = key
            self.integration = integration
            self.members = members
        }
    }

    /// An integration that passes requests on.
    static func proxy(_ uri: String, verb: String = "ANY", _ members: String = "") -> String {
        "{type: http_proxy, httpMethod: \(verb), payloadFormatVersion: '1.0', uri: \"\(uri)\""
            + "\(members.isEmpty ? "" : ", " + members)}"
    }

    /// An integration of the function of ``LambdaSpec``.
    static func function(_ format: String = "2.0", _ members: String = "") -> String {
        "{type: aws_proxy, httpMethod: POST, payloadFormatVersion: '\(format)', uri: '\(LambdaSpec.arn)'"
            + "\(members.isEmpty ? "" : ", " + members)}"
    }

    /// A document; `root` are further keys of it, each on lines of its own.
    static func document(root: String = "", _ routes: [Route]) -> String {
        var paths: [(path: String, operations: [String])] = []
        for route in routes {
            let words = route.key.split(separator: " ", maxSplits: 1).map(String.init)
            let path = words.count == 2 ? words[1] : "/$default"
            let verb =
                words.count == 2 && words[0] != "ANY" ? words[0].lowercased() : "x-amazon-apigateway-any-method"
            let operation =
                "    \(verb): {x-amazon-apigateway-integration: \(route.integration)"
                + "\(route.members.isEmpty ? "" : ", " + route.members)}"
            if let index = paths.firstIndex(where: { $0.path == path }) {
                paths[index].operations.append(operation)
            } else {
                paths.append((path, [operation]))
            }
        }
        return """
            openapi: 3.0.1
            info: {title: shop, version: '1'}
            x-portico-protocol: HTTP
            \(root)
            paths:
            \(paths.map { "  \($0.path):\n" + $0.operations.joined(separator: "\n") }.joined(separator: "\n"))
            """
    }
}
