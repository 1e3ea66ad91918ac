// Hot: no, read when a snapshot is put into service. Allocates: freely.

/// `arn:{partition}:apigateway:{region}:{[subdomain.]service}:{path|action}/{rest}`: what an AWS integration calls.
///
/// Source: reference, `uri` (1.2); API Gateway API reference, PutIntegration.
struct IntegrationARN: Sendable, Hashable {
    /// How ``rest`` is meant.
    enum Style: String, Sendable, Hashable {
        /// The path of a REST call.
        case path
        /// The name of an action of a service that takes its name in the query or in `X-Amz-Target`.
        case action
    }

    /// `aws`, `aws-cn`...
    var partition: String
    var region: String
    /// What stands before the service's name with a dot, such as a bucket; empty for none.
    var subdomain: String
    /// Service name in lower case, such as `dynamodb`.
    var service: String
    var style: Style
    /// What follows `path/` or `action/`; may hold `{name}`.
    var rest: String

    /// Reads the text of a `uri` whose stage variables are put in; `nil` if it is no such ARN.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "apigateway", !parts[1].isEmpty else { return nil }
        partition = parts[1]
        region = parts[3]
        let names = parts[4].split(separator: ".", omittingEmptySubsequences: false)
        guard let name = names.last, !name.isEmpty, !region.isEmpty else { return nil }
        service = name.lowercased()
        subdomain = names.dropLast().joined(separator: ".")
        let piece = parts[5].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard piece.count == 2, let style = Style(rawValue: String(piece[0])) else { return nil }
        self.style = style
        rest = String(piece[1])
    }

    /// The function that a Lambda URI calls, and whether it asks for the result as it is made; `nil` for other URIs.
    /// Source: Lambda API, Invoke (`2015-03-31`) and InvokeWithResponseStream (`2021-11-15`).
    var function: (name: String, streams: Bool)? {
        guard service == "lambda", style == .path else { return nil }
        let streaming = "/response-streaming-invocations"
        let buffered = "/invocations"
        for (prefix, suffix, streams) in [
            ("2015-03-31/functions/", buffered, false), ("2021-11-15/functions/", streaming, true),
        ] where rest.hasPrefix(prefix) && rest.hasSuffix(suffix) {
            let name = rest.dropFirst(prefix.count).dropLast(suffix.count)
            guard !name.isEmpty, rest.utf8.count > prefix.utf8.count + suffix.utf8.count else { return nil }
            return (String(name), streams)
        }
        return nil
    }
}

/// A function's ARN or name in its parts, to find where it runs.
struct FunctionName: Sendable, Hashable {
    /// As written, such as `arn:aws:lambda:us-east-1:111111111111:function:orders:live`.
    let text: String
    /// Without qualifier.
    let unqualified: String
    /// The name alone.
    let name: String
    /// Alias or version; `nil` for none.
    let qualifier: String?

    /// Reads a full ARN, a partial one (`123456789012:function:name`), or a name with or without qualifier.
    /// Source: Lambda API, Invoke, FunctionName.
    init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let at = parts.firstIndex(of: "function").map { $0 + 1 } ?? 0
        guard at < parts.count else {
            unqualified = text
            name = text
            qualifier = nil
            return
        }
        name = parts[at]
        qualifier = at + 1 < parts.count ? parts[(at + 1)...].joined(separator: ":") : nil
        unqualified = parts[...at].joined(separator: ":")
    }

    /// The entry of `x-portico-functions` that this function runs at: the most exact name wins.
    func entry(in functions: [FunctionEntry]) -> FunctionEntry? {
        var wanted = [text]
        if let qualifier { wanted.append("\(name):\(qualifier)") }
        wanted += [unqualified, name]
        for name in wanted {
            if let entry = functions.first(where: { $0.name == name }) { return entry }
        }
        // An entry may be keyed by an ARN, or by another form of it, of the function of that name.
        return functions.first { entry in
            let other = FunctionName(entry.name)
            return other.name == name && other.name != entry.name
                && (other.qualifier == nil || other.qualifier == qualifier)
                && (!entry.name.hasPrefix("arn:") || !text.hasPrefix("arn:") || other.unqualified == unqualified)
        }
    }
}
