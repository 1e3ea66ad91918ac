// Hot: once per answer of an Invoke endpoint. Allocates: the texts of a refusal.

internal import PorticoPrograms

/// What the heads of Lambda's Invoke API say. Source: Lambda API, Invoke.
enum FunctionHeaders {
    /// Whether the body is an error of the function.
    static func isError(_ view: ResponseView) -> Bool {
        let name: StaticString = "x-amz-function-error"
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for span in view.headers.spans
        where span.known == .other && Int(span.nameLength) == wanted.count
            && bytesEqualIgnoringCase(view.name(of: span), wanted)
        {
            return true
        }
        return false
    }

    /// Name and message of the exception that a refusal is.
    static func refusal(_ view: ResponseView, _ worker: Worker) -> (type: String, message: String) {
        var type = view.header(.amznErrorType).map { String(decoding: $0, as: UTF8.self) } ?? ""
        // `TooManyRequestsException:http://internal.amazon.com/...`
        if let colon = type.firstIndex(of: ":") { type = String(type[..<colon]) }
        var message = ""
        if worker.parse(view.body) {
            func text(_ name: String) -> String? {
                guard let node = worker.tape.member(worker.tape.root, named: Array(name.utf8)),
                    worker.tape.kind(node).isString
                else { return nil }
                return String(worker.tape.text(node).prefix(500))
            }
            message = text("Message") ?? text("message") ?? ""
            if type.isEmpty { type = text("__type") ?? text("Type") ?? "" }
        } else {
            message = String(decoding: view.body.prefix(200), as: UTF8.self)
        }
        return (type, message)
    }
}
