/// An alarm over metrics, and how it stands.
struct DashboardAlarm: Sendable, Hashable {
    /// States and their spelling. Source: CloudWatch API reference, "MetricAlarm", `StateValue`.
    enum State: String, Sendable, Hashable {
        case ok = "OK"
        case alarm = "ALARM"
        case insufficientData = "INSUFFICIENT_DATA"
    }

    var name: String
    /// Position in ``DashboardHello/stages``; `nil` for an alarm over the whole API.
    var stage: Int?
    var state: State
    /// Milliseconds since 1970 of its last change.
    var since: Int?
    /// Why it is in this state.
    var reason: String?

    func write(to json: inout DashboardJSON) {
        json.object { json in
            json.string("name", name)
            json.integer("stage", ifPresent: stage)
            json.string("state", state.rawValue)
            json.integer("since", ifPresent: since)
            json.string("reason", ifPresent: reason)
        }
    }
}
