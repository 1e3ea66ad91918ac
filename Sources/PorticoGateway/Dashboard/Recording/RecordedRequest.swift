internal import PorticoIR

/// A finished request as it was read from a worker's ring.
struct RecordedRequest: Sendable, Hashable {
    /// Name that the dashboard asks for it by: of its worker and its number there.
    var id = ""
    /// Milliseconds since 1970 at which its first byte came.
    var time: Int
    /// Microseconds from its first byte to the last of its answer; the largest number for 71 minutes and more.
    var durationMicroseconds: UInt32
    var status: Int
    /// Generation of the snapshot that ``stage`` and ``route`` are numbers of.
    var generation: Int
    /// Position in ``DashboardHello/stages``.
    var stage: Int?
    /// Id of the route.
    var route: Int?
    /// `$context.requestId`
    var requestID: String
    var verb: String
    /// Without the query.
    var path: String
    /// Whether the path was longer.
    var isPathTruncated = false
    var fault: GatewayResponseType?
    var cache = FinishedRequest.CacheOutcome.none
    /// Head and body.
    var requestBytes = 0
    /// Head and body.
    var responseBytes = 0
    /// In the order in which they ended.
    var phases: [PassedPhase] = []
    /// The execution log, or its beginning and end.
    var log: String?
    /// Whether the log was longer.
    var isLogTruncated = false

    /// Members of the list.
    func writeSummary(to json: inout DashboardJSON, generation: Int) {
        json.object { writeMembers(to: &$0, generation: generation) }
    }

    /// The JSON of this request alone.
    func detailJSON(generation: Int) -> [UInt8] {
        var json = DashboardJSON()
        json.object { json in
            writeMembers(to: &json, generation: generation)
            json.boolean("pathTruncated", isPathTruncated)
            json.array("phases", phases) { json, phase in
                json.object { json in
                    json.string("phase", phase.phase.name)
                    json.integer("start", phase.start)
                    json.integer("duration", phase.duration)
                }
            }
            json.string("log", ifPresent: log)
            json.boolean("logTruncated", isLogTruncated)
        }
        return json.bytes
    }

    private func writeMembers(to json: inout DashboardJSON, generation: Int) {
        json.string("id", id)
        json.string("requestId", requestID)
        json.integer("time", time)
        // Numbers of another deployment would be those of other stages and routes.
        if self.generation == generation {
            json.integer("stage", ifPresent: stage)
            json.integer("route", ifPresent: route)
        }
        json.string("method", verb)
        json.string("path", path)
        json.integer("status", status)
        json.integer("duration", durationMicroseconds)
        json.string("fault", ifPresent: fault?.rawValue)
        switch cache {
        case .none: break
        case .hit: json.string("cache", "HIT")
        case .miss: json.string("cache", "MISS")
        }
        json.integer("requestBytes", requestBytes)
        json.integer("responseBytes", responseBytes)
    }
}
