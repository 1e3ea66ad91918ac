/// Frames of the dashboard's stream.
///
/// *Source:* WHATWG HTML, "Server-sent events", "Parsing an event stream".
enum ServerSentEvent {
    /// What the stream begins with: how long a client that knows no better waits before it comes back.
    static let opening = Array("retry: 2000\n\n".utf8)

    /// Keeps a connection without events alive; clients do not see it.
    static let comment = Array(":\n\n".utf8)

    /// An event whose data is `json`, which has no line breaks.
    static func frame(_ name: String, _ json: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count + name.utf8.count + 16)
        bytes += Array("event: \(name)\ndata: ".utf8)
        bytes += json
        bytes += [0x0A, 0x0A]
        return bytes
    }
}
