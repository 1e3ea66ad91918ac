// Hot: no, once per invocation of a function by another. Allocates: freely.

internal import NIOCore
internal import NIOHTTP1
internal import PorticoPrograms

/// A request of Lambda's Invoke API, which functions reach at their own Runtime API's address, so that they can invoke
/// each other: `AWS_ENDPOINT_URL_LAMBDA` of a process is that address. Signatures are not looked at on loopback.
///
/// Source: Lambda API reference, "Invoke".
struct HostInvokeRequest {
    /// As in the path: a name, a partial or a whole ARN, with or without a qualifier.
    var function: String
    /// `X-Amz-Invocation-Type`
    var type: String
    /// `X-Amz-Client-Context`, base64.
    var clientContext: String?
    /// `X-Amzn-Trace-Id`
    var traceID: String

    init(function: String, headers: HTTPHeaders) {
        self.function = function
        type = headers.first(name: "X-Amz-Invocation-Type") ?? "RequestResponse"
        clientContext = headers.first(name: "X-Amz-Client-Context")
        traceID = headers.first(name: "X-Amzn-Trace-Id") ?? ""
    }
}

/// A function that waits for another.
struct HostInvokeCaller: HostCaller {
    let requestID: String
    let answered: (RuntimeAPIAnswer) -> Void

    func answer(_ outcome: FunctionOutcome) {
        switch outcome {
        case .returned(let payload):
            answered(HostInvokeCaller.answer(.ok, requestID, [("X-Amz-Executed-Version", "$LATEST")], payload))
        case .failed(let payload):
            answered(
                HostInvokeCaller.answer(
                    .ok, requestID,
                    [("X-Amz-Function-Error", "Unhandled"), ("X-Amz-Executed-Version", "$LATEST")], payload))
        case .accepted:
            answered(HostInvokeCaller.answer(.accepted, requestID, [], ByteBuffer()))
        case .refused(let status, let type, let message):
            answered(HostInvokeCaller.refusal(HTTPResponseStatus(statusCode: status), requestID, type, message))
        case .streaming:
            // Only asked for by `streams`, which this API does not set.
            break
        }
    }

    func stream(_ bytes: ByteBuffer) {}

    func endStream(error: ByteBuffer?) {}

    static func refusal(
        _ status: HTTPResponseStatus, _ requestID: String, _ type: String, _ message: String
    ) -> RuntimeAPIAnswer {
        var members = [("Type", "User"), ("message", message)]
        if type == "TooManyRequestsException" {
            members.insert(("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"), at: 0)
        }
        return answer(status, requestID, [("x-amzn-ErrorType", type)], HostFailure.payload(members))
    }

    static func answer(
        _ status: HTTPResponseStatus, _ requestID: String, _ headers: [(name: String, value: String)],
        _ body: ByteBuffer
    ) -> RuntimeAPIAnswer {
        RuntimeAPIAnswer(
            status: status, headers: [("x-amzn-RequestId", requestID)] + headers, body: body)
    }
}

extension HostCore {
    /// A function invokes another; `answered` is called once, now or later.
    func invoke(_ request: HostInvokeRequest, _ body: ByteBuffer, answered: @escaping (RuntimeAPIAnswer) -> Void) {
        let id = makeRequestID()
        guard let name = hostedName(of: request.function) else {
            return answered(
                HostInvokeCaller.refusal(
                    .notFound, id, "ResourceNotFoundException",
                    "Function not found: \(request.function); it is not among x-portico-functions"))
        }
        switch request.type {
        case "RequestResponse", "Event": break
        case "DryRun": return answered(HostInvokeCaller.answer(.noContent, id, [], ByteBuffer()))
        default:
            return answered(
                HostInvokeCaller.refusal(
                    .badRequest, id, "InvalidParameterValueException",
                    "invocation type '\(request.type)' is none of RequestResponse, Event and DryRun"))
        }
        var invocation = FunctionInvocation(
            function: name, payload: body.readableBytes == 0 ? ByteBuffer(string: "{}") : body,
            invokedARN: request.function.hasPrefix("arn:") ? request.function : "\(arnPrefix)\(request.function)",
            traceID: request.traceID, isEvent: request.type == "Event")
        invocation.clientContext = request.clientContext.flatMap(base64Decoded).map { String(buffer: $0) }
        invoke(invocation, id: id, caller: HostInvokeCaller(requestID: id, answered: answered))
    }

    /// The hosted function that a name, a partial or a whole ARN means: one with the same qualifier, or else one
    /// without, which runs all aliases and versions.
    func hostedName(of text: String) -> String? {
        if functions[text] != nil { return text }
        let wanted = HostCore.nameAndQualifier(text)
        guard !wanted.name.isEmpty else { return nil }
        let sameName = functions.keys.filter { HostCore.nameAndQualifier($0).name == wanted.name }.sorted()
        return sameName.first { HostCore.nameAndQualifier($0).qualifier == wanted.qualifier }
            ?? sameName.first { HostCore.nameAndQualifier($0).qualifier == nil }
    }

    /// The name of a function without its ARN's beginning, and its qualifier.
    static func nameAndQualifier(_ text: String) -> (name: Substring, qualifier: Substring?) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if let index = parts.firstIndex(of: "function"), index + 1 < parts.endIndex { parts = parts[(index + 1)...] }
        let qualifier = parts.dropFirst().first
        return (parts.first ?? "", qualifier == "$LATEST" ? nil : qualifier)
    }
}

/// The bytes of a base64 text, or `nil` when it is none.
func base64Decoded(_ text: String) -> ByteBuffer? {
    let output = OutputBuffer(capacity: text.utf8.count)
    var text = text
    let isRight = text.withUTF8 { Base64Text.appendDecoded(UnsafeRawBufferPointer($0), into: output) }
    return isRight ? ByteBuffer(bytes: output.bytes) : nil
}
