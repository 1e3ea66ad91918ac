// Hot: read once per call of a function. Allocates: only when a snapshot is put into service.

/// The function of an integration in one stage, and where it runs.
final class ServingFunction: Sendable {
    /// Where it runs.
    enum Home: Sendable {
        /// ``FunctionHost`` runs it under that name.
        case hosted(String)
        /// The Invoke API of Lambda, or of something that speaks it: the request target is that of Invoke.
        case endpoint(EndpointAddress)
        /// A server that takes the event as the body of a POST and answers the result.
        case server(EndpointAddress)
    }

    /// ARN or name as the URI has it.
    let name: FunctionName
    let home: Home
    /// Whether the URI is that of InvokeWithResponseStream.
    let streams: Bool
    /// Region that calls of an endpoint are signed for.
    let region: StaticBytes
    /// Role whose credentials sign; `nil` for the default ones.
    let credentials: String?

    init(name: FunctionName, home: Home, streams: Bool, region: StaticBytes, credentials: String?) {
        self.name = name
        self.home = home
        self.streams = streams
        self.region = region
        self.credentials = credentials
    }
}
