/// A spec of the conformance tests, put together from operations in YAML's flow style.
///
/// Values are written as JSON, which YAML is a superset of.
func spec(root: String = "", _ operations: [SpecOperation]) -> String {
    var text = "openapi: 3.0.1\ninfo: {title: conformance, version: '1'}\n"
    if !root.isEmpty { text += root + "\n" }
    text += "paths:\n"
    var paths: [String] = []
    for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
    for path in paths {
        text += "  \(quoted(path)):\n"
        for operation in operations where operation.path == path {
            text += "    \(operation.key): \(operation.text)\n"
        }
    }
    return text
}

/// One method of a spec.
struct SpecOperation {
    var key: String
    var path: String
    var text: String

    /// `line` is verb, blank, path. `members` are further members of the operation, in flow style.
    init(_ line: String, _ integration: String, statuses: [Int] = [200], _ members: String = "") {
        let words = line.split(separator: " ", maxSplits: 1)
        let verb = words.first.map { $0.lowercased() } ?? "get"
        key = verb == "any" ? "x-amazon-apigateway-any-method" : verb
        path = words.count > 1 ? String(words[1]) : "/"
        let responses = statuses.map { "\"\($0)\": {description: response}" }.joined(separator: ", ")
        text = "{responses: {\(responses)}, "
        if !members.isEmpty { text += members + ", " }
        text += "x-amazon-apigateway-integration: \(integration)}"
    }
}

/// A mock integration that answers 200 with the rendered template.
func mock(
    _ template: String, request: String = "{\"statusCode\": 200}", status: Int = 200, _ members: String = ""
) -> String {
    "{type: mock, requestTemplates: {application/json: \(quoted(request))}, "
        + "responses: {default: \(response(status, template, members))}}"
}

/// An integration response with a JSON template; without one the body passes.
func response(_ status: Int, _ template: String? = nil, _ members: String = "") -> String {
    var text = "{statusCode: \"\(status)\""
    if let template { text += ", responseTemplates: {application/json: \(quoted(template))}" }
    if !members.isEmpty { text += ", " + members }
    return text + "}"
}

/// An HTTP or HTTP_PROXY integration.
func backendIntegration(
    _ type: String, _ verb: String, _ uri: String, _ members: String = "",
    responses: String = "{default: {statusCode: \"200\"}}"
) -> String {
    "{type: \(type), httpMethod: \(verb), uri: \(quoted(uri)), " + (members.isEmpty ? "" : members + ", ")
        + "responses: \(responses)}"
}

/// `requestParameters` or `responseParameters`.
func parameters(_ key: String, _ entries: [(String, String)]) -> String {
    "\(key): {" + entries.map { "\(quoted($0.0)): \(quoted($0.1))" }.joined(separator: ", ") + "}"
}

/// A JSON string, which is a YAML scalar too.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\n": result += "\\n"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
