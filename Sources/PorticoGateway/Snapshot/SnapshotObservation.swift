internal import PorticoIR

/// What is watched of the requests of an API, compiled: alarms and tracing. Access logs are their stages'.
struct ObservationParts: Sendable, Hashable {
    var alarms: [AlarmDefinition] = []
    var tracing: TracingSettings?
}

/// Access logs of a stage. Source: API Gateway API reference, "AccessLogSettings".
struct AccessLogEntry: Sendable, Hashable {
    /// One line with `$context` variables.
    var format: String
    /// As the document has it.
    var destination: String
}
