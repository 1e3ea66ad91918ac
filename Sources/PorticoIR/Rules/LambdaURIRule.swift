internal import PorticoSyntax

/// A Lambda proxy calls Invoke or, to stream, InvokeWithResponseStream.
/// *Source:* Lambda API, Invoke (`2015-03-31`) and InvokeWithResponseStream (`2021-11-15`); API Gateway guide, "Set up a
/// Lambda proxy integration with payload response streaming".
enum LambdaURIRule: Rule {
    static let documentation =
        "The address of a Lambda proxy is that of Invoke, and with 'responseTransferMode: STREAM' that of "
        + "InvokeWithResponseStream."

    static func check(_ api: APIDescription) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        api.forEachIntegration { _, integration in
            guard integration.type.value == .aws || integration.type.value == .awsProxy, let uri = integration.uri,
                integration.unresolvedParameters.isEmpty
            else { return }
            if let service = LambdaURI.service(uri.value.string), service == "firehose",
                integration.type.value == .awsProxy
            {
                diagnostics.append(
                    Diagnostic(
                        CompileDiagnostics.integrationUnsupported,
                        "AWS_PROXY integrations of Firehose are not executed yet; requests are answered 500",
                        at: uri.span, fixIt: .init(hint: "write 'type: aws' with 'firehose:action/PutRecord'")))
                return
            }
            if let problem = problem(integration, uri) { diagnostics.append(problem) }
        }
        return diagnostics
    }

    static func problem(_ integration: Integration, _ uri: Located<PositionedText>) -> Diagnostic? {
        let text = uri.value.string
        guard LambdaURI.service(text) == "lambda" else { return nil }
        let isProxy = integration.type.value == .awsProxy
        guard let call = LambdaURI(text) else {
            // Other calls of Lambda's API are calls of a service like any other.
            guard isProxy else { return nil }
            return Diagnostic(
                ImportDiagnostics.integrationEndpoint,
                "\(quoted(text, limit: 120)) calls no function; requests are answered 500", at: uri.span,
                notes: [.init("API Gateway answers: Invalid function ARN or invalid uri")],
                fixIt: .init(
                    hint: "write 'arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations'")
            )
        }
        if !call.function.contains("${"), !call.function.contains("{"), FunctionIdentity(call.function) == nil {
            return Diagnostic(
                ImportDiagnostics.integrationEndpoint,
                "\(quoted(call.function)) is no name and no ARN of a function; requests are answered 500", at: uri.span,
                notes: [.init("API Gateway answers: Invalid function ARN or invalid uri")])
        }
        let isStream = integration.responseTransferMode.value == .stream
        if call.streams, !isProxy || !isStream {
            return Diagnostic(
                ImportDiagnostics.streaming,
                "'response-streaming-invocations' goes with type 'aws_proxy' and 'responseTransferMode: STREAM' only",
                at: uri.span,
                fixIt: .init(
                    hint: isProxy
                        ? "add 'responseTransferMode: STREAM'" : "write '2015-03-31/functions/.../invocations'"))
        }
        if isStream, isProxy, !call.streams {
            return Diagnostic(
                ImportDiagnostics.streaming, "a streamed response needs the address of InvokeWithResponseStream",
                at: uri.span,
                notes: [.init("the response is streamed because of this", at: integration.responseTransferMode.span)],
                fixIt: .init(hint: "write 'path/2021-11-15/functions/FUNCTION_ARN/response-streaming-invocations'"))
        }
        return nil
    }
}

/// The function that an integration's address calls.
struct LambdaURI {
    /// Name or ARN; may hold `${stageVariables.x}`.
    var function: String
    /// Whether it is called with InvokeWithResponseStream.
    var streams: Bool

    /// Parses `arn:...:lambda:path/VERSION/functions/FUNCTION/invocations` and its streaming sibling.
    init?(_ uri: String) {
        guard Self.service(uri) == "lambda" else { return nil }
        let parts = uri.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        for (prefix, suffix, streams) in [
            ("path/2015-03-31/functions/", "/invocations", false),
            ("path/2021-11-15/functions/", "/response-streaming-invocations", true),
        ] where parts[5].hasPrefix(prefix) && parts[5].hasSuffix(suffix) {
            guard parts[5].utf8.count > prefix.utf8.count + suffix.utf8.count else { return nil }
            function = String(parts[5].dropFirst(prefix.count).dropLast(suffix.count))
            self.streams = streams
            return
        }
        return nil
    }

    /// Name of the service of an ARN of `apigateway`.
    static func service(_ uri: String) -> String? {
        let parts = uri.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "apigateway" else { return nil }
        return parts[4].split(separator: ".").last?.lowercased()
    }

    /// Whether an integration calls a function that has a home in the document or on the command line.
    static func isHosted(_ integration: Integration, in api: APIDescription) -> Bool {
        guard let uri = integration.uri, let call = LambdaURI(uri.value.string), !api.functions.isEmpty else {
            return false
        }
        // A text that only the command line completes may mean any of them.
        guard let texts = texts(of: call.function, in: api) else { return true }
        return texts.allSatisfy { text in
            guard let wanted = FunctionIdentity(text) else { return false }
            return api.functions.contains { FunctionIdentity($0.name.value)?.runs(wanted) == true }
        }
    }

    /// The text in each stage; `nil` if a variable has no value in the document.
    private static func texts(of text: String, in api: APIDescription) -> [String]? {
        let names = Placeholders.names(in: text)
        if names.isEmpty { return [text] }
        var texts: [String] = []
        for stage in api.stages {
            var result = text
            for name in names {
                let variable = stage.variables.first { "stageVariables." + $0.name.value == name }
                guard let value = variable?.value.value, !value.isEmpty else { return nil }
                result = result.replacing(placeholder: name, with: value)
            }
            texts.append(result)
        }
        return texts
    }
}

extension String {
    /// The text with `${name}` replaced.
    fileprivate func replacing(placeholder name: String, with value: String) -> String {
        let mark = "${" + name + "}"
        var result = ""
        var rest = self[...]
        while let start = rest.firstIndex(of: "$") {
            result += rest[..<start]
            rest = rest[start...]
            if rest.hasPrefix(mark) {
                result += value
                rest = rest.dropFirst(mark.count)
            } else {
                result.append("$")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
