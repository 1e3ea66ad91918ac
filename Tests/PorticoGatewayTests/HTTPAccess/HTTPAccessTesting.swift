import PorticoIR
import PorticoSyntax
import PorticoTestSupport

@testable import PorticoGateway

/// Parts of specs of HTTP APIs.
enum RouteSpec {
    /// An HTTP API of these routes.
    static func api(root: String = "", _ operations: [SpecOperation]) -> String {
        spec(root: "x-portico-protocol: HTTP" + (root.isEmpty ? "" : "\n" + root), operations)
    }

    /// An HTTP_PROXY integration with mappings.
    static func proxy(
        _ uri: String, _ request: [(String, String)] = [], answers: [(String, [(String, String)])] = [],
        verb: String = "ANY"
    ) -> String {
        "{type: http_proxy, httpMethod: \(verb), uri: \(quoted(uri))" + mappings(request, answers) + "}"
    }

    /// The integration of a hosted function.
    static func function(
        format: String = "2.0", _ request: [(String, String)] = [], answers: [(String, [(String, String)])] = []
    ) -> String {
        let uri =
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(LambdaSpec.arn)/invocations"
        return "{type: aws_proxy, httpMethod: POST, payloadFormatVersion: '\(format)', uri: \(quoted(uri))"
            + mappings(request, answers) + "}"
    }

    /// A service integration.
    static func service(
        _ subtype: String, _ request: [(String, String)], answers: [(String, [(String, String)])] = [],
        credentials: String? = "arn:aws:iam::123456789012:role/r"
    ) -> String {
        "{type: aws_proxy, payloadFormatVersion: '1.0', integrationSubtype: \(subtype)"
            + (credentials.map { ", credentials: \($0)" } ?? "") + mappings(request, answers) + "}"
    }

    private static func mappings(_ request: [(String, String)], _ answers: [(String, [(String, String)])]) -> String {
        var text = request.isEmpty ? "" : ", " + parameters("requestParameters", request)
        if !answers.isEmpty {
            let statuses = answers.map { status, entries in
                "\(quoted(status)): {"
                    + entries.map { "\(quoted($0.0)): \(quoted($0.1))" }.joined(separator: ", ") + "}"
            }
            text += ", responseParameters: {" + statuses.joined(separator: ", ") + "}"
        }
        return text
    }

    /// What is said of a spec, as `id: message`, errors and warnings.
    static func diagnostics(_ text: String) -> [String] {
        struct Loader: FileLoader {
            let bytes: [UInt8]
            func load(_ path: String) throws(FileLoadingError) -> [UInt8] { bytes }
        }
        let imported = Importer.importDocument(
            path: "api.yaml", loader: Loader(bytes: Array(text.utf8)), options: ImportOptions())
        let compiled = imported.description.map { Compiler.compile($0).diagnostics } ?? []
        return (imported.diagnostics + compiled).map { "\($0.severity.rawValue) \($0.id.name): \($0.message)" }
    }
}
