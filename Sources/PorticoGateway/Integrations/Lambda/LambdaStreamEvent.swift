// Hot: once per piece of a streamed answer. Allocates: nothing of its own.

internal import NIOCore
internal import PorticoPrograms

/// What InvokeWithResponseStream tells in its events.
///
/// Source: Lambda API, InvokeWithResponseStream: `PayloadChunk` and `InvokeComplete`, and exceptions.
enum LambdaStreamEvent: Equatable {
    /// A piece of what the function writes.
    case payload(ByteBuffer)
    /// The function has returned.
    case complete
    /// The function has failed: an object with `errorMessage` and `errorType`.
    case failed(ByteBuffer)
    /// The service has: exception name and message.
    case exception(type: String, message: String)
    /// An event that this version does not know and that says nothing about the answer.
    case other

    init(_ message: EventStreamMessage) {
        switch message[":message-type"] ?? "event" {
        case "event":
            switch message[":event-type"] {
            case "PayloadChunk": self = .payload(message.payload)
            case "InvokeComplete": self = LambdaStreamEvent.completion(message.payload)
            default: self = .other
            }
        case "exception":
            self = .exception(
                type: message[":exception-type"] ?? "", message: LambdaStreamEvent.text(of: message.payload))
        default:
            // `error`, which has no payload.
            self = .exception(type: message[":error-code"] ?? "", message: message[":error-message"] ?? "")
        }
    }

    private static func completion(_ payload: ByteBuffer) -> LambdaStreamEvent {
        let tape = JSONTape()
        return payload.withUnsafeReadableBytes { bytes in
            guard !bytes.isEmpty else { return .complete }
            guard case .ok = tape.parse(bytes), tape.kind(tape.root) == .object else {
                return .exception(type: "ServiceException", message: "InvokeComplete is no JSON object")
            }
            func member(_ name: StaticString) -> String? {
                let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
                guard let node = tape.member(tape.root, named: name), tape.kind(node).isString else { return nil }
                let text = tape.text(node)
                return text.isEmpty ? nil : text
            }
            guard let code = member("ErrorCode") else { return .complete }
            let details = member("ErrorDetails") ?? ""
            // Details are mostly the object that Invoke would answer.
            if details.hasPrefix("{") { return .failed(ByteBuffer(string: details)) }
            let output = OutputBuffer(capacity: 64)
            output.append("{\"errorMessage\":")
            JSONText.appendQuoted(details, into: output)
            output.append(",\"errorType\":")
            JSONText.appendQuoted(code, into: output)
            output.append("}")
            return .failed(ByteBuffer(bytes: output.bytes))
        }
    }

    /// `message` or `Message` of an exception's payload, else the payload.
    static func text(of payload: ByteBuffer) -> String {
        let tape = JSONTape()
        return payload.withUnsafeReadableBytes { bytes in
            if case .ok = tape.parse(bytes) {
                for name in ["message", "Message", "errorMessage"] {
                    if let node = tape.member(tape.root, named: Array(name.utf8)), tape.kind(node).isString {
                        return tape.text(node)
                    }
                }
            }
            return String(decoding: bytes.prefix(1024), as: UTF8.self)
        }
    }
}
